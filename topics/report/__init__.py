"""The only room that makes HTML: the report of a run, its map's page, and the page of the sheets."""

from topics.report._map_page import map_page
from topics.report._report import report_html
from topics.report._sheets_page import sheets_page

__all__ = ["map_page", "report_html", "sheets_page"]

"""The only room that makes HTML: the report of a run, and the page of the sheets."""

from topics.report._report import report_html
from topics.report._sheets_page import sheets_page

__all__ = ["report_html", "sheets_page"]

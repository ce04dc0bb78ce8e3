"""Run → figures. Draws what is computed, computes nothing itself."""

from topics.plot.levels import draw_scan
from topics.plot.map import draw_map, map_page
from topics.plot.sheets import sheets_page

__all__ = ["draw_map", "draw_scan", "map_page", "sheets_page"]

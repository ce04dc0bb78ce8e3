"""Run → figures. Draws what is computed, computes nothing itself."""

from topics.plot.map import draw_map, map_page

__all__ = ["draw_map", "map_page"]

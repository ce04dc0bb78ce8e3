"""Run → figures. Draws what is computed, computes nothing itself."""

from topics.plot.levels import draw_scan
from topics.plot.map import draw_map

__all__ = ["draw_map", "draw_scan"]

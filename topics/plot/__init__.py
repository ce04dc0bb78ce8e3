"""Run → figures, from tables that are already computed."""

from topics.plot._levels import draw_scan
from topics.plot._map import draw_map
from topics.plot._sweep import draw_cliffs, draw_heat, draw_tradeoff

__all__ = ["draw_cliffs", "draw_heat", "draw_map", "draw_scan", "draw_tradeoff"]

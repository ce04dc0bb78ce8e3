"""Run → figures, from tables that are already computed."""

from topics.plot._levels import draw_scan
from topics.plot._map import draw_map
from topics.plot._sweep import draw_cliffs, draw_heat, draw_tradeoff
from topics.plot._timeline import draw_over_time

__all__ = ["draw_cliffs", "draw_heat", "draw_map", "draw_over_time", "draw_scan", "draw_tradeoff"]

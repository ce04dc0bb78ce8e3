"""Run → figures, from tables that are already computed."""

from topics.plot.levels import draw_scan
from topics.plot.map import draw_map
from topics.plot.sweep import draw_cliffs, draw_heat, draw_tradeoff

__all__ = ["draw_cliffs", "draw_heat", "draw_map", "draw_scan", "draw_tradeoff"]

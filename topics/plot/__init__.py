"""Run → figures, from tables that are already computed: one theme, light and dark."""

from topics.plot._document import draw_document
from topics.plot._flow import draw_flow
from topics.plot._groups import draw_groups
from topics.plot._levels import draw_scan
from topics.plot._map import draw_map
from topics.plot._reliability import draw_reliability
from topics.plot._saturation import draw_saturation
from topics.plot._similarity import draw_similarity
from topics.plot._sweep import draw_cliffs, draw_heat, draw_tradeoff
from topics.plot._terms import draw_terms
from topics.plot._theme import with_theme
from topics.plot._timeline import draw_over_time
from topics.plot._tree import draw_tree

__all__ = [
    "draw_cliffs", "draw_document", "draw_flow", "draw_groups", "draw_heat", "draw_map", "draw_over_time",
    "draw_reliability", "draw_saturation", "draw_scan", "draw_similarity", "draw_terms",
    "draw_tradeoff", "draw_tree", "with_theme",
]  # fmt: skip

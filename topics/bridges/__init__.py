"""A run in other tools that show maps: jupyter-scatter, Embedding Atlas and DataMapPlot."""

from topics.bridges._atlas import to_atlas
from topics.bridges._datamapplot import to_datamapplot
from topics.bridges._jscatter import to_jscatter
from topics.bridges._run import Mapped

__all__ = ["Mapped", "to_atlas", "to_datamapplot", "to_jscatter"]

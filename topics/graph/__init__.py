"""Stages, the graph that they make, and what runs it.

A stage is a function that makes a record, declared once beside it: its name, its version, the parameters it reads and
the libraries that its bytes depend on. Called with records it runs; called with a :class:`Node` among its arguments it
only plans, and gives the node of its own record. So a graph is written as one would write the computation, and all that
a record depends on is known before anything runs. A :class:`Runner` takes records out of the graph: from a store where
they are, else made, side by side where they do not wait for each other.
"""

from topics.graph._clock import OnStage, StageTime
from topics.graph._explain import Explained, changes, nodes_of
from topics.graph._runner import Runner
from topics.graph._shelf import Parts, Record, Shelf
from topics.graph._stages import Node, Stage, known, stage

__all__ = [
    "Explained",
    "Node",
    "OnStage",
    "Parts",
    "Record",
    "Runner",
    "Shelf",
    "Stage",
    "StageTime",
    "changes",
    "known",
    "nodes_of",
    "stage",
]

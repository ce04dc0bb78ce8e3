"""What would be made of a graph, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from topics.graph._shelf import Shelf
from topics.graph._stages import Node, flat, why_lapsed
from topics.records import Origin


@dataclass(frozen=True)
class Explained:
    """Whether a stage's record is stored, and if not, why it is new.

    Attributes
    ----------
    stage : str
        Name of the stage.
    n_parts, n_stored : int
        How many records of it are wanted, and how many of them are stored.
    why : str
        What makes the first missing one new; empty where all are stored.
    """

    stage: str
    n_parts: int
    n_stored: int
    why: str

    @property
    def all_stored(self) -> bool:
        """Whether nothing of it is made."""
        return self.n_stored == self.n_parts


def explain(planned: Sequence[Any], store: Shelf | None) -> list[Explained]:
    """What would be read and what would be made, and why, stage by stage; nothing is read or made.

    Parameters
    ----------
    planned : sequence of nodes
        That are wanted.
    store : Shelf or None
        Where records are found.
    """
    by_stage: dict[str, list[Node]] = {}
    for node in nodes_of(planned).values():
        if node.stage is not None:
            by_stage.setdefault(node.stage.name, []).append(node)
    missing: set[str] = set()
    explained = []
    for name, nodes in by_stage.items():
        absent = [node for node in nodes if not _is_stored(node, store, missing)]
        missing |= {node.origin.key for node in absent}
        why = _why(absent[0], store, missing) if absent else ""
        explained.append(Explained(name, len(nodes), len(nodes) - len(absent), why))
    return explained


def _is_stored(node: Node, store: Shelf | None, missing: set[str]) -> bool:
    """Whether it need not be made: what is never stored itself is as its parts and parents are."""
    if node.stage is None or store is None:
        return node.stage is None
    if node.stage.stored:
        return store.has(node.origin) and not why_lapsed(node, store)
    known = {name: getattr(value, "record", value) for name, value in node.arguments.items()}
    parts = node.stage.parts(known) if node.stage.parts else ()
    return all(map(store.has, parts)) and not any(parent.origin.key in missing for parent in node.parents)


def _why(node: Node, store: Shelf | None, missing: set[str]) -> str:
    if store is not None and store.has(node.origin) and (lapsed := why_lapsed(node, store)):
        return lapsed
    new = sorted({parent.origin.stage for parent in node.parents if parent.origin.key in missing})
    if new:
        return f"made of {', '.join(new)}, which {'is' if len(new) == 1 else 'are'} new"
    before = store.latest(node.origin.stage) if store else None
    if before is None:
        return "never made here"
    found = list(changes(before, node.origin))
    return ", ".join(found) if found else "made of other documents or records"


def nodes_of(planned: Sequence[Any]) -> dict[str, Node]:
    """The nodes and all that they are made of, by key, parents first.

    Parameters
    ----------
    planned : sequence of nodes
        Records among them are left out.
    """
    order: dict[str, Node] = {}

    def walk(node: Node) -> None:
        if node.origin.key not in order:
            for parent in node.parents:
                walk(parent)
            order[node.origin.key] = node

    for node in planned:
        if isinstance(node, Node):
            walk(node)
    return order


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def changes(before: Origin, now: Origin) -> Iterator[str]:
    """How the origin of a record of one stage differs from that of another, in the words of the config.

    Parameters
    ----------
    before, now : Origin
        Of two records of one stage.
    """
    if before.version != now.version:
        yield f"version {before.version} → {now.version}"
    for one, other in ((before.parameters, now.parameters), (before.libraries, now.libraries)):
        for name in sorted({*one, *other}):
            old, new = one.get(name), other.get(name)
            if _is_digest(old) and _is_digest(new) and old != new:
                yield f"other {name}"
            elif old != new and list(flat(old)) != list(flat(new)):
                yield f"{name} {old!r:.40} → {new!r:.40}"

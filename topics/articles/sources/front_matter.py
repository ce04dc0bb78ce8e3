"""YAML at the top of a Markdown file → a mapping; what unfolds to more than it says is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

_MOST_CHARACTERS = 100_000
_MOST_NODES = 10_000  # with every alias written out
_DEEPEST = 50


def load_mapping(text: str) -> Mapping[Any, Any] | str:
    """A mapping in YAML, or why there is none.

    Aliases (``*a``) are read as far as the whole, with all of them written out, stays small. Tags of Python objects
    are refused.

    Parameters
    ----------
    text : str
        YAML.
    """
    import yaml

    if len(text) > _MOST_CHARACTERS:
        return f"expected at most {_MOST_CHARACTERS} characters, got {len(text)}"
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}
        if _size(node, {}, 0) > _MOST_NODES:
            return f"it unfolds to more than {_MOST_NODES} values"
        value = loader.construct_document(node)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError) as error:
        return " ".join(str(error).split())[:200] or type(error).__name__
    finally:
        loader.dispose()
    if value is None:
        return {}
    return value if isinstance(value, Mapping) else f"expected a mapping, got {type(value).__name__}"


def _size(node: yaml.Node, sizes: dict[int, int], depth: int) -> int:
    """Nodes of a tree with every alias written out."""
    import yaml

    if depth > _DEEPEST:
        raise ValueError(f"nested too deeply: more than {_DEEPEST} levels")
    if (known := sizes.get(id(node))) is not None:
        return known
    sizes[id(node)] = _MOST_NODES + 1  # what holds itself never ends
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    sizes[id(node)] = size = 1 + sum(_size(part, sizes, depth + 1) for part in inner)
    return size

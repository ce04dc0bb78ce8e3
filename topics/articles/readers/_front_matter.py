"""YAML or TOML at the top of a Markdown file → a mapping; what unfolds to more than it says is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import yaml

# "..." closes YAML as well; three dots of the prose below a rule do not, so that the first line is to have a key.
_FORMS = (
    ("TOML", re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)),
    (
        "YAML",
        re.compile(
            r"\A---[ \t]*\n(?=#|[\w\"'][^\n:]*:\s)((?:(?!---[ \t]*$)[^\n]*\n)*?)^\.\.\.[ \t]*(?:\n|\Z)", re.MULTILINE
        ),
    ),
    ("YAML", re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)),
)
_MAX_CHARACTERS = 100_000
_MAX_NODES = 10_000  # with every alias written out
_DEEPEST = 50


def cut_front_matter(text: str) -> tuple[Mapping[Any, Any] | str, str]:
    """What stands at the top of a Markdown file as a mapping, or why it is none, and the text below it.

    Parameters
    ----------
    text : str
        Its lines end in LF; YAML stands between lines of ``---``, the last of which may be ``...``, and TOML between
        lines of ``+++``.
    """
    for name, form in _FORMS:
        if match := form.match(text):
            if len(match[1]) > _MAX_CHARACTERS:
                loaded: Mapping[Any, Any] | str = f"expected at most {_MAX_CHARACTERS} characters, got {len(match[1])}"
            else:
                loaded = _toml(match[1]) if name == "TOML" else _yaml(match[1])
            return f"not {name}: {loaded}" if isinstance(loaded, str) else loaded, text[match.end() :]
    return {}, text


def _toml(text: str) -> Mapping[str, Any] | str:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return " ".join(str(error).split())[:200]


def _yaml(text: str) -> Mapping[Any, Any] | str:
    """A mapping, or why there is none; aliases (``*a``) are read where the whole stays small, Python's tags never."""
    import yaml

    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return {}
        if _size(node, {}, 0) > _MAX_NODES:
            return f"it unfolds to more than {_MAX_NODES} values"
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
    sizes[id(node)] = _MAX_NODES + 1  # what holds itself never ends
    inner: list[yaml.Node] = []
    if isinstance(node, yaml.MappingNode):
        inner = [part for pair in node.value for part in pair]
    elif isinstance(node, yaml.SequenceNode):
        inner = node.value
    sizes[id(node)] = size = 1 + sum(_size(part, sizes, depth + 1) for part in inner)
    return size

"""What may reach a terminal: no text that people or files bring can move its cursor, color it or change its title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# C0 and C1 controls but the line feed, DEL, separators of lines and paragraphs, embeddings, overrides and isolates of
# direction, annotations, lone surrogates. Marks of direction and joiners stay: Arabic, Persian, Hebrew, Indic scripts
# and emoji are written with them, and they turn nothing round that is not theirs.
_UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff]")
_SPACES = "\t\u2028\u2029"


def visible(text: str) -> str:
    r"""The text with every character that a terminal would obey, not show, spelled out.

    Parameters
    ----------
    text : str
        A name, a path, a message, a line of an article.

    Examples
    --------
    >>> print(visible("title\x1b]0;evil\x07 \u202etxet"))
    title\x1b]0;evil\x07 \u202etxet
    """
    return _UNSAFE.sub(_spell, text)


def unsafe_in(text: str) -> list[str]:
    r"""The characters of a text that :func:`visible` spells out, each once, as ``U+001B``.

    Parameters
    ----------
    text : str
        Any.

    Examples
    --------
    >>> unsafe_in("a\x1bb\u202e")
    ['U+001B', 'U+202E']
    """
    return [f"U+{ord(character):04X}" for character in dict.fromkeys(_UNSAFE.findall(text))]


def make_console(*, stderr: bool = False) -> Console:
    """A rich console that shows markup and numbers as they are told to and prints only what is :func:`visible`.

    Parameters
    ----------
    stderr : bool
        Whether it writes to standard error.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Guarded(Console):
        def render_str(self, text: str, *args: Any, **kwargs: Any) -> Any:  # before columns are measured
            return super().render_str(visible(text), *args, **kwargs)

        def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:  # whatever was not a string
            for segment in super().render(renderable, options):
                yield segment if segment.control else Segment(visible(segment.text), segment.style)

    return Guarded(stderr=stderr, highlight=False)


def _spell(match: re.Match[str]) -> str:
    character = match.group()
    return " " if character in _SPACES else character.encode("unicode_escape").decode("ascii")

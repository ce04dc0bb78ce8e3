"""One word a thing: the words of ``words.txt`` do not appear, but in the files of ``words_not_done.txt``.

That list only shrinks: a file that is clean, or gone, is taken off by ``python tests/laws/test_words.py``. A file that
moved is entered under its new name by hand, or, better, mended.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # when it is run as a script

from laws.house import HOUSE, name_of, none_of

WORDS = Path(__file__).with_name("words.txt")
NOT_DONE = Path(__file__).with_name("words_not_done.txt")
READ = (
    "topics/**/*.py", "topics/**/*.j2", "topics/**/*.js", "explore/src/*", "experiments/*", "benchmarks/*.py", "scripts/*.py",
    "notebooks/*.ipynb", "docs/*.md", "tests/laws/*.py", "*.md", "pyproject.toml", "Makefile",
    ".github/ISSUE_TEMPLATE/*",
)  # fmt: skip


def entries(path: Path) -> dict[str, str]:
    """The lines of a list: what stands before a tab, and after it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines if line and not line.startswith("#"))


def patterns() -> dict[re.Pattern[str], str]:
    """The words as regular expressions, and what is written instead."""
    return {
        re.compile(rf"(?<![A-Za-z])(?:{word})(?![A-Za-z])", re.IGNORECASE): instead
        for word, instead in entries(WORDS).items()
    }


def violations(words: dict[re.Pattern[str], str]) -> dict[str, list[str]]:
    """By file, where which word stands and what to write."""
    found: dict[str, list[str]] = {}
    for path in sorted({path for pattern in READ for path in HOUSE.glob(pattern) if path.is_file()}):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for pattern, instead in words.items():
                for hit in pattern.finditer(line):
                    said = f"{name_of(path)}:{number} {hit.group()!r}: write {instead!r}"
                    found.setdefault(name_of(path), []).append(said)
    return found


def test_words_of_the_field_are_used():
    listed = entries(NOT_DONE)
    found = violations(patterns())
    none_of([said for file, some in found.items() if file not in listed for said in some], "one word a thing")


def test_what_is_done_is_off_the_list():
    found = violations(patterns())
    done = [f"{file}: take it off {name_of(NOT_DONE)}" for file in entries(NOT_DONE) if file not in found]
    none_of(done, f"python {name_of(Path(__file__))} takes off what is done")


def test_a_word_is_found_as_a_word():
    words = {re.compile(r"(?<![A-Za-z])(?:hosts?)(?![A-Za-z])", re.IGNORECASE): "canonical document"}
    hits = [text for text in ("n_hosts", "Host", "_HOST_ROW", "ghosts", "hosted") if any(p.search(text) for p in words)]
    assert hits == ["n_hosts", "Host", "_HOST_ROW"]


def shrink() -> None:
    """Take what is done off the list."""
    found = violations(patterns())
    lines = NOT_DONE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line or line.startswith("#") or line.split("\t")[0] in found]
    NOT_DONE.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(lines) - len(kept)} taken off, {len(entries(NOT_DONE))} left")


if __name__ == "__main__":
    shrink()

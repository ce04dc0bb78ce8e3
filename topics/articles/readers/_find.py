"""Paths, folders and patterns → files; what is no plain file within them is left out and named."""

from __future__ import annotations

import fnmatch
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from topics._folders import RUN_MARK
from topics._say import count, verb
from topics.articles.readers._files import File, OnBytes, suffix_of
from topics.articles.readers._rows import ArticlesError
from topics.config import ArticlesParams

_MAX_NAMED = 5
_MAX_WORDS = 3  # of what is meant as a path


def find_files(
    path: str | Path, formats: Collection[str], *, params: ArticlesParams, on_bytes: OnBytes | None = None
) -> list[File]:
    """The files at a path, sorted by name.

    Parameters
    ----------
    path : str or Path
        A file, a folder (sub-folders included, hidden ones and runs of ours left out) or a pattern such as
        ``data/*.jsonl.gz``, in which ``**`` stands for any number of folders. Links that lead out of the folder,
        links to folders, pipes and devices are left out.
    formats : collection of str
        Suffixes that can be read.
    params : ArticlesParams
        Declares encodings, and caps what a file unpacks to.
    on_bytes : callable or None
        For progress; see :class:`File`.

    Raises
    ------
    ArticlesError
        If there is no such file, or none of a known format.
    """
    matched = _matched(path)
    base, paths = matched.base, sorted(p for p in matched.files if suffix_of(p) in formats)
    if not paths:
        listed = ", ".join(sorted(formats))
        if matched.files == [Path(path)]:
            raise ArticlesError(f"{str(path)!r}: expected one of {listed}, got {suffix_of(Path(path))!r}")
        raise ArticlesError(
            f"{str(path)!r} holds no {listed} file{''.join(f'; {note}' for note in _left_out(matched))}"
        )
    names = [_name(place, base) for place in paths]
    files = [
        File(place, name, _encoding(place, name, params), int(params.max_unpacked_gigabytes * 1e9), on_bytes)
        for place, name in zip(paths, names, strict=True)
    ]
    stems = Counter(file.stem for file in files)
    return [replace(file, shares_stem=stems[file.stem] > 1) for file in files]


def say_unread(path: str | Path, formats: Collection[str]) -> list[str]:
    """Sentences on what lies at a path and is not read, if there is anything.

    Parameters
    ----------
    path : str or Path
        As for :func:`find_files`.
    formats : collection of str
        Suffixes that can be read.
    """
    matched = _matched(path)
    notes = _left_out(matched)
    if unread := Counter(suffix_of(p) or "without suffix" for p in matched.files if suffix_of(p) not in formats):
        ordered = sorted(unread.items(), key=lambda item: (-item[1], item[0]))
        listed = ", ".join(f"{n} {suffix}" for suffix, n in ordered)
        notes.append(
            f"{count(n := unread.total(), 'file')} {verb(n, 'is', 'are')} of no format that can be read: {listed}"
        )
    return notes


def _left_out(matched: _Matched) -> list[str]:
    """A sentence for each kind of what was left out, with the first names."""
    by_kind: dict[str, list[str]] = {}
    for path, kind in matched.left_out:
        by_kind.setdefault(kind, []).append(_name(path, matched.base))
    notes = []
    for kind, names in sorted(by_kind.items()):
        more = f" and {len(names) - _MAX_NAMED} more" if len(names) > _MAX_NAMED else ""
        notes.append(f"left out as {kind}: {', '.join(map(repr, sorted(names)[:_MAX_NAMED]))}{more}")
    return notes


def _name(path: Path, base: Path) -> str:
    return path.relative_to(base).as_posix().encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class _Matched:
    """What lies at a path: the folder that names are relative to, files, and what was left out and why."""

    base: Path
    files: list[Path]
    left_out: list[tuple[Path, str]]


def _matched(path: str | Path) -> _Matched:
    root = Path(path)
    if not str(path).strip():
        raise ArticlesError(f"expected the path of a file or folder, got {str(path)!r}")
    try:
        if root.is_dir():
            return _sorted_out(root, _walk(root))
        if root.exists():
            if not root.is_file():
                raise ArticlesError(f"{str(root)!r} is a {_kind(root)} and no file; save what comes out of it in one")
            return _Matched(root.parent, [root], [])
        if any(c in str(path) for c in "*?["):
            base = _fixed_part(root)
            places = list(base.glob(root.relative_to(base).as_posix()))
            return _sorted_out(base, (p for place in places for p in (_walk(place) if place.is_dir() else [place])))
    except (OSError, ValueError, NotImplementedError) as error:
        if isinstance(error, ArticlesError):
            raise
        problem = getattr(error, "strerror", None) or error
        raise ArticlesError(f"{str(path)[:80]!r} is no path that can be read: {problem}") from None
    a_text = isinstance(path, str) and len(path.split()) > _MAX_WORDS
    hint = "; a text itself is read as a list of one, [text]" if a_text else ""
    raise ArticlesError(f"{str(root)[:200]!r} does not exist{hint}")


def _sorted_out(base: Path, paths: Iterable[Path]) -> _Matched:
    """Plain files within a folder, and the rest with what it is: links lead nowhere but into it, pipes are not read."""
    matched = _Matched(base, [], [])
    within = base.resolve()
    for path in paths:
        if path.is_file():
            if path.resolve().is_relative_to(within):
                matched.files.append(path)
            else:
                matched.left_out.append((path, "a link that leads out of the folder"))
        else:
            matched.left_out.append((path, f"a {_kind(path)}"))
    return matched


def _walk(folder: Path) -> Iterator[Path]:
    """What lies in a folder and its sub-folders, but for what is hidden and for runs of ours."""
    try:
        paths = sorted(folder.iterdir())
    except PermissionError:
        yield folder
        return
    for path in paths:
        if path.name.startswith("."):
            continue
        if path.is_symlink() or not path.is_dir():
            yield path
        elif not (path / RUN_MARK).is_file():
            yield from _walk(path)


def _kind(path: Path) -> str:
    """What a path is that is no file."""
    mode = path.lstat().st_mode
    for is_kind, name in (
        (stat.S_ISLNK, "link to a folder" if path.is_dir() else "link to nothing that can be read"),
        (stat.S_ISDIR, "folder that must not be opened"),
        (stat.S_ISFIFO, "named pipe"),
        (stat.S_ISSOCK, "socket"),
    ):
        if is_kind(mode):
            return name
    return "device"


def _fixed_part(pattern: Path) -> Path:
    """The folder above the first part of a pattern that is not plain."""
    plain: list[str] = []
    for part in pattern.parts[:-1]:
        if any(c in part for c in "*?[") and not Path(*plain, part).is_dir():
            break
        plain.append(part)
    return Path(*plain)


def _encoding(path: Path, name: str, params: ArticlesParams) -> str:
    """Declared encoding of a file: that of the first pattern its name or the end of its path matches."""
    for pattern, encoding in params.encodings.items():
        if fnmatch.fnmatchcase(name, pattern) or path.match(pattern):
            return encoding
    return "utf-8"

"""Paths, folders and globs → files; files → bytes and lines, unpacked and decoded.

A file is read as a stream: a gzipped one is unpacked on the way, within a cap on what may come out of it, and the
position in the packed file is what progress is measured by.
"""

from __future__ import annotations

import codecs
import fnmatch
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from topics._say import count, verb
from topics.articles.sources.rows import ArticlesError
from topics.config import ArticlesParams

_GZIP = ".gz"
_MOST_RATIO = 200  # of unpacked to packed bytes; text packs 3 to 20 times, tables of ids up to about 100
_FREE_BYTES = 16 << 20  # up to here any ratio is harmless
_CHUNK = 1 << 20

OnBytes = Callable[[int], object]


@dataclass(frozen=True)
class File:
    """One file to read.

    Attributes
    ----------
    path : Path
        Where it is.
    name : str
        How it is called in messages and tables: relative to the folder that was given.
    encoding : str
        Declared encoding of its text.
    most_bytes : int
        Cap on what may come out of it unpacked.
    shares_stem : bool
        Whether another file that is read has the same name but for the suffix.
    on_bytes : callable or None
        Called with the number of bytes of the file that were read since the last call.
    """

    path: Path
    name: str
    encoding: str
    most_bytes: int
    on_bytes: OnBytes | None = None
    shares_stem: bool = False

    @property
    def suffix(self) -> str:
        """Its format: the suffix in lower case, that of the packed file where it is gzipped."""
        return suffix_of(self.path)

    @property
    def stem(self) -> str:
        """Its name without the suffixes; with them, where it would be another file's as well."""
        if self.shares_stem:
            return self.name
        name = self.name[: -len(_GZIP)] if self.name.lower().endswith(_GZIP) else self.name
        return name[: len(name) - len(self.suffix)]

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Its bytes as a stream, unpacked.

        Raises
        ------
        ArticlesError
            While reading, if a gzipped file is damaged or unpacks to more than the caps allow.
        """
        file = _Counted(self.path, self.on_bytes)
        if not self.path.name.lower().endswith(_GZIP):
            return io.BufferedReader(file, _CHUNK)
        return io.BufferedReader(_Unpacked(file, self), _CHUNK)

    def read(self) -> bytes:
        """All its bytes, unpacked."""
        with self.open() as file:
            return file.read()

    def lines(self) -> Iterator[bytes]:
        """Its lines as UTF-8 with their line ends, whatever the declared encoding.

        A file declared as UTF-8 is handed on as it is, so that a wrong byte spoils its own row only.

        Raises
        ------
        ArticlesError
            If another encoding was declared and a byte does not belong to it.
        """
        with self.open() as file:
            if self.encoding == "utf-8":
                first = file.readline()
                yield first.removeprefix(codecs.BOM_UTF8)
                yield from file
                return
            text = io.TextIOWrapper(cast("io.BufferedReader", file), encoding=self.encoding, newline="")
            try:
                for line in text:
                    yield line.encode("utf-8", "surrogatepass")
            except UnicodeError as error:
                raise ArticlesError(f"{self.path}: not {self.encoding}, as articles.encodings says: {error}") from None

    def text(self) -> str | UnicodeDecodeError:
        """All its text, or the error that says where it is not UTF-8."""
        content = b"".join(self.lines())
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return error


def suffix_of(path: Path) -> str:
    """Suffix that tells the format, in lower case: ``.csv`` for ``a.csv`` and ``a.CSV.gz``.

    Parameters
    ----------
    path : Path
        A file.
    """
    inner = path.with_suffix("") if path.suffix.lower() == _GZIP else path
    return inner.suffix.lower()


def find_files(
    path: str | Path, formats: Collection[str], *, params: ArticlesParams, on_bytes: OnBytes | None = None
) -> list[File]:
    """The files at a path, sorted by name.

    Parameters
    ----------
    path : str or Path
        A file, a folder (sub-folders included, hidden ones and runs of ours left out) or a pattern such as
        ``data/*.jsonl.gz``, in which ``**`` stands for any number of folders.
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
    base, matched = _matched(path)
    found = sorted(p for p in matched if suffix_of(p) in formats)
    if not found:
        listed = ", ".join(sorted(formats))
        if matched == [Path(path)]:
            raise ArticlesError(f"{str(path)!r}: expected one of {listed}, got {suffix_of(Path(path))!r}")
        raise ArticlesError(f"{str(path)!r} holds no {listed} file")
    names = [place.relative_to(base).as_posix().encode("utf-8", "replace").decode("utf-8") for place in found]
    files = [
        File(place, name, _encoding(place, name, params), int(params.max_unpacked_gigabytes * 1e9), on_bytes)
        for place, name in zip(found, names, strict=True)
    ]
    stems = Counter(file.stem for file in files)
    return [replace(file, shares_stem=stems[file.stem] > 1) for file in files]


def say_unread(path: str | Path, formats: Collection[str]) -> list[str]:
    """A sentence on the files at a path that are of no format that can be read, if there are any.

    Parameters
    ----------
    path : str or Path
        As for :func:`find_files`.
    formats : collection of str
        Suffixes that can be read.
    """
    unread = Counter(suffix_of(p) or "without suffix" for p in _matched(path)[1] if suffix_of(p) not in formats)
    if not unread:
        return []
    listed = ", ".join(f"{n} {suffix}" for suffix, n in sorted(unread.items(), key=lambda item: (-item[1], item[0])))
    return [f"{count(n := unread.total(), 'file')} {verb(n, 'is', 'are')} of no format that can be read: {listed}"]


def _matched(path: str | Path) -> tuple[Path, list[Path]]:
    """The folder that names are relative to, and the files at a path."""
    root = Path(path)
    try:
        if root.is_dir():
            return root, list(_walk(root))
        if root.exists():
            return root.parent, [root]
        if any(c in str(path) for c in "*?["):
            base = _fixed_part(root)
            matched = list(base.glob(root.relative_to(base).as_posix()))
            return base, [p for place in matched for p in (_walk(place) if place.is_dir() else [place])]
    except (OSError, ValueError, NotImplementedError) as error:
        said = getattr(error, "strerror", None) or error
        raise ArticlesError(f"{str(path)[:80]!r} is no path that can be read: {said}") from None
    raise ArticlesError(f"{str(root)!r} does not exist")


def _walk(folder: Path) -> Iterator[Path]:
    """Files of a folder and its sub-folders, but for hidden ones and runs of ours."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and not (path / "run.json").is_file():
            yield from _walk(path)


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


class _Counted(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, on_bytes: OnBytes | None) -> None:
        self._file = path.open("rb", buffering=0)
        self._on_bytes = on_bytes
        self.n_read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        n = self._file.readinto(buffer) or 0
        self.n_read += n
        if self._on_bytes:
            self._on_bytes(n)
        return n

    def close(self) -> None:
        self._file.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A gzipped file unpacked, within caps."""

    def __init__(self, packed: _Counted, file: File) -> None:
        self._packed, self._file = packed, file
        self._gzip = gzip.GzipFile(fileobj=io.BufferedReader(packed, _CHUNK))
        self._n_out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            n = self._gzip.readinto(buffer)
        except (OSError, EOFError, zlib.error) as error:
            raise ArticlesError(f"{self._file.path} is not a gzip file that can be read: {error}") from None
        self._n_out += n
        if self._n_out > max(_FREE_BYTES, _MOST_RATIO * self._packed.n_read):
            raise ArticlesError(
                f"{self._file.path} unpacks to more than {_MOST_RATIO} times its size, which no text does; unpack it "
                "yourself if you trust it"
            )
        if self._n_out > self._file.most_bytes:
            raise ArticlesError(
                f"{self._file.path} unpacks to more than {self._file.most_bytes / 1e9:g} GB "
                "(articles.max_unpacked_gigabytes)"
            )
        return n

    def close(self) -> None:
        self._gzip.close()
        self._packed.close()
        super().close()

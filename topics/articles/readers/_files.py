"""Files → bytes and lines, unpacked and decoded.

A file is read as a stream: a gzipped one is unpacked on the way, within a cap on what may come out of it, and the
position in the packed file is what progress is measured by.
"""

from __future__ import annotations

import codecs
import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from topics._unpacking import MOST_RATIO, is_bomb
from topics.articles.readers._rows import ArticlesError

_GZIP = ".gz"
_GZIP_MARK = b"\x1f\x8b\x08"  # no text begins with it, so that a name without ".gz" does not matter
_CHUNK = 1 << 20
# The longer marks first: that of UTF-32 begins as that of UTF-16.
_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}

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

    def fingerprint(self) -> str:
        """SHA-256 of its bytes as they lie on the disk; why there is none, where it cannot be read."""
        try:
            with self.path.open("rb") as content:
                return hashlib.file_digest(content, "sha256").hexdigest()
        except OSError as error:
            return f"cannot be read: {error.strerror or error}"

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """Its bytes as a stream, unpacked.

        Raises
        ------
        ArticlesError
            While reading, if a gzipped file is damaged or unpacks to more than the caps allow.
        """
        file = _Counted(self.path, self.on_bytes)
        content = io.BufferedReader(file, _CHUNK)
        if not self.path.name.lower().endswith(_GZIP) and not content.peek(len(_GZIP_MARK)).startswith(_GZIP_MARK):
            return content
        return io.BufferedReader(_Unpacked(file, content, self), _CHUNK)

    def read(self) -> bytes:
        """All its bytes, unpacked."""
        with self.open() as file:
            return file.read()

    def lines(self) -> Iterator[bytes]:
        """Its lines as UTF-8 with their line ends, whatever the declared encoding.

        A file in UTF-8 is handed on as it is, so that a wrong byte spoils its own row only. A byte-order mark says
        more than the absence of a declaration, and so do the zero bytes of UTF-16 without one.

        Raises
        ------
        ArticlesError
            If another encoding was declared or marked and a byte does not belong to it.
        """
        with self.open() as opened:
            file = cast("io.BufferedReader", opened)
            head = file.peek(_CHUNK)
            if head.startswith(codecs.BOM_UTF8):
                file.read(len(codecs.BOM_UTF8))
            marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
            shown = marked or _utf16_of(head)
            encoding = shown if shown and self.encoding == "utf-8" else self.encoding
            if encoding == "utf-8":
                yield from _cr_lines(file) if _ends_in_cr(head) else file
                return
            says = "its byte-order mark says" if marked else "every other byte, which is zero, says"
            says = "articles.encodings says" if encoding == self.encoding else says
            text = io.TextIOWrapper(file, encoding=encoding, newline="")
            try:
                for line in text:
                    yield line.encode("utf-8", "surrogatepass")
            except UnicodeError as error:
                raise ArticlesError(f"{self.path}: not {encoding}, as {says}: {error}") from None

    def check_unpacked(self, n_out: int, n_packed: int) -> None:
        """Refuse a file out of which more comes than the caps allow.

        Parameters
        ----------
        n_out : int
            Bytes that came out of it.
        n_packed : int
            Bytes of it that were read for them.

        Raises
        ------
        ArticlesError
            If it is too many.
        """
        if is_bomb(n_out, n_packed):
            raise ArticlesError(
                f"{self.path} unpacks to more than {MOST_RATIO} times its size, which no text does; unpack it yourself "
                "if you trust it"
            )
        if n_out > self.most_bytes:
            raise ArticlesError(
                f"{self.path} unpacks to more than {self.most_bytes / 1e9:g} GB (articles.max_unpacked_gigabytes)"
            )

    def text(self) -> str | UnicodeDecodeError:
        """All its text, or the error that says where it is not UTF-8."""
        content = b"".join(self.lines())
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return error


def _utf16_of(head: bytes) -> str | None:
    """UTF-16 that a file without a byte-order mark is in: every other byte of its first characters is zero."""
    first = head[:4]
    if len(first) == 4 and first[0] and first[2] and first[1::2] == b"\0\0":
        return "utf-16-le"
    return "utf-16-be" if len(first) == 4 and first[1] and first[3] and first[::2] == b"\0\0" else None


def _ends_in_cr(head: bytes) -> bool:
    """Whether the first line of a file ends as those of the Macs of old do."""
    at = head.find(b"\r")
    return 0 <= at < len(head) - 1 and head[at + 1 : at + 2] != b"\n" and b"\n" not in head[:at]


def _cr_lines(file: io.BufferedReader) -> Iterator[bytes]:
    for line in io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline=""):
        yield line.encode("utf-8", "surrogateescape")


def suffix_of(path: Path) -> str:
    """Suffix that tells the format, in lower case: ``.csv`` for ``a.csv`` and ``a.CSV.gz``.

    Parameters
    ----------
    path : Path
        A file.
    """
    inner = path.with_suffix("") if path.suffix.lower() == _GZIP else path
    return inner.suffix.lower()


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

    def __init__(self, packed: _Counted, content: io.BufferedReader[_Counted], file: File) -> None:
        self._packed, self._file = packed, file
        self._gzip = gzip.GzipFile(fileobj=content)
        self._n_out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            n = self._gzip.readinto(buffer)
        except (OSError, EOFError, zlib.error) as error:
            raise ArticlesError(f"{self._file.path} is not a gzip file that can be read: {error}") from None
        self._n_out += n
        self._file.check_unpacked(self._n_out, self._packed.n_read)
        return n

    def close(self) -> None:
        self._gzip.close()
        self._packed.close()
        super().close()

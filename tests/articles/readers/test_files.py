from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from topics.articles import ArticlesError
from topics.articles.readers._files import File, suffix_of
from topics.articles.readers._find import find_files
from topics.config import ArticlesParams

FORMATS = {".txt", ".csv"}
PARAMS = ArticlesParams()


def a_file(path: Path, encoding: str = "utf-8", most: int = 1 << 40) -> File:
    return File(path, path.name, encoding, most)


def names(path, params=PARAMS) -> list[str]:
    return [file.name for file in find_files(path, FORMATS, params=params)]


def test_a_folder_a_file_and_a_pattern_are_found(tmp_path):
    for name in ("b.txt", "deep/a.TXT", "deep/er/c.csv.gz", ".hidden/d.txt", "e.xyz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert names(tmp_path) == ["b.txt", "deep/a.TXT", "deep/er/c.csv.gz"]
    assert names(tmp_path / "b.txt") == ["b.txt"]
    assert names(f"{tmp_path}/*.txt") == ["b.txt"]
    assert names(f"{tmp_path}/**/*.csv.gz") == ["deep/er/c.csv.gz"]


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("none.txt", "'.*none.txt' does not exist"),
        ("*.txt", r"holds no \.csv, \.txt file"),
        ("*.xyz", r"holds no \.csv, \.txt file"),
        ("x" * 5000, r"is no path that can be read: File name too long"),
        ("**.csv", r"is no path that can be read|holds no"),
        ("e.xyz", r"expected one of \.csv, \.txt, got '\.xyz'"),
        ("", r"holds no \.csv, \.txt file"),
    ],
)
def test_what_is_not_there_is_an_error(tmp_path, at, message):
    (tmp_path / "e.xyz").write_text("x")
    with pytest.raises(ArticlesError, match=message):
        names(tmp_path / at)


def test_the_format_of_a_packed_file_is_that_inside():
    assert [suffix_of(Path(name)) for name in ("a.csv", "a.CSV.GZ", "a.gz", "a")] == [".csv", ".csv", "", ""]
    assert a_file(Path("x/a.b.csv.gz")).stem == "a.b"


def test_a_packed_file_is_unpacked_and_its_size_counted(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(b"one\ntwo\n") + gzip.compress(b"three"))
    read: list[int] = []
    file = File(path, "a.txt.gz", "utf-8", 1 << 30, read.append)
    assert list(file.lines()) == [b"one\n", b"two\n", b"three"]
    assert sum(read) == path.stat().st_size


def test_a_bomb_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "bomb.txt.gz"
    path.write_bytes(gzip.compress(b"a" * (64 << 20)))
    assert path.stat().st_size < 80_000
    with pytest.raises(ArticlesError, match=r"bomb\.txt\.gz unpacks to more than 200 times its size"):
        a_file(path).read()


def test_a_cap_on_what_a_file_unpacks_to(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 100))
    with pytest.raises(ArticlesError, match=r"unpacks to more than 1e-05 GB \(articles\.max_unpacked_gigabytes\)"):
        [file] = find_files(path, FORMATS, params=ArticlesParams(max_unpacked_gigabytes=1e-5))
        file.read()


@pytest.mark.parametrize(
    "content",
    [b"not packed", gzip.compress(b"x" * 1000)[:-10], gzip.compress(b"x")[:-8] + b"12345678"],
    ids=["not packed", "cut short", "another checksum"],
)
def test_a_damaged_packed_file_is_an_error_that_names_it(tmp_path, content):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(content)
    with pytest.raises(ArticlesError, match=r"a\.txt\.gz is not a gzip file that can be read"):
        a_file(path).read()


def test_a_declared_encoding_is_used_and_a_wrong_one_is_an_error(tmp_path):
    text = "Рада ухвалила\nзакон\n"
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.csv").write_bytes(text.encode("cp1251"))
    (tmp_path / "b.csv").write_bytes(text.encode("utf-16"))
    params = ArticlesParams(encodings={"old/*.csv": "cp1251", "b.csv": "utf-16"})
    for file in find_files(tmp_path, FORMATS, params=params):
        assert b"".join(file.lines()).decode() == text
    with pytest.raises(ArticlesError, match=r"b\.csv: not ascii, as articles\.encodings says"):
        list(a_file(tmp_path / "b.csv", "ascii").lines())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_seen_by_its_zero_bytes(tmp_path, encoding):
    text = "id,text\r\n1,Рада ухвалила 一 закон\r\n"
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert b"".join(a_file(tmp_path / "a.csv").lines()).decode() == text
    (tmp_path / "a.csv").write_bytes(text.encode(encoding)[:-1])
    with pytest.raises(ArticlesError, match=rf"a\.csv: not {encoding}, as every other byte, which is zero, says"):
        list(a_file(tmp_path / "a.csv").lines())


def test_a_packed_file_is_known_by_its_first_bytes(tmp_path):
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"id,text\n1,one\n"))
    read: list[int] = []
    file = File(tmp_path / "a.csv", "a.csv", "utf-8", 1 << 30, read.append)
    assert list(file.lines()) == [b"id,text\n", b"1,one\n"]
    assert sum(read) == (tmp_path / "a.csv").stat().st_size
    assert file.read() == b"id,text\n1,one\n"
    with pytest.raises(ArticlesError, match=r"a\.csv unpacks to more than 1e-08 GB"):
        a_file(tmp_path / "a.csv", most=10).read()


def test_a_byte_order_mark_is_not_text(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfone")
    assert a_file(tmp_path / "a.txt").text() == "one"

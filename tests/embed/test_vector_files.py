from __future__ import annotations

import io
import pickle
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics.articles.readers._columns import USUAL_NAMES
from topics.embed import load_vectors as load
from topics.embed._containers import ID_NAMES
from topics.embed._vectors import choose_rows

IDS = ["a", "b", "c", "d"]
VECTORS = np.arange(1, 13, dtype=np.float32).reshape(4, 3)
ORDER = [2, 0, 3, 1]


@pytest.fixture
def npz(tmp_path):
    def save(**arrays):
        np.savez(tmp_path / "v.npz", **arrays)
        return tmp_path / "v.npz"

    return save


@pytest.fixture
def npy(tmp_path):
    def save(array, **options):
        np.save(tmp_path / "v.npy", array, **options)
        return tmp_path / "v.npy"

    return save


@pytest.fixture
def parquet(tmp_path):
    def save(columns):
        pq.write_table(pa.table(columns), tmp_path / "v.parquet")
        return tmp_path / "v.parquet"

    return save


def lists(vectors=VECTORS, type_=None):
    return pa.array([list(map(float, row)) for row in vectors], type=type_ or pa.list_(pa.float32()))


def load_vectors(path, *, doc_ids):
    """The vectors of documents with these ids, which were read in this order."""
    rows = [[row] for row in range(len(doc_ids))]
    return choose_rows(load(path), doc_ids, input_rows=rows, n_rows=len(doc_ids))


# What is read


def test_rows_of_an_npy_file_are_those_of_the_articles_as_they_stand(npy):
    assert (load_vectors(npy(VECTORS), doc_ids=IDS) == VECTORS).all()
    assert (load_vectors(npy(VECTORS), doc_ids=["d", "10", "c", "9"]) == VECTORS).all()


@pytest.mark.parametrize(
    "array", [VECTORS.astype("float64"), VECTORS.astype("int16"), np.asfortranarray(VECTORS), VECTORS.astype(">f4")]
)
def test_any_real_numbers_are_vectors(npy, array):
    assert (load_vectors(str(npy(array)), doc_ids=IDS) == VECTORS).all()


@pytest.mark.parametrize(
    "names", [("vectors", "ids"), ("embeddings", "doc_id"), ("anything", "ids"), ("x", "id"), ("embeddings", "doc_ids")]
)
def test_an_npz_file_names_its_arrays(npz, names):
    path = npz(**{names[0]: VECTORS[ORDER], names[1]: np.array(IDS)[ORDER], "model": np.array("MiniLM")})
    assert (load_vectors(path, doc_ids=IDS) == VECTORS).all()


def test_an_npz_file_without_ids_is_in_the_order_of_the_rows(npz):
    assert (load_vectors(npz(vectors=VECTORS), doc_ids=IDS) == VECTORS).all()


@pytest.mark.parametrize(
    "ids", [np.array([3, 1, 2, 10]), np.array([3, 1, 2, 10], dtype="uint8"), np.array([b"3", b"1", b"2", b"10"])]
)
def test_ids_are_compared_as_strings(npz, ids):
    path = npz(vectors=VECTORS, ids=ids)
    assert (load_vectors(path, doc_ids=["1", "10", "2", "3"]) == VECTORS[[1, 3, 2, 0]]).all()


def test_further_ids_and_their_rows_are_left_out(npz):
    bad = VECTORS.copy()
    bad[2] = np.nan
    path = npz(vectors=bad, ids=np.array(IDS))
    assert (load_vectors(path, doc_ids=["d", "a"]) == VECTORS[[3, 0]]).all()


@pytest.mark.parametrize(
    "type_",
    [pa.list_(pa.float32()), pa.list_(pa.float64()), pa.large_list(pa.float32()), pa.list_(pa.float32(), 3)],
    ids=str,
)
def test_a_parquet_file_may_hold_a_column_of_lists(parquet, type_):
    path = parquet(
        {
            "title": ["w", "x", "y", "z"],
            "doc_id": np.array(IDS)[ORDER],
            "e": lists(VECTORS[ORDER], type_),
            "year": [1, 2, 3, 4],
        }
    )
    assert (load_vectors(path, doc_ids=IDS) == VECTORS).all()


def test_a_parquet_file_may_hold_a_column_a_dimension(parquet):
    path = parquet(
        {"e0": VECTORS[:, 0], "e1": VECTORS[:, 1], "id": pa.array(IDS).dictionary_encode(), "e2": VECTORS[:, 2]}
    )
    assert (load_vectors(path, doc_ids=IDS[::-1]) == VECTORS[::-1]).all()


def test_what_pandas_writes_is_read_without_its_index(tmp_path):
    frame = pd.DataFrame(VECTORS, columns=["x", "y", "z"], index=[7, 3, 5, 9])
    frame.assign(doc_id=IDS).to_parquet(tmp_path / "column.parquet")
    frame.set_axis(pd.Index(IDS, name="doc_id")).to_parquet(tmp_path / "index.parquet")
    pd.DataFrame({"id": [4, 3, 2, 1], "vector": list(VECTORS)}).to_parquet(tmp_path / "lists.parquet")
    assert (load_vectors(tmp_path / "column.parquet", doc_ids=IDS) == VECTORS).all()
    assert (load_vectors(tmp_path / "index.parquet", doc_ids=IDS) == VECTORS).all()
    assert (load_vectors(tmp_path / "lists.parquet", doc_ids=["1", "2", "3", "4"]) == VECTORS[::-1]).all()


def test_chunks_and_slices_of_lists_keep_their_rows(tmp_path):
    with pq.ParquetWriter(
        tmp_path / "v.parquet", pa.schema({"id": pa.string(), "v": pa.list_(pa.float32())})
    ) as writer:
        for start in (0, 2):
            writer.write_table(pa.table({"id": IDS[start : start + 2], "v": lists()[start : start + 2]}))
    assert (load_vectors(tmp_path / "v.parquet", doc_ids=IDS) == VECTORS).all()


@settings(max_examples=40)
@given(data=st.data(), kind=st.sampled_from(["npz", "lists", "columns"]))
def test_permuting_rows_together_with_their_ids_changes_nothing(tmp_path_factory, data, kind):
    ids = data.draw(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    n_dims = data.draw(st.integers(1, 3))
    number = st.floats(1, 100, width=32)
    vectors = np.array(
        data.draw(st.lists(st.lists(number, min_size=n_dims, max_size=n_dims), min_size=len(ids), max_size=len(ids))),
        dtype=np.float32,
    )
    order = data.draw(st.permutations(range(len(ids))))
    wanted = sorted(ids)[: data.draw(st.integers(1, len(ids)))]
    folder = tmp_path_factory.mktemp("permuted")
    found = []
    for n, rows in enumerate([list(range(len(ids))), list(order)]):
        path = folder / f"{n}.{'npz' if kind == 'npz' else 'parquet'}"
        named = [ids[row] for row in rows]
        if kind == "npz":
            np.savez(path, vectors=vectors[rows], ids=np.array(named))
        elif kind == "lists":
            pq.write_table(pa.table({"id": named, "v": lists(vectors[rows])}), path)
        else:
            pq.write_table(pa.table({"id": named, **{f"e{i}": vectors[rows, i] for i in range(n_dims)}}), path)
        found.append(load_vectors(path, doc_ids=wanted))
    assert found[0].tobytes() == found[1].tobytes()
    assert (found[0] == vectors[[ids.index(doc_id) for doc_id in wanted]]).all()


# Ids


def test_missing_ids_are_counted_and_the_first_ten_named(npz):
    path = npz(vectors=VECTORS, ids=np.array(IDS))
    wanted = ["a", *(f"n{i:02}" for i in range(12))]
    with pytest.raises(
        ValueError,
        match=r"v\.npz: 12 of 13 documents have no vector: 'n00', .*'n09' and 2 more; the vectors have ids such as 'a', 'b', 'c'",
    ):
        load_vectors(path, doc_ids=wanted)


def test_ids_that_come_twice_are_refused_wanted_or_not(npz, parquet):
    with pytest.raises(ValueError, match=r"v\.npz: expected unique ids, got 1 of them more than once: 'b'"):
        load_vectors(npz(vectors=VECTORS, ids=np.array(["a", "b", "b", "b"])), doc_ids=["a"])
    with pytest.raises(ValueError, match=r"v\.parquet: expected unique ids, got 2 of them more than once: '1', '2'"):
        load_vectors(parquet({"id": [1, 2, 1, 2], "e": lists()}), doc_ids=["1"])


def test_ids_and_rows_must_be_as_many(npz):
    with pytest.raises(ValueError, match="expected one id per row, got 3 ids for 4 rows"):
        load_vectors(npz(vectors=VECTORS, ids=np.array(IDS[:3])), doc_ids=IDS)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (
            np.array([1.0, 2.0, 3.0, 4.0]),
            r"v\.npz, 'ids': expected ids as a row of strings or integers, got float64 of shape \(4,\)",
        ),
        (np.array([b"a", b"b", b"\xe4", b"d"]), r"v\.npz, 'ids': expected ids in UTF-8 \(.*0xe4"),
        (np.array([IDS]), r"got <U1 of shape \(1, 4\)"),
        (
            np.array(IDS, dtype=object),
            r"v\.npz, array 'ids': .*Python objects \(a pickle\), which are refused.*numpy.asarray\(ids, dtype=str\)",
        ),
    ],
)
def test_ids_of_another_type_are_refused(npz, ids, message):
    with pytest.raises(ValueError, match=message):
        load_vectors(npz(vectors=VECTORS, ids=ids), doc_ids=IDS)


@pytest.mark.parametrize(
    ("ids", "row", "value"),
    [([1.0, 2.0, 3.0, 4.0], 0, "1.0"), (["a", "b", None, "d"], 2, "None"), ([True, False, True, False], 0, "True")],
)
def test_ids_of_another_type_in_a_column_are_refused(parquet, ids, row, value):
    with pytest.raises(
        ValueError, match=rf"v\.parquet, column 'doc_id': expected ids as strings or integers, got {value} in row {row}"
    ):
        load_vectors(parquet({"doc_id": ids, "e": lists()}), doc_ids=IDS)


def test_without_ids_there_must_be_a_row_a_document(npy, npz):
    with pytest.raises(
        ValueError,
        match=r"v\.npy: expected 3 vectors, one per row of the articles .*, got 4; vectors with ids may have fewer rows",
    ):
        load_vectors(npy(VECTORS), doc_ids=IDS[:3])
    with pytest.raises(ValueError, match=r"v\.npz: expected 5 vectors, .* got 4"):
        load_vectors(npz(vectors=VECTORS), doc_ids=[*IDS, "e"])


def test_ids_that_are_not_utf8_are_refused(parquet):
    broken = pa.Array.from_buffers(pa.string(), 4, pa.array([b"a", b"b", b"\xe4", b"d"]).buffers())
    with pytest.raises(ValueError, match=r"v\.parquet: cut short, damaged or no Parquet file \(.*UTF8"):
        load_vectors(parquet({"doc_id": broken, "e": lists()}), doc_ids=IDS)


def test_a_parquet_file_without_ids_is_in_the_order_of_the_rows(parquet):
    assert (load_vectors(parquet({"article": IDS, "e": lists()}), doc_ids=["z", "b", "c", "a"]) == VECTORS).all()


def test_ids_stand_in_any_column_that_articles_have_them_in(parquet):
    assert set(USUAL_NAMES["doc_id"]) <= set(ID_NAMES)
    for name in ("GUID", " Article_ID", "uuid"):
        found = load(parquet({name: IDS, "e": lists()}))
        assert (found.ids, found.values.tolist()) == (tuple(IDS), VECTORS.tolist())
    path = parquet({"nr": IDS, "id": [4, 4, 4, 4], "e": lists()})
    found = choose_rows(load(path, id_column="nr"), IDS[::-1], input_rows=[[0]] * 4, n_rows=4)
    assert (found == VECTORS[::-1]).all()


# Shapes, types and values


@pytest.mark.parametrize("array", [VECTORS.ravel(), VECTORS[None], np.array(1.0), np.empty((4, 0))])
def test_another_shape_is_refused(npy, array):
    with pytest.raises(ValueError, match=r"v\.npy: expected vectors of shape \(n, n_dims\), got shape \("):
        load_vectors(npy(array), doc_ids=IDS)


@pytest.mark.parametrize(
    "array",
    [
        VECTORS > 3,
        VECTORS.astype(complex),
        VECTORS.astype(str),
        np.zeros((4, 3), dtype=[("x", "f4")]),
        VECTORS.astype("datetime64[s]"),
    ],
)
def test_another_type_is_refused(npy, array):
    with pytest.raises(ValueError, match=r"v\.npy: expected vectors of real numbers, got .*\(dtype "):
        load_vectors(npy(array), doc_ids=IDS)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (np.nan, "NaN, infinity"),
        (np.inf, "NaN, infinity"),
        (1e300, "NaN, infinity or more than float32 holds"),
        (0, "nothing but zeros"),
        (1e-300, "nothing but zeros"),
    ],
)
def test_rows_that_are_no_direction_are_named_by_number_or_id(npy, npz, value, what):
    array = np.ones((14, 2))
    array[1:13] = value
    ids = [f"n{i:02}" for i in range(14)]
    with pytest.raises(
        ValueError,
        match=rf"v\.npy: expected finite vectors that are not zero, got {what}.* in 12: rows 1, 2, .*10 and 2 more",
    ):
        load_vectors(npy(array), doc_ids=ids)
    with pytest.raises(
        ValueError, match=rf"v\.npz: expected finite .* got {what}.* in 12: the rows of 'n01', .*'n10' and 2 more"
    ):
        load_vectors(npz(vectors=array[::-1], ids=np.array(ids[::-1])), doc_ids=ids)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        (
            {"one": VECTORS, "two": VECTORS},
            r"expected an array called vectors or embeddings, or only one of two dimensions, got one \(4, 3\), two \(4, 3\)",
        ),
        ({"flat": VECTORS.ravel()}, r"got flat \(12,\)"),
        ({"ids": np.array(IDS)}, "got none"),
    ],
)
def test_an_archive_must_tell_which_array_it_is(npz, arrays, message):
    with pytest.raises(ValueError, match=message):
        load_vectors(npz(**arrays), doc_ids=IDS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"e": pa.array([[1.0], [1.0, 2.0], None, [3.0]])},
            r"column 'e': expected lists of one length, got 2 of length 1, 1 of length 2, 1 of no list",
        ),
        (
            {"e": pa.array([[1.0], [None], [2.0], [3.0]])},
            r"got NaN, infinity or more than float32 holds in 1: the rows of 'b'",
        ),
        ({"e0": [1.0, None, 2.0, 3.0]}, r"got NaN, infinity or more than float32 holds in 1: the rows of 'b'"),
        ({"e0": [1, None, 2, 3]}, r"got NaN, infinity or more than float32 holds in 1: the rows of 'b'"),
        (
            {"e0": VECTORS[:, 0], "year": [2001, 2002, 2003, 2004]},
            r"only columns of one numeric type, got 'e0 \(float\)', 'year \(int64\)'; leave the others out",
        ),
        ({"e0": VECTORS[:, 0], "title": IDS}, r"got 'e0 \(float\)', 'title \(string\)'"),
        ({"title": IDS}, r"got 'title \(string\)'"),
        ({"tags": pa.array([["x"], [], [], []])}, r"got 'tags \(list<"),
        (
            {"e": lists(), "f": lists()},
            r"expected one column of lists of numbers, or beside 'doc_id' only columns of one numeric type, got 'e ",
        ),
        ({}, r"columns of one numeric type, got ; leave"),
    ],
)
def test_columns_must_tell_which_of_them_are_the_vectors(parquet, columns, message):
    with pytest.raises(ValueError, match=message):
        load_vectors(parquet({"doc_id": IDS, **columns}), doc_ids=IDS)


# Files that are no such files


class Trap:
    fired = False

    def __reduce__(self):
        return (setattr, (Trap, "fired", True))


def test_nothing_is_unpickled(tmp_path, npy, npz):
    array = np.array([[Trap(), Trap()]], dtype=object)
    (tmp_path / "raw.npy").write_bytes(pickle.dumps(array))
    member = io.BytesIO(pickle.dumps(array))
    with zipfile.ZipFile(tmp_path / "raw.npz", "w") as archive:
        archive.writestr("vectors.npy", member.getvalue())
    for path in (npy(array, allow_pickle=True), npz(vectors=array), tmp_path / "raw.npy", tmp_path / "raw.npz"):
        with pytest.raises(ValueError, match=path.name):
            load_vectors(path, doc_ids=["a"])
    assert not Trap.fired


def test_objects_are_refused_by_what_they_are(npy, npz):
    for path in (npy(VECTORS.astype(object), allow_pickle=True), npz(vectors=VECTORS.astype(object))):
        with pytest.raises(ValueError, match=r"got Python objects \(a pickle\), which are refused"):
            load_vectors(path, doc_ids=IDS)


@pytest.mark.parametrize("kind", ["npy", "npz", "parquet"])
def test_files_cut_short_or_of_another_kind_are_named(tmp_path, npy, npz, parquet, kind):
    path = {
        "npy": lambda: npy(VECTORS),
        "npz": lambda: npz(vectors=VECTORS, ids=np.array(IDS)),
        "parquet": lambda: parquet({"id": IDS, "e": lists()}),
    }[kind]()
    whole = path.read_bytes()
    contents = [whole[:n] for n in (0, 1, 4, 8, len(whole) // 4, len(whole) // 2, len(whole) - 1)]
    for content in [
        *contents,
        b"id,e0,e1\na,1,2\n",
        b"\x00" * 500,
        b"PK\x03\x04" + b"x" * 100,
        b"PAR1" + b"x" * 100 + b"PAR1",
        b"\x93NUMPY\x01\x00\xff\xff{",
    ]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=rf"v\.{kind}"):
            load_vectors(path, doc_ids=IDS)


def test_a_flipped_bit_in_an_archive_is_found(npz):
    path = npz(vectors=VECTORS, ids=np.array(IDS))
    content = bytearray(path.read_bytes())
    content[content.index(VECTORS.tobytes()) + 5] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"v\.npz, array 'vectors': cut short, damaged or of another kind .*CRC"):
        load_vectors(path, doc_ids=IDS)


def test_an_array_under_an_archives_name_is_told(npy, npz):
    path = npy(VECTORS)
    with pytest.raises(ValueError, match=r"expected an archive of arrays, got one array; name it .npy"):
        load_vectors(path.rename(path.with_suffix(".npz")), doc_ids=IDS)
    path = npz(vectors=VECTORS)
    with pytest.raises(ValueError, match=r"expected one array, got an archive of several; name it .npz"):
        load_vectors(path.rename(path.with_suffix(".npy")), doc_ids=IDS)


def test_other_files_are_refused(tmp_path):
    (tmp_path / "v.csv").write_text("1,2")
    (tmp_path / "folder.npy").mkdir()
    with pytest.raises(ValueError, match=r"v\.csv: expected vectors in a .npy, .npz or .parquet file, got '.csv'"):
        load_vectors(tmp_path / "v.csv", doc_ids=IDS)
    for name in ("none.npy", "folder.npy"):
        with pytest.raises(ValueError, match=rf"{name}: no such file of vectors"):
            load_vectors(tmp_path / name, doc_ids=IDS)

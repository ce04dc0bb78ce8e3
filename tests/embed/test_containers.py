"""Whose vector is whose, whatever holds them and in whatever order they come."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import scipy.sparse
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from topics.articles import from_texts, read
from topics.config import ArticlesParams
from topics.embed import from_vectors, load_vectors, take_vectors

VECTORS = np.random.default_rng(0).integers(1, 200, size=(12, 2)).astype(np.float32)  # exact in any type of float
ROWS = [{"id": i, "text": f"harbour report of day {i}"} for i in range(1, 13)]  # as text "10" comes before "2"
STORIES = (
    "Council backs new footbridge over the Tarn",
    "Councillors voted 14 to 6 on Monday for a footbridge at Miller's Reach. It should open before winter.",
    "Bakery fire drives thirty families out of Cobb Street",
    "A fire that began in an oven at Dunmore's bakery spread to two terraces. The families sleep in a sports hall.",
    "Schoolgirl's beetle turns out to be new to science",
    "Priya Nand, 12, found a green beetle under a log. The museum says that science had no name for the beetle.",
    "Rail operator cuts two evening trains to the coast",
    "Northmoor Rail drops the 20:10 and 22:40 trains to the coast from April, because drivers are short.",
)
PAGE = "\n".join(STORIES)


def directions(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def by_id(corpus, vectors) -> dict[str, list[float]]:
    made = from_vectors(corpus, vectors).vectors
    return {doc_id: row.astype(np.float64).round(4).tolist() for doc_id, row in zip(corpus.doc_ids, made, strict=True)}


RIGHT = {str(i + 1): row.astype(np.float64).round(4).tolist() for i, row in enumerate(directions(VECTORS))}


def test_row_i_is_the_vector_of_row_i():
    corpus = read(ROWS)
    assert corpus.doc_ids[:3] == ["1", "10", "11"]
    assert by_id(corpus, VECTORS) == RIGHT


@cases(order=st.permutations(range(12)))
@settings(max_examples=25)
def test_rows_permuted_together_with_their_vectors_give_the_same_bytes(order):
    plain = from_vectors(read(ROWS), VECTORS)
    other = from_vectors(read([ROWS[i] for i in order]), VECTORS[list(order)])
    assert other.vectors.tobytes() == plain.vectors.tobytes()
    assert other.origin.key == plain.origin.key


@cases(texts=st.lists(st.sampled_from(["ab cd", "ef gh", "ij", "", None]), min_size=2, max_size=9), data=st.data())
@settings(max_examples=60)
def test_texts_without_ids_permuted_together_with_their_vectors_give_the_same_bytes(texts, data):
    order = data.draw(st.permutations(range(len(texts))))
    vectors = np.random.default_rng(0).normal(size=(len(texts), 3))
    if not any(texts):
        return
    plain, _ = from_texts(texts)
    other, _ = from_texts([texts[i] for i in order])
    assert from_vectors(plain, vectors).vectors.tobytes() == from_vectors(other, vectors[list(order)]).vectors.tobytes()


def test_files_of_a_folder_are_counted_through_in_the_order_of_their_paths(tmp_path):
    (tmp_path / "sub").mkdir()
    for name, rows in (("b.jsonl", ROWS[4:8]), ("a.csv", ROWS[:4]), ("sub/a.jsonl", ROWS[8:])):
        frame = pd.DataFrame(rows)
        path = tmp_path / name
        frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_json(path, orient="records", lines=True)
    assert by_id(read(tmp_path), VECTORS) == RIGHT


def test_rejected_rows_take_their_vectors_with_them(tmp_path):
    lines = [
        '{"id": 1, "text": "alpha one"}',
        "not JSON",
        "",
        '{"id": 2, "text": " "}',
        '{"id": 3, "text": "beta two"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    corpus = read(tmp_path / "a.jsonl")
    vectors = np.array([[3, 4], [np.nan, 1], [0, 0], [4, 3]])
    assert by_id(corpus, vectors) == {"1": [0.6, 0.8], "3": [0.8, 0.6]}
    vectors[3] = np.inf
    with pytest.raises(ValueError, match="got NaN, infinity .* in 1: row 3$"):
        from_vectors(corpus, vectors)
    with pytest.raises(ValueError, match="expected 4 vectors, one per row .*, got 2"):
        from_vectors(corpus, vectors[:2])


def test_near_duplicates_are_known_by_the_vector_of_their_canonical_document():
    story = "The ferry to Rosk ran aground on a sandbank early on Monday and was freed by two tugs at high water."
    rows = [{"id": "b", "text": f"Update: {story}"}, {"id": "c", "text": "Another matter."}, {"id": "a", "text": story}]
    corpus = read(rows)
    assert corpus.doc_ids == ["a", "c"]
    assert by_id(corpus, [[0, 9], [3, 4], [7, 0]]) == {"a": [1, 0], "c": [0.6, 0.8]}


def test_a_page_of_several_stories_has_no_vector_to_share():
    rows = [{"id": "a", "text": PAGE}, {"id": "b", "text": "Another matter altogether."}]
    corpus = read(rows)
    assert corpus.n_docs == 5
    with pytest.raises(ValueError, match="4 of the 5 documents are stories of round-ups.*split_round_ups = false"):
        from_vectors(corpus, np.eye(2))
    whole = read(rows, whole=True)
    assert by_id(whole, np.eye(2)) == {"a": [1, 0], "b": [0, 1]}
    assert "1 round-up of several stories was left whole: each row is one document here" in whole.origin.notes
    assert by_id(corpus, dict(zip(corpus.doc_ids, np.eye(5), strict=True)))["a#4"] == [0, 0, 0, 1, 0]


# Containers


def _tensor(dtype: str):
    import torch

    return torch.tensor(VECTORS, requires_grad=True).to(getattr(torch, dtype))


class _Polars:
    """What a polars frame is to us: something that gives an Arrow table."""

    def __init__(self, table: pa.Table | pa.Array) -> None:
        self._table = table

    def to_arrow(self):
        return self._table


HELD = {
    "list of lists": VECTORS.tolist,
    "list of arrays": lambda: list(VECTORS),
    "tuple of tuples": lambda: tuple(map(tuple, VECTORS.tolist())),
    "object array of rows": lambda: pd.Series(list(VECTORS)).to_numpy(),
    "object array of numbers": lambda: VECTORS.astype(object),
    "decimals": lambda: [[Decimal(int(value)) for value in row] for row in VECTORS],
    "float16": lambda: VECTORS.astype(np.float16),
    "integers": lambda: VECTORS.astype(np.int64),
    "torch": lambda: _tensor("float32"),
    "torch bfloat16": lambda: _tensor("bfloat16"),
    "list of tensors": lambda: list(_tensor("bfloat16")),
    "csr matrix": lambda: scipy.sparse.csr_matrix(VECTORS),
    "coo array": lambda: scipy.sparse.coo_array(VECTORS),
    "dok matrix": lambda: scipy.sparse.dok_matrix(VECTORS),
    "dok array": lambda: scipy.sparse.dok_array(VECTORS),
    "frame of numbers": lambda: pd.DataFrame(VECTORS),
    "frame with an index of its own": lambda: pd.DataFrame(VECTORS, index=range(50, 62)),
    "frame of one column of lists": lambda: pd.DataFrame({"e": list(VECTORS)}),
    "series of lists": lambda: pd.Series(VECTORS.tolist(), index=range(107, 119)),
    "frames in a row": lambda: pd.concat([pd.DataFrame(VECTORS[:6], index=range(20, 26))] * 2).mul(0) + VECTORS,
    "frame turned round": lambda: pd.DataFrame(VECTORS, index=range(1, 13)).iloc[::-1],
    "table of a frame turned round": lambda: pa.Table.from_pandas(HELD["frame turned round"]()),
    "table of a frame by index": lambda: pa.Table.from_pandas(HELD["frame by index"]()),
    "table of a frame by index without pandas' notes": (
        lambda: pa.Table.from_pandas(HELD["frame by index"]()).replace_schema_metadata(None)
    ),
    "table of a frame by an index with a name": (
        lambda: pa.Table.from_pandas(pd.DataFrame(VECTORS[::-1], index=pd.Index(range(12, 0, -1), name="nr")))
    ),
    "series of arrays": lambda: pd.Series(list(VECTORS)),
    "frame with ids": lambda: pd.DataFrame({"id": range(12, 0, -1), "e": list(VECTORS[::-1])}),
    "frame by index": lambda: pd.DataFrame(VECTORS[::-1], index=[str(i) for i in range(12, 0, -1)]),
    "frame by index of numbers": lambda: pd.DataFrame(VECTORS[::-1], index=list(range(12, 0, -1))),
    "series by index": lambda: pd.Series(list(VECTORS[::-1]), index=pd.Index(range(12, 0, -1), name="nr")),
    "mapping": lambda: {i: VECTORS[i - 1] for i in range(12, 0, -1)},
    "arrow table": lambda: pa.table({"e": VECTORS.tolist()}),
    "arrow batch": lambda: pa.RecordBatch.from_pydict({"x": VECTORS[:, 0], "y": VECTORS[:, 1]}),
    "arrow array": lambda: pa.array(VECTORS.tolist()),
    "arrow fixed": lambda: pa.FixedSizeListArray.from_arrays(pa.array(VECTORS.ravel()), 2),
    "arrow chunks": lambda: pa.chunked_array([VECTORS[:5].tolist(), VECTORS[5:].tolist()]),
    "polars": lambda: _Polars(pa.table({"id": [str(i) for i in range(12, 0, -1)], "e": VECTORS[::-1].tolist()})),
    "polars series": lambda: _Polars(pa.array(VECTORS.tolist())),
}


@pytest.mark.parametrize("held", HELD)
def test_vectors_are_taken_from_whatever_holds_them(held):
    if "torch" in held or "tensor" in held:
        pytest.importorskip("torch")
    assert by_id(read(ROWS), HELD[held]()) == RIGHT


def test_numbers_of_rows_that_were_turned_round_are_no_order_of_articles_without_ids(tmp_path):
    texts = [row["text"] for row in ROWS]
    corpus = read(texts)
    rows = [text.split()[-1] for text in corpus.documents["text"].to_pylist()]
    for start in (0, 1):
        frame = pd.DataFrame(VECTORS, index=range(start, start + 12))
        assert {row: RIGHT[row] for row in rows} == dict(zip(rows, by_id(corpus, frame).values(), strict=True))
        frame.iloc[::-1].set_axis(["x", "y"], axis=1).to_parquet(tmp_path / "v.parquet")
        for held in (frame.iloc[::-1], load_vectors(tmp_path / "v.parquet")):
            with pytest.raises(ValueError, match="12 of 12 documents have no vector.* without ids, as an array"):
                from_vectors(corpus, held)


TEXT = "got text(?: in 'e')? such as '.170.0, 127.0.'; make lists of it first, such as with .json.loads"
REFUSED = {
    "a column of text": (lambda: pd.DataFrame({"e": list(map(str, VECTORS.tolist()))}), TEXT),
    "a column of text beside ids": (lambda: pa.table({"id": range(12), "e": list(map(str, VECTORS.tolist()))}), TEXT),
    "a series of text": (lambda: pd.Series(list(map(str, VECTORS.tolist())), index=range(1, 13)), TEXT),
    "an array of text": (lambda: np.array(list(map(str, VECTORS.tolist()))), TEXT),
    "an arrow array of text": (lambda: pa.array(list(map(str, VECTORS.tolist()))), TEXT),
    "a mapping to text": (lambda: {i + 1: str(row) for i, row in enumerate(VECTORS.tolist())}, TEXT),
    "complex": (lambda: VECTORS.astype(complex), r"got complex numbers \(dtype complex128\)"),
    "booleans": (lambda: VECTORS > 4, "got True and False"),
    "strings": (lambda: VECTORS.astype(str), "got strings"),
    "strings as objects": (lambda: VECTORS.astype(str).astype(object), r"got '170.0' \(str\)"),
    "booleans as objects": (lambda: (VECTORS > 4).astype(object), r"got True \(bool\)"),
    "times": (lambda: VECTORS.astype("datetime64[s]"), "got values of datetime64"),
    "too large": (lambda: VECTORS.astype(np.float64) * 1e300, "more than float32 holds in 12: rows 0, 1, "),
    "masked": (lambda: np.ma.masked_array(VECTORS, np.arange(24).reshape(12, 2) == 23), "got NaN, .* in 1: row 11"),
    "missing": (lambda: [[1.0, None], *VECTORS.tolist()[1:]], "got NaN, .* in 1: row 0"),
    "of two lengths": (lambda: [[1.0], *VECTORS.tolist()[1:]], "expected vectors of one length, one per row"),
    "rows of two lengths": (lambda: [np.ones(3), *VECTORS[1:]], r"got 11 of shape \(2,\), 1 of shape \(3,\)"),
    "one vector": (lambda: VECTORS[:, 0], r"expected vectors of shape \(n, n_dims\), got shape \(12,\)"),
    "a generator": (lambda: iter(VECTORS), "expected vectors with an order and a length, got "),
    "a set": (lambda: {1, 2}, "expected vectors with an order and a length, got set"),
    "columns of several types": (lambda: pd.DataFrame({"x": VECTORS[:, 0], "title": "a"}), "leave the others out"),
    "columns of no type": (lambda: pd.DataFrame({"x": [1, "a"] * 6, "y": 1.0}), "expected numbers, or one column"),
    "ids that are others'": (lambda: dict(zip("abcdefghijkl", VECTORS, strict=True)), "12 of 12 documents have no"),
    "an index that is others'": (
        lambda: pd.DataFrame(VECTORS, index=list("abcdefghijkl")),
        "12 of 12 documents have no vector: '1', '10'.* such as 'a', 'b', 'c'",
    ),
    "numbers of which some are others'": (
        lambda: pd.DataFrame(VECTORS, index=range(2, 14)),
        "1 of 12 documents have no vector: '1'; .* such as '2', '3', '4'; .* as an array",
    ),
    "numbers in another order that are others'": (
        lambda: pd.DataFrame(VECTORS, index=range(50, 62)).iloc[::-1],
        "12 of 12 documents have no vector: '1', '10'.* such as '61', '60', '59'; .* as an array",
    ),
    "a huge sparse matrix": (
        lambda: scipy.sparse.csr_array((12, 200_000_000), dtype=np.float32),
        r"would take 10 GB as vectors; reduce it first, such as with sklearn.decomposition.TruncatedSVD",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_vectors_is_refused_in_a_sentence(what):
    make, message = REFUSED[what]
    with pytest.raises(ValueError, match=f"embeddings: .*{message}"):
        from_vectors(read(ROWS), make())


def test_vectors_that_were_taken_or_made_are_taken_again(tmp_path):
    corpus = read(ROWS)
    made = from_vectors(corpus, VECTORS)
    assert from_vectors(corpus, made) is made
    assert from_vectors(corpus, take_vectors(VECTORS)).origin.key == made.origin.key
    np.save(tmp_path / "v.npy", VECTORS)
    assert from_vectors(corpus, load_vectors(tmp_path / "v.npy")).origin.key == made.origin.key
    with pytest.raises(ValueError, match="expected those of this corpus"):
        from_vectors(read(ROWS, ArticlesParams(id_column="")), made)

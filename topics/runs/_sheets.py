"""Sheets for human checks of a run, written as files, and scored when they come back filled in."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from topics._locks import locked
from topics._spreadsheet import from_cell, spreadsheet
from topics.errors import InputError
from topics.evaluate._intrusion import KEY_COLUMNS, SHEET_COLUMNS, Scored, score_answers, topic_items, word_items
from topics.label import Reader, lemma
from topics.report import sheets_page
from topics.runs._format import KEY_FILE, SHEETS_PAGE, TOPIC_SHEET, WORD_SHEET
from topics.store import StoreError, write_file

if TYPE_CHECKING:
    from topics.runs._run import Run


def write_sheets(run: Run, folder: str | Path, *, n_documents: int = 30, random_state: int = 0) -> list[Path]:
    """Paths of the files written: the word and the topic sheet as CSV, both as one page, and the answer key.

    Whoever answers gets ``sheets.html``, which saves ``answers.csv``, or one of the tables, whose column ``answer`` is
    to be filled with the number of an option; nobody who answers should see ``key.csv``.

    Parameters
    ----------
    run : Run
        A finished run.
    folder : str or Path
        Made where it is missing.
    n_documents : int
        Items of the topic sheet.
    random_state : int
        Seed of intruders, documents and order.

    Raises
    ------
    ValueError
        If the run has fewer than two topics, among which there is no intruder.
    StoreError
        If the folder cannot be written, or holds other sheets or filled-in ones.
    """
    topics = run.topics()
    if len(topics) < 2:
        raise InputError(f"expected a run with at least two topics, got {len(topics)}: there would be no intruder")
    words, word_key = word_items(topics, rates=_rates(run), random_state=random_state)
    about, topic_key = topic_items(
        run.documents(), run.membership(), topics=topics, n_documents=n_documents, random_state=random_state
    )
    columns = (*SHEET_COLUMNS, "answer")
    contents = {
        WORD_SHEET: spreadsheet(words, [name for name in columns if name not in ("shown", "text")]),
        TOPIC_SHEET: spreadsheet(about, [name for name in columns if name not in ("option_5", "option_6")]),
        SHEETS_PAGE: sheets_page(words, about, title=run.name).encode("utf-8"),
        KEY_FILE: spreadsheet([*word_key, *topic_key], KEY_COLUMNS),
    }
    paths = {name: Path(folder) / name for name in contents}
    with locked(Path(folder) / KEY_FILE):
        for name, path in paths.items():
            if path.exists() and path.read_bytes() != contents[name]:
                raise StoreError(
                    f"{str(path)!r} is of other sheets, or has been filled in: choose another folder, or set it aside"
                )
        for name, path in paths.items():
            write_file(path, contents[name])
    return list(paths.values())


def score_sheets(key: str | Path, answers: Iterable[str | Path]) -> Scored:
    """Scores of each sheet and of each item; see :func:`topics.evaluate._intrusion.score_answers`.

    Parameters
    ----------
    key : str or Path
        The key that was written with the sheets.
    answers : iterable of str or Path
        Files of answers, one a person.

    Raises
    ------
    ValueError
        If a file lacks a column, or an answer cannot be one; the message names file, sheet and item.
    FileNotFoundError
        If a file is not there.
    """
    paths = [str(path) for path in answers]
    repeated = sorted({path for path in paths if paths.count(path) > 1})
    if repeated:
        raise InputError(f"expected the answers of each person once, got {', '.join(repeated)} more than once")
    rows = {path: _read(path, ("sheet", "item", "answer")) for path in paths}
    about = [{**row, "about": from_cell(row["about"])} for row in _read(key, KEY_COLUMNS)]
    return score_answers(about, rows)


def _rates(run: Run) -> dict[int, dict[str, float]]:
    """For each topic the share of its documents with each term that any topic shows, in any of its forms."""
    topics, documents = run.topics(), run.documents()
    shown = {term for terms in topics["terms"] for term in terms}
    reader = Reader(stop_words=(), collocations=[term.split(" ") for term in sorted(shown) if " " in term])
    counts: dict[int, dict[str, int]] = {int(topic): {} for topic in topics["topic"]}
    columns = (documents[name].tolist() for name in ("topic", "lang", "title", "text"))
    for topic, lang, title, text in zip(*columns, strict=True):
        if topic not in counts:
            continue
        code = lang if isinstance(lang, str) else None
        forms = set(reader.read(f"{title}\n{text}" if isinstance(title, str) else text))
        lemmas = {lemma(form, code) for form in forms}
        for term in shown:
            if term in forms or lemma(term, code) in lemmas:
                counts[topic][term] = counts[topic].get(term, 0) + 1
    sizes = documents["topic"].value_counts()
    return {topic: {term: n / int(sizes[topic]) for term, n in held.items()} for topic, held in counts.items()}


def _read(path: str | Path, columns: Sequence[str]) -> list[dict[str, Any]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        try:
            header = file.readline()
            file.seek(0)
            separator = max(",;\t", key=header.count)  # spreadsheets of many countries part columns by semicolons
            reader = csv.DictReader(file, delimiter=separator)
            names, rows = reader.fieldnames, list(reader)
        except (csv.Error, UnicodeDecodeError) as error:
            raise InputError(f"{path}: no table in UTF-8 ({error})") from None
    if not names:
        raise InputError(f"{path} is empty: expected the columns {', '.join(columns)}")
    missing = [name for name in columns if name not in names]
    if missing:
        raise InputError(f"{path}: expected the columns {', '.join(columns)}, got no {', '.join(missing)}")
    return rows

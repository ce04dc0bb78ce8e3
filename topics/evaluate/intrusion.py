"""Human checks of topics: people look for the word, and for the topic, that does not belong.

Both are tests of Chang et al. (2009). A word sheet shows the first terms of a topic and one of another topic: if people
find it, the terms mean something together. A topic sheet shows a document, the topics that it has to do with and one
that it has not: if people find that, documents are in the topics where readers would put them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd

SHEET_COLUMNS = (
    "sheet",
    "item",
    "shown",
    "text",
    "option_1",
    "option_2",
    "option_3",
    "option_4",
    "option_5",
    "option_6",
)
KEY_COLUMNS = ("sheet", "item", "about", "intruder", "n_options")
_TERMS = 5
_TOPICS = 3
_TEXT_CHARACTERS = 700
_LABEL_TERMS = 5
_RATE = 1 / 3


def word_items(topics: pd.DataFrame, *, rates: Mapping[int, Mapping[str, float]], random_state: int = 0) -> Items:
    """One item a topic that has five terms: these and one of another topic, shuffled; and the key.

    The intruder is among the first five terms of another topic, of the same main language if there is one, and stands
    in the topic's documents at most a third as often as there; it is none of the topic's ten terms, nor part of one.
    A topic without any such word is left out.

    Parameters
    ----------
    topics : pandas.DataFrame
        As a run's, ``topic, terms, languages``.
    rates : Mapping[int, Mapping[str, float]]
        For each topic in what share of its documents each term stands; terms that are not named stand in none.
    random_state : int
        Seed.
    """
    random = np.random.default_rng(random_state)
    terms = {int(row["topic"]): list(row["terms"]) for row in topics.to_dict("records")}
    alike = _same_language(topics)
    sheet: list[dict[str, Any]] = []
    key: list[dict[str, Any]] = []
    for topic, own in terms.items():
        words = {word for term in own for word in term.split(" ")}
        foreign = [
            term
            for other, theirs in terms.items()
            if other in alike[topic]
            for term in theirs[:_TERMS]
            if words.isdisjoint(term.split(" ")) and rates[topic].get(term, 0.0) <= _RATE * rates[other].get(term, 1.0)
        ]
        if len(own) < _TERMS or not foreign:
            continue
        options = [*own[:_TERMS], foreign[int(random.integers(len(foreign)))]]
        _add(sheet, key, "word", options=options, about=str(topic), random=random)
    return sheet, key


def topic_items(
    documents: pd.DataFrame,
    membership: pd.DataFrame,
    *,
    topics: pd.DataFrame,
    n_documents: int = 30,
    random_state: int = 0,
) -> Items:
    """One item a document: up to three topics that it has to do with and one that it has not, shuffled; and the key.

    Documents are drawn from all topics in turn. Where a document has to do with one topic only, the topic nearest to
    that is shown beside it, if there are more than two. Topics without terms are not shown, nor their documents.

    Parameters
    ----------
    documents : pandas.DataFrame
        As a run's.
    membership : pandas.DataFrame
        As a run's, the largest of each document first.
    topics : pandas.DataFrame
        As a run's; names are shown before the terms in items of which every topic has one.
    n_documents : int
        How many.
    random_state : int
        Seed.
    """
    random = np.random.default_rng(random_state)
    rows = {int(row["topic"]): row for row in topics.to_dict("records") if len(row["terms"])}
    alike = {topic: others & set(rows) for topic, others in _same_language(topics).items()}
    of = {str(doc_id): [int(t) for t in group["topic"]] for doc_id, group in membership.groupby("doc_id", sort=False)}
    hosts = documents[documents["copy_of"].isna() & (documents["topic"] != NOISE)]
    sheet: list[dict[str, Any]] = []
    key: list[dict[str, Any]] = []
    for place in _in_turn(hosts["topic"].to_numpy(), random=random):
        if len(sheet) == n_documents:
            break
        row = hosts.iloc[place]
        own = [topic for topic in of.get(str(row["doc_id"]), [int(row["topic"])]) if topic in rows][:_TOPICS]
        if not own or own[0] != int(row["topic"]):
            continue
        if len(own) < 2 and len(rows) > 2:
            own += [int(near) for near in rows[own[0]]["nearest_topics"] if int(near) in rows][:1]
        near = {*own, *(int(one) for one in rows[own[0]]["nearest_topics"]), *of.get(str(row["doc_id"]), [])}
        foreign = sorted(alike[own[0]] - near) or sorted(set(rows) - near) or sorted(set(rows) - set(own))
        if not foreign:
            continue
        options = _shown([rows[topic] for topic in [*own, foreign[int(random.integers(len(foreign)))]]])
        title = row["title"] if isinstance(row["title"], str) else ""
        text = " ".join(str(row["text"]).split())[:_TEXT_CHARACTERS]
        _add(sheet, key, "topic", options=options, about=str(row["doc_id"]), random=random, shown=title, text=text)
    return sheet, key


def score_answers(key: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Scored:
    """How often the intruder was found, for each sheet, and for each item of it.

    Each sheet gives ``n_items, n_answers, found`` (the share of answers that name the intruder; Chang et al. 2009's
    model precision, mean over answers), ``interval`` (95 %, Wilson 1927), ``by_chance`` (what guessing would give) and
    ``agreement`` (the share of pairs of people who gave an item the same answer; None of one person). Higher is better.

    Parameters
    ----------
    key : sequence of Mapping
        Rows of the answer key.
    answers : Mapping[str, sequence of Mapping]
        For each person the rows that were filled in: ``sheet, item, answer``; the answer is the number of the option,
        empty or missing where none was given.

    Raises
    ------
    ValueError
        If an answer is to an item that is not in the key, is no option, or is given twice; the message names person,
        sheet and item.
    """
    from scipy.stats import binomtest

    known = {(str(row["sheet"]), int(row["item"])): row for row in key}
    given: dict[tuple[str, int], list[int]] = {}
    for person, rows in answers.items():
        seen: set[tuple[str, int]] = set()
        for row in rows:
            answer = _answer(row, person=person, known=known)
            if answer is None:
                continue
            item = (str(row["sheet"]), int(float(row["item"])))
            if item in seen:
                raise InputError(f"{person}: sheet {item[0]!r}, item {item[1]} is answered twice")
            seen.add(item)
            given.setdefault(item, []).append(answer)
    sheets: dict[str, dict[str, Any]] = {}
    for sheet in dict.fromkeys(str(row["sheet"]) for row in key):
        items = [item for item in known if item[0] == sheet]
        right = [answer == int(known[item]["intruder"]) for item in items for answer in given.get(item, [])]
        pairs = [
            a == b for item in items for i, a in enumerate(given.get(item, [])) for b in given.get(item, [])[i + 1 :]
        ]
        interval = binomtest(sum(right), len(right)).proportion_ci(method="wilson") if right else None
        sheets[sheet] = {
            "n_items": len(items),
            "n_answers": len(right),
            "found": float(np.mean(right)) if right else None,
            "interval": [float(interval.low), float(interval.high)] if interval else None,
            "by_chance": float(np.mean([1 / int(known[item]["n_options"]) for item in items])),
            "agreement": float(np.mean(pairs)) if pairs else None,
        }
    items_scored = [
        {
            "sheet": item[0],
            "item": item[1],
            "about": row["about"],
            "n_answers": len(given.get(item, [])),
            "found": float(np.mean([a == int(row["intruder"]) for a in given[item]])) if item in given else None,
        }
        for item, row in known.items()
    ]
    return sheets, items_scored


Items = tuple[list[dict[str, Any]], list[dict[str, Any]]]
Scored = tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]


def _add(
    sheet: list[dict[str, Any]],
    key: list[dict[str, Any]],
    name: str,
    *,
    options: Sequence[str],
    about: str,
    random: np.random.Generator,
    shown: str = "",
    text: str = "",
) -> None:
    """One more item; of the options the last is the intruder."""
    order = random.permutation(len(options)).tolist()
    item = len(sheet) + 1
    shuffled = {f"option_{i}": options[place] for i, place in enumerate(order, start=1)}
    sheet.append({"sheet": name, "item": item, "shown": shown, "text": text, **shuffled})
    intruder = order.index(len(options) - 1) + 1
    key.append({"sheet": name, "item": item, "about": about, "intruder": intruder, "n_options": len(options)})


def _same_language(topics: pd.DataFrame) -> dict[int, set[int]]:
    """For each topic the others of its main language; where there are none, all others."""
    main = {int(row["topic"]): next(iter(row["languages"]), None) for row in topics.to_dict("records")}
    others = {topic: set(main) - {topic} for topic in main}
    return {topic: {other for other in others[topic] if main[other] == main[topic]} or others[topic] for topic in main}


def _shown(topics: Sequence[Mapping[Any, Any]]) -> list[str]:
    """The options of an item: by their terms, after their names where all have one; else a name would stand out."""
    terms = [", ".join(row["terms"][:_LABEL_TERMS]) for row in topics]
    names = [row.get("name") for row in topics]
    if not all(isinstance(name, str) for name in names):
        return terms
    return [f"{name}: {some}" for name, some in zip(names, terms, strict=True)]


def _in_turn(topics: np.ndarray[Any, np.dtype[Any]], *, random: np.random.Generator) -> list[int]:
    """Places of the documents in random order, one of each topic, then a second of each, and so on."""
    order = random.permutation(len(topics))
    turn: dict[int, int] = {}
    ranked = []
    for place in order.tolist():
        topic = int(topics[place])
        turn[topic] = turn.get(topic, 0) + 1
        ranked.append((turn[topic], topic, place))
    return [place for _, _, place in sorted(ranked)]


def _answer(row: Mapping[str, Any], *, person: str, known: Mapping[tuple[str, int], Mapping[str, Any]]) -> int | None:
    """The number of the option that was chosen; None where none was."""
    value = str(row.get("answer") or "").strip()
    if value in ("", "nan", "None"):
        return None
    try:
        item = (str(row["sheet"]), int(float(row["item"])))
        wanted = known[item]
    except (KeyError, ValueError, TypeError, OverflowError):
        raise InputError(
            f"{person}: sheet {row.get('sheet')!r}, item {row.get('item')!r} is not in the key; are key and answers of "
            "the same sheets?"
        ) from None
    n_options = int(wanted["n_options"])
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not math.isfinite(number) or number != int(number) or not 1 <= number <= n_options:
        raise InputError(
            f"{person}: sheet {item[0]!r}, item {item[1]}: expected an answer from 1 to {n_options}, got {value!r}"
        )
    return int(number)

"""Intrusion tests: people look for the word, or the topic, that does not belong.

Both tests are those of Chang et al. (2009). A word sheet shows the first terms of a topic and one term of another
topic: if people find the intruder, the terms are coherent. A topic sheet shows a document, topics it belongs to and one
it does not belong to: if people find the intruder, documents are in the topics where readers would put them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from topics.errors import InputError
from topics.evaluate._intervals import wilson
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
# Chang et al. (2009) show five words, and three topics beside the intruder.
_TERMS = 5
_TOPICS = 3
# Not tuned: what fits a sheet, and how clearly an intruder belongs to another topic.
_TEXT_CHARACTERS = 700
_LABEL_TERMS = 5
_MAX_RATE = 1 / 3  # of the intruder's share of documents in its own topic


def word_items(topics: pd.DataFrame, *, rates: Mapping[int, Mapping[str, float]], random_state: int = 0) -> Items:
    """The word sheet and its key: one item per topic with five terms and an intruder, shuffled.

    The intruder is among the first five terms of another topic, in the same main language if there is one. It occurs at
    most a third as often in this topic's documents as in its own topic's, and is not one of the topic's ten terms or
    part of one. A topic without an intruder is left out.

    Parameters
    ----------
    topics : pandas.DataFrame
        Topics of a run, ``topic, terms, languages``.
    rates : Mapping[int, Mapping[str, float]]
        For each topic the share of its documents with each term; 0 for terms that are missing.
    random_state : int
        Seed of the intruders and the order.
    """
    random = np.random.default_rng(random_state)
    terms = {int(row["topic"]): list(row["terms"]) for row in topics.to_dict("records")}
    same_language = _same_language(topics)
    sheet: list[dict[str, Any]] = []
    key: list[dict[str, Any]] = []
    for topic, own in terms.items():
        words = {word for term in own for word in term.split(" ")}
        intruders = [
            term
            for other, theirs in terms.items()
            if other in same_language[topic]
            for term in theirs[:_TERMS]
            if words.isdisjoint(term.split(" "))
            and rates[topic].get(term, 0.0) <= _MAX_RATE * rates[other].get(term, 1.0)
        ]
        if len(own) < _TERMS or not intruders:
            continue
        options = [*own[:_TERMS], intruders[int(random.integers(len(intruders)))]]
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
    """The topic sheet and its key: one item per document with up to three of its topics and an intruder, shuffled.

    Documents are drawn from all topics in turn. If a document belongs to one topic only, the topic nearest to that is
    shown beside it, provided there are more than two. Topics without terms and their documents are not shown.

    Parameters
    ----------
    documents : pandas.DataFrame
        Documents of a run.
    membership : pandas.DataFrame
        Membership of a run, the largest of each document first.
    topics : pandas.DataFrame
        Topics of a run; names precede the terms if every topic of the item has one.
    n_documents : int
        Maximum number of items.
    random_state : int
        Seed of the documents, the intruders and the order.
    """
    random = np.random.default_rng(random_state)
    rows = {int(row["topic"]): row for row in topics.to_dict("records") if len(row["terms"])}
    same_language = {topic: others & set(rows) for topic, others in _same_language(topics).items()}
    topics_of = {
        str(doc_id): [int(t) for t in group["topic"]] for doc_id, group in membership.groupby("doc_id", sort=False)
    }
    canonical = documents[documents["copy_of"].isna() & (documents["topic"] != NOISE)]
    sheet: list[dict[str, Any]] = []
    key: list[dict[str, Any]] = []
    for place in _in_turn(canonical["topic"].to_numpy(), random=random):
        if len(sheet) == n_documents:
            break
        row = canonical.iloc[place]
        own = [topic for topic in topics_of.get(str(row["doc_id"]), [int(row["topic"])]) if topic in rows][:_TOPICS]
        if not own or own[0] != int(row["topic"]):
            continue
        if len(own) < 2 and len(rows) > 2:
            own += [int(near) for near in rows[own[0]]["nearest_topics"] if int(near) in rows][:1]
        near = {*own, *(int(one) for one in rows[own[0]]["nearest_topics"]), *topics_of.get(str(row["doc_id"]), [])}
        intruders = sorted(same_language[own[0]] - near) or sorted(set(rows) - near) or sorted(set(rows) - set(own))
        if not intruders:
            continue
        options = _option_texts([rows[topic] for topic in [*own, intruders[int(random.integers(len(intruders)))]]])
        title = row["title"] if isinstance(row["title"], str) else ""
        text = " ".join(str(row["text"]).split())[:_TEXT_CHARACTERS]
        _add(sheet, key, "topic", options=options, about=str(row["doc_id"]), random=random, shown=title, text=text)
    return sheet, key


def score_answers(key: Sequence[Mapping[str, Any]], answers: Mapping[str, Sequence[Mapping[str, Any]]]) -> Scored:
    """How often the intruder was found, per sheet and per item.

    Each sheet has ``n_items, n_answers, found`` (the share of answers that name the intruder: the model precision of
    Chang et al. 2009, averaged over answers), ``interval`` (95 %, Wilson 1927), ``by_chance`` (the same for guessing)
    and ``agreement`` (the share of pairs of people with the same answer to an item; None with one person). Higher is
    better.

    Parameters
    ----------
    key : sequence of Mapping
        Rows of the answer key.
    answers : Mapping[str, sequence of Mapping]
        Completed rows of each person: ``sheet, item, answer``. The answer is the number of an option; empty or missing
        if there is none.

    Raises
    ------
    ValueError
        If an item is not in the key or is answered twice, or an answer is not an option; the message names the person,
        the sheet and the item.
    """
    known = {(str(row["sheet"]), int(row["item"])): row for row in key}
    by_item: dict[tuple[str, int], list[int]] = {}
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
            by_item.setdefault(item, []).append(answer)
    sheets: dict[str, dict[str, Any]] = {}
    for sheet in dict.fromkeys(str(row["sheet"]) for row in key):
        items = [item for item in known if item[0] == sheet]
        right = [answer == int(known[item]["intruder"]) for item in items for answer in by_item.get(item, [])]
        pairs = [
            a == b
            for item in items
            for i, a in enumerate(by_item.get(item, []))
            for b in by_item.get(item, [])[i + 1 :]
        ]
        low, high = wilson([sum(right)], [len(right)])[:, 0].tolist()
        sheets[sheet] = {
            "n_items": len(items),
            "n_answers": len(right),
            "found": float(np.mean(right)) if right else None,
            "interval": [low, high] if right else None,
            "by_chance": float(np.mean([1 / int(known[item]["n_options"]) for item in items])),
            "agreement": float(np.mean(pairs)) if pairs else None,
        }
    items_scored = [
        {
            "sheet": item[0],
            "item": item[1],
            "about": row["about"],
            "n_answers": len(by_item.get(item, [])),
            "found": float(np.mean([a == int(row["intruder"]) for a in by_item[item]])) if item in by_item else None,
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
    """Add an item; the last option is the intruder."""
    order = random.permutation(len(options)).tolist()
    item = len(sheet) + 1
    shuffled = {f"option_{i}": options[place] for i, place in enumerate(order, start=1)}
    sheet.append({"sheet": name, "item": item, "shown": shown, "text": text, **shuffled})
    intruder = order.index(len(options) - 1) + 1
    key.append({"sheet": name, "item": item, "about": about, "intruder": intruder, "n_options": len(options)})


def _same_language(topics: pd.DataFrame) -> dict[int, set[int]]:
    """For each topic the others in its main language; all others if there are none."""
    main = {int(row["topic"]): next(iter(row["languages"]), None) for row in topics.to_dict("records")}
    others = {topic: set(main) - {topic} for topic in main}
    return {topic: {other for other in others[topic] if main[other] == main[topic]} or others[topic] for topic in main}


def _option_texts(topics: Sequence[Mapping[Any, Any]]) -> list[str]:
    """The options of an item: terms, preceded by names if all topics have one, since a single name would stand out."""
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
    """The number of the chosen option; None without an answer."""
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

"""What a report says of a run in sentences and tables, from frames that are already computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from topics._say import count, percent
from topics.plot._map import color_of
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd

    from topics.explore._run import Explorable

_LANGUAGES = 4  # named in the summary
_WEAK = 0.6  # reproducibility below which a topic is pointed out; not tuned: more often apart than not, with a margin
_CARD_TERMS, _CARD_SENTENCES, _CARD_DOCUMENTS = 10, 2, 3
_WAYS = {"neighbors": "by neighbors", "centroid": "to the nearest", "edit": "by hand"}
_DIRECTIONS = {"higher": "higher is better", "lower": "lower is better"}


def summary_of(run: Explorable) -> list[str]:
    """What was found, in a few sentences with numbers.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    documents = run.documents()
    distinct = documents[documents["copy_of"].isna()]
    return [_of_corpus(run, documents, distinct), *_of_topics(run, distinct), *_of_stability(run)]


def _of_corpus(run: Explorable, documents: pd.DataFrame, distinct: pd.DataFrame) -> str:
    n_copies = len(documents) - len(distinct)
    said = count(len(distinct), "document")
    if n_copies:
        said += f" and {count(n_copies, 'near-duplicate')}, which are folded into them,"
    languages = run.manifest["corpus"]["languages"]
    if languages:
        named = [f"{lang} {n:,}" for lang, n in list(languages.items())[:_LANGUAGES]]
        if len(languages) > _LANGUAGES:
            named.append("…")
        said += f" in {count(len(languages), 'language')} ({', '.join(named)})"
    n_outlets = distinct["source"].nunique()
    if n_outlets:
        said += f" from {count(n_outlets, 'outlet')}"
    dates = distinct["date"].dropna()
    if len(dates):
        said += f", from {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}"
        if len(dates) < len(distinct):
            said += f" ({len(distinct) - len(dates):,} undated)"
    return f"{said}."


def _of_topics(run: Explorable, distinct: pd.DataFrame) -> list[str]:
    topics = run.topics()
    if not len(topics):
        return ["No topics were found; the notes say why."]
    largest, n = topics.iloc[0], max(1, len(distinct))
    called = largest["name"] if isinstance(largest["name"], str) else largest["label"]
    n_noise = int((distinct["topic"] == NOISE).sum())
    size = int(largest["size"])
    said = [
        f"They are in {count(len(topics), 'topic')}; the largest is “{called}” with {count(size, 'document')} "
        f"({percent(size / n)}), and half of the topics have at least {int(topics['size'].median()):,}."
    ]
    said.append(
        f"{count(n_noise, 'document')} ({percent(n_noise / n, digits=1)}) "
        f"{'is' if n_noise == 1 else 'are'} in no topic (noise)."
        if n_noise
        else "Every document is in a topic."
    )
    return said


def _of_stability(run: Explorable) -> list[str]:
    levels, topics = run.levels(), run.topics()
    said = [
        f"Layouts of other random documents agree on them with a stability of {stability:.2f} (1 is full agreement)."
        for stability in levels[levels["chosen"]]["stability"].dropna()
    ]
    weak = topics[topics["reproducibility"] < _WEAK]["topic"].tolist()
    if weak:
        named = ", ".join(map(str, weak[:10])) + (" …" if len(weak) > 10 else "")
        said.append(
            f"Two documents of {'topic' if len(weak) == 1 else 'topics'} {named} are together again in fewer than "
            f"{percent(_WEAK)} of layouts of other documents: read {'it' if len(weak) == 1 else 'them'} with care."
        )
    return said


def cards_of(
    topics: Sequence[Mapping[str, Any]], *, n_documents: int, courses: Mapping[int, str]
) -> list[dict[str, Any]]:
    """One card a topic: color, title, size and share, course, terms, reliabilities, sentences and typical documents.

    Parameters
    ----------
    topics : sequence of Mapping
        As the explorer has them.
    n_documents : int
        Of the run, near-duplicates left out.
    courses : Mapping
        Points of a line over time by topic, as :func:`topics.report._time.courses_of` gives them.
    """
    return [
        {
            "course": courses.get(topic["topic"], ""),
            "validated": _validated(topic["validated"]),
            "topic": topic["topic"],
            "color": color_of(topic["topic"]),
            "title": topic["name"] or topic["label"],
            "size": count(topic["size"], "document"),
            "share": percent(topic["size"] / max(1, n_documents)),
            "terms": topic["terms"][:_CARD_TERMS],
            "again": _percent(topic["reproducibility"]),
            "seed": _percent(topic["seed_reproducibility"]),
            "sentences": topic["sentences"][:_CARD_SENTENCES],
            "documents": [headline for _, headline in topic["evidence"][:_CARD_DOCUMENTS]],
        }
        for topic in topics
    ]


def levels_of(run: Explorable) -> list[dict[str, Any]]:
    """One row a level, the finest first.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    return [
        {
            "level": row["level"],
            "chosen": bool(row["chosen"]),
            "n_clusters": row["n_clusters"],
            "stability": _decimal(row["stability"]),
            "noise": _percent(row["noise_share"]),
            "min_cluster_size": row["min_cluster_size"],
        }
        for row in run.levels().to_dict("records")
    ]


def noise_of(run: Explorable) -> list[tuple[str, str]]:
    """How documents came to their topics: what is said of each way, and how many.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    said = {
        "cluster": "in a cluster, on which the layouts agree",
        "neighbors": "in no cluster; given to the topic of their neighbors",
        "centroid": "in no cluster; given to the nearest topic",
        "edit": "put there by hand",
        "noise": "in no topic",
    }
    documents = run.documents()
    counts = documents[documents["copy_of"].isna()]["method"].value_counts()
    return [(text, f"{int(counts[method]):,}") for method, text in said.items() if counts.get(method, 0)]


def ledger_of(run: Explorable) -> list[dict[str, Any]]:
    """One row a topic that was given documents of no cluster: how many, by which way, how sure they are.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    documents = run.documents()
    given = documents[
        documents["copy_of"].isna() & (documents["original_topic"] == NOISE) & (documents["topic"] != NOISE)
    ]
    topics: dict[Any, Any] = run.topics().set_index("topic").to_dict("index")
    rows = []
    for topic, of_topic in given.groupby("topic"):
        said = topics[topic]
        ways = of_topic["method"].value_counts()
        rows.append(
            {
                "topic": topic,
                "title": said["name"] if isinstance(said["name"], str) else said["label"],
                "n": f"{len(of_topic):,}",
                "share": percent(len(of_topic) / max(1, int(said["size"]))),
                "ways": ", ".join(f"{_WAYS.get(str(way), str(way))} {n:,}" for way, n in ways.items()),
                "confidence": f"{of_topic['confidence'].median():.2f}",
            }
        )
    return rows


def edits_of(run: Explorable) -> list[str]:
    """What was edited by hand, in order, those that are undone left out.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    return [edit.say() for edit in run.journal.edits[: run.journal.n_done]]


def methods_of(run: Explorable) -> dict[str, str]:
    """The paragraph of methods, and what it cites as BibTeX.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    methods = run.methods()
    return {"text": methods.text, "bibtex": methods.bibtex}


def cleaned_of(run: Explorable) -> list[tuple[str, str]]:
    """Why lines were removed from pages, and how many, the most frequent reason first.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    counts = run.removed()["reason"].value_counts()
    return [(str(reason), f"{int(counts[reason]):,}") for reason in sorted(counts.index, key=lambda r: (-counts[r], r))]


def scores_of(run: Explorable) -> list[dict[str, str]]:
    """One row a score: name, value with its interval, direction, definition.

    Parameters
    ----------
    run : Explorable
        A finished run.
    """
    rows = []
    for name, score in run.scores.items():
        interval = score.get("interval")
        shown = _decimal(score["value"]) if not isinstance(score["value"], int) else f"{score['value']:,}"
        if interval:
            shown += f" ({_decimal(interval[0])} to {_decimal(interval[1])})"
        rows.append(
            {
                "name": name.replace("_", " "),
                "value": shown,
                "better": _DIRECTIONS.get(score["better"], ""),
                "definition": score["definition"],
            }
        )
    return rows


def _validated(share: float | None) -> str:
    if share is None:
        return ""
    return "validated" if share == 1 else f"validated; {percent(share)} of its documents now and then are the same"


def _decimal(value: Any) -> str:
    return "–" if value is None or value != value else f"{value:.3f}"


def _percent(value: Any) -> str:
    return "–" if value is None or value != value else percent(value)

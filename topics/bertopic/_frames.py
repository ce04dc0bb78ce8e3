"""A fitted run → the frames of BERTopic, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from topics.bertopic._fitted import Fitted
from topics.errors import InputError
from topics.timeline import over_time

if TYPE_CHECKING:
    import pandas as pd

    from topics.records import Records

_N_TERMS = 5  # BERTopic's, of a topic at a time or in a class
_MAX_VALUES = 20_000  # periods of a timeline


def topic_info(
    fitted: Fitted, labels: Mapping[int, str], *, custom: Sequence[str] | None, aspects: Sequence[str]
) -> pd.DataFrame:
    """One row a topic, noise first, with BERTopic's columns and one more a given aspect.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    labels : Mapping of int to str
        BERTopic's label of each topic.
    custom : sequence of str or None
        The user's label of each topic.
    aspects : sequence of str
        Names of further columns with the terms.
    """
    import pandas as pd

    info = pd.DataFrame({"Topic": fitted.topics, "Count": [fitted.sizes[topic] for topic in fitted.topics]})
    info["Name"] = info["Topic"].map(dict(labels))
    if custom is not None and len(custom) == len(info):
        info["CustomName"] = list(custom)
    words = {topic: [term for term, _ in terms] for topic, terms in fitted.representations.items()}
    for name in ("Representation", *aspects):
        info[name] = info["Topic"].map(words)
    info["Representative_Docs"] = info["Topic"].map(fitted.representative)
    return info


def document_info(fitted: Fitted, info: pd.DataFrame, *, df: pd.DataFrame | None, docs: Sequence[str]) -> pd.DataFrame:
    """One row a text, with the columns of its topic, ``Top_n_words``, ``Probability``, ``Representative_document``.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    info : pandas.DataFrame
        Of :func:`topic_info`.
    df : pandas.DataFrame or None
        One row a text, to which the columns are added.
    docs : sequence of str
        The texts.
    """
    import pandas as pd

    checked(fitted, docs)
    frame = pd.DataFrame() if df is None else df.copy()
    frame["Document"], frame["Topic"] = list(docs), fitted.labels
    frame = frame.merge(info.drop(columns="Count"), on="Topic", how="left")
    words = {topic: " - ".join(term for term, _ in terms) for topic, terms in fitted.representations.items()}
    frame["Top_n_words"] = frame["Topic"].map(words)
    frame["Probability"] = fitted.strengths
    evidence = {doc_id for ids in fitted.frame["evidence"] for doc_id in ids}
    frame["Representative_document"] = [doc_id in evidence for doc_id in fitted.doc_ids]
    return frame


def by_value(
    fitted: Fitted, values: Sequence[Any], *, column: str, topics: Sequence[int] | None = None
) -> pd.DataFrame:
    """One row a topic and value that share texts: ``Topic, Words, Frequency`` and the value, in its order.

    Words are those that the topic has more of at this value than at others, and where texts are few the topic's own.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    values : sequence
        One a text, such as a time or a class.
    column : str
        What the value is called.
    topics : sequence of int or None
        One a text; None takes the run's.

    Raises
    ------
    ValueError
        If there is not one a text, or there are more than 20,000 of them.
    """
    import pandas as pd

    labels = fitted.labels if topics is None else np.asarray(topics, dtype=np.int64)
    for name, given in ((column.lower(), values), ("topics", labels)):
        if len(given) != len(fitted.texts):
            raise InputError(f"expected {name} for {len(fitted.texts):,} texts, one each, got {len(given):,}")
    codes, known = pd.factorize(pd.Series(list(values)), sort=True)
    if len(known) > _MAX_VALUES:
        raise InputError(f"expected at most {_MAX_VALUES:,} values of {column.lower()}, got {len(known):,}: bin them")
    rows = pd.DataFrame(
        {
            "doc_id": fitted.doc_ids, "text": list(fitted.texts), "topic": labels, "copy_of": None,
            "date": pd.to_datetime(codes, unit="D", utc=True), "date_precision": "day",
        }
    )[(fitted.rows >= 0) & (codes >= 0)]  # fmt: skip
    found = over_time(cast(Any, _AtValues(rows, fitted.run.records)), "day", n_terms=_N_TERMS).frame
    found = found[found["n_documents"] > 0]
    first = pd.Timestamp("1970-01-01", tz="UTC")
    at = ((found["period"] - first) // pd.Timedelta("1D")).astype(int)
    own = {topic: [term for term, _ in terms[:_N_TERMS]] for topic, terms in fitted.representations.items()}
    words = [
        ", ".join(list(terms) or own.get(topic, []))
        for topic, terms in zip(found["topic"], found["terms"], strict=True)
    ]
    frame = pd.DataFrame(
        {
            "Topic": found["topic"].to_numpy(dtype=np.int64), "Words": words,
            "Frequency": found["n_documents"].to_numpy(dtype=np.int64), column: known.take(at.to_numpy()),
        }
    )  # fmt: skip
    return frame.assign(at=at.to_numpy()).sort_values(["at", "Topic"]).drop(columns="at").reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _AtValues:
    """What a timeline is counted from: rows with a day each, and the records that have the terms."""

    rows: pd.DataFrame
    records: Records

    def documents(self) -> pd.DataFrame:
        return self.rows


def times_of(timestamps: Sequence[Any], *, nr_bins: int | None, datetime_format: str | None) -> Any:
    """The timestamps as BERTopic reads them: texts are dates, and with bins each is the left edge of its own.

    Parameters
    ----------
    timestamps : sequence
        One a text: dates, texts of dates, or numbers.
    nr_bins : int or None
        How many periods of equal length there are; None leaves each timestamp as it is.
    datetime_format : str or None
        Of texts, as in ``strptime``.

    Raises
    ------
    ValueError
        If a text is no date.
    """
    import pandas as pd

    times = pd.Series(list(timestamps))
    if len(times) and isinstance(times.iloc[0], str):
        try:
            times = pd.to_datetime(times, format=datetime_format or "mixed")
        except (ValueError, TypeError) as error:
            raise InputError(f"expected timestamps that are dates, got one that is not: {error}") from error
    if not nr_bins:
        return times
    bins: Any = pd.cut(times, bins=nr_bins)
    return pd.Series([interval.left for interval in bins])


def checked(fitted: Fitted, docs: Sequence[str]) -> None:
    """Refuse texts that are not as many as were fitted.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    docs : sequence of str
        What was given.

    Raises
    ------
    ValueError
        If they are more or fewer.
    """
    if len(docs) != len(fitted.texts):
        raise InputError(
            f"expected the {len(fitted.texts):,} texts of the fit, in their order, got {len(docs):,}: for new ones ask "
            "transform"
        )

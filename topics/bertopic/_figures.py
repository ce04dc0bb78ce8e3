"""BERTopic's figures, drawn by ``topics.plot``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from topics import plot
from topics.bertopic._fitted import Fitted
from topics.errors import InputError
from topics.evaluate import group_cells
from topics.records import NOISE

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure


@dataclass(frozen=True)
class Look:
    """How a figure is asked for.

    Attributes
    ----------
    topics : sequence of int or None
        Those that are shown; None shows all.
    top_n : int or None
        The largest of them; None shows as many as have room.
    custom : Mapping of int to str or None
        Names in place of the run's.
    title : str or None
        Above the figure.
    width, height : int or None
        In pixels; None takes what the figure needs.
    """

    topics: Sequence[int] | None = None
    top_n: int | None = None
    custom: Mapping[int, str] | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None

    def frame(self, fitted: Fitted) -> pd.DataFrame:
        """The topics that are shown, with their names.

        Parameters
        ----------
        fitted : Fitted
            The run and its texts.

        Raises
        ------
        ValueError
            If one does not exist.
        """
        frame = fitted.frame
        if self.topics is not None:
            unknown = sorted(set(self.topics) - set(frame["topic"]) - {NOISE})
            if unknown:
                raise InputError(f"there is no topic {unknown[0]!r}: topics are 0 to {len(frame) - 1}")
            frame = frame[frame["topic"].isin(self.topics)]
        if self.top_n is not None:
            frame = frame.sort_values(["size", "topic"], ascending=[False, True]).head(self.top_n)
        if self.custom:
            names = frame["topic"].map(dict(self.custom))
            frame = frame.assign(name=names.where(names.notna(), frame["name"]))
        return frame

    def on(self, figure: Figure) -> Figure:
        """The figure with the title and the size that were asked for.

        Parameters
        ----------
        figure : plotly.graph_objects.Figure
            As it was drawn.
        """
        asked = {
            name: value
            for name, value in (("title", self.title), ("width", self.width), ("height", self.height))
            if value is not None
        }
        return figure.update_layout(**asked) if asked else figure


def documents_map(fitted: Fitted, look: Look, *, places: Any = None) -> Figure:
    """The map of documents, those of other topics left out.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    places : array-like of shape (n_texts, 2) or None
        Where each text is drawn; None takes the run's map.

    Raises
    ------
    ValueError
        If there is not one place a text.
    """
    documents, topics = fitted.run.documents(), look.frame(fitted)
    if places is not None:
        points = np.asarray(places, dtype=np.float64)
        if points.shape != (len(fitted.texts), 2):
            raise InputError(f"expected reduced_embeddings of shape ({len(fitted.texts)}, 2), got {points.shape}")
        at = {doc_id: point for doc_id, point in zip(fitted.doc_ids, points.tolist(), strict=True) if doc_id}
        canonical = documents["copy_of"].where(documents["copy_of"].notna(), documents["doc_id"])
        documents = documents.assign(x=[at[i][0] for i in canonical], y=[at[i][1] for i in canonical])
    if look.topics is not None or look.top_n is not None:
        documents = documents[documents["topic"].isin([*topics["topic"], *([NOISE] if look.topics is None else [])])]
    return look.on(plot.draw_map(documents, topics))


def term_bars(fitted: Fitted, look: Look, *, n_words: int | None = None) -> Figure:
    """Terms of topics and their weights.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    n_words : int or None
        Terms of a topic, at most; None shows all.
    """
    topics = look.frame(fitted)
    n_terms = fitted.run.config.label.n_terms if n_words is None else n_words
    return look.on(plot.draw_terms(topics, max_topics=max(1, len(topics)), n_terms=n_terms))


def topic_similarity(fitted: Fitted, look: Look) -> Figure:
    """How near topics are to each other.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    """
    return look.on(plot.draw_similarity(look.frame(fitted)))


def levels_tree(fitted: Fitted, look: Look) -> Figure:
    """Levels from coarse to fine.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    """
    topics, documents = look.frame(fitted), fitted.run.documents()
    if look.topics is not None or look.top_n is not None:
        documents = documents[documents["topic"].isin(topics["topic"])]
    return look.on(plot.draw_tree(documents, topics, levels=fitted.run.levels()))


def over_values(fitted: Fitted, look: Look, *, counted: pd.DataFrame, column: str) -> Figure:
    """Shares of topics over time, or by class, with 95 % intervals.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    counted : pandas.DataFrame
        Of ``topics_over_time`` or ``topics_per_class``: ``Topic, Words, Frequency`` and the column.
    column : {"Timestamp", "Class"}
        Which of them.

    Raises
    ------
    ValueError
        If it is another frame, or timestamps are numbers that are no years.
    """
    needed = ["Topic", "Words", "Frequency", column]
    missing = [name for name in needed if name not in getattr(counted, "columns", ())]
    if missing:
        raise InputError(f"expected a frame with {', '.join(needed)}, got one without {', '.join(missing)}")
    table = counted.pivot_table(index="Topic", columns=column, values="Frequency", aggfunc="sum", fill_value=0)
    cells = group_cells(table.to_numpy(dtype=np.int64))
    cells["topic"] = [int(table.index[i]) for i in cells["row"]]
    cells["group"] = [table.columns[j] for j in cells["column"]]
    topics = look.frame(fitted)
    shown = cells[cells["topic"].isin([*topics["topic"], *([NOISE] if look.topics is None else [])])]
    words = {(row["Topic"], row[column]): row["Words"].split(", ") for row in counted.to_dict("records")}
    at_cell = zip(shown["topic"], shown["group"], strict=True)
    if column == "Class":
        said = {row["topic"]: ", ".join(row["terms"][:3]) for row in topics.to_dict("records")}
        shown = shown.assign(terms=[said.get(topic, "") for topic in shown["topic"]], group=shown["group"].astype(str))
        return look.on(plot.draw_groups(shown, topics, max_topics=max(1, len(topics))))
    sizes = table.sum()
    shown = shown.assign(
        terms=[words.get(key, []) for key in at_cell], n_documents=shown["n"],
        n_period=[int(sizes[group]) for group in shown["group"]], period=_dates(shown["group"]),
    )  # fmt: skip
    shown = shown.sort_values(["topic", "period"])
    return look.on(plot.draw_over_time(shown, topics, max_topics=max(1, len(topics))))


def shares_of_one(fitted: Fitted, look: Look, *, probabilities: Any, min_probability: float) -> Figure:
    """One document's membership in topics.

    Parameters
    ----------
    fitted : Fitted
        The run and its texts.
    look : Look
        What is asked for.
    probabilities : array-like of shape (n_topics,)
        A row of what ``approximate_distribution`` or ``transform`` gives.
    min_probability : float
        Topics with less are left out.

    Raises
    ------
    ValueError
        If it is no such row, or none of it is as large.
    """
    import pandas as pd

    shares = np.asarray(probabilities, dtype=np.float64).ravel()
    topics = look.frame(fitted)
    if len(shares) != len(fitted.frame):
        raise InputError(f"expected one share for each of {len(fitted.frame)} topics, got {len(shares)}")
    shown = np.flatnonzero(shares >= min_probability)
    if not len(shown):
        raise InputError(f"expected a topic with a share of at least {min_probability}, got {shares.max():.3f} at most")
    frame = pd.DataFrame({"doc_id": "document", "topic": shown, "membership": shares[shown]})
    return look.on(plot.draw_document(frame, "document", topics=topics, max_topics=len(shown)))


def _dates(times: pd.Series) -> pd.Series:
    import pandas as pd

    if pd.api.types.is_numeric_dtype(times):
        if not times.between(1000, 9999).all() or (times % 1 != 0).any():
            raise InputError(f"expected timestamps that are dates or years, got {times.iloc[0]!r}: make dates of them")
        return pd.to_datetime(times.astype(int).astype(str), format="%Y")
    return pd.to_datetime(times)

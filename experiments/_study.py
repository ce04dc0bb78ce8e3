"""What every experiment shares: its arguments, the labeled corpora, stored fits, tables, figures and times."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

import topics
from topics.articles import sample_path
from topics.config import ArticlesParams
from topics.evaluate import adjusted_mutual_information, adjusted_rand
from topics.records import Corpus
from topics.store import Store

DATA = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
CORPORA = {
    "bbc_news": ("bbc_news.parquet", "label"),
    "allsides_10topics": ("allsides_10topics.parquet", "label"),
    "ecbplus_stories": ("ecbplus_stories.parquet", "story"),
    "reuters_single": ("reuters_single.parquet", "label"),
    "20 Newsgroups": ("newsgroups20_train_2000.parquet", "label"),
    "arxiv_20": ("arxiv_20.parquet", "label"),
    "masakhanews, English": ("masakhanews_english.parquet", "label"),
    "huffpost_titles_10": ("huffpost_titles_10.parquet", "label"),
    "wikiref_stories": ("wikiref_stories.parquet", "story"),
    "sib200, English": ("sib200_4lang.parquet", "label"),
    "sample": ("", "gold_topic"),
}
NEWS = ("allsides_10topics", "bbc_news", "ecbplus_stories", "ukraine_media_2022h1")
SMOKE_DOCUMENTS = 60
SMOKE = {"embed": {"encoder": "lsa"}, "reduce": {"n_layouts": 3, "n_epochs": 20}}  # no weights, few layouts
COLORS = ["#0b5394", "#d55e00", "#2e8b57", "#8a6d1f", "#b5338a", "#4a4f57"]
WORDS = {
    "corpus",
    "level",
    "encoder",
    "method",
    "name",
    "cleaning",
    "which",
    "score",
    "measure",
    "counted in",
    "",
}  # left


# --- arguments


def parser(
    doc: str, *, smoke: str, seeds: int = 0, parts: Sequence[str] = (), labeled: bool = False, articles: bool = False
) -> argparse.ArgumentParser:
    """The arguments that experiments have in common; ``doc`` is the script's head, ``articles`` are the user's own."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--smoke", action="store_true", help=f"does it run at all? {smoke}")
    made.add_argument("--out", type=Path, default=Path("runs"), help="folder of stored stages, rows and figures")
    data = "folder of the development data" + (", or a file of articles of your own, with --label" if labeled else "")
    if articles:
        data = "articles, as topics run takes them; default: the bundled sample"
    made.add_argument("--data", type=Path, default=sample_path() if articles else DATA, help=data)
    if labeled or articles:
        made.add_argument("--label", default=None, help="column of human labels in articles of your own")
    if labeled:
        made.add_argument("--only", action="append", default=[], help="a corpus, or what its name starts with")
    if seeds:
        made.add_argument("--seeds", type=int, default=seeds, help="random states")
    if parts:
        made.add_argument("--part", action="append", choices=parts, default=[], help="default: all")
    return made


def left_out(options: argparse.Namespace, *files: str) -> bool:
    """Whether files of the development data are missing; says which, and how to name the folder."""
    missing = [file for file in files if not (options.data / file).exists()]
    if missing:
        console().print(f"left out: {options.data} has no {', '.join(missing)} (set TOPICS_DATA, or --data)")
    return bool(missing)


# --- corpora


@dataclass(frozen=True)
class Labeled:
    """Documents, and a human label each; None where it is a story of a round-up and has none."""

    name: str
    corpus: Corpus
    labels: np.ndarray

    @property
    def known(self) -> np.ndarray:
        """Whether each document has a label."""
        return np.array([label is not None for label in self.labels])

    @property
    def truth(self) -> np.ndarray:
        """The labels of those that have one."""
        return self.labels[self.known].astype(str)

    @property
    def title(self) -> str:
        """Name, documents and labels."""
        return f"{self.name} ({self.corpus.n_docs:,}; {len(set(self.truth))})"

    def ami(self, found: np.ndarray) -> float:
        """Agreement of a labeling of all documents with people's; noise is a cluster of its own."""
        return float(adjusted_mutual_information(self.truth, found[self.known]))


def corpora(options: argparse.Namespace) -> Iterator[Labeled]:
    """The user's own articles; or the development corpora that are there, and the sample; or 60 of its pages."""
    if options.data.is_file() or options.label:
        if not (options.data.is_file() and options.label):
            raise SystemExit("--data FILE and --label COLUMN come together")
        yield labeled(options.data.stem, options.data, options.label)
        return
    for name, (file, column) in CORPORA.items():
        path = options.data / file if file else sample_path()
        wanted = name == "sample" if options.smoke else not options.only or name.startswith(tuple(options.only))
        if wanted and path.exists():
            say(f"{name} …")
            frame = pd.read_parquet(path)
            if name.startswith("sib200"):
                frame = frame[frame["lang"] == "eng_Latn"].drop(columns="lang")
            yield labeled(name, frame.head(SMOKE_DOCUMENTS) if options.smoke else frame, column)


def labeled(name: str, articles: pd.DataFrame | Path, column: str) -> Labeled:
    """The documents of a frame or file, with the labels in one of its columns."""
    corpus = topics.read(articles, ArticlesParams())
    column = column if f"{column}_given" not in corpus.documents.column_names else f"{column}_given"
    labels = np.array(corpus.documents[column].to_pylist(), dtype=object)
    labels[[parent is not None for parent in corpus.documents["parent_id"].to_pylist()]] = None
    return Labeled(name, corpus, labels)


def texts_of(name: str, folder: Path) -> list[str]:
    """Title and text of every article of a development corpus."""
    frame = pd.read_parquet(folder / f"{name}.parquet")
    return (frame["title"].fillna("") + "\n\n" + frame["text"]).tolist() if "title" in frame else frame["text"].tolist()


# --- fits


def fit(
    options: argparse.Namespace, corpus: Corpus, config: Mapping[str, Any] | None = None, *, embeddings: Any = None
) -> Any:
    """The records of every stage; what ``--out`` holds is not computed again, a smoke run is small where not told."""
    sections = dict(config or {})
    if options.smoke:
        for section, values in SMOKE.items():
            sections[section] = {**values, **dict(sections.get(section, {}))}
    store = Store(options.out / ".store")  # where topics.run keeps what it computes
    return topics.pipeline.fit(topics.RunConfig.from_dict(sections), corpus, embeddings=embeddings, store=store)


def agreement(labelings: Sequence[np.ndarray]) -> float:
    """Mean ARI of every two labelings; NaN of one."""
    pairs = [adjusted_rand(one, other) for one, other in combinations(labelings, 2)]
    return float(np.mean(pairs)) if pairs else float("nan")


def n_clusters(labels: Iterable[int]) -> int:
    """Clusters of a labeling, noise left out."""
    return len(set(np.asarray(labels).tolist()) - {topics.NOISE})


def span(counts: Sequence[int]) -> str:
    """Of several counts the smallest and the largest."""
    return str(min(counts)) if min(counts) == max(counts) else f"{min(counts)}–{max(counts)}"


def mean_and_spread(values: Sequence[float] | np.ndarray) -> str:
    """Mean and standard deviation."""
    return f"{np.mean(values):.3f} ± {np.std(values):.3f}"


# --- tables and figures


def console() -> Console:
    """A console that breaks no table where its output is not a terminal."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 170)


def say(text: str) -> None:
    """One line."""
    console().print(text)


def show(rows: Sequence[Mapping[str, object]], *, title: str = "") -> None:
    """Print a table of rows; columns of words stand left, all others right."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    for column in dict.fromkeys(name for row in rows for name in row):
        table.add_column(str(column), justify="left" if column in WORDS else "right")
    for row in rows:
        cells = (row.get(str(column.header), "") for column in table.columns)
        table.add_row(*(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells))
    console().print(table)


def keep(rows: Sequence[Mapping[str, object]], path: Path) -> None:
    """Write rows as CSV, for whoever draws them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_csv(path, index=False)
    say(f"rows: {path}")


def save_figure(figure: Any, path: Path, **layout: Any) -> None:
    """Write a Plotly figure in the experiments' one style."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.update_layout(template="plotly_white", **layout)
    figure.write_html(path, include_plotlyjs=True)
    say(f"figure: {path}")


def draw_lines(
    rows: Sequence[Mapping[str, object]], path: Path, *, x: str, y: str, one_line_each: str, **layout: Any
) -> None:
    """Write a figure of one column against another, one line each value of a third."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for i, (name, group) in enumerate(pd.DataFrame(rows).groupby(one_line_each, sort=False)):
        line = {"color": COLORS[i % len(COLORS)], "width": 2, "dash": ("solid", "dot")[i // len(COLORS) % 2]}
        figure.add_scatter(x=group[x], y=group[y], name=str(name), mode="lines+markers", line=line)
    save_figure(figure, path, width=900, height=520, **layout)


# --- times and memory


def in_turn(calls: Mapping[str, Callable[[], object]], *, turns: int, warm_up: bool = True) -> dict[str, list[float]]:
    """Seconds of each call, taken in turn, so that what else the machine does meets all alike."""
    if warm_up:
        for call in calls.values():
            call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(turns):
        for name, call in calls.items():
            started = time.perf_counter()
            call()
            taken[name].append(time.perf_counter() - started)
    return taken


def times_as_fast(seconds: Sequence[float], reference: Sequence[float]) -> str:
    """Median and range of the ratio, turn by turn."""
    ratios = [theirs / ours for ours, theirs in zip(seconds, reference, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def in_process(
    script: str, *arguments: object, environment: Mapping[str, str] | None = None
) -> tuple[float, str] | None:
    """Seconds of a fresh process that runs ``script --child …``, and what it printed; None where it failed."""
    command = [sys.executable, "-W", "ignore", script, "--child", *map(str, arguments)]
    started = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    if done.returncode and environment is None:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr}")
    return None if done.returncode else (seconds, done.stdout)


def memory_mib(field: str) -> float:
    """Memory of this process in MiB: "VmRSS" now, "VmHWM" the most so far; NaN where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), float("nan"))


def forget_peak() -> None:
    """Start VmHWM anew."""
    if (switch := Path("/proc/self/clear_refs")).exists():
        switch.write_text("5", encoding="utf-8")

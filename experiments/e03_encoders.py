"""Encoders: which turns articles into the best topics, at what speed and in how much memory?

Question   How well do the topics of each encoder agree with human labels, how fast is it, and does the hybrid beat
           both its parents?
Command    python experiments/e03_encoders.py [--part corpora|speed|memory]… [--seeds N] [--smoke]
Data       The labelled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample.
Expected   The hybrid nowhere more than .01 AMI below its better parent; MiniLM at least 2.5 times as fast as
           sentence-transformers' defaults where the CPU computes in bfloat16; static at least 100 times MiniLM.
Run time   About 40 minutes on 2 cores for everything: corpora 25, speed 3, memory 10.

corpora  Each encoder's vectors go through the same later stages with ``--seeds`` random states. AMI (noise is a cluster
         of its own) is shown at the default level, and at the best of a grid of leaf and excess-of-mass cuts of one
         layout with noise moved to the nearest centroid: the first shows what a user gets, the second what the vectors
         allow.
speed    500 AllSides articles: this encoder and SentenceTransformer.encode with its defaults in turn, on the same
         tokens; the static encoder and MiniLM on the same articles.
memory   Peak memory above the model's own while 100,000 short texts are embedded, in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from corpora import DATA, Labelled, labelled_corpora
from rich.console import Console
from rich.table import Table

from topics import RunConfig, cluster, embed, pipeline
from topics.articles import from_texts
from topics.config import EmbedParams
from topics.evaluate import adjusted_mutual_information
from topics.records import NOISE, Corpus, Embeddings

ENCODERS = {
    "lsa": {"encoder": "lsa"},
    "static": {"encoder": "static"},
    "MiniLM, cut off": {"encoder": "sentence-transformer", "long_texts": "truncate"},
    "MiniLM, whole": {"encoder": "sentence-transformer"},
    "hybrid, static": {"encoder": "hybrid", "semantic": "static"},
    "hybrid": {"encoder": "hybrid"},
}
PARENTS = {"hybrid": ("lsa", "MiniLM, whole"), "hybrid, static": ("lsa", "static")}


def agreement(embeddings: Embeddings, labelled: Labelled, seeds: int) -> tuple[float, float]:
    """Mean AMI over seeds at the level that is chosen, and at the best cut of the grid."""
    default, grid = [], []
    for seed in range(seeds):
        fit = pipeline.fit(RunConfig(random_state=seed), labelled.corpus, embeddings=embeddings)
        default.append(adjusted_mutual_information(labelled.truth, fit.clusters.labels[labelled.known]))
        points, tree = fit.layouts[0].points, fit.trees[0].single_linkage
        grid.append(
            [
                adjusted_mutual_information(labelled.truth, to_nearest(cut, points)[labelled.known])
                for cut in cuts(tree, labelled.corpus.n_docs)
            ]
        )
    return float(np.mean(default)), float(np.mean(grid, axis=0).max())


def cuts(tree: np.ndarray, n_docs: int) -> Iterator[np.ndarray]:
    dendrogram = cluster.Dendrogram.of(tree)
    size = 5.0
    while size < max(n_docs / 4, 6):
        yield dendrogram.leaf_cut(round(size))
        yield dendrogram.eom_cut(round(size))
        size *= 1.3


def to_nearest(labels: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Noise given to the cluster with the nearest centroid."""
    if labels.max() == NOISE:
        return labels
    centroids = np.stack([points[labels == k].mean(axis=0) for k in range(labels.max() + 1)])
    nearest = ((points[:, None] - centroids) ** 2).sum(axis=2).argmin(axis=1)
    return np.where(labels == NOISE, nearest, labels)


def compare_corpora(seeds: int, smoke: bool, out: Path, console: Console) -> None:
    encoders = {name: values for name, values in ENCODERS.items() if not smoke or name in ("lsa", "hybrid")}
    rows = []
    for labelled in labelled_corpora(smoke=smoke):
        name, corpus = labelled.name, labelled.corpus
        console.print(f"\n[bold]{name}[/bold], {corpus.n_docs} documents")
        table = Table(header_style="bold", box=None)
        columns = ("encoder", "AMI, best cut", "AMI, default cut", "documents/s", "lexical weight")
        for column in columns:
            table.add_column(column, justify="left" if column == "encoder" else "right")
        parts: dict[str, tuple[Embeddings, float]] = {}
        for label, values in encoders.items():
            embeddings, seconds = timed(corpus, embed.encoder_for(EmbedParams(**values)), parts)
            default, best = agreement(embeddings, labelled, seeds)
            weight = f"{embeddings.lexical_weight:.1f}" if label.startswith("hybrid") else ""
            table.add_row(label, f"{best:.3f}", f"{default:.3f}", f"{corpus.n_docs / seconds:.0f}", weight)
            rows.append({"corpus": name, "encoder": label, "best": best, "default": default})
        console.print(table)
    frame = pd.DataFrame(rows)
    against_parents(frame, console)
    draw(frame, out / "e03_encoders.html")
    console.print(f"figure: {out / 'e03_encoders.html'}")


def timed(
    corpus: Corpus, encoder: embed.Encoder | embed.Hybrid, parts: dict[str, tuple[Embeddings, float]]
) -> tuple[Embeddings, float]:
    """Embeddings and seconds; a hybrid's parts are taken, time and all, where they are there already."""
    key = embed.plan(encoder, corpus).key
    if key in parts:
        return parts[key]
    warm(encoder)
    started = time.perf_counter()
    if isinstance(encoder, embed.Hybrid):
        semantic, one = timed(corpus, encoder.semantic, parts)
        lexical, other = timed(corpus, encoder.lexical, parts)
        started = time.perf_counter()
        weight = embed.weigh(corpus, encoder, semantic=semantic)
        made = embed.combine(corpus, encoder, semantic=semantic, lexical=lexical, weight=weight)
        parts[key] = made, time.perf_counter() - started + one + other
    else:
        made = embed.embed(corpus, encoder)
        parts[key] = made, time.perf_counter() - started
    return parts[key]


def warm(encoder: embed.Encoder | embed.Hybrid) -> None:
    """Load the model or distil the table, which is no part of the speed."""
    semantic = encoder.semantic if isinstance(encoder, embed.Hybrid) else encoder
    if semantic.shard_rows is not None:
        semantic.encode(["A text to load the model."])


def against_parents(frame: pd.DataFrame, console: Console) -> None:
    for measure in ("best", "default"):
        table = frame.pivot_table(index="corpus", columns="encoder", values=measure)
        for child, parents in PARENTS.items():
            if child in table and set(parents) <= set(table):
                gain = table[child] - table[list(parents)].max(axis=1)
                console.print(
                    f"{child}, {measure} cut, against its better parent: mean {gain.mean():+.3f}, "
                    f"worst {gain.min():+.3f} ({gain.idxmin()})"
                )


def draw(frame: pd.DataFrame, path: Path) -> None:
    import plotly.graph_objects as go

    colours = ["#9aa5b1", "#56b4e9", "#e69f00", "#d55e00", "#0072b2", "#000000"]
    symbols = ["circle-open", "square-open", "triangle-up", "triangle-up", "square", "diamond"]
    figure = go.Figure()
    places = {corpus: place for place, corpus in enumerate(frame["corpus"].unique())}
    groups = list(frame.groupby("encoder", sort=False))
    for i, ((name, group), colour, symbol) in enumerate(zip(groups, colours, symbols, strict=False)):
        beside = (i - (len(groups) - 1) / 2) * 0.12  # one line each, so that none hides another
        figure.add_scatter(
            x=group["best"], y=group["corpus"].map(places) + beside, mode="markers", name=str(name),
            marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2, "color": colour}},
        )  # fmt: skip
    figure.update_layout(
        template="plotly_white", width=900, height=140 + 90 * len(places),
        title="Agreement with human labels at the best cut, by encoder",
        xaxis_title="AMI (1 is perfect, 0 is chance)", legend_title="encoder", margin={"l": 160},
        yaxis={"autorange": "reversed", "tickvals": list(places.values()), "ticktext": list(places), "zeroline": False},
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.write_html(path, include_plotlyjs=True)


def compare_speed(pairs: int, smoke: bool, console: Console) -> None:
    from sentence_transformers import SentenceTransformer

    frame = pd.read_parquet(DATA / "allsides_10topics.parquet").head(20 if smoke else 500)
    texts = (frame["title"].fillna("") + "\n\n" + frame["text"]).tolist()
    ours = embed.SentenceTransformerEncoder(EmbedParams(long_texts="truncate"))
    theirs = SentenceTransformer(str(ours.folder), device="cpu")
    table = embed.encoder_for(EmbedParams(encoder="static"))
    for encoder in (ours, table):
        warm(encoder)
    theirs.encode(texts[:8])
    whole = embed.SentenceTransformerEncoder(EmbedParams())
    warm(whole)
    rates: dict[str, list[float]] = {"ours": [], "theirs": [], "static": [], "whole": []}
    cosine = 1.0
    for _ in range(pairs):
        for name, compute in (
            ("theirs", lambda: theirs.encode(texts)),
            ("ours", lambda: ours.encode(texts).vectors),
            ("static", lambda: table.encode(texts).vectors),
            ("whole", lambda: whole.encode(texts).vectors),
        ):
            started = time.perf_counter()
            vectors = compute()
            rates[name].append(len(texts) / (time.perf_counter() - started))
            if name == "theirs":
                reference = vectors
            elif name == "ours":
                cosine = min(cosine, embed.precision.smallest_cosine(vectors, reference))
    ratios = [one / other for one, other in zip(rates["ours"], rates["theirs"], strict=True)]
    faster = {
        name: statistics.median(one / other for one, other in zip(rates["static"], rates[name], strict=True))
        for name in ("whole", "ours", "theirs")
    }
    console.print(f"{len(texts)} articles, 256 tokens each, {pairs} turns, {os.cpu_count()} cores")
    console.print(f"SentenceTransformer.encode  {statistics.median(rates['theirs']):8.1f} documents/s")
    console.print(
        f"this encoder ({ours.identity['precision']})     {statistics.median(rates['ours']):8.1f} documents/s, ratio "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}), smallest cosine {cosine:.5f}"
    )
    console.print(f"this encoder, whole         {statistics.median(rates['whole']):8.1f} documents/s")
    console.print(
        f"static, whole               {statistics.median(rates['static']):8.1f} documents/s, {faster['whole']:.0f} "
        f"times this encoder on whole articles, {faster['ours']:.0f} times on 256 tokens, {faster['theirs']:.0f} times "
        "sentence-transformers' on 256 tokens"
    )


def memory_child(n: int) -> None:
    """Embed so many short texts and print the vectors' size and the peak above what the model alone takes, in MiB."""
    words = np.random.default_rng(0)
    nouns = [f"{a}{b}" for a in ("har", "sun", "mil", "ver", "tor") for b in ("bour", "day", "lion", "dict", "que")]
    texts = [f"Report {i} on {' '.join(words.choice(nouns, 8))}" for i in range(n)]
    corpus, _ = from_texts(texts)
    encoder = embed.SentenceTransformerEncoder(EmbedParams())
    encoder.encode(texts[:2000])
    Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # forget the peak so far
    before = status("VmRSS")
    vectors = embed.embed(corpus, encoder).vectors
    print(vectors.nbytes / 2**20, status("VmHWM") - before)


def status(field: str) -> float:
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return float("nan")


def measure_memory(n: int, console: Console) -> None:
    printed = subprocess.run(
        [sys.executable, __file__, "--child", str(n)], check=True, capture_output=True, text=True
    ).stdout
    size, peak = map(float, printed.split()[-2:])
    console.print(
        f"{n} short texts: vectors {size:.0f} MiB, peak above the model's own {peak:.0f} MiB, {peak / size:.2f} ×"
    )


def main(arguments: list[str] | None = None) -> None:
    """Compare the encoders and print the tables."""
    if arguments is None and sys.argv[1:2] == ["--child"]:
        memory_child(int(sys.argv[2]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", action="append", choices=["corpora", "speed", "memory"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of the figure")
    parser.add_argument("--smoke", action="store_true", help="60 pages of the sample, two encoders, one seed")
    options = parser.parse_args(arguments)
    console = Console(highlight=False)
    parts = options.part or (["corpora"] if options.smoke else ["corpora", "speed", "memory"])
    if "corpora" in parts:
        compare_corpora(1 if options.smoke else options.seeds, options.smoke, options.out, console)
    if "speed" in parts and not DATA.is_dir():
        console.print(f"speed: left out, the development data is not at {DATA} (set TOPICS_DATA)")
    elif "speed" in parts:
        compare_speed(1 if options.smoke else options.pairs, options.smoke, console)
    if "memory" in parts:
        measure_memory(2_000 if options.smoke else 100_000, console)


if __name__ == "__main__":
    main()

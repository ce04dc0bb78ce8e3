"""One fit of one tool in a process of its own, what came of it, and the tables of that."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import _coherence
import _peers as peers
import _study as study
import numpy as np
import pandas as pd

import topics
from topics.evaluate import adjusted_mutual_information, b_cubed, coherence, diversity
from topics.graph import Runner
from topics.records import Embeddings, Reading
from topics.store import Store

DEFAULT, ALONE = "hybrid", "MiniLM"
MEANS = ("ami", "ami_each_alone", "ami_clustered", "b_cubed", "k_error", "noise", "npmi", "c_v", "diversity")


# --- one fit


class Work:
    """A corpus with its vectors, kept for the processes of the fits, and what came of those that are done.

    ``OUT/e11_peers/<corpus>/`` holds one file a tool, version and seed: its labels, terms and row.
    """

    def __init__(self, options: Any, corpus: study.Labeled) -> None:
        self.options, self.corpus = options, corpus
        self.folder = (
            Path(options.out) / "e11_peers" / f"{corpus.name.replace(', ', '-')}-{corpus.corpus.origin.key[:8]}"
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        self.documents = [_coherence.words(text) for text in corpus.corpus.full_texts()]
        store = Store(Path(options.out) / ".store")
        kept = Store(self.folder)
        reading = Reading.of(corpus.corpus, corpus.corpus.origin)
        job: dict[str, Any] = {"k": len(set(corpus.truth)), "smoke": options.smoke, "corpus": kept.keep(reading)}
        self.keys: dict[str, str] = {}
        for name in (DEFAULT, ALONE):
            config = peers.config_of(0, smoke=options.smoke, alone=name == ALONE)
            node = topics.pipeline.vectors_for(config, corpus.corpus)
            job[name] = kept.keep(Runner(store, progress=True).get(node))
        (self.folder / "job.json").write_text(json.dumps(job), encoding="utf-8")

    def path(self, tool: peers.Tool, seed: int) -> Path:
        """Where what came of a fit is kept."""
        return self.folder / f"{tool.name} {self.version(tool, seed)}, seed {seed}.json"

    def version(self, tool: peers.Tool, seed: int) -> str:
        """Of its package; of ours the key of its topics, which changes with whatever changes the result."""
        if tool.package != "topics":
            return peers.version_of(tool.package)
        config = peers.config_of(seed, smoke=self.options.smoke, alone=ALONE in tool.name)
        node = topics.pipeline.vectors_for(config, self.corpus.corpus)
        graph = topics.pipeline.topic_graph(config, self.corpus.corpus, embeddings=node)
        return str(graph.topics.origin.key[:8])

    def fit(self, tool: peers.Tool, seed: int) -> bool:
        """Whether the fit is done, now or before; a tool that fails is told and the others go on."""
        path = self.path(tool, seed)
        if path.exists():
            return True
        try:
            _, printed = study.in_process(__file__, self.folder, tool.name, seed)
        except RuntimeError as error:
            study.say(f"left out: {tool.name} on {self.corpus.name}, seed {seed}: {str(error).splitlines()[-1]}")
            return False
        found = json.loads(printed.splitlines()[-1])
        found["row"] = {**self.row(tool, seed, found), "version": self.version(tool, seed)}
        path.write_text(json.dumps(found), encoding="utf-8")
        return True

    def row(self, tool: peers.Tool, seed: int, found: Mapping[str, Any]) -> dict[str, Any]:
        """Every measure of one fit."""
        labels, k = np.array(found["labels"]), study.n_clusters(found["labels"])
        truth, known = self.corpus.truth, self.corpus.known
        single = np.where(labels == topics.NOISE, -1 - np.arange(len(labels)), labels)
        words = [
            [term for term in found["terms"].get(str(label), ()) if " " not in term][: peers.N_TERMS]
            for label in sorted(set(labels.tolist()) - {topics.NOISE})
        ]
        agree = adjusted_mutual_information
        return {
            "corpus": self.corpus.name,
            "method": tool.name,
            "seed": seed,
            "ami": self.corpus.ami(labels),
            "k": k,
            "ami_each_alone": agree(truth, single[known]),
            "ami_clustered": agree(truth, labels[known], noise=False),
            "b_cubed": b_cubed(truth, labels[known]),
            "k_error": abs(k - len(set(truth))) / len(set(truth)),
            "noise": float(np.mean(labels == topics.NOISE)),
            "npmi": float(np.nanmean(coherence(words, self.documents))) if k else float("nan"),
            "c_v": float(np.nanmean(coherence(words, self.documents, measure="c_v"))) if k else float("nan"),
            "diversity": diversity(words),
            **{name: found[name] for name in ("seconds", "cpu_seconds", "peak_mib")},
        }

    def found(self, tools: Iterable[peers.Tool], seeds: int) -> Iterator[dict[str, Any]]:
        """What came of every fit that is done."""
        paths = (self.path(tool, seed) for tool in tools for seed in range(seeds))
        return (json.loads(path.read_text(encoding="utf-8")) for path in paths if path.exists())


def every_row(out: Path) -> pd.DataFrame:
    """The rows of all fits that were ever kept in a folder, of whichever call."""
    paths = sorted((out / "e11_peers").glob("*/*, seed *.json"))
    order = {tool.name: i for i, tool in enumerate(peers.TOOLS)}
    rows = [json.loads(path.read_text(encoding="utf-8"))["row"] for path in paths]
    return pd.DataFrame(sorted(rows, key=lambda row: (row["corpus"], order.get(row["method"], 0), row["seed"])))


# --- tables


def table(found: list[Mapping[str, Any]]) -> list[dict[str, object]]:
    """One row a tool, means over its seeds; of BERTopic the default size and the one that the labels say is best."""
    rows = pd.DataFrame([one["row"] for one in found])
    ami = rows.groupby("method")["ami"].mean()
    of_sizes = ami[ami.index.str.startswith("BERTopic")]
    names = {f"BERTopic {peers.DEFAULT_SIZE}": "BERTopic"}
    best = str(of_sizes.idxmax()) if len(of_sizes) > 1 else ""
    told = {tool.name for tool in peers.TOOLS if tool.told_k}
    made: list[dict[str, object]] = []
    for name, group in rows.groupby("method", sort=False):
        labels = [np.array(one["labels"]) for one in found if one["row"]["method"] == name]
        titles = [names[name]] if name in names else [] if name in of_sizes else [f"{name}*" if name in told else name]
        titles += [f"BERTopic, best of {len(of_sizes)} sizes ({name.split()[-1]})"] if name == best else []
        means = group[list(MEANS)].mean()
        cells = {**_cells(group, means), "ARI of seeds": study.agreement(labels) if len(labels) > 1 else ""}
        made += [{"method": title, **cells} for title in titles]
    return made


def _cells(group: pd.DataFrame, means: pd.Series) -> dict[str, object]:
    titles = {
        "ami": "AMI",
        "ami_each_alone": "noise each alone",
        "ami_clustered": "clustered only",
        "b_cubed": "B-cubed",
        "k": "k",
        "k_error": "error of k",
        "noise": "noise",
        "npmi": "NPMI",
        "c_v": "C_V",
        "diversity": "diversity",
    }
    cells: dict[str, object] = {title: means.get(name) for name, title in titles.items()}
    cells["k"] = ", ".join(map(str, group["k"]))
    costs = {"s": "seconds", "CPU s": "cpu_seconds", "MiB": "peak_mib"}
    return {**cells, **{title: f"{group[name].median():.0f}" for title, name in costs.items()}}


def markdown(title: str, rows: list[dict[str, object]]) -> str:
    """The table as docs/peers.md has it."""
    columns = list(rows[0])
    lines = [f"### {title}", "", "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        cells = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__" and sys.argv[1:2] == ["--child"]:
    there, wanted, of_seed = Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    (the_tool,) = (tool for tool in peers.TOOLS if tool.name == wanted)
    job = json.loads((there / "job.json").read_text(encoding="utf-8"))
    records = {}
    for name, kind in (("corpus", Reading), (DEFAULT if wanted == "topics" else ALONE, Embeddings)):
        records[name] = Store(there).kept(kind, job[name]["stage"], sha256=job[name]["sha256"])
    reading, embeddings = records.values()
    given = peers.Given(reading.corpus(), embeddings, job["k"], of_seed, job["smoke"])
    len(given.texts)  # not timed
    study.forget_peak()
    started, before = time.perf_counter(), sum(os.times()[:4])
    labels, terms = the_tool.fit(given)
    answer = {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": sum(os.times()[:4]) - before,
        "peak_mib": study.memory_mib("VmHWM"),
        "labels": np.asarray(labels).tolist(),
        "terms": terms,
    }
    print("\n" + json.dumps(answer))

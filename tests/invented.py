"""An invented run of any number of topics, shaped as real ones are: unequal sizes, names in many scripts, hostile ones."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

WORDS = (
    "grain", "ceasefire", "sanctions", "wind farm", "blackout", "vaccine", "chip", "central bank", "interest rates",
    "wildfire", "ferry terminal", "national immunization agency", "offshore", "hostage", "transfer window", "refinery",
    "зернова угода", "відключення електроенергії", "санкции", "Центробанк", "війна", "біженці", "переговоры",
    "半导体", "人工智能芯片出口管制", "选举", "原発処理水", "地震", "円安", "의료 파업", "선거",
    "اتفاق وقف إطلاق النار", "النفط", "قطاع غزة", "الانتخابات", "בחירות", "ממשלה", "चुनाव", "ราคาน้ำมัน",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze", "lithium-ion battery gigafactory", "5g", "c++", "covid-19",
)  # fmt: skip
HOSTILE = (
    "<script>window.__pwned=1</script>", "<b>bold</b> <i>name</i>", '<a href="javascript:alert(1)">click</a>',
    "a<br>b<br>c", "</script><img src=x onerror=window.__pwned=1>", "%{x} %{customdata[0]} {{ 7 * 7 }}",
    "costs $5 to $10 a day", "\u202eright to left\u202c", "line\nbreaks\tand\x07bells", "&lt;&amp;&#36;",
    "x" * 300, "👩‍👩‍👧‍👦 family 🇺🇦 flag", "<sub>low</sub><sup>high</sup>", "e\u0301" * 80,
)  # fmt: skip
LONG = "The long, long name that a careful curator once gave to a topic about everything at the same time, and more"


class InventedRun:
    """What figures ask of a run: frames, and a name."""

    def __init__(self, n_topics: int, *, seed: int = 0, per_topic: int = 40, name: str = "") -> None:
        self.name = name or f"invented-{n_topics}"
        self._random = np.random.default_rng(seed)
        sizes = np.maximum(6, per_topic * n_topics / (np.arange(n_topics) + 3) ** 0.9 / 6).astype(int)
        self._topics = self._make_topics(sizes)
        self._documents = self._make_documents(sizes)

    def documents(self) -> pd.DataFrame:
        return self._documents.copy()

    def topics(self) -> pd.DataFrame:
        return self._topics.copy()

    def levels(self) -> pd.DataFrame:
        n = max(1, len(self._topics))
        rows = [("story", 3 * n), ("topic", n), ("theme", max(2, n // 6))]
        return pd.DataFrame(
            {
                "level": [name for name, _ in rows], "chosen": [name == "topic" for name, _ in rows],
                "n_clusters": [k for _, k in rows],
            }
        )  # fmt: skip

    def scan(self) -> pd.DataFrame:
        n = max(2, len(self._topics))
        counts = np.unique(np.geomspace(2, 4 * n, 14).round())[::-1]
        rows = []
        for method, shift in (("leaf", 0.0), ("eom", 0.02)):
            for i, k in enumerate(counts):
                stability = 0.6 + 0.35 * np.exp(-abs(np.log(k / n))) - shift
                rows.append(
                    {
                        "cluster_selection_method": method, "min_cluster_size": 3 + 2 * i, "n_clusters": float(k),
                        "min_clusters": int(k) - 1, "max_clusters": int(k) + 1, "agreement": stability,
                        "rand": stability - 0.02, "noise_share": 0.4 / (i + 1), "stability": stability,
                        "stability_error": 0.02, "level": "topic" if method == "leaf" and k == n else None,
                    }
                )  # fmt: skip
        return pd.DataFrame(rows)

    def membership(self) -> pd.DataFrame:
        rows = []
        for row in self._documents.to_dict("records"):
            if row["topic"] < 0 or row["copy_of"]:
                continue
            others = [(row["topic"] + i) % len(self._topics) for i in range(min(4, len(self._topics)))]
            shares = np.array([0.55, 0.25, 0.15, 0.05])[: len(others)]
            rows += [
                {"doc_id": row["doc_id"], "topic": topic, "membership": share / shares.sum()}
                for topic, share in zip(others, shares, strict=True)
            ]
        return pd.DataFrame(rows, columns=["doc_id", "topic", "membership"])

    def _make_topics(self, sizes: np.ndarray) -> pd.DataFrame:
        rows, random = [], self._random
        for topic, size in enumerate(sizes.tolist()):
            terms = [str(term) for term in random.choice(WORDS, 10, replace=False)]
            name = None
            if topic % 4 == 1:
                name = HOSTILE[topic // 4 % len(HOSTILE)]
            elif topic % 9 == 3:
                name = LONG
            centroid = random.normal(size=32) + 2 * np.random.default_rng(topic % 7).normal(size=32)
            rows.append(
                {
                    "topic": topic, "name": name, "label": f"{topic}_{'_'.join(terms[:4])}", "size": size,
                    "reproducibility": float(np.clip(random.beta(8, 1), 0, 1)),
                    "seed_reproducibility": float(np.clip(random.beta(12, 1), 0, 1)),
                    "terms": terms, "term_weights": np.sort(random.gamma(2, size=10))[::-1].tolist(),
                    "centroid": centroid.astype(np.float32), "languages": ["en", "uk"],
                }
            )  # fmt: skip
        columns = [
            "topic",
            "name",
            "label",
            "size",
            "reproducibility",
            "terms",
            "term_weights",
            "centroid",
            "languages",
        ]
        return pd.DataFrame(rows, columns=None if rows else columns)

    def _make_documents(self, sizes: np.ndarray) -> pd.DataFrame:
        random, n_topics = self._random, len(sizes)
        labels = np.concatenate([np.repeat(np.arange(n_topics), sizes), np.full(max(4, sizes.sum() // 12), -1)])
        n = len(labels)
        middles = random.normal(scale=1 + n_topics**0.5, size=(max(1, n_topics), 2))
        places = np.where(labels[:, None] >= 0, middles[np.maximum(labels, 0)], random.normal(scale=4, size=(n, 2)))
        places = places + random.normal(scale=0.45, size=(n, 2))
        n_themes = max(2, n_topics // 6)
        noisy = random.random(n) < 0.05
        return pd.DataFrame(
            {
                "doc_id": [f"d{i:06}" for i in range(n)],
                "title": [None if i % 11 == 0 else f"{HOSTILE[i % 14][:60]} {WORDS[i % 44]} {i}" for i in range(n)],
                "text": [f"{WORDS[i % 44]} and more of it in report {i}" for i in range(n)],
                "date": pd.to_datetime("2022-01-01", utc=True) + pd.to_timedelta(random.integers(0, 180, n), "D"),
                "date_precision": "day",
                "source": [f"{('Post', 'Ledger <i>', 'Правда', '日报', 'Daily ' + 'x' * 40)[i % 5]}" for i in range(n)],
                "copy_of": None,
                "topic": labels,
                "confidence": random.random(n),
                "x": places[:, 0],
                "y": places[:, 1],
                "level_story": np.where((labels < 0) | noisy, -1, labels * 3 + random.integers(0, 3, n)),
                "level_theme": np.where(labels < 0, -1, labels % n_themes),
            }
        )


def invented_groups(run: InventedRun, by: str = "source", *, n_groups: int = 5) -> pd.DataFrame:
    """Cells as of topics by group."""
    from topics.evaluate import wilson

    documents = run.documents()
    documents[by] = [f"{value} {i % n_groups}" for i, value in enumerate(documents[by])]
    counts = pd.crosstab(documents["topic"], documents[by])
    cells = counts.reset_index().melt(id_vars="topic", var_name="group", value_name="n")
    totals = cells["group"].map(counts.sum())
    low, high = wilson(cells["n"].to_numpy(), totals.to_numpy())
    terms = {row["topic"]: ", ".join(row["terms"][:3]) for row in run.topics().to_dict("records")}
    return cells.assign(
        share=cells["n"] / totals, low=low, high=high, terms=[terms.get(topic, "") for topic in cells["topic"]]
    )


def invented_results(*, n_params: int = 4, n_values: int = 6) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Results and summary as of a sweep."""
    random = np.random.default_rng(0)
    names = ["cluster.min_samples", "reduce.n_neighbors", "embed.model", "label.weighting", "cluster.level", "<b>odd"]
    values = [
        [2, 5, 10, 20, 40, 80, 160, 320, 640], [5, 10, 15, 30, 50, 100, 150, 200, 400],
        ["all-MiniLM-L6-v2", "paraphrase-multilingual-mpnet-base-v2", "intfloat/multilingual-e5-large-instruct", "lsa",
         "static <b>", "hybrid", "多语言模型", "نموذج", "a" * 60],
        ["bm25", "c_tf_idf", "log_odds", "npmi", "centroid", "one", "two", "three", "four"],
        ["auto", "theme", "topic", "story", 12, 50, 7, 8, 9], [0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 1, 2, 3, 4],
    ]  # fmt: skip
    rows = []
    for setting in range(40):
        chosen = {f"params.{names[p]}": values[p][random.integers(n_values)] for p in range(n_params)}
        rows += [
            {
                "setting": setting, "seed": seed, "state": "done", **chosen,
                "metrics.npmi_held_out": random.normal(0.1, 0.04), "metrics.diversity": random.uniform(0.7, 1),
                "metrics.stability": random.uniform(0.6, 1), "metrics.noise_share": random.uniform(0, 0.3),
                "n_topics": int(random.integers(4, 80)),
            }
            for seed in (0, 1)
        ]  # fmt: skip
    results = pd.DataFrame(rows)
    summary = results.groupby("setting").first().reset_index()
    summary["front"] = summary["metrics.npmi_held_out"] > 0.14
    return results, summary


def invented_comparison(a: InventedRun, b: InventedRun) -> SimpleNamespace:
    """A comparison of two runs of other documents, as far as it is drawn."""
    rows = [
        {"kind": "kept", "topics_a": [i], "topics_b": [i], "terms_a": f"one {i}", "terms_b": f"other {i}"}
        for i in range(min(len(a.topics()), len(b.topics())) - 1)
    ]
    rows.append({"kind": "split", "topics_a": [len(rows)], "topics_b": [len(rows), len(rows) + 1], "terms_a": "whole",
                 "terms_b": "part / part"})  # fmt: skip
    rows.append({"kind": "gone", "topics_a": [900], "topics_b": [], "terms_a": "<b>gone", "terms_b": ""})
    flow = pd.DataFrame(columns=["topic_a", "topic_b", "n_documents"])
    return SimpleNamespace(titles=("January", "February <b>"), flow=flow, topics=pd.DataFrame(rows))

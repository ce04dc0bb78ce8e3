"""What e08 trains on: pages cut into lines, made pages of the same lines, and the trees that are grown on them.

A line's target is the share of its words in the hand-made text. Further examples are made from the same pages: with
most boilerplate dropped, with the article alone, without head or foot, in mock scripts without case or spaces, with
another article in the boilerplate, with feeds and teasers added below; and round-ups and clean articles, all kept.
"""

from __future__ import annotations

import difflib
import hashlib
import random
import re

import numpy as np

# The model's own view of a line, which only its training needs and which the room does not offer.
from topics.articles.boilerplate._line_contexts import FEATURES, features
from topics.articles.boilerplate._line_shapes import shapes

# The mean of several, each grown on other draws of the lines: 91 pages leave a single one to chance.
N_FORESTS = 4
WEIGHTS = {"page": 1.0, "few": 0.7, "clean": 0.4, "part": 0.4, "script": 0.4, "moved": 0.7, "tail": 1.2, "made": 0.5}
ARABIC = "اببتثجحخدذرزسشصضطظعغفقكلمنه"
Example = tuple[str, np.ndarray, np.ndarray, np.ndarray]


def split(text: str) -> list[str]:
    """The lines of a page that are not blank."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def tokens(text: str) -> list[str]:
    """Words."""
    return re.findall(r"\w+", text)


def targets(lines: list[str], gold: str) -> np.ndarray:
    """Share of each line's words that an alignment finds in the hand-made text."""
    words = [tokens(line) for line in lines]
    hit = np.zeros(sum(map(len, words)))
    matcher = difflib.SequenceMatcher(None, [w for line in words for w in line], tokens(gold), autojunk=False)
    for start, _, length in matcher.get_matching_blocks():
        hit[start : start + length] = 1
    ends = np.cumsum([len(line) for line in words])
    return np.array([hit[e - len(w) : e].mean() if w else 0.0 for e, w in zip(ends, words, strict=True)])


def mock(line: str, script: str) -> str:
    """A line in letters without case; "han" without spaces too, "thai" also without full stops."""
    if script == "arabic":
        swap = {"?": "؟", ",": "،"}
        return "".join(ARABIC[ord(c.lower()) - 97] if "a" <= c.lower() <= "z" else swap.get(c, c) for c in line)
    out = []
    for part in re.findall(r"[A-Za-zÀ-ÿ'’]+|\d+|[^\w\s]|\s\s+", line):
        if not part[0].isalpha():
            out.append({".": "。", ",": "，", "?": "？"}.get(part, part) if script == "han" else part.strip(".,"))
        elif script == "han":
            seed = int(hashlib.sha256(part[:6].lower().encode()).hexdigest()[:12], 16)
            out += [chr(0x4E00 + (seed >> 7 * k) % 3000) for k in range(max(1, round(len(part) / 3)))]
        else:
            out += [chr(0x0E01 + ord(c) * 7 % 46) for c in part.lower()]
    return "".join(out).strip() or "-"


class Made:
    """Feeds, teasers, lists and round-ups made of articles that stand elsewhere."""

    def __init__(self, articles: list[list[str]], titles: list[str], groups: list[tuple[str, object]]) -> None:
        self.articles, self.titles = articles, titles
        self.group = dict(zip(map(id, articles), groups, strict=True))
        self.of_group: dict[tuple[str, object], list[list[str]]] = {}
        for article, group in zip(articles, groups, strict=True):
            self.of_group.setdefault(group, []).append(article)

    def stamp(self, r: random.Random) -> str:
        """A time of day or a date."""
        h, m, d, mo, y = r.randint(0, 23), r.randint(0, 59), r.randint(1, 28), r.randint(1, 12), r.randint(2008, 2024)
        clocks = [f"{h:02d}:{m:02d}", f"{h % 12 + 1}:{m:02d} {'AP'[h > 11]}M", f"{h:02d}:{m:02d} {d:02d}.{mo:02d}.{y}"]
        return r.choice([*clocks, f"{d:02d}.{mo:02d}.{y}", f"{y}-{mo:02d}-{d:02d}", f"{h} h"])

    def cut(self, line: str, r: random.Random) -> str:
        """The beginning of a line."""
        words = line.split()
        return " ".join(words[: r.randint(8, 30)]) + r.choice(["…", "...", ""]) if len(words) > 10 else line

    def tail(self, r: random.Random, article: list[str] | None = None, own: list[str] | None = None) -> list[str]:
        """What stands below an article; two times of three of its subject, or of its own withheld paragraphs."""
        kind = r.choice(["leads"] * 2 + ["cut", "titles"] + ["feed"] * 4 + ["teasers", "stories"])
        own = list(own or []) if r.random() < 0.6 else []
        kind = "feed" if own and kind == "leads" else kind
        out: list[str] = []
        if kind != "leads" and r.random() < 0.6:
            out.append(" ".join(r.choice(r.choice(self.titles).split()).title() for _ in range(r.randint(1, 3))))
        near = self.of_group.get(self.group.get(id(article), ("", None)))
        for _ in range(r.randint(2, 7)):
            other = r.choice(near) if near and kind != "leads" and r.random() < 0.67 else r.choice(self.articles)
            lead = own.pop() if own and r.random() < 0.7 else other[0] if len(other[0].split()) > 4 else other[-1]
            title = r.choice(self.titles)
            if kind == "leads":
                out.append(self.cut(lead, r) if r.random() < 0.25 else lead)
            elif kind == "cut":
                out.append(self.cut(lead, r))
            elif kind == "titles":
                out += [self.stamp(r)] if r.random() < 0.5 else []
                out += [title] if r.random() < 0.7 else [title, title]
            elif kind == "feed":
                out += [self.stamp(r), lead, *(other[1:2] if r.random() < 0.6 else [])]
            else:
                out += [title, self.cut(lead, r) if kind == "teasers" else lead]
        if r.random() < 0.3:
            out = [r.choice(self.titles), self.cut(r.choice(self.articles)[0], r), *out]
        return out

    def round_up(self, r: random.Random) -> list[str]:
        """Several stories under their headlines, or without."""
        form, out = r.choice("abc"), []
        for _ in range(r.randint(4, 9)):
            other = r.choice(self.articles)
            if form != "c":
                out.append(f"“{r.choice(self.titles)}”" if form == "a" else r.choice(self.titles))
            items = (other[1:3] if len(other) > 3 else other[:1])[: r.randint(1, 2)]
            out += [("• " if form == "a" else "") + item for item in items]
        return out


def example(kind: str, lines: list[str], target: np.ndarray | list[float]) -> list[Example]:
    """One page of lines with their targets; none without lines."""
    if not lines:
        return []
    n_words = np.array([min(60, max(1, len(tokens(line)))) for line in lines], np.float32)
    table = features(shapes(lines)).astype(np.float32)
    return [(kind, table, np.asarray(target, np.float32), n_words)]


def of_page(lines: list[str], y: np.ndarray, made: Made, *, seed: int) -> list[Example]:
    """A page, and the pages that are made of it."""
    r, rng = random.Random(seed), np.random.default_rng(seed)
    out = example("page", lines, y)
    for rate in (0.05, 0.3):
        stays = (y > 0.3) | (rng.random(len(y)) < rate)
        out += example("few", [line for line, s in zip(lines, stays, strict=True) if s], y[stays])
    body = y > 0.3
    article, of_article = [line for line, b in zip(lines, body, strict=True) if b], np.maximum(y[body], 0.9)
    out += example("clean", article, of_article)
    sure = np.flatnonzero(y > 0.5)
    if not sure.size:
        return out
    first, end = int(sure[0]), int(sure[-1]) + 1
    out += example("part", lines[first:], y[first:]) + example("part", lines[:end], y[:end])
    for text, target in ((lines, y), (article, of_article)):
        script = r.choice(["arabic", "han", "thai"])
        out += example("script", [mock(line, script) for line in text], target)
    for _ in range(2):
        other = made.round_up(r) if r.random() < 0.3 else r.choice(made.articles)
        head = lines[:first][-r.randint(0, 8) :] if r.random() < 0.5 else lines[:first]
        foot = lines[end:][: r.randint(0, 20)] if r.random() < 0.5 else lines[end:]
        foot = (made.tail(r, other) if r.random() < 0.5 else []) + foot
        out += example("moved", head + other + foot, [0.0] * len(head) + [1.0] * len(other) + [0.0] * len(foot))
    long = [int(j) for j in sure if j > first + 2 and len(lines[j].split()) > 14]
    withheld = set(r.sample(long, min(4, len(long) // 3)))
    stays_at = [j for j in range(end) if j not in withheld]
    tail = made.tail(r, None, [lines[j] for j in sorted(withheld)])
    below = np.zeros(len(tail))
    out += example(
        "tail", [lines[j] for j in stays_at] + tail + lines[end:], np.concatenate([y[stays_at], below, y[end:]])
    )
    tail = made.tail(r)
    return out + example("tail", article + tail, np.concatenate([of_article, np.zeros(len(tail))]))


def of_articles(made: Made, clean: list[list[str]]) -> list[Example]:
    """Articles with tails, round-ups, and articles that are all to be kept."""
    r, out = random.Random(7), []
    for _ in range(700):
        article, own = r.choice(made.articles), []
        if len(article) < 4:
            continue
        whole = article
        if len(article) > 7 and r.random() < 0.5:
            j = set(r.sample(range(2, len(article)), min(4, len(article) // 3)))
            own = [article[k] for k in sorted(j)]
            article = [line for k, line in enumerate(article) if k not in j]
        tail = made.tail(r, whole, own)
        out += example("tail", article + tail, [1.0] * len(article) + [0.0] * len(tail))
    for _ in range(60):
        lines = made.round_up(r)
        out += example("made", lines, [1.0] * len(lines))
    for lines in clean:
        out += example("page", lines, [1.0] * len(lines))
    return out


def fit(examples: list[Example], *, seed: int) -> dict[str, object]:
    """Boosted trees in the form of page_lines.json; every example weighs by the root of its length."""
    import lightgbm

    rng = np.random.default_rng(0)
    tables, ys, weights = [], [], []
    for kind, table, y, n_words in examples:
        weight = n_words**0.7 * WEIGHTS[kind]
        weight = weight / np.sqrt(weight.sum() / 300)
        thin = (n_words < 8) & (y < 0.1) & (kind != "page")  # boilerplate lines are many and alike: one of four
        stays = ~thin | (rng.random(len(y)) < 0.25)
        tables.append(table[stays])
        ys.append(y[stays])
        weights.append(np.where(thin, weight * 4, weight)[stays])
    weight = np.concatenate(weights)
    params = {"objective": "cross_entropy", "num_leaves": 12, "max_depth": 4, "learning_rate": 0.1}
    params |= {"min_data_in_leaf": 60, "lambda_l2": 20.0, "feature_fraction_bynode": 0.3, "num_threads": 1}
    params |= {"bagging_fraction": 0.7, "bagging_freq": 1, "verbose": -1, "deterministic": True}
    trees = []
    for k in range(N_FORESTS):
        data = lightgbm.Dataset(np.vstack(tables), np.concatenate(ys), weight=weight / weight.mean())
        dump = lightgbm.train({**params, "seed": seed * 100 + k}, data, 130).dump_model()
        trees += [nodes_of(tree["tree_structure"]) for tree in dump["tree_info"]]
    return {"features": list(FEATURES), "trees": trees}


def nodes_of(root: dict) -> list[list[float]]:
    """The nodes of a tree of LightGBM in the form of page_lines.json."""
    nodes: list[list[float]] = []

    def walk(node: dict) -> int:
        place = len(nodes)
        nodes.append([])
        if "split_feature" in node:
            children = [walk(node["left_child"]), walk(node["right_child"])]
            nodes[place] = [node["split_feature"], float(f"{node['threshold']:.6g}"), *children]
        else:
            nodes[place] = [float(f"{node['leaf_value'] / N_FORESTS:.4g}")]
        return place

    walk(root)
    return nodes

"""What the trees of ``page_lines.json`` are grown on: pages cut into lines, and made pages of the same lines.

A line's target is the share of its words in the hand-made text. Further examples are made from the same pages: with
most boilerplate dropped, with the article alone, without head or foot, in mock scripts without case or spaces, with
another article in the boilerplate, with feeds and teasers added below; and round-ups and clean articles, all kept.
"""

from __future__ import annotations

import difflib
import hashlib
import random
import re
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from topics.articles.boilerplate._line_contexts import features
from topics.articles.boilerplate._line_shapes import shapes

Floats: TypeAlias = NDArray[np.float32]
Group: TypeAlias = tuple[str, object]
Example: TypeAlias = tuple[str, Floats, Floats, Floats]
"""Kind of the page, and of each line its features, its target and its number of words."""

_ARABIC = "اببتثجحخدذرزسشصضطظعغفقكلمنه"


def lines_of(text: str) -> list[str]:
    """The lines of a page that are not blank."""
    return [line.strip() for line in text.split("\n") if line.strip()]


def _tokens(text: str) -> list[str]:
    """Words."""
    return re.findall(r"\w+", text)


def targets(lines: Sequence[str], gold: str) -> NDArray[np.float64]:
    """Share of each line's words that an alignment finds in the hand-made text."""
    words = [_tokens(line) for line in lines]
    hit = np.zeros(sum(map(len, words)))
    matcher = difflib.SequenceMatcher(None, [w for line in words for w in line], _tokens(gold), autojunk=False)
    for start, _, length in matcher.get_matching_blocks():
        hit[start : start + length] = 1
    ends = np.cumsum([len(line) for line in words])
    return np.array([hit[e - len(w) : e].mean() if w else 0.0 for e, w in zip(ends, words, strict=True)])


def _mock(line: str, script: str) -> str:
    """A line in letters without case; "han" without spaces too, "thai" also without full stops."""
    if script == "arabic":
        swap = {"?": "؟", ",": "،"}
        return "".join(_ARABIC[ord(c.lower()) - 97] if "a" <= c.lower() <= "z" else swap.get(c, c) for c in line)
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

    def __init__(self, articles: list[list[str]], titles: list[str], *, groups: list[Group]) -> None:
        self.articles, self.titles = articles, titles
        self.group = dict(zip(map(id, articles), groups, strict=True))
        self.of_group: dict[Group, list[list[str]]] = {}
        for article, group in zip(articles, groups, strict=True):
            self.of_group.setdefault(group, []).append(article)

    def _stamp(self, r: random.Random) -> str:
        """A time of day or a date."""
        h, m, d, mo, y = r.randint(0, 23), r.randint(0, 59), r.randint(1, 28), r.randint(1, 12), r.randint(2008, 2024)
        clocks = [f"{h:02d}:{m:02d}", f"{h % 12 + 1}:{m:02d} {'AP'[h > 11]}M", f"{h:02d}:{m:02d} {d:02d}.{mo:02d}.{y}"]
        return r.choice([*clocks, f"{d:02d}.{mo:02d}.{y}", f"{y}-{mo:02d}-{d:02d}", f"{h} h"])

    def _cut(self, line: str, r: random.Random) -> str:
        """The beginning of a line."""
        words = line.split()
        return " ".join(words[: r.randint(8, 30)]) + r.choice(["…", "...", ""]) if len(words) > 10 else line

    def tail(self, r: random.Random, article: list[str] | None = None, *, own: list[str] | None = None) -> list[str]:
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
                out.append(self._cut(lead, r) if r.random() < 0.25 else lead)
            elif kind == "cut":
                out.append(self._cut(lead, r))
            elif kind == "titles":
                out += [self._stamp(r)] if r.random() < 0.5 else []
                out += [title] if r.random() < 0.7 else [title, title]
            elif kind == "feed":
                out += [self._stamp(r), lead, *(other[1:2] if r.random() < 0.6 else [])]
            else:
                out += [title, self._cut(lead, r) if kind == "teasers" else lead]
        if r.random() < 0.3:
            out = [r.choice(self.titles), self._cut(r.choice(self.articles)[0], r), *out]
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


def _example(kind: str, lines: list[str], target: NDArray[np.float64] | list[float]) -> list[Example]:
    """One page of lines with their targets; none without lines."""
    if not lines:
        return []
    n_words = np.array([min(60, max(1, len(_tokens(line)))) for line in lines], np.float32)
    table = features(shapes(lines)).astype(np.float32)
    return [(kind, table, np.asarray(target, np.float32), n_words)]


def of_page(lines: list[str], y: NDArray[np.float64], *, made: Made, seed: int) -> list[Example]:
    """A page, and the pages that are made of it."""
    r, rng = random.Random(seed), np.random.default_rng(seed)
    out = _example("page", lines, y)
    for rate in (0.05, 0.3):
        stays = (y > 0.3) | (rng.random(len(y)) < rate)
        out += _example("few", [line for line, s in zip(lines, stays, strict=True) if s], y[stays])
    body = y > 0.3
    article, of_article = [line for line, b in zip(lines, body, strict=True) if b], np.maximum(y[body], 0.9)
    out += _example("clean", article, of_article)
    sure = np.flatnonzero(y > 0.5)
    if not sure.size:
        return out
    first, end = int(sure[0]), int(sure[-1]) + 1
    out += _example("part", lines[first:], y[first:]) + _example("part", lines[:end], y[:end])
    for text, target in ((lines, y), (article, of_article)):
        script = r.choice(["arabic", "han", "thai"])
        out += _example("script", [_mock(line, script) for line in text], target)
    for _ in range(2):
        other = made.round_up(r) if r.random() < 0.3 else r.choice(made.articles)
        head = lines[:first][-r.randint(0, 8) :] if r.random() < 0.5 else lines[:first]
        foot = lines[end:][: r.randint(0, 20)] if r.random() < 0.5 else lines[end:]
        foot = (made.tail(r, other) if r.random() < 0.5 else []) + foot
        out += _example("moved", head + other + foot, [0.0] * len(head) + [1.0] * len(other) + [0.0] * len(foot))
    long = [int(j) for j in sure if j > first + 2 and len(lines[j].split()) > 14]
    withheld = set(r.sample(long, min(4, len(long) // 3)))
    stays_at = [j for j in range(end) if j not in withheld]
    tail = made.tail(r, own=[lines[j] for j in sorted(withheld)])
    below = np.zeros(len(tail))
    out += _example(
        "tail", [lines[j] for j in stays_at] + tail + lines[end:], np.concatenate([y[stays_at], below, y[end:]])
    )
    tail = made.tail(r)
    return out + _example("tail", article + tail, np.concatenate([of_article, np.zeros(len(tail))]))


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
        tail = made.tail(r, whole, own=own)
        out += _example("tail", article + tail, [1.0] * len(article) + [0.0] * len(tail))
    for _ in range(60):
        lines = made.round_up(r)
        out += _example("made", lines, [1.0] * len(lines))
    for lines in clean:
        out += _example("page", lines, [1.0] * len(lines))
    return out

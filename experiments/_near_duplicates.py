"""Documents among which near-duplicates are hidden: passages, templates filled in, and edits of passages."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import _study as study
import numpy as np
import pandas as pd

SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-ZА-ЯІЇЄҐ])")
NAMES = (
    "Alder", "Brisk", "Corvin", "Dunmore", "Elstow", "Farrow", "Gresham", "Halden", "Iverly", "Jarrow", "Kestle",
    "Lorne", "Marden", "Norcott", "Ostrey",
)  # fmt: skip
TEMPLATES = (
    "The weather in {A} will be cloudy on {D} with a high of {n} degrees and a low of {m}. Winds from the west "
    "will reach {k} kilometres an hour by the evening, and there is a {p} percent chance of rain, the national "
    "weather office said.",
    "Shares in {A} closed {n}.{m} percent higher at {k}.{p} on {D} after the company reported quarterly revenue "
    "of {m} million, while the benchmark index gained {p} points. Analysts at {B} had expected {n} million.",
    "{A} beat {B} {n}-{m} on {D} in front of a crowd of {k}{p}. {C} opened the scoring after {m} minutes and "
    "added a second just before half-time. The result leaves {A} in place {n} of the table with {p} points from "
    "their opening matches.",
    "A {n}-year-old man from {A} was killed on {D} when his car left the road near {B} and hit a tree. Police "
    "closed the road for {m} hours. Anyone who saw the accident is asked to call the police station at {C} on "
    "{k}{p}.",
    "An earthquake of magnitude {n}.{m} struck {k} kilometres off {A} on {D} at a depth of {p} kilometres, the "
    "seismological institute said. There were no immediate reports of damage or injuries, and no tsunami warning "
    "was issued for {B}.",
    "The central bank of {A} raised its key interest rate by {n} basis points to {m}.{k} percent on {D}, its "
    "{p}th increase in a row, and said inflation remained too high. Governor {B} said further steps would depend "
    "on the data.",
    "{A} magistrates on {D} sentenced {B} {C}, {n}, to {m} months in prison for driving without a licence and "
    "failing to stop after an accident. The court also ordered a payment of {k} in costs and banned the defendant"
    " from driving.",
    "Health officials in {A} reported {n}{k} new cases and {m} deaths in the week to {D}, compared with {p}{m} "
    "cases a week earlier. The number of patients in hospital fell to {k}, and {n} of them were in intensive "
    "care, they said.",
    "Gas prices in {A} averaged {n}.{m} a gallon on {D}, {k} cents more than a week ago and {p} cents more than a"
    " year ago, the motorists' association said. The cheapest station in {B} sold regular petrol for {m}.{n} a "
    "gallon.",
    "Погода у місті {A}: {D} очікується мінлива хмарність, вдень {n} градусів тепла, вночі {m}. Вітер західний, "
    "{k} метрів за секунду. Вологість повітря становитиме {p} відсотків, істотних опадів синоптики не "
    "прогнозують.",
    "У {D} сили протиповітряної оборони збили над {A} {n} безпілотників та {m} ракети. Унаслідок падіння уламків "
    "пошкоджено {k} будинків, постраждали {p} людей, повідомив очільник обласної адміністрації {B}.",
    "In {A} hat die Polizei am {D} bei Kontrollen {n} Fahrer angehalten, {m} von ihnen fuhren zu schnell. Der "
    "schnellste war mit {k} Kilometern pro Stunde unterwegs, erlaubt waren {p}. Ihm droht nach Angaben der Stadt "
    "{B} ein Fahrverbot.",
)


@dataclass(frozen=True)
class Hidden:
    """Texts in random order; ``pair`` maps the row of a planted near-duplicate to that of its original."""

    texts: list[str]
    pair: dict[int, int]
    edits: dict[int, list[str]]
    templates: frozenset[int]


def hide(n: int, folder: Path) -> Hidden:
    """``n`` documents, a twentieth of them near-duplicates of others, a hundredth templates filled in."""
    chance = random.Random(0)
    n_copies, n_filled = n // 20, n // 100
    originals = passages(folder, n - n_copies - n_filled, chance)
    vocabulary = [word for text in originals[:2000] for word in text.split()]
    templates = filled(n_filled, chance)
    of, edits, copies = [], [], []
    for original in chance.sample(range(len(originals)), n_copies):
        some = chance.sample(list(EDITS), chance.randint(1, 3))
        chosen = [name for name in EDITS if name in some and (name != "lead" or "byline" not in some)]
        text = originals[original]
        for name in chosen:
            text = EDITS[name](text, chance, vocabulary)
        of.append(original), edits.append(chosen), copies.append(text)
    documents = [*originals, *templates, *copies]
    order = list(range(n))
    chance.shuffle(order)
    place = {document: row for row, document in enumerate(order)}
    first = len(originals) + len(templates)
    return Hidden(
        [documents[i] for i in order],
        {place[first + i]: place[original] for i, original in enumerate(of)},
        {place[first + i]: chosen for i, chosen in enumerate(edits)},
        frozenset(place[len(originals) + i] for i in range(n_filled)),
    )


def passages(folder: Path, n: int, chance: random.Random) -> list[str]:
    """Distinct passages: runs of sentences of the corpora, then short sentences of many articles put together."""
    found, loose = [], []
    taken: set[int] = set()
    for text in articles(folder, chance):
        run: list[str] = []
        for sentence in SENTENCE_END.split(" ".join(text.split())):
            phrases = phrases_of(sentence)
            words = len(" ".join([*run, sentence]).split())
            if phrases & taken or words > 80:
                run = []
            elif words < 30:
                run.append(sentence)
                loose += [sentence] if 6 <= len(sentence.split()) <= 15 else []
            else:
                found.append(" ".join([*run, sentence]))
                run = []
            taken |= phrases
    chance.shuffle(found)
    while len(found) < n:
        found.append(" ".join(chance.sample(loose, chance.randint(4, 5))))
    return found[:n]


def phrases_of(text: str) -> set[int]:
    """Digests of every seven words in a row."""
    words = re.findall(r"\w+", text.casefold())
    phrases = (" ".join(words[i : i + 7]).encode() for i in range(len(words) - 6))
    return {int.from_bytes(hashlib.blake2b(phrase, digest_size=8).digest()) for phrase in phrases}


def articles(folder: Path, chance: random.Random) -> Iterable[str]:
    """The news of the development data; without it, sentences of invented words."""
    if folder.is_dir():
        return [t for name in study.NEWS for t in pd.read_parquet(folder / f"{name}.parquet", columns=["text"])["text"]]
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    weights = 1 / np.arange(1, 20_001)
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in weights]
    made = []
    for _ in range(8000):
        drawn = [chance.choices(words, weights.tolist(), k=chance.randint(8, 25)) for _ in range(20)]
        made.append(" ".join(" ".join(s).capitalize() + "." for s in drawn))
    return made


def filled(n: int, chance: random.Random) -> list[str]:
    """Templates with names, days and numbers in them."""
    made = []
    for i in range(n):
        a, b, c = chance.sample(NAMES, 3)
        numbers = {key: chance.randint(2, 98) for key in "nmkp"}
        day = f"{chance.choice(['January', 'March', 'April', 'June', 'August', 'October'])} {chance.randint(1, 28)}"
        made.append(TEMPLATES[i % len(TEMPLATES)].format(A=a, B=b, C=c, D=day, **numbers))
    return made


def byline(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """A byline in front."""
    who, where = chance.sample(NAMES, 2)
    return (
        chance.choice(["By Jo {} in {}\n\n", "{} ({}) — ", "{}, June 5 ({} News Agency) - "]).format(who, where) + text
    )


def lead(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """A sentence of other words in front."""
    return " ".join(chance.choices(words, k=chance.randint(6, 12))).capitalize() + ". " + text


def replaced(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """2 to 8 percent of the words replaced."""
    tokens = text.split(" ")
    for at in chance.sample(range(len(tokens)), max(1, round(len(tokens) * chance.uniform(0.02, 0.08)))):
        tokens[at] = chance.choice(words)
    return " ".join(tokens)


def cut(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """Up to the last third cut."""
    tokens = text.split(" ")
    return " ".join(tokens[: round(len(tokens) * chance.uniform(0.68, 0.9))])


def restyled(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """Case and punctuation changed."""
    plain = re.sub(r"[\"“”,;—–-]", lambda m: chance.choice([" ", m.group()]), text.replace("'", "’"))
    return chance.choice([str.upper, str.lower, str])(plain)


def respaced(text: str, chance: random.Random, words: Sequence[str]) -> str:
    """White space changed."""
    return re.sub(r" ", lambda m: chance.choices([" ", "\n", "  ", "\u00a0"], [8, 1, 1, 1])[0], text)


EDITS: dict[str, Callable[[str, random.Random, Sequence[str]], str]] = {
    edit.__name__: edit for edit in (byline, lead, replaced, cut, restyled, respaced)
}


def alike(one: str, other: str) -> bool:
    """Whether two texts are alike letter by letter, which is not how they were compared."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other) >= 0.8

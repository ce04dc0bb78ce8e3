"""Near-copies: are re-posts and wire copies folded, templates left alone, and fast enough?

Question   Of 5,000 near-copies hidden among 95,000 short documents, how many are folded into their originals, how many
           documents are folded that should not be, and how long does it take?
Command    python experiments/e07_near_copies.py [--n N] [--smoke]
Data       Passages of 30 to 80 words from the development data's four English news corpora ($TOPICS_DATA or
           ../shared/data); without it, sentences of invented words from a seeded generator.
Expected   Recall at least 0.98, precision at least 0.99, no template folded, at most 60 s for 100,000 documents.
Run time   About 1.5 minutes on 2 cores.

Each near-copy is edited in one to three of these ways: a byline or a lead-in sentence in front, 2 to 8 percent of the
words replaced, up to the last third cut, case and punctuation changed, white space changed. Passages with a phrase of
seven words that stands in an earlier one are left out, which leaves hardly a natural copy; what is folded beyond the
planted pairs is counted as false, and counted apart where its letters show that it is one. Templates are twelve
weather, market, match, accident, court and other reports in three languages, filled in with other names and numbers.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
import time
from pathlib import Path

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from topics.articles.duplicates import near_duplicates as near_copies

CORPORA = ("allsides_10topics", "bbc_news", "ecbplus_stories", "ukraine_media_2022h1")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]?[A-ZА-ЯІЇЄҐ])")
NAMES = [
    "Alder",
    "Brisk",
    "Corvin",
    "Dunmore",
    "Elstow",
    "Farrow",
    "Gresham",
    "Halden",
    "Iverly",
    "Jarrow",
    "Kestle",
    "Lorne",
    "Marden",
    "Norcott",
    "Ostrey",
]
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


def passages(folder: Path, n: int, chance: random.Random) -> list[str]:
    """Distinct passages: runs of sentences of the corpora, then short sentences of many articles put together."""
    found, loose = [], []
    taken: set[int] = set()
    for text in corpora(folder, chance):
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
    words = re.findall(r"\w+", text.casefold())
    phrases = (" ".join(words[i : i + 7]).encode() for i in range(len(words) - 6))
    return {int.from_bytes(hashlib.blake2b(phrase, digest_size=8).digest()) for phrase in phrases}


def corpora(folder: Path, chance: random.Random) -> list[str]:
    if folder.is_dir():
        return [t for name in CORPORA for t in pd.read_parquet(folder / f"{name}.parquet", columns=["text"])["text"]]
    syllables = [a + b for a in "bdfgklmnprstv" for b in "aeiou"]
    weights = 1 / np.arange(1, 20_001)
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in weights]
    made = []
    for _ in range(8000):
        drawn = [chance.choices(words, weights.tolist(), k=chance.randint(8, 25)) for _ in range(20)]
        made.append(" ".join(" ".join(s).capitalize() + "." for s in drawn))
    return made


def filled(n: int, chance: random.Random) -> list[str]:
    made = []
    for i in range(n):
        a, b, c = chance.sample(NAMES, 3)
        numbers = {key: chance.randint(2, 98) for key in "nmkp"}
        day = f"{chance.choice(['January', 'March', 'April', 'June', 'August', 'October'])} {chance.randint(1, 28)}"
        made.append(TEMPLATES[i % len(TEMPLATES)].format(A=a, B=b, C=c, D=day, **numbers))
    return made


def byline(text: str, chance: random.Random, words: list[str]) -> str:
    who, where = chance.sample(NAMES, 2)
    return (
        chance.choice(["By Jo {} in {}\n\n", "{} ({}) — ", "{}, June 5 ({} News Agency) - "]).format(who, where) + text
    )


def lead(text: str, chance: random.Random, words: list[str]) -> str:
    return " ".join(chance.choices(words, k=chance.randint(6, 12))).capitalize() + ". " + text


def replaced(text: str, chance: random.Random, words: list[str]) -> str:
    tokens = text.split(" ")
    for at in chance.sample(range(len(tokens)), max(1, round(len(tokens) * chance.uniform(0.02, 0.08)))):
        tokens[at] = chance.choice(words)
    return " ".join(tokens)


def cut(text: str, chance: random.Random, words: list[str]) -> str:
    tokens = text.split(" ")
    return " ".join(tokens[: round(len(tokens) * chance.uniform(0.68, 0.9))])


def restyled(text: str, chance: random.Random, words: list[str]) -> str:
    plain = re.sub(r"[\"“”,;—–-]", lambda m: chance.choice([" ", m.group()]), text.replace("'", "’"))
    return chance.choice([str.upper, str.lower, str])(plain)


def respaced(text: str, chance: random.Random, words: list[str]) -> str:
    return re.sub(r" ", lambda m: chance.choices([" ", "\n", "  ", "\u00a0"], [8, 1, 1, 1])[0], text)


EDITS = {f.__name__: f for f in (byline, lead, replaced, cut, restyled, respaced)}


def natural(one: str, other: str) -> bool:
    """Whether two texts are alike letter by letter, which is not how they were compared."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other) >= 0.8


def memory_mib(line: str) -> float:
    """A line of this process's status, as VmRSS (now) or VmHWM (the most so far); Linux alone has it."""
    status = Path("/proc/self/status")
    found = re.search(rf"{line}:\s+(\d+) kB", status.read_text(encoding="utf-8")) if status.exists() else None
    return int(found[1]) / 1024 if found else float("nan")


def forget_peak() -> None:
    """Start VmHWM anew, so that the making of the texts is not counted."""
    if (switch := Path("/proc/self/clear_refs")).exists():
        switch.write_text("5", encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Plant, fold, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data = Path(os.environ.get("TOPICS_DATA", Path(__file__).parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=data, help="folder of the development data")
    parser.add_argument("--n", type=int, default=100_000, help="documents, near-copies among them")
    parser.add_argument("--smoke", action="store_true", help="4,000 documents")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N false folds and misses")
    options = parser.parse_args(arguments)
    n = 4000 if options.smoke else options.n

    chance = random.Random(0)
    n_copies, n_filled = n // 20, n // 100
    originals = passages(options.data, n - n_copies - n_filled, chance)
    vocabulary = [w for text in originals[:2000] for w in text.split()]
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
    texts = [documents[i] for i in order]
    pair = {place[len(originals) + len(templates) + i]: place[original] for i, original in enumerate(of)}

    console = Console(highlight=False)
    n_words = [len(text.split()) for text in texts]
    console.print(f"{n} documents of {np.mean(n_words):.0f} words, {n_copies} near-copies, {os.cpu_count()} cores")
    forget_peak()
    before, started = memory_mib("VmRSS"), time.perf_counter()
    hosts = near_copies(texts)
    seconds, after = time.perf_counter() - started, memory_mib("VmHWM")

    hit = {copy: hosts[copy] == hosts[original] for copy, original in pair.items()}
    planted = {frozenset(both) for both in pair.items()}
    beyond = [(row, int(host)) for row, host in enumerate(hosts) if row != host and {row, int(host)} not in planted]
    alike = sum(natural(texts[row], texts[host]) for row, host in beyond)
    if options.show:
        for row, host in beyond[: options.show]:
            kind = "alike" if natural(texts[row], texts[host]) else "FALSE"
            console.print(f"{kind}\n  {texts[row]}\n  {texts[host]}", markup=False)
        missed = [both for both in zip(pair.items(), edits, strict=True) if not hit[both[0][0]]]
        for (copy, original), chosen in missed[: options.show]:
            console.print(f"MISSED {chosen}\n  {texts[copy]}\n  {texts[original]}", markup=False)
    rows_filled = {place[len(originals) + i] for i in range(n_filled)}
    n_folded = int((hosts != np.arange(n)).sum())
    n_hit = sum(hit.values())
    table = Table(title="near-copies", title_justify="left", header_style="bold", box=None, show_header=False)
    for label, value in (
        ("recall", f"{n_hit / n_copies:.4f}  ({n_hit} of {n_copies})"),
        ("precision", f"{1 - len(beyond) / n_folded:.4f}  ({len(beyond)} of {n_folded} folds were not planted)"),
        (
            "precision, natural copies apart",
            f"{1 - (len(beyond) - alike) / n_folded:.4f}  ({alike} are alike by letters)",
        ),
        ("templates folded", f"{sum(row in rows_filled for row, _ in beyond)} of {n_filled}"),
        ("seconds", f"{seconds:.1f}"),
        ("peak MiB", f"{after:.0f}, of which {before:.0f} before the call (texts and what made them)"),
    ):
        table.add_row(label, value)
    console.print(table)
    table = Table(title="recall by edit", title_justify="left", header_style="bold", box=None, show_header=False)
    by_edit: dict[str, list[bool]] = {}
    for chosen, found in zip(edits, hit.values(), strict=True):
        for name in chosen:
            by_edit.setdefault(name, []).append(bool(found))
        by_edit.setdefault(f"{len(chosen)} edits", []).append(bool(found))
    for name, founds in sorted(by_edit.items()):
        table.add_row(name, f"{np.mean(founds):.4f}", f"n = {len(founds)}")
    console.print(table)


if __name__ == "__main__":
    main()

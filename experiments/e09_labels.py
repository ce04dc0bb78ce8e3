"""Labels: are the terms free of stop words, repeated words and boilerplate?

Question   Do function words, two forms of one word, or words of boilerplate stand among any topic's ten terms? What
           labels cost is e17's question.
Command    python experiments/e09_labels.py [--only NAME]… [--data FOLDER] [--smoke]; the stop words need gensim
           (pip install "topics[test]")
Data       The bundled sample and news and sentences of the development data ($TOPICS_DATA or ../shared/data).
Expected   0, 0 and 0 on every corpus, but for words that are a topic's subject ("download" in technology).
Run time   About 8 minutes on 2 cores the first time, nearly all of it embedding; stored stages are not computed again.

Default runs. Stop words are those of gensim's list, which the toolkit does not use, for Ukrainian stopwordsiso's; words
of several meanings that name subjects ("fire", "bill") are listed apart, in brackets. Two terms repeat a word
if all words of the shorter one are, by lemma (simplemma), among those of the longer.
"""

from __future__ import annotations

from collections.abc import Iterator

import _study as study
import _words as words
import pandas as pd

import topics
from topics.articles import sample_path

SENTENCES = {"eng_Latn": "English", "ukr_Cyrl": "Ukrainian"}


def frames(options) -> Iterator[tuple[str, pd.DataFrame]]:
    """The sample, four corpora of news, and sentences in two languages."""
    sample = pd.read_parquet(sample_path())
    yield "sample", sample.head(study.SMOKE_DOCUMENTS) if options.smoke else sample
    files = [f"{name}.parquet" for name in (*study.NEWS, "sib200_4lang")]
    if options.smoke or study.left_out(options, *files):
        return
    for name in study.NEWS:
        yield name, pd.read_parquet(options.data / f"{name}.parquet")
    sentences = pd.read_parquet(options.data / files[-1])
    for code, name in SENTENCES.items():
        yield f"sib200, {name}", sentences[sentences["lang"] == code].drop(columns="lang")


def look_through(topics_found: list[dict]) -> dict[str, list[str]]:
    """Terms of topics that should not be there, by kind; "subjects" are those that may."""
    found: dict[str, list[str]] = {"stop words": [], "repeated": [], "boilerplate": [], "subjects": []}
    for row in topics_found:
        stop = words.stop_words(row["languages"][:1])
        for term in row["terms"]:
            if term in stop:
                found["subjects" if term in words.SUBJECTS else "stop words"].append(term)
            if term in words.BOILERPLATE or term in words.PHRASES:
                found["boilerplate"].append(term)
        found["repeated"] += words.repeated(row["terms"], (row["languages"] or ["en"])[0])
    return found


def main(arguments: list[str] | None = None) -> None:
    """Fit, look through the terms, and print them."""
    parser = study.parser(__doc__, smoke="60 pages of the sample, LSA vectors")
    parser.add_argument("--only", action="append", default=[], help="a corpus, or what its name starts with")
    options = parser.parse_args(arguments)
    rows, every = [], {}
    for name, frame in frames(options):
        if options.only and not name.startswith(tuple(options.only)):
            continue
        study.say(f"{name} …")
        found = study.fit(options, topics.read(frame)).topics.table.to_pylist()
        every[name] = [row["terms"] for row in found]
        kinds = look_through(found)
        subjects = [f"({word})" for word in kinds.pop("subjects")]
        which = "; ".join([term for terms in kinds.values() for term in terms] + subjects)
        rows.append({"corpus": name, "topics": len(found), **{k: len(v) for k, v in kinds.items()}, "which": which})
    study.show(rows, title="words that should not be among the terms")
    for name, terms in every.items():
        study.say(f"\n{name}")
        for number, some in enumerate(terms):
            study.say(f"{number:3}  {', '.join(some)}")


if __name__ == "__main__":
    main()

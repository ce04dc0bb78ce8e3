"""Peers: given the same texts and vectors, whose topics agree best with people's labels, and at what cost?

Question   How do the topics of topics, BERTopic, TriTopic, Top2Vec, Turftopic (clustering, Topeax, KeyNMF), FASTopic,
           k-means and NMF compare, each with its defaults: agreement with human labels, number of topics, noise,
           agreement between seeds, terms, seconds and memory? BERTopic also has the size that the labels say is best.
Command    make install-peers && python experiments/e11_peers.py [--only CORPUS]… [--tool NAME]… [--seeds N] [--smoke]
           [--data FOLDER | --data FILE --label COLUMN]
Data       The labeled corpora of the development data ($TOPICS_DATA or ../shared/data) and the bundled sample; or
           articles of your own with a column of labels.
Expected   The tables of docs/peers.md. On BBC topics is ahead of all that find their own number of topics, hardly of
           k-means that is told it; ahead of BERTopic's defaults on eleven corpora and of TriTopic's on ten
           (docs/levels.md).
Run time   About 20 minutes a corpus of 2,000 documents with 3 seeds on 2 cores; a second call goes on where the first
           was stopped: one file a fit in OUT/e11_peers/, all rows in OUT/e11_peers.csv.

All get the same cleaned texts. The peers get all-MiniLM-L6-v2's vectors of them, which is what they would compute
themselves; topics joins these with vectors of the corpus's own words, and "topics, MiniLM alone" does not. Those with *
are told the number of labels. Each fit is a process of its own: seconds include the tool's import, not the embedding.
AMI counts noise as a cluster of its own; "noise each alone" as clusters of one; "clustered only" leaves it out.
Coherence (on the texts themselves, of the first ten terms of one word) is weak evidence: see e20.
"""

from __future__ import annotations

import os

import _peer_rows
import _peers as peers
import _study as study


def chosen(options) -> list[peers.Tool]:
    """The tools that are wanted and installed; says which are not."""
    wanted = [tool for tool in peers.TOOLS if not options.tool or tool.name.startswith(tuple(options.tool))]
    if options.smoke:
        return [tool for tool in wanted if tool.name in ("topics", "k-means")]
    missing = sorted(
        {tool.package for tool in wanted if tool.package != "topics" and not peers.version_of(tool.package)}
    )
    if missing:
        study.say(f"left out: {', '.join(missing)} (make install-peers)")
    return [tool for tool in wanted if tool.package not in missing]


def main(arguments: list[str] | None = None) -> None:
    """Fit every tool on every corpus; what is done is kept after each fit, and not done again."""
    parser = study.parser(
        __doc__, smoke="60 pages of the sample, LSA vectors, one seed, topics and k-means", seeds=3, labeled=True
    )
    parser.add_argument("--tool", action="append", default=[], help="a tool, or what its name starts with")
    options = parser.parse_args(arguments)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    seeds = 1 if options.smoke else options.seeds
    tools, pages = chosen(options), []
    for corpus in study.corpora(options):
        work = _peer_rows.Work(options, corpus)
        for seed in range(seeds):
            for tool in tools:
                if work.fit(tool, seed):
                    _peer_rows.every_row(options.out).to_csv(options.out / "e11_peers.csv", index=False)
        if done := list(work.found(tools, seeds)):
            table = _peer_rows.table(done)
            study.show(table, title=corpus.title)
            pages.append(_peer_rows.markdown(corpus.title, table))
    (options.out / "e11_peers.md").write_text("\n".join(pages), encoding="utf-8")
    study.say(f"rows: {options.out / 'e11_peers.csv'}")


if __name__ == "__main__":
    main()

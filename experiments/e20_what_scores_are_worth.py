"""Scores and people: does a topic with a higher coherence look better to people?

Question   Do NPMI, C_V and UMass, as topics.evaluate counts them, rank topics as people's ratings and intrusion tests
           do? And do they name the same model the best?
Command    python experiments/e20_what_scores_are_worth.py [--data FOLDER] [--smoke]
Data       human_topic_ratings.json of the development data ($TOPICS_DATA or ../shared/data): 300 topics of three models
           on Wikipedia and the New York Times, 15 ratings (1 to 3) and 26 intrusion tests each (Hoyle et al. 2021).
           Our scores are counted in the development data's 15,000 English articles; those of the original corpora,
           which are not there, are the authors' (by gensim).
Expected   Counted in the topics' own corpus, NPMI and C_V correlate with ratings by .38 to .45 and order two topics as
           people do in two of three cases, half of the raters in four of five; UMass is a coin, and so is nearly NPMI
           counted in other articles. Of the three models, Mallet is best by ratings, D-VAE by intrusion and NPMI.
Run time   About 3 minutes on 2 cores.

Intervals are of 1,000 resamples of the topics. "pairs in order": of two topics that people rate differently, how often
the better rated one has the higher score; a coin has 50 %. "half of the raters" is what the other half can tell: more
cannot be asked of a score. The development data is a proxy: rare names of Wikipedia and of old news are hardly in it,
and pairs of them count as never together, however good the topic. So its rows show what a score counted in other
articles is worth, and those of the original corpus what the score itself is worth.
"""

from __future__ import annotations

from functools import partial

import _ratings as ratings
import _study as study


def main(arguments: list[str] | None = None) -> None:
    """Count, correlate and print the tables."""
    parser = study.parser(__doc__, smoke="topics of the sample, spoilt word by word, as if people had rated them")
    options = parser.parse_args(arguments)
    if not options.smoke and study.left_out(options, ratings.FILE):
        return
    corpora = [ratings.planted()] if options.smoke else list(ratings.rated(options.data))
    phrases = {word for people in corpora for topic in people.topics for word in topic if "_" in word}
    documents = ratings.sample() if options.smoke else ratings.reference(options.data, sorted(phrases))
    study.say(f"counted in {len(documents):,} documents, {sum(map(len, documents)):,} words")
    row = partial(ratings.row, n_resamples=20 if options.smoke else 1000)
    there = "the sample" if options.smoke else "development data"
    rows, best = [], {}
    for people in corpora:
        ours = ratings.counted(people.topics, documents)
        scores = [(name, there, score) for name, score in ours.items()]
        scores += [(name, "original corpus", score) for name, score in people.published.items()]
        rows.append(row(people, "half of the raters", "", people.halves[0], rating=people.halves[1]))
        rows += [row(people, *score) for score in scores]
        study.say(f"{people.title}: {ratings.occurring(people.topics, documents):.0%} of the topics' words occur there")
        for name in sorted(ours.keys() & people.published.keys()):
            alike = ratings.spearman(ours[name], people.published[name])
            study.say(f"{people.title}: {name} there and in the original corpus, Spearman {alike:.2f}")
        judges = [("people's ratings", people.rating), ("people's intrusion tests", people.intrusion)]
        for name, score in [*judges, *((f"{name}, {where}", score) for name, where, score in scores)]:
            best.setdefault(name, {"": name})[people.title] = ratings.best_model(people, score)
    study.show(rows)
    study.show(list(best.values()), title="the best of the three models, by …")
    study.keep(rows, options.out / "e20_what_scores_are_worth.csv")


if __name__ == "__main__":
    main()

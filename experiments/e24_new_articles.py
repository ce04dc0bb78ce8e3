"""New articles: do they get the topics that a fit with them would give, and are new subjects left out?

Question   Of articles held out of a fit on 80 %, how many get the topic that a fit on all gives them, how many none,
           and is the confidence right? Of a subject that a fit has not seen, how many get none?
Command    python experiments/e24_new_articles.py [--draws N] [--only CORPUS] [--data FOLDER] [--smoke]
Data       AllSides, BBC News, Reuters and 20 Newsgroups; vectors of one MiniLM for all; our hybrid knows the words of
           its 80 % alone. BERTopic 0.17.4 and TriTopic 2.6.0 with their defaults, their transform.
Expected   Most agreement on AllSides and BBC News (.96 and .92); docs/predict.md has the tables.
Run time   40 minutes on 2 cores, most of it encoding; the vectors are stored.
"""

from __future__ import annotations

from functools import partial

import _new_articles as new
import _study as study
import numpy as np

CORPORA = ["allsides_10topics", "bbc_news", "reuters_single", "20 Newsgroups"]
TOOLS = {"topics": new.toolkit, "BERTopic": new.bertopic, "TriTopic": new.tritopic}
N_SUBJECTS = 2  # the second and the fifth most frequent


def held_out(fit, texts: np.ndarray, n_draws: int) -> dict[str, object]:
    """How far articles held out of a fit on 80 % agree with a fit on all."""
    whole, _ = fit(texts)
    rows, numbers = [], [study.n_clusters(whole)]
    for held in new.draws(len(texts), n_draws):
        labels, assign = fit(texts[~held])
        found, chances = assign(texts[held])
        partner = new.partners(labels, whole[~held])
        judged, some = whole[held] >= 0, found >= 0
        right, trained = partner[found] == whole[held], (labels >= 0) & (whole[~held] >= 0)
        rows.append((
            1 - some[judged].mean(), right[judged & some].mean(), right[judged].mean(),
            (partner[labels] == whole[~held])[trained].mean(),
            new.calibration_error(chances[judged & some], right[judged & some]),
        ))  # fmt: skip
        numbers.append(study.n_clusters(labels))
    names = ("-1", "agreement", "of all", "training rows", "calibration error")
    return {"k": study.span(numbers), **dict(zip(names, np.mean(rows, axis=0).tolist(), strict=True))}


def left_out(fit, texts: np.ndarray, labels: np.ndarray) -> list[dict[str, object]]:
    """How many articles get no topic of a subject that the fit has not seen, and of those it has."""
    subjects, counts = np.unique(labels, return_counts=True)
    held = next(new.draws(len(texts), 1))
    rows = []
    for subject in subjects[np.argsort(-counts, kind="stable")][[1, 4]][:N_SUBJECTS]:
        _, assign = fit(texts[~held & (labels != subject)])
        strange, others = assign(texts[labels == subject])[0], assign(texts[held & (labels != subject)])[0]
        rows.append({"without": subject, "-1": (strange < 0).mean(), "by mistake": (others < 0).mean()})
    return rows


def main(arguments: list[str] | None = None) -> None:
    """Measure every corpus and tool, and print both tables."""
    parser = study.parser(__doc__, smoke="60 pages, our own fits, one draw", labeled=True)
    parser.add_argument("--draws", type=int, default=3, help="held-out fifths a corpus")
    options = parser.parse_args(arguments)
    options.only = options.only or CORPORA
    tools = {"topics": partial(new.toolkit, n_layouts=2, n_epochs=20)} if options.smoke else TOOLS
    agreed, strange = [], []
    for found in study.corpora(options):
        texts = np.array(found.corpus.full_texts(), dtype=object)
        of_meaning = {"embed": {"encoder": "sentence-transformer"}}
        vectors = dict(zip(texts, study.fit(options, found.corpus, of_meaning).embeddings.vectors, strict=True))
        for name, tool in tools.items():
            fit = partial(tool, vectors=vectors, seed=0)
            head = {"corpus": found.name, "method": name}
            agreed.append({**head, **held_out(fit, texts, 1 if options.smoke else options.draws)})
            study.show(agreed[-1:])
            if not options.smoke:
                strange += [{**head, **row} for row in left_out(fit, texts, found.labels.astype(str))]
                study.show(strange[-N_SUBJECTS:])
    study.show(agreed, title="Held out of a fit on 80 %, against a fit on all")
    study.show(strange, title="A subject that the fit has not seen")
    study.keep([*agreed, *strange], options.out / "e24_new_articles.csv")


if __name__ == "__main__":
    main()

"""Page lines: how well do trees tell the lines of an article from the boilerplate of its page?

Question   Which lines of a page belong to its article, by shape, place and shared words alone, in any script?
Command    pip install lightgbm==4.7.0 && python experiments/e08_page_lines.py [--splits N] [--data FOLDER] [--smoke]
Data       web_pages_90.parquet, and one half (by hash of the id) of bbc_news, ecbplus_stories, allsides_10topics,
           ukraine_media_2022h1 and sib200_4lang, from $TOPICS_DATA or ../shared/data. The other half is held out.
Expected   4-gram F1 of mean precision and mean recall 0.91 ± 0.003, cross-validated by page.
Run time   About 15 minutes on 1 core.

How the trees are grown, and of what, is in topics/articles/boilerplate/_train.py; `python -m
topics.articles.boilerplate FOLDER` prints them. They are judged as a user meets them: topics.read takes the held-out
pages apart in a process whose package is a copy of this one with these trees in it. Without lightgbm only the trees
that come with the package are judged, on pages that they were grown on.
"""

from __future__ import annotations

from importlib.util import find_spec

import _page_trees as page_trees
import _study as study
import numpy as np

from topics.articles.boilerplate._train import N_CLEAN, Pages, development_pages, grow, sample_pages


def cross_validated(pages: Pages, *, repeat: int, folds: int) -> np.ndarray:
    """Precision and recall of each page by trees that were not grown on it."""
    order = np.random.default_rng(repeat).permutation(len(pages.texts))
    found = np.zeros((len(order), 2))
    for k in range(folds):
        held = order[k::folds].tolist()
        trees = grow(pages.examples(leaving_out=set(held)), random_state=repeat * 10 + k)
        for i, body in zip(held, page_trees.bodies([pages.texts[i] for i in held], trees), strict=True):
            found[i] = page_trees.precision_recall(body, pages.gold[i])
    return found


def main(arguments: list[str] | None = None) -> None:
    """Cross-validate, grow the trees on all pages, and say what they take off articles."""
    parser = study.parser(__doc__, smoke="12 pages of the sample, 2 folds")
    parser.add_argument("--splits", type=int, default=3, help="how often the pages are split into five folds")
    options = parser.parse_args(arguments)
    files = [f"{name}.parquet" for name in ("web_pages_90", *N_CLEAN)]
    if not options.smoke and study.left_out(options, *files):
        return
    pages, held_out = sample_pages() if options.smoke else development_pages(options.data)
    judge = [
        page_trees.precision_recall(*both)
        for both in zip(page_trees.bodies(pages.texts, None), pages.gold, strict=True)
    ]
    rows = [{"": "the package's trees, on pages they were grown on", **page_trees.f1(np.array(judge))}]
    trees = None
    if find_spec("lightgbm"):
        for repeat in range(1 if options.smoke else options.splits):
            found = cross_validated(pages, repeat=repeat, folds=2 if options.smoke else 5)
            rows.append({"": f"split {repeat}, held-out pages", **page_trees.f1(found)})
            study.show(rows[-1:])
        trees = grow(pages.examples())
    else:
        study.say("trees left out: lightgbm is not installed (pip install lightgbm==4.7.0)")
    study.show(rows, title="4-grams of the article found on its page")
    study.say(f"F1 {study.mean_and_spread([row['F1'] for row in rows[1:]] or [rows[0]['F1']])}")
    for name, texts in held_out.items():
        before, after = (sum(map(page_trees.n_words, some)) for some in (texts, page_trees.bodies(texts, trees)))
        study.say(f"{name}, held-out half: {1 - after / before:.3%} of the words removed")


if __name__ == "__main__":
    main()

"""Speed of encoders: how many documents a second does each embed?

Question   How fast is this encoder beside SentenceTransformer.encode with its defaults on the same tokens, and how much
           faster are static vectors?
Command    python experiments/e14_encoder_speed.py [--pairs N] [--data FOLDER] [--smoke]
Data       500 AllSides articles of the development data ($TOPICS_DATA or ../shared/data); the sample in a smoke run.
Expected   MiniLM at least 2.5 times as fast as sentence-transformers' defaults where the CPU computes in bfloat16;
           static at least 100 times MiniLM; the smallest cosine between both encoders' vectors above .999.
Run time   About 3 minutes on 2 cores.

All take turns in one process, models loaded. "256 tokens": longer texts are cut off, as sentence-transformers does.
"""

from __future__ import annotations

import statistics

import _study as study
import pandas as pd
from _encoders import smallest_cosine

from topics import embed
from topics.articles import from_texts, sample_path
from topics.config import EmbedParams


def main(arguments: list[str] | None = None) -> None:
    """Encode in turn and print the rates."""
    from sentence_transformers import SentenceTransformer

    parser = study.parser(__doc__, smoke="8 pages of the sample, one turn, no static vectors")
    parser.add_argument("--pairs", type=int, default=3, help="turns")
    options = parser.parse_args(arguments)
    if options.smoke:
        texts = pd.read_parquet(sample_path())["text"].head(8).tolist()
    elif study.left_out(options, "allsides_10topics.parquet"):
        return
    else:
        texts = study.texts_of("allsides_10topics", options.data)[:500]
    ours, whole = (embed.SentenceTransformerEncoder(EmbedParams(long_texts=long)) for long in ("truncate", "pool"))
    static = None if options.smoke else embed.encoder_for(EmbedParams(encoder="static"))  # distilled first, 20 s
    for encoder in filter(None, (ours, whole, static)):
        encoder.encode(["A text to load the model."])
    corpus, _ = from_texts(texts)
    theirs = SentenceTransformer(str(ours.folder), device="cpu")
    found: dict[str, object] = {}
    calls = {
        "sentence-transformers, 256 tokens": lambda: found.update(theirs=theirs.encode(texts)),
        f"MiniLM in {ours.identity['precision']}, 256 tokens": lambda: found.update(ours=ours.encode(texts).vectors),
        "MiniLM, whole": lambda: whole.encode(texts),
    }
    if static is not None:
        calls["static, whole"] = lambda: static.encode(texts)
        calls["lsa, whole"] = lambda: embed.embed(corpus, embed.encoder_for(EmbedParams(encoder="lsa")))
        calls["hybrid, whole"] = lambda: embed.embed(corpus, embed.encoder_for(EmbedParams()))
    seconds = study.in_turn(calls, turns=1 if options.smoke else options.pairs, warm_up=not options.smoke)
    reference, _, long, *_ = seconds.values()
    rows = [
        {
            "encoder": name,
            "documents/s": f"{len(texts) / statistics.median(taken):.1f}",
            "times as fast as sentence-transformers": study.times_as_fast(taken, reference),
            "as MiniLM, whole": study.times_as_fast(taken, long),
        }
        for name, taken in seconds.items()
    ]
    study.show(rows, title=f"{len(texts)} articles, {len(reference)} turns")
    study.say(f"smallest cosine of both encoders' vectors {smallest_cosine(found['ours'], found['theirs']):.5f}")


if __name__ == "__main__":
    main()

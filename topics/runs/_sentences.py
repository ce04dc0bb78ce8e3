"""What the stages from the neighbors to the scores did in a run, in sentences for :mod:`topics.runs._methods`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from topics._say import count, percent, verb
from topics.runs._citations import short

_TERM_WEIGHTS = {
    "class_tfidf": ("class-based TF-IDF", "ctfidf"),
    "bm25": ("BM25", "bm25"),
    "log_odds": ("the log-odds ratio with an informative Dirichlet prior", "log_odds"),
    "npmi": ("normalized pointwise mutual information", "npmi"),
    "centroid": ("the cosine of a term's vector and the topic's", "top2vec"),
}
_SCORES = {
    "npmi": ("NPMI", "npmi"), "silhouette": ("the silhouette", "silhouette"), "dbcv": ("DBCV", "dbcv"),
    "diversity": ("diversity of terms", "etm"), "rank_diversity": ("rank-biased diversity of terms", "rbo"),
    "ami": ("adjusted mutual information with human labels", "vinh2010"),
    "ari": ("the adjusted Rand index with human labels", "hubert1985"),
    "homogeneity": ("homogeneity and completeness", "vmeasure"), "b_cubed": ("B-cubed F", "bcubed"),
}  # fmt: skip
_EDITS = {
    "merge": ("merge of topics", "merges of topics"), "split": ("split of a topic", "splits of topics"),
    "move": ("move of documents", "moves of documents"), "drop": ("topic dropped", "topics dropped"),
    "rename": ("topic named", "topics named"), "validate": ("topic checked", "topics checked"),
}  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """One sentence of a methods paragraph.

    Attributes
    ----------
    about : str
        What it tells of, such as "neighbors".
    text : str
        With the papers that it cites in it.
    cites : tuple of str
        Their keys.
    """

    about: str
    text: str
    cites: tuple[str, ...] = ()


def cited(*keys: str) -> str:
    """Papers in brackets, as a text names them.

    Parameters
    ----------
    keys : str
        Of the entries.
    """
    return f"({'; '.join(short(key) for key in keys)})"


def neighbors(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """How neighbors were found.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    found = manifest.get("found", {})
    if not found:
        return
    start = (
        f"The {count(found['n_neighbors'], 'nearest neighbor')} of each document by cosine distance, itself among them,"
    )
    if found["neighbors"] == "exact":
        yield Sentence("neighbors", f"{start} were found by comparing all pairs.")
    else:
        version = manifest["stages"]["neighbors"]["libraries"]["pynndescent"]
        yield Sentence(
            "neighbors", f"{start} were found approximately, by pynndescent {version} {cited('nndescent')}.",
            ("nndescent",),
        )  # fmt: skip


def layouts(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """How many layouts there are, of what.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    config, resolved = manifest["config"]["reduce"], manifest["resolved"]
    n = len(resolved["seeds"])
    dims = count(config["n_components"], "dimension")
    if resolved["layout"] == "pca":
        yield Sentence("layouts", f"The documents, too few for UMAP, were laid out in {dims} by principal components.")
    if resolved["layout"] != "umap":
        return
    epochs = f", {count(config['n_epochs'], 'epoch')}" if isinstance(config["n_epochs"], int) else ""
    settings = f"n_neighbors {config['n_neighbors']}, min_dist {config['min_dist']:g}{epochs}"
    each = "a seed each" if n > 1 else "one seed"
    yield Sentence(
        "layouts",
        f"{count(n, 'layout')} in {dims} {verb(n, 'was', 'were')} made by UMAP {cited('umap')} in the toolkit's own "
        f"implementation ({settings}), from principal components and {each}{_drawn(manifest)}.",
        ("umap",),
    )


def _drawn(manifest: Mapping[str, Any]) -> str:
    shares = manifest.get("found", {}).get("shares", [])
    parts = [share for share in shares if share < 1]
    if not shares:
        return ""
    if not parts:
        return ", of all documents"
    whole = len(shares) - len(parts)
    of_all = f"{whole} of all documents and " if whole else ""
    return f"; {of_all}{len(parts)} of a random {percent(parts[0])} {verb(len(parts), 'of them', 'of them each')}"


def clusters(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """How layouts were clustered, and joined.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    found = manifest.get("found", {})
    if not found.get("levels"):
        return
    resolved, config = manifest["resolved"], manifest["config"]["cluster"]
    sizes = (
        "cut at many minimum cluster sizes" if config["min_cluster_size"] == "auto"
        else f"cut at min_cluster_size {config['min_cluster_size']}"
    )  # fmt: skip
    each = "Each layout" if len(resolved["seeds"]) > 1 else "The layout"
    yield Sentence(
        "clusters",
        f"{each} was clustered by HDBSCAN* {cited('campello2013')}, as hdbscan defines it {cited('hdbscan')}, on the "
        f"minimum spanning tree with min_samples {resolved['min_samples']}, and {sizes}.",
        ("campello2013", "hdbscan"),
    )
    if len(resolved["seeds"]) > 1:
        yield Sentence(
            "consensus",
            f"A document's cluster is the one for which the layouts vote {cited('dudoit2003')}.",
            ("dudoit2003",),
        )


def level(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """Which level was chosen, why, and how clear it is.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    found, resolved, config = manifest.get("found", {}), manifest["resolved"], manifest["config"]["cluster"]
    if not found.get("levels") or config["min_cluster_size"] != "auto":
        return
    wanted, level = (
        config["level"],
        f"the level {resolved['level']!r} (min_cluster_size {resolved['min_cluster_size']})",
    )
    if wanted == "auto" and len(resolved["seeds"]) > 1:
        yield Sentence(
            "level",
            f"Of the cuts, {level} was chosen, on which layouts agree best after penalties for noise, few clusters and "
            f"excess of mass {cited('lange2004')}.",
            ("lange2004",),
        )
    elif isinstance(wanted, int):
        yield Sentence("level", f"Of the cuts, {level} was chosen, as {wanted} clusters were asked for.")
    elif wanted != "auto":
        yield Sentence("level", f"Of the cuts, {level} was chosen, as {wanted!r} was asked for.")
    else:
        yield Sentence("level", f"Of the cuts, {level} was chosen; with one layout nothing is known of its stability.")
    if found["stability"] is not None:
        clear = "which counts as clear" if found["is_clear"] else "which does not count as clear"
        yield Sentence(
            "stability",
            f"Its stability, the mean of adjusted mutual information {cited('vinh2010')} and adjusted Rand index "
            f"{cited('hubert1985')} of every two layouts of other documents, is {found['stability']:.3f}, {clear} "
            "(at least .85).",
            ("vinh2010", "hubert1985"),
        )


def topics(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """How many topics there are, and how much is in none.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    found = manifest.get("found", {})
    if not found:
        return
    edited = (manifest.get("edited") or {}).get("n_done", 0)
    start = "After edits by hand there are" if edited else "There are"
    n = found["n_topics"]
    if not n:
        yield Sentence("topics", f"{start} no topics.")
        return
    start = start.replace("are", verb(n, "is", "are"))
    share, before = found["noise_share"], found["noise_share_before"]
    given = "" if edited or before == share else f" ({percent(before, digits=1)} before noise was assigned to topics)"
    none = f"{percent(share, digits=1)} of the documents are in none" if share else "every document is in one"
    yield Sentence("topics", f"{start} {count(n, 'topic')}; {none}{given}.")


def terms(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """How terms were chosen.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    config = manifest["config"]["label"]
    if not manifest.get("found", {}).get("n_topics"):
        return
    said, paper = _TERM_WEIGHTS[config["weighting"]]
    papers = [paper]
    text = f"A topic's {count(config['n_terms'], 'term')} were weighted by {said} {cited(paper)}"
    if config["coherence_weight"] > 0:
        text += (
            f" and chosen for coherence with each other too (weight {config['coherence_weight']:g}; {short('npmi')})"
        )
        papers.append("npmi")
    if config["inflections"] == "join":
        text += f"; inflected forms were joined by simplemma {cited('simplemma')} where it knows the language"
        papers.append("simplemma")
    yield Sentence("terms", f"{text}.", tuple(papers))


def scores(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """What the topics were scored by.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    found = manifest.get("found", {})
    named = [_SCORES[name] for name in found.get("scores", ()) if name in _SCORES] if found.get("n_topics") else []
    if named:
        listed = ", ".join(f"{said} {cited(paper)}" for said, paper in named)
        yield Sentence("scores", f"The topics were scored by {listed}.", tuple(paper for _, paper in named))


def edits(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """What was edited by hand.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    edited = manifest.get("edited") or {}
    if not edited.get("n_done"):
        return
    kinds = edited.get("kinds", {})
    listed = ", ".join(f"{n} {verb(n, *_EDITS[kind])}" for kind, n in sorted(kinds.items()))
    done = count(edited["n_done"], "edit")
    yield Sentence("edits", f"The result was edited by hand: {done}{f' ({listed})' if listed else ''}.")


def versions(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    """What it was computed with.

    Parameters
    ----------
    manifest : Mapping
        ``run.json``; of one that does not say it there is no sentence.
    """
    machine = manifest["machine"]
    libraries: dict[str, str] = {}
    for stage in manifest["stages"].values():
        libraries |= {name: version for name, version in stage["libraries"].items() if version != "absent"}
    listed = ", ".join(f"{name} {version}" for name, version in sorted(libraries.items()))
    kernels = f", matrix products by {' and '.join(machine['kernels'])}" if machine["kernels"] else ""
    seeds = manifest["resolved"]["seeds"]
    yield Sentence(
        "versions",
        f"All was computed with topics {manifest['toolkit']}, Python {machine['python']} and {listed}{kernels}, with "
        f"random_state {manifest['config']['random_state']} (seeds of layouts: {', '.join(map(str, seeds))}).",
    )

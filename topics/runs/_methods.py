"""What a run's manifest says of its methods, in sentences that are true of that run, each with what it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from topics._say import count, verb
from topics.runs import _sentences as of
from topics.runs._citations import bibtex, model_papers
from topics.runs._sentences import Sentence, cited


@dataclass(frozen=True)
class Methods:
    """How a run was made, to be quoted in a paper.

    Attributes
    ----------
    sentences : tuple of Sentence
        In the order of the stages.
    version : str
        Of the toolkit.
    """

    sentences: tuple[Sentence, ...]
    version: str

    @property
    def text(self) -> str:
        """The paragraph."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def cites(self) -> tuple[str, ...]:
        """Keys of all papers that it cites, each once."""
        return tuple(sorted({key for sentence in self.sentences for key in sentence.cites}))

    @property
    def bibtex(self) -> str:
        """The toolkit and the papers as a BibTeX file."""
        return bibtex(self.cites, version=self.version)

    def __str__(self) -> str:
        return f"{self.text}\n\n{self.bibtex}"


def methods_of(manifest: Mapping[str, Any]) -> Methods:
    """The methods of a run from what its manifest says, and nothing that it does not say.

    Parameters
    ----------
    manifest : Mapping
        ``run.json`` of a run; one of an older toolkit says less.
    """
    made = (
        _articles, _vectors, of.neighbors, of.layouts, of.clusters, of.level, of.topics, of.terms, of.scores, of.edits,
        of.versions,
    )  # fmt: skip
    sentences = tuple(sentence for make in made for sentence in make(manifest))
    return Methods(sentences, str(manifest["toolkit"]))


def _articles(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    corpus, config = manifest["corpus"], manifest["config"]["articles"]
    n = corpus["n_documents"]
    languages = corpus.get("languages") or {}
    said = f" ({', '.join(f'{n_docs:,} {code}' for code, n_docs in languages.items())})" if languages else ""
    rejected = count(corpus["n_rejected"], "row")
    yield Sentence(
        "articles",
        f"The corpus has {count(n, 'document')}{said}; {count(corpus['n_copies'], 'article')} with the text of another "
        f"{verb(corpus['n_copies'], 'was', 'were')} folded into it, and {rejected} "
        f"{verb(corpus['n_rejected'], 'was', 'were')} rejected.",
    )
    if corpus["n_removed_lines"]:
        lines = corpus["n_removed_lines"]
        yield Sentence("boilerplate", f"{count(lines, 'line')} of boilerplate {verb(lines, 'was', 'were')} removed.")
    source = (manifest.get("source") or {}).get("articles")
    if source and config["duplicates"] == "near":
        yield Sentence("duplicates", f"Near-duplicates were looked for by MinHash {cited('minhash')}.", ("minhash",))
    if _has_html(manifest):
        yield Sentence(
            "pages", f"Text was taken out of HTML with trafilatura {cited('trafilatura')}.", ("trafilatura",)
        )
    if config["fix_mojibake"]:
        yield Sentence("mojibake", f"Wrongly decoded text was repaired with ftfy {cited('ftfy')}.", ("ftfy",))


def _has_html(manifest: Mapping[str, Any]) -> bool:
    files = ((manifest.get("source") or {}).get("articles") or {}).get("files", ())
    names = [str(file.get("name", "")).lower().removesuffix(".gz") for file in files]
    return any(name.endswith((".html", ".htm")) for name in names) or any(
        "text was extracted" in warning for warning in manifest["warnings"]
    )


def _vectors(manifest: Mapping[str, Any]) -> Iterator[Sentence]:
    parameters = manifest["stages"]["embed"]["parameters"]
    n_dims = manifest.get("found", {}).get("n_dims")
    dims = f" ({n_dims:,} dimensions)" if n_dims else ""
    kind = parameters.get("kind")
    if kind == "given":
        yield Sentence(
            "vectors",
            f"The documents' vectors{dims} were computed beforehand and given to the toolkit; how is not recorded.",
        )
    elif kind == "hybrid":
        (semantic, papers), (lexical, others) = (_part(parameters[name], manifest) for name in ("semantic", "lexical"))
        weight, weighed_by = _weight(parameters, manifest)
        yield Sentence(
            "vectors",
            f"Documents were embedded{dims} as hybrids: {semantic}, joined with {lexical}; the lexical part has the "
            f"weight {weight}.",
            (*papers, *others, *weighed_by),
        )
    else:
        said, papers = _part(parameters, manifest)
        yield Sentence("vectors", f"Documents were embedded{dims} by {said}.", papers)


def _part(parameters: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """What made vectors, and its papers."""
    model = PurePath(manifest["config"]["embed"]["model"]).name
    kind = parameters.get("kind")
    if kind == "sentence-transformers":
        papers = model_papers(model)
        known = f" {cited(*papers)}" if papers else ""
        fell_back = any(": embedded in float32" in warning for warning in manifest["warnings"])
        precision = "float32" if fell_back else parameters["precision"]
        long = "in pieces, whose vectors were pooled" if parameters["long_texts"] == "pool" else "truncated"
        said = (
            f"{model}{known} with sentence-transformers {parameters['libraries']['sentence-transformers']} "
            f"{cited('sbert')}, in {precision}, texts longer than it reads {long}"
        )
        return said, ("sbert", *papers)
    if kind == "static":
        papers = model_papers(model)
        known = f" {cited(*papers)}" if papers else ""
        return f"means of token vectors {cited('model2vec')} distilled from {model}{known}", ("model2vec", *papers)
    if kind == "lsa":
        return f"latent semantic analysis {cited('lsa')} with scikit-learn {cited('sklearn')}", ("lsa", "sklearn")
    return f"an encoder of the authors' own ({kind})", ()


def _weight(parameters: Mapping[str, Any], manifest: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    weight = f"{manifest['resolved']['lexical_weight']:g}"
    if parameters.get("lexical_weight") != "auto":
        return f"{weight}, as set", ()
    if any("chosen by how well neighbors predict held-out words" in warning for warning in manifest["warnings"]):
        return f"{weight}, chosen by how well neighbors predict held-out words {cited('wallach2009')}", ("wallach2009",)
    return f"{weight}, as there was too little text to choose it", ()

"""No sentence of a run's methods that is not true of the run, and every paper that it cites in BibTeX."""

from __future__ import annotations

import copy
import json
import re
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from topics import Run, cli
from topics.runs._citations import _entries, bibtex, model_papers
from topics.runs._methods import methods_of
from topics.runs._sentences import _SCORES

CLAIMS = {
    "hybrid": lambda m: kind(m) == "hybrid",
    "sentence-transformers": lambda m: "sentence-transformers" in kinds(m),
    "latent semantic analysis": lambda m: "lsa" in kinds(m),
    "token vectors": lambda m: "static" in kinds(m),
    "computed beforehand": lambda m: kind(m) == "given",
    "the authors' own": lambda m: kind(m) == "function",
    "chosen by how well neighbors predict": lambda m: parameters(m).get("lexical_weight") == "auto",
    "in float32": lambda m: "float32" in str(parameters(m)) or "embedded in float32" in str(m["warnings"]),
    "in bfloat16": lambda m: "bfloat16" in str(parameters(m)) and "embedded in float32" not in str(m["warnings"]),
    "pooled": lambda m: "'pool'" in str(parameters(m)),
    "truncated": lambda m: "'truncate'" in str(parameters(m)),
    "comparing all pairs": lambda m: m["found"]["neighbors"] == "exact",
    "pynndescent": lambda m: m["found"]["neighbors"] == "approximate" or "pynndescent" in libraries(m),
    "NN-descent": lambda m: m["found"]["neighbors"] == "approximate",
    "UMAP (": lambda m: m["resolved"]["layout"] == "umap",
    "principal components.": lambda m: m["resolved"]["layout"] == "pca",
    "layouts vote": lambda m: len(m["resolved"]["seeds"]) > 1,
    "Each layout": lambda m: len(m["resolved"]["seeds"]) > 1,
    "with one layout": lambda m: len(m["resolved"]["seeds"]) == 1,
    "of a random": lambda m: any(share < 1 for share in m["found"]["shares"]),
    "HDBSCAN": lambda m: bool(m["found"]["levels"]),
    "layouts agree best": lambda m: m["config"]["cluster"]["level"] == "auto",
    "many minimum cluster sizes": lambda m: m["config"]["cluster"]["min_cluster_size"] == "auto",
    "clusters were asked for": lambda m: isinstance(m["config"]["cluster"]["level"], int),
    "counts as clear": lambda m: m["found"]["is_clear"],
    "not count as clear": lambda m: m["found"]["is_clear"] is False,
    "before noise was assigned": lambda m: m["found"]["noise_share_before"] != m["found"]["noise_share"],
    "no topics": lambda m: m["found"]["n_topics"] == 0,
    "class-based": lambda m: m["config"]["label"]["weighting"] == "class_tfidf",
    "log-odds": lambda m: m["config"]["label"]["weighting"] == "log_odds",
    "coherence with each other": lambda m: m["config"]["label"]["coherence_weight"] > 0,
    "simplemma (": lambda m: m["config"]["label"]["inflections"] == "join",
    "human labels": lambda m: "ami" in m["found"]["scores"] or "ari" in m["found"]["scores"],
    "by hand": lambda m: (m["edited"] or {}).get("n_done", 0) > 0,
    "MinHash": lambda m: m["source"] and m["config"]["articles"]["duplicates"] == "near",
    "trafilatura": lambda m: ".htm" in str(m["source"]),
    "ftfy (": lambda m: m["config"]["articles"]["fix_mojibake"],
    "boilerplate": lambda m: m["corpus"]["n_removed_lines"] > 0,
}
"""What a text claims where these words are in it."""


def parameters(manifest) -> dict[str, Any]:
    return manifest["stages"]["embed"]["parameters"]


def kind(manifest) -> str:
    return parameters(manifest)["kind"]


def kinds(manifest) -> set[str]:
    held = parameters(manifest)
    return {kind(manifest), *(held[part]["kind"] for part in ("semantic", "lexical") if part in held)}


def libraries(manifest) -> set[str]:
    return {name for stage in manifest["stages"].values() for name in stage["libraries"]}


def numbers_in(value: Any) -> set[float]:
    """Every number of a manifest, as it may be said, and the lengths of its lists."""
    if isinstance(value, bool) or value is None:
        return set()
    if isinstance(value, (int, float)):
        return {round(float(value), 3), round(100 * float(value), 1), round(100 * float(value))}
    if isinstance(value, str):
        return {float(one) for one in re.findall(r"\d+(?:\.\d+)?", value)}
    if isinstance(value, dict):
        return {number for one in (*value.values(), *value) for number in numbers_in(one)}
    lengths = {len(value), sum(one == 1 for one in value), sum(one != 1 for one in value)}
    return {float(n) for n in lengths} | {number for one in value for number in numbers_in(one)}


@pytest.fixture(scope="module")
def whole(runs) -> dict[str, Any]:
    """A real manifest, to be changed."""
    return dict(runs[0].manifest)


transformer = st.fixed_dictionaries(
    {
        "kind": st.just("sentence-transformers"), "precision": st.sampled_from(["float32", "bfloat16"]),
        "long_texts": st.sampled_from(["pool", "truncate"]), "device": st.just("cpu"),
        "libraries": st.just({"sentence-transformers": "6.2.0"}),
    }
)  # fmt: skip
lsa, static = st.just({"kind": "lsa"}), st.just({"kind": "static"})
hybrid = st.fixed_dictionaries(
    {"kind": st.just("hybrid"), "lexical_weight": st.sampled_from(["auto", 0.3]), "semantic": transformer | static,
     "lexical": lsa}
)  # fmt: skip
encoders = st.one_of(transformer, lsa, static, hybrid, st.just({"kind": "given"}), st.just({"kind": "function"}))


@st.composite
def changes(draw) -> dict[str, Any]:
    n_layouts = draw(st.sampled_from([1, 2, 12]))
    n_whole = draw(st.integers(1, n_layouts))
    level = draw(st.sampled_from(["auto", "theme", 7]))
    n_topics = draw(st.integers(0, 5))
    stability = draw(st.sampled_from([0.913, 0.42])) if n_layouts > 1 and n_topics else None
    before = draw(st.sampled_from([0.25, 0.125]))
    size = draw(st.sampled_from(["auto", 9])) if level == "auto" else "auto"
    return {
        "embed": draw(encoders),
        "seeds": list(range(101, 101 + n_layouts)),
        "layout": draw(st.sampled_from(["umap", "pca"])) if n_layouts == 1 else "umap",
        "cluster": {"level": level, "min_cluster_size": size},
        "label": {
            "weighting": draw(st.sampled_from(["class_tfidf", "bm25", "log_odds", "npmi", "centroid"])),
            "coherence_weight": draw(st.sampled_from([0.0, 0.75])),
            "inflections": draw(st.sampled_from(["join", "keep"])),
        },
        "articles": {
            "duplicates": draw(st.sampled_from(["near", "exact"])), "fix_mojibake": draw(st.booleans()),
        },
        "found": {
            "n_topics": n_topics, "noise_share": draw(st.sampled_from([0.0, 0.125])), "noise_share_before": before,
            "stability": stability, "is_clear": None if stability is None else stability >= 0.85,
            "levels": ["topic", "theme"] if n_topics else [], "shares": [1.0] * n_whole + [0.8] * (n_layouts - n_whole),
            "neighbors": draw(st.sampled_from(["exact", "approximate"])), "n_neighbors": 30, "n_dims": 384,
            "scores": draw(st.lists(st.sampled_from([*_SCORES, "purity"]), unique=True)),
        },
        "source": draw(st.sampled_from([None, "a.csv", "page.html", "page.htm.gz"])),
        "removed": draw(st.sampled_from([0, 17])),
        "edited": draw(st.sampled_from([None, {"n_edits": 3, "n_done": 0, "kinds": {}},
                                        {"n_edits": 4, "n_done": 3, "kinds": {"merge": 2, "rename": 1}}])),
        "fell_back": draw(st.booleans()),
    }  # fmt: skip


def changed(whole: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    manifest = copy.deepcopy(whole)
    manifest["stages"]["embed"]["parameters"] = change["embed"]
    manifest["resolved"] |= {"seeds": change["seeds"], "layout": change["layout"], "lexical_weight": 0.3}
    for section in ("cluster", "label", "articles"):
        manifest["config"][section] |= change[section]
    name = change["source"]
    manifest["source"] = name and {"articles": {"path": f"/x/{name}", "files": [{"name": name}]}}
    manifest |= {"found": change["found"], "edited": change["edited"]}
    manifest["corpus"]["n_removed_lines"] = change["removed"]
    manifest["warnings"] = ["bfloat16 is not accurate for it (why): embedded in float32"] if change["fell_back"] else []
    if change["embed"].get("lexical_weight") == "auto":
        manifest["warnings"].append("lexical weight 0.3, chosen by how well neighbors predict held-out words (…)")
    return manifest


@settings(max_examples=200)
@given(change=changes())
def test_every_sentence_is_true_of_the_manifest(whole, change):
    manifest = changed(whole, change)
    methods = methods_of(manifest)
    for words, holds in CLAIMS.items():
        assert words not in methods.text or holds(manifest), words
    known = numbers_in({name: manifest[name] for name in manifest if name not in ("files", "records", "results")})
    for sentence in methods.sentences:
        said = sentence.text.replace("(at least .85)", "")
        for key in sentence.cites:
            said = said.replace(_entries()[key]["short"], "")
        for number in re.findall(r"(?<![\w.-])\d[\d,]*(?:\.\d+)?(?![\w.]*\.\d)", said):
            assert float(number.replace(",", "")) in known | {0.0}, (number, sentence.text)


@settings(max_examples=100)
@given(change=changes())
def test_papers_in_the_text_are_those_in_bibtex(whole, change):
    methods = methods_of(changed(whole, change))
    for sentence in methods.sentences:
        assert all(_entries()[key]["short"] in sentence.text for key in sentence.cites)
    keys = set(re.findall(r"^@\w+\{(\w+),", methods.bibtex, flags=re.MULTILINE))
    assert keys == {"topics", *methods.cites}
    cited = {entry["short"] for entry in _entries().values() if re.search(rf"{entry['short']}[;)]", methods.text)}
    assert cited == {_entries()[key]["short"] for key in methods.cites}


def test_entries_are_whole():
    for key, entry in _entries().items():
        assert {"author", "title", "year", "type", "short"} <= entry.keys(), key
        assert entry["short"].endswith(entry["year"]), key
        assert entry["short"].split()[0] in entry["author"], key
    assert bibtex(_entries(), version="1").count("@") == len(_entries()) + 1


def test_a_model_s_name_tells_its_papers():
    assert model_papers("all-MiniLM-L6-v2") == ("minilm",)
    assert model_papers("paraphrase-multilingual-MiniLM-L12-v2") == ("minilm", "distilled")
    assert model_papers("intfloat/multilingual-e5-small") == ("me5",)
    assert model_papers("e5-base-v2") == ("e5",)
    assert model_papers("gte-base") == ()


def test_methods_of_a_real_run_and_of_its_edits(runs):
    text = runs[0].methods().text
    assert "The corpus has 45 documents" in text
    assert "Documents were embedded" in text
    assert "by latent semantic analysis (Deerwester et al. 1990)" in text
    assert "hybrid" not in text
    assert "2 layouts in 5 dimensions were made by UMAP (McInnes et al. 2018)" in text
    assert "There are 3 topics; every document is in one." in text
    edited = Run.load(runs[0].path).merge([0, 1]).rename(0, "One").methods().text
    assert "After edits by hand there are 2 topics" in edited
    assert "The result was edited by hand: 2 edits (1 merge of topics, 1 topic named)." in edited


def test_an_older_manifest_says_less_and_nothing_false(whole):
    older = {name: value for name, value in whole.items() if name not in ("found", "results", "source")}
    about = {sentence.about for sentence in methods_of(older).sentences}
    assert about <= {"articles", "boilerplate", "vectors", "layouts", "versions"}


def test_the_commands_print_what_the_run_says(runs, monkeypatch, capsys):
    run = Run.load(runs[0].path)

    def printed(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["topics", words[0], str(run.path), *words[1:]])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert not stop.value.code
        return capsys.readouterr().out

    assert printed("cite") == str(run.methods())
    assert printed("cite", "--bibtex") == run.methods().bibtex
    assert json.loads(printed("manifest", "--privacy", "counts")) == run.public_manifest("counts")

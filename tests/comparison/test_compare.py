"""Runs, configs, corpora and labelings compared."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from helpers import BagOfWords
from subjects import pages

import topics
from topics.comparison import METRICS, Comparison
from topics.comparison._layouts import Made, made_of
from topics.comparison._verdict import verdict_of
from topics.config import ConfigError
from topics.errors import InputError


def config(**sections):
    from comparison.conftest import CONFIG

    return {**CONFIG, **sections}


def test_two_seeds_of_one_config_are_within_what_seeds_do(two_runs):
    found = topics.compare(*two_runs, n_permutations=39, n_resamples=20)
    assert found.is_different is False
    assert found.winner is None
    assert "no more than two runs of one config do" in found.verdict
    assert set(found.topics["kind"]) == {"kept"}
    assert set(found.metrics["metric"]) <= set(METRICS)
    row = found.metrics.set_index("metric").loc["ami"]
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["over"] == "documents"
    assert found.metrics.set_index("metric").loc["npmi_held_out", "over"] == "documents"


def test_topics_that_were_mixed_by_hand_are_found_and_named(two_runs):
    one, other = two_runs
    members = other.members()
    there, back = sorted(members[0])[: len(members[0]) // 2], sorted(members[1])[: len(members[1]) // 2]
    mixed = other.move(there, to=1)
    place = next(topic for topic, ids in mixed.members().items() if ids >= members[0] - set(there))
    mixed = mixed.move(back, to=place)
    found = topics.compare(one, mixed, n_permutations=39, n_resamples=0)
    assert found.is_different
    assert "more than seeds do" in found.summary()
    beyond = found.topics[found.topics["beyond_seeds"] == True]  # noqa: E712
    assert {topic for topics_a in beyond["topics_a"] for topic in topics_a}
    assert not beyond["kind"].eq("kept").all()


def test_layouts_that_are_stored_are_not_made_again(two_runs, monkeypatch):
    from topics import reduce

    loaded = topics.Run.load(two_runs[0].path)
    monkeypatch.setattr(reduce.lay_out, "function", lambda *args, **kwargs: pytest.fail("a layout was made"))
    made = made_of(loaded)
    assert isinstance(made, Made)
    assert len(made.trees) == len(made.shares) == 4
    assert (made.labels_of(made.trees) == loaded.clusters.labels).all()


def test_without_permutations_there_is_no_test(two_runs):
    found = topics.compare(*two_runs, n_permutations=0, n_resamples=0)
    assert found.is_different is None
    assert "no permutations were asked for" in found.summary()


def test_configs_are_fitted_under_the_same_seeds_and_share_what_is_equal(corpus, folder):
    encoder, fits = BagOfWords(), []
    found = topics.compare(
        config(), config(cluster={"level": 2}), articles=corpus, seeds=4, out=folder, encoder=encoder,
        n_resamples=10, on_fit=lambda title, setting, n: fits.append((title, setting.seed)),
    )  # fmt: skip
    assert fits == [(title, seed) for title in "AB" for seed in range(4)]
    assert found.n_runs == (4, 4)
    assert found.is_different
    assert found.test["smallest_p"] == pytest.approx(2 / 70)
    assert found.winner is None
    assert "numbers of topics differ much" in found.verdict
    row = found.metrics.set_index("metric").loc["n_topics"]
    assert (row["a"], row["b"], row["difference"]) == (4, 2, -2)
    assert row["over"] == "seeds"
    again = topics.compare(
        config(), config(cluster={"level": 2}), articles=corpus, seeds=4, out=folder, encoder=encoder, n_resamples=10
    )
    pd.testing.assert_frame_equal(again.metrics, found.metrics)


def test_runs_with_seeds_are_compared_by_their_configs_without_the_articles(two_runs, folder):
    found = topics.compare(two_runs[0].path, two_runs[1], seeds=2, out=folder, n_resamples=0)
    assert found.n_runs == (2, 2)
    assert found.test["distance"] <= found.test["within_high"] + 1e-9
    assert "no p-value below 0.33" in found.summary()


def test_labels_of_any_tool_are_compared_as_far_as_labels_go():
    ids = [f"d{i}" for i in range(40)]
    one = pd.Series(np.repeat([0, 1, 2, 3], 10), index=ids)
    table = pd.DataFrame({"Document": ids[::-1], "Topic": np.repeat([7, 6, 5, -1], 10)})
    found = topics.compare(one, table, labels_true=one.to_dict(), titles=("ours", "theirs"))
    assert found.topics["kind"].tolist() == ["kept"] * 3 + ["gone"]
    assert set(found.metrics["metric"]) == {"n_topics", "noise_share", "ami", "ari"}
    said = found.summary()
    assert "A: ours; B: theirs; 40 documents." in said
    assert "labels alone do not say what another seed would give" in said
    assert "stability, coherence and diversity need runs" in said
    assert found.flow["n_documents"].sum() == 40


def test_several_labelings_a_side_are_tested_without_a_run():
    random = np.random.default_rng(0)
    base = np.repeat(np.arange(5), 20)

    def waver(labels):
        return np.where(random.random(100) < 0.1, random.integers(0, 5, 100), labels)

    merged = np.where(base == 4, 3, base)
    found = topics.compare([waver(base) for _ in range(5)], [waver(merged) for _ in range(5)])
    assert found.is_different
    assert topics.compare([waver(base) for _ in range(5)], [waver(base) for _ in range(5)]).test["p"] > 0.01


def test_two_months_are_matched_by_terms_and_scores_are_not_compared(two_runs, folder):
    later = pages(16)
    later = later[later["id"].str[-2:].astype(int) >= 12]
    more = pages(30).query("subject != 'court'")
    more = more[more["id"].str[-2:].astype(int) >= 12]
    other = topics.run(more, config(), name="later", out=folder, encoder=BagOfWords(), progress=False)
    found = topics.compare(two_runs[0], other)
    kinds = found.topics["kind"].tolist()
    assert kinds.count("gone") == 1
    assert kinds.count("kept") + kinds.count("drifted") == 3
    assert found.n_documents[2] == 0
    assert found.winner is None
    assert "the documents are not the same" in found.summary()
    gone = found.topics.query("kind == 'gone'").iloc[0]
    assert any(word in gone["terms_a"] for word in ("judge", "jury", "trial", "verdict", "lawyer", "appeal", "bail"))


def test_labels_without_shared_documents_cannot_be_compared():
    one, other = pd.Series([0, 1], index=["a", "b"]), pd.Series([0, 1], index=["c", "d"])
    with pytest.raises(InputError, match="0 documents in common: .* takes two runs"):
        topics.compare(one, other)


@pytest.mark.parametrize(
    ("a", "b", "keywords", "message"),
    [
        ({"cluster": {}}, {}, {}, "expected articles to fit two configs to"),
        ([0, 1], {"x": 0, "y": 1}, {}, "without ids and cannot be matched"),
        ([0, 1], [0, 1, 1], {}, "of one length, got 2, 3"),
        (["a", "b"], [0, 1], {}, "topics as numbers"),
        ([0, 1], [0, 1], {"seeds": 3}, "a config or a run to be fitted"),
        ([0, 1], [0, 1], {"labels_true": [1]}, "a label of each of 2 documents, got 1"),
    ],
)
def test_what_cannot_be_compared_says_what_to_do(a, b, keywords, message):
    with pytest.raises(InputError, match=message):
        topics.compare(a, b, **keywords)


def test_a_config_that_is_wrong_is_refused_as_a_run_refuses_it(tmp_path):
    (tmp_path / "a.toml").write_text("[cluster]\nnope = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="nope"):
        topics.compare(tmp_path / "a.toml", {}, articles=["text"])


def test_a_comparison_is_written_and_read_by_others(two_runs, tmp_path):
    found = topics.compare(*two_runs, n_permutations=0, n_resamples=0)
    assert [path.name for path in found.write(tmp_path / "kept")] == [
        "metrics.csv", "topics.csv", "flow.csv", "comparison.json",
    ]  # fmt: skip
    said = json.loads((tmp_path / "kept" / "comparison.json").read_text(encoding="utf-8"))
    assert said["winner"] is None
    assert said["summary"][-1] == found.verdict
    assert len(pd.read_csv(tmp_path / "kept" / "topics.csv")) == len(found.topics)


def metrics(**rows) -> pd.DataFrame:
    better = {"noise_share": "lower", "n_topics": "none"}
    return pd.DataFrame(
        [
            {"metric": name, "better": better.get(name, "higher"), "a": a, "b": b, "difference": b - a, "q": q}
            for name, (a, b, q) in rows.items()
        ]
    )


SAME = {"n_topics": (10, 11, 0.5), "noise_share": (0.1, 0.12, 0.5)}


@pytest.mark.parametrize(
    ("rows", "different", "winner", "said"),
    [
        ({**SAME, "ami": (0.5, 0.6, 0.01), "diversity": (0.9, 0.9, 0.9)}, True, "b", "B .second. is better in ami"),
        ({**SAME, "ami": (0.6, 0.5, 0.01), "diversity": (0.9, 0.9, 0.9)}, True, "a", "A .first. is better in ami"),
        ({**SAME, "ami": (0.6, 0.5, 0.01), "diversity": (0.8, 0.9, 0.01)}, True, None, "A is better in ami, B in div"),
        ({**SAME, "ami": (0.6, 0.5, 0.2)}, True, None, "no more than seeds do"),
        ({**SAME, "ami": (0.6, 0.5, 0.01)}, False, None, "no more than two runs of one config"),
        ({**SAME, "n_topics": (10, 16, 0.01), "ami": (0.6, 0.5, 0.01)}, True, None, "numbers of topics differ much"),
        ({**SAME, "noise_share": (0.0, 0.3, 0.01), "ami": (0.6, 0.5, 0.01)}, True, None, "shares of noise differ much"),
        ({**SAME, "ami": (0.6, 0.5, np.nan)}, True, None, "give seeds"),
    ],
)
def test_a_winner_is_named_only_where_the_scores_bear_it(rows, different, winner, said):
    found = verdict_of(metrics(**rows), different, titles=("first", "second"), n_runs=(1, 1))
    assert found[0] == winner
    assert pd.Series([found[1]]).str.contains(said).all()


def test_a_comparison_shows_itself_in_a_line(two_runs):
    found = topics.compare(*two_runs, n_permutations=0, n_resamples=0)
    assert isinstance(found, Comparison)
    assert repr(found).startswith("<Comparison of 'seed0' and 'seed1': No winner is named")

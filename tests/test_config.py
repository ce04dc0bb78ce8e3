from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from topics.config import ConfigError, LabelParams, RunConfig


def test_defaults_survive_toml(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(RunConfig().to_toml(), encoding="utf-8")
    assert RunConfig.from_toml(path) == RunConfig()


@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 1000) | st.just("auto"),
    st.sampled_from(["auto", "eom", "leaf"]),
    st.floats(0, 1),
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r")), max_size=4),
)
def test_any_config_survives_toml(tmp_path_factory, seed, size, method, share, stop_words):
    config = RunConfig.from_dict(
        {
            "random_state": seed,
            "articles": {"max_bad_share": share},
            "cluster": {"min_cluster_size": size, "cluster_selection_method": method},
            "label": {"stop_words": stop_words},
        }
    )
    path = tmp_path_factory.mktemp("toml") / "run.toml"
    path.write_text(config.to_toml(), encoding="utf-8", newline="")
    assert RunConfig.from_toml(path) == config


def test_overrides_win_over_the_file(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text("random_state = 3\n[cluster]\nmin_samples = 4\n", encoding="utf-8")
    config = RunConfig.from_toml(path, ["cluster.min_samples=10", "embed.model=some/model", "label.stop_words=['a']"])
    assert config.random_state == 3
    assert config.cluster.min_samples == 10
    assert config.embed.model == "some/model"
    assert config.label.stop_words == ("a",)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["cluster.min_sample=10"], "unknown key 'cluster.min_sample'; did you mean 'cluster.min_samples'"),
        (["clusters.min_samples=10"], "unknown key 'clusters'; did you mean 'cluster'"),
        (["min_cluster_size=10"], "unknown key 'min_cluster_size'; did you mean 'cluster.min_cluster_size'"),
        (["random_sate=1"], "unknown key 'random_sate'; did you mean 'random_state'"),
        (["cluster.min_samples=0"], "cluster.min_samples: Input should be greater than or equal to 1, got 0"),
        (["cluster.min_samples=ten"], "cluster.min_samples: "),
        (["reduce.n_epochs=-5"], "reduce.n_epochs: Input should be greater than or equal to 1, got -5"),
        (["random_state=-1"], "random_state: Input should be greater than or equal to 0, got -1"),
        (["reduce.min_dist=2"], "reduce: min_dist 2.0 is greater than spread 1.0"),
        (["reduce.min_dist=nan"], "reduce.min_dist: Input should be a finite number"),
        (["reduce.n_neighbors=50"], "reduce.n_neighbors 50 is greater than neighbors.n_neighbors 30"),
        (["reduce.n_layouts=0"], "reduce.n_layouts: .*greater than or equal to 1, got 0"),
        (["cluster.level=1"], "cluster.level: .*greater than or equal to 2, got 1"),
        (["cluster.min_confidence=1.5"], "cluster.min_confidence: Input should be less than or equal to 1, got 1.5"),
        (["cluster.noise=drop"], "cluster.noise: Input should be 'assign_confident', 'assign' or 'keep', got 'drop'"),
        (["cluster.cluster_selection_epsilon=0.5"], "cluster_selection_epsilon 0.5 needs a number as min_cluster_size"),
        (
            ["cluster.level=finest", "cluster.min_cluster_size=9"],
            "level 'finest' and min_cluster_size 9 both decide how fine the clusters are: set only one of them",
        ),
        (["label.ngram_range=[2, 1]"], r"label: ngram_range \[2, 1\] descends"),
        (
            ["label.stop_words=klingon"],
            "label.stop_words: expected \"auto\", languages .* and 'klingon' is no such language",
        ),
        (["label.stop_words=the"], r"a list of words, and 'the' is no such language; write \['the'\] for a word"),
        (["map.n_components=3"], "map.n_components: Input should be 2, got 3"),
        (
            ["articles.clean=lots"],
            "articles.clean: Input should be 'keep-all', 'light', 'standard' or 'strict', got 'lots'",
        ),
        (["cluster"], "expected KEY=VALUE such as cluster.min_samples=10, got 'cluster'"),
        (["random_state=1", "random_state.x=1"], "random_state.x: 'random_state' is a value, not a section"),
    ],
)
def test_bad_values_are_refused_by_name(overrides, message):
    with pytest.raises(ConfigError, match=message):
        RunConfig.from_toml(overrides=overrides)


def test_every_problem_is_named_at_once():
    with pytest.raises(ConfigError) as caught:
        RunConfig.from_toml(overrides=["cluster.min_samples=0", "embed.batch_tokens=0"])
    assert "cluster.min_samples" in str(caught.value)
    assert "embed.batch_tokens" in str(caught.value)


def test_unreadable_files_are_named(tmp_path):
    with pytest.raises(ConfigError, match="cannot read the config '.*absent.toml'"):
        RunConfig.from_toml(tmp_path / "absent.toml")
    (tmp_path / "bad.toml").write_text("a = = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match="bad.toml' is not TOML"):
        RunConfig.from_toml(tmp_path / "bad.toml")


def test_a_config_is_frozen():
    with pytest.raises(ValidationError, match="frozen"):
        RunConfig().cluster.min_samples = 3


def test_stop_words_may_be_named_by_language():
    for words in ("english", "en, de", ["english", "german"], ["a", "b"], ("a",), "auto"):
        taken = LabelParams(stop_words=words).stop_words
        assert taken == (words if isinstance(words, str) else tuple(words))
    assert LabelParams(stop_words={"b", "a"}).stop_words == ("a", "b")
    with pytest.raises(ValueError, match=r"got None; write \[\] for none"):
        LabelParams(stop_words=None)
    assert RunConfig.from_dict({"label": {"stop_words": "english"}}).label.stop_words == "english"


def test_an_old_key_is_taken_with_the_new_one_named():
    with pytest.warns(FutureWarning, match="'copies' is now called 'duplicates'"):
        config = RunConfig.from_dict({"articles": {"copies": "exact"}})
    assert config.articles.duplicates == "exact"
    assert "copies" not in config.to_toml()
    with pytest.raises(ConfigError, match="'copies' is the old name of 'duplicates'"):
        RunConfig.from_dict({"articles": {"copies": "exact", "duplicates": "near"}})

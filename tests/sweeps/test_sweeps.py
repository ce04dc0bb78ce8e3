"""A study is planned, worked through, stopped, gone on with, shared and summed up."""

from __future__ import annotations

import json
import multiprocessing
import sys
from pathlib import Path

import pytest
from helpers import BagOfWords, shift_seeds
from hypothesis import given
from hypothesis import strategies as st

import topics
from topics import sweeps
from topics.config import ConfigError
from topics.graph import Runner
from topics.store import Store, StoreError

BASE = {"reduce": {"n_epochs": 20, "n_layouts": 2}, "map": {"n_epochs": 20}}
STUDY = {"config": BASE, "grid": {"cluster.min_cluster_size": [5, 8], "label.n_terms": [3, 6]}, "seeds": 2}


@pytest.fixture(scope="module")
def corpus():
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    return topics.read([f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(60)])


@pytest.fixture(scope="module")
def study(corpus, tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return sweeps.sweep(corpus, STUDY, out=out, encoder=BagOfWords(), jobs=1, progress=False)


def test_a_grid_is_every_combination_under_every_seed():
    settings = sweeps.settings_of(STUDY)
    assert len(settings) == 2 * 2 * 2
    assert [setting.seed for setting in settings[:2]] == [0, 1]
    assert settings[0].params == {"cluster.min_cluster_size": 5, "label.n_terms": 3}
    assert settings[0].config.cluster.min_cluster_size == 5
    assert len({setting.key for setting in settings}) == 8


def test_random_state_may_be_tried_as_any_key():
    settings = sweeps.settings_of({"grid": {"random_state": [0, 7], "label.weighting": ["bm25", "npmi"]}})
    assert [(s.seed, s.config.random_state, s.params["label.weighting"]) for s in settings] == [
        (0, 0, "bm25"), (0, 0, "npmi"), (7, 7, "bm25"), (7, 7, "npmi"),
    ]  # fmt: skip
    assert all("random_state" not in setting.params for setting in settings)


@given(
    st.integers(1, 8), st.integers(0, 99), st.floats(1e-3, 1.0), st.floats(1.5, 50.0), st.booleans(), st.integers(1, 9)
)
def test_draws_are_in_their_range_and_more_draws_leave_the_first_as_they_are(n, seed, low, factor, log, top):
    space = {
        "reduce.min_dist": {"low": low / 10, "high": min(low / 10 * factor, 0.99), "log": log},
        "cluster.min_samples": {"low": 1, "high": 1 + top},
        "label.weighting": ["bm25", "npmi"],
    }
    random = {"n": n, "seed": seed, "space": space}
    drawn = [setting.params for setting in sweeps.settings_of({"random": random})]
    more = [setting.params for setting in sweeps.settings_of({"random": {**random, "n": n + 3}})]
    assert more[: len(drawn)] == drawn
    for params in more:
        assert low / 10 <= params["reduce.min_dist"] <= 0.99
        assert 1 <= params["cluster.min_samples"] <= 1 + top
        assert isinstance(params["cluster.min_samples"], int)


REFUSED = [
    ({"grit": {}}, "unknown section 'grit'"),
    ({"grid": {"cluster.min_sample": [1]}}, r"setting {'cluster.min_sample': 1}: unknown key .* did you mean"),
    ({"grid": {"cluster.min_samples": 5}}, "expected a list of values, got 5"),
    ({"grid": {"cluster.min_samples": [0]}}, "setting {'cluster.min_samples': 0}"),
    ({"seeds": 0}, "expected a number of seeds of at least 1"),
    ({"seeds": True}, "expected a number of seeds of at least 1"),
    ({"random": {"n": 0, "space": {}}}, "expected n, a number of draws"),
    ({"random": {"n": 2, "space": {"reduce.min_dist": {"low": 0, "high": 1, "log": True}}}}, "above 0 for log"),
]


@pytest.mark.parametrize(("study", "message"), REFUSED)
def test_what_is_no_study_is_refused(study, message):
    with pytest.raises(ConfigError, match=message):
        sweeps.settings_of(study)


def test_a_study_may_be_a_file(tmp_path):
    (tmp_path / "study.toml").write_text(
        'seeds = [3, 5]\n[config.reduce]\nn_epochs = 20\n[grid]\n"cluster.min_samples" = [2, 4]\n', encoding="utf-8"
    )
    settings = sweeps.settings_of(topics.sweeps._settings.study_of(tmp_path / "study.toml"))
    assert [(s.seed, s.params["cluster.min_samples"]) for s in settings] == [(3, 2), (5, 2), (3, 4), (5, 4)]
    assert settings[0].config.reduce.n_epochs == 20


def test_one_row_a_setting_and_seed(study):
    frame = study.results()
    assert len(frame) == 8
    assert set(frame["state"]) == {"done"}
    assert frame["metrics.npmi"].notna().all()
    assert set(frame["params.label.n_terms"]) == {3, 6}
    assert (study.path / "results.csv").read_text().count("\n") == 9
    assert study.counts() == {"done": 8, "failed": 0, "running": 0, "pending": 0}


def test_what_settings_share_is_computed_once(study):
    frame = study.results().sort_index()
    assert frame["new"].iloc[0] > frame["new"].iloc[2]  # other terms of the same clusters: layouts are there
    store = study.path.parent / ".store"
    assert len(list((store / "reduce").iterdir())) == 2 * 2  # two layouts a seed, for all four choices
    assert len(list((store / "neighbors").iterdir())) == 1


def test_what_is_read_counts_as_stored_though_another_setting_made_its_like(corpus, tmp_path):
    def asked(*settings):
        return {"config": BASE, "settings": [dict(zip(keys, values, strict=True)) for values in settings]}

    keys = ("cluster.min_cluster_size", "label.n_terms")
    options = {"out": tmp_path, "encoder": BagOfWords(), "jobs": 1, "progress": False}
    sweeps.sweep(corpus, asked((8, 3)), name="before", **options)
    frame = sweeps.sweep(corpus, asked((5, 3), (8, 6)), name="after", **options).results()
    assert frame["new"].tolist() == [5, 3]  # levels and a cut of its own; terms, held-out terms and scores alone
    assert frame["stored"].iloc[1] >= 2


def test_a_summary_says_what_is_on_the_front_and_names_no_winner(study):
    table = study.summary()
    assert len(table) == 4
    assert table["front"].any()
    assert table["metrics.npmi ±"].notna().all()
    assert (table["n_seeds"] == 2).all()
    dominated = table[~table["front"]]
    columns = [f"metrics.{name}" for name in sweeps.FRONT]
    for _, row in dominated.iterrows():
        better = [
            (other[columns] >= row[columns]).drop("metrics.noise_share").all()
            and other["metrics.noise_share"] <= row["metrics.noise_share"]
            for _, other in table[table["front"]].iterrows()
        ]
        assert any(better)


def test_asked_for_again_nothing_is_computed_and_settings_may_be_added(study, corpus, monkeypatch):
    tried = []
    args = {"out": study.path.parent, "encoder": BagOfWords(), "progress": False}
    again = sweeps.sweep(corpus, STUDY, on_setting=lambda setting, state: tried.append(setting), **args)
    assert tried == []
    assert again.results().equals(study.results())
    more = {**STUDY, "grid": {**STUDY["grid"], "cluster.min_cluster_size": [5, 8, 11]}}
    larger = sweeps.sweep(corpus, more, on_setting=lambda setting, state: tried.append(setting), **args)
    assert [setting.params["cluster.min_cluster_size"] for setting in tried] == [11] * 4
    assert larger.results().iloc[:8]["key"].tolist() == study.results()["key"].tolist()


def test_results_of_other_articles_are_not_taken_for_these(corpus, tmp_path):
    study = {"config": BASE, "settings": [{}, {"cluster.level": "no such level"}]}
    args = {"out": tmp_path, "encoder": BagOfWords(), "progress": False}
    sweeps.sweep(corpus, study, **args)
    other = topics.read([f"{text} again" for text in corpus.frame()["text"][:45]])
    tried = []
    for expected in (2, 2):  # the second time they are of these articles
        sweeps.sweep(other, study, on_setting=lambda setting, state: tried.append(setting), **args)
        assert len(tried) == expected
    sweeps.sweep(corpus, study, on_setting=lambda setting, state: tried.append(setting), **args)
    assert len(tried) == 4


def test_a_setting_that_fails_is_told_whole_and_the_rest_goes_on(corpus, tmp_path):
    study = {"config": BASE, "settings": [{}, {"cluster.level": "no such level"}, {"label.n_terms": 4}]}
    found = sweeps.sweep(corpus, study, out=tmp_path, encoder=BagOfWords(), progress=False)
    assert found.results()["state"].tolist() == ["done", "failed", "done"]
    assert "there is no level 'no such level'" in found.results()["error"][1]
    [(title, error)] = found.failures().items()
    assert "no such level" in title
    assert "Traceback" in error


def test_an_impossible_combination_is_a_failed_row_and_a_slip_of_the_pen_is_refused(corpus, tmp_path):
    study = {"config": BASE, "grid": {"reduce.min_dist": [0.1, 2.0], "reduce.spread": [1.0, 3.0]}}
    found = sweeps.sweep(corpus, study, out=tmp_path, encoder=BagOfWords(), progress=False)
    assert found.results()["state"].tolist() == ["done", "done", "failed", "done"]
    assert "min_dist 2.0 is greater than spread 1.0" in found.results()["error"][2]
    with pytest.raises(ConfigError, match="unknown key"):
        sweeps.settings_of({"settings": [{"label.n_terms": 3}, {"label.n_term": 3}]})


def test_a_full_disk_stops_the_sweep_and_the_next_call_goes_on(corpus, tmp_path, monkeypatch):
    args = {"out": tmp_path, "encoder": BagOfWords(), "jobs": 1, "progress": False}
    put, n_left = Store.put, [16]

    def full(self, record):
        n_left[0] -= 1
        if n_left[0] < 0:
            raise StoreError("cannot write: no space left on device")
        put(self, record)

    monkeypatch.setattr(Store, "put", full)
    with pytest.raises(StoreError, match="no space left"):
        sweeps.sweep(corpus, STUDY, **args)
    counts = sweeps.Study.load(tmp_path / "study").counts()
    assert counts["failed"] == 0
    assert counts["pending"] > 0
    monkeypatch.setattr(Store, "put", put)
    assert sweeps.sweep(corpus, STUDY, **args).counts()["done"] == 8


def test_articles_are_read_once_for_each_way_to_read_them(tmp_path, monkeypatch):
    path = tmp_path / "mine.jsonl"
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    texts = [f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(45)]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    read, n_read = topics.pipeline.read, []
    monkeypatch.setattr(topics.pipeline, "read", lambda *a, **k: (n_read.append(1), read(*a, **k))[1])
    grid = {"articles.split_round_ups": [True, False], "label.weighting": ["bm25", "npmi"]}
    study = {"config": BASE, "grid": grid, "seeds": [0, 3]}
    found = sweeps.sweep(
        str(path), study, out=tmp_path / "runs", encoder=BagOfWords(), progress=False
    )  # fmt: skip
    assert found.counts()["done"] == 2 * 2 * 2
    assert len(n_read) == 2


def test_ctrl_c_keeps_what_is_done_and_the_next_call_goes_on(corpus, tmp_path):
    def stop(setting, state):
        raise KeyboardInterrupt

    args = {"out": tmp_path, "encoder": BagOfWords(), "progress": False}
    with pytest.raises(KeyboardInterrupt):
        sweeps.sweep(corpus, STUDY, on_setting=stop, **args)
    assert sweeps.Study.load(tmp_path / "study").counts() == {"done": 1, "failed": 0, "running": 0, "pending": 7}
    assert sweeps.sweep(corpus, STUDY, **args).counts()["done"] == 8


def test_a_damaged_state_is_done_again_and_a_damaged_plan_refused(study, corpus, tmp_path):
    import shutil

    shutil.copytree(study.path.parent, tmp_path / "runs")
    state = next((tmp_path / "runs" / "study" / "settings").glob("*.json"))
    state.write_bytes(state.read_bytes().replace(b"done", b"dome"))
    tried = []
    sweeps.sweep(
        corpus, STUDY, out=tmp_path / "runs", encoder=BagOfWords(), progress=False,
        on_setting=lambda setting, state: tried.append(setting.key),
    )  # fmt: skip
    assert tried == [state.stem]
    plan = tmp_path / "runs" / "study" / "plan.json"
    plan.write_text(json.dumps({**json.loads(plan.read_text()), "format": 9}))
    with pytest.raises(StoreError, match="not a plan as it was written"):
        sweeps.Study.load(tmp_path / "runs" / "study")


def work(out: str, tests: str) -> None:
    sys.path.insert(0, tests)
    shift_seeds()
    kinds = ("harbour ferries cross tide", "vaccine nurses clinic fever", "football striker league goal")
    articles = [f"{kinds[i % 3]} {kinds[i % 3].split()[i % 4]}s number{i}" for i in range(60)]
    done: list[str] = []
    sweeps.sweep(
        articles, STUDY, out=out, encoder=BagOfWords(), progress=False,
        on_setting=lambda setting, state: done.append(setting.key),
    )  # fmt: skip
    Path(out, f"{multiprocessing.current_process().name}.done").write_text("\n".join(done))


def test_two_processes_share_the_work(tmp_path, study):
    context = multiprocessing.get_context("spawn")
    tests = str(Path(__file__).parents[1])
    both = [context.Process(target=work, args=(str(tmp_path), tests), name=f"p{i}") for i in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    done = [line for path in tmp_path.glob("*.done") for line in path.read_text().split()]
    assert sorted(done) == sorted(setting.key for setting in study.plan.settings)
    columns = [name for name in study.results() if name.startswith(("metrics.", "n_topics"))]
    assert sweeps.Study.load(tmp_path / "study").results()[columns].equals(study.results()[columns])


def test_a_dry_run_says_how_much_there_is_to_do(study, corpus, tmp_path):
    fresh = {part.stage: part for part in sweeps.explain_sweep(corpus, STUDY, out=tmp_path, encoder=BagOfWords())}
    assert (fresh["reduce"].n_parts, fresh["reduce"].n_stored) == (4, 0)
    assert fresh["scores"].n_parts == 8
    there = sweeps.explain_sweep(corpus, STUDY, out=study.path.parent, encoder=BagOfWords())
    assert all(part.n_stored == part.n_parts for part in there if part.stage not in ("map", "start"))


def test_what_no_setting_needs_any_more_is_let_go(corpus, tmp_path, monkeypatch):
    sizes = []
    keep_only = Runner.keep_only

    def watched(self, keys):
        keep_only(self, keys)
        sizes.append(len(self._records))

    monkeypatch.setattr(Runner, "keep_only", watched)
    sweeps.sweep(corpus, STUDY, out=tmp_path, encoder=BagOfWords(), jobs=1, progress=False)
    assert sizes[-1] == 0
    assert max(sizes) < 40

"""Stages plan when they are called with nodes, run when they are called with records, and are made once."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from topics.graph import Parts, Runner, known, stage
from topics.records import Origin
from topics.store import Store


@dataclass(frozen=True, eq=False)
class Number:
    value: float
    origin: Origin


class Params(BaseModel):
    factor: int = 2
    device: str = "cpu"


CALLS: list[str] = []


@stage("twice", Number, version=1, reads=("factor",))
def times(origin: Origin, number: Number, params: Params) -> Number:
    CALLS.append("twice")
    return Number(number.value * params.factor, replace(origin, notes=("multiplied",)))


@stage("sum", Number, version=1)
def add(origin: Origin, numbers: tuple[Number, ...], *, more: int = 0) -> Number:
    CALLS.append("sum")
    return Number(sum(number.value for number in numbers) + more, origin)


@stage("slow", Number, version=1, threads="one")
def wait(origin: Origin, number: Number, *, i: int) -> Number:
    CALLS.append(f"slow {i} begins")
    time.sleep(0.05)
    CALLS.append(f"slow {i} ends")
    return Number(number.value + i, origin)


def number(value: float) -> Number:
    return Number(value, Origin("number", 1, {"value": value}, (), {}))


@pytest.fixture(autouse=True)
def no_calls():
    CALLS.clear()


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


def test_with_records_it_runs_with_nodes_it_plans_and_the_key_is_the_same():
    made = add((times(number(3), Params()), number(1)), more=5)
    assert made.value == 12
    CALLS.clear()
    planned = add((times(known(number(3)), Params()), number(1)), more=5)
    assert CALLS == []
    assert planned.origin.key == made.origin.key
    assert Runner().get(planned).value == 12


@given(st.integers(-5, 5), st.integers(-5, 5), st.sampled_from(["cpu", "cuda"]))
def test_the_key_is_of_what_is_read_and_of_nothing_else(value, factor, device):
    key = times(number(value), Params(factor=factor, device=device)).origin.key
    assert key == times(number(value), Params(factor=factor)).origin.key
    assert key != times(number(value), Params(factor=factor + 1)).origin.key
    assert key != times(number(value + 1), Params(factor=factor)).origin.key
    assert key != times.named("other")(number(value), Params(factor=factor)).origin.key


def test_what_is_stored_is_not_made_again_nor_is_what_it_was_made_of_read(store):
    planned = add((times(known(number(3)), Params()),))
    assert Runner(store).get(planned).value == 6
    assert CALLS == ["twice", "sum"]
    (store.root / "twice").rename(store.root / "gone")
    times_of: dict[str, bool] = {}
    runner = Runner(store, on_stage=lambda name, taken: times_of.update({name: taken.stored}))
    assert runner.get(planned).value == 6
    assert CALLS == ["twice", "sum"]
    assert times_of == {"sum": True}
    assert runner.origin(planned).notes == ()


def test_a_node_that_several_need_is_made_once(store):
    shared = times(known(number(3)), Params())
    runner = Runner(store)
    runner.take(add((shared, shared)), add((shared,), more=1))
    assert CALLS.count("twice") == 1
    assert runner.origin(shared).notes == ("multiplied",)
    assert Runner(store).origin(shared).notes == ("multiplied",)  # from the store's manifest alone


def test_stages_of_one_thread_run_side_by_side_and_are_told_of_once(monkeypatch):
    monkeypatch.setenv("TOPICS_THREADS", "3")
    said = []
    runner = Runner(on_stage=lambda name, taken: said.append((name, taken)))
    parts = tuple(wait(known(number(1)), i=i) for i in range(6))
    assert runner.get(add(parts)).value == 21
    begun = CALLS.index("slow 0 ends")
    assert begun >= 2, CALLS  # another began before the first one ended
    assert [name for name, _ in said] == ["slow", "sum"]
    assert 0.05 <= said[0][1].seconds < 6 * 0.05 + 1
    assert not said[0][1].stored


def test_a_stage_that_must_be_alone_has_nothing_beside_it(monkeypatch):
    monkeypatch.setenv("TOPICS_THREADS", "3")

    @stage("alone", Number, version=1, threads="alone")
    def alone(origin: Origin, number: Number, *, i: int) -> Number:
        CALLS.append("alone begins")
        time.sleep(0.03)
        CALLS.append("alone ends")
        return Number(number.value, origin)

    first = tuple(wait(known(number(1)), i=i) for i in range(3))
    later = tuple(alone(one, i=i) for i, one in enumerate(first))
    more = tuple(wait(known(number(2)), i=i) for i in range(3, 8))
    assert Runner().get(add((*later, *more, alone(known(number(5)), i=9)))).value == 6 + 35 + 5
    begun = [i for i, call in enumerate(CALLS) if call == "alone begins"]
    assert len(begun) == 4
    assert all(CALLS[i + 1] == "alone ends" for i in begun)
    for i in begun:  # what began before it had ended
        assert sum("begins" in call for call in CALLS[:i]) == sum("ends" in call for call in CALLS[:i])


def test_an_error_is_raised_as_it_is_and_what_was_finished_is_kept(store):
    @stage("broken", Number, version=1, threads="one")
    def broken(origin: Origin, number: Number) -> Number:
        raise OSError(28, "No space left on device")

    whole = times(known(number(2)), Params())
    with pytest.raises(OSError, match="No space left"):
        Runner(store).take(add((whole, broken(whole))))
    assert Runner(store).get(whole).value == 4
    assert CALLS == ["twice"]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("topics")]


def test_ctrl_c_stops_and_the_next_run_goes_on(store):
    @stage("stopped", Number, version=1)
    def stopped(origin: Origin, number: Number) -> Number:
        raise KeyboardInterrupt

    whole = times(known(number(2)), Params())
    with pytest.raises(KeyboardInterrupt):
        Runner(store).take(stopped(whole))
    assert Runner(store).get(whole).value == 4
    assert CALLS == ["twice"]


@stage("parted", Number, version=1, stored=False, parts=lambda arguments: [part_of(i) for i in range(3)])
def parted(origin: Origin, number: Number, *, parts: Parts | None = None) -> Number:
    kept = parts or Parts()
    made = [kept.get_or_make(Number, part_of(i), make=lambda i=i: make_part(i)) for i in range(3)]
    return Number(number.value + sum(part.value for part in made), origin)


def part_of(i: int) -> Origin:
    return Origin("part", 1, {"i": i}, (), {})


def make_part(i: int) -> Number:
    CALLS.append(f"part {i}")
    if CALLS.count("part 2") == 1 and i == 2:
        raise KeyboardInterrupt
    return Number(i, part_of(i))


def test_parts_that_were_finished_are_not_made_again(store):
    planned = parted(known(number(10)))
    with pytest.raises(KeyboardInterrupt):
        Runner(store).take(planned)
    assert [(part.stage, part.n_stored) for part in Runner(store).explain(planned)] == [("parted", 0)]
    runner = Runner(store)
    assert runner.get(planned).value == 13
    assert CALLS == ["part 0", "part 1", "part 2", "part 2"]
    assert not runner.times["parted"].stored
    assert [(part.stage, part.n_stored) for part in Runner(store).explain(planned)] == [("parted", 1)]
    again = Runner(store)
    again.take(planned)
    assert again.times["parted"].stored


def test_it_explains_what_is_new_and_why(store):
    def graph(value: float, factor: int):
        return add((times(known(number(value)), Params(factor=factor)),))

    def told(planned) -> dict[str, str]:
        return {part.stage: part.why for part in Runner(store).explain(planned)}

    assert told(graph(1, 2)) == {"twice": "never made here", "sum": "made of twice, which is new"}
    Runner(store).take(graph(1, 2))
    CALLS.clear()
    assert told(graph(1, 2)) == {"twice": "", "sum": ""}
    assert told(graph(1, 3)) == {"twice": "factor 2 → 3", "sum": "made of twice, which is new"}
    assert told(graph(5, 2)) == {"twice": "made of other documents or records", "sum": "made of twice, which is new"}
    assert CALLS == []


def test_a_stored_record_that_lapsed_is_made_again_and_it_is_said_why(store):
    now = [1.0]

    @stage("now", Number, version=1, lapsed=lambda held: "the hour has struck" if held["value"] != now[0] else "")
    def at_this_hour(origin: Origin, number: Number) -> Number:
        CALLS.append("now")
        return Number(now[0], origin)

    planned = add((at_this_hour(known(number(1))),))
    assert Runner(store).get(planned).value == 1
    assert [part.why for part in Runner(store).explain(at_this_hour(known(number(1))))] == [""]
    now[0] = 2.0
    alone = at_this_hour(known(number(1)))
    assert [part.why for part in Runner(store).explain(alone)] == ["the hour has struck"]
    assert Runner(store).get(alone).value == 2
    assert Runner(store).get(at_this_hour.named("now")(known(number(1)))).value == 2
    assert CALLS == ["now", "sum", "now"]
    assert store.plain(alone.origin) == {"value": 2.0}
    assert store.plain(planned.parents[0].origin) == {"value": 2.0}
    assert store.plain(number(7).origin) is None


def test_a_record_of_another_key_than_planned_is_a_bug_of_ours():
    @stage("liar", Number, version=1)
    def liar(origin: Origin, number: Number) -> Number:
        return number

    with pytest.raises(RuntimeError, match="stage liar made a record of another key than planned"):
        liar(number(1))


def test_the_toolkits_graph_says_before_it_runs_what_it_will_do(tmp_path):
    from helpers import BagOfWords

    import topics
    from topics import RunConfig, pipeline

    texts = [f"{kind} number{i}" for i in range(20) for kind in ("harbour ferry tide", "vaccine nurse fever")]
    corpus = topics.read(texts)
    config = RunConfig.from_dict({"reduce": {"n_epochs": 20, "n_layouts": 2}, "map": {"n_epochs": 20}})
    before = {part.stage: part for part in pipeline.explain(config, corpus, out=tmp_path, encoder=BagOfWords())}
    assert before["embed"].why == "never made here"
    assert before["reduce"].n_parts == 2
    pipeline.run(config, corpus, out=tmp_path, encoder=BagOfWords())
    assert not any(part.why for part in pipeline.explain(config, corpus, out=tmp_path, encoder=BagOfWords()))
    other = RunConfig.from_dict({**config.model_dump(), "cluster": {"level": "coarsest"}})
    after = {part.stage: part.why for part in pipeline.explain(other, corpus, out=tmp_path, encoder=BagOfWords())}
    assert after["cut"] == "level 'auto' → 'coarsest'"
    assert after["label"] == "made of cut, which is new"
    assert {name for name, why in after.items() if why} == {"cut", "label", "held-out", "scores"}

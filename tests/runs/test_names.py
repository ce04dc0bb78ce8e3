from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics._locks import locked
from topics.errors import InputError
from topics.runs import Names, Run, TopicName, name_topic
from topics.runs._format import NAMES_FILE
from topics.store import StoreError


def entry(name, documents, by=None):
    return TopicName(name, by, "k", "a, b", tuple(sorted(documents)))


BAD = '{"format": 1, "names": [{"name": "x", "by": null, "key": "k", "label": "l", "documents": [["a"]]}]}'


def ids(*numbers):
    return frozenset(f"d{n}" for n in numbers)


def test_a_name_goes_to_the_topic_with_most_of_its_documents():
    names = Names((entry("Wind", ids(*range(10))),))
    found = names.match({0: ids(*range(2, 12)), 1: ids(0, 1), 2: ids(20, 21)})
    assert {topic: (given.name, share) for topic, (given, share) in found.items()} == {
        0: ("Wind", pytest.approx(8 / 12))
    }


def test_a_topic_that_was_split_in_halves_or_doubled_has_no_name():
    names = Names((entry("Wind", ids(*range(10))),))
    assert names.match({0: ids(*range(5)), 1: ids(*range(5, 10))}) == {}
    assert names.match({0: ids(*range(20))}) == {}


@given(
    st.lists(st.sets(st.integers(0, 12), min_size=1), max_size=6),
    st.lists(st.integers(0, 3), min_size=13, max_size=13),
)
def test_each_name_has_one_topic_at_most(named, topic_of):
    names = Names(tuple(entry(f"n{i}", ids(*docs)) for i, docs in enumerate(named)))
    topics = {t: ids(*(d for d in range(13) if topic_of[d] == t)) for t in set(topic_of)}
    found = names.match(topics)
    given = [one.name for one, _ in found.values()]
    assert len(set(given)) == len(given)
    assert all(share > 0.5 for _, share in found.values())


def test_a_person_s_name_comes_before_a_model_s():
    docs = ids(1, 2, 3)
    names = Names().with_name(entry("By hand", docs)).with_name(entry("By model", docs, by="m"))
    assert len(names.entries) == 2
    assert names.match({0: docs})[0][0].name == "By hand"
    renamed = names.with_name(entry("Better", docs))
    assert [one.name for one in renamed.entries] == ["By model", "Better"]
    assert names.with_name(entry("", docs)).entries == ()


def test_names_come_back_as_they_were_kept(tmp_path):
    names = Names((entry("Вітер", ids(1)), entry("<b>", ids(2), by="m")))
    names.keep(tmp_path)
    assert Names.load(tmp_path) == names
    assert Names.load(tmp_path / "elsewhere") == Names()


def test_a_file_changed_by_hand_is_taken_once_it_says_so_and_damage_is_never_overwritten(named_run):
    path = named_run.path.parent / NAMES_FILE
    name_topic(named_run, 0, name="Wind")
    whole = path.read_bytes()
    for position in range(0, len(whole), max(1, len(whole) // 50)):
        for damaged in (
            whole[:position] + bytes([whole[position] ^ 4]) + whole[position + 1 :],
            whole[:position],
        ):
            path.write_bytes(damaged)
            with pytest.raises(StoreError, match="holds no names of topics as they were kept"):
                name_topic(named_run, 1, name="Pool")
            assert path.read_bytes() == damaged
    by_hand = json.loads(whole)
    del by_hand["sealed_sha256"]
    by_hand["names"][0]["name"] = "Windmills"
    path.write_text(json.dumps(by_hand | {"format": 1}))
    assert name_topic(named_run, 1, name="Pool").topics()["name"].tolist()[:2] == ["Windmills", "Pool"]
    assert json.loads(path.read_bytes())["format"] == 2


NAMING = """
import sys
from pathlib import Path
import pandas as pd
from topics.runs import name_topic
from topics.runs._journal import Journal

class OfTwentyTopics:
    folder = Path(sys.argv[1]) / "run"
    journal = Journal()

    def with_names(self, names):
        return self

    def members(self):
        return {topic: frozenset({f"d{topic}"}) for topic in range(20)}

    def topics(self):
        return pd.DataFrame({"key": [str(topic) for topic in range(20)], "label": "a, b"})

print("ready", flush=True)
sys.stdin.readline()
for topic in range(int(sys.argv[2]), 20, 4):
    name_topic(OfTwentyTopics(), topic, name=f"name {topic}")
"""


def test_four_processes_at_once_lose_no_name(tmp_path):
    command = [sys.executable, "-c", NAMING, str(tmp_path)]
    started = [
        subprocess.Popen([*command, str(i)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for i in range(4)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * 4
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=120)
    assert [process.returncode for process in started] == [0] * 4
    assert sorted(kept.name for kept in Names.load(tmp_path).entries) == sorted(f"name {i}" for i in range(20))


HOLDING = """
import sys, time
from pathlib import Path
from topics._locks import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_killed_holder_lets_go_and_a_living_one_is_named(tmp_path):
    path = tmp_path / NAMES_FILE
    holder = subprocess.Popen([sys.executable, "-c", HOLDING, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(StoreError, match=r"names\.json' is being written by another process, which has held"),
            locked(path, wait_seconds=0.2),
        ):
            raise AssertionError("the lock was had twice")
    finally:
        holder.kill()
        holder.communicate()
    with locked(path, wait_seconds=5):
        assert (tmp_path / f".{NAMES_FILE}.lock").exists()


def test_a_folder_that_takes_no_lock_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot lock .*names.json' by "), locked(tmp_path / "file" / NAMES_FILE):
        raise AssertionError("locked")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 9, "names": []}', '{"format": 1, "names": [{"name": 3}]}', BAD]
)
def test_a_file_that_holds_no_names_is_refused_by_its_path(tmp_path, content):
    (tmp_path / NAMES_FILE).write_text(content)
    with pytest.raises(StoreError, match=r"names\.json' holds no names of topics"):
        Names.load(tmp_path)


def test_a_run_s_topics_are_named_and_so_are_those_of_the_next_run(named_run, next_run):
    run = name_topic(named_run, 1, name="  Wind farms ")
    assert named_run.topics()["name"].isna().all()  # the run as it was loaded
    assert run.topics()["name"].tolist()[1] == "Wind farms"
    assert run.topics()["named_by"].tolist()[1] == "hand"
    assert run.topics()["name_match"].tolist()[1] == 1
    again = Run.load(next_run.path).topics()
    topic = again.index[again["name"] == "Wind farms"]
    assert len(topic) == 1
    assert 0.5 < again.loc[topic[0], "name_match"] < 1
    kept = json.loads((run.path.parent / NAMES_FILE).read_text())
    assert kept["names"][0]["documents"] == sorted(run.members()[1])
    assert name_topic(run, 1, name="").topics()["name"].isna().all()


@pytest.mark.parametrize(
    ("topic", "name", "said"), [(9, "x", "a topic of the run, 0 to"), (0, "a\nb", "one line"), (0, "x" * 201, "200")]
)
def test_what_is_no_topic_or_no_name_is_refused(named_run, topic, name, said):
    with pytest.raises(ValueError, match=said):
        name_topic(named_run, topic, name=name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("bad\udcff name", r"for topic 1 that can be shown .* with U\+DCFF: leave out"),
        ("a\x1b]0;evil\x07", r"with U\+001B, U\+0007: leave out"),
        ("a \u202ekcab", r"with U\+202E: leave out"),
        ("\u200b \u200b", r"for topic 1 that can be seen, got '\\u200b \\u200b'"),
    ],
)
def test_a_name_that_is_obeyed_or_not_seen_is_refused(named_run, name, said):
    name_topic(named_run, 1, name="Wind farms")
    with pytest.raises(InputError, match=said):
        name_topic(named_run, 1, name=name)
    assert Run.load(named_run.path).topics()["name"].tolist()[1] == "Wind farms"


def test_marks_that_writing_needs_stay_in_a_name(named_run):
    name = "می\u200cخواهم 👩\u200d🌾 \u200fא"
    assert name_topic(named_run, 1, name=name).topics()["name"].tolist()[1] == name


def test_what_a_terminal_obeys_is_spelled_out_in_a_name_from_a_file(tmp_path):
    entry = {"name": "a\x1b\u202eb", "by": None, "key": "k", "label": "l", "documents": ["d"]}
    (tmp_path / NAMES_FILE).write_text(json.dumps({"format": 1, "names": [entry]}))
    assert Names.load(tmp_path).entries[0].name == r"a\x1b\u202eb"


def test_a_file_of_names_that_is_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / NAMES_FILE)
    with pytest.raises(StoreError, match=r"names\.json is a folder, pipe or device, not a file"):
        Names.load(tmp_path)


def test_a_run_without_topics_says_so(named_run, monkeypatch):
    monkeypatch.setattr(Run, "members", lambda self: {})
    with pytest.raises(ValueError, match="expected a topic of the run, which has none, got 0"):
        name_topic(named_run, 0, name="x")


def test_a_run_given_as_this_folder_has_its_names_beside_it(named_run, monkeypatch):
    monkeypatch.chdir(named_run.path)
    name_topic(Run.load("."), 0, name="Here")
    assert (named_run.path.parent / NAMES_FILE).is_file()
    assert Run.load(named_run.path).topics()["name"].tolist()[0] == "Here"

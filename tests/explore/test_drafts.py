"""Edits that are drafted on a report's page: the file it saves, applied to the run, gives what the run's own edits do."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from topics import Run
from topics.explore import Session, payload_of

SCRIPT = Path(__file__).with_name("drafts.mjs")
TEXTS = ["", "abc", "ж" * 60, "x" * 55, "y" * 56, "z" * 1_000]
EDITS: list[dict[str, Any]] = [
    {"kind": "rename", "topic": 1, "name": "  Ferries & “boats” ж "},
    {"kind": "validate", "topic": 2, "validated": True},
    {"kind": "move", "rows": [0, 3, 44, 20], "to": 2},
    {"kind": "merge", "topics": [0, 2]},
    {"kind": "undo"},
    {"kind": "redo"},
    {"kind": "rename", "topic": 0, "name": "Both"},
    {"kind": "move", "rows": [7], "to": -1},
    {"kind": "validate", "topic": 0, "validated": True},
    {"kind": "validate", "topic": 0, "validated": False},
    {"kind": "drop", "topic": 1},
    {"kind": "undo"},
]


def drafted(run: Run, edits: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    payload = payload_of(run, drafts=True)
    documents = run.documents()
    ids = documents[documents["copy_of"].isna()]["doc_id"].tolist()
    data = base64.b64encode(payload.data).decode()
    given = {"meta": payload.meta, "data": data, "ids": ids, "edits": edits, "texts": TEXTS}
    (folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    done = subprocess.run([node, SCRIPT, folder / "given.json"], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    (folder / "edits.json").write_text(found["file"], encoding="utf-8", newline="")
    return found


def same(applied: Run, edited: Run) -> None:
    columns = ["topic", "name", "validated", "size", "key", "terms"]
    assert applied.topics()[columns].to_json() == edited.topics()[columns].to_json()
    assert applied.documents()["topic"].tolist() == edited.documents()["topic"].tolist()
    assert [edit.say() for edit in applied.journal.done] == [edit.say() for edit in edited.journal.done]


def test_a_file_of_drafts_does_what_the_same_edits_do_by_the_run(dated_run, tmp_path):
    session = Session(dated_run, save=False)
    said = [session.edit(edit) for edit in EDITS]
    found = drafted(dated_run, EDITS, tmp_path)
    assert found["said"] == said
    same(dated_run.with_edits_of(tmp_path / "edits.json"), session.run)
    topics = session.run.topics()
    assert [topic["name"] for topic in found["topics"]] == topics["name"].where(topics["name"].notna(), None).tolist()
    assert [topic["size"] for topic in found["topics"]] == topics["size"].tolist()
    documents = session.run.documents()
    assert found["codes"] == documents[documents["copy_of"].isna()]["topic"].tolist()
    assert found["digests"] == [hashlib.sha256(text.encode()).hexdigest() for text in TEXTS]


def test_drafts_go_on_from_the_edits_that_a_run_has(dated_run, tmp_path):
    run = dated_run.merge([0, 1]).rename(0, "Both").validate(0)
    edits = [{"kind": "rename", "topic": 0, "name": "Two"}, {"kind": "validate", "topic": 0, "validated": False}]
    drafted(run, edits, tmp_path)
    edited = run.rename(0, "Two").validate(0, validated=False)
    for start in (run, dated_run):
        same(start.with_edits_of(tmp_path / "edits.json"), edited)
    assert run.with_edits_of(tmp_path / "edits.json").undo().undo().topics()["name"].tolist()[0] == "Both"
    with pytest.raises(ValueError, match="without edits"):
        dated_run.drop(0).with_edits_of(tmp_path / "edits.json")

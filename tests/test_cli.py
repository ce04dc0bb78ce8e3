from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
from helpers import BagOfWords
from subjects import pages

from topics import RunConfig, cli, embed, neighbors, pipeline
from topics import __version__ as topics_version
from topics.articles import read

QUICK = ["--set", "reduce.n_epochs=30", "--set", "map.n_epochs=30"]


@pytest.fixture
def topics(monkeypatch, capsys):
    """The command line in this process, with an encoder that needs no weights."""
    monkeypatch.setattr(embed, "encoder_for", lambda params, **given: BagOfWords())
    monkeypatch.setenv("COLUMNS", "110")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["topics", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        printed = capsys.readouterr()
        return int(code), printed.out, printed.err

    return call


@pytest.fixture
def articles(tmp_path) -> Path:
    path = tmp_path / "articles.jsonl"
    pages().to_json(path, orient="records", lines=True, force_ascii=False)
    return path


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    config = RunConfig.from_dict({"reduce": {"n_epochs": 30, "n_layouts": 2}, "map": {"n_epochs": 30}})
    out = tmp_path_factory.mktemp("finished")
    return pipeline.run(config, read(pages()), out=out, name="mine", encoder=BagOfWords()).path


@pytest.fixture
def mine(finished, tmp_path) -> Path:
    """A run with topics, to name them and to show them."""
    return shutil.copytree(finished, tmp_path / "runs" / "mine")


def test_run_prints_the_topics_and_where_the_run_lies(topics, articles, tmp_path):
    code, out, err = topics("run", articles, "--out", tmp_path / "runs", *QUICK)
    assert code == 0
    [folder] = [p for p in (tmp_path / "runs").iterdir() if p.name.startswith("articles-")]
    assert "topic  docs  reprod.  terms" in out
    assert "60 documents · " in out
    assert f"run:  {folder}" in out
    assert f"look: topics explore {folder}" in out
    assert "read" in err
    assert "embed" in err
    code, shown, _ = topics("show", folder)
    assert (code, shown) == (0, out)


def test_config_and_overrides_reach_the_run(topics, articles, tmp_path):
    (tmp_path / "c.toml").write_text("random_state = 5\n[label]\nn_terms = 3\n")
    code, *_ = topics(
        "run", articles, "--out", tmp_path / "runs", "--name", "mine", "--config", tmp_path / "c.toml", *QUICK
    )
    assert code == 0
    config = json.loads((tmp_path / "runs" / "mine" / "run.json").read_text())["config"]
    assert (config["random_state"], config["label"]["n_terms"], config["reduce"]["n_epochs"]) == (5, 3, 30)
    code, _, err = topics("run", articles, "--out", tmp_path / "runs", "--name", "mine", *QUICK)
    assert code == 2
    assert "holds a run of another config" in err
    assert topics("run", articles, "--out", tmp_path / "runs", "--name", "mine", "--replace", *QUICK)[0] == 0


def test_too_few_articles_are_listed(topics, tmp_path):
    for i in range(5):
        (tmp_path / f"page-{i}.txt").write_text(f"Words of article number {i}, which is short.")
    code, out, _ = topics("run", tmp_path, "--out", tmp_path / "runs")
    assert code == 0
    assert "5 distinct documents: too few to cluster, at least 15 are needed" in out
    assert all(f"page-{i}" in out for i in range(5))


def test_more_than_twenty_articles_are_cut_off(topics, tmp_path):
    pd.DataFrame({"text": [f"word{i}" for i in range(14)]}).to_csv(tmp_path / "a.csv", index=False)
    frame = pd.read_csv(tmp_path / "a.csv")
    pd.concat([frame, frame]).to_csv(tmp_path / "a.csv", index=False)
    _, out, _ = topics("run", tmp_path / "a.csv", "--out", tmp_path / "runs")
    assert "and 8 more" in out


REFUSED = [
    (["run", "absent.jsonl"], "'absent.jsonl' does not exist"),
    (["run", "{articles}", "--set", "cluster.min_sample=3"], "unknown key 'cluster.min_sample'; did you mean"),
    (["run", "{articles}", "--set", "evaluate.label_column=gold"], "evaluate.label_column is 'gold', but"),
    (["run", "{articles}", "--name", "../up"], "expected a plain folder name"),
    (["show", "nowhere"], "'nowhere' holds no finished run"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_errors_are_one_sentence_without_a_traceback(topics, articles, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, _, err = topics(*(a.replace("{articles}", str(articles)) for a in arguments))
    assert code == 2
    assert err.count("error: ") == 1
    assert message in err
    assert "Traceback" not in err


def test_ctrl_c_says_that_finished_stages_are_kept(topics, articles, tmp_path, monkeypatch):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(neighbors.find_neighbors, "function", interrupt)
        code, _, err = topics("run", articles, "--out", tmp_path / "runs", *QUICK)
    assert code == 130
    assert "finished stages are kept" in err
    code, _, err = topics("run", articles, "--out", tmp_path / "runs", *QUICK)
    assert code == 0
    stored = [line.split()[0] for line in err.splitlines() if "(stored)" in line]
    assert stored[0] == "read"
    assert "embed" in stored


MARKUP = ["[/]", "[bold]x", "[/bogus] x", "[link=https://a.b]c[/link]", ":warning: x", "back\\[slash] \\"]


def test_markup_in_any_field_is_printed_as_it_is(topics, tmp_path, monkeypatch):
    """A run of topics, one of too few articles, the articles, a page, names, and a file of that name."""
    monkeypatch.setenv("COLUMNS", "200")
    frame = pages()[["text"]]
    payloads = [MARKUP[i % len(MARKUP)] for i in range(len(frame))]
    for name in ("title", "source", "author", "lang", "url", "date", *MARKUP):
        frame[name] = payloads
    frame["id"] = [f"{markup} {i}" for i, markup in enumerate(payloads)]
    frame["text"] = [f"{markup} {text}" for markup, text in zip(payloads, frame["text"], strict=True)]
    path = tmp_path / "[bold]a[bogus].jsonl"
    frame.to_json(path, orient="records", lines=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("[/]\n")
    run = tmp_path / "runs" / "many"
    code, out, _ = topics("run", path, "--out", run.parent, "--name", "many", *QUICK)
    assert code == 0
    assert topics("show", run) == (0, out, "")
    for markup in MARKUP:
        code, out, _ = topics("name", run, "0", markup)
        assert code == 0
        assert f"{markup}: " in out
    code, out, _ = topics("articles", path)
    assert code == 0
    assert f"rejected {path.name}:61" in out
    for i, markup in enumerate(MARKUP):
        code, out, _ = topics("articles", path, "--show", f"{markup} {i}")
        assert code == 0
        assert f"id      {markup} {i}" in out
        assert f"title   {markup}" in out
    frame.head(len(MARKUP)).drop(columns="source").to_json(path, orient="records", lines=True)
    code, out, err = topics("run", path, "--out", run.parent, "--name", "few", *QUICK)
    assert code == 0, err
    assert all(f"{markup} {i}" in out for i, markup in enumerate(MARKUP))
    assert "[/bogus] x" in next(line for line in out.splitlines() if line.startswith("[/bogus] x 2"))[20:]


def test_what_a_key_of_sheets_says_is_printed_as_it_is(topics, tmp_path):
    (tmp_path / "key.csv").write_text("sheet,item,about,intruder,n_options\n[/],1,[bold]x,2,4\n")
    (tmp_path / "anna.csv").write_text("sheet,item,answer\n[/],1,3\n")
    code, out, _ = topics("score-sheets", tmp_path / "key.csv", tmp_path / "anna.csv")
    assert code == 0
    assert "[/] 1: found by 0% of 1 (article [bold]x)" in out


def test_the_version_is_printed(topics):
    assert topics("--version") == (0, f"topics {topics_version}\n", "")


def test_a_narrow_terminal_has_fewer_terms(topics, mine, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = topics("show", mine)
    assert max(len(line) for line in out.splitlines() if not line.startswith(("run:", "look:"))) <= 80
    narrow = len(out.splitlines())
    monkeypatch.setenv("COLUMNS", "200")
    assert narrow < 2.5 * len(topics("show", mine)[1].splitlines())


def test_articles_says_what_became_of_them(topics, sample, tmp_path):
    path = tmp_path / "articles.jsonl"
    sample.head(40).to_json(path, orient="records", lines=True, force_ascii=False)
    with path.open("a", encoding="utf-8") as file:
        file.write("no json\n")
    code, out, _ = topics("articles", path)
    assert code == 0
    assert "rows       41" in out
    assert "rejected articles.jsonl:41: not JSON" in out
    assert "recurs on other pages" in out
    assert "note: " in out


def test_a_page_is_shown_with_what_went(topics, sample, tmp_path):
    path = tmp_path / "articles.jsonl"
    sample.head(40).to_json(path, orient="records", lines=True, force_ascii=False)
    code, by_id, _ = topics("articles", path, "--show", "ledger-008")
    assert code == 0
    assert "title   Meningitis B vaccine given to 1,316 Tarnwick students in two days" in by_id
    assert "date    2022-11-19 19:05 UTC" in by_id
    assert "−  Skip to content" in by_id
    assert "+  Nurses vaccinated 1,316 students" in by_id
    place = sorted(sample["id"].head(40)).index("ledger-008") + 1
    assert topics("articles", path, "--show", place)[1] == by_id
    code, _, err = topics("articles", path, "--show", "41")
    assert (code, err.strip()) == (2, f"error: {path}: expected a page from 1 to 40, or an id, got '41'")
    code, kept, _ = topics("articles", path, "--show", "ledger-008", "--set", "articles.clean=keep-all")
    assert code == 0
    assert ", 0 removed" in kept


def test_a_topic_is_named_and_shown_by_its_name(topics, mine):
    code, out, _ = topics("name", mine, "0", "Wind farms")
    assert code == 0
    assert "Wind farms: " in out
    assert "Wind farms: " in topics("show", mine)[1]


@pytest.mark.parametrize(
    "arguments", [["0"], [], ["0", "x", "--model", "m"], ["0", "--model", "m"], ["0", "x", "--url", "u"]]
)
def test_half_of_a_name_is_refused(topics, mine, arguments):
    code, _, err = topics("name", mine, *arguments)
    assert code == 2
    assert "expected a topic and its name, or --model" in err


def test_sheets_are_written_and_scored(topics, mine, tmp_path):
    code, out, _ = topics("sheets", mine, "--out", tmp_path / "sheets", "--n-documents", "5")
    assert code == 0
    assert "sheets.html" in out
    key = (tmp_path / "sheets" / "key.csv").read_text(encoding="utf-8-sig").splitlines()
    rows = [line.split(",") for line in key[1:]]
    answers = "\n".join(["sheet,item,answer", *(f"{row[0]},{row[1]},{row[3]}" for row in rows)])
    (tmp_path / "anna.csv").write_text(answers, encoding="utf-8")
    code, out, _ = topics("score-sheets", tmp_path / "sheets" / "key.csv", tmp_path / "anna.csv")
    assert code == 0
    assert "100%" in out


EVIL = "\x1b]0;evil\x07\x1b[31mred \u202egnp.\x9b2J\x7f"


def raw(text: str) -> list[str]:
    return [c for c in text if c != "\n" and (c < " " or "\x7f" <= c < "\xa0" or "\u202a" <= c <= "\u202e")]


def test_no_field_file_or_argument_reaches_the_terminal_raw(topics, tmp_path):
    frame = pages()
    frame = frame.assign(id=EVIL + frame["id"], title=EVIL + frame["id"], author=EVIL, source=EVIL, mine=EVIL)
    frame["text"] = frame["text"].str.replace(". ", f". {EVIL} ", n=3, regex=False)
    path = tmp_path / f"a{EVIL.replace('/', '')}.jsonl"
    frame.to_json(path, orient="records", lines=True, force_ascii=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{EVIL} no json\n")
    out, folder = tmp_path / f"runs{EVIL}", tmp_path / f"runs{EVIL}" / "mine"
    printed = []

    def check(code: int, *arguments: object) -> None:
        printed.append(topics(*arguments))
        assert printed[-1][0] == code, printed[-1]

    check(0, "run", path, "--out", out, "--name", "mine", *QUICK, "--set", "cluster.level=3")  # on any CPU
    check(0, "show", folder)
    check(2, "name", folder, "0", EVIL)  # refused with its characters named
    check(0, "articles", path)
    check(0, "articles", path, "--show", "1")
    check(0, "sheets", folder, "--out", tmp_path / EVIL.replace("/", ""), "--n-documents", "3")
    for arguments in (
        ["run", f"absent{EVIL}"],
        ["run", path, "--name", EVIL],
        ["run", path, "--set", f"{EVIL}=1"],
        ["run", path, "--set", f"embed.encoder={EVIL}"],
        ["run", path, "--config", EVIL],
        ["run", path, "--embeddings", f"{EVIL}.npy"],
        ["articles", path, "--show", EVIL],
        ["show", EVIL],
        ["name", folder, "0", f"two\nlines {EVIL}"],
        ["name", folder, EVIL, "x"],
        ["score-sheets", EVIL, EVIL],
        [EVIL],
        [f"--{EVIL}"],
    ):
        check(2, *arguments)
    assert [raw(text) for _, *texts in printed for text in texts if raw(text)] == []
    assert any("\\x1b]0;evil\\x07" in text for _, *texts in printed for text in texts)


SYSTEM = [
    (PermissionError(13, "Permission denied", "/x/y"), "error: '/x/y': permission denied\n"),
    (OSError(28, "No space left on device", "a\x1b[1m"), "error: 'a\\x1b[1m': no space left on device\n"),
    (OSError(30, "Read-only file system"), "error: a file: read-only file system\n"),
    (OSError(36, "File name too long", "n"), "error: 'n': file name too long\n"),
    (OSError(18, "Invalid cross-device link", "a", None, "b"), "error: 'a' and 'b': invalid cross-device link\n"),
    (OSError("a sentence of a library's"), "error: a sentence of a library's\n"),
]


@pytest.mark.parametrize(("raised", "said"), SYSTEM)
def test_what_the_system_refuses_is_one_sentence(topics, monkeypatch, raised, said):
    def refuse(*args):
        raise raised

    monkeypatch.setattr("topics.runs.Run.load", refuse)
    assert topics("show", "run") == (2, "", said)


@pytest.mark.parametrize("kind", [KeyError, ValueError, TypeError])
def test_a_bug_keeps_its_traceback_without_raw_characters(topics, monkeypatch, kind):
    def fail(*args):
        raise kind(f"bug {EVIL}")

    monkeypatch.setattr("topics.runs.Run.load", fail)
    code, _, err = topics("show", "run")
    assert code == 1
    assert err.startswith("Traceback")
    assert kind.__name__ in err
    assert raw(err) == []


def test_paths_of_another_kind_than_expected_are_one_sentence(topics, articles, tmp_path):
    (tmp_path / "file").write_text("")
    for arguments in (
        ["show", tmp_path / "file" / "run"],
        ["run", articles, "--out", tmp_path / "file"],
        ["run", articles, "--out", tmp_path / "file" / "runs"],
        ["run", articles, "--config", tmp_path],
        ["run", articles, "--embeddings", tmp_path / "file" / "v.npy"],
        ["run", tmp_path / ("x" * 300)],
        ["show", tmp_path / ("x" * 300)],
        ["score-sheets", tmp_path, tmp_path],
    ):
        code, _, err = topics(*arguments)
        assert code == 2
        assert "Traceback" not in err
        assert [line.startswith("error: ") for line in err.splitlines() if not line.startswith("read ")] == [True], err

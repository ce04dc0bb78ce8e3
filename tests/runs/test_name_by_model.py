"""Names by a model, from a server on this machine that answers as it is told."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from topics.runs import NamingError, name_by_model, name_topic
from topics.runs._name_by_model import read_answer

pytest.importorskip("openai")
pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Server:
    def __init__(self, answers):
        self.answers, self.asked = list(answers), []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                answer = server.answers.pop(0) if server.answers else f"Topic name {len(server.asked)} words"
                status, text = answer if isinstance(answer, tuple) else (200, answer)
                body = json.dumps(
                    {"id": "x", "object": "chat.completion", "created": 0, "model": "stub",
                     "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}]}
                    if status == 200 else {"error": {"message": text}}
                ).encode()  # fmt: skip
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def serve():
    servers = []

    def start(*answers):
        servers.append(Server(answers))
        return servers[-1]

    yield start
    for server in servers:
        server.http.shutdown()
        server.http.server_close()


def test_topics_are_named_from_terms_and_sentences_and_the_answers_are_stored(named_run, serve):
    server = serve('"Wind farms."', "Name: Swimming", "Banks and rates")
    run, unnamed = name_by_model(named_run, "stub-1", base_url=server.url)
    assert unnamed == {}
    assert run.topics()["name"].tolist() == ["Wind farms", "Swimming", "Banks and rates"]
    assert set(run.topics()["named_by"]) == {"stub-1"}
    first = server.asked[0]
    row = run.topics().iloc[0]
    assert first["model"] == "stub-1"
    assert ", ".join(row["terms"]) in first["messages"][1]["content"]
    assert row["sentences"][0][:200] in first["messages"][1]["content"]
    again, _ = name_by_model(named_run, "stub-1", base_url=server.url)
    assert len(server.asked) == 3
    assert again.topics()["name"].tolist() == run.topics()["name"].tolist()


def test_refusals_explanations_and_names_given_before_are_asked_again_and_then_left(named_run, serve):
    server = serve(
        "I'm sorry, I can't do that.", "Wind farms",  # the second answer is a name
        "wind farms", "Swimming",  # the first topic's
        "", "Sure! Here are some\nnames", "As an AI I cannot",  # never one
    )  # fmt: skip
    run, unnamed = name_by_model(named_run, "stub-2", base_url=server.url)
    assert run.topics()["name"].tolist()[:2] == ["Wind farms", "Swimming"]
    assert run.topics()["name"].isna().tolist() == [False, False, True]
    assert unnamed == {2: "As an AI I cannot"}
    assert "another topic's name" in server.asked[3]["messages"][-1]["content"]


def test_a_person_s_name_stands(named_run, serve):
    run = name_topic(named_run, 0, name="Mine")
    run, _ = name_by_model(run, "stub-3", base_url=serve().url)
    assert run.topics()["name"].tolist()[0] == "Mine"


def test_an_endpoint_that_refuses_is_said_and_what_was_named_is_kept(named_run, serve):
    server = serve("Wind farms", (401, "bad key"))
    with pytest.raises(NamingError, match=r"no answer for topic 1 .*bad key.*1 of 3 topics are named"):
        name_by_model(named_run, "stub-4", base_url=server.url)
    run = type(named_run).load(named_run.path)
    assert run.topics()["name"].tolist()[0] == "Wind farms"
    run, _ = name_by_model(run, "stub-4", base_url=server.url)
    assert len(server.asked) == 4  # the first topic is not asked again
    assert run.topics()["name"].notna().all()


def test_an_endpoint_that_is_not_there_is_said(named_run, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    with pytest.raises(NamingError, match=r"http://127.0.0.1:9/v1 gave no answer for topic 0"):
        name_by_model(named_run, "stub-5", base_url="http://127.0.0.1:9/v1")


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Wind farms", "Wind farms"), ("  **Wind farms**  ", "Wind farms"), ("Topic: «Вітер і море».", "Вітер і море"),
        ("**Topic:** Wind farms", "Wind farms"),
        ("1. Wind farms", "Wind farms"), ("- Wind farms", "Wind farms"), ("Washington D.C.", "Washington D.C."),
        ("“Wind” and “sun”", "“Wind” and “sun”"), ("Unable to vote abroad", "Unable to vote abroad"),
        (None, ""), ("", ""), ("123", ""), ("I cannot name this", ""), ("one\ntwo", ""), ("w " * 9, ""), ("x" * 90, ""),
    ],
)  # fmt: skip
def test_what_is_a_name(answer, name):
    assert read_answer(answer) == name


@given(st.text(max_size=120))
def test_any_answer_is_one_line_or_none(answer):
    name = read_answer(answer)
    assert "\n" not in name
    assert len(name) <= 80
    assert read_answer(name) == name or not name

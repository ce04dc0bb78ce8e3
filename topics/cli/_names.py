"""``topics name``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from topics._terminal import make_console
from topics.cli._app import app
from topics.cli._print import plain_text, print_run
from topics.errors import InputError


@app.command("name")
def name_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    topic: Annotated[int | None, typer.Argument(help="Number of the topic; left out with --model.")] = None,
    name: Annotated[str | None, typer.Argument(help='What to call it; "" takes its name away.')] = None,
    model: Annotated[
        str | None, typer.Option(help="Have all topics named by this language model instead (extra: llm).")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="An OpenAI-compatible endpoint, such as http://localhost:11434/v1.")
    ] = None,
) -> None:
    """Name a topic; the name is kept beside the runs and goes on to the same topic of later runs."""
    from topics.runs import Run, name_by_model, name_topic

    named = Run.load(run)
    by_hand = topic is not None and name is not None
    if (model is not None and topic is not None) or (model is None and (not by_hand or url is not None)):
        raise InputError('expected a topic and its name, or --model: topics name RUN 3 "Wind farms"')
    if model is None:
        named = name_topic(named, topic or 0, name=name or "")
    else:
        named, unnamed = name_by_model(named, model, base_url=url, progress=True)
        for number, answer in unnamed.items():
            make_console(stderr=True).print(plain_text(f"topic {number} is unnamed: {answer!r:.200}"))
    print_run(named)

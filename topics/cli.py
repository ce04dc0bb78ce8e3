"""``topics …``: a thin command line over the pipeline."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from topics._say import count, percent
from topics._terminal import make_console, visible
from topics.config import RunConfig
from topics.errors import InputError, TopicsError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from topics.graph import StageTime
    from topics.records import Corpus
    from topics.runs import Run

app = typer.Typer(
    name="topics", help="Topics in your articles.", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, rich_markup_mode=None,
)  # fmt: skip


def _say_version(asked: bool) -> None:
    if asked:
        from topics import __version__

        print(f"topics {__version__}")
        raise typer.Exit


@app.callback()
def topics_command(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Topics in your articles."""


_PATH_HELP = (
    "A JSONL, JSON, CSV, TSV, Parquet, text, Markdown or HTML file, also gzipped; a folder or a pattern of them."
)
_INTERRUPTED = 130
_REFUSED = 2
_WIDE = 100  # columns of a terminal
_TERMS_SHOWN = {True: 8, False: 5}  # on a wide one, and on a narrow one
_SAID = (
    "ami",
    "ami_without_noise",
    "ari",
    "stability",
    "reproducibility",
    "npmi",
    "diversity",
)  # the rest is in scores.json
_DOCUMENTS_LISTED = 20
_FOUND_BY_MOST = 0.5
_HEADLINE_CHARACTERS = {True: 90, False: 55}


@app.command("run")
def run_command(
    path: Annotated[str, typer.Argument(help=_PATH_HELP)],
    config: Annotated[Path | None, typer.Option(help="A TOML file with one section a stage.")] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V", help="One value, such as cluster.min_samples=10."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Folder of the run; by default the file's name and a key.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of runs.")] = Path("runs"),
    replace: Annotated[bool, typer.Option("--replace", help="Replace another run of this name.")] = False,
    embeddings: Annotated[
        Path | None,
        typer.Option(help="Vectors of your own: .npy, one a row as they stand; .npz or .parquet, also by id."),
    ] = None,
) -> None:
    """Find the topics in articles, print them, and keep the run."""
    settings = RunConfig.from_toml(config, set_ or ())
    console = make_console(stderr=True)
    try:
        found = execute(path, settings, name=name, out=out, replace=replace, embeddings=embeddings, console=console)
    except KeyboardInterrupt:
        console.print("stopped; finished stages are kept, and the same command goes on from there")
        raise typer.Exit(_INTERRUPTED) from None
    print_run(found)


@app.command("articles")
def articles_command(
    path: Annotated[str, typer.Argument(help=_PATH_HELP)],
    config: Annotated[Path | None, typer.Option(help="A TOML file with one section a stage.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="K=V", help="One value, such as articles.clean=strict.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(metavar="N", help="A page, by its place (from 1) or id, with what went in colour.")
    ] = None,
) -> None:
    """Read and clean articles and say what became of them; or show one page with what was taken off it."""
    from topics.articles import inspect, read
    from topics.show_articles import print_corpus, print_page

    settings = RunConfig.from_toml(config, set_ or ()).articles
    console = make_console()
    try:
        if show is None:
            print_corpus(read(path, settings, progress=True), console)
        else:
            print_page(inspect(path, show, config=settings), console)
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None


@app.command("show")
def show_command(run: Annotated[Path, typer.Argument(help="Folder of a run.")]) -> None:
    """Print the topics of a finished run."""
    from topics.runs import Run

    print_run(Run.load(run))


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

    found = Run.load(run)
    by_hand = topic is not None and name is not None
    if (model is not None and topic is not None) or (model is None and (not by_hand or url is not None)):
        raise InputError('expected a topic and its name, or --model: topics name RUN 3 "Wind farms"')
    if model is None:
        found = name_topic(found, topic or 0, name=name or "")
    else:
        found, unnamed = name_by_model(found, model, base_url=url, progress=True)
        for number, answer in unnamed.items():
            make_console(stderr=True).print(_text(f"topic {number} is unnamed: {answer!r:.200}"))
    print_run(found)


@app.command("map")
def map_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[
        Path | None, typer.Option(help="File to write; by default the run's name and .html, beside its folder.")
    ] = None,
) -> None:
    """Draw a run's map with the names that its topics have now."""
    from topics.report.map import write_map
    from topics.runs import Run

    print(visible(str(write_map(Run.load(run), out))))


@app.command("sheets")
def sheets_command(
    run: Annotated[Path, typer.Argument(help="Folder of a run.")],
    out: Annotated[Path, typer.Option(help="Folder of the sheets.")] = Path("sheets"),
    n_documents: Annotated[int, typer.Option(help="Articles on the topic sheet.", min=1)] = 30,
    random_state: Annotated[int, typer.Option(help="Seed.")] = 0,
) -> None:
    """Write word- and topic-intrusion sheets for people to fill in, and the answer key."""
    from topics.runs import Run
    from topics.runs.sheets import write_sheets

    for path in write_sheets(Run.load(run), out, n_documents=n_documents, random_state=random_state):
        print(visible(str(path)))


@app.command("score-sheets")
def score_sheets_command(
    key: Annotated[Path, typer.Argument(help="The answer key, key.csv.")],
    answers: Annotated[list[Path], typer.Argument(help="Tables of answers, one a person.")],
) -> None:
    """Say how often people found the intruders, and of which topics they did not."""
    from rich.table import Table

    from topics.runs.sheets import score_sheets

    sheets, items = score_sheets(key, answers)
    console = make_console()
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("sheet", "items", "answers", "intruder found", "95 %", "by chance", "agreement"):
        table.add_column(column, justify="left" if column == "sheet" else "right")
    for name, row in sheets.items():
        low, high = row["interval"] or (float("nan"),) * 2
        table.add_row(
            _text(name),
            str(row["n_items"]),
            str(row["n_answers"]),
            _percent(row["found"]),
            f"{percent(low)} – {percent(high)}" if row["interval"] else "–",
            _percent(row["by_chance"]),
            _percent(row["agreement"]),
        )
    console.print(table)
    missed = [row for row in items if row["found"] is not None and row["found"] < _FOUND_BY_MOST]
    for row in missed:
        console.print(
            _text(
                f"{row['sheet']} {row['item']}: found by {percent(row['found'])} of {row['n_answers']} ("
                f"{'topic' if row['sheet'] == 'word' else 'article'} {row['about']})"
            )
        )


def _percent(value: float | None) -> str:
    return "–" if value is None else percent(value)


def execute(
    path: str | Path,
    config: RunConfig,
    *,
    name: str | None,
    out: str | Path,
    replace: bool,
    console: Console,
    embeddings: str | Path | None = None,
) -> Run:
    """A finished run over the articles at a path, with a line a stage on the console.

    Parameters
    ----------
    path : str or Path
        As for :func:`topics.articles.read`.
    config : RunConfig
        Every stage's parameters.
    name, out, replace
        As for :func:`topics.pipeline.run`; a name of None takes that of the file.
    console : rich.console.Console
        Where progress goes.
    embeddings : str, Path or None
        A file of vectors for :func:`topics.embed.load_vectors`; None embeds the articles.
    """
    from topics import _front

    def say_read(corpus: Corpus, taken: StageTime) -> None:
        console.print(
            f"read       {taken.seconds:6.1f} s   {count(corpus.n_docs, 'document')}, "
            f"{count(corpus.copies.num_rows, 'copy', 'copies')}, {corpus.rejected_rows.num_rows:,} rejected"
            f"{'   (stored)' if taken.stored else ''}"
        )

    def say(stage: str, stage_time: StageTime) -> None:
        console.print(f"{stage:<10} {stage_time.seconds:6.1f} s{'   (stored)' if stage_time.stored else ''}")

    return _front.run(
        path, config, name=name, out=out, replace=replace, embeddings=embeddings, on_read=say_read, on_stage=say
    )


def print_run(run: Run, console: Console | None = None) -> None:
    """Print a run's topics as a table, its scores and warnings, and where it lies.

    Parameters
    ----------
    run : Run
        A finished run.
    console : rich.console.Console or None
        None writes to standard output.
    """
    from topics.articles.losses import is_loss
    from topics.runs.format import MAP_FILE

    console = console or make_console()
    losses = [warning for warning in run.warnings if is_loss(warning)]
    for warning in losses:
        console.print(_beside("note:", warning))
    topics = run.topics()
    if len(topics):
        console.print(_topic_table(run, wide=console.width >= _WIDE))
    else:
        console.print(_document_table(run, wide=console.width >= _WIDE))
    n_documents = run.manifest["corpus"]["n_documents"]
    facts = [count(n_documents, "document"), count(len(topics), "topic")]
    if len(topics):
        facts.append(_say_noise(run.scores["noise_share"]["value"], run.scores["noise_share_before"]["value"]))
    console.print()
    console.print(_text(" · ".join(facts)))
    scores = [_say_score(name, run.scores[name]["value"]) for name in _SAID if name in run.scores]
    if len(topics) and scores:
        console.print(_text(" · ".join(scores)))
    for warning in run.warnings:
        if warning not in losses:
            console.print(_beside("note:", warning))
    named = len(topics) and topics["name"].notna().any()
    console.print(_text(f"run:  {run.path}"), soft_wrap=True)
    console.print(
        _text(f"map:  {run.path / MAP_FILE}{' (topics map draws it with the names)' if named else ''}"),
        soft_wrap=True,
    )


def _text(value: object, style: str = "") -> Text:
    """A value as it is: nothing in it is taken for markup or an emoji's code."""
    from rich.text import Text

    return Text(str(value), style)


def _beside(label: str, text: str) -> Table:
    """A label and a text whose further lines begin below its first."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(_text(label), _text(text))
    return table


def _topic_table(run: Run, *, wide: bool) -> Table:
    from rich.table import Table

    documents = run.documents().set_index("doc_id")
    table = Table(header_style="bold", box=None, pad_edge=False, expand=True)
    table.add_column("topic", justify="right", no_wrap=True)
    table.add_column("docs", justify="right", no_wrap=True)
    table.add_column("reprod.", justify="right", no_wrap=True)
    table.add_column("terms", ratio=5)
    table.add_column("most typical document", ratio=4)
    for row in run.topics().to_dict("records"):
        example = documents.loc[row["evidence"][0]]
        table.add_row(
            str(row["topic"]),
            str(row["size"]),
            "" if row["reproducibility"] != row["reproducibility"] else percent(row["reproducibility"]),
            _named_terms(row, wide=wide),
            _text(_headline(example, wide=wide)),
        )
    noise = int((documents["topic"] == -1).sum())
    if noise:
        table.add_row("–", str(noise), "", "(noise: in no topic)", "", style="dim")
    return table


def _named_terms(row: dict[Any, Any], *, wide: bool) -> Text:
    from rich.text import Text

    terms = ", ".join(row["terms"][: _TERMS_SHOWN[wide]]) or str(row["label"])
    return Text.assemble((row["name"], "bold"), ": ", terms) if isinstance(row["name"], str) else _text(terms)


def _document_table(run: Run, *, wide: bool) -> Table:
    """The articles themselves, where no topic was found."""
    from rich.table import Table

    documents = run.documents()
    table = Table(header_style="bold", box=None, pad_edge=False, expand=True)
    table.add_column("article", ratio=2, overflow="fold")
    table.add_column("lang", no_wrap=True)
    table.add_column("title or first words", ratio=4)
    for _, row in documents.head(_DOCUMENTS_LISTED).iterrows():
        lang = row["lang"] if isinstance(row["lang"], str) else "?"
        table.add_row(_text(row["doc_id"]), _text(lang), _text(_headline(row, wide=wide)))
    if len(documents) > _DOCUMENTS_LISTED:
        table.add_row("…", "", f"and {len(documents) - _DOCUMENTS_LISTED} more")
    return table


def _headline(document: Any, *, wide: bool) -> str:
    title = document["title"]
    line = title if isinstance(title, str) else document["text"]
    return textwrap.shorten(line, _HEADLINE_CHARACTERS[wide], placeholder=" …")


def _say_score(name: str, value: float | None) -> str:
    if value is None:
        return f"{name.replace('_', ' ')} –"
    return f"{name.replace('_', ' ')} {value:.3f}"


def _say_noise(share: float, before: float) -> str:
    said = f"{percent(share, digits=1)} noise" if share else "no noise"
    return said + (f" ({percent(before, digits=1)} before it was given to topics)" if before != share else "")


def main() -> None:
    """Run the command line; errors a user can mend are one sentence, a bug shows its traceback."""
    import traceback

    try:
        sys.exit(app(standalone_mode=False))
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:  # the reader of a pipe has gone, such as head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(_REFUSED)
    except OSError as error:
        _say_error(_of_the_system(error))
        sys.exit(_REFUSED)
    except TopicsError as error:
        _say_error(str(error))
        sys.exit(_REFUSED)
    except Exception as error:
        if not hasattr(error, "format_message"):  # typer's errors of usage, whose class is not public
            print(visible(traceback.format_exc()), end="", file=sys.stderr)
            sys.exit(1)
        _say_usage(error)
        sys.exit(_REFUSED)


def _say_usage(error: Any) -> None:
    """What was typed that is no command, option or value; or the help, where nothing was typed."""
    message, context = error.format_message(), getattr(error, "ctx", None)
    if context is None or message.startswith("Usage:"):
        print(visible(message), file=sys.stderr)
        return
    print(visible(f"{context.get_usage()}\nTry {context.command_path} --help\n"), file=sys.stderr)
    _say_error(message)


def _say_error(message: str) -> None:
    print(f"error: {visible(message)}", file=sys.stderr)


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, and on what; an error of ours that says it all is left as it is."""
    if error.errno is None or not error.strerror:
        return str(error) or type(error).__name__
    names = " and ".join(repr(os.fsdecode(name)) for name in (error.filename, error.filename2) if name is not None)
    return f"{names or 'a file'}: {error.strerror.lower()}"


if __name__ == "__main__":
    main()

"""Articles on the terminal: what was read, and one page with what went from it in color."""

from __future__ import annotations

from typing import TYPE_CHECKING

from topics._say import count

if TYPE_CHECKING:
    from rich.console import Console

    from topics.articles._cleaning import CleanPage
    from topics.records import Corpus

_REASONS_SHOWN = 8
_REJECTED_SHOWN = 10


def print_corpus(corpus: Corpus, console: Console) -> None:
    """Print what a corpus was made of: rows, documents, near-duplicates, dates, languages, what was removed and why.

    Parameters
    ----------
    corpus : Corpus
        As read.
    console : rich.console.Console
        Where to print.
    """
    import pandas as pd
    from rich.text import Text

    from topics.articles._losses import is_loss

    documents = corpus.frame()
    parents = pd.concat([documents["parent_id"], corpus.copies["parent_id"].to_pandas(use_threads=False)]).dropna()
    figures = {
        "rows": f"{corpus.n_rows}",
        "documents": f"{corpus.n_docs}",
        "copies": f"{corpus.copies.num_rows}, folded into their documents",
        "stories": f"{len(parents)}, of {count(parents.nunique(), 'round-up')}",
        "rejected": f"{corpus.rejected_rows.num_rows}",
        "titled": _share(documents["title"].notna().sum(), corpus.n_docs),
        "dated": f"{_share(documents['date'].notna().sum(), corpus.n_docs)}"
        f", {(documents['date_precision'] == 'minute').sum()} to the minute{_span(corpus)}",
        "languages": ", ".join(f"{lang} {n}" for lang, n in corpus.languages.items()) or "none found",
        "sources": f"{documents['source'].nunique()}",
    }
    losses = [note for note in corpus.origin.notes if is_loss(note)]
    for note in losses:
        console.print(Text(f"note: {note}", "yellow"))
    for name, value in figures.items():
        console.print(Text.assemble((f"{name:<10}", "bold"), " ", value))
    _print_removed(corpus, console)
    console.print()
    rejected = corpus.rejected
    for row in rejected.head(_REJECTED_SHOWN).to_dict("records"):
        place = f"{row['file']}:{row['row']}" if row["row"] else str(row["file"])
        console.print(Text(f"rejected {place}: {row['reason']}"))
    if len(rejected) > _REJECTED_SHOWN:
        console.print(f"… and {len(rejected) - _REJECTED_SHOWN} more in corpus.rejected")
    for note in corpus.origin.notes:
        if note not in losses:
            console.print(Text(f"note: {note}"))


def print_page(page: CleanPage, console: Console) -> None:
    """Print a page: what was found on it, and every line, those that go in red with their reason.

    Parameters
    ----------
    page : CleanPage
        As :func:`topics.articles.inspect` gives it.
    console : rich.console.Console
        Where to print.
    """
    from rich.table import Table
    from rich.text import Text

    date = None
    if page.stamp:
        date = page.stamp.date.strftime("%Y-%m-%d" if page.stamp.precision == "day" else "%Y-%m-%d %H:%M UTC")
    metadata = {"id": page.doc_id, "title": page.title, "date": date, "author": page.author, "source": page.source}
    for name, value in metadata.items():
        console.print(Text.assemble((f"{name:<7}", "bold"), " ", value or ("–", "dim")))
    if page.stories:
        console.print(Text.assemble((f"{'stories':<7}", "bold"), f" {len(page.stories)}"))
    console.print()
    headlines = {story.title for story in page.stories if story.title}
    table = Table(show_header=False, box=None, pad_edge=False, expand=True)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(style="red", no_wrap=True)
    for line in page.lines:
        style = "red" if line.reason else ""
        if not line.reason and any(headline in line.text for headline in headlines):
            style = "bold cyan"
        mark = Text("−", "red") if line.reason else Text("+", "green")
        table.add_row(str(line.number), mark, Text(line.text, style), Text(line.reason or ""))
    console.print(table)
    kept = sum(line.reason is None for line in page.lines)
    console.print(f"\n{count(kept, 'line')} kept, {len(page.lines) - kept} removed")


def _print_removed(corpus: Corpus, console: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    removed = corpus.removed
    if not len(removed):
        return
    table = Table(header_style="bold", box=None, pad_edge=False, expand=True)
    table.add_column("lines", justify="right", no_wrap=True)
    table.add_column("reason", no_wrap=True)
    table.add_column("most often", overflow="ellipsis", no_wrap=True, ratio=1)
    for reason, n in removed["reason"].value_counts().head(_REASONS_SHOWN).items():
        example = removed.loc[removed["reason"] == reason, "line"].value_counts().index[0]
        table.add_row(str(n), Text(str(reason)), Text(str(example)))
    console.print()
    console.print(table)


def _share(n: int, total: int) -> str:
    return f"{n} of {total}"


def _span(corpus: Corpus) -> str:
    import pyarrow.compute as pc

    span = pc.min_max(corpus.documents["date"]).as_py()
    return f", from {span['min']:%Y-%m-%d} to {span['max']:%Y-%m-%d}" if span["min"] else ""

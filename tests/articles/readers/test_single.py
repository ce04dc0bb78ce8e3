from __future__ import annotations

import time

import pytest

from topics.articles import read
from topics.articles._article import Article
from topics.articles._losses import is_loss
from topics.articles.readers._html import from_html, looks_like_html
from topics.articles.readers._rows import Rejected
from topics.config import ArticlesParams

KEEP = ArticlesParams(clean="keep-all", duplicates="exact")
PARAGRAPHS = [
    "The harbour council voted on Tuesday to close the old swimming pool, which leaks forty tonnes of water a day.",
    "The engineer told members that it had been patched for eleven years, and put a jar of rust on the table.",
    "A petition with four thousand names asks for a second opinion before the pump is switched off for good.",
]
PAGE = f"""<!doctype html><html lang="en"><head><title>Pool closes – Harbour Post</title>
<meta property="og:title" content="Harbour council closes the old pool">
<meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2023-05-16T17:17:00+03:00">
<meta name="author" content="Ann Reed"></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Harbour council closes the old pool</h1>{"".join(f"<p>{p}</p>" for p in PARAGRAPHS)}</article>
<footer>Subscribe to our newsletter. Copyright Harbour Post.</footer><script>alert(1)</script></body></html>"""


def test_a_page_gives_its_article_and_what_it_says_of_itself(tmp_path):
    (tmp_path / "pool.html").write_text(PAGE, encoding="utf-8")
    [document] = read(tmp_path, KEEP).frame().to_dict("records")
    assert document["doc_id"] == "pool"
    assert document["title"] == "Harbour council closes the old pool"
    assert all(paragraph in document["text"] for paragraph in PARAGRAPHS)
    assert not any(word in document["text"] for word in ("Subscribe", "Sport", "alert", "<"))
    assert str(document["date"]) == "2023-05-16 14:17:00+00:00"
    assert document["date_precision"] == "minute"
    assert (document["author"], document["source"], document["lang"]) == ("Ann Reed", "Harbour Post", "en")


def test_a_page_in_the_encoding_it_declares_is_read(tmp_path):
    page = PAGE.replace("<head>", '<head><meta charset="windows-1251">').replace("harbour council", "рада міста")
    (tmp_path / "a.htm").write_bytes(page.encode("windows-1251", "xmlcharrefreplace"))
    assert "рада міста voted on Tuesday" in read(tmp_path, KEEP).frame()["text"][0]


@pytest.mark.parametrize("content", [b"", b"<html><body></body></html>", b"\x00\xff\xfe<"])
def test_a_page_without_an_article_is_counted(tmp_path, content):
    (tmp_path / "none.html").write_bytes(content)
    (tmp_path / "pool.html").write_text(PAGE, encoding="utf-8")
    corpus = read(tmp_path, KEEP)
    assert corpus.doc_ids == ["pool"]
    assert corpus.rejected["reason"].tolist() == ["no article in the HTML"]


def test_html_in_a_cell_is_text_afterwards():
    rows = [
        {"id": "page", "text": PAGE, "title": "Given"},
        {"id": "piece", "text": f"<p>{PARAGRAPHS[0]}</p><p>Fish &amp; chips<br>at <b>nine</b></p><script>x</script>"},
        {"id": "plain", "text": "In HTML the tag <p> opens a paragraph and </p> closes it, said 3 < 5 of 9 teachers."},
    ]
    corpus = read(rows, KEEP)
    page, piece, plain = corpus.frame().to_dict("records")
    assert page["title"] == "Given"
    assert page["source"] == "Harbour Post"
    assert piece["text"] == f"{PARAGRAPHS[0]}\nFish & chips\nat nine"
    assert plain["text"] == rows[2]["text"]
    assert "2 articles were HTML and their text was extracted" in corpus.origin.notes


def test_what_looks_like_html():
    assert looks_like_html(" <!-- x --> <!DOCTYPE html><p>")
    assert looks_like_html("one<br>two<br>three<br/>four")
    assert not looks_like_html("if a < b and b > c then")
    assert not looks_like_html("<Applause.> He said: <i>no</i>.")


def test_html_that_cannot_be_parsed_is_rejected():
    found = from_html(Article("a.jsonl", 3, doc_id=7, text="<html>"))
    assert found == Rejected("a.jsonl", 3, "7", "no article in the HTML")


def page_of(body: str, head: str = "<title>Pool</title>") -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body><article>{body}</article></body></html>"


def text_of(html: str) -> str:
    return from_html(Article("a", 1, text=html, is_html=True)).text


DEEP = {
    "unclosed divs": ("<div>The pool of town {i} should stay open, said its mayor.<div>", "", 200),
    "unclosed emphasis": ("<p><i>The pool of town {i} should stay open, said its mayor.</p>", "", 400),
    "bold in bold": ("<b>", "The pool of town 0 should stay open, said its mayor." + "</b>" * 400, 400),
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("whole", [True, False])
def test_html_that_is_nested_deeply_is_read_whole(name, whole):
    part, rest, n = DEEP[name]
    deep = "".join(part.format(i=i) for i in range(n)) + rest
    body = f"<p>{PARAGRAPHS[0]}</p>{deep}<p>{PARAGRAPHS[1]}</p>"
    text = from_html(Article("a", 1, text=page_of(body) if whole else body)).text
    assert PARAGRAPHS[0] in text
    assert PARAGRAPHS[1] in text
    assert all(f"pool of town {i} should" in text for i in range(1 if rest else n))


def test_a_piece_of_a_page_that_is_nested_too_deeply_is_not_taken_for_one_without_an_article():
    found = from_html(Article("a", 1, text=f"{'<div>' * 3000}<p>{PARAGRAPHS[0]}</p>", is_html=True))
    assert found == Rejected("a", 1, None, "HTML is nested too deeply: more than 2000 levels")
    for empty in ("<!-- x" * 3000, "<?x>" * 3000, "<" * 3000):
        assert from_html(Article("a", 1, text=empty, is_html=True)).reason == "no article in the HTML"


@pytest.mark.parametrize("body", ["<div>" * 3000 + PARAGRAPHS[0], f"<p>{PARAGRAPHS[0]}</p>" + "<i>x" * 3000])
@pytest.mark.parametrize("name", ["deep.html", "deep.md"])
def test_html_that_is_nested_too_deeply_is_rejected(tmp_path, body, name):
    (tmp_path / name).write_text(page_of(body) if name == "deep.html" else f"<div>{body}\n")
    (tmp_path / "pool.html").write_text(PAGE, encoding="utf-8")
    corpus = read(tmp_path, KEEP)
    assert corpus.doc_ids == ["pool"]
    assert corpus.rejected["reason"].tolist() == ["HTML is nested too deeply: more than 2000 levels"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<ul><li>forty tonnes<ul><li>nested deep</li></ul></li><li>after</li></ul>", "forty tonnes nested deep after"),
        ("<b>alpha</b><ul><li>beta</li></ul>gamma", "alpha beta gamma"),
        ("x|y", "x|y"),
    ],
)
def test_the_words_of_a_cell_are_neither_glued_nor_marked(cell, text):
    table = f"<table><tr><th>Year</th><th>What</th></tr><tr><td>1999</td><td>{cell}</td></tr></table>"
    page = page_of(f"<p>{PARAGRAPHS[0]}</p>{table}<p>{PARAGRAPHS[1]}</p>")
    assert f"\n1999 {text}\n" in text_of(page)


LONG = "council to sell the land to builders"


@pytest.mark.parametrize(
    ("head", "source", "title"),
    [
        (f"<title>Pool closes – {LONG}</title>", None, f"Pool closes – {LONG}"),
        (f"<title>Pool closes – {LONG} | Harbour Post</title>", None, f"Pool closes – {LONG}"),
        (f"<title>St. Tarn closes pool - {LONG}</title>", None, f"St. Tarn closes pool - {LONG}"),
        ("<title>Pool closes | Harbour Post</title>", None, "Pool closes"),
        ("<title>Pool closes - The Post of the Harbour of Lund</title>", "Post of the Harbour of Lund", "Pool closes"),
        (
            '<title>Pool closes - The Post of the Harbour of Lund</title><meta property="og:site_name" '
            'content="The Post of the Harbour of Lund">',
            None,
            "Pool closes",
        ),
        (f'<title>Pool closes – {LONG}</title><meta property="og:title" content="Pool closes">', None, "Pool closes"),
        ("<title>harbour.example - The pool closes at last</title>", None, "The pool closes at last"),
        ("<title>Pool closes</title>", None, "Pool closes"),
    ],
)
def test_a_title_keeps_what_follows_a_dash_unless_that_is_the_site(head, source, title):
    page = page_of(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p>", head)
    row = from_html(Article("a", 1, text=page, is_html=True, source=source))
    assert row.title == title
    assert row.source not in title.split(" - ")


ASIDE = "Ministers agreed on Friday to raise the levy on bottled water by two cents a litre."


def left_out_notes(page: str) -> list[str]:
    corpus = read([{"id": "pool", "text": page}], KEEP)
    assert PARAGRAPHS[1] in corpus.frame()["text"][0]
    return [note for note in corpus.origin.notes if is_loss(note)]


def test_what_extraction_leaves_out_of_an_article_is_said():
    page = page_of(f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><aside><p>{ASIDE}</p></aside>")
    assert ASIDE not in text_of(page)
    [note] = left_out_notes(page)
    assert note == (
        "extraction of HTML left out 28% of the words of 1 article, such as sidebars and footers within them; for "
        'example "Ministers agreed on Friday to raise the levy on bottled …" in pool'
    )


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        PAGE.replace("</article>", f"</article><aside><p>{ASIDE} {ASIDE}</p></aside>"),
        PAGE.replace("</article>", f"<div class='comments'><p>{ASIDE} {ASIDE}</p></div></article>"),
        PAGE.replace("article>", "div>").replace("</div>", f"</div><footer><p>{ASIDE} {ASIDE}</p></footer>"),
        PAGE.replace("</article>", f"</article><article><a href='/x'>{ASIDE} {ASIDE}</a></article>"),
    ],
)
def test_what_stands_around_an_article_is_none_of_its_losses(page):
    assert left_out_notes(page) == []


MARKDOWN = """---
title: Pool closes
date: 2023-05-16
tags: [water, town]
---

# Another heading

The **harbour council** voted to [close](https://x.example) the
old pool.

- one `item`
- two

| a | b |
|---|---|
| c | d |
"""


def test_markdown_loses_its_marks_and_keeps_its_front_matter(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "pool.md").write_text(MARKDOWN, encoding="utf-8")
    [document] = read(tmp_path, KEEP).frame().to_dict("records")
    assert document["doc_id"] == "deep/pool"
    assert document["title"] == "Pool closes"
    assert document["date_precision"] == "day"
    assert document["text"] == "The harbour council voted to close the old pool.\n\none item\n\ntwo\n\na\n\nb\n\nc\n\nd"
    assert list(document["tags"]) == ["water", "town"]


def test_markdown_without_front_matter_has_its_heading_for_title(tmp_path):
    (tmp_path / "a.md").write_text("# Pool *closes*\n\nThe pool closed on Tuesday.\n")
    frame = read(tmp_path, KEEP).frame()
    assert frame[["title", "text"]].to_dict("records") == [
        {"title": "Pool closes", "text": "The pool closed on Tuesday."}
    ]


def test_front_matter_that_is_no_yaml_is_rejected(tmp_path):
    (tmp_path / "a.md").write_text("---\ntitle: [\n---\ntext")
    (tmp_path / "b.md").write_text("---\n- a\n---\ntext")
    (tmp_path / "c.md").write_text("plain text")
    reasons = read(tmp_path, KEEP).rejected["reason"].tolist()
    assert reasons[0].startswith("front matter is not YAML: while parsing")
    assert reasons[1] == "front matter is not YAML: expected a mapping, got list"


@pytest.mark.parametrize(
    "matter",
    [
        '+++\ntitle = "Pool"\ndate = 2024-03-01\n[params]\nat = 07:30:00\n+++\n',
        "---\ntitle: Pool\ndate: 2024-03-01\n...\n",
        "---\r\ntitle: Pool\r\ndate: 2024-03-01\r\n...  \r\n",
    ],
)
def test_front_matter_in_toml_or_closed_by_dots_is_read(tmp_path, matter):
    (tmp_path / "a.md").write_text(f"{matter}The pool closed.\n\n---\n\n...\n\nIt leaks.", newline="")
    [document] = read(tmp_path, KEEP).frame().to_dict("records")
    assert document["title"] == "Pool"
    assert document["date"].isoformat() == "2024-03-01T00:00:00+00:00"
    assert document["text"] == "The pool closed.\n\n...\n\nIt leaks."


def test_toml_that_cannot_be_read_is_rejected_and_dots_below_a_rule_are_prose(tmp_path):
    (tmp_path / "a.md").write_text("+++\ntitle = Pool\n+++\nThe pool closed.")
    (tmp_path / "b.md").write_text("---\nThe pool closed\n\n...\n\nand leaked.")
    (tmp_path / "c.md").write_text("+++\n+++\nThe pool closed on Monday.")
    corpus = read(tmp_path, KEEP)
    assert corpus.rejected["reason"].tolist() == ["front matter is not TOML: Invalid value (at line 1, column 9)"]
    assert sorted(corpus.frame()["text"]) == ["The pool closed\n\n...\n\nand leaked.", "The pool closed on Monday."]


def test_a_text_that_is_not_utf8_is_rejected_with_the_byte(tmp_path):
    for name in ("a.txt", "b.md"):
        (tmp_path / name).write_bytes(b"caf\xe9")
    (tmp_path / "c.txt").write_text("plain text")
    assert set(read(tmp_path, KEEP).rejected["reason"]) == {"not UTF-8: byte 3 is 0xe9"}


def test_files_of_one_name_are_kept_apart(tmp_path):
    (tmp_path / "a.txt").write_text("plain text of one file")
    (tmp_path / "a.md").write_text("plain text of the other")
    (tmp_path / "b.pdf").write_bytes(b"%PDF")
    corpus = read(tmp_path, KEEP)
    assert corpus.doc_ids == ["a.md", "a.txt"]
    assert "1 file is of no format that can be read: 1 .pdf" in corpus.origin.notes
    assert all(len(doc_id) == 16 for doc_id in read(tmp_path, ArticlesParams(id_column="")).doc_ids)


@pytest.mark.parametrize("html", ["<!-- x -->" * 5000 + "hello", "<p>" * 50_000, "<!-- wp -->\n<p>a b</p>\n" * 2000])
def test_looking_for_html_takes_no_time(html):
    started = time.process_time()
    looks_like_html(html)
    assert time.process_time() - started < 1


def test_a_stamp_alone_is_kept():
    assert read([{"text": "date 2023-11-29"}]).frame()["text"].tolist() == ["date 2023-11-29"]

"""What is read besides HTML: PDF, Markdown and RFCs."""

from datetime import UTC, date, datetime

import pytest

from footnotary.extract import extract
from footnotary.extract.pdf import join_broken_words
from footnotary.match import match_quote
from footnotary.models import Response, UnreadableReason
from pdf_files import pdf
from tables import each_row

pytestmark = pytest.mark.usefixtures("read_here")

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def read(body, content_type, url="https://docs.example/page"):
    """Extract a body."""
    return extract(
        Response(
            url=url,
            final_url=url,
            headers={"content-type": content_type},
            body=body,
            retrieved_at=NOW,
        )
    )


def test_a_pdf_is_read_page_by_page():
    """The match of a quote in a PDF names its page; its title and printed authors are kept."""
    body = pdf(
        ["By Ada Lovelace and Alan Turing."], ["A pool keeps ten connections", "open for reuse."]
    )
    page = read(body, "application/octet-stream")
    found = match_quote("keeps ten connections open for reuse.", page)
    assert (found.found, found.page) == (True, 2)
    assert (page.title, page.authors) == ("On Pools", ("Ada Lovelace", "Alan Turing"))
    assert page.origins["title"] == "PDF Title"
    assert (page.published, page.modified) == (None, date(2024, 3, 5))


@each_row(
    ("title", "author"),
    [
        ("Microsoft Word - report_final_v3.docx", "admin"),
        ("untitled", "anonymous"),
        ("doc.indd", "Microsoft Office User"),
        ("Presentation1", "Windows User"),
        ("main", "jdoe"),
        ("PowerPoint Presentation", "Some Owner Of The Machine"),
        ("Slide 1", ""),
    ],
)
def test_a_pdfs_file_name_and_account_are_no_title_and_author(title, author):
    """What programs write into a PDF's information is kept only where it can be the document's."""
    page = read(
        pdf(["On sizing pools", "Ada Lovelace"], title=title, author=author), "application/pdf"
    )
    assert (page.title, page.authors) == ("", ())
    named = read(
        pdf(["Pools", "Ada Lovelace"], title="pools", author="Ada Lovelace"), "application/pdf"
    )
    assert (named.title, named.authors) == ("pools", ("Ada Lovelace",))


def test_words_that_lines_of_a_pdf_break_are_whole():
    """A hyphen at a line's end goes, unless it is the word's own by the rest of the document."""
    body = pdf(
        ["the compo-", "nents of a locale-", "specific pool of ISBN 978-", "0521872652, the HP-"],
        ["GL driver, and locale-specific output"],
    )
    page = read(body, "application/pdf")
    assert match_quote("the components of a locale-specific pool", page).found
    assert match_quote("pool of ISBN 978-0521872652", page).found
    assert not match_quote("the compo-nents of a locale-specific pool", page).found


def test_accents_that_a_pdf_draws_beside_letters_are_theirs():
    """TeX's older fonts write an accent, then its letter; an apostrophe stays one."""
    assert join_broken_words(["Fran\u00b8cois M\u00a8uller, caf\u00b4e, don\u00b4t"]) == [
        "François Müller, café, don\u00b4t"
    ]


def test_running_heads_of_a_pdf_do_not_cut_sentences():
    """A head or foot with the page's number goes; a heading that is no head stays."""
    pages = [
        ["Chapter 2: Pools 11", "Retries", "A pool that is full makes a caller", "wait for"],
        ["Pools and queues 12", "the time that is set, which is thirty seconds."],
        ["Chapter 2: Pools 13", "Limits", "There are 10 of them on page", "12"],
        ["Chapter 2: Pools 14", "The end."],
    ]
    page = read(pdf(*pages), "application/pdf")
    assert match_quote("makes a caller wait for the time that is set", page).page == 1
    assert "Chapter 2" not in page.text
    assert page.text.splitlines()[0] == "Retries"
    assert "There are 10 of them on page\n12" in page.text


def test_a_pdf_without_text_is_unreadable_and_not_empty():
    """A scan says nothing about a quote."""
    assert read(pdf([""]), "application/pdf").unreadable is UnreadableReason.TOO_SHORT


def test_a_broken_pdf_is_unreadable():
    """Half a file is no traceback."""
    assert read(pdf(["x"])[:200], "application/pdf").unreadable is UnreadableReason.UNSUPPORTED_TYPE


MARKDOWN = b"""---
title: "The pool"
---
# Pools

Set `pool_size` to **10** for [most services](https://x.example), *not* more.

| name | default |
|---|---|
| `timeout` | 30 |
"""


@pytest.mark.parametrize(
    ("content_type", "url"),
    [
        ("text/markdown", "https://docs.example/pool"),
        ("text/plain", "https://raw.example/README.md"),
    ],
)
def test_markdown_is_quoted_as_it_is_rendered(content_type, url):
    """A quote needs no marks; tables keep their rows; the first heading is the title."""
    page = read(MARKDOWN, content_type, url)
    assert match_quote("Set pool_size to 10 for most services, not more.", page).section == "Pools"
    assert match_quote("timeout\t30", page).outcome.value in ("exact", "near")
    assert match_quote("Set `pool_size` to **10** for most", page).reason == "markup"
    assert (page.title, page.origins["title"]) == ("Pools", "first heading")


RFC = b"""




Internet Engineering Task Force (IETF)                       R. Fielding
Request for Comments: 9999                                      Adobe
Category: Standards Track                                   June 2014


                 Hypertext Keeping Protocol (HKP):
                       Words and Pages

Abstract

   A protocol for words.

Table of Contents

   1. Introduction ....................................................4

1.  Introduction

   A recipient MUST treat a request whose words run over the end of one




Fielding & Reschke           Standards Track                    [Page 4]
\x0c
RFC 9999                    HKP Words and Pages                June 2014


   page as it treats any other request.

1.1.  Requirements Notation

   The key words are as everywhere.
"""


def test_an_rfc_is_read_across_its_pages():
    """A sentence that a page break interrupts is whole; the section above it is named."""
    page = read(RFC, "text/plain; charset=utf-8", "https://www.rfc-editor.org/rfc/rfc9999.txt")
    found = match_quote(
        "A recipient MUST treat a request whose words run over the end of one page as it"
        " treats any other request.",
        page,
    )
    assert (found.found, found.section) == (True, "1.  Introduction")
    assert page.title == "Hypertext Keeping Protocol (HKP): Words and Pages"
    assert page.published == date(2014, 6, 1)
    assert [heading.anchor for heading in page.headings] == ["section-1", "section-1.1"]

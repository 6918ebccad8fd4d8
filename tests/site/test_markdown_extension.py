"""Markers become links, the Sources block its evidence; nothing else of a page changes."""

import logging
import re
from html import unescape

import markdown
import pytest

from footnotary.markdown_extension import FootnotaryExtension
from footnotary.publishing import place
from footnotary.records import RecordStore

OTHERS = ["tables", "toc", "attr_list", "footnotes", "pymdownx.caret", "pymdownx.superfences"]


@pytest.fixture
def rendered(shop):
    """Return a function that renders Markdown with the shop's citations."""

    def render(text):
        extension = FootnotaryExtension(citations=str(shop.citations))
        return markdown.markdown(text, extensions=[*OTHERS, extension])

    return render


def test_a_key_becomes_a_number_with_its_record(rendered):
    """A key leads to a list made at the end, with the quote, the day, the state and the links."""
    html = rendered("Five.^[pool-1f09aa]")
    assert 'href="#fn:1"' in html
    assert 'id="fn:1"' in html
    assert "<q>Start with a pool of 5 connections a worker</q>" in html
    assert '<time datetime="2025-03-02">' in html
    assert "held" in html
    assert re.search(r"#:~:text=(Measure%20first.-,)?Start%20with%20a%20pool", unescape(html))
    assert "https://archive.example.org/pool" in unescape(html)


def test_words_that_were_read_beside_a_page_say_where(shop, tmp_path):
    """A card leads to the page as it was cited, and to the text that had the words."""
    raw = "https://raw.example.org/0123/x.py"
    shown = "https://forge.example.org/blob/0123/x.py#L4"
    kept = RecordStore(shop.citations).get("pool-1f09aa")
    evidence = kept.evidence.model_copy(update={"text_url": raw})
    store = RecordStore(tmp_path)
    store.save(kept.model_copy(update={"url": shown, "evidence": evidence}))
    extension = FootnotaryExtension(citations=str(store.folder))
    html = unescape(markdown.markdown("Five.^[pool-1f09aa]", extensions=[extension]))
    assert f'href="{shown}"' in html
    assert f'href="{raw}"' in html
    assert ":~:text=" not in html


def test_each_claim_is_linked_back_from_its_source(rendered):
    """Every marker of a source has an id of its own and a link back."""
    html = rendered("One^[pool-1f09aa], two^[pool-1f09aa], three^[keys-2f09aa].")
    assert re.findall(r'<sup class="fn-sup" id="([^"]+)"|<sup id="([^"]+)"', html)
    for identifier in ("fnref:1", "fnref2:1", "fnref:2"):
        assert f'id="{identifier}"' in html
        assert f'href="#{identifier}"' in html


def test_the_numbers_of_a_written_block_are_kept(rendered):
    """`[n]` lines keep their numbers, in the written form and in hand-made ones."""
    html = rendered(
        "A^[2] and B^[1].\n\n---\n\n**Sources and Citations:**\n[1] Survey - "
        "https://example.org/s - Accessed 2025-08-03 - a note\n[2] Pool - "
        'https://example.org/p - [Date Accessed: 2026-11-20] - "words" <!-- cite:pool-1f09aa -->\n'
        "\n**Research Context:**\n\n- Analysis Date: 2026-11-23\n"
    )
    assert 'href="#fn:2"' in html
    assert "no record" in html
    assert html.index("Research Context") > html.index('id="fn:2"')
    assert "<li>Analysis Date: 2026-11-23</li>" in html


@pytest.mark.parametrize(
    "text",
    ["`x^[pool-1f09aa]`", "    x^[pool-1f09aa]", "```\nx^[pool-1f09aa]\n```", r"x\^[pool-1f09aa]"],
)
def test_code_and_escapes_have_no_markers(rendered, text):
    """Code keeps its carets, and a backslash makes a caret a caret."""
    html = rendered(text)
    assert "fn-ref" not in html
    assert "^[pool-1f09aa]" in html


def test_a_sample_of_the_block_stays_a_sample(rendered):
    """An indented Sources block is code."""
    html = rendered("    **Sources and Citations:**\n    [1] a - https://example.org\n")
    assert "<pre>" in html
    assert "fn-sources" not in html


def test_a_dangling_marker_is_shown_and_is_no_link(rendered):
    """Engines demand an address of every link, so what leads nowhere is none."""
    html = rendered("A^[7] b^[nobody-000000].")
    assert html.count("fn-dangling") == 2
    assert "href" not in html


def test_a_number_does_not_reach_the_table_of_contents(shop):
    """Headings keep their labels and ids."""
    md = markdown.Markdown(extensions=["toc", FootnotaryExtension(citations=str(shop.citations))])
    md.convert("## Pools^[pool-1f09aa]\n")
    assert md.toc_tokens[0]["id"] == "pools"
    assert md.toc_tokens[0]["name"] == "Pools"


def test_foreign_words_appear_as_words(rendered):
    """HTML, scripts, Markdown and templates in titles and quotes are shown, not obeyed."""
    html = rendered("Evil^[evil-3f09aa] and odd^[odd-4f09aa].")
    assert "<script>window" not in html
    assert "<img" not in html
    assert "{{" not in html.partition("application/ld+json")[0]
    assert "\u202e" not in html
    assert 'href="javascript' not in html
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert "<" not in data[1]


def test_two_entries_with_one_number_are_left_as_text_and_warned_of(rendered, caplog):
    """What a marker means is never guessed; the page still renders."""
    with caplog.at_level(logging.WARNING, "mkdocs.plugins.footnotary"):
        html = rendered("**Sources and Citations:**\n\n[1] a - https://a.example\n[1] b - x\n")
    assert "twice" in caplog.text
    assert "https://a.example" in html


def test_pages_of_sources_are_linked_relative_to_the_page(rendered):
    """Where the engine says which page it renders, the source's page is linked from it."""
    place.enter_page("a", "documents/api-specs/x/")
    try:
        html = rendered("A^[pool-1f09aa]")
    finally:
        place.enter_page("", None)
    assert "../../../sources/notes-example-org-pool-1f09aa-" in html


def test_a_converter_forgets_the_last_page(shop):
    """Numbers begin anew with each page of one converter."""
    md = markdown.Markdown(extensions=[FootnotaryExtension(citations=str(shop.citations))])
    md.convert("A^[pool-1f09aa]")
    assert 'href="#fn:1"' in md.reset().convert("B^[keys-2f09aa]")

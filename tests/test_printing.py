"""Words of pages and projects cannot steer the terminal they are shown on."""

import json

import pytest

from footnotary.cli.printing import echo, print_json
from footnotary.cli.running import exit_code

_STEERING = "\x1b]0;owned\x07 \x9b31m \u202eesrever\u202c \r\x08"


def test_only_lines_and_tabs_of_the_control_characters_are_printed(capsys):
    """Cursor, colours, titles and the order of words are the user's; other scripts stay whole."""
    echo(f"a\tb\n{_STEERING}می‌خواهم 👩‍💻")
    assert capsys.readouterr().out == "a\tb\n]0;owned 31m esrever می‌خواهم 👩‍💻\n"


def test_json_escapes_them_and_reads_as_the_same_value(capsys):
    """A program gets the page's own words, a terminal that shows them is not steered."""
    print_json({"passage": _STEERING})
    out = capsys.readouterr().out
    assert json.loads(out) == {"passage": _STEERING}
    assert all(char == "\n" or char.isprintable() for char in out)


@pytest.mark.parametrize("reference", ["&#27;", "&#x1b;", "&#x0001B", "&#027 ", "\x1b"])
def test_a_page_cannot_name_them_either(reference, tmp_path, capsys, monkeypatch):
    """A character reference is resolved by the parser, behind whoever looked at the markup."""
    monkeypatch.chdir(tmp_path)
    words = f"It says {reference}[31mred in the middle of a sentence that is long enough to quote. "
    html = f"<title>T{reference}</title><h1>H{reference}</h1><p>{words * 5}</p>"
    (tmp_path / "page.html").write_text(html)
    assert exit_code("cite", ["inspect", "page.html", "--text", "--json"]) == 0
    page = json.loads(capsys.readouterr().out)
    assert (page["title"], page["headings"][0]["text"]) == ("T", "H")
    assert "[31mred" in page["text"]
    assert "\x1b" not in page["text"]


def test_numbers_of_other_characters_are_left_alone(tmp_path, capsys, monkeypatch):
    """Only controls are dropped: `&#270;` begins like one and is none."""
    monkeypatch.chdir(tmp_path)
    words = "&#270; &#x1be; &#39;quoted&#39; &#8217; &#9;and &#10;so&#13; on &amp;#27; it goes. "
    (tmp_path / "page.html").write_text(f"<p>{words * 8}</p>")
    exit_code("cite", ["inspect", "page.html", "--text", "--json"])
    text = json.loads(capsys.readouterr().out)["text"]
    assert text.startswith("Ď ƾ 'quoted' ’ and so on &#27; it goes.")

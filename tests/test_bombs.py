"""What is small and becomes large, or is nested without end, is refused by our own limits.

Each input is harmless: one level, one node or a few kilobytes above a limit of ours.
"""

import gzip
import zlib
from pathlib import Path

import brotli
import pytest

from footnotary import yaml_text
from footnotary.bibliography import read_bibliography
from footnotary.documents import front_matter
from footnotary.errors import FootnotaryError
from footnotary.extract.hiding import remove_hidden
from footnotary.extract.parsing import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_OPENED,
    MAX_TAGS,
    TooComplex,
    TooHeavy,
    parse_html,
)
from footnotary.extract.plain import MOST_NESTED, json_value
from footnotary.facts.deploy import DeployFacts
from footnotary.facts.stored import parsed_facts
from footnotary.fetch.decoding import decode_content
from footnotary.files import read_regular
from footnotary.gating.baseline import without_known
from footnotary.probe import openapi_source
from footnotary.project import MAX_PYPROJECT, Project
from footnotary.publishing.configuration import MAX_BYTES as MAX_SETTINGS
from footnotary.publishing.configuration import read_mkdocs_yml
from footnotary.readers import identity
from footnotary.record_files import MAX_RECORD_BYTES, parse_record, read_record
from footnotary.source import MAX_BYTES as MAX_SOURCE
from footnotary.source import Tree
from footnotary.yaml_text import MAX_NESTING
from tables import each_row
from test_hostile_pages import read

try:
    from compression import zstd
except ImportError:
    from backports import zstd

ROOM = 100_000  # bytes, of which each stream makes twice as many
ZEROS = bytes(2 * ROOM)
DEEP = MAX_NESTING + 1
FLOW = "[" * DEEP + "]" * DEEP
BLOCK = "\n".join(" " * depth + "a:" for depth in range(DEEP))
DASHES = "- " * DEEP + "x"
ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 7)
)
YAML = (FLOW, BLOCK, DASHES, ALIASES)
NESTED_JSON = "[" * (MOST_NESTED + 1) + "]" * (MOST_NESTED + 1)
NESTED_TOML = "[" * 5_000 + "]" * 5_000  # more than its parser bears, which says so
ENTITIES = '<!DOCTYPE a [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;&b;&b;</a>'


def inflated(encoding, body):
    """Decode a body with little room."""
    return lambda _: decode_content([body], encoding, limit=ROOM, host="a.example")


def written(name, content, reader):
    """Put a file into a folder and read it."""

    def run(folder):
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return reader(path)

    return run


def of_openapi(path):
    """Read an OpenAPI document."""
    return openapi_source.from_file(path.name, path.parent)


def nothing(found):
    """Refuse what was not read, as the readers do that say nothing of it."""
    if not found:
        raise ValueError("nothing was read")


def page_of(markup, media_type="text/html"):
    """Extract a page; what is unreadable is refused."""

    def run(_):
        page = read(markup, media_type)
        if page.unreadable:
            raise TooComplex

    return run


BOMBS = {
    # streams
    "gzip": inflated("gzip", gzip.compress(ZEROS)),
    "gzip members": inflated("gzip", gzip.compress(bytes(ROOM // 2)) * 3),
    "gzip in gzip": inflated("gzip, gzip", gzip.compress(gzip.compress(ZEROS))),
    "deflate": inflated("deflate", zlib.compress(ZEROS)),
    "raw deflate": inflated("deflate", zlib.compress(ZEROS)[2:-4]),
    "brotli": inflated("br", brotli.compress(ZEROS, quality=1)),
    "zstd": inflated("zstd", zstd.compress(ZEROS)),
    "zstd frames": inflated("zstd", zstd.compress(bytes(ROOM // 2)) * 3),
    "identity": inflated("", ZEROS),
    # markup
    "divisions": lambda _: parse_html("<div>" * (MAX_DEPTH + 1)),
    "lists": lambda _: parse_html("<ul><li>" * (MAX_DEPTH + 1)),
    "elements of no name": lambda _: parse_html("<x-a>" * (MAX_DEPTH + 1)),
    "elements that are opened again": lambda _: parse_html(
        "".join(f"<b a{number}>" for number in range(1_500)) + "<p>x" * 1_400
    ),
    "attributes": lambda _: parse_html("<p " + " ".join(f"a{n}" for n in range(10_100)) + ">"),
    "attributes of many": lambda _: parse_html(
        ("<p " + " ".join(f"a{n}" for n in range(1_000)) + ">x</p>") * 101
    ),
    "tags": lambda _: parse_html("<" * (MAX_TAGS + 1)),
    "characters": lambda _: parse_html("x" * (MAX_CHARACTERS + 1)),
    "elements for one process": lambda _: parse_html("<br>" * (MAX_OPENED + 1)),
    "a page of nested cells": page_of("<table><tr><td>" * 1_100),
    "JSON-LD of deep nesting": lambda _: nothing(
        read(f'<script type="application/ld+json">{NESTED_JSON}</script><p>x</p>').authors
    ),
    "entities of XML": lambda _: nothing("x" * 100 in read(ENTITIES, "application/xml").text),
    # JSON
    "JSON, nested": lambda _: nothing(json_value(NESTED_JSON)),
    "JSON, many values": lambda _: nothing(json_value("[" + "1," * 800_001 + "1]")),
    "JSON, many objects": lambda _: nothing(json_value("[" + "{}," * 250_001 + "1]")),
    "notebook, nested": lambda _: nothing(json_value('{"cells": ' + NESTED_JSON + "}")),
    "facts, nested": lambda _: parsed_facts(DeployFacts, NESTED_JSON.encode()),
    "baseline, nested": written("b.json", NESTED_JSON, lambda path: without_known(path, ())),
    "CSL-JSON, nested": lambda _: read_bibliography(NESTED_JSON, "csl-json"),
    "OpenAPI in JSON, nested": written("openapi.json", NESTED_JSON, of_openapi),
    # YAML
    **{
        f"YAML, {name}": lambda _, text=text: yaml_text.parse_yaml(text)
        for name, text in zip(("flow", "block", "dashes", "aliases"), YAML, strict=True)
    },
    "OpenAPI in YAML, nested": written("openapi.yaml", BLOCK, of_openapi),
    "OpenAPI in YAML, aliases": written("openapi.yaml", ALIASES, of_openapi),
    "mkdocs.yml, nested": written("mkdocs.yml", FLOW, read_mkdocs_yml),
    "mkdocs.yml, aliases": written("mkdocs.yml", ALIASES, read_mkdocs_yml),
    "mkdocs.yml, long": written("mkdocs.yml", "#" * (MAX_SETTINGS + 1), read_mkdocs_yml),
    "front matter, nested": lambda _: front_matter.read_front_matter(f"---\nkind: {FLOW}\n---\n"),
    "front matter, aliases": lambda _: front_matter.read_front_matter(
        f"---\nkind: api\n{ALIASES}---\n"
    ),
    "record, nested": lambda _: parse_record(f"tags: {FLOW}".encode(), "a.yaml"),
    "record, aliases": lambda _: parse_record(ALIASES.encode(), "a.yaml"),
    "record, long": written("a-1.yaml", "#" * (MAX_RECORD_BYTES + 1), read_record),
    # TOML and sizes
    "pyproject.toml, nested": written(
        "pyproject.toml", f"a = {NESTED_TOML}", lambda path: Project(path.parent).pyproject()
    ),
    "pyproject.toml, nested, of a member": written(
        "pyproject.toml",
        f"a = {NESTED_TOML}",
        lambda path: nothing(identity.read_pyproject(Tree(path.parent))),
    ),
    "pyproject.toml, long": written(
        "pyproject.toml", "#" * (MAX_PYPROJECT + 1), lambda path: Project(path.parent).pyproject()
    ),
    "source, long": written(
        "a.py", "#" * (MAX_SOURCE + 1), lambda path: nothing(Tree(path.parent).text("a.py"))
    ),
    "a file without an end": lambda _: read_regular(Path("/dev/zero"), 10, follow=True),
}  # fmt: skip


@pytest.mark.slow
@each_row("name", BOMBS)
def test_what_becomes_large_is_refused(tmp_path, name):
    """Refused in our words or not read at all; no other error, and nothing that takes long."""
    with pytest.raises((FootnotaryError, TooComplex, TooHeavy, ValueError, OSError)):
        BOMBS[name](tmp_path)


@pytest.mark.slow
def test_style_sheets_of_very_many_rules_are_read_in_a_process_that_can_be_ended():
    """A page's own selectors times its elements are bounded."""
    rules = "".join(f"p[title=a{n}]{{display:none}}" for n in range(1_200))
    tree = parse_html(f"<style>{rules}</style>" + "<p>x</p>" * 19_000)
    with pytest.raises(TooHeavy):
        remove_hidden(tree)

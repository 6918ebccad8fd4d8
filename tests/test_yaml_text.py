"""YAML of unknown origin: our own limit, whichever parser is installed."""

import subprocess
import sys

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from footnotary import yaml_text
from footnotary.yaml_text import MAX_NESTING

TOO_DEEP = MAX_NESTING + 1
DEEP = [
    "[" * TOO_DEEP + "]" * TOO_DEEP,
    "a: don't\nb: " + "[" * TOO_DEEP + "]" * TOO_DEEP + "\nc: won't\n",
    "a:\n  - " + "- " * TOO_DEEP + "x\n",
    "a: " + "{b: " * TOO_DEEP + "}" * TOO_DEEP,
    "\n".join(" " * depth + "a:" for depth in range(TOO_DEEP)),
    "[" * TOO_DEEP,
    "a: 1\n" + "{[" * TOO_DEEP,
]
LONG = [
    "on: push\njobs: {t: {steps: [" + "\n".join("{run: 'x'}," for _ in range(60)) + "]}}",
    "args:\n" + '- "x"\n' * TOO_DEEP + "- # a comment\n  x\n" * TOO_DEEP,
    'a: "' + "[" * TOO_DEEP + '"\n# ' + "[" * TOO_DEEP,
    "a: |\n  " + "[" * TOO_DEEP + "\n  " + "- " * TOO_DEEP,
    "a: x" + "[" * TOO_DEEP,
    "[" * (MAX_NESTING - 1) + "]" * (MAX_NESTING - 1),
]


@pytest.fixture(params=["with libyaml", "without", "with a lower limit of its own"])
def parser(request, monkeypatch):
    """Give each parser that may be installed, one of them with other limits and words."""
    if request.param == "with libyaml" and not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    if request.param == "without":
        monkeypatch.delattr(yaml, "CBaseLoader", raising=False)
    if request.param == "with a lower limit of its own":
        monkeypatch.setattr(yaml, "parse", _refuse)


def _refuse(*_args, **_options):
    raise yaml.YAMLError("words of another version")


@pytest.mark.parametrize("text", DEEP)
def test_what_is_nested_deeply_is_refused_by_our_limit(parser, text):
    """One level above the limit is refused in our words, whatever the parser says of it."""
    assert not yaml_text.is_bounded(text)
    with pytest.raises(ValueError, match=r"^it is nested too deeply$"):
        yaml_text.parse_yaml(text)


@pytest.mark.parametrize("text", LONG)
def test_what_is_long_is_told_from_what_is_nested_deeply(parser, text):
    """Lists, quotes, comments and plain text nest nothing, however many brackets they hold."""
    assert yaml_text.parse_yaml(text)


@pytest.mark.parametrize(
    "text", ["a: [\n", "a: 'x\n", "[" * TOO_DEEP + "\x07", "a: b: c\n" + "# [" * TOO_DEEP]
)
def test_what_is_wrong_before_it_is_deep_is_no_yaml(parser, text):
    """A text that ends in an error above the limit is called what it is: invalid."""
    with pytest.raises(ValueError, match=r"is no valid YAML$"):
        yaml_text.parse_yaml(text)


@given(st.text("-?: [{]}a,&'\"\n\r\t\x85|>!", max_size=60))
@example("? - - a\n: - ? b: [{c: [d: e]}]\n")
@example("a:\n- b:\n  - c:\n    - [d: {e: f}]\n")
def test_the_bound_told_without_a_parser_is_never_too_low(text):
    """What may skip the count of levels has no more levels than was said."""
    depth = deepest = 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                deepest = max(deepest, depth)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass
    assert deepest <= yaml_text._deepest_possible(text)  # noqa: SLF001


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            [
                "a: &a [x]",
                *(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a]" for n in range(6)),
            ]
        ),
        "a: &a {b: c}\nd: *a\n",
    ],
)
def test_aliases_that_people_write_are_read(text):
    """An alias is no danger by itself: compose files live on them."""
    assert yaml_text.parse_yaml(text)


def test_an_alias_to_what_holds_it_is_refused():
    """A value without an end is never built."""
    with pytest.raises(ValueError, match="nested too deeply"):
        yaml_text.parse_yaml("a: &a [*a]")


@pytest.mark.slow
def test_records_keep_the_limit_where_libyaml_is_absent():
    """The same sentence is said of a record by an interpreter that has no C loader."""
    script = f"""
import sys
sys.modules["yaml.cyaml"] = None
import pathlib, tempfile, yaml
assert not yaml.__with_libyaml__
from footnotary.errors import RecordError
from footnotary.record_files import read_record
path = pathlib.Path(tempfile.mkdtemp()) / "x.yaml"
path.write_text("tags: " + "[" * {TOO_DEEP})
try:
    read_record(path)
except RecordError as error:
    print(error.message)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "nested too deeply" in done.stdout

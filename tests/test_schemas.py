"""The published JSON Schemas are made from the models, and fit what is written and printed."""

import json
import re
import tomllib
from pathlib import Path

import pydantic
import pytest
import yaml
from write_schemas import FOLDER, make_schemas, written

from footnotary.cli.running import exit_code

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def validators():
    """A validator for each published schema, by name."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
    for schema in found.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    return {name: jsonschema.Draft202012Validator(schema) for name, schema in found.items()}


def test_the_schemas_are_those_of_the_models():
    """docs/schemas is what `python scripts/write_schemas.py` writes with the locked pydantic."""
    made = make_schemas()
    assert {path.stem for path in FOLDER.glob("*.json")} == set(made)
    locked = re.search(r"^pydantic==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    if locked[1] == pydantic.VERSION:
        for name, schema in made.items():
            assert (FOLDER / f"{name}.json").read_text("utf-8") == written(schema), name


class _WithoutDays(yaml.SafeLoader):
    """YAML as JSON has it: days are text."""


_WithoutDays.yaml_implicit_resolvers = {
    first: [one for one in found if not one[0].endswith("timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.slow
def test_what_is_on_disk_fits_the_schemas(validators):
    """Our own records and facts are valid; a wrong field, or one too many, is not."""
    record = {}
    for path in [*ROOT.glob("citations/*.yaml"), *ROOT.glob("examples/shop/citations/*.yaml")]:
        record = yaml.load(path.read_text("utf-8"), _WithoutDays)
        assert list(validators["record"].iter_errors(record)) == [], path
    for wrong in ({"quote": "words"}, {"more": 1}, {"checks": [{"outcome": "fine"}]}):
        assert not validators["record"].is_valid(record | wrong)
    facts = [*ROOT.glob("examples/shop/.claude/docs/current/*/*.facts.json")]
    for path in [*facts, *ROOT.glob(".claude/docs/current/*/*.facts.json")]:
        found = json.loads(path.read_text("utf-8"))
        errors = list(validators[f"facts-{found['kind']}"].iter_errors(found))
        assert errors == [], (path, errors[0].message)


def test_an_editor_completes_and_refuses_settings(validators):
    """Every setting is described; both spellings are valid, unknown names and values are not."""
    for table, valid in (
        (tomllib.loads((ROOT / "pyproject.toml").read_text()), True),
        ({"tool": {"footnotary": {"allow-private": True, "stale_after_days": 9}}}, True),
        ({"tool": {"other": {"allow-privat": 1}}}, True),
        ({"tool": {"footnotary": {"allow-privat": True}}}, False),
        ({"tool": {"footnotary": {"site-engine": "hugo"}}}, False),
        ({"tool": {"footnotary": {"timeout": 0}}}, False),
    ):
        assert validators["pyproject"].is_valid(table) is valid, table
    properties = validators["settings"].schema["properties"]
    assert [name for name, one in properties.items() if not one.get("description")] == []


def test_a_report_fits_its_schema(validators, tmp_path, capsys):
    """What `doc check --json` prints is valid."""
    (tmp_path / "page.md").write_text("Pools make it 40 % faster.\n")
    words = ["check", "--json", "--root", str(tmp_path), str(tmp_path / "page.md")]
    assert exit_code("doc", words) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["findings"]
    assert list(validators["findings"].iter_errors(report)) == []

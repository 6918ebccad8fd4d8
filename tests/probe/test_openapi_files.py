"""OpenAPI files as people write them: YAML by the rules of JSON, documents split over files."""

import json

import pytest

from footnotary.errors import ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.probe import api
from footnotary.project import Project
from tables import each_row

# A plain word, and what it is: by JSON's rules, or as every reader of YAML takes it.
PLAIN = {
    "2026-01-31": "2026-01-31", "2026-01-31T10:00:00Z": "2026-01-31T10:00:00Z",
    "1e6": 1_000_000, "1.5E-3": 0.0015, "-0.5": -0.5, "0": 0, "-12": -12, "1.0": 1,
    "on": "on", "Off": "Off", "yes": "yes", "NO": "NO", "y": "y", "n": "n",
    "true": True, "False": False, "12:30": "12:30", "12:30:45": "12:30:45", "1:20.5": "1:20.5",
    "010": "010", "0o10": "0o10", "0x1F": "0x1F", "0b11": "0b11", "007": "007", "00": "00",
    "1_000": "1_000", "+1": "+1", ".5": ".5", ".inf": ".inf", ".NaN": ".NaN", "1e999": "1e999",
    "~": None, "null": None, "": None, "=": "=", "3.1.0": "3.1.0", "'1'": "1", "!!str 5": "5",
    "!!timestamp 2026-01-31": "2026-01-31", "!!binary aGk=": "aGk=",
}  # fmt: skip
HEAD = "openapi: 3.1.0\ninfo: {title: T, version: 1.10}\n"


def read(root, name="openapi.yaml"):
    """The facts of a document."""
    return api.probe_api(Project(root), ReadOptions(openapi=name))


def written(root, files):
    """A folder of files, from their text or from what JSON they hold."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
    return root


def test_plain_words_are_read_by_the_rules_of_json(tmp_path):
    """No word is refused, none becomes something else in silence, keys are text."""
    values = "\n".join(f"    - {word}" for word in PLAIN)
    keys = "\n".join(f"      {key}: {{description: d}}" for key in ("200", "on", "2026-01-01"))
    text = (f"{HEAD}x-all:\n{values}\npaths:\n  /a:\n    get:\n     responses:\n{keys}\n"
            "components: {schemas: {N: {type: number, maximum: 1e6, default: 010}}}\n")  # fmt: skip
    facts = read(written(tmp_path, {"openapi.yaml": text}))
    assert facts.document["x-all"] == list(PLAIN.values())
    kinds = [isinstance(one, bool) for one in facts.document["x-all"]]
    assert kinds == [isinstance(one, bool) for one in PLAIN.values()]
    assert facts.version == "1.10"
    assert [one.status for one in facts.operations[0].responses] == ["200", "on", "2026-01-01"]
    assert facts.schemas["#/components/schemas/N"]["maximum"] == 1_000_000
    json.dumps(facts.document, allow_nan=False)
    (said,) = facts.caveats
    assert "on (line " in said
    assert "010 (line " in said or "more" in said


@each_row(
    "text", ["? [a]\n: b", "a: !!python/name:os.system x", "a: *b", "a: 1\n b: 2", "- 1\n--- 2"]
)
def test_what_is_not_yaml_is_refused_in_one_sentence(tmp_path, text):
    """The sentence says where."""
    with pytest.raises(ProjectError, match=r"not valid YAML: .*line \d"):
        read(written(tmp_path, {"openapi.yaml": text}))


def test_a_document_split_over_files_is_put_together(tmp_path):
    """Path items, parameters, responses and schemas of other files; recursion stays a reference."""
    facts = read(written(tmp_path, {
        "api/openapi.yaml": HEAD + """
paths:
  /items: {$ref: paths/items.yaml}
  /same: {get: {responses: {"200": {$ref: "common.yaml#/responses/Ok"}}}}
components: {schemas: {Own: {type: object, properties: {x: {$ref: schemas/Item.yaml}}}}}
""",
        "api/paths/items.yaml": """
parameters: [{$ref: ../common.yaml#/parameters/Page}]
get:
  responses:
    "200": {content: {application/json: {schema: {$ref: ../schemas/Item.yaml}}}}
post:
  requestBody:
    content: {application/json: {schema: {$ref: "../openapi.yaml#/components/schemas/Own"}}}
  responses: {}
""",
        "api/common.yaml": """
parameters: {Page: {name: page, in: query, schema: {$ref: "#/schemas/Number"}}}
responses: {Ok: {description: Fine}}
schemas: {Number: {type: integer, minimum: 1}}
""",
        "api/schemas/Item.yaml": """
type: object
properties:
  children: {type: array, items: {$ref: Item.yaml}}
  pet:
    oneOf: [{$ref: pets.json#/Cat}]
    discriminator: {propertyName: k, mapping: {c: pets.json#/Cat}}
""",
        "api/schemas/pets.json": {"Cat": {"type": "object", "properties": {"k": {"const": "c"}}}},
    }), "api/openapi.yaml")  # fmt: skip
    assert [f"{one.method} {one.path}" for one in facts.operations] == [
        "GET /items", "POST /items", "GET /same"]  # fmt: skip
    get, post, same = facts.operations
    assert get.parameters[0].type == "{Number}"
    assert get.responses[0].contents[0].type == "{Item}"
    assert post.body[0].type == "{Own}"
    assert same.responses[0].description == "Fine"
    item = facts.schemas["#/components/schemas/Item"]["properties"]
    assert item["children"]["items"] == {"$ref": "#/components/schemas/Item"}
    assert item["pet"]["discriminator"]["mapping"] == {"c": "#/components/schemas/Cat"}
    assert facts.read_from == ("api/common.yaml", "api/openapi.yaml", "api/paths/items.yaml",
                               "api/schemas/Item.yaml", "api/schemas/pets.json")  # fmt: skip
    assert facts.caveats == ()


def test_what_is_not_followed_is_named(tmp_path):
    """Files outside of the project, links out of it, addresses, and files that are not there."""
    outside = tmp_path / "outside.yaml"
    outside.write_text("get: {responses: {}}")
    root = written(tmp_path / "project", {
        "openapi.yaml": HEAD + """
paths:
  /a: {$ref: ../outside.yaml}
  /b: {$ref: link.yaml}
  /c: {$ref: "https://example.org/paths.yaml"}
  /d: {$ref: missing.yaml}
  /e: {$ref: circle.yaml}
  /f: {$ref: /etc/hostname}
  /g: {$ref: broken.yaml}
""", "circle.yaml": "$ref: circle.yaml", "broken.yaml": "{"})  # fmt: skip
    (root / "link.yaml").symlink_to(outside)
    facts = read(root)
    assert facts.operations == ()
    said = "\n".join(facts.caveats)
    for name in ("../outside.yaml", "link.yaml", "https://example.org/paths.yaml", "missing.yaml",
                 "circle.yaml", "/etc/hostname", "broken.yaml"):  # fmt: skip
        assert f"Not read: {name}, " in said

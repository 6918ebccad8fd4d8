"""Example requests are ones that the API would take."""

import json
import re

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnotary.documents.api.json_values import matching
from footnotary.documents.api.requests import body_of, raw_operation
from footnotary.documents.api.samples import follow_reference, make_value
from footnotary.facts.options import ReadOptions
from footnotary.probe import api
from footnotary.project import Project
from tables import each_row

DOCUMENTS = ["documents/openai", "documents/docker-engine", "documents/box", "documents/gitlab",
             "documents/oai-tictactoe", "documents/oai-petstore-expanded", "apps/litellm",
             "apps/mlflow", "apps/chromadb", "apps/dstack", "apps/freqtrade", "apps/googleadk",
             "apps/optimade", "apps/titiler"]  # fmt: skip


def as_json_schema(value):
    """OpenAPI 3.0's own words as JSON Schema 2020-12 has them."""
    if isinstance(value, list):
        return [as_json_schema(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: as_json_schema(below) for key, below in value.items()}
    for name, limit in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(name) is True and limit in found:
            found[name] = found.pop(limit)
        elif isinstance(found.get(name), bool):
            del found[name]
    if found.get("nullable") is True:
        return {"anyOf": [found, {"type": "null"}]}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_example_body_is_valid(corpora, tmp_path, name):
    """Bodies of examples validate against the schemas of their documents."""
    path = corpora / "openapi" / f"{name}.json"
    facts = api.probe_api(Project(tmp_path), ReadOptions(openapi=str(path)))
    whole = as_json_schema({"components": facts.document.get("components", {})})
    checked = 0
    for operation in facts.operations:
        if operation.webhook:
            continue
        raw = raw_operation(operation, facts.document)
        body = body_of(raw, facts.document)
        if body is None:
            continue
        contents = follow_reference(raw["requestBody"], facts.document)["content"]
        wanted = (body.media_type, "*/*")
        media = next(one for key, one in contents.items() if key.split(";")[0] in wanted)
        schema = {**whole, "allOf": [as_json_schema(media.get("schema", {}))]}
        errors = list(jsonschema.Draft202012Validator(schema).iter_errors(body.value))
        assert not errors, (operation.method, operation.path, errors[0].message, body.value)
        checked += 1
    assert checked or name == "apps/optimade"  # which only reads


@each_row(
    "schema",
    [
        {"type": "string", "pattern": r"^[a-z]{3}-\d{2,4}$"},
        {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+$", "maxLength": 254},
        {"type": "string", "pattern": "^(draft|final)(-v[0-9]+)?$"},
        {"type": "string", "minLength": 12, "maxLength": 12},
        {"type": "string", "pattern": "^[A-Z0-9_]+$", "minLength": 5},
        {"type": "integer", "exclusiveMinimum": 9, "multipleOf": 5},
        {"type": "number", "minimum": 0.5, "maximum": 0.75},
        {"type": "integer", "maximum": -3},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 7}]},
        {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                   {"properties": {"b": {"const": 3}}, "required": ["b"]}]},
        {"type": "string", "example": 5, "minLength": 2},
        {"type": "integer", "default": "wrong"},
        {"type": ["string", "null"], "enum": [None, "x"]},
        {"type": "object", "minProperties": 2, "additionalProperties": {"type": "boolean"}},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        {"const": {"a": 1}},
        True,
        {},
    ],
)  # fmt: skip
def test_a_value_keeps_every_limit(schema):
    """Patterns, lengths, bounds, choices and compositions hold; wrong examples are not used."""
    value = make_value(schema, {})
    jsonschema.validate(value, schema)
    json.dumps(value)


def test_recursion_ends():
    """A model that needs itself gives a value all the same."""
    again = {"$ref": "#/components/schemas/N"}
    fields = {"next": again, "all": {"type": "array", "items": again}}
    node = {"type": "object", "properties": fields, "required": ["next", "all"]}
    document = {"components": {"schemas": {"N": node, "L": {"$ref": "#/components/schemas/L"}}}}
    assert "next" in make_value({"$ref": "#/components/schemas/N"}, document)
    make_value({"$ref": "#/components/schemas/L"}, document)


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(["[a-z]", r"\d{2}", "x+", "(a|b)", "[^0-9]", r"\w*", "-", "."]), max_size=6
    )
)
def test_a_generated_text_matches_its_pattern(parts):
    """Whatever is generated for a pattern is checked against it."""
    pattern = f"^{''.join(parts)}$"
    assert re.search(pattern, matching(pattern))

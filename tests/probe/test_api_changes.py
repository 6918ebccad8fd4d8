# ruff: noqa: E501  one case a line
"""Changes of an API in words: what breaks callers, and what does not."""

import copy
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from fastapi import APIRouter, FastAPI

from footnotary.documents.api.changes import compare_apis, render_api_changes
from footnotary.documents.kinds import Context
from footnotary.facts.api import ApiFacts, ApplicationPart, Endpoint, Handler, Raised
from footnotary.facts.basis import Place
from footnotary.probe.inside import application
from footnotary.probe.openapi import api_facts
from tables import each_row


def reference(name):
    """A reference to a model, as JSON content."""
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


BASE = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "components": {"schemas": {
        "Out": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer"}, "name": {"type": "string", "maxLength": 50},
            "size": {"enum": ["s", "m"]}, "note": {"type": ["string", "null"]},
            "owner": {"$ref": "#/components/schemas/Owner"}}},
        "Owner": {"type": "object", "properties": {"age": {"type": "integer"}}},
        "In": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "maxLength": 50}, "kind": {"enum": ["a", "b"]}}},
    }},
    "paths": {
        "/x": {
            "get": {"parameters": [{"name": "n", "in": "query", "schema": {
                        "type": "integer", "maximum": 100, "default": 10}}],
                    "responses": {"200": {"description": "", "content": reference("Out")}}},
            "post": {"security": [{"bearer": []}], "requestBody": {"content": reference("In")},
                     "responses": {"201": {"description": "", "content": reference("Out")}}},
        },
        "/old": {"delete": {"responses": {"204": {"description": ""}}}},
    },
}  # fmt: skip


def schema(document, name):
    """A model of the document."""
    return document["components"]["schemas"][name]["properties"]


def operation(document, method):
    """An operation on /x."""
    return document["paths"]["/x"][method]


CASES = [
    (lambda d: d["paths"].pop("/old"), {"DELETE /old is gone"}, set()),
    (lambda d: d["paths"].update({"/new": {"get": {}}}), set(), {"GET /new is new"}),
    (lambda d: schema(d, "Out").pop("name"), {"Out.name is gone"}, set()),
    (lambda d: schema(d, "In").update(z={"type": "string"}), set(), {"In.z is new"}),
    (lambda d: d["components"]["schemas"]["In"].update(required=["name", "kind"]),
     {"In.kind is required now"}, set()),
    (lambda d: d["components"]["schemas"]["Out"].update(required=[]), {"Out.id may be missing now"}, set()),
    (lambda d: d["components"]["schemas"]["Out"].update(required=["id", "name"]),
     set(), {"Out.name is always there now"}),
    (lambda d: schema(d, "In")["name"].update(maxLength=10),
     {"In.name: limits length ≤ 50 → length ≤ 10, narrower"}, set()),
    (lambda d: schema(d, "In")["name"].update(maxLength=99),
     set(), {"In.name: limits length ≤ 50 → length ≤ 99, wider"}),
    (lambda d: schema(d, "In")["name"].update(pattern="^a"),
     {"In.name: limits length ≤ 50 → length ≤ 50, matches ^a, narrower"}, set()),
    (lambda d: schema(d, "Out").update(note={"type": "string"}), set(), {"Out.note is never null now"}),
    (lambda d: schema(d, "Out").update(id={"type": ["integer", "null"]}), {"Out.id may be null now"}, set()),
    (lambda d: schema(d, "In").update(kind={"enum": ["a"]}), {'In.kind no longer has the value "b"'}, set()),
    (lambda d: schema(d, "Out").update(size={"enum": ["s"]}), set(), {'Out.size no longer has the value "m"'}),
    (lambda d: schema(d, "Out").update(size={"enum": ["s", "m", "l"]}), {'Out.size may also be "l"'}, set()),
    (lambda d: schema(d, "Owner").update(age={"type": "string"}), {"Owner.age: type integer → string"}, set()),
    (lambda d: operation(d, "get")["parameters"][0]["schema"].update(maximum=50),
     {"GET /x: parameter n: limits ≤ 100 → ≤ 50, narrower"}, set()),
    (lambda d: operation(d, "get")["parameters"][0]["schema"].update(default=20),
     set(), {"GET /x: parameter n: default 10 → 20"}),
    (lambda d: operation(d, "get")["parameters"].pop(), {"GET /x: parameter n is gone"}, set()),
    (lambda d: operation(d, "get").update(security=[{"bearer": []}]),
     {"GET /x: authentication none → bearer"}, set()),
    (lambda d: operation(d, "post").update(security=[{"bearer": ["write"]}]),
     {"POST /x: authentication bearer → bearer (write)"}, set()),
    (lambda d: operation(d, "post").update(security=[{"bearer": []}, {"key": []}]),
     set(), {"POST /x: authentication bearer → bearer or key"}),
    (lambda d: operation(d, "post")["requestBody"].update(content=reference("Out")),
     {"POST /x: the body as application/json: type In → Out"}, set()),
    (lambda d: operation(d, "post")["requestBody"]["content"].update({"text/plain": {}}),
     set(), {"POST /x: the body is taken as text/plain too"}),
    (lambda d: operation(d, "post").pop("requestBody"), {"POST /x: takes no body any more"}, set()),
    (lambda d: operation(d, "get")["responses"]["200"].update(content=reference("Owner")),
     {"GET /x: the answer 200 as application/json: type Out → Owner"}, set()),
    (lambda d: operation(d, "post").update(deprecated=True), set(), {"POST /x is deprecated now"}),
    (lambda d: operation(d, "post").update(summary="Other words"), set(), set()),
    (lambda d: d["info"].update(version="2"), set(), {"version 1 → 2"}),
]  # fmt: skip


@each_row(("change", "breaking", "compatible"), CASES)
def test_a_change_breaks_who_sends_or_who_reads(change, breaking, compatible):
    """What is sent may only be widened, what is given only be narrowed; each is one sentence."""
    after = copy.deepcopy(BASE)
    change(after)
    found = list(compare_apis(api_facts(copy.deepcopy(BASE)), api_facts(after)))
    plain = [(breaks, unescape(re.sub(r"</?code>|`", "", words))) for breaks, words in found]
    assert {words for breaks, words in plain if breaks} == breaking
    assert {words for breaks, words in plain if not breaks} == compatible


def rules(heading):
    """The rows of a table in the documentation, cells as text."""
    path = Path(__file__).parents[2] / "docs" / "api-changes.md"
    part = path.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("|")]
    return rows[2:]


def whole(operation):
    """A document with one operation, and what it may refer to."""
    schemes = {name: {"type": "apiKey", "in": "header", "name": f"X-{name}"} for name in "ab"}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/x": {"get": operation}}, "components": {"securitySchemes": schemes}}  # fmt: skip


def verdict(before, after):
    """What is said of two operations, by the worst of it."""
    found = [told for told, _ in compare_apis(*(api_facts(whole(one)) for one in (before, after)))]
    return "breaking" if True in found else "not compared" if None in found else "compatible"


A = {"type": "object", "properties": {"a": {}}}
WAYS = [  # two ways of writing one schema, in which nothing changed
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": True}, {"type": "number", "exclusiveMinimum": 1}),
    ({"type": "number", "minimum": 1, "exclusiveMinimum": False}, {"type": "number", "minimum": 1}),
    ({"const": 1}, {"enum": [1.0]}),
    ({"enum": [{"a": [1]}]}, {"enum": [{"a": [1.0]}]}),
    ({"allOf": [A, {"required": ["a"]}]}, {**A, "required": ["a"]}),
    ({"allOf": [{"type": "string", "maxLength": 9}, {"minLength": 2}]}, {"type": "string", "maxLength": 9, "minLength": 2}),
    ({"anyOf": [{"type": "string"}, {"type": "string", "maxLength": 3}]}, {"type": "string"}),
    ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, {"type": ["integer", "string"]}),
    ({**A, "additionalProperties": {}}, {**A, "additionalProperties": True}),
    ({**A, "unevaluatedProperties": False}, {**A, "additionalProperties": False}),
    ({**A, "dependentRequired": {"a": ["b", "c"]}}, {**A, "dependentRequired": {"a": ["c", "b"]}}),
    ({**A, "required": ["b"], "dependentRequired": {"a": ["b"]}}, {**A, "required": ["b"]}),
    ({**A, "if": {"required": ["a"]}}, A),
    ({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "integer"}}, {"type": "array", "items": {"type": "integer"}}),
    ({"type": "array", "contains": {"type": "integer"}, "minContains": 0}, {"type": "array"}),
    ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
    ({"type": "number", "enum": [1, 2]}, {"type": "integer", "enum": [2, 1]}),
    ({"type": "integer", "minimum": 0.5}, {"type": "integer", "minimum": 1}),
]  # fmt: skip
JUDGED = [  # what becomes of a request and of an answer
    ({"const": 1}, {"const": True}, "breaking", "breaking"),
    ({"type": "object", "properties": {"a": False}}, {"type": "object"}, "compatible", "breaking"),
    ({"type": "object"}, {"type": "object", "properties": {"a": False}}, "breaking", "compatible"),
    ({"type": "object", "additionalProperties": False}, {"type": "object", "properties": {"a": False}, "additionalProperties": False}, "compatible", "compatible"),
    ({"type": "string", "nullable": True, "enum": ["a"]}, {"enum": ["a"]}, "breaking", "compatible"),
    ({**A, "if": {"required": ["a"]}, "then": {"required": ["b"]}}, {**A, "if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}, "breaking", "compatible"),
    ({"allOf": [{"type": "string", "maxLength": 9}, {"maxLength": 5}]}, {"type": "string", "maxLength": 7}, "compatible", "breaking"),
]  # fmt: skip


def in_body_and_answer(old, new):
    """Two operations that take a schema, and two that give it."""
    bodies = [{"application/json": {"schema": one}} for one in (old, new)]
    yield [{"requestBody": {"required": True, "content": one}} for one in bodies]
    yield [{"responses": {"200": {"description": "", "content": one}}} for one in bodies]


def test_one_schema_written_in_two_ways_is_no_change():
    """OpenAPI 3.0's words and 2020-12's, conjunctions and what they come to, 1 and 1.0: nothing is said."""
    for old, new in WAYS:
        for pair in (*in_body_and_answer(old, new), *in_body_and_answer(new, old)):
            assert compare_apis(*(api_facts(whole(copy.deepcopy(one))) for one in pair)) == []


def test_what_excludes_is_no_field():
    """A field that no value may have, and values that only look equal, are judged by what is accepted."""
    for old, new, request, answer in JUDGED:
        sent, given = in_body_and_answer(old, new)
        assert (verdict(*sent), verdict(*given)) == (request, answer), (old, new)


def test_every_rule_for_schemas_is_as_documented():
    """The examples of the documentation, as a body and as an answer."""
    found = rules("Rules for schemas")
    assert len(found) > 40
    for name, old, new, request, answer, _ in found:
        sent, given = in_body_and_answer(*(json.loads(one.strip("`")) for one in (old, new)))
        assert (verdict(*sent), verdict(*given)) == (request, answer), name


E = {"$ref": "#/components/schemas/E"}
STRING = {"type": "string"}
KEYED = {"type": "object", "required": ["k"], "properties": {"k": STRING}}
BELOW = [  # what a request and an answer lose or gain where E gains a value, and where it loses one
    ({**STRING, "not": E}, "breaking", "compatible"),
    ({"type": "object", "properties": {"x": {**STRING, "not": E}}}, "breaking", "compatible"),
    ({**STRING, "not": {"anyOf": [E, {"const": "z"}]}}, "breaking", "compatible"),
    ({**STRING, "not": {"not": E}}, "compatible", "breaking"),
    ({"type": "array", "items": {**STRING, "not": E}}, "breaking", "compatible"),
    ({"type": "array", "items": STRING, "contains": E}, "compatible", "breaking"),
    ({"type": "array", "items": STRING, "contains": E, "minContains": 2}, "compatible", "breaking"),
    ({"type": "array", "items": STRING, "contains": E, "minContains": 0, "maxContains": 1}, "breaking", "compatible"),
    ({"type": "object", "propertyNames": E}, "compatible", "breaking"),
    ({"type": "object", "additionalProperties": {"type": "integer"}, "propertyNames": E}, "compatible", "breaking"),
    ({"type": "object", "patternProperties": {"^x": E}}, "compatible", "breaking"),
    ({"type": "object", "properties": {"enum": E}}, "compatible", "breaking"),
    ({"type": "object", "properties": {"default": E}}, "compatible", "breaking"),
    ({**KEYED, "dependentSchemas": {"k": {"properties": {"v": E}}}}, "compatible", "breaking"),
    ({**KEYED, "dependentSchemas": {"k": {"properties": {"k": {"not": E}}}}}, "not compared", "compatible"),
    ({**KEYED, "dependencies": {"k": {"properties": {"v": E}}}}, "compatible", "breaking"),
    ({**KEYED, "if": {"properties": {"k": E}}, "then": {"required": ["v"]}}, "breaking", "not compared"),
    ({**KEYED, "if": {"properties": {"k": {"const": "z"}}}, "then": {"properties": {"v": E}, "required": ["v"]}},
     "compatible", "breaking"),
    ({**KEYED, "if": {"properties": {"k": {"const": "z"}}}, "else": {"properties": {"k": E}}}, "compatible", "breaking"),
    ({"allOf": [KEYED, {"properties": {"v": STRING}}], "unevaluatedProperties": E}, "compatible", "breaking"),
    ({"type": "array", "prefixItems": [STRING], "unevaluatedItems": E}, "compatible", "breaking"),
    ({"type": "array", "items": [STRING], "additionalItems": E}, "compatible", "breaking"),
    ({**STRING, "$dynamicRef": "#node"}, "not compared", "not compared"),
    ({**STRING, "rule": E}, "not compared", "not compared"),
]  # fmt: skip


@pytest.mark.slow
def test_what_a_condition_refers_to_is_judged_where_it_is():
    """Below `not` a model that gains a value takes one away; nothing of it is called equal."""
    for holder, request, answer in BELOW:
        for values, expected in (
            (("a", "ab"), (request, answer)),
            (("ab", "a"), (answer, request)),
        ):
            found = []
            content = {"application/json": {"schema": holder}}
            for place in ({"requestBody": {"required": True, "content": content}},
                          {"responses": {"200": {"description": "", "content": content}}}):  # fmt: skip
                sides = [whole(place) for _ in values]
                for side, one in zip(sides, values, strict=True):
                    side["components"]["schemas"] = {"E": {**STRING, "enum": [*one]}}
                told = [told for told, _ in compare_apis(*map(api_facts, copy.deepcopy(sides)))]
                found.append(
                    "breaking" if True in told else "not compared" if None in told else "compatible"
                )
            assert tuple(found) == expected, (holder, values)


def test_a_model_in_two_forms_is_judged_by_both():
    """A number that becomes text is the same in a form, and another in JSON, in any order."""
    form = "application/x-www-form-urlencoded"
    for kinds in ((form, "application/json"), ("application/json", form)):
        sides = []
        for kind in ("integer", "string"):
            paths = {f"/{at}": {"post": {"requestBody": {"content": {media: {"schema": E}}}}}
                     for at, media in enumerate(kinds)}  # fmt: skip
            model = {"type": "object", "properties": {"a": {"type": kind}}}
            sides.append({**whole({}), "paths": paths, "components": {"schemas": {"E": model}}})
        assert [told for told, _ in compare_apis(*map(api_facts, sides))] == [True]


def test_every_rule_for_operations_is_as_documented():
    """The examples of the documentation."""
    found = rules("Rules for operations")
    assert len(found) > 30
    for name, old, new, told, _ in found:
        assert verdict(*(json.loads(one.strip("`")) for one in (old, new))) == told, name


def test_names_are_no_change():
    """Models, path parameters, security schemes and operation ids may be renamed."""
    text = json.dumps(BASE).replace("/x", "/x/{id}")
    renamed = text.replace("Owner", "Holder").replace('"In"', '"Ins"').replace('/In"', '/Ins"')
    renamed = renamed.replace("{id}", "{key}").replace("bearer", "token")
    scheme = '"components": {"securitySchemes": {"%s": {"type": "http", "scheme": "bearer"}}, '
    sides = [side.replace('"components": {', scheme % name) for side, name in
             ((text, "bearer"), (renamed, "token"))]  # fmt: skip
    assert compare_apis(*(api_facts(json.loads(one)) for one in sides)) == []
    assert text != renamed


def test_older_facts_are_read_and_said_to_be_older():
    """Facts without schemas are compared by what they have; the rest is not called equal."""
    facts = api_facts(copy.deepcopy(BASE))
    data = facts.model_dump(mode="json")
    data.pop("schemas")
    older = ApiFacts.model_validate(json.loads(json.dumps(data)))
    ((told, words),) = compare_apis(older, facts)
    assert told is None
    assert words.startswith("Older form: only counts compared")


ANSWER = {"200": {"description": ""}}
JSON = {"application/json": {"schema": {"type": "string"}}}
WEBHOOKS = [  # a webhook gives what an operation takes, and takes its answer
    ({}, {"requestBody": {"content": JSON}}, "compatible"),
    ({"requestBody": {"content": JSON}}, {}, "breaking"),
    ({"requestBody": {"content": JSON}}, {"requestBody": {"content": {**JSON, "text/csv": {}}}}, "breaking"),
    ({"requestBody": {"content": {**JSON, "text/csv": {}}}}, {"requestBody": {"content": JSON}}, "compatible"),
    ({"responses": ANSWER}, {"responses": {"200": {"description": "", "content": JSON}}}, "not compared"),
    ({"responses": ANSWER}, {"responses": {**ANSWER, "201": {"description": ""}}}, "compatible"),
    ({"responses": ANSWER}, {"responses": {"201": {"description": ""}}}, "breaking"),
    ({"servers": [{"url": "https://a"}]}, {}, "compatible"),
]  # fmt: skip


def test_a_webhook_is_judged_the_other_way_round():
    """What is sent to somebody else may become less, what is taken from them may become more."""
    for before, after, expected in WEBHOOKS:
        sides = [
            {**whole({}), "paths": {}, "webhooks": {"w": {"post": one}}} for one in (before, after)
        ]
        told = [told for told, _ in compare_apis(*map(api_facts, copy.deepcopy(sides)))]
        found = "breaking" if True in told else "not compared" if None in told else "compatible"
        assert found == expected, (before, after)


def imported(**changes):
    """The facts of an imported application, with what only it tells."""
    found = api_facts(whole({})).known_as("imported")
    handler = Handler(name="x")
    operations = tuple(one.model_copy(update={"handler": handler}) for one in found.operations)
    return found.model_copy(update={"operations": operations} | changes)


def raising(*statuses):
    """The operation, with statuses that it raises and does not declare."""
    found = tuple(Raised(status=one, place=Place(path="a.py")) for one in statuses)
    return tuple(one.model_copy(update={"undeclared": found}) for one in imported().operations)


def taking(most):
    """The operation, with bytes that its body may have."""
    return tuple(one.model_copy(update={"max_body": most}) for one in imported().operations)


def parts(*names, detail=""):
    """Middleware or handlers by name."""
    return tuple(ApplicationPart(name=one, detail=detail) for one in names)


SUB = Endpoint(path="/sub", what="m.sub", operations=("GET /sub/q",))
BESIDES = [
    ({"mounts": (SUB,)}, {}, True, "mounted application /sub is gone"),
    ({}, {"mounts": (SUB,)}, False, "mounted application /sub is new"),
    ({"mounts": (SUB,)}, {"mounts": (SUB.model_copy(update={"operations": ()}),)}, True,
     "operation of a mounted application GET /sub/q is gone"),
    ({"mounts": (SUB,)}, {"mounts": (SUB.model_copy(update={"what": "m.other"}),)}, None,
     "mounted application /sub is m.other, no longer m.sub"),
    ({"hidden": ("GET /h",)}, {}, True, "hidden route GET /h is gone"),
    ({"hidden": ("GET,POST /h",)}, {"hidden": ("GET /h",)}, True, "hidden route POST /h is gone"),
    ({}, {"hidden": ("GET /h",)}, False, "hidden route GET /h is new"),
    ({}, {"operations": (), "hidden": ("GET,HEAD /x",)}, False, "GET /x is served, and no longer in the document"),
    ({"operations": (), "hidden": ("GET /x",)}, {}, False, "GET /x is new"),
    ({"websockets": (Endpoint(path="/ws"),)}, {}, True, "WebSocket /ws is gone"),
    ({}, {"middleware": parts("TrustedHost")}, None, "middleware TrustedHost is new: what it does was not compared"),
    ({"middleware": parts("A", detail="x")}, {"middleware": parts("A", detail="x, y")}, None, "middleware A: x → x, y"),
    ({"middleware": parts("A", "B")}, {"middleware": parts("B", "A")}, None, "middleware: in another order"),
    ({"handlers": parts("on_error")}, {}, None, "exception handler on_error is gone: what it does was not compared"),
    ({}, {"operations": raising(410)}, False, "GET /x: may answer 410 now, which is not declared"),
    ({"operations": taking(9)}, {"operations": taking(5)}, True, "GET /x: bytes of a body at most 9 → 5"),
    ({}, {"operations": taking(5)}, True, "GET /x: bytes of a body at most any → 5"),
    ({"operations": taking(5)}, {}, False, "GET /x: bytes of a body at most 5 → any"),
    ({"operations": raising(410)}, {}, False, "GET /x: 410 is no longer found in the code (it was not declared)"),
]  # fmt: skip


def test_what_only_the_code_tells_is_compared():
    """Mounts, hidden routes, middleware, handlers and statuses, of imported applications alone."""
    for before, after, told, words in BESIDES:
        sides = imported(**before), imported(**after)
        found = [(one, re.sub(r"</?code>|`", "", said)) for one, said in compare_apis(*sides)]
        assert found == [(told, words)], (before, after)
    source = [
        one.known_as("source").told(not_read=("mounts",))
        for one in (imported(mounts=(SUB,)), imported())
    ]
    assert compare_apis(*source) == []


def test_nothing_is_said_to_be_unchanged_that_was_not_compared():
    """Where nothing changed, the section says of what; of source alone that is less."""
    context = Context("x", date(2026, 1, 2), "s", imported(), date(2026, 1, 1))
    text = render_api_changes(imported(middleware=(), mounts=(SUB,)), context)
    assert "Compatible" in text
    assert "No change in" not in text
    text = render_api_changes(imported(), context)
    assert "middleware" in text
    text = render_api_changes(imported(middleware=parts("A")), context)
    assert "No other change in" in text
    facts = imported().known_as("source")
    text = render_api_changes(facts, replace(context, previous=facts))
    assert "No change in servers, operations, parameters" in text
    assert "middleware" not in text
    assert "when it runs" in text


def test_a_built_frontend_is_told_as_what_is_mounted(tmp_path):
    """FastAPI 0.165 serves a folder where no route matches, and no route says so."""
    if not hasattr(FastAPI, "frontend"):
        pytest.skip("this FastAPI serves none")
    (tmp_path / "index.html").write_text("x")
    app, router, inner = FastAPI(), APIRouter(prefix="/r"), APIRouter()
    inner.frontend("/sub", directory=tmp_path)
    router.include_router(inner, prefix="/i")
    app.include_router(router, prefix="/v1")
    app.frontend("/", directory=tmp_path)
    found = {one["path"] for one in application.frontends(app.router)}
    assert found == {"/", "/v1/r/i/sub"}

# ruff: noqa: E501  documents written out as they would stand in a file
"""The API document: its links resolve, hostile words stay words, changes are said in words."""

import json
import re
from datetime import date
from html import unescape
from types import SimpleNamespace

import markdown
import pytest

from footnotary.documents.api import API
from footnotary.documents.api.changes import compare_apis
from footnotary.documents.api.examples import examples
from footnotary.documents.api.links import Links
from footnotary.documents.api.overview import measure_api_coverage
from footnotary.documents.kinds import Context, Region
from footnotary.errors import ProjectError
from footnotary.facts.api import ApiFacts, Handler, HandlerDependency
from footnotary.facts.options import ReadOptions
from footnotary.facts.schema_words import limits_of
from footnotary.probe import api
from footnotary.probe.openapi import api_facts
from footnotary.probe.openapi_models import without_secrets
from footnotary.project import Project
from links import EXTENSIONS, broken_links
from tables import each_row

CONTEXT = Context("demo", date(2026, 11, 23), "API-demo-2026-11-23")
RESPONSE = SimpleNamespace(raise_for_status=lambda: None)
HOSTILE = "</td>|`x` <script>alert(1)</script> [a](javascript:b) ![i](http://evil/) {{ x }} ^[1] \\| \n# no\n"


def document(paths, schemas=None, **more):
    """An OpenAPI document."""
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths,
            "components": {"schemas": schemas or {}}, **more}  # fmt: skip


def pages(facts, context=CONTEXT):
    """Every page of a document as HTML, by file name."""
    first = "\n\n".join(part.markdown for part in API.render(facts, context))
    found = {f"{context.stem}.md": first}
    for suffix, content in API.attachments(facts, context).items():
        if suffix.endswith(".md"):
            found[context.stem + suffix] = content.decode()
    return {name: markdown.markdown(text, extensions=EXTENSIONS) for name, text in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["documents/twilio-api-v2010", "documents/docker-engine", "documents/oai-3.2-tags-example",
     "documents/gitlab", "apps/dstack", "apps/optimade"],
)  # fmt: skip
def test_every_link_of_a_real_document_resolves(corpora, tmp_path, name):
    """On one page or split over many, each link leads to an anchor that is there."""
    path = str(corpora / "openapi" / f"{name}.json")
    facts = api.probe_api(Project(tmp_path), ReadOptions(openapi=path))
    found = pages(facts)
    assert list(broken_links(found)) == []
    html = "".join(found.values())
    assert len(re.findall(r"<h4", html)) == len(facts.operations)
    assert not re.search(r"<(script|img|iframe)", html)


@pytest.mark.slow
def test_every_document_of_the_corpora_has_the_counts_of_its_manifest(corpora, tmp_path):
    """Paths, operations, schemas, webhooks and deprecated, as `jq` counts them."""
    known = json.loads((corpora / "openapi" / "facts.json").read_text())
    for entry in [*known["documents"], *(one for one in known["apps"] if "facts_by_jq" in one)]:
        path = str(corpora / entry["file"])
        facts = api.probe_api(Project(tmp_path), ReadOptions(openapi=path))
        assert facts.summary == {name: entry["facts_by_jq"][name] for name in facts.summary}, entry[
            "name"
        ]


@pytest.mark.slow
def test_every_small_application_of_fastapi_s_documentation_has_a_document(corpora):
    """182 documents, one feature each: counts hold, links resolve."""
    whole = json.loads((corpora / "openapi" / "apps" / "fastapi-docs_src.json").read_text())
    documents = whole.get("apps", whole)
    counted = {"paths": 0, "operations": 0}
    for one in documents.values():
        facts = api_facts(one.get("document", one))
        assert list(broken_links(pages(facts))) == []
        for name in counted:
            counted[name] += facts.summary[name]
    assert counted == {"paths": 221, "operations": 228}


def test_hostile_words_stay_words():
    """HTML, pipes, backticks, links and newlines in every place an author can write."""
    operation = {"summary": HOSTILE, "description": HOSTILE, "tags": [HOSTILE], "operationId": HOSTILE,
                 "parameters": [{"name": HOSTILE, "in": "query", "description": HOSTILE,
                                 "schema": {"type": "string", "default": HOSTILE, "pattern": HOSTILE}}],
                 "requestBody": {"content": {HOSTILE: {"schema": {"$ref": f"#/components/schemas/{HOSTILE}"}}}},
                 "responses": {HOSTILE: {"description": HOSTILE, "headers": {HOSTILE: {}}}}}  # fmt: skip
    facts = api_facts(document(
        {f"/{HOSTILE}": {"post": operation}},
        {HOSTILE: {"description": HOSTILE, "enum": [HOSTILE]},
         "M": {"properties": {HOSTILE: {"description": HOSTILE, "type": HOSTILE, "format": HOSTILE}}}},
        tags=[{"name": HOSTILE, "description": HOSTILE}],
        servers=[{"url": HOSTILE}],
    ))  # fmt: skip
    (html,) = pages(facts).values()
    assert not re.search(r"<(script|img|iframe|h1)|javascript:b\"|href=\"http", html)
    for table in re.findall(r"<table>.*?</table>", html, re.DOTALL):
        widths = {
            row.count("<td") + row.count("<th")
            for row in re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
        }
        assert len(widths) == 1


def test_operations_whose_names_look_alike_have_anchors_of_their_own():
    """`/a/{b}`, `/a/b` and `/a-b` are three places."""
    facts = api_facts(document({path: {"get": {}} for path in ("/a/{b}", "/a/b", "/a-b")}))
    (html,) = pages(facts).values()
    anchors = re.findall(r'<h4[^>]*><a id="([^"]+)"', html)
    assert len(set(anchors)) == 3
    assert all(f'href="#{one}"' in html for one in anchors)


def test_a_dependency_is_told_once_with_what_it_depends_on():
    """FastAPI calls it once a request: its tree is where it is met first."""
    session = HandlerDependency(name="db.session")
    user = HandlerDependency(name="auth.user", dependencies=(session,))
    admin = HandlerDependency(name="auth.admin", dependencies=(user, session))
    facts = api_facts(document({"/a": {"get": {}}}))
    handler = Handler(name="m.f", dependencies=(user, admin, user))
    operation = facts.operations[0].model_copy(update={"handler": handler})
    facts = facts.model_copy(update={"operations": (operation,)})
    text = "\n".join(part.markdown for part in API.render(facts, CONTEXT))
    assert re.findall(r"^( *)- Depends on `(.+?)`(.*)$", text, re.MULTILINE) == [
        ("", "auth.user", ""),
        ("    ", "db.session", ""),
        ("", "auth.admin", ""),
        ("    ", "auth.user", ", as above"),
        ("    ", "db.session", ""),
    ]


def test_a_nullable_union_is_written_as_people_read_it():
    """`anyOf: [string, null]` is `string | null`, and references are links."""
    field = {"anyOf": [{"$ref": "#/components/schemas/M"}, {"type": "null"}]}
    facts = api_facts(document({}, {"M": {"type": "object", "properties": {"next": field}}}))
    assert facts.models[0].fields[0].type == "{M} | null"
    (html,) = pages(facts).values()
    assert '<a href="#model-m"><code>M</code></a> | null' in unescape(html)


@each_row(
    ("text", "words"),
    [
        ("{", "not valid JSON"),
        ("[]", "not an OpenAPI document"),
        ('{"swagger": "1.2"}', "Swagger 1.2 is not read"),
        ('{"openapi": "4.0"}', "not an OpenAPI 3 document"),
        ('{"openapi": ' + "[" * 20000 + "]" * 20000 + "}", "not valid JSON"),
    ],
)
def test_what_is_no_openapi_document_is_refused(tmp_path, text, words):
    """One sentence; nothing of the parser's."""
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(ProjectError, match=words):
        api.probe_api(Project(tmp_path), ReadOptions(openapi=str(path)))


def test_a_document_of_webhooks_alone_is_a_document(tmp_path):
    """OpenAPI 3.1 asks for paths, components or webhooks: any of them is enough."""
    path = tmp_path / "hooks.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: Hooks, version: '1'}\n"
                    "webhooks:\n  paid:\n    post:\n      summary: It was paid\n")  # fmt: skip
    facts = api.probe_api(Project(tmp_path), ReadOptions(openapi=str(path)))
    assert facts.summary == {
        "paths": 0,
        "operations": 0,
        "schemas": 0,
        "webhooks": 1,
        "deprecated": 0,
    }
    (html,) = pages(facts).values()
    assert "It was paid" in html


BEFORE = document(
    {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
                    "responses": {"200": {"description": ""}}},
            "post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}}}},
     "/gone": {"get": {}}},
    {"In": {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
     "Kind": {"enum": ["x", "y"]}},
)  # fmt: skip
AFTER = document(
    {"/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": True, "schema": {"type": "integer"}}],
                    "responses": {"200": {"description": ""}, "404": {"description": ""}}},
            "post": {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/In"}}}}}},
     "/new": {"get": {}}},
    {"In": {"properties": {"a": {"type": "string"}, "c": {"type": "string"}}, "required": ["c"]},
     "Kind": {"enum": ["x", "z"]}},
)  # fmt: skip


def test_changes_are_said_in_words_breaking_first():
    """What breaks callers is first; what does not is listed too; nothing is compared by bytes."""
    found = list(compare_apis(api_facts(BEFORE), api_facts(AFTER)))
    breaking = {words.replace("`", "") for is_breaking, words in found if is_breaking}
    assert breaking == {
        "GET /gone is gone",
        "GET /a: parameter q is required now",
        "GET /a: parameter q: type string → integer",
        "POST /a: a body is required now",
        "In.b is gone",
        "In.c is new and required",
    }
    others = {words.replace("`", "") for is_breaking, words in found if not is_breaking}
    assert others == {"GET /new is new", "GET /a: answers 404 too",
                      'Kind no longer has the value "y"', 'Kind may also be "z"'}  # fmt: skip
    context = Context("demo", date(2026, 11, 23), "X", api_facts(BEFORE), date(2026, 10, 1))
    region = next(one for one in API.render(api_facts(AFTER), context)
                  if isinstance(one, Region) and one.name == "changes")  # fmt: skip
    assert region.markdown.startswith("## Changes since 2026-10-01\n\n**Breaking**")


def test_no_change_is_said_too():
    """The same facts, also when read back from disk, differ in nothing."""
    facts = api_facts(BEFORE)
    stored = ApiFacts.model_validate_json(facts.model_dump_json())
    assert list(compare_apis(stored, facts)) == []


def test_links_give_values_that_may_be_secret():
    """Parameters and bodies of a Link Object are values; runtime expressions and names stay."""
    link = {
        "operationId": "getUser",
        "parameters": {
            "id": "$response.body#/id",
            "api_key": "live_12345",
            "header.X-Api-Key": "live_12345",
            "query": {"password": "live_12345", "page": 2},
            "api_token": "$request.header.token",
        },
        "requestBody": {"client_secret": "live_12345", "name": "ann"},
        "description": "like db://u:live_12345@h/x",
    }
    kept = {"operationRef": "#/paths/~1x/get", "parameters": {"limit": 5}}
    responses = {"200": {"description": "", "links": {"user": link, "kept": dict(kept)}}}
    known = {"get": {"operationId": "x", "responses": responses}}
    found = without_secrets(document({"/x": known}), {})
    text = json.dumps(found)
    assert "live_12345" not in text
    assert text.count("***") == 5
    for word in ("$response.body#/id", "$request.header.token", '"page": 2', '"ann"', "getUser"):
        assert word in text
    shown = found["paths"]["/x"]["get"]["responses"]["200"]["links"]["kept"]
    assert shown == kept


def test_secrets_are_taken_out_of_a_document():
    """Credentials in URLs, and literal values of what is named like a secret; the rest stays."""
    facts = without_secrets(
        document(
            {"/x": {"post": {
                "parameters": [{"name": "X-Api-Key", "in": "header", "example": "live_12345",
                                "schema": {"type": "string", "default": "live_12345"}}],
                "requestBody": {"content": {"application/json": {
                    "example": {"user": "ann", "password": "live_12345", "at": "http://a:live_12345@h/"}}}}}}},
            {"M": {"properties": {
                "client_secret": {"type": "string", "examples": ["live_12345"], "maxLength": 9},
                "name": {"type": "string", "default": "ann", "description": "like db://u:live_12345@h/x"}}}},
            servers=[{"url": "https://u:live_12345@h.example/"}],
        ),
        {},
    )  # fmt: skip
    text = json.dumps(facts)
    assert "live_12345" not in text
    assert facts["components"]["schemas"]["M"]["properties"]["name"]["default"] == "ann"
    assert facts["components"]["schemas"]["M"]["properties"]["client_secret"]["maxLength"] == 9
    assert '"user": "ann"' in text


def test_authentication_says_where_tokens_come_from_and_what_scopes_mean():
    """A caller must not have to read the code to get a first token."""
    scheme = {
        "type": "oauth2",
        "flows": {
            "password": {
                "tokenUrl": "/v1/token",
                "scopes": {"vans:read": "Read | vans.", "odd": None},
            },
            "implicit": 3,
        },
    }
    raw = document({"/a": {"get": {"security": [{"who": ["vans:read"]}], "responses": {}}}})
    raw["components"]["securitySchemes"] = {
        "who": scheme,
        "key": {"type": "apiKey", "in": "header", "name": "X"},
    }
    said = "\n\n".join(part.markdown for part in API.render(api_facts(raw), CONTEXT))
    assert "| `who` | oauth2 (password, implicit) | `/v1/token` |" in said
    assert "| `vans:read` | Read &#124; vans. | `who` |" in said


def test_a_python_example_reads_its_secret_from_the_environment():
    """`$TOKEN` is a variable in a shell and nothing but text in Python."""
    for scheme, header in (
        ({"type": "http", "scheme": "bearer"}, "Bearer mine"),
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "mine"),
    ):
        raw = document({"/a": {"get": {"security": [{"who": []}], "responses": {}}}})
        raw["components"]["securitySchemes"] = {"who": scheme}
        facts = api_facts(raw)
        code = re.search(r"```python\n(.*?)```", examples(facts.operations[0], facts), re.DOTALL)[1]
        sent = []
        httpx = SimpleNamespace(request=lambda *_, headers, to=sent: to.append(headers) or RESPONSE)
        given = {
            "httpx": httpx,
            "os": SimpleNamespace(environ={"TOKEN": "mine", "API_KEY": "mine"}),
        }
        exec(code.replace("import os\n", "").replace("import httpx\n", ""), given)
        assert list(sent[0].values()) == [header]


def test_what_has_no_name_of_its_own_is_shown(tmp_path):
    """Objects in place, callbacks, streams, servers of an operation, OpenAPI 3.2's own words."""
    item = {"type": "object", "required": ["deep"], "additionalProperties": False, "properties": {
        "deep": {"type": "array", "items": {"type": "object", "properties": {
            "leaf": {"type": "string", "description": "At the end", "deprecated": True}}}}}}  # fmt: skip
    document_ = document(
        {"/a": {"post": {
            "tags": ["inner"],
            "servers": [{"url": "https://{env}.example.org", "name": "Far",
                         "variables": {"env": {"default": "prod", "enum": ["prod", "stage"]}}}],
            "parameters": [{"name": "whole", "in": "querystring", "required": True, "content": {
                "application/json": {"schema": {"type": "object", "required": ["x"],
                                                "properties": {"x": {"type": "integer"}}}}}}],
            "requestBody": {"content": {"application/json": {"$ref": "#/components/mediaTypes/M"}}},
            "responses": {"200": {"description": "", "content": {"application/jsonl": {
                "itemSchema": {"$ref": "#/components/schemas/Event"}}},
                "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}}}},
            "callbacks": {"told": {"{$request.body#/url}": {"post": {"summary": "It came",
                "requestBody": {"content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Event"}}}},
                "responses": {"204": {"description": ""}}}}}}}}},
        {"Event": {"type": "object", "properties": {"kind": {"oneOf": [
            {"type": "string"}, {"type": "integer"}], "discriminator": {"propertyName": "k"}}}}},
        openapi="3.2.0",
        tags=[{"name": "outer"}, {"name": "inner", "parent": "outer", "summary": "Within"}, {"name": "b"}],
    )  # fmt: skip
    document_["components"]["mediaTypes"] = {"M": {"schema": item}}
    document_["paths"]["/b"] = {"get": {"tags": ["b"], "responses": {}}}
    facts = api_facts(document_)
    text = unescape(re.sub(r"</?code>|`", "", "\n".join(
        one.markdown for one in API.render(facts, Context("demo", date(2026, 11, 23), "X"))
        if isinstance(one, Region))))  # fmt: skip
    for words in (
        "It takes as application/json",
        "deep[].leaf (deprecated)",
        "At the end",
        "a stream of ",
        "X-Left integer (required)",
        "told: POST {$request.body#/url}",
        "expects 204: It came",
        "https://{env}.example.org: Far; env is prod (or stage)",
        "https://prod.example.org/a?%7B%22x%22%3A%201%7D",
        "outer / [inner]",
        "told apart by k",
    ):
        assert words in text, words
    (event,) = facts.models
    assert event.used_by == ("POST /a",)


def test_coverage_counts_the_operations_to_which_a_question_applies():
    """An operation without a body, parameters or possible errors neither has them nor lacks them."""
    body = {"content": {"application/json": {"schema": {"type": "object"}, "example": {"a": 1}}}}
    named = {"name": "q", "in": "query", "schema": {"type": "string"}}
    facts = api_facts(
        document({"/a": {"get": {"summary": "A"}, "post": {"requestBody": body}},
                  "/b": {"get": {"summary": "B", "parameters": [named]}}})
    )  # fmt: skip
    said = measure_api_coverage(facts, Links("d.md"))
    assert re.findall(r"^\| ([a-z ]+) \| (\d of \d) \|$", said, re.MULTILINE) == [
        ("summary", "2 of 3"),
        ("description", "0 of 3"),
        ("examples", "1 of 1"),
        ("error responses", "0 of 2"),
        ("parameter descriptions", "0 of 1"),
    ]
    assert "**30 %**" in said


def test_limits_of_a_union_are_said_by_type():
    """A bound of one variant is no bound of another; of pydantic's Decimal it is the value's."""
    number, text = {"type": "number", "minimum": 0}, {"type": "string"}
    cases = (
        ({"anyOf": [number, text]}, "number ≥ 0"),
        ({"anyOf": [number, {**text, "pattern": "^1"}]}, "≥ 0"),
        ({"anyOf": [number, {"type": "null"}]}, "≥ 0"),
        ({"anyOf": [{**text, "maxLength": 3}, number, {"type": "null"}]},
         "string length ≤ 3, number ≥ 0"),
        ({"anyOf": [text, {"$ref": "#/M"}, {"type": "object", "additionalProperties": False}]}, ""),
    )  # fmt: skip
    for schema, limits in cases:
        assert limits_of(schema) == limits, schema

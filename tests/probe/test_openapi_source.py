"""An OpenAPI document from a file or an address, and Swagger 2.0 made into OpenAPI 3.0."""

import http.server
import json
import threading

import pytest

from footnotary.cli.running import exit_code
from footnotary.documents.api.requests import body_of, raw_operation
from footnotary.errors import UsageError
from footnotary.facts.options import ReadOptions
from footnotary.probe import api
from footnotary.project import Project
from footnotary.writing.options import stored_options
from footnotary.writing.reading import read_facts
from tables import each_row

DOCUMENT = {"openapi": "3.1.0", "info": {"title": "Far", "version": "1"},
            "paths": {"/x": {"get": {"summary": "Read", "responses": {}}}}}  # fmt: skip
OLD = {
    "swagger": "2.0",
    "info": {"title": "Old", "version": "1"},
    "host": "api.example.org",
    "basePath": "/v1",
    "schemes": ["https"],
    "consumes": ["application/json"],
    "produces": ["application/json", "application/xml"],
    "securityDefinitions": {
        "basic": {"type": "basic"},
        "oauth": {"type": "oauth2", "flow": "accessCode", "authorizationUrl": "https://e.org/a",
                  "tokenUrl": "https://e.org/t", "scopes": {"read": "Read"}},
    },
    "parameters": {"limit": {"name": "limit", "in": "query", "type": "integer", "maximum": 9}},
    "responses": {"Gone": {"description": "Gone", "schema": {"$ref": "#/definitions/Error"}}},
    "paths": {
        "/items": {
            "parameters": [{"name": "body", "in": "body", "required": True,
                            "schema": {"$ref": "#/definitions/Item"}}],
            "post": {"summary": "Put", "responses": {"201": {"description": "Made"},
                                                     "410": {"$ref": "#/responses/Gone"}}},
            "get": {
                "parameters": [{"$ref": "#/parameters/limit"},
                               {"name": "tags", "in": "query", "type": "array",
                                "items": {"type": "string"}, "collectionFormat": "pipes"}],
                "security": [{"oauth": ["read"]}],
                "responses": {"200": {"description": "All", "schema": {
                    "type": "array", "items": {"$ref": "#/definitions/Item"}}}},
            },
        },
        "/files": {
            "post": {"parameters": [
                {"name": "file", "in": "formData", "type": "file", "required": True},
                {"name": "note", "in": "formData", "type": "string"},
            ], "responses": {"200": {"description": "Kept"}}},
        },
    },
    "definitions": {
        "Item": {"type": "object", "discriminator": "kind", "required": ["kind"], "properties": {
            "kind": {"type": "string"}, "next": {"$ref": "#/definitions/Item"},
            "default": {"type": "string", "x-nullable": True}}},
        "Error": {"type": "object", "properties": {
            "causes": {"type": "array", "items": [{"$ref": "#/definitions/Error"}]}}},
    },
}  # fmt: skip


@pytest.fixture
def served():
    """A loopback server of one document; returns its address and what was asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            page = self.path.startswith("/docs")
            body = b"<!doctype html><p>Swagger UI" if page else json.dumps(DOCUMENT).encode()
            self.send_response_only(200)  # without Date: the day of the test is fixed
            self.send_header("Content-Type", "text/html" if page else "application/json")
            self.send_header("ETag", '"1"')
            self.send_header("Cache-Control", "max-age=600")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def run(root, *words):
    """Run a `doc` command in a project; return its exit code."""
    return exit_code("doc", [*words, "--root", str(root)])


def test_a_document_at_an_address_is_fetched_kept_and_dated(tmp_path, served, today):
    """One request; the document says from where it is and of which day, and its facts agree."""
    address, asked = served
    options = ("--openapi", f"{address}/openapi.json", "--allow-private")
    for _ in range(2):
        assert run(tmp_path, "new", "api", "far", *options) == 0
    assert asked == ["/openapi.json"]
    (path,) = tmp_path.glob(".claude/docs/current/api-specs/API-far-*.md")
    text = path.read_text()
    assert "as it was on 2026" in text
    assert "GET /x" in text
    assert f'openapi: "{address}/openapi.json"' in text


def test_the_guard_stands_before_addresses(tmp_path, served):
    """A private address is refused unless the user allows it; nothing is written."""
    address, asked = served
    assert run(tmp_path, "new", "api", "far", "--openapi", f"{address}/openapi.json") == 2
    assert not asked
    assert not (tmp_path / ".claude").exists()


def test_a_page_is_no_document(tmp_path, served, capsys):
    """Swagger UI's own page is a frequent mistake; the hint says where the document is."""
    address, _ = served
    assert run(tmp_path, "facts", "api", "--openapi", f"{address}/docs", "--allow-private") == 2
    told = capsys.readouterr().err
    assert "is a web page" in told
    assert "/openapi.json" in told


def test_addresses_are_not_asked_where_the_web_is_not(tmp_path):
    """Whoever reads without a fetcher is told so; `doc check` asks no site."""
    with pytest.raises(UsageError, match="web is not read"):
        read_facts(Project(tmp_path), "api", "x", ReadOptions(openapi="https://e.org/o.json"))


@pytest.mark.parametrize("address", ["https://me:word@e.org/o.json", "https://e.org/o.json?key=1"])
def test_an_address_that_may_hold_a_secret_is_not_remembered(tmp_path, address):
    """Front matter is committed; users, passwords and queries of addresses are not."""
    assert stored_options(ReadOptions(openapi=address), tmp_path) == {}


def old_facts(tmp_path, **changes):
    """Read the old document from a file."""
    (tmp_path / "old.json").write_text(json.dumps({**OLD, **changes}))
    return api.probe_api(Project(tmp_path), ReadOptions(openapi="old.json"))


def test_swagger_2_is_the_same_api_in_openapi_3(tmp_path):
    """Paths, bodies, forms, servers, references and schemes are where OpenAPI 3.0 has them."""
    facts = old_facts(tmp_path)
    assert facts.summary == {"paths": 2, "operations": 3, "schemas": 2, "webhooks": 0, "deprecated": 0}  # fmt: skip  # noqa: E501
    assert [one.url for one in facts.servers] == ["https://api.example.org/v1"]
    assert [one.type for one in facts.security] == ["http basic", "oauth2 (authorizationCode)"]
    made = {(one.method, one.path): one for one in facts.operations}
    post, get = made["POST", "/items"], made["GET", "/items"]
    assert (post.body_required, post.body[0].type) == (True, "{Item}")
    assert post.responses[1].contents[0].type == "{Error}"
    assert [(one.name, one.limits) for one in get.parameters] == [("limit", "≤ 9"), ("tags", "")]
    assert get.security == ("oauth (read)",)
    assert get.responses[0].contents[1].media_type == "application/xml"
    form = made["POST", "/files"].body[0]
    assert (form.media_type, form.type) == ("multipart/form-data", "object")
    assert [one.type for one in facts.models[0].fields] == ["string", "{Item}", "string | null"]
    assert facts.models[1].fields[0].type == "array of {Error}"
    assert "Converted from Swagger 2.0" in facts.caveats[0]


def test_what_was_converted_is_a_valid_document(tmp_path):
    """Examples of the converted document follow its form; `tsv`, which has no heir, is told."""
    odd = {"name": "t", "in": "query", "type": "array", "collectionFormat": "tsv"}
    facts = old_facts(tmp_path, parameters={"limit": odd})
    upload = next(one for one in facts.operations if one.path == "/files")
    assert body_of(raw_operation(upload, facts.document), facts.document).value == {"file": ""}
    assert any("separated by tsv" in one for one in facts.caveats)


@each_row(
    "changes",
    [{"paths": None}, {"definitions": []}, {"paths": {"/x": {"get": []}}}, {"schemes": "https"},
     {"paths": {"/x": {"get": {"parameters": [None, 3], "responses": 5}}}}, {"parameters": "x"}],
)  # fmt: skip
def test_broken_swagger_2_does_not_break_the_reader(tmp_path, changes):
    """What is no object where one belongs is left out; nothing else is lost."""
    assert old_facts(tmp_path, **changes).title == "Old"

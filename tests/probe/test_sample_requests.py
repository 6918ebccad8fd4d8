"""Samples are requests that the application accepts: each is sent to the real one."""

import re
import shutil
import subprocess
import threading
import warnings
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

from footnotary.documents.api.examples import curl_text, httpx_text
from footnotary.documents.api.requests import SAMPLE_FILE, sample_request
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing.reading import read_facts

pytestmark = pytest.mark.slow

APP = """
from collections.abc import AsyncIterable
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from uuid import UUID
from fastapi import (Body, Cookie, Depends, FastAPI, File, Form, Header, HTTPException, Path, Query,
                     Request, Security, UploadFile)
from fastapi.security import APIKeyCookie, APIKeyHeader, APIKeyQuery, HTTPBasic, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, Json

app = FastAPI(title="Samples", root_path="/v1")
bearer, key = HTTPBearer(), APIKeyHeader(name="X-Key")
in_query, in_cookie = APIKeyQuery(name="api key"), APIKeyCookie(name="session")
maybe = HTTPBearer(auto_error=False, scheme_name="maybe")

class Kind(str, Enum):
    a = "a"
    b = "b"

class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=1, le=9)]

class Dog(BaseModel):
    kind: Literal["dog"]

class Item(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(pattern=r"^[a-z]{3}-[0-9]+$")]
    price: Annotated[Decimal, Field(gt=0, decimal_places=2)]
    when: date
    id: UUID
    kinds: Annotated[list[Kind], Field(min_length=2)]
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    more: dict[str, int]
    inner: "Item | None" = None

class Filter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    limit: int
    order: Literal["up", "down"]
    tags: list[str]

class Upload(BaseModel):
    note: str
    one: UploadFile
    tags: list[int]

@app.get("/lists/{ids}")
def lists(ids: int, q: Annotated[list[int], Query()], w: Annotated[set[Kind], Query(min_length=1)],
          x: Annotated[list[int], Header()], flag: bool, at: date, name: str = "x") -> list[int]:
    return q

@app.get("/model")
def model(found: Annotated[Filter, Query()]) -> int: return 1

@app.get("/headers")
def headers(x_number: Annotated[int, Header()], agreed: Annotated[Literal["yes"], Cookie()],
            visit: Annotated[int, Cookie()]) -> int: return 1

@app.post("/items")
def items(item: Item) -> Item: return item

@app.put("/items/{kind}")
def both(kind: Kind, item: Item, count: Annotated[int, Body()]) -> int: return count

@app.post("/form")
def form(a: Annotated[str, Form()], many: Annotated[list[int], Form()],
         yes: Annotated[bool, Form()]) -> int: return 1

@app.post("/form-model")
def form_model(found: Annotated[Filter, Form()]) -> int: return 1

@app.post("/file")
async def file(one: UploadFile, many: list[UploadFile], note: Annotated[str, Form()],
               raw: Annotated[bytes, File()]) -> int:
    assert await one.read() == raw == await many[0].read(), note
    return 1

@app.post("/file-model")
def file_model(found: Annotated[Upload, Form()]) -> int: return 1

@app.post("/optional-file")
def optional_file(one: UploadFile | None = None) -> int: return 1

@app.get("/two")
def two(a: Annotated[object, Security(bearer)], b: Annotated[str, Security(key)]) -> int: return 1

@app.get("/keys")
def keys(a: Annotated[str, Depends(in_query)],
         b: Annotated[str, Depends(in_cookie)]) -> int: return 1

@app.get("/open")
def opened(who: Annotated[object, Depends(maybe)]) -> int: return 1

@app.get("/mixed")
def mixed(a: Annotated[object, Depends(maybe)], b: Annotated[str, Depends(key)]) -> int: return 1

@app.get("/same-name")
def same_name(a: Annotated[str, Depends(APIKeyHeader(name="X-A"))],
              b: Annotated[str, Depends(APIKeyHeader(name="X-B"))]) -> int: return 1

@app.get("/basic")
def basic(who: Annotated[object, Depends(HTTPBasic())]) -> int: return 1

@app.post("/raw", openapi_extra={"requestBody": {"required": True, "content": {
    "text/plain": {"schema": {"type": "string"}}}}})
async def raw(request: Request) -> int:
    if request.headers["content-type"] != "text/plain" or not await request.body():
        raise HTTPException(400)
    return 1

@app.get("/deep", openapi_extra={"parameters": [{"name": "f", "in": "query", "required": True,
    "style": "deepObject", "schema": {"type": "object", "required": ["a"], "properties": {
        "a": {"type": "integer"}}}},
    {"name": "p", "in": "query", "required": True, "style": "pipeDelimited", "explode": False,
     "schema": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "uniqueItems": True}},
    {"name": "j", "in": "query", "required": True, "content": {"application/json": {"schema": {
        "type": "object", "required": ["b"], "properties": {"b": {"type": "boolean"}}}}}}]})
def deep(request: Request) -> int:
    query = request.query_params
    if (query["f[a]"], query["p"], query["j"]) != ("1", "1|2", '{"b": true}'):
        raise HTTPException(400, str(query))
    return 1

try:
    import fastapi.sse  # streams are documented since it is there
except ImportError:
    pass
else:
    @app.get("/stream")
    async def stream(limit: int) -> AsyncIterable[Cat]:
        yield Cat(kind="cat", lives=1)

@app.post("/json-text")
def json_text(found: Annotated[Json[list[int]], Body(embed=True)]) -> int: return 1
"""
SECRETS = {"TOKEN": "t", "CREDENTIALS": "dTpw", "API_KEY": "k"}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    """The facts of the application, read once, and the application itself."""
    root = tmp_path_factory.mktemp("project")
    (root / "main.py").write_text(APP)
    names = {}
    with warnings.catch_warnings(action="ignore"):  # of what newer versions of FastAPI deprecate
        exec(compile(APP, "main", "exec"), names)
    return read_facts(Project(root), "api", "project", ReadOptions(timeout=30.0)), names["app"]


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    """What the samples read from the environment."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


def test_every_sample_of_httpx_is_accepted(application):
    """The code that is shown is run, as it is, against the application."""
    facts, app = application
    client = TestClient(app, base_url="http://localhost:8000")
    for operation in facts.operations:
        text = httpx_text(sample_request(operation, facts))
        text = text.replace("import httpx\n", "")
        names = {"httpx": SimpleNamespace(request=client.request)}
        exec(compile(text, operation.path, "exec"), names)
        answer = names["response"]
        assert answer.status_code < 300, (operation.path, text, answer.text)
    assert len(facts.operations) >= len(re.findall(r"^@app\.", APP, re.MULTILINE))


def test_every_sample_of_curl_is_accepted(application, tmp_path):
    """The command that is shown is run by a shell, against the application on loopback."""
    uvicorn = pytest.importorskip("uvicorn")
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    facts, app = application
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    (tmp_path / "file.bin").write_bytes(SAMPLE_FILE)
    try:
        for operation in facts.operations:
            command = curl_text(sample_request(operation, facts))
            sent = command.replace("localhost:8000", f"127.0.0.1:{port}")
            shell = ["sh", "-c", f"{sent} -gsS -o out -w '%{{http_code}}'"]
            done = subprocess.run(shell, cwd=tmp_path, capture_output=True, text=True, check=True)
            answer = (tmp_path / "out").read_text()
            assert done.stdout.startswith("2"), (command, answer)
    finally:
        server.should_exit = True
        thread.join()


def test_the_code_decides_who_comes_in(application):
    """Two schemes that are both wanted are no alternatives; one that is optional is open."""
    facts, _app = application
    found = {one.path: one for one in facts.operations}
    assert found["/two"].security == ("HTTPBearer and APIKeyHeader X-Key",)
    assert found["/open"].security == ("maybe", "")
    assert found["/mixed"].security == ("APIKeyHeader X-Key",)
    assert found["/basic"].remarks == ()
    assert found["/same-name"].security == ("APIKeyHeader X-A and APIKeyHeader X-B",)
    assert found["/model"].closed == ("query",)
    assert found["/lists/{ids}"].closed == ()
    assert "open" in found["/open"].remarks[0]
    if "/stream" in found:
        assert found["/stream"].responses[0].contents[0].stream
        assert any("GET /stream" in one.used_by for one in facts.models)

"""What an application does otherwise than its OpenAPI document says, beside what it answers."""

import ast
import subprocess
import sys
from datetime import date

import pytest

from footnotary.documents.api import API
from footnotary.documents.api.surroundings import surrounding_changes
from footnotary.documents.kinds import Context
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing import write_document
from footnotary.writing.reading import read_facts

pytestmark = pytest.mark.slow
CONTEXT = Context("demo", date(2026, 11, 23), "API-demo-2026-11-23")

APP = """
from datetime import date, timedelta
from decimal import Decimal
from json import loads
from typing import Annotated, Optional
from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Path, Query
from fastapi.routing import APIRoute
from pydantic import (AliasChoices, AliasPath, AwareDatetime, BaseModel, BeforeValidator,
                      ConfigDict, Field, Json, field_validator)
from pydantic.alias_generators import to_camel
from pydantic_core import core_schema
from starlette.routing import Match

app = FastAPI()
router = APIRouter(prefix="/in")

def page(limit: Annotated[int, Query(le=10)] = 5): return limit
def other(limit: Annotated[int, Query(le=10)] = 5): return limit

class Deep(BaseModel):
    x: int = Field(validation_alias=AliasPath("a", 0))
class Taken(BaseModel):
    deep: list[Deep] | None = None
    y: int = Field(1, validation_alias=AliasChoices("why", AliasPath("b", 1)))
class Given(BaseModel):
    ids: list[int] = []
    name: str | None = Field(None, alias="Name")

@app.get("/two")
def two(d: Annotated[int, Depends(page)], limit: Annotated[int, Query(ge=3)] = 7): return [d, limit]
@app.get("/alike")
def alike(d: Annotated[int, Depends(page)], e: Annotated[int, Depends(other)],
          f: Annotated[int, Depends(page)]): return [d, e, f]
@app.get("/same")
def first(a: int) -> str: return "first"
@app.get("/same")
def second(b: str = "x") -> str: return "second"
@app.post("/same")
def third() -> str: return "third"
@app.get("/items/{id}")
def one_item(id: str) -> str: return id
@app.get("/items/me")
def my_item() -> str: return "mine"
@app.get("/items/{id}/parts")
def parts(id: str) -> str: return id
@app.get("/numbers/{n:int}")
def number(n: int) -> str: return "number"
@app.get("/numbers/me")
def my_number() -> str: return "mine"
@app.get("/files/{name:path}", include_in_schema=False)
def files(name: str) -> str: return name
@app.get("/files/{name}/size")
def size(name: str) -> str: return "size"
@app.post("/deep")
def deep(body: Taken) -> int: return body.y
@app.get("/path/{a}")
def path(a: Annotated[int, Path(alias="b")]) -> int: return a
@app.get("/left-out", response_model_exclude={"ids"})
def left_out() -> Given: return Given(ids=[1])
@app.get("/only", response_model_include={"name"}, response_model_by_alias=False)
def only() -> Given: return Given()
@app.get("/unset", response_model_exclude_unset=True)
def unset() -> list[Given]: return [Given()]
@app.get("/plain", response_model_exclude_none=True)
def plain() -> str: return "plain"
@app.get("/cookies")
def cookies(c: Annotated[list[int] | None, Cookie()] = None) -> str: return str(c)
@app.get("/cookie")
def cookie(c: Annotated[list[str] | str, Cookie()] = "") -> str: return str(c)
@app.get("/json")
def json(c: Annotated[Json[list[int]], Cookie()]) -> str: return str(c)
@app.get("/ellipsis")
def ellipsis(q: Annotated[int, Query()] = ...) -> str: return repr(q)
@app.get("/required")
def required(q: int = Query(...)) -> str: return repr(q)
@app.get("/headers")
def headers(c: Annotated[list[int], Header()] = []) -> str: return str(c)
class Sought(BaseModel):
    m: dict[str, int] = {}
    names: list[str] = []
    either: dict[str, int] | str = ""
    written: Json[dict[str, int]] = {}
@app.get("/mapping")
def mapping(q: Annotated[Sought, Query()]) -> str: return str(q.m)
class Kept(BaseModel):
    seen: set[int] = Field(set(), alias="Seen")
class Split(BaseModel):
    ids: list[int] = []
    @field_validator("ids", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        return value.split(".") if isinstance(value, str) else value
@app.get("/split")
def split(q: Annotated[Split, Cookie()]) -> str: return str(q.ids)
@app.get("/kept")
def kept(q: Annotated[Kept, Cookie()]) -> str: return str(q.seen)
class Price(BaseModel):
    amount: Annotated[Decimal, Field(max_digits=4, decimal_places=2, alias="Amount")]
    lowest: Annotated[Decimal, Field(ge=1)] = Decimal(1)
    wait: Annotated[timedelta, Field(gt=timedelta(0))] | None = None
    at: list[AwareDatetime] = []
@app.post("/price")
def price(body: Price, since: Annotated[date, Query(ge=date(2020, 1, 1))] = date.max) -> int:
    return 1
@app.get("/other-model", response_model=Deep, responses={200: {"model": Given}})
def other_model(): return {"a": [1]}
@app.get("/same-model", response_model=Given, responses={"200": {"model": Given}})
def same_model(): return {}
@app.get("/more-models", responses={404: {"model": Given}})
def more_models() -> Deep: return {"a": [1]}
@router.get("/{id}")
def in_any(id: str) -> str: return id
@router.get("/me")
def in_me() -> str: return "mine"
app.include_router(router)
class ParseJson:
    def __get_pydantic_core_schema__(self, source, handler):
        return core_schema.no_info_before_validator_function(loads, handler(source))
Words = Annotated[list[str], BeforeValidator(lambda value: value.split("."))]
class Converted(BaseModel):
    a: Json[dict[str, int]] | None = None
    b: Annotated[dict[str, int], ParseJson()] = {}
    c: Optional[Annotated[dict[str, int], BeforeValidator(loads)]] = None
@app.get("/converted")
def converted(q: Annotated[Converted, Query()]) -> str: return f"{q.a}{q.b}{q.c}"
@app.get("/words")
def words(c: Annotated[Optional[Words], Cookie()] = None) -> str: return str(c)
class Camel(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)
    id: int
    name: str
class Owner(BaseModel):
    pets: list[Camel]
@app.get("/camel", response_model_by_alias=False, response_model_exclude_none=True)
def camel() -> Camel: return Camel(id=1, name="a")
@app.get("/inner", response_model_exclude={"pets": {"__all__": {"id"}}})
def inner() -> Owner: return Owner(pets=[])
Alike = Annotated[Camel | Owner, Field(union_mode="left_to_right")]
@app.get("/annotated", response_model=Alike, responses={200: {"model": Camel | Owner}})
def annotated(): return Owner(pets=[])
class ByHeader(APIRoute):
    def matches(self, scope):
        wanted = dict(scope["headers"]).get(b"x-version") == self.endpoint.__name__.encode()
        return super().matches(scope) if wanted else (Match.NONE, {})
versions = APIRouter(route_class=ByHeader)
@versions.get("/version")
def v1() -> str: return "1"
@versions.get("/version", include_in_schema=False)
def v2() -> str: return "2"
app.include_router(versions)
"""
SAID = {
    "GET /two": ["query parameter limit is declared by two, page: each declaration must hold"],
    "GET /same": ["no GET request reaches it: first serves /same and is declared first"],
    "GET /items/me": ["no GET request reaches it: one_item serves /items/{id}"],
    "GET /files/{name}/size": ["no GET request reaches it: files serves /files/{name}"],
    "POST /deep": ["Deep.x is read from a.0, not from x"],
    "GET /path/{a}": ["the path has no parameter b: every request is refused"],
    "GET /left-out": ["the response leaves out ids (response_model_exclude)"],
    "GET /only": [
        "the response has only name (response_model_include)",
        "the response has the fields by their own names (response_model_by_alias=False)",
    ],
    "GET /unset": ["the response leaves fields out (response_model_exclude_unset)"],
    "GET /cookies": ["cookie parameter c is a list: no request can give it"],
    "GET /ellipsis": ["query parameter q is optional, and `...` where it is left out"],
    "GET /mapping": ["query parameter m is a mapping: no request can give it"],
    "GET /kept": ["cookie parameter Seen is a list: no request can give it"],
    "POST /price": ["query parameter since is held to more than the document says: ge=2020-01-01"],
    "GET /other-model": [
        "the document has Given for status 200 (responses), and the code answers with Deep"
    ],
    "GET /inner": ["the response leaves out pets.id (response_model_exclude)"],
    "GET /in/me": ["no GET request reaches it: in_any serves /in/{id}"],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The application as a module, and its operations by method and path."""
    root = tmp_path_factory.mktemp("contradicting")
    (root / "contradicting_app.py").write_text(APP)
    facts = read_facts(
        Project(root, python=sys.executable),
        "api",
        "shop",
        ReadOptions(app="contradicting_app:app"),
    )
    sys.path.insert(0, str(root))
    try:
        import contradicting_app
    finally:
        sys.path.remove(str(root))
    return contradicting_app.app, facts


def test_the_code_says_otherwise(made):
    """Each operation whose document is not what the code does is told so, and no other."""
    operations = {f"{one.method} {one.path}": one for one in made[1].operations}
    for name, one in operations.items():
        wanted = SAID.get(name, [])
        assert len(one.remarks) == len(wanted), (name, one.remarks)
        for said, words in zip(one.remarks, wanted, strict=True):
            assert said.startswith(words), name
    assert operations.keys() >= SAID.keys()


def test_limits_of_classes_that_no_schema_says_are_told(made):
    """Digits, bounds of days and spans, and time zones are told by field, and so are changes."""
    facts = made[1]
    wanted = {
        "Amount": "max_digits=4, decimal_places=2",
        "wait": "gt=0:00:00",
        "at": "with a time zone",
    }
    assert facts.unsaid == {"Price": wanted}
    text = "\n".join(part.markdown for part in API.render(facts, CONTEXT))
    assert "unsaid in the document: `Amount` max_digits=4" in text
    for unsaid, words in (
        ({"Price": wanted | {"Amount": "max_digits=9"}}, "`Price.Amount` is held to other limits"),
        ({}, "with a time zone → none"),
        (None, ""),
    ):
        changes = [*surrounding_changes(facts, facts.model_copy(update={"unsaid": unsaid}))]
        assert [one for one, _ in changes] == [None] * len(changes)
        assert any(words in said for _, said in changes) if words else not changes


def test_it_is_what_the_application_does(made):
    """The application itself answers as is said of it."""
    from fastapi.testclient import TestClient

    client = TestClient(made[0])
    answers = [client.get(f"/two?limit={number}").status_code for number in (1, 5, 20)]
    assert answers == [422, 200, 422]
    assert client.get("/same?a=1").json() == "first"
    assert client.get("/items/me").json() == "me"
    assert client.get("/numbers/me").json() == "mine"
    assert client.get("/files/a/size").json() == "a/size"
    assert client.get("/in/me").json() == "me"
    assert client.post("/deep", json={"deep": [{"x": 1}]}).status_code == 422
    assert client.post("/deep", json={"deep": [{"a": [1]}]}).status_code == 200
    assert client.get("/path/1").status_code == 422
    assert client.get("/left-out").json() == {"Name": None}
    assert client.get("/only").json() == {"name": None}
    assert client.get("/unset").json() == [{}]
    sent = [
        ("/cookies", "c=1"),
        ("/cookies", "c=1; c=2"),
        ("/cookies", "c=1,2"),
        ("/kept", "Seen=1"),
    ]
    assert {client.get(path, headers={"Cookie": said}).status_code for path, said in sent} == {422}
    assert client.get("/split", headers={"Cookie": "ids=1.2"}).json() == "[1, 2]"
    assert client.get("/cookie", headers={"Cookie": "c=1"}).status_code == 200
    assert client.get("/ellipsis").json() == "Ellipsis"
    assert client.get("/required").status_code == 422
    assert client.get("/mapping?m=1").status_code == 422
    assert client.get('/mapping?m={"a":1}').status_code == 422
    assert client.get("/mapping?a=1&m[a]=1").json() == "{}"
    assert client.post("/price", json={"Amount": "1.50"}).status_code == 200
    for sent in ({"Amount": "0.001"}, {"wait": 0}, {"at": ["2020-01-01T00:00"]}):
        assert client.post("/price", json={"Amount": "1"} | sent).status_code == 422
    assert client.get("/other-model").json() == {"x": 1}


def test_whoever_answers_invalid_requests_is_named(tmp_path):
    """The 422 of the document is FastAPI's own; a handler of the application may answer instead."""
    (tmp_path / "handling_app.py").write_text(
        "from fastapi import FastAPI\n"
        "from fastapi.exceptions import RequestValidationError\n"
        "from fastapi.responses import PlainTextResponse\n"
        "app = FastAPI()\n"
        "@app.exception_handler(RequestValidationError)\n"
        "async def bad(request, error): return PlainTextResponse('bad', status_code=400)\n"
        "@app.get('/a')\n"
        "def a(n: int) -> int: return n\n"
    )
    project = Project(tmp_path, python=sys.executable)
    write_document(project, "api", "shop", ReadOptions(app="handling_app:app"))
    text = next(project.current.rglob("API-*.md")).read_text()
    assert "are answered by `handling_app.bad` at `handling_app.py:6`" in text


def test_a_document_of_any_shape_is_looked_through():
    """What a project makes of its document or its serializers ends no reading."""
    from types import SimpleNamespace

    from footnotary.probe.inside import unsaid

    schemas = {"A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}}, "B": {}, "C": {}}
    told = {"200": {"schema": {"$ref": "#/components/schemas/A"}}}
    for paths in (None, [], {"x-note": "words", "/": None, "/a": {"summary": "a", "get": {}}}):
        assert unsaid.name_answered({"paths": paths, "components": {"schemas": schemas}}) == set()
    document = {"paths": {"/a": {"get": {"responses": told}}}, "components": {"schemas": schemas}}
    assert unsaid.name_answered(document) == {"A", "B"}
    model = SimpleNamespace(
        model_fields={}, __pydantic_decorators__=SimpleNamespace(model_serializers={"a": None})
    )
    found = unsaid.name_unsaid(model, {"properties": {}}, written=True)
    assert found == {"": "has serializers that could not be read"}


def test_what_serializers_change_unsaid_is_told(tmp_path):
    """What an answer holds otherwise than its schema says is told of the field, where it is sent.

    A schema says what a serializer gives only where its return type is stated; a secret is sent
    masked although its schema says that it is only written.
    """
    (tmp_path / "serializing_app.py").write_text(
        """
from functools import partial
from typing import Annotated
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import (BaseModel, PlainSerializer, SecretStr, WrapSerializer, field_serializer,
                      model_serializer)

class Stated:
    def __call__(self, value) -> str: return str(value)
def stated(first, value) -> str: return str(value)

class Sent(BaseModel):
    plain: Annotated[int, PlainSerializer(lambda value: [value])] = 1
    wrapped: Annotated[int, WrapSerializer(lambda value, handler: str(value))] = 1
    inside: list[Annotated[int, PlainSerializer(lambda value: str(value))]] = [1]
    builtin: Annotated[int, PlainSerializer(hex)] = 1
    secret: SecretStr = SecretStr("s")
    secrets: list[SecretStr] = [SecretStr("s")]
    decorated: int = 1
    keyword: Annotated[int, PlainSerializer(lambda value: "1", return_type=str)] = 1
    of_a_class: Annotated[int, PlainSerializer(str)] = 1
    called: Annotated[int, PlainSerializer(Stated())] = 1
    bound: Annotated[int, PlainSerializer(partial(stated, 1))] = 1
    shown: Annotated[SecretStr, PlainSerializer(lambda v: "x", return_type=str)] = SecretStr("s")
    typed: int = 1
    simple: int = 1
    @field_serializer("decorated")
    def one(self, value): return str(value)
    @field_serializer("typed")
    def two(self, value) -> str: return str(value)
class Whole(BaseModel):
    x: int = 1
    @model_serializer
    def all(self): return [self.x]
class Deep(BaseModel):
    whole: Whole = Whole()
class Taken(BaseModel):
    secret: SecretStr
    plain: Annotated[int, PlainSerializer(lambda value: [value])] = 1

app = FastAPI()
@app.get("/sent")
def sent() -> Sent: return Sent()
@app.get("/deep")
def deep() -> list[Deep]: return [Deep()]
@app.post("/taken")
def taken(taken: Taken) -> int: return 1
if __name__ == "__main__":
    print(TestClient(app).get("/sent").json() | TestClient(app).get("/deep").json()[0])
"""
    )
    facts = read_facts(
        Project(tmp_path, python=sys.executable), "api", "shop", ReadOptions("serializing_app:app")
    )
    untyped = ("plain", "wrapped", "inside", "builtin", "decorated")
    assert {model: {*said} for model, said in facts.unsaid.items()} == {
        "Sent": {*untyped, "secret", "secrets"},
        "Whole": {""},
    }
    assert len({facts.unsaid["Sent"][name] for name in untyped} | {facts.unsaid["Whole"][""]}) == 1
    text = "\n".join(part.markdown for part in API.render(facts, CONTEXT))
    assert "`Whole` is written by a serializer without a return type" in text
    changed = facts.model_copy(update={"unsaid": facts.unsaid | {"Whole": {}}})
    assert next(said for _, said in surrounding_changes(facts, changed)).startswith("`Whole` ")
    answered = subprocess.run(
        [sys.executable, "serializing_app.py"], cwd=tmp_path, capture_output=True, check=True
    )
    assert ast.literal_eval(answered.stdout.decode()) == {
        "plain": [1], "wrapped": "1", "inside": ["1"], "builtin": "0x1", "secret": "**********",
        "secrets": ["**********"], "decorated": "1", "keyword": "1", "of_a_class": "1",
        "called": "1", "bound": "1", "shown": "x", "typed": "1", "simple": 1, "whole": [1],
    }  # fmt: skip

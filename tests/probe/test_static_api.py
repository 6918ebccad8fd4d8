"""An API read from its source alone, against what FastAPI makes of the same code."""

import ast
import json
import sys
import warnings
from importlib import import_module

import pytest
from pydantic import TypeAdapter

from footnotary.facts.options import ReadOptions
from footnotary.probe.api import probe_api
from footnotary.probe.openapi import api_facts
from footnotary.probe.static_api import read_api_source
from footnotary.project import Project
from footnotary.readers import impl
from footnotary.source import Tree
from footnotary.source.names import DefinitionIndex
from footnotary.source.parsing import Modules
from footnotary.source.routes import read_routes
from footnotary.source.schemas import Schemas, with_default

FILES = {
    "shopapi/__init__.py": "",
    "shopapi/constants.py": 'BASE = "/api"\nPREFIX = BASE + "/v1"\nclass Paths:\n    ITEMS = "/items"\n',
    "shopapi/deps.py": """
from typing import Annotated
from fastapi import Depends, Header, Query
from .models import Filter
def pages(limit: int = 10, offset: Annotated[int, Query(ge=0)] = 0): ...
def tenant(x_tenant: Annotated[str, Header()], key: Annotated[str, Depends(pages)]): ...
class Sorting:
    def __init__(self, order: str = "asc"): ...
Pages = Annotated[dict, Depends(pages)]
""",
    "shopapi/models.py": """
import enum
from dataclasses import dataclass
from typing import Generic, Literal, Optional, TypeVar
from pydantic import BaseModel, Field
class Kind(str, enum.Enum):
    A = "a"
    B = "b"
class Filter(BaseModel):
    limit: int = 3
    kind: Kind | None = None
    some_name: str = Field("x", alias="someName")
class Login(BaseModel):
    name: str
class Item(BaseModel):
    id: int
    kind: Kind = Kind.A
    parent: Optional["Item"] = None
@dataclass
class Plain:
    x: int
""",
    "shopapi/names.py": "from .constants import *\nfrom .constants import Paths as P\n",
    "shopapi/items.py": """
from typing import Annotated, Optional, Union
from fastapi import APIRouter, Body, Cookie, Depends, File, Form, Header, Path, Query, Request, UploadFile, status
from http import HTTPStatus
from .deps import Pages, Sorting, pages, tenant
from .models import Filter, Item, Kind, Login, Plain
from . import names
router = APIRouter(prefix=names.P.ITEMS, tags=["items"])
ItemId = Annotated[int, Path(ge=1)]
@router.get("")
def listed(request: Request, page: Pages, kind: Kind = Kind.A, tags: Annotated[list[str], Query()] = []) -> list[Item]: ...
def failures():
    # what may fail
    return {410: {"description": "moved"}}
@router.get("/{item_id}", responses={404: {"description": "gone"}, "5XX": {"description": "x"}} | failures())
def one(item_id: ItemId, q: Optional[str] = None, sort: Annotated[Sorting, Depends()] = None) -> Item: ...
@router.post("", status_code=status.HTTP_201_CREATED, operation_id="make")
def made(item: Item, x_key: Annotated[str, Header()], c: Annotated[str | None, Cookie()] = None) -> Item: ...
@router.put("/{item_id}", status_code=HTTPStatus.ACCEPTED)
async def put(item_id: int, item: Item, login: Login, note: Annotated[str, Body()] = "") -> Item: ...
@router.patch("/{item_id}")
def patched(item_id: int, item: Optional[Item] = None) -> Item: ...
@router.get("/filter/all")
def filtered(f: Annotated[Filter, Query()]) -> str: ...
@router.post("/form")
def form(f: Annotated[Login, Form()]) -> str: ...
@router.post("/fields")
def fields(name: Annotated[str, Form()], age: int = Form(3)) -> str: ...
@router.post("/upload")
def upload(file: UploadFile) -> str: ...
@router.post("/uploads")
def uploads(files: list[UploadFile], note: Annotated[str, Form()]) -> str: ...
@router.post("/raw")
def raw(file: Annotated[bytes, File()]) -> str: ...
@router.post("/embedded")
def embedded(item: Annotated[Item, Body(embed=True)]) -> str: ...
@router.post("/plain")
def plain(x: Plain, many: list[int]) -> str: ...
@router.get("/hidden", include_in_schema=False)
def hidden() -> str: ...
@router.get("/shown", include_in_schema=True, deprecated=True)
def shown(alias: str = Query("x", alias="other-name"), needed: int = Query(...)) -> None: ...
@router.api_route("/both", methods=["GET", "HEAD"], operation_id="both")
def both() -> str: ...
def added(x: int = 1) -> str: ...
router.add_api_route("/added", added, methods=["DELETE"])
@router.websocket("/ws")
async def ws(websocket): ...
""",
    "shopapi/more.py": """
import datetime, enum, uuid
from typing import Annotated, Any, Dict, List, Literal, Sequence
from fastapi import APIRouter, Body, Depends, File, Form, Header, Path as InPath, Query as Asked
from pydantic import AnyUrl, BaseModel, Field, HttpUrl, SecretStr
router = APIRouter()
NAME = "x-special"
class Rating(enum.IntEnum):
    LOW = 1
    HIGH = 2
class Times(BaseModel):
    at: datetime.datetime
    day: datetime.date
    hour: datetime.time
    span: datetime.timedelta
    key: uuid.UUID
    price: float = Field(1.5, ge=1, lt=9.5)
    secret: SecretStr
    code: str = Field(..., min_length=2, max_length=5, pattern="^a", description="Said.", title="C")
    mode: Literal["a", "b"] = "a"
    names: List[str] = []
    by_name: Dict[str, int] = {}
    later: "str | None" = None
    old: int = Field(0, deprecated=True, gt=-1, le=3)
    anything: Any = None
    aliased: int = Field(0, alias=NAME)
    site: HttpUrl | None = None
    place: AnyUrl | None = None
    pairs: tuple[int, ...] = ()
    rating: Rating = Rating.LOW
    flag: bool = False
def Limited() -> Any:
    def limit(limit: int = Body(None)): ...
    return Depends(limit)
def cached(namespace: str):
    def key_builder(eviction_group: str = "", prefix: str = ""): ...
    def dependency(page: int = 1): return key_builder()
    return dependency
def checked(project: Annotated[str, InPath(alias="project_id")], q: "int | None" = None): ...
@router.get("/files/{file_path:path}")
def a_file(file_path: str) -> str: ...
@router.delete("/items/{item_id:uuid}/{n:int}")
def an_item(item_id: uuid.UUID, n: int) -> None: ...
@router.post("/times")
def times(body: Times) -> Times: ...
@router.get("/aliased")
def aliased(a: Annotated[str, Header(alias=NAME)], b: int = Asked(3, alias="bee", ge=1)) -> str: ...
@router.post("/limited")
def limited(x: int = 1, limit: int = Limited()) -> str: ...
@router.get("/projects/{project_id}", dependencies=[Depends(checked)])
def project() -> str: ...
@router.get("/many")
def many(d: datetime.date, u: uuid.UUID, t: Annotated[Sequence[int], Asked()] = (),
         m: Literal["x", "y"] = "x", s: Annotated[str, Asked(min_length=2, pattern="^a")] = "ab") -> str: ...
SAFE = ["GET", "HEAD"]
@router.api_route("/safe", methods=SAFE, operation_id="safe")
def safe() -> str: ...
@router.post("/old")
def old(file: bytes = File(...), note: str = Form(...), at: str = Form("x")) -> str: ...
@router.post("/optional")
def optional(file: bytes = File(b""), other: bytes = File(b"abc")) -> str: ...
@router.get("/cached", dependencies=[Depends(cached("x"))])
def from_cache() -> str: ...
@router.get("/secretly")
def secretly(a: Annotated[int, Asked(include_in_schema=False)] = 1,
             b: str = Header("x", include_in_schema=False), c: int = Asked(2, include_in_schema=True)) -> str: ...
@router.post("/named")
def named(n: Annotated[str, Form(alias="called")]) -> str: ...
""",
    "shopapi/classes.py": """
from dataclasses import dataclass, field
from typing import Annotated
from fastapi import APIRouter, Depends, Header, Query
from fastapi.responses import RedirectResponse
from fastapi.security import OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
router = APIRouter()
class Paging(BaseModel):
    page: int = Field(1, ge=1)
    size: int = 20
@dataclass
class Filter:
    name: str
    limit: int = Query(5, le=10)
    tags: list[str] = field(default_factory=list)
    note: str = field(default="")
class Base:
    def __init__(self, q: str, lang: str = Header("en")): ...
class Inherited(Base): ...
class Plain: ...
class Asked:
    def __call__(self, role: str): ...
class AskedToo(Asked): ...
class Moved(RedirectResponse): ...
class Person(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)
    first_name: str
    born_in: str = Field("", alias="place")
def outer(paging: Paging = Depends()): ...
@router.post("/token")
def token(form: OAuth2PasswordRequestForm = Depends()): ...
@router.post("/strict")
def strict(form: Annotated[OAuth2PasswordRequestFormStrict, Depends()]): ...
@router.get("/paging", dependencies=[Depends(outer)])
def paging(plain: Plain = Depends()): ...
@router.post("/filter")
def filtered(one: Filter = Depends(), two: Annotated[Inherited, Depends()] = None): ...
@router.get("/asked", dependencies=[Depends(AskedToo()), Depends(lambda why=1: why)])
def asked(): ...
@router.get("/moved", response_class=Moved)
def moved(): ...
@router.get("/moved/for-good", response_class=RedirectResponse, status_code=308)
def moved_for_good(): ...
@router.get("/person")
def person(one: Annotated[Person, Query()]): ...
@router.post("/person")
def add_person(one: Person): ...
@router.get("/only-hidden", include_in_schema=False)
def only_hidden(): ...
""",
    "shopapi/extra.py": """
from fastapi import APIRouter, Depends
from .deps import tenant
from .models import Login
callbacks = APIRouter()
@callbacks.post("{$callback_url}/x")
def told(body: Login): ...
unused = APIRouter()
@unused.get("/never")
def never() -> str: ...
inner = APIRouter(prefix="/inner")
@inner.post("/o", callbacks=callbacks.routes)
def o(login: Login) -> str: ...
outer = APIRouter(dependencies=[Depends(tenant)])
outer.include_router(inner, prefix="/mid", tags=["mid"])
""",
    "shopapi/main.py": """
from fastapi import FastAPI
from . import extra
from .constants import PREFIX
from .items import router as items_router
from .more import router as more_router
from .classes import router as classes_router
def create() -> FastAPI:
    app = FastAPI(title="Shop", version="2")
    app.include_router(items_router, prefix=PREFIX)
    app.include_router(items_router, prefix=f"{PREFIX}/again", include_in_schema=False)
    app.include_router(more_router, prefix="/more")
    app.include_router(classes_router, prefix="/classes")
    for one in (extra.outer,):
        app.include_router(one, prefix="/out")
    @app.get("/health", tags=["ops"])
    def health() -> dict[str, str]: ...
    @app.webhooks.post("paid")
    def paid(): ...
    return app
app = create()
other = FastAPI()
@other.get("/other")
def otherwise() -> str: ...
""",
}


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The project, importable."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [one for one in sys.modules if one.startswith("shopapi")]:
        del sys.modules[name]


def told(facts):
    """What is compared of each operation."""
    return {
        f"{one.method} {one.path}": {
            "id": one.id,
            "tags": set(one.tags),
            "deprecated": one.deprecated,
            "parameters": {(p.where, p.name, p.required) for p in one.parameters},
            "body": {c.media_type for c in one.body},
            "body required": one.body_required,
            "responses": {a.status for a in one.responses} - {"422"},
        }
        for one in facts.operations
        if not one.webhook
    }


@pytest.mark.slow
def test_the_source_tells_what_fastapi_tells(shop):
    """Paths, ids, tags, parameters, bodies and statuses are those of FastAPI's own document."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of two operations with one id
        imported = api_facts(import_module("shopapi.main").app.openapi())
    read = read_api_source(shop, "shopapi.main:app")
    assert told(read) == told(imported)
    assert read.summary["paths"] == imported.summary["paths"]


def test_what_a_library_injects_is_said_to_be_unknown(tmp_path):
    """A dependency that is not in the project is named, with the operations that ask for it."""
    (tmp_path / "main.py").write_text(
        "from fastapi import Depends, FastAPI\nfrom pydantic import BaseModel, ConfigDict\n"
        "from fastapi.security import HTTPBearer\nfrom paging import Params, made\n"
        "bearer = HTTPBearer()\nusers = made()\n"
        "def lower(name): return name.lower()\n"
        "class Odd(BaseModel):\n model_config = ConfigDict(alias_generator=lower)\n AB: int\n"
        "app = FastAPI()\n"
        "@app.get('/a')\ndef a(p: Params = Depends(), t=Depends(bearer), u=Depends(users.now)): ...\n"
        "@app.post('/b', dependencies=[Depends(Params)])\ndef b(odd: Odd): ...\n"
        "inner = FastAPI()\napp.mount('/in', app=inner)\napp.mount('/static', Files())\n"
    )
    (tmp_path / "broken.py").write_text("def (\n")
    parsed, mounted, unknown, names = read_api_source(tmp_path, "main:app").read.caveats
    assert "broken.py" in parsed
    assert "/in" in mounted
    assert "--app main:inner" in mounted
    assert "main.users.now, paging.Params" in unknown
    assert unknown.endswith("GET /a, POST /b.")
    assert "main.Odd" in names


def shapes(facts):
    """The types of parameters and of the fields of models, with what bounds them."""
    found = {
        f"{one.method} {one.path} {p.name}": (p.type, p.default, p.limits)
        for one in facts.operations
        for p in one.parameters
    }
    found |= {model.name: (model.type, model.values) for model in facts.models}
    return found | {
        f"{model.name}.{one.name}": (
            *(one.type, one.required, one.default, one.limits, one.description, one.deprecated),
        )
        for model in facts.models
        for one in model.fields
    }


@pytest.mark.slow
def test_the_source_tells_the_types_that_fastapi_tells(shop):
    """Types, formats, defaults and bounds of parameters and fields are those of FastAPI's document."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = json.dumps(import_module("shopapi.main").app.openapi())
    # Files are described otherwise by newer releases of FastAPI.
    told = told.replace('"contentMediaType": "application/octet-stream"', '"format": "binary"')
    imported = shapes(api_facts(json.loads(told)))
    told_of = shapes(read_api_source(shop, "shopapi.main:app"))
    # not a model that is split into what is sent and what is given
    imported = {name: words for name, words in imported.items() if "-Input" not in str(words)}
    assert {name: told_of[name] for name in imported.keys() & told_of.keys()} == {
        name: imported[name] for name in imported.keys() & told_of.keys()
    }
    assert {
        name for name in imported if ".more" in name or name.startswith("Times")
    } <= told_of.keys()
    assert with_default({}, b"\xff") == {}


def test_api_and_impl_tell_the_same_paths(shop):
    """One reader of routes: what the API calls /api/v1/items, the traces of IMPL do too."""
    apart = {"/hidden", "/only-hidden", "/ws", "/never", "/other", "again"}
    traces = impl.read_impl(Project(shop), ReadOptions(package="shopapi")).traces
    paths = {one.route for one in traces if not any(word in one.route for word in apart)}
    assert paths == set(told(read_api_source(shop, "shopapi.main:app")))


TYPES = """
import datetime, enum, pathlib, uuid
from datetime import date, time, timedelta
from typing import Annotated, Dict, List, Literal, Optional, Union
from uuid import UUID
from pydantic import UUID4, AnyUrl, Field, HttpUrl, SecretStr
a: str
b: SecretStr
c: HttpUrl
d: AnyUrl
e: bytes
f: int
g: float
h: bool
i: datetime.datetime
j: date
k: time
l: timedelta
m: UUID
n: UUID4
o: dict
p: None
q: list[int]
r: Dict[str, int]
s: Literal["x", "y"]
t: Optional[int]
u: Union[int, str]
v: int | None
w: Annotated[int, Field(ge=-1, gt=-2, le=5, lt=6)]
x: Annotated[str, Field(min_length=1, max_length=3, pattern="^a", title="T", description="D")]
y: List[dict[str, bool]]
z: tuple[int, ...]
aa: set[str]
ab: Literal[1, 2]
ac: Literal["x"]
ad: Literal["x", 1]
ae: tuple[int, str]
af: frozenset[int]
ag: list
ah: Literal[True]
ai: pathlib.Path
"""


def test_an_annotation_means_what_pydantic_makes_of_it(tmp_path):
    """The schema of each type, told by its source, is the one of `TypeAdapter`."""
    (tmp_path / "types_of.py").write_text(TYPES)
    modules = Modules(Tree(tmp_path))
    source, scope = modules.parse("types_of.py"), {}
    exec(TYPES, scope)
    schemas, wrong = Schemas(DefinitionIndex(modules)), {}
    for node in source.tree.body:
        if isinstance(node, ast.AnnAssign):
            name = ast.unparse(node.annotation)
            told_of = schemas.schema_of(node.annotation, source)
            if told_of != (
                made := TypeAdapter(scope["__annotations__"][node.target.id]).json_schema()
            ):
                wrong[name] = told_of, made
    assert wrong == {}
    for name, schema in (  # of libraries besides
        ("EmailStr", {"type": "string", "format": "email"}),
        ("UploadFile", {"type": "string", "format": "binary"}),
        ("Mapped[int]", {"type": "integer"}),
    ):
        assert schemas.schema_of(ast.parse(name, mode="eval").body, source) == schema


def test_a_method_that_is_computed_is_no_operation(tmp_path):
    """Of the methods of a route those are told that are written there."""
    (tmp_path / "main.py").write_text(
        "from fastapi import FastAPI\napp = FastAPI()\n"
        "@app.api_route('/x', methods=['GET', input()])\ndef x(): ...\n"
        "@app.api_route('/y', methods=[input()])\ndef y(): ...\n"
        "@app.api_route('/z', methods=input())\ndef z(): ...\n"
    )
    assert [*told(read_api_source(tmp_path, "main:app"))] == ["GET /x"]
    modules = Modules(Tree(tmp_path))
    found = read_routes(modules.parse_all(["main.py"]), DefinitionIndex(modules))
    assert [(one.method, one.path) for one in found.all] == [("get", "/x")]


ROUTERS = """
from fastapi import APIRouter, FastAPI
class Kept(APIRouter):
    def __init__(self, prefix='', **more):
        super().__init__(prefix=prefix, **more)
    def add_api_route(self, path, endpoint, **more):
        super().add_api_route(path, endpoint, **more)
class Versioned(APIRouter):
    def __init__(self, **more):
        super().__init__(prefix='/v2' + more.pop('prefix', ''), **more)
class Child(Versioned): ...
first = Kept(prefix='/first')
second = Child(prefix='/second')
@first.get('/x')
def x(): ...
@second.get('/y')
def y(): ...
app = FastAPI()
for r in (first,):
    app.include_router(r, prefix='/a')
for r in (second,):
    app.include_router(r, prefix='/b')
"""


def test_routers_are_included_by_the_loop_around_and_classes_of_them_may_make_paths(tmp_path):
    """Of two loops over one name each includes its own; a class that changes a prefix computes."""
    (tmp_path / "main.py").write_text(ROUTERS)
    assert [*told(read_api_source(tmp_path, "main:app"))] == ["GET /a/first/x", "GET /b/…/y"]


HEAD = """
import os
from functools import partial
from typing import Annotated
from fastapi import APIRouter, Body, Cookie, FastAPI, Header, Path, Query
from fastapi.routing import APIRoute
"""
# What the source tells as FastAPI does.
WRITTEN = [
    """\
app=FastAPI()
@getattr(app,'get')('/x')
def x(): ...
""",
    """\
app=FastAPI()
def f(a:int): ...
app.get('/x')(f)
""",
    """\
app=FastAPI()
app.add_api_route('/x', lambda q=1: {})
app.add_api_route('/y', endpoint=lambda: {}, methods=['POST'])
""",
    """\
class S:
  def __init__(self):
    self.router=APIRouter(prefix='/s')
    self.router.add_api_route('/x', self.get, methods=['GET'])
    self.router.add_api_route('/y', self.make, methods=['POST'])
  def get(self, q:int=1): ...
  def make(self, q:int): ...
app=FastAPI()
app.include_router(S().router)
""",
    """\
class S:
  def get(self, q:int=1): ...
  @staticmethod
  def st(q:int): ...
s=S()
app=FastAPI()
app.add_api_route('/x', s.get)
app.add_api_route('/y', S().get)
app.add_api_route('/z', S.st)
""",
    """\
def mk(n):
  def inner(q:int): ...
  return inner
app=FastAPI()
app.add_api_route('/x', mk(1))
""",
    """\
def f(a:int): ...
app=FastAPI(routes=[APIRoute('/x', f)])
""",
    """\
def f(a:int): ...
app=FastAPI()
app.router.routes.append(APIRoute('/x', f))
""",
    """\
app=FastAPI()
@app.router.get('/x')
def x(): ...
""",
    """\
app=FastAPI()
@app.get('/x/{p}')
def x(p: Annotated[int, Path()], q: Annotated[int, Query()] = ..., h: Annotated[str, Header()] = ..., c: Annotated[str, Cookie()] = 'x'): ...
@app.post('/y')
def y(b: Annotated[int, Body()] = ...): ...
""",
    """\
app=FastAPI()
@app.get('/x')
def x(q: Annotated[int | None, Query()] = None, r: int|None = Query(), s: int = Query(default=...), t: int = Query(default_factory=lambda: 3)): ...
""",
    """\
class K:
  def __call__(self, q:int): ...
app=FastAPI()
app.add_api_route('/x', K(), name='k')
""",
    """\
app=FastAPI()
@app.get('/a')
def x(): ...
@app.get('/a')
def y(q:int): ...
""",
    """\
app=FastAPI()
get=app.get
@get('/x')
def x(): ...
""",
    """\
r=APIRouter()
class V:
  @r.get('/x')
  def x(self, q:int): ...
  @r.post('/x')
  async def y(q:int): ...
app=FastAPI()
""",
    """\
class S:
  def __init__(self):
    self.router=APIRouter(prefix='/s')
    self.router.add_api_route('/x', self.get)
  def get(self, q:int=1): ...
class T:
  def __init__(self):
    self.router=APIRouter(prefix='/t')
    self.router.add_api_route('/x', self.get)
  def get(self, z:int=1): ...
app=FastAPI()
t=T()
app.include_router(S().router)
app.include_router(t.router)
""",
    """\
class S:
  def __init__(self):
    self.app=FastAPI()
    self.app.get('/x')(self.get)
    @self.app.post('/y')
    def y(a:int): ...
  def get(self, q:int=1): ...
app=S().app
""",
    """\
O={'prefix':'/k'}
r=APIRouter(**O)
@r.get('/x')
def x(): ...
app=FastAPI()
app.include_router(r)
""",
    """\
D=True
app=FastAPI()
@app.get('/x', deprecated=D)
def x(): ...
""",
    """\
r=APIRouter(prefix='/a')
@r.get('/x')
def x(): ...
app=FastAPI()
app.include_router(r)
r=APIRouter(prefix='/b')
@r.get('/y')
def y(): ...
app.include_router(r)
""",
    """\
r=APIRouter(include_in_schema=False)
@r.get('/h')
def h(): ...
app=FastAPI()
app.include_router(r)
@app.get('/z')
def z(): ...
""",
]
# What it does not tell, with the caveat that says so.
UNTOLD = [
    (
        """\
P=os.environ.get('P','/api')
a=APIRouter(prefix=P)
b=APIRouter(prefix=P)
@a.get('')
def one(x:int=1): ...
@b.get('')
def two(y:int=1): ...
@b.get('/x')
def three(): ...
app=FastAPI()
app.include_router(a,prefix='/a')
app.include_router(b,prefix=os.environ.get('Q','/b'))
""",
        "… is what the program computes",
    ),
    (
        """\
class R(APIRouter):
  def add_api_route(self, p, endpoint, **kw):
    super().add_api_route('/v1'+p, endpoint, **kw)
r=R()
@r.get('/x')
def x(): ...
app=FastAPI()
app.include_router(r)
""",
        "… is what",
    ),
    (
        """\
class R(APIRouter):
  def add_api_route(self, *args, **kw):
    super().add_api_route('/v1'+args[0], *args[1:], **kw)
r=R()
@r.get('/x')
def x(): ...
app=FastAPI()
app.include_router(r)
""",
        "… is what",
    ),
    (
        """\
class RC(APIRoute):
  def __init__(self, path, endpoint, **kw):
    super().__init__('/rc'+path, endpoint, **kw)
r=APIRouter(route_class=RC)
@r.get('/x')
def x(): ...
app=FastAPI()
app.include_router(r)
""",
        "… is what",
    ),
    (
        """\
class A(FastAPI):
  def add_api_route(self, path, endpoint, **kw):
    super().add_api_route('/v9'+path, endpoint, **kw)
  def get(self, path, **kw): return super().get('/g'+path, **kw)
app=A()
@app.get('/x')
def x(): ...
""",
        "… is what",
    ),
    (
        """\
app=FastAPI()
for m in ('get','post'):
  @getattr(app,m)('/x')
  def x(): ...
""",
        "may be missing: main.py:",
    ),
    (
        """\
app=FastAPI()
def f(a:int): ...
for m in ('get','post'):
  getattr(app,m)('/x')(f)
""",
        "may be missing",
    ),
    (
        """\
def f(a:int,b:int): ...
app=FastAPI()
app.add_api_route('/x', partial(f,b=1), name='x')
""",
        "may be missing",
    ),
    (
        """\
app=FastAPI()
my=partial(app.get, tags=['t'])
@my('/x')
def x(): ...
""",
        "may be missing",
    ),
    (
        """\
app=FastAPI()
def mine(p):
  return app.get(p)
@mine('/x')
def x(): ...
""",
        "may be missing",
    ),
    (
        """\
app=FastAPI()
def reg(path, fn):
  app.add_api_route(path, fn)
def a(): ...
def b(): ...
reg('/a', a)
reg('/b', b)
""",
        "may be missing",
    ),
    (
        """\
app=FastAPI()
def a(): ...
def b(): ...
for p,f in [('/a',a),('/b',b)]:
  app.add_api_route(p,f)
""",
        "may be missing",
    ),
    (
        """\
a=APIRouter()
@a.get('/x')
def x(): ...
R={'a':a}
app=FastAPI()
for k,v in R.items():
  app.include_router(v,prefix='/'+k)
""",
        "without their prefix",
    ),
    (
        """\
app=FastAPI()
if os.environ.get('DEBUG'):
  @app.get('/debug')
  def d(): ...
@app.get('/x')
def x(): ...
""",
        "under a condition, which is not known: GET /debug",
    ),
    (
        """\
app=FastAPI()
if os.environ.get('D'):
  r=APIRouter(prefix='/a')
else:
  r=APIRouter(prefix='/b')
@r.get('/x')
def x(): ...
app.include_router(r)
""",
        "GET /b/x",
    ),
    (
        """\
HID=False
app=FastAPI()
@app.get('/x', include_in_schema=HID)
def x(): ...
@app.get('/y', include_in_schema=not os.environ.get('Q'))
def y(): ...
@app.get('/z')
def z(): ...
""",
        "include_in_schema is computed, and not known, of GET /y",
    ),
    (
        """\
S=201
app=FastAPI()
@app.post('/x', status_code=S)
def x(): ...
@app.post('/y', status_code=int('202'))
def y(): ...
""",
        "a status is computed",
    ),
    (
        """\
app=FastAPI()
@app.get('/x', responses={n: {} for n in range(400, 404)})
def x(): ...
@app.get('/y', responses=None)
def y(): ...
""",
        "responses is computed, and not known, of GET /x.",
    ),
    (
        """\
def u(r): return 'z'+r.name
app=FastAPI(generate_unique_id_function=u)
@app.get('/x')
def x(): ...
""",
        "operationId is computed",
    ),
    (
        """\
P=os.environ.get('P','/api')
app=FastAPI()
@app.get(P+'/x')
def x(): ...
@app.get(P+'/y')
def y(): ...
@app.get(f'{P}/z')
def z(): ...
""",
        "GET /…/x, GET /…/y, GET /…/z",
    ),
    (
        """\
def mk(prefix):
  r=APIRouter(prefix=prefix)
  @r.get('/x')
  def x(): ...
  return r
app=FastAPI()
app.include_router(mk('/a'))
app.include_router(mk('/b'))
""",
        "GET /…/x, GET /…/x (x)",
    ),
    (
        """\
app=FastAPI()
@app.get('/x', **dict(deprecated=True))
def x(): ...
""",
        "The options that ** passes on here are not known: main.py:8",
    ),
]


def test_a_route_is_told_however_it_is_added_or_said_to_be_unknown(tmp_path):
    """Lambdas, bound methods, getattr, route objects: as FastAPI tells them, or with a caveat."""
    for text in WRITTEN:
        (tmp_path / "main.py").write_text(HEAD + text)
        scope = {"__name__": "main"}
        exec(HEAD + text, scope)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            imported = told(api_facts(scope["app"].openapi()))
        read = read_api_source(tmp_path, "main:app")
        assert (told(read), read.read.caveats) == (imported, ()), text
    for text, caveat in UNTOLD:
        (tmp_path / "main.py").write_text(HEAD + text)
        assert caveat in " ".join(read_api_source(tmp_path, "main:app").read.caveats), text


def test_what_another_application_includes_is_none_of_this_one(tmp_path):
    """A mounted application's inclusions that cannot be followed bring no operations here."""
    (tmp_path / "main.py").write_text(
        "from fastapi import FastAPI\nfrom inner import app as other\napp = FastAPI()\n"
        "@app.get('/x')\ndef x(): ...\napp.mount('/in', other)\n"
    )
    (tmp_path / "users.py").write_text(
        "from fastapi import APIRouter\nrouter = APIRouter()\n@router.get('/y')\ndef y(): ...\n"
    )
    (tmp_path / "inner.py").write_text(
        "from fastapi import APIRouter, FastAPI\nfrom users import router as users\n"
        "def add(router):\n    router.include_router(users)\n    return router\n"
        "app = FastAPI()\napp.include_router(add(APIRouter(prefix='/z')))\n"
    )
    read = read_api_source(tmp_path, "main:app")
    assert [*told(read)] == ["GET /x"]
    assert [one for one in read.read.caveats if "included" in one] == []
    inner = read_api_source(tmp_path, "inner:app")
    assert [*told(inner)] == ["GET /y"]
    assert any("without their prefix" in one for one in inner.read.caveats)


UNDESCRIBED = """
from typing import Annotated, Literal
from fastapi import FastAPI, Form, Query
from pydantic import BaseModel, Field
class Black(BaseModel):
    kind: Literal["cat"]
    color: Literal["black"]
class White(BaseModel):
    kind: Literal["cat"]
    color: Literal["white"]
class Dog(BaseModel):
    kind: Literal["dog"]
class Filter(BaseModel):
    limit: int = 3
Cat = Annotated[Black | White, Field(discriminator="color")]
class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
app = FastAPI()
@app.post("/o")
def o(owner: Owner) -> str: ...
@app.get("/q")
def q(f: Annotated[Filter, Query()]) -> str: ...
@app.get("/h", include_in_schema=False)
def h() -> str: ...
"""


@pytest.mark.slow
def test_an_application_that_cannot_describe_itself_is_read_from_its_source(tmp_path):
    """It was imported: that its document fails is said, and what it tells besides stays known."""
    (tmp_path / "main.py").write_text(UNDESCRIBED)
    facts = probe_api(Project(tmp_path, python=sys.executable), ReadOptions())
    assert facts.read.how == "source"
    assert "was imported, but cannot make its OpenAPI document" in facts.read.why
    assert not any("cannot be imported" in one or "--env-file" in one for one in facts.caveats)
    assert "hidden" not in facts.read.not_read
    assert facts.hidden == ("GET /h",)
    limit = next(one for one in facts.operations if one.path == "/q").parameters
    assert [(one.name, one.where) for one in limit] == [("limit", "query")]

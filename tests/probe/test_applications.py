# ruff: noqa: E501  programs written out as they would stand in a file
"""What is read from an application: its operations, and what its OpenAPI document leaves out."""

import textwrap

import pytest

from footnotary.errors import ProjectError

pytestmark = pytest.mark.slow  # each starts an interpreter that imports FastAPI

APP = """
from typing import Annotated
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, WebSocket, status
from fastapi.responses import JSONResponse
from pkg import services
from pkg.errors import Teapot


class Missing(Exception):
    '''Nothing there.'''


def who(token: str) -> str:
    '''Return the caller.'''
    if not token:
        raise HTTPException(status_code=401, detail="No token")
    return token


Caller = Annotated[str, Depends(who)]
router = APIRouter(prefix="/items", tags=["items"])
GONE = HTTPException(status.HTTP_410_GONE, "It was here")


@router.get("/{item_id}", responses={404: {"description": "Not there"}})
async def read(item_id: int, caller: Caller) -> dict[str, int]:
    '''Return an item.'''
    if item_id == 1:
        raise HTTPException(404, f"No item {item_id}")
    if item_id == 2:
        raise GONE
    if item_id == 3:
        raise Teapot()
    if item_id == 4:
        raise Missing
    if item_id == 5:
        return JSONResponse({}, status_code=503)
    failure = HTTPException(status_code=402)
    services.Shop().check(item_id)
    raise failure


@router.get("/hidden/one", include_in_schema=False)
def hidden() -> None: ...


app = FastAPI(title="Everything", openapi_tags=[{"name": "items", "description": "Things"}])
app.include_router(router)


@app.exception_handler(Missing)
async def missing(request: Request, error: Missing) -> JSONResponse:
    return JSONResponse({}, status_code=418)


@app.websocket("/live")
async def live(socket: WebSocket) -> None: ...


@app.middleware("http")
async def timing(request, call_next):
    return await call_next(request)


inner = FastAPI(title="Inner")


@inner.get("/ping")
def ping() -> str:
    return "pong"


app.mount("/inner", inner)
"""
LIFESPANS = """
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI


@asynccontextmanager
async def opened(app):
    '''Open the pool.'''
    yield


@asynccontextmanager
async def warmed(app):
    '''Warm the cache.'''
    yield


router = APIRouter(lifespan=warmed)
app = FastAPI(lifespan=opened)
app.include_router(router)
app.include_router(APIRouter())
"""
SERVICES = """
from fastapi import HTTPException


class Shop:
    def check(self, number):
        self._inner(number)

    def _inner(self, number):
        raise HTTPException(409, detail="Sold out")
"""
ERRORS = """
from fastapi import HTTPException


class Teapot(HTTPException):
    def __init__(self):
        super().__init__(status_code=451, detail="Not for you")
"""


@pytest.fixture
def everything(made):
    """A project with one of each."""
    return made.write({"pkg/__init__.py": "", "pkg/main.py": APP, "pkg/services.py": SERVICES,
                       "pkg/errors.py": ERRORS})  # fmt: skip


def test_statuses_are_found_wherever_they_are_raised(everything):
    """Constants, instances, subclasses, handled exceptions, responses, locals and called methods."""
    (operation,) = everything.api().operations
    found = {(one.status, one.by.rpartition(".")[2]) for one in operation.undeclared}
    assert found == {(401, "who"), (402, "read"), (409, "_inner"), (410, "read"), (418, "read"),
                     (451, "read"), (503, "read")}  # fmt: skip
    sold = next(one for one in operation.undeclared if one.status == 409)
    assert (str(sold.place), sold.detail) == ("pkg/services.py:10", "Sold out")


def test_what_the_document_leaves_out_is_read_from_the_application(everything):
    """WebSockets, mounts with their operations, middleware, handlers, hidden routes."""
    facts = everything.api()
    assert facts.summary == {"paths": 1, "operations": 1, "schemas": 2, "webhooks": 0, "deprecated": 0}  # fmt: skip
    assert [one.path for one in facts.websockets] == ["/live"]
    assert [(one.path, one.operations) for one in facts.mounts] == [
        ("/inner", ("GET /inner/ping",))
    ]
    assert [one.name for one in facts.middleware] == ["pkg.main.timing"]
    assert [(one.name, one.detail) for one in facts.handlers] == [("pkg.main.missing", "Missing")]
    assert facts.hidden == ("GET /items/hidden/one",)
    handler = facts.operations[0].handler
    assert str(handler.place) == "pkg/main.py:26"
    assert [one.name for one in handler.dependencies] == ["pkg.main.who"]


def test_code_made_while_the_program_runs_has_no_place(made):
    """A dependency of another library's generator is named, without a file that is none."""
    generated = "exec(compile('def made(): ...', '<made-1>', 'exec'))"
    made.write({"main.py": f"from fastapi import Depends, FastAPI\n{generated}\napp = FastAPI()\n"
                "@app.get('/', dependencies=[Depends(made)])\ndef home(): ...\n"})  # fmt: skip
    [one] = made.api().operations[0].handler.dependencies
    assert (one.name, one.place) == ("main.made", None)


def test_the_lifespan_is_found_behind_the_routers(made):
    """FastAPI merges those of an application and its routers into a function of its own."""
    made.write({"main.py": LIFESPANS})
    found = [(one.name, one.detail) for one in made.api().lifespan]
    assert found == [("main.opened", "Open the pool."), ("main.warmed", "Warm the cache.")]


STARTING = """
from contextlib import asynccontextmanager
from fastapi import APIRouter, FastAPI

router = APIRouter()

@router.get("/orders")
def orders(): ...

def add_all(app):
    app.include_router(router)

@asynccontextmanager
async def opened(app):
    {does}
    yield

app = FastAPI(lifespan=opened)
"""
ALIVE = "@app.get('/alive')\ndef alive(): ...\n"


def test_routes_that_are_added_when_the_application_starts_are_said_to_be(made):
    """Without any others the source tells them; beside others they are said to be missing."""
    made.write({"main.py": STARTING.format(does="add_all(app)")})
    facts = made.api()
    assert [one.path for one in facts.operations] == ["/orders"]
    assert "has no operation before it starts" in facts.read.why
    made.write({"main.py": STARTING.format(does="add_all(app)") + ALIVE})
    facts = made.api()
    assert [one.path for one in facts.operations] == ["/alive"]
    assert any(one.startswith("main.add_all adds routes when") for one in facts.read.caveats)
    made.write({"main.py": STARTING.format(does="app.state.pool = 1") + ALIVE})
    assert made.api().read.caveats == ()


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("app = FastAPI(title='T')", ""),
        ("api: FastAPI = FastAPI(title='T')", ""),
        ("def create_app() -> FastAPI:\n    return FastAPI(title='T')", ""),
        ("def make(title, *, debug=False):\n    return FastAPI(title=title)", "main:make('T', debug=True)"),
        ("async def make():\n    return FastAPI(title='T')", "main:make"),
        ("class Server:\n    def __init__(self, config):\n        self.app = FastAPI(title=config['t'])",
         "main:Server({'t': 'T'}).app"),
        ("class Wrapped:\n    def __init__(self, app):\n        self.app = app\napp = Wrapped(FastAPI(title='T'))",
         "main:app"),
        ("def document():\n    return FastAPI(title='T').openapi()", "main:document"),
        ("inner = FastAPI(title='T')\n@inner.get('/x')\ndef x(): ...\napp = FastAPI(title='O')\napp.mount('/v1', inner)",
         "main:app"),
    ],
)  # fmt: skip
def test_applications_are_found_in_every_form(made, text, target):
    """By name, annotation, factory with literals, wrapper, document function, or only mounted."""
    made.write({"main.py": f"from fastapi import FastAPI\n{text}\n"})
    assert made.api(app=target).title == "T"


@pytest.mark.parametrize(
    "path", ["main.py", "app/main.py", "src/main.py", "src/shop/main.py", "shop/api.py", "deep/er/web.py"]
)  # fmt: skip
def test_applications_are_found_in_every_layout(made, path):
    """FastAPI CLI's list, `src` layouts, and any file with an application in it."""
    made.write({path: "from fastapi import FastAPI\nservice = FastAPI(title='T')\n"})
    assert made.api().title == "T"


def test_the_declared_entry_point_comes_first(made):
    """`[tool.fastapi] entrypoint` decides where there are several."""
    made.write({"main.py": "from fastapi import FastAPI\napp = FastAPI(title='Other')\n",
                "web/__init__.py": "from fastapi import FastAPI\napp = FastAPI(title='T')\n",
                "pyproject.toml": "[tool.fastapi]\nentrypoint = 'web:app'\n"})  # fmt: skip
    facts = made.api()
    assert facts.title == "T"
    assert facts.others == ("main:app",)


def test_a_factory_that_needs_arguments_says_so(made):
    """The message names the missing argument and how to give it."""
    made.write({"main.py": "from fastapi import FastAPI\ndef make(size):\n    return FastAPI()\n"})
    with pytest.raises(ProjectError, match="needs arguments") as caught:
        made.api(app="main:make")
    assert "make_app(debug=True)" in caught.value.hint


def test_missing_settings_get_placeholders_by_type(made):
    """Every missing setting is given something of its type, and named; values are never shown."""
    settings = """
        import os
        from typing import Literal
        from fastapi import FastAPI
        from pydantic import Field, PostgresDsn, SecretStr
        from pydantic_settings import BaseSettings, SettingsConfigDict


        class Settings(BaseSettings):
            model_config = SettingsConfigDict(env_prefix="X_")
            url: PostgresDsn
            size: int = Field(ge=5)
            mode: Literal["fast", "slow"]
            key: SecretStr = Field(min_length=32)
            hosts: list[str]


        settings = Settings()
        region = os.environ["REGION"]
        app = FastAPI(title="T")
    """
    made.write({"main.py": settings})
    facts = made.api()
    (caveat,) = [one for one in facts.caveats if "placeholders" in one]
    for name in ("X_URL", "X_SIZE", "X_MODE", "X_KEY", "X_HOSTS", "REGION"):
        assert name in caveat


def test_values_of_the_settings_file_are_not_written_down(made):
    """What `--env-file` gives reaches the application, and no secret of it the facts."""
    text = """
        import os
        from fastapi import FastAPI
        app = FastAPI(title="T", description="token " + os.environ["API_TOKEN"],
                      servers=[{"url": "https://me:pass1234@api.example.org/"}])

        @app.get("/x")
        def x(password: str = os.environ["API_TOKEN"]) -> None: ...
    """
    made.write({"main.py": text, "secret.env": "API_TOKEN='tok-123456789'\n"})
    facts = made.api(env_file=made.root / "secret.env")
    written = facts.model_dump_json() + str(facts.document)
    assert "tok-123456789" not in written
    assert "pass1234" not in written
    assert facts.title == "T"


def test_the_source_alone_gives_the_same_operations(made):
    """Routers, prefixes, tags, parameters and models, read without importing anything."""
    files = {
        "shop/__init__.py": "",
        "shop/main.py": """
            import not_installed
            from fastapi import FastAPI
            from shop import items
            from shop.users import router as users

            app = FastAPI(title="Shop", version="2.0")
            app.include_router(items.router, prefix="/v1")
            app.include_router(users, tags=["people"])
        """,
        "shop/items.py": """
            from fastapi import APIRouter, Depends, Query
            from shop.schemas import Item, Page
            router = APIRouter(prefix="/items", tags=["items"])

            @router.get("", response_model=Page)
            def search(words: str, limit: int = Query(10, le=100), who=Depends(str)):
                '''Find items.'''

            @router.post("/{shelf}", status_code=201, summary="Put")
            async def put(shelf: int, item: Item) -> Item: ...
        """,
        "shop/users.py": """
            from fastapi import APIRouter
            router = APIRouter()

            @router.delete("/users/{name}", deprecated=True)
            def remove(name: str) -> None: ...
        """,
        "shop/schemas.py": """
            from pydantic import BaseModel, Field
            class Item(BaseModel):
                '''A thing.'''
                name: str = Field(max_length=5)
                price: float | None = None
            class Page(BaseModel):
                items: list[Item]
        """,
    }
    facts = made.write({name: textwrap.dedent(text) for name, text in files.items()}).api()
    assert facts.read.how == "source"
    assert facts.title == "Shop"
    assert [f"{one.method} {one.path}" for one in facts.operations] == [
        "GET /v1/items", "POST /v1/items/{shelf}", "DELETE /users/{name}"]  # fmt: skip
    search, put, remove = facts.operations
    assert [(one.name, one.where, one.required, one.limits) for one in search.parameters] == [
        ("words", "query", True, ""), ("limit", "query", False, "≤ 100")]  # fmt: skip
    assert put.body[0].type == "{Item}"
    assert put.responses[0].status == "201"
    assert (remove.tags, remove.deprecated) == (("people",), True)
    assert [one.name for one in facts.models] == ["Item", "Page"]
    assert facts.models[1].fields[0].type == "array of {Item}"
    assert str(put.handler.place) == "shop/items.py:11"


def test_a_misspelt_application_is_not_read_from_elsewhere(made):
    """`--app` names one module: where it is not there, no other application stands in for it."""
    made.write({"main.py": "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/a')\ndef a(): ...\n"})  # fmt: skip
    for wrong in ("mian:app", "mian.sub:app"):
        with pytest.raises(ProjectError, match="There is no module 'mian'"):
            made.api(app=wrong)
    assert made.api().summary["operations"] == 1

"""Secrets planted wherever an API or a schema can hold one reach nothing that is written or said."""

# ruff: noqa: E501  modules in a text
import json
import random
import sqlite3
import string
import subprocess
import sys

import pytest

from footnotary.cli.running import exit_code

pytestmark = pytest.mark.slow  # each command starts an interpreter that imports the project

ALPHABET = string.ascii_letters + string.digits


class Planter:
    """Makes values that are all different and remembers them."""

    def __init__(self):
        self.random = random.Random(20261130)
        self.made = []

    def __call__(self, before="", length=18):
        """Return a value that is random, digits and letters, behind a prefix."""
        core = "".join(self.random.choices(ALPHABET, k=length - 2))
        self.made.append(f"{core}7Q")
        return before + self.made[-1]

    def dsn(self, scheme="postgresql"):
        """Return a URL with a password."""
        return f"{scheme}://shop:{self()}@db.internal:5432/shop"

    def pem(self):
        """Return a private key."""
        return f"-----BEGIN PRIVATE KEY-----\nMIIE{self()}\n{self()}\n-----END PRIVATE KEY-----"

    def token(self):
        """Return a credential that is known by its form."""
        made = (
            lambda: self("ghp_", 24),
            lambda: self("sk_live_", 20),
            lambda: self("xoxb-12345-"),
            lambda: f"eyJ{self()}.eyJ{self()}.{self()}",
            lambda: self("glpat-", 20),
            lambda: "Bearer " + self(),
        )
        return made[len(self.made) % len(made)]()


def application(plant):
    """A module with secrets in docstrings, defaults, examples, enums, headers, errors."""
    return f'''
"""Serves the shop; {plant.dsn()}"""
import enum
from typing import Annotated, Literal
from fastapi import Body, Cookie, Depends, FastAPI, Header, HTTPException, Query
from pydantic import BaseModel, Field, SecretStr

app = FastAPI(
    title="Shop",
    description="""Log in with {plant.token()}.

    {plant.dsn("mysql+pymysql")}
    {plant.pem().replace(chr(10), chr(10) + "    ")}
    """,
    servers=[{{"url": "{plant.dsn("https")}", "description": "token={plant()}"}}],
    openapi_tags=[{{"name": "items", "description": "API key: `{plant()}` password={plant()}"}}],
    contact={{"name": "Ann", "url": "https://ann:{plant()}@example.org"}},
)


class Kind(enum.Enum):
    """Kinds; {plant.token()}"""

    A = "a"
    B = "{plant.dsn("redis")}"


class Login(BaseModel):
    """Credentials. Example: `{{"password": "{plant()}"}}`."""

    model_config = {{"json_schema_extra": {{"examples": [{{"user": "ann", "password": "{plant()}",
        "nested": {{"api_key": "{plant()}"}}, "token_type": "bearer"}}], "x-notes": {{"token": "{plant()}"}}}}}}

    user: str = "ann"
    password: str = "{plant()}"
    api_key: Annotated[str, Field(description="Such as token={plant()}", examples=["{plant()}"])] = "{plant()}"
    hidden: SecretStr = SecretStr("{plant()}")
    source: str = "{plant.dsn("postgresql+asyncpg")}"
    token: Literal["{plant()}", "b"] = "{plant()}"
    webhook: str = "https://hooks.slack.com/services/T0/B0/{plant()}"
    tokens: list[str] = ["{plant()}"]
    headers: dict[str, str] = {{"Authorization": "Bearer {plant()}", "X-Api-Key": "{plant()}"}}
    kind: Kind = Kind.A
    pattern: str = Field("x", pattern="^{plant.token().split()[-1]}$")


def user(x_token: Annotated[str, Header(description="{plant.token()}")] = "{plant()}"):
    """Find the user; {plant.dsn()}"""
    raise HTTPException(401, detail="bad password='{plant()}'", headers={{"X-Token": "{plant()}"}})


@app.post("/login", summary="Log in with secret={plant()}", response_description="{plant.token()}",
          responses={{418: {{"description": "{plant.dsn()}", "headers": {{"X-Api-Key": {{"example": "{plant()}"}}}},
                           "content": {{"application/json": {{"example": {{"client_secret": "{plant()}"}}}}}}}}}})
def login(
    data: Annotated[Login, Body(openapi_examples={{"one": {{"summary": "s {plant.token()}", "value": {{"password": "{plant()}"}}}}}})],
    dsn: str = "{plant.dsn("oracle+cx_oracle")}",
    access_token: str = Query("{plant()}", examples=["{plant()}"]),
    session: str = Cookie("{plant()}"),
    note: str = "curl -u admin:{plant()} https://x.example",
    who=Depends(user),
) -> Login:
    """Log in.

    password: {plant()}
    Send `Authorization: Basic {plant()}==`, or --api-key {plant()}.
    """


@app.get("/items", tags=["items"], operation_id="items", openapi_extra={{"x-secret": {{"key": "{plant.dsn()}", "password": "{plant()}"}}}})
def items(q: Literal["a", "b"] = "a") -> list[Kind]:
    """{plant.token()}"""
    raise HTTPException(400, detail="{plant.dsn()}")


@app.websocket("/live")
async def live(socket):
    """{plant.token()}"""


class Middleware:
    def __init__(self, app, secret): self.app = app


app.add_middleware(Middleware, secret="{plant()}")


@app.exception_handler(KeyError)
def missing(request, error):
    """{plant.token()}"""


inner = FastAPI(title="{plant.token()}", description="{plant.dsn()}")


@inner.get("/in")
def within(password: str = "{plant()}"): ...


broken = FastAPI()


def refuses():
    raise ValueError("{plant.dsn()} and {plant()}")


broken.openapi = refuses
app.mount("/inner", inner)
app.mount("/broken", broken)
'''


def tables(plant):
    """Models with secrets in defaults, comments, checks, indexes, enums, docstrings."""
    return f'''
"""{plant.dsn()}"""
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base."""


class Account(Base):
    """An account: {plant.dsn()} token={plant()}"""

    __tablename__ = "accounts"
    __table_args__ = (
        sa.CheckConstraint("password <> '{plant()}'", name="no_default"),
        sa.Index("by_token", "token", postgresql_where=sa.text("token <> '{plant()}'")),
        {{"comment": "{plant.token()}"}},
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    password: Mapped[str] = mapped_column(default="{plant()}", server_default="{plant()}")
    token: Mapped[str] = mapped_column(sa.String(80), server_default=sa.text("'{plant()}'"), comment="Token={plant()}")
    token_type: Mapped[str] = mapped_column(default="bearer", server_default="bearer")
    secret: Mapped[str] = mapped_column(sa.Enum("one", "{plant()}", name="secrets"), onupdate="{plant()}", doc="{plant.token()}")
    source: Mapped[str] = mapped_column(default="{plant.dsn("redis")}", server_default="{plant.dsn("amqp")}")
    api_key: Mapped[str] = mapped_column(sa.Computed("'{plant()}' || token"))
    """{plant.dsn()}"""
    broken: Mapped[str] = mapped_column(sa.ForeignKey("nowhere.id"))
'''


def failing(plant):
    """Modules that fail on import, each in another way, with a value in its message."""
    return {
        "fails_literal.py": f'raise ValueError("cannot reach {plant.dsn()} with {plant()}")\n',
        "fails_formatted.py": f'word = "{plant()}"\nraise RuntimeError(f"wrong word {{word}} given")\n',
        "fails_percent.py": f'raise RuntimeError("wrong word %s given" % "{plant()}")\n',
        "fails_interpreter.py": f'int("{plant()}")\n',
        "fails_key.py": f'{{}}["{plant()}"]\n',
        "fails_assert.py": f'word = "{plant()}"\nassert word == "x", word\n',
        "fails_system.py": f'import sys\nsys.exit("{plant()}")\n',
        "fails_chained.py": f"try:\n    float('{plant()}')\nexcept ValueError as error:\n    raise RuntimeError('bad') from error\n",
        "fails_unicode.py": f"b'\\xff{plant()}'.decode()\n",
        "fails_field.py": (
            "from pydantic import BaseModel\nclass M(BaseModel):\n    port: int\n    inner: dict[str, int]\n"
            f"M(port='{plant()}', inner={{'{plant()}': 'x'}})\n"
        ),
        "fails_model.py": (
            "from pydantic import BaseModel, field_validator\nclass M(BaseModel):\n    word: str\n"
            "    @field_validator('word')\n    def check(cls, value):\n        raise ValueError('not ' + value)\n"
            f"M(word='{plant()}')\n"
        ),
        "fails_prints.py": f"import os\nos.write(2, b'password is {plant()}')\nos._exit(3)\n",
        "fails_path.py": f"open('/nonexistent/{plant()}/x')\n",
    }


def swagger(plant):
    """A Swagger 2.0 document with secrets."""
    return {
        "swagger": "2.0",
        "info": {"title": "Old", "version": "1", "description": plant.dsn()},
        "host": "example.org",
        "paths": {"/x": {"get": {
            "description": plant.token(),
            "parameters": [{"name": "api_key", "in": "header", "type": "string", "default": plant()}],
            "responses": {"200": {"description": "ok", "examples": {"application/json": {"token": plant()}}}},
        }}},
        "definitions": {"M": {"type": "object", "properties": {"secret": {"type": "string", "example": plant()}}}},
    }  # fmt: skip


def database(plant, path):
    """A live database with secrets in its catalog."""
    connection = sqlite3.connect(path)
    connection.execute(
        f"CREATE TABLE accounts (id INTEGER PRIMARY KEY, password TEXT DEFAULT '{plant()}', source TEXT"
        f" DEFAULT '{plant.dsn()}', token TEXT, token_type TEXT DEFAULT 'bearer', CHECK (token <> '{plant()}'))"
    )
    connection.commit()
    connection.close()


@pytest.fixture
def planted(tmp_path):
    """A project with secrets everywhere, and the secrets."""
    plant = Planter()
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    files = {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
        "shop/__init__.py": "",
        "shop/main.py": application(plant),
        "shop/models.py": tables(plant),
        "old.json": json.dumps(swagger(plant)),
        ".env": f"API_TOKEN={plant()}\nDATABASE_URL={plant.dsn()}\n",
    }
    for name, text in failing(plant).items():
        files[f"bad/{name}"] = text
        files[f"bad/{name[:-3]}/__init__.py"] = ""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    database(plant, root / "live.db")
    return root, plant.made


@pytest.fixture
def run(planted, monkeypatch, capfd):
    """Return what runs `doc` and returns what it said on both streams."""
    monkeypatch.chdir(planted[0])

    def said(*words):
        code = exit_code("doc", list(words))
        out, err = capfd.readouterr()
        assert code in (0, 1, 2), err
        return out + err

    return said


def leaks(secrets, texts):
    """The secrets that stand in a text, escaped or not."""
    joined = "\n".join(texts)
    joined += joined.replace("\\n", "\n").replace("\\/", "/")
    return [secret for secret in secrets if secret in joined]


def written(root):
    """Everything that was written below the project's documents."""
    return [path.read_text() for path in (root / ".claude").rglob("*.*") if path.is_file()]


def test_no_planted_secret_of_an_import_is_written_or_said(planted, run):
    """Imported, read as a document, read live; facts, OpenAPI, Markdown, both streams."""
    root, secrets = planted
    assert len(secrets) >= 80
    said = [
        run("new", "api", "shop", "--app", "shop.main:app", "--verbose"),
        run("facts", "api", "--app", "shop.main:app", "--json"),
        run("new", "schema", "shop", "--dialect", "postgresql", "--verbose"),
        run("facts", "schema", "--database-url", "sqlite:///live.db", "--json"),
        run("facts", "schema", "--metadata", "shop.models:Base", "--database-url", f"sqlite:///{root}/live.db", "--json"),
        run("facts", "api", "--openapi", "old.json", "--json"),
        run("new", "api", "old", "--openapi", "old.json"),
        run("check"),
        run("diff"),
    ]  # fmt: skip
    texts = written(root)
    assert any('"accounts"' in text for text in texts)
    assert any("POST /login" in text or "/login" in text for text in texts)
    assert leaks(secrets, [*said, *texts]) == []
    schema = next(text for text in texts if '"kind": "schema"' in text)
    assert "'bearer'" in schema
    assert any(
        '"token_type": "bearer"' in text or '"token_type":"bearer"' in text for text in texts
    )


def test_no_planted_secret_of_a_failed_import_is_written_or_said(planted, run):
    """What cannot be imported is read from its source, through the same door."""
    root, secrets = planted
    for name in ("main", "models"):
        path = root / "shop" / f"{name}.py"
        path.write_text("import not_installed_anywhere\n" + path.read_text())
    said = [
        run("new", "api", "shop", "--verbose"),
        run("facts", "api", "--json"),
        run("new", "schema", "shop", "--verbose"),
        run("facts", "schema", "--json"),
    ]
    texts = written(root)
    assert any("not_installed_anywhere" in text for text in texts)
    assert any("/login" in text for text in texts)
    assert any('"accounts"' in text for text in texts)
    assert leaks(secrets, [*said, *texts]) == []


@pytest.mark.parametrize("name", sorted(failing(Planter())))
def test_the_reason_of_a_failed_import_names_no_value(planted, run, name):
    """Whatever the message of an exception holds, its type and its names alone are told."""
    root, secrets = planted
    module = f"bad.{name.removesuffix('.py')}_"
    (root / "bad" / f"{name.removesuffix('.py')}_.py").write_text((root / "bad" / name).read_text())
    said = run("facts", "api", "--app", f"{module}:app", "--verbose")
    assert "cannot be imported" in said
    assert leaks(secrets, [said]) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import a_module_that_is_missing", "No module named 'a_module_that_is_missing'"),
        ("from json import no_such_name", "cannot import name 'no_such_name' from 'json'"),
        ("import json\njson.nothing", "module 'json' has no attribute 'nothing'"),
        ("class Thing: ...\nThing().part", "'Thing' object has no attribute 'part'"),
        ("undefined_name", "name 'undefined_name' is not defined"),
        ("raise RuntimeError('no database is configured')", "no database is configured"),
        ("x = 7\nraise RuntimeError(f'port {x} is taken')", "RuntimeError: port … is taken"),
        ("raise LookupError('no %s for %s' % ('lock', 'you'))", "LookupError: no … for …"),
        ("def f(word): ...\nf()", "f() missing 1 required positional argument: 'word'"),
        ("open('settings.toml')", "FileNotFoundError: No such file or directory: settings.toml"),
        ("def", "SyntaxError: invalid syntax (main.py, line 1)"),
        (
            "from pydantic import BaseModel\nclass Settings(BaseModel):\n    port: int\n    name: str\nSettings(port='x')",
            "ValidationError: Settings: port (int_parsing), name (missing)",
        ),
        (
            "from sqlalchemy import *\nMetaData().reflect(create_engine('sqlite://'), only=['accounts_x'])",
            "InvalidRequestError: Could not reflect: requested table(s) not available in",
        ),
    ],
)
def test_the_reason_of_a_failed_import_keeps_what_is_needed(made, text, reason):
    """Types, modules, variables, fields and the author's own words say what to do about it."""
    made.write({"main.py": f"{text}\n"})
    with pytest.raises(Exception, match="cannot be imported") as caught:
        made.api(app="main:app")
    assert reason in caught.value.message


def test_no_planted_secret_reaches_the_site(planted, run):
    """The pages that a site makes of the documents hold none of them."""
    root, secrets = planted
    run("new", "api", "shop", "--app", "shop.main:app")
    run("new", "schema", "shop", "--dialect", "postgresql")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text("# Shop\n")
    (root / "mkdocs.yml").write_text(
        "site_name: shop\ntheme: {name: material, font: false}\nplugins: [search, footnotary]\n"
    )
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = [
        path.read_text()
        for path in (root / "site").rglob("*")
        if path.suffix in (".html", ".json", ".md", ".txt", ".xml")
    ]
    assert any("/login" in page for page in pages)
    assert leaks(secrets, pages) == []

"""Secrets planted everywhere in a project reach no output of the deploy and impl readers."""

import random
import re
import string
import subprocess
import sys
from datetime import date

import pytest

from footnotary.documents.deploy import DEPLOY
from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import Context
from footnotary.errors import FootnotaryError
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, impl

ALPHABET = string.ascii_letters + string.digits
SHAPES = (
    lambda pick: f"ghp_{pick(36)}",
    lambda pick: f"sk_live_{pick(24)}",
    lambda pick: f"AKIA{pick(16).upper()}",
    lambda pick: f"eyJ{pick(20)}.eyJ{pick(30)}.{pick(27)}",
    lambda pick: f"hunter-{pick(6)}",
    lambda pick: f"{pick(8)}!{pick(3)}",
    lambda pick: f"correct-horse-{pick(5).lower()}-staple",
    lambda pick: f"{pick(40).lower()}",
    lambda pick: f"{pick(6)}@{pick(4)}/{pick(4)}",
    lambda pick: f"xoxb-{pick(12)}-{pick(24)}",
)


class Planter:
    """Makes secrets that are all different and remembers them."""

    def __init__(self):
        self.random = random.Random(20261123)
        self.made = []

    def __call__(self, shape=None):
        """Return a new secret of one of the shapes, in turn."""
        make = SHAPES[len(self.made) % len(SHAPES) if shape is None else shape]
        self.made.append(make(lambda n: "".join(self.random.choices(ALPHABET, k=n))))
        return self.made[-1]

    def dsn(self, scheme="postgresql"):
        """Return a DSN with a secret password."""
        return f"{scheme}://shop:{self()}@db.internal.example:5432/shop"

    def pem(self):
        """Return a private key with a secret body of one line."""
        return f"-----BEGIN PRIVATE KEY-----\n{self(7)}\n-----END PRIVATE KEY-----"


@pytest.fixture
def planted(tmp_path):
    """A project with some 200 secrets, and the secrets."""
    plant = Planter()
    root = tmp_path / "shop"
    for folder in ("src/shop", "docs", ".github/workflows", "broken"):
        (root / folder).mkdir(parents=True)
    write = {
        "compose.yaml": compose(plant),
        "compose.override.yaml": override(plant),
        ".env": dotenv(plant, 14),
        ".env.example": dotenv(plant, 8),
        "service.env": dotenv(plant, 8),
        "Dockerfile": dockerfile(plant),
        "pyproject.toml": pyproject(plant),
        "Makefile": f"deploy:\n\tcurl -H 'Authorization: {plant()}' https://x.example\n"
        f"TOKEN = {plant()}\nbackup: ## {plant()}\n\tpg_dump {plant.dsn()}\n",
        "justfile": f'key := "{plant()}"\nrelease token="{plant()}":\n    echo {plant()}\n',
        "README.md": f"# Shop\n\nUse {plant.dsn()} and `{plant(0)}` to log in.\n",
        "docs/guide.md": samples(plant),
        ".github/workflows/ci.yml": workflow(plant),
        ".gitlab-ci.yml": gitlab(plant),
        "src/shop/__init__.py": f'"""The shop; token {plant(0)}."""\n',
        "src/shop/config.py": settings(plant),
        "src/shop/main.py": code(plant),
        "src/shop/plain.py": plain(plant),
        "src/shop/broken.py": f'KEY = "{plant()}"\ndef f(:\n    "{plant()}"\n',
        "broken/compose.yaml": f"services:\n  web:\n    image: [\n  x: {plant()}\n: {plant()}\n",
        "broken/compose.tabs.yaml": f"services:\n\tweb: {plant()}\n",
        "broken/Dockerfile": f"FROM\nFRIM {plant()}\nRUN <<EOF\n{plant()}\n",
        "alembic.ini": f"sqlalchemy.url = {plant.dsn()}\n",
        "coverage.json": f'{{"files": "{plant()}"}}',
        ".importlinter": f"[importlinter]\nroot = {plant()}\n",
    }
    for path, text in write.items():
        (root / path).write_text(text)
    while len(plant.made) < 200:
        with (root / ".env").open("a") as stream:
            stream.write(f"EXTRA_{len(plant.made)}={plant()}\n")
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", root, *words], check=True, capture_output=True)
    subject = f"fix: use {plant(0)} and {plant.dsn()}"
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(
        ["git", "-C", root, *identity, "commit", "-qm", subject], check=True, capture_output=True
    )
    return Project(root.resolve()), plant.made


def compose(plant):
    """A compose file with secrets wherever one can stand."""
    return f"""
x-common: &common
  environment: &env
    COMMON_TOKEN: {plant()}
name: "{plant()}"
services:
  web:
    <<: *common
    image: example/web:1.2
    build:
      context: https://user:{plant()}@git.example/repo.git
      args:
        BUILD_TOKEN: {plant()}
        PLAIN: "{plant()}"
    command: serve --token={plant()} --password {plant()} -p{plant()} --api-key "{plant()}"
    entrypoint: ["run", "--secret", "{plant()}"]
    environment:
      DATABASE_URL: {plant.dsn()}
      REDIS: {plant.dsn("redis")}
      SENTRY: https://{plant()}@o1.ingest.example/1
      INNOCENT: {plant()}
      GREETING: "{plant()}"
      DEFAULTED: ${{DEFAULTED:-{plant(4)}}}
      REQUIRED: ${{REQUIRED:?{plant(4)}}}
      NESTED: ${{NESTED:-${{INNER:-{plant(4)}}}}}
      URL: https://example.org/?key={plant(0)}
      PEM: |
        {plant.pem().replace(chr(10), chr(10) + "        ")}
    env_file: [service.env, {{path: missing.env}}]
    labels:
      traefik.auth: "{plant()}"
      note: {plant()}
    healthcheck:
      test: ["CMD", "curl", "-H", "X-Token: {plant()}", "http://user:{plant()}@localhost"]
    ports: ["${{PORT:-{plant(4)}}}:80", "127.0.0.1:8000:8000"]
    volumes: ["./data:/data", "${{DATA:-/{plant(4)}}}:/mnt"]
    user: "${{WHO:-{plant(4)}}}"
    extra_hosts: ["{plant()}:127.0.0.1"]
    logging: {{driver: syslog, options: {{token: "{plant()}"}}}}
    deploy:
      resources: {{limits: {{memory: "${{MEM:-{plant(4)}}}"}}}}
    secrets: [api]
    configs: [conf]
  db:
    image: postgres:16
    environment:
      - POSTGRES_PASSWORD={plant()}
      - PGOPTIONS=-c secret={plant()}
      - COMMENT={plant()} # {plant()}
      - OTHER=${{OTHER-{plant(4)}}}
secrets:
  api: {{environment: API, x-value: "{plant()}"}}
configs:
  conf: {{content: "key={plant()}"}}
"""


def override(plant):
    """An override that adds and replaces secrets."""
    return f"""
services:
  web:
    environment: !override
      DATABASE_URL: {plant.dsn("mysql")}
      AUTH_{len(plant.made)}: {plant()}
    command: !reset null
  worker:
    image: "registry.example/worker:${{TAG:-{plant(4)}}}"
    command: ["celery", "-b", "{plant.dsn("amqp")}", "{plant()}"]
    environment: ["BROKER={plant.dsn("amqp")}", "X={plant()}"]
"""


def dotenv(plant, count):
    """A .env file: plain, quoted, exported, with comments, over lines, without names."""
    lines = [f"NAME_{index}={plant()}" for index in range(count)]
    lines += [f'QUOTED="{plant()}"', f"export EXPORTED='{plant()}'", f"# {plant()}"]
    lines += [f"DSN={plant.dsn()}", f'KEY_PEM="{plant.pem()}"', plant(), f"COLON: {plant()}"]
    return "\n".join([*lines, f"DEBUG=true # {plant()}", ""])


def dockerfile(plant):
    """A Dockerfile with secrets in every instruction that takes text."""
    return f"""# syntax=docker/dockerfile:1
# {plant()}
ARG TOKEN={plant()}
FROM python:3.12 AS base
LABEL key="{plant()}" maintainer={plant()}
ENV API_KEY={plant()} PLAIN={plant()} \\
    DATABASE_URL={plant.dsn()}
ENV OLD {plant()}
ARG PIP_INDEX_URL=https://user:{plant()}@pypi.example/simple
RUN --mount=type=secret,id=npm curl -u admin:{plant()} https://x.example
RUN <<EOF
export K={plant()}
EOF
HEALTHCHECK CMD curl -H "Authorization: {plant()}" http://localhost
ENTRYPOINT ["serve", "--token={plant()}", "{plant()}"]
CMD run --password {plant()} -k{plant()} {plant()}
"""


def pyproject(plant):
    """A pyproject.toml with a token in a requirement and in tables of tools."""
    return f"""[project]
name = "shop"
version = "1.0"
description = "A shop. {plant(0)}"
dependencies = ["fastapi", "private @ git+https://{plant()}@git.example/p.git"]
[project.scripts]
shop = "shop.main:run"
[tool.publish]
token = "{plant()}"
"""


def settings(plant):
    """Settings classes and other readings with secret defaults."""
    return f'''"""Settings. {plant.dsn()}"""
import os
from typing import Annotated, Literal
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings
from starlette.config import Config

PRIVATE = "{plant()}"
config = Config(".env")
A = os.environ.get("A_TOKEN", "{plant()}")
B = os.getenv("B_URL", "{plant.dsn()}")
C = config("C_PLAIN", default="{plant()}")
D = os.environ["D_TOKEN"] or "{plant()}"


class Settings(BaseSettings):
    """All of it."""

    key: SecretStr = SecretStr("{plant()}")
    plain: str = "{plant()}"
    url: str = "{plant.dsn()}"
    kind: Literal["{plant()}", "b"] = "{plant()}"
    noted: Annotated[str, Field(description="{plant()}")] = Field("{plant()}")
'''


def code(plant):
    """Application code with secrets in defaults, constants, docstrings and calls."""
    return f'''"""Serves the shop. Key: {plant(0)}"""
from fastapi import Depends, FastAPI
app = FastAPI(title="{plant()}")
TOKEN = "{plant()}"


def user(token: str = "{plant()}", password="{plant()}"):
    """Log in with {plant.dsn()}.

    Args:
        token: Such as {plant()}.
        other: Such as {plant()}.
    """
    raise ValueError("{plant()}")


@app.get("/items", dependencies=[Depends(user)])
def items(key: str = "{plant()}"):
    """List. Use {plant(0)}."""
    return client.get("{plant.dsn("https")}", headers={{"x": "{plant()}"}})
'''


def plain(plant):
    """A module whose docstrings are clean, with secrets in values, defaults and types."""
    return f'''"""Clean words only."""
from typing import Annotated, Literal

VALUE = "{plant()}"
TYPED: Literal["{plant(4)}"] = "{plant(4)}"


class Plain:
    """A class."""

    kind: Literal["{plant(4)}", "b"] = "{plant()}"
    noted: Annotated[str, "{plant()}"] = "{plant()}"
    value = "{plant()}"

    def method(self, word="{plant()}", other: Literal["{plant(4)}"] = None):
        """Do."""


def visible(word: str = "validation") -> int:
    """Do."""


def function(word="{plant()}", *, more=("{plant()}", 1), table={{"a": "{plant()}"}}):
    """Do."""
'''


def samples(plant):
    """Markdown with a v1 sample that holds secrets."""
    return f"""# Guide {plant()}

```python
class Login(BaseModel):
    token: str = "{plant()}"

    class Config:
        orm_mode = True
        schema_extra = {{"example": "{plant()}"}}


Login(token="{plant()}").dict()
```
"""


def workflow(plant):
    """A workflow with literal secrets."""
    return f"""name: "CI"
on:
  push: {{branches: [main]}}
env:
  TOKEN: {plant()}
jobs:
  test:
    runs-on: ubuntu-latest
    env: {{KEY: "{plant()}"}}
    steps:
      - uses: actions/checkout@v4
        with: {{token: "{plant()}"}}
      - run: deploy --token {plant()} ${{{{ secrets.DEPLOY_KEY }}}}
"""


def gitlab(plant):
    """A pipeline with literal secrets."""
    return f"""variables:
  TOKEN: {plant()}
deploy:
  image: example/deploy:1
  script: ["push --key {plant()} $DEPLOY_TOKEN"]
"""


def outputs(project):
    """Everything the readers and documents give out for a project."""
    found = []
    for kind, reader in ((DEPLOY, deploy.read_deploy), (IMPL, impl.read_impl)):
        facts = reader(project, ReadOptions())
        found.append(facts.model_dump_json())
        context = Context("shop", date(2026, 11, 23), "STEM", previous=facts)
        found += [part.markdown for part in kind.render(facts, context)]
        found += [data.decode() for data in kind.attachments(facts, context).values()]
    for options in (
        ReadOptions(compose_files=("broken/compose.yaml",)),
        ReadOptions(compose_files=("broken/compose.tabs.yaml",)),
        ReadOptions(compose_files=("broken/none.yaml",)),
    ):
        try:
            found.append(deploy.read_deploy(project, options).model_dump_json())
        except FootnotaryError as error:
            found.append(f"{error.message} {error.hint} {error.detail}")
    return found


def leaks(secrets, texts):
    """The secrets whose text, or that of a part of them, is in an output."""
    joined = "\n".join(texts)
    joined += re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), joined)
    joined += joined.replace("\\n", "\n").replace("\\/", "/")
    return [secret for secret in secrets if secret in joined]


@pytest.mark.slow
def test_no_planted_secret_reaches_facts_documents_or_errors(planted, capfd, caplog):
    """200 secrets in code, compose, .env, Dockerfiles, CI, docs: names come out, no value."""
    project, secrets = planted
    assert len(secrets) >= 200
    texts = outputs(project)
    printed = capfd.readouterr()
    texts += [printed.out, printed.err, caplog.text]
    assert leaks(secrets, texts) == []
    assert "POSTGRES_PASSWORD" in texts[0]
    assert "INNOCENT" in texts[0]


def test_the_names_are_there_so_that_the_silence_means_something(planted):
    """What was planted was read: services, variables, forms and problems come out."""
    project, _ = planted
    facts = deploy.read_deploy(project, ReadOptions())
    names = {variable.name for variable in facts.matrix}
    assert {"DATABASE_URL", "API_KEY", "KEY", "PLAIN", "DEFAULTED", "NAME_0", "A_TOKEN"} <= names
    assert {one.code for one in facts.hardening} >= {"inline-secret", "build-secret"}
    built = impl.read_impl(project, ReadOptions())
    assert any(one.sample for one in built.remnants)
    assert any(problem.contradicts for problem in built.docstrings)
    assert built.summary["unparsed"] == 1


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["deploy", "impl"])
@pytest.mark.parametrize("words", [["new"], ["facts", "--json"]], ids=["new", "facts"])
def test_no_planted_secret_reaches_a_command(planted, kind, words):
    """`doc new` and `doc facts` write and print none of them, not even when verbose."""
    project, secrets = planted
    verb, *rest = words
    arguments = [verb, kind, *(["shop"] if verb == "new" else rest), "--verbose"]
    script = f"from footnotary.cli.running import run; run('doc', {arguments!r})"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    written = [path.read_text() for path in (project.root / ".claude").rglob("*.*")]
    assert leaks(secrets, [done.stdout, done.stderr, *written]) == []


@pytest.mark.slow
def test_no_planted_secret_reaches_the_site(planted, tmp_path):
    """The reference that mkdocstrings renders shows no secret default, value or docstring."""
    project, secrets = planted
    context = Context("shop", date(2026, 11, 23), "STEM")
    pages = tmp_path / "docs"
    pages.mkdir()
    for kind, reader in ((DEPLOY, deploy.read_deploy), (IMPL, impl.read_impl)):
        parts = kind.render(reader(project, ReadOptions()), context)
        (pages / f"{kind.name}.md").write_text("\n\n".join(part.markdown for part in parts))
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: shop\ntheme: {name: material, font: false}\n"
        "plugins:\n  - search\n  - mkdocstrings: {handlers: {python: {paths: ["
        f"{project.root}/src]}}}}}}\n"
        "markdown_extensions: [attr_list, md_in_html, tables]\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    site = [path.read_text() for path in (tmp_path / "site").rglob("*.html")]
    site += [path.read_text() for path in (tmp_path / "site").rglob("*.json")]
    for name in ("Plain", "function", "visible"):
        assert f'id="shop.plain.{name}"' in "".join(site)
    page = re.sub("<[^>]+>", "", (tmp_path / "site" / "impl" / "index.html").read_text())
    assert "def function(word=…, *, more=(…, 1), table={" in page
    assert "def method(self, word=…, other: Literal[…]=None):" in page
    assert leaks(secrets, site) == []

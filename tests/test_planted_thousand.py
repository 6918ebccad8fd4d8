"""A thousand secrets of thirty kinds, at every place where one can stand, reach no output."""

import base64
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
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, impl
from footnotary.secrecy import prose
from tables import each_row
from test_secrets import leaks

ALNUM = string.ascii_letters + string.digits
RANDOM = random.Random(20261123)


def pick(length, alphabet=ALNUM):
    """A random text that mixes letters and digits."""
    while True:
        text = "".join(RANDOM.choices(alphabet, k=length))
        if any(c.isdigit() for c in text) and any(c.isalpha() for c in text):
            return text


def digits(length):
    """A random number."""
    return str(RANDOM.randint(10 ** (length - 1), 10**length - 1))


# Each is the part that must not be seen, and how it is written.
KINDS = {
    "alphanumeric": lambda: pick(20),
    "lower and digits": lambda: pick(24, string.ascii_lowercase + string.digits),
    "hex": lambda: pick(32, "0123456789abcdef"),
    "upper hex": lambda: pick(40, "0123456789ABCDEF"),
    "base32": lambda: pick(32, string.ascii_uppercase + "234567"),
    "base64": lambda: base64.b64encode(pick(21).encode()).decode(),
    "base64url": lambda: pick(43, ALNUM + "-_"),
    "uuid": lambda: "-".join(pick(n, "0123456789abcdef") for n in (8, 4, 4, 4, 12)),
    "jwt": lambda: f"eyJ{pick(17)}.eyJ{pick(40)}.{pick(43)}",
    "github": lambda: f"github_pat_{pick(22)}_{pick(59)}",
    "gitlab": lambda: f"glpat-{pick(20)}",
    "slack": lambda: f"xoxp-{digits(12)}-{digits(12)}-{pick(24)}",
    "webhook": lambda: f"T{pick(8).upper()}/B{pick(8).upper()}/{pick(24)}",
    "stripe": lambda: f"rk_live_{pick(24)}",
    "google": lambda: f"AIzaSy{pick(33)}",
    "aws id": lambda: f"AKIA{pick(16, string.ascii_uppercase + string.digits)}",
    "aws secret": lambda: pick(40, ALNUM + "/+"),
    "azure": lambda: f"{pick(43, ALNUM + '/+')}=",
    "sendgrid": lambda: f"SG.{pick(22)}.{pick(43)}",
    "npm": lambda: f"npm_{pick(36)}",
    "openai": lambda: f"sk-proj-{pick(48)}",
    "telegram": lambda: f"{digits(10)}:AA{pick(33)}",
    "password": lambda: f"{pick(5)}!{pick(4)}_{pick(3)}",
    "short password": lambda: f"{pick(6)}9",
    "passphrase": lambda: f"{pick(6).lower()}-horse-{pick(6).lower()}-staple",
    "leading digit": lambda: f"{digits(3)}{pick(12)}",
    "hash": lambda: f"2y10{pick(53)}",
    "long number": lambda: digits(16),
    "fernet": lambda: f"{pick(42, ALNUM + '-_')}=",
    "dotted": lambda: ".".join(pick(8) for _ in range(3)),
}


class Planter:
    """Makes secrets, one kind after the other."""

    def __init__(self):
        self.made = []

    def __call__(self):
        """Return a new secret."""
        kind = list(KINDS)[len(self.made) % len(KINDS)]
        self.made.append(KINDS[kind]())
        return self.made[-1]


COMPOSE = """\
x-shared: &shared
  environment: &env
    SHARED_{n}: "{s}"
services:
  map{n}:
    <<: *shared
    image: example/app:1
    environment:
      <<: *env
      PLAIN: "{s}"
      QUOTED: '{s}'
      DEFAULT: "${{A:-{s}}}"
      ALTERNATIVE: "${{B:+{s}}}"
      MESSAGE: "${{C:-${{D-{s}}}}}"
      URL: "https://u:{s}@example.org/x"
      QUERY: "https://example.org/?sig={s}"
    command: ["run", "--key", "{s}", "-k{s}", "--set=a={s}"]
    entrypoint: sh -c "login {s} && exec app"
    healthcheck:
      test: ["CMD-SHELL", "curl -u admin:{s} http://localhost/{s} || exit 1"]
    labels:
      - "auth.users=admin:{s}"
      - "{s}"
    build:
      context: .
      args:
        - TOKEN={s}
        - "{s}"
      labels: {{token: "{s}"}}
      cache_from: ["{s}"]
    hostname: "{s}"
    container_name: "{s}"
    extra_hosts: ["{s}:10.0.0.1"]
    ports: ["${{P:-{s}}}:80"]
    user: "${{U:-{s}}}"
    restart: "${{R:-{s}}}"
    logging: {{options: {{syslog-address: "tcp://{s}@logs"}}}}
    annotations: {{note: "{s}"}}
    post_start: [{{command: ["auth", "{s}"]}}]
    provider: {{type: x, options: {{key: "{s}"}}}}
  list{n}:
    image: "example/app:${{T:-{s}}}"
    environment:
      - "PLAIN={s}"
      - "EMPTY="
      - "JSON={{\\"key\\": \\"{s}\\"}}"
      - "DEFAULT=${{A:-{s}}}"
    env_file: [one{n}.env]
    labels: ["token={s}"]
    depends_on: {{map{n}: {{condition: service_started}}}}
    volumes: ["${{V:-./{s}}}:/data"]
    secrets: [one]
    profiles: ["${{PR:-{s}}}"]
    x-note: "{s}"
secrets:
  one: {{environment: "{s}"}}
configs:
  two: {{content: "key={s}"}}
"""
DOTENV = """\
# {s}
PLAIN={s}
DOUBLE="{s}"
SINGLE='{s}'
export EXPORTED={s}
SPACED = {s} # {s}
URL=postgres://app:{s}@db/app
LINES="one
{s}"
PORT={s}
DEBUG=true # {s}
LOG_LEVEL={s}
"""
DOCKERFILE = """\
# {s}
ARG TOKEN={s}
FROM python:3.12 AS {q}
ARG PLAIN={s}
ENV ONE={s} TWO="{s}"
ENV THREE {s}
LABEL token={s} "note"="{s}"
ARG INDEX=https://{s}@pypi.example/simple
RUN --mount=type=secret,id=key,env={q} pip install --index-url https://u:{s}@x/simple app
RUN echo {s} && export K={s}
COPY --chown=app:app {s} /app
HEALTHCHECK CMD curl -H "X-Key: {s}" http://localhost/{s}
ENTRYPOINT ["app", "{s}", "--token={s}"]
CMD app {s} --password {s}
"""
MAKEFILE = """\
TOKEN := {s}
deploy: ; curl -H "Authorization: Bearer {s}" https://x
migrate:
\t@DATABASE_URL=postgres://a:{s}@db/a alembic upgrade head
backup: # {s}
\tpg_dump "postgres://a:{s}@db/a" > {s}.sql
"""
WORKFLOW = """\
name: CI
on:
  push: {{branches: [main]}}
  schedule: [{{cron: "0 1 * * *"}}]
env: {{KEY: "{s}"}}
jobs:
  build:
    runs-on: ubuntu-latest
    env: {{TOKEN: "{s}"}}
    services: {{db: {{image: "postgres:16", env: {{POSTGRES_PASSWORD: "{s}"}}}}}}
    steps:
      - uses: actions/checkout@v4
        with: {{token: "{s}"}}
      - run: |
          curl -u me:{s} https://x
          echo "{s}"
        env: {{A: "{s}"}}
"""
CODE = '''\
"""Talks to the shop."""

import os
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings

KEY = "{s}"
"""The key, such as {s}."""
TYPED: Literal["{s}"] = "{s}"
"""What it is."""
HEADERS = {{"Authorization": "Bearer {s}"}}


class Settings{n}(BaseSettings):
    """Settings of the shop."""

    plain: str = "{s}"
    described: str = Field("{s}", description="Like {s}", examples=["{s}"])
    annotated: Annotated[str, Field(default="{s}")] = "{s}"
    kind: Literal["{s}"] = "{s}"


@dataclass
class Client{n}:
    """A client.

    Attributes:
        key: The key.
    """

    key: str = "{s}"
    more: list[str] = field(default_factory=lambda: ["{s}"])

    def login(self, key: str = "{s}", *, pin: int = 12345678901, kind: Literal["{s}"] = "{s}"):
        """Log in.

        Args:
            key: The key.
            pin: The number.
            kind: The kind.
        """
        os.environ.get("LOGIN_{n}", "{s}")
        raise ValueError("{s}")

    @property
    def header(self) -> Literal["{s}"]:
        """The header."""
        return "{s}"


def example_{n}(word=b"{s}", table={{"{s}": 1}}, made=dict(a="{s}"), text=f"{s}"):
    """Show how.

    Example:
        >>> Client("{s}").login("{s}")
        >>> connect("postgres://u:{s}@db/x")

    ```python
    client = Client(key="{s}")
    ```
    """


def documented_{n}(key, secret):
    """Do with {s}.

    Args:
        key: As in `{s}`.
        secret: Never "{s}".

    Raises:
        ValueError: If it is not {s}.
    """


class Model{n}(BaseModel):
    """A model, key {s}."""

    class Config:
        """Old."""

        orm_mode = True
        schema_extra = {{"key": "{s}"}}

    def method(self, value="{s}"):
        """Use {s}."""
        self.state: Literal["{s}"] = value
        """Either {s} or not."""
        return self.dict()
'''
README = """\
[![CI](https://ci.example/badge.svg?token={s})](https://u:{s}@ci.example)

The shop at https://admin:{s}@shop.example, key {s}, password: {s}. Call it with `{s}` or "{s}".

```python
client = Client(key="{s}")
client.dict()
```
"""
INI = "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://a:{s}@db/a\n# {s}\n"
GITLAB = (
    'variables: {{TOKEN: "{s}"}}\njob:\n  image: "example/x:1"\n'
    '  script: ["login {s}", "curl https://u:{s}@x"]\n'
)
PYPROJECT = (
    '[project]\nname = "shop"\nversion = "1.0"\ndescription = "A shop with {s}."\n'
    'dependencies = ["x @ git+https://{s}@git.example/x.git"]\n'
    '[tool.thing]\nkey = "{s}"\n[[tool.uv.index]]\nurl = "https://u:{s}@pypi.example/simple"\n'
)
JUST = 'key := "{s}"\nrelease key="{s}":\n  curl -H "X: {s}" https://x\n'


def fill(template, plant, number=0):
    """Write a template, each place with a secret of its own."""
    text = re.sub(r"(?<!\{)\{s\}(?!\})|(?<=\{\{)\{s\}|\{s\}", lambda _: "\0", template)
    text = text.replace("{n}", str(number)).replace("{q}", "base").replace("{{", "{")
    text = text.replace("}}", "}")
    return re.sub("\0", lambda _: plant(), text)


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A project with more than a thousand secrets, and the secrets."""
    plant = Planter()
    root = tmp_path_factory.mktemp("planted") / "shop"
    files = {
        ".github/workflows/ci.yml": WORKFLOW,
        ".gitlab-ci.yml": GITLAB,
        "Makefile": MAKEFILE,
        "justfile": JUST,
        "README.md": README,
        "docs/guide.md": README,
        "alembic.ini": INI,
        "pyproject.toml": PYPROJECT,
        "src/shop/__init__.py": '"""The shop; its key is {s}."""\n',
    }
    for number in range(8):
        folder = f"part{number}/" if number else ""
        files |= {
            f"{folder}compose.yaml": COMPOSE,
            f"{folder}Dockerfile": DOCKERFILE,
            f"{folder}.env": DOTENV,
            f"{folder}one{number}.env": DOTENV,
            f"src/shop/part{number}.py": CODE,
        }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        number = int((re.findall(r"\d", path) or ["0"])[0])
        (root / path).write_text(fill(text, plant, number))
    return Project(root.resolve()), plant.made


def shown(project):
    """Everything that facts and documents say."""
    texts = []
    for kind, reader in ((DEPLOY, deploy.read_deploy), (IMPL, impl.read_impl)):
        facts = reader(project, ReadOptions())
        context = Context("shop", date(2026, 11, 23), "STEM", previous=facts)
        texts += [facts.model_dump_json(), *(p.markdown for p in kind.render(facts, context))]
    return texts


@pytest.mark.slow
def test_no_secret_of_any_kind_reaches_facts_or_documents(planted):
    """A thousand values, none shown; the names and structure around them are."""
    project, secrets = planted
    assert len(secrets) >= 1000
    texts = shown(project)
    assert leaks(secrets, texts) == []
    joined = "\n".join(texts)
    for name in ("QUOTED", "map3", "list6", "LOGIN_2", "example_4", "Settings5", "EXPORTED"):
        assert name in joined


@pytest.mark.slow
def test_no_secret_of_any_kind_reaches_a_command_or_the_site(planted):
    """What is written, printed, logged and published is free of them."""
    project, secrets = planted
    (project.root / "mkdocs.yml").write_text(
        "site_name: shop\ntheme: {name: material, font: false}\n"
        "plugins:\n  - search\n"
        "  - mkdocstrings: {handlers: {python: {paths: [src], inventories: []}}}\n"
        "  - footnotary\nmarkdown_extensions: [attr_list, md_in_html, tables]\n"
        "docs_dir: pages\n"
    )
    (project.root / "pages").mkdir(exist_ok=True)
    (project.root / "pages" / "index.md").write_text("# Shop\n")
    texts = []
    for program, *words in (
        ("doc", "new", "deploy", "shop", "--verbose"),
        ("doc", "new", "impl", "shop", "--verbose"),
        ("doc", "facts", "deploy", "--json"),
        ("doc", "check", "--verbose"),
        ("doc", "diff", "--verbose"),
        ("footnotary", "site", "build", "--verbose"),
    ):
        script = f"from footnotary.cli.running import run; run({program!r}, {words!r})"
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=project.root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in (0, 1), (words, done.stderr)
        texts += [done.stdout, done.stderr]
    for folder in (".claude", "site", ".footnotary"):
        for path in (project.root / folder).rglob("*"):
            if path.suffix in {".html", ".json", ".md", ".xml", ".txt", ".yaml"}:
                texts.append(path.read_text(errors="replace"))
    assert any('id="shop.part3.example_3"' in text for text in texts)
    assert leaks(secrets, texts) == []


@pytest.mark.slow
@each_row("length", [16, 20, 32, 40])
@each_row(
    "alphabet",
    [
        ALNUM,
        string.ascii_letters,
        string.ascii_lowercase,
        string.ascii_uppercase,
        string.ascii_lowercase + string.digits,
        string.ascii_uppercase + "234567",
        "0123456789abcdef",
        string.digits,
        ALNUM + "+/",
        ALNUM + "-_",
    ],
)
def test_no_key_made_at_random_passes_as_prose(alphabet, length):
    """Of 300 keys of any alphabet, from 16 characters on, none is a word."""
    keys = ["".join(RANDOM.choices(alphabet, k=length)) for _ in range(300)]
    assert [key for key in keys if key in prose.display_prose(f"Log in with {key} now.")] == []


@each_row(
    "text",
    [
        "Serves the shop over HTTP/1.1 with FastAPI, SQLAlchemy and PostgreSQL 16.",
        "See https://docs.python.org/3/library/os.html#os.environ for what is read.",
        "Returns the token of the user; raises if the password is wrong or too short.",
        "Don't call it twice: it's well-known (e.g. in OAuth2) - naïve, but 2 times faster.",
        "A 10MB file, the 2nd of 3, in 5s; v1.2.3 or Python 3.12, base64 and sha256.",
    ],
)
def test_ordinary_sentences_stay_as_they_are(text):
    """Words, numbers, units, versions, links and terms are prose."""
    assert prose.display_prose(text) == text


def test_a_name_of_the_code_is_shown_whatever_its_form():
    """Identifiers are printed by name elsewhere: they are no values."""
    text = "Calls parse_X9z_tokenizerStateMachine2 first."
    assert prose.display_prose(text) == "Calls … first."
    assert prose.display_prose(text, {"parse_X9z_tokenizerStateMachine2"}) == text

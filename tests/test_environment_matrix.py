"""The environment matrix: who reads, who sets, and where the two miss."""

# ruff: noqa: E501, ISC004  a row of a table is one line

import subprocess
import textwrap

import pytest

from footnotary.documents import deploy_stacks
from footnotary.documents.deploy import render_matrix, show_required
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, environment
from footnotary.source import Tree
from tables import each_row


def readings(tmp_path, source):
    """The readings of one module, by variable."""
    (tmp_path / "settings.py").write_text(textwrap.dedent(source))
    return {one.name: one for one in environment.read_environment(Tree(tmp_path)).readings}


def verdicts(tmp_path):
    """The verdicts of a project, by variable."""
    facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
    return {one.name: "; ".join(one.verdicts) for one in facts.matrix if one.verdicts}


def test_settings_fields_are_variables_with_prefix_type_and_default(tmp_path):
    """Prefix and field make the name; the type is shown, defaults only if allow-listed."""
    found = readings(
        tmp_path,
        """
        from typing import Annotated, Literal
        from pydantic import AliasChoices, Field, SecretStr, field_validator
        from pydantic_settings import BaseSettings, SettingsConfigDict

        class Base(BaseSettings):
            model_config = SettingsConfigDict(env_prefix="SHOP_")

        class Settings(Base):
            model_config = SettingsConfigDict(env_prefix="SHOP_", extra="ignore")
            port: int = 8000
            key: SecretStr
            mode: Literal["dev", "other words"] = "dev"
            name: Annotated[str, Field(min_length=2)] = Field(default="x y z")
            old: str = Field(validation_alias=AliasChoices("OLD_A", "OLD_B"))
            level: str | None = None
            _hidden: int = 1

            @field_validator("port")
            @classmethod
            def _positive(cls, value): return value
        """,
    )
    assert set(found) == {
        "SHOP_PORT",
        "SHOP_KEY",
        "SHOP_MODE",
        "SHOP_NAME",
        "OLD_A",
        "OLD_B",
        "SHOP_LEVEL",
    }
    assert (found["SHOP_PORT"].type, found["SHOP_PORT"].shown_default) == ("int", "8000")
    assert found["SHOP_PORT"].validated
    assert found["SHOP_KEY"].required
    assert found["SHOP_KEY"].secret_type
    assert found["SHOP_MODE"].type == "Literal[dev, …]"
    assert found["SHOP_NAME"].type == "str"
    assert found["SHOP_NAME"].has_default
    assert found["SHOP_NAME"].shown_default == ""
    assert found["SHOP_LEVEL"].type == "str | None"
    assert not found["SHOP_LEVEL"].required


def test_a_field_with_two_names_requires_one_of_them(tmp_path):
    """Neither name is required by itself; a name that a compose file needs, too, is."""
    (tmp_path / "settings.py").write_text(
        "from pydantic import AliasChoices, Field\nfrom pydantic_settings import BaseSettings\n"
        "class Settings(BaseSettings):\n"
        "    old: str = Field(validation_alias=AliasChoices('OLD_A', 'OLD_B'))\n"
        "    key: str\n"
    )
    facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
    rows = {row.name: show_required(row) for row in facts.matrix}
    assert rows == {"OLD_A": "this or `OLD_B`", "OLD_B": "this or `OLD_A`", "KEY": "yes"}
    composed = facts.matrix[1].model_copy(update={"interpolated": ("compose.yaml",)})
    assert show_required(composed) == "yes"


def test_old_settings_classes_are_read_too(tmp_path):
    """The v1 form has its prefix in `class Config` and names in `env=`."""
    found = readings(
        tmp_path,
        """
        from pydantic import BaseSettings, Field

        class Settings(BaseSettings):
            a: str
            b: str = Field("x", env="B_NAME")

            class Config:
                env_prefix = "my_"
        """,
    )
    assert set(found) == {"MY_A", "B_NAME"}


def test_every_way_of_reading_a_variable_is_found(tmp_path):
    """os, its aliases, starlette, decouple and command options; required where it stops."""
    found = readings(
        tmp_path,
        """
        import os, typer
        import os as system
        from os import environ, getenv as get
        from starlette.config import Config
        from decouple import config as conf

        config = Config(".env")
        a = os.environ["A"]; b = os.environ.get("B", "5"); c = os.getenv("C")
        d = environ["D"]; e = get("E"); f = system.environ["F"]
        g = config("G", cast=int); h = config("H", default="no")
        i = conf("I"); j = "J" in os.environ
        os.environ["SET"] = "1"
        k = {}.get("K"); l = other.environ["L"]
        def run(port: int = typer.Option(1, envvar="M")): ...
        """,
    )
    assert set(found) == set("ABCDEFGHIJM")
    required = {name for name, one in found.items() if one.required}
    assert required == set("ADFGI")
    assert found["B"].shown_default == "5"
    assert found["G"].how == "starlette Config"
    assert found["G"].type == "int"


def test_computed_names_are_places_not_guesses(tmp_path):
    """A variable whose name is computed is reported by its place."""
    (tmp_path / "a.py").write_text("import os\nx = os.environ[f'{1}_X']\ny = os.getenv(name)\n")
    found = environment.read_environment(Tree(tmp_path))
    assert found.readings == []
    assert [str(place) for place in found.dynamic] == ["a.py:2", "a.py:3"]


def test_tests_are_not_the_application(tmp_path):
    """What tests read is not what the system needs."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("import os\nos.environ['ONLY_IN_TESTS']\n")
    assert environment.read_environment(Tree(tmp_path)).readings == []


def test_a_variable_that_only_the_override_passes_on_is_found(tmp_path):
    """What is in .env but reaches a container only where the override is merged, is said."""
    (tmp_path / ".env").write_text("SMTP_PORT=1025\nSHARED=1\n")
    (tmp_path / "compose.yml").write_text(
        "services: {api: {image: 'x:1', environment: {SHARED: '${SHARED}'}}}\n"
    )
    (tmp_path / "compose.override.yml").write_text(
        "services: {api: {environment: {SMTP_PORT: '1025'}}}\n"
    )
    found = verdicts(tmp_path)
    assert "only through compose.override.yml (the development override)" in found["SMTP_PORT"]
    assert "SHARED" not in found


def test_the_fastapi_template_loses_two_smtp_settings_outside_development(corpora):
    """SMTP_PORT and SMTP_TLS reach the container only through the development override."""
    root = corpora / "compose" / "full-stack-fastapi-template"
    facts = deploy.read_deploy(Project(root), ReadOptions())
    found = {one.name: "; ".join(one.verdicts) for one in facts.matrix}
    for name in ("SMTP_PORT", "SMTP_TLS"):
        assert "only through compose.override.yml (the development override)" in found[name]
    for name in ("SMTP_HOST", "SMTP_USER", "DATABASE_URL", "SECRET_KEY"):
        assert "only through" not in found[name]


def test_required_and_never_set_is_said(tmp_path):
    """The code stops without it and nothing in the project sets it."""
    (tmp_path / "app.py").write_text("import os\nos.environ['NEEDED']\nos.environ['GIVEN']\n")
    (tmp_path / "compose.yml").write_text(
        "services: {api: {build: ., environment: [GIVEN=1, UNREAD=2]}}\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM x:1\n")
    found = verdicts(tmp_path)
    assert found["NEEDED"] == "required by the code, set nowhere in the project's files"
    assert "no code reads it" in found["UNREAD"]
    assert "GIVEN" not in found


@each_row(
    ("file", "text"),
    [
        ("compose.yml", "services: {api: {image: 'x:1', environment: {API_KEY: hunter2}}}\n"),
        ("Dockerfile", "FROM scratch\nENV API_KEY=hunter2\n"),
        ("app.py", "import os\nos.getenv('API_KEY', 'hunter2')\n"),
    ],
)
def test_a_secret_with_a_value_in_a_file_is_a_finding(tmp_path, file, text):
    """Compose, Dockerfile and code: the place is named, the value is not."""
    (tmp_path / file).write_text(text)
    facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
    row = next(one for one in facts.matrix if one.name == "API_KEY")
    assert f"secret with a value in {file}" in row.verdicts[0]
    assert {one.code for one in facts.hardening} & {"inline-secret", "build-secret"}
    assert "hunter2" not in facts.model_dump_json()


def test_a_required_variable_without_value_names_the_stack_that_refuses(tmp_path):
    """`${X:?}` without .env is said of the stacks that use it."""
    (tmp_path / "compose.yml").write_text("services: {a: {image: 'x:${TAG:?set}'}}\n")
    assert "compose refuses compose.yml without it" in verdicts(tmp_path)["TAG"]
    (tmp_path / ".env").write_text("TAG=1\n")
    assert "TAG" not in verdicts(tmp_path)


def test_a_value_of_the_image_reaches_the_container(tmp_path):
    """ENV of the built Dockerfile is a way in: no file is then the only one."""
    (tmp_path / "settings.py").write_text('import os\nos.getenv("LEVEL")\n')
    (tmp_path / "compose.yaml").write_text("services: {api: {build: .}}\n")
    (tmp_path / "compose.override.yaml").write_text(
        "services: {api: {environment: {LEVEL: debug}}}\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM p:1\n")
    assert "only through compose.override.yaml" in verdicts(tmp_path)["LEVEL"]
    (tmp_path / "Dockerfile").write_text("FROM p:1\nENV LEVEL=info\n")
    assert "LEVEL" not in verdicts(tmp_path)


def test_a_sample_that_nothing_reads_is_named(tmp_path):
    """Who fills in .env.example should not be asked for what no program looks at."""
    (tmp_path / "settings.py").write_text('import os\nos.getenv("READ")\n')
    (tmp_path / ".env.example").write_text("READ=1\nOLD=1\n")
    assert verdicts(tmp_path) == {
        "OLD": "in .env.example, read and interpolated nowhere in the project's files"
    }


def test_that_no_variable_is_read_is_said_of_all_or_of_what_was_read(tmp_path):
    """A module, a compose file or a name that could not be read may hold what is not listed."""
    sentence = "No variable is read or set"
    for name, files, where in (
        ("whole", {"a.py": "x = 1\n"}, "."),
        ("module", {"a.py": "import os\nos.environ[\n"}, " in what could be read."),
        ("name", {"a.py": "import os\nx = os.environ[input()]\n"}, " in what could be read."),
        ("stack", {"a.py": "x = 1\n", "compose.yaml": "services: [\n"}, " in what could be read."),
    ):
        for path, text in files.items():
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / path).write_text(text)
        facts = deploy.read_deploy(Project(tmp_path / name), ReadOptions())
        said = render_matrix(facts) + "\n"
        assert f"{sentence}{where}\n" in said, name


ENV = "from environs import Env\nenv = Env()\n"
BASE = "from pydantic_settings import BaseSettings, SettingsConfigDict\n"
# Source of a module; the names it reads, `!` at those without which it stops, `…` at the beginnings
# of names; and whether a place is told where names are computed or all are handed on.
USES = [
    ("import os\nos.environ['A']", "A!", False),
    ("import os\nos.environb[b'A']", "A!", False),
    ("from os import environ as e\ne.get('A')", "A", False),
    ("from os import *\na = getenv('A'), environ['B']", "A B!", False),
    ("import os\nos.environ.pop('A'), os.environ.pop('B', '')", "A! B", False),
    ("import os\nos.environ.setdefault('A', '2')", "A", False),
    ("import os\nos.environ.__getitem__('A')", "A!", False),
    ("import os\nos.getenv(key='A')", "A", False),
    ("import os\nif 'A' in os.environ:\n    os.environ['A']", "A A", False),
    ("import os\ntry:\n    os.environ['A']\nexcept (KeyError, OSError):\n    pass", "A", False),
    ("import os\ntry:\n    os.environ['A']\nexcept OSError:\n    pass", "A!", False),
    ("import os\nfrom contextlib import suppress\nwith suppress(KeyError):\n    os.environ['A']",
     "A", False),
    ("import os\nos.environ['A'] = '1'\ndel os.environ['B']\nos.environ.update(C='1')", "", False),
    ("import os\ne = os.environ\na = e['A']", "A!", True),
    ("import os\ng = os.getenv\na = g('A')", "A", True),
    ("import os\ndef f(env=os.environ): return env['A']", "", True),
    ("import os\na = dict(os.environ)", "", True),
    ("import os\na = {**os.environ}", "", True),
    ("import os\na = os.environ | {}", "", True),
    ("import os\na = [k for k in os.environ]", "", True),
    ("import os\na = os.environ.copy(), os.environ.items()", "", True),
    ("import os\na = os.environ.get(f'{input()}_A')", "", True),
    ("import os\na = getattr(os, 'environ')", "", True),
    ("import os, subprocess\nsubprocess.run(['x'], env=os.environ)", "", True),
    ("import os\na = os.path.expandvars('$A/${B}')", "A B", False),
    ("import os\na = os.path.expandvars(input())", "", True),
    ("from dotenv import dotenv_values\na = dotenv_values('.env')", "", True),
    ("from dynaconf import Dynaconf\na = Dynaconf(envvar_prefix='X')", "", True),
    ("import environ\n@environ.config(prefix='X')\nclass C: pass", "", True),
    ("import click\n@click.command(context_settings={'auto_envvar_prefix': 'X'})\ndef f(): ...",
     "", True),
    (f"{ENV}env.str('A'), env('B', 'x'), env.int('C', default=1), env.read_env('.env')",
     "A! B C", False),
    (f"{ENV}with env.prefixed('P_'):\n    env('A')\n    with env.prefixed('Q_'):\n        env('B')\n"
     "env('C')", "P_A! P_Q_B! C!", False),
    (f"{ENV}with env.prefixed(input()):\n    env('A')", "", True),
    ("from environs import Env\nenv = Env(prefix='P_')\nenv.str('A')", "P_A!", False),
    ("from environs import env\nenv.str('A')", "A!", False),
    ("import environ\nenv = environ.Env(D=(bool, False))\nenv('D'), env.db(), env.str('A', 'x')",
     "D D DATABASE_URL! A", False),
    ("from starlette.config import Config\nc = Config(env_prefix='P_')\nc('A'), c('B', str, 'x')",
     "P_A! P_B", False),
    ("from decouple import config\nconfig('A', 'x'), config('B', cast=int)", "A B!", False),
    ("app.config.from_prefixed_env(), app.config.from_envvar('A')\n# environ from_prefixed_env",
     "A! FLASK_…", False),
    (f"{BASE}class S(BaseSettings):\n a: int\nS(_env_prefix='P_')", "P_A!", False),
    (f"{BASE}class S(BaseSettings):\n a: int\nS(), S(_env_prefix='P_')", "A! P_A!", False),
    (f"{BASE}from functools import partial\nclass S(BaseSettings):\n a: int\n"
     "make = partial(S, _env_prefix='P_')", "P_A!", False),
    (f"{BASE}class S(BaseSettings):\n a: int\nK = {{'_env_prefix': 'P_'}}\nS(**K)", "P_A", False),
    (f"{BASE}class S(BaseSettings):\n a: int\nS(_env_prefix=input())", "", True),
    (f"{BASE}class S(BaseSettings):\n a: int\n b: int\nS(a=1)", "A B!", False),
    (f"{BASE}class S(BaseSettings):\n a: int\nS(a=1), S()", "A!", False),
    (f"{BASE}class S(BaseSettings):\n a: int\n"
     " def __init__(self): super().__init__(_env_prefix='P_')", "A!", True),
    (f"{BASE}from pydantic import create_model\nS = create_model('S', __base__=BaseSettings)",
     "", True),
    ("from pydantic.v1 import BaseSettings, Field\nclass S(BaseSettings):\n a: int = Field(1, alias='x')",
     "A", False),
    (f"{BASE}class D(BaseModel):\n x: int\nclass S(BaseSettings):\n d: D\n"
     "S(_env_nested_delimiter=input())", "D!", True),
    (f"{BASE}P = 'P_'\nclass S(BaseSettings):\n a: int\n"
     " model_config = SettingsConfigDict(extra='ignore') | SettingsConfigDict(env_prefix=P)",
     "P_A!", False),
    (f"{BASE}S = type('S', (BaseSettings,), {{}})", "", True),
    ("from pydantic.v1 import BaseSettings\nclass S(BaseSettings):\n a: int\n b: int\n c: int = 1\n"
     " class Config:\n  env_prefix = 'p_'\n  fields = {'a': {'env': 'x'}, 'b': {'env': ['y', 'z']}}",
     "X! Y! Z! P_C", False),
]  # fmt: skip


def test_each_use_of_the_environment_is_a_reading_or_a_place(tmp_path):
    """What names a variable is a reading of it; every other use is told by its place."""
    wrong = {}
    for number, (source, names, is_dynamic) in enumerate(USES):
        (tmp_path / f"{number}").mkdir()
        (tmp_path / f"{number}" / "a.py").write_text(f"{source}\n")
        found = environment.read_environment(Tree(tmp_path / f"{number}"))
        told = sorted(one.name + "!" * one.required + "…" * one.begins for one in found.readings)
        if told != sorted(names.split()) or bool(found.dynamic) != is_dynamic:
            wrong[source] = told, found.dynamic
    assert wrong == {}


def test_an_object_that_reads_variables_is_followed_into_other_modules(tmp_path):
    """`env` of one module reads variables in each that imports it."""
    (tmp_path / "conf.py").write_text(ENV)
    (tmp_path / "db.py").write_text("from conf import env\nURL = env('DB_URL')\n")
    assert [one.name for one in environment.read_environment(Tree(tmp_path)).readings] == ["DB_URL"]


def test_a_name_is_followed_to_the_module_beside_the_one_that_imports_it(tmp_path):
    """Of two modules of one name, in folders that are imported from, the neighbour is meant."""
    for folder in ("a", "b"):
        (tmp_path / folder / "app").mkdir(parents=True)
        (tmp_path / folder / "app" / "names.py").write_text(f"NAME = '{folder.upper()}'\n")
        (tmp_path / folder / "app" / "db.py").write_text(
            "import os\nfrom app.names import NAME\nos.environ[NAME]\n"
        )
    found = environment.read_environment(Tree(tmp_path)).readings
    assert [(one.name, one.place.path) for one in found] == [
        ("A", "a/app/db.py"),
        ("B", "b/app/db.py"),
    ]


def test_what_is_exported_of_a_module_that_cannot_be_read_is_not_followed_on_and_on(tmp_path):
    """`from p.q import r as q` means nothing that is known where q is broken, or is not there."""
    for name, (exports, more) in {
        "broken": ("from p.q import r as q\n", {"q.py": "def f(:\n"}),
        "missing": ("from p.q import r as q\n", {}),
        "in a circle": ("from p.q import r\nfrom p.r import q\n", {}),
    }.items():
        root = tmp_path / name / "p"
        root.mkdir(parents=True)
        text = "import os\nfrom p.q import r\nfrom p import q\nos.environ[r]\nos.environ[q.r]\n"
        for path, source in {"__init__.py": exports, "a.py": text, **more}.items():
            (root / path).write_text(source)
        found = environment.read_environment(Tree(tmp_path / name))
        assert [one.line for one in found.dynamic] == [4, 5], name


def test_a_star_brings_what_the_module_exports(tmp_path):
    """Names with an underscore too, where `__all__` has them."""
    for number, (exports, names) in enumerate((("__all__ = ['_name']\n", ["A"]), ("", []))):
        root = tmp_path / f"{number}"
        root.mkdir()
        (root / "names.py").write_text(f"{exports}_name = 'A'\n_other = ['_name']\n")
        (root / "a.py").write_text("import os\nfrom names import *\nos.environ[_name]\n")
        found = environment.read_environment(Tree(root)).readings
        assert [one.name for one in found] == names


def test_code_is_read_in_the_encoding_it_declares_or_named(tmp_path):
    """PEP 263 cookies and marks count, in scripts without a suffix too; what is no text is named."""
    text = "x = 'é'\nimport os\nos.environ['{0}']\n"
    (tmp_path / "a.py").write_bytes(("# coding: latin-1\n" + text.format("A")).encode("latin-1"))
    (tmp_path / "b.py").write_bytes(text.format("B").encode("utf-8-sig"))
    (tmp_path / "bin").mkdir()
    script = "#!/usr/bin/env python3\n" + text.format("C")
    (tmp_path / "bin" / "run").write_text(script)
    (tmp_path / "bad.py").write_bytes(text.format("D").encode("latin-1"))
    (tmp_path / "wide.py").write_bytes(text.format("E").encode("utf-16"))
    found = environment.read_environment(Tree(tmp_path))
    assert [one.name for one in found.readings] == ["A", "B", "C"]
    assert found.unparsed == ["bad.py", "wide.py"]


BUILT = "services:\n  api:\n    build: .\n"
# Files besides a module that needs ONE, and what is said of it.
SETTERS = [
    ({}, "set nowhere in the project's files"),
    ({".env": b"# caf\xe9\nONE=1\n"}, "unknown: .env could not be read"),
    ({"compose.yml": f"{BUILT}    env_file: x.env\n"}, "unknown: x.env is not in the project"),
    ({"compose.yml": f"{BUILT}    env_file: [{{path: x.env, required: false}}]\n"},
     "unknown: x.env is not in the project"),
    ({"compose.yml": f"{BUILT}    env_file: x.list\n", "x.list": b"\xff\xfeO\0"},
     "unknown: x.list could not be read"),
    ({"compose.yml": f"{BUILT}    env_file: /etc/x.env\n"},
     "unknown: /etc/x.env is not in the project"),
    ({"compose.yml": f"{BUILT}    env_file: conf/${{F}}\n"}, "unknown: conf/${F} is not"),
    ({"compose.yml": f"include: [gone.yml]\n{BUILT}"}, "unknown: gone.yml is not in the project"),
    ({"compose.yml": "services: {api: {extends: {file: gone.yml, service: b}}}\n"},
     "unknown: gone.yml is not in the project"),
    ({"compose.yml": BUILT, "Dockerfile": None},
     "unknown: Dockerfile, which compose.yml builds, is not in the project"),
    ({"compose.yml": "services: {api: {build: 'https://e.org/x.git'}}\n"},
     "unknown: what compose.yml builds from (a repository) is not"),
    ({"Dockerfile": b"# caf\xe9\nFROM x:1\n"}, "unknown: Dockerfile could not be read"),
    ({"b.py": "import os\ndef f(:\n    os.environ['ONE'] = '1'\n"}, "unknown: b.py could not be parsed"),
    ({"b.py": "import os\nfor k in input(): os.environ[k] = '1'\n"},
     "unknown: b.py:2 sets variables with computed names"),
    ({"b.py": "import os\nos.environ['ONE'] = '1'\n"}, ""),
    ({"b.py": "from dotenv import load_dotenv\nload_dotenv()\n"},
     "unknown: .env is not in the project"),
    ({"b.py": "from dotenv import load_dotenv\nload_dotenv(input())\n"},
     "unknown: b.py:2 loads a file with a computed name"),
    ({"b.py": "from pathlib import Path\nfrom dotenv import load_dotenv\n"
      "load_dotenv(Path(__file__).parent / 'prod.cfg')\n", "prod.cfg": "ONE=1\n"}, ""),
    ({"b.py": f"{BASE}class S(BaseSettings):\n model_config = SettingsConfigDict(env_file='.env')\n"},
     "unknown: .env is not in the project"),
    ({"b.py": f"{BASE}class S(BaseSettings): pass\nS(_env_file='x.env')\n"},
     "unknown: x.env is not in the project"),
    ({"b.py": f"{BASE}class S(BaseSettings):\n"
      " def settings_customise_sources(cls, a, env_settings): return env_settings, Toml(a)\n"},
     "unknown: the class at b.py:2 reads other sources"),
    ({"b.py": f"{BASE}class S(BaseSettings):\n def settings_customise_sources(cls, a, init_settings,"
      " env_settings): return init_settings, env_settings\n"}, "set nowhere in the project's files"),
    ({"b.py": "from pathlib import Path\nfrom dotenv import load_dotenv\nload_dotenv(Path('x.cfg'))\n",
      "x.cfg": "ONE=1\n"}, ""),
    ({"k8s/d.yml": "env: [{name: ONE, value: '1'}]\n"}, "but k8s/d.yml:1 names it"),
    ({"Makefile": "run:\n\tONE=1 python a.py\n"}, "but Makefile:2 names it"),
    ({".github/workflows/a.yml": "on: push\nenv: {ONE: 1}\njobs: {}\n"},
     "but .github/workflows/a.yml:2 names it"),
    ({"compose.yml": f"{BUILT}    command: sh -c 'ONE=1 python a.py'\n"}, "but compose.yml:4 names it"),
    ({"Dockerfile": "FROM x:1\nCMD ONE=1 python a.py\n"}, "but Dockerfile:2 names it"),
    ({"env/prod.env": "ONE=1\n"}, ""),
    ({"README.md": "Set `ONE` first.\n"}, "set nowhere in the project's files"),
    ({"api/x.build": "FROM x:1\nENV ONE=1\n",
      "compose.yml": "services: {api: {build: {context: api, dockerfile: x.build}}}\n"}, ""),
]  # fmt: skip


@pytest.mark.slow
def test_nothing_is_said_to_be_set_nowhere_while_a_file_that_may_set_it_is_unread(tmp_path):
    """What is ignored, missing or unreadable makes it unknown; a file that names it is named."""
    wrong = {}
    for number, (files, said) in enumerate(SETTERS):
        root = tmp_path / f"{number}"
        given = {"a.py": "import os\nos.environ['ONE']\n", "Dockerfile": "FROM x:1\n", **files}
        for path, text in given.items():
            if text is not None:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        facts = deploy.read_deploy(Project(root), ReadOptions())
        found = "; ".join(next(one for one in facts.matrix if one.name == "ONE").verdicts)
        if (said not in found) if said else ("required" in found):
            wrong[str(files)] = found
    assert wrong == {}


def test_what_git_ignores_may_set_a_variable(tmp_path, monkeypatch):
    """What git ignores is not read, so that what it may set is unknown, whether it is there or not.

    What the user's own configuration ignores changes nothing: another machine has another one.
    """
    users = tmp_path / "users"
    users.mkdir()
    (users / "git-ignores").write_text(".env\n")
    (users / ".gitconfig").write_text(f"[core]\nexcludesFile = {users}/git-ignores\n")
    monkeypatch.setenv("HOME", str(users))
    for number, (ignoring, said) in enumerate((
        ({".gitignore": ".env\n"}, (".env",)),
        ({".gitignore": "backend/.env\n"}, ("backend/.env",)),
        ({"backend/.gitignore": "/.env\n"}, ("backend/.env",)),
        ({".gitignore": ".env.local\n"}, (".env.local", "backend/.env.local")),
        ({".gitignore": "*.tmp\n"}, ()),
    )):  # fmt: skip
        root = tmp_path / str(number)
        (root / "backend").mkdir(parents=True)
        subprocess.run(["git", "init", "-q"], cwd=root, check=True)
        (root / "backend/main.py").write_text("import os\nos.environ['ONE']\n")
        for path, text in ignoring.items():
            (root / path).write_text(text)
        found = verdicts(root)["ONE"]
        clauses = [f"{path} is not read, as git ignores it" for path in said]
        assert ("unknown" in found) is bool(said), ignoring
        assert all(one in found for one in clauses[:1]), (found, clauses)
        for path in said:
            (root / path).write_text("ONE=1\n")
        assert verdicts(root)["ONE"] == found, ignoring


def test_a_variable_that_any_file_names_is_not_said_to_be_unread(tmp_path):
    """Scripts, notebooks, tests and commands read variables in ways that are not followed."""
    (tmp_path / "a.py").write_text("import os\nos.getenv('OTHER')\n")
    (tmp_path / "Dockerfile").write_text("FROM x:1\n")
    (tmp_path / "compose.yml").write_text(f"{BUILT}    environment: {{ONE: 1, TWO: 2}}\n")
    for number, (path, text) in enumerate({
        "run.sh": "exec uvicorn --port ${ONE}\n",
        "a.ipynb": '{"source": ["os.environ[\'ONE\']"]}',
        "tests/test_a.py": "import os\nos.environ['ONE']\n",
        "web/a.js": "process.env.ONE\n",
        "compose.override.yml": "services: {api: {command: 'sh -c \"echo $$ONE\"'}}\n",
    }.items()):  # fmt: skip
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
        found = verdicts(tmp_path)
        (tmp_path / path).unlink()
        assert "ONE" not in found, (number, path)
        assert "no code reads it in this project" in found["TWO"]


def test_only_a_default_that_the_code_holds_is_a_secret_in_it(tmp_path):
    """What is computed, asked for or made at random is no value in the file."""
    for number, (source, holds) in enumerate((
        ("import os\nos.getenv('API_KEY', 'hunter2')", True),
        ("import os\nKEY = 'hunter2'\nos.getenv('API_KEY', KEY)", True),
        ("import os\nos.getenv('API_KEY', load())", False),
        ("import os\nos.getenv('API_KEY', os.getenv('OTHER'))", False),
        ("import os\nos.getenv('API_KEY', settings.key)", False),
        ("import os\nos.getenv('API_KEY', '')", False),
        (f"{BASE}class S(BaseSettings):\n api_key: SecretStr = SecretStr('hunter2')", True),
        (f"{BASE}class S(BaseSettings):\n api_key: SecretStr = SecretStr('')", False),
        (f"{BASE}class S(BaseSettings):\n api_key: str = Field(default_factory=make)", False),
        (f"{BASE}class S(BaseSettings):\n api_key: str = os.environ['OTHER']", False),
        (f"{BASE}class S(BaseSettings):\n api_key: str = Field('hunter2')", True),
    )):  # fmt: skip
        root = tmp_path / f"{number}"
        root.mkdir()
        (root / "a.py").write_text(f"{source}\n")
        facts = deploy.read_deploy(Project(root), ReadOptions())
        assert [one.code for one in facts.hardening] == ["inline-secret"] * holds, source
        row = next(one for one in facts.matrix if one.name == "API_KEY")
        assert any("secret with a value" in one for one in row.verdicts) == holds, source


def test_whether_an_unread_env_file_sets_a_variable_is_unknown(tmp_path):
    """The table of interpolations says neither yes nor no of a .env that is no text."""
    (tmp_path / "compose.yml").write_text("services: {a: {image: 'x:${TAG}'}}\n")
    for data, said in ((None, "no"), (b"TAG=1\n", "yes"), (b"# \xe9\nTAG=1\n", "unknown")):
        if data is not None:
            (tmp_path / ".env").write_bytes(data)
        facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
        assert f"| `TAG` | empty | {said} |" in deploy_stacks.render_stacks(facts)

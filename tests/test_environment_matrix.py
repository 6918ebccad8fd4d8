"""The environment matrix: who reads, who sets, and where the two miss."""

import textwrap

import pytest

from footnotary.documents import environment_matrix
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, environment
from footnotary.source.tree import Tree


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
    found = verdicts(tmp_path)
    assert found["NEEDED"] == "required by the code, set nowhere in the project"
    assert "no code reads it" in found["UNREAD"]
    assert "GIVEN" not in found


@pytest.mark.parametrize(
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
    assert verdicts(tmp_path) == {"OLD": "in .env.example, read and interpolated nowhere"}


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
        said = environment_matrix.matrix(facts) + "\n"
        assert f"{sentence}{where}\n" in said, name

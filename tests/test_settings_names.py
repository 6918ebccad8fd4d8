"""Variables of settings classes: what pydantic-settings itself reads, imported and by source."""

import os
import sys
from importlib import util

import pytest

from footnotary.documents.registry import kind_named
from footnotary.documents.what_changed import why_not_compared
from footnotary.facts.basis import Place
from footnotary.facts.options import ReadOptions
from footnotary.probe.settings import import_settings
from footnotary.project import Project
from footnotary.readers import deploy, environment
from footnotary.source import Tree
from footnotary.source.settings import ImportedSettings
from footnotary.source.settings_fields import SettingsField
from tables import each_row

HEAD = """
import dataclasses
from enum import Enum
from typing import Annotated, ClassVar, Dict, Generic, List, Literal, Optional, TypeVar, Union
from pydantic import AliasChoices, AliasPath, BaseModel, ConfigDict, Field, SecretStr
from pydantic.alias_generators import to_camel
from typing_extensions import TypedDict
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

class Db(BaseModel):
    host: str = "x"
    port: int = 0

"""
NESTED = {"DB": '{"host": "1"}', "DB__HOST": "1", "DB__PORT": "1"}
# Body of a class, and its variables each with a value that the field takes (else "1"). A name in
# `…` begins variables; `None` as the second part of a row: the source alone does not tell.
CLASSES = {
    "plain": ("class S(BaseSettings):\n a: str = ''\n b_c: int = 0", ["A", "B_C"]),
    "prefix": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_prefix='P_')\n a: str = ''", ["P_A"]),
    "prefix in a dict": ("class S(BaseSettings):\n model_config = {'env_prefix': 'P_'}\n a: str = ''", ["P_A"]),
    "prefix in ConfigDict": ("class S(BaseSettings):\n model_config = ConfigDict(env_prefix='P_')\n a: str = ''", ["P_A"]),
    "class keyword": ("class S(BaseSettings, env_prefix='K_'):\n a: str = ''", ["K_A"]),
    "inherited prefix": ("class B(BaseSettings):\n model_config = SettingsConfigDict(env_prefix='P_')\nclass S(B):\n a: str = ''", ["P_A"]),
    "inherited field under a new prefix": ("class B(BaseSettings):\n a: str = ''\nclass S(B, env_prefix='P_'):\n pass", ["P_A"]),
    "prefix of the base replaced": ("class B(BaseSettings, env_prefix='B_'):\n pass\nclass S(B):\n model_config = SettingsConfigDict(env_prefix='P_')\n a: str = ''", ["P_A"]),
    "two bases": ("class A(BaseSettings):\n a: str = ''\nclass B(BaseSettings):\n b: str = ''\nclass S(A, B, env_prefix='P_'):\n pass", ["P_A", "P_B"]),
    "mixin": ("class M(BaseModel):\n a: str = ''\nclass S(M, BaseSettings):\n b: str = ''", ["A", "B"]),
    "alias in lower case": ("class S(BaseSettings):\n a: str = Field('', alias='database_url')", ["DATABASE_URL"]),
    "validation alias before alias": ("class S(BaseSettings):\n a: str = Field('', alias='x', validation_alias='y')", ["Y"]),
    "alias has no prefix": ("class S(BaseSettings, env_prefix='P_'):\n a: str = Field('', validation_alias='y')", ["Y"]),
    "prefix for all": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_prefix='P_', env_prefix_target='all')\n a: str = Field('', validation_alias='y')\n b: str = ''", ["P_Y", "P_B"]),
    "prefix for aliases": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_prefix='P_', env_prefix_target='alias')\n a: str = Field('', validation_alias='y')\n b: str = ''", ["P_Y", "B"]),
    "choices": ("class S(BaseSettings):\n a: str = Field('', validation_alias=AliasChoices('X', 'y'))", ["X", "Y"]),
    "path": ("class S(BaseSettings):\n a: str = Field('', validation_alias=AliasPath('items', 0))", {"ITEMS": '["1"]'}),
    "path in choices": ("class S(BaseSettings):\n a: str = Field('', validation_alias=AliasChoices('X', AliasPath('items', 0)))", {"X": "1", "ITEMS": '["1"]'}),
    "alias in Annotated": ("class S(BaseSettings):\n a: Annotated[str, Field(validation_alias='y')] = ''", ["Y"]),
    "by name too": ("class S(BaseSettings):\n model_config = SettingsConfigDict(populate_by_name=True)\n a: str = Field('', validation_alias='y')", ["Y", "A"]),
    "validate by name": ("class S(BaseSettings):\n model_config = SettingsConfigDict(validate_by_name=True, env_prefix='P_')\n a: str = Field('', validation_alias='y')", ["Y", "P_A"]),
    "never by alias": ("class S(BaseSettings):\n model_config = SettingsConfigDict(validate_by_alias=False, validate_by_name=True)\n a: str = Field('', validation_alias='y')", ["A"]),
    "alias generator": ("class S(BaseSettings):\n model_config = SettingsConfigDict(alias_generator=to_camel)\n some_key: str = ''", ["SOMEKEY"], None),
    "alias beside a generator": ("class S(BaseSettings):\n model_config = SettingsConfigDict(alias_generator=to_camel)\n some_key: str = Field('', validation_alias='own')", ["OWN"]),
    "case sensitive": ("class S(BaseSettings):\n model_config = SettingsConfigDict(case_sensitive=True, env_prefix='p_')\n Key: str = ''\n low: str = Field('', validation_alias='Low')", ["p_Key", "Low"]),
    "nested": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='__')\n db: Db = Db()", NESTED),
    "nested without delimiter": ("class S(BaseSettings):\n db: Db = Db()", {"DB": '{"host": "1"}'}),
    "nested optional": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='__')\n db: Db | None = None", NESTED),
    "nested under a prefix": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='__', env_prefix='P_')\n db: Optional[Db] = None", {f"P_{name}": value for name, value in NESTED.items()}),
    "nested twice": ("class In(BaseModel):\n db: Db = Db()\nclass S(BaseSettings, env_nested_delimiter='__'):\n top: In = In()", {"TOP": '{"db": {"host": "1"}}', "TOP__DB": '{"host": "1"}', "TOP__DB__HOST": "1", "TOP__DB__PORT": "1"}),
    "partial update": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='__', nested_model_default_partial_update=True)\n db: Db = Db(host='y')", NESTED),
    "nested alias": ("class In(BaseModel):\n key: str = Field('', alias='KeyOf')\nclass S(BaseSettings, env_nested_delimiter='__'):\n top: In = In()", {"TOP": '{"KeyOf": "1"}', "TOP__KEYOF": "1"}),
    "one split": ("class In(BaseModel):\n host_name: str = ''\nclass S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='_', env_nested_max_split=1)\n db: In = In()", {"DB": '{"host_name": "1"}', "DB_HOST_NAME": "1"}),
    "a delimiter that splits the name": ("class In(BaseModel):\n host_name: str = ''\n port: int = 0\nclass S(BaseSettings):\n model_config = SettingsConfigDict(env_nested_delimiter='_')\n db: In = In()", {"DB": '{"host_name": "1"}', "DB_PORT": "1"}),
    "settings in settings": ("class In(BaseSettings):\n model_config = SettingsConfigDict(env_prefix='IN_')\n key: str = ''\nclass S(BaseSettings, env_nested_delimiter='__'):\n top: In = Field(default_factory=In)", {"IN_KEY": "1", "TOP": '{"key": "1"}', "TOP__KEY": "1"}),
    "a mapping": ("class S(BaseSettings, env_nested_delimiter='__'):\n db: dict[str, str] = {}", {"DB": '{"a": "1"}', "DB__…": "1"}),
    "a dataclass": ("@dataclasses.dataclass\nclass In:\n host: str = ''\nclass S(BaseSettings, env_nested_delimiter='__'):\n db: In = dataclasses.field(default_factory=In)", {"DB": '{"host": "1"}', "DB__HOST": "1"}),
    "a typed mapping": ("class In(TypedDict):\n host: str\nclass S(BaseSettings, env_nested_delimiter='__'):\n db: Optional[In] = None", {"DB": '{"host": "1"}', "DB__HOST": "1"}),
    "members of a union": ("class A(BaseModel):\n kind: Literal['1'] = '1'\n left: str = ''\nclass B(BaseModel):\n kind: Literal['2'] = '2'\n right: str = ''\nclass S(BaseSettings, env_nested_delimiter='__'):\n one: Union[A, B] = B()", {"ONE": '{"kind": "1"}', "ONE__KIND": "1", "ONE__LEFT": "1", "ONE__RIGHT": "1"}),
    "lists are no models": ("class S(BaseSettings, env_nested_delimiter='__'):\n many: list[Db] = []", {"MANY": '[{"host": "1"}]'}),
    "not decoded": ("class S(BaseSettings):\n many: Annotated[list[str], NoDecode] = []", {"MANY": None}),
    "what is no field": ("class S(BaseSettings):\n LIMIT: ClassVar[int] = 3\n _own: int = 0\n a: str = ''", ["A"]),
    "a constant as prefix": ("PREFIX = 'C' + '_'\nclass S(BaseSettings, env_prefix=PREFIX):\n a: str = ''", ["C_A"]),
    "a shared configuration": ("SHARED = SettingsConfigDict(env_prefix='C_')\nclass S(BaseSettings):\n model_config = SHARED\n a: str = ''", ["C_A"]),
    "a spread configuration": ("SHARED = {'env_prefix': 'C_'}\nclass S(BaseSettings):\n model_config = SettingsConfigDict(**SHARED, extra='ignore')\n a: str = ''", ["C_A"]),
    "a computed prefix": ("import sys\nclass S(BaseSettings, env_prefix=sys.platform[:0] + 'Q_'):\n a: str = ''", ["Q_A"], None),
    "sources without variables": ("class S(BaseSettings):\n a: str = ''\n @classmethod\n def settings_customise_sources(cls, settings_cls, init_settings, **others):\n  return (init_settings,)", [], None),
    "sources that let some through": ("class F(EnvSettingsSource):\n def _load_env_vars(self):\n  return {k: v for k, v in super()._load_env_vars().items() if k != 'a'}\nclass S(BaseSettings):\n a: str = ''\n b: str = ''\n @classmethod\n def settings_customise_sources(cls, settings_cls, **others):\n  return (F(settings_cls),)", ["B"], None),
    "files besides": ("class S(BaseSettings):\n model_config = SettingsConfigDict(env_file='.env', secrets_dir=None, cli_parse_args=False)\n a: SecretStr = SecretStr('')", ["A"]),
    "a mixin before": ("class M:\n model_config = SettingsConfigDict(env_prefix='M_')\nclass S(M, BaseSettings):\n a: str = ''", ["A"]),
    "a mixin behind": ("class M:\n model_config = SettingsConfigDict(env_prefix='M_')\nclass S(BaseSettings, M):\n a: str = ''", ["M_A"]),
    "two settings classes": ("class A(BaseSettings, env_prefix='A_'):\n a: str = ''\nclass B(BaseSettings, case_sensitive=False):\n b: str = ''\nclass S(A, B):\n c: str = ''", ["A", "B", "C"]),
    "two settings classes, the other way": ("class A(BaseSettings, env_prefix='A_'):\n a: str = ''\nclass B(BaseSettings):\n b: str = ''\nclass S(B, A):\n c: str = ''", ["A_A", "A_B", "A_C"]),
    "a generic class": ("T = TypeVar('T')\nclass G(BaseSettings, Generic[T]):\n a: str = ''\nclass S(G[int]):\n b: str = ''", ["A", "B"]),
}  # fmt: skip


def written(values):
    """Names with values, whichever way a row gives them."""
    return values if isinstance(values, dict) else dict.fromkeys(values, "1")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """One module for each class."""
    root = tmp_path_factory.mktemp("settings")
    for number, row in enumerate(CLASSES.values()):
        (root / f"settings_{number}.py").write_text(f"{HEAD}\n{row[0]}\n")
    return Project(root)


def names_in(readings, number):
    """The names of one module's readings."""
    found = [one for one in readings if one.place.path == f"settings_{number}.py"]
    return {f"{one.name}…" if one.begins else one.name for one in found}


@pytest.mark.slow
def test_the_library_reads_the_names_that_are_told(project, monkeypatch):
    """Set a variable, and the field changes: for every name of a class, and for no other."""
    readings = environment.read_environment(
        Tree(project.root), import_settings(project, ReadOptions())
    ).readings
    assert {one.scope for one in readings} == {"imported"}
    wrong = {}
    for number, (title, row) in enumerate(CLASSES.items()):
        values = written(row[1])
        if names_in(readings, number) != set(values):
            wrong[title] = names_in(readings, number)
        spec = util.spec_from_file_location("made", project.root / f"settings_{number}.py")
        module = util.module_from_spec(spec)
        sys.modules["made"] = module
        spec.loader.exec_module(module)
        before = module.S()
        for name, value in values.items():
            if value is not None and not name.startswith("IN_"):
                variable = name.replace("…", "more")
                monkeypatch.setenv(variable, value)
                assert module.S() != before, (title, name)
                monkeypatch.delenv(variable)
                if name.upper() == name and variable.lower() not in os.environ:
                    monkeypatch.setenv(variable.lower(), value)
                    assert module.S() != before, (title, name)
                    monkeypatch.delenv(variable.lower())
        del sys.modules["made"]
    assert wrong == {}


def test_the_source_alone_tells_the_same_names(project):
    """What is not imported is read by the library's rules; what is computed is told by its place."""
    found = environment.read_environment(Tree(project.root))
    wrong = {}
    for number, (title, row) in enumerate(CLASSES.items()):
        names = names_in(found.readings, number)
        computed = any(one.path == f"settings_{number}.py" for one in found.dynamic)
        told = set() if row[2:] == (None,) else set(written(row[1]))
        if names != told or computed != (row[2:] == (None,)):
            wrong[title] = (names, computed)
    assert wrong == {}
    assert {one.scope for one in found.readings} == {"source"}


@pytest.mark.slow
def test_both_ways_tell_the_same_default(project):
    """Where the library tells whether a variable has a default, the source tells the same."""
    imported, found = (
        {
            (one.place.path, one.name): (one.required, one.has_default)
            for one in environment.read_environment(Tree(project.root), *given).readings
        }
        for given in ((import_settings(project, ReadOptions()),), ())
    )
    shared = imported.keys() & found.keys()
    assert {one: (imported[one], found[one]) for one in shared if imported[one] != found[one]} == {}
    assert len(shared) > len(CLASSES)
    assert {has_default for _, has_default in imported.values()} == {True, False}


SETTINGS = "from pydantic import BaseModel, Field, AliasChoices\nfrom pydantic_settings import BaseSettings\n"


@each_row(
    ("body", "files", "said"),
    [
        ("class S(BaseSettings):\n a: str = Field(alias='low')", {".env": "LOW=1"}, {}),
        ("class S(BaseSettings):\n a: str = Field(alias='low')", {".env": "Low=1"}, {}),
        (
            "class S(BaseSettings, case_sensitive=True):\n a: str",
            {".env": "A=1"},
            {"A": "interpolated nowhere", "a": "set nowhere"},
        ),
        (
            "class S(BaseSettings):\n a: str = Field(validation_alias=AliasChoices('x', 'y'))",
            {".env": "Y=1", ".env.example": "Y=1"},
            {},
        ),
        (
            "class D(BaseModel):\n host: str\nclass S(BaseSettings, env_nested_delimiter='__'):\n d: D",
            {".env": "D={}"},
            {},
        ),
        (
            "class D(BaseModel):\n host: str\nclass S(BaseSettings, env_nested_delimiter='__'):\n d: D",
            {},
            {"D__HOST": "set nowhere"},
        ),
        (
            "class S(BaseSettings, env_nested_delimiter='__'):\n d: dict[str, str] = {}",
            {".env": "d__any=1"},
            {},
        ),
        (
            "class B(BaseSettings):\n a: str\nclass S(B, env_prefix='P_'): pass",
            {".env": "P_A=1"},
            {},
        ),
        (
            "class B(BaseSettings):\n a: str\nclass S(B, env_prefix='P_'): pass\nB()",
            {".env": "P_A=1"},
            {"A": "set nowhere"},
        ),
        (
            "class S(BaseSettings, secrets_dir='/run/secrets'):\n pw: str",
            {
                "compose.yml": "services: {api: {build: ., secrets: [pw]}}\nsecrets: {pw: {file: ./pw}}\n"
            },
            {},
        ),
        ("class S(BaseSettings, env_prefix=str()):\n a: str", {".env": "A=1\nB=2"}, {}),
        ("class S(BaseSettings):\n a: str", {"compose.yml": "services: ["}, {"A": "is unknown"}),
        (
            "class S(BaseSettings):\n a: str = ''",
            {".env": "B=1", "new.py": "import os\nos.environ[\n"},
            {},
        ),
    ],
)
def test_what_a_settings_class_reads_is_known_by_all_its_names(tmp_path, body, files, said):
    """Letter case, aliases, nested names, secrets and what is unknown decide no verdict wrongly."""
    (tmp_path / "settings.py").write_text(f"{SETTINGS}{body}\n")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
    found = {one.name: "; ".join(one.verdicts) for one in facts.matrix if one.verdicts}
    assert found.keys() == said.keys(), found
    assert all(words in found[name] for name, words in said.items())


def test_a_deploy_document_takes_the_options_of_an_import():
    """Its settings classes are imported: with which Python and settings is said as for an API."""
    taken = kind_named("api").options & {"python", "env_file", "mocks", "timeout"}
    assert taken <= kind_named("deploy").options


def test_settings_that_are_known_in_two_ways_are_not_compared(tmp_path):
    """What only the import tells has not changed where the import fails."""
    text = "from pydantic_settings import BaseSettings\nclass S(BaseSettings, env_prefix=str('X_')):\n a: str = ''\n"
    (tmp_path / "settings.py").write_text(text)
    place = Place(path="settings.py", line=3)
    known = SettingsField("X_A", place, ("settings.py", "S"), scope="imported")
    told = ImportedSettings((known,), frozenset({("settings.py", "S")}))
    before = deploy.read_deploy(Project(tmp_path), ReadOptions(), told)
    after = deploy.read_deploy(Project(tmp_path), ReadOptions())
    assert [one.name for one in before.matrix] == ["X_A"]
    assert "settings classes were imported for one" in why_not_compared(before, after)
    assert why_not_compared(before, before) == why_not_compared(after, after) == ""

"""Pydantic v1 forms: by types of names, in code and in Markdown samples."""

# ruff: noqa: ISC004  a row of a table is one line

import textwrap

from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import impl
from tables import each_row

HEAD = "from pydantic import BaseModel, Field, validator, root_validator, conint, constr\n"
MODEL = "class User(BaseModel):\n    name: str\n"


def forms(tmp_path, source, **files):
    """The v1 forms of a package of one module and some others."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, text in {"models": HEAD + textwrap.dedent(source), **files}.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text))
    return [one.form for one in impl.read_impl(Project(tmp_path), ReadOptions()).remnants]


@each_row(
    ("source", "form"),
    [
        ("class A(BaseModel):\n    class Config:\n        orm_mode = True\n", "orm_mode"),
        ("class A(BaseModel):\n    class Config:\n        frozen = True\n", "class Config"),
        (
            "class A(BaseModel):\n    class Config:\n        allow_mutation = False\n",
            "allow_mutation",
        ),
        ("class A(BaseModel):\n    @validator('x')\n    def f(cls, v): ...\n", "@validator"),
        ("class A(BaseModel):\n    @root_validator\n    def f(cls, v): ...\n", "@root_validator"),
        ("class A(BaseModel):\n    x: conint(gt=0)\n", "conint"),
        ("class A(BaseModel):\n    x: constr(min_length=1)\n", "constr"),
        ("class A(BaseModel):\n    __root__: int\n", "__root__"),
        ("class A(BaseModel):\n    x: str = Field(regex='a')\n", "Field(regex=…)"),
        ("class A(BaseModel):\n    x: pydantic.constr(regex='a')\n", "constr(regex=…)"),
        (MODEL + "User(name='a').dict()\n", ".dict()"),
        (MODEL + "def f(us: list[User]): return [u.dict() for u in us]\n", ".dict()"),
        (MODEL + "def f(us: set[User]):\n    for u in us: u.copy()\n", ".copy()"),
        ("class A(BaseModel):\n    def f(self): return super().json()\n", ".json()"),
        (
            MODEL + "class S:\n    def __init__(self, u: User): self.u = u\n"
            "    def f(self): return self.u.dict()\n",
            ".dict()",
        ),
        (MODEL + "class S:\n    u: User\n    def f(self): return self.u.dict()\n", ".dict()"),
        (MODEL + "u = User(name='a')\nu.json()\n", ".json()"),
        (MODEL + "def f(u: User): return u.copy()\n", ".copy()"),
        (MODEL + "def f(u: User | None): return u.copy()\n", ".copy()"),
        (MODEL + "User.parse_obj({})\n", ".parse_obj()"),
        (MODEL + "User.parse_raw('')\n", ".parse_raw()"),
        (MODEL + "User.schema()\n", ".schema()"),
        (MODEL + "User.parse_obj({}).dict()\n", ".dict()"),
        (MODEL + "class Admin(User): ...\nAdmin().dict()\n", ".dict()"),
        ("class A(BaseModel):\n    def f(self): return self.dict()\n", ".dict()"),
        ("from pydantic import BaseSettings\n", "import of BaseSettings"),
        ("import pydantic\npydantic.parse_obj_as(int, 1)\n", "parse_obj_as"),
    ],
)
def test_every_form_of_the_migration_list_is_found(tmp_path, source, form):
    """Configuration, decorators, types, methods on classes and on typed names."""
    assert form in forms(tmp_path, source)


@each_row(
    "source",
    [
        "import requests\nrequests.get('x').json()\n",
        "response = client.get('x')\nresponse.json()\n",
        "d = {}\nd.copy()\n",
        MODEL + "def f(u: dict): return u.copy()\n",
        MODEL + "u = User(name='a')\nu = {}\nu.copy()\n",
        MODEL + "def f(User): return User.schema()\n",
        MODEL + "for u in things: u.dict()\n",
        MODEL + "def f(us: list[User]): return us.copy()\n",
        MODEL + "def f(us: tuple[()]): return [u.copy() for u in us]\n",
        "class Old:\n    class Config:\n        orm_mode = True\n",
        "import attr\nclass A:\n    @attr.validator\n    def f(self): ...\n",
        "import pydantic as p\nclass A(BaseModel):\n    model_config = p.ConfigDict(frozen=True)\n",
        "class A(BaseModel):\n    def copy(self): ...\n    def f(self): return self.copy()\n",
        MODEL + "User(name='a').model_dump()\n",
        MODEL + "for u in users(): u.dict()\nf = lambda u: u.dict()\n",
        MODEL + "def f(us: list[User]):\n    for u in us: pass\n    return lambda u: u.dict()\n",
        MODEL + "class S:\n    def __init__(self, u: User, d): self.d = d\n"
        "    def f(self): return self.d.dict(), super().json()\n",
        MODEL + "def f(us: dict[str, User]): return [u.copy() for u in us]\n",
    ],
)
def test_what_only_looks_like_one_is_left_alone(tmp_path, source):
    """`.json()` of a response, `.copy()` of a dict, another library's validator: no forms."""
    assert forms(tmp_path, source) == []


def test_models_are_known_across_modules_and_re_exports(tmp_path):
    """A model imported through a package is the model."""
    found = forms(
        tmp_path,
        MODEL,
        __init__="from .models import User\n",
        service="from shop import User\n\ndef f(u: User):\n    return u.dict()\n",
    )
    assert found == [".dict()"]


def test_markdown_samples_are_read_and_prose_is_not(tmp_path):
    """Python fences count, also without imports; prose, other fences and comments do not."""
    (tmp_path / "README.md").write_text(
        "Call `user.dict()` or:\n\n```python\nclass A(BaseModel):\n    class Config:\n"
        "        orm_mode = True\n\nA().dict()  # A().json()\n```\n\n"
        "```text\nA().dict()\n```\n\n```python\nnot python at all\n```\n"
    )
    assert forms(tmp_path, "x = 1\n") == ["class Config", "orm_mode", ".dict()"]
    remnants = impl.read_impl(Project(tmp_path), ReadOptions()).remnants
    assert [one.place.line for one in remnants] == [5, 6, 8]
    assert all(one.sample for one in remnants)


# Code, and the forms that are reported in it, `import of X` where the name alone is imported.
LEFT = [
    ("from pydantic import Extra\nx = Extra.forbid\n", {"import of Extra", "Extra.forbid"}),
    ("import pydantic\nx = pydantic.Extra.allow\n", {"Extra.allow"}),
    ("from pydantic.config import Extra, BaseConfig\n", {"import of Extra", "import of BaseConfig"}),
    ("from pydantic import BaseConfig\nclass C(BaseConfig):\n  orm_mode = True\n", {"import of BaseConfig", "orm_mode"}),
    ("from pydantic import Field\nx = Field('a', example='e')\n", {"Field(example=…)"}),
    ("from pydantic import Field\nx = Field('a', example='e', ge=1, examples=[1], json_schema_extra={})\n", {"Field(example=…)"}),
    ("from pydantic import Field as F\nx = F('a', x_secret=1, include=True)\n", {"Field(x_secret=…)", "Field(include=…)"}),
    ("from pydantic.tools import parse_obj_as\nparse_obj_as(int, 1)\n", {"parse_obj_as"}),
    ("from pydantic.class_validators import validator\nclass A:\n  @validator('x')\n  def f(cls, v): ...\n", {"@validator"}),
    ("from pydantic.decorator import validate_arguments\n@validate_arguments\ndef f(): ...\n", {"@validate_arguments"}),
    ("class U(str):\n  @classmethod\n  def __get_validators__(cls): yield cls\n", {"__get_validators__"}),
    ("class U(str):\n  @classmethod\n  def __modify_schema__(cls, s): ...\n", {"__modify_schema__"}),
    ("class U(str):\n  def __get_validators__(cls): ...\n  def __get_pydantic_core_schema__(cls): ...\n", set()),
    ("from pydantic import BaseModel\nclass A(BaseModel):\n  model_config = {'orm_mode': True, 'extra': 'forbid'}\n", {"model_config 'orm_mode'"}),
    ("from pydantic import BaseModel, ConfigDict\nclass A(BaseModel):\n  model_config = ConfigDict(schema_extra={})\n", {"ConfigDict(schema_extra=…)"}),
    ("from pydantic import BaseModel\nclass A(BaseModel, orm_mode=True): ...\n", {"class …(orm_mode=…)"}),
    ("from pydantic import BaseModel\nclass A(BaseModel): ...\nA.__config__\nA.update_forward_refs()\n", {".__config__", ".update_forward_refs()"}),
    ("from pydantic.generics import GenericModel\nclass A(GenericModel): ...\n", {"import of GenericModel"}),
    ("from pydantic.env_settings import BaseSettings\n", {"import of BaseSettings"}),
    ("from pydantic.json import pydantic_encoder\n", {"import of pydantic_encoder"}),
    ("from pydantic.error_wrappers import ValidationError\n", {"import of ValidationError"}),
    ("from pydantic.errors import PydanticValueError, PydanticUserError\n", {"import of PydanticValueError"}),
    ("from pydantic.fields import ModelField, FieldInfo\n", {"import of ModelField"}),
    ("from pydantic import ConstrainedStr\nclass A(ConstrainedStr): ...\n", {"import of ConstrainedStr"}),
    ("from pydantic.utils import to_camel, deep_update\n", {"import of to_camel", "import of deep_update"}),
    ("from pydantic.validators import str_validator\n", {"import of str_validator"}),
    ("import pydantic.v1 as pydantic\n", {"import pydantic.v1"}),
    ("from pydantic import v1\n", {"from pydantic import v1"}),
    # what v2 has
    ("from pydantic import BaseModel, Field, ValidationError, TypeAdapter, AnyUrl, SecretStr, Json, conlist\n", set()),
    ("from pydantic.json_schema import models_json_schema\nfrom pydantic.alias_generators import to_camel\n", set()),
    ("from pydantic.types import StringConstraints\nfrom pydantic.networks import EmailStr\nfrom pydantic.fields import FieldInfo\n", set()),
    ("from pydantic import BaseModel, ConfigDict\nclass A(BaseModel):\n  model_config = ConfigDict(extra='forbid', from_attributes=True)\n", set()),
    ("from sqlmodel import Field\nx = Field(primary_key=True)\n", set()),
    ("from other import Extra\nx = Extra.forbid\n", set()),
]  # fmt: skip


def test_every_name_that_moved_or_was_dropped_is_told(tmp_path):
    """What v2 deprecates or lacks is reported under its own name, and nothing that v2 has."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    for number, (code, _) in enumerate(LEFT):
        (tmp_path / "shop" / f"m{number}.py").write_text(code)
    found = {}
    for one in impl.read_impl(Project(tmp_path), ReadOptions()).remnants:
        found.setdefault(one.place.path, set()).add(one.form)
    for number, (code, expected) in enumerate(LEFT):
        assert found.get(f"shop/m{number}.py", set()) == expected, code


STARS = [
    ("from pydantic import *\nclass A(BaseModel):\n    @validator('a')\n    def f(cls, v): return v\n"
     "    class Config:\n        orm_mode = True\nA.parse_obj({}).dict()\n", {},
     [".dict()", ".parse_obj()", "@validator", "class Config", "orm_mode"]),
    ("from shop.base import *\nclass A(Base):\n    @root_validator\n    def f(cls, v): return v\n"
     "def f(a: A): return a.json()\n", {"base": "from pydantic import *\nclass Base(BaseModel): ...\n"},
     [".json()", "@root_validator"]),
    ("from shop.base import *\nclass A(BaseModel):\n    @validator('a')\n    def f(cls, v): return v\n",
     {"base": "from pydantic import BaseModel, validator\n"}, ["@validator"]),
    ("import pydantic\nv = getattr(pydantic, 'validator')\n", {}, ["@validator"]),
    ("from pydantic import *\ndef validator(x): return x\n@validator('a')\ndef f(): ...\n", {}, []),
    ("from typing import *\n@validator('a')\ndef f(): ...\n", {}, []),
]  # fmt: skip


def test_names_that_are_imported_by_a_star_are_known(tmp_path):
    """`*` of pydantic brings its names, `*` of a module of ours what it has."""
    for number, (source, others, expected) in enumerate(STARS):
        folder = tmp_path / f"{number}" / "shop"
        folder.mkdir(parents=True)
        for name, text in {"models": source, **others}.items():
            (folder / f"{name}.py").write_text(text)
        found = impl.read_impl(Project(folder.parent), ReadOptions()).remnants
        assert sorted(one.form for one in found if "models" in one.place.path) == expected, source


def test_a_markdown_file_that_is_no_text_is_named(tmp_path):
    """Its samples were not looked at, and the document says so."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "README.md").write_bytes(
        b"caf\xe9\n```python\nfrom pydantic import validator\n```\n"
    )
    caveats = impl.read_impl(Project(tmp_path), ReadOptions()).caveats
    assert any(one.startswith("README.md is not text in UTF-8") for one in caveats)

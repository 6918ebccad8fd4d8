"""Packages have the names by which they are imported, and none of a repository is silent."""
# ruff: noqa: E501  small files, one a line

import ast

import pytest

from footnotary.documents.impl_overview import dependencies, render_impl_overview
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.publishing import engine
from footnotary.publishing.inventories import add_paths
from footnotary.readers import impl
from footnotary.readers.layout import find_places, import_roots
from footnotary.source import Tree
from footnotary.source.package import load_package
from footnotary.source.parsing import Asked, parse_files

HATCH = "[project]\nname='x'\n[tool.hatch.build.targets.wheel]\n"
CODE = "def f(): ...\n"
# Files, and the import name of each package that they make, the leading one first.
LAYOUTS = {
    "src, one portion": ({"src/acme/api/__init__.py": CODE}, ["acme.api"]),
    "src, two portions": (
        {"pyproject.toml": "[project]\nname='acme-core'\n", "src/acme/api/__init__.py": CODE,
         "src/acme/core/__init__.py": CODE},
        ["acme.api", "acme.core"],
    ),
    "src, no __init__ at all": ({"src/acme/api/a.py": CODE, "setup.py": ""}, ["acme.api"]),
    "a mere folder": ({"backend/app/__init__.py": CODE}, ["app"]),
    "its own imports": ({"acme/api/__init__.py": "import acme.api.x\n", "acme/api/x.py": ""}, ["acme.api"]),
    "script": (
        {"pyproject.toml": "[project]\nname='x'\n[project.scripts]\nx='acme.api.main:run'\n",
         "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "script of a mere folder": (
        {"pyproject.toml": "[project]\nname='x'\n[project.scripts]\nx='api.main:run'\n",
         "server/api/__init__.py": ""}, ["api"],
    ),
    "fastapi": (
        {"pyproject.toml": "[tool.fastapi]\nentrypoint='acme.api:app'\n", "acme/api/__init__.py": ""},
        ["acme.api"],
    ),
    "import-names": (
        {"pyproject.toml": "[project]\nname='x'\nimport-names=['acme.api ; private']\n",
         "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "entry points of setup.cfg": (
        {"setup.cfg": "[options.entry_points]\nconsole_scripts =\n  x = acme.api.main:run\n",
         "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "setuptools find": (
        {"pyproject.toml": "[tool.setuptools.packages.find]\nwhere=['code']\n", "code/acme/api/__init__.py": ""},
        ["acme.api"],
    ),
    "setuptools package-dir": (
        {"pyproject.toml": "[tool.setuptools.package-dir]\n'acme.api'='lib/api_source'\n",
         "lib/api_source/__init__.py": ""}, ["acme.api"],
    ),
    "setup.cfg package_dir": (
        {"setup.cfg": "[options]\npackage_dir =\n    = code\n", "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "setup.py find_namespace_packages": (
        {"setup.py": "from setuptools import *\nsetup(packages=find_namespace_packages(where='code'))\n",
         "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "hatch packages": (
        {"pyproject.toml": HATCH + "packages=['code/acme']\n", "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "hatch sources": (
        {"pyproject.toml": HATCH + "sources={'code/api'='acme/api'}\n", "code/api/__init__.py": ""}, ["acme.api"],
    ),
    "hatch source": (
        {"pyproject.toml": HATCH + "sources=['code']\n", "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "the distribution's name": (
        {"pyproject.toml": "[project]\nname='acme.api-tools'\n", "acme/api_tools/__init__.py": ""}, ["acme.api_tools"],
    ),
    "a namespace by pkgutil": (
        {"acme/__init__.py": "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n",
         "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "uv": (
        {"pyproject.toml": "[tool.uv.build-backend]\nmodule-name='acme.api'\nmodule-root=''\n",
         "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "poetry": (
        {"pyproject.toml": "[tool.poetry]\nname='x'\npackages=[{include='acme/api',from='code'}]\n",
         "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "poetry, to": (
        {"pyproject.toml": "[tool.poetry]\nname='x'\npackages=[{include='api',from='code',to='acme'}]\n",
         "code/api/__init__.py": ""}, ["acme.api"],
    ),
    "flit": (
        {"pyproject.toml": "[tool.flit.module]\nname='acme.api'\n", "acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "pdm": (
        {"pyproject.toml": "[tool.pdm.build]\npackage-dir='code'\n", "code/acme/api/__init__.py": ""}, ["acme.api"],
    ),
    "workspace": (
        {"pyproject.toml": "[project]\nname='shop'\ndependencies=['shop-core']\n[tool.uv.workspace]\nmembers=['packages/*']\n",
         "src/shop/__init__.py": "import acme.core\n",
         "packages/core/pyproject.toml": "[project]\nname='shop-core'\n",
         "packages/core/src/acme/core/__init__.py": CODE,
         "packages/api/pyproject.toml": "[project]\nname='shop-api'\n",
         "packages/api/src/acme/api/__init__.py": CODE},
        ["acme.api", "acme.core", "shop"],
    ),
    "main beside folders": (
        {"main.py": "import routers.a\n", "routers/a.py": CODE, "tests/test_a.py": ""}, ["main_beside_folders"],
    ),
}  # fmt: skip


def write(root, files):
    """Write files below a folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def read(root, files, wanted=""):
    """Write a project and read it."""
    return impl.read_impl(Project(write(root, files)), ReadOptions(package=wanted))


def test_packages_have_their_real_names(tmp_path):
    """By the build backend, by what is started, by the code's own imports; below `src` whole."""
    for name, (files, expected) in LAYOUTS.items():
        root = tmp_path / name.replace(" ", "_")
        root.mkdir()
        tree = Tree(write(root, files))
        found = [load_package(tree, one.folder, name=one.name) for one in find_places(tree)]
        assert [one.name for one in found] == expected, name
    assert [one.name for one in found[0].sources] == ["main", "routers.a"]


def test_a_workspace_names_all_members_and_their_use(tmp_path):
    """A sibling that is imported is used; each member's own dependencies are told apart."""
    files, _ = LAYOUTS["workspace"]
    more = {
        "packages/api/pyproject.toml": "[project]\nname='shop-api'\ndependencies=['shop-core','rich']\n",
        "packages/cli/pyproject.toml": "[project]\nname='shop-cli'\n",
        "tests/test_a.py": "",
    }
    facts = read(tmp_path, files | more)
    found = {(one.project, one.name): one.status for one in facts.dependencies}
    assert found == {
        ("", "shop-core"): "used",
        ("shop-api", "shop-core"): "unused",
        ("shop-api", "rich"): "unused",
    }
    assert [(one.importer, one.imported, one.count) for one in facts.between] == [
        ("shop", "acme.core", 1)
    ]
    said = render_impl_overview(facts)
    for words in ("`packages/api/src/acme/api`", "`shop-cli`", "`tests` (1)"):
        assert words in said, words


def test_what_the_root_of_a_workspace_declares_is_told_too(tmp_path):
    """A root without a package has groups that all members share; what it lacks is not its fault."""
    files = {
        "pyproject.toml": "[tool.uv.workspace]\nmembers=['*']\n[dependency-groups]\ndev=['pytest']\n",
        "a/pyproject.toml": "[project]\nname='a'\n",
        "a/src/a/__init__.py": "import httpx\n",
        "b/pyproject.toml": "[project]\nname='b'\ndependencies=['httpx','a']\n",
        "b/src/b/__init__.py": "import a, httpx\n",
    }
    facts = read(tmp_path, files)
    found = {(one.project, one.name): one.status for one in facts.dependencies}
    assert found == {
        ("b", "httpx"): "used",
        ("b", "a"): "used",
        ("the repository", "pytest"): "plugin",
    }
    assert "`a` declares no dependencies." in dependencies(facts)


@pytest.mark.parametrize("wanted", ["acme.core", "packages/core/src/acme/core"])
def test_one_package_of_a_workspace_can_be_named(tmp_path, wanted):
    """By its import name or its folder; nothing else is read then."""
    facts = read(tmp_path, LAYOUTS["workspace"][0], wanted)
    assert (facts.identity.name, facts.identity.package) == ("shop-core", "acme.core")
    assert [one.name for one in facts.modules] == ["acme.core"]
    assert facts.packages == ()


def test_the_site_finds_each_package_where_it_is_imported_from(tmp_path):
    """Members of a workspace and `backend/app` are on no path that an author writes."""
    files = {
        **LAYOUTS["workspace"][0],
        "backend/app/__init__.py": "",
        "code/api/__init__.py": "",
    }
    roots = import_roots(Tree(write(tmp_path, files)))
    assert roots == ("backend", "code", "packages/api/src", "packages/core/src", "src")
    handlers = {"python": {"paths": ["."]}}
    add_paths(handlers, tmp_path)
    assert handlers["python"]["paths"] == [".", *(str(tmp_path / one) for one in roots)]


def test_a_module_that_was_not_found_is_no_distribution_to_install():
    """A package index may hold a stranger's distribution of that name."""
    error = engine.failure_of("mkdocs", "ModuleNotFoundError: No module named 'api'")
    assert "'api'" in error.message
    assert "pip" not in f"{error.message} {error.hint}"


def test_a_root_that_is_a_package_stands_above_its_packages(tmp_path):
    """A folder with `__init__.py` gives its name, if the modules below import each other by it."""
    for imported, name in (("acme.sub.x", "acme.sub"), ("sub.x", "sub")):
        root = tmp_path / name / "acme"
        (root / "sub").mkdir(parents=True)
        (root / "__init__.py").write_text("")
        (root / "sub" / "__init__.py").write_text(f"import {imported}\n")
        (root / "sub" / "x.py").write_text("")
        assert load_package(Tree(root), "sub").name == name


def test_what_another_grammar_reads_is_a_module_as_any_other(tmp_path):
    """Its text, its name and whether it is a package are known; what is no text stays unread."""
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "__init__.py").write_text("x = (\n")
    (tmp_path / "bad.py").write_bytes(b"x = (\xe9\n")
    asked = [Asked(path, path, path) for path in ("p/__init__.py", "bad.py")]
    read, bad = parse_files(
        Tree(tmp_path), asked, lambda files: {str(one): ast.parse("x = 1") for one in files}
    )
    assert (read.text, read.is_package, read.tree.body[0].value.value) == ("x = (\n", True, 1)
    assert bad.reason == "not the encoding it declares"


SETUP = "from setuptools import setup\n"
# Files of a project; its declared ways in; whether it is said that there may be more.
WAYS_IN = [
    ({}, [], False),
    ({"setup.py": f"{SETUP}setup(scripts=['bin/run'])\n"}, ["run bin/run"], False),
    ({"setup.py": f"{SETUP}S = ['bin/a']\nsetup(scripts=S + ['bin/b'])\n"}, ["a bin/a", "b bin/b"], False),
    ({"setup.py": f"{SETUP}setup(entry_points='[console_scripts]\\nx = shop:f\\n')\n"}, ["x shop:f"], False),
    ({"setup.py": f"{SETUP}setup(entry_points={{'console_scripts': ['x = shop:f']}})\n"}, ["x shop:f"], False),
    ({"setup.py": f"# coding: latin-1\n# é\n{SETUP}setup(scripts=['bin/run'])\n".encode("latin-1")},
     ["run bin/run"], False),
    ({"setup.py": f"{SETUP}setup(scripts=find())\n"}, [], True),
    ({"setup.py": f"{SETUP}setup(entry_points=open('e').read())\n"}, [], True),
    ({"setup.py": f"{SETUP}setup(**options)\n"}, [], True),
    ({"setup.py": "setup(\n"}, [], True),
    ({"setup.cfg": "[options]\nscripts =\n  bin/a\n  bin/b\n"}, ["a bin/a", "b bin/b"], False),
    ({"pyproject.toml": "[project]\nname='shop'\ndynamic=['scripts']\n"}, [], True),
    ({"pyproject.toml": "[project]\nname='shop'\ndynamic=['scripts']\n",
      "setup.cfg": "[options.entry_points]\nconsole_scripts =\n  x = shop:f\n"}, ["x shop:f"], False),
    ({"pyproject.toml": "[tool.setuptools]\nscript-files=['bin/run']\n"}, ["run bin/run"], False),
    ({"pyproject.toml": "[tool.poetry.scripts]\na='shop:f'\nb={reference='bin/b', type='file'}\n"},
     ["a shop:f", "b bin/b"], False),
    ({"pyproject.toml": "[tool.flit.scripts]\nx='shop:f'\n"}, ["x shop:f"], False),
    ({"pyproject.toml": "[tool.poetry.plugins.'pytest11']\nx='shop.p'\n"}, ["x shop.p"], False),
]  # fmt: skip


def test_each_way_in_is_read_or_said_to_be_computed(tmp_path):
    """Scripts and entry points of every tool; computed ones are named by their file."""
    for number, (files, expected, is_computed) in enumerate(WAYS_IN):
        root = tmp_path / f"{number}"
        for name, text in {"shop/__init__.py": "", **files}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        facts = impl.read_impl(Project(root), ReadOptions())
        told = [f"{one.name} {one.target}" for one in facts.entry_points]
        assert told == expected, files
        said = any("computes scripts or entry points" in one for one in facts.caveats)
        assert said == is_computed, files

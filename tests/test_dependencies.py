"""Declared dependencies, from every file; and which module each distribution gives."""

# ruff: noqa: E501, ISC004, Q003  small files, one a line

import sysconfig
from pathlib import Path

import pytest

from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import impl
from footnotary.readers.declared import read_declarations
from footnotary.readers.dependencies import describe_computed, read_dependencies
from footnotary.readers.distributions import Environment
from footnotary.readers.imports import read_imports
from footnotary.source import Tree
from footnotary.source.package import load_package

INSTALLED = Environment([Path(sysconfig.get_path("purelib"))])


def write(root, files):
    """Write files below a folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def declared(root, files):
    """Return what is declared as `name specifier (group)`, and what was not read."""
    found = read_declarations(Tree(write(root, files)), "")
    rows = [f"{one.name}{one.specifier} {one.group}".strip() for one in found.found.values()]
    return rows, found.unread


PLACES = {
    "PEP 621": (
        {"pyproject.toml": "[project]\nname='x'\ndependencies=['A_b.c>=1,<2','d @ https://u:p@h/d.zip']\n"
         "[project.optional-dependencies]\npg=['psycopg[binary]']\n"},
        ["a-b-c>=1,<2", "d", "psycopg pg"],
    ),
    "PEP 735": (
        {"pyproject.toml": "[dependency-groups]\ntest=['pytest']\ndev=['ruff',{include-group='test'}]\n"},
        ["pytest test", "ruff dev", "pytest dev"],
    ),
    "setup.cfg": (
        {"setup.cfg": "[options]\ninstall_requires =\n  a>=1\n  b; python_version<'4'\n"
         "[options.extras_require]\npg = psycopg\n"},
        ["a>=1", "b", "psycopg pg"],
    ),
    "setup.cfg names a file": (
        {"setup.cfg": "[options]\ninstall_requires = file: deps.txt\n", "deps.txt": "a\n"}, ["a"],
    ),
    "setup.py": (
        {"setup.py": "from setuptools import setup\nB = ['b']\nsetup(install_requires=['a'] + B,\n"
         " extras_require={'pg': ['psycopg']})\n"},
        ["a", "b", "psycopg pg"],
    ),
    "setup.py reads a file": (
        {"setup.py": "import setuptools\nR = open('deps.txt').read().splitlines()\n"
         "setuptools.setup(install_requires=R)\n", "deps.txt": "a\n"},
        ["a"],
    ),
    "setuptools dynamic": (
        {"pyproject.toml": "[project]\nname='x'\ndynamic=['dependencies']\n[tool.setuptools.dynamic]\n"
         "dependencies={file=['deps.txt']}\noptional-dependencies.pg={file='pg.txt'}\n",
         "deps.txt": "a\n", "pg.txt": "psycopg\n"},
        ["a", "psycopg pg"],
    ),
    "Poetry": (
        {"pyproject.toml": "[tool.poetry.dependencies]\npython='^3.11'\na='^1.2'\n"
         "b={version='>=1',optional=true}\nc=[{version='1',python='<3.9'},{version='2'}]\n"
         "d={git='https://h/d.git'}\n[tool.poetry.extras]\nx=['b']\n"
         "[tool.poetry.group.dev.dependencies]\npytest='*'\n[tool.poetry.dev-dependencies]\nruff='*'\n"},
        ["a^1.2", "b>=1 x", "c", "d", "ruff* dev", "pytest* dev"],
    ),
    "PDM, uv, rye": (
        {"pyproject.toml": "[tool.pdm.dev-dependencies]\nt=['pytest','-e file:///${PROJECT_ROOT}/s#egg=s']\n"
         "[tool.uv]\ndev-dependencies=['ruff']\n[tool.rye]\ndev-dependencies=['mypy']\n"},
        ["pytest t", "s t", "ruff dev", "mypy dev"],
    ),
    "Hatch": (
        {"pyproject.toml": "[tool.hatch.envs.docs]\ndependencies=['mkdocs']\n",
         "hatch.toml": "[envs.test]\nextra-dependencies=['pytest']\n"},
        ["mkdocs docs", "pytest test"],
    ),
    "Pixi": (
        {"pixi.toml": "[dependencies]\npython='3.12'\nnumpy='>=2'\n[pypi-dependencies]\na='*'\n"
         "[feature.test.dependencies]\npytest='*'\n[target.linux-64.dependencies]\nb='*'\n"},
        ["numpy>=2", "a*", "b*", "pytest* test"],
    ),
    "Pipenv": (
        {"Pipfile": "[[source]]\nname='x'\n[packages]\na='*'\nb={version='>=1',extras=['c']}\n"
         "[dev-packages]\npytest='*'\n[requires]\npython_version='3'\n"},
        ["a*", "b>=1", "pytest* dev"],
    ),
    "Conda": (
        {"environment.yml": "name: x\ndependencies:\n  - python=3.11\n  - conda-forge::numpy=2.1=py3\n"
         "  - pip:\n    - a>=1\n    - -r more.txt\n", "more.txt": "b\n"},
        ["numpy2.1", "a>=1", "b"],
    ),
    "requirements": (
        {"requirements.txt": "-r requirements/base.in\n-c constraints.txt\n-e git+https://h/o/r.git#egg=c\n"
         "git+https://h/o/r.git@v1#egg=d[x]\nhttps://h/e-1.0-py3-none-any.whl\nf==1 \\\n  --hash=sha256:00\n"
         "# no\ng  # why\n--index-url https://u:p@h/\n-e .\n./lib\n",
         "lib/pyproject.toml": "[project]\nname='h'\n", "constraints.txt": "z==1\n",
         "requirements/base.in": "a\n", "requirements/dev.txt": "-r base.in\npytest\n"},
        ["a", "c", "d", "e", "f==1", "g", "h", "pytest dev"],
    ),
    "requirements of PowerShell": ({"requirements.txt": "a==1\r\n".encode("utf-16")}, ["a==1"]),
    "compiled": (
        {"requirements.in": "a\n", "requirements.txt": "a==1\nb==2  # via a\n",
         "pylock.toml": "lock-version='1.0'\ncreated-by='x'\n[[packages]]\nname='b'\nversion='2'\n"
         "[packages.vcs]\ntype='git'\nurl='https://h/b'\ncommit-id='1'\n"},
        ["a"],
    ),
    "script": (
        {"tools/run.py": "# /// script\n# dependencies = [\n#   'a>=1',\n# ]\n# ///\nimport a\n"},
        ["a>=1 script tools/run.py"],
    ),
    "tox": (
        {"tox.ini": "[testenv]\ndeps =\n  pytest\n  py311: a>=1\n  -r{toxinidir}/deps.txt\n[testenv:lint]\ndeps=\n  {[testenv]deps}\n  ruff\n",
         "deps.txt": "b\n"},
        ["pytest tox", "a>=1 tox", "b tox", "ruff lint"],
    ),
    "flit": ({"pyproject.toml": "[tool.flit.metadata]\nrequires=['a']\n"}, ["a"]),
}  # fmt: skip


def test_each_place_is_read_with_its_groups(tmp_path):
    """Every file of the ecosystem gives its requirements, and nothing of it is unread."""
    for number, (name, (files, expected)) in enumerate(PLACES.items()):
        root = tmp_path / str(number)
        root.mkdir()
        assert declared(root, files) == (expected, []), name


UNREAD = {
    "no TOML": {"pyproject.toml": "[project\n"},
    "no YAML": {"environment.yml": "a: [\n"},
    "no configuration": {"setup.cfg": "install_requires\n"},
    "no Python": {"setup.py": "setup(\n"},
    "computed": {"setup.py": "setup(install_requires=f())\n"},
    "changed": {"setup.py": "r = ['a']\nr.append(f())\nsetup(install_requires=r)\n"},
    "keywords": {"setup.py": "setup(**f())\n"},
    "built": {"pyproject.toml": "[project]\nname='x'\ndynamic=['dependencies']\n"},
    "nameless": {"requirements.txt": "git+https://token@h/o/r.git\n"},
    "outside": {"requirements.txt": "-r ../other.txt\n"},
    "missing": {"requirements.txt": "-r other.txt\n"},
    "elsewhere": {"requirements.txt": "-r https://h/r.txt\n"},
    "binary": {"requirements.txt": b"a\0b"},
    "no lock": {"pylock.toml": "lock-version='1.0'\n"},
    "recipe": {"conda-recipe/meta.yaml": "requirements:\n"},
    "no include": {"pyproject.toml": "[dependency-groups]\na=[{x='y'}]\n"},
    "no header": {"run.py": "# /// script\n# [\n# ///\n"},
}  # fmt: skip


def test_what_cannot_be_read_is_named_and_nothing_of_it_is_quoted(tmp_path):
    """A file that was seen and not read is named; "no dependencies" is not said then."""
    for number, (name, files) in enumerate(UNREAD.items()):
        root = tmp_path / str(number)
        root.mkdir()
        rows, unread = declared(root, files)
        assert rows == [], name
        assert len(unread) == 1, name
        assert unread[0].startswith(next(iter(files))), name
        assert "token" not in unread[0], name


def judge(root, files, environment=None):
    """Return what is said of the dependencies of a project with a package `x`."""
    tree = Tree(write(root, {"x/__init__.py": "", **files}))
    found = load_package(tree, "x")
    imports = read_imports(found)
    return read_dependencies(
        tree,
        "",
        imports.external,
        own=frozenset({"x"}),
        environment=environment,
        packages=("x",),
        doubts=("some modules could not be parsed",) * bool(found.unparsed)
        + tuple(describe_computed(p for ps in imports.computed.values() for p in ps)),
    )


def statuses(root, files, environment=None):
    """Return status by distribution."""
    return {one.name: one.status for one in judge(root, files, environment).rows}


def project(*names, more=""):
    """Return a pyproject.toml."""
    return f"[project]\nname='x'\nversion='0'\ndependencies={list(names)!r}\n{more}"


# Declared; the code; with the test environment; expected.
JUDGED = {
    "namespaces by name": (
        ("google-cloud-secret-manager", "protobuf", "azure-identity", "opentelemetry-api",
         "opentelemetry-sdk", "zope.interface", "ruamel.yaml", "sphinxcontrib-mermaid", "jaraco.text"),
        "from google.cloud import secretmanager_v1\nimport google.protobuf.message\n"
        "from azure.identity import X\nfrom opentelemetry import trace\n"
        "from opentelemetry.sdk.trace import T\nimport zope.interface, ruamel.yaml\n"
        "import sphinxcontrib.mermaid\nfrom jaraco import text\n",
        False,
        dict.fromkeys(("google-cloud-secret-manager", "protobuf", "azure-identity",
                       "opentelemetry-api", "opentelemetry-sdk", "zope-interface", "ruamel-yaml",
                       "sphinxcontrib-mermaid", "jaraco-text"), "used"),
    ),
    "one of a namespace is not imported": (
        ("google-cloud-storage", "google-cloud-bigquery"), "import google.cloud.storage\n", False,
        {"google-cloud-storage": "used", "google-cloud-bigquery": "unknown"},
    ),
    "namespaces, asked": (
        ("opentelemetry-api", "ruamel.yaml", "backports.zstd", "httpx"),
        "from opentelemetry import trace\nimport ruamel.yaml\nfrom backports import zstd\n", True,
        {"opentelemetry-api": "used", "ruamel-yaml": "used", "backports-zstd": "used",
         "httpx": "unused"},
    ),
    "other names, asked": (
        ("griffelib", "pyyaml"), "import griffe, yaml, markdown_it\n", True,
        {"griffelib": "used", "pyyaml": "used", "markdown-it-py": "undeclared"},
    ),
    "not known which": (
        ("acme-sdk", "httpx"), "import acmelib, httpx\n", False,
        {"acme-sdk": "unknown", "httpx": "used", "acmelib": "unknown"},
    ),
    "all imports are known": (("acme-sdk",), "import httpx\n", False,
                              {"acme-sdk": "unknown", "httpx": "undeclared"}),
    "of a namespace, not known which": (
        ("google-cloud-storage", "protobuf"), "import google.cloud\nfrom google.cloud import vision\n", False,
        {"google-cloud-storage": "unknown", "protobuf": "unused", "google.cloud": "unknown",
         "google.cloud.vision": "unknown"},
    ),
    "propagators": (
        ("opentelemetry-api", "opentelemetry-propagator-b3"),
        "from opentelemetry.propagators.b3 import B3Format\n", False,
        {"opentelemetry-api": "unused", "opentelemetry-propagator-b3": "used"},
    ),
    "conditional": (
        ("httpx",),
        "import httpx\ntry:\n    import orjson\nexcept ImportError:\n    orjson = None\n"
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import redis\n    import _typeshed\n"
        "if not TYPE_CHECKING:\n    import requests\n", False,
        {"httpx": "used", "orjson": "optional", "redis": "typing", "requests": "undeclared"},
    ),
    "for type checkers and by name": (
        ("redis", "rich"),
        "import importlib\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import redis\n"
        "importlib.import_module('rich.console')\n", False, {"redis": "used", "rich": "used"},
    ),
    "extras": (
        ("celery[redis]", "httpx[socks]"), "import celery, redis, httpx\n", False,
        {"celery": "used", "redis": "through", "httpx": "used"},
    ),
    "extras of which nothing is known": (
        ("acme[tea]", "httpx"), "import acme, httpx, redis\n", False,
        {"acme": "used", "httpx": "used", "redis": "unknown"},
    ),
    "extras, asked": (("httpx[http2]", "mkdocs[i18n]"), "import httpx, mkdocs, babel\n", True,
                      {"httpx": "used", "mkdocs": "used", "babel": "through"}),
    "itself": (("x[all]", "rich"), "import rich, x\n", False, {"rich": "used"}),
    "plugins, asked": (("pytest-xdist", "mkdocs-material", "hatch-fancy-pypi-readme"), "", True,
                       {"pytest-xdist": "plugin", "mkdocs-material": "plugin",
                        "hatch-fancy-pypi-readme": "plugin"}),
}  # fmt: skip


def test_dependencies_are_judged_by_what_is_known(tmp_path):
    """By the environment's records where there is one; by name without; else it is unknown."""
    for number, (name, (given, code, asked, expected)) in enumerate(JUDGED.items()):
        root = tmp_path / str(number)
        files = {"pyproject.toml": project(*given), "x/code.py": code}
        assert statuses(root, files, INSTALLED if asked else None) == expected, name


ELSEWHERE = {
    "script": ({"tools/a.py": "import rich\n"}, "elsewhere", ""),
    "command": ({"Dockerfile": "FROM python\n# rich\nCMD [\"rich\", \"x\"]\n"}, "named", "Dockerfile:3"),
    "compose": ({"compose.yml": "services:\n  a:\n    command:\n      - rich\n      - x\n"}, "named",
                "compose.yml"),
    "address": ({"x/db.py": "U = 'a+rich://h'\n"}, "named", "x/db.py:1"),
    "tool": ({"pyproject.toml": project("rich", more="[tool.rich]\na=1\n")}, "named", "pyproject.toml:5"),
    "settings": ({".env.example": "URL=a+rich://h\n"}, "named", ".env.example:1"),
    "stub": ({"x/c.pyi": "import rich\n"}, "elsewhere", ""),
    "Cython": ({"x/c.pyx": "cimport x\nimport rich\n"}, "named", "x/c.pyx:2"),
    "notebook": ({"a.ipynb": '{"source": ["import rich"]}'}, "named", "a.ipynb:1"),
    "image": ({"compose.yml": "services:\n  rich:\n    image: rich:7\n    depends_on: [rich]\n"},
              "unused", ""),
    "prose": ({"README.md": "rich\n", "x/a.py": "'''Uses rich.'''\n"}, "unused", ""),
    "unparsed elsewhere": ({"tools/a.py": "import rich,,\n"}, "unknown", ""),
    "unparsed": ({"x/a.py": "import rich,,\n"}, "unknown", ""),
    "script without a suffix": ({"bin/run": "#!/usr/bin/env python3\nimport rich\n"}, "elsewhere", ""),
    "script of another language": ({"bin/run": "#!/bin/sh\necho rich\n"}, "unused", ""),
    "in another encoding": ({"x/a.py": "# coding: latin-1\n# é\nimport rich\n".encode("latin-1")},
                            "used", ""),
    "in no encoding": ({"tools/a.py": "# é\nimport rich\n".encode("latin-1")}, "unknown", ""),
    "unread command": ({"run.sh": b"# \xe9\npython -m rich\n"}, "unknown", ""),
    "unread compose": ({"compose.yml": b"# \xe9\nservices: {}\n"}, "unknown", ""),
    "broken compose": ({"compose.yml": "services: {\n"}, "unknown", ""),
    "unread notebook": ({"a.ipynb": b"\xe9"}, "unknown", ""),
    "computed": ({"x/a.py": "from importlib import import_module as i\ni(input())\n"}, "unknown", ""),
    "computed elsewhere": ({"tools/a.py": "__import__(input())\n"}, "unknown", ""),
    "code": ({"x/a.py": "exec(input())\n"}, "unknown", ""),
    "code as text": ({"x/a.py": "exec('import rich')\n"}, "unknown", ""),
    "code without an import": ({"x/a.py": "eval('1 + 1')\n"}, "unused", ""),
    "a query": ({"x/a.py": "def f(session, q): return session.exec(q), q.eval('x')\n"}, "unused", ""),
    "one's own, computed": (
        {"x/a.py": "import importlib\nfor n in input():\n    importlib.import_module(f'x.{n}')\n"
         "    importlib.import_module('.' + n, __package__)\n"
         "    importlib.import_module(f'{__name__}.{n}')\n    importlib.import_module('x.%s' % n)\n"
         "    importlib.import_module('x.{}'.format(n))\n"}, "unused", ""),
    "a plugin": ({"x/a.py": "import importlib.metadata\nimportlib.metadata.entry_points()\n"},
                 "unknown", ""),
    "by a text": ({"x/a.py": "from django.utils.module_loading import import_string\n"
                   "import_string(input())\n"}, "unknown", ""),
    "run": ({"x/a.py": "import runpy\nrunpy.run_module(input())\n"}, "unknown", ""),
}  # fmt: skip


def test_a_use_without_an_import_is_named_with_its_place(tmp_path):
    """Scripts import, commands start, addresses name; a service of the name is no use."""
    for number, (name, (files, status, why)) in enumerate(ELSEWHERE.items()):
        found = judge(tmp_path / str(number), {"pyproject.toml": project("rich"), **files})
        rows = [(one.status, one.why) for one in found.rows if one.name == "rich"]
        assert rows == [(status, why)], name


def test_a_module_of_ones_own_is_no_distribution(tmp_path):
    """A module beside the package may shadow a distribution, a mere folder does not (PEP 420)."""
    files = {
        "pyproject.toml": project("docker", "httpx"),
        "docker/entry.sh": "",
        "helpers.py": "",
        "x/__init__.py": "import docker, httpx, helpers, x.redis, models, kinds.a\n",
        "x/redis.py": "",
        "x/models.py": "",
        "x/kinds/a.py": "",
    }
    assert statuses(tmp_path, files) == {"docker": "used", "httpx": "used"}
    files["docker.py"] = ""
    assert statuses(tmp_path, files) == {"docker": "unknown", "httpx": "used"}


def test_nothing_is_undeclared_while_a_declaration_is_unread(tmp_path):
    """The document names what was not read, and says "no dependencies" of nothing."""
    from footnotary.documents.impl_overview import dependencies

    files = {"x/__init__.py": "import httpx, redis\n", "environment.yml": "a: [\n"}
    root = write(tmp_path, {"pyproject.toml": project("httpx"), **files})
    facts = impl.read_impl(Project(root), ReadOptions())
    assert [(one.name, one.status) for one in facts.dependencies] == [
        ("httpx", "used"),
        ("redis", "unknown"),
    ]
    assert "environment.yml" in dependencies(facts)
    facts = facts.model_copy(update={"dependencies": ()})
    assert "What could be read declares no dependencies." in dependencies(facts)
    facts = facts.model_copy(update={"unread": ()})
    assert "The project declares no dependencies." in dependencies(facts)


@pytest.mark.parametrize("kind", ["dist", "egg"])
def test_metadata_of_other_tools_is_read(tmp_path, kind):
    """Import-Name (PEP 794) names modules that no RECORD lists; setuptools' top_level.txt too."""
    site = tmp_path / "site"
    files = {
        "dist": {"a-1.dist-info/METADATA": "Name: a\nImport-Name: b.c\n", "a-1.dist-info/RECORD": "x.pth,,\n"},
        "egg": {"a-1-py3.11.egg-info/top_level.txt": "b\n"},
    }  # fmt: skip
    write(site, files[kind])
    found = Environment([site])
    assert found.owners("b.c.d") == {"a"}
    assert found.distributions["a"].version == "1"


def test_the_records_tell_namespaces_apart(tmp_path):
    """Also where several distributions bring the same `__init__.py`, and one was not imported."""
    site = tmp_path / "site"
    for name, files in {
        "google_cloud_storage": ["google/cloud/storage/__init__.py"],
        "google_cloud_bigquery": ["google/cloud/bigquery/__init__.py"],
        "protobuf": ["google/protobuf/__init__.py", "google/_upb/_message.abi3.so"],
        "azure_core": ["azure/__init__.py", "azure/core/__init__.py"],
        "azure_identity": ["azure/__init__.py", "azure/identity/__init__.py"],
        "tool": ["tests/__init__.py", "../../../bin/tool", "tool-1.data/x.py"],
    }.items():
        write(site, {f"{name}-1.dist-info/RECORD": "".join(f"{one},,\n" for one in files)})
    given = ["google-cloud-storage", "google-cloud-bigquery", "protobuf", "azure-core"]
    files = {
        "pyproject.toml": project(*given),
        "x/__init__.py": "from google.cloud import storage\nimport azure.identity, google._upb\nimport tests\n",
        "tests/__init__.py": "",
    }
    assert statuses(tmp_path / "p", files, Environment([site])) == {
        "google-cloud-storage": "used",
        "google-cloud-bigquery": "unused",
        "protobuf": "used",
        "azure-core": "unused",
        "azure-identity": "undeclared",
    }
    files["x/__init__.py"] = "import google.cloud\n"
    found = statuses(tmp_path / "q", files, Environment([site]))
    assert found["google-cloud-storage"] == found["google-cloud-bigquery"] == "unknown"


def test_records_tell_what_extras_bring_and_who_shares_a_module(tmp_path):
    """A plain requirement of a distribution is not brought by its extra; the project's own is none."""
    site = write(
        tmp_path / "site",
        {
            "a-1.dist-info/METADATA": "Name: a\nRequires-Dist: b; python_version > '3'\nRequires-Dist: c; extra == 'z'\n",
            **{f"{name}-1.dist-info/RECORD": f"{name}.py,,\n" for name in "abc"},
            "x-1.dist-info/RECORD": "_native.abi3.so,,\n",
            "azure_core-1.dist-info/RECORD": "azure/__init__.py,,\n",
            "azure_identity-1.dist-info/RECORD": "azure/__init__.py,,\n",
        },
    )
    files = {
        "pyproject.toml": project("a[z]", "azure-identity", "acme"),
        "x/__init__.py": "import a, b, c, _native, azure, acme_vendor\n",
    }
    assert statuses(tmp_path / "p", files, Environment([site])) == {
        "a": "used",
        "azure-identity": "used",
        "acme": "unknown",
        "acme-vendor": "unknown",
        "b": "undeclared",
        "c": "through",
    }


def test_a_lock_declares_only_where_nothing_else_does(tmp_path):
    """What is pinned because another needs it is no declaration; a project below has its own."""
    pinned = "httpx==1 --hash=sha256:0\nredis==5 --hash=sha256:0\n"
    code = {"x/__init__.py": "import httpx, redis, rich\n"}
    alone = {"requirements.txt": pinned, **code}
    expected = {"httpx": "used", "redis": "used", "rich": "undeclared"}
    assert statuses(tmp_path / "alone", alone) == expected
    below = {"backend/pyproject.toml": "", "backend/requirements.txt": "rich\n"}
    beside = {"pyproject.toml": project("httpx"), **alone, **below}
    assert statuses(tmp_path / "beside", beside) == expected | {"redis": "undeclared"}

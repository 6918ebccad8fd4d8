"""What the IMPL document says of small packages whose truth is known."""

# ruff: noqa: E501  one docstring a line

import re
import subprocess
import textwrap
from datetime import date

from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import Context, Region
from footnotary.documents.what_changed import changes_between, what_differs
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import impl
from footnotary.source import Tree
from footnotary.source.package import load_package
from tables import each_row

UNCHANGED = (
    "No change in names, parameters, defaults, annotations, bases and attributes of public"
    " definitions."
)


def read(tmp_path, files, **options):
    """Read a project made of files."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(textwrap.dedent(text))
    return impl.read_impl(Project(tmp_path), ReadOptions(**options))


def rendered(facts, previous=None):
    """The document as one text."""
    context = Context("shop", date(2026, 11, 23), "S", previous, date(2026, 11, 1))
    return "\n\n".join(part.markdown for part in IMPL.render(facts, context))


def test_floors_follow_the_imports(tmp_path):
    """A part is one floor above the highest that it imports; type checking is no import."""
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/web.py": "from shop import orders\nfrom shop.orders import api\n",
            "shop/orders/__init__.py": "",
            "shop/orders/api.py": "from ..store import save\n",
            "shop/store.py": """
                from typing import TYPE_CHECKING
                if TYPE_CHECKING:
                    from shop.web import x
            """,
        },
    )
    assert facts.architecture.layers == (("shop.web",), ("shop.orders",), ("shop.store",))
    assert facts.architecture.cycles == ()


def test_a_part_that_holds_nearly_everything_is_shown_by_its_own_parts(tmp_path):
    """One box for 45 of 46 modules says nothing; its children are floors of their own."""
    for part in ("api", "core", "store"):
        folder = tmp_path / "shop" / "_internal" / part
        folder.mkdir(parents=True)
        for number in range(15):
            (folder / f"m{number}.py").write_text("")
    (tmp_path / "shop" / "main.py").write_text("from shop._internal.api import m1\n")
    (tmp_path / "shop/_internal/api/m1.py").write_text("from shop._internal.core import m1\n")
    (tmp_path / "shop/_internal/core/m1.py").write_text("from shop._internal.store import m1\n")
    (tmp_path / "shop/_internal/store/m2.py").write_text("import shop._internal.api.m3\n")
    found = impl.read_impl(Project(tmp_path), ReadOptions(package="shop")).architecture
    inner = [f"shop._internal.{name}" for name in ("api", "core", "store")]
    assert found.parts == (*inner, "shop.main")
    assert found.cycles == (tuple(inner),)
    assert [one.importer for one in found.breakers] == ["shop._internal.store.m2"]
    assert found.layers == (("shop.main",), *((name,) for name in inner))


def test_a_cycle_is_named_with_an_import_to_cut(tmp_path):
    """The cheapest import is proposed: the one of one module, not those of three."""
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/a/__init__.py": "",
            "shop/a/one.py": "import shop.b.base\n",
            "shop/a/two.py": "import shop.b.base\n",
            "shop/a/three.py": "import shop.b.base\n",
            "shop/b/__init__.py": "",
            "shop/b/base.py": "\nfrom shop.a import one\n",
        },
    )
    assert facts.architecture.cycles == (("shop.a", "shop.b"),)
    [cut] = facts.architecture.breakers
    assert (cut.importer, cut.imported, str(cut.place)) == (
        "shop.b.base",
        "shop.a.one",
        "shop/b/base.py:2",
    )
    assert facts.architecture.layers == (("shop.a",), ("shop.b",))
    assert "Cutting these imports" in rendered(facts)


def test_dependencies_are_used_unused_undeclared_or_plugins(tmp_path):
    """Names are normalised; import names lead to their distributions; URLs are not shown."""
    facts = read(
        tmp_path,
        {
            "pyproject.toml": """
                [project]
                name = "shop"
                dependencies = ["PyYAML>=6", "Typer[all] >=0.12", "rich", "uvicorn",
                    "private @ git+https://token@example.org/p.git"]
                [dependency-groups]
                dev = ["pytest", {include-group = "x"}]
            """,
            "shop/__init__.py": "import os, yaml, requests\nfrom typer import run\n",
        },
    )
    status = {one.name: one.status for one in facts.dependencies}
    assert status == {
        "pyyaml": "used",
        "typer": "used",
        "rich": "unused",
        "uvicorn": "plugin",
        "private": "unknown",
        "pytest": "plugin",
        "requests": "undeclared",
    }
    assert {one.specifier for one in facts.dependencies} == {">=6", ">=0.12", ""}


def test_a_workspace_says_which_of_its_projects_a_name_comes_from(tmp_path):
    """Members of a repository are called otherwise than what they are imported as, too."""
    facts = read(
        tmp_path,
        {
            "pyproject.toml": "[project]\nname='shop'\ndependencies=['shop-hosting-tool>=1', 'libsass']\n",
            "shop/__init__.py": "import shop_cloud, sass, shop_other",
            "packages/hosting/pyproject.toml": "[project]\nname='shop_hosting.tool'\n",
            "packages/hosting/src/shop_cloud/__init__.py": "",
            "packages/other/pyproject.toml": "[project\n",
            "packages/other/shop_other/__init__.py": "",
        },
    )
    assert {one.name: one.status for one in facts.dependencies} == {
        "shop-hosting-tool": "used",
        "libsass": "used",
        "shop-other": "undeclared",
    }


def test_the_reference_names_what_can_be_found(tmp_path):
    """Files that no import can name, and folders that are no package in one that is, are not."""
    plain = "def upgrade(): ..."
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/db/__init__.py": "",
            "shop/db/models.py": plain,
            "shop/db/01a8_first.py": plain,
            "shop/db/versions/a1b2_second.py": plain,
            "shop/db/versions/more/__init__.py": plain,
        },
    )
    text = rendered(facts)
    assert re.findall(r"^::: (\S+)", text, re.MULTILINE) == ["shop.db.models"]
    assert "`shop.db.versions` (2 modules)" in text
    assert facts.summary["modules"] == 6


@each_row(
    ("docstring", "whole"),
    [
        ("Return data[0][1].", False),
        ('Same as data["a"]["b"].', False),
        ("Swap grid[i] [j].", False),
        ("Return it.\n\n    >>> f()\n\n    And data[0][1].", False),
        ("Return `data[0][1]`.", True),
        ("Return it.\n\n    Examples:\n\n    >>> data[0][1]\n", False),
        ("Return it.\n\n    Examples:\n        >>> data[0][1]\n", True),
        ("Return it.\n\n    ```\n    a[b][c]\n    ```\n", True),
        ("See [the model][shop.models.Order], a[0] and [x](y).", True),
    ],
)
def test_a_docstring_that_makes_links_to_nowhere_is_not_rendered(tmp_path, docstring, whole):
    """Two subscripts in prose are a reference in Markdown, which a strict build refuses."""
    facts = read(
        tmp_path, {"shop/__init__.py": "", "shop/a.py": f'def f():\n    """{docstring}"""\n'}
    )
    module = next(one for one in facts.modules if one.name == "shop.a")
    assert (module.stubs == ()) is whole


def test_dependencies_are_found_behind_names_and_on_routers(tmp_path):
    """Aliases, lists and routers hold dependencies as well as parameters do, the outermost first."""
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/auth.py": """
                from typing import Annotated, TypeAlias
                from fastapi import Depends, Security
                def session(): ...
                def user(s=Depends(session)): ...
                class Role:
                    def __init__(self, name): ...
                    def __call__(self, user=Security(dependency=user)): ...
                class Page:
                    def __init__(self, q: int, s=Depends(session)): ...
                def scoped(name):
                    def check(u=Depends(user)): ...
                    return check
                is_admin = Role("admin")
                CurrentUser: TypeAlias = Annotated[object, Depends(user)]
                Also = CurrentUser
                loop = loop()
                GUARDS = [Depends(is_admin)]
            """,
            "shop/api.py": """
                from typing import Annotated, Optional
                from fastapi import APIRouter, Depends
                from shop import auth
                PREFIX = "/orders"
                router: APIRouter = Guarded(prefix=PREFIX, dependencies=[*auth.GUARDS])
                @router.get("/list")
                def every(u: Optional[auth.Also], page: Annotated[auth.Page, Depends()]): ...
                @router.get("/plain", dependencies=[Depends(auth.scoped("x"))] + auth.loop)
                def plain(page: auth.Page = Depends()): ...
            """,
            "shop/main.py": """
                from fastapi import Depends, FastAPI
                from shop.api import router
                def limit(): ...
                def log(): ...
                def make():
                    app = FastAPI(dependencies=[Depends(log)])
                    app.include_router(router=router, prefix="/v1", dependencies=[Depends(limit)])
                    @app.get("/")
                    def home(): ...
            """,
        },
    )
    steps = {
        one.route: [step.name.removeprefix("shop.") for step in one.dependencies]
        for one in facts.traces
    }
    outer = ["main.log", "main.limit", "auth.is_admin", "auth.user", "auth.session"]
    assert steps == {
        "GET /v1/orders/list": [*outer, "auth.Page"],
        "GET /v1/orders/plain": [*outer, "auth.scoped", "auth.Page"],
        "GET /": ["main.log"],
    }


def test_a_route_is_followed_to_its_table(tmp_path):
    """Router prefix, aliased dependency, service, model and table; nothing is guessed."""
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/db.py": """
                from typing import Annotated
                from fastapi import Depends
                def engine(): ...
                def session(e=Depends(engine)): ...
                Session = Annotated[object, Depends(session)]
            """,
            "shop/models.py": """
                class Order(Base):
                    __tablename__ = "orders"
                class Line(SQLModel, table=True): ...
            """,
            "shop/service.py": """
                from . import models
                def place(session):
                    session.add(models.Order())
                    return helper()
                def helper():
                    return models.Line()
            """,
            "shop/api.py": """
                from fastapi import APIRouter, Depends
                from shop import service
                from shop.db import Session
                router = APIRouter(prefix="/orders")
                def user(): ...
                @router.post("/{id}", dependencies=[Depends(user)])
                async def create(id: int, session: Session):
                    unknown.place(session)
                    return service.place(session)
                cache.get("/not-a-route")
            """,
            "shop/main.py": """
                from fastapi import APIRouter, FastAPI
                from shop import api
                from shop.config import settings
                app = FastAPI()
                v1 = APIRouter()
                v1.include_router(api.router, prefix="/shop")
                app.include_router(v1, prefix=settings.API)
            """,
        },
    )
    [trace] = facts.traces
    assert trace.route == "POST /…/shop/orders/{id}"
    assert {step.name for step in trace.dependencies} == {
        "shop.db.session",
        "shop.db.engine",
        "shop.api.user",
    }
    assert [step.name for step in trace.services] == ["shop.service.place", "shop.service.helper"]
    assert trace.tables == ("orders", "line")


def test_dependencies_are_found_wherever_they_are_written(tmp_path):
    """Aliases of aliases, variables, routers, applications, classes and instances that are called."""
    facts = read(
        tmp_path,
        {
            "shop/__init__.py": "",
            "shop/deps.py": """
                from typing import Annotated
                from fastapi import Depends, Security
                def settings(): ...
                def token(s=Depends(settings)): ...
                def user(t: Annotated[str, Depends(token)]): ...
                CurrentUser = Annotated[object, Depends(user)]
                Admin = CurrentUser | None
                limited = Depends(lambda: 1)
                def quota(): ...
                spend = Security(quota)
                class Paging:
                    def __init__(self, s=Depends(settings)): ...
                class Role:
                    def __init__(self, name): ...
                    def __call__(self, who: CurrentUser): ...
                class Store: ...
                def trace(): ...
                def tenant(): ...
                def version(): ...
            """,
            "shop/api.py": """
                from fastapi import APIRouter, Depends
                from shop.deps import Admin, Paging, Role, Store, spend, tenant
                from shop import deps
                router = ShopRouter(dependencies=[Depends(tenant)], prefix="/s")
                @router.get("/a")
                def a(who: "Admin | None", who2: Admin, page: Paging = Depends()): ...
                @router.get("/b", dependencies=[spend, Depends(Role("x"))])
                def b(store: Annotated[Store, Depends()], other=deps.spend): ...
            """,
            "shop/main.py": """
                from fastapi import Depends, FastAPI
                from shop import api, deps
                app = FastAPI(dependencies=[Depends(deps.trace)])
                app.include_router(api.router, dependencies=[Depends(deps.version)])
            """,
        },
    )
    named = {
        trace.route: [step.name.rpartition(".")[2] for step in trace.dependencies]
        for trace in facts.traces
    }
    assert named["GET /s/a"][:3] == named["GET /s/b"][:3] == ["trace", "version", "tenant"]
    assert named["GET /s/a"][3:] == ["user", "token", "settings", "Paging"]
    assert named["GET /s/b"][3:] == ["quota", "Role", "user", "token", "settings", "Store"]


@each_row(
    ("function", "missing", "contradicts"),
    [
        ('def f(a, b):\n    """Do.\n\n    Args:\n        a: One.\n        c: Two.\n    """',
         ("Args: b",), ("c is documented, but is no parameter",)),
        ('def f(a):\n    """Do.\n\n    Args:\n        a (dict[str, int], optional): One.\n    """', (), ()),
        ('def f(*args, **kw):\n    """Do.\n\n    Args:\n        *args: A.\n        **kw: B.\n        any: C.\n    """', (), ()),
        ('def f(a):\n    """Do.\n\n    Args:\n        a: One:\n            b: not a parameter\n    """', (), ()),
        ('def f():\n    """Do."""\n    return 1', ("Returns",), ()),
        ('def f():\n    """Do."""\n    return', (), ()),
        ('def f():\n    """Do."""\n    yield 1', ("Yields",), ()),
        ('def f():\n    """Do."""\n    raise ValueError("x")', ("Raises: ValueError",), ()),
        ('def f():\n    """Do.\n\n    Raises:\n        ValueError: X.\n    """\n    raise ValueError', (), ()),
        ('def f():\n    """Do."""\n    def g():\n        return 1\n    g()', (), ()),
    ],
)  # fmt: skip
def test_docstrings_are_held_against_their_signature(tmp_path, function, missing, contradicts):
    """Missing and wrong parameters, returns, yields and raises of the function itself."""
    facts = read(tmp_path, {"shop/__init__.py": "", "shop/a.py": function + "\n"})
    found = facts.docstrings[0] if facts.docstrings else None
    assert (found.missing if found else ()) == missing
    assert (found.contradicts if found else ()) == contradicts


def test_coverage_is_measured_against_the_standard(tmp_path):
    """coverage.json gives each module's per cent; below 60 and 80 it is said."""
    facts = read(
        tmp_path,
        {
            "coverage.json": '{"files": {"shop/a.py": {"summary": {"percent_covered": 59.4}},'
            ' "shop/b.py": {"summary": {"percent_covered": 80.0}}}}',
            "shop/__init__.py": "",
            "shop/a.py": "def f(): ...\n",
            "shop/b.py": "def f(): ...\n",
        },
    )
    text = rendered(facts)
    assert "59 % (below 60)" in text
    assert "| 80 % |" in text


def test_a_copy_of_an_older_version_is_counted_apart(tmp_path):
    """`shop.v1` that repeats the modules beside it is legacy; routers of a v1 API are not."""
    copy = {f"shop/{p}{name}.py": "x = 1\n" for p in ("", "v1/") for name in ("a", "b", "c")}
    facts = read(tmp_path / "x", {"shop/__init__.py": "", "shop/v1/__init__.py": "", **copy})
    assert facts.summary["modules"] == 4
    assert facts.summary["legacy_modules"] == 4
    routers = {"shop/v1/users.py": "", "shop/v1/items.py": "", "shop/v1/__init__.py": ""}
    facts = read(tmp_path / "y", {"shop/__init__.py": "", "shop/a.py": "", **routers})
    assert facts.summary["modules"] == 5
    assert facts.summary["legacy_modules"] == 0


def test_regions_have_unique_names_and_balanced_fences(tmp_path):
    """What is written back into a document can be found in it again."""
    facts = read(tmp_path, {"shop/__init__.py": '"""A ``` fence <b> | in a docstring."""\n'})
    parts = IMPL.render(facts, Context("shop", date(2026, 11, 23), "S"))
    names = [part.name for part in parts if isinstance(part, Region)]
    assert len(names) == len(set(names))
    for part in parts:
        assert part.markdown == part.markdown.strip()
        assert part.markdown.count("\n```") % 2 == 0


def test_a_package_belongs_to_the_nearest_pyproject(tmp_path):
    """In a repository of several projects, dependencies and scripts are the package's own."""
    facts = read(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "workspace"\ndependencies = ["rich"]\n',
            "backend/pyproject.toml": '[project]\nname = "api"\ndependencies = ["typer"]\n'
            '[project.scripts]\napi = "app.main:run"\n',
            "backend/app/__init__.py": "import typer\n",
            "backend/coverage.json": '{"files": {"app/__init__.py":'
            ' {"summary": {"percent_covered": 90}}}}',
        },
    )
    assert facts.identity.name == "api"
    assert [(one.name, one.status) for one in facts.dependencies] == [("typer", "used")]
    assert str(facts.entry_points[0].place) == "backend/pyproject.toml"
    assert facts.modules[0].coverage == 90


def test_a_commit_or_a_moved_line_is_no_change_of_the_code(tmp_path):
    """What git says, line numbers and test coverage change without the document going stale."""
    from footnotary.facts.differing import describe_differences

    before = read(tmp_path, {"shop/__init__.py": "", "shop/a.py": "def f(a): ...\n"})
    files = {"shop/a.py": "# moved\n\ndef f(a): ...\n", "x.txt": ""}
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", "-C", tmp_path, *words], check=True, capture_output=True)
    after = read(tmp_path, files)
    assert before.pending != after.pending
    assert list(describe_differences(before, after)) == []
    changed = read(tmp_path, {"shop/a.py": "def f(a, b): ...\n"})
    assert list(describe_differences(before, changed))


def test_what_the_project_says_of_itself_is_said_once(tmp_path):
    """A README that begins with the description of pyproject.toml is enough."""
    project = '[project]\nname = "shop"\ndescription = "Sells tea."\n'
    files = {"shop/__init__.py": "", "pyproject.toml": project}
    said = rendered(read(tmp_path, files | {"README.md": "# Shop\n\nSells tea. And cups.\n"}))
    assert said.count("Sells tea.") == 1
    assert "| Property | Value |" in said
    other = rendered(read(tmp_path, files | {"README.md": "# Shop\n\nFor people.\n"}))
    assert "Sells tea." in other
    assert "For people." in other


def test_modules_beside_each_other_have_their_own_names(tmp_path):
    """Without a package, `main.py` is `main`, as it is imported: the folder is no part of it."""
    files = {
        "main.py": "import models\nfrom fastapi import FastAPI\napp = FastAPI()\ndef run(): ...\n",
        "models.py": "class Out:\n    pass\n",
    }
    facts = read(tmp_path, files)
    assert [one.name for one in facts.modules] == ["main", "models"]
    assert facts.architecture.layers == (("main",), ("models",))
    assert [one.target for one in facts.entry_points] == ["main:app"]
    assert "models" not in {one.name for one in facts.dependencies}
    said = rendered(facts)
    assert "::: main\n" in said
    assert "::: models\n" in said


def test_a_package_outside_the_project_has_paths_from_its_own_folder_on(tmp_path):
    """Two modules of one name in two folders are two places."""
    inside = tmp_path / "project"
    for name in ("a/util.py", "a/b/util.py", "util.py", "__init__.py"):
        path = tmp_path / "elsewhere" / "pkg" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("def f(): ...\n")
    inside.mkdir()
    package = load_package(Tree(inside), str(tmp_path / "elsewhere" / "pkg"))
    assert package.path == "pkg"
    assert {source.path for source in package.sources} == {
        *("pkg/__init__.py", "pkg/util.py", "pkg/a/util.py", "pkg/a/b/util.py"),
    }
    assert [
        one.path for one in load_package(Tree(inside), f"{tmp_path}/elsewhere/pkg/util.py").sources
    ] == ["pkg/util.py"]


def test_another_package_of_the_project_is_not_compared(tmp_path):
    """What the last document was about is not gone, what it was not about is not new."""
    files = {
        f"{folder}/{name}/__init__.py": f"def f_{name}(a): ...\n"
        for folder, name in (("src", "one"), ("src", "two"), ("libs/three/src", "three"))
    }
    files["libs/three/pyproject.toml"] = '[project]\nname = "three"\n'
    every = read(tmp_path, files)
    one, two = (read(tmp_path, {}, package=name) for name in ("one", "two"))
    three = read(tmp_path, {}, package="libs/three/src/three")
    assert (every.others, one.others) == ((), ("three", "two"))
    for before, after in (
        (one, two), (two, one), (every, one), (one, every), (three, one), (one, three),
    ):  # fmt: skip
        text = rendered(after, before)
        assert "Not compared: another package: the last document is about " in text
        assert not re.search(r"can break callers|New: |removed", text)
        assert changes_between(before, after) == ()
        assert what_differs(before, after).startswith("another package")
    for same in (one, every):
        assert UNCHANGED in rendered(same, same)
    (tmp_path / "src/one").rename(tmp_path / "src/renamed")
    renamed = rendered(read(tmp_path, {}, package="renamed"), one)
    assert "can break callers" in renamed  # the package itself is gone


def test_a_large_document_is_split_by_package(tmp_path):
    """Every module is on one page, no page has two packages, and the first says which is where."""
    code = "".join(f"def f{number}(a): ...\n" for number in range(40))
    files = {
        f"src/{package}/{part}/{name}.py": code
        for package in ("shop", "tools")
        for part in ("a", "b", "c")
        for name in ("__init__", "one", "two")
    }
    facts = read(tmp_path, {"src/shop/__init__.py": "", "src/tools/__init__.py": "", **files})
    context = Context("shop", date(2026, 11, 23), "S")
    pages = {name: data.decode() for name, data in IMPL.attachments(facts, context).items()}
    first = rendered(facts)
    shown = [re.findall(r"^::: (\S+)", text, re.MULTILINE) for text in pages.values()]
    every = sorted(name for names in shown for name in names)
    assert every == sorted(one.name for one in facts.modules if one.api)
    assert all(len({name.partition(".")[0] for name in names}) == 1 for names in shown)
    assert all(f"(S{suffix})" in first for suffix in pages)
    assert ":::" not in first
    assert all("(S.md)" in text for text in pages.values())


def test_sections_are_read_as_griffe_reads_them(tmp_path):
    """A parameter may be called like a section, be described below, or stand beside another."""
    body = '''
        def f(x: int, raises: bool, returns: str, *args: int, note: str = "") -> bool:
            """Do.

            Args:
                x:
                    The number.

                raises:
                    Whether.
                returns (Callable[[int], dict[str, (int)]]): Which.
                *args: More.
                note: Not a section::

                    Args:
                        y: in a sample
            Returns:
                bool: Whether.
            Raises:
                ValueError: If so.
            """
            raise ValueError
        def g(a, b, **kwargs):
            """Do.

            ```
            Args:
                gone: in a fence
            ```

            Args:

                a, b: Both.
                **kwargs: Passed on.
            """
    '''
    facts = read(tmp_path, {"shop/__init__.py": body})
    assert facts.docstrings == ()

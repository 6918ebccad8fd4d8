"""A project reads the same under every hash seed, with and without what git ignores."""

import json
import os
import runpy
import shutil
import subprocess
import sys

import pytest

import hostile
from checkout import ROOT
from footnotary.facts.options import ReadOptions
from footnotary.gating.freshness import judge_readings
from footnotary.probe.inside.answers import settled
from footnotary.rules.basis import Compared
from footnotary.writing.reading import read_facts

pytestmark = pytest.mark.slow  # each starts several interpreters that import FastAPI

SETTINGS = """
    from pathlib import Path

    from pydantic_settings import BaseSettings, SettingsConfigDict


    class Settings(BaseSettings):
        model_config = SettingsConfigDict(env_file=".env", extra="ignore")
        title: str = "Default"
        secret_key: str


    settings = Settings()
    try:
        from local_settings import TITLE
    except ImportError:
        TITLE = ""
    password = Path("secrets/.local/password")
    settings.title += TITLE + "!" * Path("shop.db").exists()
    settings.title += password.read_text() if password.exists() else ""
    local = Path("config/local.toml")
    summary = local.read_text() if local.exists() else "plain"
"""
APP = """
    from fastapi import FastAPI
    from pydantic import BaseModel

    from settings import settings, summary

    app = FastAPI(title=settings.title, summary=summary)


    class Order(BaseModel):
        kinds: set[str] = {"tea", "coffee", "milk", "water"}


    @app.api_route("/orders", methods=["GET", "POST", "PUT"])
    def orders(order: Order) -> list[Order]: ...
"""
IGNORED = {
    ".env": "TITLE=Mine\nSECRET_KEY=hunter2-hunter2\n",
    "config/local.toml": "local",
    "local_settings.py": "TITLE = 'My own'",
    "secrets/.local/password": "hunter3",
    "shop.db": "",
}


@pytest.fixture
def shop(made):
    """A repository that ignores the settings of one machine."""
    subprocess.run(["git", "-C", made.root, "init", "-q"], check=True)
    ignore = {".gitignore": ".env\n*local*\nsecrets/\n*.db\n"}
    return made.write(ignore | {"main.py": APP, "settings.py": SETTINGS, "config/x.txt": ""})


@pytest.mark.parametrize("way", ["namespaces", "hooks"])
def test_settings_that_git_ignores_decide_nothing(shop, monkeypatch, way):
    """They are not seen by the import, nor lost; what is said of that differs, and no fact."""
    hostile.use_way(monkeypatch, way)
    without = shop.api()
    other = {"local.d/mine.py": "from fastapi import FastAPI\nmine = FastAPI()\n"}
    shop.write(IGNORED | other)
    before = hostile.fingerprint(shop.root)
    facts = shop.api()
    assert hostile.fingerprint(shop.root) == before
    assert facts.title == "Default"
    assert facts.model_dump(exclude={"read"}) == without.model_dump(exclude={"read"})
    assert facts.caveats == without.caveats
    assert facts.read.left_out == tuple(IGNORED)[:-1]
    assert without.read.left_out == ()


@pytest.mark.parametrize("way", ["namespaces", "hooks"])
def test_what_only_the_import_does_not_see_was_not_removed(shop, monkeypatch, way):
    """However it is called and however many there are; a built site is not worth a word."""
    hostile.use_way(monkeypatch, way)
    site = dict.fromkeys(
        ["index.html", "404.html", "sitemap.xml", "search/search_index.json"], "{}"
    )
    shop.write(
        {f"{top}/{name}": text for top in ("site", "a/public") for name, text in site.items()}
    )
    shop.write({".gitignore": "/site/\n/a/\nconf.d/\n"})
    dated = {f"conf.d/API-shop-2026-11-{day}.json": "{}" for day in range(10, 32)}
    shop.write(dated)
    facts = shop.api()
    assert not [one for one in facts.caveats if "Kept" in one], facts.caveats
    assert facts.read.left_out == tuple(dated)


def test_settings_without_which_nothing_can_be_read_are_read_and_named(shop):
    """What no placeholder can stand for is taken from the file that git ignores; it is said."""
    strict = SETTINGS.replace("secret_key: str", 'secret_key: str = Field(pattern="^[a-z]{3}-9$")')
    shop.write({"settings.py": "from pydantic import Field\n" + strict.replace("\n    ", "\n")})
    assert shop.api().read.how == "source"
    shop.write(IGNORED | {".env": "TITLE=Mine\nSECRET_KEY=abc-9\n"})
    facts = shop.api()
    assert facts.read.how == "imported"
    assert facts.title.startswith("Mine")
    assert facts.caveats[0].startswith("Read with .env, ")
    assert ", which git ignores. Without: main:app cannot be imported: " in facts.caveats[0]
    assert "abc-9" not in facts.model_dump_json()


def test_sets_have_one_order(shop, monkeypatch):
    """Defaults and operation ids that come of sets are the same whatever the seed."""
    found = set()
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        facts = shop.api()
        found.add(facts.model_dump_json(exclude={"read"}))
    assert len(found) == 1
    (model,) = [one for one in facts.models if one.name == "Order"]
    assert model.fields[0].default == '["coffee", "milk", "tea", "water"]'
    seen = "<weakref at 0x7f32c8a1b5d0; to <A at 0x7f32c8a1b5d0>> <f at 0x7f32c8a1b5d0, file x>"
    assert settled(seen, "") == "<weakref; to <A>> <f, file x>"
    assert settled("Registers at 0x40021000, see <b>", "") == "Registers at 0x40021000, see <b>"
    assert settled({"a": {"b", 3, None, "a"}}, "") == {"a": [None, 3, "a", "b"]}


def test_what_is_the_machines_is_no_difference(shop):
    """Host name, processors, locale and zone are anybody's; the day differs between readings."""
    shop.write(
        {
            "main.py": """
                import datetime, locale, os, platform, socket, time
                from fastapi import FastAPI

                told = socket.gethostname(), platform.node(), os.uname().nodename, os.cpu_count()
                told += time.tzname[0], locale.setlocale(locale.LC_ALL, "")
                app = FastAPI(title=repr(told), version=str(datetime.date.today()))

                @app.get("/")
                def root() -> str: ...
            """
        }
    )
    facts, there = shop.api(), shop.api(elsewhere=True)
    assert facts.title == repr(("localhost",) * 3 + (4, "UTC", "C.UTF-8"))
    assert there.title == repr(("elsewhere",) * 3 + (4, "LATER", "C.UTF-8"))
    assert facts.version < there.version
    earlier = facts.model_copy(update={"version": "2020-02-20", "title": "another machine"})
    unsteady = (f"version 2020-02-20 → {facts.version}",)  # said, and no change
    assert judge_readings(earlier, facts, lambda: there, {}) == Compared(unsteady=unsteady)


def test_no_variable_of_python_acts_on_the_import(made, monkeypatch):
    """Neither the user's, nor one among the settings; the application still sees the latter."""
    made.write(
        {
            "other/sitecustomize.py": "raise SystemExit(9)",
            "sitecustomize.py": "raise SystemExit(9)",
            "ast.py": "raise SystemExit(9)",
            "s.env": "PYTHONPATH=other\nPYTHONOPTIMIZE=2\nPYTHON_ENV=prod\n",
            "main.py": """
                import os, sys
                told = os.environ["PYTHON_ENV"], sys.flags.optimize, sys.flags.no_user_site
                told += "other" in "".join(sys.path), "" in sys.path
                def document():
                    paths = {"/a": {"get": {"responses": {"200": {"description": "a"}}}}}
                    info = {"title": repr(told), "version": "1"}
                    return {"openapi": "3.1.0", "info": info, "paths": paths}
            """,
        }
    )
    monkeypatch.setenv("PYTHONPATH", os.fspath(made.root / "other"))
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    options = {"app": "main:document", "env_file": made.root / "s.env", "python": sys.executable}
    assert made.api(**options).title == repr(("prod", 0, 1, False, False))


def test_readings_of_an_unchanged_project_are_equal(tmp_path):
    """All kinds: other seeds, other folders, with and without `.env` and files git ignores."""
    found = []
    for seed, name, local in (("1", "one", {}), ("77", "other folder", IGNORED)):
        root = tmp_path / name / "shop"
        shutil.copytree(ROOT / "examples/shop", root)
        (root / ".gitignore").write_text(".env\nconfig/\nsecrets/\n*local*\n*.db\n")
        subprocess.run(["git", "-C", root, "init", "-q"], check=True)
        for path, text in local.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        words = [sys.executable, ROOT / "benchmarks/readings.py", "--read", root]
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    compare = runpy.run_path(str(ROOT / "benchmarks/readings.py"))["compare"]
    assert compare(*found) == []
    assert [found[0][kind]["read"]["how"] for kind in ("api", "schema")] == ["imported"] * 2
    changed = json.loads(json.dumps(found[1]))
    changed["schema"]["tables"][0]["columns"][0]["name"] = "other"
    assert len(compare(found[0], changed)) == 1


def test_what_is_made_is_shown_before_what_is_personal(shop):
    """A file that only looks like settings, and is needed, does not bring the `.env` along."""
    needs = "\n    Path('made/manifest.json').read_text()\n"
    ignore = (shop.root / ".gitignore").read_text() + "made/\n"
    shop.write({"settings.py": SETTINGS + needs, ".gitignore": ignore})
    shop.write(IGNORED | {"made/manifest.json": "{}"})
    facts = shop.api()
    assert facts.title == "Default!"
    assert facts.caveats[0].startswith("Read with config/local.toml, made/manifest.json, shop.db, ")
    assert facts.read.left_out == (".env", "local_settings.py", "secrets/.local/password")


def test_an_unnamed_project_is_not_named_by_its_folder(made):
    """Clones lie in folders of other names; a document's own name is the same in each."""
    made.write(
        {"app/__init__.py": "", "app/main.py": "from fastapi import FastAPI\na = FastAPI()\n"}
    )
    named = read_facts(made.project, "impl", "backend", ReadOptions())
    assert named.identity.name == "backend"
    made.write(
        {"app/main.py": "from fastapi import FastAPI\na = FastAPI()\n@a.get('/')\ndef f(): ..."}
    )
    assert made.api(source_only=True).title == "FastAPI"

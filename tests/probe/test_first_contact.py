# ruff: noqa: E501  programs written out as they would stand in a file
"""What is said, and not said, of a project at the first try: tables, mocks, settings, names."""

import json
import sys
from dataclasses import replace

import pytest

from footnotary.errors import ImportFailed
from footnotary.facts.options import ReadOptions
from footnotary.probe.child import _failed, _shown_changes, _shown_denied
from footnotary.probe.inside.changes import PASSING
from footnotary.probe.inside.loading import Mocks
from footnotary.probe.inside.raising import Scanner
from footnotary.probe.placeholders import placeholder
from footnotary.probe.requests import ImportRequest
from footnotary.probe.schema import _told_dialect
from footnotary.writing.reading import read_facts

ITEM = """
from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Item(Base):
    __tablename__ = "item"
    id = Column(Integer, primary_key=True)
"""


@pytest.mark.slow
def test_catalogs_of_libraries_are_not_the_projects_tables(made):
    """SQLAlchemy's own are never; a metadata that the project holds in any way is."""
    held = """
        import sqlalchemy as sa
        from sqlalchemy.dialects import mssql, oracle
        from sqlalchemy.dialects.postgresql import pg_catalog
        import stranger

        class Schema:
            metadata = sa.MetaData()

        users = sa.Table("users", Schema.metadata, sa.Column("id", sa.Integer, primary_key=True))

        class Store:
            def __init__(self):
                self.meta = sa.MetaData()
                self.table = sa.Table("stored", self.meta, sa.Column("id", sa.Integer))

        STORE = Store()
    """
    library = (
        "import sqlalchemy as sa\nt = sa.Table('theirs', sa.MetaData(), sa.Column('a', sa.Text))\n"
    )
    library += ITEM.replace('"item"', '"mapped_theirs"')
    made.write({"shop/__init__.py": "", "shop/tables.py": held, "shop/models.py": ITEM})
    made.write({"site-packages/stranger.py": library, "shop/__init__.py": """
        import pathlib, sys
        sys.path.append(str(pathlib.Path(__file__).parent.parent / "site-packages"))
    """})  # fmt: skip
    assert sorted(one.name for one in made.schema().tables) == ["item", "stored", "users"]


@pytest.mark.slow
def test_without_an_environment_no_version_is_said_to_be_the_projects(made):
    """It is said that there is none; where all that the project declares is here, it is its own."""
    made.write({"models.py": ITEM})
    borrowed = replace(made.project, python="")
    facts = read_facts(borrowed, "schema", "shop", ReadOptions())
    assert any(one.startswith("No environment of the project was found: ") for one in facts.caveats)
    assert (facts.read.python, facts.versions) == ("", {})
    declared = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["sqlalchemy"]\n'
    (made.root / "pyproject.toml").write_text(declared)
    facts = read_facts(borrowed, "schema", "shop", ReadOptions())
    assert facts.read.python == sys.version.split(maxsplit=1)[0]
    assert "sqlalchemy" in facts.versions


def test_mocked_classes_can_be_inherited_and_caught(monkeypatch):
    """And decorators leave what they decorate; constants and functions are mocks."""
    finder = Mocks(["absent_driver", "absent_queue"])
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    driver = __import__("absent_driver.rows", fromlist=["Row"])
    queue = __import__("absent_queue")

    class Mine(driver.Row[int], queue.Task):
        kept: queue.Client | None = None

    class Failure(queue.ConnectionError): ...

    application = queue.Queue("shop", broker="memory")

    @application.task
    def plain():
        return 1

    @application.task(retries=3)
    def told():
        return 2

    with pytest.raises(queue.ConnectionError):
        raise Failure
    with queue.Lock():
        assert (plain(), told()) == (1, 2)
    assert isinstance(Mine("any", thing=1), driver.Row)
    assert Mine().anything
    assert queue.__version__ > "9"


def test_a_model_among_settings_gets_a_whole_value():
    """A placeholder of its required fields, models in it included, as JSON."""
    inner = {"key": "port", "name": "port", "type": "int"}
    nested = {"key": "pool", "name": "pool", "type": "Pool", "inner": [inner]}
    about = {
        "name": "DB",
        "type": "Db",
        "inner": [nested, inner | {"key": "mode", "choices": ["a"]}],
    }
    assert json.loads(placeholder(about, {}, 0)) == {"pool": {"port": "1"}, "mode": "a"}


def test_names_of_files_stay_on_one_line_and_name_no_passing_folder(tmp_path):
    """An application may call a file anything; a folder of `tempfile` is another the next time."""
    request = ImportRequest("api", "python", tmp_path, ())
    answer = {"denied": ["write /opt/a\nb.txt", "write /opt/tmpab12cd_3", "write /srv/shop-x1y2z3w4"],
              "written": ["c\u2028d", "e"]}  # fmt: skip
    assert _shown_denied(request, answer) == ["write a\\nb.txt", "write …", "write shop-…"]
    assert _shown_changes(answer) == "c\\u2028d, e (written)"
    assert PASSING.sub("…", "settings_backup.yaml") == "settings_backup.yaml"


def test_the_dialect_is_that_of_the_urls_in_the_code(made):
    """Where no file of settings tells it; else of the only dialect that is imported from."""
    made.write({"db.py": 'engine = create_engine("sqlite:///shop.db")\n'})
    assert _told_dialect(made.root) == "sqlite"
    made.write({"db.py": "from sqlalchemy.dialects.mysql import TINYINT\n"})
    assert _told_dialect(made.root) == "mysql"
    made.write(
        {
            "db.py": "from sqlalchemy.dialects import mysql\nfrom sqlalchemy.dialects.oracle import X\n"
        }
    )
    assert _told_dialect(made.root) == ""
    made.write({"db.py": 'URL = "postgres://x"\n', "other.py": 'URL = "sqlite+aiosqlite://"\n'})
    assert _told_dialect(made.root) == "postgresql"


def test_a_name_that_is_assigned_to_itself_is_followed_once(tmp_path):
    """`answer = answer or make()` is usual, and ends."""

    def handle(answer=None):
        answer = answer or handle()
        if answer:
            raise answer
        return answer

    assert Scanner({}, str(tmp_path)).scan([handle]) == []


def test_a_missing_module_in_our_own_python_is_no_reason_to_install_into_it(tmp_path):
    """The hint names what the project lacks: an environment."""
    request = ImportRequest("api", sys.executable, tmp_path, (), target="a:b", borrowed=True)
    answer = {"error": "ModuleNotFoundError: No module named 'x'", "module": "x", "names": ["x"]}
    error = _failed(answer, request)
    assert isinstance(error, ImportFailed)
    assert error.hint.startswith("No environment of the project was found")
    assert "--mock x" in error.hint

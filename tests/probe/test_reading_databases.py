"""A live database is read without the project's code, and nothing is made."""

import sqlite3
import sys

import pytest

from footnotary.errors import ImportFailed
from footnotary.probe.child import ask
from footnotary.probe.requests import ImportRequest

pytestmark = pytest.mark.slow  # each starts an interpreter that imports SQLAlchemy


def reflect(root, url):
    """Read a database, with the project in the import path: as an editable install has it."""
    where = {"interpreter": sys.executable, "root": root, "paths": (str(root),)}
    return ask(ImportRequest(task="reflect", database_url=url, timeout=60.0, **where))


def test_a_driver_of_the_projects_own_is_not_imported(tmp_path):
    """What is named like one may do anything."""
    (tmp_path / "pymysql.py").write_text("open('made', 'w')\n")
    with pytest.raises(ImportFailed, match="does not let an imported project do this: import"):
        reflect(tmp_path, "mysql://u@127.0.0.1:1/d")
    assert [path.name for path in tmp_path.iterdir()] == ["pymysql.py"]


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    """SQLite would make an empty file of that name."""
    with pytest.raises(ImportFailed, match=r"write missing\.db"):
        reflect(tmp_path, "sqlite:///missing.db")
    assert not list(tmp_path.iterdir())


def test_a_database_that_is_there_is_read_where_it_is(tmp_path):
    """A file in the project's folder, without a layer."""
    with sqlite3.connect(tmp_path / "app.db") as connection:
        connection.execute("CREATE TABLE t (a INTEGER)")
    connection.close()
    answer = reflect(tmp_path, "sqlite:///app.db")
    assert [one["name"] for one in answer.data["tables"]] == ["t"]
    assert [path.name for path in tmp_path.iterdir()] == ["app.db"]

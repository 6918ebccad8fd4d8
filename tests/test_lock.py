"""What the README's commands install is pinned, whole, and the same tomorrow."""

import re
import runpy
import tomllib
from pathlib import Path

from tables import each_row

ROOT = Path(__file__).parent.parent
LOCK = runpy.run_path(str(ROOT / "scripts" / "lock.py"))
PYPROJECT = (ROOT / "pyproject.toml").read_text()
LOCKS = {name: (ROOT / name).read_text() for name in LOCK["LOCKS"]}
NAMES = {"dev": "requirements-dev.txt", "run": "requirements.txt"}
INSTALL = re.compile(
    r"pip install -q --require-hashes -r (?P<lock>\S+) && "
    r"\S+pip install -q --no-deps --no-build-isolation (?:-e )?\. && "
)


def faults(pyproject=PYPROJECT, **changed):
    """Return what differs; `dev` and `run` stand for the changed text of the two files."""
    locks = dict(LOCKS)
    locks.update({NAMES[key]: text for key, text in changed.items()})
    return list(LOCK["find_faults"](pyproject, locks))


def test_the_locks_fit_the_project():
    """Each package that pyproject.toml names is pinned within its range, with hashes."""
    assert faults() == []


@each_row(
    ("before", "after"),
    [
        ('"httpx>=0.28,<0.29"', '"httpx>=0.28,<0.30"'),
        ('"protego>=0.4",', '"protego>=0.4", "a-new-one",'),
        ('"mkdocs>=1.6,<2",', ""),
        ('"pytest>=8.3"', '"pytest>=8.2"'),
        ("hatchling>=1.25", "hatchling>=1.26"),
        ('requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
    ],
)
def test_a_change_of_the_project_makes_the_locks_stale(before, after):
    """Dependencies, extras, the build's own and the Pythons: each is seen in both files."""
    assert before in PYPROJECT
    stale = faults(PYPROJECT.replace(before, after, 1))
    assert {line.partition(":")[0] for line in stale} == set(LOCKS)
    assert any("run python scripts/lock.py" in line for line in stale)


def test_a_range_is_held_even_where_the_digest_was_copied():
    """A digest written by hand does not hide a pin outside its range, or a missing one."""
    changed = PYPROJECT.replace('"protego>=0.4"', '"protego>=99"').replace(
        '"mkdocs>=1.6,<2"', '"mkdocs>=1.6,<2", "another-name"'
    )
    old, new = LOCK["digest_requirements"](PYPROJECT), LOCK["digest_requirements"](changed)
    found = faults(changed, **{k: LOCKS[n].replace(old, new) for k, n in NAMES.items()})
    assert [line for line in found if "is not protego>=99" in line]
    assert [line for line in found if "another-name is not pinned" in line]


def test_the_two_locks_never_differ():
    """A package has the same version, marker and hashes in both, or `--check` says so."""
    pin = next(one for one in LOCK["read_pins"](LOCKS["requirements.txt"]) if one[0] == "httpx")
    other = LOCKS["requirements.txt"].replace(f"httpx=={pin[1]} ", "httpx==0.28.0 ")
    assert any("has another httpx" in line for line in faults(run=other))


@each_row(
    "line",
    [
        "--index-url https://packages.example.org/simple",
        "name==1.0",
        "name @ https://packages.example.org/name-1.0.tar.gz",
        "-e .",
    ],
)
def test_a_lock_names_no_server_and_nothing_without_a_hash(line):
    """A lock is pins with hashes and comments, and nothing else."""
    assert faults(dev=f"{LOCKS['requirements-dev.txt']}{line}\n")
    assert "://" not in "".join(LOCKS.values())


def test_the_readmes_two_commands_install_what_is_pinned():
    """Each is one line: the lock, then the project alone, built with the build tool of the lock."""
    lines = [
        line for line in (ROOT / "README.md").read_text().splitlines() if "-m venv .venv" in line
    ]
    assert [INSTALL.search(line)["lock"] for line in lines] == [
        "requirements.txt",
        "requirements-dev.txt",
    ]
    assert all(re.search(r"^hatchling==", text, re.MULTILINE) for text in LOCKS.values())


def test_all_that_installs_this_project_uses_a_lock():
    """Image, action and contributors' page do so with hashes; what CI runs is the README's line."""
    for name in ("Dockerfile.docs", "action.yml", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text()
        assert re.search(r"--require-hashes (-r|--requirement) \S*requirements", text)
        assert "--no-deps --no-build-isolation" in text
    assert "pip install" not in (ROOT / ".ci/run").read_text()
    assert "pip install" not in (ROOT / ".github/workflows/test.yml").read_text()


def test_the_development_lock_has_every_extra_that_a_user_can_install():
    """What `footnotary[…]` offers is tested; `bench` is other people's programs beside ours."""
    extras = set(tomllib.loads(PYPROJECT)["project"]["optional-dependencies"]) - {"dev", "bench"}
    asked = {str(one.name) for one in LOCK["list_requirements"](PYPROJECT, "dev")}
    for extra in extras:
        assert {one.name for one in LOCK["list_requirements"](PYPROJECT, extra)} <= asked

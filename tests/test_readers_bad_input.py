"""Hostile and broken trees: documented, or one clear sentence; never a silent gap."""

import os
import re
import sys
import time

import pytest

from footnotary import yaml_text
from footnotary.errors import ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, impl
from footnotary.source import MAX_BYTES
from tables import each_row

NOTHING = ReadOptions()
TOO_DEEP = yaml_text.MAX_NESTING + 1
BOMB = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n" + "".join(
    f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


def test_a_project_without_compose_or_docker_is_documented(tmp_path):
    """An empty project gives empty facts with a caveat, not an error."""
    facts = deploy.read_deploy(Project(tmp_path), NOTHING)
    assert facts.summary["services"] == 0
    assert "No file is named like a compose file." in facts.caveats


def test_a_compose_file_that_was_named_must_be_there(tmp_path):
    """What the user names and is not there is an error with a hint."""
    with pytest.raises(ProjectError) as missing:
        deploy.read_deploy(Project(tmp_path), ReadOptions(compose_files=("none.yml",)))
    assert "none.yml" in missing.value.message
    assert missing.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("services:\n  a:\n    image: [\n", "line"),
        ("services:\n\ta: 1\n", "line"),
        ("", "empty"),
        ("- a\n- b\n", "compose.yaml"),
        ("just words\n", "compose.yaml"),
        ("services: 5\n", "compose.yaml"),
        ("services:\n  a: nothing\n", "compose.yaml"),
        ("services:\n  a: {image: x}\n  a: {image: y}\n", "compose.yaml"),
        ("a: " + "[" * TOO_DEEP, "deeply"),
        ("- " * TOO_DEEP + "a", "deeply"),
        ("\n".join("  " * depth + "a:" for depth in range(TOO_DEEP)), "deeply"),
        (BOMB + "services: {a: {image: x, labels: *x8}}\n", "deeply"),
        ("services: &s {a: {image: x, labels: *s}}\n", "deeply"),
    ],
    ids=[
        "open bracket",
        "tab",
        "empty",
        "list",
        "words",
        "number",
        "service of words",
        "key twice",
        "deep brackets",
        "deep dashes",
        "deep indent",
        "alias bomb",
        "alias to itself",
    ],
)
def test_a_broken_compose_file_is_one_sentence_with_its_line(tmp_path, text, said):
    """The document says which file cannot be read and where, in bounded time."""
    (tmp_path / "compose.yaml").write_text(text)
    began = time.process_time()
    facts = deploy.read_deploy(Project(tmp_path), NOTHING)
    assert time.process_time() - began < 5
    assert said in facts.stacks[0].error
    assert "\n" not in facts.stacks[0].error
    assert any("could not be read" in caveat for caveat in facts.caveats)


@pytest.mark.parametrize(
    "data",
    [
        b"services:\0\0\0",
        "services: {é: {image: x}}".encode("utf-16"),
        b"\xff\xfe\xfa",
        b"#" * (MAX_BYTES + 1),
    ],
    ids=["binary", "UTF-16", "no text", "huge"],
)
@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", ".gitlab-ci.yml", ".env"])
def test_files_that_are_no_text_are_said_to_be_none(tmp_path, name, data):
    """Binary, mis-encoded and huge files stop nothing and are not guessed at."""
    (tmp_path / name).write_bytes(data)
    facts = deploy.read_deploy(Project(tmp_path), NOTHING)
    errors = [one.error for one in (*facts.stacks, *facts.dockerfiles, *facts.workflows)]
    assert all(errors)
    assert facts.matrix == ()


def test_links_in_a_circle_and_pipes_do_not_hold_the_walk(tmp_path):
    """Symbolic links to folders are not followed; a pipe is not opened."""
    (tmp_path / "compose.yaml").write_text("services: {a: {image: 'x:1'}}\n")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    os.mkfifo(tmp_path / "Dockerfile")
    (tmp_path / "deep").mkdir()
    os.mkfifo(tmp_path / "deep" / "compose.yaml")
    (tmp_path / "folder.env").mkdir()
    facts = deploy.read_deploy(Project(tmp_path), NOTHING)
    assert facts.stacks[0].services[0].name == "a"
    assert facts.stacks[1].error
    assert facts.dockerfiles[0].error


def test_unset_variables_missing_files_and_env_are_documented_not_refused(tmp_path):
    """A fresh clone without .env, with a missing include, has a document all the same."""
    (tmp_path / "compose.yaml").write_text(
        "include: [other/compose.yaml]\n"
        "services:\n"
        "  a:\n"
        "    image: 'x:1'\n"
        "    env_file: [.env, {path: local.env, required: false}]\n"
        "    environment: {NEEDED: '${NEEDED:?set it}', LOOSE: '${LOOSE}'}\n"
        "  b: {extends: {file: base.yaml, service: z}}\n"
    )
    stack = deploy.read_deploy(Project(tmp_path), NOTHING).stacks[0]
    assert stack.services[0].name == "a"
    missing = " ".join(stack.missing)
    assert "other/compose.yaml (include, compose.yaml:1)" in missing
    assert "base.yaml (extends, compose.yaml:7)" in missing
    assert ".env (env_file, compose.yaml:5)" in missing
    assert "local.env" not in missing
    assert {one.name: one.required for one in stack.interpolations} == {
        "NEEDED": True,
        "LOOSE": False,
    }


def test_a_package_is_found_with_and_without_init(tmp_path):
    """A package without `__init__.py` is a package; its import name is its folder's."""
    folder = tmp_path / "src" / "shop"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("def f(): ...\n")
    facts = impl.read_impl(Project(tmp_path), NOTHING)
    assert facts.identity.package == "shop"
    assert [module.name for module in facts.modules] == ["shop.a"]


def test_no_package_is_one_sentence(tmp_path):
    """Where there is no Python, the error says how to name a package."""
    with pytest.raises(ProjectError) as none:
        impl.read_impl(Project(tmp_path), NOTHING)
    assert "--path" in none.value.hint
    with pytest.raises(ProjectError):
        impl.read_impl(Project(tmp_path), ReadOptions(package="missing"))


def test_modules_that_cannot_be_parsed_are_counted_and_named(tmp_path):
    """Newer syntax, binaries, bad encodings and absurd nesting are named with a reason."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""The shop."""\n')
    (folder / "newer.py").write_text("x = 1\nfrom future syntax\n")
    (folder / "binary.py").write_bytes(b"\0\1\2")
    (folder / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nname = '\xe9'\n")
    (folder / "wrong.py").write_bytes(b"name = '\xe9'\n")
    (folder / "deep.py").write_text("x = " + "(" * 5_000 + ")" * 5_000 + "\n")
    facts = impl.read_impl(Project(tmp_path), NOTHING)
    assert facts.summary["modules"] == 6
    named = {one.partition(":")[0] for one in facts.unparsed}
    assert named == {f"shop/{name}.py" for name in ("newer", "binary", "wrong", "deep")}
    assert any(one.startswith("shop/newer.py:2 ") for one in facts.unparsed)
    assert facts.caveats
    assert [module.name for module in facts.modules] == ["shop", "shop.latin"]


@each_row("name", ["pyproject.toml", ".importlinter", "setup.cfg", "coverage.json"])
@each_row("text", ["[[[", "= =", "\x00", '{"files": [1]}', "[project]\nname = 5\n"])
def test_broken_settings_files_do_not_stop_the_reading(tmp_path, name, text):
    """Files beside the code that are broken are as if they were not there."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / name).write_text(text)
    if name == "pyproject.toml" and text != "[project]\nname = 5\n":
        with pytest.raises(ProjectError) as broken:
            impl.read_impl(Project(tmp_path), NOTHING)
        assert "\n" not in broken.value.message
        return
    assert impl.read_impl(Project(tmp_path), NOTHING).summary["modules"] == 1


@each_row(
    "text",
    [
        "tool = 5",
        "[project]\ndependencies = 'x'\nscripts = [1]\nlicense = 5\nname = 3",
        "[tool.poetry]\ndependencies = [1]\ngroup = 5",
        "[dependency-groups]\nx = 5\ny = [1, {a = 2}]",
        "[tool.importlinter]\ncontracts = 5",
        "[project.entry-points]\na = 5",
    ],
)
def test_tables_of_the_wrong_type_are_as_if_they_were_not_there(tmp_path, text):
    """pyproject.toml may hold anything where a list or a table belongs."""
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("from . import a\nfrom ... import b\n")
    assert impl.read_impl(Project(tmp_path), NOTHING).summary["modules"] == 1
    assert deploy.read_deploy(Project(tmp_path), NOTHING).summary["services"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="file names of Windows are other")
def test_hostile_names_stay_one_line_of_text(tmp_path):
    """Names with line feeds, pipes, HTML and markers break no table and open no tag."""
    from datetime import date

    from footnotary.documents.deploy import DEPLOY
    from footnotary.documents.kinds import Context

    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        '  "a|b<script>": {image: "x:1", profiles: ["<img src=x>"]}\n'
        '  "line\\nfeed": {image: "`x`<b>", environment: {"A|B": 1, "^[1]": 2}}\n'
    )
    (tmp_path / "x<script>.Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "a\nb.Dockerfile").write_text("FROM scratch\n")
    facts = deploy.read_deploy(Project(tmp_path), NOTHING)
    text = "\n".join(
        part.markdown for part in DEPLOY.render(facts, Context("x", date(2026, 1, 1), "S"))
    )
    outside = re.sub(r"`[^`\n]*`", "", text)
    assert "<script>" not in outside
    assert "<img" not in text
    assert "^[1]" not in text

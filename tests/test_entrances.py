"""How outside data enters: through one guard, whoever asks; and what is written about it holds."""

import ast
import json
import os
import re
import threading
from pathlib import Path

import pytest

from footnotary import yaml_text
from footnotary.errors import FootnotaryError, ProjectError, UsageError
from footnotary.facts.options import ReadOptions
from footnotary.files import is_inside, read_inside, read_regular
from footnotary.gating.checking_all import site_findings
from footnotary.keeping import find_citing_places
from footnotary.probe import openapi_source
from footnotary.probe.migrations import revisions
from footnotary.probe.placeholders import MAX_BYTES, given_settings, read_environment_file
from footnotary.probe.static_api import read_modules
from footnotary.project import Project, repository_of
from footnotary.publishing.collection import collect
from footnotary.publishing.configuration import extended_configuration, read_mkdocs_yml
from footnotary.publishing.pages import readme_text
from footnotary.readers import commands, identity, imports, traces
from footnotary.rules.registry import RULES
from footnotary.source import Tree, package
from footnotary.writing import options as remembered
from footnotary.writing.documents_on_disk import stored_at
from footnotary.yaml_text import MAX_NESTING, is_bounded

SOURCE = Path(__file__).parent.parent / "src" / "footnotary"
PARSERS = {"yaml.load", "yaml.safe_load", "yaml.compose", "yaml.parse", "json.load", "json.loads",
           "tomllib.load", "tomllib.loads"}  # fmt: skip
_READS = re.compile(r"\.read_(?:bytes|text)\(|\bopen\(|\b(?:yaml|json|tomllib)\.\w")
# Who else reads files or parses what others wrote, and why it needs no guard there.
READS_ITSELF = {
    "publishing/left_out.py": "pages that the engine has just built",
    "cli/cite_library.py": "a bibliography that the user names, which may be a pipe",
    "inspecting.py": "a batch that the user names, which may be a pipe",
    "fetch/saved.py": "a page that the user names, which may be a pipe; bounded",
    "fetch/style_sheets.py": "what lies beside a page that the user has saved; bounded",
    "fetch/repositories.py": "a regular file that `address_of` found in the project; bounded",
    "probe/placeholders.py": "the user's own settings, which may be a pipe; bounded",
    "mcp_server/processes.py": "what a command of ours printed, and a request of ours",
    "probe/child_process.py": "the limits of the control group",
    "extract/shown.py": "a file of the package",
    "extract/css/conditions.py": "a file of the package",
    "publishing/engine.py": "what the engine has built",
    "publishing/pages.py": "files of the package",
    "publishing/configuration.py": "files of the package",
    "publishing/feeds.py": "writes",
    "publishing/staging.py": "the engine's own folder, cleared of links; pages of the author",
    "publishing/stencil.py": "what the engine has built",
    "writing/documents_on_disk.py": "the first bytes of a regular file that is no link",
    "writing/transaction.py": "a staged file that `_is_plain` believes",
}
PARSES_ITSELF = {
    "bibliography/csl.py": "what the user imports; any depth is one sentence",
    "cache/__init__.py": "a row of the cache; what does not parse is forgotten",
    "config.py": "a variable of the user's own environment; any depth is one sentence",
    "documents/api/subtyping.py": "a value of a schema; a number or a truth counts alone",
    "documents/front_matter.py": "bounded by yaml_text.is_bounded",
    "documents/yaml_edits.py": "bounded by yaml_text.is_bounded",
    "extract/metadata/signals.py": "bounded in length",
    "extract/plain.py": "json_value, the guard",
    "extract/shown.py": "a file of the package",
    "facts/stored.py": "one value of facts; facts of version 1, read by files.read_regular",
    "gating/freshness.py": "bounded by files.read_regular",
    "inspecting.py": "one row of a batch",
    "mcp_server/answers.py": "what footnotary printed",
    "mcp_server/processes.py": "a request of ours",
    "text_index.py": "a row of the index",
    "probe/catalogs.py": "rows of the catalog, as the server answered",
    "probe/child.py": "the child's answer, bounded by files.read_regular",
    "probe/interpreter.py": "syntax trees, bounded by files.read_regular",
    "probe/placeholders.py": "a value of a file of settings, bounded by files.read_regular",
    "probe/openapi_source.py": "bounded by files.read_inside and yaml_text.is_bounded",
    "project.py": "pyproject.toml, bounded by files.read_regular",
    "publishing/initialising.py": "bounded by files.read_regular",
    "publishing/configuration.py": "bounded by yaml_text.is_bounded; our own template",
    "publishing/document_pages.py": "bounded by files.read_regular",
    "publishing/stencil.py": "what the engine has built",
    "compose/nodes.py": "events, bounded in depth and aliases while they are read",
    "readers/declared.py": "the header of a script, over Tree.data",
    "readers/identity.py": "read_pyproject, over Tree.text",
    "yaml_text.py": "the guard",
}


def called():
    """Yield the module and the name of each call in the package, but for the child's own."""
    for path in sorted(SOURCE.rglob("*.py")):
        name, text = path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")
        if _READS.search(text) and not name.startswith("probe/inside/"):
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call):
                    yield name, ast.unparse(node.func)


@pytest.mark.slow
def test_files_are_read_and_parsed_by_the_guards_alone():
    """A module that reads or parses by itself is named above, with the reason why it may."""
    reads, parses = set(), set()
    for module, call in called():
        if call.endswith((".read_bytes", ".read_text")) or call in ("open", "path.open"):
            reads.add(module)
        if call in PARSERS:
            parses.add(module)
    assert reads <= set(READS_ITSELF)
    assert parses <= set(PARSES_ITSELF)


@pytest.fixture
def project(tmp_path):
    """A project beside a file that is not its own."""
    root = tmp_path / "shop"
    for folder in ("docs", "pkg", "alembic/versions", ".claude/docs/current/api-specs"):
        (root / folder).mkdir(parents=True)
    (tmp_path / "secret.txt").write_text(
        "a = 'secret'\nrevision = 'secret'\ndown_revision = None\n"
    )
    return Project(root)


NEAR = ".claude/docs/current/api-specs/API-shop-2026-11-23"
API = '{"openapi": "3.1.0", "info": {"title": "secret", "version": "1"}, "paths": {}}'


def _api(project, name):
    try:
        return openapi_source.from_file(name, project.root).model_dump_json()
    except FootnotaryError as error:
        return error.message


def _package(project):
    return str(package.load_package(Tree(project.root), "pkg").sources)


def _modules(project):
    return str([ast.dump(one.tree) for one in read_modules(project.root)[1]])


def _shown(project):
    found = collect(project, docs=project.root / "docs")
    return str([(one.text, one.attachments) for one in found.documents]) + str(found.citing)


def _site(project):
    return str(list(site_findings(project, RULES)))


# What is put into the project, and what reads it.
READERS = {
    "OpenAPI": ("openapi.json", lambda project: _api(project, "openapi.json")),
    "OpenAPI, elsewhere": ("docs/a.yaml", lambda project: _api(project, "pkg/../docs/a.yaml")),
    "README": ("README.md", lambda project: readme_text(project.root / "README.md")),
    "document": (f"{NEAR}.md", _shown),
    "beside a document": (f"{NEAR}.openapi.json", _shown),
    "page of the author": ("docs/a.md", _shown),
    "uses of a key": (
        "docs/a.md",
        lambda project: "secret" * len(find_citing_places(project, "secret")),
    ),
    "site's settings": ("mkdocs.yml", _site),
    "package": ("pkg/a.py", _package),
    "module": ("pkg/a.py", _modules),
    "migration": ("alembic/versions/a.py", lambda project: str(revisions(project.root))),
    "compose file": ("compose.yml", lambda project: str(Tree(project.root).text("compose.yml"))),
    "environment": (".env.example", lambda project: str(Tree(project.root).text(".env.example"))),
    "Dockerfile": ("Dockerfile", lambda project: str(Tree(project.root).text("Dockerfile"))),
    "TOML": ("pyproject.toml", lambda project: str(identity.read_pyproject(Tree(project.root)))),
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_link_out_of_the_project_shows_nothing(project, tmp_path, name):
    """What a link leads to is read within the project alone; a pipe and a circle end at once."""
    place, read = READERS[name]
    path = project.root / place
    if name == "beside a document":
        (project.root / f"{NEAR}.md").write_text("# x\n")
    outside = tmp_path / "secret.txt"
    if "OpenAPI" in name:
        outside.write_text(API)
    if name == "page of the author":
        outside.write_text("# secret\n\nWords.^[secret-111111]\n")
    path.symlink_to(outside)
    assert "secret" not in read(project).replace("secret.txt", "")
    path.unlink()
    path.symlink_to(path.name)
    assert "secret" not in read(project)
    path.unlink()
    os.mkfifo(path)
    assert "secret" not in read(project)
    path.unlink()
    inside = project.root / "pkg" / "inside.txt"
    inside.write_text(outside.read_text())
    path.symlink_to(inside)
    if name not in ("site's settings", "TOML", "beside a document"):
        assert "secret" in read(project)


def test_what_the_user_names_may_lie_anywhere(project, tmp_path):
    """`--openapi ../api.json` is the user's word; a link in the project may be a stranger's."""
    (tmp_path / "api.json").write_text(API)
    assert "secret" in _api(project, "../api.json")
    assert "secret" in _api(project, str(tmp_path / "api.json"))


def test_a_repository_is_one_piece(project, tmp_path):
    """In a repository of several projects a link may lead to the next one."""
    (tmp_path / ".git").mkdir()
    (project.root / "Dockerfile").symlink_to(tmp_path / "secret.txt")
    assert repository_of(project.root) == tmp_path
    assert "secret" in Tree(project.root).text("Dockerfile")


def test_a_home_folder_under_git_is_no_repository(project, tmp_path, monkeypatch):
    """Whoever keeps their settings in git has not put every project of theirs into it."""
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert repository_of(project.root) == project.root


def test_a_document_names_no_file_outside_in_how_it_was_read(project):
    """Options that came with a cloned document lead nowhere else; addresses stay."""
    path = project.root / f"{NEAR}.md"
    matter = "---\nkind: api\nproject: shop\ndate: 2026-11-23\noptions:\n"
    path.write_text(
        matter
        + "  openapi: ../../secret.json\n  package: /etc\n  env_file: ../.env\n"
        + "  compose_files:\n    - a.yml\n    - ../../b.yml\n  app: shop:app\n---\n# x\n"
    )
    stored = stored_at(project, path)
    assert remembered.merged_options(ReadOptions(), stored, project.root) == ReadOptions(
        app="shop:app"
    )
    (project.root / "out.json").symlink_to("/etc/hostname")
    (project.root / "up").symlink_to("..")
    for name in ("../a.json", "x://../../../a.json", "file:///etc/passwd/../../../../../a.json",
                 "/etc/hostname", "pkg/../../a.json", "out.json", "up/a.json", "~/../../a.json",
                 "HTTP/../../../a.json", "docs/../up/a.json"):  # fmt: skip
        path.write_text(f"{matter}  openapi: {json.dumps(name)}\n---\n# x\n")
        found = remembered.merged_options(ReadOptions(), stored, project.root)
        assert found.openapi == "", name
    for name in ("openapi.json", "docs/../openapi.json", "HTTPS://a.example/x"):
        path.write_text(f"{matter}  openapi: {json.dumps(name)}\n---\n# x\n")
        found = remembered.merged_options(ReadOptions(), stored, project.root)
        assert found.openapi == name
    path.write_text(matter + "  openapi: https://a.example/openapi.json\n---\n# x\n")
    found = remembered.merged_options(ReadOptions(), stored, project.root)
    assert found.openapi == "https://a.example/openapi.json"


def test_a_document_names_no_pipe_as_its_settings(project):
    """A pipe would be waited for; the user's own file wins over the document's."""
    path = project.root / f"{NEAR}.md"
    os.mkfifo(project.root / "settings")
    path.write_text(
        "---\nkind: api\nproject: shop\ndate: 2026-11-23\noptions:\n"
        "  env_file: settings\n---\n# x\n"
    )
    stored = stored_at(project, path)
    with pytest.raises(UsageError, match="which the document names as its env_file"):
        remembered.merged_options(ReadOptions(), stored, project.root)
    own = ReadOptions(env_file=project.root / "own")
    assert remembered.merged_options(own, stored, project.root) == own


@pytest.mark.parametrize("read", [given_settings, read_environment_file])
def test_settings_are_bounded(tmp_path, read):
    """What is just as large as it may be is read, and not one byte more."""
    path = tmp_path / "settings"
    path.write_bytes(b"A=1\n".ljust(MAX_BYTES, b"#"))
    assert read(path) == {"A": "1"}
    path.write_bytes(b"A=1\n".ljust(MAX_BYTES + 1, b"#"))
    with pytest.raises((UsageError, ProjectError), match="larger than 1,000,000 bytes"):
        read(path)


def test_only_what_the_user_names_may_be_a_pipe(tmp_path):
    """The shell gives one for `<(…)`; what came with a project is never waited for."""
    path = tmp_path / "settings"
    os.mkfifo(path)
    with pytest.raises(ProjectError, match="not a regular file"):
        read_environment_file(path)
    writer = threading.Thread(target=path.write_text, args=("A=1\n",), daemon=True)
    writer.start()
    assert given_settings(path) == {"A": "1"}


DEEP = MAX_NESTING + 1
BOMBS = {
    "flow": "[" * DEEP + "]" * DEEP,
    "block": "\n".join(" " * depth + "a:" for depth in range(DEEP)),
    "aliases": "a0: &a0 [x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 8)
    ),
    "an alias to what holds it": "a: &a [*a]",
    "merged": "a0: &a0 {x: 1}\n" + "".join(
        f"a{n}: &a{n} {{b: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 8)
    ),
}  # fmt: skip


def test_yaml_is_bounded_wherever_it_is_read(project):
    """The same limit for an OpenAPI document, mkdocs.yml and front matter: one sentence each."""
    root = project.root
    for name, text in BOMBS.items():
        (root / "openapi.yaml").write_text(
            f"openapi: 3.1.0\nx:\n  {text.replace(chr(10), chr(10) + '  ')}\n"
        )
        assert "nested too deeply" in _api(project, "openapi.yaml"), name
        (root / "mkdocs.yml").write_text(text)
        with pytest.raises(FootnotaryError, match="nested too deeply"):
            read_mkdocs_yml(root / "mkdocs.yml")
        with pytest.raises(FootnotaryError, match="nested too deeply"):
            extended_configuration(text)
        (root / f"{NEAR}.md").write_text(f"---\nkind: api\n{text}\n---\n# x\n")
        assert [one.matter for one in collect(project).documents] == [None], name
    (root / "openapi.json").write_text(API[:-1] + ', "x": ' + "[" * 50_000)
    assert "not valid JSON" in _api(project, "openapi.json")


def test_a_large_text_is_no_bomb(monkeypatch):
    """As many nodes as somebody has written are read, `&` and `*` in their words or not."""
    monkeypatch.setattr(yaml_text, "MAX_NODES", 20)
    text = "a: &a [x]\nb: *a\n" + "".join(f"c{n}: 'a & b * c'\n" for n in range(100))
    assert is_bounded(text)
    assert not is_bounded(text + "".join(f"d{n}: [*a, *a, *a]\n" for n in range(10)))


def test_toml_and_json_of_a_project_are_bounded(project):
    """Nesting that the parsers of Python do not bear is a file that does not read."""
    deep = "[" * 5_000
    (project.root / "pyproject.toml").write_text(f"a = {deep}")
    (project.root / "coverage.json").write_text(deep)
    tree = Tree(project.root)
    assert identity.read_pyproject(tree) == {}
    assert list(commands.read_programs(tree)) == []
    assert imports._contracts(tree) == ()  # noqa: SLF001
    assert traces.read_coverage(tree) == {}


def test_files_are_regular_or_refused(tmp_path):
    """A pipe, a folder, a device, what is too large: an error with its reason, never a wait."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 11)
    (tmp_path / "link").symlink_to("large")
    for name in ("pipe", "large", ".", "nothing", "link"):
        for read in (read_regular, lambda path, limit: read_inside(path, tmp_path, limit)):
            with pytest.raises(OSError, match=r".") as raised:
                read(tmp_path / name, 10)
            assert raised.value.strerror
    assert is_inside(tmp_path / "link", tmp_path)
    assert not is_inside(tmp_path / "pipe", tmp_path)
    assert not is_inside(tmp_path / "nothing", tmp_path)


_DEFINED = re.compile(r"^ *(?:async )?(?:def|class) (\w+)", re.MULTILINE)


def _named_in(page):
    """Return the code spans of a page's tables."""
    rows = [line for line in page.splitlines() if line.startswith("|")]
    return [words for row in rows for words in re.findall(r"`([^`]+)`", row)]


def test_every_function_and_test_that_security_names_is_there():
    """The table of entrances names what exists: functions in the package, tests in their files."""
    root = SOURCE.parent.parent
    defined = {}
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix().removesuffix(".py").replace("/", ".")
        text = path.read_text(encoding="utf-8")
        defined[name.removesuffix(".__init__")] = set(_DEFINED.findall(text))
    names = _named_in((root / "docs" / "security.md").read_text(encoding="utf-8"))
    missing = []
    for name in names:
        if name.startswith("tests/"):
            file, _, test = name.partition("::")
            path = root / file
            if not path.is_file() or (test and f"def {test}(" not in path.read_text()):
                missing.append(name)
        elif re.fullmatch(r"[a-z_]+(\.\w+)+(?<!\.yml)", name) and not _is_defined(
            name.split("."), defined
        ):
            missing.append(name)
    assert len(names) > 60
    assert missing == []


def _is_defined(parts, defined):
    """Tell whether a dotted name is a module, or something that one defines."""
    if ".".join(parts) in defined:
        return True
    for end in range(len(parts) - 1, 0, -1):
        module = ".".join(parts[:end])
        if module in defined:
            return all(part in defined[module] for part in parts[end:])
    return False

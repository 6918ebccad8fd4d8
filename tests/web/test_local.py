"""The user's own files as sources: lines, blob and commit; drift by content."""

import codecs
import os
import subprocess
from hashlib import sha1

import pytest

from footnotary import git
from footnotary.checking import ReadingOutcome, check_citations
from footnotary.checking.renewing import renew
from footnotary.citing import Cited, Request, cite_quote
from footnotary.cli.running import exit_code
from footnotary.errors import AddressRefused, FetchError
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.repositories import (
    Address,
    ProjectSources,
    blob_hash,
    find_local_file,
    read_lines,
)
from footnotary.records import RecordStore

CODE = """import os

TIMEOUT_SECONDS = 30


def fetch_orders(limit: int = 100) -> list[str]:
    \"\"\"Return the newest orders first.\"\"\"
    return sorted(os.listdir("orders"), reverse=True)[:limit]
"""


def _git(folder, *words):
    names = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", folder, *names, *words], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path):
    """A repository with one committed file."""
    root = tmp_path / "shop"
    (root / "src" / "app").mkdir(parents=True)
    (root / "src" / "app" / "main.py").write_text(CODE)
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    _git(root, "init", "-q")
    _git(root, "add", ".")
    _git(root, "commit", "-qm", "feat: orders")
    return root


@pytest.fixture
def sources(repository):
    """The project's files, and a web that may not be asked."""
    with Fetcher(offline=True) as web:
        yield ProjectSources(repository, web)


@pytest.fixture
def cited(repository, sources):
    """A citation of lines 6 to 8."""
    quote = "Return the newest orders first."
    request = Request(url="src/app/main.py:6-8", quote=quote)
    result = cite_quote(request, RecordStore(repository / "citations"), sources)
    assert isinstance(result, Cited)
    return result.citation


def test_lines_are_cited_with_blob_and_commit(repository, cited):
    """What git keeps is the evidence."""
    assert cited.url == cited.final_url == "src/app/main.py:6-8"
    assert cited.evidence.how.value == "file"
    blob = _git(repository, "hash-object", "src/app/main.py")
    assert cited.evidence.etag == f'"{blob}"'
    assert cited.versions == {"commit": _git(repository, "rev-parse", "HEAD")}
    assert blob_hash(b"x") == sha1(b"blob 1\0x", usedforsecurity=False).hexdigest()


def test_a_quote_must_stand_within_the_lines(repository, sources):
    """Elsewhere in the file is elsewhere."""
    request = Request(url="src/app/main.py:6-8", quote="TIMEOUT_SECONDS = 30")
    store = RecordStore(repository / "citations")
    assert not isinstance(cite_quote(request, store, sources), Cited)
    whole = Request(url="src/app/main.py", quote="TIMEOUT_SECONDS = 30")
    assert isinstance(cite_quote(whole, store, sources), Cited)


def _check(cited, sources, **options):
    (result,) = check_citations([cited], sources, **options)
    return result


@pytest.mark.slow
def test_drift_is_found_by_content(repository, cited, sources):
    """Unchanged, moved down, changed, gone: each named right."""
    file = repository / "src" / "app" / "main.py"
    assert _check(cited, sources).reading is ReadingOutcome.UNCHANGED
    file.write_text("# New\n" * 5 + CODE)
    moved = _check(cited, sources, keep_pages=True)
    assert moved.reading is ReadingOutcome.MOVED
    assert moved.final_url == "src/app/main.py:11-13"
    assert moved.detail == "now at src/app/main.py:11-13"
    file.write_text(CODE.replace("newest orders first", "oldest orders first"))
    changed = _check(cited, sources)
    assert changed.reading is ReadingOutcome.CHANGED
    assert "[-newest-] {+oldest+}" in changed.diff
    file.write_text("pass\n")
    assert _check(cited, sources).reading is ReadingOutcome.CHANGED
    file.unlink()
    gone = _check(cited, sources)
    assert gone.reading is ReadingOutcome.GONE
    assert gone.detail.startswith("src/app/main.py is not")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("guide.md", "Open the `pool` **before** the first\nrequest is made."),
        ("guide.rst", "Open the ``pool`` *before* the first\nrequest is made."),
        ("guide.json", '"a": "open the \\"pool\\" before the first"'),
    ],
)
def test_lines_of_documents_are_counted_as_written(repository, sources, name, words):
    """Where words are shown without their marks, lines are still those of the file."""
    file = repository / name
    file.write_text(f"# Title\n\n{words}\n\nEnd of it.\n")
    _git(repository, "add", name)
    _git(repository, "commit", "-qm", "docs: a guide")
    last = 3 + words.count("\n")
    store = RecordStore(repository / "citations")
    made = cite_quote(Request(url=f"{name}:3-{last}", quote=words), store, sources).citation
    file.write_text(f"wrapped *words*\nof two lines\n\n# Title\n\n{words}\n\nEnd of it.\n")
    moved = _check(made, sources)
    assert moved.reading is ReadingOutcome.MOVED
    lines = "6" if last == 3 else f"6-{last + 3}"
    assert moved.final_url == f"{name}:{lines}"


def test_update_follows_lines_that_moved(repository, cited, sources):
    """The record names the lines as they are now, and holds the next time."""
    store = RecordStore(repository / "citations")
    (repository / "src" / "app" / "main.py").write_text("# New\n" * 5 + CODE)
    _git(repository, "commit", "-qam", "docs: say more")
    renewed = renew(_check(cited, sources, keep_pages=True), store)
    assert renewed.url == renewed.final_url == "src/app/main.py:11-13"
    assert renewed.versions["commit"] == _git(repository, "rev-parse", "HEAD")
    assert _check(renewed, sources).reading is ReadingOutcome.UNCHANGED


def test_addresses_are_read_from_where_the_user_stands(repository):
    """A path is tried from the current folder, then from the root; records have the root's."""
    inner = repository / "src" / "app"
    assert find_local_file("main.py:3", repository, inner) == Address("src/app/main.py", 3, 3)
    assert str(find_local_file("src/app/main.py:1-2", repository, inner)) == "src/app/main.py:1-2"
    assert str(find_local_file("../../pyproject.toml", repository, inner)) == "pyproject.toml"
    file = "src/app/main.py"
    for other in ("https://example.com/x", "none.py", "src", f"{file}:x", "none.py:0", "", "a\0b"):
        assert find_local_file(other, repository, inner) is None, other


def test_nothing_outside_of_the_project_is_read(repository, sources, tmp_path):
    """Neither by climbing nor by a link nor by an absolute path."""
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of somebody else, at length")
    (repository / "link.txt").symlink_to(secret)
    for path in ("../secret.txt", str(secret), "link.txt"):
        assert find_local_file(path, repository) is None
        with pytest.raises(AddressRefused):
            sources.get(path)


def test_what_git_does_not_track_is_refused(repository, sources):
    """Nobody else could check it, and it may be a secret."""
    (repository / ".env").write_text("PASSWORD=correct horse battery staple\n")
    with pytest.raises(FetchError, match="not tracked"):
        sources.get(".env:1")


@pytest.mark.parametrize("lines", ["6-9", "9-99", "5-2"])
def test_lines_that_are_not_there_are_refused(sources, lines):
    """The sentence says how many there are."""
    with pytest.raises(FetchError, match="has 8 lines"):
        sources.get(f"src/app/main.py:{lines}")


def test_the_command_takes_lines_as_the_quote(repository, monkeypatch, capsys):
    """`cite main.py:6-8` needs no quote, in whatever folder the user is."""
    from footnotary.cli.running import exit_code

    monkeypatch.chdir(repository / "src" / "app")
    assert exit_code("cite", ["main.py:6-8", "--claim", "Newest first."]) == 0
    (citation,) = RecordStore(repository / "citations")
    assert citation.url == "src/app/main.py:6-8"
    assert citation.quote.exact.startswith("def fetch_orders")
    assert capsys.readouterr().out.startswith("^[")
    assert exit_code("cite", ["check"]) == 0
    assert "1 unchanged" in capsys.readouterr().out
    assert exit_code("cite", ["src/app/main.py"]) == 2
    assert "quote is empty" in capsys.readouterr().err


@pytest.mark.slow
def test_the_gate_reads_the_projects_own_files_again(repository, cited):
    """`doc check --online` looks at cited lines where they are, and keeps what it found."""
    store = RecordStore(repository / "citations")
    words = ["check", "--online", "--no-code", "--quiet", "--root", str(repository)]
    assert exit_code("doc", words) == 0
    assert [check.outcome.value for check in store.get(cited.key).checks] == ["held"]
    (repository / "src" / "app" / "main.py").write_text(CODE.replace("newest", "oldest"))
    exit_code("doc", words)
    assert [check.outcome.value for check in store.get(cited.key).checks] == ["changed"]


@pytest.mark.slow
def test_a_clone_with_other_line_ends_has_the_same_evidence(repository, cited, tmp_path):
    """With `core.autocrlf` every line ends otherwise, and nothing has changed."""
    clone = tmp_path / "clone"
    _git(tmp_path, "-c", "core.autocrlf=true", "clone", "-q", "shop", "clone")
    _git(clone, "config", "core.autocrlf", "true")
    assert b"\r\n" in (clone / "src" / "app" / "main.py").read_bytes()
    with Fetcher(offline=True) as web:
        there = ProjectSources(clone, web)
        assert _check(cited, there).reading is ReadingOutcome.UNCHANGED
        assert there.get("src/app/main.py:6-8").headers["etag"] == cited.evidence.etag
    for name in ("shop", "clone"):
        path = tmp_path / name / "src" / "app" / "main.py"
        path.write_bytes(path.read_bytes().replace(b"import os", b"import os, sys"))
    own = ("citations",)
    assert git.digest(repository, own) == git.digest(clone, own) != ""


def test_what_git_is_configured_to_run_is_not_run(repository, sources, tmp_path):
    """A filter of `.gitattributes` names a program; reading a file does not start it."""
    (repository / ".gitattributes").write_text("*.py filter=mark\n")
    _git(repository, "config", "filter.mark.clean", f"touch {tmp_path / 'ran'}; cat")
    _git(repository, "config", "filter.mark.required", "true")
    name = sources.get("src/app/main.py:6-8").headers["etag"]
    assert name == f'"{_git(repository, "hash-object", "--no-filters", "src/app/main.py")}"'
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_file_in_utf_16_is_decoded_once(repository, sources, encoding):
    """Its byte order mark names the encoding, for lines in its middle too."""
    bom = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    text = "Erste Zeile\r\nDer Pool hält fünf Verbindungen.\r\n"
    (repository / "notes.txt").write_bytes(bom + text.encode(encoding))
    _git(repository, "add", ".")
    request = Request(url="notes.txt:2", quote="Der Pool hält fünf Verbindungen.")
    result = cite_quote(request, RecordStore(repository / "citations"), sources)
    assert isinstance(result, Cited)
    assert result.citation.evidence.passage == request.quote
    assert _check(result.citation, sources).reading is ReadingOutcome.UNCHANGED


def test_a_pointer_of_git_lfs_is_no_source(repository, sources):
    """Its lines are git's, not the file's: it is named, with what brings the file."""
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345\n"
    (repository / "data.csv").write_text(pointer)
    _git(repository, "add", ".")
    with pytest.raises(FetchError, match=r"data\.csv is a pointer of Git LFS") as refused:
        sources.get("data.csv:1-2")
    assert refused.value.hint == "git lfs pull --include data.csv"
    assert read_lines("data.csv:1-2", repository) is None


@pytest.mark.skipif(
    getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can give files away"
)
def test_what_git_says_of_a_repository_that_another_user_owns_is_passed_on(
    repository, sources, monkeypatch, capsys
):
    """A mounted checkout is a repository: no file is cited without it, no `git init` advised."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("HOME", str(repository.parent))
    for path in (repository, repository / ".git"):
        os.chown(path, 12345, 12345)
    with pytest.raises(FetchError, match="git says: ") as refused:
        sources.get("src/app/main.py:6-8")
    assert "safe.directory" in refused.value.hint
    monkeypatch.chdir(repository)
    assert exit_code("doc", ["commit"]) == 2
    told = capsys.readouterr().err
    assert "git does not read this repository" in told
    assert "git init" not in told


def test_what_is_kept_of_the_web_is_told_and_of_files_nothing(sources, monkeypatch):
    """Files are cheap enough to be read each time."""
    monkeypatch.setattr(Fetcher, "still_fresh", lambda _, url: url)
    assert sources.still_fresh("https://example.org/") == "https://example.org/"
    assert sources.still_fresh("page.py") is None

"""A check over several machines: shards by host, their outcomes merged, and a Dask cluster."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from footnotary import __version__
from footnotary.checking import ReadingOutcome
from footnotary.checking.sharding import Shard, parse_part, parse_shard
from footnotary.citing import Request, cite_quote
from footnotary.cli.running import exit_code
from footnotary.errors import UsageError
from footnotary.fetch.fetcher import Fetcher
from footnotary.records import RecordStore

QUOTE = "The default timeout of the service is 30 seconds."
FILLER = " ".join(f"Sentence number {number} says something else." for number in range(40))
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOSTS = ("localhost", "127.0.0.1")  # in the second and the third of three shards
PATHS = ("/a", "/b")


def _html(quote=QUOTE):
    return f"<!doctype html><title>Timeouts</title><main><p>{quote}</p><p>{FILLER}</p></main>"


@pytest.fixture
def library(site, tmp_path, monkeypatch):
    """A project with two citations at each of two hosts, a day after they were recorded."""
    monkeypatch.setenv("FOOTNOTARY_NOW", NOW.isoformat())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.footnotary]\ndelay = 0\n")
    store = RecordStore(tmp_path / "citations")
    with Fetcher(allow_private=True) as fetcher:
        for path in PATHS:
            site.page(path, _html())
            for host in HOSTS:
                url = site.url.replace("127.0.0.1", host) + path
                cite_quote(Request(url=url, quote=QUOTE), store, fetcher)
    site.page("/b", _html("The default timeout of the service is 60 seconds."))
    monkeypatch.setenv("FOOTNOTARY_NOW", (NOW + timedelta(days=1)).isoformat())
    return store


@pytest.fixture
def shards(library, tmp_path, capfd):
    """The outcomes of three shards, as files; the last one has none."""
    files = []
    for number in (2, 3, 1):
        assert _run("--shard", f"{number}/3", "--json", "--fail-on", "none") == 0
        files.append(tmp_path / f"{number}.jsonl")
        files[-1].write_text(capfd.readouterr().out)
    return files


def _run(*words):
    """Run `cite check` and return its exit code."""
    return exit_code("cite", ["check", "--allow-private", *words])


def _bytes(store):
    return {path.name: path.read_bytes() for path in store.folder.glob("*.yaml")}


def test_every_host_is_in_one_shard_on_every_machine():
    """The digest of its name decides, so that what one machine computed holds on all."""
    hosts = [f"host{number}.example" for number in range(400)]
    for of in (1, 2, 7):
        shares = [[host for host in hosts if Shard(one, of).has(host)] for one in range(1, of + 1)]
        assert sorted(host for share in shares for host in share) == sorted(hosts)
        assert min(map(len, shares)) > 400 / of / 2
    shards = {host: [one for one in range(1, 9) if Shard(one, 8).has(host)] for host in hosts[:3]}
    assert shards == {"host0.example": [4], "host1.example": [4], "host2.example": [1]}


def test_a_shard_that_is_none_is_refused():
    """Silently checking nothing, or another part, would look like a clean run."""
    for text in ("0/4", "5/4", "4", "4/", "/4", "-1/4", "1/0", "0/0", "1/4/2", "a/b", "1/99999"):
        with pytest.raises(UsageError, match="Invalid shard"):
            parse_shard(text)
    assert parse_shard(" 2/8 ") == Shard(2, 8)


def test_merged_shards_are_the_check_of_one_machine(library, shards, capfd):
    """The same results and records; a file that is merged twice changes nothing."""
    assert _run("--json") == 1
    alone = json.loads(capfd.readouterr().out)
    assert _run("--merge", *map(str, shards), "--json") == 1
    merged = json.loads(capfd.readouterr().out)
    assert merged == alone | {"saved": 4}
    assert merged["counts"] == {"unchanged": 2, "changed": 2}
    assert "[-30-] {+60+}" in merged["results"][1]["diff"] + merged["results"][0]["diff"]
    assert {check.outcome.value for one in library for check in one.checks} == {"held", "changed"}
    before = _bytes(library)
    assert _run("--merge", str(shards[0]), *map(str, shards), "--fail-on", "none") == 0
    assert _bytes(library) == before
    assert "0 saved" not in capfd.readouterr().err


def test_each_shard_asks_its_hosts_alone(library, shards):
    """A host's pages are all in one shard, and nowhere else."""
    for host, file in zip(HOSTS, shards, strict=False):
        keys = [json.loads(line)["key"] for line in file.read_text().splitlines()[1:-1]]
        assert [library.get(key).url.split(":")[1] for key in keys] == [f"//{host}"] * 2
    assert len(shards[2].read_text().splitlines()) == 2


def _line(number, **changes):
    """Return what changes fields of a line."""

    def change(lines):
        lines[number] = json.dumps(json.loads(lines[number]) | changes)

    return change


BROKEN = (
    (lambda lines: lines.pop(), "cut short after line 3"),
    (lambda lines: lines.pop(1), "cut short after line 3"),
    (lambda lines: lines.__setitem__(2, lines[2][:40]), "line 3: Invalid outcome"),
    (lambda lines: lines.insert(2, lines[2]), "cut short"),
    (lambda lines: lines.clear(), "holds no outcomes"),
    (lambda lines: lines.pop(0), "holds no outcomes"),
    (_line(0, schema=2), "holds no outcomes"),
    (_line(0, shard="3/2"), "holds no outcomes"),
    (_line(0, more=1), "holds no outcomes"),
    (_line(0, footnotary="0.0.1"), f"by footnotary 0.0.1, and this is {__version__}"),
    (
        _line(1, key="nobody-000000"),
        "1 citation of no record here that reads, such as nobody-000000",
    ),
    (_line(1, key="../../x"), "line 2: Invalid outcome (key"),
    (_line(1, reading="held"), "line 2: Invalid outcome (reading"),
    (_line(1, reading=7), "line 2: Invalid outcome (reading"),
    (_line(1, verified=True), "line 2: Invalid outcome (verified"),
    (_line(1, detail="x" * 30_000), "line 2: Invalid outcome (detail"),
    (_line(1, read_at="2026-11-24T12:00:00"), "line 2: Invalid outcome (read_at"),
    (_line(1, heard="2026-11-25"), "line 2: Invalid outcome"),
    (_line(1, read_at="2031-01-01T00:00:00Z"), "after today"),
    (_line(1, read_at="2019-01-01T00:00:00Z", heard="2019-01-01"), "older than the record of"),
    (_line(1, record="0" * 16), "of another record of"),
    (_line(3, end=1), "cut short"),
)


def test_a_file_that_is_not_as_it_must_be_writes_nothing(library, shards, capfd):
    """One sentence that names it; the good file beside it is not half of a check."""
    whole, before = shards[1].read_text(), _bytes(library)
    for change, words in BROKEN:
        lines = whole.splitlines()
        change(lines)
        shards[1].write_text("\n".join(lines))
        assert _run("--merge", *map(str, shards)) == 2
        said = capfd.readouterr().err
        assert words in said, said
        assert "3.jsonl" in said
    assert _bytes(library) == before


def test_every_reading_is_told_by_its_name(library, shards):
    """A line names what was found as programs do: a moved page is `moved` on every machine."""
    lines = shards[1].read_text().splitlines()
    for reading in ReadingOutcome:
        _line(1, reading=reading.name.lower())(lines)
        assert parse_part(lines, "3.jsonl").lines[0].reading is reading


def test_outcomes_of_another_library_are_refused(library, shards, tmp_path, monkeypatch, capfd):
    """Also those that were read before the record's newest evidence or check."""
    newer = (NOW + timedelta(days=2)).isoformat()
    monkeypatch.setenv("FOOTNOTARY_NOW", newer)
    assert _run("--save", "--fail-on", "none") == 0
    assert _run("--merge", str(shards[0])) == 2
    assert "2.jsonl is older than the record of" in capfd.readouterr().err
    for record in tuple(library):
        library.remove(record.key)
    assert _run("--merge", str(shards[0])) == 2
    assert "is of another library: none of its 2 citations" in capfd.readouterr().err


def test_clocks_that_differ_a_little_are_no_reason_to_refuse(library, shards):
    """The digest of the record tells what was read; a clock may be some hours behind."""
    lines = shards[0].read_text().splitlines()
    _line(1, read_at=(NOW - timedelta(hours=3)).isoformat(), heard=str(NOW.date()))(lines)
    shards[0].write_text("\n".join(lines))
    assert _run("--merge", *map(str, shards), "--fail-on", "none") == 0
    assert [len(one.checks) for one in library] == [1] * 4


def test_a_file_that_a_shell_has_written_its_way_is_the_same(library, shards):
    """Windows shells begin a file with a mark and end its lines with CR LF."""
    for file in shards:
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    assert _run("--merge", *map(str, shards), "--fail-on", "none") == 0
    assert [len(one.checks) for one in library] == [1] * 4


def test_a_part_that_is_missing_or_was_interrupted_is_named(library, shards, capfd):
    """What is there is saved, and the run fails: the rest was not checked."""
    assert _run("--merge", str(shards[0]), "--fail-on", "none") == 2
    said = capfd.readouterr()
    assert "2 saved" in said.out
    assert "Outcomes are missing of shard 1/3, 3/3." in said.err
    head, first, _, _ = shards[1].read_text().splitlines()
    shards[1].write_text(f'{head}\n{first}\n{{"end":1}}')
    assert _run("--merge", *map(str, shards), "--fail-on", "none") == 2
    assert "Outcomes are missing of shard 3/3." in capfd.readouterr().err
    assert [len(one.checks) for one in library].count(1) == 3


def test_an_empty_shard_is_no_failure_and_no_check(library, shards, capfd):
    """A matrix may have more jobs than hosts; all of them together have to find something."""
    assert _run("--shard", "1/3") == 0
    assert capfd.readouterr().out == "0 checked.\n"
    assert _run("--merge", *map(str, shards), "--fail-on", "none") == 0
    assert "4 checked" in capfd.readouterr().out
    assert _run("--merge", str(shards[2])) == 2
    assert "nothing was checked" in capfd.readouterr().err


REFUSED = (
    (("--shard", "5/4"), "Invalid shard '5/4'"),
    (("--shard", "1/2", "--cluster", "tcp://127.0.0.1:1"), "exclude one another"),
    (("--merge",), "--merge needs the files"),
    (("--merge", "nothing.jsonl"), "nothing.jsonl cannot be read"),
    (("--merge", "."), "cannot be read"),
    (("--cluster", "tcp://127.0.0.1:1", "--offline"), "cache of this machine"),
)
NO_CLUSTER = (
    (("--cluster", "tcp://127.0.0.1:1"), "No Dask scheduler at tcp://127.0.0.1:1"),
    (("--cluster", "nowhere://x"), "No Dask scheduler at nowhere://x"),
    (("--cluster", "x"), "No Dask scheduler at x"),
)


@pytest.mark.parametrize("cases", [REFUSED, pytest.param(NO_CLUSTER, marks=pytest.mark.slow)])
def test_what_cannot_be_spread_is_told_in_a_sentence(library, monkeypatch, capfd, cases):
    """Nothing is asked and nothing written."""
    monkeypatch.setattr("footnotary.checking.cluster.CONNECT_SECONDS", 0.3)
    before = _bytes(library)
    for words, said in cases:
        assert _run(*words, "--save") == 2
        error = capfd.readouterr().err
        assert said in error
        assert "None" not in error
    assert _bytes(library) == before


class _Cluster:
    """A Dask scheduler on loopback."""

    def __init__(self, folder):
        file = folder / "scheduler.json"
        port = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._folder = folder
        self.scheduler = self._start("scheduler", *port, "--scheduler-file", str(file))
        while not file.exists():
            time.sleep(0.05)
            assert self.scheduler.poll() is None
        self.address = json.loads(file.read_text())["address"]
        self.workers = []

    def add_worker(self):
        options = ("--host", "127.0.0.1", "--no-dashboard", "--no-nanny", "--nthreads", "1")
        self.workers.append(self._start("worker", self.address, *options))

    def _start(self, name, *words):
        command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *words]
        return subprocess.Popen(command, cwd=self._folder, stderr=subprocess.DEVNULL)

    def stop(self):
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory):
    """A running scheduler."""
    running = _Cluster(tmp_path_factory.mktemp("cluster"))
    yield running
    running.stop()


@pytest.mark.slow
def test_a_lost_worker_and_a_lost_scheduler(library, site, cluster, monkeypatch, capfd):
    """A host of a lost worker is read again; nobody waits for a cluster that has gone."""
    assert _run("--json") == 1
    alone = json.loads(capfd.readouterr().out)
    monkeypatch.setattr("footnotary.checking.cluster.WORKERS_SECONDS", 1)
    assert _run("--cluster", cluster.address, "--save") == 2
    assert "or has no workers: 2 hosts of 2 were not read" in capfd.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(library.folder.parent)
    monkeypatch.setenv("FOOTNOTARY_NOW", (NOW + timedelta(days=1)).isoformat())
    cluster.add_worker()
    cluster.add_worker()
    assert _run("--cluster", cluster.address, "--json") == 1
    assert json.loads(capfd.readouterr().out) == alone

    def kill(process, path, page):
        def answer(request):
            site.routes[path] = page
            process.kill()
            time.sleep(0.5)
            return page(request)

        site.routes[path] = answer

    kill(cluster.workers[0], "/a", site.routes["/a"])
    assert _run("--cluster", cluster.address, "--save", "--json") == 1
    assert json.loads(capfd.readouterr().out) == alone | {"saved": 4}
    assert [len(one.checks) for one in library] == [1] * 4
    before = _bytes(library)
    kill(cluster.scheduler, "/b", site.routes["/b"])
    assert _run("--cluster", cluster.address, "--save") == 2
    said = capfd.readouterr().err
    assert f"The cluster at {cluster.address} was lost" in said
    assert "Traceback" not in said
    assert _bytes(library) == before

"""A check on a Dask cluster: one task a host, whose outcomes come back as the lines of a part.

Workers need this version of footnotary. What a lost worker was reading is read again by another
one, and nothing is written but here.
"""

import contextlib
import logging
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from footnotary.checking import Checked, check_citations
from footnotary.checking.reading import asked_host
from footnotary.checking.sharding import (
    Shard,
    merge_parts,
    parse_part,
    write_end,
    write_head,
    write_outcome,
)
from footnotary.counting import counted
from footnotary.errors import ClusterLost, UsageError
from footnotary.fetch import Fetches
from footnotary.models import Citation, Publisher

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10
WORKERS_SECONDS = 60  # that a cluster may be without workers
_LOOK_SECONDS = 1.0
PER_HOST = 2  # requests to one host at a time, as on one machine


@dataclass(frozen=True)
class RemoteReading:
    """How workers read.

    Attributes:
        allow_private: Let the hosts of the citations be private.
        timeout: Seconds that one source may take.
        max_bytes: Largest body.
        delay: Seconds between two requests to one host.
        publishers: The project's own forges and package indexes, by host.
    """

    allow_private: bool
    timeout: float
    max_bytes: int
    delay: float
    publishers: Mapping[str, Publisher]


def read_host(records: Sequence[str], options: Mapping[str, Any]) -> list[str]:
    """Check the citations of one host; it runs on a worker.

    Args:
        records: The citations as JSON.
        options: The fields of `RemoteReading`.

    Returns:
        The lines of a part (see `sharding`).
    """
    from footnotary.fetch.fetcher import Fetcher

    citations = [Citation.model_validate_json(record) for record in records]
    with Fetcher(None, **options, per_host=PER_HOST) as fetcher:
        results = check_citations(citations, fetcher)
    outcomes = map(write_outcome, results)
    return [write_head(Shard(1, 1), len(results)), *outcomes, write_end(len(results))]


def check_on_cluster(
    citations: Sequence[Citation],
    address: str,
    reading: RemoteReading,
    local: Fetches,
    *,
    progress: Callable[[Sequence[Checked]], None],
) -> list[Checked]:
    """Read the sources of citations again on the workers of a cluster.

    Args:
        citations: What is checked.
        address: The scheduler's, such as `tcp://10.0.0.5:8786`.
        reading: How workers read.
        local: Reads the project's own files, which workers do not have.
        progress: Called with the results of a host as they come.

    Returns:
        One result a citation, in their order.

    Raises:
        UsageError: There is no such scheduler, or its workers do not have this version.
        ClusterLost: The cluster was lost; `progress` has been called with what there was.
    """
    hosts: dict[str, list[Citation]] = {}
    for citation in citations:
        hosts.setdefault(asked_host(citation), []).append(citation)
    found: dict[str, Checked] = {}
    of = len(hosts)

    def keep(results: Sequence[Checked]) -> None:
        found.update((result.citation.key, result) for result in results)
        progress(results)

    with _connected(address) as client:
        for host, results in _read_hosts(client, hosts, reading, address):
            hosts.pop(host)
            keep(results)
    check_citations(hosts.pop("", []), local, progress=keep)
    if hosts:
        raise ClusterLost(
            f"The cluster at {address} was lost, or has no workers: {counted(len(hosts), 'host')}"
            f" of {of} were not read, such as {', '.join(list(hosts)[:3])}.",
            hint="Run it again; after --save, with --older-than 1d.",
        )
    return [found[citation.key] for citation in citations]


@contextlib.contextmanager
def _connected(address: str) -> Iterator["Client"]:
    """Connect to a scheduler."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(
            "--cluster needs Dask.", hint='pip install "footnotary[cluster]"'
        ) from None
    for name in logging.root.manager.loggerDict:  # what they log, an error of ours says
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UsageError(
            f"No Dask scheduler at {address} ({reason}).",
            hint="`dask scheduler` prints its address, such as tcp://10.0.0.5:8786.",
        ) from None
    try:
        yield client
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=1)


def _read_hosts(
    client: "Client", hosts: Mapping[str, list[Citation]], reading: RemoteReading, address: str
) -> Iterator[tuple[str, Sequence[Checked]]]:
    """Yield the results of each host as they come; not of those that were lost with the cluster."""
    tasks: dict[Future, str] = {}
    done: queue.SimpleQueue[Future] = queue.SimpleQueue()
    for host, citations in hosts.items():
        if host:
            records = [citation.model_dump_json(by_alias=True) for citation in citations]
            future = client.submit(read_host, records, asdict(reading), pure=False)
            tasks[future] = host
            future.add_done_callback(done.put)
    while tasks and (one := _next_done(client, done)):
        host = tasks.pop(one)
        known = {citation.key: citation for citation in hosts[host]}
        results = _results_of(one, host, known, address)
        if len(results) == len(known):
            yield host, results


def _next_done(client: "Client", done: "queue.SimpleQueue[Future]") -> "Future | None":
    """Return the next task that is done; None where there have been no workers for a while."""
    alone_since = time.monotonic()
    while time.monotonic() - alone_since < WORKERS_SECONDS:
        with contextlib.suppress(queue.Empty):
            return done.get(timeout=_LOOK_SECONDS)
        with contextlib.suppress(Exception):  # the scheduler does not answer
            if client.scheduler_info()["workers"]:
                alone_since = time.monotonic()
    return None


def _results_of(
    future: "Future", host: str, known: Mapping[str, Citation], address: str
) -> Sequence[Checked]:
    """Return the results of a task; nothing where its workers were lost."""
    lines = _lines_of(future, address)
    if not lines:
        return ()
    try:
        part = parse_part(lines, f"What a worker has found at {host}")
        return merge_parts([part], known).results
    except UsageError as error:
        hint = "The machines of a cluster need one version of footnotary and one clock."
        raise UsageError(error.message, hint=hint) from None


def _lines_of(future: "Future", address: str) -> list[str]:
    """Return what a task has brought; nothing where its workers were lost."""
    from distributed import KilledWorker

    try:
        lines = future.result()
    except (KilledWorker, CancelledError, OSError):
        return []
    except Exception as error:  # noqa: BLE001  whatever a worker without footnotary raises
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise UsageError(
            f"The workers of {address} cannot check citations ({reason}).",
            hint="Install this version of footnotary on each of them.",
        ) from None
    return lines if isinstance(lines, list) else []

"""A project as its author has it: documents of every kind, citations good and hostile."""

import fcntl
import functools
import http.server
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import site_browser
from footnotary.models import Check, Citation, Evidence, Quote
from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.records import RecordStore
from logged_note import log_everything

ROOT = Path(__file__).parent.parent.parent
HOSTILE = "</q></blockquote><script>window.pwned=2</script> {{ 7*7 }} `x` ^[1] {% raw %} $y$ |"


def citation(key, exact, passage="", **fields):
    """A record as `cite` writes it."""
    passage = passage or exact
    before, _, behind = passage.partition(exact)
    url = fields.pop("url", f"https://notes.example.org/{key}")
    return Citation(
        key=key,
        url=url,
        final_url=url,
        accessed=fields.pop("accessed", date(2026, 11, 20)),
        quote=Quote(exact=exact, prefix=before[-32:], suffix=behind[:32]),
        evidence=Evidence(
            retrieved_at=datetime(2026, 11, 20, tzinfo=UTC),
            body_sha256="0" * 64,
            text_sha256="0" * 64,
            passage=passage,
        ),
        **fields,
    )


POOL = citation(
    "pool-1f09aa",
    "Start with a pool of 5 connections a worker",
    "Measure first. Start with a pool of 5 connections a worker, then watch the wait time.",
    title="Sizing a connection pool",
    site="Backend Notes",
    authors=("Ada Moreno",),
    published=date(2025, 3, 2),
    tags=("database",),
    search_terms=("postgres pool size",),
    archive_url="https://archive.example.org/pool",
    checks=(Check(date=date(2026, 11, 22), outcome="held"),),
)
KEYS = citation(
    "keys-2f09aa",
    "Keep keys for at least 24 hours",
    title="Idempotency keys",
    site="Other Notes",
    checks=(Check(date=date(2026, 11, 22), outcome="changed", detail="24 became 48"),),
)
EVIL = citation(
    "evil-3f09aa",
    HOSTILE,
    title="<script>window.pwned=1</script> {{ 7*7 }} [x](javascript:alert(1)) \u202egnp",
    site="<img src=x onerror=window.pwned=1>",
    tags=("<i>|", "b"),
    search_terms=("<u>term</u>",),
    checks=(Check(date=date(2026, 11, 22), outcome="gone", detail="<script>404</script>"),),
)
SCRIPT_URL = citation("odd-4f09aa", "An address nobody may follow", url="javascript:alert(1)")

EVIDENCE = """# Evidence

A pool of five.^[pool-1f09aa] Kept a day.^[keys-2f09aa, pool-1f09aa] Dangling^[nobody-000000].
Hostile^[evil-3f09aa] and odd^[odd-4f09aa]; code `x^[1]` and \\^[1].

## Heading^[pool-1f09aa]

| Setting | Value |
|---|---|
| pool | 5^[pool-1f09aa] |

```mermaid
graph LR
  A --> B
```

## Wide

```mermaid
erDiagram
"""
EVIDENCE += "".join(f'  "hub" ||--o{{ "leaf_number_{n}" : "hub_id"\n' for n in range(10)) + "```\n"
API = """---
kind: api
project: shop
date: 2026-11-23
status: current
supersedes: API-shop-2026-11-01
---
# API: shop

Seven operations.^[1]

## Changes since 2026-11-01

**Breaking**

- `GET /old` is gone

---

**Sources and Citations:**

[1] Sizing a connection pool - https://notes.example.org/pool-1f09aa - \
[Date Accessed: 2026-11-20] - "Start with a pool of 5 connections a worker" \
<!-- cite:pool-1f09aa -->

[2] An old forum - https://forum.example.org/1 - Accessed 2025-08-03 - "an hour is enough"

**Research Context:**

- Analysis Date: 2026-11-23
"""
OLD_API = """---
kind: api
project: shop
date: 2026-11-01
status: superseded
superseded_by: API-shop-2026-11-23
---
# API: shop

Six operations.
"""
RESEARCH = """---
kind: research
project: keys
date: 2026-11-22
status: current
---
# Research: keys

## Question

How long must a key be kept?

## Decision

Two days.^[keys-2f09aa]
"""
OPENAPI = (
    '{"openapi": "3.1.0", "info": {"title": "Shop </script>", "version": "1"}, "paths":'
    ' {"/products": {"get": {"tags": ["catalogue"], "summary": "Search products",'
    ' "responses": {"200": {"description": "ok"}}}}}}'
)


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    """A project with documents, an archived one, two research notes and four citations."""
    root = tmp_path_factory.mktemp("site") / "shop"
    current, archive = root / ".claude/docs/current", root / ".claude/docs/archive"
    files = {
        root / "pyproject.toml": '[project]\nname = "shop"\ndescription = "A small shop."\n',
        root / "docs/index.md": "# shop\n\n<!-- footnotary:state -->\n",
        root / "docs/evidence.md": EVIDENCE,
        current / "api-specs/API-shop-2026-11-23.md": API,
        current / "api-specs/API-shop-2026-11-23.openapi.json": OPENAPI,
        current / "research/RESEARCH-keys-2026-11-22.md": RESEARCH,
        archive / "api-specs/API-shop-2026-11-01.md": OLD_API,
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    store = RecordStore(root / "citations")
    for one in (POOL, KEYS, EVIL, SCRIPT_URL):
        store.save(one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTARY_NOW", "2026-11-22T10:00:00+00:00")
        log_everything(Project(root), POOL)
    return Project(root)


@pytest.fixture(scope="session")
def own_site(tmp_path_factory, worker_id):
    """Our own site, built strictly: once for all processes of a run."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder if worker_id == "master" else folder.parent) / "own-site"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            build_site(Project(ROOT), strict=True, site_dir=folder / "site")
            (folder / "built").touch()
    return folder / "site"


@pytest.fixture(scope="session")
def serving():
    """A function that serves a folder on loopback."""
    return _serving


class _Quiet(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        """Say nothing."""

    def end_headers(self):
        """Let a browser keep what it has: nothing changes while it is served."""
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()


@contextmanager
def _serving(folder):
    """Serve a folder on loopback."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="session")
def visiting(chromium):
    """A function that opens pages of a site, and fails where one is not clean."""
    return functools.partial(site_browser.visiting, chromium)

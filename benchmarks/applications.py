# ruff: noqa: E501  measured in one line each
"""Real applications and documents: what is read beside what their manifests say, then the site.

    python benchmarks/applications.py CORPORA [--environments FOLDER] [--fastapi FOLDER] [--site]

CORPORA holds `openapi/facts.json`, `openapi/documents`, `openapi/apps` and `schemas`. With FOLDER,
each application is imported live by FOLDER/NAME/bin/python; without, its saved document is read.
`--fastapi` is FastAPI's source archive, with an environment in `.venv`: its 182 small applications
are imported one by one. `--site` builds all documents strictly, and follows every link in the HTML.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from html import unescape
from pathlib import Path
from urllib.parse import unquote

DOC = [sys.executable, "-m", "footnotary", "doc"]
SITE = [sys.executable, "-m", "footnotary", "site", "build", "--strict"]
COUNTED = ("paths", "operations", "schemas", "webhooks", "deprecated")
# Factories with arguments, which a manifest describes in words.
_SETTINGS = {"enabled": True, "listen_ip_address": "127.0.0.1", "listen_port": 8080, "username": "u", "password": "p",
             "jwt_secret_key": "k", "ws_token": "t", "CORS_origins": [], "verbosity": "error", "enable_openapi": True}  # fmt: skip
TARGETS = {
    "googleadk": "google.adk.cli.fast_api:get_fast_api_app(agents_dir='.', web=False)",
    "freqtrade": "freqtrade.rpc.api_server.webserver:ApiServer("
    + repr({"api_server": _SETTINGS, "runmode": "webserver"})
    + ", standalone=True).app",
}


def run(command: list[str], root: Path) -> tuple[dict, float]:
    """Run `doc new` or `doc facts` with --json; return what it says, and its seconds."""
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--json", "--root", str(root)], capture_output=True, text=True, check=False
    )
    seconds = time.monotonic() - began
    if done.returncode:
        print("   ", done.stderr.strip().replace("\n", "\n    "))
        return {}, seconds
    return json.loads(done.stdout), seconds


def compare(name: str, found: dict, wanted: dict, seconds: float) -> bool:
    """Print one line; tell whether all counts agree."""
    differing = {
        key: (found.get(key), wanted[key]) for key in wanted if found.get(key) != wanted[key]
    }
    words = ", ".join(f"{key} {value}" for key, value in wanted.items())
    print(
        f"{'ok  ' if not differing else 'NOT '} {name}: {words} ({seconds:.1f} s) {differing or ''}",
        flush=True,
    )
    return not differing


def apis(corpora: Path, environments: Path | None, root: Path) -> list[bool]:
    """Write the API document of every application and document."""
    known = json.loads((corpora / "openapi" / "facts.json").read_text())
    verdicts = []
    for one in known["apps"]:
        name, target = one["name"], TARGETS.get(one["name"], one["target"])
        python = environments / name / "bin" / "python" if environments else None
        if "paths" not in one.get("facts_by_jq", {}):
            continue
        live = python is not None and python.exists() and ":" in target
        how = (
            ["--app", target, "--python", str(python)]
            if live
            else ["--openapi", str(corpora / one["file"])]
        )
        found, seconds = run([*DOC, "new", "api", name, *how], root)
        wanted = {key: one["facts_by_jq"][key] for key in COUNTED if key in one["facts_by_jq"]}
        verdicts.append(
            compare(
                f"{name} ({'live' if live else 'saved'})", found.get("summary", {}), wanted, seconds
            )
        )
    for path in sorted((corpora / "openapi" / "documents").glob("*.json")):
        facts = next(one for one in known["documents"] if Path(one["file"]).name == path.name)
        facts = facts.get("facts_by_jq") or facts["facts"]
        found, seconds = run(
            [*DOC, "new", "api", path.stem.replace(".", "-"), "--openapi", str(path)], root
        )
        wanted = {key: facts[key] for key in COUNTED if key in facts}
        verdicts.append(compare(path.stem, found.get("summary", {}), wanted, seconds))
    return verdicts


def schemas(corpora: Path, environments: Path, root: Path) -> list[bool]:
    """Write the SCHEMA document of every project that has an environment, live."""
    verdicts = []
    for path in sorted((corpora / "schemas").glob("*.json")):
        manifest = json.loads(path.read_text())
        python = environments / path.stem / "bin" / "python"
        if not python.exists():
            continue
        imports = [word for name in manifest["imports"] for word in ("--import", name)]
        how = ["--metadata", manifest["target"], "--python", str(python), *imports]
        found, seconds = run([*DOC, "new", "schema", path.stem, *how], root)
        summary = found.get("summary", {})
        verdicts.append(
            compare(path.stem, summary, {key: manifest[key] for key in summary}, seconds)
        )
    return verdicts


def small_applications(corpora: Path, source: Path) -> list[bool]:
    """Import each of FastAPI's own examples; its document must be the saved one, word for word."""
    from footnotary.errors import FootnotaryError
    from footnotary.facts.options import ReadOptions
    from footnotary.probe import api
    from footnotary.project import Project

    saved = json.loads((corpora / "openapi" / "apps" / "fastapi-docs_src.json").read_text())
    verdicts = []
    for target, document in saved.items():
        try:
            facts = api.probe_api(Project(source), ReadOptions(app=target))
            verdicts.append(facts.document == document)
        except FootnotaryError as error:
            print(f"NOT  {target}: {error.message}")
            verdicts.append(False)
    print(f"FastAPI's examples, live: {sum(verdicts)} of {len(verdicts)} documents are equal")
    return verdicts


def dead_links(site: Path) -> list[str]:
    """Return links of the documents' pages that lead to no file, or to no anchor."""
    pages = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.html")}
    anchors = {
        path: {unescape(one) for one in re.findall(r'\bid="([^"]+)"', text)}
        for path, text in pages.items()
    }
    found, count = [], 0
    for path, text in pages.items():
        if "documents" not in path.parts:
            continue
        for href in re.findall(r'href="([^"]+)"', text):
            target, _, anchor = unquote(unescape(href)).partition("#")
            if re.match(r"[a-z]+:|//|/", target):
                continue
            count += 1
            there = (path.parent / target).resolve() if target else path
            there = there / "index.html" if there.is_dir() else there
            if not there.exists() or (anchor and there in anchors and anchor not in anchors[there]):
                found.append(f"{path.relative_to(site)}: {href}")
    print(f"{count} links followed, {len(found)} dead")
    return found


def main() -> None:
    """Read everything, and build the site if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--environments", type=Path)
    parser.add_argument("--fastapi", type=Path)
    parser.add_argument("--site", action="store_true")
    given = parser.parse_args()
    corpora = given.corpora.resolve()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "project").resolve()
        root.mkdir()
        (root / "pyproject.toml").write_text('[project]\nname = "everything"\n')
        verdicts = apis(corpora, given.environments, root)
        if given.environments:
            verdicts += schemas(corpora, given.environments, root)
        if given.fastapi:
            verdicts += small_applications(corpora, given.fastapi)
        print(f"{sum(verdicts)} of {len(verdicts)} agree")
        if given.site:
            subprocess.run(
                [sys.executable, "-m", "footnotary", "init", "--root", str(root)],
                check=True,
                capture_output=True,
            )
            began = time.monotonic()
            done = subprocess.run(
                [*SITE, "--root", str(root)], capture_output=True, text=True, check=False
            )
            print(
                done.stdout[-300:],
                done.stderr[-2000:] if done.returncode else "",
                f"{time.monotonic() - began:.0f} s",
            )
            dead = dead_links(root / "site")
            print("\n".join(dead[:20]))
            verdicts.append(not dead and done.returncode == 0)
    sys.exit(0 if all(verdicts) else 1)


if __name__ == "__main__":
    main()

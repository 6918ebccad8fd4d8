# ruff: noqa: E501  measured in one line each
"""Rendering an API document: CPU, memory and size, beside two published tools.

    python benchmarks/render.py [OPENAPI.json …]

Without files, one of 12 MB with recursive schemas is made. Ours is the whole command, from the
start of the interpreter to the documents on disk, and the memory is that of its process.
widdershins (npm) and
`essentials-openapi` (PyPI, the command `oad`) are measured where they are on PATH.
"""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

OURS = """
import sys, time
from pathlib import Path
from footnotary.cli.running import exit_code

assert exit_code("doc", ["new", "api", "bench", "--openapi", sys.argv[1], "--root", sys.argv[2]]) == 0
cpu = time.process_time()
status = Path("/proc/self/status").read_text()
peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
folder = Path(sys.argv[2], ".claude/docs/current/api-specs")
size = sum(path.stat().st_size for path in folder.glob("*.md")) / 1e6
print(f"{cpu:.2f} {size:.2f} {peak:.0f} {len(list(folder.glob('*.md')))}", file=sys.stderr)
"""


def large() -> dict:
    """Return a document of some 12 MB: schemas that refer to each other in circles."""
    schemas = {}
    words = "A description of some length that says what the field is for. " * 3
    count = 2200
    for number in range(count):
        fields = {
            f"field_{at}": {"type": "string", "description": words, "maxLength": 80, "example": "x"}
            for at in range(16)
        }
        fields["self"] = {"$ref": f"#/components/schemas/Model{number}"}
        fields["next"] = {"anyOf": [{"$ref": f"#/components/schemas/Model{(number + 1) % count}"},
                                    {"type": "null"}]}  # fmt: skip
        fields["all"] = {"type": "array",
                         "items": {"$ref": f"#/components/schemas/Model{(number * 7) % count}"}}  # fmt: skip
        schemas[f"Model{number}"] = {"type": "object", "required": ["self", "next"],
                                     "properties": fields, "description": words}  # fmt: skip
    paths = {}
    for number in range(900):
        name = {"$ref": f"#/components/schemas/Model{number}"}
        body = {"content": {"application/json": {"schema": name}}}
        operation = {
            "tags": [f"tag{number % 40}"], "summary": f"Do {number}", "description": words,
            "parameters": [{"name": "id", "in": "path", "required": True,
                            "schema": {"type": "integer"}, "description": words}],
            "requestBody": body, "responses": {"200": {"description": words, **body}},
        }  # fmt: skip
        paths[f"/things{number}/{{id}}"] = {"put": operation}
    return {"openapi": "3.1.0", "info": {"title": "Large", "version": "1"}, "paths": paths,
                "components": {"schemas": schemas}}  # fmt: skip


def measured(command: list[str]) -> tuple[float, str]:
    """Run a command; return its CPU seconds and how it ended."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=600)
        ended = "ok" if done.returncode == 0 else f"exit {done.returncode}"
    except subprocess.TimeoutExpired:
        ended = "over 600 s"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, ended


def main() -> None:
    """Measure every document with every tool that is here."""
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(name) for name in sys.argv[1:]]
        if not files:
            files = [Path(scratch, "large.json")]
            files[0].write_text(json.dumps(large()), encoding="utf-8")
        for path in files:
            print(f"{path.name}, {path.stat().st_size / 1e6:.1f} MB")
            with tempfile.TemporaryDirectory() as project:
                command = [sys.executable, "-c", OURS, str(path.absolute()), project]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, size, peak, count = done.stderr.splitlines()[-1].split()
            print(f"  footnotary: {seconds} s CPU, {size} MB on {count} pages, peak {peak} MB")
            out = Path(scratch, "out.md")
            others = {"widdershins": ["--search", "false", str(path), "-o", str(out)],
                      "oad": ["gen-docs", "-s", str(path), "-d", str(out)]}  # fmt: skip
            for name, arguments in others.items():
                if program := shutil.which(name):
                    out.unlink(missing_ok=True)
                    seconds, ended = measured([program, *arguments])
                    size = f"{out.stat().st_size / 1e6:.2f} MB" if out.exists() else "nothing"
                    print(f"  {name}: {seconds:.2f} s CPU, {size}, {ended}")


if __name__ == "__main__":
    main()

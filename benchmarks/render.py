# ruff: noqa: E501  measured in one line each
"""Rendering an API document, and `doc diff` with a changed one: CPU and memory of the whole command, beside a published tool.

    python benchmarks/render.py [--size SCHEMAS]

The document is made, with recursive schemas; 2,200 of them are 12 MB. `essentials-openapi` (the
command `oad`) is measured where it is on PATH.
"""

import json
import shutil
import tempfile
from pathlib import Path

from rows import COMMAND, Row, grown, make_parser, print_rows, read_sizes, run_measured

DOCUMENTS = ".claude/docs"


def make_document(count: int) -> dict:
    """Return a document of so many schemas that refer to each other in circles."""
    schemas = {}
    words = "A description of some length that says what the field is for. " * 3
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
    for number in range(count * 9 // 22):
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


def main() -> None:
    """Measure documents of three sizes."""
    words = make_parser(__doc__, 2200).parse_args()
    sizes, ours, differing, beside, disk = read_sizes(words), [], [], None, []
    oad = shutil.which("oad")
    for count in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "pyproject.toml").write_text('[project]\nname = "big"\n')
            (folder / "api.json").write_text(json.dumps(make_document(count)), encoding="utf-8")
            ours.append(
                run_measured(
                    [*COMMAND, "doc", "new", "api", "bench", "--openapi", "api.json", "-q"], folder
                )
            )
            disk.append(
                sum(
                    path.stat().st_size
                    for path in (folder / DOCUMENTS).rglob("*")
                    if path.is_file()
                )
                / 1e6
            )
            changed = make_document(count)
            for model in list(changed["components"]["schemas"].values())[::220]:
                model["properties"]["field_1"]["type"] = "integer"
                model["properties"]["new"] = {"type": "string"}
            (folder / "api.json").write_text(json.dumps(changed), encoding="utf-8")
            command = [*COMMAND, "doc", "diff", "--openapi", "api.json", "-q"]
            differing.append(run_measured(command, folder, fails=True))
            if oad:
                used = run_measured(
                    [oad, "gen-docs", "-s", "api.json", "-d", "out.md"], folder, fails=True
                )
                beside = used if (folder / "out.md").exists() else None
    cpu, peak = [used.cpu for used in ours], [used.peak for used in ours]
    peer = "essentials-openapi" if beside else ""
    rows = (
        Row(
            "doc new api", cpu[-1], "s CPU", beside.cpu if beside else None, peer, grown(sizes, cpu)
        ),
        Row(
            "doc new api", peak[-1], "MB", beside.peak if beside else None, peer, grown(sizes, peak)
        ),
        Row(
            "doc diff",
            differing[-1].cpu,
            "s CPU",
            growth=grown(sizes, [used.cpu for used in differing]),
        ),
        Row("doc new api, on disk", disk[-1], "MB", growth=grown(sizes, disk)),
    )
    print_rows(rows, as_json=words.json)


if __name__ == "__main__":
    main()

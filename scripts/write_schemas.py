"""Write the JSON Schemas of what footnotary keeps and prints, made from its models.

    python scripts/write_schemas.py            writes docs/schemas
    python scripts/write_schemas.py --check    exits with 1 where that would change something

The wheel has them as `footnotary/schemas`, the site as `schemas/`.
"""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import griffe
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from footnotary import DOCUMENTATION
from footnotary.config import Settings
from footnotary.documents.kinds import DocumentKind
from footnotary.documents.registry import KINDS
from footnotary.findings import Finding
from footnotary.models import Citation

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Described(GenerateJsonSchema):
    """Schemas whose properties are described as the docstrings of their classes do."""

    def model_schema(self, schema: Any) -> Any:
        """Return the schema of a model."""
        made = super().model_schema(schema)
        about = described_attributes(schema["cls"])
        for name, value in made.get("properties", {}).items():
            words = about.get(name) or about.get(f"{name}_")
            if words and "$ref" not in value:
                value.setdefault("description", words)
        made["description"] = inspect.getdoc(schema["cls"]).partition("\n")[0]
        return made


def described_attributes(model: type[BaseModel]) -> dict[str, str]:
    """Return what the docstrings of a class and its bases say of its attributes."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        for section in griffe.parse_google(griffe.Docstring(base.__doc__ or ""), warnings=False):
            if section.kind is griffe.DocstringSectionKind.attributes:
                found |= {one.name: " ".join(one.description.split()) for one in section.value}
    return found


def make_schema(
    model: type[BaseModel], name: str, title: str, *, by_alias: bool = True
) -> dict[str, Any]:
    """Return the schema of a model under its published address."""
    made = model.model_json_schema(by_alias=by_alias, schema_generator=_Described)
    return (
        {"$schema": DIALECT, "$id": f"{DOCUMENTATION}schemas/{name}.json"} | made | {"title": title}
    )


def make_settings() -> dict[str, Any]:
    """Return the schema of `[tool.footnotary]`: its names have hyphens there, or underscores."""
    made = make_schema(Settings, "settings", "[tool.footnotary]")
    plain = made["properties"]
    made["properties"] = {name.replace("_", "-"): value for name, value in plain.items()}
    # the form with underscores is taken too, and not proposed
    made["patternProperties"] = {f"^{name}$": value for name, value in plain.items() if "_" in name}
    for value in plain.values():
        value.pop("title", None)
    return made


def make_pyproject(settings: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of pyproject.toml that knows `[tool.footnotary]` alone, for editors."""
    table = {
        name: value for name, value in settings.items() if name not in ("$id", "$schema", "$defs")
    }
    tool = {"type": "object", "properties": {"footnotary": table}}
    return {
        "$schema": DIALECT,
        "$id": f"{DOCUMENTATION}schemas/pyproject.json",
        "title": "pyproject.toml with [tool.footnotary]",
        "type": "object",
        "properties": {"tool": tool},
        "$defs": settings.get("$defs", {}),
    }


def make_report() -> dict[str, Any]:
    """Return the schema of what `doc check --json` prints."""
    finding = make_schema(Finding, "finding", "A finding")
    parts = finding.pop("$defs", {})
    inner = {name: value for name, value in finding.items() if name not in ("$id", "$schema")}
    counts = ("documents", "citations", "compared", "errors", "warnings", "notes")
    counted = {name: {"type": "integer", "minimum": 0} for name in (*counts, "suppressed", "known")}
    listed = {"type": "array", "items": {"$ref": "#/$defs/Finding"}}
    return {
        "$schema": DIALECT,
        "$id": f"{DOCUMENTATION}schemas/findings.json",
        "title": "What `doc check --json` prints",
        "type": "object",
        "properties": {"schema": {"const": 1}, **counted, "findings": listed},
        "required": ["schema", *counted, "findings"],
        "$defs": parts | {"Finding": inner},
    }


def make_facts(kind: DocumentKind) -> dict[str, Any]:
    """Return the schema of what `doc facts KIND --json` prints and facts files hold."""
    name = f"facts-{kind.name}"
    return make_schema(kind.facts, name, f"Facts: {kind.name}", by_alias=False)


def make_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas by file name without suffix."""
    settings = make_settings()
    return {
        "record": make_schema(Citation, "record", "A citation record"),
        "findings": make_report(),
        "settings": settings,
        "pyproject": make_pyproject(settings),
        **{f"facts-{kind.name}": make_facts(kind) for kind in KINDS},
    }


def written(schema: dict[str, Any]) -> str:
    """Return a schema as its file has it."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the schemas, or say which are not up to date."""
    stale = 0
    FOLDER.mkdir(exist_ok=True)
    for name, schema in make_schemas().items():
        path, text = FOLDER / f"{name}.json", written(schema)
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        print(path.relative_to(FOLDER.parent.parent))
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())

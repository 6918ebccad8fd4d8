"""An OpenAPI document as somebody published it: bytes of a file or of a page, to facts."""

import json
import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from footnotary.errors import ProjectError
from footnotary.facts.api import ApiFacts
from footnotary.files import read_inside
from footnotary.models import Response
from footnotary.probe.openapi import api_facts
from footnotary.probe.openapi_files import Bundle, read_yaml
from footnotary.probe.swagger import openapi_of
from footnotary.project import repository_of

MAX_DOCUMENT_BYTES = 100_000_000
# What a server that has several forms of the document is asked for.
ACCEPTED = (
    "application/vnd.oai.openapi+json, application/json;q=0.9,"
    " application/vnd.oai.openapi;q=0.8, application/yaml;q=0.8, text/yaml;q=0.7, */*;q=0.5"
)
# What a document does not tell of the application that it is of.
_NOT_READ = ("websockets", "mounts", "hidden", "middleware", "handlers", "lifespan")
# A reference to another file, as JSON and YAML write it.
_ELSEWHERE = re.compile(rb"""\$ref["']?\s*:\s*["']?(?!["'#\s])""")
_YAML = (".yaml", ".yml")


def from_file(name: str, root: Path) -> ApiFacts:
    """Read a document of the project, in JSON or YAML.

    Args:
        name: Its path, relative to the project's root or absolute.
        root: The project's root.

    Raises:
        ProjectError: It cannot be read, or is no OpenAPI document.
    """
    path = root / name
    try:
        raw = read_inside(path, _top_of(name, root), MAX_DOCUMENT_BYTES)
    except OSError as error:
        raise ProjectError(
            f"{name} cannot be read: {error.strerror or error}.",
            hint="--openapi takes a JSON or YAML file, or its address.",
        ) from None
    is_yaml = path.suffix.lower() in _YAML
    folder = root if path.is_relative_to(root) and ".." not in path.parts else path.parent
    shown = path.relative_to(folder).as_posix()
    return _facts(raw, shown, is_yaml=is_yaml, folder=folder).model_copy(
        update={"target": path.name}
    )


def from_response(response: Response) -> ApiFacts:
    """Read a document that was fetched; the facts say from where, and of which day it is.

    Raises:
        ProjectError: It is no OpenAPI document.
    """
    address = shown_address(response.final_url)
    body = response.body.removeprefix(b"\xef\xbb\xbf").lstrip()
    if body[:1] == b"<":
        raise ProjectError(
            f"{address} is a web page, no OpenAPI document.",
            hint="FastAPI serves the document of a page at /docs as /openapi.json.",
        )
    facts = _facts(body, address, is_yaml=body[:1] not in (b"{", b""))
    dated = f"Read from {address} as it was on {response.retrieved_at.date().isoformat()}."
    return facts.model_copy(update={"target": address, "read_from": ()}).told(
        caveats=(dated, *facts.caveats)
    )


def shown_address(address: str) -> str:
    """Return an address without what may be secret in it: user, password, query, fragment."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _facts(raw: bytes, name: str, *, is_yaml: bool, folder: Path | None = None) -> ApiFacts:
    """Return the facts of a document of any version that is read."""
    said: list[str] = []
    document = _parsed(raw, name, said, is_yaml=is_yaml)
    if not isinstance(document, dict):
        raise ProjectError(
            f"{name} is not an OpenAPI document.", hint="It must hold one JSON object."
        )
    bundle = Bundle(name, document, partial(_read_part, folder, said) if folder else None)
    if _ELSEWHERE.search(raw):  # of a large document that is one file, nothing is walked
        bundle.put_together()
    caveats: tuple[str, ...] = (*said, *bundle.remarks)
    if "openapi" not in document and "swagger" in document:
        document, left_out = _converted(document)
        caveats = (*left_out, *caveats)
    facts = api_facts(document)
    facts = facts.model_copy(update={"read_from": tuple(sorted([name, *bundle.files]))})
    return facts.known_as("document").told(not_read=_NOT_READ, caveats=caveats)


def _read_part(folder: Path, said: list[str], name: str) -> Any:
    """Read a file that a document refers to; `ValueError` where it cannot be parsed."""
    raw = read_inside(folder / name, folder, MAX_DOCUMENT_BYTES)
    try:
        return _parsed(raw, name, said, is_yaml=True)
    except ProjectError as error:
        raise ValueError(error.message) from None


def _converted(document: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a Swagger 2.0 document as OpenAPI 3.0, and what must be said of that."""
    found = openapi_of(document)
    said = "Converted from Swagger 2.0 to OpenAPI 3.0; the document beside this one is the result."
    return found.document, (said, *found.left_out)


def _top_of(name: str, root: Path) -> Path:
    """Return the folder that a document's links may not lead out of.

    What the user names outside of the project is the user's; a link in the project may have
    come with it.
    """
    path = Path(os.path.normpath(root / name))
    top = repository_of(root)
    return top if path.is_relative_to(top) else path.parent.resolve()


def _parsed(raw: bytes, name: str, said: list[str], *, is_yaml: bool) -> Any:
    """Return what a document says, whichever of the two notations it is in."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        if not is_yaml:
            raise ProjectError(
                f"{name} is not valid JSON: {error}.", hint="Name a YAML file .yaml."
            ) from None
    try:
        found = read_yaml(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise ProjectError(
            f"{name} is not valid YAML: {error}.", hint="Correct the file."
        ) from None
    said += filter(None, [found.remark(name)])
    return found.value

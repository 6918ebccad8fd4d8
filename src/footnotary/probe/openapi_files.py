"""An OpenAPI document that is split over files, put together (OpenAPI 3.1.0, section 4.8.23).

A schema of another file becomes one of the document's own, so that references to it stay
references; anything else takes the place of what refers to it. Files outside of the folder, and
addresses, are named and not read. YAML has the values of JSON (OpenAPI 3.1.0, section 4.3).
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from footnotary.counting import first_few
from footnotary.documents.api.samples import pointed
from footnotary.yaml_text import is_bounded

_MAX_SHOWN = 8
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False,
             "FALSE": False}  # fmt: skip
_NULLS = frozenset({"null", "Null", "NULL", "~", ""})
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")
# Plain words that YAML 1.1, or the core rules of YAML 1.2, take for something else than text.
_READ_OTHERWISE = re.compile(
    r"(?i:y|yes|n|no|on|off)|[-+]?0[0-7_]+|0[oxb][0-9a-fA-F_]+|[-+]?[0-9]{1,2}(?::[0-5]?[0-9])+"
    r"|\+?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?i:inf)|\.(?i:nan)"
)


class WrittenNumber(float):
    """A number that is shown as it is written: a version `1.10` is not 1.1."""

    text = ""

    def __str__(self) -> str:
        """Return it as it is written."""
        return self.text


@dataclass
class ReadYaml:
    """What a YAML document says.

    Attributes:
        value: Mappings, lists, texts, numbers, booleans and None.
        otherwise: Plain words that other readers take for something else, with their lines.
    """

    value: Any
    otherwise: list[str] = field(default_factory=list)

    def remark(self, name: str) -> str:
        """Return what must be said of plain words that are read otherwise; or nothing."""
        if not self.otherwise:
            return ""
        shown = first_few(self.otherwise, _MAX_SHOWN)
        return (
            f"Read as text in {name}, by the JSON rules of YAML 1.2: {shown}."
            " Other readers may take them for something else; quotation marks make them text."
        )


def read_yaml(text: str) -> ReadYaml:
    """Read one YAML document.

    Raises:
        ValueError: It is not YAML, has keys that are no text, or is nested too deeply; the
            message says where.
    """
    if not is_bounded(text):
        raise ValueError("it is nested too deeply, or its aliases repeat too much")
    loader = _JsonLoader(text)
    try:
        return ReadYaml(loader.get_single_data(), loader.otherwise)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    finally:
        loader.dispose()


class _JsonLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A loader that makes values of JSON alone."""

    yaml_implicit_resolvers: dict[str | None, list[tuple[str, Any]]] = {}  # noqa: RUF012  PyYAML's own

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.otherwise: list[str] = []

    def construct_plain(self, node: yaml.ScalarNode) -> Any:
        """Return the value of a plain scalar."""
        text = node.value
        if text in _BOOLEANS or text in _NULLS:
            return _BOOLEANS.get(text)
        if re.fullmatch(r"-?(?:0|[1-9][0-9]*)", text) and len(text) <= 4000:  # noqa: PLR2004  Python's own limit is 4300
            return int(text)
        if _NUMBER.fullmatch(text) and (number := _number(text)) is not None:
            return number
        if _READ_OTHERWISE.fullmatch(text):
            self.otherwise.append(f"{text} (line {node.start_mark.line + 1})")
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        """Return a mapping whose keys are text, as they are written."""
        self.flatten_mapping(node)
        found = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "found a key that is not text", key.start_mark
                )
            found[key.value] = self.construct_object(value, deep=deep)
        return found


def _number(text: str) -> float | None:
    """Return a number with a point or an exponent; None for what no number can hold."""
    value = WrittenNumber(text)
    if value in (float("inf"), float("-inf")):
        return None
    if str(float(text)) == text:
        return float(text)
    if value.is_integer() and "." not in text:
        return int(value)
    value.text = text
    return value


_PLAIN = "!plain"
_JsonLoader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
_JsonLoader.add_implicit_resolver(_PLAIN, re.compile(""), None)
for _tag in (_PLAIN, *(f"tag:yaml.org,2002:{each}" for each in ("null", "bool", "int", "float"))):
    _JsonLoader.add_constructor(_tag, _JsonLoader.construct_plain)
for _tag in ("str", "timestamp", "binary"):
    _JsonLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", lambda _, node: node.value)


_MAX_PARTS = 2_000
Reader = Callable[[str], Any]
"""Reads a file by its path relative to the folder; raises `OSError` or `ValueError`."""

_SCHEMAS = frozenset({"schema", "itemSchema", "items", "additionalProperties", "not", "contains",
                      "propertyNames", "if", "then", "else", "contentSchema"})  # fmt: skip
_OF_SCHEMAS = frozenset({"schemas", "definitions", "properties", "patternProperties", "$defs",
                         "allOf", "anyOf", "oneOf", "prefixItems"})  # fmt: skip
_VALUES = frozenset({"example", "examples", "default", "enum", "const"})


@dataclass(frozen=True)
class _Part:
    """A part of a file, whether it is a schema, and what took a reference's place around it."""

    value: Any
    file: str
    is_schema: bool = False
    trail: tuple[str, ...] = ()


@dataclass
class Bundle:
    """One document that is put together.

    Attributes:
        root: Path of the document, relative to the folder.
        document: What it says; changed in place.
        read: Reads another file; None where there is no folder to read from.
        files: The other files that were read.
        unread: What was referred to and not read, with why.
    """

    root: str
    document: dict[str, Any]
    read: Reader | None
    files: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)
    _waiting: "list[_Part]" = field(default_factory=list)

    def put_together(self) -> None:
        """Follow every reference to another file."""
        self._waiting.append(_Part(self.document, self.root))
        while self._waiting:
            self._walk(self._waiting.pop())

    @property
    def remarks(self) -> list[str]:
        """What must be said of references that were not followed, as sentences."""
        return [f"Not read: {name}, {why}." for name, why in self.unread.items()]

    def _walk(self, part: "_Part") -> None:
        """Rewrite the references of one part of a file, in place; what is below it waits."""
        value, file = part.value, part.file
        if isinstance(value, list):
            self._waiting += [replace(part, value=one) for one in value]
        if not isinstance(value, dict):
            return
        reference = value.get("$ref")
        if isinstance(reference, str) and not (file == self.root and reference.startswith("#")):
            self._follow(value, reference, part)
            return
        if part.is_schema and isinstance(value.get("discriminator"), dict):
            self._map(value["discriminator"], file)
        for key, one in value.items():
            if key in _OF_SCHEMAS and isinstance(one, dict | list):
                members = one.values() if isinstance(one, dict) else one
                self._waiting += [replace(part, value=each, is_schema=True) for each in members]
            elif key not in _VALUES:
                self._waiting.append(replace(part, value=one, is_schema=key in _SCHEMAS))

    def _follow(self, value: dict[str, Any], reference: str, part: "_Part") -> None:
        """Put what a reference leads to in its place, or among the document's schemas."""
        place = self._place(reference, part.file)
        if place is None:
            return
        file, pointer = place
        if file == self.root:
            value["$ref"] = f"#{pointer}"
        elif part.is_schema:
            value["$ref"] = self._named(file, pointer)
        else:
            key, target = f"{file}#{pointer}", pointed(f"#{pointer}", self.files[file])
            if key in part.trail or not target or not isinstance(target, dict):
                why = "it leads in a circle" if key in part.trail else "nothing is there"
                self.unread.setdefault(reference, why)
                return
            beside = {name: one for name, one in value.items() if name != "$ref"}
            value.clear()
            value.update({**_copied(target), **beside})
            self._waiting.append(_Part(value, file, trail=(*part.trail, key)))

    def _map(self, told: dict[str, Any], file: str) -> None:
        """Rewrite the files in a discriminator's mapping; names of schemas stay."""
        mapping = told.get("mapping")
        for name, one in mapping.items() if isinstance(mapping, dict) else ():
            if isinstance(one, str) and ("/" in one or "." in one) and not (
                file == self.root and one.startswith("#")
            ):  # fmt: skip
                place = self._place(one, file)
                if place is not None:
                    own = f"#{place[1]}"
                    told["mapping"][name] = own if place[0] == self.root else self._named(*place)

    def _place(self, reference: str, file: str) -> tuple[str, str] | None:
        """Return the file and the pointer of a reference; None for what is not read."""
        parts = urlsplit(reference)
        if parts.scheme or parts.netloc or self.read is None:
            why = "an address" if parts.scheme or parts.netloc else "another file"
            self.unread.setdefault(reference.split("?", maxsplit=1)[0], why)
            return None
        path = unquote(parts.path)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), path)) if path else file
        if target != self.root and not self._is_read(target, reference.split("#", maxsplit=1)[0]):
            return None
        return target, unquote(parts.fragment)

    def _is_read(self, file: str, name: str) -> bool:
        """Whether a file could be read; if not, it is noted why."""
        if file in self.files:
            return True
        if file.startswith(("../", "/")) or PureWindowsPath(file).drive:
            self.unread.setdefault(name, "it is outside of the folder")
        elif len(self.files) >= _MAX_PARTS:
            self.unread.setdefault(name, f"there are more than {_MAX_PARTS} files")
        elif self.read is not None and name not in self.unread:
            try:
                self.files[file] = self.read(file)
            except (OSError, ValueError) as error:
                told = getattr(error, "strerror", None) or error
                self.unread[name] = str(told).rstrip(".")
        return file in self.files

    def _named(self, file: str, pointer: str) -> str:
        """Return a reference to a schema of another file, which is one of the document's now."""
        if (file, pointer) not in self._names:
            section = "definitions" if "swagger" in self.document else "schemas"
            holder = self.document
            if section == "schemas":
                holder = _inside(holder, "components")
            schemas = _inside(holder, section)
            stem = posixpath.basename(file).split(".")[0]
            wanted = pointer.rsplit("/", 1)[-1] or stem
            name, number = wanted, 2
            while name in schemas:
                name, number = f"{wanted}-{number}", number + 1
            start = "#/definitions/" if section == "definitions" else "#/components/schemas/"
            self._names[file, pointer] = start + name
            schemas[name] = _copied(pointed(f"#{pointer}", self.files[file]))
            self._waiting.append(_Part(schemas[name], file, is_schema=True))
        return self._names[file, pointer]


def _inside(holder: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a mapping in another, made where there is none."""
    if not isinstance(holder.get(key), dict):
        holder[key] = {}
    found: dict[str, Any] = holder[key]
    return found


def _copied(value: Any) -> Any:
    """Return a copy, in which references can be rewritten by where it is used."""
    if isinstance(value, Mapping):
        return {key: _copied(one) for key, one in value.items()}
    return [_copied(one) for one in value] if isinstance(value, list) else value

"""YAML as OpenAPI allows it: the values of JSON, keys that are text (OpenAPI 3.1.0, section 4.3).

The rules are those of YAML 1.2's JSON schema (section 10.2). Words that every reader takes for the
same value (`True`, `~`) are that value; all other plain words are text, as they are written.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from footnotary.counting import first_few
from footnotary.yaml_text import is_bounded

MAX_SHOWN = 8
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False,
             "FALSE": False}  # fmt: skip
_NULLS = frozenset({"null", "Null", "NULL", "~", ""})
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
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
        shown = first_few(self.otherwise, MAX_SHOWN)
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
    loader = _Loader(text)
    try:
        return ReadYaml(loader.get_single_data(), loader.otherwise)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    finally:
        loader.dispose()


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
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
        if _WHOLE.fullmatch(text) and len(text) <= 4000:  # noqa: PLR2004  Python's own limit is 4300
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
_Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
_Loader.add_implicit_resolver(_PLAIN, re.compile(""), None)
for _tag in (_PLAIN, *(f"tag:yaml.org,2002:{each}" for each in ("null", "bool", "int", "float"))):
    _Loader.add_constructor(_tag, _Loader.construct_plain)
for _tag in ("str", "timestamp", "binary"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", lambda _, node: node.value)

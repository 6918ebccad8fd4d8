"""The variables of one settings class, by its source alone: prefix, aliases, nested names."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from footnotary.facts.basis import Place, Scope
from footnotary.source.names import UNKNOWN, DefinitionIndex, keyword, last_name
from footnotary.source.parsing import Source
from footnotary.source.schemas import annotated_fields
from footnotary.source.settings_config import V1_SETTINGS, holds_value, read_config

_CHECKS = {"gt", "ge", "lt", "le", "pattern", "regex", "min_length", "max_length", "multiple_of"}
_NESTING = {"Optional", "Union", "Annotated"}
_MODELS = {"BaseModel", "BaseSettings", "RootModel", "SQLModel"}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping"}
_MAX_NESTING = 8


@dataclass(frozen=True)
class SettingsField:
    """One environment variable that sets a field of a settings class.

    Attributes:
        name: The variable; in capitals where letter case does not count.
        place: Where the field is written.
        owner: Path of the module and name of the class that reads it.
        others: Other variables that set the same field.
        any_case: Whether letter case does not count.
        begins: Whether every variable is read whose name begins with `name`.
        annotation: The declared type, as source.
        required: Whether the class cannot be made without the field.
        has_default: Whether it has a default that is not empty or None.
        written: Whether the code itself holds the value of that default.
        root: Name of the field of the class that it sets, or sets a part of.
        default: That default, where it is a literal.
        validated: Whether a validator or constraint checks it.
        files: Whether the class reads files of settings or secrets, too.
        scope: How it is known.
    """

    name: str
    place: Place
    owner: tuple[str, str]
    others: tuple[str, ...] = ()
    any_case: bool = True
    begins: bool = False
    annotation: str = ""
    required: bool = False
    has_default: bool = False
    written: bool = False
    root: str = ""
    default: str = ""
    validated: bool = False
    files: bool = False
    scope: Scope = "source"


@dataclass
class FoundSettings:
    """The settings classes of a project.

    Attributes:
        fields: Their variables.
        computed: Fields whose variables the source does not tell.
        always: Places where even the library itself does not tell which variables are read.
        others: Classes that read other sources besides.
        files: Files of settings that classes or calls name; None for computed names.
        unused: Classes, by path and name, that have subclasses and are never made.
        given: Fields, by class and place, that each call of the class gives a value, or may.
        made_otherwise: Classes that are made under other names than they say themselves.
        classes: All of them, by path and name.
    """

    fields: list[SettingsField] = field(default_factory=list)
    computed: list[Place] = field(default_factory=list)
    always: list[Place] = field(default_factory=list)
    others: list[Place] = field(default_factory=list)
    files: list[tuple[str | None, Place]] = field(default_factory=list)
    unused: set[tuple[str, str]] = field(default_factory=set)
    given: set[tuple[tuple[str, str], Place]] = field(default_factory=set)
    made_otherwise: set[tuple[str, str]] = field(default_factory=set)
    classes: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True)
class _Field:
    """One annotated field, where it is written."""

    name: str
    node: ast.AnnAssign
    source: Source
    calls: tuple[ast.Call, ...]


def _fields_of(node: ast.ClassDef, source: Source, index: DefinitionIndex) -> list[_Field]:
    """Return the fields of a class, those of its bases first."""
    found = annotated_fields(index, node, source).items()
    return [_Field(name, one, origin, _field_calls(one)) for name, (one, origin) in found]


def _field_calls(statement: ast.AnnAssign) -> tuple[ast.Call, ...]:
    """Return the `Field(…)` calls of a field: its value, and inside `Annotated`."""
    nodes = [*([statement.value] if statement.value else []), statement.annotation]
    return tuple(
        inner
        for node in nodes
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and last_name(inner.func) == "Field"
    )


class ClassReader:
    """Reads one settings class."""

    def __init__(
        self,
        node: ast.ClassDef,
        source: Source,
        index: DefinitionIndex,
        found: FoundSettings,
        made_with: Mapping[str, object],
    ) -> None:
        self._index = index
        self._found = found
        self._class = self._node, self._source = node, source
        self._config = read_config(node, source, index)
        self._config.values |= made_with
        self._is_exact = self._config.is_on("case_sensitive")
        roots = index.roots(node, source)
        self._is_v1 = bool(V1_SETTINGS & roots)
        self._root = ""
        self._validated = set(chain.from_iterable(
            _validated(one) for one, _ in index.lineage(node, source)))  # fmt: skip

    def read(self) -> None:
        """Add the variables of every field."""
        self._note_files()
        for one in _fields_of(*self._class, self._index):
            self._root = one.name
            names = self._names(one)
            if names is None:
                self._found.computed.append(one.source.place(one.node))
            else:
                self._found.fields += self._variables(one, names)

    def _note_files(self) -> None:
        """Note the files of settings that the class names, and names that are computed."""
        place = self._source.place(self._node)
        given = self._config.values.get("env_file")
        for one in given if isinstance(given, tuple) else (given,):
            if one not in (None, ""):
                self._found.files.append((one if isinstance(one, str) else None, place))
        if self._config.text("env_prefix") is None:
            self._found.always.append(place)

    def _names(self, one: _Field) -> list[str] | None:
        """Return the names of a field as the library compares them; None for computed ones."""
        prefix, target = self._config.text("env_prefix"), self._config.text("env_prefix_target")
        aliases = self._aliases(one)
        if prefix is None or target is None or aliases is None:
            return None
        if not aliases and self._is_renamed():
            return None
        before_alias = prefix if target in {"alias", "all"} else ""
        before_name = prefix if target in {"", "variable", "all"} else ""
        found = [before_alias + alias for alias in aliases]
        by_name = self._config.is_on("populate_by_name") or self._config.is_on("validate_by_name")
        if not aliases or (by_name and not self._is_v1):
            found.append(before_name + one.name)
        return list(dict.fromkeys(found if self._is_exact else map(str.upper, found)))

    def _is_renamed(self) -> bool:
        """Tell whether a function makes the aliases."""
        return self._config.values.get("alias_generator") not in {None, ""} and not self._is_v1

    def _aliases(self, one: _Field) -> list[str] | None:
        """Return the aliases of a field that count; None for computed ones."""
        if self._config.values.get("validate_by_alias") is False:
            return []
        if self._is_v1 and one.name in self._config.fields:
            return self._alias_texts(self._config.fields[one.name], one.source)
        for name in ("env",) if self._is_v1 else ("validation_alias", "alias", "env"):
            for call in one.calls:
                given = keyword(call, name)
                if given is not None and not _is_constant(given, None):
                    return self._alias_texts(given, one.source)
        return []

    def _alias_texts(self, node: ast.expr, source: Source) -> list[str] | None:
        """Return the names that an alias, several, or the first step of a path mean."""
        node, source = self._index.follow_value(node, source)
        parts: list[ast.expr] = [node]
        if isinstance(node, ast.Call):
            parts = node.args[:1] if last_name(node) == "AliasPath" else node.args
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = node.elts
        found: list[str] = []
        for part in parts:
            inner = part if part is not node else None
            if isinstance(inner, ast.Call):
                texts = self._alias_texts(inner, source)
                if texts is None:
                    return None
                found += texts
                continue
            text = self._index.literal(part, source)
            if not isinstance(text, str):
                return None
            found.append(text)
        return found

    def _variables(self, one: _Field, names: list[str]) -> Iterator[SettingsField]:
        """Yield the variables of a field: its own names, then those below a nested model."""
        described = self._described(one, one.name)
        nested = list(self._nested(one, names, described.required))
        below = tuple(each.name for each in nested)
        required = described.required and not any(each.required for each in nested)
        for name in names:
            others = tuple(each for each in (*names, *below) if each != name)
            yield replace(described, name=name, others=others, required=required)
        for each in nested:
            yield replace(each, others=tuple(n for n in (*each.others, *names) if n != each.name))

    def _described(self, one: _Field, name: str) -> SettingsField:
        """Describe a field under no name yet."""
        default, required = _default(one)
        plain = default.value if isinstance(default, ast.Constant) else UNKNOWN
        return SettingsField(
            name="",
            place=one.source.place(one.node),
            owner=(self._source.path, self._node.name),
            any_case=not self._is_exact,
            written=holds_value(default, one.source, self._index),
            root=self._root,
            annotation=ast.unparse(self._index.annotation(one.node.annotation) or one.node),
            required=required,
            has_default=default is not None and plain not in (None, "", ...),
            default="" if plain in (UNKNOWN, None, ...) else str(plain),
            validated=bool(self._validated & {name, "*"})
            or any(word.arg in _CHECKS for call in one.calls for word in call.keywords),
            files=any(self._config.values.get(key) for key in ("env_file", "secrets_dir")),
        )

    def _nested(self, one: _Field, names: list[str], required: bool) -> Iterator[SettingsField]:  # noqa: FBT001  passed on
        """Yield the variables below a field that holds a model or a mapping."""
        delimiter, limit = self._config.text("env_nested_delimiter"), self._limit()
        if delimiter is None or limit is None:
            self._found.computed.append(one.source.place(one.node))
            return
        if not delimiter:
            return
        waiting: list[tuple[_Field, tuple[str, ...], bool]] = [(one, (), required)]
        while waiting:
            outer, keys, is_needed = waiting.pop(0)
            if _is_mapping(outer.node.annotation):
                for name in names:
                    begin = delimiter.join([name, *keys, ""])
                    yield replace(self._described(outer, ""), name=begin, begins=True,
                                  required=False)  # fmt: skip
            if len(keys) >= _MAX_NESTING:
                continue
            for inner, key in self._inner_fields(outer):
                path = (*keys, key if self._is_exact else key.upper())
                joined = delimiter.join(path)
                if tuple(joined.split(delimiter, limit)) != path:
                    continue  # the library would split it otherwise
                made = replace(self._described(inner, ""), validated=False)
                made = replace(made, required=made.required and is_needed)
                every = [f"{name}{delimiter}{joined}" for name in names]
                for name in every:
                    yield replace(made, name=name, others=tuple(n for n in every if n != name))
                waiting.append((inner, path, made.required))

    def _limit(self) -> int | None:
        """Return how often the rest of a name is split at most; -1 without a limit."""
        given = self._config.values.get("env_nested_max_split")
        if given is UNKNOWN:
            return None
        return (int(given) if isinstance(given, int) else 0) - 1

    def _inner_fields(self, outer: _Field) -> Iterator[tuple[_Field, str]]:
        """Yield the fields of the models that a field may hold, with their keys."""
        for node, source in self._models(outer.node.annotation, outer.source):
            config = read_config(node, source, self._index)
            by_name = config.is_on("populate_by_name") or config.is_on("validate_by_name")
            for inner in _fields_of(node, source, self._index):
                aliases = self._aliases(inner)
                for key in aliases or ():
                    yield inner, key
                if not aliases or by_name:
                    yield inner, inner.name

    def _models(
        self, node: ast.expr | None, source: Source, depth: int = 0
    ) -> Iterator[tuple[ast.ClassDef, Source]]:
        """Yield the classes with fields that an annotation names."""
        node = self._index.annotation(node)
        value, origin = self._index.follow_value(node, source) if node else (node, source)
        found = (
            self._index.define(value, origin)
            if isinstance(value, ast.Name | ast.Attribute)
            else None
        )
        if depth > _MAX_NESTING:
            return
        if found is None:
            for part in _alternatives(value):
                yield from self._models(part, origin, depth + 1)
        elif isinstance(found[0], ast.ClassDef):
            defined, origin = found[0], found[1]
            roots = {root.rpartition(".")[2] for root in self._index.roots(defined, origin)}
            decorated = any(last_name(one) == "dataclass" for one in defined.decorator_list)
            if decorated or roots & (_MODELS | {"TypedDict"}):
                yield defined, origin


def _is_constant(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _alternatives(node: ast.expr | None) -> list[ast.expr]:
    """Return the members of a union, the type of an `Annotated`; of other types nothing."""
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.Subscript) and last_name(node.value) in _NESTING:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return parts[:1] if last_name(node.value) == "Annotated" else parts
    return []


def _is_mapping(node: ast.expr | None) -> bool:
    """Tell whether an annotation is a mapping, whose keys are any names."""
    return last_name(node) in _MAPPINGS or any(map(_is_mapping, _alternatives(node)))


def _default(one: _Field) -> tuple[ast.expr | None, bool]:
    """Return a field's default and whether it has none."""
    value = one.node.value
    for call in one.calls:
        for name in ("default", "default_factory"):
            given = keyword(call, name)
            if given is not None:
                return (None, True) if _is_constant(given, ...) else (given, False)
        if call.args and value is call:
            return (None, True) if _is_constant(call.args[0], ...) else (call.args[0], False)
    if value is None or value in one.calls or _is_constant(value, ...):
        return None, True
    return value, False


def _validated(node: ast.ClassDef) -> set[str]:
    """Return the fields that a validator of the class names."""
    return {
        argument.value
        for method in node.body
        if isinstance(method, ast.FunctionDef)
        for decorator in method.decorator_list
        if isinstance(decorator, ast.Call)
        and last_name(decorator) in {"field_validator", "validator"}
        for argument in decorator.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }

"""What a model or settings class says of its fields' names: `model_config`, `class Config`."""

import ast
from dataclasses import dataclass, field

from footnotary.source.names import MAX_HOPS, UNKNOWN, DefinitionIndex, last_name
from footnotary.source.parsing import Source

V1_SETTINGS = frozenset(
    f"pydantic.{name}" for name in ("BaseSettings", "env_settings.BaseSettings", "v1.BaseSettings")
)


@dataclass
class SettingsConfig:
    """What a settings class says about names, its bases included.

    Attributes:
        values: Its options by name; those computed are `UNKNOWN`.
        fields: Of pydantic 1, what `Config.fields` says is a field's `env`.
    """

    values: dict[str, object] = field(default_factory=dict)
    fields: dict[str, ast.expr] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return a text; None where it is computed."""
        value = self.values.get(name, "")
        if value is UNKNOWN:
            return None
        return str(value or "")

    def is_on(self, name: str) -> bool:
        """Tell whether an option is switched on."""
        return self.values.get(name) is True


def read_config(
    node: ast.ClassDef, source: Source, index: DefinitionIndex, depth: int = 0
) -> SettingsConfig:
    """Return what `model_config`, `class Config` and class keywords say, those of bases too.

    Of several bases the last one wins, and one that is a settings class says something about each
    option, if only its default (pydantic's `ConfigWrapper.for_model`); in pydantic 1, the first.
    """
    config = SettingsConfig()
    is_v1 = bool(V1_SETTINGS & index.roots(node, source))
    bases = list(index.bases(node, source)) if depth < MAX_HOPS else []
    for full, found in reversed(bases) if is_v1 else bases:
        roots, above = {full}, SettingsConfig()
        if found is not None and isinstance(found[0], ast.ClassDef):
            above = read_config(found[0], found[1], index, depth + 1)
            roots |= index.roots(found[0], found[1])
        is_whole = any(one.rpartition(".")[2] == "BaseSettings" for one in roots) and not is_v1
        config.values = above.values if is_whole else config.values | above.values
        config.fields |= above.fields
    for statement in node.body:
        if isinstance(statement, ast.ClassDef) and statement.name == "Config":
            _read_inner(statement, source, index, config)
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            if any(last_name(target) == "model_config" for target in targets):
                config.values |= read_mapping(statement.value, source, index)
    config.values |= {
        word.arg: _option(word.arg, word.value, source, index) for word in node.keywords if word.arg
    }
    return config


def _read_inner(
    node: ast.ClassDef, source: Source, index: DefinitionIndex, config: SettingsConfig
) -> None:
    """Take in a `class Config`."""
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            names = [one.id for one in statement.targets if isinstance(one, ast.Name)]
            config.values |= {name: _option(name, statement.value, source, index) for name in names}
            if "fields" in names:
                config.fields |= _v1_names(statement.value, source, index)


def read_mapping(node: ast.expr, source: Source, index: DefinitionIndex) -> dict[str, object]:
    """Return the literal values of a configuration: a call, a dict, one `|` another."""
    node, source = index.follow_value(node, source)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return read_mapping(node.left, source, index) | read_mapping(node.right, source, index)
    found: dict[str, object] = {}
    if isinstance(node, ast.Call):
        for word in node.keywords:
            if word.arg:
                found[word.arg] = _option(word.arg, word.value, source, index)
            else:
                found |= read_mapping(word.value, source, index)
        for one in node.args:
            found |= read_mapping(one, source, index)
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= read_mapping(value, source, index)
            elif isinstance(name := index.literal(key, source), str):
                found[name] = _option(name, value, source, index)
    return found


def _option(name: str, node: ast.expr, source: Source, index: DefinitionIndex) -> object:
    """Return the value of an option; what is computed is unknown.

    Of several files it is a tuple, of a function that makes aliases its full name.
    """
    if name == "alias_generator" and isinstance(node, ast.Name | ast.Attribute):
        return index.resolve(node, source) or UNKNOWN
    node, source = index.follow_value(node, source)
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_option(name, one, source, index) for one in node.elts)
    known = name_file(node, source, index) if name == "env_file" else None
    return index.literal(node, source) if known is None else known


def name_file(node: ast.expr, source: Source, index: DefinitionIndex) -> str | None:
    """Return the name of a file: of `".env"`, `ROOT / ".env"`, `Path(".env")`.

    Returns:
        The name as far as it is a literal; None for one that is computed.
    """
    node, source = index.follow_value(node, source)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return name_file(node.right, source, index)
    if isinstance(node, ast.Call) and last_name(node) in {"Path", "join", "str"} and node.args:
        return name_file(node.args[-1], source, index)
    known = index.literal(node, source)
    return known if isinstance(known, str) else None


def holds_value(node: ast.expr | None, source: Source, index: DefinitionIndex) -> bool:
    """Tell whether a default is a value that the code itself holds, wrapped as a secret or not."""
    if isinstance(node, ast.Call) and last_name(node) in {"SecretStr", "SecretBytes", "Secret"}:
        node = node.args[0] if node.args else None
    known = index.literal(node, source)
    return isinstance(known, str | bytes | int | float) and known not in ("", b"", True, False)


def _v1_names(node: ast.expr, source: Source, index: DefinitionIndex) -> dict[str, ast.expr]:
    """Return the `env` of each field in `Config.fields` (pydantic 1, "Field names")."""
    node, source = index.follow_value(node, source)
    found = {}
    for key, value in (
        zip(node.keys, node.values, strict=True) if isinstance(node, ast.Dict) else ()
    ):
        inner = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
        name = index.literal(key, source)
        found.update(
            {str(name): one for part, one in inner if index.literal(part, source) == "env"}
        )
    return found

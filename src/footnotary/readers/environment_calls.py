"""Calls and subscripts of one module that read, set or hand on environment variables."""

import ast
import re
from dataclasses import dataclass, field

from footnotary.facts.basis import Place
from footnotary.facts.deploy import VariableReading
from footnotary.readers import literals
from footnotary.readers.environment_objects import READERS, ReaderObjects
from footnotary.source.names import UNKNOWN, DefinitionIndex, keyword, last_name
from footnotary.source.parsing import Source, catches, suppresses
from footnotary.source.settings_config import holds_value, name_file

_ENVIRON = {"os.environ", "os.environb", "posix.environ"}
_GETENV = {"os.getenv", "os.getenvb"}
_SPELLED = {"environ", "environb", "getenv", "getenvb"}
_TAKING = {"get", "pop", "setdefault", "__getitem__", "__contains__"}
_CATCHING = {"KeyError", "LookupError", "Exception", "BaseException"}
# Libraries that read variables in ways that are not followed here, and functions of others.
_LIBRARIES = {
    *("dynaconf", "envparse", "prettyconf", "everett", "goodconf", "confuse", "omegaconf", "hydra"),
    *("configargparse", "typed_settings", "configurations", "envclasses", "envyaml", "betterconf"),
}
_UNFOLLOWED = {
    *("dotenv.dotenv_values", "dotenv.get_key", "dotenv.main.dotenv_values", "environ.config"),
    *("environ.to_config", "pydantic_settings.EnvSettingsSource"),
    "pydantic_settings.DotEnvSettingsSource",
}
_LOADERS = {"dotenv.load_dotenv", "dotenv.main.load_dotenv", "environ.Env.read_env"}
_IN_TEXT = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
HINTS = ("environ", "getenv", "putenv", "env_var", "envvar", "decouple", "starlette.config",
         "dotenv", "expandvars", "from_prefixed_env", *_LIBRARIES)  # fmt: skip
"""Words of which each module that reads variables has one."""


@dataclass
class FoundEnvironment:
    """What was found in a project.

    Attributes:
        readings: Places that read a variable by its name.
        dynamic: Places that read one whose name is computed, or hand the whole environment on.
        sets: Places that set a variable, by its name; empty for a computed name.
        files: Files of variables that the code loads; None for one whose name is computed.
        other_sources: Settings classes that read other sources besides.
        unparsed: Files with syntax that this Python cannot read, and those that are no text.
    """

    readings: list[VariableReading] = field(default_factory=list)
    dynamic: list[Place] = field(default_factory=list)
    sets: dict[str, list[Place]] = field(default_factory=dict)
    files: list[tuple[str | None, Place]] = field(default_factory=list)
    other_sources: list[Place] = field(default_factory=list)
    unparsed: list[str] = field(default_factory=list)


def read_module(source: Source, index: DefinitionIndex, found: FoundEnvironment) -> set[str]:
    """Add what a module reads.

    Returns:
        The names of its objects whose calls read variables.
    """
    visitor = _Visitor(source, index, found)
    visitor.visit(source.tree)
    found.readings += [
        one if one.name not in visitor.optional else one.model_copy(update={"required": False})
        for one in visitor.readings
    ]
    return set(visitor.readers.made) if source.path.endswith(".py") else set()


class _Visitor(ast.NodeVisitor):
    """Walks one module."""

    def __init__(self, source: Source, index: DefinitionIndex, found: FoundEnvironment) -> None:
        self.source = source
        self.index = index
        self.found = found
        self.readings: list[VariableReading] = []
        self.optional: set[str] = set()
        self.readers = ReaderObjects(source, index)
        self._understood: set[int] = set()
        self._prefixes: list[str | None] = []  # of `with` statements around
        self._active: list[str | None] = []  # of the call that is looked at
        self._caught = 0
        self._stars: set[str] = set()
        names = index.imports(source)
        self._spelled = _SPELLED | {n for n, full in names.items() if _last(full) in _SPELLED}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Assign):
                self._note_names(node)
            elif isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                self._stars.add(node.module or "")

    def _note_names(self, node: ast.Assign) -> None:
        """Note other names of the environment, and of objects that read variables."""
        targets = [one.id for one in node.targets if isinstance(one, ast.Name)]
        if isinstance(node.value, ast.Call):
            self.readers.note(targets, node.value)
        elif last_name(node.value) in _SPELLED:
            self._spelled = self._spelled.union(targets)

    def _meaning(self, node: ast.expr) -> str:
        """Return the full name of what an expression means, followed through variables."""
        value, source = self.index.follow_value(node, self.source)
        full = self.index.resolve(value, source)
        return f"os.{full}" if full in _SPELLED and "os" in self._stars else full

    def _is_environ(self, node: ast.expr) -> bool:
        """Tell whether an expression is the environment; what is done with it is understood."""
        is_it = last_name(node) in self._spelled and self._meaning(node) in _ENVIRON
        if is_it:
            self._understood.add(id(node))
        return is_it

    def _handed_on(self, node: ast.Name | ast.Attribute) -> None:
        """Note where the whole environment goes on to what is not looked at."""
        if id(node) in self._understood or not isinstance(node.ctx, ast.Load):
            return
        is_spelled = last_name(node) in self._spelled
        if is_spelled and self._meaning(node) in _ENVIRON | _GETENV:
            self.found.dynamic.append(self.source.place(node))
        self.generic_visit(node)

    visit_Attribute = visit_Name = _handed_on

    def visit_Import(self, node: ast.Import) -> None:
        """A library that is not followed."""
        if any(alias.name.partition(".")[0] in _LIBRARIES for alias in node.names):
            self.found.dynamic.append(self.source.place(node))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """A library that is not followed."""
        if not node.level and (node.module or "").partition(".")[0] in _LIBRARIES:
            self.found.dynamic.append(self.source.place(node))

    def visit_Subscript(self, node: ast.Subscript) -> None:
        """`os.environ["NAME"]`, where it is read or set."""
        if self._is_environ(node.value):
            if isinstance(node.ctx, ast.Load):
                self._add("os.environ", node, node.slice, None, required=not self._caught)
            elif isinstance(node.ctx, ast.Store):
                self._set(node, node.slice)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """`"NAME" in os.environ`, after which it is read only where it is set."""
        if isinstance(node.ops[0], ast.In | ast.NotIn) and self._is_environ(node.comparators[0]):
            self._add("os.environ", node, node.left, None, required=False)
            self.optional.add(str(self.index.literal(node.left, self.source)))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """`os.environ |= …`."""
        if last_name(node.target) in self._spelled and isinstance(node.target, ast.Attribute):
            self._set_each(node, node.value)
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        """What is missing in a `try` may be caught."""
        is_caught = any(catches(one.type, _CATCHING) for one in node.handlers)
        self._caught += is_caught
        for one in node.body:
            self.visit(one)
        self._caught -= is_caught
        for part in (*node.handlers, *node.orelse, *node.finalbody):
            self.visit(part)

    def visit_With(self, node: ast.With) -> None:
        """`with env.prefixed(…)`, and `with suppress(KeyError)`."""
        calls = [one.context_expr for one in node.items if isinstance(one.context_expr, ast.Call)]
        for one in node.items:
            self.visit(one)
        prefixed = [one for one in calls if last_name(one) == "prefixed" and one.args]
        caught = any(suppresses(one, _CATCHING) for one in node.items)
        given = [self.index.literal(one.args[0], self.source) for one in prefixed]
        self._prefixes += [one if isinstance(one, str) else None for one in given]
        self._caught += caught
        for inner in node.body:
            self.visit(inner)
        self._caught -= caught
        del self._prefixes[len(self._prefixes) - len(given) :]

    def visit_Call(self, node: ast.Call) -> None:
        """Calls that read a variable, and options that take one."""
        func = node.func
        if isinstance(func, ast.Attribute) and self._takes(node, func):
            self.generic_visit(node)
            return
        full = self._meaning(func) if isinstance(func, ast.Name | ast.Attribute) else ""
        if full in _GETENV:
            self._understood.add(id(func))
            self._call("os.getenv", node, position=1)
        elif full == "os.putenv" and node.args:
            self._set(node, node.args[0])
        elif full == "os.path.expandvars" and node.args:
            self._expand(node)
        elif full in _LOADERS:
            self._load_file(node)
        elif full in _UNFOLLOWED or (last_name(func) == "getattr" and self._is_os(node.args[:1])):
            self.found.dynamic.append(self.source.place(node))
        elif last_name(func) in {"from_envvar", "from_prefixed_env"}:
            self._flask(node)
        elif full in READERS:
            self._make(node, READERS[full])
        else:
            self._read_by_object(node)
        self._options(node)
        self.generic_visit(node)

    def _is_os(self, args: list[ast.expr]) -> bool:
        return any(self._meaning(one) == "os" for one in args if isinstance(one, ast.Name))

    def _takes(self, node: ast.Call, func: ast.Attribute) -> bool:
        """Take in a method of the environment; tells whether it is one that is understood."""
        if func.attr == "update" and self._is_environ(func.value):
            for one in (*node.args, *(word.value for word in node.keywords if not word.arg)):
                self._set_each(node, one)
            for word in node.keywords:
                self._set(node, ast.Constant(word.arg or ""))
            return True
        if func.attr not in _TAKING or not self._is_environ(func.value):
            return False
        if func.attr == "setdefault" and node.args:
            self._set(node, node.args[0])
        self._call("os.environ", node, position=1, strict=func.attr in {"pop", "__getitem__"})
        return True

    def _call(self, how: str, node: ast.Call, *, position: int, strict: bool = False) -> None:
        """Take in a call; `strict` readers stop where there is no default."""
        default = keyword(node, "default")
        if default is None and len(node.args) > position:
            default = node.args[position]
        cast = keyword(node, "cast") or keyword(node, "type")
        names = ("key", "varname", "var", "name", "option")
        name = (
            node.args[0]
            if node.args
            else next(filter(None, (keyword(node, n) for n in names)), None)
        )
        is_required = strict and default is None and not self._caught
        self._add(how, node, name, default, required=is_required, cast=cast)

    def _read_by_object(self, node: ast.Call) -> None:
        """Take in a call of an object that reads variables, or of one of its methods."""
        found = self.readers.find(node.func)
        if found is None:
            return
        if found.method in {"read_env", "read_envfile"}:
            self._load_file(node)
        elif found.variable and not node.args and not node.keywords:
            named = ast.Call(node.func, [ast.Constant(found.variable)], [])
            self._call(found.how, ast.copy_location(named, node), position=1, strict=True)
        elif found.reads and (node.args or node.keywords):
            around = self._prefixes if found.how == "environs" else []
            self._active = [found.prefix, *around]
            self._call(found.how, node, position=found.default, strict=True)
            self._active = []

    def _make(self, node: ast.Call, how: str) -> None:
        """Take in what makes an object that reads variables: its files, and what it declares."""
        file = keyword(node, "env_file") or next(iter(node.args), None)
        if how == "starlette Config" and file is not None:
            self.found.files.append(
                (name_file(file, self.source, self.index), self.source.place(node))
            )
        for word in node.keywords if how == "django-environ" else ():
            if word.arg:
                self.optional.add(word.arg)
                self._add(how, node, ast.Constant(word.arg), word.value, required=False)

    def _load_file(self, node: ast.Call) -> None:
        """Note a file of variables that is loaded; `.env` where none is named."""
        file = next(iter(node.args), keyword(node, "dotenv_path") or keyword(node, "path"))
        name = name_file(file, self.source, self.index) if file is not None else ".env"
        self.found.files.append((name, self.source.place(node)))

    def _flask(self, node: ast.Call) -> None:
        """Take in `config.from_envvar(…)` and `config.from_prefixed_env(…)`."""
        if last_name(node.func) == "from_envvar":
            self._call("Flask config", node, position=9, strict=keyword(node, "silent") is None)
            return
        given = next(iter(node.args), keyword(node, "prefix") or ast.Constant("FLASK"))
        name, place = self.index.literal(given, self.source), self.source.place(node)
        if not isinstance(name, str):
            self.found.dynamic.append(place)
            return
        shown = literals.identifier(f"{name}_")
        self.readings.append(
            VariableReading(name=shown, how="Flask config", place=place, begins=True)
        )

    def _expand(self, node: ast.Call) -> None:
        """Take in the variables of a text that is expanded."""
        text = self.index.literal(node.args[0], self.source)
        if not isinstance(text, str):
            self.found.dynamic.append(self.source.place(node))
        for found in _IN_TEXT.finditer(text if isinstance(text, str) else ""):
            name = ast.Constant(found[1] or found[2])
            self._add("os.path.expandvars", node, name, None, required=False)

    def _options(self, node: ast.Call) -> None:
        """Take in `envvar=` of a click or Typer option, and what names variables by a prefix."""
        for word in node.keywords:
            if word.arg in {"envvar", "env_var"}:
                value = word.value
                for one in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
                    self._add("command option", node, one, None, required=False)
            elif word.arg == "auto_envvar_prefix" or (
                word.arg == "context_settings" and "auto_envvar_prefix" in ast.dump(word.value)
            ):
                self.found.dynamic.append(self.source.place(node))

    def _set(self, node: ast.expr, name: ast.expr) -> None:
        """Note a place that sets a variable."""
        known = self.index.literal(name, self.source)
        key = known if isinstance(known, str) else ""
        self.found.sets.setdefault(key, []).append(self.source.place(node))

    def _set_each(self, node: ast.expr | ast.stmt, value: ast.expr) -> None:
        """Note a place that sets the variables of a mapping."""
        place = self.source.place(node)
        for key in value.keys if isinstance(value, ast.Dict) else [None]:
            known = self.index.literal(key, self.source)
            self.found.sets.setdefault(known if isinstance(known, str) else "", []).append(place)

    def _add(  # noqa: PLR0913  the parts of a reading
        self,
        how: str,
        node: ast.expr,
        name: ast.expr | None,
        default: ast.expr | None,
        *,
        required: bool,
        cast: ast.expr | None = None,
    ) -> None:
        """Keep a reading, or the place of one whose name is computed."""
        known = self.index.literal(name, self.source) if name is not None else UNKNOWN
        known = known.decode("utf-8", "replace") if isinstance(known, bytes) else known
        if not isinstance(known, str) or None in self._active:
            self.found.dynamic.append(self.source.place(node))
            return
        known = "".join([*filter(None, self._active), known])
        given, shown = self._read_default(default, known)
        kind = _last(self.index.resolve(cast, self.source)) if cast is not None else ""
        self.readings.append(
            VariableReading(
                name=literals.identifier(known),
                how=how,
                place=self.source.place(node),
                type=kind,
                required=required,
                has_default=given,
                written_default=given and holds_value(default, self.source, self.index),
                shown_default=shown,
                secret_type=kind in {"Secret", "SecretStr"},
            )
        )

    def _read_default(self, node: ast.expr | None, name: str) -> tuple[bool, str]:
        """Return whether a default is a value of its own, and what may be shown of it."""
        known = self.index.literal(node, self.source) if node is not None else None
        if known is UNKNOWN:
            return not isinstance(node, ast.Name), ""
        if known in (None, "", ...):
            return False, ""
        return True, literals.display_value(str(known), name=name)


def _last(full: str) -> str:
    """Return the last part of a dotted name."""
    return full.rpartition(".")[2]

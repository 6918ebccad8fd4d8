"""Pydantic v1 forms that v2 deprecates or dropped, with the v2 form to write.

By syntax tree and by the types of names: a method is reported only on what is known to be
a model, so that `response.json()` and `some_dict.copy()` are not. Forms and their
successors follow Pydantic's migration guide. Looked at are a package's modules, and the Python
samples in the Markdown of its project.
"""

import ast
import textwrap
from collections.abc import Iterator, Mapping

from footnotary.facts.basis import Place
from footnotary.facts.impl import Remnant
from footnotary.readers.pydantic_scopes import (
    ROOTS,
    KnownNames,
    Scopes,
    complete_names,
    is_model,
    read_names,
)
from footnotary.readers.pydantic_successors import (
    ATTRIBUTES,
    FIELD_ARGUMENTS,
    FIELD_KEPT,
    FUNCTIONS,
    HOMES,
    HOOKS,
    METHODS,
    SETTINGS,
    what_became_of,
)
from footnotary.source import Tree
from footnotary.source.names import (
    DefinitionIndex,
    full_name,
    imported_names,
    last_name,
)
from footnotary.source.package import Package
from footnotary.source.parsing import walk_statements

_SIGNS = ("pydantic", "BaseModel", "BaseSettings", "sqlmodel")
_MARKDOWN = ("*.md", "*.markdown")
_DECORATORS = {"validator", "root_validator", "validate_arguments"}
_CONSTRAINED = {"constr", "conbytes", "conlist", "conset", "confrozenset"}
_CONSTRAINTS = {"regex", "min_items", "max_items", "unique_items"}
# Names that are told where they are imported: they are used as types and bases.
_IMPORTED = {"BaseSettings", "GenericModel", "PyObject"}


def read_remnants(tree: Tree, package: Package, index: DefinitionIndex) -> tuple[Remnant, ...]:
    """Find Pydantic v1 forms.

    Returns:
        The forms in code, then those in samples, each by file and line.
    """
    return (*_in_code(package, index), *_in_samples(tree))


def _in_code(package: Package, index: DefinitionIndex) -> list[Remnant]:
    """Look at every module, with the models of all modules known."""
    models = _models(package, index)
    classes = {full.rpartition(".")[2] for full in models}
    own = {method for source in package.sources for method in _own_methods(source.tree, classes)}
    found = []
    for source in package.sources:
        names = read_names(source, index)
        local = {
            full.rpartition(".")[2] for full in models if full.rpartition(".")[0] == source.name
        }
        imported = {name for name, full in names.items() if index.follow(full, source) in models}
        known = KnownNames(local | imported | models, names, own)
        imports = any(full.startswith("pydantic") for full in names.values())
        if not known.models and not imports and not any(one in source.text for one in HOOKS):
            continue
        found += _forms(
            source.tree, known, Remnant(place=Place(path=source.path), form="", write="")
        )
    return found


def _models(package: Package, index: DefinitionIndex) -> set[str]:
    """Return the full names of all model classes of a package, through its modules."""
    bases: dict[str, list[str]] = {}
    for source in package.sources:
        names = read_names(source, index) if "*" in index.imports(source) else {}
        for node in walk_statements(source.tree):
            if isinstance(node, ast.ClassDef):
                plain = [b.value if isinstance(b, ast.Subscript) else b for b in node.bases]
                above = [names.get(full := index.resolve(b, source), full) for b in plain]
                bases[f"{source.name}.{node.name}"] = above
    roots = ROOTS
    models = {name for name, above in bases.items() if roots & set(above)}
    while True:
        more = {name for name, above in bases.items() if models & set(above)} - models
        if not more:
            return models
        models |= more


def find_unread_samples(tree: Tree) -> list[str]:
    """Return the Markdown files that are no readable text."""
    return [path for path in tree.named(*_MARKDOWN) if tree.has(path) and tree.text(path) is None]


def _in_samples(tree: Tree) -> list[Remnant]:
    """Look at the Python samples of Markdown files."""
    found = []
    for path in tree.named(*_MARKDOWN):
        text = tree.text(path)
        if text is None or not any(sign in text for sign in _SIGNS):
            continue
        for line, sample in _with_samples(text):
            place = Place(path=path, line=line)
            found += _forms_of_sample(sample, Remnant(place=place, form="", write="", sample=True))
    return found


def _forms_of_sample(sample: str, about: Remnant) -> list[Remnant]:
    """Return the forms of one sample; one that is no Python has none."""
    try:
        module = ast.parse(textwrap.dedent(sample))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names = complete_names(module, imported_names(module))
    models = _model_classes(module, names, set())
    own = _own_methods(module, models)
    return _forms(module, KnownNames(models, names, own), about)


def _model_classes(tree: ast.Module, names: Mapping[str, str], models: set[str]) -> set[str]:
    """Return the classes of a module that are models, in whatever order they stand."""
    classes = [node for node in walk_statements(tree) if isinstance(node, ast.ClassDef)]
    known = set(models)
    while True:
        more = {
            node.name
            for node in classes
            if any(is_model(base, names, known) for base in node.bases)
        } - known
        if not more:
            return known
        known |= more


def _own_methods(tree: ast.Module, models: set[str]) -> set[str]:
    """Return the names of the methods that the model classes of a module define."""
    return {
        member.name
        for node in walk_statements(tree)
        if isinstance(node, ast.ClassDef) and node.name in models
        for member in node.body
        if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def _forms(tree: ast.Module, known: KnownNames, about: Remnant) -> list[Remnant]:
    """Find the v1 forms of one module, whose lines are counted from that of `about`."""
    finder = _Finder(known)
    finder.visit(tree)
    return [
        about.model_copy(
            update={
                "place": Place(path=about.place.path, line=about.place.line + line),
                "form": form,
                "write": write,
            }
        )
        for line, form, write in sorted(set(finder.found))
    ]


class _Finder(Scopes):
    """Walks a module with the types of the names in scope."""

    def __init__(self, known: KnownNames) -> None:
        super().__init__(known)
        self.found: list[tuple[int, str, str]] = []  # line, form, what to write

    def _add(self, node: ast.AST, form: str, write: str) -> None:
        """Keep a form."""
        self.found.append((getattr(node, "lineno", 0), form, write))

    def _pydantic(self, node: ast.expr) -> str:
        """Return a name's path inside the pydantic package, or empty."""
        full = full_name(node, self.known.names)
        return _path_of(full) if full.startswith("pydantic.") else ""

    def visit_Import(self, node: ast.Import) -> None:  # noqa: N802  the name that ast calls
        """Version 1 as a whole, and modules that are gone."""
        for alias in node.names:
            if alias.name.startswith("pydantic.v1"):
                self._add(node, f"import {alias.name}", "the v2 interface")

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802  the name that ast calls
        """Names that moved or were dropped."""
        module = node.module or ""
        if module == "pydantic" or module.startswith("pydantic."):
            for alias in node.names:
                path = _path_of(f"{module}.{alias.name}")
                if path.startswith("v1"):
                    self._add(node, f"from {module} import {alias.name}", "the v2 interface")
                elif (
                    write := FUNCTIONS.get(path, "") if path in _IMPORTED else what_became_of(path)
                ):
                    self._add(node, f"import of {alias.name}", write)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802  the name that ast calls
        """A class, a model or not: hooks that pydantic called, and shared configurations."""
        names = {one.name for one in node.body if isinstance(one, ast.FunctionDef)}
        for one in node.body:
            hook = HOOKS.get(one.name) if isinstance(one, ast.FunctionDef) else None
            if hook and hook not in names:
                self._add(one, getattr(one, "name", ""), hook)
        if any(self._pydantic(base) in {"BaseConfig", "config.BaseConfig"} for base in node.bases):
            self._settings(node)
        super().visit_ClassDef(node)

    def found_class(self, node: ast.ClassDef) -> None:
        """`class Config`, `__root__` and keywords of a model."""
        for word in node.keywords:
            if word.arg in SETTINGS:
                self._add(word.value, f"class …({word.arg}=…)", SETTINGS[word.arg])
        for statement in node.body:
            self._member(statement)

    def found_decorator(self, node: ast.expr) -> None:
        """`@root_validator` and the like."""
        self._function_name(node, "@")

    def _settings(self, node: ast.ClassDef) -> None:
        """Report v1 keys of a configuration."""
        for inner in node.body:
            for target in inner.targets if isinstance(inner, ast.Assign) else []:
                if isinstance(target, ast.Name) and target.id in SETTINGS:
                    self._add(inner, target.id, SETTINGS[target.id])

    def _member(self, statement: ast.stmt) -> None:
        """Look at one member of a model."""
        if isinstance(statement, ast.ClassDef) and statement.name == "Config":
            self._add(statement, "class Config", "model_config = ConfigDict(…)")
            self._settings(statement)
        elif isinstance(statement, ast.AnnAssign) and last_name(statement.target) == "__root__":
            self._add(statement, "__root__", "RootModel[T]")

    def _config_keys(self, value: ast.expr) -> None:
        """Report v1 keys in a v2 configuration: `ConfigDict(…)`, or a dict."""
        named: list[tuple[str, ast.expr]] = []
        shown = "ConfigDict({}=…)"
        if isinstance(value, ast.Call) and last_name(value) in {"ConfigDict", "SettingsConfigDict"}:
            named = [(word.arg, word.value) for word in value.keywords if word.arg]
        elif isinstance(value, ast.Dict):
            shown = "model_config {!r}"
            pairs = zip(value.keys, value.values, strict=True)
            named = [(str(k.value), v) for k, v in pairs if isinstance(k, ast.Constant)]
        for name, given in named:
            if name in SETTINGS and name != "json_encoders":
                self._add(given, shown.format(name), SETTINGS[name])

    def visit_Assign(self, node: ast.Assign) -> None:  # noqa: N802  the name that ast calls
        """What a name is given, and `model_config = …`."""
        if any(last_name(target) == "model_config" for target in node.targets):
            self._config_keys(node.value)
        super().visit_Assign(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802  the name that ast calls
        """As `visit_Assign`: `model_config: ClassVar[ConfigDict] = …`."""
        if last_name(node.target) == "model_config" and node.value is not None:
            self._config_keys(node.value)
        super().visit_AnnAssign(node)

    def visit_Call(self, node: ast.Call) -> None:  # noqa: N802  the name that ast calls
        """Methods of models, functions of pydantic, arguments of Field."""
        function = node.func
        method = function.attr if isinstance(function, ast.Attribute) else ""
        if (
            isinstance(function, ast.Attribute)
            and method in METHODS
            and method not in self.known.own
            and self.is_either(function.value)
        ):
            self._add(node, f".{method}()", METHODS[method])
        self._function_name(function, "")
        if last_name(function) == "getattr" and len(node.args) > 1:
            named = getattr(node.args[1], "value", None)
            self._function_name(ast.Attribute(node.args[0], str(named)), "")
        if self._pydantic(function) in {"Field", "fields.Field"}:
            for word in node.keywords:
                if word.arg and word.arg not in FIELD_KEPT:
                    extra = f"json_schema_extra={{'{word.arg}': …}}"
                    write = FIELD_ARGUMENTS.get(word.arg, extra)
                    self._add(word.value, f"Field({word.arg}=…)", write)
        elif (made := self._pydantic(function)) in _CONSTRAINED:
            for word in node.keywords:
                if word.arg in _CONSTRAINTS:
                    self._add(word.value, f"{made}({word.arg}=…)", FIELD_ARGUMENTS[word.arg])
        self.generic_visit(node)

    def _function_name(self, node: ast.expr, sign: str) -> None:
        """Report a name of pydantic that v2 deprecates, where it is used."""
        path = self._pydantic(node)
        if path in FUNCTIONS and path not in _IMPORTED:
            node = node if hasattr(node, "lineno") else getattr(node, "value", node)
            self._add(node, f"{'@' if path in _DECORATORS else sign}{path}", FUNCTIONS[path])

    def visit_Attribute(self, node: ast.Attribute) -> None:  # noqa: N802  the name that ast calls
        """Attributes of models."""
        if node.attr in ATTRIBUTES and self.is_either(node.value):
            self._add(node, f".{node.attr}", ATTRIBUTES[node.attr])
        elif self._pydantic(node.value) in {"Extra", "config.Extra"}:
            self._add(node, f"Extra.{node.attr}", f"{node.attr!r}")
        elif isinstance(node.value, ast.Attribute | ast.Name) and (path := self._pydantic(node)):
            write = FUNCTIONS.get(path, "") if path in _IMPORTED else what_became_of(path)
            if write and path not in {"Extra", "config.Extra"}:
                self._add(node, f"pydantic.{path}", write)
        self.generic_visit(node)


def _path_of(full: str) -> str:
    """Return a name's path inside the pydantic package; short where its module is one of many."""
    module, _, name = full.removeprefix("pydantic.").rpartition(".")
    return name if module in HOMES else f"{module}.{name}".lstrip(".")


def _with_samples(text: str) -> Iterator[tuple[int, str]]:
    """Yield the Python samples of a Markdown text with the line above each."""
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").parse(text):
        language = token.info.split()[:1] if token.type == "fence" else []
        if language and language[0].strip("{}.").casefold() in {"python", "py", "python3"}:
            yield (token.map[0] + 1 if token.map else 0), _without_prompts(token.content)


def _without_prompts(sample: str) -> str:
    """Return a sample of an interactive session as its statements; output becomes blank."""
    lines = sample.splitlines()
    if not any(line.startswith(">>> ") for line in lines):
        return sample
    return "\n".join(line[4:] if line[:4] in {">>> ", "... "} else "" for line in lines)

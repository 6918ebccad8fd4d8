"""Facts of the IMPL document: what a package is made of and how its parts hang together."""

from typing import ClassVar, Literal

from pydantic import Field

from footnotary.facts.basis import Fact, Facts, KnownFact, Place

API_FORM = 2
_SINCE_FORM_2 = frozenset((  # what facts of public definitions have since then
    "api_form", "signature", "constructor", "returns", "is_async", "decorators", "overloads",
    "bases", "attributes", "special",
))  # fmt: skip


class ProjectIdentity(Fact):
    """What the project says it is.

    Attributes:
        name: Distribution name, or the package's.
        version: Declared version, or empty (dynamic).
        description: Its one line, from pyproject.toml.
        readme: First paragraph of the README, as plain text.
        requires_python: Declared Python versions, or empty.
        licence: Declared licence, or empty.
        package: Import name of the documented package, such as `google.adk`.
        package_path: Its folder, relative to the project's root.
    """

    name: str
    version: str = ""
    description: str = ""
    readme: str = ""
    requires_python: str = ""
    licence: str = ""
    package: str = ""
    package_path: str = ""


class EntryPoint(KnownFact):
    """One way in.

    Attributes:
        kind: `console script`, `entry point`, `python -m`, `FastAPI application` …
        name: What is typed or found.
        target: What it starts, such as `shop.main:app`.
        place: Where it is declared.
    """

    kind: str
    name: str
    target: str
    place: Place


class Dependency(KnownFact):
    """One distribution that the project declares or imports.

    Attributes:
        name: Normalised distribution name; the import's name where none is known.
        specifier: Declared versions, such as `>=2.9`.
        group: Extra or group it belongs to; empty for a run-time dependency.
        imports: Top-level names that the code imports from it.
        used_by: Modules that import it; for `elsewhere`, files.
        status: Of a declared one: `used`; `elsewhere` (imported by files outside of the
            packages); `named` (in a command or a setting, see `why`); `plugin` (of a kind that
            is never imported); `unused`. Of an imported one that is not declared: `through`
            (an extra of another, see `why`, brings it); `optional` (the code goes on without
            it); `typing` (for type checkers alone); `undeclared`. `unknown` of both.
        why: What brings or names it.
        declared_in: The file that declares it, or empty.
        project: The project of the repository that it belongs to; empty for the leading one.
        installed: Version found in the project's environment, or empty.
    """

    name: str
    specifier: str = ""
    group: str = ""
    imports: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    status: Literal[
        "used", "elsewhere", "named", "plugin", "unused",
        "through", "optional", "typing", "undeclared", "unknown",
    ]  # fmt: skip
    why: str = ""
    declared_in: str = ""
    project: str = ""
    installed: str = ""


class Stub(Fact):
    """One public definition that the reference must not take from the source as it is.

    Attributes:
        name: Its name in the module.
        code: It as a stub: signatures, first sentences, `…` for what must not be shown.
    """

    name: str
    code: str


class Module(KnownFact):
    """One module.

    Attributes:
        name: Import name.
        path: Relative to the project's root.
        purpose: First sentence of its docstring, or empty.
        public: Whether no part of its name begins with an underscore.
        api: Public names defined in it, or those of its `__all__`.
        exported: Whether it has an `__all__`.
        computed: Whether that has more names, which only running the code would tell.
        lines: Lines of the file.
        definitions: Public classes, functions and methods.
        documented: How many of those have a docstring.
        coverage: Per cent of its statements that tests run, from coverage.json; or None.
        docstring_shown: Whether its own docstring may be shown as it is.
        stubs: Public definitions that may not.
    """

    name: str
    path: str
    purpose: str = ""
    public: bool = True
    api: tuple[str, ...] = ()
    exported: bool = False
    computed: bool = False
    lines: int = 0
    definitions: int = 0
    documented: int = 0
    coverage: float | None = None
    docstring_shown: bool = True
    stubs: tuple[Stub, ...] = ()


class ApiParameter(Fact):
    """One parameter, or a mark between parameters.

    Attributes:
        name: `name`, `*name`, `**name`; or `/` and `*` as the marks.
        type: Its annotation, or empty.
        default: Its default as an expression, or empty.
    """

    name: str
    type: str = ""
    default: str = ""


class ApiAttribute(Fact):
    """One public attribute of a class, or of its instances as `__init__` makes it.

    Attributes:
        name: Its name.
        type: Its annotation, or empty.
        has_default: Whether the class gives it a value.
    """

    name: str
    type: str = ""
    has_default: bool = False


class ApiObject(KnownFact):
    """One public class, function or method, for comparing with the next document.

    Expressions are as `ast.unparse` writes them, with `…` for a literal that must not be shown.

    Attributes:
        path: Dotted path.
        kind: `class`, `function` or `method`.
        parameters: Its parameters in order: `name`, `name=` (has a default), `*name`,
            `**name`, `/`, `*`; of a class, none.
        signature: The same in full; of a class, what its own `__init__` or `__new__` takes.
        constructor: Which of those a class has itself; or empty.
        returns: Its return annotation, or empty.
        is_async: Whether it is an `async def`.
        decorators: Those that change how it is used, by name: `property`, `classmethod` …
        overloads: Signatures of other definitions of the same name: overloads, getters.
        bases: Base classes, and keywords such as `metaclass=Meta`.
        attributes: Public attributes of a class, by name.
        special: Special methods of a class with their signatures, such as `__call__(x: int)`.
    """

    path: str
    kind: Literal["class", "function", "method"]
    parameters: tuple[str, ...] = ()
    signature: tuple[ApiParameter, ...] = ()
    constructor: str = ""
    returns: str = ""
    is_async: bool = False
    decorators: tuple[str, ...] = ()
    overloads: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    attributes: tuple[ApiAttribute, ...] = ()
    special: tuple[str, ...] = ()


class DocstringProblem(KnownFact):
    """One docstring that lacks a section or contradicts the signature.

    Attributes:
        path: Dotted path of the function or method.
        place: Where it is defined.
        missing: Sections or parameters that it lacks.
        contradicts: Parameters it documents that the signature, which has others, has not.
        needless: Parameters it documents although the function takes none.
    """

    path: str
    place: Place
    missing: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()
    needless: tuple[str, ...] = ()


class PackageImport(Fact):
    """One import between two parts of the package, with how many modules make it."""

    importer: str
    imported: str
    count: int = 1
    place: Place | None = None


class Architecture(KnownFact):
    """The package as its imports have it.

    Attributes:
        parts: Sub-packages and modules directly below the package.
        layers: The parts from the highest to the lowest floor, cycle breakers left out.
        imports: Imports between parts.
        cycles: Groups of parts that import each other.
        breakers: Imports to cut so that no cycle is left, cheapest found.
        contracts: Contracts of import-linter, as `name (type)`.
    """

    parts: tuple[str, ...] = ()
    layers: tuple[tuple[str, ...], ...] = ()
    imports: tuple[PackageImport, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()
    breakers: tuple[PackageImport, ...] = ()
    contracts: tuple[str, ...] = ()


class PackageOutline(KnownFact):
    """One of several packages of a repository.

    Attributes:
        name: Import name; empty for a project that has no package.
        path: Its folder, relative to the root.
        project: Name of the project it belongs to, or empty.
        modules: How many modules it has.
        architecture: Its imports; empty for the leading package, whose are told apart.
    """

    name: str
    path: str
    project: str = ""
    modules: int = 0
    architecture: Architecture = Architecture()


class TraceStep(Fact):
    """One step of a trace."""

    kind: Literal["route", "dependency", "service", "model", "table"]
    name: str
    place: Place | None = None


class Trace(KnownFact):
    """How a request runs through the code, as far as names show it."""

    route: str
    place: Place
    dependencies: tuple[TraceStep, ...] = ()
    services: tuple[TraceStep, ...] = ()
    models: tuple[TraceStep, ...] = ()
    tables: tuple[str, ...] = ()


class Remnant(KnownFact):
    """One Pydantic v1 form.

    Attributes:
        place: Where it is.
        form: The v1 form.
        write: The v2 form to write instead.
        sample: Whether it is in a code sample of a Markdown file.
    """

    place: Place
    form: str
    write: str
    sample: bool = False


class Telemetry(KnownFact):
    """One place that sets up logging, correlation, tracing or metrics.

    Attributes:
        kind: `logging`, `structlog`, `OpenTelemetry`, `middleware` …
        name: What is called or added.
        detail: Processors, handlers, levels: names alone.
        place: Where.
    """

    kind: str
    name: str
    detail: str = ""
    place: Place


class RepositoryState(Fact):
    """The repository at the time of reading.

    Attributes:
        branch: Current branch, or empty.
        commit: Short hash of the last commit, or empty.
        commit_date: Its day.
        subject: Its first line.
        changes: Pending changes as `status path`, ours left out.
        suggestion: A first line for the next commit, to edit.
    """

    branch: str = ""
    commit: str = ""
    commit_date: str = ""
    subject: str = ""
    changes: tuple[str, ...] = ()
    suggestion: str = ""


class ImplFacts(Facts):
    """Everything the IMPL document says.

    Attributes:
        identity: What the project says it is.
        packages: All packages where there are several, the leading one first.
        others: Packages of the project that this document is not about.
        between: Imports between the packages.
        outside: How many Python files lie outside of the packages, by topmost folder.
        entry_points: Ways in.
        dependencies: Declared and imported distributions.
        declared_in: Files that declare some.
        unread: Files that may declare some and were not read, with the reason.
        doubts: Why it is not known of some dependencies whether they are used or declared.
        modules: Modules, by name.
        api: Public definitions, by path.
        api_form: Which fields those have: names and parameters alone in form 1.
        unparsed: Modules that could not be parsed, as `path:line`, with the reason.
        legacy: Modules of a copy of an older version that the package carries.
        architecture: Imports, layers, cycles.
        docstrings: Docstrings that lack something or contradict.
        remnants: Pydantic v1 forms.
        traces: Routes through the code.
        telemetry: What sets up logging, correlation, tracing and metrics.
        pending: State of the repository.
    """

    KIND: ClassVar[str] = "impl"
    # whether there is an environment to ask decides the status of a dependency
    VOLATILE: ClassVar[frozenset[str]] = frozenset((
        "pending", "lines", "coverage", "installed", "outside", "status", "why", "doubts", "others",
    ))  # fmt: skip
    PLACED: ClassVar[frozenset[str]] = frozenset({"unparsed"})
    OF_COMMIT: ClassVar[frozenset[str]] = frozenset({"pending"})

    kind: str = "impl"
    identity: ProjectIdentity
    packages: tuple[PackageOutline, ...] = ()
    others: tuple[str, ...] = ()
    between: tuple[PackageImport, ...] = ()
    outside: dict[str, int] = Field(default_factory=dict)
    entry_points: tuple[EntryPoint, ...] = ()
    dependencies: tuple[Dependency, ...] = ()
    declared_in: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    modules: tuple[Module, ...] = ()
    api: tuple[ApiObject, ...] = ()
    api_form: int = 1
    unparsed: tuple[str, ...] = ()
    legacy: tuple[str, ...] = ()
    architecture: Architecture = Architecture()
    docstrings: tuple[DocstringProblem, ...] = ()
    remnants: tuple[Remnant, ...] = ()
    traces: tuple[Trace, ...] = ()
    telemetry: tuple[Telemetry, ...] = ()
    pending: RepositoryState = RepositoryState()

    def lacking(self) -> frozenset[str]:
        """Return fields, at any depth, that facts of an older form do not have."""
        return _SINCE_FORM_2 if self.api_form < API_FORM else frozenset()

    @property
    def package_names(self) -> frozenset[str]:
        """The packages that it is about."""
        return frozenset({self.identity.package, *(one.name for one in self.packages)} - {""})

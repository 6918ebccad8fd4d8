"""Declared distributions against imported names: used, unused, undeclared, or unknown."""

import re
import sys
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from footnotary.counting import first_few
from footnotary.facts.basis import Place
from footnotary.facts.impl import Dependency
from footnotary.readers.declared import read_declarations
from footnotary.readers.distributions import (
    KNOWN_EXTRAS,
    KNOWN_MODULES,
    Environment,
    distribution_named_like,
    is_known,
    known_distribution,
    part_of,
    prefixes,
    squashed_names,
)
from footnotary.readers.imports import Use
from footnotary.readers.mentions import (
    COMPUTING_WORDS,
    computed_imports,
    imported_by,
    read_mentions,
)
from footnotary.readers.requirements import Declarations, Declared
from footnotary.source import Tree
from footnotary.source.parsing import Asked, Unparsed, parse_files

# The standard library of every supported Python, not of the one that runs us alone; and what
# type checkers alone know.
_STANDARD = sys.stdlib_module_names | {"annotationlib", "asynchat", "asyncore", "cgi", "cgitb"}
_STANDARD |= {"compression", "crypt", "distutils", "imp", "nntplib", "pipes", "smtpd", "telnetlib"}
_STANDARD |= {"_typeshed", "__main__"}
# Distributions that work without being imported: drivers, servers, plugins, tools.
_PLUGINS = re.compile(
    r"(?:uvicorn|gunicorn|hypercorn|granian|alembic|asyncpg|psycopg.*|aiosqlite|aiomysql|pymysql"
    r"|mysqlclient|python-multipart|email-validator|tzdata|orjson|ujson|uvloop|httptools|bcrypt"
    r"|argon2-cffi|cryptography|greenlet|setuptools|wheel|pip|hatchling|mkdocs.*|pytest.*|ruff"
    r"|mypy|black|isort|flake8.*|pylint|coverage|tox|nox|pre-commit|types-.*|.*-stubs"
    r"|fastapi-cli|typing-extensions|jinja2|itsdangerous|gevent|h2|brotli.*|lxml|pyyaml)"
)


@dataclass
class _Given:
    """What imports are known to come from a distribution.

    Attributes:
        imports: Top-level names that are imported from it.
        modules: Modules that import it, or files outside of the packages.
        optional: Whether each import may fail.
        typing: Whether each import is for type checkers alone.
    """

    imports: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    optional: bool = True
    typing: bool = True

    def take(self, name: str, use: Use) -> None:
        """Add an import."""
        self.imports.add(name)
        self.modules |= use.modules
        self.optional &= use.optional
        self.typing &= use.typing


@dataclass(frozen=True)
class Judged:
    """What was found out about a project's dependencies.

    Attributes:
        rows: Run-time dependencies first, then groups, then undeclared imports.
        files: Files that declare some.
        unread: Files, or parts of them, that were seen and not read, with the reason.
        doubts: Why it is not known of some whether they are used.
    """

    rows: tuple[Dependency, ...]
    files: tuple[str, ...]
    unread: tuple[str, ...]
    doubts: tuple[str, ...]

    def of_project(self, name: str) -> "Judged":
        """Return the same, marked as another project's than the leading one."""
        rows = (one.model_copy(update={"project": name}) for one in self.rows)
        return replace(self, rows=tuple(rows))

    def of_declared(self) -> "Judged":
        """Return the same without what is imported and declared elsewhere, if at all."""
        return replace(self, rows=tuple(one for one in self.rows if one.declared_in))


def read_dependencies(  # noqa: PLR0913  what each of them is asked of
    tree: Tree,
    folder: str,
    external: Mapping[str, Use],
    *,
    own: frozenset[str] = frozenset(),
    members: Mapping[str, str] | None = None,
    environment: Environment | None = None,
    packages: tuple[str, ...] = (),
    doubts: tuple[str, ...] = (),
) -> Judged:
    """Compare what a project declares with what its packages import.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.
        external: What the packages import from elsewhere, by full name.
        own: Normalised names of the project itself.
        members: Distribution by dotted name of each package that the repository defines.
        environment: What the project's interpreter finds.
        packages: Folders of the packages whose imports `external` holds.
        doubts: Why not all that the packages import is known.

    Returns:
        A row a declared requirement, and one an import that none of them gives. Where the
        project declares nothing, nothing can be undeclared.
    """
    found = read_declarations(tree, folder)
    judge = _Judge(found, own, environment or Environment(()), members or {}, packages)
    judge.unread_modules += doubts
    if tree.truncated:
        judge.unread_modules.append("the project has more files than are read")
    return judge.judged(external)


def _wanted(found: Declarations, own: Container[str]) -> dict[tuple[str, str], Declared]:
    """Return what is declared; what lock files pin only where nothing else declares."""
    wanted = found.found
    if all(group for _, group in wanted):
        wanted = {(one.name, one.group): one for one in found.locked.values()} | wanted
    return {key: one for key, one in wanted.items() if one.name not in own}


class _Judge:
    """Compares declarations with imports."""

    def __init__(
        self,
        declarations: Declarations,
        own: frozenset[str],
        environment: Environment,
        members: Mapping[str, str],
        packages: tuple[str, ...],
    ) -> None:
        self.declarations = declarations
        self.own = own
        self.declared = _wanted(declarations, own)
        self.names = {one.name for one in self.declared.values()}
        self.squashed = squashed_names(self.names)
        self.environment = environment
        self.members = members
        self.packages = packages
        self.given: dict[str, _Given] = {}
        self.shared: set[str] = set()
        self.unknown: dict[str, _Given] = {}
        self.bare: set[str] = set()
        self.shadowed: set[str] = set()
        self.unread_modules: list[str] = []
        self.doubts: dict[str, None] = {}

    def judged(self, external: Mapping[str, Use]) -> Judged:
        """Return a row for each dependency."""
        for name, use in external.items():
            self._attribute(name, use)
        missing = {name for name in self.names if name not in self.given}
        elsewhere = self._used_elsewhere(missing)
        asked = {
            name: sorted({name, *self._tops(name)})
            for name, group in self.declared
            if not group and name in missing - set(elsewhere) and not self._plugs(name)
        }
        named, unread = read_mentions(self.declarations, asked)
        self.unread_modules += [f"{path} could not be read" for path in unread]
        rows = [
            self._row(one, elsewhere.get(one.name, ()), str(named.get(one.name, "")))
            for one in self.declared.values()
        ]
        if self.declared:
            rows += self._undeclared()
        rows.sort(key=lambda row: 2 * (row.name not in self.names) + bool(row.group))
        return Judged(
            tuple(rows),
            tuple(sorted(set(self.declarations.files))),
            tuple(self.declarations.unread),
            tuple(self.doubts),
        )

    def _attribute(self, name: str, use: Use) -> None:
        """Say which distribution an import comes from, if that is known."""
        top = name.partition(".")[0]
        one = self._distribution(name)
        if one:
            if one not in self.own:
                self.given.setdefault(one, _Given()).take(top, use)
        elif shared := self.environment.sharing(name):
            self.shared |= shared
        elif self._local(top) == "module":
            self.shadowed.add(distribution_named_like(name, self.squashed))
        elif top and top not in _STANDARD and not self._local(top):
            self.bare.add(name)
            self.unknown.setdefault(part_of(name), _Given()).take(top, use)

    def _distribution(self, name: str) -> str:
        """Return the distribution that gives what is imported; empty where it is not known."""
        member = next((self.members[p] for p in prefixes(name) if p in self.members), "")
        top = name.partition(".")[0]
        if member or top in _STANDARD or self._local(top) == "module":
            return member
        owners = self.environment.owners(name)
        if owners:
            return min(owners & self.names or owners)
        shared = self.environment.sharing(name)
        if shared:
            return min(shared) if len(shared) == 1 else ""
        named = distribution_named_like(name, self.squashed)
        return named or ("" if self._local(top) else known_distribution(name))

    def _local(self, top: str) -> str:
        """Tell what a top-level name is in the project: a `module`, a mere `folder`, or nothing.

        A folder without `__init__.py` gives way to any module (PEP 420). At the root of a
        project whose packages are in `src`, only what runs there sees a module.
        """
        tree, home = self.declarations.tree, self.declarations.at("")
        above = {one.rpartition("/")[0] for one in self.packages}
        beside = {f"{one}/".lstrip("/") for one in above} or {home}
        for place in sorted({home, f"{home}src/", *beside}):
            if tree.has(f"{place}{top}.py") or tree.has(f"{place}{top}/__init__.py"):
                is_seen = place in beside or distribution_named_like(top, self.squashed) == ""
                return "module" if is_seen else "folder"
        inside = {f"{one}/" for one in self.packages}  # of a package that is run from its folder
        if any(tree.has(f"{place}{top}.py") for place in inside):
            return "folder"
        places = {home, f"{home}src/", *beside, *inside}
        return "folder" if any((tree.root / f"{p}{top}").is_dir() for p in places) else ""

    def _tops(self, name: str) -> set[str]:
        """Return the top-level modules that a distribution gives, or is likely to."""
        one = self.environment.distributions.get(name)
        known = {key.partition(".")[0] for key, names in KNOWN_MODULES.items() if name in names}
        return set(one.tops) if one and one.tops else known or {name.replace("-", "_")}

    def _plugs(self, name: str) -> bool:
        """Tell whether a distribution works without being imported."""
        one = self.environment.distributions.get(name)
        if name in self.members.values():
            return False
        is_empty = bool(one and not one.modules and not one.is_editable)
        return bool(_PLUGINS.fullmatch(name) or is_empty or (one and one.plugs_into))

    def _used_elsewhere(self, names: set[str]) -> dict[str, tuple[str, ...]]:
        """Return the files outside of the packages that import distributions."""
        words = {top.encode() for name in names for top in self._tops(name)}
        found: dict[str, list[str]] = {}
        tree, inside = self.declarations.tree, tuple(f"{one}/" for one in self.packages)
        asked = words | {word.encode() for word in COMPUTING_WORDS}
        for path in sorted({*tree.python, *tree.named("*.pyi")}) if words else ():
            is_read = path.endswith(".py") and path.startswith(inside)
            if is_read or not self.declarations.holds(path):
                continue
            data = tree.data(path)
            if data is None or any(word in data for word in asked):
                for one in self._imports_of(path) & names:
                    found.setdefault(one, []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def _imports_of(self, path: str) -> set[str]:
        """Return the distributions that a file outside of the packages imports."""
        parsed = parse_files(self.declarations.tree, [Asked(path, "", path)])[0]
        if isinstance(parsed, Unparsed):
            self.unread_modules.append(f"{path} could not be parsed")
            return set()
        self.unread_modules += describe_computed(computed_imports(parsed))
        return {self._distribution(name) for name, _, _ in imported_by(parsed)}

    def _is_accounted(self, name: str) -> bool:
        """Tell whether it is known which modules a declared distribution gives."""
        one = self.environment.distributions.get(name)
        known = name in self.given or name in self.members.values() or is_known(name)
        return bool(known or self._plugs(name) or (one and one.tops))

    def _row(self, one: Declared, elsewhere: tuple[str, ...], named: str) -> Dependency:
        """Describe a declared distribution."""
        given = self.given.get(one.name)
        if given:
            return self._described(one.name, given, "used", "", one)
        if elsewhere:
            return self._described(one.name, _Given(modules=set(elsewhere)), "elsewhere", "", one)
        if one.group or self._plugs(one.name):
            return self._described(one.name, None, "plugin", "", one)
        if named:
            return self._described(one.name, None, "named", named, one)
        doubt = self._doubt(one)
        self.doubts |= dict.fromkeys(doubt)
        return self._described(one.name, None, "unknown" if doubt else "unused", "", one)

    def _doubt(self, one: Declared) -> list[str]:
        """Say why it is not known that nothing imports a declared distribution."""
        found = list(self.unread_modules)
        if not self._is_accounted(one.name):
            found.append("without its metadata it is not known which modules a distribution gives")
        if one.name in self.shadowed:
            found.append(f"a module of the project has the name of {one.name}, and is imported")
        if one.name in self.shared or self._is_below_a_bare_import(one.name):
            found.append("a namespace is imported that several distributions share")
        if one.conda:
            found.append("a Conda channel has packages that are not Python's")
        return found

    def _is_below_a_bare_import(self, name: str) -> bool:
        """Tell whether a namespace alone is imported that a distribution is known to be in."""
        known = (module for module, names in KNOWN_MODULES.items() if name in names)
        return any(above in self.bare for module in known for above in prefixes(module))

    def _described(
        self, name: str, given: _Given | None, status: str, why: str, one: Declared | None = None
    ) -> Dependency:
        """Make the row of a distribution."""
        installed = self.environment.distributions.get(name)
        return Dependency.model_validate(
            {
                "name": name,
                "specifier": one.specifier if one else "",
                "group": one.group if one else "",
                "imports": tuple(sorted(given.imports)) if given else (),
                "used_by": tuple(sorted(given.modules)) if given else (),
                "status": status,
                "why": why,
                "declared_in": one.path if one else "",
                "installed": installed.version if installed else "",
            }
        )

    def _undeclared(self) -> list[Dependency]:
        """Describe what is imported and declared by no requirement."""
        through, open_extras = self._extras()
        loose = sorted(one for one in self.names if not self._is_accounted(one))
        always = ["not every declaration could be read"] if self.declarations.unread else []
        always += [f"extras of {first_few(open_extras)} may bring more"] if open_extras else []
        rows = []
        for name, given in sorted({**self.unknown, **self.given}.items()):
            if name in self.names:
                continue
            doubts = list(always)
            if name in self.unknown and loose:
                doubts.append(f"it is not known which modules {first_few(loose)} give")
            ways = (
                ("through", name in through),
                ("typing", given.typing),
                ("optional", given.optional),
                ("unknown", bool(doubts)),
            )
            status = next((way for way, holds in ways if holds), "undeclared")
            if status == "unknown":
                self.doubts |= dict.fromkeys(doubts)
            plain = name if name in self.given or "." in name else name.replace("_", "-").lower()
            rows.append(self._described(plain, given, status, through.get(name, "")))
        return rows

    def _extras(self) -> tuple[dict[str, str], list[str]]:
        """Return what extras bring, with the requirement, and those of which it is not known."""
        through: dict[str, str] = {}
        unknown = []
        for one in self.declared.values():
            asked = f"{one.name}[{','.join(one.extras)}]"
            if one.name in self.environment.distributions:
                brought = set(self.environment.brought_by(one.name, one.extras))
            else:
                known = [KNOWN_EXTRAS.get(f"{one.name}[{extra}]") for extra in one.extras]
                brought = {name for names in known for name in names or ()}
                unknown += [asked] if None in known else []
            through |= dict.fromkeys(brought - set(through), asked)
        return through, sorted(set(unknown))


def describe_computed(places: Iterable[Place]) -> list[str]:
    """Say where code imports under computed names."""
    return [f"{place} imports under a computed name" for place in places]

"""Reading an API: from the application itself, or from an OpenAPI document."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from footnotary.counting import counted, first_few
from footnotary.errors import ImportFailed, TargetMissing
from footnotary.facts.api import (
    ApiFacts,
    ApiModel,
    ApplicationPart,
    Endpoint,
    Handler,
    HandlerDependency,
    Operation,
    Raised,
    SecurityScheme,
)
from footnotary.facts.basis import Place
from footnotary.facts.options import ReadOptions
from footnotary.probe.applications import choose_application
from footnotary.probe.child import ChildAnswer, ask, named_in_documents, told_reason
from footnotary.probe.discovery import shown_target
from footnotary.probe.interpreter import parser_of
from footnotary.probe.openapi import api_facts, requirement_text
from footnotary.probe.openapi_source import from_file
from footnotary.probe.placeholders import (
    secret_values,
)
from footnotary.probe.requests import request_import
from footnotary.probe.static_api import read_api_source
from footnotary.project import Project

_CUT = (
    "The application is very large: raised statuses were searched in handlers and dependencies,"
    " but not in everything that they call."
)

_MISSING = "What is computed at run time, and responses that libraries add, are missing."
_CORRECT = "Call its openapi() in the project's Python for the whole error."


def probe_api(project: Project, options: ReadOptions) -> ApiFacts:
    """Read the API of a project.

    Args:
        project: The user's project.
        options: `app`, `openapi` (a file), `python`, `env_file`, `mocks`, `timeout` are used.

    Raises:
        ProjectError: No application was found, or it cannot be read.
        UsageError: The file of settings cannot be read.
        ImportFailed: The application fails on import.
    """
    if options.openapi:
        return from_file(options.openapi, project.root)
    choice = choose_application(project, options.app, options.former_app)
    target, others = choice.target, choice.others
    if options.source_only:
        found = _of_source(project, target.name, options.python)
        return found.model_copy(update={"others": others})
    request = request_import(project, options, "api", target.paths)
    request = replace(request, target=target.name, django=choice.django)
    try:
        answer = ask(request)
    except ImportFailed as error:
        if options.app and isinstance(error, TargetMissing):
            raise  # a typing error, which the source would hide
        found = _from_source(
            project, target.name, options.python, named_in_documents(error, request)
        )
        return found.model_copy(update={"others": others})
    known = secret_values(project.root, options.env_file)
    if failed := answer.data.get("undescribed"):
        why = f"cannot make its OpenAPI document: {told_reason(failed).rstrip('.')}."
        facts = _undescribed(project, target.name, options.python, answer, why)
    else:
        facts = _facts(answer, target.name, known)
        if answer.data.get("starting") and not facts.operations:
            why = "has no operation before it starts, and it is not started to be read."
            told = _undescribed(project, target.name, options.python, answer, why)
            facts = told if told.operations else facts
    if choice.framework != "FastAPI":
        said = f"Read from the OpenAPI document that {choice.framework} makes of the application."
        facts = facts.told(caveats=(said, *facts.caveats))
    if choice.gone:
        said = f"{choice.gone}, which was described before, is no longer in the project."
        facts = facts.told(caveats=(said, *facts.caveats))
    return facts.model_copy(update={"others": others})


def _undescribed(
    project: Project, target: str, python: str, answer: ChildAnswer, reason: str
) -> ApiFacts:
    """Read the operations of an imported application that does not tell them.

    What it tells besides is read from the imported code.
    """
    told = _told_besides(answer.data, target)
    facts = _of_source(project, target, python)
    name = shown_target(target)
    why, hint = f"{name} was imported, but {reason}", _CORRECT * ("undescribed" in answer.data)
    return facts.model_copy(update=told).told(
        why=why,
        hint=hint,
        not_read=tuple(name for name in facts.read.not_read if name not in told),
        python=answer.python,
        extras=tuple(answer.data["extras"]),
        left_out=answer.left_out,
        settings=answer.settings,
        mocks=answer.mocks,
        versions=dict(answer.versions),
        caveats=(
            f"Operations and models are read from the source: {why} {hint}".strip(),
            _MISSING,
            *answer.caveats,
            *_missing(answer.data, facts.operations),
            *facts.caveats,
        ),
    )


def _from_source(project: Project, target: str, python: str, error: ImportFailed) -> ApiFacts:
    """Read what the source says; where it says nothing, the import's own failure is."""
    facts = _of_source(project, target, python)
    if not facts.operations:
        raise error
    reason = f"Read from the source, without importing it: {error.message} {error.hint}".strip()
    return facts.told(
        why=error.message,
        hint=error.hint,
        detail=error.detail,
        caveats=(reason, _MISSING, *facts.caveats),
    )


def _of_source(project: Project, target: str, python: str) -> ApiFacts:
    """Read what the source says of an application."""
    found = read_api_source(project.root, target, parser_of(project, python))
    return found.model_copy(update={"target": shown_target(target)})


def _facts(answer: ChildAnswer, target: str, known: Collection[str]) -> ApiFacts:
    """Put together what the document says and what the application says besides."""
    data = answer.data
    facts = api_facts(data["document"], known)
    operations = _with_handlers(facts.operations, data)
    read_from = {one.handler.place.path for one in operations if one.handler and one.handler.place}
    facts = facts.model_copy(
        update={
            "operations": operations,
            "security": (*facts.security, *dict.fromkeys(_unnamed_schemes(data))),
            "models": _with_classes(facts.models, data.get("classes", {})),
            "unsaid": {
                name: one["unsaid"]
                for name, one in data.get("classes", {}).items()
                if one["unsaid"]
            },
            **_told_besides(data, target),
            "read_from": tuple(sorted(one for one in read_from if not one.startswith(".."))),
        }
    )
    return facts.known_as("imported").told(
        python=answer.python,
        extras=tuple(data["extras"]),
        settings=answer.settings,
        mocks=answer.mocks,
        left_out=answer.left_out,
        failed=tuple(one["path"] for one in data.get("mounts", ()) if one.get("failed")),
        versions=dict(answer.versions),
        caveats=(*answer.caveats, *_missing(data, operations)),
    )


def _told_besides(data: dict[str, Any], target: str) -> dict[str, Any]:
    """Return what an application tells besides its document."""
    return {
        "websockets": tuple(
            Endpoint(
                path=one["path"], what=one["name"], place=_place(one["place"]), scope="imported"
            )
            for one in data.get("websockets", ())
        ),
        "mounts": tuple(map(_mount, data.get("mounts", ()))),
        "hidden": tuple(data.get("hidden", ())),
        "middleware": tuple(map(_part, data.get("middleware", ()))),
        "handlers": tuple(map(_part, data.get("handlers", ()))),
        "lifespan": tuple(map(_part, data.get("lifespan", ()))),
        "target": shown_target(target),
    }


def _missing(data: dict[str, Any], operations: tuple[Operation, ...]) -> Iterator[str]:
    """Say what the application could not tell of itself."""
    if data.get("cut_short"):
        yield _CUT
    bare = sum(1 for one in operations if one.handler is None and not one.webhook)
    if bare:
        what = counted(bare, "operation")
        yield f"No handler was found for {what}: what they raise, and their place, is not known."
    if starting := data.get("starting"):
        verb = "adds" if len(starting) == 1 else "add"
        yield (
            f"{first_few(starting)} {verb} routes when the application starts, which is not done to"
            " read it: they are not known from the import."
        )
    for one in data.get("mounts", ()):
        if one.get("failed"):
            why = told_reason(one["failed"]).rstrip(".")
            yield f"What is mounted at {one['path']} cannot describe itself: {why}."


def _with_handlers(
    operations: tuple[Operation, ...], data: dict[str, Any]
) -> tuple[Operation, ...]:
    """Put handlers and the statuses they raise to the operations they serve."""
    handlers = {
        (method, route["path"]): route
        for route in data.get("routes", ())
        for method in route["methods"]
    }
    found = []
    shared = _shared_names(data)
    for one in operations:
        route = handlers.get((one.method, one.path))
        if route is None or one.webhook:
            found.append(one)
            continue
        handler = Handler(
            name=route["name"],
            place=_place(route["place"]),
            doc=route["doc"],
            dependencies=tuple(map(_dependency, route["dependencies"])),
        )
        undeclared = _undeclared(route["raised"], {answer.status for answer in one.responses})
        closed = tuple(route.get("closed", ()))
        most = route.get("max_body")
        most = most if isinstance(most, int) and one.body else None
        said = tuple(f"other {where} parameters are refused (extra=forbid)" for where in closed)
        said += tuple(route.get("contradictions", ()))
        changed = {"handler": handler, "undeclared": undeclared, "closed": closed, "remarks": said,
                   "unfollowed": tuple(route.get("unfollowed", ())), "max_body": most}  # fmt: skip
        found.append(_as_coded(one.model_copy(update=changed), route.get("schemes", ()), shared))
    return tuple(found)


def _as_coded(
    one: Operation, schemes: Collection[dict[str, Any]], shared: Collection[str]
) -> Operation:
    """Return an operation with the authentication that its dependencies ask for.

    FastAPI documents several schemes as alternatives, though each of them is wanted, and one that
    lets everybody in (`auto_error=False`) as one that does not. Where the operation's own
    `security` says something else, it stays.
    """
    documented = [name for names in one.requirements for name in names]
    if sorted(documented) != sorted({each["name"] for each in schemes}) or not documented:
        return one
    if any(len(names) != 1 for names in one.requirements):
        return one
    scopes = {name: found for names in one.requirements for name, found in names.items()}
    named = {_full_name(each, shared): each for each in schemes}
    asked = {name: scopes[each["name"]] for name, each in named.items()}
    optional = [name for name, each in named.items() if each["optional"]]
    wanted = {name: found for name, found in asked.items() if name not in optional}
    remarks = list(_remarks_on(list(wanted), optional))
    if named.keys() != scopes.keys():
        remarks.append("several security schemes have one name, and the document has one of them")
    if not remarks:
        return one
    alternatives = [wanted] if wanted else [*({name: asked[name]} for name in asked), {}]
    return one.model_copy(
        update={
            "requirements": tuple(alternatives),
            "security": tuple(map(requirement_text, alternatives)),
            "remarks": (*one.remarks, *remarks),
        }
    )


def _remarks_on(wanted: list[str], optional: list[str]) -> Iterator[str]:
    """Yield what the document does not say of an operation's security schemes."""
    if len(wanted) > 1:
        yield f"all of {', '.join(wanted)} are wanted, not any one of them"
    if optional and wanted:
        yield f"{', '.join(optional)} is optional (auto_error=False)"
    elif optional:
        yield (
            f"open: the scheme is optional; {', '.join(optional)} lets in who has no"
            " credentials (auto_error=False)"
        )


def _shared_names(data: dict[str, Any]) -> set[str]:
    """Return the names that several API keys have: the document has one of each name."""
    places: dict[str, set[tuple[str, str]]] = {}
    for route in data.get("routes", ()):
        for one in route.get("schemes", ()):
            places.setdefault(one["name"], set()).add((one["in"], one["parameter"]))
    return {name for name, found in places.items() if len(found) > 1}


def _full_name(one: dict[str, Any], shared: Collection[str]) -> str:
    """Return a scheme's name; with its parameter, where another scheme has the same name."""
    return f"{one['name']} {one['parameter']}" if one["name"] in shared else str(one["name"])


def _unnamed_schemes(data: dict[str, Any]) -> Iterator[SecurityScheme]:
    """Yield the API keys of which several have one name, each by a name of its own."""
    shared = _shared_names(data)
    for route in data.get("routes", ()):
        for one in route.get("schemes", ()):
            if one["name"] in shared:
                kind = f"apiKey in {one['in']} {one['parameter']}"
                yield SecurityScheme(name=_full_name(one, shared), type=kind)


def _with_classes(
    models: tuple[ApiModel, ...], classes: dict[str, dict[str, Any]]
) -> tuple[ApiModel, ...]:
    """Put classes to the models that are made of them."""
    found = []
    for one in models:
        made = classes.get(one.name)
        update = {"class_name": made["name"], "place": _place(made["place"])} if made else {}
        found.append(one.model_copy(update=update))
    return tuple(found)


def _undeclared(raw: list[dict[str, Any]], declared: set[str]) -> tuple[Raised, ...]:
    """Return what is raised and is declared neither as a status, a range nor by `default`."""
    known = {status.upper() for status in declared}
    found = (Raised.model_validate(one) for one in raw)
    return tuple(
        one for one in found if not known & {"DEFAULT", str(one.status), f"{one.status // 100}XX"}
    )


def _dependency(raw: dict[str, Any]) -> HandlerDependency:
    return HandlerDependency(
        name=raw["name"],
        place=_place(raw["place"]),
        scopes=tuple(raw["scopes"]),
        dependencies=tuple(map(_dependency, raw["dependencies"])),
    )


def _mount(raw: dict[str, Any]) -> Endpoint:
    """Describe a mounted application, with its operations where it is FastAPI's."""
    inner = api_facts(raw["document"]).operations if raw["document"] else ()
    listed = tuple(f"{one.method} {raw['path']}{one.path}" for one in inner if not one.webhook)
    return Endpoint(path=raw["path"], what=raw["app"], operations=listed)


def _part(raw: dict[str, Any]) -> ApplicationPart:
    return ApplicationPart(name=raw["name"], place=_place(raw["place"]), detail=raw["detail"])


def _place(raw: dict[str, Any] | None) -> Place | None:
    return Place(**raw) if raw else None

"""Dockerfiles, through the port of BuildKit's own parser in `e2b-dockerfile-utils`."""

import re
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from footnotary.compose.interpolation import find_uses, reduce_variables
from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile, DockerStage, DockerVariable
from footnotary.readers import literals
from footnotary.source import Tree

if TYPE_CHECKING:
    from e2b_dockerfile_utils import DockerfileInstruction

PlaceOf = Callable[[int], Place]
# What BuildKit declares for every FROM (Dockerfile reference, "Automatic platform ARGs").
_PREDEFINED = frozenset(
    f"{prefix}{part}"
    for prefix in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
# A user and a group, as names or numbers.
USER = re.compile(r"(?:[A-Za-z0-9_][\w.-]{0,60}\$?)(?::[A-Za-z0-9_][\w.-]{0,60})?")
_EXPOSED = re.compile(r"\d{1,5}(?:-\d{1,5})?(?:/(?:tcp|udp|sctp))?", re.IGNORECASE)
_NOT_DOCKERFILES = (".dockerignore", ".md", ".txt", ".py", ".sh", ".yml", ".yaml", ".json")


def find_dockerfiles(tree: Tree) -> tuple[str, ...]:
    """Return the paths of the project's Dockerfiles and Containerfiles."""
    return tuple(
        path
        for path in tree.named(
            "dockerfile", "dockerfile.*", "*.dockerfile", "containerfile", "containerfile.*"
        )
        if not path.casefold().endswith(_NOT_DOCKERFILES)
    )


def read_dockerfile(tree: Tree, path: str, context: str | None = None) -> Dockerfile:
    """Read one Dockerfile.

    Returns:
        Its stages and variables, or the reason why it cannot be read, with the line.
    """
    text = tree.text(path)
    if text is None:
        return Dockerfile(path=path, error="it is not text in UTF-8, or too large")
    found = _read_instructions(path, text, lambda line: Place(path=path, line=line), tree.files)
    return found.model_copy(update={"ignore_file": _ignore_file(tree, path, context)})


def read_inline(
    name: str, text: str, where: PlaceOf, *, files: Collection[str], given: Collection[str]
) -> Dockerfile:
    """Read a Dockerfile that is in a compose file."""
    found = _read_instructions(name, text, where, files)
    known = tuple(one for one in found.undefined if one.partition(" ")[0] not in given)
    return found.model_copy(update={"inline": True, "undefined": known})


def _read_instructions(name: str, text: str, where: PlaceOf, files: Collection[str]) -> Dockerfile:
    """Read the text of a Dockerfile, or say with its line why it cannot be read."""
    from e2b_dockerfile_utils import DockerfileSyntaxError, parse_dockerfile_ast

    try:
        instructions = parse_dockerfile_ast(text).instructions
    except DockerfileSyntaxError as error:
        line = f"line {where(error.line).line}" if error.line else "it"
        return Dockerfile(path=name, error=f"{line} is not valid Dockerfile syntax")
    stages = _stages(where, instructions, files)
    return Dockerfile(
        path=name,
        stages=stages,
        variables=tuple(
            variable
            for instruction in instructions
            if instruction.name in {"ARG", "ENV"}
            for variable in _variables(where, instruction)
        ),
        undefined=tuple(_undefined(where, instructions)),
    )


def _undefined(where: PlaceOf, instructions: "list[DockerfileInstruction]") -> Iterator[str]:
    """Yield what a FROM names that no ARG before the first FROM declares, with its line.

    An ARG inside a stage ends with it: the next FROM does not see it, and the build stops where
    nothing else gives a value (Dockerfile reference, "Understand how ARG and FROM interact").
    """
    declared = set(_PREDEFINED)
    stage_arguments: set[str] = set()
    is_global = True
    for one in instructions:
        if one.name == "ARG":
            names = {argument.partition("=")[0] for argument in one.args}
            (declared if is_global else stage_arguments).update(names)
        elif one.name == "FROM":
            is_global = False
            used = [use for word in (*one.args[:1], *one.flags) for use in find_uses(word)]
            for name in dict.fromkeys(use.name for use in used if not use.form):
                if name not in declared:
                    why = (
                        "an ARG inside a stage ends with it"
                        if name in stage_arguments
                        else ("no ARG declares it")
                    )
                    yield f"{literals.identifier(name)} ({where(one.start_line)}; {why})"


def _stages(
    where: PlaceOf, instructions: "list[DockerfileInstruction]", files: Collection[str]
) -> tuple[DockerStage, ...]:
    """Cut the instructions at each FROM and read each part."""
    stages: list[DockerStage] = []
    for index, start in enumerate(i for i, part in enumerate(instructions) if part.name == "FROM"):
        body = []
        for instruction in instructions[start + 1 :]:
            if instruction.name == "FROM":
                break
            body.append(instruction)
        names = {stage.name.casefold() for stage in stages if stage.name}
        origin = _origin(where, instructions[start], index, names)
        stages.append(origin.model_copy(update=_content(body, files)))
    return tuple(stages)


def _origin(
    where: PlaceOf, instruction: "DockerfileInstruction", index: int, names: Collection[str]
) -> DockerStage:
    """Read a FROM."""
    words = instruction.args
    reference = words[0] if words else ""
    named = len(words) > 2 and words[1].casefold() == "as"  # noqa: PLR2004  FROM x AS y
    place = where(instruction.start_line)
    name = literals.label(words[2]) if named else ""
    if reference.casefold() in names:
        return DockerStage(
            index=index, name=name, base=literals.label(reference), kind="stage", place=place
        )
    if reference == "scratch":
        return DockerStage(index=index, name=name, base=reference, kind="scratch", place=place)
    base = literals.image(reference)
    if re.match(r"\$\{?\w+\}?$", reference):
        return DockerStage(index=index, name=name, base=base, kind="argument", place=place)
    return DockerStage(index=index, name=name, base=base, pinned=judge_pin(reference), place=place)


def judge_pin(reference: str) -> str:
    """Say how an image reference is pinned: `digest`, `tag`, `latest`, or `variable`."""
    if "@sha256:" in reference:
        return "digest"
    tag = reference.rpartition("/")[2].partition(":")[2]
    if "$" in tag:
        return "variable"
    return "tag" if tag not in {"", "latest"} else "latest"


def _content(body: "list[DockerfileInstruction]", files: Collection[str]) -> dict[str, object]:
    """Read what is between two FROMs; of repeated instructions the last one counts."""
    last = {instruction.name: instruction for instruction in body}
    mounts = [
        dict(part.partition("=")[::2] for part in flag.removeprefix("--mount=").split(","))
        for instruction in body
        for flag in instruction.flags
        if flag.startswith("--mount=")
    ]
    check = last.get("HEALTHCHECK")
    return {
        "user": _user(" ".join(last["USER"].args)) if "USER" in last else "",
        "exposed": tuple(
            literals.one_of(_EXPOSED, reduce_variables(port))
            for part in body
            if part.name == "EXPOSE"
            for port in part.args
        ),
        "healthcheck": check is not None and [a.casefold() for a in check.args[:1]] != ["none"],
        "entrypoint": _command(last.get("ENTRYPOINT"), files),
        "command": _command(last.get("CMD"), files),
        "cache_mounts": tuple(
            literals.path(mount.get("target", mount.get("dst", "")))
            for mount in mounts
            if mount.get("type") == "cache"
        ),
        "secret_mounts": tuple(
            literals.identifier(mount.get("id", mount.get("target", "")))
            for mount in mounts
            if mount.get("type") == "secret"
        ),
    }


def _user(given: str) -> str:
    """Return a user and group that may be shown, variables as `${NAME}`."""
    text = literals.one_of(USER, reduce_variables(given))
    plain = re.sub(r"\$\{(\w+)\}", r"\1", text)
    return text if literals.label(plain) == plain else literals.NOT_SHOWN


def _command(instruction: "DockerfileInstruction | None", files: Collection[str]) -> str:
    """Return what may be shown of an ENTRYPOINT or CMD."""
    if instruction is None:
        return ""
    given = instruction.args if instruction.json else " ".join(instruction.args)
    return literals.command_words(given, files)


def _variables(where: PlaceOf, instruction: "DockerfileInstruction") -> list[DockerVariable]:
    """Return the names that an ARG or ENV declares."""
    place = where(instruction.start_line)
    if instruction.name == "ARG":
        pairs = [argument.partition("=")[::2] for argument in instruction.args]
    else:  # triples of name, value, delimiter
        pairs = list(zip(instruction.args[::3], instruction.args[1::3], strict=False))
    return [
        DockerVariable(
            name=literals.identifier(name),
            kind="ARG" if instruction.name == "ARG" else "ENV",
            has_value=bool(value.strip("\"'")),
            shown=literals.display_value(value.strip("\"'"), name=name),
            place=place,
        )
        for name, value in pairs
    ]


def _ignore_file(tree: Tree, path: str, context: str | None) -> str:
    """Return the ignore file a build uses: the Dockerfile's own, else its context's.

    Where the context is not known, it may be the Dockerfile's folder or the root.
    """
    folders = [context] if context is not None else [path.rpartition("/")[0], ""]
    near = [f"{folder}/.dockerignore".lstrip("/") for folder in folders]
    return next((name for name in (f"{path}.dockerignore", *near) if tree.has(name)), "")

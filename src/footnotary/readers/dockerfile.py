"""Dockerfiles, through the port of BuildKit's own parser in `e2b-dockerfile-utils`."""

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Dockerfile, DockerVariable, Stage
from footnotary.readers import literals
from footnotary.source.tree import Tree

if TYPE_CHECKING:
    from e2b_dockerfile_utils import DockerfileInstruction

_NOT_DOCKERFILES = (".dockerignore", ".md", ".txt", ".py", ".sh", ".yml", ".yaml", ".json")


def find(tree: Tree) -> tuple[str, ...]:
    """Return the paths of the project's Dockerfiles and Containerfiles."""
    return tuple(
        path
        for path in tree.named(
            "dockerfile", "dockerfile.*", "*.dockerfile", "containerfile", "containerfile.*"
        )
        if not path.casefold().endswith(_NOT_DOCKERFILES)
    )


def read(tree: Tree, path: str, context: str | None = None) -> Dockerfile:
    """Read one Dockerfile.

    Args:
        tree: The project's files.
        path: Relative to the root.
        context: Folder of the builds that use it, where that is known.

    Returns:
        Its stages and variables, or the reason why it cannot be read, with the line.
    """
    from e2b_dockerfile_utils import DockerfileSyntaxError, parse_dockerfile_ast

    text = tree.text(path)
    if text is None:
        return Dockerfile(path=path, error="it is no text in UTF-8, or too large")
    try:
        instructions = parse_dockerfile_ast(text).instructions
    except DockerfileSyntaxError as error:
        where = f"line {error.line}" if error.line else "it"
        return Dockerfile(path=path, error=f"{where} is no Dockerfile syntax")
    return Dockerfile(
        path=path,
        stages=_stages(path, instructions, tree.files),
        variables=tuple(
            variable
            for instruction in instructions
            if instruction.name in {"ARG", "ENV"}
            for variable in _variables(path, instruction)
        ),
        ignore_file=_ignore_file(tree, path, context),
    )


def _stages(
    path: str, instructions: "list[DockerfileInstruction]", files: Collection[str]
) -> tuple[Stage, ...]:
    """Cut the instructions at each FROM and read each part."""
    stages: list[Stage] = []
    for index, start in enumerate(i for i, part in enumerate(instructions) if part.name == "FROM"):
        body = []
        for instruction in instructions[start + 1 :]:
            if instruction.name == "FROM":
                break
            body.append(instruction)
        names = {stage.name.casefold() for stage in stages if stage.name}
        origin = _origin(path, instructions[start], index, names)
        stages.append(origin.model_copy(update=_content(body, files)))
    return tuple(stages)


def _origin(
    path: str, instruction: "DockerfileInstruction", index: int, names: Collection[str]
) -> Stage:
    """Read a FROM."""
    words = instruction.args
    reference = words[0] if words else ""
    named = len(words) > 2 and words[1].casefold() == "as"  # noqa: PLR2004  FROM x AS y
    place = Place(path=path, line=instruction.start_line)
    name = literals.label(words[2]) if named else ""
    if reference.casefold() in names:
        return Stage(
            index=index, name=name, base=literals.label(reference), kind="stage", place=place
        )
    if reference == "scratch":
        return Stage(index=index, name=name, base=reference, kind="scratch", place=place)
    base = literals.image(reference)
    if re.match(r"\$\{?\w+\}?$", reference):
        return Stage(index=index, name=name, base=base, kind="argument", place=place)
    return Stage(index=index, name=name, base=base, pinned=pinned(reference), place=place)


def pinned(reference: str) -> str:
    """Say how an image reference is pinned: `digest`, `tag`, `latest`, or `variable`."""
    if "@sha256:" in reference:
        return "digest"
    tag = reference.rpartition("/")[2].partition(":")[2]
    if "$" in tag:
        return "variable"
    return "tag" if tag not in {"", "latest"} else "latest"


def _content(body: "list[DockerfileInstruction]", files: Collection[str]) -> dict[str, object]:
    """Read what stands between two FROMs; of repeated instructions the last one counts."""
    last = {instruction.name: instruction for instruction in body}
    mounts = [
        dict(part.partition("=")[::2] for part in flag.removeprefix("--mount=").split(","))
        for instruction in body
        for flag in instruction.flags
        if flag.startswith("--mount=")
    ]
    check = last.get("HEALTHCHECK")
    return {
        "user": literals.collapsed(" ".join(last["USER"].args))[:80] if "USER" in last else "",
        "exposed": tuple(
            literals.collapsed(port) for part in body if part.name == "EXPOSE" for port in part.args
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


def _command(instruction: "DockerfileInstruction | None", files: Collection[str]) -> str:
    """Return what may be shown of an ENTRYPOINT or CMD."""
    if instruction is None:
        return ""
    given = instruction.args if instruction.json else " ".join(instruction.args)
    return literals.words(given, files)


def _variables(path: str, instruction: "DockerfileInstruction") -> list[DockerVariable]:
    """Return the names that an ARG or ENV declares."""
    place = Place(path=path, line=instruction.start_line)
    if instruction.name == "ARG":
        pairs = [argument.partition("=")[::2] for argument in instruction.args]
    else:  # triples of name, value, delimiter
        pairs = list(zip(instruction.args[::3], instruction.args[1::3], strict=False))
    return [
        DockerVariable(
            name=literals.identifier(name),
            kind="ARG" if instruction.name == "ARG" else "ENV",
            has_value=bool(value.strip("\"'")),
            shown=literals.shown(value.strip("\"'"), name=name),
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

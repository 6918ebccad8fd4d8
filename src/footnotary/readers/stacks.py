"""One stack: merged compose files as facts."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from footnotary import yaml_text
from footnotary.facts.basis import Place
from footnotary.facts.stack import Interpolation, Service, Stack
from footnotary.readers import compose, compose_text, literals
from footnotary.readers.compose_environment import Environment
from footnotary.readers.compose_given import Given
from footnotary.readers.compose_refusals import refusals
from footnotary.readers.compose_services import read_service
from footnotary.readers.compose_written import Written
from footnotary.readers.interpolation import Use
from footnotary.source.tree import Tree


def read(tree: Tree, files: tuple[str, ...], *, default: bool) -> Stack:
    """Read one stack.

    Args:
        tree: The project's files.
        files: Its compose files, in order.
        default: Whether a bare `docker compose up` runs it.

    Returns:
        Its facts; with `error` where the files cannot be merged, with `missing` where
        something they name is not there.
    """
    name = " + ".join(files)
    unread = [path for path in files if not _is_readable(tree, path)]
    if unread:
        reason = f"{unread[0]} is no text in UTF-8, too large, or nested too deeply"
        return Stack(name=name, files=files, default=default, error=reason)
    merged = compose.load(tree.root, files)
    if isinstance(merged, compose.Unreadable):
        texts = {path: compose_text.read(tree, path) for path in files}
        missing = _missing(tree, texts, files)
        return Stack(name=name, files=files, default=default, error=merged.reason, missing=missing)
    return _described(tree, merged, Stack(name=name, files=files, default=default))


def _described(tree: Tree, merged: compose.Merged, stack: Stack) -> Stack:
    """Complete a stack from its merged files."""
    files = stack.files
    texts = _texts(tree, files, merged)
    given = Given(tree, files, texts)
    written = Written(merged, texts, given)
    environment = Environment(tree, files, written, _services(merged.data))
    services = tuple(
        read_service(written, service, config, environment)
        for service, config in sorted(_services(merged.data).items())
    )
    missing = _missing(tree, texts, files)
    return stack.model_copy(
        update={
            "services": services,
            "networks": _union(services, "networks"),
            "volumes": _volumes(services),
            "secrets": tuple(
                sorted({*_union(services, "secrets"), *_union(services, "build_secrets")})
            ),
            "configs": _union(services, "configs"),
            "profiles": _union(services, "profiles"),
            "interpolations": _interpolations(texts, given),
            "missing": (*missing, *_missing_env(merged, environment)),
            # What is in a file that is not there may be what is referred to.
            "refused": () if missing else tuple(dict.fromkeys(refusals(merged))),
        }
    )


def _volumes(services: tuple[Service, ...]) -> tuple[str, ...]:
    """Return the named volumes that services mount."""
    mounts = [mount for service in services for mount in service.mounts]
    return tuple(sorted({m.source for m in mounts if m.kind == "volume"} - {""}))


def _missing_env(merged: compose.Merged, environment: Environment) -> tuple[str, ...]:
    """Name the `env_file` entries that are not there, each once."""
    services = sorted(_services(merged.data).items())
    found = (one for name, config in services for one in environment.missing_files(name, config))
    return tuple(dict.fromkeys(found))


def _is_readable(tree: Tree, path: str) -> bool:
    """Tell whether a file is text of a size and depth that people write."""
    text = tree.text(path)
    return text is not None and yaml_text.is_bounded(text)


def _services(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the services by name; one without a body has an empty configuration."""
    found = data.get("services")
    if not isinstance(found, dict):
        return {}
    return {
        str(name): config or {} for name, config in found.items() if isinstance(config, dict | None)
    }


def _union(services: tuple[Service, ...], field: str) -> tuple[str, ...]:
    """Return the sorted union of a field of all services."""
    return tuple(sorted({name for service in services for name in getattr(service, field)}))


def _texts(
    tree: Tree, files: tuple[str, ...], merged: compose.Merged
) -> dict[str, compose_text.Text]:
    """Read every file that the stack is made of, included and extended ones too."""
    paths = dict.fromkeys([*files, *(path for path, _ in merged.lines.values() if path)])
    return {path: compose_text.read(tree, path) for path in paths if not path.startswith("..")}


def _interpolations(
    texts: Mapping[str, compose_text.Text], given: Given
) -> tuple[Interpolation, ...]:
    """Gather what the files interpolate, by name."""
    uses: dict[str, list[tuple[Use, Place]]] = {}
    for one in texts.values():
        for use, place in one.uses:
            uses.setdefault(use.name, []).append((use, place))
    return tuple(
        Interpolation(
            name=literals.identifier(name),
            required=any(use.form.endswith("?") for use, _ in found),
            has_default=all(use.form.endswith(("-", "+")) for use, _ in found),
            shown_default=next(
                (s for use, _ in found if (s := literals.shown(use.default, name=name))), ""
            ),
            in_dotenv=all(name in given.to(place.path) for _, place in found),
            places=tuple(dict.fromkeys(place for _, place in found)),
        )
        for name, found in sorted(uses.items())
    )


def _missing(
    tree: Tree, texts: Mapping[str, compose_text.Text], files: tuple[str, ...]
) -> tuple[str, ...]:
    """Name the files that the stack includes or extends and the tree lacks."""
    project = files[0].rpartition("/")[0]
    found = []
    for text in texts.values():
        own = text.path.rpartition("/")[0]
        for kind, named, line in text.named:
            base = project if text.path in files else own
            if "$" in named or "://" in named or tree.has(_joined(base, named)):
                continue
            found.append(f"{literals.path(named)} ({kind}, {text.path}:{line})")
    return tuple(dict.fromkeys(found))


def _joined(folder: str, named: str) -> str:
    """Join a folder and a name as written; an absolute name stays as it is."""
    return str(PurePosixPath(folder) / named)

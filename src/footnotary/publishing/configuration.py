"""mkdocs.yml: written where there is none, extended where there is one.

An existing file is only added to: lists are merged by the name of the plugin or extension,
and comments, anchors and tags such as `!!python/name:` and `!ENV` stay as they are.
"""

import html
import io
import json
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from footnotary.errors import SiteError
from footnotary.files import read_regular
from footnotary.yaml_text import is_bounded

MAX_BYTES = 1_000_000
_PACKAGES = ("pymdownx", "blocks", "zensical", "extensions")
_LISTS = {
    "plugins": ("search", "mkdocstrings", "footnotary"),
    "markdown_extensions": (
        "admonition",
        "attr_list",
        "md_in_html",
        "pymdownx.details",
        "pymdownx.superfences",
    ),
}


def read_template(name: str) -> str:
    """Return a file of the package that new files are made of.

    Args:
        name: Its name in `publishing/templates`.
    """
    return (files("footnotary") / "publishing" / "templates" / name).read_text("utf-8")


def new_configuration(name: str, about: str, file: str = "mkdocs.yml") -> str:
    """Return a whole mkdocs.yml or zensical.toml.

    Args:
        name: The site's name.
        about: One sentence about it; may be empty.
        file: Which of them.
    """
    sign = " =" if file.endswith(".toml") else ":"
    described = f"site_description{sign} {_quoted(about)}\n" if about else ""
    return read_template(file).format(name=_quoted(name), about=described)


def find_configuration(root: Path, engine: str = "zensical") -> Path | None:
    """Return the configuration of a project's site that an engine reads; None without one."""
    own = ("zensical.toml",) if engine == "zensical" else ()
    names = (*own, "mkdocs.yml", "mkdocs.yaml")
    return next((root / name for name in names if (root / name).is_file()), None)


def _quoted(words: str) -> str:
    """Return words as a value of mkdocs.yml, as HTML: themes put them into pages as they are."""
    line = html.escape(" ".join(words.split()), quote=False).replace('"', "&quot;")
    return json.dumps(line, ensure_ascii=False)


def read_mkdocs_yml(path: Path) -> Any:
    """Read an mkdocs.yml, or a zensical.toml as the mkdocs.yml that says the same.

    Raises:
        SiteError: It cannot be read, or is no mapping.
    """
    if path.suffix == ".toml":
        return _read_zensical_toml(path)
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        text = read_regular(path, MAX_BYTES, follow=True).decode()
        _refuse_unbounded(text)
        settings = YAML(typ="rt").load(text)
    except (OSError, ValueError, YAMLError) as error:
        line = " ".join(str(error).split())
        raise SiteError(f"{path.name} cannot be read: {line}.") from None
    if not isinstance(settings, dict):
        raise SiteError(f"{path.name} holds no settings.", hint="Run `footnotary init`.")
    return settings


def _read_zensical_toml(path: Path) -> dict[str, Any]:
    """Read a zensical.toml; tables of plugins and extensions become lists."""
    try:
        settings = tomllib.loads(read_regular(path, MAX_BYTES, follow=True).decode())
    except (OSError, ValueError, RecursionError) as error:
        line = " ".join(str(error).split())
        raise SiteError(f"{path.name} cannot be read: {line}.", hint="Fix it by hand.") from None
    found = settings.get("project", settings)
    if not isinstance(found, dict) or not found:
        raise SiteError(f"{path.name} holds no settings.", hint="Write `[project]` in it.")
    for field in _LISTS:
        if isinstance(table := found.get(field), dict):
            found[field] = [{name: of or {}} for name, of in _dotted(table)]
    return found


def _dotted(table: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the entries of a table; names with dots need no quotes in zensical.toml."""
    for name, value in table.items():
        is_package = name in _PACKAGES and isinstance(value, dict)
        for inner, options in _dotted(value) if is_package else ():
            yield f"{name}.{inner}", options
        if not is_package:
            yield name, value


def _refuse_unbounded(text: str) -> None:
    """Refuse what is larger or deeper than anybody writes."""
    if len(text) > MAX_BYTES:
        raise SiteError("mkdocs.yml is larger than any can be.")
    if not is_bounded(text):
        raise SiteError(
            "mkdocs.yml is nested too deeply, or its aliases repeat too much.",
            hint="Write it without aliases.",
        )


def extended_configuration(text: str) -> str:
    """Return an mkdocs.yml with what is missing added, and every other byte as it was.

    Raises:
        SiteError: It is no YAML mapping.
    """
    from ruamel.yaml.error import YAMLError

    yaml = _round_trip(text)
    try:
        data = yaml.load(text)
        wanted = yaml.load(read_template("mkdocs.yml").format(name="x", about=""))
    except (YAMLError, ValueError, RecursionError) as error:
        line = " ".join(str(error).split())
        raise SiteError(f"mkdocs.yml cannot be read: {line}.", hint="Fix it by hand.") from None
    if not isinstance(data, dict):
        raise SiteError("mkdocs.yml holds no settings.", hint="Remove it, or write `site_name:`.")
    before = yaml.load(text)
    if not _extend(data, wanted):
        return text
    inserted = _inserted(text, before, wanted)
    try:
        if _plain(yaml.load(inserted)) == _plain(data):
            return inserted
    except YAMLError:
        pass
    stream = io.StringIO()  # lists in brackets and the like: written anew in the file's style
    yaml.dump(data, stream)
    return stream.getvalue()


def _extend(data: Any, wanted: Any) -> bool:
    """Add what is missing; return whether something was."""
    changed = False
    theme = data.get("theme")
    if theme is None:
        data["theme"] = wanted["theme"]
        changed = True
    elif _wants_font(theme):
        theme["font"] = False
        changed = True
    for field, names in _LISTS.items():
        present = data.get(field)
        if present is None:
            data[field] = wanted[field]
            changed = True
            continue
        for one in _missing(present, wanted[field], names):
            if isinstance(present, dict):
                present[_name(one)] = one[_name(one)] if isinstance(one, dict) else {}
            else:
                present.append(one)
            changed = True
    return changed


def _wants_font(theme: Any) -> bool:
    """Whether this is our theme and nothing is said of web fonts, which a third party serves."""
    return isinstance(theme, dict) and theme.get("name") == "material" and "font" not in theme


def _missing(present: Any, wanted: Any, names: tuple[str, ...]) -> list[Any]:
    """Return the entries of these names that a list (or mapping) lacks."""
    known = set(present) if isinstance(present, dict) else {_name(one) for one in present}
    return [one for one in wanted if _name(one) in names and _name(one) not in known]


def _name(entry: Any) -> str:
    """Return the name of a plugin or extension, written alone or with options."""
    return str(next(iter(entry), "")) if isinstance(entry, dict) else str(entry)


def _inserted(text: str, data: Any, wanted: Any) -> str:
    """Return the file with lines put in, and no line of the author's touched."""
    lines = text.splitlines()
    if _wants_font(data.get("theme")):
        at = _line_of(lines, "theme")
        named = next((n for n in range(at + 1, len(lines)) if "name:" in lines[n]), at)
        lines.insert(named + 1, re.match(r"\s*", lines[named])[0] + "font: false")  # type: ignore[index]
    for field, names in _LISTS.items():
        if data.get(field) is not None:
            missing = {_name(one) for one in _missing(data[field], wanted[field], names)}
            at, indent = _end_of_list(lines, field)
            lines[at:at] = [indent + line for line in _entries(field, missing)]
    for field in ("theme", *_LISTS):
        if data.get(field) is None:
            lines += ["", *_block(field)]
    end = "\r\n" if "\r\n" in text else "\n"
    return end.join(lines) + end


def _plain(value: Any) -> Any:
    """Return settings that can be compared: tagged scalars are equal only to themselves."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(getattr(value, "value", value))


def _line_of(lines: list[str], field: str) -> int:
    """Return the index of the line that begins a field; the last line where none does."""
    return next((n for n, line in enumerate(lines) if line.startswith(f"{field}:")), len(lines) - 1)


def _end_of_list(lines: list[str], field: str) -> tuple[int, str]:
    """Return behind which line a block list ends, and how far its items are indented."""
    start = _line_of(lines, field)
    indent, end = "  ", start + 1
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith((" ", "-")):
            break
        if end == start + 1:
            indent = line[: len(line) - len(line.lstrip())]
        end = at + 1
    return end, indent


def _block(field: str) -> list[str]:
    """Return the lines of a field of a new file."""
    lines = read_template("mkdocs.yml").format(name="x", about="").splitlines()
    start = _line_of(lines, field)
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].strip()), len(lines))
    return lines[start:end]


def _entries(field: str, names: set[str]) -> list[str]:
    """Return the lines of some entries of a list of a new file, not indented."""
    kept, wanted = [], False
    for line in _block(field)[1:]:
        if line.startswith("  - "):
            wanted = line[4:].partition(":")[0].strip() in names
        if wanted:
            kept.append(line[2:])
    return kept


def _round_trip(text: str) -> Any:
    """Return a YAML reader and writer that keeps a file's own style."""
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    _refuse_unbounded(text)
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096
    yaml.allow_duplicate_keys = True
    try:
        _, indent, offset = load_yaml_guess_indent(text)
    except Exception:  # noqa: BLE001  a guess only; what is wrong is told when it is read
        indent, offset = None, None
    yaml.indent(mapping=2, sequence=indent or 4, offset=2 if offset is None else offset)
    return yaml

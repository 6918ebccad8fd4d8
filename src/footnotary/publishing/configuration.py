"""mkdocs.yml: written where there is none, extended where there is one.

An existing file is only added to: lists are merged by the name of the plugin or extension,
and comments, anchors and tags such as `!!python/name:` and `!ENV` stay as they are.
"""

import io
from typing import Any

from footnotary.errors import SiteError

MAX_BYTES = 1_000_000
_MERMAID = "!!python/name:pymdownx.superfences.fence_code_format"
_MKDOCSTRINGS = """\
  - mkdocstrings:
      handlers:
        python:
          paths: [src, .]  # read as text, never imported
          options:
            docstring_style: google
            docstring_options:
              warnings: false
            show_root_heading: true
"""
_NEW = f"""\
site_name: {{name}}
{{about}}docs_dir: docs

theme:
  name: material
  font: false  # no request to a third party
  features:
    - content.code.copy
    - navigation.indexes
    - navigation.prune
    - navigation.top
    - search.highlight
    - toc.follow
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      primary: indigo
      toggle:
        icon: material/weather-night
        name: Switch to dark mode
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      primary: indigo
      toggle:
        icon: material/weather-sunny
        name: Switch to light mode

plugins:
  - search
{_MKDOCSTRINGS}  - footnotary

markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - toc:
      permalink: true
  - pymdownx.details
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: {_MERMAID}
"""


def new_configuration(name: str, about: str) -> str:
    """Return a whole mkdocs.yml.

    Args:
        name: The site's name.
        about: One sentence about it; may be empty.
    """
    import json

    described = f"site_description: {json.dumps(about, ensure_ascii=False)}\n" if about else ""
    return _NEW.format(name=json.dumps(name, ensure_ascii=False), about=described)


def extended_configuration(text: str) -> str:
    """Return an mkdocs.yml with what is missing added, and all else as it was.

    Args:
        text: The file as it is.

    Raises:
        SiteError: It is no YAML mapping.
    """
    from ruamel.yaml.error import YAMLError

    yaml = _round_trip(text)
    try:
        data = yaml.load(text)
        wanted = yaml.load(_NEW.format(name="x", about=""))
    except (YAMLError, ValueError, RecursionError) as error:
        line = " ".join(str(error).split())
        raise SiteError(f"mkdocs.yml cannot be read: {line}.", hint="Mend it by hand.") from None
    if not isinstance(data, dict):
        raise SiteError("mkdocs.yml holds no settings.", hint="Remove it, or write `site_name:`.")
    if not _extend(data, wanted):
        return text
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def _extend(data: Any, wanted: Any) -> bool:
    """Add what is missing; return whether something was."""
    changed = _extend_theme(data, wanted["theme"])
    if data.get("plugins") is None:  # MkDocs' own default is the search alone
        data["plugins"] = wanted["plugins"]
        changed = True
    else:
        changed |= _extend_list(data, "plugins", wanted["plugins"], ("mkdocstrings", "footnotary"))
    if data.get("markdown_extensions") is None:
        data["markdown_extensions"] = wanted["markdown_extensions"]
        return True
    names = ("admonition", "attr_list", "md_in_html", "pymdownx.details", "pymdownx.superfences")
    return (
        _extend_list(data, "markdown_extensions", wanted["markdown_extensions"], names) or changed
    )


def _extend_theme(data: Any, wanted: Any) -> bool:
    """Choose the theme where none is chosen; switch web fonts off where nothing is said."""
    theme = data.get("theme")
    if theme is None:
        data["theme"] = wanted
        return True
    if theme == "material":
        from ruamel.yaml.comments import CommentedMap

        data["theme"] = CommentedMap({"name": "material", "font": False})
        return True
    if isinstance(theme, dict) and theme.get("name") == "material" and "font" not in theme:
        theme["font"] = False
        return True
    return False


def _extend_list(data: Any, field: str, wanted: Any, names: tuple[str, ...]) -> bool:
    """Add the entries of these names that a list (or mapping) lacks."""
    present = data[field]
    known = set(present) if isinstance(present, dict) else {_name(one) for one in present}
    missing = [one for one in wanted if _name(one) in names and _name(one) not in known]
    for one in missing:
        if isinstance(present, dict):
            present[_name(one)] = one[_name(one)] if isinstance(one, dict) else {}
        else:
            present.append(one)
    return bool(missing)


def _name(entry: Any) -> str:
    """Return the name of a plugin or extension, written alone or with options."""
    return str(next(iter(entry), "")) if isinstance(entry, dict) else str(entry)


def _round_trip(text: str) -> Any:
    """Return a YAML reader and writer that keeps a file's own style."""
    from ruamel.yaml import YAML
    from ruamel.yaml.util import load_yaml_guess_indent

    if len(text) > MAX_BYTES:
        raise SiteError("mkdocs.yml is larger than any can be.")
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

"""The Markdown extensions that the documents need to render as they were meant."""

from typing import Any


def needed() -> dict[str, dict[str, Any]]:
    """Return the extensions with the options they need, as Python-Markdown takes them."""
    from pymdownx.superfences import fence_code_format

    return {
        "admonition": {},
        "attr_list": {},
        "md_in_html": {},
        "tables": {},
        "pymdownx.details": {},
        "pymdownx.superfences": {
            "custom_fences": [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}]
        },
    }

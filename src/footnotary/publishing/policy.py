"""A Content-Security-Policy for each page, without `unsafe-inline` for scripts.

The theme's few inline scripts are allowed by their hashes (CSP Level 3, section 2.3.1);
nothing but the site itself is asked for scripts, styles, data or frames. Styles may stand
inline, because diagrams are drawn with them; images may come from https, for badges.
"""

import base64
import hashlib
import re
from functools import lru_cache

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_DATA = re.compile(r"\btype=[\"']?(?:application/(?:ld\+)?json|text/template)", re.IGNORECASE)
_HEAD = re.compile(r"<meta charset=[^>]*>|<head>")
_POLICY = (
    "default-src 'self'; base-uri 'self'; object-src 'none'; form-action 'self'; "
    "img-src 'self' data: https:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; script-src 'self'"
)


def with_policy(page: str) -> str:
    """Return a page with its policy in the head.

    Args:
        page: A whole HTML page; one without a head is returned as it is.
    """
    head = _HEAD.search(page)
    if head is None:
        return page
    hashes = sorted({_hash(body) for body in inline_scripts(page)})
    policy = " ".join([_POLICY, *hashes])
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return "".join((page[: head.end()], meta, page[head.end() :]))


def inline_scripts(page: str) -> list[str]:
    """Return the inline scripts of a page that a browser would run."""
    return [
        found["body"]
        for found in _SCRIPT.finditer(page)
        if " src=" not in found["attributes"] and not _DATA.search(found["attributes"])
    ]


@lru_cache(maxsize=256)
def _hash(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"

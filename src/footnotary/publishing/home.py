"""The home page, from what the project says of itself and how its evidence stands."""

import re
from pathlib import Path

MAX_BYTES = 200_000
STATE = "<!-- footnotary:state -->"
_TITLE = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*\s*$", re.MULTILINE)
_UNSHOWN = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|<!--.*?-->", re.DOTALL)
_SECOND = re.compile(r"^(?:##[ \t]|[^\n]+\n-{3,}[ \t]*$)", re.MULTILINE)
_BADGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)")
_NO_WORDS = ("<", "|", "#", "> [!")
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)")
_WEB = re.compile(r"https?://", re.IGNORECASE)


def home_page(name: str, about: str, readme: Path, docs: Path) -> str:
    """Return a home page: the README's own words up to its second heading, then the state.

    Badges and raw HTML are left out. Links and pictures lead where they did if that is on the
    web or in the folder of pages; of others the words stay.

    Args:
        name: The project's name.
        about: What is said where the README says nothing.
        readme: The README; it need not exist.
        docs: Folder of the author's pages.
    """
    from footnotary.markers import escaped

    try:
        text = readme.read_bytes()[:MAX_BYTES].decode("utf-8-sig", errors="replace")
    except OSError:
        text = ""
    lead = _lead(text, readme.parent, docs) or ([escaped(about)] if about else [])
    return "\n\n".join((f"# {escaped(name)}", *lead, STATE)) + "\n"


def _lead(text: str, root: Path, docs: Path) -> list[str]:
    """Return the paragraphs before the second heading that hold words."""
    text = _UNSHOWN.sub("", text.replace("\r\n", "\n"))
    title = _TITLE.match(text)
    body = text[title.end() :] if title else text
    second = _SECOND.search(body)
    paragraphs = body[: second.start() if second else len(body)].split("\n\n")
    words = (one.strip("\n") for one in paragraphs if not one.lstrip().startswith(_NO_WORDS))
    shown = (
        _LINK.sub(lambda found: _followed(found, root, docs), _BADGE.sub("", one)) for one in words
    )
    return [one for one in shown if one.strip()]


def _followed(found: re.Match[str], root: Path, docs: Path) -> str:
    """Return a link as it leads from the folder of pages, or its words."""
    picture, words, target = found.groups()
    if _WEB.match(target):
        return "" if picture else found[0]
    path, mark, anchor = target.partition("#")
    place = (root / path).resolve()
    if path and place.is_file() and place.is_relative_to(docs.resolve()):
        inside = place.relative_to(docs.resolve()).as_posix()
        return f"{picture}[{words}]({inside}{mark}{anchor})"
    return "" if picture else words

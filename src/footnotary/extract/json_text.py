"""JSON as a source: its text as it was sent, and its strings as they read."""

import re
from io import StringIO
from itertools import islice

from footnotary.extract.plain import json_value, text_page
from footnotary.extract.sniffing import TOLD_BY_NAME
from footnotary.models import Page, Response

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"?')  # an open one ends with its line
_SUFFIXES = (".json", ".jsonc", ".jsonl", ".geojson", ".webmanifest")
_MOST = 50_000  # strings
_LAYOUT = str.maketrans(
    {",": ",\n", ":": ": ", "{": "{\n", "[": "[\n", "}": "\n}", "]": "\n]", " ": "", "\t": ""}
)


class JsonExtractor:
    """JSON by its type, or plain text at an address that ends like a JSON file's."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer says that it is JSON."""
        media_type = response.media_type
        if media_type.endswith(("/json", "+json", "/x-ndjson", "/jsonl")):
            return True
        return media_type in TOLD_BY_NAME and response.path.endswith(_SUFFIXES)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, laid out over lines where it came on one, then its strings.

        Those that are written with escapes stand below as they read, each in quotes: a quote
        can be copied from the file or from where its words are shown, and none goes from one
        string on into another.
        """
        page = text_page(response, "application/json")
        text = page.text
        if "\n" not in text.strip():
            text = _laid_out(text)
        text = "\n".join((text, *_unescaped(page.text)))
        # an escape may be half a character, which no text can be written with
        return page.model_copy(update={"text": text.encode("utf-8", "replace").decode()})


def _laid_out(text: str) -> str:
    """Return JSON over lines, each value as it is written: `1.10` is not `1.1`."""
    out = StringIO()
    end = 0
    for string in _STRING.finditer(text):
        out.write(text[end : string.start()].translate(_LAYOUT))
        out.write(string[0])
        end = string.end()
    out.write(text[end:].translate(_LAYOUT))
    return out.getvalue().replace("{\n\n}", "{}").replace("[\n\n]", "[]")


def _unescaped(text: str) -> list[str]:
    """Return the strings of JSON that are written with escapes, as they read."""
    if "\\" not in text:
        return []
    escaped = (found[0] for found in _STRING.finditer(text) if "\\" in found[0])
    values = map(json_value, dict.fromkeys(islice(escaped, _MOST)))
    return [f'"{value}"' for value in values if isinstance(value, str) and value.strip()]

"""A project in which every text that a site shows may hold markup.

The same project is written twice: with payloads, and with plain words in their places. Each text
ends in a number of its own, so that the pages of both can be laid side by side.
"""

import itertools
import json
import random
import subprocess
from datetime import UTC, date, datetime

from acting_markup import EVERY, FILES
from footnotary.models import Check, Citation, Claim, Evidence, Quote
from footnotary.records import RecordStore

# What would run `hit`, load something, or make an element whose class is `payload`.
ACTIVE = (
    "<script>hit({n})</script>",
    "<script src=https://payload.example/{n}.js></script>",
    "<img src=x onerror=hit({n})>",
    "<img src=https://payload.example/{n}.png>",
    "<svg onload=hit({n})></svg>",
    "<svg><script>hit({n})</script></svg>",
    "<iframe srcdoc='<script>parent.hit({n})</script>'></iframe>",
    "<iframe src=javascript:parent.hit({n})></iframe>",
    "<object data=https://payload.example/{n}></object>",
    "<embed src=https://payload.example/{n}>",
    "<details open ontoggle=hit({n})><summary>x</summary></details>",
    "<video><source onerror=hit({n})></video>",
    "<input autofocus onfocus=hit({n})>",
    "<body onload=hit({n})>",
    "<a href=javascript:hit({n}) class=payload>x</a>",
    "<form action=https://payload.example/{n}><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://payload.example/{n}'>",
    "<base href=https://payload.example/{n}/>",
    "<link rel=stylesheet href=https://payload.example/{n}.css>",
    "<style>@import 'https://payload.example/{n}.css';</style>",
    "<h2 class=payload>x</h2>",
    "<main class=payload></main>",
    "<math><mtext><img src=x onerror=hit({n})></mtext></math>",
)
# What would end the text, attribute, element or block around it.
ENDS = (
    "", "</title>", "\"'>", "-->", "</script>", "</p></div></article></main>", "]]>", "`",
    "</code></pre>", "</q></blockquote>", "\n\n", "|", "</details>",
    "</style></textarea></noscript>",
)  # fmt: skip
MORE = (
    '" onmouseover=hit({n}) class=payload x="', "' onfocus=hit({n}) autofocus x='",
    "[x](javascript:hit({n}))", "[x](data:text/html,<script>hit({n})</script>)",
    "![x](https://payload.example/{n}.png)", "<javascript:hit({n})>", "[x]: javascript:hit({n})",
    "&lt;script&gt;hit({n})&lt;/script&gt;", "&#60;img src=x onerror=hit({n})&#62;",
    "&amp;lt;script&amp;gt;hit({n})", "\\u003cscript\\u003ehit({n})\\u003c/script\\u003e",
    "%3Cscript%3Ehit({n})%3C/script%3E", "\u202e<script>hit({n})</script>",
    "<scr\x00ipt>hit({n})</scr\x00ipt>", "\uff1cscript\uff1ehit({n})\uff1c/script\uff1e",
    "<ScRiPt\n>hit({n})</ScRiPt\n>", "<<script>script>hit({n})<</script>/script>",
    "<img src=x onerror=hit({n})//", "<svg/onload=hit({n})//", "{{{{ hit({n}) }}}}", "{{%raw%}}",
    '"}}]}};hit({n});//', "');hit({n});//", '"]; click a href "javascript:hit({n})"; b["',
    "```\n<script>hit({n})</script>", "~~~\n<script>hit({n})</script>",
    "    <script>hit({n})</script>", "<div markdown=1>\n\n<script>hit({n})</script>\n\n</div>",
    "<autoref identifier='json' class=payload>x</autoref>", "<?php hit({n}) ?>",
    "<![CDATA[<script>hit({n})</script>]]>", "<!--><script>hit({n})</script>",
    "# x {{ onclick=hit({n}) .payload }}", "x{{: onclick=hit({n}) .payload }}",
    '<https://payload.example/{n}" onclick=hit({n}) >', '[x](https://e.example/"onclick=hit({n}))',
)  # fmt: skip


def _table():
    """Yield every payload, each once; tables that CommonMark has are no payload in rich text."""
    yield from (f"{end}{active}" for active in ACTIVE for end in ENDS)
    yield from MORE
    yield from (one.replace("{", "{{").replace("}", "}}") for one in EVERY if "| - |" not in one)


PAYLOADS = tuple(dict.fromkeys(_table()))
CLOSED = tuple(one for one in PAYLOADS if "```" not in one and "~~~" not in one)


class Words:
    """What is in each place: payloads in an order of the place's own, or plain words.

    Attributes:
        used: The payloads that were put somewhere.
        count: In how many places.
    """

    def __init__(self, *, hostile):
        self.hostile = hostile
        self.used = set()
        self.count = 0
        self._orders = {}

    def __call__(self, place):
        """Return the next words for a kind of place."""
        self.count += 1
        if place not in self._orders:
            order = [*PAYLOADS]
            random.Random(place).shuffle(order)
            self._orders[place] = itertools.cycle(order)
        payload = next(self._orders[place])
        self.used.add(payload)
        words = payload.format(n=self.count) if self.hostile else "Plain words"
        return f"{words} w{self.count:05d}"

    def closed(self, place):
        """Return words that open no code block: it would hold what follows in a docstring."""
        self._orders.setdefault(place, itertools.cycle(CLOSED))
        return self(place)

    def line(self, place):
        """Return the next words for a place that holds one line."""
        return " ".join(self(place).split())


def write_project(root, *, hostile, each=None, tags=24):
    """Write the project; return its words.

    Args:
        root: An empty folder.
        hostile: Whether its words are payloads.
        each: How many operations and functions it has; one for each payload if None.
        tags: How many tags, each of which has a page of its own.
    """
    words = Words(hostile=hostile)
    each = each or len(PAYLOADS)
    files = {
        "pyproject.toml": '[project]\nname = "shop"\ndescription = '
        f"{json.dumps(words.line('description'))}\n",
        "README.md": f"# shop\n\n{words('readme')}\n",
        "openapi.json": json.dumps(_openapi(words, each, tags)),
        "shop/__init__.py": f"{words('docstring')!r}\n",
        "shop/models.py": _models(words),
        "shop/code.py": _code(words, 40),
        "shop/reference.py": _code(words, each),
        "docker-compose.yml": _compose(words),
        ".env.example": "".join(
            f"# {words.line('comment')}\nSHOP_{n}={'x' * (n % 3)}\n" for n in range(20)
        ),
        "Dockerfile": f"FROM python:3.12-slim\nLABEL about={json.dumps(words.line('label'))}\n"
        f"# {words.line('comment')}\nENV A=1\nUSER 1000\n",
        "docs/reference.md": "# Reference\n\n::: shop.reference\n",
        "docs/evidence.md": "# Evidence\n\n"
        + "".join(f"Claim {n}.^[source-{n:06x}]\n\n" for n in range(24)),
        **{f"docs/{name}": content for name, content in FILES.items()},
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content.encode("utf-8", "surrogatepass"))
    store = RecordStore(root / "citations")
    for number in range(24):
        store.save(_citation(words, number))
    _commit(root, "a<svg/onload=hit(0)>" if hostile else "plain/words")
    return words


def _openapi(words, operations, tags):
    """Return an API whose every text is foreign."""
    names = [words("tag") for _ in range(tags)]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": words("title"),
            "version": words.line("version"),
            "description": words("description"),
        },
        "servers": [{"url": "https://api.example.org", "description": words("server")}],
        "tags": [{"name": name, "description": words("tag.description")} for name in names],
        "paths": {
            f"/a{n}/{{id}}": {"get": _operation(words, names[n % tags])} for n in range(operations)
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "apiKey",
                    "in": "header",
                    "name": words.line("header"),
                    "description": words("security"),
                }
            },
            "schemas": {f"Model{n}": _schema(words) for n in range(40)},
        },
    }


def _operation(words, tag):
    """Return one operation."""
    return {
        "tags": [tag],
        "summary": words("summary"),
        "description": words("operation"),
        "operationId": words.line("id"),
        "security": [{"key": []}],
        "parameters": [
            {
                "name": words.line("parameter.name"),
                "in": "query",
                "description": words("parameter"),
                "schema": {"type": "string", "enum": [words("enum"), words("enum")]},
                "example": words("example"),
            }
        ],
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/Model1"},
                    "example": {words.line("key"): words("body")},
                }
            }
        },
        "responses": {"200": {"description": words("response")}},
    }


def _schema(words):
    """Return one model."""
    return {
        "type": "object",
        "title": words("model.title"),
        "description": words("model"),
        "properties": {
            words.line("property"): {
                "type": "string",
                "description": words("property.description"),
                "default": words("default"),
                "pattern": words.line("pattern"),
            }
        },
    }


def _models(words):
    """Return tables whose comments, defaults and checks are foreign."""
    tables = "\n".join(
        f"Table('t{n:03d}', metadata, Column('id', Integer, primary_key=True),"
        f" Column('a', String, comment={words('column')!r}, server_default={words('default')!r}),"
        f" CheckConstraint({'a != ' + repr(words.line('check'))!r}, name='c{n:03d}'),"
        f" comment={words('table')!r})"
        for n in range(60)
    )
    values = ", ".join(repr(words.line("value")) for _ in range(20))
    return (
        f"{words('docstring')!r}\n"
        "from sqlalchemy import CheckConstraint, Column, Enum, Integer, MetaData, String, Table\n"
        f"metadata = MetaData()\n{tables}\n"
        f"Table('kinds', metadata, Column('id', Integer, primary_key=True),"
        f" Column('kind', Enum({values}, name='kind')))\n"
    )


def _code(words, count):
    """Return a module whose docstrings, defaults and types are foreign."""
    parts = [f"{words('module')!r}\n"]
    for n in range(count):
        last = "\n    ".join(words("note").split("\n"))
        doc = (
            f"{words.closed('lead')}\n\nArgs:\n    a: {words.line('section')}\n\n"
            f"Returns:\n    it: {words.line('section')}\n\n"
            f"Note: Title {words.line('note.title')}\n    It is {last}\n"
        )
        parts.append(
            f"def f{n}(a: int = {words.line('default.code')!r}) -> {words.line('type')!r}:\n"
            f"    {doc!r}\n    return a\n"
        )
    return "\n\n".join(parts)


def _compose(words):
    """Return services whose labels and settings are foreign."""
    services = {
        f"s{n}": {
            "image": "postgres:16",
            "labels": {"about": words.line("label")},
            "environment": {f"SHOP_{n}": words.line("setting").replace("$", "$$")},
        }
        for n in range(12)
    }
    return json.dumps({"services": services})


def _citation(words, number):
    """Return a record whose every text is foreign."""
    exact = words.line("quote")
    address = f"https://source.example/{number}"
    return Citation(
        key=f"source-{number:06x}",
        url=address,
        final_url=address,
        title=words.line("source.title"),
        site=words.line("site"),
        authors=(words.line("author"),),
        accessed=date(2026, 11, 20),
        quote=Quote(exact=exact, section=words.line("section.title")),
        claims=(Claim(text=words.line("claim"), added=date(2026, 11, 20)),),
        evidence=Evidence(
            retrieved_at=datetime(2026, 11, 20, tzinfo=UTC),
            body_sha256="0" * 64,
            text_sha256="0" * 64,
            passage=f"{words.line('passage')} {exact} {words.line('passage')}",
        ),
        search_terms=(words.line("term"),),
        tags=(words.line("tag.own"),),
        license=words.line("licence"),
        checks=(Check(date=date(2026, 11, 22), outcome="changed", detail=words.line("detail")),),
    )


def _commit(root, branch):
    """Make the folder a repository on a branch of this name."""
    for command in (
        ("init", "-q", "-b", branch),
        ("config", "user.name", "A"),
        ("config", "user.email", "a@example.org"),
        ("add", "-A"),
        ("commit", "-qm", "all"),
    ):
        subprocess.run(("git", *command), cwd=root, check=True, capture_output=True)

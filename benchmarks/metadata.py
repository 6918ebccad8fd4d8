"""Metadata against known answers, with trafilatura beside it on the same pages.

    python benchmarks/metadata.py CORPORA [--list] [--without-trafilatura]
    python benchmarks/metadata.py --installed [--list] [--without-trafilatura]

Prints the tables of docs/metadata.md. CORPORA holds `pages.jsonl` (file, url, content_type,
gold) and the files it names. `--installed` reads pages of Debian's documentation packages, whose
answers are in `documentation_labels.jsonl`; a page that is not installed is left out.

The rule of these labels: the title is the heading that a reader sees over the text, with its
number and without the name of the manual. An author is whom the page names as one, in words or in
its head; who holds the copyright of a project is none. A day of publication is one that the page
states of itself; the day of a release is the software's. A day of change is what the page calls so,
if it names the day.
"""

import argparse
import json
import re
import time
import unicodedata
from datetime import date
from pathlib import Path

from footnotary import clock
from footnotary.extract import extract
from footnotary.models import Response

FIELDS = ("title", "author", "people", "invented", "date")
LABELS = Path(__file__).parent / "documentation_labels.jsonl"
DOCUMENTATION = Path("/usr/share/doc")
BY = re.compile(r"^(?:written by|by|von|par|por)\s+", re.IGNORECASE)
APART = re.compile(r"\s*(?:,|;|\band\b|\bund\b|\bedited by\b|\n)\s*", re.IGNORECASE)


def plain(text):
    """Return text as titles and names are compared: NFKC, quotes and case folded."""
    text = unicodedata.normalize("NFKC", text or "")
    text = re.sub(r"[‘’‚`´]", "'", re.sub(r"[“”„«»]", '"', text))
    return " ".join(re.sub(r"[\u2010-\u2015]", "-", text).split()).casefold()


def names(value):
    """Return the set of names in a gold author or byline."""
    values = value if isinstance(value, list) else [value or ""]
    parts = [part for item in values for part in APART.split(BY.sub("", item.strip()))]
    return {plain(BY.sub("", part)) for part in parts if part.strip()}


def same_people(ours, gold):
    """Return whether two sets of names agree, but for titles and roles around the names."""
    left, right = " ".join(sorted(ours)), " ".join(sorted(gold))
    return bool(left) and (left in right or right in left)


def ours(body, row):
    """Return title, authors, date by footnotary."""
    page = extract(
        Response(
            url=row["url"],
            final_url=row["url"],
            headers={"content-type": row["content_type"]},
            body=body,
            retrieved_at=clock.now(),
        )
    )
    return page.title, set(map(plain, page.authors)), page.published, page


def theirs(body, row):
    """Return title, authors, date by trafilatura."""
    from trafilatura import extract_metadata

    found = extract_metadata(body, default_url=row["url"])
    if found is None:
        return "", set(), None, None
    day = date.fromisoformat(found.date) if found.date else None
    return found.title or "", names((found.author or "").split("; ")), day, None


def measured(tool, rows, folder, listing):
    """Return the counts of one tool over all pages."""
    count = dict.fromkeys(FIELDS, 0)
    total = dict.fromkeys(count, 0)
    started = time.process_time()
    answers = [(row, tool((folder / row["file"]).read_bytes(), row)) for row in rows]
    seconds = time.process_time() - started
    for row, (title, authors, day, page) in answers:
        gold = row["gold"]
        author = gold.get("author") or gold.get("byline")
        stated = (gold.get("date") or gold.get("publishedTime") or "")[:10]
        checks = {}
        if gold.get("title"):
            checks["title"] = plain(title) == plain(gold["title"])
        if author:
            checks["author"] = authors == names(author)
            checks["people"] = same_people(authors, names(author))
        elif gold.get("title"):
            checks["invented"] = bool(authors)
        if stated:
            checks["date"] = day is not None and day.isoformat() == stated
        for field, right in checks.items():
            total[field] += 1
            count[field] += right
            if listing and field != "people" and right == (field == "invented"):
                got = {"title": title, "author": authors, "invented": authors, "date": day}[field]
                want = {"title": gold.get("title"), "author": author, "date": stated}.get(field)
                origins = page.origins if page else {}
                origin = origins.get({"date": "published", "title": "title"}.get(field, "authors"))
                print(
                    row["id"],
                    field,
                    "| got",
                    got,
                    "| want",
                    want,
                    "|",
                    origin,
                    "|",
                    row["url"][:70],
                )
    return count, total, seconds


def installed():
    """Return the labelled pages of documentation packages that are here."""
    lines = LABELS.read_text(encoding="utf-8").splitlines()
    rows = [
        {**row, "url": f"https://docs.example/{row['file']}", "content_type": "text/html"}
        for row in map(json.loads, lines)
    ]
    return [row for row in rows if (DOCUMENTATION / row["file"]).is_file()]


def print_installed(tools, *, listing):
    """Print what tools say of pages most of which state no author and no day."""
    rows = installed()
    print(f"{len(rows)} pages")
    print("| tool | title | author, where stated | invented author | invented day | changed |")
    print("|---|---|---|---|---|---|")
    for name, tool in tools:
        count = {key: [0, 0] for key in ("title", "author", "no author", "no day", "changed")}
        for row in rows:
            title, authors, day, page = tool((DOCUMENTATION / row["file"]).read_bytes(), row)
            wanted = set(map(plain, row.get("authors", ())))
            checks = {
                "title": plain(title) == plain(row["title"]),
                "author" if wanted else "no author": authors == wanted if wanted else bool(authors),
                "no day": day is not None,
            }
            if page is not None and row.get("modified"):
                checks["changed"] = str(page.modified) == row["modified"]
            for key, found in checks.items():
                count[key][0] += found
                count[key][1] += 1
                if listing and page is not None and found == key.startswith("no "):
                    print(row["file"], key, "| got", title, authors, day, "| want", row)
        cells = [f"{found} of {total}" for found, total in count.values()]
        print(f"| {name} | {' | '.join(cells)} |")


def by_htmldate(body, _row):
    """Return the day by htmldate."""
    from htmldate import find_date

    found = find_date(body.decode("utf-8", "replace"))
    return "", set(), date.fromisoformat(found) if found else None, None


def main():
    """Print one row a tool."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpora", type=Path, nargs="?")
    parser.add_argument("--installed", action="store_true", help="Of documentation packages.")
    parser.add_argument("--list", action="store_true", help="Show what we got wrong.")
    parser.add_argument("--without-trafilatura", action="store_true")
    arguments = parser.parse_args()
    if arguments.installed:
        others = [] if arguments.without_trafilatura else [("trafilatura", theirs)]
        others += [] if arguments.without_trafilatura else [("htmldate", by_htmldate)]
        print_installed([("footnotary", ours), *others], listing=arguments.list)
        return
    lines = (arguments.corpora / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["gold"]]
    tools = [("footnotary", ours)]
    if not arguments.without_trafilatura:
        tools.append(("trafilatura", theirs))
    print("| tool | title | authors, exactly | roles aside | invented | date | CPU ms a page |")
    print("|---|---|---|---|---|---|---|")
    for name, tool in tools:
        count, total, seconds = measured(
            tool, rows, arguments.corpora, arguments.list and tool is ours
        )
        cells = [
            f"{count[field]} of {total[field]} ({count[field] / total[field]:.0%})"
            for field in FIELDS
        ]
        print(f"| {name} | {' | '.join(cells)} | {seconds / len(rows) * 1000:.1f} |")


if __name__ == "__main__":
    main()

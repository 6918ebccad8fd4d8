"""What a reader marks in Chromium, against the text of the same page; and the same, edited.

    python benchmarks/selections.py [--pages 160] [--selections 14] [--seed 1] [--list]

Reads pages of the documentation packages that are installed (`/usr/share/doc`), with their style
sheets and scripts, as a desktop shows them. Marks runs of words within a block, or over blocks
that follow each other, and asks whether the page is found to say what `getSelection()` gives. Then
each is edited so that it means something else, and must be refused. Prints counts.
"""

import argparse
import random
import re
from collections import Counter
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from footnotary.extract import extract
from footnotary.extract.charset import decode
from footnotary.extract.css.page_sheets import linked_sheets
from footnotary.extract.parsing import parse_html
from footnotary.fetch.saved import read_saved
from footnotary.match import match_quote
from footnotary.match.normalization import normalize

DOCUMENTATION = Path("/usr/share/doc")
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
MARKED = """([count, seed, menus]) => {
    let state = seed;
    const next = (below) => (state = (state * 48271) % 2147483647) % below;
    let last_box = null;
    const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility({opacityProperty: true,
            visibilityProperty: true, contentVisibilityAuto: true})) continue;
        const apart = parent.closest("script, style, noscript, textarea, select, " + menus);
        const box = parent.closest("h1, h2, h3, h4, h5, h6, td, th, dt, dd, caption,"
            + "figcaption, legend");
        // No run goes on through what is left out, or out of a heading, a cell or a term.
        if (apart || box !== last_box) texts.push(null);
        last_box = box;
        if (!apart) texts.push(node);
    }
    const found = [], selection = getSelection();
    for (let tries = 0; tries < count * 30 && found.length < count && texts.length; tries++) {
        const first = next(texts.length), node = texts[first];
        if (!node) continue;
        // The ends of a text may lie inside of a word that goes on in the next.
        const starts = [...node.data.matchAll(/(?<=\\s)\\S/g)].map(one => one.index);
        if (!starts.length) continue;
        const wanted = 40 + next(200);
        let last = first, room = wanted - (node.data.length - starts[0]);
        while (room > 0 && texts[last + 1]) room -= texts[++last].data.length;
        const end = texts[last], from = starts[next(starts.length)];
        const ends = [...end.data.matchAll(/\\S(?=\\s)/g)].map(one => one.index + 1)
            .filter(one => last > first || one > from + 20);
        if (!ends.length) continue;
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(end, ends[next(ends.length)]);
        selection.removeAllRanges();
        selection.addRange(range);
        const words = selection.toString();
        if (words.trim().length >= 30 && words.length <= 400) found.push(words);
    }
    return found;
}"""
# What is around the text: controls and menus, where browsers glue what is side by side.
MENUS = "nav, header, footer, form, button, [role=navigation], .related, .sphinxsidebar, .docnav"
LEAST, MOST = 4_000, 400_000  # bytes of a page
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
VERB = re.compile(r"\b(?:is|are|can|must|may|will|should|does|was)\b(?! not\b)")
NEGATED = re.compile(r"\b(is|are|can|must|may|will|should|does|was) not\b|\bcannot\b")
PAIRS = (
    *(("always", "never"), ("all", "none"), ("true", "false"), ("before", "after")),
    *(("first", "last"), ("more", "less"), ("and", "or"), ("with", "without"), ("<", ">")),
    *(("minimum", "maximum"), ("above", "below"), ("enabled", "disabled"), ("the", "no")),
)


def edits(words, chance):
    """Yield changes that make words mean something else."""
    if found := NUMBER.search(words):
        yield words[: found.start()] + str(int(found[0]) + 1) + words[found.end() :]
    if found := NEGATED.search(words):
        yield words[: found.start()] + (found[1] or "can") + words[found.end() :]
    if found := VERB.search(words):
        yield words[: found.end()] + " not" + words[found.end() :]
    for one, other in chance.sample(PAIRS, len(PAIRS)):
        for old, new in ((one, other), (other, one)):
            edited = re.sub(rf"(?<![\w-]){re.escape(old)}(?![\w-])", new, words, count=1)
            if edited != words:
                yield edited
    parts = words.split()
    place = chance.randrange(1, len(parts)) if len(parts) > 2 else 0  # noqa: PLR2004
    if place and parts[place] != parts[place - 1]:
        parts[place - 1], parts[place] = parts[place], parts[place - 1]
        yield " ".join(parts)


def documentation(count, chance):
    """Return pages of as many packages as there are."""
    folders: dict[str, list[Path]] = {}
    for path in sorted(DOCUMENTATION.iterdir()):
        found = path.rglob("*.html") if path.is_dir() and not path.is_symlink() else ()
        files = [
            file
            for file in islice(found, 4_000)
            if file.is_file() and LEAST < file.stat().st_size < MOST
        ]
        if files:
            folders[path.name] = chance.sample(files, len(files))
    pages = []
    while len(pages) < count and any(folders.values()):
        pages += [files.pop() for files in folders.values() if files]
    return pages[:count]


def page_in(file):
    """Return a page with the style sheets that it links, wherever they are on this machine."""
    url = f"https://docs.example{file}"
    response = read_saved(file, url)
    styles = {}
    for _ in range(3):
        wanted = linked_sheets(parse_html(decode(response.body, "")), url, styles)
        paths = {one: Path(urlsplit(one).path) for one in wanted}
        had = {one: path.read_text("utf-8") for one, path in paths.items() if path.is_file()}
        if not had:
            break
        styles |= had
    return extract(response.model_copy(update={"styles": styles}))


def judged(quote, page):
    """Return what became of a quote, in one word or two."""
    found = match_quote(quote, page)
    if found.found:
        return "found"
    reason = found.reason.partition(' "')[0]
    return f"{found.outcome.value}: {reason}" if reason else found.outcome.value


def main():
    """Print the counts."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=160)
    parser.add_argument("--selections", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    files = documentation(arguments.pages, chance)
    outcomes, changed = Counter(), Counter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        tab = browser.new_page(viewport={"width": 1280, "height": 720})
        for file in files:
            tab.goto(file.as_uri(), wait_until="load")
            tab.evaluate("() => scrollTo(0, document.body.scrollHeight)")
            marked = tab.evaluate(MARKED, [arguments.selections, chance.randrange(1, 10**6), MENUS])
            page = page_in(file)
            text = normalize(page.text)
            for words in marked:
                outcome = judged(words, page)
                outcomes[outcome] += 1
                if arguments.list and outcome != "found":
                    print(outcome, file, repr(words))
                for edited in islice(edits(words, chance), 1):
                    if normalize(edited) in text:
                        continue
                    verdict = judged(edited, page)
                    changed["found" if verdict == "found" else "refused"] += 1
                    if arguments.list and verdict == "found":
                        print("EDITED AND FOUND", file, repr(edited))
        browser.close()
    print(
        f"{len(files)} pages; {sum(outcomes.values())} selections: {dict(outcomes.most_common())}"
    )
    print(f"{sum(changed.values())} edits: {dict(changed)}")


if __name__ == "__main__":
    main()

"""The links of rendered documents."""

import re

EXTENSIONS = ["tables", "attr_list", "md_in_html", "pymdownx.superfences", "toc"]


def broken_links(found):
    """Links whose page or anchor is not there."""
    anchors = {name: set(re.findall(r'id="([^"]+)"', html)) for name, html in found.items()}
    for name, html in found.items():
        for href in re.findall(r'href="([^"]*)"', html):
            page, _, anchor = href.partition("#")
            if href.startswith("http"):
                continue
            if (page or name) not in anchors or (anchor and anchor not in anchors[page or name]):
                yield name, href

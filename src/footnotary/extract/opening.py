"""What of a page one act of its reader opens, and what a script shows as the page is scrolled."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.css.flowing import Flow
from footnotary.extract.css.placing import Hidden
from footnotary.extract.metadata.signals import is_aside
from footnotary.extract.parsing import Written

# What a control opens: accordions (ARIA APG, "Accordion"), tabs of radio buttons or
# of Bootstrap.
_PANELS = (
    "[role=tabpanel], .tab-content > .tab-pane",
    "input[type=radio] + label + *, input[type=radio] ~ .tabbed-content > *",
    ".tabs:has(input[type=radio]) + .blocks > *",
)
_CONTROLS = (
    "button[aria-expanded=false], [role=button][aria-expanded=false], [data-bs-toggle=collapse]"
)
_OPENED_BY_READERS = "details:not([open]), [hidden=until-found i]"
_SCRIPTS = (
    "script[src], script:not([type]), script[type=''], script[type*='javascript' i],"
    " script[type='module' i]"
)
_SWITCHES = ("no-js", "no-javascript", "nojs")
_MAIN_SHARE = 0.4  # of the page's text; an element with more is its main part
_DEPTH = 600  # ancestors that are looked at
# What scripts undo as a page is scrolled; what a reader would have to open is hidden another way.
_FADING = ("opacity: 0", "visibility: hidden", "transform: scale(0)", "off-screen")
_UNDONE_BY_SCRIPTS = (
    *("display:", "visibility:", "opacity:", "transform:", "off-screen", "height:", "max-height:"),
)


def switch_on(tree: LexborHTMLParser) -> bool:
    """Take the mark of pages without scripts off, as the first script of such a page does.

    Returns:
        Whether the page has scripts.
    """
    if tree.css_first(_SCRIPTS) is None:
        return False
    for node in (tree.root, tree.body):
        names = (node.attributes.get("class") or "").split() if node is not None else []
        if node is not None and not set(_SWITCHES).isdisjoint(names):
            kept = [name for name in names if name not in _SWITCHES]
            node.attrs["class"] = " ".join([*kept, "js"])
    return True


class Opening:
    """Finds what a reader, or a script, shows of what the style hides at first.

    Args:
        tree: The page.
        painter: What its style paints.
        has_scripts: Whether scripts run.
        written: What is in its markup.
    """

    def __init__(
        self,
        tree: LexborHTMLParser,
        painter: Flow,
        has_scripts: bool,  # noqa: FBT001
        written: Written,
    ) -> None:
        self._tree = tree
        self._written = written
        self._painter = painter
        self._has_scripts = has_scripts
        self._main: set[int] | None = None
        self._length: int | None = None

    def closed(self) -> list[LexborNode]:
        """Return what is closed as the page loads, whatever its style says."""
        find = self._written.find
        found = find(self._tree, _OPENED_BY_READERS, "<details", "hidden")
        named: set[str] = set()
        for node in find(self._tree, "details[open][name]:not([name=''])", "<details"):
            name = node.attributes.get("name") or ""
            if name in named:  # the first of a group alone is open (HTML, "details exclusivity")
                found.append(node)
            named.add(name)
        return found

    def panels(self) -> frozenset[int]:
        """Return the panels that tabs and accordions open (WAI-ARIA 1.2, `tabpanel`)."""
        tabs, *radios = _PANELS
        find = self._written.find
        found = find(self._tree, tabs, "role") if find(self._tree, "[role=tab]", "role") else []
        if find(self._tree, "input[type=radio]", "<input"):
            found += self._tree.css(", ".join(radios))
        controlled = {
            (node.attributes.get("aria-controls") or node.attributes.get("data-bs-target") or "")
            .strip()
            .removeprefix("#")
            for node in find(self._tree, _CONTROLS, "aria-expanded", "data-bs-toggle")
        }
        if controlled:
            found += [
                node
                for node in self._tree.css("[id]:not([role]), [id][role=region]")
                if node.attributes["id"] in controlled and not is_aside(node)
            ]
        return frozenset(node.mem_id for node in found)

    def shows_later(self, node: LexborNode, hidden: Hidden) -> bool:
        """Return whether a script or an animation may show what the style hides at first."""
        if hidden.fades:
            return True
        if not self._has_scripts or not hidden.reason.startswith(_UNDONE_BY_SCRIPTS):
            return False
        fades = hidden.reason in _FADING and self._painter.changes(node)
        return fades or node.mem_id in self._main_part() or self.is_most(node)

    def _main_part(self) -> set[int]:
        """Return the elements that hold the page's main part."""
        if self._main is None:
            self._main = set()
            for selector in ("article h1", "main h1", "h1", "article", "main"):
                node = self._tree.css_first(selector)
                for _ in range(_DEPTH):
                    if node is None:
                        break
                    self._main.add(node.mem_id)
                    node = node.parent
        return self._main

    def is_most(self, node: LexborNode) -> bool:
        """Return whether an element holds much of the page's text."""
        body = self._tree.body
        if self._length is None:
            self._length = _length_of(body) if body is not None else 0
        return _length_of(node) > self._length * _MAIN_SHARE


def _length_of(node: LexborNode) -> int:
    """Return how many characters of text are in an element."""
    others = sum(len(one.text()) for one in node.css("script, style"))
    return len(node.text()) - others

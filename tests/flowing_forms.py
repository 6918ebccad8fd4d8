"""Pages whose style changes the flow of their words, with what they do not say, and what they do.

Each is: markup, quotes that are false, quotes that are true. `test_flowing` has Chromium agree.
"""


def _generated(content, *, rules="", before="It is", after="supported on servers"):
    return (
        f"<style>.a::before{{content:{content}}}{rules}</style><p>{before} <i class=a></i>{after}"
    )


_NUMBER = "The most is 10<i class=a></i>6 rows of data"
JOINED = ("The most is 106 rows of data",)
SAID = ("It is supported on servers",)


def _number(rules):
    return (
        f"<style>.a{{{rules}}}</style><p>The most is 10<i class=a>6</i> rows of data",
        JOINED,
        (),
    )


def _between(content, rules=""):
    page = f"<style>.a::before{{content:{content}}}{rules}</style><p>{_NUMBER}"
    return page, (*JOINED, "The most is 10", "6 rows of data"), ()


GENERATED = {
    "not": (_generated("'not '"), (*SAID, "supported on servers"), ()),
    "after": (
        "<style>.a::after{content:' not'}</style><p><i class=a>It is</i> supported on servers",
        (*SAID, "supported on servers"),
        (),
    ),
    "attr": (
        (
            "<style>.a::before{content:attr(data-x)}</style><p>It is <i class=a data-x='never '></i>"
            "supported on servers"
        ),
        (*SAID, "supported on servers"),
        (),
    ),
    "attr-missing": (_generated("attr(data-y)"), (), SAID),
    "variable": (_generated("var(--w)", rules=":root{--w:'not '}"), SAID, ()),
    "own-variable": (_generated("var(--w);--w:'not '"), SAID, ()),
    "counter": (_generated("counter(n) ' times '"), SAID, ()),
    "counter-number": _between("counter(n)"),
    "counters": _between("counters(n, '.')"),
    "more-than": (
        "<style>.a::before{content:'>'}</style><p>The age is <i class=a>10</i> years at most",
        ("The age is 10 years", "10 years at most"),
        (),
    ),
    "counted-block": (
        "<style>p{counter-increment:n}p::before{content:counter(n)}</style><p>6 rows of the data",
        ("6 rows of the data",),
        (),
    ),
    "digit": _between("'5'"),
    "point": _between("'.'"),
    "comma": _between("','"),
    "colon": _between("':'"),
    "hyphen": _between("'-'"),
    "space": (_between("' '")[0], JOINED, ("The most is 10", "6 rows of data")),
    "no-break-space": (_between("'\\a0'")[0], JOINED, ()),
    "letter": _between("'x'"),
    "per-cent": (
        "<style>.a::after{content:'%'}</style><p>The share of it is <i class=a>10</i> of all rows",
        ("The share of it is 10", "The share of it is 10 of all rows"),
        (),
    ),
    "minus": (
        "<style>.a::before{content:'-'}</style><p>The least is <i class=a>10</i> degrees or so",
        ("10 degrees or so", "The least is 10 degrees"),
        (),
    ),
    "icon-in-number": (_between("'\\f000'")[0], JOINED, ()),
    "single-colon": (
        "<style>.a:before{content:'not '}</style><p>It is <i class=a></i>supported on servers",
        SAID,
        (),
    ),
    "attribute-selector": (
        "<style>[data-n]::before{content:'un'}</style><p>It is <i data-n>supported</i> on servers",
        ("supported on servers", "It is supported on servers"),
        (),
    ),
    "layer": (_generated("'x'", rules="@layer b{.a::before{content:none}}"), SAID, ()),
    "media": (_generated("none", rules="@media screen{.a::before{content:'not '}}"), SAID, ()),
    "print": (_generated("none", rules="@media print{.a::before{content:'not '}}"), (), SAID),
    "nested": (
        "<style>.a{&::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        SAID,
        (),
    ),
    "open-quote": (_generated("open-quote", rules=".a{quotes:'not ' ''}"), SAID, ()),
    "q": (
        "<style>q{quotes:'not ' ''}</style><p>It is <q>supported</q> on servers",
        ("It is supported on servers",),
        (),
    ),
    "marker": (
        "<style>li::marker{content:'Never '}</style><ul><li>supported on all servers</ul>",
        ("supported on all servers",),
        (),
    ),
    "list-string": (
        "<style>ul{list-style-type:'Never '}</style><ul><li>supported on all servers</ul>",
        ("supported on all servers",),
        (),
    ),
    "counter-style": (
        (
            "<style>@counter-style no{system:cyclic;symbols:'Not'}ul{list-style:no}</style>"
            "<ul><li>supported on all servers</ul>"
        ),
        ("supported on all servers",),
        (),
    ),
    "cross": (_generated("'\\2718'"), SAID, ()),
    "unequal": (
        _generated("'\\2260'", before="The number"),
        ("The number supported on servers",),
        (),
    ),
    "empty": (_generated("''"), (), SAID),
    "none": (_generated("none"), (), SAID),
    "icon": (_generated("'\\f000'"), (), SAID),
    "arrow": (_generated("'\\2192'"), (), SAID),
    "bullet": (_generated("'\\2022'"), (), SAID),
    "quotation-mark": (_generated("'\\201c'"), (), SAID),
    "picture": (_generated("url(data:image/gif;base64,R0lGODlhAQABAAAAACw=)"), (), SAID),
    "alternative": (_generated("'\\2192' / 'not'"), (), SAID),
    "hidden": (_generated("'not ';display:none"), (), SAID),
    "invisible": (_generated("'not ';opacity:0"), (), SAID),
    "hover": (_generated("none", rules=".a:hover::before{content:'not '}"), (), SAID),
    "overridden": (_generated("'not '", rules="i.a::before{content:none}"), (), SAID),
    "clearfix": (
        (
            "<style>.a::after{content:' ';display:table;clear:both}</style><p class=a>It is supported"
            "<p>on all the servers"
        ),
        (),
        ("It is supported on all the servers",),
    ),
    "numbered-list": (
        (
            "<style>li{list-style:none;counter-increment:n}li::before{content:counter(n) '. '}</style>"
            "<ol><li>Open the door.<li>Close the door.</ol>"
        ),
        (),
        ("Open the door. Close the door.",),
    ),
    "label": (
        (
            "<style>.a::before{content:'Note:';font-weight:bold}</style>"
            "<p class=a>It is supported on servers"
        ),
        (),
        SAID,
    ),
    "block-label": (
        "<style>.a::before{content:'Note';display:block}</style><p class=a>It is supported on servers",
        (),
        SAID,
    ),
    "term-colon": (
        "<style>dt::after{content:':'}</style><dl><dt>Memory of it<dd>The most of it</dl>",
        (),
        ("Memory of it", "The most of it"),
    ),
    "numbered-heading": (
        "<style>h2::before{content:counter(h) '. '}</style><h2>Size of it</h2><p>It is 10 rows",
        (),
        ("Size of it",),
    ),
}
LEVELS = {
    "top": _number("position:relative;top:-6px"),
    "top-em": _number("position:relative;top:-.4em"),
    "bottom": _number("position:relative;bottom:6px"),
    "bottom-em": _number("position:relative;bottom:.5em;font-size:.8em"),
    "inset": _number("position:relative;inset:-6px auto auto auto"),
    "lowered": _number("position:relative;top:6px"),
    "translate": _number("display:inline-block;transform:translateY(-6px)"),
    "translate-property": _number("display:inline-block;translate:0 -6px"),
    "matrix": _number("display:inline-block;transform:matrix(1,0,0,1,0,-7)"),
    "super": _number("vertical-align:super"),
    "super-number": _number("vertical-align:6px"),
    "super-percent": _number("vertical-align:40%"),
    "font-super": _number("font-variant-position:super"),
    "font-variant": _number("font-variant:super"),
    "sups": _number("font-feature-settings:'sups'"),
    "subs": _number("font-feature-settings:'subs' 1"),
    "frac": _number("font-variant-numeric:diagonal-fractions"),
    "vertical": _number("display:inline-block;writing-mode:vertical-rl"),
    "rotate": _number("display:inline-block;transform:rotate(90deg)"),
    "absolute": _number("position:absolute;left:0"),
    "left": _number("position:relative;left:-40px"),
    "right": _number("position:relative;right:40px"),
    "margin": _number("margin-left:-3em"),
    "float": _number("float:left"),
    "float-right": _number("float:right"),
    "sup-words": ("<p>The most is 10<sup>6 rows</sup> of data", ("The most is 106 rows",), ()),
    "sup-before": ("<p>The most is<sup>1</sup>06 rows of data", ("106 rows of data",), ()),
    "inside": (
        "<style>.a{position:relative;top:-6px}</style><p>The most is 10<b class=a><i>6</i> rows</b>",
        ("The most is 106 rows",),
        (),
    ),
    "invisible": (
        "<style>.a{visibility:hidden}</style><p>The most is 10<i class=a>5</i>6 rows of data",
        (*JOINED, "The most is 1056 rows of data"),
        (),
    ),
    "transparent": (
        "<style>.a{opacity:0}</style><p>The most is 10<i class=a>5</i>6 rows of data",
        JOINED,
        (),
    ),
    "in-white": (
        "<style>.a{color:#fff}</style><p>The most is 10<i class=a>5</i>6 rows of data",
        JOINED,
        (),
    ),
    "struck": ("<p>The most is 10<del>5</del>6 rows of data", JOINED, ()),
    "picture": ("<p>The most is 10<img alt=.>6 rows of data", JOINED, ()),
    "field": ("<p>The most is 10<input size=1>6 rows of data", JOINED, ()),
    "not-displayed": (
        "<style>.a{display:none}</style><p>The most is 10<i class=a>5</i>6 rows of data",
        (),
        JOINED,
    ),
    "raised-ordinal": (
        "<style>.a{vertical-align:super;font-size:.7em}</style><p>On the 1<i class=a>st</i> of May it is",
        (),
        ("On the 1st of May it is",),
    ),
    "drop-cap": (
        "<style>.a{float:left;font-size:3em}</style><p><i class=a>T</i>he most is 10 rows of data",
        (),
        ("The most is 10 rows of data",),
    ),
    "badge": (
        "<style>.a{vertical-align:middle}</style><p>The most of it is <i class=a>106</i> rows",
        (),
        ("The most of it is 106 rows",),
    ),
}
_TWO = "<p class=b>The most is <i>10</i><i>6</i> rows of data"


def _items(rules, markup=_TWO, false=JOINED, true=()):
    return f"<style>{rules}</style>{markup}", false, true


ORDER = {
    "bdo": (
        "<p>The most is <bdo dir=rtl>106</bdo> rows of data",
        JOINED,
        ("The most is 601 rows of data",),
    ),
    "override": _items(
        "b{unicode-bidi:bidi-override;direction:rtl}", "<p>The most is <b>106</b> rows of data"
    ),
    "isolate-override": _items(
        "b{unicode-bidi:isolate-override;direction:rtl}", "<p>The most is <b>106</b> rows of data"
    ),
    "override-dir": _items(
        "b{unicode-bidi:bidi-override}", "<p>The most is <b dir=rtl>106</b> rows of data"
    ),
    "override-nested": ("<p>The most is <bdo dir=rtl>1<b>06</b></bdo> rows of data", JOINED, ()),
    "override-words": (
        "<p>It is <bdo dir=rtl>ton</bdo> supported on servers",
        ("It is ton supported",),
        ("It is not supported on servers",),
    ),
    "override-character": ("<p>The most is \u202e106\u202c rows of data", JOINED, ()),
    "row-reverse": _items(
        "b{display:inline-flex;flex-direction:row-reverse}",
        "<p>The most is <b><i>10</i><i>6</i></b> rows of data",
    ),
    "flow-reverse": _items(
        "div{display:flex;flex-flow:row-reverse wrap;justify-content:flex-end}",
        "<div><span>supported on servers</span><span>It is not</span></div>",
        ("supported on servers It is not",),
        ("supported on servers",),
    ),
    "column-reverse": _items(
        "div{display:flex;flex-direction:column-reverse}",
        "<div><span>It is not</span><span>supported on servers</span></div>",
        ("It is not supported on servers",),
        ("supported on servers",),
    ),
    "order": _items(
        "div{display:flex}.c{order:-1}",
        "<div><span>It is not</span><span class=c>supported on servers</span></div>",
        ("It is not supported on servers",),
        ("supported on servers",),
    ),
    "grid-order": _items(
        "div{display:grid}.c{order:-1}",
        "<div><span>It is not</span><span class=c>supported on servers</span></div>",
        ("It is not supported on servers",),
    ),
    "grid-placed": _items(
        "div{display:grid}.c{grid-row:1}",
        "<div><span>It is not</span><span class=c>supported on servers</span></div>",
        ("It is not supported on servers",),
        ("supported on servers",),
    ),
    "rtl-flex": _items(
        "b{display:inline-flex;direction:rtl}",
        "<p>The most is <b><i>10</i><i>6</i></b> rows of data",
    ),
    "rtl-script": _items(
        "html{direction:rtl}div{display:flex}",
        "<div><span>\u05d4\u05d2\u05d5\u05d3\u05dc \u05e9\u05dc\u05d5</span><span>\u05d4\u05d5\u05d0 \u05e2\u05e9\u05e8</span></div>",
        (),
        (
            "\u05d4\u05d2\u05d5\u05d3\u05dc \u05e9\u05dc\u05d5 \u05d4\u05d5\u05d0 \u05e2\u05e9\u05e8",
        ),
    ),
    "float-digits": _items(
        "i+i{float:left}", "<p><i>10</i><i>6</i> rows of data are the most", ("106 rows of data",)
    ),
    "bdi": ("<p dir=rtl>10<bdi>0</bdi>6 rows of the data", ("1006 rows of the data",), ()),
}
BOXES = {
    "block": _items("i{display:block}"),
    "blocks-of-words": _items(
        "span{display:block}",
        "<div><span>The first is open.</span><span>The other is closed.</span></div>",
        ("The first is open.The other",),
        ("The first is open. The other is closed.",),
    ),
    "flex": _items(".b{display:flex}"),
    "grid": _items(".b{display:grid}"),
    "inline-flex": _items(
        "b{display:inline-flex}", "<p>The most is <b><i>10</i><i>6</i></b> rows of data"
    ),
    "table-cell": _items("i{display:table-cell}", "<div><i>10</i><i>6</i></div>rows of data"),
    "table": _items(
        ".t{display:table}.r{display:table-row}.r *{display:table-cell}",
        "<div class=t><div class=r><b>pool size</b><i>10 rows</i><u>small</u></div>"
        "<div class=r><b>pool time</b><i>30 days</i><u>long</u></div></div>",
        ("pool size 10 rows", "10 rows small pool", "small pool time"),
        ("pool size 10 rows small", "pool time 30 days long", "pool size"),
    ),
    "cells-alone": _items(
        ".t{display:table}.t>*{display:table-cell}",
        "<div class=t><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
        ("The first is open here.", "The other is closed."),
    ),
    "row-groups": _items(
        ".g{display:table-row-group}.r{display:table-row}.r *{display:table-cell}",
        "<div class=g><div class=r><b>pool size</b><i>10 rows</i></div>"
        "<div class=r><b>pool time</b><i>30 days</i></div></div>",
        ("10 rows pool time",),
        ("pool size 10 rows", "pool time 30 days"),
    ),
    "term": (
        "<dl><dt>pool size<dd>The rows of it are 10.<dt>pool time<dd>The days of it are 30.</dl>",
        ("The rows of it are 10. pool time", "size The rows of it"),
        ("pool size The rows of it", "pool time The days of it are 30."),
    ),
    "descriptions": (
        "<dl><dt>pool size<dd>The rows of it are 10.<dd>The days of it are 30.</dl>",
        ("of it are 10. The days of",),
        ("The days of it are 30.",),
    ),
    "role-heading": (
        "<p>The pool of rows is open.<div role=heading>Closed pools</div><p>The pool is empty.",
        (
            "rows is open. Closed pools",
            "rows is open. Closed pools The pool",
            "pools The pool is empty",
        ),
        ("Closed pools The pool is empty.", "The pool of rows is open."),
    ),
    "legend": (
        "<p>The pool of rows is open.<fieldset><legend>Closed pools</legend>The pool is empty.</fieldset>",
        ("rows is open. Closed pools",),
        ("Closed pools The pool is empty.",),
    ),
    "figcaption": (
        "<figure><p>The pool of rows is open.</p><figcaption>Closed pools of rows</figcaption></figure>",
        ("rows is open. Closed pools",),
        ("Closed pools of rows",),
    ),
    "caption": (
        "<p>The pool of rows is open.<table><caption>Closed pools</caption><tr><td>size<td>10 rows</table>",
        ("rows is open. Closed pools",),
        ("Closed pools size 10 rows",),
    ),
    "columns": _items(
        ".f{display:flex}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
        ("The first is open here.", "The other is closed."),
    ),
    "grid-columns": _items(
        ".f{display:grid;grid-template-columns:1fr 1fr}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
        ("The first is open here.", "The other is closed."),
    ),
    "grid-repeat": _items(
        ".f{display:grid;grid-template:auto / repeat(2, 1fr)}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
    ),
    "grid-areas": _items(
        ".f{display:grid;grid-template-areas:'a b'}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
    ),
    "grid-flow": _items(
        ".f{display:grid;grid-auto-flow:column}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        ("is open here. The other",),
    ),
    "flex-column": _items(
        ".f{display:flex;flex-direction:column}",
        "<div class=f><div>The first is open here.</div><div>The other is closed.</div></div>",
        (),
        ("is open here. The other",),
    ),
    "flex-icon": _items(
        ".f{display:flex}",
        "<p>See this.</p><div class=f><svg></svg><span>The other one is closed.</span></div>",
        (),
        ("The other one is closed.",),
    ),
    "inline-items": _items(
        "li{display:inline}",
        "<ul><li>The first, </li><li>and the other one</li></ul>",
        (),
        ("The first, and the other one",),
    ),
}
_CODE = "<div class=c>if ready:\n    open_all()\nclose_all()</div>"
_BROKEN = ("if ready:\n    open_all()\n    close_all()", "if ready:\nopen_all() close_all()")
_WHOLE = ("if ready:\n    open_all()\nclose_all()",)
SPACES = {
    **{
        value: (f"<style>.c{{white-space:{value}}}</style>{_CODE}", _BROKEN, _WHOLE)
        for value in ("pre", "pre-wrap", "break-spaces", "preserve")
    },
    "pre-line": (
        f"<style>.c{{white-space:pre-line}}</style>{_CODE}",
        _BROKEN[1:],
        ("close_all()",),
    ),
    "collapse": (f"<style>.c{{white-space-collapse:preserve}}</style>{_CODE}", _BROKEN, _WHOLE),
    "inherited": (f"<style>body{{white-space:pre-wrap}}</style>{_CODE}", _BROKEN, _WHOLE),
    "attribute": (_CODE.replace("<div", "<div style='white-space:pre'"), _BROKEN, _WHOLE),
    "important": (
        f"<style>.c{{white-space:pre!important}}div.c{{white-space:normal}}</style>{_CODE}",
        _BROKEN,
        _WHOLE,
    ),
    "normal": (
        "<style>pre{white-space:normal}</style><pre>if ready:\n    open_all()\nclose_all()</pre>",
        (),
        ("if ready: open_all()\nclose_all()", "if ready: open_all() close_all()"),
    ),
    "nowrap": (
        "<style>pre{white-space:nowrap}</style><pre>if ready:\n    open_all()\nclose_all()</pre>",
        (),
        ("if ready:\nopen_all() close_all()",),
    ),
    "initial": (
        "<style>pre{white-space:initial}</style><pre>if ready:\n    open_all()\nclose_all()</pre>",
        (),
        ("if ready:\nopen_all() close_all()",),
    ),
    "inline-code": (
        "<style>code{white-space:pre-wrap}</style><p>Call <code>open all doors</code> before it ends.",
        (),
        ("Call open\nall doors before it ends.",),
    ),
}
# Further members of each kind.
RELATIVES = {
    "relative-1": (
        "<style>:is(.a,.b)::before{content:'not '}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-2": (
        "<style>p > i:first-child::before{content:'not '}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-3": (
        "<style>*::before{content:'x'}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-4": (
        "<style>.a:not(.b)::after{content:'not '}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-5": (
        "<style>.a::before{content:'\\6e ot '!important}.a::before{content:none}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-6": (
        "<style>@supports (display:grid){.a::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-7": (
        "<style>@layer x{.a::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-8": (
        "<style>@scope (p){i::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-9": (
        "<style>@media (min-width:600px){.a::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-10": (
        "<style>@media (max-width:600px){.a::before{content:'not '}}</style><p>It is <i class=a></i>supported on servers",
        (),
        ("It is supported on servers",),
    ),
    "relative-11": (
        "<style>.a::before{content:'no' 't '}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-12": (
        "<style>.a::before{content:'not ';position:absolute}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-13": (
        "<style>.a::before{content:'not ';font-size:0}</style><p>It is <i class=a></i>supported on servers",
        (),
        ("It is supported on servers",),
    ),
    "relative-14": (
        "<style>.a::before{content:'not ';color:transparent}</style><p>It is <i class=a></i>supported on servers",
        (),
        ("It is supported on servers",),
    ),
    "relative-15": (
        "<style>.a{display:none}.a::before{content:'not '}</style><p>It is <i class=a></i>supported on servers",
        (),
        ("It is supported on servers",),
    ),
    "relative-16": (
        "<style>.a::before{content:attr(class)}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-17": (
        "<style>.a::before{content:attr(data-q,'not ')}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-18": (
        "<style>.a::before{content:'\\2713'}</style><p>It is <i class=a></i>supported on servers",
        ("It is supported on servers",),
        (),
    ),
    "relative-19": (
        "<style>.a::before{content:'$'}</style><p>The price is <i class=a>10</i> for each",
        ("10 for each", "The price is 10 for each"),
        (),
    ),
    "relative-20": (
        "<style>.a::before{content:'<'}</style><p>The age is <i class=a>10</i> for each",
        ("The age is 10 for each", "10 for each"),
        (),
    ),
    "relative-21": (
        "<style>.a::before{content:'~'}</style><p>The age is <i class=a>10</i> for each",
        ("The age is 10 for each",),
        (),
    ),
    "relative-22": (
        "<style>.a::after{content:'0'}</style><p>The most is <i class=a>10</i> rows",
        ("The most is 10", "The most is 10 rows"),
        (),
    ),
    "relative-23": (
        "<style>.a::after{content:'\\d7' '4'}</style><p>The most is <i class=a>10</i> rows",
        ("The most is 10", "The most is 10 rows"),
        (),
    ),
    "relative-24": (
        "<style>.a::after{content:'\\2070'}</style><p>The most is <i class=a>10</i> rows",
        ("The most is 10", "The most is 10 rows"),
        (),
    ),
    "relative-25": (
        "<style>a::after{content:' (' attr(href) ')'}</style><p>See <a href=x>the list of rules</a> for more on this",
        ("See the list of rules for more",),
        ("See the list of rules",),
    ),
    "relative-26": (
        "<style>code::before,code::after{content:'`'}</style><p>Call <code>open()</code> before you read it",
        (),
        ("Call open() before you read it",),
    ),
    "relative-27": (
        "<style>blockquote p:first-of-type::before{content:open-quote}blockquote p::after{content:close-quote}</style><p>He said:<blockquote><p>It is supported on servers</blockquote>",
        (),
        ("It is supported on servers", "He said: It is supported on servers"),
    ),
    "relative-28": (
        "<style>li::before{content:'- '}</style><ul><li>The first one is open.<li>The other is closed.</ul>",
        (),
        ("The first one is open. The other is closed.",),
    ),
    "relative-29": (
        "<style>pre .l::before{content:counter(l);counter-increment:l}</style><pre><span class=l>if ready:</span>\n<span class=l>    open_all()</span></pre>",
        (),
        ("if ready:\n    open_all()",),
    ),
    "relative-30": (
        "<style>.p::before{content:'$ '}</style><pre><span class=p>open --all</span>\n<span class=p>close --all</span></pre>",
        (),
        ("open --all\nclose --all",),
    ),
    "relative-31": (
        "<style>h2::after{content:'#'}</style><h2>The size of it</h2><p>It is supported on servers",
        (),
        ("The size of it", "It is supported on servers"),
    ),
    "relative-32": (
        "<style>.tip::after{content:'Never do it';visibility:hidden}</style><p class=tip>It is supported on servers",
        (),
        ("It is supported on servers",),
    ),
    "relative-33": (
        "<style>abbr[title]::after{content:' (' attr(title) ')'}</style><p>The <abbr title='Application Server'>AS</abbr> is open for all",
        ("The AS is open for all",),
        ("is open for all",),
    ),
    "relative-34": (
        "<style>td:before{content:attr(data-l) ': '}</style><table><tr><td data-l=size>10 rows of data<td data-l=age>30 days</table>",
        (),
        ("10 rows of data",),
    ),
    "relative-35": (
        "<style>dd::before{content:'\\2014'}</style><dl><dt>size of pool<dd>10 rows of data</dl>",
        (),
        ("10 rows of data", "size of pool 10 rows of data"),
    ),
    "relative-36": (
        "<style>span+span::before{content:', '}</style><p>By <span>Ann Bell</span><span>Tom Day</span> in May",
        (),
        ("Tom Day in May",),
    ),
    "relative-37": (
        "<style>.a{position:relative;top:-0.5ex;bottom:0}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-38": (
        "<style>.a{position:relative;top:calc(-1 * .4em)}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-39": (
        "<style>:root{--u:-.5em}.a{position:relative;top:var(--u)}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-40": (
        "<style>.a{position:relative;inset-block-start:-6px}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-41": (
        "<style>.a{display:inline-block;transform:translate(0,-8px)}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-42": (
        "<style>.a{display:inline-block;transform:translate3d(0,-8px,0)}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-43": (
        "<style>.a{vertical-align:text-top;font-size:.6em}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-44": (
        "<style>.a{vertical-align:top;font-size:.6em}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-45": (
        "<style>.a{font:super 12px x;font-variant-position:super}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-46": (
        "<style>.a{font-feature-settings:'sinf' on}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-48": (
        "<style>.a{position:absolute;top:-5px}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-50": (
        "<style>.a{display:inline-block;writing-mode:sideways-rl}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-51": (
        "<style>.a{writing-mode:horizontal-tb}</style><p>The most is 10<i class=a>6</i> rows of data",
        (),
        ("The most is 106 rows of data",),
    ),
    "relative-52": (
        "<style>.a{display:inline-block;scale:-1 1}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-53": (
        "<style>.a{rotate:180deg;display:inline-block}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-54": (
        "<style>.a{float:inline-end}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-55": (
        "<style>.a{font-variant-numeric:ordinal}</style><p>The most is 10<i class=a>6</i> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-56": (
        "<style>.a{font-variant-numeric:tabular-nums}</style><p>The most is 10<i class=a>6</i> rows of data",
        (),
        ("The most is 106 rows of data",),
    ),
    "relative-57": (
        "<style>.a{position:relative}</style><p>The most is 10<i class=a>6</i> rows of data",
        (),
        ("The most is 106 rows of data",),
    ),
    "relative-59": (
        "<style>.a{vertical-align:baseline}</style><p>The most is 10<i class=a>6</i> rows of data",
        (),
        ("The most is 106 rows of data",),
    ),
    "relative-60": (
        "<style>sup{vertical-align:super}</style><p>The most is 10<sup>6</sup> rows of data",
        ("The most is 106 rows of data",),
        ("The most is 10⁶ rows of data",),
    ),
    "relative-61": (
        "<p>The most is 10<small><sup>6</sup></small> rows",
        ("The most is 106 rows",),
        ("The most is 10⁶ rows",),
    ),
    "relative-62": (
        "<p>The most is 10<sup><b>6</b></sup> rows",
        ("The most is 106 rows",),
        ("The most is 10⁶ rows",),
    ),
    "relative-63": (
        "<p>The most is <span>10</span><sup>6</sup>4 rows",
        ("The most is 1064 rows",),
        (),
    ),
    "relative-64": ("<p>The most is 10<sup>-6</sup> rows", ("The most is 10-6 rows",), ()),
    "relative-65": ("<p>The most is 10<sup> 6</sup> rows", ("The most is 106 rows",), ()),
    "relative-66": ("<p>The most is 2<sub>10</sub>5 rows", ("The most is 2105 rows",), ()),
    "relative-67": (
        "<p>The most is 10<svg width=9></svg>6 rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-68": (
        "<p>The most is 10<button>6</button> rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-69": (
        "<p>The most is 10<canvas></canvas>6 rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-70": ("<p>The most is 10<wbr>6 rows of data", (), ("The most is 106 rows of data",)),
    "relative-71": (
        "<p>The most is 10<ruby>6<rt>9</rt></ruby> rows of data",
        (),
        ("The most is 106 rows of data",),
    ),
    "relative-72": (
        "<p>The most is 10<s>5</s>6 rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-73": (
        "<style>.a{text-decoration:line-through}</style><p>The most is 10<i class=a>5</i>6 rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-74": (
        "<style>.a{visibility:hidden}</style><p>The most is 10<i class=a>&nbsp;</i>6 rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-75": (
        "<style>p{display:flex;flex-direction:row-reverse}</style><p><span>6 rows</span><span>The most is 10</span></p>",
        ("6 rows The most is 10",),
        ("The most is 10",),
    ),
    "relative-76": (
        "<style>ul{display:flex}li:nth-child(2){order:-1}</style><ul><li>one of them</li><li>two of them</li></ul>",
        ("one of them two of them",),
        ("two of them",),
    ),
    "relative-77": (
        "<style>b{display:inline-grid;grid-auto-flow:column;direction:rtl}</style><p>The most is <b><i>10</i><i>6</i></b> rows",
        ("The most is 106 rows", "10 6 rows"),
        (),
    ),
    "relative-78": (
        "<style>table{direction:rtl}</style><table><tr><td>10<td>6 rows of data</table>",
        ("106 rows of data",),
        ("6 rows of data",),
    ),
    "relative-79": (
        "<style>p{unicode-bidi:bidi-override;direction:rtl}</style><p>The most is 106 rows of data",
        ("The most is 106 rows of data",),
        ("atad fo swor 601 si tsom ehT",),
    ),
    "relative-80": (
        "<p>The most is 10\u202e6\u202c rows of data",
        ("The most is 106 rows of data",),
        (),
    ),
    "relative-81": ("<p>It is \u202eton\u202c supported on servers", ("It is ton supported",), ()),
    "relative-82": (
        "<style>.c{float:left}</style><div class=c>The first one is open.</div><div class=c>The other is closed.</div>",
        (),
        ("The first one is open.",),
    ),
    "relative-83": (
        "<style>.f{display:flex}.f>*{width:50%}</style><div class=f><p>The first is open here.<p>The other is closed.</div>",
        ("is open here. The other",),
        ("The first is open here.",),
    ),
    "relative-84": (
        "<style>.f{display:flex;flex-wrap:wrap}</style><div class=f><span>alpha tag</span><span>beta tag</span><span>gamma tag</span></div>",
        ("alpha tag beta",),
        ("alpha tag beta tag gamma tag",),
    ),
    "relative-85": (
        "<style>.f{columns:2}</style><div class=f><p>The first is open here.<p>The other is closed.</div>",
        (),
        ("is open here. The other is closed.",),
    ),
    "relative-86": (
        "<style>th,td{display:block}</style><table><tr><th>size<td>10 rows of data<td>most<tr><th>age<td>30 days<td>least</table>",
        ("10 rows of data age",),
        (),
    ),
    "relative-87": (
        "<dl><div><dt>pool size<dd>10 rows of data</div><div><dt>pool age<dd>30 days of it</div></dl>",
        ("rows of data pool age",),
        ("pool size 10 rows of data",),
    ),
    "relative-88": (
        "<style></style><table><caption>Sizes of the pool</caption><tr><td>size<td>10 rows of data</table>",
        (),
        ("Sizes of the pool",),
    ),
    "relative-89": (
        "<details><summary>Sizes of pools</summary>The most is 10 rows</details>",
        (),
        ("The most is 10 rows",),
    ),
    "relative-90": (
        "<style>.c{white-space:pre}</style><div class=c>a = 1\n\n  b = 2 + 3 + 4</div>",
        ("a = 1 \n b = 2 + 3 + 4",),
        ("a = 1\n\n  b = 2 + 3 + 4",),
    ),
    "relative-91": (
        "<style>.c{white-space:pre-wrap}</style><p class=c>The pool of rows is open now and it\nis closed at the end of the day again.</p>",
        (),
        ("is open now and it is closed at the end",),
    ),
    "relative-92": (
        "<style>pre{white-space:pre-wrap}</style><pre>if ready:\n    open_all()\nclose_all()</pre>",
        ("if ready:\n    open_all()\n    close_all()",),
        ("if ready:\n    open_all()\nclose_all()",),
    ),
    "relative-93": (
        "<style>pre{white-space:pre-line}</style><pre>if ready:\n    open_all()\nclose_all()</pre>",
        (),
        ("if ready:\nopen_all()",),
    ),
    "relative-94": (
        "<style>pre code{white-space:normal}</style><pre><code>if ready:\n    open_all()\nclose_all()</code></pre>",
        (),
        ("if ready: open_all() close_all()",),
    ),
    "relative-95": (
        "<style>td{white-space:pre}</style><table><tr><td>if ready:\n    open_all()\nclose_all()</table>",
        ("if ready:\n    open_all()\n    close_all()",),
        ("if ready:\n    open_all()\nclose_all()",),
    ),
    "relative-96": (
        "<textarea>It is supported</textarea><p style='white-space:pre'>x = {\n  1,\n}  # of the rows",
        ("x = { 1,\n  } # of the rows",),
        ("x = {\n  1,\n}  # of the rows",),
    ),
}

# Whatever may be declared of digits beside digits.
DECLARATIONS = [
    "position:relative;top:-4px",
    "position:relative;bottom:-4px",
    "position:relative;left:9px",
    "position:absolute",
    "position:fixed;top:0",
    "float:left",
    "float:right",
    "vertical-align:super",
    "vertical-align:sub",
    "vertical-align:top;font-size:50%",
    "vertical-align:bottom;font-size:50%",
    "vertical-align:text-top;font-size:50%",
    "vertical-align:4px",
    "vertical-align:-4px",
    "vertical-align:middle;font-size:50%",
    "vertical-align:calc(2px + 4px)",
    "vertical-align:20%",
    "display:inline-block;transform:translateY(-5px)",
    "display:inline-block;transform:translate(5px)",
    "display:inline-block;translate:0 5px",
    "display:inline-block;rotate:90deg",
    "display:inline-block;transform:rotate(1turn)",
    "display:inline-block;transform:rotateZ(90deg)",
    "display:inline-block;transform:skewY(40deg)",
    "display:inline-block;transform:scale(2)",
    "display:inline-block;scale:2",
    "display:inline-block;zoom:2",
    "zoom:2",
    "writing-mode:vertical-rl",
    "display:inline-block;writing-mode:vertical-rl",
    "display:inline-block;height:40px;vertical-align:top",
    "display:inline-block;margin-top:-20px",
    "display:inline-block;margin-bottom:20px",
    "display:inline-block;padding-bottom:20px",
    "display:inline-block;padding-top:20px",
    "margin-left:20px",
    "margin-left:-20px",
    "margin-right:-20px",
    "padding-left:20px",
    "padding:0 20px",
    "border-left:20px solid",
    "display:inline-block;width:60px;text-align:right",
    "display:inline-block;text-indent:30px",
    "text-indent:30px",
    "letter-spacing:20px",
    "word-spacing:20px",
    "display:block",
    "display:flex",
    "display:inline-flex",
    "display:grid",
    "display:table",
    "display:inline-table",
    "display:table-cell",
    "display:list-item",
    "display:flow-root",
    "display:inline flow-root",
    "display:contents",
    "display:ruby-text",
    "display:ruby",
    "line-height:3",
    "font-size:200%",
    "font-size:60%",
    "direction:rtl",
    "direction:rtl;unicode-bidi:bidi-override",
    "unicode-bidi:isolate",
    "unicode-bidi:plaintext",
    "offset-path:path('M0 0 L90 90');display:inline-block",
    "inset:4px;position:relative",
    "inset-block:4px;position:relative",
    "inset-block-end:8px;position:relative",
    "inset-inline-start:9px;position:relative",
    "top:4px",
    "position:sticky;top:0",
    "position:relative;top:10%",
    "position:relative;top:1em",
    "position:relative;top:-.3em",
    "position:relative;inset-block-start:-5px",
    "display:inline-block;perspective:9px",
    "will-change:transform",
    "contain:layout",
    "display:inline-block;contain:size",
    "clear:both;float:left",
    "columns:2",
    "display:inline-block;columns:2",
    "text-combine-upright:all",
    "initial-letter:2",
    "baseline-shift:super",
    "alignment-baseline:hanging",
    "baseline-source:last",
    "display:inline-block;overflow:hidden",
    "display:inline-block;overflow:hidden;height:9px",
    "shape-outside:circle()",
    "margin-inline:20px",
    "margin-inline-start:-9px",
    "margin-block:9px",
    "display:inline-block;margin-block-end:9px",
    "padding-inline:9px",
    "border:9px solid",
    "outline:9px solid",
    "box-shadow:0 0 9px",
    "text-shadow:20px 0",
    "opacity:.5",
    "filter:blur(1px)",
    "visibility:visible",
    "font-variant-caps:small-caps",
    "text-transform:uppercase",
    "hyphens:auto",
    "break-before:column",
    "page-break-before:always",
    "position:relative;z-index:-1",
    "transform:translateY(-9px)",
    "display:inline-block;transform:none;top:9px",
    "anchor-name:--a",
    "position:absolute;position-area:top",
    "translate:9px 9px",
    "content-visibility:auto",
    "display:math",
    "ruby-position:over",
    "vertical-align:inherit",
    "vertical-align:12px;font-size:0.5em",
    "font:50% serif;vertical-align:super",
    "all:unset;vertical-align:super",
]
BESIDE = (
    "<p>The most is 10<i class=a>6</i> rows of data",
    "<p>The most is <i class=a>10</i>6 rows of data",
    "<p>The most is 10<b class=a><i>6</i></b> rows of data",
    "<p>The most is 1<i class=a>0</i>6 rows of data",
)

"""A change of what callers see of a public definition: the gate and the next document tell it."""

# ruff: noqa: E501  one change a line

import re
import sys
from datetime import date

import pytest

from footnotary.documents.impl import IMPL
from footnotary.documents.kinds import Context, Region
from footnotary.documents.what_changed import changes_between
from footnotary.facts.impl import API_FORM, ImplFacts
from footnotary.facts.options import ReadOptions
from footnotary.facts.stored import facts_bytes, parsed_facts, without_secrets_in
from footnotary.gating.freshness import judge_readings
from footnotary.project import Project
from footnotary.readers.impl import read_impl
from footnotary.rules.basis import Compared

BREAKS, CHANGED, NEW = "can break callers", "other change", "New: "
# What it was, what it is, how it is told, and words of the document.
CHANGES = {
    "parameter with default": ("def f(): ...", "def f(x: int = 3): ...", CHANGED, "`shop.a.f(x)`"),
    "required parameter": ("def f(): ...", "def f(x): ...", BREAKS, "added as required"),
    "parameter gone": ("def f(a, b): ...", "def f(a): ...", BREAKS, "`shop.a.f(b)`"),
    "swallowed parameter": ("def f(*, a): ...", "def f(**kw): ...", BREAKS, "`shop.a.f(a)`"),
    "parameter renamed": ("def f(a): ...", "def f(b): ...", BREAKS, "`shop.a.f(a)`"),
    "parameter moved": ("def f(a, b): ...", "def f(b, a): ...", BREAKS, "`shop.a.f(a)`"),
    "keyword only": ("def f(a, b): ...", "def f(a, *, b): ...", BREAKS, "`shop.a.f(b)`"),
    "positional too": ("def f(*, b): ...", "def f(b): ...", CHANGED, "kinds of parameters"),
    "variadic": ("def f(a): ...", "def f(a, *rest): ...", CHANGED, "`shop.a.f(rest)`"),
    "parameter's type": ("def f(a: int): ...", "def f(a: str): ...", CHANGED, "`int` | `str`"),
    "type gone": ("def f(a: int): ...", "def f(a): ...", CHANGED, "`shop.a.f(a)`"),
    "variadic's type": ("def f(*a: int): ...", "def f(*a: str): ...", CHANGED, "`shop.a.f(a)`"),
    "default": ("def f(a=3): ...", "def f(a=4): ...", BREAKS, "`3` | `4`"),
    "default gone": ("def f(a=3): ...", "def f(a): ...", BREAKS, "now required"),
    "default given": ("def f(a): ...", "def f(a=3): ...", CHANGED, "`shop.a.f(a)`"),
    "long default": (
        f"def f(a={['word'] * 30 + ['one']}): ...", f"def f(a={['word'] * 30 + ['two']}): ...",
        BREAKS, "'two'",
    ),
    "return type": ("def f() -> int: ...", "def f() -> str: ...", CHANGED, "`int` | `str`"),
    "return type gone": ("def f() -> int: ...", "def f(): ...", BREAKS, "`int`"),
    "async": ("def f(): ...", "async def f(): ...", CHANGED, "`async def`"),
    "base class": ("class C(A): ...", "class C(B): ...", CHANGED, "`A` | `B`"),
    "base class gone": ("class C(A, B): ...", "class C(A): ...", BREAKS, "Base class was removed"),
    "metaclass": ("class C(A): ...", "class C(A, metaclass=M): ...", CHANGED, "metaclass=M"),
    "new attribute": ("class C: ...", "class C:\n    x: int", NEW, "`shop.a.C.x`"),
    "new plain attribute": ("class C:\n    a = 1", "class C:\n    a = 1\n    b = 1", NEW, "`shop.a.C.b`"),
    "new attribute of instances": (
        "class C:\n    def __init__(self): ...", "class C:\n    def __init__(self):\n        self.x = 1",
        NEW, "`shop.a.C.x`",
    ),
    "attribute gone": ("class C:\n    x: int", "class C: ...", BREAKS, "`shop.a.C.x`"),
    "attribute's type": ("class C:\n    x: int", "class C:\n    x: str", CHANGED, "`int` | `str`"),
    "attribute's default": ("class C:\n    x: int", "class C:\n    x: int = 1", CHANGED, "`shop.a.C.x`"),
    "field's default": (
        "class C(M):\n    x: int = Field(gt=1)", "class C(M):\n    x: int = Field(1, gt=1)",
        CHANGED, "`shop.a.C.x`",
    ),
    "constructor": (
        "class C:\n    def __init__(self): ...", "class C:\n    def __init__(self, a): ...",
        BREAKS, "`shop.a.C(a)`",
    ),
    "constructor where there was none": (
        "class C: ...", "class C:\n    def __init__(self, a): ...", BREAKS, "`shop.a.C(a)`",
    ),
    "constructor that may be inherited now": (
        "class C(A):\n    def __init__(self, a): ...", "class C(A): ...",
        CHANGED, "Constructor of its own",
    ),
    "parameter of a constructor below a base": (
        "class C(A):\n    def __init__(self): ...", "class C(A):\n    def __init__(self, a): ...",
        BREAKS, "`shop.a.C(a)`",
    ),
    "method's type": (
        "class C:\n    def m(self, a: int): ...", "class C:\n    def m(self, a: str): ...",
        CHANGED, "`shop.a.C.m(a)`",
    ),
    "property": (
        "class C:\n    def m(self): ...", "class C:\n    @property\n    def m(self): ...",
        CHANGED, "`property`",
    ),
    "overload": (
        "@overload\ndef f(a: int): ...\ndef f(a): ...", "@overload\ndef f(a: str): ...\ndef f(a): ...",
        CHANGED, "Other signatures",
    ),
    "getter of a property": (
        "class C:\n    @property\n    def m(self) -> int: ...\n    @m.setter\n    def m(self, v): ...",
        "class C:\n    @property\n    def m(self) -> str: ...\n    @m.setter\n    def m(self, v): ...",
        CHANGED,
        "Other signatures",
    ),
    "special method": (
        "class C:\n    def __call__(self, a): ...", "class C:\n    def __call__(self, a, b): ...",
        CHANGED, "`shop.a.C`",
    ),
    "frozen": (
        "@dataclass\nclass C:\n    x: int", "@dataclass(frozen=True)\nclass C:\n    x: int",
        CHANGED, "frozen=True",
    ),
    "attributes at once": ("class C:\n    a = 1", "class C:\n    a, b = 1, 2", NEW, "`shop.a.C.b`"),
    "no longer exported": (
        "from os import sep\n__all__ = ['f', 'sep']\ndef f(): ...", "__all__ = ['f']\ndef f(): ...",
        CHANGED, "`shop.a.sep`",
    ),
    "exported": (
        "__all__ = ['f']\ndef f(): ...", "from os import sep\n__all__ = ['f', 'sep']\ndef f(): ...",
        NEW, "`shop.a.sep`",
    ),
    "nested class": (
        "class C:\n    class D:\n        x: int", "class C:\n    class D:\n        x: str",
        CHANGED, "`shop.a.C.D.x`",
    ),
    "function of a class's name": ("class f: ...", "def f(): ...", BREAKS, "`shop.a.f`"),
    "gone under a condition": (
        "if A:\n    def f(): ...\nelse:\n    f = None\ntry:\n    def g(): ...\nexcept E: ...",
        "if A:\n    def f(): ...\nelse:\n    f = None", BREAKS, "`shop.a.g`",
    ),
    "variant": (
        "if A:\n    def f(a): ...\nelse:\n    def f(a): ...",
        "if A:\n    def f(a): ...\nelse:\n    def f(a, b): ...", BREAKS, "`shop.a.f(b)`",
    ),
    "variant before the last one": (
        "if A:\n    def f(a): ...\nelse:\n    def f(a): ...",
        "if A:\n    def f(a, b): ...\nelse:\n    def f(a): ...", CHANGED, "Other signatures",
    ),
    "exported by a method": (
        "__all__ = ['f']\ndef f(): ...", "__all__ = ['f']\n__all__.extend(('g', 'h'))\ndef f(): ...",
        NEW, "`shop.a.g`",
    ),
    "gone": ("def f(): ...\ndef g(): ...", "def f(): ...", BREAKS, "`shop.a.g`"),
    "last one gone": ("def f(): ...", "", BREAKS, "`shop.a.f`"),
    "new": ("def f(): ...", "def f(): ...\ndef g(): ...", NEW, "`shop.a.g`"),
}  # fmt: skip
DAY = date(2026, 11, 23)
UNCHANGED = (
    "No change in names, parameters, defaults, annotations, bases and attributes of public"
    " definitions."
)


def read(root, code):
    """The facts of a package with one module, as they lie on disk."""
    (root / "shop").mkdir(exist_ok=True)
    (root / "shop/__init__.py").touch()
    (root / "shop/a.py").write_text(code + "\n")
    facts = without_secrets_in(read_impl(Project(root), ReadOptions()))
    return parsed_facts(ImplFacts, facts_bytes(facts))


def compared(before, after):
    """The document's section on the public API."""
    parts = IMPL.render(after, Context("shop", DAY, "S", before))
    return next(
        part.markdown for part in parts if isinstance(part, Region) and part.name == "changes"
    )


def gate(before, after):
    """What the gate says of a document with the earlier facts."""
    return judge_readings(before, after, lambda: after, {})


def as_form_1(facts):
    """Facts as footnotary wrote them before it kept signatures."""
    data = facts.model_dump(mode="json")
    data.pop("api_form")
    for one in data["api"]:
        for name in set(one) - {"scope", "path", "kind", "parameters"}:
            del one[name]
    return ImplFacts.model_validate(data)


@pytest.mark.slow
def test_every_kind_of_change_is_seen_by_gate_and_document(tmp_path):
    """None of them is silent; what breaks is told apart, what is new is listed."""
    wrong = []
    for kind, (old, new, told, words) in CHANGES.items():
        before, after = read(tmp_path, old), read(tmp_path, new)
        said, judged = compared(before, after), gate(before, after)
        listed = changes_between(before, after)
        if told not in said or words not in said or "No change" in said:
            wrong.append((kind, said))
        if not judged.changed or not re.search("public definition|module", judged.summary):
            wrong.append((kind, judged))
        if any(breaks for breaks, _ in listed) is not (told == BREAKS):
            wrong.append((kind, listed))
        assert UNCHANGED in compared(after, after)
        assert gate(after, after) == Compared()
    assert wrong == []


def test_the_form_of_code_is_no_change(tmp_path):
    """Quotes, layout, names in quotes, bodies and private names are not what callers see."""
    one = "def f(a: 'dict[str, int]' = {'k': 1}, *, b='x') -> \"C\": return 1\nclass C:\n    _y = 1"
    two = 'def f(\n    a: dict[str, int]={"k": 1},\n    *, b="x",\n) -> C: ...\nclass C:\n    _y: int = 2'
    before, after = read(tmp_path, one), read(tmp_path, two)
    assert before.api == after.api
    assert UNCHANGED in compared(before, after)
    assert gate(before, after).changed == ()


def test_a_definition_that_moves_under_a_condition_is_no_change(tmp_path):
    """It is still public; the counts, which leave it out, say so."""
    inside = (
        "try:\n    def f(a): ...\n    class C:\n        if A:\n            def m(self): ...\n"
        "except E: ..."
    )
    plain = "def f(a): ...\nclass C:\n    def m(self): ..."
    before, after = read(tmp_path, plain), read(tmp_path, inside)
    assert before.api == after.api
    assert UNCHANGED in compared(before, after)
    assert [one.summary["conditional"] for one in (before, after)] == [0, 3]
    parts = IMPL.render(after, Context("shop", DAY, "S"))
    assert any("3 definitions under a condition are not counted" in p.markdown for p in parts)


EXPORTS = {
    "__all__ = ['a']": ("a",),
    "__all__: list[str] = ['a']": ("a",),
    "__all__ = ('a', 'b')\n__all__ += ['c']": ("a", "b", "c"),
    "__all__ = ['a']\n__all__.append('b')\n__all__.extend(('c',))\n__all__.remove('a')": ("b", "c"),
    "__all__ = ['a']\n__all__ = [*__all__, 'b'] + ['c']": ("a", "b", "c"),
    "__all__ = ['a']\nif A:\n    __all__ += ['b']": ("a", "b"),
    "__all__ = ['a']\n__all__ = ['b']": ("b",),
    "__all__ = []": (),
    "__all__ = ['a'] + sub.__all__": ("a", None),
    "__all__ = ['a']\n__all__.extend(sub.__all__)": ("a", None),
    "__all__ = [name for name in dir()]": (None,),
    "__all__ = ['a', NAME]": ("a", None),
    "__all__ = ['a']\n__all__.append(NAME)": ("a", None),
    "__all__ += ['a']": ("a", None),
}


def test_what_a_module_exports_is_read_or_said_to_be_computed(tmp_path):
    """`__all__` is followed through its statements; what only running them tells is said."""
    for code, names in EXPORTS.items():
        facts = read(tmp_path, code)
        (module,) = (one for one in facts.modules if one.name == "shop.a")
        assert module.exported
        assert (*module.api, *([None] if module.computed else ())) == names, code
        text = "".join(part.markdown for part in IMPL.render(facts, Context("s", DAY, "S")))
        assert ("computed ones" in text) is module.computed
    assert "`__all__` where it is computed (1 module)" in compared(facts, facts)
    former = read(tmp_path, "__all__ = ['a', 'b', NAME]")
    assert "No change" in compared(former, facts)


@pytest.mark.slow
def test_facts_of_an_older_form_are_compared_by_what_they_have(tmp_path):
    """The first refresh after an update tells no change of its own; names and parameters count."""
    for old, new, _, _ in CHANGES.values():
        after = read(tmp_path, new)
        former = as_form_1(after)
        assert gate(former, after) == Compared()
        assert changes_between(former, after) == ()
        said = compared(former, after)
        assert "No change in names and parameters of public definitions." in said
        assert "older form: only names and parameters compared." in said
        assert "annotations" not in said
        judged = gate(as_form_1(read(tmp_path, old)), after)
        assert not any("older form" in words for words in judged.changed)
    before = as_form_1(read(tmp_path, "def f(a, b=1): ...\nclass C:\n    x: int"))
    after = read(tmp_path, "def f(a, b, c=1): ...\nclass C:\n    y: int")
    said = compared(before, after)
    assert "`shop.a.f(b)`" in said
    assert "`shop.a.f(c)`" in said
    assert "shop.a.C" not in said
    assert len(gate(before, after).changed) == 2


def test_what_is_not_shown_is_not_said_to_be_compared(tmp_path):
    """Two secrets as defaults are the same `…`; neither is in the facts, and it is told."""
    one, two = (
        read(tmp_path, f"def f(a, password='{word}', pin=4{len(word)}71): ...")
        for word in ("hunter2", "correct horse")
    )
    for facts in (one, two):
        assert not any(
            word in facts_bytes(facts) for word in (b"hunter2", b"horse", b"471", b"4137")
        )
    said = compared(one, two)
    assert "values that are not shown (1 definition)" in said
    assert "values that are not shown" not in compared(*[read(tmp_path, "def f(a=1): ...")] * 2)


def test_a_module_that_could_not_be_parsed_is_neither_gone_nor_new(tmp_path):
    """Nothing is known of what it defines."""
    whole, broken = read(tmp_path, "def f(a): ..."), read(tmp_path, "def f(:")
    for before, after in ((whole, broken), (broken, whole)):
        said = compared(before, after)
        assert "shop.a" not in said
        assert "modules that could not be parsed" in said


def test_a_module_that_is_gone_is_one_change(tmp_path):
    """What it defined is gone with it; a module that has lost its last definition is not."""
    other = tmp_path / "shop/sub/__init__.py"
    other.parent.mkdir(parents=True)
    other.write_text("def g(): ...\ndef h(): ...\n")
    before = read(tmp_path, "def f(): ...")
    other.write_text("")
    emptied = compared(before, read(tmp_path, "def f(): ..."))
    assert "2 changes can break callers" in emptied
    assert "`shop.sub.g`" in emptied
    other.unlink()
    gone = compared(before, read(tmp_path, "def f(): ..."))
    assert "1 change can break callers" in gone
    assert "`shop.sub`" in gone


def test_facts_are_alike_on_every_python(tmp_path):
    """Texts are the source's, normalised: the same on each Python that the tests run on."""
    code = """
class C(Base[int], metaclass=M, table=True):
    x: "list['Item']" = Field(default_factory=lambda: [])
    y = 1
    z: Annotated[int, Gt(1)] = ...
    def __init__(self, a: Literal["one"] = "one"):
        self.made: int = a
async def f(a: int | None, /, b: dict[str, "C"] = {}, *rest: int, c=f'{a["b"]!r:>{w}}{{x}}',
            d=lambda *, k=1: k, e=1e400, g=-1, h=(1,), i=x[a, *b], **kw: Unpack[K]) -> tuple[int, ...]: ...
"""
    made, function = read(tmp_path, code).api
    assert made.bases == ("Base[int]", "metaclass=M", "table=True")
    assert [(one.name, one.type, one.has_default) for one in made.attributes] == [
        ("made", "int", False),
        ("x", "list[Item]", True),
        ("y", "", True),
        ("z", "Annotated[int, Gt(1)]", False),
    ]
    assert [(one.name, one.type, one.default) for one in made.signature] == [
        ("a", "Literal['one']", "'one'")
    ]
    assert (function.is_async, function.returns) == (True, "tuple[int, ...]")
    assert [(one.name, one.type, one.default) for one in function.signature] == [
        ("a", "int | None", ""),
        ("/", "", ""),
        ("b", "dict[str, C]", "{}"),
        ("*rest", "int", ""),
        ("c", "", "f\"{a['b']!r:>{w}}{{x}}\""),
        ("d", "", "lambda *, k=1: k"),
        ("e", "", "1e309"),
        ("g", "", "-1"),
        ("h", "", "(1,)"),
        ("i", "", "x[a, *b]"),
        ("**kw", "Unpack[K]", ""),
    ]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="`type` is a statement since 3.12")
def test_a_type_statement_in_a_class_is_an_attribute(tmp_path):
    """As where an older Python has it from the project's interpreter: an assignment."""
    (made,) = read(tmp_path, "class C:\n    type X = int").api
    assert [(one.name, one.has_default) for one in made.attributes] == [("X", True)]


def test_the_form_is_told_in_the_facts(tmp_path):
    """Facts of today say which fields they have; those without that are of form 1."""
    facts = read(tmp_path, "def f(): ...")
    assert (facts.api_form, as_form_1(facts).api_form) == (API_FORM, 1)
    assert facts.lacking() == frozenset()

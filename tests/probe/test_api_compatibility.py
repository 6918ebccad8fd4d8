# ruff: noqa: E501  one edit a line
"""Compatibility of schemas is that of their values: random edits against a validator of others.

A value that was accepted and is refused breaks who sends, one that was refused and is accepted
breaks who is given it. `FOOTNOTARY_EDITS=5000` makes more edits than the suite does.

Beyond that, a field that is gone is breaking; and a model that is referred to is judged by itself,
though what it takes no longer may be taken by another member of the union around it. So is a limit
beside a condition: that something breaks is said of each, and that nothing does of both together.
"""

import copy
import json
import os
import random
import re
import string
from collections import Counter

import jsonschema
import pytest

from footnotary.documents.api.compatibility import Comparison, ValuePlace
from footnotary.documents.api.subtyping import worst
from footnotary.documents.api.variants import World
from footnotary.facts.shapes import normal_shape

pytestmark = pytest.mark.slow

PATTERNS = ("^a", "^[a-z]+$", "^[0-9]{2}$", "x")
FORMATS = {
    "uuid": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "ipv4": re.compile(r"(\d{1,3}\.){3}\d{1,3}"),
}
TEXTS = ["", "a", "ab", "abc", "x", "xa", "axz", "12", "7", "2026-01-31", "192.0.2.1", "true",
         "3fa85f64-5717-4562-b3fc-2c963f66afa6", "a" * 9, "x" * 30, "x" * 60, "a" * 50]  # fmt: skip
NUMBERS = [*range(-2, 13), -30, -10, 15, 20, 25, 30, 99, 100, 990, 1000, 0.5, 1.5, 2.25, 3.5, 7.5]
VALUES = ["a", "b", "c", "d", 1, 2, 3, None, True]
NAMES = ["p", "q", "r", "s"]
CHECKER = jsonschema.FormatChecker(formats=())
for NAME, FORM in FORMATS.items():
    CHECKER.checks(NAME)(lambda value, form=FORM: not isinstance(value, str)
                         or form.fullmatch(value) is not None)  # fmt: skip


class Maker:
    """Random schemas and values, all from one seed."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def schema(self, depth=0):
        """A random schema."""
        kinds = ["integer", "number", "string", "boolean", "enum", "text"]
        if depth < 2:
            kinds += ["array", "object", "object", "union", "null", "ref", "all", "tuple", "map"]
        kind = self.dice.choice(kinds if depth else ["object", "array", "union", *kinds])
        return getattr(self, f"_{kind}")(depth)

    def _integer(self, _depth):
        found = {"type": "integer"}
        if self.dice.random() < 0.5:
            found["minimum"] = self.dice.choice([0, 1, 3])
        if self.dice.random() < 0.5:
            found["maximum"] = self.dice.choice([10, 20, 500])
        if self.dice.random() < 0.2:
            found["multipleOf"] = self.dice.choice([2, 5])
        return found

    def _number(self, depth):
        found = self._integer(depth) | {"type": "number"}
        if self.dice.random() < 0.3:
            found["exclusiveMinimum"] = self.dice.choice([0, 1])
        return found

    def _string(self, _depth):
        found = {"type": "string"}
        word = self.dice.choice(["", "minLength", "maxLength", "pattern", "format"])
        values = {"minLength": [1, 2], "maxLength": [3, 10], "pattern": PATTERNS,
                  "format": sorted(FORMATS)}  # fmt: skip
        return found | ({word: self.dice.choice(values[word])} if word else {})

    def _text(self, _depth):
        return {"type": "string"}

    def _boolean(self, _depth):
        return {"type": "boolean"}

    def _enum(self, _depth):
        return {"enum": self.dice.sample(VALUES, self.dice.randint(1, 5))}

    def _array(self, depth):
        found = {"type": "array", "items": self.schema(depth + 1)}
        if self.dice.random() < 0.3:
            found["minItems"] = 1
        if self.dice.random() < 0.3:
            found["maxItems"] = self.dice.choice([2, 3])
        if self.dice.random() < 0.1:
            found["contains"] = self.dice.choice([{"minimum": 2}, {"maxLength": 3}])
        return found

    def _tuple(self, depth):
        return {"type": "array", "prefixItems": [self.schema(depth + 1), self.schema(depth + 1)]}

    def _map(self, depth):
        return {"type": "object", "additionalProperties": self.schema(depth + 1)}

    def _object(self, depth):
        names = self.dice.sample(NAMES, self.dice.randint(1, 3))
        found = {"type": "object", "properties": {name: self.schema(depth + 1) for name in names}}
        found["required"] = [name for name in names if self.dice.random() < 0.5]
        if self.dice.random() < 0.25:
            found["additionalProperties"] = False
        first, last = names[0], names[-1]
        words = {"propertyNames": {"pattern": "^[pqrs_A-Z]"}, "patternProperties": {"^_": {"type": "integer"}},
                 "dependentRequired": {first: [last]}, "dependentSchemas": {last: {"maxProperties": 3}},
                 "if": {"required": [first]}, "not": {"required": names}}  # fmt: skip
        for word in self.dice.sample(sorted(words), self.dice.choice([0, 0, 0, 1, 2])):
            if word != "not" or {*names} - {*found["required"]}:
                found |= {word: words[word]} | (
                    {"then": {"required": [last]}} if word == "if" else {}
                )
        return found

    def _union(self, depth):
        made = {"integer": self._integer, "string": self._string, "array": self._array,
                "object": self._object, "boolean": self._boolean}  # fmt: skip
        kinds = self.dice.sample(sorted(made), self.dice.randint(2, 3))
        word = self.dice.choice(["anyOf", "oneOf"])
        return {word: [made[kind](depth + 1) for kind in kinds]}

    def _null(self, depth):
        return {"anyOf": [self.schema(depth + 1), {"type": "null"}]}

    def _ref(self, _depth):
        return {"$ref": f"#/components/schemas/{self.dice.choice(['A', 'B'])}"}

    def _all(self, depth):
        one = self._object(depth + 1)
        one.pop("additionalProperties", None)
        return {"allOf": [one, {"type": "object", "required": [self.dice.choice(NAMES)]}]}

    def value(self, schema, whole, depth=0):  # noqa: PLR0911  one return a form
        """A value that a schema is likely to accept, often one at its bounds."""
        dice = self.dice
        if schema is True or not isinstance(schema, dict) or depth > 6:
            return dice.choice([1, "a", None, [], {}, 2.5, True])
        if "$ref" in schema:
            return self.value(whole["components"]["schemas"][schema["$ref"][-1]], whole, depth + 1)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self.value(dice.choice(schema[word]), whole, depth + 1)
        if "allOf" in schema:
            found = [self.value(one, whole, depth + 1) for one in schema["allOf"]]
            if all(isinstance(one, dict) for one in found):
                return {key: one for part in reversed(found) for key, one in part.items()}
            return found[0]
        if "enum" in schema or "const" in schema:
            return dice.choice(schema.get("enum") or [schema["const"]])
        kind = schema.get("type")
        kind = dice.choice(kind) if isinstance(kind, list) else kind
        return self._typed(kind, schema, whole, depth)

    def _typed(self, kind, schema, whole, depth):  # noqa: PLR0911  one return a kind
        dice = self.dice
        if kind in ("integer", "number"):
            edges = [schema[w] + d for w in ("minimum", "maximum", "exclusiveMinimum",
                     "exclusiveMaximum") if w in schema for d in (-1, 0, 1)]  # fmt: skip
            steps = (
                [schema["multipleOf"] * n for n in (0, 1, 2, 3)] if "multipleOf" in schema else []
            )
            return dice.choice([*NUMBERS, *edges, *edges, *steps * 6])
        if kind == "string":
            lengths = [schema[w] for w in ("minLength", "maxLength") if w in schema]
            form = FORMATS.get(schema.get("format"))
            fitting = [one for one in TEXTS if form and form.fullmatch(one)]
            return dice.choice(
                [*TEXTS, *("b" * n for n in lengths for _ in range(4)), *fitting * 9]
            )
        if kind == "boolean":
            return dice.choice([True, False])
        if kind == "array":
            fixed = [self.value(one, whole, depth + 1) for one in schema.get("prefixItems", ())]
            counts = [
                0,
                1,
                2,
                6,
                schema.get("minItems", 0),
                schema.get("maxItems", 4) + dice.choice([0, 1]),
            ]
            count = dice.choice(counts)
            more = range(max(count - len(fixed), 0))
            if fixed[:count] == [] and dice.random() < 0.3:  # many that are alike fit, if one does
                return [self.value(schema.get("items", True), whole, depth + 1)] * count
            return fixed[:count] + [
                self.value(schema.get("items", True), whole, depth + 1) for _ in more
            ]
        if kind == "object":
            return self._fields(schema, whole, depth)
        return None

    def _fields(self, schema, whole, depth):
        dice = self.dice
        needed, fields = schema.get("required", ()), schema.get("properties", {})
        rest = schema.get("additionalProperties", True)
        share = dice.choice([0, 0.5, 1])
        found = {n: self.value(one, whole, depth + 1) for n, one in fields.items()
                 if n in needed or dice.random() < share}  # fmt: skip
        found |= {n: self.value(rest, whole, depth + 1) for n in needed if n not in found}
        if isinstance(rest, dict):
            found |= {n: self.value(rest, whole, depth + 1) for n in NAMES if dice.random() < 0.4}
        if dice.random() < 0.4 and rest is not False:
            names = [
                letter * 2 for letter in dice.sample(string.ascii_uppercase, dice.choice([1, 1, 3]))
            ]
            found |= {name: self.value(rest, whole, depth + 1) for name in [*names, "_a"]}
        for pattern, one in schema.get("patternProperties", {}).items():
            fitting = [name for name in ("_a", "_b") if re.search(pattern, name)]
            found |= {n: self.value(one, whole, depth + 1) for n in fitting if dice.random() < 0.6}
        return found


def nodes(value):
    """Every schema in a document, each to be edited in place."""
    for one in value["components"]["schemas"].values():
        yield from below(one)


def below(schema):
    """A schema and those in it."""
    if isinstance(schema, dict):
        yield schema
        for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
            for one in schema.get(word, ()):
                yield from below(one)
        for one in schema.get("properties", {}).values():
            yield from below(one)
        for word in ("items", "additionalProperties"):
            yield from below(schema.get(word))


def is_kind(*kinds):
    """Whether a node is of a kind."""
    return lambda node: node.get("type") in kinds


def having(word):
    """Whether a node has a word."""
    return lambda node: node.get(word) not in (None, [], {})


def put(word, *values):
    """An edit that sets a word; to true where no value is given."""
    return lambda node, dice, _: node.update({word: dice.choice(values or [True])})


def drop(word):
    """An edit that takes a word away."""
    return lambda node, _dice, _: node.pop(word)


def shift(word, *steps):
    """An edit that moves a number."""
    return lambda node, dice, _: node.update({word: max(node[word] + dice.choice(steps), 0)})


def become(**words):
    """An edit that makes a node another one."""
    return lambda node, _dice, _: (node.clear(), node.update(copy.deepcopy(words)))


def wrap(word, *others):
    """An edit that puts a node into a union or an intersection."""

    def edit(node, _dice, _):
        inner = dict(node)
        node.clear()
        node[word] = [inner, *copy.deepcopy(others)]

    return edit


def add_field(*, required):
    """An edit that adds a field."""

    def edit(node, dice, maker):
        free = [name for name in NAMES if name not in node.get("properties", {})]
        if free:
            name = dice.choice(free)
            node.setdefault("properties", {})[name] = maker.schema(2)
            node["required"] = [*node.get("required", ()), *[name] * required]

    return edit


def drop_field(node, dice, _):
    """A field is gone."""
    name = dice.choice(sorted(node["properties"]))
    del node["properties"][name]
    node["required"] = [one for one in node.get("required", ()) if one != name]


def toggle_required(node, dice, _):
    """A field becomes required or optional."""
    name = dice.choice(sorted(node["properties"]))
    needed = set(node.get("required", ()))
    node["required"] = sorted(needed ^ {name})


def other_reference(node, _dice, _):
    """A reference is to another model."""
    node["$ref"] = node["$ref"][:-1] + ("B" if node["$ref"].endswith("A") else "A")


def in_place(node, _dice, maker):
    """What was referred to is written in place."""
    target = copy.deepcopy(maker.whole["components"]["schemas"][node.pop("$ref")[-1]])
    node.update(target)


def member_gone(word):
    """An edit that takes a member of a list away."""
    return lambda node, dice, _: len(node[word]) > 1 and node[word].remove(dice.choice(node[word]))


def member_new(word, value):
    """An edit that adds a member to a list."""
    return lambda node, _dice, _: node[word].append(copy.deepcopy(value))


def turned(word):
    """An edit that turns a list around."""
    return lambda node, _dice, _: node[word].reverse()


CLOSED = (False,)
CONDITIONS = ("not", "if", "contains", "propertyNames", "dependentRequired", "dependentSchemas",
              "patternProperties")  # fmt: skip
NUMERIC, TEXT, LIST, OBJECT = (is_kind("integer", "number"), is_kind("string"), is_kind("array"),
                               is_kind("object"))  # fmt: skip
FIELDS = having("properties")


def OF_P(node):  # noqa: N802  as the others
    """Whether an object has the field that conditions are about."""
    return "p" in node.get("properties", {})


EDITS = {
    "minimum set": (NUMERIC, put("minimum", 0, 2, 5)),
    "minimum moved": (having("minimum"), shift("minimum", -1, 1, 2)),
    "minimum gone": (having("minimum"), drop("minimum")),
    "maximum set": (NUMERIC, put("maximum", 4, 30, 900)),
    "maximum moved": (having("maximum"), shift("maximum", -5, -1, 1, 5)),
    "maximum gone": (having("maximum"), drop("maximum")),
    "exclusive minimum set": (NUMERIC, put("exclusiveMinimum", 0, 1)),
    "exclusive maximum set": (NUMERIC, put("exclusiveMaximum", 9, 10)),
    "exclusive minimum gone": (having("exclusiveMinimum"), drop("exclusiveMinimum")),
    "step set": (NUMERIC, put("multipleOf", 2, 3, 5, 10)),
    "step gone": (having("multipleOf"), drop("multipleOf")),
    "integer to number": (is_kind("integer"), put("type", "number")),
    "number to integer": (is_kind("number"), put("type", "integer")),
    "number to string": (NUMERIC, become(type="string")),
    "string to integer": (TEXT, become(type="integer")),
    "length set": (TEXT, put("minLength", 1, 2)),
    "length limited": (TEXT, put("maxLength", 2, 9, 40)),
    "length moved": (having("maxLength"), shift("maxLength", -1, 1)),
    "length gone": (having("maxLength"), drop("maxLength")),
    "pattern set": (TEXT, put("pattern", *PATTERNS)),
    "pattern gone": (having("pattern"), drop("pattern")),
    "format set": (TEXT, put("format", *sorted(FORMATS))),
    "format gone": (having("format"), drop("format")),
    "string to enum": (TEXT, put("enum", ["a", "b"], ["abc"])),
    "enum gone": (lambda node: TEXT(node) and "enum" in node, drop("enum")),
    "value gone": (having("enum"), member_gone("enum")),
    "value new": (having("enum"), member_new("enum", "zz")),
    "values turned": (having("enum"), turned("enum")),
    "one value": (having("enum"), lambda n, d, _: n.update(enum=[d.choice(n["enum"])])),
    "boolean to string": (is_kind("boolean"), become(type="string")),
    "items at least": (LIST, put("minItems", 1, 2)),
    "items at least gone": (having("minItems"), drop("minItems")),
    "items at most": (LIST, put("maxItems", 1, 2, 5)),
    "items at most gone": (having("maxItems"), drop("maxItems")),
    "items unique": (LIST, put("uniqueItems")),
    "items any": (having("items"), drop("items")),
    "tuple longer": (having("prefixItems"), member_new("prefixItems", {"type": "integer"})),
    "tuple shorter": (having("prefixItems"), member_gone("prefixItems")),
    "list to object": (LIST, become(type="object", properties={"p": {"type": "string"}})),
    "field new": (FIELDS, add_field(required=False)),
    "field new and required": (FIELDS, add_field(required=True)),
    "field gone": (FIELDS, drop_field),
    "field required or not": (FIELDS, toggle_required),
    "fields closed": (OBJECT, put("additionalProperties", *CLOSED)),
    "fields opened": (lambda n: n.get("additionalProperties") is False,
                      drop("additionalProperties")),
    "fields of a type": (lambda n: OBJECT(n) and "additionalProperties" not in n,
                         put("additionalProperties", {"type": "string"}, {"type": "integer"})),
    "map to any": (lambda n: isinstance(n.get("additionalProperties"), dict),
                   drop("additionalProperties")),
    "fields at least": (OBJECT, put("minProperties", 1, 2)),
    "fields at most": (OBJECT, put("maxProperties", 2, 3)),
    "null too": (having("type"), wrap("anyOf", {"type": "null"})),
    "null no longer": (lambda n: {"type": "null"} in n.get("anyOf", ()),
                       lambda n, _d, _: n["anyOf"].remove({"type": "null"})),
    "null in the type": (is_kind("string", "integer"), lambda n, _d, _: n.update(
        type=[n["type"], "null"])),
    "member gone": (having("oneOf"), member_gone("oneOf")),
    "alternative gone": (having("anyOf"), member_gone("anyOf")),
    "alternative new": (having("anyOf"), member_new("anyOf", {"type": "boolean"})),
    "alternatives turned": (having("anyOf"), turned("anyOf")),
    "one of to any of": (having("oneOf"), lambda n, _d, _: n.update(anyOf=n.pop("oneOf"))),
    "intersection": (OBJECT, wrap("allOf", {"type": "object", "required": ["p"]})),
    "part gone": (having("allOf"), member_gone("allOf")),
    "wrapped alone": (having("type"), wrap("allOf")),
    "other model": (having("$ref"), other_reference),
    "written in place": (having("$ref"), in_place),
    "excluded": (having("type"), put("not", {"const": "a"}, {"type": "integer"}, {"enum": ["a", 1]}, {"minimum": 5})),
    "excluded otherwise": (having("not"), put("not", {"const": 1}, {"enum": ["a", "b", 1]}, {"type": "null"})),
    "no longer excluded": (having("not"), drop("not")),
    "item asked for": (LIST, put("contains", {"type": "string"}, {"const": "a"}, {"type": "integer", "minimum": 3})),
    "other item asked for": (having("contains"), put("contains", {"type": "number"}, {"enum": ["a", "b", 1]})),
    "item no longer asked for": (having("contains"), drop("contains")),
    "names limited": (OBJECT, put("propertyNames", {"enum": ["p", "q"]}, {"pattern": "^[pqr]"})),
    "names limited otherwise": (having("propertyNames"), put("propertyNames", {"pattern": "^[pqA-Z]"}, {"enum": ["p"]})),
    "names by pattern": (OBJECT, put("patternProperties", {"^_": {"type": "string"}}, {"^_": {"type": "integer"}})),
    "names by pattern wider": (having("patternProperties"), put("patternProperties", {"^_": {}}, {"^_": {"type": "number"}})),
    "field asks for another": (OF_P, put("dependentRequired", {"p": ["q"]}, {"q": ["p", "r"]})),
    "field asks for a schema": (OF_P, put("dependentSchemas", {"p": {"required": ["q"]}}, {"q": {"maxProperties": 2}})),
    "condition": (OF_P, lambda n, d, _: n.update({"if": {"required": ["p"]}, "then": {"required": ["q"]}})),
    "condition otherwise": (having("if"), put("then", {"required": ["r"]}, {"maxProperties": 3}, {})),
    "no other fields": (having("properties"), put("unevaluatedProperties", *CLOSED)),
    "described": (lambda n: "$ref" not in n, put("description", "words", "others")),
    "example": (having("type"), put("examples", [1])),
    "read only": (lambda n: having("type")(n) and n.get("type") != "null", put("readOnly")),
    "write only": (having("type"), put("writeOnly")),
}  # fmt: skip


def shown(schema, *, sent):
    """A schema without the fields that do not go this way."""
    hidden = "readOnly" if sent else "writeOnly"
    if isinstance(schema, list):
        return [shown(one, sent=sent) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: shown(one, sent=sent) if key not in ("enum", "examples") else one
             for key, one in schema.items()}  # fmt: skip
    if isinstance(found.get("properties"), dict):
        out = {n for n, one in found["properties"].items() if hidden in one}
        found["properties"] = {n: one for n, one in found["properties"].items() if n not in out}
        found["required"] = [n for n in found.get("required", ()) if n not in out]
    return found


def closed(schema):
    """A schema whose open objects have no fields but those it declares, and some that none does.

    That is what is compared of them: a field that only the other schema declares is not sent.
    """
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = ("enum", "examples", "allOf", "if", "then", "not", "contains", "dependentSchemas",
            "dependentRequired", "propertyNames")  # fmt: skip
    found = {key: one if key in kept else closed(one) for key, one in schema.items()}
    if found.get("type") == "object" and "additionalProperties" not in found:
        shown = {"^[A-Z]{2}$": True, "^_": True, **found.get("patternProperties", {})}
        found |= {"patternProperties": shown, "additionalProperties": False}
    return found


def is_refused(source, target, maker, tries):
    """Whether a value of one document's schema is refused by the other's; and it."""
    accepted, refusing = (
        jsonschema.Draft202012Validator(
            {**one, "$ref": "#/components/schemas/R"}, format_checker=CHECKER
        )
        for one in (closed(source), target)
    )
    for _ in range(tries):
        value = maker.value({"$ref": "#/components/schemas/R"}, source)
        if accepted.is_valid(value) and not refusing.is_valid(value):
            return [value]
    return None


def told(before, after, *, sent):
    """What is said of two documents: the verdict, and the words."""
    worlds = [World({f"#/components/schemas/{name}": normal_shape(one)
                     for name, one in side["components"]["schemas"].items()}, sent=sent)
              for side in (before, after)]  # fmt: skip
    way = Comparison(*worlds)
    root = "#/components/schemas/R"
    found = list(way.compare({"$ref": root}, {"$ref": root}, ValuePlace("it")))
    found += [one for _, _, aspects in way.models() for one in aspects]
    gone = [one for one in found if one.words.endswith("is gone")]
    rest = [one for one in found if one not in gone]
    verdict = worst(one.narrower if sent else one.wider for one in rest)
    shape = {"$ref": root}
    escapes = way.subtyping.escapes(shape, shape, back=not sent)
    if verdict is True and escapes is False:
        verdict = None  # a model is judged by itself, wherever it is
    return verdict, bool(gone), [one.words for one in found]


def judged(seed):
    """One random edit: its kind, and each way in which the two verdicts differ."""
    maker = Maker(seed)
    before = {"components": {"schemas": {}}}
    for name in "BAR":
        made = maker.schema(1 if name != "R" else 0)
        while '"$ref"' in str(made).replace("'", '"') and name != "R":
            made = maker.schema(2)
        before["components"]["schemas"][name] = made
    maker.whole = before
    after = copy.deepcopy(before)
    kinds = sorted(EDITS)
    maker.dice.shuffle(kinds)
    for kind in kinds:
        fits, edit = EDITS[kind]
        if found := [node for node in nodes(after) if fits(node)]:
            break
    edit(maker.dice.choice(found), maker.dice, maker)
    differing = []
    for sent in (True, False):
        old, new = (shown(side, sent=sent) for side in (before, after))
        source, target = (old, new) if sent else (new, old)
        verdict, gone, words = told(before, after, sent=sent)
        refused = is_refused(source, target, maker, 60 if verdict is not True else 2000)
        if verdict is None or bool(refused) == verdict or (gone and refused):
            continue
        if verdict and any(f'"{word}"' in json.dumps([before, after]) for word in CONDITIONS):
            continue  # a limit is judged by itself, whatever a condition beside it leaves of it
        differing.append((sent, verdict, words, refused, before, after))
    return kind, differing


def test_verdicts_are_those_of_random_values():
    """No edit is judged otherwise than values do; a field that is gone is told apart."""
    counts = Counter()
    wrong = []
    for seed in range(int(os.environ.get("FOOTNOTARY_EDITS", "250"))):
        kind, differing = judged(seed)
        counts[kind] += 1
        wrong += [(kind, seed, one) for one in differing]
    assert len(EDITS) >= 40
    assert len(counts) > 0.7 * len(EDITS)
    assert not wrong, wrong[0]

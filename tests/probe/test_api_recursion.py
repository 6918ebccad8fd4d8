"""Models that contain themselves in place: comparing them and making examples of them ends."""

import copy
import json
import random
import time

import pytest

from footnotary.documents.api.changes import compare_apis
from footnotary.documents.api.json_values import Budget, TooLarge
from footnotary.documents.api.samples import make_value
from footnotary.documents.api.subtyping import Subtyping
from footnotary.documents.api.variants import World
from footnotary.facts.shapes import normal_shape
from footnotary.probe.openapi import api_facts

MODELS = "#/components/schemas/"
A = {"$ref": f"{MODELS}A"}
SEEDS = 16
LIMIT = 1.0  # seconds of CPU for one comparison


def whole(models):
    """A document that takes and gives a model."""
    content = {"application/json": {"schema": A}}
    operation = {"requestBody": {"content": content},
                 "responses": {"200": {"description": "", "content": content}}}  # fmt: skip
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
            "paths": {"/x": {"post": operation}}, "components": {"schemas": models}}  # fmt: skip


def compared(before, after):
    """What is said of two sets of models, within the limit."""
    sides = [api_facts(whole(copy.deepcopy(one))) for one in (before, after)]
    start = time.process_time()
    found = compare_apis(*sides)
    assert time.process_time() - start < LIMIT
    return {words.replace("`", ""): told for told, words in found}


class Maker:
    """Random models that contain themselves and each other."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def schema(self, depth=3):
        """A schema with references to models in it."""
        if not depth or self.dice.random() < 0.15:
            other = {"$ref": f"{MODELS}B"}
            return self.dice.choice([A, other, {"type": "string"}, {"type": "integer"},
                                     {"enum": ["a", "b"]}, {"minProperties": 1}])  # fmt: skip
        word = self.dice.choice(["allOf", "anyOf", "oneOf", "items", "additionalProperties",
                                 "properties", "properties"])  # fmt: skip
        many = self.dice.randint(2, 3)
        if word in ("allOf", "anyOf", "oneOf"):
            return {word: [self.schema(depth - 1) for _ in range(many)]}
        if word == "properties":
            names = self.dice.sample("xyzuvw", many)
            needed = names[: self.dice.randint(0, many)]
            fields = {name: self.schema(depth - 1) for name in names}
            return {"type": "object", "properties": fields, "required": needed}
        return {"type": "array" if word == "items" else "object", word: self.schema(depth - 1)}

    def models(self):
        """Two models."""
        return {name: {"type": "object", "properties": {key: self.schema() for key in "xyz"}}
                for name in "AB"}  # fmt: skip


@pytest.mark.slow
def test_random_models_that_contain_themselves_are_compared_in_time():
    """Whatever contains itself by allOf, anyOf, oneOf, items and maps, an edit is told in time."""
    changed = 0
    for seed in range(SEEDS):
        before = Maker(seed).models()
        after = json.loads(json.dumps(before).replace('"string"', '"boolean"'))
        after["A"]["properties"]["new"] = {"type": "string"}
        after["A"]["required"] = ["new"]
        found = compared(before, after)
        assert True in found.values() or None in found.values(), seed
        changed += "A.new is new and required" in found
        json.dumps(make_value(A, whole(before)))
        world = World({MODELS + name: normal_shape(one) for name, one in before.items()}, sent=True)
        assert world.accepts({"x": None, "y": {}}, A) in (True, False, None)
    assert changed > 0.8 * SEEDS


def itself(kind):
    """A model whose fields are itself and an alternative, which the model says already."""
    either = {"anyOf": [{"properties": {"x": A}}, {"properties": {"y": {"type": kind}}}]}
    return {"A": {"type": "object", "properties": {key: {"allOf": [A, either]} for key in "xyz"}}}


def diamond(kind):
    """Models each of which contains the next one twice."""
    found = {f"B{at}": {"allOf": [{"$ref": f"{MODELS}B{at + 1}"}] * 2} for at in range(30)}
    told = {"type": "object", "required": ["t"], "properties": {"t": {"type": kind}}}
    more = {"properties": {"z": {"type": kind}}}
    return found | {"B30": told, "A": {"allOf": [{"$ref": f"{MODELS}B0"}, more]}}


def wide(kind):
    """A union of many objects, all of which change."""
    return {"A": {"oneOf": [
        {"type": "object", "required": [f"q{at}"], "properties": {f"q{at}": {"type": kind}}}
        for at in range(300)]}}  # fmt: skip


def listed(kind):
    """A large enumeration, of which one value changes."""
    return {"A": {"enum": [*(f"v{at}" for at in range(1500)), kind]}}


@pytest.mark.slow
@pytest.mark.parametrize("model", [diamond, wide])
def test_what_is_too_large_is_said_not_to_be_compared(model):
    """Past the budget nothing is called equal; what it refers to is judged as used."""
    found = compared(model("string"), model("integer"))
    assert [one for one, told in found.items() if told is None] == ["A was not compared: too large"]
    assert found.get("B30.t: type string → integer", True) is True


@pytest.mark.slow
def test_what_contains_itself_is_told_exactly():
    """The alternative of a model with itself is within the model: the other one changes nothing."""
    assert compared(itself("string"), itself("integer")) == {}
    assert set(compared(listed("string"), listed("integer")).values()) == {True}


def test_a_change_in_a_model_inside_itself_is_told_once():
    """What contains itself beside a limit is not followed into itself again."""
    sides = [
        {"A": {"type": "object", "properties": {
            "x": {"allOf": [A, {"minProperties": least}]}, "y": {"type": kind}}}}
        for kind, least in (("string", 1), ("integer", 2))
    ]  # fmt: skip
    assert compared(*sides) == {
        "A.x: limits properties ≥ 1 → properties ≥ 2, narrower": True,
        "A.x.y: type string → integer": True,
        "A.y: type string → integer": True,
    }


def test_what_was_assumed_is_forgotten_where_it_does_not_hold():
    """An answer that rests on another that turned out wrong is asked again."""
    m, k = ({"$ref": MODELS + name} for name in "MK")

    def world(kind):
        models = {
            "M": {"type": "object", "required": ["k", "t"],
                  "properties": {"k": k, "t": {"type": kind}}},
            "K": {"type": "object", "properties": {"m": m}},
        }  # fmt: skip
        return World({MODELS + one: normal_shape(made) for one, made in models.items()}, sent=True)

    told = Subtyping(world("string"), world("integer"))
    covered = {"anyOf": [{"type": "object", "properties": {"m": one}} for one in (m, {})]}
    shape = normal_shape({"type": "object", "properties": {"p": covered, "q": k}})
    assert told.escapes(shape["properties"]["p"], shape["properties"]["p"]) is False
    assert told.escapes(shape, shape) is True


def test_what_is_left_of_a_share_is_kept():
    """A share of a budget bounds what runs inside, and takes from the whole what that spent."""
    budget = Budget(100)
    with budget.share(10):
        budget.spend(4)
    assert budget.left == 96
    with pytest.raises(TooLarge), budget.share(10):
        budget.spend(11)
    assert budget.left == 86


def test_examples_of_models_that_need_each_other_are_small():
    """Many required models in each other, and lists of lists, give no endless example."""
    names = [f"M{at}" for at in range(20)]
    fields = {name: {"$ref": MODELS + name} for name in names}
    models = {name: {"type": "object", "required": names, "properties": fields} for name in names}
    models["A"] = models["M0"]
    deep = {"type": "string"}
    for _ in range(7):
        deep = {"type": "array", "minItems": 20, "items": deep}
    for schema in (A, deep, {"type": "array", "minItems": 20, "items": A}):
        assert len(json.dumps(make_value(schema, whole(models)))) < 100_000
    circle = {"allOf": [A, A, A, {"type": "object"}]}
    assert make_value(A, whole({"A": circle})) == {}

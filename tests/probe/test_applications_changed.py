# ruff: noqa: E501  one case a line
"""What FastAPI and pydantic make of a change of code, and what is said of it."""

import copy
import re
import textwrap
from html import unescape

import pytest

from footnotary.documents.api.changes import compare_apis
from footnotary.probe.openapi import api_facts
from tables import each_row

HEAD = """
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal
from fastapi import APIRouter, Body, Depends, FastAPI, File, Form, Header, Query, UploadFile
from fastapi.security import APIKeyHeader, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, computed_field
app = FastAPI(title="x")
"""
MODEL = "class I(BaseModel):\n    {}\n@app.post('/i')\ndef f(i: I) -> {}: ...\n"
QUERY = "@app.get('/i')\ndef f(q: {}) -> int: ...\n"
NESTED = "class S(BaseModel):\n    {}\nclass I(BaseModel):\n    s: list[S] | None\n@app.post('/i')\ndef f(i: I) -> {}: ...\n"
MANY = ", ".join(f"'v{number:02}'" for number in range(30))
TAGGED = ("class A(BaseModel):\n    k: Literal['a']\nclass B(BaseModel):\n    k: Literal['b']\n"
          "@app.post('/i')\ndef f(i: {}) -> int: ...\n")  # fmt: skip
CASES = {
    "another name": (MODEL.format("a: int", "I"), MODEL.format("a: int", "I").replace("I", "Zebra"), []),
    "an enum in place": (
        "class C(str, Enum):\n    a = 'a'\n    b = 'b'\n" + MODEL.format("c: C", "int"),
        MODEL.format("c: Literal['a', 'b']", "int"), []),
    "input and output": (
        NESTED.format("n: int", "I"),
        NESTED.format("n: int\n    @computed_field\n    @property\n    def twice(self) -> int: return 2", "I"),
        ["S-Output.twice is new"]),
    "wider in a list": (MODEL.format("a: list[Literal['a']]", "int"), MODEL.format("a: list[Literal['a', 'b']]", "int"),
                        ['I.a[] may also be "b"']),
    "swapped behind many": (QUERY.format(f"Literal[{MANY}]"), QUERY.format(f"Literal[{MANY}]").replace("'v27'", "'zz'"),
                            ['GET /i: parameter q may also be "zz"', '! GET /i: parameter q no longer has the value "v27"']),
    "nested and closed": (NESTED.format("n: int", "int"),
                          NESTED.format("model_config = ConfigDict(extra='forbid')\n    n: int", "int"),
                          ["! S: other fields are refused now"]),
    "opened": (MODEL.format("a: int", "int"), MODEL.format("model_config = ConfigDict(extra='allow')\n    a: int", "int"),
               ["I takes other fields now"]),
    "a query's list": (QUERY.format("int"), QUERY.format("Annotated[list[int], Query()]"),
                       ["GET /i: parameter q: type integer → array of integer"]),
    "a query's list or nothing": (
        QUERY.format("str | None = None"), QUERY.format("Annotated[list[str] | None, Query()] = None"),
        ["GET /i: parameter q: type string | null → array of string | null"]),
    "a query's list of fewer": (
        QUERY.format("str"), QUERY.format("Annotated[list[Literal['a']], Query()]"),
        ['! GET /i: parameter q: type string → array of "a"']),
    "null in a query": (QUERY.format("str | None = None"), QUERY.format("str = ''"),
                        ['GET /i: parameter q: default none → ""']),
    "a header's list": (QUERY.format("Annotated[str, Header()]"), QUERY.format("Annotated[list[str], Header()]"),
                        ["GET /i: parameter q: type string → array of string"]),
    "a path's name and type": (
        "@app.get('/i/{q}')\ndef f(q: int) -> int: ...\n", "@app.get('/i/{r}')\ndef f(r: str) -> int: ...\n",
        ["GET /i/{r}: parameter r: type integer → string"]),
    "a form's text": (
        "@app.post('/i')\ndef f(a: Annotated[int, Form()]) -> int: ...\n",
        "@app.post('/i')\ndef f(a: Annotated[str, Form()]) -> int: ...\n",
        ["Body_f_i_post.a: type integer → string"]),
    "a file required": (
        "@app.post('/i')\ndef f(a: UploadFile | None = None) -> int: ...\n",
        "@app.post('/i')\ndef f(a: UploadFile) -> int: ...\n",
        ["! Body_f_i_post.a is required now", "! POST /i: a body is required now"]),
    "a number of either kind": (MODEL.format("a: int", "I"), MODEL.format("a: float", "I"),
                                ["! I.a: type integer → number"]),
    "a decimal": (MODEL.format("a: Decimal", "int"), MODEL.format("a: Annotated[Decimal, Field(gt=0)]", "int"),
                  ["! I.a: limits none → > 0, narrower"]),
    "recursion": (
        "class N(BaseModel):\n    more: 'list[N]'\n    v: int\n@app.post('/i')\ndef f(i: N) -> int: ...\n",
        "class N(BaseModel):\n    more: 'list[N]'\n    v: int | None\n@app.post('/i')\ndef f(i: N) -> int: ...\n",
        ["N.v may be null now"]),
    "told apart": (TAGGED.format("A | B"), TAGGED.format("Annotated[A | B, Field(discriminator='k')]"),
                   ["POST /i: the body as application/json is told apart by k"]),
    "one less": (TAGGED.format("A | B"), TAGGED.format("A"),
                 ["! POST /i: the body as application/json: type A | B → A", "model B is gone"]),
    "a scheme's name": ("@app.get('/i', dependencies=[Depends(HTTPBearer())])\ndef f(): ...\n",
                        "@app.get('/i', dependencies=[Depends(HTTPBearer(scheme_name='x'))])\ndef f(): ...\n", []),
    "a callback": (
        ("class E(BaseModel):\n    a: int\n    b: int\ncb = APIRouter()\n@cb.post('{$u}')\ndef t(b: E): ...\n"
        "@app.post('/i', callbacks=cb.routes)\ndef f(u: str) -> int: ...\n"),
        ("class E(BaseModel):\n    a: int\ncb = APIRouter()\n@cb.post('{$u}')\ndef t(b: E): ...\n"
        "@app.post('/i', callbacks=cb.routes)\ndef f(u: str) -> int: ...\n"), ["! E.b is gone"]),
    "a webhook": (
        "class E(BaseModel):\n    a: int\n@app.webhooks.post('w')\ndef t(b: E): ...\n",
        "class E(BaseModel):\n    a: int\n    b: int\n@app.webhooks.post('w')\ndef t(b: E): ...\n", ["E.b is new"]),
}  # fmt: skip


def facts(code):
    """The facts of an application from its text."""
    names = {}
    exec(compile(HEAD + textwrap.dedent(code), "main", "exec"), names)
    return api_facts(copy.deepcopy(names["app"].openapi()))


@pytest.mark.slow
@each_row("name", CASES)
def test_a_change_of_code_is_said_as_it_concerns_callers(name):
    """What breaks begins with an exclamation mark."""
    before, after, expected = CASES[name]
    found = [("! " if told else "? " if told is None else "") + unescape(re.sub(r"</?code>|`", "", words))
             for told, words in compare_apis(facts(before), facts(after))]  # fmt: skip
    assert sorted(found) == sorted(expected)

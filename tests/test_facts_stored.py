"""Facts on disk: this version and the one before it."""

import json

import pytest

from footnotary.documents.what_changed import changes_between, why_not_compared
from footnotary.facts.api import ApiFacts, Operation
from footnotary.facts.basis import Read
from footnotary.facts.deploy import DeployFacts, Dockerfile
from footnotary.facts.differing import describe_differences
from footnotary.facts.impl import ImplFacts, ProjectIdentity
from footnotary.facts.schema import Revision, SchemaFacts, Table
from footnotary.facts.stored import facts_bytes, is_same, parsed_facts, version_of
from footnotary.gating.freshness import judge_readings
from tables import each_row

VERSION_1 = {
    "api": {
        "kind": "api", "schema_version": 1, "summary": {"paths": 1}, "read_from": ["app.py"],
        "versions": {"fastapi": "0.115.0", "python": "3.11.7"}, "caveats": ["Mocked on import: x."],
        "title": "Shop", "operations": [{"method": "GET", "path": "/", "undeclared": [
            {"status": 404, "detail": "gone", "place": {"path": "app.py", "line": 3}, "by": "f"}]}],
        "source": "application", "target": "app:app",
    },
    "schema": {
        "kind": "schema", "schema_version": 1, "summary": {}, "read_from": [],
        "versions": {"python": "3.12.1"}, "caveats": [], "dialect": "postgresql",
        "tables": [{"name": "t", "schema_name": "s", "columns": [
            {"name": "id", "type": "INTEGER", "identity": True}]}], "source": "source",
        "revisions": [{"id": "1", "place": {"path": "a.py", "line": 0}}],
    },
    "deploy": {"kind": "deploy", "schema_version": 1, "versions": {}, "caveats": ["No file."],
               "dockerfiles": [{"path": "Dockerfile"}]},
    "impl": {"kind": "impl", "schema_version": 1, "versions": {"x": "1"}, "caveats": [],
             "identity": {"name": "shop"}},
}  # fmt: skip
KINDS = {"api": ApiFacts, "schema": SchemaFacts, "deploy": DeployFacts, "impl": ImplFacts}


@each_row("kind", VERSION_1)
def test_facts_of_version_1_are_read_and_nothing_is_lost(kind):
    """What was told beside the facts is in `read` now; they are written as version 2."""
    old = VERSION_1[kind]
    facts = parsed_facts(KINDS[kind], json.dumps(old, indent=2).encode())
    assert facts.schema_version == 2
    assert list(facts.read.caveats) == old["caveats"]
    assert facts.read.versions == old["versions"]
    assert facts.read.python == old["versions"].get("python", "")
    again = parsed_facts(KINDS[kind], facts_bytes(facts))
    assert again == facts
    assert version_of(facts_bytes(facts)) == 2
    assert list(describe_differences(facts, again)) == []


def test_facts_of_version_1_say_how_they_are_known():
    """An imported operation is known as that; what is read from text always was."""
    api = parsed_facts(ApiFacts, json.dumps(VERSION_1["api"]).encode())
    assert (api.read.how, api.operations[0].scope) == ("imported", "imported")
    assert api.operations[0].undeclared[0].scope == "source"
    schema = parsed_facts(SchemaFacts, json.dumps(VERSION_1["schema"]).encode())
    assert (schema.read.how, schema.tables[0].scope) == ("source", "source")
    assert schema.revisions[0].scope == "source"
    deploy = parsed_facts(DeployFacts, json.dumps(VERSION_1["deploy"]).encode())
    assert (deploy.read.how, deploy.dockerfiles[0].scope) == ("source", "source")


def test_of_a_schema_of_version_1_only_counts_are_compared():
    """It holds no structure: nothing in it is no absence, and that is said."""
    old = parsed_facts(
        SchemaFacts, json.dumps(VERSION_1["schema"] | {"summary": {"tables": 1}}).encode()
    )
    assert old.tables[0].columns[0].numbering is not None
    new = SchemaFacts(summary={"tables": 2}, tables=(Table(name="t"), Table(name="u"))).known_as(
        "source"
    )
    said = why_not_compared(old, new)
    assert "older form: only counts compared (1 tables → 2 tables)" in said
    assert changes_between(old, new) == ()
    assert "only counts compared" in judge_readings(old, new, lambda: new, {}).unread


@each_row(
    "raw",
    [
        b'{"kind": "api", "schema_version": 3}', b'{"kind": "api", "schema_version": 2, "new": 1}',
        b'{"kind": "api", "schema_version": 1, "unknown": 1}', b"[]", b"", b"{",
    ],
)  # fmt: skip
def test_what_is_no_facts_of_a_known_version_is_refused(raw):
    """A later version, or a field that this one does not know, is never half-read."""
    with pytest.raises(ValueError, match=r"\S"):
        parsed_facts(ApiFacts, raw)


def test_how_facts_were_had_is_no_difference():
    """Interpreter, libraries, extras, caveats and digest are told and not compared."""
    one = SchemaFacts(tables=(Table(name="t"),), revisions=(Revision(id="1", place={"path": "a"}),))
    other = one.told(
        python="3.13.0", versions={"sqlalchemy": "2.1"}, extras=("x",), caveats=("y",), files="z"
    )
    assert list(describe_differences(one, other)) == []
    assert is_same(one, other)
    assert not is_same(one, one.model_copy(update={"tables": ()}))


def test_every_fact_that_stands_for_itself_says_how_it_is_known():
    """`known_as` marks what is known as a whole, and keeps what is known otherwise."""
    facts = ApiFacts(operations=(Operation(method="GET", path="/"),)).known_as("imported")
    assert facts.operations[0].scope == "imported"
    assert facts.read == Read(how="imported")
    assert json.loads(facts_bytes(facts))["operations"][0]["scope"] == "imported"
    assert (
        json.loads(facts_bytes(DeployFacts(dockerfiles=(Dockerfile(path="D"),))))["dockerfiles"][0][
            "scope"
        ]
        == "source"
    )
    assert ImplFacts(identity=ProjectIdentity(name="x")).read.how == "source"

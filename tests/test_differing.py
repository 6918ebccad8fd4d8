"""What changed between two readings is said in words that name it."""

from footnotary.facts.api import ApiFacts, SecurityScheme
from footnotary.facts.basis import Place
from footnotary.facts.deploy import DeployFacts, Dockerfile, Hardening, Variable
from footnotary.facts.differing import describe_differences, things_changed, things_in_words
from footnotary.facts.schema import Drift, SchemaFacts
from footnotary.facts.stack import Service, Stack

LONG = "the third instruction of this file names a flag that no version of BuildKit knows: --"


def broken(why):
    """Return the facts of a project with a Dockerfile that cannot be read."""
    return DeployFacts(dockerfiles=(Dockerfile(path="Dockerfile", error=why),))


def finding(*lines):
    """Return the facts of a project with the same finding at some lines."""
    return DeployFacts(
        hardening=tuple(
            Hardening(
                code="no-limits",
                severity="note",
                subject="api",
                place=Place(path="compose.yaml", line=line),
                message=f"has no memory limit {line}",
                reference="",
                url="",
            )
            for line in lines
        )
    )


def test_long_values_are_shown_where_they_differ():
    """Two values that begin alike for longer than is shown are never shown as the same."""
    (said,) = describe_differences(broken(f"{LONG}one"), broken(f"{LONG}two"))
    assert said == (
        "error of Dockerfile `Dockerfile` was `…f BuildKit knows: --one`"
        " and is now `…f BuildKit knows: --two`"
    )


def test_findings_go_by_their_rule_and_subject():
    """A finding is no JSON in a sentence; the second of a kind is told from the first."""
    assert list(describe_differences(finding(1, 2), finding(1))) == [
        "hardening finding `no-limits api (2)` is gone"
    ]


def stacks(image, *names):
    """Return the facts of stacks that run the same service."""
    service = Service(name="api", place=Place(path="compose.yaml", line=2), image=image)
    return DeployFacts(
        stacks=tuple(Stack(name=name, files=(name,), services=(service,)) for name in names)
    )


def test_what_differs_alike_in_several_places_is_said_once():
    """A file that two stacks share changes once; past three places they are counted."""
    names = ("a.yaml", "b.yaml")
    (said,) = describe_differences(stacks("x:1", *names), stacks("x:2", *names))
    assert said == (
        "image of service `api` of stack `a.yaml` and stack `b.yaml` was `x:1` and is now `x:2`"
    )
    names = ("a", "b", "c", "d", "e")
    (said,) = describe_differences(stacks("x:1", *names), stacks("", *names))
    assert said.endswith("of stack `a`, stack `b`, stack `c` and 2 more is no longer `x:1`")
    assert len(list(describe_differences(stacks("x:1"), stacks("x:1", *names)))) == len(names)


def test_what_has_changed_is_counted_by_what_people_call_it():
    """Members by their kind, fields by name, an order as such; nothing as JSON."""
    one, other = (SecurityScheme(name=name, type="http") for name in "ab")
    before = ApiFacts(security=(one, other), openapi="3.0.3")
    after = ApiFacts(openapi="3.1.0")
    assert things_in_words(things_changed(before, after)) == (
        "2 security schemes and the version of OpenAPI"
    )
    turned = before.model_copy(update={"security": (other, one)})
    assert things_in_words(things_changed(before, turned)) == "the order of security schemes"
    late = tuple(Drift(table=one, what="only in the models", detail="") for one in "ab")
    assert things_in_words(things_changed(SchemaFacts(), SchemaFacts(unmigrated=late))) == (
        "2 changes without a migration"
    )
    assert list(describe_differences(before, turned)) == ["security schemes are in another order"]
    (said,) = describe_differences(ApiFacts(), ApiFacts(document={}, tags={"a": "b"}))
    assert said == "a of tags `b` is new"


def test_a_variable_is_not_said_to_be_gone_where_names_are_computed():
    """Where the code makes up the names that it reads, one that is not found may still be read."""
    before = DeployFacts(matrix=(Variable(name="SHOP_DEBUG"),))
    assert [*describe_differences(before, DeployFacts())] == ["variable `SHOP_DEBUG` is gone"]
    computed = DeployFacts(dynamic_readings=(Place(path="shop.py", line=1),))
    assert "variable `SHOP_DEBUG` was not found again" in [*describe_differences(before, computed)]

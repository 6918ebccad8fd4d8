"""What changed between two readings is said in words that name it."""

from footnotary.facts.basis import Place
from footnotary.facts.deploy import DeployFacts, Dockerfile, Hardening
from footnotary.facts.differing import differences

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
    (said,) = differences(broken(f"{LONG}one"), broken(f"{LONG}two"))
    assert said == (
        "error of Dockerfile `Dockerfile` was `…f BuildKit knows: --one`"
        " and is now `…f BuildKit knows: --two`"
    )


def test_findings_go_by_their_rule_and_subject():
    """A finding is no JSON in a sentence; the second of a kind is told from the first."""
    assert list(differences(finding(1, 2), finding(1))) == [
        "hardening finding `no-limits api (2)` is gone"
    ]

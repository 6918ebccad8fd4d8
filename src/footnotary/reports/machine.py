"""Reports for other programs: JSON, SARIF 2.1.0 (OASIS), JUnit XML."""

import hashlib
import json
from typing import Any
from urllib.parse import quote

from footnotary import DOCUMENTATION, __version__
from footnotary.findings import Finding, Severity
from footnotary.reports.formats import Result
from footnotary.rules.registry import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(result: Result) -> str:
    """Return the report as JSON, the schema of docs/gate.md."""
    return _dumped(
        {
            "schema": 1,
            "documents": result.documents,
            "citations": result.citations,
            "compared": result.compared,
            "errors": result.count(Severity.ERROR),
            "warnings": result.count(Severity.WARNING),
            "notes": result.count(Severity.NOTE),
            "suppressed": result.suppressed,
            "known": result.known,
            "findings": [finding.model_dump(mode="json") for finding in result.findings],
        }
    )


def sarif(result: Result) -> str:
    """Return the report as SARIF, as code scanning services take it."""
    places = {rule.code: at for at, rule in enumerate(RULES)}
    rules = [
        {
            "id": rule.code,
            "name": "".join(word.capitalize() for word in rule.name.split("-")),
            "shortDescription": {"text": rule.about},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.fix},
            "helpUri": f"{DOCUMENTATION}rules/{rule.code}/",
            "defaultConfiguration": {"level": rule.severity.value},
        }
        for rule in RULES
    ]
    driver = {
        "name": "footnotary",
        "version": __version__,
        "informationUri": DOCUMENTATION,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, places) for finding in result.findings],
    }
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def junit(result: Result) -> str:
    """Return the report as JUnit XML, one test case a finding."""
    from xml.etree import ElementTree as ET

    failing = [each for each in result.findings if each.severity is not Severity.NOTE]
    suite = ET.Element(
        "testsuite",
        name="footnotary",
        tests=str(max(1, len(failing))),
        failures=str(len(failing)),
    )
    for finding in failing:
        case = ET.SubElement(
            suite, "testcase", classname=_xml(finding.path), name=_xml(_title(finding))
        )
        failure = ET.SubElement(
            case, "failure", message=_xml(finding.message), type=finding.severity.value
        )
        failure.text = _xml(f"{finding.path}:{finding.line}: {finding.message}\n{finding.fix}")
    if not failing:
        ET.SubElement(suite, "testcase", classname="footnotary", name=result.summary)
    body = ET.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def fingerprint_finding(finding: Finding) -> str:
    """Return what a finding is known by from one run to the next, whatever its line.

    Args:
        finding: The finding.
    """
    words = f"{finding.code}\0{finding.path}\0{finding.message}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _sarif_result(finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    """Return one finding as a SARIF result."""
    region = {"startLine": max(1, finding.line)}  # a finding about a file is at its top
    if finding.line and finding.column:
        region["startColumn"] = finding.column
    location = {"artifactLocation": {"uri": quote(finding.path)}, "region": region}
    summed_up = "".join(f"\n- {each}" for each in finding.details)
    message = f"{finding.message} {finding.fix}".strip() + summed_up
    return {
        "ruleId": finding.code,
        "ruleIndex": places.get(finding.code, -1),
        "level": finding.severity.value,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"footnotary/v1": fingerprint_finding(finding)},
    }


def _title(finding: Finding) -> str:
    """Return the name of a test case."""
    return f"{finding.code} line {finding.line}"


def _xml(words: str) -> str:
    """Return words without the characters that XML cannot hold (XML 1.0, section 2.2)."""
    return "".join(
        char
        if char in "\t\n"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
        else " "
        for char in words
    )


def _dumped(value: object) -> str:
    """Return JSON, two spaces, keys in their order."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

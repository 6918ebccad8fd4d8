"""Precision and recall of the rules about claims on the labelled pairs, as a Markdown table.

python benchmarks/claims.py [--errors] [SET…]
"""

import json
import sys
from collections import Counter
from pathlib import Path

from footnotary.rules.claim_support import NOTED, RULES, unsupported

DATA = Path(__file__).parent.parent / "tests" / "data"
SETS = {
    "development": "claim_support.jsonl",
    "held out": "claim_support_held_out.jsonl",
    "hard": "claim_support_hard.jsonl",
    "hard, held out": "claim_support_hard_held_out.jsonl",
}


def pairs_of(name):
    """Return the pairs of a set."""
    text = (DATA / SETS[name]).read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


def measure(pairs):
    """Return, by rule, how often it was right, wrong and how often it missed a pair."""
    right, wrong, missed = Counter(), Counter(), Counter()
    errors = []
    for pair in pairs:
        found = unsupported(pair["claim"], [pair["quote"]], rules=(*RULES, *NOTED))
        rules = {each.rule for each in found}
        for rule in rules:
            (wrong if pair["supported"] else right)[rule] += 1
        if pair["supported"] and rules:
            errors.append(("FALSE ALARM", sorted(rules), found, pair))
        if not pair["supported"] and not rules:
            missed[pair.get("rule", "")] += 1
            errors.append(("missed", [pair.get("rule", "")], (), pair))
        rules -= set(NOTED)
        wrong["any"] += bool(pair["supported"] and rules)
        right["any"] += bool(not pair["supported"] and rules)
        missed["any"] += bool(not pair["supported"] and not rules)
    return right, wrong, missed, errors


def main(arguments):
    """Print the tables."""
    names = [one for one in arguments if one in SETS] or list(SETS)
    print("| Pairs | Rule | Right | False alarms | Missed | Precision | Recall |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in names:
        pairs = pairs_of(name)
        right, wrong, missed, errors = measure(pairs)
        for rule in (*RULES, *NOTED, "any"):
            found = right[rule] + wrong[rule]
            labelled = (
                sum(not p["supported"] for p in pairs)
                if rule == "any"
                else sum(p.get("rule") == rule for p in pairs)
            )
            precision = f"{right[rule] / found:.2f}" if found else "-"
            recall = f"{1 - missed[rule] / labelled:.2f}" if labelled else "-"
            print(
                f"| {name} ({len(pairs)}) | {rule} | {right[rule]} | {wrong[rule]} |"
                f" {missed[rule]} of {labelled} | {precision} | {recall} |"
            )
        if "--errors" in arguments:
            for kind, rules, found, pair in errors:
                print(kind, rules, [each.message for each in found], file=sys.stderr)
                print("   C:", pair["claim"], "\n   Q:", pair["quote"], file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])

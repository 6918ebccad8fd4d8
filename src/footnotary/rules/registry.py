"""Every rule, in the order of the codes' groups."""

from footnotary import DOCUMENTATION
from footnotary.errors import UsageError
from footnotary.rules.basis import Rule
from footnotary.rules.citations import CITATION_RULES
from footnotary.rules.claims import CLAIM_RULES
from footnotary.rules.decisions import DECISION_RULES
from footnotary.rules.documents import DOCUMENT_RULES
from footnotary.rules.safety import SAFETY_RULES
from footnotary.rules.samples import SAMPLE_RULES
from footnotary.rules.sources import SOURCE_RULES
from footnotary.rules.suppression import SUPPRESSION_RULES

RULES: tuple[Rule, ...] = (
    *CITATION_RULES,
    *SOURCE_RULES,
    *CLAIM_RULES,
    *DOCUMENT_RULES,
    *DECISION_RULES,
    *SAMPLE_RULES,
    *SAFETY_RULES,
    *SUPPRESSION_RULES,
)


def rule_named(words: str) -> Rule:
    """Return a rule by its code or name.

    Args:
        words: Such as `CIT001` or `unknown-citation`.

    Raises:
        UsageError: There is no such rule.
    """
    for rule in RULES:
        if words.upper() == rule.code or words == rule.name:
            return rule
    raise _unknown(words)


def select_rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules that run.

    Args:
        select: Codes, beginnings of codes (`CIT`) or names; all rules if empty.
        ignore: The same, left out.

    Raises:
        UsageError: One of them is no rule.
    """
    for words in (*select, *ignore):
        if not any(_is_meant(rule, words) for rule in RULES):
            raise _unknown(words)
    return tuple(
        rule
        for rule in RULES
        if (not select or any(_is_meant(rule, words) for words in select))
        and not any(_is_meant(rule, words) for words in ignore)
    )


def _unknown(words: str) -> UsageError:
    """Return the error about a rule that does not exist."""
    return UsageError(
        f"Unknown rule {words!r}.", hint=f"All rules are listed on {DOCUMENTATION}rules/."
    )


def _is_meant(rule: Rule, words: str) -> bool:
    """Return whether words name a rule or its group."""
    return words == rule.name or (bool(words) and rule.code.startswith(words.upper()))

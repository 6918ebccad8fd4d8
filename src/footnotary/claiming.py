"""Claims of a record: held against its quote, joined with those that it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from footnotary.models import Citation, Claim, Support
from footnotary.records import Records, RecordStore

if TYPE_CHECKING:
    from footnotary.rules.claim_support import Unsupported


@dataclass(frozen=True)
class JudgedClaims:
    """Claims held against a quote.

    Attributes:
        claims: The claims, each with what is known of its support.
        beyond: Those that no quote supports, with what they say beyond it.
        joint: Those that several quotes support together.
    """

    claims: tuple[Claim, ...]
    beyond: "tuple[tuple[Claim, tuple[Unsupported, ...]], ...]" = ()
    joint: tuple[Claim, ...] = ()


def judge_claims(
    claims: tuple[Claim, ...], citation: Citation, store: RecordStore, replaces: str = ""
) -> JudgedClaims:
    """Hold claims against a record's quote.

    Args:
        claims: The claims.
        citation: The record with the quote.
        store: Other records of the same claim count too: it may rest on several quotes.
        replaces: Key of a record that does not count: the new one takes its place.
    """
    if not claims:
        return JudgedClaims(())
    from footnotary.rules.claim_support import weigh_recorded

    judged: list[Claim] = []
    beyond: list[tuple[Claim, tuple[Unsupported, ...]]] = []
    joint: list[Claim] = []
    records = Records(store.folder)  # read where a claim needs other quotes
    for claim in claims:
        others = (one for one in records.values() if one.key != replaces)
        weighed = weigh_recorded(claim.text, citation, others)
        judged.append(claim.model_copy(update={"support": weighed.support}))
        if weighed.unsupported:
            beyond.append((claim, weighed.unsupported))
        if weighed.joint:
            joint.append(claim)
    return JudgedClaims(tuple(judged), tuple(beyond), tuple(joint))


def with_known_support(citation: Citation, records: Iterable[Citation]) -> Citation:
    """Return a record whose claims say what is known of them today, not what its file says."""
    if not citation.claims:
        return citation
    from footnotary.rules.claim_support import known_support

    claims = tuple(
        claim.model_copy(update={"support": known_support(claim, citation, records)})
        for claim in citation.claims
    )
    return citation.model_copy(update={"claims": claims})


def confirm_elsewhere(joint: tuple[Claim, ...], citation: Citation, store: RecordStore) -> None:
    """Insist no longer on claims in other records: together their quotes have all of it by now."""
    if not joint:
        return
    from footnotary.rules.claim_support import others_holding

    for claim in joint:
        for other in others_holding(claim.text, citation, Records(store.folder).values()):
            store.change(other.key, partial(_confirmed, claim.text))


def _confirmed(text: str, citation: Citation) -> Citation:
    """Return a record in which a claim is not insisted on."""
    from footnotary.rules.claim_support import weigh_claim

    found = weigh_claim(text, [citation])
    support = Support.UNDECIDED if found.unsupported else found.support
    claims = tuple(
        each.model_copy(update={"support": support}) if each.is_of(text) else each
        for each in citation.claims
    )
    return citation.model_copy(update={"claims": claims})


def joined_claims(old: tuple[Claim, ...], new: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return claims in the order in which they were added, each once for each document.

    One that was in no document gets that of its repetition, and the support that was found last.
    """
    joined: list[Claim] = list(old)
    for claim in new:
        same = [
            at
            for at, each in enumerate(joined)
            if each.is_of(claim.text)
            and (each.document == claim.document or not each.document or not claim.document)
        ]
        if not same:
            joined.append(claim)
            continue
        known = joined[same[0]]
        update = {"document": known.document or claim.document, "support": claim.support}
        joined[same[0]] = known.model_copy(update=update)
    return tuple(joined)

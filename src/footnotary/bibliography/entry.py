"""What the bibliography formats have in common."""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from footnotary.models import Citation, Model

_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)")
_FIRM = re.compile(
    r"(?:inc(?:orporated)?|ltd|limited|llc|llp|plc|corp|corporation|co|gmbh|ag|kg|s\.?a|s\.?r\.?l"
    r"|b\.?v|n\.?v|oy|ab|e\.?\s?v|pty)\.?",
    re.IGNORECASE,
)
_DEGREE = re.compile(r"(?:ph\.?d|m\.?d|m\.?sc|b\.?sc|mba|esq|dr)\.?", re.IGNORECASE)
# A word of a person's name: Ada, J., O'Hara, Jean-Luc, McCarthy; NASA and GitHub are none.
_PART = r"(?:Mc|Mac|De|Di|Du|La|Le|Van|[OD]['\u2019])?[^\W\d_a-z][^\W\d_A-Z]*"
_WORD = re.compile(rf"{_PART}(?:[-'\u2019]{_PART})*\.?|(?:[^\W\d_a-z]\.-?)+")
_PARTICLE_WORDS = """van von der den de la le da di del della du des dos das ten ter zu zum bin ibn
 al el y e af av los las"""
_INSTITUTION_WORDS = """academy administration agency alliance association authors blog board bureau
 center centre city cloud club collective college commission committee community company
 consortium contributors core corporation council data department developer developers division
 docs documentation editorial editors education engineering europe experts federation forum
 foundation fund global group guide guides gmbh health hub inc industries initiative institute
 international lab laboratories laboratory labs learning library limited llc ltd magazine
 maintainers media ministry national network networks news newsroom office official open
 organisation organization partners platform press programme project projects public publications
 publishing radio research school science security service services society software solutions
 staff standards station stiftung studio studios support systems team teams technologies
 technology the times today trust union united universit\u00e4t universit\u00e9 university verein
 web wiki working world writers"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_INSTITUTIONS = frozenset(_INSTITUTION_WORDS.split())
_FEWEST, _MOST = 2, 5
_SPLITTABLE = re.compile(r"[\u0000-\u052f\u1e00-\u1fff\u2019\s]+")  # Latin, Greek, Cyrillic


@dataclass(frozen=True)
class PersonName:
    """The parts of a person's name (CSL 1.0.2, "Name Parts").

    Attributes:
        given: Given names and initials.
        particle: Such as `van der`; may be empty.
        family: Family names.
        suffix: Such as `Jr.`; may be empty.
    """

    given: str
    particle: str
    family: str
    suffix: str = ""

    def __str__(self) -> str:
        """Return the name in its natural order."""
        name = " ".join(filter(None, (self.given, self.particle, self.family)))
        comma = "," if self.suffix and not _SUFFIX.fullmatch(self.suffix) else ""
        return f"{name}{comma} {self.suffix}".strip()

    @property
    def last(self) -> str:
        """The family name behind its particle."""
        return f"{self.particle} {self.family}".strip()


def split_person(name: str, *institutions: str) -> PersonName | None:
    """Return the parts of a person's name; None for what may be an organisation's."""
    bare, suffix = _without_suffix(name)
    words = bare.split()
    named = [word for word in words if word not in _PARTICLES]
    if not (
        _FEWEST <= len(words) <= _MOST
        and len(named) >= _FEWEST
        and words[0] == named[0]
        and words[-1] == named[-1]
        and _SPLITTABLE.fullmatch(bare)
        and all(map(_WORD.fullmatch, named))
        and not _INSTITUTIONS.intersection(bare.casefold().split())
        and not any(_is_named_so(bare, one) for one in institutions)
    ):
        return None
    at = next((at for at, word in enumerate(words) if word in _PARTICLES), len(words) - 1)
    end = max((at for at, word in enumerate(words) if word in _PARTICLES), default=at - 1) + 1
    person = PersonName(*(" ".join(part) for part in (words[:at], words[at:end], words[end:])))
    person = PersonName(person.given, person.particle, person.family, suffix)
    is_read_so = natural_name(f"{person.last} {suffix}".strip() + f", {person.given}") == name
    return person if str(person) == name and is_read_so else None


def natural_name(text: str) -> str:
    """Return a name as records hold it: `Ada Lovelace` for `Lovelace, Ada`."""
    whole = " ".join(text.split()).rstrip(" ,;")
    parts = [part.strip() for part in whole.split(",")]
    words = set(re.findall(r"\w+", whole.casefold()))
    if len(parts) == 1 or not all(parts) or words & _INSTITUTIONS:
        return whole
    last, *others = parts
    suffixes = [part for part in others if _is_suffix(part)]
    given = [part for part in others if part not in suffixes]
    if len(given) > 1 or len(suffixes) > 1 or any(map(_FIRM.fullmatch, others)):
        return whole
    if not given:  # John Smith, Jr.
        return str(PersonName("", "", last, suffixes[0]))
    last, suffix = _without_suffix(last)
    return str(PersonName(given[0], "", last, suffixes[0] if suffixes else suffix))


def recorded_name(text: str) -> str:
    """Return a record's name of an author in its natural order; as it is if nobody can tell."""
    whole = re.sub(r"\s*,\s*", ", ", " ".join(text.split())).strip(" ,;")
    turned = natural_name(whole)
    return turned if split_person(turned) else whole


def _is_suffix(text: str) -> bool:
    """Return whether a text is what follows a person's name."""
    return bool(_SUFFIX.fullmatch(text) or _DEGREE.fullmatch(text))


def _without_suffix(name: str) -> tuple[str, str]:
    """Return a name without its suffix, and the suffix."""
    bare, _, last = name.rpartition(" ")
    return (bare.rstrip(","), last) if bare and _is_suffix(last) else (name, "")


def _is_named_so(name: str, institution: str) -> bool:
    """Return whether a name is, or begins, that of an institution: `Red Hat`, `redhat`."""
    ours, theirs = _squeezed(name), _squeezed(institution)
    return ours == theirs or institution.casefold().startswith(f"{name.casefold()} ")


def _squeezed(text: str) -> str:
    """Return the letters and digits of a text, case folded."""
    return "".join(filter(str.isalnum, text.casefold()))


_CLAIM = " || Claim: "
_OWN_KEY = re.compile(r"[a-z0-9-]+-[0-9a-f]{6}")
_DOI = re.compile(r"10\.\d{4,9}/\S+|\b10/[a-z0-9]{3,}")
_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")


class Reference(Model):
    """One reference, between a citation record and a bibliography format.

    Attributes:
        key: The citation's key.
        url: The source.
        title: Title of the page.
        site: Name of the site.
        authors: Authors, in order, each name in its natural order.
        published: Day of publication.
        modified: Day of the last change.
        accessed: Day of the last reading.
        quote: The page's own words.
        claims: The sentences it supports.
        tags: The user's own words.
        archive_url: A snapshot, or empty.
    """

    key: str = ""
    url: str = ""
    title: str = ""
    site: str = ""
    authors: tuple[str, ...] = ()
    published: date | None = None
    modified: date | None = None
    accessed: date | None = None
    quote: str = ""
    claims: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    archive_url: str = ""

    def people(self) -> list[tuple[str, PersonName | None]]:
        """Return each author's name, and its parts where it has a person's form."""
        try:
            hosts = (urlsplit(self.url).hostname or "").split(".")
        except ValueError:
            hosts = []
        return [(name, split_person(name, self.site, *hosts)) for name in self.authors]


@dataclass(frozen=True)
class Bibliography:
    """What a file of references says.

    Attributes:
        references: Its entries, in order.
        broken: Why other entries could not be read, each with its place.
    """

    references: tuple[Reference, ...]
    broken: tuple[str, ...] = ()


def make_reference(citation: Citation) -> Reference:
    """Return what a bibliography says of a citation."""
    return Reference(
        key=citation.key,
        url=citation.final_url,
        title=collapse_space(citation.title),
        site=collapse_space(citation.site),
        authors=tuple(filter(None, map(recorded_name, citation.authors))),
        published=citation.published,
        modified=citation.modified,
        accessed=citation.accessed,
        quote=citation.quote.exact,
        claims=tuple(dict.fromkeys(claim.text for claim in citation.claims)),
        tags=split_tags(",".join(citation.tags)),
        archive_url=citation.archive_url,
    )


def split_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a list with commas, each once."""
    return tuple(dict.fromkeys(filter(None, map(collapse_space, text.split(",")))))


def write_annotation(entry: Reference) -> str:
    """Return quote and claims as the one field of a format that is for the user's own words.

    Styles print a `note` in the bibliography, and reference managers read `Name: value` out of it;
    an annotation they import as a note of the user's.
    """
    claims = (f"{_CLAIM}{collapse_space(claim)}" for claim in entry.claims)
    return "".join((collapse_space(entry.quote), *claims))


def annotated(text: str, note: str, key: str) -> tuple[str, tuple[str, ...]]:
    """Return the quote and the claims of an annotation.

    Args:
        text: The annotation.
        note: The reference's note: releases before 0.2 put the claim there; of other programs it
            is no claim (`in press`).
        key: The reference's key, by which theirs are known.
    """
    quote, *claims = (collapse_space(part) for part in text.split(_CLAIM))
    if not claims and quote and is_own_key(key):
        claims = [collapse_space(note)]
    return quote, tuple(filter(None, claims))


def is_own_key(key: str) -> bool:
    """Return whether a reference's key has the form of a citation's: we have exported it."""
    return _OWN_KEY.fullmatch(key) is not None


_CHANGED = "Last changed "


def change_note(entry: Reference) -> str:
    """Return the note of a reference: the day of its last change, a field no format has."""
    return f"{_CHANGED}{entry.modified}" if entry.modified else ""


def changed_day(note: str) -> date | None:
    """Return the day of the last change in a note that `change_note` wrote, or None."""
    return parse_reference_day(note.removeprefix(_CHANGED)) if note.startswith(_CHANGED) else None


def read_doi(text: str) -> str:
    """Return the address of a DOI in a text, which may be short (`10/abc`); empty without one."""
    found = _DOI.search(text)
    return f"https://doi.org/{found[0].rstrip('}')}" if found else ""


def collapse_space(text: str) -> str:
    """Return text with every run of white space as one space; all three formats need it."""
    return " ".join(text.split())


def parse_reference_day(text: str) -> date | None:
    """Read the day that a text begins with, ISO or with slashes as RIS has it; else None."""
    found = _DAY.match(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None

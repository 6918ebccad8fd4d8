"""Names of authors: whole, as records hold them, and in the parts that formats want.

Who is a person is told by the form of the name alone. A name that may be an organisation's is
left whole, which prints the same words; to split one would print `Foundation, Mozilla`.
"""

import re
from dataclasses import dataclass

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

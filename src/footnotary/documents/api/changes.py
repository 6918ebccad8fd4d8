"""What changed in the API since the last document, breaking changes first."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from footnotary.documents import escape
from footnotary.documents.api.aspects import Aspect, ValuePlace, model_name_of
from footnotary.documents.api.compatibility import Comparison
from footnotary.documents.api.json_values import Budget, TooLarge
from footnotary.documents.api.subtyping import worst
from footnotary.documents.api.surroundings import (
    IN_BRACES,
    changed_charset,
    changed_security,
    changed_servers,
    changed_statuses,
    compared_parts,
    covering_media,
    covering_status,
    is_route,
    operations_by_key,
    parameter_key,
    surrounding_changes,
)
from footnotary.documents.api.variants import World
from footnotary.documents.kinds import Context
from footnotary.documents.what_changed import Change, render_changes_since
from footnotary.facts.api import (
    FORM,
    ApiFacts,
    Content,
    Header,
    Operation,
    Parameter,
    ResponseFacts,
)
from footnotary.facts.shapes import Shape

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STEPS, _STEPS_EACH = 200_000, 1_000  # of a whole comparison; for each model and operation


def render_api_changes(facts: ApiFacts, context: Context) -> str:
    """Return the section "Changes since", or nothing for a first document."""
    return render_changes_since(facts, context, compare_apis, compared_parts)


def compare_apis(before: ApiFacts, after: ApiFacts) -> list[Change]:
    """Return each change once: whether it breaks callers, and what it is in words."""
    together: dict[str, bool | None] = {}
    for breaks, words in _Changes(before, after).found():
        known = together.get(words, False)
        together[words] = worst((known, breaks))
    return [(breaks, words) for words, breaks in together.items()]


class _Changes:
    """The changes between two readings of one API."""

    def __init__(self, before: ApiFacts, after: ApiFacts) -> None:
        self.before, self.after = before, after
        old, new = before.schemas or {}, after.schemas or {}
        self.has_shapes = before.schemas is not None and after.schemas is not None
        self.is_whole = min(before.form, after.form) >= FORM
        places = sum(len(one) for one in (old, new, before.operations, after.operations))
        budget = Budget(_STEPS + _STEPS_EACH * places)
        self.sent, self.given = (
            Comparison(World(old, sent=sent), World(new, sent=sent), budget=budget)
            for sent in (True, False)
        )

    def found(self) -> Iterator[Change]:
        """Yield every change; one that is met in several places comes several times."""
        yield from surrounding_changes(self.before, self.after)
        old = operations_by_key(self.before.operations)
        new = operations_by_key(self.after.operations)
        hidden = {*self.after.hidden}
        for key in sorted(old.keys() - new.keys()):
            served = any(is_route(old[key], one) for one in hidden)
            word = "is served, and no longer in the document" if served else "is gone"
            yield not served, f"{_name(old[key])} {word}"
        for key in sorted(new.keys() - old.keys()):
            yield False, f"{_name(new[key])} is new"
        for key in sorted(old.keys() & new.keys()):
            yield from self._operation(old[key], new[key], _name(new[key]))
        if self.has_shapes:
            yield from self._models()
        else:
            was, now = len(self.before.models), len(self.after.models)
            yield (
                None,
                (
                    "Older form: only counts compared of types, limits, headers and models"
                    f" (models: {was} → {now}). The last document's facts keep no schemas."
                ),
            )

    def _operation(self, old: Operation, new: Operation, name: str) -> Iterator[Change]:
        """Compare one operation; a webhook gives what an operation takes."""
        taken, given = (self.given, self.sent) if new.webhook else (self.sent, self.given)
        yield from self._parameters(name, old, new, taken)
        yield from _deprecation(name, old, new)
        for where in sorted({*old.closed} ^ {*new.closed}):
            word = "are refused now" if where in new.closed else "are no longer refused"
            yield where in new.closed, f"{name}: {where} parameters that are not declared {word}"
        if self.is_whole and old.max_body != new.max_body:
            was, now = (math.inf if one.max_body is None else one.max_body for one in (old, new))
            yield now < was, f"{name}: bytes of a body at most {was} → {now}".replace("inf", "any")
        yield from changed_security(name, old, new, self.before, self.after)
        yield from self._body(name, old, new, taken)
        yield from self._answers(name, old, new, given)
        yield from self._callbacks(name, old, new)
        yield from changed_servers(name, old, new, self.before, self.after)
        yield from changed_statuses(name, old, new)

    def _parameters(
        self, name: str, old: Operation, new: Operation, way: Comparison
    ) -> Iterator[Change]:
        """Compare the parameters; those of a path are the same by where in the path they are."""
        renamed = dict(zip(IN_BRACES.findall(old.path), IN_BRACES.findall(new.path), strict=False))
        before = {parameter_key(one, renamed): one for one in old.parameters}
        for one in new.parameters:
            previous = before.pop(parameter_key(one, {}), None)
            words = f"{name}: parameter {escape.code(one.name)}"
            if previous is None:
                needed = one.required and way is self.sent
                yield needed, f"{words} is new" + " and required" * one.required
            else:
                yield from self._parameter(words, previous, one, way)
        for gone in before.values():
            yield True, f"{name}: parameter {escape.code(gone.name)} is gone"

    def _parameter(
        self, words: str, old: Parameter, new: Parameter, way: Comparison
    ) -> Iterator[Change]:
        """Compare one parameter."""
        lost = (one for one in old.allows if one not in new.allows)
        for one in lost:
            yield True if one == "empty value" else None, f"{words}: no {one} is allowed now"
        for one in new.allows if self.is_whole else ():
            if one not in old.allows:
                yield False, f"{words}: {one} is allowed now"
        if self.has_shapes and old.media_type == new.media_type:
            yield from self._style(words, old, new, way)
        yield from self._value(words, old, new, way)

    def _value(self, words: str, old: Header, new: Header, way: Comparison) -> Iterator[Change]:
        """Compare what is said of a parameter or header by itself, and its schema."""
        yield from self._required(words, way, old=old.required, new=new.required)
        yield from _deprecation(words, old, new)
        is_parameter = isinstance(new, Parameter)
        if old.media_type != new.media_type and (self.is_whole or is_parameter):
            was, now = (
                escape.code(one) if one else "text" for one in (old.media_type, new.media_type)
            )
            yield True, f"{words} is written as {now}, no longer as {was}"
        elif self.has_shapes:
            how = "text" if is_parameter and not new.media_type else ""
            yield from self._shapes(ValuePlace(words, how=how), old.shape, new.shape, way)

    def _style(
        self, words: str, old: Parameter, new: Parameter, way: Comparison
    ) -> Iterator[Change]:
        """Compare how lists and objects are written; of single values every style is alike."""
        if (old.style, old.explode) == (new.style, new.explode) or not old.style:
            return
        try:
            listed = way.before.variants(old.shape if old.shape is not None else True)
        except TooLarge:
            yield None, f"{words}: style was not compared: too large"
            return
        if any(one.kind in ("array", "object") for one in listed):
            was, now = (escape.code(one.style + ", exploded" * one.explode) for one in (old, new))
            yield True, f"{words}: style {was} → {now}"

    def _body(self, name: str, old: Operation, new: Operation, way: Comparison) -> Iterator[Change]:
        """Compare what an operation takes."""
        if old.body and not new.body:
            yield True, f"{name}: takes no body any more"
            return
        if new.body_required and not old.body_required:
            yield way is self.sent or None, f"{name}: a body is required now"
        elif old.body_required and not new.body_required and old.body:
            yield way is self.given, f"{name}: the body is optional now"
        elif new.body and not old.body:
            yield False, f"{name}: takes a body too"
        yield from self._contents(f"{name}: the body", old.body, new.body, way, "taken")

    def _answers(
        self, name: str, old: Operation, new: Operation, way: Comparison
    ) -> Iterator[Change]:
        """Compare the responses; a range stands for each status in it."""
        before = {one.status.upper(): one for one in old.responses}
        after = {one.status.upper(): one for one in new.responses}
        for status, answer in after.items():
            covered = covering_status(status, before)
            if covered in ("", "DEFAULT") and covered != status:
                yield False, f"{name}: answers {escape.escape_text(answer.status)} too"
            if covered:
                yield from self._answer(name, before[covered], answer, way)
        for status, answer in before.items():
            covered = covering_status(status, after)
            if covered and covered not in {status, "DEFAULT"}:
                yield from self._answer(name, answer, after[covered], way)
            elif covered != status:
                words = f"{name}: no longer answers {escape.escape_text(answer.status)}"
                left = [one for one in after if status == f"{one[:1]}XX"]
                but = f" but {', '.join(map(escape.escape_text, left))}" if left else ""
                yield status.startswith("2") and not left, words + but

    def _answer(
        self, name: str, old: ResponseFacts, new: ResponseFacts, way: Comparison
    ) -> Iterator[Change]:
        """Compare one response."""
        words = f"{name}: the answer {escape.escape_text(new.status)}"
        yield from self._contents(words, old.contents, new.contents, way, "given")
        if not self.has_shapes:
            return
        before = {one.name.casefold(): one for one in old.headers}
        for one in new.headers:
            header = f"{words}: header {escape.code(one.name)}"
            previous = before.pop(one.name.casefold(), None)
            if previous is None:
                yield False, f"{header} is new"
            else:
                yield from self._value(header, previous, one, way)
        for gone in before.values():
            yield True, f"{words}: header {escape.code(gone.name)} is gone"

    def _contents(
        self,
        name: str,
        old: tuple[Content, ...],
        new: tuple[Content, ...],
        way: Comparison,
        verb: str,
    ) -> Iterator[Change]:
        """Compare the media types of a body."""
        before = {one.media_type: one for one in old}
        after = {one.media_type: one for one in new}
        for media, one in after.items():
            words = f"{name} as {escape.code(media)}"
            previous = covering_media(media, before)
            if previous in before:
                yield from changed_charset(name, previous, media)
                yield from self._content(words, before[previous], one, way)
            elif old:  # what a webhook sends cannot be chosen by who receives it
                yield (
                    way is self.given and verb == "taken",
                    f"{name} is {verb} as {escape.code(media)} too",
                )
            elif verb == "given":
                yield (
                    None if way is self.sent else False,
                    f"{name} has a body now, {escape.code(media)}",
                )
        for media, one in before.items():
            covered = covering_media(media, after)
            if not covered:
                breaks = verb == "given" or way is self.sent
                yield breaks, f"{name} is no longer {verb} as {escape.code(media)}"
            elif not covering_media(covered, {media: one}):
                words = f"{name} as {escape.code(media)}"
                yield from self._content(words, one, after[covered], way)

    def _content(self, words: str, old: Content, new: Content, way: Comparison) -> Iterator[Change]:
        """Compare one media type."""
        if not self.has_shapes:
            return
        if old.stream != new.stream:
            yield True, f"{words} is {'a stream' if new.stream else 'no stream'} now"
            return
        for field in sorted(old.encoding.keys() | new.encoding.keys()):
            if old.encoding.get(field, {}) != new.encoding.get(field, {}):
                yield True, f"{words}: encoding of {escape.code(field)} changed"
        media = new.media_type.split(";")[0].strip().casefold()
        how = "text" if media in _FORMS else "xml" if media.endswith(("/xml", "+xml")) else ""
        yield from self._shapes(ValuePlace(words, how=how), old.shape, new.shape, way)

    def _callbacks(self, name: str, old: Operation, new: Operation) -> Iterator[Change]:
        """Compare what is called back."""
        before, after = (
            {(call.name, one.path, one.method): one
             for call in side.callbacks for one in call.operations}
            for side in (old, new)
        )  # fmt: skip
        if not self.has_shapes:
            return
        for key in dict.fromkeys([*before, *after]):
            words = f"{name}: callback {escape.code(f'{key[2]} {key[1]}')}"
            if key not in before:
                yield False, f"{words} is new"
            elif key not in after:
                yield True, f"{words} is gone"
            else:
                yield from self._operation(before[key], after[key], words)

    def _required(self, words: str, way: Comparison, *, old: bool, new: bool) -> Iterator[Change]:
        """Compare whether a value must be there."""
        sent = way is self.sent
        if new and not old:
            yield sent, f"{words} is required now" if sent else f"{words} is always there now"
        elif old and not new:
            yield not sent, f"{words} is optional now" if sent else f"{words} may be missing now"

    def _shapes(
        self, place: ValuePlace, old: Shape | None, new: Shape | None, way: Comparison
    ) -> Iterator[Change]:
        """Compare two schemas in one place."""
        if old is not None and new is not None:
            yield from (self._change(one, way) for one in way.compare(old, new, place))

    def _change(self, one: Aspect, way: Comparison) -> Change:
        """Return an aspect as a change, for who sends or for who is given."""
        return (
            (one.narrower, one.words) if way is self.sent else (one.wider, one.given or one.words)
        )

    def _models(self) -> Iterator[Change]:
        """Compare the models, each by which way it goes; those of no operation break nobody."""
        found: dict[tuple[str, str], list[dict[str, Aspect]]] = {}
        for at, way in enumerate((self.sent, self.given)):
            for old, new, aspects in way.models():
                sides = found.setdefault((model_name_of(old), model_name_of(new)), [{}, {}])
                for one in aspects:  # one model may be JSON in one place and a form in another
                    known = sides[at].get(one.words, one)
                    sides[at][one.words] = replace(
                        one,
                        narrower=worst((known.narrower, one.narrower)),
                        wider=worst((known.wider, one.wider)),
                    )
        for sent, given in found.values():
            for words in dict.fromkeys([*sent, *given]):
                yield _merged(sent.get(words), given.get(words))
        met = {model_name_of(one) for way in (self.sent, self.given) for one in way.met}
        yield from self._unused({old for old, _ in found} | met, {new for _, new in found} | met)

    def _unused(self, paired_old: set[str], paired_new: set[str]) -> Iterator[Change]:
        """Compare the models that no operation has on both sides."""
        old, new = (_models_of(side) for side in (self.before, self.after))
        way = Comparison(self.given.before, self.given.after, budget=self.given.budget)
        for name, reference in new.items():
            if name not in old and name not in paired_new:
                yield False, f"model {escape.code(name)} is new"
            elif name in old and name not in paired_old and name not in paired_new:
                way.pairs.setdefault((old[name], reference, ""))
        for name in old:
            if name not in new and name not in paired_old:
                yield False, f"model {escape.code(name)} is gone"
        used = {(name, name) for name in paired_old & paired_new}
        for was, now, aspects in way.models():
            if (model_name_of(was), model_name_of(now)) not in used:
                for one in aspects:
                    yield None if one.wider is None else False, one.given or one.words


def _deprecation(words: str, old: Operation | Header, new: Operation | Header) -> Iterator[Change]:
    """Compare whether something is deprecated."""
    if new.deprecated != old.deprecated:
        word = "is deprecated now" if new.deprecated else "is no longer deprecated"
        yield False, f"{words} {word}"


def _merged(sent: Aspect | None, given: Aspect | None) -> Change:
    """Return one change of a model that goes one way or both."""
    if given is None:
        return (sent.narrower, sent.words) if sent else (False, "")
    if sent is None or (not sent.narrower and given.wider):
        return given.wider, given.given or given.words
    return worst((sent.narrower, given.wider)), sent.words


def _models_of(facts: ApiFacts) -> Mapping[str, str]:
    """Return the references of the document's models, by name."""
    start = "#/components/schemas/"
    named = (one for one in facts.schemas or {} if one.startswith(start))
    return {model_name_of(one): one for one in named if "/" not in one.removeprefix(start)}


def _name(one: Operation) -> str:
    return escape.code(f"{'webhook ' if one.webhook else ''}{one.method} {one.path}")

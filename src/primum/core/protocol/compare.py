"""What changed between two versions of a protocol, told in sentences.

A sentence is a `Because`: a code, English to translate, and its values; a value may itself be a
text in several languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from primum.core.protocol.classes import implied
from primum.core.protocol.expression import names_in
from primum.core.protocol.facts import FACTS
from primum.core.protocol.model import Condition, Protocol, Rule, StopSpec
from primum.core.vocabulary import Because, Stakes, Text

NOBODY: Final = len(Stakes)
FACT_DOMAINS: Final = {name: fact.domain for name, fact in FACTS.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that may change about a part: its sentence, and the fields it shows in."""

    code: str
    says: str
    fields: tuple[str, ...] = ()

    def read(self, part: object) -> tuple[object, ...]:
        found = [getattr(part, name) for name in self.fields]
        return tuple(each.expression if isinstance(each, Condition) else each for each in found)


@dataclass(frozen=True, slots=True)
class Parts:
    """One list of a protocol: its field, the field that names a part, and what is watched."""

    of: str
    name: str
    added: Change
    gone: Change
    watched: tuple[Change, ...]


LISTS: Final = (
    Parts(
        "questions",
        "ask",
        Change("question_added", "A new question is asked: %(part)s"),
        Change("question_gone", "A question is no longer asked: %(part)s"),
        (
            Change("question_kind", "Another sort of answer is taken: %(part)s", ("domain",)),
            Change("question_words", "The words changed: %(part)s", ("ask", "help", "cites")),
            Change("question_options", "The words of its answers changed: %(part)s", ("options",)),
            Change("question_when", "It is asked in other cases: %(part)s", ("when",)),
            Change(
                "question_required", "Whether it must be answered changed: %(part)s", ("required",)
            ),
            Change("question_section", "It is asked under another heading: %(part)s", ("section",)),
            Change(
                "question_readers",
                "What hangs on its answer changed: %(part)s",
                ("changeable", "material", "worse", "read_by"),
            ),
            Change(
                "question_checked",
                "Whether the words of a question are still to be checked changed: %(part)s",
                ("wording_to_check",),
            ),
            Change(
                "question_library",
                "A question is taken from elsewhere, in the same words: %(part)s",
                ("library",),
            ),
        ),
    ),
    Parts(
        "rules",
        "says",
        Change("rule_added", "A new rule: %(part)s"),
        Change("rule_gone", "A rule is gone: %(part)s"),
        (
            Change("rule_words", "The words of a rule changed: %(part)s", ("says",)),
            Change("rule_cites", "A rule cites another source: %(part)s", ("cites",)),
            Change(
                "rule_asks", "Whether more must be known first changed: %(part)s", ("asks_first",)
            ),
            Change("rule_audience", "A rule is shown to others: %(part)s", ("audience",)),
            Change(
                "rule_checked",
                "Whether the words of a rule are still to be checked changed: %(part)s",
                ("wording_to_check",),
            ),
        ),
    ),
    Parts(
        "commitments",
        "text",
        Change("commitment_added", "A new commitment is proposed: %(part)s"),
        Change("commitment_gone", "A commitment is no longer proposed: %(part)s"),
        (
            Change(
                "commitment_words",
                "The words of a commitment changed: %(part)s",
                ("text", "cites", "wording_to_check"),
            ),
            Change(
                "commitment_when", "A commitment is proposed in other cases: %(part)s", ("when",)
            ),
            Change(
                "commitment_owed",
                "Who owes or verifies a commitment changed: %(part)s",
                ("by", "to", "proof", "verifier"),
            ),
            Change(
                "commitment_due",
                "When a commitment is due changed: %(part)s",
                ("phase", "due_days", "every_days"),
            ),
            Change(
                "commitment_test",
                "How one can tell that a commitment is kept changed: %(part)s",
                ("test",),
            ),
            Change("commitment_meets", "A commitment answers other rules: %(part)s", ("meets",)),
        ),
    ),
    Parts(
        "looks",
        "title",
        Change("look_added", "A new look falls due: %(part)s"),
        Change("look_gone", "A look no longer falls due: %(part)s"),
        (
            Change(
                "look_words",
                "The words of a look changed: %(part)s",
                ("title", "cites", "wording_to_check"),
            ),
            Change(
                "look_days",
                "A look falls due on other days: %(part)s",
                ("after_days", "grace_days", "from_delivery"),
            ),
            Change(
                "look_again",
                "Another finding asks for one more look: %(part)s",
                ("again", "again_days"),
            ),
            Change("look_asks", "A look asks other questions: %(part)s", ("asks",)),
            Change("look_when", "A look is made in other cases: %(part)s", ("when",)),
            Change(
                "look_way",
                "Who makes a look, or how, changed: %(part)s",
                ("by", "may", "methods", "unannounced"),
            ),
        ),
    ),
    Parts(
        "grave",
        "says",
        Change("grave_added", "A look is grave for a new reason: %(part)s"),
        Change("grave_gone", "A look is no longer grave for this: %(part)s"),
        (
            Change("grave_when", "A look is grave in other cases: %(part)s", ("when",)),
            Change(
                "grave_words",
                "The words of what makes a look grave changed: %(part)s",
                ("says", "cites", "wording_to_check"),
            ),
        ),
    ),
    Parts(
        "effects",
        "what",
        Change("effect_added", "A new harm to look for: %(part)s"),
        Change("effect_gone", "A harm is no longer named: %(part)s"),
        (
            Change(
                "effect_words",
                "A harm to look for is told otherwise: %(part)s",
                ("who", "what", "order", "signpost", "good"),
            ),
        ),
    ),
)

WHOLE: Final = (
    Change("title", "The title changed.", ("title",)),
    Change("review", "Whether a speaker checked the translations changed.", ("review_needed",)),
    Change("assesses", "Who assesses changed.", ("assesses",)),
    Change("advises", "Who advises changed.", ("advises",)),
    Change("decides", "Who decides at which stakes changed.", ("decides",)),
    Change("clocks", "The time allowed for a step changed.", ("clocks",)),
    Change("reach", "How far a report of harm is followed changed.", ("reach",)),
    Change("seal_floor", "The least seal of a case changed.", ("seal_floor",)),
    Change("layout", "The form is laid out otherwise.", ("layout",)),
    Change("languages", "The languages changed.", ("languages",)),
    Change("about", "What it assesses changed.", ("about",)),
)


def differences(old: Protocol, new: Protocol) -> tuple[Because, ...]:
    """Every change from `old` to `new` that a reader or a case could notice."""
    return (
        *(each for parts in LISTS for each in _changed(parts, old, new)),
        *_order(old, new),
        *_rules(old, new),
        *_stops(old, new),
        *(Because(w.code, w.says) for w in WHOLE if w.read(old) != w.read(new)),
        *_days(old, new),
    )


def loosened(shipped: Protocol, new: Protocol) -> tuple[Because, ...]:
    """Hard stops of `shipped` that are gone from `new`, easier to pass, or catch fewer cases.

    Only the leadership may loosen one, by a dated decision. Where it cannot be worked out whether
    a changed condition catches fewer cases, it counts as loosened.
    """
    return tuple(each for stop in shipped.stops for each in _loosened(shipped, new, stop))


def _changed(parts: Parts, old: Protocol, new: Protocol) -> Iterator[Because]:
    before = {each.id: each for each in getattr(old, parts.of)}
    after = {each.id: each for each in getattr(new, parts.of)}
    for name, part in before.items():
        if name not in after:
            yield _about(parts.gone, getattr(part, parts.name))
    for name, part in after.items():
        if name not in before:
            yield _about(parts.added, getattr(part, parts.name))
            continue
        for watched in parts.watched:
            if watched.read(before[name]) != watched.read(part):
                yield Because(watched.code, watched.says, {"part": getattr(part, parts.name)})


def _order(old: Protocol, new: Protocol) -> Iterator[Because]:
    """The order of questions is the order of the form; no other order is to be seen."""
    before = [name for name in old.by_id if name in new.by_id]
    if before != [name for name in new.by_id if name in old.by_id]:
        yield Because("question_order", "The questions are asked in another order.")


def _about(what: Change, part: Text) -> Because:
    return Because(what.code, what.says, {"part": part})


def _rules(old: Protocol, new: Protocol) -> Iterator[Because]:
    """Changed levels, and whether a changed condition catches more cases or fewer."""
    was = {rule.id: rule for rule in old.rules}
    for rule in new.rules:
        before = was.get(rule.id)
        if before is None:
            continue
        if rule.level != before.level:
            yield Because(
                "rule_level",
                "A rule now makes a case %(new)s; it was %(old)s: %(part)s",
                {"part": rule.says, "old": before.level.word, "new": rule.level.word},
            )
        if rule.when.source != before.when.source:
            kept, nothing_new = _covers(old, new, before, rule), _covers(new, old, rule, before)
            yield _turned(rule.says, kept, nothing_new)


def _turned(part: Text, kept: bool, nothing_new: bool) -> Because:
    if kept and nothing_new:
        return Because(
            "rule_same",
            "A rule is written otherwise and catches the same cases: %(part)s",
            {"part": part},
        )
    if kept:
        return Because("rule_wider", "A rule catches more cases: %(part)s", {"part": part})
    if nothing_new:
        return Because("rule_narrower", "A rule catches fewer cases: %(part)s", {"part": part})
    return Because("rule_other", "A rule may catch other cases: %(part)s", {"part": part})


def _covers(old: Protocol, new: Protocol, before: Rule, after: Rule) -> bool:
    """Whether `after` surely catches every case that `before` catches, and as early.

    Cases half known count too: a hard stop that is no longer certain there has been loosened.
    """
    names = names_in(before.when.expression) & set(old.names)
    if any(new.names.get(name) != old.names[name] for name in names):
        return False
    if before.when.expression == after.when.expression:
        return True
    domains = {**FACT_DOMAINS, **old.names, **new.names}
    expressions = before.when.expression, after.when.expression
    return implied(domains, *expressions, partly=True) is not None


def _stop_changed(before: StopSpec, after: StopSpec, part: Text) -> Iterator[Because]:
    if before.passable_by != after.passable_by:
        yield Because(
            "stop_passable",
            "A hard stop is now passed by %(who)s: %(part)s",
            {"part": part, "who": after.passable_word},
        )
    if before.needs_waiver != after.needs_waiver:
        yield Because(
            "stop_waiver",
            "Whether going past a hard stop needs a waiver changed: %(part)s",
            {"part": part},
        )
    if before.says != after.says:
        yield Because("stop_words", "The words of a hard stop changed: %(part)s", {"part": part})


def _stops(old: Protocol, new: Protocol) -> Iterator[Because]:
    said = {rule.id: rule.says for rule in (*old.rules, *new.rules)}
    for name in {**old.stops, **new.stops}:
        part = said.get(name, {"en": name})
        before, after = old.stops.get(name), new.stops.get(name)
        if after is None:
            yield Because("stop_gone", "A hard stop is gone: %(part)s", {"part": part})
        elif before is None:
            yield Because("stop_added", "A new hard stop: %(part)s", {"part": part})
        else:
            yield from _stop_changed(before, after, part)


def _loosened(shipped: Protocol, new: Protocol, name: str) -> Iterator[Because]:
    before, after = shipped.stops[name], new.stops.get(name)
    was = next(rule for rule in shipped.rules if rule.id == name)
    now = next((rule for rule in new.rules if rule.id == name), None)
    part = was.says
    if after is None or now is None:
        yield Because("stop_gone", "A hard stop is gone: %(part)s", {"part": part})
        return
    if _rank(after.passable_by) < _rank(before.passable_by):
        yield Because(
            "stop_passable",
            "A hard stop is now passed by %(who)s: %(part)s",
            {"part": part, "who": after.passable_word},
        )
    if before.needs_waiver and not after.needs_waiver and after.passable_by is not None:
        yield Because(
            "stop_no_waiver", "A hard stop is passed without a waiver: %(part)s", {"part": part}
        )
    if not _covers(shipped, new, was, now):
        yield Because(
            "stop_narrower", "A hard stop may catch fewer cases: %(part)s", {"part": part}
        )


def _rank(passable: Stakes | None) -> int:
    return NOBODY if passable is None else int(passable)


def _days(old: Protocol, new: Protocol) -> Iterator[Because]:
    if old.lease_days != new.lease_days:
        yield Because(
            "lease",
            "An approval lasts at most %(new)s days; it was %(old)s.",
            {"old": old.lease_days, "new": new.lease_days},
        )
    if old.watch_days != new.watch_days:
        yield Because(
            "watch",
            "A case is watched for %(new)s days; it was %(old)s.",
            {"old": old.watch_days, "new": new.watch_days},
        )

"""What changed between two versions, in sentences; and which hard stops got looser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings

from primum.core.protocol import (
    CommitmentOffer,
    Domain,
    EffectOffer,
    GraveRule,
    Kind,
    LookPlan,
    Method,
    Option,
    Phase,
    Proof,
    Protocol,
    Question,
    Reach,
    Rule,
    Section,
    StopSpec,
    differences,
    holds,
    loosened,
    names_in,
)
from primum.core.protocol.compare import LISTS, WHOLE
from primum.core.vocabulary import Because, Level, Stakes
from tests.core.protocol.small import (
    EXPRESSIONS,
    PASSABLE,
    commitment,
    completions,
    condition,
    protocol,
    protocols,
    question,
    rule,
    stop,
)

LOOK = LookPlan("l", {"en": "Look"}, "monitor", (30,), 14, (Method.VISIT,), ("armed",))
FEAR = EffectOffer("fear", {"en": "All"}, {"en": "Fear"}, 2, {"en": "Doors shut"})
GRAVE = GraveRule("blood", condition("armed == yes"), {"en": "Blood"})
BASE = protocol(
    rule("shut", "access == refused", Level.MEDIUM),
    rule("many", "held >= 3", Level.HIGH),
    hard_stops=(stop("many", Stakes.LEADERSHIP),),
    commitments=(commitment("line", "armed == yes"),),
    looks=(LOOK,),
    effects=(FEAR,),
    grave=(GRAVE,),
    reach=Reach(2, 1, "plausible", 7),
    clocks={"assess": 24},
)
OPTIONS = (Option("yes", {"en": "Yes"}), Option("no", {"en": "No"}))


def said(old: Protocol, new: Protocol) -> list[str]:
    """Each difference in English, as a reader gets it."""
    return [told(each) for each in differences(old, new)]


def told(because: Because) -> str:
    values = {k: v["en"] if isinstance(v, Mapping) else v for k, v in because.values.items()}
    return because.says % values


def with_question(name: str = "armed", **changes: object) -> Protocol:
    asked = tuple(replace(q, **changes) if q.id == name else q for q in BASE.questions)  # type: ignore[arg-type]
    return replace(BASE, questions=asked)


def with_rule(**changes: object) -> Protocol:
    first, *rest = BASE.rules
    return replace(BASE, rules=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def with_commitment(**changes: object) -> Protocol:
    return replace(BASE, commitments=(replace(BASE.commitments[0], **changes),))  # type: ignore[arg-type]


def with_look(**changes: object) -> Protocol:
    return replace(BASE, looks=(replace(LOOK, **changes),))  # type: ignore[arg-type]


def with_grave(**changes: object) -> Protocol:
    return replace(BASE, grave=(replace(GRAVE, **changes),))  # type: ignore[arg-type]


def with_stop(**changes: object) -> Protocol:
    return replace(BASE, hard_stops=(replace(BASE.hard_stops[0], **changes),))  # type: ignore[arg-type]


NEW = {"en": "New words."}
CHANGES: list[tuple[str, Callable[[], Protocol], str]] = [
    (
        "question_added",
        lambda: replace(BASE, questions=(*BASE.questions, replace(question("armed"), id="new"))),
        "A new question is asked: armed?",
    ),
    (
        "question_gone",
        lambda: replace(BASE, questions=BASE.questions[1:]),
        "A question is no longer asked: armed?",
    ),
    (
        "question_kind",
        lambda: with_question(domain=Domain(Kind.NUMBER)),
        "Another sort of answer is taken: armed?",
    ),
    ("question_words", lambda: with_question(ask=NEW), "The words changed: New words."),
    ("question_words", lambda: with_question(help=NEW), "The words changed: armed?"),
    ("question_words", lambda: with_question(cites="p. 2"), "The words changed: armed?"),
    (
        "question_options",
        lambda: with_question(options=OPTIONS),
        "The words of its answers changed: armed?",
    ),
    (
        "question_when",
        lambda: with_question("held", when=condition("armed == yes")),
        "It is asked in other cases: held?",
    ),
    (
        "question_required",
        lambda: with_question(required=True),
        "Whether it must be answered changed: armed?",
    ),
    (
        "question_section",
        lambda: with_question(section=Section.DO),
        "It is asked under another heading: armed?",
    ),
    *(
        (
            "question_readers",
            lambda changed=changed: with_question(**changed),
            "What hangs on its answer changed: armed?",
        )
        for changed in (
            {"changeable": True},
            {"material": True},
            {"worse": "more"},
            {"read_by": frozenset({"head"})},
        )
    ),
    (
        "question_checked",
        lambda: with_question(wording_to_check=True),
        "Whether the words of a question are still to be checked changed: armed?",
    ),
    (
        "question_library",
        lambda: with_question(library="people"),
        "A question is taken from elsewhere, in the same words: armed?",
    ),
    (
        "question_order",
        lambda: replace(BASE, questions=BASE.questions[::-1]),
        "The questions are asked in another order.",
    ),
    (
        "rule_added",
        lambda: replace(BASE, rules=(*BASE.rules, rule("new", "armed == yes"))),
        "A new rule: Because new.",
    ),
    (
        "rule_gone",
        lambda: replace(BASE, rules=BASE.rules[1:]),
        "A rule is gone: Because shut.",
    ),
    ("rule_words", lambda: with_rule(says=NEW), "The words of a rule changed: New words."),
    ("rule_cites", lambda: with_rule(cites="p. 2"), "A rule cites another source: Because shut."),
    (
        "rule_asks",
        lambda: with_rule(asks_first=True),
        "Whether more must be known first changed: Because shut.",
    ),
    (
        "rule_audience",
        lambda: with_rule(audience=frozenset({"head"})),
        "A rule is shown to others: Because shut.",
    ),
    (
        "rule_checked",
        lambda: with_rule(wording_to_check=True),
        "Whether the words of a rule are still to be checked changed: Because shut.",
    ),
    (
        "rule_level",
        lambda: with_rule(level=Level.HIGH),
        "A rule now makes a case high; it was medium: Because shut.",
    ),
    (
        "rule_same",
        lambda: with_rule(when=condition("not (access in [written, spoken])")),
        "A rule is written otherwise and catches the same cases: Because shut.",
    ),
    (
        "rule_wider",
        lambda: with_rule(when=condition("access != written")),
        "A rule catches more cases: Because shut.",
    ),
    (
        "rule_narrower",
        lambda: with_rule(when=condition("access == refused and armed == yes")),
        "A rule catches fewer cases: Because shut.",
    ),
    (
        "rule_other",
        lambda: with_rule(when=condition("access == spoken")),
        "A rule may catch other cases: Because shut.",
    ),
    (
        "stop_added",
        lambda: replace(BASE, hard_stops=(*BASE.hard_stops, stop("shut"))),
        "A new hard stop: Because shut.",
    ),
    ("stop_gone", lambda: replace(BASE, hard_stops=()), "A hard stop is gone: Because many."),
    (
        "stop_passable",
        lambda: with_stop(passable_by=Stakes.HIGH),
        "A hard stop is now passed by high: Because many.",
    ),
    (
        "stop_passable",
        lambda: with_stop(passable_by=None),
        "A hard stop is now passed by nobody: Because many.",
    ),
    (
        "stop_waiver",
        lambda: with_stop(needs_waiver=True),
        "Whether going past a hard stop needs a waiver changed: Because many.",
    ),
    ("stop_words", lambda: with_stop(says=NEW), "The words of a hard stop changed: Because many."),
    (
        "commitment_added",
        lambda: replace(BASE, commitments=(*BASE.commitments, commitment("new"))),
        "A new commitment is proposed: Promise of new",
    ),
    (
        "commitment_gone",
        lambda: replace(BASE, commitments=()),
        "A commitment is no longer proposed: Promise of line",
    ),
    *(
        (
            "commitment_words",
            lambda changed=changed: with_commitment(**changed),
            f"The words of a commitment changed: {words}",
        )
        for changed, words in (
            ({"text": NEW}, "New words."),
            ({"cites": "p. 2"}, "Promise of line"),
            ({"wording_to_check": True}, "Promise of line"),
        )
    ),
    (
        "commitment_when",
        lambda: with_commitment(when=None),
        "A commitment is proposed in other cases: Promise of line",
    ),
    *(
        (
            "commitment_owed",
            lambda changed=changed: with_commitment(**changed),
            "Who owes or verifies a commitment changed: Promise of line",
        )
        for changed in (
            *({"by": "recipient"}, {"proof": Proof.THING}, {"verifier": "head"}),
            {"to": "people"},
        )
    ),
    (
        "commitment_test",
        lambda: with_commitment(test=NEW),
        "How one can tell that a commitment is kept changed: Promise of line",
    ),
    *(
        (
            "commitment_due",
            lambda changed=changed: with_commitment(**changed),
            "When a commitment is due changed: Promise of line",
        )
        for changed in ({"phase": Phase.AFTER}, {"due_days": 3}, {"every_days": 30})
    ),
    (
        "commitment_meets",
        lambda: with_commitment(meets=frozenset({"shut"})),
        "A commitment answers other rules: Promise of line",
    ),
    (
        "look_added",
        lambda: replace(BASE, looks=(LOOK, replace(LOOK, id="m"))),
        "A new look falls due: Look",
    ),
    ("look_gone", lambda: replace(BASE, looks=()), "A look no longer falls due: Look"),
    *(
        (
            "look_words",
            lambda changed=changed: with_look(**changed),
            f"The words of a look changed: {words}",
        )
        for changed, words in (
            ({"title": NEW}, "New words."),
            ({"cites": "p. 2"}, "Look"),
            ({"wording_to_check": True}, "Look"),
        )
    ),
    *(
        (
            "look_days",
            lambda changed=changed: with_look(**changed),
            "A look falls due on other days: Look",
        )
        for changed in ({"after_days": (30, 60)}, {"grace_days": 1}, {"from_delivery": True})
    ),
    *(
        (
            "look_again",
            lambda changed=changed: with_look(**changed),
            "Another finding asks for one more look: Look",
        )
        for changed in ({"again": condition("armed == yes")}, {"again_days": 30})
    ),
    (
        "grave_added",
        lambda: replace(BASE, grave=(GRAVE, replace(GRAVE, id="new"))),
        "A look is grave for a new reason: Blood",
    ),
    ("grave_gone", lambda: replace(BASE, grave=()), "A look is no longer grave for this: Blood"),
    (
        "grave_when",
        lambda: with_grave(when=condition("armed == no")),
        "A look is grave in other cases: Blood",
    ),
    *(
        (
            "grave_words",
            lambda changed=changed: with_grave(**changed),
            f"The words of what makes a look grave changed: {words}",
        )
        for changed, words in (
            ({"says": NEW}, "New words."),
            ({"cites": "p. 2"}, "Blood"),
            ({"wording_to_check": True}, "Blood"),
        )
    ),
    ("look_asks", lambda: with_look(asks=()), "A look asks other questions: Look"),
    (
        "look_when",
        lambda: with_look(when=condition("armed == yes")),
        "A look is made in other cases: Look",
    ),
    *(
        (
            "look_way",
            lambda changed=changed: with_look(**changed),
            "Who makes a look, or how, changed: Look",
        )
        for changed in (
            {"by": "head"},
            {"may": frozenset({"head"})},
            {"methods": (Method.PHONE,)},
            {"unannounced": True},
        )
    ),
    (
        "effect_added",
        lambda: replace(BASE, effects=(FEAR, replace(FEAR, id="new"))),
        "A new harm to look for: Fear",
    ),
    ("effect_gone", lambda: replace(BASE, effects=()), "A harm is no longer named: Fear"),
    *(
        (
            "effect_words",
            lambda changed=changed: replace(BASE, effects=(replace(FEAR, **changed),)),
            f"A harm to look for is told otherwise: {words}",
        )
        for changed, words in (
            ({"who": NEW}, "Fear"),
            ({"what": NEW}, "New words."),
            ({"order": 3}, "Fear"),
            ({"signpost": None}, "Fear"),
        )
    ),
    ("title", lambda: replace(BASE, title=NEW), "The title changed."),
    (
        "review",
        lambda: replace(BASE, review_needed=True),
        "Whether a speaker checked the translations changed.",
    ),
    ("assesses", lambda: replace(BASE, assesses=frozenset()), "Who assesses changed."),
    ("advises", lambda: replace(BASE, advises=frozenset({"x"})), "Who advises changed."),
    ("decides", lambda: replace(BASE, decides={}), "Who decides at which stakes changed."),
    ("clocks", lambda: replace(BASE, clocks={}), "The time allowed for a step changed."),
    ("reach", lambda: replace(BASE, reach=None), "How far a report of harm is followed changed."),
    ("seal_floor", lambda: replace(BASE, seal_floor=2), "The least seal of a case changed."),
    ("layout", lambda: replace(BASE, layout="card"), "The form is laid out otherwise."),
    ("languages", lambda: replace(BASE, languages=("en", "fr")), "The languages changed."),
    ("about", lambda: replace(BASE, about="party"), "What it assesses changed."),
    (
        "lease",
        lambda: replace(BASE, lease_days=30),
        "An approval lasts at most 30 days; it was 90.",
    ),
    ("watch", lambda: replace(BASE, watch_days=30), "A case is watched for 30 days; it was 365."),
]


@pytest.mark.parametrize(("code", "changed", "sentence"), CHANGES)
def test_a_change_is_told(code: str, changed: Callable[[], Protocol], sentence: str) -> None:
    """One change, one sentence."""
    new = changed()
    assert [each.code for each in differences(BASE, new)] == [code]
    assert said(BASE, new) == [sentence]


def test_every_sentence_is_told_by_a_test() -> None:
    known = {watched.code for parts in LISTS for watched in parts.watched}
    known |= {each.code for parts in LISTS for each in (parts.added, parts.gone)}
    known |= {watched.code for watched in WHOLE}
    assert known <= {code for code, _, _ in CHANGES}


UNSEEN: Mapping[type, set[str]] = {
    Protocol: {"id", "version", "libraries", "rules", "questions"},
    Question: {"id"},
    Rule: {"id", "when", "level"},
    StopSpec: {"rule", "passable_by", "says", "needs_waiver"},
    CommitmentOffer: {"id"},
    LookPlan: {"id"},
    EffectOffer: {"id"},
    GraveRule: {"id"},
}
"""Fields told by functions of their own, or that say nothing to anybody."""


@pytest.mark.parametrize("kind", UNSEEN)
def test_every_field_of_a_protocol_is_watched(kind: type) -> None:
    """A new field must be told too, or be listed above."""
    watched: dict[type, set[str]] = {
        Protocol: {*(f for w in WHOLE for f in w.fields), *(parts.of for parts in LISTS)}
        | {"hard_stops", "lease_days", "watch_days"}
    }
    kinds = (Question, Rule, CommitmentOffer, LookPlan, GraveRule, EffectOffer)
    for parts, each in zip(LISTS, kinds, strict=True):
        watched[each] = {field for w in parts.watched for field in w.fields}
    named = {field.name for field in fields(kind)}
    assert named == (watched.get(kind, set()) | UNSEEN[kind]) & named
    assert watched.get(kind, set()) <= named


@given(protocols())
def test_nothing_changed_between_a_version_and_itself(small: Protocol) -> None:
    assert differences(small, small) == ()
    assert loosened(small, small) == ()


def test_spaces_and_brackets_change_nothing() -> None:
    spaced = with_commitment(when=condition("( armed  == yes )"))
    assert differences(BASE, spaced) == ()


class TestLoosened:
    def test_a_stop_that_is_gone(self) -> None:
        for new in (replace(BASE, hard_stops=()), replace(BASE, rules=BASE.rules[:1])):
            assert [told(each) for each in loosened(BASE, new)] == [
                "A hard stop is gone: Because many."
            ]

    def test_a_stop_easier_to_pass(self) -> None:
        assert [told(each) for each in loosened(BASE, with_stop(passable_by=Stakes.HIGH))] == [
            "A hard stop is now passed by high: Because many."
        ]
        assert loosened(BASE, with_stop(passable_by=None)) == ()

    def many(self, when: str) -> list[str]:
        shut, many = BASE.rules
        changed = replace(many, when=condition(when))
        return [told(each) for each in loosened(BASE, replace(BASE, rules=(shut, changed)))]

    def test_a_stop_that_catches_fewer_cases(self) -> None:
        fewer = ["A hard stop may catch fewer cases: Because many."]
        assert self.many("held >= 4") == fewer
        assert self.many("held >= 3 and armed == yes") == fewer
        assert self.many("held >= 2") == self.many("held >= 3 or armed == yes") == []
        assert self.many("not (held < 3)") == []

    def test_a_stop_that_is_certain_later(self) -> None:
        """The same cases, but only once `armed` is known too: until then it no longer stops."""
        later = "(held >= 3 and armed == yes) or (held >= 3 and armed == no)"
        assert self.many(later) == ["A hard stop may catch fewer cases: Because many."]

    def test_another_sort_of_answer_counts_as_looser(self) -> None:
        """With another option beside those that stop, a case may be put there instead."""
        asked = tuple(
            replace(q, domain=Domain(Kind.MONEY, currency="USD")) if q.id == "held" else q
            for q in BASE.questions
        )
        assert [each.code for each in loosened(BASE, replace(BASE, questions=asked))] == [
            "stop_narrower"
        ]

    def test_a_lighter_level_is_no_looser_stop(self) -> None:
        shut, many = BASE.rules
        lighter = replace(BASE, rules=(shut, replace(many, level=Level.MEDIUM)))
        assert loosened(BASE, lighter) == ()
        assert [each.code for each in differences(BASE, lighter)] == ["rule_level"]


@given(EXPRESSIONS, EXPRESSIONS, PASSABLE, PASSABLE)
@settings(max_examples=250, deadline=None)
def test_what_is_not_loosened_still_stops_every_case(
    before: str, after: str, passed: Stakes | None, now: Stakes | None
) -> None:
    """Brute force over every case, known in whole or in part."""
    old = protocol(rule("r", before), hard_stops=(stop("r", passed),))
    new = protocol(rule("r", after), hard_stops=(stop("r", now),))
    codes = {each.code for each in loosened(old, new)}
    one, other = old.rules[0].when.expression, new.rules[0].when.expression
    names = sorted(names_in(one) | names_in(other))
    lost = [
        case
        for full in completions({}, names)
        for case in (full, *({k: v for k, v in full.items() if k != name} for name in names))
        if holds(one, case) and holds(other, case) is not True
    ]
    easier = (now is not None) and (passed is None or now < passed)
    assert ("stop_passable" in codes) is easier
    if lost:
        assert "stop_narrower" in codes
    elif names_in(other) <= names_in(one) and len(names) <= 1:
        held = any(holds(one, full) for full in completions({}, names))
        assert ("stop_narrower" in codes) is (not held and one != other)


def test_a_stop_without_its_waiver_is_loosened() -> None:
    """Only the leadership takes the waiver off a hard stop that shipped with one."""
    shipped = with_stop(needs_waiver=True)
    assert [each.code for each in loosened(shipped, BASE)] == ["stop_no_waiver"]
    assert loosened(BASE, shipped) == loosened(shipped, shipped) == ()
    assert loosened(shipped, with_stop(passable_by=None)) == ()


@given(protocols(), protocols())
@settings(max_examples=60, deadline=None)
def test_what_is_loosened_is_a_difference(first: Protocol, second: Protocol) -> None:
    if loosened(first, second):
        assert differences(first, second)

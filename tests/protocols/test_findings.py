"""What a look found: which answers make it grave, which ask for another one, and how that is said.

The policy's own look where people are held is tried answer by answer: the looker may not call it
"nothing grave" when the protocol says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from primum import protocols
from primum.core.protocol import LookPlan, grave_findings, looks_again, read_answers
from primum.protocols import parse
from tests.protocols.support import NAME
from tests.protocols.test_mistakes import AUTHORITY, SOUND, mistakes

QUIET: Mapping[str, object] = {
    "let_in": "at_once",
    "held_now": {"men": 4, "women": 0, "girls": 0, "boys": 0},
    "children_with_adults": "no",
    "over_limit": 0,
    "injuries": 0,
    "not_shown": "no",
    "spoke_alone": "yes",
    "register_seen": "yes",
    "extortion_heard": "no",
    "used_as_agreed": "as_agreed",
    "anyone_suffered": "no",
    "punished_since": "nobody",
    "building_use_now": ["as_meant"],
}


def grave(**changed: object) -> list[str]:
    policy = protocols.load(NAME)
    return [rule.id for rule in grave_findings(policy, read_answers(policy, {**QUIET, **changed}))]


def plan(name: str) -> LookPlan:
    return next(each for each in protocols.load(NAME).looks if each.id == name)


def test_a_quiet_place_is_not_grave() -> None:
    assert grave() == []


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"children_with_adults": "yes"}, "children_held_with_adults"),
        ({"over_limit": 1}, "held_over_the_limit"),
        ({"over_limit": {"min": 1, "max": 4}}, "held_over_the_limit"),
        ({"injuries": 2}, "injuries_seen"),
        ({"extortion_heard": "yes"}, "money_for_freedom"),
        ({"building_use_now": ["questioning"]}, "held_where_not_meant"),
        ({"anyone_suffered": "yes"}, "somebody_suffered"),
        ({"punished_since": "threatened"}, "punished_for_speaking"),
        ({"punished_since": "hurt"}, "punished_for_speaking"),
    ],
)
def test_each_grave_answer_makes_it_grave(changed: Mapping[str, object], why: str) -> None:
    assert grave(**changed) == [why]


def test_every_grave_rule_is_tried_above() -> None:
    tried = {
        *grave(children_with_adults="yes", over_limit=1, injuries=1, extortion_heard="yes"),
        *grave(building_use_now=["holding"], anyone_suffered="yes", punished_since="hurt"),
    }
    assert tried == {rule.id for rule in protocols.load(NAME).grave}


@pytest.mark.parametrize(
    "changed",
    [
        {"children_with_adults": {"unknown": "no room was shown"}},
        {"over_limit": {"min": 0, "max": 3}},
        {"injuries": {"unknown": "the light was out"}},
        {"punished_since": "nobody_reached"},
        {"building_use_now": ["as_meant", "holding"]},
        {"held_now": {"women": 3, "girls": 2}},
        {"not_shown": "yes"},
    ],
)
def test_what_is_not_known_or_not_grave_makes_nothing_grave(changed: Mapping[str, object]) -> None:
    """Unknown is not no, and it is not yes either; a locked door is told, and others decide."""
    assert grave(**changed) == []


@pytest.mark.parametrize(
    ("use", "again"),
    [
        (["as_meant"], False),
        (["empty"], False),
        (["as_meant", "holding"], False),
        (["holding"], True),
        (["military_use"], True),
        (["as_meant", "private_use"], True),
        ({"unknown": "we were not let in"}, False),
    ],
)
def test_a_forbidden_use_asks_for_a_look_in_a_month(use: object, again: bool) -> None:
    policy = protocols.load(NAME)
    given = read_answers(policy, {**QUIET, "building_use_now": use})
    assert looks_again(plan("building_look"), given) is again
    assert plan("building_look").again_days == 30


def test_no_other_look_is_asked_for_again() -> None:
    policy = protocols.load(NAME)
    worst = read_answers(policy, {**QUIET, "building_use_now": ["military_use"], "injuries": 9})
    assert [p.id for p in policy.looks if looks_again(p, worst)] == ["building_look"]


def test_the_building_is_looked_at_from_its_hand_over() -> None:
    """Within thirty days, quarterly for two years, yearly to five; nothing else counts so."""
    building = plan("building_look")
    first, *rest = building.after_days
    assert building.from_delivery
    assert first + building.grace_days <= 30
    gaps = [later - former for former, later in zip(building.after_days, rest, strict=False)]
    assert all(gap <= 92 for gap, day in zip(gaps, rest, strict=True) if day <= 2 * 365)
    assert rest[-3:] == [3 * 365, 4 * 365, 5 * 365]
    assert [p.id for p in protocols.load(NAME).looks if p.from_delivery] == ["building_look"]


def test_the_meeting_has_its_grave_answer_too() -> None:
    meeting = protocols.load("community-meeting")
    for said, count in (("nobody", 0), ("threatened", 1), ("hurt", 1), ("nobody_reached", 0)):
        given = read_answers(meeting, {"punished_since": said, "answered": "all"})
        assert len(grave_findings(meeting, given)) == count


# How it is written -------------------------------------------------------------------------------

FULL = (
    SOUND.replace("    asks: [suffered]\n", "    asks: [suffered]\n    from: delivery\n")
    .replace(
        "    method: [visit, phone]\n",
        "    method: [visit, phone]\n    again: {when: suffered == yes, after: 30d}\n",
    )
    .replace(
        "assesses: assesses\n",
        """\
grave:
  - id: blood
    when: suffered == yes
    says: {en: Somebody suffered., fr: Quelqu’un a souffert.}
    cites: our own note
    wording: to be checked
assesses: assesses
""",
    )
)


def test_it_is_read() -> None:
    read = parse(FULL, "post.yaml", AUTHORITY, thorough=True)
    (look,), (rule,) = read.looks, read.grave
    assert (look.from_delivery, look.again_days) == (True, 30)
    assert look.again is not None and look.again.source == "suffered == yes"
    assert (rule.id, rule.when.source, rule.wording_to_check) == ("blood", "suffered == yes", True)


def test_what_is_left_out_is_the_houses() -> None:
    read = parse(SOUND)
    assert read.grave == ()
    assert (read.looks[0].from_delivery, read.looks[0].again, read.looks[0].again_days) == (
        False,
        None,
        0,
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from: delivery", "from: handover", '"handover" is no from'),
        ("when: suffered == yes, after: 30d", "when: suffered == yes", "again has no after"),
        ("after: 30d}", "after: 0d}", "after is one day or more"),
        (
            "again: {when: suffered == yes",
            "again: {when: detention == yes",
            '"detention" is not asked at looks; name what a look asks',
        ),
        (
            "again: {when: suffered == yes",
            "again: {when: party.record == none",
            '"party.record" is not asked at looks',
        ),
        (
            "    when: suffered == yes\n",
            "    when: worth > 3\n",
            '"worth" is not asked at looks; name what a look asks',
        ),
        ("  - id: blood\n", "  - id: Blood\n", '"Blood" cannot be an id'),
        (
            "    says: {en: Somebody suffered., fr: Quelqu’un a souffert.}\n",
            "    says: {en: Somebody suffered.}\n",
            "says has no fr translation",
        ),
        (
            "    cites: our own note\n",
            "    level: high\n",
            '"level" is not a key of a grave finding',
        ),
    ],
)
def test_a_mistake_is_told(old: str, new: str, says: str) -> None:
    assert FULL.count(old) == 1
    assert any(says in line for line in mistakes(FULL.replace(old, new), AUTHORITY))


def test_a_look_asks_for_another_by_its_own_questions_alone() -> None:
    """What the look does not ask it cannot find."""
    more = FULL.replace(
        "rules:\n",
        """\
  - id: paid
    section: happened
    ask: {en: 'Did anyone pay?', fr: 'Quelqu’un a-t-il payé ?'}
    kind: yes_no
rules:
""",
        1,
    ).replace("again: {when: suffered", "again: {when: paid")
    told = mistakes(more, AUTHORITY)
    assert any('"paid" is not asked at this look; add it to its asks' in line for line in told)


def test_a_grave_finding_named_twice() -> None:
    twice = FULL.replace(
        "grave:\n", "grave:\n  - {id: blood, when: suffered == no, says: {en: A, fr: B}}\n"
    )
    assert any('"blood" is already used above' in line for line in mistakes(twice, AUTHORITY))

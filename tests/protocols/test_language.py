"""What the language says beside questions and rules: clocks, reach, seals, who looks and passes.

Each mistake is told with the line and column that `primum protocols check` shows.
"""

from __future__ import annotations

import pytest

from primum.core.protocol import Authority, Reach
from primum.core.vocabulary import Stakes
from primum.protocols import parse
from tests.protocols.test_mistakes import AUTHORITY, SOUND, mistakes

FULL = (
    SOUND
    + """\
about: party
clocks: {assess: 24h, advise: 3d, emergency_record: 24h, intercession_answer: 240h}
exposure: {up: 2, down: 9, confidence: reasonable_grounds, weaker: 7d}
seal_floor: 2
advises: [verifies, assesses]
"""
)


def edited(old: str, new: str) -> str:
    assert FULL.count(old) == 1, f"{old!r} is there {FULL.count(old)} times"
    return FULL.replace(old, new)


def test_the_full_one_is_read() -> None:
    read = parse(FULL, "post.yaml", AUTHORITY, thorough=True)
    assert read.about == "party"
    assert read.clocks == {
        "assess": 24,
        "advise": 72,
        "emergency_record": 24,
        "intercession_answer": 240,
    }
    assert read.reach == Reach(2, 9, "reasonable_grounds", 7)
    assert read.seal_floor == 2
    assert read.advises == {"verifies", "assesses"}


def test_what_is_left_out_is_the_houses() -> None:
    read = parse(SOUND)
    assert (read.about, read.clocks, read.reach, read.seal_floor) == ("activity", {}, None, 0)
    assert (read.looks[0].may, read.commitments[0].meets) == (frozenset(), frozenset())
    assert not read.rules[0].asks_first


CASES = [
    # clocks
    (
        "assess: 24h",
        "asess: 24h",
        ['70:10: "asess" is not a key of clocks; did you mean "assess"?'],
    ),
    ("24h, advise", "a day, advise", ['70:18: assess is a time such as 24h or 5d, not "a day"']),
    ("24h, advise", "0h, advise", ["70:18: assess is one hour or more"]),
    ("24h, advise", "24, advise", ['70:18: assess is a time such as 24h or 5d, not "24"']),
    ("24h, advise", "99999h, advise", ['70:18: assess is a time such as 24h or 5d, not "99999h"']),
    (
        "{assess: 24h, advise: 3d, emergency_record: 24h, intercession_answer: 240h}",
        "[assess]",
        [
            "70:9: clocks is written as keys and values: assess, advise, decide, emergency_record,"
            " emergency_assess, review, intercession_answer, final_notice_answer"
        ],
    ),
    # exposure
    ("up: 2, ", "", ["71:11: exposure has no up; add up:"]),
    ("up: 2", "up: 10", ['71:16: up is a whole number from 0 to 9, not "10"']),
    ("up: 2", "up: -1", ['71:16: up is a whole number from 0 to 9, not "-1"']),
    ("up: 2", "up: ٢", ['71:16: up is a whole number from 0 to 9, not "٢"']),
    ("down: 9", "down: all", ['71:25: down is a whole number from 0 to 9, not "all"']),
    (
        "reasonable_grounds",
        "sure",
        ['71:40: "sure" is no confidence; it is one of heard, plausible, reasonable_grounds'],
    ),
    ("weaker: 7d", "weaker: 0d", ["71:68: weaker is one day or more"]),
    ("weaker: 7d", "weaker: weekly", [
        '71:68: weaker is a number of days such as 30d, not "weekly"',
    ]),
    ("up: 2", "up: 2, upp: 3", ['71:19: "upp" is not a key of exposure; did you mean "up"?']),
    # seal floor and about
    ("seal_floor: 2", "seal_floor: 5", [
        '72:13: seal_floor is a whole number from 0 to 4, not "5"',
    ]),
    ("seal_floor: 2", "seal_floor: two", [
        '72:13: seal_floor is a whole number from 0 to 4, not "two"',
    ]),
    ("about: party", "about: unit", ['69:8: "unit" is no about; it is one of activity, party']),
    # what a commitment meets, and who may look
    ("    due: 30d\n", "    meets: [shut, shot]\n", [
        '55:12: "shot" is not a rule of this protocol; did you mean "shut"?',
    ]),
    ("    due: 30d\n", "    meets: zzz\n", [
        '55:12: "zzz" is not a rule of this protocol; name a rule listed under rules',
    ]),
    ("    due: 30d\n", "    meets: [shut, shut]\n", ['55:19: "shut" is named twice; name it once']),
    ("    grace: 14d\n", "    grace: 14d\n    may: [field_monitor, monitor]\n", [
        '63:10: "monitor" is not a duty of this mission; did you mean "field_monitor"?',
    ]),
    ("    grace: 14d\n", "    grace: 14d\n    unannounced: maybe\n", [
        "63:18: unannounced is yes or no",
    ]),
    # questions
    ("    required: yes\n", "    required: yes\n    worse: more\n", [
        "15:12: a yes_no has no more or less; remove it",
    ]),
    ("    currency: USD\n", "    currency: USD\n    worse: higher\n", [
        '29:12: "higher" is no worse; it is one of more, less',
    ]),
    ("    currency: USD\n", "    currency: USD\n    read_by: [chief, cheif]\n", [
        '29:14: "cheif" is not a duty of this mission; did you mean "chief"?',
    ]),
    ("kind: money\n", "kind: people\n", [
        "28:15: a people has no currency; remove it",
        "40:11: worth is counted apart; name one of its cells: girls, boys, women, men,"
        " older_women, older_men, not_known",
    ]),
    ("kind: money\n    currency: USD\n", "kind: place\n    worse: more\n", [
        "28:12: a place has no more or less; remove it",
        "40:11: worth is answered with a place, which no rule reads; ask a choice beside it",
    ]),
    ("kind: money\n    currency: USD\n", "kind: party\n    options: [a, b]\n", [
        "28:14: a party takes no options; remove them or make it a choice",
        "40:11: worth is answered with parties, which no rule reads; ask a choice beside it",
    ]),
    ("kind: money\n    currency: USD\n", "kind: evidence\n", [
        "39:11: worth is answered with links, which no rule reads; ask a choice beside it",
    ]),
    # rules
    ("    level: medium\n", "    level: medium\n    asks_first: perhaps\n", [
        "42:17: asks_first is yes or no",
    ]),
    ("    level: medium\n", "    level: medium\n    audience: [asesses]\n", [
        '42:15: "asesses" is not a duty of this mission; did you mean "assesses"?',
    ]),
    # flaws of sense
    ("worth > 50000", "worth > 50000 and worth < 50", [
        '39:9: rule "rich" can never be true: no answers to the questions that are asked together'
        " make it so; correct it or remove it",
    ]),
    ("worth > 50000", "worth > 50000 or worth <= 50000", [
        '39:9: rule "rich" is true whatever is answered, so every case is medium or graver; correct'
        " it or remove it",
    ]),
    ("worth > 50000", "detention == yes and access == refused", [
        '39:9: rules "rich" and "shut" contradict each other: where detention is yes and access is'
        ' refused, one says medium and the other high, and so wherever "rich" holds; narrow "shut"'
        ' or remove "rich"',
        '24:9: "worth" is used by no rule, condition or commitment; remove it, or name the duties'
        " that read the answer: read_by: [...]",
    ]),
    ("    currency: USD\n", "    currency: USD\n    worse: less\n", [
        '40:9: "worth" is said to be worse when it is less, but rule "rich" can turn lighter by it;'
        " compare it the other way round",
    ]),
    ("    read_by: chief\n", "", [
        '15:9: "heard" is used by no rule, condition or commitment; remove it, or name the duties'
        " that read the answer: read_by: [...]",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), CASES)
def test_a_mistake(old: str, new: str, expected: list[str]) -> None:
    assert sorted(mistakes(edited(old, new), AUTHORITY, thorough=True)) == sorted(expected)


@pytest.mark.parametrize("stakes", [Stakes.HIGH, Stakes.LEADERSHIP])
def test_a_hard_stop_that_nobody_can_pass(stakes: Stakes) -> None:
    nobody = Authority(AUTHORITY.duties, {**AUTHORITY.deciders, stakes: frozenset()})
    text = edited("passable_by: leadership", f"passable_by: {stakes.word}")
    said = mistakes(text, nobody)
    assert said[0] == (
        f"45:31: nobody in this mission may pass it at {stakes.word} stakes; name who may"
    )


def test_a_hard_stop_that_nobody_is_to_pass_is_meant_so() -> None:
    nobody = Authority(AUTHORITY.duties, {**AUTHORITY.deciders, Stakes.HIGH: frozenset()})
    text = edited("passable_by: leadership", "passable_by: nobody")
    assert not any("45:31" in line for line in mistakes(text, nobody))
    assert parse(text, authority=AUTHORITY).stops["shut"].passable_by is None


def test_a_fact_is_no_question_of_its_own_first_word() -> None:
    """A question called `party` has nothing to do with `party.record`."""
    text = edited("id: suffered", "id: party").replace("[suffered]", "[party]")
    read = parse(text.replace("worth > 50000", "worth > 50000 or party.record == none"))
    assert not read.by_id["party"].material

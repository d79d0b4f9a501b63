"""Flaws of sense: rules that say nothing, say two things, or turn the wrong way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core.protocol import (
    Condition,
    Domain,
    Kind,
    Protocol,
    Rule,
    Section,
    Value,
    examine,
    holds,
    names_in,
    parse,
    weigh,
)
from primum.core.vocabulary import Level
from tests.core.protocol.small import (
    DOMAINS,
    EXPRESSIONS,
    ON_A_LINE,
    VALUES,
    answered,
    commitment,
    completions,
    condition,
    known_values,
    protocol,
    protocols,
    question,
    rule,
    stop,
)

DUTY = frozenset({"somebody"})


def flaws(*rules: Rule, **changes: object) -> list[str]:
    """What is said of a protocol where every question has a reader."""
    read = {"questions": tuple(question(name, read_by=DUTY) for name in DOMAINS), **changes}
    return [f"{flaw.at}: {flaw.says}" for flaw in examine(protocol(*rules, **read))]


def test_a_sound_protocol_has_none() -> None:
    assert flaws(rule("a", "armed == yes"), rule("b", "held >= 3", Level.HIGH)) == []


NEVER = (
    'rule a: rule "a" can never be true: no answers to the questions that are asked together make'
    " it so; correct it or remove it"
)
ALWAYS = (
    'rule a: rule "a" is true whatever is answered, so every case is medium or graver;'
    " correct it or remove it"
)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("held > 2 and held < 2", NEVER),
        ("armed == yes and armed == no", NEVER),
        ("access not in [written, spoken, refused]", NEVER),
        ("since > 9999-12-31", NEVER),
        ("hurt.girls < 0", NEVER),
        ("hurt.girls > 2 and hurt.girls < 3", NEVER),
        ("women in heard and not (women in heard)", NEVER),
        ("armed == yes or armed == no", ALWAYS),
        ("held >= 2 or held < 3", ALWAYS),
        ("hurt.girls >= 0", ALWAYS),
        ("party.breaches_12_months >= 0", ALWAYS),
        ("since >= 0001-01-01", ALWAYS),
        ("women in heard or women not in heard", ALWAYS),
    ],
)
def test_a_rule_that_says_nothing(when: str, expected: str) -> None:
    assert flaws(rule("a", when)) == [expected]


@pytest.mark.parametrize(
    "when",
    ["held > 2 and held < 3", "worth > 2 and worth < 3", "held == -1", "party.record == none"],
)
def test_a_rule_that_says_something(when: str) -> None:
    """Between two numbers there are others; a number, unlike a count, may be less than none."""
    assert flaws(rule("a", when)) == []


class TestWhatIsAsked:
    """A rule is weighed over answers that can be given together."""

    HIDDEN = (
        question("armed"),
        question("access", when=condition("armed == yes")),
        question("held", when=condition("access == written")),
    )

    def test_a_rule_needs_answers_that_are_never_asked_together(self) -> None:
        assert flaws(rule("a", "armed == no and access == written"), questions=self.HIDDEN) == [
            NEVER,
            *self.unused("held"),
        ]

    def test_and_all_the_way_up(self) -> None:
        """`held` hangs on `access`, which hangs on `armed`."""
        assert flaws(rule("a", "held > 2 and armed == no"), questions=self.HIDDEN) == [NEVER]
        assert flaws(rule("a", "held > 2 and access == spoken"), questions=self.HIDDEN) == [NEVER]

    def test_what_is_asked_together_is_fine(self) -> None:
        when = "armed == yes and access == written and held > 2"
        assert flaws(rule("a", when), questions=self.HIDDEN) == []

    def test_a_rule_must_not_wait_for_what_nobody_is_asked(self) -> None:
        """Where nobody is armed, access is never known, and the rule would stay open for ever."""
        assert flaws(rule("a", "access in [written, spoken]"), questions=self.HIDDEN) == [
            'rule a: rule "a" can never be settled where armed is no: "access" is not asked there;'
            " say in the rule when it counts: (armed == yes) and ...",
            *self.unused("held"),
        ]
        assert flaws(rule("a", "held > 2 and armed == yes"), questions=self.HIDDEN) == [
            'rule a: rule "a" can never be settled where access is spoken: "held" is not asked'
            " there; say in the rule when it counts: (access == written) and ..."
        ]
        gated = rule("a", "armed == yes and access in [written, spoken]")
        assert flaws(gated, questions=self.HIDDEN) == self.unused("held")

    def test_an_answer_not_asked_for_is_not_always_given(self) -> None:
        (said, *_) = flaws(rule("a", "access in [written, spoken, refused]"), questions=self.HIDDEN)
        assert "is true whatever is answered" not in said

    def unused(self, name: str) -> list[str]:
        return [
            f'{name}: "{name}" is used by no rule, condition or commitment; remove it, or name the'
            " duties that read the answer: read_by: [...]"
        ]


class TestContradictions:
    def test_the_narrower_rule_is_the_lighter_one(self) -> None:
        assert flaws(
            rule("wide", "held >= 2", Level.HIGH),
            rule("narrow", "held >= 3 and armed == yes", Level.MEDIUM),
        ) == [
            'rule narrow: rules "narrow" and "wide" contradict each other: where held is 3 and'
            ' armed is yes, one says medium and the other high, and so wherever "narrow" holds;'
            ' narrow "wide" or remove "narrow"'
        ]

    def test_the_witness_is_told_by_kind(self) -> None:
        (said,) = flaws(
            rule("wide", "women in heard or since < 2026-01-01", Level.HIGH),
            rule("narrow", "women in heard and nobody in heard", Level.MEDIUM),
        )
        assert "where heard holds nobody, women, one says medium" in said

    def test_the_narrower_rule_may_be_the_graver_one(self) -> None:
        assert flaws(rule("wide", "held >= 2"), rule("narrow", "held >= 3", Level.HIGH)) == [], (
            "three is graver than two: that is how rules are written"
        )

    def test_rules_that_share_no_name_are_not_compared(self) -> None:
        assert flaws(rule("a", "held >= 2"), rule("b", "armed == yes", Level.HIGH)) == []

    def test_the_same_rule_twice(self) -> None:
        says = "hold in the same cases; make them one rule"
        assert flaws(rule("a", "armed == yes"), rule("b", "not (armed == no)")) == [
            f'rule b: rules "a" and "b" {says}'
        ]
        assert flaws(
            rule("a", "held >= 2 or held < 0"), rule("b", "not (held < 2 and held >= 0)")
        ) == [f'rule b: rules "a" and "b" {says}']

    def test_for_two_audiences_a_rule_may_be_said_twice(self) -> None:
        sealed = replace(rule("b", "armed == yes"), audience=frozenset({"protects"}))
        assert flaws(rule("a", "armed == yes"), sealed) == []

    def test_a_lighter_rule_may_do_what_the_graver_does_not(self) -> None:
        """It stops, asks to know more first, or remains when the graver one is met."""
        wide, narrow = rule("wide", "held >= 2", Level.HIGH), rule("narrow", "held >= 3")
        meets = replace(commitment("c"), meets=frozenset({"wide"}))
        assert flaws(wide, narrow)
        assert flaws(wide, narrow, hard_stops=(stop("narrow"),)) == []
        assert flaws(wide, replace(narrow, asks_first=True)) == []
        assert flaws(wide, narrow, commitments=(meets,)) == []
        both = replace(meets, meets=frozenset({"wide", "narrow"}))
        assert flaws(wide, narrow, commitments=(both,))
        assert flaws(wide, narrow, hard_stops=(stop("narrow"), stop("wide")))


class TestDirection:
    @pytest.mark.parametrize(
        ("worse", "good", "bad"),
        [
            ("more", "held >= 2", "held < 2"),
            ("more", "not (held <= 2)", "not (held > 2)"),
            ("more", "armed == yes and held > 2", "armed == yes or held == 2"),
            ("less", "held < 2", "held != 2"),
            ("less", "not (held > 2) or armed == yes", "not (held < 2 and armed == yes)"),
        ],
    )
    def test_a_rule_that_turns_the_wrong_way(self, worse: str, good: str, bad: str) -> None:
        asked = (question("armed"), question("held", worse=worse))
        assert flaws(rule("a", good), rule("b", "armed == no"), questions=asked) == []
        (said,) = flaws(rule("a", bad), rule("b", "armed == no"), questions=asked)
        assert said == (
            f'rule a: "held" is said to be worse when it is {worse}, but rule "a" can turn lighter'
            " by it; compare it the other way round"
        )

    def test_a_count_turns_by_each_of_its_cells(self) -> None:
        (said,) = flaws(rule("a", "hurt.girls < 2"), questions=(question("hurt", worse="more"),))
        assert said.startswith('rule a: "hurt.girls" is said to be worse when it is more')

    def test_facts_have_a_direction_too(self) -> None:
        (said,) = flaws(rule("a", "party.breaches_12_months < 1"))
        assert said.startswith('rule a: "party.breaches_12_months" is said to be worse when')


class TestUnused:
    def test_a_question_that_nothing_depends_on(self) -> None:
        said = examine(protocol(questions=(question("armed"), question("hurt"))))
        assert [flaw.at for flaw in said] == ["armed", "hurt"]
        assert said[0].says == (
            '"armed" is used by no rule, condition or commitment; remove it, or name the duties'
            " that read the answer: read_by: [...]"
        )

    def test_a_rule_a_condition_a_commitment_or_a_reader_uses_it(self) -> None:
        small = protocol(
            rule("a", "hurt.girls >= 2"),
            questions=(
                question("hurt"),
                question("armed"),
                question("held", when=condition("armed == yes"), read_by=DUTY),
                question("access"),
            ),
            commitments=(commitment("c", "access == refused"),),
        )
        assert examine(small) == ()

    def test_words_places_and_looks_are_for_people_to_read(self) -> None:
        names = ("aim", "where", "partners", "papers")
        small = protocol(
            questions=(
                *(question(name) for name in names),
                question("armed", section=Section.HAPPENED),
            )
        )
        assert examine(small) == ()


def truth(when: str) -> set[bool | None]:
    """What a rule says in every case, by trying them all."""
    expression = condition(when).expression
    return {holds(expression, full) for full in completions({}, sorted(names_in(expression)))}


@given(EXPRESSIONS)
@settings(max_examples=200, deadline=None)
def test_never_and_always_equal_trying_every_answer(when: str) -> None:
    said = flaws(rule("a", when))
    outcomes = truth(when)
    assert (NEVER in said) is (True not in outcomes)
    assert (ALWAYS in said) is (outcomes == {True})


@given(EXPRESSIONS, EXPRESSIONS)
@settings(max_examples=200, deadline=None)
def test_a_contradiction_is_one_in_every_case(first: str, second: str) -> None:
    """Where it is said that a light rule never counts, trying every answer agrees."""
    light, grave = rule("light", first), rule("grave", second, Level.HIGH)
    said = [line for line in flaws(light, grave) if "contradict" in line]
    names = names_in(light.when.expression) | names_in(grave.when.expression)
    both = [
        (holds(light.when.expression, full), holds(grave.when.expression, full))
        for full in completions({}, sorted(names))
    ]
    if said:
        assert any(light_holds for light_holds, _ in both)
        assert all(grave_holds for light_holds, grave_holds in both if light_holds)
    elif names_in(grave.when.expression) <= names_in(light.when.expression):
        held = [grave_holds for light_holds, grave_holds in both if light_holds]
        assert not held or not all(held)


@given(protocols(), known_values(), st.data())
@settings(max_examples=200, deadline=None)
def test_what_is_found_sound_is_monotone_where_declared(
    small: Protocol, some: dict[str, Value], data: st.DataObject
) -> None:
    """A number said to be worse the higher it is never makes a case lighter by rising."""
    worse = {"held": "more", "worth": "less", "hurt": "more"}
    asked = tuple(replace(q, worse=worse.get(q.id, "")) for q in small.questions)
    small = replace(small, questions=asked)
    turning = {flaw.at for flaw in examine(small) if "the other way round" in flaw.says}
    sound = replace(
        small, rules=tuple(r for r in small.rules if f"rule {r.id}" not in turning), hard_stops=()
    )
    name = data.draw(st.sampled_from(ON_A_LINE))
    before, after = data.draw(st.sampled_from(list(worsening(name, worse))))
    lighter = weigh(sound, answered({**some, name: before}))
    graver = weigh(sound, answered({**some, name: after}))
    assert lighter.lowest <= graver.lowest
    assert lighter.highest <= graver.highest


def worsening(name: str, worse: dict[str, str]) -> Iterator[tuple[Value, Value]]:
    pairs = itertools.combinations(VALUES[name], 2)
    for low, high in pairs:
        yield (low, high) if worse[name.partition(".")[0]] == "more" else (high, low)


def test_a_rule_that_names_too_much_is_passed_over() -> None:
    """Ten options told apart make a thousand choices: not tried, and nothing is claimed."""
    many = replace(
        question("heard", read_by=DUTY),
        domain=Domain(Kind.SEVERAL, tuple(f"o{i}" for i in range(10))),
    )
    names = {"heard": many.domain}
    text = " and ".join(f"o{i} in heard and o{i} not in heard" for i in range(10))
    never = replace(rule("a", "armed == yes"), when=Condition(text, parse(text, names)))
    assert flaws(never, questions=(many, question("armed", read_by=DUTY))) == []


def test_a_protocol_of_too_many_rules_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compared for ever, and that not all was compared is said."""
    module = import_module("primum.core.protocol.examine")
    rules = [rule(f"r{at}", f"held == {at} and worth < {at}") for at in range(20)]
    assert flaws(*rules) == []
    monkeypatch.setattr(module, "MOST_TRIED", 2_000)
    (said,) = flaws(*rules)
    assert said.endswith("there are too many rules to try and compare all of them; make fewer")

"""Taking answers, and how far they go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import (
    AnswerError,
    Answers,
    Completeness,
    Protocol,
    Section,
    Value,
    asked,
    completeness,
    read_answers,
)
from tests.core.protocol.small import DOMAINS, condition, known_values, number, protocol, question
from tests.core.protocol.test_values import ANYTHING

DETENTION = protocol(
    questions=(
        question("armed", required=True, section=Section.BRINGS),
        question("access", required=True, when=condition("armed == yes")),
        question("held", when=condition("armed == yes and access != refused")),
        question("aim", required=True, section=Section.DECIDE),
        question("since", required=True, section=Section.HAPPENED),
    )
)


def ids(small: Protocol, answers: Answers) -> list[str]:
    return [q.id for q in asked(small, answers)]


def test_it_takes_what_is_known_and_why_the_rest_is_not() -> None:
    answers = read_answers(
        protocol(),
        {"armed": "no", "held": 3, "access": {"unknown": " nobody went "}, "heard": None},
    )
    assert Answers({"armed": "no", "held": number(3)}, {"access": "nobody went"}) == answers


def test_it_names_every_answer_it_cannot_take() -> None:
    with pytest.raises(AnswerError) as error:
        read_answers(
            protocol(),
            {
                "armd": "yes",
                "armed": "perhaps",
                "access": {"unknown": " "},
                "held": {"unknown": "why", "because": "no"},
                "aim": {"unknown": "a" * 20_001},
                "since": "2026-01-01",
            },
        )
    assert [(m.question, m.code, m.says) for m in error.value.mistakes] == [
        (
            "armd",
            "no_such_question",
            'this is not a question of this protocol; did you mean "armed"?',
        ),
        ("armed", "not_an_option", '"perhaps" is not one of: yes, no'),
        ("access", "no_reason", "say in a few words why it is unknown"),
        ("held", "no_reason", "say in a few words why it is unknown"),
        ("aim", "too_long", "the text is longer than 20,000 characters"),
    ]
    assert 'armed: "perhaps" is not one of: yes, no' in str(error.value).splitlines()


@given(st.dictionaries(st.sampled_from([*DOMAINS, "other"]) | st.text(), ANYTHING))
def test_nothing_brings_anything_but_its_own_error(raw: dict[str, object]) -> None:
    try:
        read_answers(protocol(), raw)
    except AnswerError as error:
        assert error.mistakes


def test_a_question_is_asked_unless_it_is_certainly_beside_the_point() -> None:
    assert ids(DETENTION, Answers()) == ["armed", "access", "held", "aim"]
    assert ids(DETENTION, Answers({"armed": "no"})) == ["armed", "aim"]
    assert ids(DETENTION, Answers({"armed": "yes"})) == ["armed", "access", "held", "aim"]
    refused = Answers({"armed": "yes", "access": "refused"})
    assert ids(DETENTION, refused) == ["armed", "access", "aim"]


def test_questions_of_looks_are_asked_at_looks() -> None:
    assert [q.id for q in asked(DETENTION, Answers(), [Section.HAPPENED])] == ["since"]
    assert completeness(DETENTION, Answers(), [Section.HAPPENED]).missing == ("since",)


def test_completeness_counts_and_names_what_is_missing() -> None:
    assert completeness(DETENTION, Answers({"armed": "yes"}, {"access": "nobody went"})) == (
        Completeness(
            asked=4,
            answered=2,
            unknown=("access",),
            unanswered=("held", "aim"),
            missing=("aim",),
        )
    )


def test_a_reasoned_unknown_is_an_answer_but_silence_is_not() -> None:
    done = completeness(DETENTION, Answers({"armed": "no"}, {"aim": "the order has not come"}))
    assert done.complete
    assert not completeness(DETENTION, Answers()).complete


def test_completeness_of_one_section() -> None:
    assert completeness(DETENTION, Answers({"armed": "no"}), [Section.BRINGS]).complete


@given(known_values(), known_values())
def test_completeness_says_nothing_of_what_the_answers_mean(
    one: dict[str, Value], other: dict[str, Value]
) -> None:
    """No oracle: where no question hangs on another, only which are answered shows."""
    small = protocol()
    first, second = Answers(one), Answers({name: other.get(name, one[name]) for name in one})
    assert completeness(small, first) == completeness(small, second)

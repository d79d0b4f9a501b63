"""Taking answers, and how far they go."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import (
    AnswerError,
    Answers,
    Completeness,
    People,
    Protocol,
    Section,
    Value,
    asked,
    completeness,
    plain_answers,
    read_answers,
    weigh,
)
from primum.core.protocol.values import plain_value
from tests.core.protocol.small import (
    DOMAINS,
    answered,
    condition,
    known_values,
    number,
    protocol,
    question,
    rule,
)
from tests.core.protocol.test_values import ANYTHING

NO_REASON = "say in a few words why it is unknown"
NOT_YES = '"perhaps" is not one of: yes, no'
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


class TestEvidence:
    def test_an_answer_comes_with_what_it_rests_on(self) -> None:
        answers = read_answers(
            protocol(),
            {
                "armed": {"answer": "yes", "evidence": ["FILE-7", "https://example.org/a"]},
                "access": {"unknown": "nobody went", "evidence": "FILE-8"},
                "hurt": {"answer": {"girls": 2}, "evidence": ["FILE-9"]},
                "held": {"answer": 3, "evidence": []},
                "since": {"evidence": ["FILE-1"]},
                "papers": ["FILE-2"],
            },
        )
        assert answers.known == {
            "armed": "yes",
            "hurt": People((("girls", number(2)),)),
            "held": number(3),
            "papers": ("FILE-2",),
        }
        assert answers.because == {"access": "nobody went"}
        assert answers.evidence == {
            "armed": ("FILE-7", "https://example.org/a"),
            "access": ("FILE-8",),
            "hurt": ("FILE-9",),
            "since": ("FILE-1",),
        }

    @pytest.mark.parametrize(
        ("given_raw", "code", "says"),
        [
            (
                {"answer": "yes", "evidense": ["a"]},
                "not_an_answer",
                '"evidense" does not belong here; write answer or unknown, and evidence',
            ),
            (
                {"answer": "yes", "unknown": "why", "evidence": ["a"]},
                "no_reason",
                "say in a few words why it is unknown",
            ),
            (
                {"unknown": " ", "evidence": "a"},
                "no_reason",
                "say in a few words why it is unknown",
            ),
            (
                {"answer": "yes", "evidence": "javascript:x"},
                "not_a_link",
                '"javascript:x" is not an address that a page may open',
            ),
            ({"answer": "yes", "evidence": 7}, "not_a_list", "7 is not a list of links"),
            ({"answer": "perhaps", "evidence": "a"}, "not_an_option", NOT_YES),
        ],
    )
    def test_what_cannot_be_taken_says_why(self, given_raw: object, code: str, says: str) -> None:
        with pytest.raises(AnswerError) as error:
            read_answers(protocol(), {"armed": given_raw})
        assert [(m.code, m.says) for m in error.value.mistakes] == [(code, says)]

    def test_evidence_weighs_nothing(self) -> None:
        """What an answer rests on is read by people; the Ruling is the same without it."""
        small = protocol(rule("armed_eyes", "armed == yes"))
        bare = read_answers(small, {"armed": "yes"})
        rich = read_answers(small, {"armed": {"answer": "yes", "evidence": "FILE-7"}})
        assert weigh(small, bare) == weigh(small, rich)


LINK = st.from_regex(r"[A-Za-z0-9 /.-]{1,40}", fullmatch=True).filter(str.strip)
WHY = st.text(min_size=1, max_size=60).filter(str.strip)


@st.composite
def raw_answers(draw: st.DrawFn) -> dict[str, object]:
    """Answers as they are sent: known, unknown with a reason, with and without evidence."""
    small, known = protocol(), draw(known_values())
    whole = answered(known).known
    raw: dict[str, object] = {}
    for name in DOMAINS:
        plain = plain_value(DOMAINS[name], whole[name]) if name in whole else None
        given: dict[str, object] = {} if plain is None else {"answer": plain}
        if not given and draw(st.booleans()):
            given = {"unknown": draw(WHY)}
        if draw(st.booleans()):
            given["evidence"] = draw(st.lists(LINK, min_size=1, max_size=3))
        if given:
            raw[name] = given["answer"] if set(given) == {"answer"} else given
    assert set(raw) <= set(small.by_id)
    return raw


@given(raw_answers())
def test_answers_come_back_as_they_were(raw: dict[str, object]) -> None:
    """What is kept as plain data, through JSON, is read back to the same answers."""
    small = protocol()
    answers = read_answers(small, raw)
    plain = plain_answers(small, answers)
    assert read_answers(small, json.loads(json.dumps(plain))) == answers
    assert plain_answers(small, read_answers(small, plain)) == plain


def test_cells_of_a_count_have_names_of_their_own() -> None:
    answers = read_answers(protocol(), {"hurt": {"girls": 2, "men": {"min": 0, "max": 4}}})
    assert {"hurt.girls": number(2), "hurt.men": number(0, 4)}.items() <= answers.names.items()
    assert "hurt.women" not in answers.names, "a cell left out is not known"


def test_a_question_may_hang_on_a_cell() -> None:
    small = protocol(
        questions=(
            question("hurt", required=True),
            question("armed", required=True, when=condition("hurt.girls >= 1")),
        )
    )
    assert ids(small, read_answers(small, {"hurt": {"girls": 0}})) == ["hurt"]
    assert ids(small, read_answers(small, {"hurt": {"men": 3}})) == ["hurt", "armed"]
    one = read_answers(small, {"hurt": {"girls": 1}})
    assert completeness(small, one).missing == ("armed",)


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


def test_what_waits_for_an_answer_that_is_not_asked_for_is_not_asked_either() -> None:
    """`held` hangs on `access`; where nobody is armed, access is beside the point, and so is it."""
    chain = protocol(
        questions=(
            question("armed"),
            question("access", when=condition("armed == yes")),
            question("held", when=condition("access != refused")),
            question("since", when=condition("access == written or armed == no")),
            question("worth", when=condition("held > 2 or access == spoken")),
        )
    )
    assert ids(chain, Answers()) == ["armed", "access", "held", "since", "worth"]
    assert ids(chain, Answers({"armed": "no"})) == ["armed", "since"]
    left_over = Answers({"armed": "no", "access": "written", "held": number(3)})
    assert ids(chain, left_over) == ["armed", "since"], "an answer left over asks nothing"
    spoken = Answers({"armed": "yes", "access": "spoken"})
    assert ids(chain, spoken) == ["armed", "access", "held", "worth"]


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
    first = answered(one)
    second = answered({name: other.get(name, one[name]) for name in one})
    assert completeness(small, first) == completeness(small, second)

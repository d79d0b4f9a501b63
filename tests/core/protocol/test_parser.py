"""Reading rules: what is accepted, and each mistake with its place and words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.protocol import ExpressionError, parse
from primum.core.protocol.expression import And, Comparison, Expression, Not, Op, Or
from primum.core.protocol.parser import DEEPEST, LONGEST
from tests.core.protocol.small import EXPRESSIONS, NAMES

ARMED = Comparison("armed", Op.EQUAL, ("yes",))
HELD = Comparison("held", Op.AT_LEAST, (Decimal(2),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("armed == yes", ARMED),
        ("  armed==yes  ", ARMED),
        ("(armed == yes)", ARMED),
        ("not armed == yes", Not(ARMED)),
        ("not not armed == yes", Not(Not(ARMED))),
        ("armed == yes and held >= 2", And((ARMED, HELD))),
        ("armed == yes or\n  held >= 2", Or((ARMED, HELD))),
        ("armed == yes and held >= 2 and armed == yes", And((ARMED, HELD, ARMED))),
        ("(armed == yes and held >= 2) or armed == yes", Or((And((ARMED, HELD)), ARMED))),
        ("not armed == yes and held >= 2", And((Not(ARMED), HELD))),
        ("access in [written]", Comparison("access", Op.ONE_OF, ("written",))),
        ("access in [written, spoken]", Comparison("access", Op.ONE_OF, ("written", "spoken"))),
        ("access not in [written]", Not(Comparison("access", Op.ONE_OF, ("written",)))),
        ("women in heard", Comparison("heard", Op.HAS, ("women",))),
        ("women not in heard", Not(Comparison("heard", Op.HAS, ("women",)))),
        ("since < 2026-01-31", Comparison("since", Op.LESS, (date(2026, 1, 31),))),
        ("worth <= 2.50", Comparison("worth", Op.AT_MOST, (Decimal("2.50"),))),
        ("held > -3", Comparison("held", Op.MORE, (Decimal(-3),))),
        ("party.record != none", Comparison("party.record", Op.UNEQUAL, ("none",))),
    ],
)
def test_it_reads(text: str, expected: Expression) -> None:
    assert expected == parse(text, NAMES)


END = '"{}": the rule should end here; join two comparisons with and, or'

MISTAKES = [
    # grammar
    ("", 0, "the rule ends: a comparison starts with a name here"),
    ("armed", 0, "armed is compared with nothing; write for example armed == yes"),
    ("armed ==", 8, "the rule ends: a constant to compare armed with is missing"),
    ("armed == and", 9, '"and": a constant to compare armed with is missing'),
    ("armed == (", 9, '"(": a constant to compare armed with is missing'),
    ("(armed == yes", 13, "the rule ends: a ) is missing here"),
    ("access in [written", 18, "the rule ends: a ] is missing here"),
    ("access in []", 11, '"]": a constant to compare access with is missing'),
    ("women in", 8, "the rule ends: after in comes a [list] or a name"),
    ("women in 3", 9, '"3": after in comes a [list] or a name'),
    ("armed not == yes", 10, '"==": not needs in here'),
    ("3 <= held", 0, '"3": a comparison starts with a name here'),
    ("and == yes", 0, '"and": a comparison starts with a name here'),
    ("armed == yes held > 2", 13, END.format("held")),
    ("armed == yes AND held > 2", 13, END.format("AND")),
    ("armed == yes)", 12, END.format(")")),
    ("1 < held < 3", 0, '"1": a comparison starts with a name here'),
    (
        "armed == yes and held > 2 or held < 1",
        26,
        "and beside or: put brackets round the part that belongs together",
    ),
    (
        "armed == yes or held > 2 and held < 1",
        25,
        "and beside or: put brackets round the part that belongs together",
    ),
    # characters
    ("armed = yes", 6, "= has no meaning here; write == to compare"),
    ("armed == yes && held > 2", 13, "& has no meaning here; write and"),
    ("armed == yes || held > 2", 13, "| has no meaning here; write or"),
    ("!armed", 0, "! has no meaning here; write not, or != to compare"),
    ('armed == "yes"', 9, '" has no meaning here; write words without quotes'),
    ("armed == 'yes'", 9, "' has no meaning here; write words without quotes"),
    ("held > 2 + 1", 9, "'+' has no meaning here"),
    (
        "аrmed == yes",
        0,
        "CYRILLIC SMALL LETTER A has no meaning here; names are plain ASCII letters",
    ),
    (
        "held > ٣",
        7,
        "ARABIC-INDIC DIGIT THREE has no meaning here; names are plain ASCII letters",
    ),
    (
        "held > \ue000",
        7,
        "a character without a name has no meaning here; names are plain ASCII letters",
    ),
    # meaning
    (
        "armd == yes",
        0,
        '"armd" is not a question of this protocol nor a registered fact; did you mean "armed"?',
    ),
    ("zzz == yes", 0, '"zzz" is not a question of this protocol nor a registered fact'),
    (
        "party.harm_reports_24_month >= 1",
        0,
        '"party.harm_reports_24_month" is not a question of this protocol nor a registered fact; '
        'did you mean "party.harm_reports_24_months"?',
    ),
    (
        "women in herd",
        9,
        '"herd" is not a question of this protocol nor a registered fact; did you mean "heard"?',
    ),
    ("access == writen", 10, '"writen" is not an option of access; did you mean "written"?'),
    ("armed == maybe", 9, '"maybe" is not an option of armed; it has yes, no'),
    ("womn in heard", 0, '"womn" is not an option of heard; did you mean "women"?'),
    (
        "access in [written, spokn]",
        20,
        '"spokn" is not an option of access; did you mean "spoken"?',
    ),
    ("armed == 1", 9, "1 is a number, but armed takes yes or no"),
    ("access == 2026-01-01", 10, "2026-01-01 is a date, but access takes one of its options"),
    ("held > many", 7, "many is a word, but held takes a number"),
    ("worth > 2026-01-01", 8, "2026-01-01 is a date, but worth takes an amount"),
    ("since > 2026", 8, "2026 is a number, but since takes a date such as 2026-01-31"),
    ("since > 2026-02-30", 8, "2026-02-30 is not a day of the calendar"),
    ("held > 1234567890123456", 7, "the number has too many digits"),
    ("access < written", 7, "access has no order; compare it with == or !="),
    ("heard == women", 6, "heard holds several options; write women in heard"),
    ("heard > women", 6, "heard holds several options; write women in heard"),
    ("heard in [women]", 9, "heard is not a choice; a list [..] only follows a choice"),
    ("held in [1, 2]", 8, "held is not a choice; a list [..] only follows a choice"),
    ("yes in armed", 7, "armed does not hold several options; write armed == yes"),
    ("aim == peace", 0, "aim is answered in words, which no rule reads; ask a choice beside it"),
    (
        "armed == unknown",
        9,
        "no rule asks whether something is unknown; unknown leaves the rule open by itself",
    ),
    # bounds
    (
        "a" * (LONGEST + 1),
        LONGEST,
        "the rule is longer than 2,000 characters; split it into several rules",
    ),
    ("(" * 60, DEEPEST + 1, "brackets and nots are nested deeper than 40; split the rule"),
    ("not " * 60, 4 * (DEEPEST + 1), "brackets and nots are nested deeper than 40; split the rule"),
]


@pytest.mark.parametrize(("text", "offset", "says"), MISTAKES)
def test_it_says_what_is_wrong_and_where(text: str, offset: int, says: str) -> None:
    with pytest.raises(ExpressionError) as error:
        parse(text, NAMES)
    assert [(offset, says)] == [(m.offset, m.says) for m in error.value.mistakes]


def test_mistakes_of_meaning_gather_and_end_with_the_one_of_grammar() -> None:
    with pytest.raises(ExpressionError) as error:
        parse("armd == yes and held > many and (women in heard", NAMES)
    assert [mistake.offset for mistake in error.value.mistakes] == [0, 23, 47]
    assert '1: "armd" is not a question' in str(error.value)


def test_a_name_whose_question_is_mistaken_is_asked_nothing() -> None:
    """One slip in a question must not bury the rules that use it under more."""
    names = {**NAMES, "broken": None}
    assert parse("broken == anything and broken > 3", names)
    assert parse("anything in broken", names)
    assert parse("broken in [this, that]", names)


def test_the_deepest_nesting_allowed_is_read_and_weighed() -> None:
    assert parse("(" * DEEPEST + "armed == yes" + ")" * DEEPEST, NAMES) == ARMED


def test_a_long_rule_is_read_quickly() -> None:
    text = " or ".join(["held > 2"] * 160)
    assert len(text) < LONGEST
    assert isinstance(parse(text, NAMES), Or)


@given(st.text())
def test_no_text_brings_anything_but_its_own_error(text: str) -> None:
    _try(text)


WORDS = """armed held heard access since worth aim women yes no unknown and or not in == != < <= >
    >= ( ) [ ] , 3 -2.5 2026-01-31 2026-13-99 zz ."""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=40))
def test_no_heap_of_words_brings_anything_but_its_own_error(words: list[str]) -> None:
    _try(" ".join(words))


def _try(text: str) -> None:
    try:
        parse(text, NAMES)
    except ExpressionError as error:
        assert error.mistakes
        assert all(0 <= mistake.offset <= len(text) for mistake in error.mistakes)


@given(EXPRESSIONS)
def test_what_is_written_back_reads_the_same(text: str) -> None:
    expression = parse(text, NAMES)
    assert parse(written(expression), NAMES) == expression


def written(expression: Expression) -> str:
    match expression:
        case Comparison(name, Op.HAS, (option,)):
            return f"{option} in {name}"
        case Comparison(name, Op.ONE_OF, options):
            return f"{name} in [{', '.join(map(str, options))}]"
        case Comparison(name, op, (constant,)):
            return f"{name} {op} {constant}"
        case Not(part):
            return f"not ({written(part)})"
        case And(parts):
            return " and ".join(f"({written(part)})" for part in parts)
        case Or(parts):
            return " or ".join(f"({written(part)})" for part in parts)
    raise AssertionError(expression)

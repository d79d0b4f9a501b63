"""What would settle a Ruling and what would lower it: equal to trying everything."""

from __future__ import annotations

import itertools
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from primum.core.protocol import (
    Condition,
    Domain,
    Kind,
    Protocol,
    Range,
    Value,
    explain,
    holds,
    parse,
)
from primum.core.protocol.classes import ValueClass, classes, comparisons
from primum.core.protocol.explain import MOST_NAMES, Found
from primum.core.vocabulary import Level
from tests.core.protocol.small import (
    DOMAINS,
    EXPRESSIONS,
    NAMES,
    VALUES,
    answered,
    answers,
    condition,
    known_values,
    number,
    protocol,
    protocols,
    question,
    rule,
)

Known = Mapping[str, Value]
CHANGEABLE = ("access", "held", "heard", "hurt", "worth", "since")


def interval(small: Protocol, known: Known) -> tuple[Level, Level]:
    outcomes = [(rule.level, holds(rule.when.expression, known)) for rule in small.rules]
    lowest = max((level for level, said in outcomes if said), default=Level.LOW)
    highest = max((level for level, said in outcomes if said is not False), default=Level.LOW)
    return lowest, highest


def in_classes(small: Protocol) -> dict[str, tuple[ValueClass, ...]]:
    told = comparisons(each.when.expression for each in small.rules)
    return {name: classes(NAMES[name], each) for name, each in told.items()}


def follows(small: Protocol, known: Known, pairs: frozenset[tuple[str, Value]]) -> bool:
    """Whether answers only make what is known more exact."""
    told = comparisons(each.when.expression for each in small.rules)
    return all(
        holds(c, known) in (None, holds(c, {name: value}))
        for name, value in pairs
        for c in told[name]
    )


def brute(
    small: Protocol,
    known: Known,
    names: list[str],
    reached: Callable[[Known], bool],
    *,
    refine: bool,
) -> set[frozenset[tuple[str, Value]]]:
    """Every smallest set of up to three answers, by trying them all."""
    found: set[frozenset[tuple[str, Value]]] = set()
    told = in_classes(small)
    for size in range(MOST_NAMES + 1):
        for some in itertools.combinations([name for name in names if name in told], size):
            for chosen in itertools.product(*(told[name] for name in some)):
                pairs = frozenset((n, c.value) for n, c in zip(some, chosen, strict=True))
                if any(known.get(name) == value for name, value in pairs):
                    continue
                if refine and not follows(small, known, pairs):
                    continue
                if not any(each <= pairs for each in found) and reached({**known, **dict(pairs)}):
                    found.add(pairs)
    return found


def pairs_of(found: Found) -> set[frozenset[tuple[str, Value]]]:
    return {frozenset((name, each.value) for name, each in chosen) for chosen in found.sets}


def not_exact(known: Known) -> list[str]:
    return [
        name
        for name in VALUES
        if name not in known
        or (isinstance(value := known[name], Range) and value.low != value.high)
    ]


def with_changeable(small: Protocol) -> Protocol:
    asked = tuple(replace(q, changeable=q.id in CHANGEABLE) for q in small.questions)
    return replace(small, questions=asked)


def targets(small: Protocol, known: Known) -> Iterator[tuple[str, Level]]:
    lowest, highest = interval(small, known)
    if lowest < highest:
        yield "settles_lowest", lowest
        yield "settles_highest", highest


@given(protocols(), known_values())
@settings(max_examples=150, deadline=None)
def test_what_settles_equals_trying_every_answer(small: Protocol, known: dict[str, Value]) -> None:
    """The search finds exactly the smallest sets that brute force finds, at both ends."""
    explained = explain(small, answered(known), nodes=10**6)
    for name, target in targets(small, known):
        found: Found = getattr(explained, name)
        assert found.complete
        assert found.target is target

        def settled(now: Known, level: Level = target) -> bool:
            return interval(small, now) == (level, level)

        assert pairs_of(found) == brute(small, known, not_exact(known), settled, refine=True)


@given(protocols(), known_values())
@settings(max_examples=150, deadline=None)
def test_what_lowers_equals_trying_every_change(small: Protocol, known: dict[str, Value]) -> None:
    """Only changeable questions move, and every smallest set of them is found."""
    small = with_changeable(small)
    highest = interval(small, known)[1]
    found = explain(small, answered(known), nodes=10**6).lowers
    if highest is Level.LOW:
        assert found is None
        return
    assert found is not None
    wanted = Level(highest - 1)
    may_change = ["hurt.girls" if name == "hurt" else name for name in CHANGEABLE]

    def lowered(now: Known) -> bool:
        return interval(small, now)[1] <= wanted

    assert pairs_of(found) == brute(small, known, may_change, lowered, refine=False)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_the_classes_of_a_name_are_all_there_are(texts: list[str]) -> None:
    """Whatever value a name takes, one class turns every comparison the same way, and only one."""
    told = comparisons(condition(text).expression for text in texts)
    for name, compared in told.items():
        made = classes(NAMES[name], compared)
        signatures = [tuple(holds(c, {name: each.value}) for c in compared) for each in made]
        assert len(set(signatures)) == len(signatures)
        for value in VALUES[name]:
            assert tuple(holds(c, {name: value}) for c in compared) in signatures


def test_one_answer_that_settles_is_shown_with_all_its_options() -> None:
    """Options that no rule tells apart are one answer, not three."""
    small = protocol(rule("shut", "access == refused", Level.HIGH))
    explained = explain(small, answers())
    assert explained.settles_highest is not None
    assert explained.settles_lowest is not None
    assert [[(n, c.options) for n, c in s] for s in explained.settles_highest.sets] == [
        [("access", ("refused",))]
    ]
    assert [[(n, c.options) for n, c in s] for s in explained.settles_lowest.sets] == [
        [("access", ("written", "spoken"))]
    ]


def test_numbers_are_shown_by_the_bounds_that_rules_name() -> None:
    """“Fewer than 3” is one answer, whatever the number."""
    small = protocol(rule("many", "held >= 3", Level.HIGH))
    explained = explain(small, answers())
    assert explained.settles_lowest is not None
    [[(name, below)]] = explained.settles_lowest.sets
    assert (name, below.above, below.below) == ("held", None, "3")


def test_nothing_that_cannot_be_changed_is_advised() -> None:
    """Nobody is told that it would help if the allegation were false."""
    small = protocol(
        rule("alleged", "armed == yes", Level.HIGH),
        questions=(question("armed"), question("access", changeable=True)),
    )
    found = explain(small, answers(armed="yes")).lowers
    assert found is not None
    assert found.sets == ()
    assert found.complete


def test_the_smallest_change_is_found_and_supersets_are_not_shown() -> None:
    """Agreeing on access alone is enough, so nothing else is asked for beside it."""
    small = protocol(
        rule("shut", "access != written", Level.HIGH),
        rule("crowded", "held > 2", Level.MEDIUM),
        questions=tuple(question(name, changeable=True) for name in DOMAINS),
    )
    found = explain(small, answers(access="refused", held=number(4))).lowers
    assert found is not None
    assert [[name for name, _ in each] for each in found.sets] == [["access"]]


def test_a_cell_of_a_count_is_what_settles() -> None:
    """The answer wanted is how many girls, not the whole table."""
    small = protocol(rule("children", "hurt.girls >= 1", Level.HIGH))
    explained = explain(small, answers())
    assert explained.settles_lowest is not None
    [[(name, none)]] = explained.settles_lowest.sets
    assert (name, none.value, none.below) == ("hurt.girls", number(0), "1")


def test_days_are_shown_by_the_bounds_that_rules_name() -> None:
    small = protocol(rule("old", "since < 2025-06-30", Level.HIGH))
    explained = explain(small, answers())
    assert explained.settles_lowest is not None
    [[(name, since)]] = explained.settles_lowest.sets
    assert (name, since.above, since.below) == ("since", "2025-06-30", None)
    assert since.options == ("2025-06-30",), "the day itself is one of them"


def test_more_options_than_can_be_combined_are_not_claimed_to_be_all() -> None:
    heard = replace(
        question("heard", changeable=True),
        domain=Domain(Kind.SEVERAL, tuple(f"o{i}" for i in range(12))),
    )
    text = " or ".join(f"o{i} in heard" for i in range(12))
    many = replace(
        rule("a", "armed == yes"), when=Condition(text, parse(text, {"heard": heard.domain}))
    )
    explained = explain(protocol(many, questions=(heard,)), answers())
    assert explained.settles_highest is not None
    assert not explained.settles_highest.complete


def test_what_is_kept_of_a_wide_search_is_bounded() -> None:
    """Five questions of 255 answers each have a million pairs: they are not all kept."""
    options = tuple(f"o{i}" for i in range(8))
    names = {f"q{i}": Domain(Kind.SEVERAL, options) for i in range(5)}
    asked = tuple(replace(question("heard"), id=name, domain=d) for name, d in names.items())
    parts = [f"({' and '.join(f'o{i} in {name}' for i in range(8))})" for name in names]
    text = " and ".join(parts)
    wide = replace(rule("a", "armed == yes", Level.HIGH), when=Condition(text, parse(text, names)))
    tracemalloc.start()
    found = explain(protocol(wide, questions=asked), answers(), nodes=2_000).settles_highest
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    assert (found.complete, found.searched) == (False, 2_000)
    assert peak < 50_000_000


def test_a_search_cut_short_says_so() -> None:
    """The budget is part of the answer: searched so many, not complete."""
    rules = [rule(f"r{i}", text, Level.HIGH) for i, text in enumerate(("armed == yes", "held > 2"))]
    found = explain(protocol(*rules), answers(), nodes=2).settles_lowest
    assert found is not None
    assert not found.complete
    assert found.searched == 2


def test_a_settled_low_ruling_has_nothing_to_explain() -> None:
    """No question is open and nothing could be lower."""
    explained = explain(protocol(rule("r", "armed == yes")), answers(armed="no"))
    assert explained.settles_lowest is explained.settles_highest is explained.lowers is None

"""Partial dates, and what a span says about one day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.core.command import (
    DateError,
    Holding,
    Open,
    PartialDate,
    Precision,
    Span,
    parse_date,
)

CERTAIN, POSSIBLE = Holding.CERTAIN, Holding.POSSIBLE
UNKNOWN, NO = Holding.UNKNOWN, Holding.NO


def some(text: str) -> PartialDate:
    found = parse_date(text)
    assert found is not None
    return found


def span(first: str = "", last: str = "", open: str = "", start: bool | None = None) -> Span:
    return Span(parse_date(first), parse_date(last), Open(open), start)


def knowing(day: date, parts: int) -> PartialDate:
    """The day with only its year (1), its year and month (2) or all three known."""
    return PartialDate(day.year, day.month if parts > 1 else None, day.day if parts > 2 else None)


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2010", Precision.YEAR, date(2010, 1, 1), date(2010, 12, 31)),
        ("2010-", Precision.YEAR, date(2010, 1, 1), date(2010, 12, 31)),
        ("2010--", Precision.YEAR, date(2010, 1, 1), date(2010, 12, 31)),
        ("1963-04-", Precision.MONTH, date(1963, 4, 1), date(1963, 4, 30)),
        ("2016-02", Precision.MONTH, date(2016, 2, 1), date(2016, 2, 29)),
        ("2014-03-05", Precision.DAY, date(2014, 3, 5), date(2014, 3, 5)),
        ("2014-3-5", Precision.DAY, date(2014, 3, 5), date(2014, 3, 5)),
        (" 2014-03-05 ", Precision.DAY, date(2014, 3, 5), date(2014, 3, 5)),
    ],
)
def test_it_reads_what_publishers_write(
    text: str, precision: Precision, earliest: date, latest: date
) -> None:
    found = some(text)

    assert (precision, earliest, latest) == (found.precision, found.earliest, found.latest)
    assert text.strip() == found.text


@pytest.mark.parametrize("blank", ["", " ", "\t"])
def test_a_blank_is_no_date(blank: str) -> None:
    assert parse_date(blank) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0003-01-01", "the year 3 is not between"),
        ("3", "the year 3 is not between"),
        ("9999-12-31", "the year 9999 is not between"),
        ("9999", "the year 9999 is not between"),
        ("20140-01-01", "the year 20140 is not between"),
        ("2014-13-01", "there is no month 13"),
        ("2014-00", "there is no month 0"),
        ("2014-02-30", "there is no day 30 in month 2 of 2014"),
        ("2015-02-29", "there is no day 29 in month 2 of 2015"),
        ("Undated", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("05/03/2014", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2014-03-05T10:00", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2014-03-05-", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("٢٠١٤", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("2014\n", ""),
    ],
)
def test_it_refuses_the_rest_and_says_why(text: str, why: str) -> None:
    if not why:
        assert parse_date(text) == PartialDate(2014)
        return
    with pytest.raises(DateError, match=why):
        parse_date(text)


def test_a_long_text_is_not_repeated_whole_in_the_error() -> None:
    with pytest.raises(DateError) as caught:
        parse_date("x" * 100_000)

    assert len(str(caught.value)) < 200


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(DateError, match="a day and no month"):
        PartialDate(2014, None, 5)


def test_two_ways_of_writing_a_month_are_one_date() -> None:
    assert some("2010-05") == some("2010-05-")
    assert hash(some("2010-05")) == hash(some("2010-05-"))
    assert str(some("2010-05-")) == "2010-05"


def test_a_day_becomes_a_partial_date() -> None:
    assert PartialDate.of(date(2014, 3, 5)) == some("2014-03-05")


@given(st.dates(date(1800, 1, 1), date(2100, 12, 31)), st.integers(1, 3))
def test_what_it_writes_it_reads_back(day: date, known: int) -> None:
    made = knowing(day, known)

    assert parse_date(made.iso) == made
    assert made.earliest <= day <= made.latest


@given(st.text(max_size=12))
def test_any_text_is_a_date_a_blank_or_an_error(text: str) -> None:
    try:
        found = parse_date(text)
    except DateError:
        return
    assert found is None or 1800 <= found.year <= 2100


# The Monitor's flags: start Y/N, open Y/N/E.


@pytest.mark.parametrize(
    ("when", "day", "answer"),
    [
        # Two citations: certain between them, both days included.
        (span("2014-03-05", "2016-08-31", "Y"), date(2014, 3, 5), CERTAIN),
        (span("2014-03-05", "2016-08-31", "Y"), date(2015, 1, 1), CERTAIN),
        (span("2014-03-05", "2016-08-31", "E"), date(2016, 8, 31), CERTAIN),
        # After the last: the publisher's flag decides.
        (span("2014-03-05", "2016-08-31", "Y"), date(2016, 9, 1), POSSIBLE),
        (span("2014-03-05", "2016-08-31", "N"), date(2016, 9, 1), UNKNOWN),
        (span("2014-03-05", "2016-08-31", ""), date(2016, 9, 1), UNKNOWN),
        (span("2014-03-05", "2016-08-31", "E"), date(2016, 9, 1), NO),
        # Before the first: no only where the first is the start.
        (span("2014-03-05", "2016-08-31", "Y", True), date(2014, 3, 4), NO),
        (span("2014-03-05", "2016-08-31", "Y", False), date(2014, 3, 4), UNKNOWN),
        (span("2014-03-05", "2016-08-31", "Y", None), date(2014, 3, 4), UNKNOWN),
        # One citation is evidence for one day.
        (span("2020-12-19", "", "N", False), date(2020, 12, 19), CERTAIN),
        (span("2020-12-19", "", "N", False), date(2020, 12, 20), UNKNOWN),
        (span("2017-10-09", "", "Y", True), date(2020, 1, 1), POSSIBLE),
        (span("", "2019-06-15", "Y"), date(2019, 6, 15), CERTAIN),
        (span("", "2019-06-15", "Y"), date(2019, 6, 14), UNKNOWN),
        (span("", "2019-06-15", "E"), date(2019, 6, 16), NO),
        # Ended, nobody says when.
        (span("2014-03-05", "", "E"), date(2015, 1, 1), UNKNOWN),
        # No date at all.
        (span("", "", "Y"), date(2015, 1, 1), POSSIBLE),
        (span("", "", "N"), date(2015, 1, 1), UNKNOWN),
        (span(), date(2015, 1, 1), UNKNOWN),
    ],
)
def test_exact_dates(when: Span, day: date, answer: Holding) -> None:
    assert answer is when.held_on(day)


@pytest.mark.parametrize(
    ("when", "day", "answer"),
    [
        (span("2010-05-", "2018-02-", "Y"), date(2010, 4, 30), UNKNOWN),
        (span("2010-05-", "2018-02-", "Y", True), date(2010, 4, 30), NO),
        (span("2010-05-", "2018-02-", "Y"), date(2010, 5, 1), POSSIBLE),
        (span("2010-05-", "2018-02-", "Y"), date(2010, 5, 30), POSSIBLE),
        (span("2010-05-", "2018-02-", "Y"), date(2010, 5, 31), CERTAIN),
        (span("2010-05-", "2018-02-", "Y"), date(2018, 2, 1), CERTAIN),
        (span("2010-05-", "2018-02-", "E"), date(2018, 2, 2), POSSIBLE),
        (span("2010-05-", "2018-02-", "E"), date(2018, 2, 28), POSSIBLE),
        (span("2010-05-", "2018-02-", "E"), date(2018, 3, 1), NO),
        # One vague citation makes no day certain.
        (span("2017", "", "N"), date(2017, 6, 1), POSSIBLE),
        (span("2017", "2017", "N"), date(2017, 12, 31), POSSIBLE),
        (span("2017", "2017", "N"), date(2018, 1, 1), UNKNOWN),
        # A vague first beside an exact last, and the reverse: each bounds the other.
        (span("2017", "2017-06-15", "N"), date(2017, 6, 15), CERTAIN),
        (span("2017", "2017-06-15", "N"), date(2017, 6, 14), POSSIBLE),
        (span("2017-05-05", "2017", "N"), date(2017, 5, 5), CERTAIN),
        (span("2017-05-05", "2017", "N"), date(2017, 12, 31), POSSIBLE),
    ],
)
def test_vague_dates(when: Span, day: date, answer: Holding) -> None:
    assert answer is when.held_on(day)


@pytest.mark.parametrize(
    ("when", "day", "answer"),
    [
        (span("2013-05-17", "2006-03-27", "Y"), date(2010, 1, 1), POSSIBLE),
        (span("2013-05-17", "2006-03-27", "Y"), date(2006, 3, 27), POSSIBLE),
        (span("2013-05-17", "2006-03-27", "Y"), date(2014, 1, 1), POSSIBLE),
        (span("2008-08-04", "2008-06-30", "E", True), date(2009, 1, 1), UNKNOWN),
        (span("2008-08-04", "2008-06-30", "E", True), date(2008, 1, 1), UNKNOWN),
    ],
)
def test_dates_that_contradict_make_nothing_certain_and_rule_nothing_out(
    when: Span, day: date, answer: Holding
) -> None:
    assert when.contradicts
    assert answer is when.held_on(day)


def test_an_overlap_of_vague_dates_is_no_contradiction() -> None:
    assert not span("2017-05-05", "2017", "N").contradicts
    assert not span("2017", "2017-01-01", "N").contradicts


days = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    return knowing(draw(days), draw(st.integers(1, 3)))


spans = st.builds(
    Span,
    st.none() | partial_dates(),
    st.none() | partial_dates(),
    st.sampled_from(Open),
    st.sampled_from([True, False, None]),
)


@given(spans, days)
def test_every_day_has_an_answer(when: Span, day: date) -> None:
    assert when.held_on(day) in Holding


@given(spans, st.lists(days, min_size=3, max_size=3))
def test_between_two_certain_days_every_day_is_certain(when: Span, some_days: list[date]) -> None:
    early, middle, late = sorted(some_days)
    if when.held_on(early) is CERTAIN and when.held_on(late) is CERTAIN:
        assert when.held_on(middle) is CERTAIN


@given(spans, st.lists(days, min_size=2, max_size=2))
def test_a_tie_that_has_ended_does_not_come_back(when: Span, some_days: list[date]) -> None:
    early, late = sorted(some_days)
    start = when.first or when.last
    ended = start is not None and early > start.latest and when.held_on(early) is NO
    if ended:
        assert when.held_on(late) is NO


@given(spans, st.lists(days, min_size=2, max_size=2))
def test_once_possible_after_the_last_citation_always_possible(
    when: Span, some_days: list[date]
) -> None:
    early, late = sorted(some_days)
    if when.open is Open.YES and when.held_on(early) in {CERTAIN, POSSIBLE}:
        assert when.held_on(late) in {CERTAIN, POSSIBLE}


@given(spans, days)
def test_knowing_less_never_makes_a_day_certain(when: Span, day: date) -> None:
    if when.contradicts:
        return
    vaguer = Span(_year(when.first), _year(when.last), when.open, when.first_is_start)

    if vaguer.held_on(day) is CERTAIN:
        assert when.held_on(day) is CERTAIN
    if vaguer.held_on(day) is NO:
        assert when.held_on(day) is NO


@given(spans, days)
def test_no_needs_a_start_or_an_end(when: Span, day: date) -> None:
    if when.held_on(day) is NO:
        assert when.first_is_start or when.open is Open.ENDED
        assert not when.contradicts


@given(spans)
def test_the_edge_days_are_next_to_each_other(when: Span) -> None:
    """The day after the last possible moment of an ended tie is the first no."""
    if when.last is not None and when.open is Open.ENDED and not when.contradicts:
        assert when.held_on(when.last.latest) is not NO
        assert when.held_on(when.last.latest + timedelta(days=1)) is NO


def _year(day: PartialDate | None) -> PartialDate | None:
    return PartialDate(day.year) if day else None

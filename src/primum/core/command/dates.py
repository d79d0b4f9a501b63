"""Dates as sources give them, and what a dated tie says about one day.

Researchers date a tie by when somebody wrote about it, not by when it began. "First cited
2010-05" says that it held on some day of May 2010; it says nothing of 2009 unless the source
also says that this was the start. `Span.held_on` keeps the four answers apart.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

EARLIEST_YEAR = 1800
LATEST_YEAR = 2100

# Publishers write a month as "2010-05" or "2010-05-", a year as "2010", "2010-" or "2010--".
_PUBLISHED = re.compile(r"([0-9]{1,6})(?:-{0,2}|-([0-9]{1,2})-?|-([0-9]{1,2})-([0-9]{1,2}))")


class DateError(ValueError):
    """A text that cannot be read as a date. The message says why, for people."""


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year. `text` is what the publisher wrote."""

    year: int
    month: int | None = None
    day: int | None = None
    text: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        why = _wrong(self.year, self.month, self.day)
        if why:
            raise DateError(f"“{self.text or self.iso}” is not a date: {why}.")
        if not self.text:
            object.__setattr__(self, "text", self.iso)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def earliest(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    @property
    def iso(self) -> str:
        """The known part only: "2010", "2010-05" or "2010-05-17"."""
        parts = (f"{self.year:04d}", *(f"{n:02d}" for n in (self.month, self.day) if n is not None))
        return "-".join(parts)

    def __str__(self) -> str:
        return self.iso


def parse_date(text: str) -> PartialDate | None:
    """Read a date as published; None for a blank. Raises DateError for anything else."""
    text = text.strip()
    if not text:
        return None
    match = _PUBLISHED.fullmatch(text)
    if match is None:
        raise DateError(
            f"“{_short(text)}” is not a date: write YYYY, YYYY-MM or YYYY-MM-DD, or leave it blank."
        )
    year, month_alone, month_of_day, day = match.groups()
    month = month_alone or month_of_day
    return PartialDate(int(year), int(month) if month else None, int(day) if day else None, text)


def _wrong(year: int, month: int | None, day: int | None) -> str:
    # A year like 3 or 9999 is a slip or somebody's "for ever". Either would silently make a tie
    # hold on every day that anyone asks about.
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        return f"the year {year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}"
    if month is None:
        return "" if day is None else "it has a day and no month"
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    if day is not None and not 1 <= day <= monthrange(year, month)[1]:
        return f"there is no day {day} in month {month} of {year}"
    return ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


class Open(StrEnum):
    """The publisher's word on what follows the last cited date."""

    YES = "Y"
    """It is taken to go on."""
    NO = "N"
    """Nobody says."""
    ENDED = "E"
    """The last cited date is the end."""
    UNSTATED = ""


class Holding(StrEnum):
    """Whether a tie held on one day."""

    CERTAIN = "certain"
    """The day lies between two citations."""
    POSSIBLE = "possible"
    """The publisher takes it to go on, or the day lies inside an imprecise date."""
    UNKNOWN = "unknown"
    """No source speaks of that day. That is not a no."""
    NO = "no"
    """It had not started, or it had ended."""


HOLDS = frozenset({Holding.CERTAIN, Holding.POSSIBLE})


@dataclass(frozen=True, slots=True)
class Span:
    """When a tie was seen to hold."""

    first: PartialDate | None = None
    last: PartialDate | None = None
    open: Open = Open.UNSTATED
    first_is_start: bool | None = None
    """True: the first cited date is the start. False: only the first time anyone noted it.
    None: the publisher does not say."""

    @property
    def contradicts(self) -> bool:
        """Whether it was last cited before it was first cited (3 of 2,118 real Nigerian rows)."""
        if self.first is None or self.last is None:
            return False
        return self.last.latest < self.first.earliest

    def held_on(self, day: date) -> Holding:
        """Did it hold on this day?

        One citation is evidence for its own day (or for some day of its month or year), two for
        every day between. Before the first: no, if that was the start, else unknown. After the
        last: possible (Y), unknown (N or unstated) or no (E). The days of a start and of an end
        count as held, so that on the day of a hand-over both stand.
        """
        start, end = self.first or self.last, self.last or self.first
        if start is None or end is None:
            return Holding.POSSIBLE if self.open is Open.YES else Holding.UNKNOWN
        if self.contradicts:
            return self._held_in_spite(end, start, day)
        if day < start.earliest:
            return Holding.NO if self.first and self.first_is_start else Holding.UNKNOWN
        if day > end.latest:
            return self._after()
        # The first citation is not later than the last, so each bounds the other's vagueness.
        sure_from = min(start.latest, end.latest)
        sure_until = max(start.earliest, end.earliest)
        return Holding.CERTAIN if sure_from <= day <= sure_until else Holding.POSSIBLE

    def _after(self) -> Holding:
        if self.open is Open.YES:
            return Holding.POSSIBLE
        if self.open is Open.ENDED and self.last is not None:
            return Holding.NO
        return Holding.UNKNOWN

    def _held_in_spite(self, early: PartialDate, late: PartialDate, day: date) -> Holding:
        """Dates that contradict each other make nothing certain and rule nothing out."""
        between = early.earliest <= day <= late.latest
        after = day > late.latest and self.open is Open.YES
        return Holding.POSSIBLE if between or after else Holding.UNKNOWN


UNDATED = Span()

"""Letters to authorities: what a second reader must answer, and when a letter may go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from primum.core.vocabulary import Because, Due

PARTS: Final = ("subject", "opening", "facts", "asks", "otherwise", "closing")
"""What the writer of a letter words, in the order it is read."""
OWED: Final = ("subject", "facts", "asks")
"""Parts without which it is no letter."""
CHANNELS: Final = ("by_hand", "note_verbale", "courier", "email")
LANGUAGES: Final = ("en", "fr")
GAP: Final = "[["
"""What a template leaves for its writer to fill in begins with this."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A second reader's answers. None is not answered yet."""

    words_tell: bool | None
    words_why: str
    timing_tells: bool | None
    timing_why: str
    not_before: date | None = None


def missing(words: Mapping[str, str], addressee: str, reference: str) -> tuple[Because, ...]:
    """What a letter lacks before anybody needs to read it."""
    found: list[Because] = []
    if not addressee.strip():
        found.append(Because("no_addressee", "Name the office it goes to."))
    if not reference.strip():
        found.append(Because("no_reference", "Give it a reference."))
    if any(not words.get(part, "").strip() for part in OWED):
        found.append(
            Because("no_letter", "Write what it is about, the facts as told, and what is asked.")
        )
    if gaps([addressee, reference, *words.values()]):
        found.append(Because("gaps", "Fill in or take out what stands in double brackets."))
    return tuple(found)


def gaps(texts: Iterable[str]) -> bool:
    return any(GAP in text for text in texts)


def unanswered(reading: Reading, today: date) -> tuple[Because, ...]:
    """What a reading lacks: both answers, each with words, and a day that is still to come."""
    found: list[Because] = []
    if reading.words_tell is None or not reading.words_why.strip():
        found.append(
            Because("no_words_answer", "Say whether the words could give somebody away, and why.")
        )
    if reading.timing_tells is None or not reading.timing_why.strip():
        found.append(
            Because("no_timing_answer", "Say whether the timing could give somebody away, and why.")
        )
    if reading.not_before is not None and reading.not_before <= today:
        found.append(Because("not_before_past", "“Not before” is a day still to come."))
    return tuple(found)


def passes(reading: Reading) -> bool:
    """Nobody is given away: not by the words, and not by the timing once the day has come."""
    return reading.words_tell is False and (
        reading.timing_tells is False or reading.not_before is not None
    )


def objections_to_sending(
    *, passed: bool, approved: bool, not_before: date | None, sent_on: date, today: date
) -> tuple[Because, ...]:
    """Every reason why a letter may not go, or be recorded as gone, on this day."""
    found: list[Because] = []
    if not passed:
        found.append(
            Because("unread", "A second post reads it first: could they work out who spoke?")
        )
    if not approved:
        found.append(Because("unapproved", "The step it belongs to is not approved yet."))
    if sent_on > today:
        found.append(Because("future", "It cannot have been sent in the future."))
    if passed and not_before is not None and sent_on < not_before:
        found.append(
            Because(
                "too_early",
                "Sent now, its timing could give somebody away. Not before %(day)s.",
                {"day": Due(datetime.combine(not_before, time(), UTC))},
            )
        )
    return tuple(found)

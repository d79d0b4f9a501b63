"""Steps of the intercession ladder and letters, told by the cast. All of it is invented."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from uuid import UUID

from primum.actions.intercede import (
    NewRung,
    answer_intercession,
    approve_intercession,
    intercede,
)
from primum.actions.letters import (
    NewLetter,
    Wording,
    check_letter,
    send_letter,
    write_letter,
)
from primum.cases.models import File, Intercession, Letter, LetterText
from primum.core.letters import Reading
from primum.people import door
from primum.people.sight import viewing
from tests import builders
from tests.builders_sealed import sealed_as
from tests.cast import NOW, viewer

THRESHOLD = "Two beatings at the post within a month, after our first talk (invented)."
RELIED = "Two accounts of independent origin, told to us in the last month (invented)."
FACTS = "In the last weeks persons held at the post were beaten, by several accounts (invented)."
WORDS = {
    "subject": "Concern about the Kodwel detachment",
    "opening": "The Mission has received information that concerns us.",
    "facts": FACTS,
    "asks": "I ask you to look into this by the day named above.",
    "otherwise": "The answer will be part of our assessment.",
    "closing": "Nobody may suffer for having spoken.",
}
DUE = NOW + timedelta(days=14)
TODAY, DUE_DAY = NOW.date(), DUE.date()
CLEAN = Reading(False, "Many people know this.", False, "No visit lately.")
LATER = TODAY + timedelta(days=10)
TIMED = Reading(False, "Many people know this.", True, "We visited yesterday.", LATER)


def step(
    party: UUID | None = None,
    rung: str = "interceded",
    by: str = "tomas",
    now: datetime = NOW,
    seal: str = "",
    **more: object,
) -> UUID:
    """One step that waits for its approval."""
    wish: dict[str, object] = {
        "party": party or builders.party(),
        "rung": rung,
        "scope": "unit",
        "threshold": THRESHOLD,
        "relied_on": RELIED,
    }
    new = NewRung(**{**wish, **more})  # type: ignore[arg-type]
    with sealed_as("decider", seal) if seal else nullcontext():
        return intercede(by=viewer(by, now), now=now, step=new)


def approve(
    key: UUID, by: str = "helena", now: datetime = NOW, words: str = "", approves: bool = True
) -> UUID:
    approve_intercession(
        by=viewer(by, now), now=now, intercession=key, approves=approves, words=words
    )
    return key


def standing(
    party: UUID | None = None,
    rung: str = "interceded",
    now: datetime = NOW,
    approver: str = "samir",
    **more: object,
) -> UUID:
    """One step that stands. The head of mission may approve every one."""
    return approve(step(party, rung, now=now, **more), approver, now)  # type: ignore[arg-type]


def answered(key: UUID, answer: str = "promised", now: datetime = NOW) -> UUID:
    answer_intercession(
        by=viewer("tomas", now),
        now=now,
        intercession=key,
        answer=answer,
        words="They promise an inquiry (invented).",
        on=now.date(),
    )
    return key


def wording(deadline: date | None = DUE_DAY, reference: str = "UNISAR/1", **words: str) -> Wording:
    return Wording("Ministry of the Interior\nSarrat City", reference, {**WORDS, **words}, deadline)


def letter(
    about: UUID | None = None,
    party: UUID | None = None,
    by: str = "tomas",
    language: str = "en",
    now: datetime = NOW,
    said: Wording | None = None,
    seal: str = "",
) -> UUID:
    """A letter that waits for its second reader: about a step, or about the policy."""
    if about:
        party = intercession(about).party_id
    new = NewLetter(party or builders.party(), language, said or wording(), about)
    with sealed_as("decider", seal) if seal else nullcontext():
        return write_letter(by=viewer(by, now), now=now, letter=new)


def read(key: UUID, by: str = "aminata", now: datetime = NOW, reading: Reading = CLEAN) -> UUID:
    check_letter(by=viewer(by, now), now=now, letter=key, reading=reading)
    return key


def send(key: UUID, by: str = "tomas", now: datetime = NOW, on: date | None = None) -> UUID:
    send_letter(
        by=viewer(by, now), now=now, letter=key, channel="by_hand", sent_on=on or now.date()
    )
    return key


def sent(about: UUID | None = None, **more: object) -> UUID:
    """A letter that has gone."""
    return send(read(letter(about, **more)))  # type: ignore[arg-type]


def intercession(key: UUID) -> Intercession:
    with viewing(door.clock()):
        return Intercession.objects.select_related("by", "judged_by").get(id=key)


def letter_row(key: UUID) -> Letter:
    with viewing(door.clock()):
        return Letter.objects.get(id=key)


def texts(key: UUID) -> list[LetterText]:
    with viewing(door.clock()):
        return list(LetterText.objects.filter(letter=key).order_by("number"))


def files(key: UUID) -> list[File]:
    with viewing(door.clock()):
        return list(File.objects.filter(case=key).order_by("name"))

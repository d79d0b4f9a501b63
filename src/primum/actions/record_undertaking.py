"""Record an undertaking: what the authorities said they would do about a party, and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from primum.actions.base import (
    NotThere,
    Refused,
    acting,
    chosen_seal,
    digest,
    holding,
    log,
    narrower,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases.models import Report, ReportParty, Undertaking
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people import mission
from primum.people.sight import Viewer
from primum.register import queries as register

RECORDS: Final = frozenset(
    {"assesses", "advises", "verifies", "decides_ordinary", "decides_high", "decides_leadership"}
)
"""Duties of the posts that speak with the authorities or follow what they say."""
MOST_GRACE: Final = 60
"""Days after its day on which something may still rest on it."""
MISSING: Final = {
    "text": Because("no_text", "Say what they undertake to do."),
    "promised_by": Because("no_office", "Say which office promised it. An office, not a name."),
    "source": Because("no_source", "Say where it stands: a letter, the note of a meeting."),
}


@dataclass(frozen=True, slots=True)
class NewUndertaking:
    """What was promised about a party. `report` is what it answers, if it answers one."""

    party: UUID
    text: str
    promised_by: str
    promised: date
    due: datetime
    source: str
    report: UUID | None = None
    grace_days: int = 14
    seal: str = ""
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Undertaking, "undertaking")
def record_undertaking(*, by: Viewer, now: datetime, undertaking: NewUndertaking) -> UUID:
    """Write it down with its day and its office. The post that verifies is asked on that day."""
    with acting(by):
        if not RECORDS & by.duties:
            raise refuse(Verb.ANSWER, "not_your_move", "This step belongs to another post.")
        wish = undertaking
        report = _report(wish)
        if register.party_page(by, wish.party) is None:
            raise NotThere
        _check(wish, now)
        seal = chosen_seal(Verb.ANSWER, "assessment", wish.seal)
        made = Undertaking(
            id=own_key(by.person, wish.key),
            seal_id=narrower(seal, report.seal_id) if report else seal,
            party_id=wish.party,
            report=report,
            text=wish.text.strip(),
            promised_by=wish.promised_by.strip(),
            promised=wish.promised,
            due=wish.due,
            grace_days=wish.grace_days,
            source=wish.source.strip(),
            verifier=mission.post_with("verifies"),
            by=holding(by, now, Verb.ANSWER),
            at=now,
            salt=salt(),
        )
        made.save(force_insert=True)
        said = digest(made.salt, made.text, made.promised_by, made.due, made.source)
        case = ("party", wish.party)
        log(case, "record_undertaking", made, now, words=said, seal=made.seal_id)
        return made.id


def _report(wish: NewUndertaking) -> Report | None:
    """The report it answers, where this viewer may know of it and it names this party."""
    if wish.report is None:
        return None
    row = Report.objects.filter(id=wish.report).first()
    if row is None or not ReportParty.objects.filter(report=row, party=wish.party).exists():
        raise NotThere
    return row


def _check(wish: NewUndertaking, now: datetime) -> None:
    wrong = [because for name, because in MISSING.items() if not getattr(wish, name).strip()]
    if wish.promised > now.date():
        wrong.append(Because("not_yet_said", "It cannot have been promised in the future."))
    if wish.due.date() < wish.promised:
        wrong.append(Because("due_before_said", "It is due before it was promised. Check both."))
    if not 0 <= wish.grace_days <= MOST_GRACE:
        wrong.append(Because("grace", "The grace is 0 to %(most)s days.", {"most": MOST_GRACE}))
    if wrong:
        raise Refused(Refusal(Verb.ANSWER, tuple(wrong)))

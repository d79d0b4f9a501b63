"""Hold a meeting of the leadership: its agenda becomes its minutes, written once.

Decisions are made elsewhere, by the ordinary step and with their own reasons; an item names the
one that was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    in_order,
    log,
    narrower,
    needs,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.cases.models import Activity, Decision, Meeting, MeetingItem, Report
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer

WRITES: Final = frozenset({"leadership", "decides_leadership", "records_on_behalf"})
"""Whose meeting it is, and who writes its minutes for them."""
MOST_ITEMS = 200


@dataclass(frozen=True, slots=True)
class NewItem:
    """A point of the agenda with what was said. `case` is an activity, a report, or nothing."""

    kind: str
    title: str
    words: str = ""
    case_kind: str = ""
    case: UUID | None = None
    decision: UUID | None = None


@once(Meeting)
def hold_meeting(
    *,
    by: Viewer,
    now: datetime,
    items: Sequence[NewItem],
    supersedes: UUID | None = None,
    key: Key = None,
) -> UUID:
    """Write the minutes. Nothing of them is edited later: new minutes supersede them."""
    with acting(by):
        if not WRITES & by.duties:
            raise NotThere
        who = holding(by, now, Verb.DECIDE)
        if not items:
            raise refuse(Verb.DECIDE, "no_items", "There is nothing on the agenda. Add an item.")
        if len(items) > MOST_ITEMS:
            raise refuse(Verb.DECIDE, "too_many_items", "This is too long for one meeting.")
        row = Meeting(
            id=own_key(by.person, key),
            seal_id=mission.default_seal("decider"),
            at=now,
            by=who,
            supersedes=_former(supersedes),
            salt=salt(),
        )
        row.save(force_insert=True)
        made = [_item(row, number, each) for number, each in enumerate(items, start=1)]
        words = digest(row.salt, *(f"{each.title} {each.words}" for each in made))
        log(("post", by.post), "meet", row, now, words=words, seal=row.seal_id)
        _log_cases(row, made, now)
        return row.id


def _former(key: UUID | None) -> Meeting | None:
    if key is None:
        return None
    found = Meeting.objects.filter(id=key).first()
    if found is None:
        raise NotThere
    if Meeting.objects.filter(supersedes=key).exists():
        raise refuse(
            Verb.DECIDE, "superseded", "These minutes were superseded already. Correct the newer."
        )
    return found


def _item(meeting: Meeting, number: int, wish: NewItem) -> MeetingItem:
    made = MeetingItem(
        id=uuid4(),
        seal_id=_seal(meeting, wish),
        meeting=meeting,
        number=number,
        kind=wish.kind,
        case_kind=wish.case_kind,
        case=wish.case,
        title=needs(wish.title, Verb.DECIDE, "title"),
        words=wish.words.strip(),
        decision=_decision(wish),
    )
    made.save(force_insert=True)
    return made


def _seal(meeting: Meeting, wish: NewItem) -> UUID:
    """The meeting's, or that of what it is about where fewer may read that."""
    if wish.case is None:
        return meeting.seal_id
    model = {"activity": Activity, "report": Report}[wish.case_kind]
    own = model._default_manager.filter(id=wish.case).values_list("seal_id", flat=True).first()
    if own is None:
        raise NotThere
    both = narrower(own, meeting.seal_id)
    # For whom a decision waits tells the stakes: that stays with those who read the assessment.
    return narrower(mission.default_seal("assessment"), both)


def _decision(wish: NewItem) -> Decision | None:
    if wish.decision is None:
        return None
    found = Decision.objects.filter(id=wish.decision, activity=wish.case).first()
    if found is None:
        raise NotThere
    return found


def _log_cases(meeting: Meeting, made: Sequence[MeetingItem], now: datetime) -> None:
    """One line for each case that was spoken of, for those who may read the item."""
    about = {each.case: each for each in made if each.case and each.case_kind == "activity"}
    for case in in_order(about):
        item = about[case]
        words = digest(meeting.salt, item.title, item.words)
        log(("activity", case), "minute", item, now, words=words, seal=item.seal_id)

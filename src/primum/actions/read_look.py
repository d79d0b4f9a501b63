"""A second reader says whether a look is enough to rely on. What is not enough does not count."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from primum.actions.base import (
    NotThere,
    acting,
    digest,
    holding,
    in_order,
    log,
    needs,
    refresh_lease,
    refuse,
    salt,
)
from primum.actions.seen import case_of
from primum.cases import looking
from primum.cases.models import Look, Reading
from primum.core import authority
from primum.core.vocabulary import Verb
from primum.people import door, mission
from primum.people.sight import Viewer, viewing

ADEQUATE, NOT_ADEQUATE = VERDICTS = ("adequate", "not_adequate")
BEFORE: Final = timedelta(days=looking.EARLY_DAYS)
"""How long before a promise was found broken the look may lie on which it broke."""


def read_look(*, by: Viewer, now: datetime, look: UUID, verdict: str, words: str) -> UUID:
    """Say of a look that waits for a second reader whether it is adequate, and why.

    One that is not does not count: it is owed again, with all that the same visit served, and each
    lease follows. What was seen stays on record. A decision that was asked for is still asked for.
    """
    with acting(by):
        rows = Look.objects.select_for_update(of=("self",)).select_related("made_by", "activity")
        row = rows.filter(Look.IN_SIGHT, id=look).first()
        if row is None:
            raise NotThere
        _check(by, now, row)
        if verdict not in VERDICTS:
            raise refuse(Verb.LOOK, "no_verdict", "Say whether it is enough to rely on, or not.")
        made = Reading(
            id=uuid4(),
            seal_id=row.seal_id,
            look=row,
            by=holding(by, now, Verb.LOOK),
            at=now,
            verdict=verdict,
            words=needs(words, Verb.LOOK, "reasons"),
            salt=salt(),
        )
        made.save(force_insert=True)
        waiting = Look.objects.filter(id=look, state=Look.State.MADE, read_due__isnull=False)
        if waiting.update(read_due=None) != 1:
            raise _answered()
        # What the visit served beside may be sealed from its reader. It falls with it all the same.
        with viewing(door.clock()):
            served = [row, *Look.objects.filter(same_visit=row, state=Look.State.MADE)]
            if verdict == NOT_ADEQUATE:
                for each in served:
                    _open_again(each, now)
                for key in {each.activity_id for each in served if each.activity_id}:
                    refresh_lease(key, now)
        _tell(made, row, served, now)
        return made.id


def to_be_read(activity: UUID, now: datetime) -> None:
    """A promise was found broken: the look on which it broke is read by a second post.

    Called by the verb that writes the answer: the last look before it, if one was made lately.
    """
    with viewing(door.clock()):
        made = Look.objects.filter(
            activity=activity, state=Look.State.MADE, made__gt=now - BEFORE, made__lte=now
        )
        last = made.order_by("-made", "id").select_related("same_visit").first()
        visit = (last.same_visit or last) if last else None
        if visit is not None and not visit.readings.filter(at__gte=visit.made).exists():
            due = now + mission.second_reading()[1]
            Look.objects.filter(id=visit.id, read_due=None).update(read_due=due)


def _check(by: Viewer, now: datetime, row: Look) -> None:
    if row.state != Look.State.MADE or row.read_due is None or row.made_by is None:
        raise _answered()
    maker = row.made_by.person_id
    if maker == by.person:
        raise refuse(
            Verb.LOOK, "own_look", "You made this look. A second post says whether it is enough."
        )
    # What only its maker could read passes up past them.
    if not authority.READS_LOOKS & door.actor(by, now, {maker}).duties:
        raise refuse(Verb.LOOK, "not_your_move", "This step belongs to another post.")
    if looking.is_judged(by, [row]):
        raise refuse(Verb.LOOK, "judged_reads", "Your own organisation is judged here.")


def _answered() -> Exception:
    return refuse(Verb.LOOK, "no_reading", "This look waits for no second reader.")


def _open_again(row: Look, now: datetime) -> None:
    """Owed again. What was answered moves into the attempt it was: nothing seen is lost."""
    attempts = [dict(each) for each in row.attempts]
    if attempts:
        attempts[-1] |= {"answers": row.answers, "words": row.words}
        attempts[-1] |= {"independence": row.independence}
    attempts.append({"at": now.isoformat(), "result": NOT_ADEQUATE, "method": row.method})
    Look.objects.filter(id=row.id, state=Look.State.MADE).update(
        state=Look.State.OPEN,
        made=None,
        made_by=None,
        method="",
        independence="",
        same_visit=None,
        result="",
        answers={},
        words="",
        read_due=None,
        attempts=attempts,
    )


def _tell(made: Reading, row: Look, served: list[Look], now: datetime) -> None:
    """One line for each case. That a look was read may tell that it was grave: sealed as it is."""
    cases = {case_of(each)[1]: each for each in reversed(served)}
    verb = "read_look" if made.verdict == ADEQUATE else "refuse_look"
    for case in in_order(cases):
        each = cases[case]
        words = digest(made.salt, made.verdict, made.words)
        if made.verdict == NOT_ADEQUATE or each.id == row.id:
            log(case_of(each), verb, made, now, words=words, seal=each.seal_id)

"""Where each line stands, and what a step will bring: sentences with dates, for the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from primum.cases.queries.shapes import ActivityPage
from primum.core.protocol import Plan, Protocol
from primum.core.vocabulary import GOES, Stage
from primum.people import mission
from primum.web import formats

__all__ = ["consequences", "line_states", "opening"]

LATE = frozenset({"overdue", "open", "could_not_check"})
"""States of what is still owed."""


def line_states(a: ActivityPage) -> Mapping[UUID, tuple[str, bool]]:
    """Each line's own state, and whether something is wrong with it."""
    return {line.id: _line_state(a, line.id) for line in a.lines}


def _line_state(a: ActivityPage, line: UUID) -> tuple[str, bool]:
    given = [delivery for delivery in a.deliveries if delivery.line == line]
    if not given:
        return _undelivered(a, line), False
    last = formats.day(max(delivery.happened for delivery in given))
    if any(delivery.breach for delivery in given):
        says = _("delivered beyond the approval, last on %(day)s")
        return says % {"day": last}, True
    if len(given) == 1:
        return _("delivered on %(day)s") % {"day": last}, False
    says = _("delivered %(count)s times, last on %(day)s")
    return says % {"count": len(given), "day": last}, False


def _left_out(a: ActivityPage, line: UUID) -> bool:
    """By the decision in force: the last that let anything go, unless it was struck."""
    made = [each for each in a.decisions if each.choice in GOES and not each.struck]
    return bool(made) and line in max(made, key=lambda each: each.at).left_out


def _undelivered(a: ActivityPage, line: UUID) -> str:
    if _left_out(a, line):
        return _("left out by the decision")
    match a.head.stage:
        case Stage.PROPOSED | Stage.ASSESSED:
            return _("waits for a decision")
        case Stage.DECIDED | Stage.UNDER_WAY if a.lease_live:
            until = formats.day(a.head.lease_end)
            return _("approved until %(day)s, nothing delivered") % {"day": until}
        case Stage.SUSPENDED:
            return _("suspended, nothing delivered")
        case Stage.WITHDRAWN | Stage.NOT_DONE:
            return _("will not be delivered")
        case _:
            return _("approval ended, nothing delivered")


def opening(rules: Protocol, planned: Plan, now: datetime, until: date | None = None) -> str:
    """What a yes opens: until when, and what falls due until then."""
    longest = (now + timedelta(days=rules.lease_days)).date()
    end = min(until, longest) if until else longest
    looks = sorted(
        (due.date(), look.unannounced)
        for look in planned.looks
        if not look.from_delivery
        for due in (now + timedelta(days=days) for days in look.after_days)
    )
    opens = (
        _("A yes opens an approval until %(day)s.")
        if until
        else _("A yes opens an approval until %(day)s at most.")
    )
    said = [opens % {"day": formats.day(end)}]
    if looks:
        within = sum(due <= end for due, _hidden in looks)
        says = _("Looks due before it ends: %(within)s of %(count)s, the first: %(first)s.")
        said.append(says % {"within": within, "count": len(looks), "first": _due(*looks[0])})
    if planned.commitments:
        says = _("Commitments proposed: %(count)s.")
        said.append(says % {"count": len(planned.commitments)})
    return " ".join(said)


def consequences(a: ActivityPage, now: datetime) -> Mapping[str, str]:
    """For each step that this viewer could make: what follows, and by which day."""
    known: Mapping[str, Callable[[ActivityPage, datetime], str]] = {
        "assess": _after_assessing,
        "advise": _after_advising,
        "deliver": _while_it_lasts,
        "finish": _watched,
        "close": _closing,
        "suspend": _stopped,
        "resume": _while_it_lasts,
        "withdraw": _still_owed,
    }
    offered = [*(verb.value for verb in a.moves), *(["deliver"] if a.may_deliver else [])]
    said = {verb: known[verb](a, now) for verb in offered if verb in known}
    return {**dict.fromkeys((*known, "decide"), ""), **said}


def _after_assessing(_a: ActivityPage, now: datetime) -> str:
    days = mission.current().clocks
    says = _("Advice then falls due by %(advice)s, a decision by %(decision)s.")
    return says % {
        "advice": formats.day(now + timedelta(days["advise_days"])),
        "decision": formats.day(now + timedelta(days["decide_days"])),
    }


def _after_advising(a: ActivityPage, _now: datetime) -> str:
    assessed = [entry.at for entry in a.timeline if entry.verb == "assess"]
    if not assessed:
        return ""
    due = max(assessed) + timedelta(mission.clock_days("decide_days"))
    return _("The decision falls due by %(day)s.") % {"day": formats.day(due)}


def _while_it_lasts(a: ActivityPage, now: datetime) -> str:
    if not a.head.lease_end:
        return ""
    day = formats.moment(a.head.lease_end)
    says = (
        _("The approval covers deliveries until %(day)s.")
        if a.head.lease_end > now
        else _("The approval ended on %(day)s.")
    )
    return says % {"day": day}


def _stopped(a: ActivityPage, _now: datetime) -> str:
    if not a.head.lease_end:
        return ""
    says = _("The approval still ends on %(day)s: stopping does not stretch it.")
    return says % {"day": formats.day(a.head.lease_end)}


def _watched(a: ActivityPage, now: datetime) -> str:
    if not a.head.watch_until:
        return _still_owed(a, now)
    says = _("It is watched until %(day)s.") % {"day": formats.day(a.head.watch_until)}
    return f"{says} {_still_owed(a, now)}".strip()


def _closing(a: ActivityPage, now: datetime) -> str:
    owed = _still_owed(a, now)
    return owed or _("Nothing is owed any more: it closes today.")


def _still_owed(a: ActivityPage, _now: datetime) -> str:
    """How much is still owed, and until when, as everybody who sees the case may know it."""
    owed = sorted((each.due, each.unannounced) for each in a.pulse if each.state in LATE)
    if not owed:
        return ""
    says = _("Looks and commitments still owed: %(count)s, the last: %(last)s.")
    last, unannounced = owed[-1]
    return says % {"count": len(owed), "last": _due(last.date(), unannounced)}


def _due(day: date, unannounced: bool) -> str:
    # An unannounced look tells its month, never its day.
    return date_format(day, "F Y") if unannounced else formats.day(day)

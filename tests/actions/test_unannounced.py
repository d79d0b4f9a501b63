"""SETTLED 19: of an unannounced look a month is told, and its day cannot be computed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest

from primum.actions import plan
from primum.actions.decide import decide
from primum.actions.look import look
from primum.cases.models import Look
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    LEASE_END,
    Case,
    advised,
    looks,
    on_short,
    row,
    saw,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
Chance = Callable[[int], int]
PLANNED = [(30, 14), (90, 14), (180, 14), (270, 14), (360, 14)]
"""What the protocol prints of its looks for everybody: after how many days, with what grace."""


def last(below: int) -> int:
    """The latest day there is."""
    return below - 1


def by(chance: Chance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "randbelow", chance)


def approved(until: timedelta = timedelta(days=80)) -> Case:
    case = advised(BUILDING)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes(until=until))
    return case


def planned(case: Case) -> list[tuple[Look, timedelta, timedelta]]:
    """Each look of a case with the day the protocol prints, and the last one of its grace."""
    # Nothing moves the last day on which a look can be made, so it tells them apart.
    found = sorted(looks(case), key=lambda each: each.due + each.grace_days * DAY)
    assert len(found) == len(PLANNED)
    return [
        (each, timedelta(after), timedelta(after + grace))
        for each, (after, grace) in zip(found, PLANNED, strict=True)
    ]


def test_the_table_is_the_protocols() -> None:
    """Without chance the looks are due as the protocol's page says."""
    for each, after, end in planned(approved()):
        assert each.unannounced
        assert (each.due, each.grace_days) == (NOW + after, (end - after).days)


def test_the_day_is_some_day_of_the_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided at the same moment, the same looks are due on different days, in time all of them."""
    by(secrets.randbelow, monkeypatch)
    days: dict[timedelta, set[timedelta]] = {}
    for _ in range(6):
        for each, after, end in planned(approved()):
            assert after <= each.due - NOW <= end
            assert each.due - NOW + each.grace_days * DAY == end
            days.setdefault(after, set()).add(each.due - NOW)
    assert all(len(found) > 1 for found in days.values()), days


@pytest.mark.parametrize("chance", [lambda _below: 0, last])
def test_the_lease_ends_as_if_nothing_had_moved(
    chance: Chance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Law 1: no luck makes an approval longer, and the look lies within it."""
    by(chance, monkeypatch)
    case = approved()
    first = looks(case)[0]
    assert first.due + first.grace_days * DAY < LEASE_END
    assert row(case).lease_end == LEASE_END


@pytest.mark.parametrize("days", [1, 30, 35, 80, 90])
def test_no_look_leaves_the_approval_or_the_watch(
    days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that was due while the approval lasts stays in it; none falls after the watch."""
    by(last, monkeypatch)
    case = approved(timedelta(days=days))
    told = row(case)
    assert told.approved_until is not None and told.watch_until is not None
    for each, after, end in planned(case):
        if NOW + after <= told.approved_until:
            assert each.due <= told.approved_until
        elif NOW + after <= told.watch_until:
            assert each.due <= told.watch_until
        else:
            assert each.due == NOW + end


def test_an_announced_look_keeps_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what comes unannounced is left to chance."""
    by(last, monkeypatch)
    assert [(each.due - NOW).days for each in looks(on_short())] == [20, 40]


def test_a_look_on_its_last_day_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With no grace left the look is made on its day, and the approval goes on."""
    by(last, monkeypatch)
    case = advised(CAREFUL)
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())
    first = looks(case)[0]
    assert first.grace_days == 0
    assert look(by=viewer("grace"), now=first.due, look=first.id, seen=saw(first))
    end = row(case).lease_end
    assert end is not None and end > first.due + 20 * DAY

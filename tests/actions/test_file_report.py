"""File a report, above one's own sight if need be; raise its seal at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from primum.actions.base import NotThere, Refused
from primum.actions.file_report import NewReport, file_report, raise_seal
from primum.actions.grade_report import grade_report
from primum.cases.models import Entry, Report, ReportParty
from primum.people.sight import viewing
from tests.builders import DAY, INSTANT, contingent, lines, party, refused, tie
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db


def heard(*parties: UUID, name: str = "grace", **more: Any) -> UUID:
    fields: dict[str, Any] = {
        "parties": parties or (party(),),
        "what": "Two traders say that men took money at the gate.",
        "heard": NOW - DAY,
        "confidence": "heard",
        "source": "K-17",
        "invented": True,
    }
    return file_report(by=viewer(name), now=NOW, report=NewReport(**{**fields, **more}))


def readers(key: UUID) -> set[str]:
    found = set()
    for name in NAMES:
        with viewing(viewer(name)):
            if Report.objects.filter(id=key).exists():
                found.add(name)
    return found


RIGHTS = {"tomas", "aminata", "ruth"}
"""Human rights posts that see to level 3; Grace sees to level 2."""
TOP = {"peter"}


def test_file_report() -> None:
    """A field monitor files above her own sight: kept, due in seven days, and gone from hers."""
    unit = party()
    key = heard(unit)
    assert readers(key) == RIGHTS | TOP
    with viewing(viewer("tomas")):
        kept = Report.objects.get(id=key)
        assert (kept.confidence, kept.assess_by) == ("heard", NOW + 7 * DAY)
        assert ReportParty.objects.get(report=key).party_id == unit
    assert lines(unit) == ["report"]


@pytest.mark.parametrize("name", NAMES)
def test_anyone_with_a_post_may(name: str) -> None:
    """Everybody in post may say what they heard; somebody whose post has ended may not."""
    heard(name=name)
    unit, by = party(), viewer(name)
    report = NewReport((unit,), "Heard again.", NOW - 900 * DAY, "heard")
    with refused("post_ended"):
        file_report(by=by, now=NOW - 899 * DAY, report=report)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"confidence": "certain"}, "no_confidence"),
        ({"parties": ()}, "no_party"),
        ({"parties": (uuid4(),)}, "no_party"),
        ({"heard": NOW + INSTANT}, "future"),
        ({"people_min": 5, "people_max": 2}, "range"),
        ({"what": " "}, "no_what"),
        ({"seal": "nobody's"}, "no_seal"),
        ({"independent_sources": 0}, "no_source"),
        (
            {"happened_from": NOW.date(), "happened_to": (NOW - DAY).date()},
            "ends_before_start",
        ),
    ],
)
def test_wrong_input(more: dict[str, Any], code: str) -> None:
    """Each is refused with its sentence, and nothing is kept."""
    unit = party()
    with refused(code):
        heard(unit, **more)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (2, 2), (2, None), (None, 2), (2, 5)])
def test_numbers_as_far_as_known(low: int | None, high: int | None) -> None:
    """A range may be open on either side, and one number is both ends."""
    assert heard(people_min=low, people_max=high)


def test_two_parties_two_chains() -> None:
    """A report on two parties is one line in the chain of each."""
    one, other = party("One"), party("Other")
    heard(one, other)
    assert (lines(one), lines(other)) == (["report"], ["report"])


@pytest.mark.parametrize("seal", ["open", "support", "looks"])
def test_a_seal_is_raised_and_never_lowered(seal: str) -> None:
    """Law 8: whoever writes it may raise it above its kind's default, never below."""
    unit = party()
    with refused("not_higher"):
        heard(unit, seal=seal)


@pytest.mark.parametrize("seal", ["", "protection", "assessors", "secretariat"])
def test_as_narrow_as_the_default_is_enough(seal: str) -> None:
    """The default, also by its own name, and every seal that fewer may read under."""
    assert readers(heard(seal=seal)) <= RIGHTS | TOP


def test_its_chains_are_written_in_the_order_of_their_keys() -> None:
    """Two reports on the same parties, named in two orders, wait for each other: no deadlock."""
    parties = sorted(party(f"Unit {number}") for number in range(4))
    for named in (parties, parties[::-1], [*parties, parties[0]]):
        tomas = viewer("tomas")
        with taken() as chains:
            key = heard(*named)
            words = "Two sources of their own."
            grade_report(by=tomas, now=NOW, report=key, confidence="plausible", words=words)
            raise_seal(by=tomas, now=NOW, report=key, seal="secretariat")
        assert chains == parties * 3


@contextmanager
def taken() -> Iterator[list[UUID]]:
    """The chains that are written to inside, in the order in which they are taken."""
    chains: list[UUID] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "ledger_append" in sql:
            chains.append(params[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield chains


class TestWithheld:
    """Law 8: by default withheld from the party it names and its national posts."""

    def test_from_its_own_organisation_and_state(self) -> None:
        """Neither the contingent nor anybody above it reads a report that names it."""
        key = heard(contingent())
        assert readers(key) == RIGHTS | TOP

    def test_from_those_above_in_command(self) -> None:
        """The liaison of Norland does not read of a company below its battalion either."""
        battalion = contingent()
        company = party("First company")
        tie(battalion, company)
        key = heard(company, seal="protection")
        assert "eva" not in readers(key)

    def test_not_from_the_others(self) -> None:
        """A report on somebody else is not withheld from human rights."""
        assert readers(heard(party("Another unit"))) >= RIGHTS


class TestRaise:
    def test_raise_seal(self) -> None:
        """At once and without a decision: to the secretariat alone, the report and its lines."""
        unit = party()
        key = heard(unit)
        raise_seal(by=viewer("tomas"), now=NOW, report=key, seal="secretariat")
        assert readers(key) == {"aminata"}
        for name, seen in (("tomas", []), ("aminata", ["raise_seal", "report"])):
            with viewing(viewer(name)):
                found = Entry.objects.filter(case=unit).values_list("verb", flat=True)
                assert sorted(found) == seen

    @pytest.mark.parametrize("name", ["nadia", "grace", "samir", "lena", "ines"])
    def test_who_may_not(self, name: str) -> None:
        """Who may not see it cannot raise it: it is not there."""
        key = heard()
        with pytest.raises(NotThere):
            raise_seal(by=viewer(name), now=NOW, report=key, seal="secretariat")
        assert readers(key) == RIGHTS | TOP

    @pytest.mark.parametrize("seal", ["open", "looks", "protection", "secretariat", "vault"])
    def test_never_lower(self, seal: str) -> None:
        """A lower seal, the same, or one that nobody reads under is refused."""
        key = heard(seal="secretariat")
        with refused("not_higher"):
            raise_seal(by=viewer("aminata"), now=NOW, report=key, seal=seal)

    def test_a_seal_that_nobody_knows(self) -> None:
        """A name the mission does not have changes nothing."""
        key = heard()
        with pytest.raises(Refused, match="no seal of this name"):
            raise_seal(by=viewer("tomas"), now=NOW, report=key, seal="top secret")
        assert readers(key) == RIGHTS | TOP

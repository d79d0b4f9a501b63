"""What the authorities promised about a party is written down with its day and its office."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.base import NotThere
from primum.actions.tick import tick
from primum.cases.models import Entry, Reminder, Undertaking
from primum.cases.queries import due
from primum.cases.queries import promises as queries
from primum.people import door, mission
from primum.people.sight import viewing
from tests import builders
from tests.builders import contingent, lines, party, post, refused
from tests.builders_promises import finding, undertaking
from tests.builders_sealed import raised, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RECORD = ("tomas", "aminata", "grace", "jonas", "helena", "samir")


def row(key: UUID) -> Undertaking:
    with viewing(door.clock()):
        return Undertaking.objects.get(id=key)


def sees(name: str, key: UUID) -> bool:
    with viewing(viewer(name)):
        return Undertaking.objects.filter(id=key).exists()


def desk(name: str, days: float) -> list[str]:
    now = NOW + days * DAY
    who = viewer(name)
    with viewing(who):
        lists = due.desk(who, now)
        return [item.kind for items in lists.values() for item in items]


@pytest.mark.parametrize("name", RECORD)
def test_record(name: str) -> None:
    """Those who speak with the authorities, or follow what they say, write it down."""
    unit = party()
    key = undertaking(unit, by=name)
    kept = row(key)
    assert (kept.state, kept.due, kept.grace_days) == ("open", NOW + 30 * DAY, 14)
    assert (kept.promised_by, kept.verifier_id) == (
        "Minister of the interior",
        post("due-diligence-officer"),
    )
    assert lines(unit) == ["record_undertaking"]


@pytest.mark.parametrize("name", sorted(set(NAMES) - set(RECORD)))
def test_nobody_else(name: str) -> None:
    """Not who asks for support, not the named party's own, not the auditor."""
    unit = party()
    with refused("not_your_move"):
        undertaking(unit, by=name)


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"text": " "}, ["no_text"]),
        ({"promised_by": ""}, ["no_office"]),
        ({"source": "\n"}, ["no_source"]),
        ({"promised": (NOW + DAY).date()}, ["not_yet_said"]),
        ({"due": NOW - DAY}, ["due_before_said"]),
        ({"grace_days": 61}, ["grace"]),
        ({"text": "", "source": ""}, ["no_text", "no_source"]),
    ],
)
def test_what_is_missing_is_said(wrong: dict[str, object], codes: list[str]) -> None:
    unit = party()
    with refused(*codes):
        undertaking(unit, **wrong)  # type: ignore[arg-type]


def test_no_such_party_or_report() -> None:
    unit = party()
    with pytest.raises(NotThere):
        undertaking(uuid4())
    with pytest.raises(NotThere):
        undertaking(unit, report=uuid4())
    with pytest.raises(NotThere):
        undertaking(unit, report=report(party("Another")))


def test_sent_twice_it_is_one() -> None:
    unit, key = party(), uuid4()
    assert undertaking(unit, key=key) == undertaking(unit, key=key)
    assert lines(unit) == ["record_undertaking"]


def test_it_may_not_lie_under_a_wider_seal() -> None:
    unit = party()
    with refused("not_higher"):
        undertaking(unit, seal="open")
    assert row(undertaking(unit, seal="secretariat")).seal_id == mission.seal_named("secretariat")


class TestSight:
    """Who may not know of the report knows of nothing that was promised because of it."""

    def test_it_is_seen_as_an_assessment_is(self) -> None:
        key = undertaking(party())
        seen = {name for name in NAMES if sees(name, key)}
        human_rights = {"tomas", "aminata", "ruth", "grace"}
        assert seen == human_rights | {"jonas", "helena", "samir", "bruno"}

    def test_what_answers_a_report_is_seen_by_its_readers_at_most(self) -> None:
        """The leadership does not read that report; so it reads no promise made upon it."""
        unit = party()
        key = undertaking(unit, report=finding(unit))
        seen = {name for name in NAMES if sees(name, key)}
        assert seen == {"tomas", "aminata", "ruth", "peter"}
        for name in ("samir", "nadia", "lena"):
            with viewing(viewer(name)):
                assert not Entry.objects.filter(record=key).exists(), name

    def test_the_named_do_not_read_it(self) -> None:
        """Under a seal that Eva's level would allow: the wall of the report stands before it."""
        own = contingent()
        about = finding(own, "support")
        key = undertaking(own, report=about)
        with viewing(door.clock()):
            assert Undertaking.objects.filter(id=key, report=about).exists()
        assert not sees("eva", key)
        with viewing(viewer("eva")):
            assert not Entry.objects.filter(record=key).exists()

    def test_raising_the_report_takes_it_along(self) -> None:
        unit = party()
        about = finding(unit)
        key = undertaking(unit, report=about)
        assert sees("tomas", key)
        assert raised("report", about, "secretariat")
        assert not sees("tomas", key) and sees("aminata", key)
        with viewing(viewer("tomas")):
            assert not Entry.objects.filter(case=unit).exists()


class TestDue:
    """It waits for who verifies, and passes up like every other clock."""

    def test_it_is_on_the_desk_when_it_is_due(self) -> None:
        undertaking(party(), days=90)
        assert "undertaking" not in desk("tomas", 29)
        assert "undertaking" in desk("tomas", 31)
        assert "undertaking" not in desk("jonas", 120)

    def test_it_escalates(self) -> None:
        key = undertaking(party(), days=10)
        tick(by=door.clock(), now=NOW + 25 * DAY)
        with viewing(door.clock()):
            told = Reminder.objects.filter(about=key).order_by("step")
            assert [(each.what, each.step, each.post_id) for each in told] == [
                ("undertaking", 0, post("due-diligence-officer")),
                ("undertaking", 1, post("chief-due-diligence")),
                ("undertaking", 2, post("head-of-mission")),
            ]

    def test_no_reminder_tells_who_may_not_know(self) -> None:
        unit = party()
        key = undertaking(unit, days=1, report=finding(unit))
        tick(by=door.clock(), now=NOW + 25 * DAY)
        for name in ("samir", "nadia", "jonas"):
            with viewing(viewer(name)):
                assert not Reminder.objects.filter(about=key).exists(), name
        with viewing(viewer("tomas")):
            assert Reminder.objects.filter(about=key).exists()

    def test_an_empty_chair_passes_it_up(self) -> None:
        undertaking(party(), days=5)
        builders.emptied("due-diligence-officer")
        assert "undertaking" in desk("aminata", 1)


class TestList:
    def found(self, name: str = "tomas", days: float = 0, **wanted: object) -> list[str]:
        who = viewer(name)
        with viewing(who):
            filters = queries.Filter(**wanted)  # type: ignore[arg-type]
            return [u.text for u in queries.undertakings(who, filters, NOW + days * DAY)]

    def test_it_lists_searches_and_narrows(self) -> None:
        one, other = party(), party("Sarrat gendarmerie")
        undertaking(one, days=9, text="A file is opened.")
        undertaking(other, days=3, text="The captain is moved.", promised_by="Chief of police")
        assert self.found() == ["The captain is moved.", "A file is opened."]
        assert self.found(words="captain") == ["The captain is moved."]
        assert self.found(words="chief of") == ["The captain is moved."]
        assert self.found(words="gendarm") == ["The captain is moved."]
        assert self.found(party=one) == ["A file is opened."]
        assert self.found(state="overdue", days=5) == ["The captain is moved."]
        assert self.found(state="kept") == []
        assert self.found(name="nadia") == []

    def test_it_pages(self) -> None:
        unit = party()
        for number in range(52):
            undertaking(unit, days=number + 1, text=f"Promise {number:02}")
        who = viewer("tomas")
        with viewing(who):
            first = queries.undertakings(who, queries.Filter(), NOW)
            assert len(first) == 51
            rest = queries.undertakings(who, queries.Filter(), NOW, str(first[49].id))
        assert [each.text for each in rest] == ["Promise 50", "Promise 51"]

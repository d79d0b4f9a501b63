"""A report's page: the place, and why it is held to be so sure, as far as one may read."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.grade_report import grade_report
from primum.cases.models import Note
from primum.cases.queries import lists
from primum.people import door, mission
from primum.people.models import Person
from primum.people.sight import viewing
from primum.register.models import Place
from tests import builders
from tests.builders_sealed import CLOCK, client_of, raised, report
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

REASONS = "Two traders told it alike (invented)."
SECOND = "A third one says so too (invented)."


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def graded(key: UUID) -> None:
    for days, (name, confidence, words) in enumerate(
        (("tomas", "plausible", REASONS), ("aminata", "reasonable_grounds", SECOND))
    ):
        now = NOW - timedelta(days=2 - days)
        grade_report(by=viewer(name), now=now, report=key, confidence=confidence, words=words)


def page(name: str, key: UUID) -> str:
    answer = client_of(viewer(name)).get(reverse("report", args=[key]))
    return answer.content.decode() if answer.status_code == 200 else ""


def place(code: str = "kodwel-police-post") -> UUID:
    with viewing(door.clock()):
        return Place.objects.get(code=code).id


def test_reasons_are_shown_newest_first_with_who_gave_them() -> None:
    """To everybody who may read the report, with the post that gave them and when."""
    key = report(builders.party())
    graded(key)
    for name in ("tomas", "aminata", "ruth", "peter"):
        text = page(name, key)
        assert text.index(SECOND) < text.index(REASONS)
        section = text.split(SECOND)[1]
        assert "Chief, due diligence secretariat" in section.split(REASONS)[0]
        assert "Due diligence officer" in section.split(REASONS)[1]


def test_reasons_under_a_narrower_seal_are_not() -> None:
    """A note that only the secretariat may read is on nobody else's page, and counted nowhere."""
    key = report(builders.party())
    graded(key)
    before = page("tomas", key)
    note = Note(
        id=uuid4(),
        seal_id=mission.seal_named("secretariat"),
        case=key,
        kind="grade",
        text="Who said it (invented).",
        by=Person.objects.get(username="aminata").holdings.all()[0],
        at=NOW,
        salt="",
    )
    note.save(force_insert=True)
    assert "Who said it" in page("aminata", key)
    after = page("tomas", key)
    assert "Who said it" not in after and after.count("<li>") == before.count("<li>")


def test_reasons_of_a_raised_report_go_with_it() -> None:
    key = report(builders.party())
    graded(key)
    assert raised("report", key, "secretariat")
    assert page("tomas", key) == "" and SECOND in page("aminata", key)
    with viewing(viewer("tomas")):
        assert lists.report_notes(viewer("tomas"), key) == ()


def test_a_report_without_reasons_has_no_empty_heading() -> None:
    assert "Why it is held" not in page("tomas", report(builders.party()))


def test_the_place_is_shown_on_the_page_and_in_the_line() -> None:
    unit = builders.party()
    key = report(unit, place=place())
    assert "Kodwel police post" in page("tomas", key)
    answer = client_of(viewer("tomas")).get(reverse("party", args=[unit]))
    line = answer.content.decode().split("<h2>Reports</h2>")[1].split("</section>")[0]
    assert "Kodwel police post" in line


def test_a_place_that_is_sealed_is_not_there() -> None:
    """The report is read without it, like one that names no place."""
    hidden = Place(
        id=uuid4(),
        seal_id=mission.seal_named("secretariat"),
        code="safe-house",
        names={"en": "The safe house"},
        kind="facility",
    )
    hidden.save(force_insert=True)
    key = report(builders.party(), by="aminata", place=hidden.id)
    assert "The safe house" in page("aminata", key)
    assert "The safe house" not in page("tomas", key)
    with viewing(viewer("tomas")):
        shown = lists.report_page(viewer("tomas"), key)
    assert shown is not None and shown.place is None

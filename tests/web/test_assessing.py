"""The assessing post's form: the Ruling beside it, what is typed kept, nobody else let in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from primum.actions.base import Refused
from primum.actions.keep_draft import MOST_CHARACTERS, keep_draft
from primum.actions.tick import DRAFTS_KEPT, tick
from primum.cases.models import Assessment, Draft
from primum.cases.queries import drafts
from primum.people import door
from primum.people.models import Person
from primum.people.sight import viewing
from tests.builders import INSTANT, Case, proposed
from tests.cast import NAMES, NOW, viewer
from tests.stories.answers import CAREFUL

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.CLOCK = "tests.web.moment.now"


@pytest.fixture
def case() -> Case:
    return proposed()


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(Person.objects.get(username=name))
    return client


def filled(**more: str) -> dict[str, object]:
    """CAREFUL as the form sends it."""
    form: dict[str, object] = {f"q-{name}": value for name, value in CAREFUL.items()}
    return form | {"send": "1"} | more


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_records_what_was_answered(case: Case) -> None:
    answer = signed_in("tomas").post(f"/activities/{case.activity}/assess/", filled())
    assert answer.status_code == 302
    with viewing(viewer("tomas")):
        made = Assessment.objects.get(activity=case.activity)
        assert made.answers["lethal"] == "no"
        assert Draft.objects.count() == 0


def test_beside_the_form_stands_the_ruling(case: Case) -> None:
    """One POST while typing keeps the form and answers with what the protocol makes of it."""
    client = signed_in("tomas")
    said = text(client.post(f"/activities/{case.activity}/assess/beside/", filled()))
    assert "The ruling for these answers" in said
    assert "Risk before conditions" in said
    assert "Expected if every proposed condition is kept" in said
    assert "kept at" in said
    with viewing(viewer("tomas")):
        kept = drafts.draft(viewer("tomas"), "assess", case.activity)
    assert kept is not None
    assert kept.form["q-lethal"] == ["no"]
    assert kept.shown is not None
    assert kept.shown["lethal"] == "no"


def test_a_mistyped_answer_hides_no_ruling_and_is_kept(case: Case) -> None:
    form = filled(**{"q-people_reached": "about forty"})
    said = text(signed_in("tomas").post(f"/activities/{case.activity}/assess/beside/", form))
    assert "Risk before conditions" in said
    again = text(signed_in("tomas").get(f"/activities/{case.activity}/assess/"))
    assert 'value="about forty"' in again


def test_a_grave_answer_shows_at_once(case: Case) -> None:
    grave = {
        "q-unit_grave_violations": "yes",
        "q-real_risk": "yes",
        "q-authority_steps": "claimed_only",
    }
    said = text(
        signed_in("tomas").post(f"/activities/{case.activity}/assess/beside/", filled(**grave))
    )
    assert "barred" in said
    assert "Hard stops" in said


def test_what_would_change_it_is_fetched_after(case: Case) -> None:
    client = signed_in("tomas")
    client.post(f"/activities/{case.activity}/assess/beside/", filled(**{"q-access": "refused"}))
    page = text(client.get(f"/activities/{case.activity}/assess/explain/"))
    assert "What would have to change" in page
    part = text(
        client.get(f"/activities/{case.activity}/assess/explain/", headers={"HX-Target": "results"})
    )
    assert "<html" not in part


def test_what_was_typed_comes_back(case: Case) -> None:
    """Kept by the button for those without scripts, and shown again with when it was kept."""
    client = signed_in("tomas")
    form = {"q-mandate_objective": "Half a sentence", "q-lethal": "no", "save": "1"}
    assert client.post(f"/activities/{case.activity}/assess/", form).status_code == 302
    again = text(client.get(f"/activities/{case.activity}/assess/"))
    assert "Half a sentence" in again
    assert "You had begun this" in again
    client.post(f"/activities/{case.activity}/assess/", {"forget": "1"})
    assert "Half a sentence" not in text(client.get(f"/activities/{case.activity}/assess/"))


def test_the_same_form_on_paper(case: Case) -> None:
    page = text(signed_in("tomas").get(f"/activities/{case.activity}/assess/"))
    found = re.search(r'href="(/protocols/[0-9a-f-]+/paper/)"', page)
    assert found is not None
    paper = signed_in("nadia").get(found[1])
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["assess/", "assess/beside/", "assess/explain/"])
def test_nobody_else_comes_to_the_form(case: Case, path: str) -> None:
    """The proposer least of all: no preview tells them what answers would bring (law 6)."""
    for name in (*(set(NAMES) - {"tomas"}), "stranger"):
        client = signed_in(name)
        address = f"/activities/{case.activity}/{path}"
        assert client.get(address).status_code == 404, name
        assert client.post(address, filled()).status_code == 404, name
    with viewing(viewer("nadia")):
        assert Draft.objects.count() == 0


def test_a_draft_is_its_writers_alone(case: Case) -> None:
    keep_draft(
        by=viewer("tomas"), now=NOW, purpose="assess", about=case.activity, form={"q-x": ["secret"]}
    )
    for name in NAMES:
        with viewing(viewer(name)):
            assert Draft.objects.count() == (1 if name == "tomas" else 0), name


def test_a_draft_is_forgotten_in_the_end(case: Case) -> None:
    """What was never sent does not lie there for ever; only the clock forgets for others."""

    def drafts() -> int:
        with viewing(viewer("tomas")):
            return Draft.objects.count()

    keep_draft(
        by=viewer("tomas"), now=NOW, purpose="assess", about=case.activity, form={"q-x": ["1"]}
    )
    with viewing(viewer("nadia")), connection.cursor() as cursor:
        cursor.execute("SELECT forget_drafts(%s)", [NOW + 2 * DRAFTS_KEPT])
    tick(by=door.clock(), now=NOW + DRAFTS_KEPT)
    assert drafts() == 1
    tick(by=door.clock(), now=NOW + DRAFTS_KEPT + INSTANT)
    assert drafts() == 0


def test_a_draft_too_long_is_refused_in_words(case: Case) -> None:
    with pytest.raises(Refused, match="too long to be kept"):
        keep_draft(
            by=viewer("tomas"),
            now=NOW,
            purpose="assess",
            about=case.activity,
            form={"q-x": ["x" * (MOST_CHARACTERS + 1)]},
        )

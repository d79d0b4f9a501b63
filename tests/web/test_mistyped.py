"""What is mistyped in a form is named, never guessed or passed over, and nothing is lost.

The table grows by itself: every form that the pages below show, every number and date in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import primum.web
from primum.people.models import Holding
from tests import builders
from tests.builders import CAREFUL, Case, everything, looks, post, unchanged
from tests.builders_ladder import letter, read, standing
from tests.builders_places import place
from tests.builders_promises import finding, undertaking
from tests.builders_sealed import CLOCK, client_of, undone
from tests.cast import viewer
from tests.web.forms import HIDDEN, Field, Form, exact, form_at, forms

pytestmark = pytest.mark.django_db

TEMPLATES = Path(primum.web.__file__).parent / "templates"
GARBAGE = "about three"
SENSIBLE: Mapping[str, str] = {
    "starts": "2026-04-01",
    "ends": "2026-05-01",
    "happened": "2026-03-01T10:00",
    "emergency_since": "2026-03-01T10:00",
    "happened_from": "2026-02-01",
    "happened_to": "2026-02-02",
    "heard": "2026-02-03",
    "promised": "2026-03-01",
    "day": "2026-03-01",
    "sent_on": "2026-03-02",
    "on": "2026-03-02",
    "handed_over": "2026-02-01",
    "date": "2026-04-10",
    "number": "3",
}
"""What a form takes, by the field's name, else by its kind."""
PAGES = (
    *("propose", "report", "deliver", "decide", "on behalf", "seat", "look", "assess"),
    *("undertaking", "waive", "step"),
    *("intercede", "letter", "reading", "sending", "answer", "facility", "custodian"),
)
WHO = {
    **{"report": "grace", "decide": "samir", "on behalf": "bruno", "seat": "bruno"},
    **{"look": "grace", "assess": "tomas", "undertaking": "tomas", "waive": "samir"},
    **{"step": "tomas", "intercede": "tomas", "letter": "tomas", "reading": "aminata"},
    **{"sending": "tomas", "answer": "tomas", "facility": "tomas", "custodian": "tomas"},
}
DO = {"waive": "/waive/", "reading": "do=read", "sending": "do=send", "answer": "do=answer"}
"""Where several forms stand on one page: which of them."""


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def page(name: str) -> tuple[Client, str, str]:
    """Who is at this page, its address, and where its form goes."""
    case = _case(name)
    address, action = _addressed(name, case)
    return client_of(viewer(WHO.get(name, "nadia"))), address, action


def _case(name: str) -> Case:
    if name in ("decide", "on behalf"):
        return builders.advised(CAREFUL)
    return builders.decided(CAREFUL) if name in ("look", "deliver") else builders.proposed()


def _addressed(name: str, case: Case) -> tuple[str, str]:
    about = f"?party={case.party}"
    here = {
        "propose": lambda: reverse("new") + about,
        "report": lambda: reverse("report_new") + about,
        "deliver": lambda: reverse("deliver", args=[case.activity]),
        "assess": lambda: reverse("assess", args=[case.activity]),
        "look": lambda: reverse("look", args=[looks(case)[0].id]),
        "seat": lambda: reverse("posts"),
        "undertaking": lambda: reverse("undertaking_new", args=[case.party]),
        "waive": lambda: reverse("undertaking", args=[undertaking(case.party)]),
        "step": lambda: reverse("steps", args=[finding(case.party), case.party]),
        "intercede": lambda: reverse("intercede", args=[case.party]),
        "letter": lambda: reverse("letter_new", args=[case.party]),
        "reading": lambda: reverse("letter", args=[letter(party=case.party)]),
        "sending": lambda: reverse("letter", args=[read(letter(party=case.party))]),
        "answer": lambda: reverse("intercession", args=[standing(case.party)]),
        "facility": lambda: reverse("facility", args=[place()]),
        "custodian": lambda: reverse("custodian", args=[place()]) + about,
    }
    address = here.get(name, lambda: reverse("decide", args=[case.activity]))()
    seat = reverse("seat", args=[post("police-chief-of-staff")])
    return address, seat if name == "seat" else DO.get(name, "")


def filled(form: Form) -> dict[str, Any]:
    """Every field filled in with something that is taken, and different from what was there."""
    said: dict[str, Any] = {}
    for each in form.fields.values():
        value = _typed(each)
        if value is not None:
            said[each.name] = value
    if "person" in said:
        said["person"] = str(viewer("eva").person)
    if "post" in said:
        said["post"] = str(post("head-of-mission"))
    return said


def _typed(each: Field) -> object | None:
    if each.kind in ("hidden", "file"):
        signed = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 signed")
        return signed if each.kind == "file" else each.value
    if each.exact:
        usual = SENSIBLE["date" if each.kind.startswith("date") else "number"]
        return SENSIBLE.get(each.name.split("-")[0], usual)
    if each.name.startswith("q-") and each.kind in ("radio", "checkbox"):
        return "?" if "?" in each.options else each.options[-1]
    if each.kind == "radio":
        return each.options[0]
    if each.kind in ("checkbox", "select"):
        return each.options[-1]
    # Why it is not known is written where “I don’t know” is chosen.
    return f"Typed into {each.name}"


def sendable(form: Form) -> dict[str, Any]:
    """The same, without reasons for not knowing beside an answer."""
    said = filled(form)
    return {
        name: value
        for name, value in said.items()
        if not name.endswith("-because") or said.get(name.removesuffix("-because")) == "?"
    }


def post_form(client: Client, form: Form, address: str, said: Mapping[str, Any]) -> Any:
    for value in said.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    return client.post(form.action or address, said)


def as_left(form: Form, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What of this was typed or chosen by hand, as a form would hold it."""
    files = {each.name for each in form.fields.values() if each.kind == "file"}
    return {
        name: value if isinstance(value, list) else [value]
        for name, value in said.items()
        if name not in HIDDEN | files
    }


@pytest.mark.parametrize("name", PAGES)
def test_what_is_sensible_is_taken(name: str) -> None:
    """The control: the same form without the mistake does what it says."""
    client, address, action = page(name)
    form = form_at(client, address, action)
    answer = post_form(client, form, address, sendable(form))
    assert answer.status_code == 302, re.findall(
        r"role=\"alert\".*?</div>", answer.content.decode(), re.DOTALL
    )


@pytest.mark.parametrize("name", [each for each in PAGES if each != "look"])
def test_garbage_is_named_and_every_other_word_is_kept(name: str) -> None:
    """In each number and each date: 422, nothing written, the form comes back as it was left.

    The looks of what ships ask for neither.
    """
    client, address, action = page(name)
    form = form_at(client, address, action)
    said, before = sendable(form), everything()
    assert list(exact(form))
    for field in exact(form):
        wrong = {**said, field: GARBAGE}
        answer = post_form(client, form, address, wrong)
        text = answer.content.decode()
        assert answer.status_code == 422, (field, answer.status_code)
        assert 'role="alert"' in text, field
        back = next(
            each for each in forms(text) if each.action == form.action and field in each.fields
        )
        held = {each.name: each.holds() for each in back.fields.values()}
        left = as_left(form, wrong)
        assert {key: held[key] for key in left} == left, field
    unchanged(before)


def test_every_number_and_date_of_a_template_is_tried() -> None:
    """A field that is added to a template is met by the test above, or this one says its name."""
    tried: set[str] = set()
    for name in PAGES:
        with undone():
            client, address, action = page(name)
            tried |= set(exact(form_at(client, address, action)))
    tried = {re.sub(r"-\d+$", "-", each) for each in tried}
    assert {each for each in written_in_templates() if each not in tried} == set()


def written_in_templates() -> Iterator[str]:
    """The names of fields for numbers and dates, as templates write them."""
    call = re.compile(r'm\.line\("([\w-]+)"[^}]*?(?:type="date|inputmode)')
    tag = re.compile(r'<input[^>]*\bname="([\w-]+)"[^>]*type="(?:date|datetime-local|number)"')
    found = 0
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        # What stands in the address of a page is read by the page's own test.
        text = re.sub(r'<form[^>]*method="get".*?</form>', "", text, flags=re.DOTALL)
        for one in re.findall(r"\{\{ m\.line\(.*?\) \}\}|<input[^>]*>", text):
            for name in call.findall(one) + tag.findall(one):
                found += 1
                yield name
    assert found > 10


class TestPassedOver:
    """What used to be filed as something else, and said to be done."""

    def test_a_mistyped_end_seats_nobody(self) -> None:
        """Not “seated without end”."""
        client, address, action = page("seat")
        form = form_at(client, address, action)
        answer = client.post(form.action, {**sendable(form), "ends": "31 March"})
        assert answer.status_code == 422
        assert "“31 March” is not a date." in answer.content.decode()
        assert not Holding.objects.filter(post=post("police-chief-of-staff")).exists()

    @pytest.mark.parametrize("sources", ["about three", "0", "-2", "1.5"])
    def test_sources_are_counted_or_asked_again(self, sources: str) -> None:
        """Not filed as one."""
        client, address, action = page("report")
        form = form_at(client, address, action)
        assert client.post(address, {**sendable(form), "sources": sources}).status_code == 422

    def test_it_did_not_end_before_it_began(self) -> None:
        client, address, action = page("report")
        form = form_at(client, address, action)
        days = {"happened_from": "2026-02-05", "happened_to": "2026-02-01"}
        assert client.post(address, {**sendable(form), **days}).status_code == 422

    @pytest.mark.parametrize(("day", "status"), [("2026-03-03", 302), ("2026-03-04", 422)])
    def test_nothing_is_heard_after_tomorrow(self, day: str, status: int) -> None:
        """East of Greenwich today is already tomorrow; the day after is nowhere."""
        client, address, action = page("report")
        form = form_at(client, address, action)
        assert client.post(address, {**sendable(form), "heard": day}).status_code == status

    @pytest.mark.parametrize("name", ["report", "propose"])
    def test_a_place_that_is_no_place(self, name: str) -> None:
        """Not filed without a place."""
        client, address, action = page(name)
        form = form_at(client, address, action)
        said = {**sendable(form), "place": "the market"}
        assert client.post(address, said).status_code == 422

    @pytest.mark.parametrize("field", ["people-1", "value-1", "quantity-1", "lethal-1"])
    def test_a_line_of_numbers_without_words(self, field: str) -> None:
        """Not left out of the proposal."""
        client, address, action = page("propose")
        form = form_at(client, address, action)
        said = {**sendable(form), "lines": "2", field: "3"}
        assert client.post(address, said).status_code == 422

    def test_a_moment_with_a_zone_of_its_own(self) -> None:
        """Ten in the morning at +05:00 is five by UTC, not ten."""
        client, address, action = page("deliver")
        form = form_at(client, address, action)
        said = {**sendable(form), "happened": "2026-03-01T10:00+05:00"}
        answer = client.post(address, said, follow=True)
        assert "1 March 2026, 05:00 UTC" in answer.content.decode()

    @pytest.mark.parametrize("happened", ["0001-01-01T00:00+05:00", "9999-12-31T23:59-05:00"])
    def test_a_moment_out_of_all_time(self, happened: str) -> None:
        client, address, action = page("deliver")
        form = form_at(client, address, action)
        said = {**sendable(form), "happened": happened}
        assert client.post(address, said).status_code == 422

    @pytest.mark.parametrize("line", ["", "the first"])
    def test_a_delivery_on_no_line(self, line: str) -> None:
        """Asked again with what was typed, not “not here”."""
        client, address, action = page("deliver")
        form = form_at(client, address, action)
        answer = client.post(address, {**sendable(form), "line": line})
        assert answer.status_code == 422
        assert "Typed into what" in answer.content.decode()

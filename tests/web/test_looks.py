"""Looks on their pages: the form on a phone or a desk, what it offers, and who reads it after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from primum.actions.look import look
from primum.people.sight import viewing
from primum.register.models import Place
from tests.builders import BUILDING, CAREFUL, DAY, Case, decided, looks, party, saw
from tests.builders_sealed import CLOCK, client_of, moved_to
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

DUE = NOW + 30 * DAY
WORDS = "The register was kept."
POLICE_POST: Mapping[str, object] = {
    **BUILDING,
    "detention": "yes",
    "children_apart": "yes",
    "women_guarded": "yes",
    "register_kept": "yes",
    "held_too_long": "no",
    "custody_risk": ["none_seen"],
}


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> Any:
    settings.CLOCK = CLOCK
    with moved_to(DUE):
        yield


def text_of(answer: Any) -> str:
    return unescape(answer.content.decode())


def page(name: str, address: str, status: int = 200) -> str:
    answer = client_of(viewer(name, DUE)).get(address)
    assert answer.status_code == status, (name, address, answer.status_code)
    return text_of(answer)


def filled(case: Case, **changed: object) -> dict[str, object]:
    """The form as a looker fills it, where all is well."""
    sent: dict[str, object] = {"method": "visit", "result": "nothing_grave", "words": WORDS}
    for name, value in saw(looks(case)[0]).answers.items():
        if isinstance(value, dict):
            sent |= {f"q-{name}-{cell}": str(count) for cell, count in value.items()}
        else:
            sent[f"q-{name}"] = value
    return {**sent, **changed}


def send(name: str, address: str, form: Mapping[str, object], status: int) -> str:
    client: Client = client_of(viewer(name, DUE))
    answer = client.post(address, form)
    assert answer.status_code == status, text_of(answer)[:3000]
    return text_of(answer)


def at(case: Case, number: int = 0) -> str:
    return reverse("look", args=[looks(case)[number].id])


# The form ----------------------------------------------------------------------------------------


def test_it_says_where_and_what_makes_it_grave() -> None:
    """The place in the heading; what the protocol calls grave; that chance has some read again."""
    text = page("grace", at(decided(CAREFUL)))
    assert "Kodwel police post" in text
    assert "Somebody suffered through those we support." in text
    assert "A second post reads every grave look, and one in 5 of the rest." in text


def test_it_names_only_what_this_look_can_find() -> None:
    text = page("grace", at(decided(CAREFUL)))
    assert "A child is held together with adults." not in text
    assert "People are held longer" in page("grace", at(decided(dict(POLICE_POST))))


def test_it_is_recorded() -> None:
    case = decided(CAREFUL)
    send("grace", at(case), filled(case), 302)
    made = looks(case)[0]
    assert (made.state, made.independence, made.words) == ("made", "own", WORDS)
    assert "no longer open" in page("grace", at(case))


def test_a_grave_answer_is_told_and_every_word_is_kept() -> None:
    """Three children and “nothing grave”: the page says why not, and keeps what was written."""
    case = decided(dict(POLICE_POST))
    found = {"q-children_with_adults": "yes", "q-over_limit": "2", "q-held_now-boys": "3"}
    text = send("grace", at(case), filled(case, **found), 422)
    assert "A child is held together with adults" in text
    assert "People are held longer than the law allows" in text
    assert "something grave seen" in text
    assert WORDS in text and 'value="3"' in text
    assert looks(case)[0].state == "open"
    send("grace", at(case), filled(case, **found, result="grave"), 302)
    assert looks(case)[0].result == "grave"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"independence": "judged_alone"}, "Only those we judge saw it: that is no look."),
        ({"method": "phone"}, "The protocol does not accept this way of looking here."),
        ({"also": "me"}, "This is not in the list."),
        ({"result": ""}, "Say how it went"),
    ],
)
def test_what_is_no_look_is_told(changed: Mapping[str, object], says: str) -> None:
    case = decided(CAREFUL)
    text = send("grace", at(case), filled(case, **changed), 422)
    assert says in text and WORDS in text
    assert looks(case)[0].state == "open"


# One visit, several looks ------------------------------------------------------------------------


def test_the_form_offers_what_is_due_there() -> None:
    """Ticked, they are made by the same visit; each case's page says so."""
    one, other = decided(CAREFUL), decided(CAREFUL)
    text = page("grace", at(one))
    second = looks(other)[0].id
    assert f'name="also" value="{second}"' in text
    send("grace", at(one), filled(one, also=[str(second)]), 302)
    assert [looks(case)[0].state for case in (one, other)] == ["made", "made"]
    told = page("tomas", reverse("activity", args=[other.activity]))
    assert "by the visit that served another look here" in told


def test_questions_of_a_look_not_ticked_are_left_alone() -> None:
    """What was typed under a look that was then not ticked belongs to nothing."""
    one, other = decided(CAREFUL), decided(dict(POLICE_POST))
    more = filled(other, **{k: v for k, v in filled(one).items() if k.startswith("q-")})
    text = page("grace", at(one))
    assert "questions more:" in text
    send("grace", at(one), more, 302)
    assert looks(one)[0].state == "made" and looks(other)[0].state == "open"


def test_what_a_ticked_look_lacks_is_named_at_its_question() -> None:
    one, other = decided(CAREFUL), decided(dict(POLICE_POST))
    second = str(looks(other)[0].id)
    text = send("grace", at(one), filled(one, also=[second]), 422)
    assert 'href="#q-children_with_adults"' in text
    assert f'value="{second}" checked' in text


def test_promises_are_listed_with_their_way() -> None:
    case = decided(BUILDING)
    text = page("tomas", at(case))
    assert "Promises to check here:" in text and "Answer it" in text


@pytest.mark.parametrize("name", ["nadia", "eva", "ines", "lena", "karim"])
def test_nobody_outside_the_seal_sees_a_day(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page of a look, no offer, no export: who asked, and who is supported, see a month."""
    monkeypatch.setattr("primum.actions.plan.randbelow", lambda _below: 3)
    case, other = decided(CAREFUL), decided(CAREFUL)
    days = {f"{each.due:%Y-%m-%d}" for each in (*looks(case), *looks(other))}
    page(name, at(case), 404)
    page(name, reverse("look_read", args=[looks(case)[0].id]), 404)
    addresses = [reverse("activity", args=[case.activity]), reverse("desk")]
    addresses += [reverse("activities"), reverse("party", args=[case.party])]
    for address in addresses:
        answer = client_of(viewer(name, DUE)).get(address)
        assert not [day for day in days if day in answer.content.decode()], (name, address)
    answer = client_of(viewer(name, DUE)).get(reverse("activity_export"))
    body = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert not [day for day in days if day in body]


# A look that nobody planned ----------------------------------------------------------------------


def place() -> UUID:
    with viewing(viewer("grace")):
        return Place.objects.get(code="kodwel-police-post").id


def test_a_visit_that_nobody_planned() -> None:
    address = f"{reverse('look_extra')}?place={place()}"
    text = page("grace", address)
    assert "A look that nobody planned" in text and "Kodwel police post" in text
    assert "Report harm" in text
    form = {"method": "visit", "result": "nothing_grave", "words": WORDS}
    send("grace", address, form, 302)


def test_it_serves_what_is_due_there() -> None:
    case = decided(CAREFUL)
    address = f"{reverse('look_extra')}?place={place()}"
    second = looks(case)[0].id
    assert str(second) in page("grace", address)
    fullest = max(looks(case), key=lambda each: (len(each.asks), each.due))
    answers = {f"q-{k}": v for k, v in saw(fullest).answers.items()}
    form = {"method": "visit", "result": "nothing_grave", "words": WORDS, **answers}
    send("grace", address, {**filled(case), **form, "also": [str(second)]}, 302)
    assert looks(case)[0].state == "made"


def test_of_a_party_from_its_own_page() -> None:
    unit = party()
    address = f"{reverse('look_extra')}?party={unit}"
    assert address in page("grace", reverse("party", args=[unit]))
    assert address not in page("nadia", reverse("party", args=[unit]))
    form = {"method": "visit", "result": "refused", "words": "The gate stayed shut."}
    send("grace", address, form, 302)
    assert "A look that nobody planned" in page("grace", reverse("desk"))


@pytest.mark.parametrize(
    "query", ["", "?place=1", f"?place={UUID(int=1)}", f"?party={UUID(int=1)}"]
)
def test_nowhere_is_not_there(query: str) -> None:
    page("grace", reverse("look_extra") + query, 404)


@pytest.mark.parametrize("name", ["nadia", "samir", "karim"])
def test_without_the_duty_it_is_not_there(name: str) -> None:
    page(name, f"{reverse('look_extra')}?place={place()}", 404)


# The second reader -------------------------------------------------------------------------------


def grave(now: datetime = DUE) -> Case:
    case = decided(CAREFUL)
    first = looks(case)[0]
    found = saw(first, "grave", "A man was beaten.")
    look(by=viewer("grace", now), now=now, look=first.id, seen=found)
    return case


def test_it_stands_on_the_desk_of_those_who_may_read_it() -> None:
    case = grave()
    address = reverse("look_read", args=[looks(case)[0].id])
    for name, there in (("tomas", True), ("aminata", True), ("grace", False), ("samir", False)):
        assert (address in page(name, reverse("desk"))) is there, name
        page(name, address, 200 if there else 404)
    assert address in page("tomas", reverse("activity", args=[case.activity]))


def test_the_reader_sees_what_was_seen_and_says_so() -> None:
    case = grave()
    address = reverse("look_read", args=[looks(case)[0].id])
    text = page("tomas", address)
    assert "A man was beaten." in text and "our own people" in text
    send("tomas", address, {"verdict": "adequate", "words": " "}, 422)
    send("tomas", address, {"verdict": "adequate", "words": "It fits together."}, 302)
    told = page("tomas", reverse("activity", args=[case.activity]))
    assert "enough to rely on" in told and "It fits together." in told
    page("tomas", address, 404)


def test_not_enough_it_is_owed_again() -> None:
    case = grave()
    address = reverse("look_read", args=[looks(case)[0].id])
    send("aminata", address, {"verdict": "not_adequate", "words": "By whose eyes?"}, 302)
    assert looks(case)[0].state == "open"
    told = page("tomas", reverse("activity", args=[case.activity]))
    assert "not enough: it does not count" in told and "By whose eyes?" in told
    assert "By whose eyes?" not in page("nadia", reverse("activity", args=[case.activity]))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_it_can_be_read_in_other_languages(language: str) -> None:
    """The protocol's own words are there, and the page does not break."""
    case = decided(dict(POLICE_POST))
    client = client_of(viewer("grace", DUE))
    answer = client.get(at(case), headers={"accept-language": language})
    assert answer.status_code == 200

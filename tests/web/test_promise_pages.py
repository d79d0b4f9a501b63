"""The pages of promises: recorded, listed, answered, waived upon; refused, every word is kept."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from primum.actions.answer_undertaking import answer_undertaking
from tests import builders
from tests.builders import BUILDING, commitments, decided, party
from tests.builders_promises import finding, step, undertaking, waiver
from tests.builders_sealed import CLOCK, client_of, content_of, moved_to
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FORM = {
    "text": "The ministry opens a file.",
    "promised_by": "Minister of the interior",
    "promised": "2026-03-01",
    "due": "2026-04-01",
    "source": "Letter 114",
    "grace": "10",
}


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def browser(name: str) -> Client:
    return client_of(viewer(name))


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(content_of(answer).decode())


class TestUndertakings:
    def test_recorded_it_is_on_the_party_in_the_list_and_in_the_export(self) -> None:
        unit, tomas = party(), browser("tomas")
        answer = tomas.post(reverse("undertaking_new", args=[unit]), FORM)
        assert answer["Location"] == reverse("party", args=[unit])
        for address in (answer["Location"], reverse("undertakings"), reverse("undertaking_export")):
            text = seen(tomas, address)
            assert FORM["text"] in text and FORM["promised_by"] in text, address

    def test_a_stranger_to_it_sees_none_of_it(self) -> None:
        unit = party()
        key = undertaking(unit)
        nadia = browser("nadia")
        assert nadia.get(reverse("undertaking", args=[key])).status_code == 404
        assert nadia.get(reverse("undertaking_new", args=[unit])).status_code == 404
        for address in (reverse("party", args=[unit]), reverse("undertakings")):
            assert "opens a file" not in seen(nadia, address)

    def test_a_refusal_keeps_the_words_and_opens_the_form(self) -> None:
        unit, tomas = party(), browser("tomas")
        wrong = {**FORM, "due": "2026-02-01", "source": ""}
        answer = tomas.post(reverse("undertaking_new", args=[unit]), wrong)
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "due before it was promised" in text and "Say where it stands" in text
        assert FORM["text"] in text and 'value="2026-02-01"' in text

    def test_answered_on_its_page(self) -> None:
        key = undertaking(party())
        address = reverse("answer_undertaking", args=[key])
        with moved_to(NOW + 31 * DAY):
            tomas = browser("tomas")
            assert "Give a waiver" not in seen(tomas, reverse("undertaking", args=[key]))
            answer = tomas.post(address, {"answer": "broken", "words": " "})
            assert answer.status_code == 422
            assert 'value="broken" checked' in answer.content.decode()
            done = tomas.post(address, {"answer": "broken", "words": "No file was opened."})
            assert done["Location"] == reverse("undertaking", args=[key])
            assert "No file was opened." in seen(tomas, done["Location"])

    def test_the_desk_leads_there(self) -> None:
        key = undertaking(party(), days=3)
        assert reverse("undertaking", args=[key]) in seen(browser("tomas"), "/")
        assert reverse("undertaking", args=[key]) not in seen(browser("jonas"), "/")


class TestWaivers:
    def given(self, key: UUID, **more: str) -> object:
        form = {"kind": "officer", "words": "They named a date.", "until": "2026-03-20", **more}
        return browser("samir").post(reverse("waive", args=[key]), form)

    def test_the_page_says_what_a_waiver_does_not_do(self) -> None:
        text = seen(browser("samir"), reverse("undertaking", args=[undertaking(party())]))
        assert "nobody passes a stop that nobody may pass" in text
        assert "never turns “barred” into “go”" in text

    def test_given_it_is_on_the_page_and_on_the_party(self) -> None:
        unit = party()
        key = undertaking(unit)
        self.given(key)
        assert "They named a date." in seen(browser("jonas"), reverse("undertaking", args=[key]))
        text = seen(browser("tomas"), reverse("party", args=[unit]))
        assert "given: 1, counting today: 1" in text

    def test_too_long_it_is_refused_in_words_and_kept(self) -> None:
        answer = self.given(undertaking(party()), until="2026-09-01")
        text = unescape(answer.content.decode())  # type: ignore[attr-defined]
        assert "at the latest" in text and "They named a date." in text
        assert 'value="2026-09-01"' in text

    def test_beside_the_decision_form(self) -> None:
        case = builders.advised(builders.CAREFUL)
        waiver(undertaking(case.party), words="The general is to be tried.")
        for name, there in (("samir", True), ("helena", True)):
            text = seen(browser(name), reverse("decide", args=[case.activity]))
            assert ("The general is to be tried." in text) is there
            assert "Waivers for these parties: 1" in text

    def test_when_it_is_over_the_leadership_ends_it(self) -> None:
        rests_on = undertaking(party())
        key = waiver(rests_on)
        now = NOW + DAY
        answer_undertaking(
            by=viewer("tomas"), now=now, undertaking=rests_on, answer="broken", words="Freed."
        )
        with moved_to(now):
            samir = browser("samir")
            assert "a waiver is over: say what follows" in seen(samir, "/")
            address = reverse("end_waiver", args=[rests_on, key])
            assert samir.post(address, {"words": ""}).status_code == 422
            samir.post(address, {"words": "Support to them stops."})
            assert "a waiver is over" not in seen(samir, "/")
            shown = seen(samir, reverse("undertaking", args=[rests_on]))
            assert "Support to them stops." in shown and "counts no more" in shown


class TestSteps:
    def test_recorded_on_the_report_and_shown_on_the_party(self) -> None:
        unit, ruth = party(), browser("ruth")
        key = finding(unit)
        form = {
            **{"kind": "convicted", "day": "2026-03-01", "office": "Military court"},
            **{"evidence": "Judgment 12", "evidenced": "yes"},
        }
        done = ruth.post(reverse("steps", args=[key, unit]), form)
        assert done["Location"] == reverse("report", args=[key])
        for address in (done["Location"], reverse("party", args=[unit])):
            assert "Judgment 12" in seen(ruth, address)
        assert "In every case somebody was held to account" in seen(
            ruth, reverse("party", args=[unit])
        )

    def test_what_is_only_claimed_says_so(self) -> None:
        unit = party()
        key = finding(unit)
        step(key, unit, evidenced=False)
        text = seen(browser("tomas"), reverse("party", args=[unit]))
        assert "only claimed: does not count" in text
        assert "No step that we have evidence of." in text

    @pytest.mark.parametrize("name", ["samir", "nadia", "eva"])
    def test_who_may_not_read_the_report_sees_a_party_like_any_other(self, name: str) -> None:
        unit = party()
        step(finding(unit), unit)
        text = seen(browser(name), reverse("party", args=[unit]))
        assert "No grave allegation that you may see." in text
        assert "Judgment" not in text and "Military court" not in text


class TestCommitment:
    def test_it_says_how_one_can_tell_and_takes_a_visit(self) -> None:
        case = decided(BUILDING)
        room = next(c for c in commitments(case) if c.code == "records_room_locked")
        address = reverse("answer", args=[case.activity, room.id])
        tomas = browser("tomas")
        assert "The door locks, the key is held by a named duty" in seen(tomas, address)
        wrong = {"answer": "kept", "how": "phone", "words": "They say so."}
        answer = tomas.post(address, wrong)
        text = unescape(answer.content.decode())
        assert answer.status_code == 422
        assert "can only be seen by going there" in text
        assert "They say so." in text and 'value="phone" selected' in text
        done = tomas.post(address, {**wrong, "how": "visit", "words": "We turned the key."})
        assert done.status_code == 302
        assert "We turned the key." in seen(tomas, address)
        page = seen(tomas, reverse("activity", args=[case.activity]))
        assert "by a visit" in page and "a thing on site, seen there" in page

    def test_of_another_activity_it_is_not_there(self) -> None:
        one, other = decided(BUILDING), decided(BUILDING)
        owed = commitments(one)[0]
        tomas = browser("tomas")
        assert tomas.get(reverse("answer", args=[other.activity, owed.id])).status_code == 404

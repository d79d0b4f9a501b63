"""The ladder on a party's page, its forms, and the pages of letters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.cases.models import Intercession, Letter
from primum.people import door
from primum.people.sight import viewing
from tests import builders
from tests.builders_ladder import (
    FACTS,
    LATER,
    RELIED,
    THRESHOLD,
    TIMED,
    WORDS,
    answered,
    approve,
    intercession,
    letter,
    letter_row,
    read,
    sent,
    standing,
    step,
    wording,
)
from tests.builders_sealed import (
    CLOCK,
    client_of,
    content_of,
    everything,
    fetched,
    moved_to,
    report,
    undone,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def get(name: str, address: str, *keys: object, query: str = "") -> Any:
    return client_of(viewer(name)).get(reverse(address, args=keys) + query)


def text(name: str, address: str, *keys: object, query: str = "") -> str:
    answer = get(name, address, *keys, query=query)
    assert answer.status_code == 200
    return str(content_of(answer).decode())


def post(name: str, address: str, key: UUID, form: Mapping[str, object], query: str = "") -> Any:
    return client_of(viewer(name)).post(reverse(address, args=[key]) + query, form)


def last(model: type[Intercession] | type[Letter]) -> Any:
    with viewing(door.clock()):
        return model._default_manager.order_by("-at").get()


STEP = {
    "rung": "interceded",
    "threshold": THRESHOLD,
    "scope": "unit",
    "relied_on": RELIED,
    "deadline": "2026-03-16",
}
LETTER = {
    **WORDS,
    "addressee": "Ministry of the Interior\nSarrat City",
    "reference": "UNISAR/1",
    "deadline": "2026-03-16",
    "language": "en",
}


class TestParty:
    def test_where_it_stands(self) -> None:
        """Step, since when, until when they answer, what may come next, every letter."""
        party = builders.party()
        key = sent(standing(party, "formal_notice"))
        shown = text("tomas", "party", party)
        assert "With the authorities" in shown
        for word in ("formal notice", "16 March 2026", "final notice", "suspended"):
            assert word in shown
        assert reverse("letter", args=[key]) in shown
        assert "rung=final_notice" in shown

    def test_an_answer_takes_the_place_of_its_day(self) -> None:
        """What they answered, and when."""
        party = builders.party()
        answered(standing(party), "rejected")
        shown = text("tomas", "party", party)
        assert "they rejected it" in shown and "Answer asked for by" not in shown

    def test_what_waits(self) -> None:
        """A step of one post alone stands nowhere; the page says that it waits."""
        party = builders.party()
        key = step(party)
        shown = text("samir", "party", party)
        assert reverse("intercession", args=[key]) in shown
        assert "Nothing was raised with them" in shown

    @pytest.mark.parametrize("name", ["nadia", "eva", "ines", "lena", "karim"])
    def test_who_may_not_know(self, name: str) -> None:
        """Byte for byte the page of a party with which nobody interceded, and every other page."""
        told = []
        for rung in ("", "final_notice"):
            with undone():
                party = builders.party()
                if rung:
                    about = standing(party, "formal_notice", reports=(report(party),))
                    sent(about)
                    letter(party=party)
                else:
                    report(party)
                client = client_of(viewer(name))
                told.append([fetched(client, f"/parties/{party}/"), *everything(client)])
        assert told[0] == told[1]

    def test_of_what_it_rests_on_deciders_see_nothing(self) -> None:
        """With a report behind it or without: the pages of the one who approves are the same."""
        told = []
        for with_report in (False, True):
            with undone():
                party = builders.party()
                source = report(party)
                rests = (source,) if with_report else ()
                key = approve(step(party, now=NOW - timedelta(hours=1), reports=rests))
                client = client_of(viewer("helena"))
                pages = [f"/parties/{party}/", f"/intercessions/{key}/"]
                told.append([fetched(client, each) for each in pages])
        assert told[0] == told[1]


class TestForm:
    def test_a_step_is_written_and_approved(self) -> None:
        """From the party's page to a step that stands, in two posts."""
        party = builders.party()
        source = report(party)
        assert str(source) in text("tomas", "intercede", party)
        answer = post("tomas", "intercede", party, {**STEP, "report": [str(source)]})
        row = last(Intercession)
        assert answer["Location"] == reverse("intercession", args=[row.id])
        shown = text("helena", "intercession", row.id)
        assert "Shall it stand?" in shown and THRESHOLD in shown and RELIED not in shown
        form = {"do": "approve", "verdict": "approve"}
        assert post("helena", "intercession", row.id, form).status_code == 302
        kept = intercession(row.id)
        assert kept.state == "approved"
        assert kept.deadline is not None and kept.deadline.date().isoformat() == "2026-03-16"

    def test_words_are_kept_where_something_is_missing(self) -> None:
        """The form comes back with what was typed, and says what is missing."""
        party = builders.party()
        answer = post("tomas", "intercede", party, {**STEP, "threshold": ""})
        body = answer.content.decode()
        assert answer.status_code == 422
        assert RELIED in body and "Say what makes it this step" in body

    def test_ruth_is_offered_a_concern(self) -> None:
        """The protection officer raises it; the steps after that, and letters, are others'."""
        party = builders.party()
        shown = text("ruth", "intercede", party)
        assert 'value="concern"' in shown and 'value="interceded"' not in shown
        standing(party, "concern")
        shown = text("ruth", "party", party)
        assert "Go on:" not in shown and reverse("letter_new", args=[party]) not in shown
        assert get("ruth", "letter_new", party).status_code == 404

    @pytest.mark.parametrize("name", ["nadia", "samir", "jonas", "lena"])
    def test_it_is_not_there_for_others(self, name: str) -> None:
        """Neither the form nor what it would do."""
        party = builders.party()
        assert get(name, "intercede", party).status_code == 404
        assert post(name, "intercede", party, STEP).status_code == 404

    def test_nobody_intercedes_with_a_person(self) -> None:
        """A commander is what a step may be about; those who answer for the unit are asked."""
        party = builders.party("A commander", kind="person")
        assert get("tomas", "intercede", party).status_code == 404

    def test_a_final_notice_out_of_turn_says_so(self) -> None:
        """Before anybody approves it."""
        key = step(rung="final_notice")
        assert "No formal notice came before" in text("samir", "intercession", key)

    def test_neither_yes_nor_no(self) -> None:
        """A button pressed without a choice changes nothing."""
        key = step()
        assert post("helena", "intercession", key, {"do": "approve"}).status_code == 422
        assert intercession(key).state == "waiting"

    def test_their_answer(self) -> None:
        """Recorded on the page of the step."""
        key = standing()
        form = {"do": "answer", "answer": "acted", "on": "2026-03-02", "words": "Seen."}
        assert post("tomas", "intercession", key, form).status_code == 302
        assert "they took steps" in text("helena", "intercession", key)


class TestLetter:
    def test_the_form_begins_from_the_template(self) -> None:
        """In either language, with the party's name and the day, and with gaps to fill."""
        key = standing(rung="formal_notice")
        party, query = intercession(key).party_id, f"?about={key}"
        english = text("tomas", "letter_new", party, query=query)
        french = text("tomas", "letter_new", party, query=f"{query}&language=fr")
        assert "gives formal notice" in english and "2026-03-16" in english and "[[" in english
        assert "notification formelle" in french and "to be checked" in english

    def test_with_gaps_it_does_not_go(self) -> None:
        """What the template left open is named, and all is kept."""
        key = standing()
        party = intercession(key).party_id
        form = {**LETTER, "facts": "[[Write here]]"}
        answer = post("tomas", "letter_new", party, form, f"?about={key}")
        assert answer.status_code == 422
        assert "double brackets" in answer.content.decode()

    def test_a_draft_is_its_writers(self) -> None:
        """Kept, found again, and gone once the letter is handed on; nobody else sees it."""
        key = standing()
        party, query = intercession(key).party_id, f"?about={key}"
        post("tomas", "letter_new", party, {**LETTER, "facts": "Half a", "keep": "yes"}, query)
        assert "Half a" in text("tomas", "letter_new", party, query=query)
        assert "Half a" not in text("aminata", "letter_new", party, query=query)
        answer = post("tomas", "letter_new", party, LETTER, query)
        assert answer["Location"] == reverse("letter", args=[last(Letter).id])
        assert "Your draft of" not in text("tomas", "letter_new", party, query=query)

    def test_from_hand_to_hand(self) -> None:
        """Written, read, sent: three posts on one page."""
        key = letter(standing())
        assert "Could the addressee work out who spoke?" not in text("tomas", "letter", key)
        assert FACTS in text("aminata", "letter", key)
        form = {
            **{"do": "read", "words_tell": "no", "words_why": "Many know."},
            **{"timing_tells": "yes", "timing_why": "Yesterday.", "not_before": str(LATER)},
        }
        assert post("aminata", "letter", key, form).status_code == 302
        assert "Not to be sent before 12 March 2026" in text("tomas", "letter", key)
        gone = {"do": "send", "sent_on": "2026-03-02", "channel": "by_hand"}
        assert post("tomas", "letter", key, gone).status_code == 422
        with moved_to(NOW + timedelta(days=10)):
            gone["sent_on"] = "2026-03-12"
            assert post("bruno", "letter", key, gone).status_code == 302
        assert letter_row(key).state == "sent"
        assert "handed over" in text("helena", "letter", key)

    def test_half_a_reading(self) -> None:
        """Both questions are asked again, and the words are kept."""
        key = letter(standing())
        form = {"do": "read", "words_tell": "no", "words_why": "Many know it."}
        answer = post("aminata", "letter", key, form)
        assert answer.status_code == 422 and "Many know it." in answer.content.decode()

    def test_sent_back_it_is_worded_anew(self) -> None:
        """Its writer reads what could give somebody away."""
        key = letter(standing())
        form = {
            **{"do": "read", "words_tell": "yes", "words_why": "Only one family was there."},
            **{"timing_tells": "no", "timing_why": "No visit."},
        }
        post("aminata", "letter", key, form)
        assert "Only one family was there." in text("tomas", "letter", key)
        again = {**LETTER, "do": "rewrite", "facts": "Several accounts (invented)."}
        assert post("tomas", "letter", key, again).status_code == 302
        assert letter_row(key).state == "waiting"

    def test_an_unknown_wish(self) -> None:
        """No verb, no change."""
        key = letter(standing())
        assert post("tomas", "letter", key, {"do": "burn"}).status_code == 422

    @pytest.mark.parametrize("hostile", ['a".html\r\nX-Evil: 1', "<script>alert(1)</script>"])
    def test_words_are_shown_as_words(self, hostile: str) -> None:
        """On the page and in no header."""
        key = letter(standing(), said=wording(reference=hostile, facts=hostile))
        assert "<script>alert" not in text("aminata", "letter", key)
        answer = get("aminata", "letter_pdf", key)
        assert answer["Content-Disposition"] == 'attachment; filename="letter-draft.pdf"'


class TestDownload:
    @pytest.mark.parametrize(
        ("address", "kind", "start", "end"),
        [
            ("letter_pdf", "application/pdf", b"%PDF-", "pdf"),
            ("letter_docx", DOCX, b"PK\x03\x04", "docx"),
        ],
    )
    @pytest.mark.parametrize("gone", [False, True])
    def test_it_is_handed_out_to_be_saved(
        self, address: str, kind: str, start: bytes, end: str, gone: bool
    ) -> None:
        """With the headers of a signed sheet; a draft is named one."""
        key = sent(standing()) if gone else letter(standing())
        answer = get("samir", address, key)
        name = "letter" if gone else "letter-draft"
        assert answer.status_code == 200 and answer.content.startswith(start)
        assert answer["Content-Type"] == kind
        assert answer["Content-Disposition"] == f'attachment; filename="{name}.{end}"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert get("nadia", address, key).status_code == 404

    def test_as_it_went(self) -> None:
        """The same bytes every time."""
        key = sent(standing())
        assert get("samir", "letter_docx", key).content == get("tomas", "letter_docx", key).content


class TestList:
    def test_empty(self) -> None:
        """It says where one is begun; and to those who may see none, the same."""
        assert "No letter yet" in text("tomas", "letters")
        sent(standing())
        assert "No letter yet" in text("nadia", "letters")

    def test_found(self) -> None:
        """By party, office, reference, subject, kind and state."""
        party = builders.party("Another unit")
        key = letter(party=party)
        sent(standing(rung="formal_notice"))
        mine = reverse("letter", args=[key])
        for query in ("q=another", "q=ministry", "q=UNISAR/1", "q=concern", "kind=policy"):
            assert mine in text("tomas", "letters", query=f"?{query}"), query
        for query in ("q=nothing+like+it", "kind=formal_notice", "state=sent", "kind=%3Cb%3E"):
            assert mine not in text("tomas", "letters", query=f"?{query}"), query
        assert mine in text("tomas", "letters", query=f"?party={party}&state=waiting")

    def test_export(self) -> None:
        """The list as shown, and no formula in it."""
        read(letter(standing(), said=wording(reference="=1+1")), reading=TIMED)
        rows = text("tomas", "letter_export").splitlines()
        assert len(rows) == 2 and '"\'=1+1"' in rows[1] and '"passed"' in rows[1]
        assert len(text("nadia", "letter_export").splitlines()) == 1

    def test_paging(self) -> None:
        """Fifty a page, and the next one by key."""
        party = builders.party()
        for hours in range(52):
            letter(party=party, now=NOW + timedelta(hours=hours))
        with moved_to(NOW + timedelta(days=3)):
            first = text("tomas", "letters")
            found = re.search(r'href="\?([^"]+after=[^"]+)">Next', first)
            assert found
            second = text("tomas", "letters", query="?" + found[1].replace("&amp;", "&"))
            exported = text("tomas", "letter_export")
        assert first.count('<li><a href="/letters/') == 50
        assert second.count('<li><a href="/letters/') == 2
        assert len(exported.splitlines()) == 53


class TestDesk:
    def test_what_waits_leads_somewhere(self) -> None:
        """A step to its page, a letter to its own."""
        key = standing()
        said = letter(key)
        assert reverse("intercession", args=[key]) in text("tomas", "desk")
        assert reverse("letter", args=[said]) in text("aminata", "desk")

"""Places: the list, one over the years, the building; and for each what somebody may not see."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from primum.actions.posts import vacate
from primum.cases.models import Activity
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register import models
from tests import builders
from tests.builders_places import (
    FEBRUARY,
    JANUARY,
    POST,
    custodian,
    facility,
    place,
    sealed_place,
)
from tests.builders_sealed import CLOCK, asked, client_of, content_of, moved_to, report
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NEXT = re.compile(r'href="(\?[^"]*after=[^"]*)"')
FILLED = {
    "forbidden_uses": "Questioning at night\n\n Holding children ",
    "agreed_uses": "Offices",
    "any_time": "yes",
    "private_talks": "no",
    "capacity": "12",
    "holding_hours": "48",
    "handed_over": "2026-02-01",
    "access_words": "Letter of 3 January (invented).",
}


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def read(name: str, address: str, **words: str) -> str:
    answer = client_of(viewer(name)).get(address, words)
    assert answer.status_code == 200, address
    return unescape(content_of(answer).decode())


def page_of(name: str, key: UUID | None = None, **words: str) -> str:
    return read(name, reverse("place", args=[key or place()]), **words)


def town(count: int) -> None:
    """So many more places than the mission folder has."""
    for number in range(count):
        models.Place(
            id=uuid4(),
            seal_id=mission.default_seal("register"),
            code=f"village-{number:03}",
            names={"en": f"Village {number}", "fr": f"Hameau {number}"},
            kind="settlement",
            inside_id=place("kodwel"),
        ).save(force_insert=True)


class TestTheList:
    def test_it_is_searched_by_any_name_and_kind(self) -> None:
        """English, French, Arabic; the code of a language finds nothing by itself."""
        address = reverse("places")
        assert "Kodwel police post" in read("nadia", address, q="Poste de police")
        assert "Kodwel police post" in read("nadia", address, q="مركز شرطة")
        found = read("nadia", address, kind="town")
        assert ">Kodwel<" in found and "Kodwel police post" not in found
        assert "No place of that name" in read("nadia", address, q="en_")
        assert "No place of that name" in read("nadia", address, q="nowhere")
        assert "two letters or more" in read("nadia", address, q="k")

    def test_it_is_paged_and_exported_whole(self) -> None:
        """Every place once, on page after page, and in one table."""
        town(110)
        client = client_of(viewer("nadia"))
        address, seen = reverse("places"), []
        text = content_of(client.get(address)).decode()
        while True:
            seen += re.findall(r'href="/places/([0-9a-f-]{36})/"', text)
            more = NEXT.search(text)
            if more is None:
                break
            text = content_of(client.get(address + unescape(more[1]))).decode()
        assert len(seen) == len(set(seen)) == 116
        table = content_of(client.get(reverse("place_export"), {"kind": "settlement"})).decode()
        rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
        assert len(rows) == 110 and rows[0]["inside"] == "Kodwel"

    @pytest.mark.parametrize("name", ["nadia", "jonas", "eva", "lena", "ines"])
    def test_a_sealed_place_is_in_no_list(self, name: str) -> None:
        """Not found, not counted, not among the kinds, not exported, not inside its town."""
        before = [
            read(name, reverse("places")),
            page_of(name, place("kodwel")),
            read(name, reverse("place_export")),
        ]
        hidden = sealed_place("protection", "Safe house", inside=place("kodwel"))
        after = [
            read(name, reverse("places")),
            page_of(name, place("kodwel")),
            read(name, reverse("place_export")),
        ]
        assert [plain(text) for text in before] == [plain(text) for text in after]
        assert "Safe house" in read("tomas", reverse("places"))
        assert client_of(viewer(name)).get(reverse("place", args=[hidden])).status_code == 404


def plain(text: str) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|once)" value=")[^"]+', "", text)


class TestTheYears:
    def test_what_was_done_looked_at_and_promised(self) -> None:
        """The activity, its looks to come and its commitments, with what this viewer may read."""
        case = builders.decided(builders.CAREFUL)
        text = page_of("tomas")
        assert reverse("activity", args=[case.activity]) in text
        assert 'id="y2026"' in text and "Still to come" in text
        assert "Kodwel Joint Police Detachment" in text

    def test_a_look_made_stands_in_its_year_with_how_often_one_looked(self) -> None:
        """Looked 1 of so many times: what was not looked at is said too."""
        case = builders.on_short()
        later = NOW + 20 * DAY
        builders.looked(case, later)
        with moved_to(NOW + 50 * DAY):
            text = page_of("grace")
        assert "looked 1 of 2 times" in text
        assert "overdue" in text and "Register kept." in text

    def test_existence_is_open_and_content_is_sealed(self) -> None:
        """The requester reads that looks exist and nothing of what they say or found."""
        case = builders.on_short()
        builders.looked(case, NOW + 20 * DAY)
        with moved_to(NOW + 50 * DAY):
            text = page_of("nadia")
        assert "looked 1 of 2 times" in text
        assert "what it says is for others" in text
        assert "Register kept." not in text and "Early look" not in text

    def test_refused_access_is_counted_for_those_who_may_know(self) -> None:
        """Twice refused at the gate: told to those who look, and to nobody else."""
        from primum.actions.look import Seen, look  # noqa: PLC0415

        case = builders.on_short()
        seen = Seen("refused", "visit", {}, "Not let in.")
        look(by=viewer("grace"), now=NOW + DAY, look=builders.looks(case)[0].id, seen=seen)
        with moved_to(NOW + 50 * DAY):
            assert "refused or not possible: 1" in page_of("grace")
            assert "refused or not possible" not in page_of("nadia")

    def test_an_unannounced_look_tells_its_month_alone(self) -> None:
        """To the supported component no day is told, on this page either."""
        builders.decided(builders.CAREFUL)
        text = page_of("nadia")
        assert "unannounced: month only" in text
        with viewing(door.clock()):
            from primum.cases.models import Look  # noqa: PLC0415

            days = [row.due for row in Look.objects.filter(unannounced=True)]
        assert days
        from primum.web import formats  # noqa: PLC0415

        assert not any(formats.moment(due) in text for due in days)

    def test_three_years_a_page_and_none_left_out(self) -> None:
        """Newest first; earlier ones behind a link, each once."""
        for year in (2021, 2022, 2024, 2025):
            builders.proposed(starts=date(year, 3, 1), ends=date(year, 9, 1))
        text = page_of("nadia")
        assert re.findall(r'id="y(\d+)"', text) == ["2025", "2024", "2022"]
        assert 'href="?before=2022"' in text
        older = page_of("nadia", before="2022")
        assert re.findall(r'id="y(\d+)"', older) == ["2021"]
        assert "Earlier years" not in older
        for odd in ("x", "99999", "-1", "²²²²"):
            assert 'id="y2025"' in page_of("nadia", before=odd)

    def test_a_town_shows_what_happened_inside_it(self) -> None:
        """What is done at the post is done in its town and its region."""
        case = builders.proposed()
        for code in ("kodwel", "kodwel-region", "sarrat"):
            text = page_of("nadia", place(code))
            assert reverse("activity", args=[case.activity]) in text
            assert "Kodwel police post" in text

    @pytest.mark.parametrize("name", ["nadia", "lena", "eva", "ines"])
    def test_a_sealed_activity_leaves_no_trace(self, name: str) -> None:
        """Not its title, nor its year, its party or its looks."""
        before = plain(page_of(name))
        asked(seal="vault", place=place(), starts=date(2023, 3, 1))
        assert plain(page_of(name)) == before

    @pytest.mark.parametrize("name", ["nadia", "jonas", "lena", "eva"])
    def test_reports_are_those_one_sees_and_no_others_are_counted(self, name: str) -> None:
        """The count says whose sight it is, and is the same with and without a sealed report."""
        case = builders.proposed()
        before = plain(page_of(name))
        report(case.party, place=place())
        assert plain(page_of(name)) == before
        assert "that you may see: 0" in before
        assert "that you may see: 1" in page_of("tomas")

    def test_nothing_yet_is_said(self) -> None:
        """An empty place says so."""
        assert "Nothing that you may see has happened here yet." in page_of("nadia")


class TestTheBuilding:
    def test_what_it_must_not_become_stands_first(self) -> None:
        """Forbidden uses, the agreement, and who looks today, by name of post and holder."""
        assert "Nobody has written down" in page_of("nadia")
        facility(agreed_uses=("Offices",), capacity=12, any_time="yes")
        text = page_of("nadia")
        assert "Questioning at night" in text and "Offices" in text
        assert "Human rights field monitor, Kodwel" in text and "today: Grace Lado" in text

    def test_a_building_whose_builder_left_has_a_looker(self) -> None:
        """Nobody in the monitor's post: the page names the post its work fell to, and who sits."""
        case = builders.proposed()
        facility(built_under=case.activity)
        vacate(by=viewer("bruno"), now=NOW, post=builders.post("field-monitor-kodwel"))
        vacate(by=viewer("bruno"), now=NOW, post=builders.post("police-training-officer"))
        text = page_of("jonas")
        assert "vacant" in text and "Due diligence officer, Tomas Ekdal" in text

    def test_whose_is_it_on_this_day(self) -> None:
        """The custodian by date; a gap is a gap and says so."""
        first, second = builders.party("First company"), builders.party("Second company")
        custodian(first, JANUARY, ends=JANUARY + 9 * DAY)
        custodian(second, FEBRUARY)
        text = page_of("nadia", on="2026-01-05")
        said = text[text.index("On 5 January 2026:") :][:200]
        assert "First company" in said
        assert "nobody has written down whose it is" in page_of("nadia", on="2026-01-20")
        today = page_of("nadia")
        assert "Second company" in today[today.index("On 2 March 2026:") :][:200]
        answer = client_of(viewer("nadia")).get(
            reverse("place", args=[place()]), {"on": "yesterday"}
        )
        assert answer.status_code == 422 and "is not a date" in answer.content.decode()

    def test_what_it_was_built_under_is_told_to_those_who_may_know(self) -> None:
        """The link is there or not; nothing says that one is missing."""
        key = asked(seal="due-diligence", place=place(), title="A secret building")
        with viewing(viewer("tomas")):
            assert Activity.objects.filter(id=key).exists()
        facility(built_under=key)
        assert "A secret building" in page_of("tomas")
        text = page_of("nadia")
        assert "A secret building" not in text and "Built or repaired under" not in text

    @pytest.mark.parametrize("address", ["facility", "custodian"])
    @pytest.mark.parametrize("name", ["nadia", "jonas", "aminata", "lena"])
    def test_the_forms_are_there_for_those_who_keep_it(self, address: str, name: str) -> None:
        """For others they do not exist, and the page offers no link."""
        where = reverse(address, args=[place()])
        assert client_of(viewer(name)).get(where).status_code == 404
        assert client_of(viewer(name)).post(where, FILLED).status_code == 404
        assert where not in page_of(name)
        assert client_of(viewer("grace")).get(where).status_code == 200
        assert where in page_of("grace")


class TestTheForms:
    def send(self, **more: str) -> tuple[Client, int, str]:
        client = client_of(viewer("grace"))
        form = {**FILLED, "looker": str(builders.post("field-monitor-kodwel")), **more}
        answer = client.post(reverse("facility", args=[place()]), form)
        return client, answer.status_code, content_of(answer).decode()

    def test_a_building_is_written_down(self) -> None:
        """One a line, blank lines dropped; the form opens again as what stands."""
        client, status, _text = self.send()
        assert status == 302
        with viewing(viewer("grace")):
            row = models.Facility.objects.get()
        assert row.forbidden_uses == ["Questioning at night", "Holding children"]
        assert (row.capacity, row.holding_hours, row.any_time) == (12, 48, "yes")
        again = content_of(client.get(reverse("facility", args=[place()]))).decode()
        assert "Questioning at night\nHolding children" in again
        assert f'name="seen" value="{row.id}"' in again

    def test_what_is_refused_comes_back_with_every_word(self) -> None:
        """No looker, a wrong number: said at the field, all kept."""
        _client, status, text = self.send(looker="", capacity="many", handed_over="soon")
        assert status == 422
        assert "is not a whole number" in text and "is not a date" in text
        assert "Letter of 3 January" in text and "Holding children" in text
        _client, status, text = self.send(looker="")
        assert status == 422 and "Name the post that looks" in text

    def test_of_two_writers_the_second_is_told(self) -> None:
        """Opened before somebody else wrote: nothing is written over."""
        assert self.send()[1] == 302
        _client, status, text = self.send(access_words="Mine.")
        assert status == 422 and "while you were writing" in text and "Mine." in text

    def test_what_one_cannot_see_one_does_not_strike(self) -> None:
        """Built under a case that Grace may not know: her writing it anew leaves that as it is."""
        secret = asked(seal="protection", place=place())
        first = facility(built_under=secret)
        with viewing(viewer("grace")):
            assert not Activity.objects.filter(id=secret).exists()
        assert self.send(seen=str(first))[1] == 302
        with viewing(viewer("tomas")):
            assert models.Facility.objects.get(models.Facility.STANDS).built_under == secret

    def test_a_custodian_is_named_and_corrected(self) -> None:
        """Search the party, name it, then correct the row: an overlap comes back in words."""
        unit, other = builders.party("First company"), builders.party("Second company")
        client, where = client_of(viewer("grace")), reverse("custodian", args=[place()])
        assert f"?party={unit}" in content_of(client.get(where, {"q": "First"})).decode()
        form = {"starts": "2026-01-01", "source": "A letter"}
        assert client.post(f"{where}?party={unit}", form).status_code == 302
        late = {"starts": "2026-02-01", "source": "Another letter"}
        answer = client.post(f"{where}?party={other}", late)
        assert answer.status_code == 422
        text = unescape(answer.content.decode())
        assert "First company has it on some of these days" in text and "Another letter" in text
        with viewing(viewer("grace")):
            row = models.Custodian.objects.get()
        opened = content_of(client.get(where, {"corrects": str(row.id)})).decode()
        assert 'value="2026-01-01"' in opened and "A letter" in opened
        ended = {**form, "ends": "2026-01-31"}
        assert client.post(f"{where}?corrects={row.id}", ended).status_code == 302
        assert client.post(f"{where}?party={other}", late).status_code == 302
        text = page_of("nadia")
        assert "corrected" in text and "Second company" in text

    def test_a_row_of_nowhere_is_not_corrected(self) -> None:
        """A key of no custody is an address that does not exist."""
        where = reverse("custodian", args=[place()])
        answer = client_of(viewer("grace")).get(where, {"corrects": str(uuid4())})
        assert answer.status_code == 404

    def test_the_timeline_goes_on_behind_a_link(self) -> None:
        """Who wrote what about the building, and when."""
        self.send()
        text = read("nadia", reverse("place_timeline", args=[place()]))
        assert "wrote down what the building is for" in text
        assert POST not in text

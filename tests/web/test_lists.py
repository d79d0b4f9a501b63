"""Lists: search, filters in the address, pages, exports, empty states; nothing cut in silence."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from primum.actions.answer_match import answer_match
from primum.actions.deliver import NewDelivery, record_delivery
from primum.actions.import_register import import_trainings
from primum.cases.models import Activity, Line, Look
from primum.cases.queries.leadership import leadership
from primum.cli.rehearsal import TRAININGS
from primum.exchange.us_training import US_TRAINING, Trainings, read_trainings
from primum.people import door, mission
from primum.people.models import Organisation
from primum.people.sight import viewing
from primum.register import models, queries
from tests import builders, builders_ladder
from tests.actions.test_import_register import TRAINED, register, take, training, unit
from tests.builders_sealed import CLOCK, asked, client_of, content_of, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

HINT = "Write two letters or more"
NEXT = re.compile(r'href="(\?[^"]*after=[^"]*)"')
ROW = re.compile(r"<tr>\s*<th scope=\"row\">")


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def read(client: Client, address: str, **words: str) -> str:
    """A page as text, markup and all, with what HTML escapes put back."""
    answer = client.get(address, words)
    assert answer.status_code == 200, address
    return unescape(content_of(answer).decode())


def rows_of(client: Client, address: str, **words: str) -> list[dict[str, str]]:
    """An exported table."""
    answer = client.get(address, words)
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(content_of(answer).decode("utf-8-sig"))))


def pages(client: Client, address: str, **words: str) -> list[str]:
    """The page and every next one, by the links on them."""
    found = [read(client, address, **words)]
    while more := NEXT.search(found[-1]):
        assert len(found) < 100
        found.append(read(client, address + more[1]))
    return found


def printed(*rows: Mapping[str, object], digest: str = "b" * 64) -> None:
    """Trainings of these, each with the usual recipient unless it says another."""
    made = tuple(
        training(line, **{"recipient": "Kodwel guard", **row})  # type: ignore[arg-type]
        for line, row in enumerate(rows, 2)
    )
    found = Trainings(TRAINED, made, ())
    import_trainings(by=door.clock(), now=NOW, trainings=found, digest=digest)


class TestPublishedSupport:
    """Who gave what to whom, as its publisher prints it."""

    ADDRESS = "/support/"

    def test_every_shipped_row_is_on_a_page(self) -> None:
        """All 1,183 rows, each once, with whose they are on every page; the export has them too."""
        found = read_trainings(TRAININGS)
        import_trainings(by=door.clock(), now=NOW, trainings=found, digest="c" * 64)
        client = client_of(viewer("nadia"))
        every = pages(client, self.ADDRESS)
        assert sum(len(ROW.findall(page)) for page in every) == len(found.rows) == 1183
        assert all(US_TRAINING.attribution in page for page in every)
        exported = rows_of(client, "/support/export/")
        assert len(exported) == 1183
        assert {row["attribution"] for row in exported} == {US_TRAINING.attribution}
        costs = sorted(row["cost (USD)"] for row in exported)
        assert costs == sorted(
            "" if r.cost_usd is None else f"{r.cost_usd:.2f}" for r in found.rows
        )

    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_open_to_every_post(self, name: str) -> None:
        printed({})
        assert "Kodwel guard" in read(client_of(viewer(name)), self.ADDRESS)

    def test_filters_stay_in_the_address(self) -> None:
        """Words of any column, the year and the set; the next page and the export keep them."""
        printed(
            *({"course_title": f"Driving, part {n}"} for n in range(60)),
            {"course_title": "First aid", "fiscal_year": "2020-2021", "location": "Norville"},
        )
        client = client_of(viewer("nadia"))
        wanted = {"q": "DRIVING", "year": "2019-2020", "set": TRAINED.key}
        every = pages(client, self.ADDRESS, **wanted)
        assert [len(ROW.findall(page)) for page in every] == [50, 10]
        for page in every:
            assert 'value="DRIVING"' in page and "First aid" not in page
            assert '<option value="2019-2020" selected>' in page
            assert f'<option value="{TRAINED.key}" selected>' in page
            assert f"export/?q=DRIVING&year=2019-2020&set={TRAINED.key}" in page
        assert len(rows_of(client, "/support/export/", **wanted)) == 60
        for words in ("norville", "first aid", "nörville Kodwel", "2020-2021"):
            assert [row["course"] for row in rows_of(client, "/support/export/", q=words)] == [
                "First aid"
            ]

    def test_a_row_says_whom_it_is_matched_with(self) -> None:
        """Proposed leads to the question, confirmed to the party, refused is not linked."""
        take(register(3))
        printed(
            {"recipient": "0e Régiment"},
            {"recipient": "1e Régiment"},
            {"recipient": "2e Régiment"},
            {"recipient": "Somebody"},
        )
        for name, same in (("1e Régiment", True), ("2e Régiment", False)):
            with viewing(door.clock()):
                key = models.Match.objects.get(recipient=name).id
            answer_match(by=viewer("tomas"), now=NOW, match=key, same=same)
        page = read(client_of(viewer("nadia")), self.ADDRESS)
        proposed, confirmed, refused, nobody = ROW.split(page)[1:]
        assert "proposed, waiting for a person’s yes" in proposed
        assert reverse("party", args=[unit("u0").id]) in proposed and "/matches/?q=0e" in proposed
        assert "confirmed:" in confirmed and str(unit("u1").id) in confirmed
        assert "not linked" in refused and "not linked" in nobody
        client = client_of(viewer("nadia"))
        assert len(rows_of(client, "/support/export/", state="proposed")) == 1
        assert len(rows_of(client, "/support/export/", state="confirmed")) == 1
        told = rows_of(client, "/support/export/")
        assert [row["state of the match"] for row in told] == ["proposed", "confirmed", "", ""]
        assert told[1]["unit of the register"] == "1e Régiment"

    def test_a_match_that_is_sealed_is_not_told(self) -> None:
        """Neither the page nor a filter tells of it."""
        printed({})
        models.Match(
            id=uuid4(),
            seal_id=mission.seal_named("secretariat"),
            recipient="Kodwel guard",
            dataset=TRAINED.key,
            party_id=builders.party(),
            why="same name",
        ).save(force_insert=True)
        assert "not linked" in read(client_of(viewer("nadia")), self.ADDRESS)
        assert rows_of(client_of(viewer("nadia")), "/support/export/", state="proposed") == []
        assert "waiting for" in read(client_of(viewer("aminata")), self.ADDRESS).split("<tbody>")[1]

    def test_an_export_runs_no_formula(self) -> None:
        """A recipient that a spreadsheet would run is shown as the text it is."""
        printed({"recipient": "=HYPERLINK(1)", "course_title": "+1", "location": "@x"})
        (row,) = rows_of(client_of(viewer("nadia")), "/support/export/")
        assert (row["recipient as printed"], row["course"], row["place"]) == (
            "'=HYPERLINK(1)",
            "'+1",
            "'@x",
        )

    def test_empty_states(self) -> None:
        """Nothing imported, nothing that matches, and words too short each say what they are."""
        client = client_of(viewer("nadia"))
        assert "No published support has been imported" in read(client, self.ADDRESS)
        printed({})
        assert "not the same as no support" in read(client, self.ADDRESS, q="nobody")
        for words in ("k", "…", "--", " ' "):
            page = read(client, self.ADDRESS, q=words)
            assert HINT in page and not ROW.search(page)

    def test_as_printed(self) -> None:
        """A cell of two dates, cents, the giver and the place, and names that are markup."""
        printed(
            {
                "recipient": "<b>Kodwel</b>",
                "start": None,
                "start_text": "11/30/2008 12/5/2008",
                "delivery_unit": "Norland army",
                "location": "Norville",
            }
        )
        answer = client_of(viewer("nadia")).get(self.ADDRESS).content.decode()
        assert "&lt;b&gt;Kodwel&lt;/b&gt;" in answer and "<b>Kodwel" not in answer
        for words in ("11/30/2008 12/5/2008", "1,200.50 USD", "Norland army, Norville"):
            assert words in answer

    def test_it_is_found_from_the_parties(self) -> None:
        """From the list; from a party's page, with the rows that are about it alone."""
        take(register(2))
        printed(*({"recipient": "1e Régiment", "quantity": n} for n in range(12)), {})
        client = client_of(viewer("nadia"))
        assert 'href="/support/"' in read(client, "/parties/")
        matched = read(client, reverse("party", args=[unit("u1").id]))
        assert "and 2 more" in matched and TRAINED.attribution in matched
        assert f'href="/support/?party={unit("u1").id}"' in matched
        other = read(client, reverse("party", args=[unit("u0").id]))
        assert "No published row is linked" in other and 'href="/support/?q=0e' in other
        alone = read(client, self.ADDRESS, party=str(unit("u1").id))
        assert len(ROW.findall(alone)) == 12
        assert len(rows_of(client, "/support/export/", party=str(unit("u1").id))) == 12

    def test_htmx_gets_the_list_alone(self) -> None:
        printed({})
        answer = client_of(viewer("nadia")).get(self.ADDRESS, headers={"HX-Target": "results"})
        text = answer.content.decode().strip()
        assert text.startswith('<div id="results"') and "Kodwel guard" in text


class TestParties:
    def test_pages_by_keys(self) -> None:
        """Every party once, also those of one name; no name stands in the address."""
        for n in range(60):
            builders.party(f"Guard {n // 20}")
        every = pages(client_of(viewer("nadia")), "/parties/", q="guard")
        found = [re.findall(r"/parties/([0-9a-f-]{36})/", page) for page in every]
        assert [len(keys) for keys in found] == [50, 10]
        assert len({*found[0], *found[1]}) == 60
        more = NEXT.search(every[0])
        assert more is not None and "Guard" not in more[1]
        assert len(rows_of(client_of(viewer("nadia")), "/parties/export/", q="guard")) == 60

    @pytest.mark.parametrize("words", ["k", "K", "…", "-", " . ", "؟"])
    def test_words_that_would_match_everything(self, words: str) -> None:
        """One letter, or punctuation alone: it says so, and lists nobody as if they matched."""
        builders.party("Kodwel guard")
        for who, address in (
            ("nadia", "/parties/"),
            ("nadia", "/activities/new/"),
            ("grace", "/reports/new/"),
            ("tomas", "/matches/"),
            ("nadia", "/posts/"),
            ("nadia", "/support/"),
        ):
            page = read(client_of(viewer(who)), address, q=words)
            assert HINT in page, address
            assert "Kodwel guard" not in page, address
        assert rows_of(client_of(viewer("nadia")), "/parties/export/", q=words) == []

    def test_no_words_is_the_whole_list(self) -> None:
        builders.party("Kodwel guard")
        page = read(client_of(viewer("nadia")), "/parties/", q="  ")
        assert "Kodwel guard" in page and HINT not in page


def given(party: UUID, stage: str, value: int, *, delivered: bool = False, count: int = 1) -> UUID:
    """An activity at a stage with so many lines for this party, and one for another."""
    key = asked()
    with viewing(door.clock()):
        Activity.objects.filter(id=key).update(stage=stage)
        seal = Activity.objects.get(id=key).seal_id
    other = builders.party("Somebody else")
    for number, (who, worth) in enumerate([*[(party, value)] * count, (other, 1_000_000)]):
        line = Line(
            id=uuid4(),
            seal_id=seal,
            activity_id=key,
            party_id=who,
            kind="financial",
            what=f"Item {number}",
            value_usd=worth,
            number=number,
        )
        line.save(force_insert=True)
        if delivered and who == party:
            _deliver(key, line)
    return key


def _deliver(activity: UUID, line: Line) -> None:
    what = NewDelivery(line.id, "Handed over")
    record_delivery(by=viewer("nadia"), now=NOW, activity=activity, delivery=what, happened=NOW)


class TestSupportByTheMission:
    """What a party's page calls support: its own lines, and each for what it is."""

    def shown(self, party: UUID, name: str = "tomas") -> str:
        page = read(client_of(viewer(name)), reverse("party", args=[party]))
        return page.split("Support by the mission")[1].split("<section>")[0]

    def test_each_line_for_what_it_is(self) -> None:
        """Delivered, approved, only asked for, and what never was support: apart."""
        party = builders.party()
        given(party, "under_way", 7_000, delivered=True)
        given(party, "proposed", 500, delivered=True)  # a breach is a delivery all the same
        for stage in ("decided", "under_way", "suspended"):
            given(party, stage, 20)
        for stage in ("proposed", "assessed"):
            given(party, stage, 3)
        for stage in ("not_done", "withdrawn", "lapsed", "closed", "done", "watched"):
            given(party, stage, 100)
        text = re.sub(r"<[^>]+>", " ", self.shown(party))
        text = " ".join(text.split())
        for words in (
            "Delivered 7,500 USD (lines: 2)",
            "Approved, not delivered yet 60 USD (lines: 3)",
            "Asked for, not decided 6 USD (lines: 2)",
            "Refused, withdrawn or over, nothing delivered 600 USD (lines: 6)",
            "Counted are the lines for this party alone",
        ):
            assert words in text
        assert "1,000,000" not in text and "Somebody else" not in text

    def test_all_of_them_are_counted(self) -> None:
        """More lines than the page shows: the rest is named, linked and in the sum."""
        party = builders.party()
        key = given(party, "decided", 10, count=250)
        shown = self.shown(party)
        assert "2,500 USD" in shown and "(lines: 250)" in shown and "and 240 more" in shown
        listed = read(client_of(viewer("tomas")), "/activities/", party=str(party))
        assert reverse("activity", args=[key]) in listed
        assert f'name="party" value="{party}"' in listed and f"party={party}" in listed
        given(builders.party("Third"), "decided", 10)
        rows = rows_of(client_of(viewer("tomas")), "/activities/export/", party=str(party))
        assert len(rows) == 1

    def test_only_what_one_may_see(self) -> None:
        """A sealed activity is neither listed nor in a sum."""
        party = builders.party()
        key = given(party, "decided", 10)
        seal = mission.seal_named("secretariat")
        with viewing(door.clock()):
            line = Line.objects.filter(activity=key, party=party)[0]
        hidden = Line(
            id=uuid4(),
            seal_id=seal,
            activity_id=key,
            party_id=party,
            kind="financial",
            what="Sealed",
            value_usd=999,
            number=9,
        )
        hidden.save(force_insert=True)
        assert "(lines: 1)" in self.shown(party, "nadia") and line.what in self.shown(party)
        assert "(lines: 2)" in self.shown(party, "aminata")


class TestParts:
    """Each list of a party says how much more there is and where."""

    def part(self, party: UUID, name: str, who: str = "tomas") -> list[str]:
        return pages(client_of(viewer(who)), reverse(name, args=[party]))

    def test_reports(self) -> None:
        party = builders.party()
        with viewing(door.clock()):
            place = models.Place.objects.get(code="kodwel-police-post")
        keys = {str(report(party, place=place.id)) for _ in range(60)}
        page = read(client_of(viewer("tomas")), reverse("party", args=[party]))
        assert "and 50 more" in page and place.names["en"] in page
        every = self.part(party, "party_reports")
        assert len(every) == 2
        found = [key for text in every for key in re.findall(r'"/reports/([0-9a-f-]{36})/"', text)]
        assert len(found) == 60 and set(found) == keys
        # One who may read none is told of none: not of more either.
        hidden = read(client_of(viewer("nadia")), reverse("party", args=[party]))
        assert "more" not in hidden.split("<h2>Reports</h2>")[1].split("<section>")[0]
        assert "None that you may see" in self.part(party, "party_reports", "nadia")[0]

    def test_postings_and_sources(self) -> None:
        """A unit with seventy officers: ten on its page, all of them one click away."""
        found = register(70)
        postings = tuple(replace(each, unit="u0") for each in found.postings)
        take(replace(found, postings=postings, ties=()))
        key = unit("u0").id
        page = read(client_of(viewer("nadia")), reverse("party", args=[key]))
        table = page.split("<h2>Postings</h2>")[1].split("</section>")[0]
        assert len(ROW.findall(table)) == 10 and page.count("and 60 more") == 2
        for name, each in (("party_postings", "Officer"), ("party_sources", "Gazette")):
            every = self.part(key, name, "nadia")
            assert len(every) == 2
            told = {word for text in every for word in re.findall(rf"{each} \d+", text)}
            assert len(told) == 70
        person = unit("p3").id
        assert "0e Régiment" in self.part(person, "party_postings", "nadia")[0]

    def test_timeline(self) -> None:
        """The ledger of a party, newest first; of a case as well."""
        party = builders.party()
        for _ in range(55):
            report(party)
        page = read(client_of(viewer("tomas")), reverse("party", args=[party]))
        assert page.count("filed a report") == 10 and "Earlier ones" in page
        every = self.part(party, "party_timeline")
        assert [text.count("filed a report") for text in every] == [50, 5]
        assert "None that you may see" in self.part(party, "party_timeline", "nadia")[0]
        case = builders.decided(builders.CAREFUL)
        (text,) = pages(
            client_of(viewer("nadia")), reverse("activity_timeline", args=[case.activity])
        )
        assert "decided" in text

    @pytest.mark.parametrize("odd", ["x", "2026~1", str(UUID(int=7)), "é" * 400])
    def test_a_page_mark_of_nothing_begins_at_the_beginning(self, odd: str) -> None:
        party = builders.party()
        report(party)
        client = client_of(viewer("tomas"))
        for name in ("party_reports", "party_timeline", "party_postings", "party_sources"):
            assert client.get(reverse(name, args=[party]), {"after": odd}).status_code == 200


class TestMatches:
    def many(self, count: int) -> None:
        take(register(count))
        printed(*({"recipient": f"{n}e Régiment"} for n in range(count)))

    def test_search_pages_and_export(self) -> None:
        self.many(60)
        client = client_of(viewer("tomas"))
        every = pages(client, "/matches/")
        assert [page.count("Yes, the same") for page in every] == [50, 10]
        assert len(rows_of(client, "/matches/export/")) == 60
        found = read(client, "/matches/", q="17e regiment")
        assert found.count("Yes, the same") == 1 and "17e Régiment" in found
        assert 'href="/support/?q=17e' in found
        (row,) = rows_of(client, "/matches/export/", q="17e regiment")
        assert (row["printed name"], row["published rows"]) == ("17e Régiment", "1")

    def test_answers_and_empty_states(self) -> None:
        """Each answer is a filter in the address; an empty list says which it is."""
        client = client_of(viewer("tomas"))
        assert "No question waits for an answer" in read(client, "/matches/")
        self.many(2)
        with viewing(door.clock()):
            key = models.Match.objects.get(recipient="1e Régiment").id
        client.post(reverse("match", args=[key]), {"same": "yes"})
        confirmed = read(client, "/matches/", state="confirmed")
        assert "1e Régiment" in confirmed and "0e Régiment" not in confirmed
        assert '<option value="confirmed" selected>' in confirmed
        assert "No match has this answer" in read(client, "/matches/", state="refused")
        assert "No question with these words" in read(client, "/matches/", q="Kodwel")
        assert "0e Régiment" in read(client, "/matches/", state="nonsense")

    def test_the_desk_counts_them_all(self) -> None:
        self.many(60)
        with viewing(viewer("tomas")):
            assert len(queries.matches(viewer("tomas"))) == 60


class TestPosts:
    def test_search_filter_and_export(self) -> None:
        """By title in any language, by holder, by organisation, and those that are vacant."""
        client = client_of(viewer("nadia"))
        whole = read(client, "/posts/")
        assert "Watch keeper" in whole and "Auditor" in whole
        for words in ("watch KEEPER", "officier de quart", "Mwangi"):
            found = read(client, "/posts/", q=words).split("<ul class")[-1]
            assert "Watch keeper" in found and "Auditor" not in found
        organisation = Organisation.objects.get(code="operations-centre").id
        rows = rows_of(client, "/posts/export/", organisation=str(organisation))
        assert {row["organisation"] for row in rows} == {"Joint Operations Centre"}
        vacant = rows_of(client, "/posts/export/", vacant="on")
        assert vacant and all(not row["held by"] for row in vacant)
        page = read(client, "/posts/", vacant="on", organisation=str(organisation))
        assert " checked" in page and f'<option value="{organisation}" selected>' in page
        assert f"export/?vacant=on&organisation={organisation}" in page
        assert "No post matches" in read(client, "/posts/", q="astronaut")


class TestLeadership:
    def test_what_is_cut_says_so_and_is_one_click_away(self) -> None:
        for _ in range(12):
            builders.advised(builders.CAREFUL)
        client = client_of(viewer("samir"))
        page = read(client, "/leadership/")
        with viewing(viewer("samir")):
            waiting = len(leadership(viewer("samir"), NOW).decide)
        assert waiting >= 12
        assert f"and {waiting - 5} more" in page and 'href="?all=decide#decide"' in page
        whole = read(client, "/leadership/", all="decide")
        assert "more</a>" not in whole
        section = whole.split('id="decide"')[1].split("<h2")[0]
        assert section.count("<li>") == waiting

    def test_looks_that_nobody_made(self) -> None:
        case = builders.decided(builders.CAREFUL)
        with viewing(door.clock()):
            look = Look.objects.filter(activity=case.activity)[0]
        for _ in range(25):
            look.id, look.due, look.grace_days = uuid4(), NOW - timedelta(days=40), 0
            look.save(force_insert=True)
        client = client_of(viewer("samir"))
        assert "and 20 more" in read(client, "/leadership/")
        whole = read(client, "/leadership/", all="unlooked")
        assert whole.split('id="unlooked"')[1].split("</ul>")[0].count("<li>") == 25

    def test_each_thing_that_waits_leads_to_its_own_page(self) -> None:
        """A step of an intercession is approved on its page, not on that of an activity."""
        key = builders_ladder.step(rung="formal_notice")
        text = read(client_of(viewer("samir")), "/leadership/")
        assert f'href="/intercessions/{key}/"' in text

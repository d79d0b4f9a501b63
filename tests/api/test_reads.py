"""What can be asked: there for whom the page is there, and what it tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from primum.actions.stop import NewStop, suspend_scope
from primum.api.operations import Read
from primum.api.reads import READS
from primum.api.says import WORDS
from primum.core.vocabulary import Level, Stage
from primum.people import door
from primum.people.sight import viewing
from primum.register.models import Place
from primum.web import words
from tests import builders, builders_ladder, builders_places, builders_promises, effects
from tests.api.world import NAMED, address, api_of, key_of, sent
from tests.builders_sealed import asked, client_of, raised, report, undone
from tests.cast import NAMES, NOW, viewer
from tests.web.test_url_table import SAMPLES, World, world

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

PAGES: Mapping[str, str] = {
    **{name: name for name in ("desk", "activities", "activity", "activity_timeline", "told")},
    "activity_told": "activity",
    "activity_effects": "effects_export",
    "activity_known": "known",
    "activity_precedents": "activity",
    "activity_similar": "activity_similar",
    "activity_others": "activity",
    "activity_review": "activity",
    "activity_stops": "activity",
    "activity_commitment": "answer",
    "explain": "assess_explain",
    "decision_form": "decide",
    "suspension_of_activity": "suspend",
    "suspension_of_party": "suspend_party",
    "look_form": "look",
    "look_signs": "look",
    "look_reading": "look_read",
    **{name: name for name in ("report", "surprise")},
    "cases_to_match": "match_report",
    "report_steps": "steps",
    **{name: name for name in ("parties", "party", "party_postings", "party_reports")},
    **{name: name for name in ("party_sources", "party_timeline")},
    **dict.fromkeys(("party_support", "party_chain", "party_found"), "party"),
    **dict.fromkeys(("party_intercessions", "party_promises", "party_stops"), "party"),
    **{name: name for name in ("intercession", "letters", "letter")},
    **{name: name for name in ("undertakings", "undertaking")},
    **{name: name for name in ("places", "place", "place_timeline", "support", "matches")},
    "place_years": "place",
    "support_sets": "support",
    "protocols": "protocols",
    "protocols_waiting": "protocols",
    "protocol_document": "protocol",
    "protocol_cases": "protocol",
    "leadership_today": "leadership",
    "leadership_late": "leadership",
    "meetings": "meeting",
    "minutes": "minutes",
    "audit": "audit",
    "samples": "audit",
    "sample": "audit_sample",
    "month_plan": "plan",
    **{name: name for name in ("posts", "queue", "handover")},
}
"""Read -> the page that is there for the same posts and the same keys."""
NO_PAGE: Mapping[str, str] = {
    "me": "who a token acts as; a page has it in its corner",
    "reports": "every report; the pages list them by party",
    "party_whole": "a part of the party's page, and not there where nothing was found",
    "agenda": "a part of the page of meetings, for those who minute",
    "audit_count": "its page has the code in its address: tried below",
    "audit_list": "its page has the code in its address: tried below",
    "extra_look_form": "its page is asked with the place or the party: tried below",
}


def test_every_read_has_a_page_or_says_why_not() -> None:
    assert not set(PAGES) & set(NO_PAGE)
    assert {row.id for row in READS} == {*PAGES, *NO_PAGE}


def paired(row: Read) -> list[tuple[str, str]]:
    """Each key of the read, and what the page calls it, by the record that both name."""
    of_page = {record: name for name, record in SAMPLES[PAGES[row.id]].items()}
    return [(name, of_page[NAMED.get(name, name)]) for name in row.keys]


def shown_to(client: Client, name: str, keys: Mapping[str, object]) -> int:
    status: int = client.get(reverse(name, kwargs=dict(keys))).status_code
    return status


def asked_of(of: World) -> Iterator[tuple[Read, Mapping[str, UUID], Mapping[str, UUID]]]:
    """Each read that has a page, with records that are shown and that are hidden."""
    for row in READS:
        if row.id not in PAGES:
            continue
        pairs = paired(row)
        for source in product(("shown", "hidden"), repeat=len(pairs)):
            found = [key_of(of, own, s) for (own, _page), s in zip(pairs, source, strict=True)]
            yield (
                row,
                {own: key for (own, _page), key in zip(pairs, found, strict=True)},
                {page: key for (_own, page), key in zip(pairs, found, strict=True)},
            )


@pytest.mark.parametrize("name", NAMES)
def test_a_read_is_there_where_its_page_is(name: str) -> None:
    """The same records, the same posts: 200 and 200, or 404 and 404."""
    of, api, pages = world(), api_of(name), client_of(viewer(name))
    told: dict[int, int] = {200: 0, 404: 0}
    for row, own, of_page in asked_of(of):
        with undone():
            answer = api.get(address(row, own))
            shown = shown_to(pages, PAGES[row.id], of_page)
        assert answer.status_code == shown, (row.id, own, answer.content)
        told[shown] += 1
    assert told[200] > 25 and told[404] > 25


STAGES = {
    "proposed": lambda: builders.proposed().activity,
    "advised": lambda: builders.advised(builders.CAREFUL).activity,
}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", ["nadia", "tomas", "aminata", "helena", "peter", "lena"])
def test_at_every_stage_too(name: str, stage: str) -> None:
    """What is there for whose move it is comes and goes with the case."""
    case = STAGES[stage]()
    api, pages = api_of(name), client_of(viewer(name))
    for row in READS:
        if row.keys == ("activity",) and row.id in PAGES:
            answer = api.get(address(row, {"activity": case}))
            assert answer.status_code == shown_to(pages, PAGES[row.id], {"key": case}), row.id


@pytest.mark.parametrize("name", ["nadia", "samir", "lena", "karim", "peter"])
def test_what_a_page_is_asked_for_beside_its_keys(name: str) -> None:
    """Counts by their code, and the form of a look that nobody planned."""
    place, api, pages = builders_places.place(), api_of(name), client_of(viewer(name))
    for code in ("asked_before", "harm_answered", "no_such_count"):
        page = pages.get(reverse("audit_list", args=[code])).status_code
        for what in ("count", "list"):
            assert api.get(f"/api/audit/{what}", {"code": code}).status_code == page
    wishes: list[Any] = [{}, {"place": place}, {"place": uuid4()}]
    for wish in (*wishes, {"place": place, "party": place}):
        page = pages.get(reverse("look_extra"), wish).status_code
        assert api.get("/api/looks/new", wish).status_code == page, wish


def test_the_agenda_is_for_those_who_minute() -> None:
    for name in NAMES:
        page = client_of(viewer(name)).get(reverse("meeting"))
        writes = page.status_code == 200 and b"<form" in page.content.split(b"<main")[1]
        assert api_of(name).get("/api/meetings/agenda").status_code == (200 if writes else 404)


# What they tell ----------------------------------------------------------------------------------


def got(name: str, path: str, **query: Any) -> Any:
    return got_by(api_of(name), path, **query)


def got_by(client: Client, path: str, **query: Any) -> Any:
    answer = client.get(f"/api/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


class TestEffects:
    def test_a_tree_and_what_is_still_to_be_answered(self) -> None:
        """What follows from an effect hangs below it; the pathways left are by their code."""
        case = effects.unweighed()
        where = f"/api/activities/{case.activity}/effects"
        left = got("tomas", f"activities/{case.activity}/effects")["unanswered"]
        first = next(code for code, offer in left.items() if not offer["good"])
        how = {"how": "custody", "horizon": "weeks", "likelihood": "unlikely"}
        how |= {"seriousness": "slight", "reversible": "hard"}
        below = {"at": "next", "parent": first, "who": "Their families", "what": "Flee", **how}
        wish = {"expected": [{"at": first, "pathway": first, **how}, below]}
        assert sent(api_of("tomas"), where, wish).status_code == 200
        found = got("tomas", f"activities/{case.activity}/effects")
        assert set(found["unanswered"]) == set(left) - {first}
        (harm,) = found["harms"]
        assert harm["what"] == left[first]["what"]
        assert [each["what"] for each in harm["children"]] == ["Flee"]
        assert harm["children"][0]["children"] == []

    def test_to_the_proposer_what_is_asked_and_not_what_is_found(self) -> None:
        case = builders.assessed(builders.CAREFUL)
        own = got("nadia", f"activities/{case.activity}/effects")
        assert own["asked"] and own["asked"] == own["unanswered"]
        assert not (own["harms"] or own["benefits"] or own["struck"] or own["may_weigh"])
        assert got("tomas", f"activities/{case.activity}/effects")["struck"]


class TestKnown:
    def test_as_of_a_day_and_what_came_after(self) -> None:
        case = builders.decided(builders.CAREFUL, NOW - 3 * DAY)
        report(case.party, now=NOW)
        day = (NOW - DAY).date()
        found = got("tomas", f"activities/{case.activity}/known", on=day)
        assert {each["kind"] for each in found["by_then"]} >= {"propose", "assess", "decide"}
        assert "report" in {each["kind"] for each in found["after"]}
        now = got("tomas", f"activities/{case.activity}/known")
        assert "report" in {each["kind"] for each in now["by_then"]} and not now["after"]


class TestSuspension:
    def test_the_dry_run_says_what_would_stop_and_stops_nothing(self) -> None:
        case = builders.decided(builders.CAREFUL)
        where = f"activities/{case.activity}/suspend"
        options = got("samir", where)
        assert options["preview"] is None
        unit = next(each for each in options["options"] if each["scope"] == "unit")
        assert unit["value"] == f"unit:{case.party}"
        before = builders.everything()
        found = got("samir", where, scope=unit["value"])["preview"]
        assert [line["id"] for line in found["lines"]] == [str(case.line)]
        assert _but_tokens(builders.everything()) == _but_tokens(before)
        assert got("samir", where, scope=f"unit:{uuid4()}")["preview"] is None
        same = got("samir", f"parties/{case.party}/suspend", scope=unit["value"])["preview"]
        assert same == found

    def test_a_stopped_line_and_its_sentence(self) -> None:
        """Since when, for all who see the line; why, for few. No code in the sentence."""
        case = builders.decided(builders.CAREFUL)
        wish = NewStop("line", "Beatings.", activity=case.activity, line=case.line)
        suspend_scope(by=viewer("samir"), now=NOW, stop=wish)
        (line,) = got("nadia", f"activities/{case.activity}/stops")["items"]
        assert (line["scope"], line["standing"]) == ("line", None)
        (line,) = got("samir", f"activities/{case.activity}/stops")["items"]
        assert line["standing"]["words"] == "Beatings."
        gift = {"line": str(case.line), "what": "Pens"}
        for language, scope in (("en", "(this line)"), ("fr", words_in("fr", "scope_line"))):
            head = {"Accept-Language": language}
            answer = sent(api_of("nadia"), f"/api/activities/{case.activity}/deliver", gift, **head)
            says = next(r["says"] for r in answer.json()["reasons"] if r["code"] == "stopped")
            assert scope in says and "scope_" not in says

    def test_of_a_party_for_those_who_may_read_them(self) -> None:
        case = builders.decided(builders.CAREFUL)
        suspend_scope(by=viewer("samir"), now=NOW, stop=NewStop("unit", "Why.", party=case.party))
        where = f"parties/{case.party}/stops"
        assert [each["words"] for each in got("samir", where)["items"]] == ["Why."]
        assert got("nadia", where)["items"] == []


def words_in(language: str, code: str) -> str:
    with override(language):
        return str(WORDS[code])


def _but_tokens(found: Mapping[str, object]) -> dict[str, object]:
    """Asking through the API makes a token for it, with its line in the ledger."""
    quiet = {"people_token", "cases_chain", "cases_entry", "cases_entrysight"}
    return {table: rows for table, rows in found.items() if table not in quiet}


class TestDecision:
    def test_what_is_offered_can_be_asked_for(self) -> None:
        case = builders.advised(builders.BUILDING)
        where = f"activities/{case.activity}/decide"
        found = got("samir", where)
        offered = [each["id"] for each in found["offers"]]
        assert offered and found["longest"] > 0 and not found["waiver_missing"]
        wish = {
            "choice": "go_with_conditions",
            "words": "It lowers the risk.",
            "against_words": "The conditions answer it.",
            "until": (NOW + 10 * DAY).isoformat(),
            "conditions": offered[:1],
        }
        answer = sent(api_of("samir"), f"/api/{where}", wish)
        assert answer.status_code == 200, answer.content
        (owed, *_more) = builders.commitments(case)
        assert owed.code in offered
        page = got("tomas", f"activities/{case.activity}/commitments/{owed.id}")
        assert (page["state"], page["answers"]) == ("open", [])


class TestRaised:
    @pytest.mark.parametrize("kind", ["activity", "report"])
    def test_what_is_sealed_later_leaves_no_key_behind(self, kind: str) -> None:
        """Of what a post may know no more, no answer holds so much as the key."""
        of = dict(world().shown)
        unit, case, heard = of["party"], of["activity"], of["report"]
        builders_promises.waiver(of["undertaking"], kind="unit", activity=case)
        builders_promises.step(heard, unit)
        builders_places.facility(built_under=case)
        promise = builders_promises.undertaking(unit, report=heard)
        rung = builders_ladder.standing(unit, reports=(heard,))
        assert raised(kind, of[kind], "secretariat")
        asked_for = [
            address(row, {name: of[NAMED.get(name, name)] for name in row.keys}) for row in READS
        ]
        asked_for += [f"/api/undertakings/{promise}", f"/api/intercessions/{rung}"]
        told = {
            name: [w for w in asked_for if str(of[kind]) in client.get(w).content.decode()]
            for name in ("nadia", "tomas", "samir", "aminata")
            for client in [api_of(name)]
        }
        assert [name for name, where in told.items() if where] == ["aminata"]
        assert len(told["aminata"]) > 3


class TestAudit:
    def test_every_count_opens_its_list(self) -> None:
        """Each number is that of its own page, and has as many rows as may be opened."""
        builders.decided(builders.CAREFUL)
        lena = api_of("lena")
        counts = got_by(lena, "audit")["counts"]
        assert len({each["code"] for each in counts}) == len(counts) > 20
        listed = 0
        for each in counts:
            code, cell, seen = each["code"], each["cell"], each["seen"]
            assert each["left"] == cell["whole"] - cell["hits"]
            assert got_by(lena, "audit/count", code=code)["count"] == each
            rows = {
                part: len(got_by(lena, "audit/list", code=code, part=part, limit=100)["items"])
                for part in ("counted", "rest")
            }
            assert rows["counted"] <= seen["hits"] and rows["rest"] <= seen["whole"] - seen["hits"]
            listed += sum(rows.values())
        assert listed > 5

    def test_over_some_days(self) -> None:
        builders.decided(builders.CAREFUL)
        day = NOW.date()

        def asked_before(**days: date) -> int:
            found = got("lena", "audit/count", code="asked_before", **days)["count"]
            whole: int = found["cell"]["whole"]
            return whole

        assert asked_before(since=day, until=day) == asked_before() == 1
        assert asked_before(until=day - DAY) == asked_before(since=day + DAY) == 0


class TestPlaces:
    def test_a_building_and_what_it_was_built_under(self) -> None:
        """Who may not know of the activity that built it gets no key of one."""
        place = builders_places.place()
        hidden = asked(seal="assessors", place=place)
        builders_places.facility(built_under=hidden)
        builders_places.custodian(builders.party())
        found = got("tomas", f"places/{place}")
        assert found["building"]["built_under"] == str(hidden)
        assert found["looker"]["post"] == found["building"]["looker"]
        assert found["custodian"]["id"] == found["custodians"][0]["id"]
        assert got("tomas", f"places/{place}", on="2025-12-31")["custodian"] is None
        other = got("nadia", f"places/{place}")
        assert other["building"]["built_under"] is None
        assert other["building"]["agreed_uses"] == found["building"]["agreed_uses"]

    def test_its_years(self) -> None:
        place = builders_places.place()
        builders.decided(builders.CAREFUL, place=place)
        found = got("tomas", f"places/{place}/years")
        assert [year["year"] for year in found["years"]] == [2026]
        assert got("tomas", f"places/{place}/years", before=2026)["years"] == []

    def test_by_name(self) -> None:
        with viewing(door.clock()):
            codes = Place.objects.count()
        assert len(got("nadia", "places", limit=100)["items"]) == codes
        assert builders_places.place() in {
            UUID(line["id"]) for line in got("nadia", "places", words="kodwel")["items"]
        }


class TestPosts:
    def test_a_month_a_queue_and_a_handover(self) -> None:
        """One's own without asking; of another post nothing."""
        post = str(viewer("peter").post)
        assert got("peter", "plan")["post"] == post
        assert got("peter", "plan", month="2026-05-17")["month"] == "2026-05-01"
        assert api_of("peter").get(f"/api/plan?post={uuid4()}").status_code == 404
        assert got("peter", f"posts/{post}/queue")["post"] == post
        assert got("peter", f"posts/{post}/handover")["mine"] is True
        assert api_of("nadia").get(f"/api/posts/{post}/queue").status_code == 404


class TestLists:
    @pytest.mark.parametrize("path", ["letters", "undertakings", "places", "audit/list"])
    def test_page_by_page_every_line_once(self, path: str) -> None:
        case = builders.decided(builders.CAREFUL)
        for _each in range(3):
            builders_ladder.letter(builders_ladder.standing(case.party))
            builders_promises.undertaking(case.party)
            builders.decided(builders.CAREFUL)
        more = {"code": "asked_before"} if path == "audit/list" else {}
        name = "lena" if more else "tomas"
        whole = [line["id"] for line in got(name, path, limit=100, **more)["items"]]
        found: list[str] = []
        after = ""
        while after or not found:
            page = got(name, path, limit=2, after=after, **more)
            found += [line["id"] for line in page["items"]]
            after = page["next"]
        assert found == whole and len(set(found)) == len(found) >= 3

    def test_activities_like_this_one(self) -> None:
        case = builders.decided(builders.CAREFUL)
        others = {str(builders.decided(builders.CAREFUL).activity) for _each in range(7)}
        found = got("tomas", f"activities/{case.activity}/similar", limit=3)
        assert len(found["items"]) == 3 and found["next"]
        alike = got("tomas", f"activities/{case.activity}/precedents")
        assert {each["id"] for each in alike["lines"]} <= others and alike["more"]


# Words -------------------------------------------------------------------------------------------


def test_the_words_of_reasons_are_those_of_the_pages() -> None:
    """A code among the values of a reason is said as the pages say it."""
    scopes = {f"scope_{scope}" for scope in ("line", "unit", "commander", "operation", "all")}
    assert {*Stage, *(level.word for level in Level), *scopes} <= set(WORDS)
    assert {code: str(said) for code, said in WORDS.items()} == {
        code: words.word(code) for code in WORDS
    }

"""The hand-over of a post, that it is read, and what became of activities like this one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.posts import vacate
from primum.actions.read_handover import read_handover
from primum.actions.stop import suspend
from primum.actions.write_handover import write_handover
from primum.cases.queries.memory import Pack, has_to_read, pack_of
from primum.cases.queries.precedents import SHOWN, Precedent, precedents
from primum.people.sight import Viewer, viewing
from tests import builders
from tests.builders_places import sealed_party
from tests.builders_sealed import (
    CLOCK,
    client_of,
    content_of,
    hidden_look,
    moved_to,
    newcomer,
    report,
    sealed_as,
    seated,
)
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONITOR, OFFICER = "field-monitor-kodwel", "due-diligence-officer"
LATER = NOW + DAY


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def pack(who: Viewer | str, code: str, now: datetime = NOW) -> Pack | None:
    seen = viewer(who) if isinstance(who, str) else who
    with viewing(seen):
        return pack_of(seen, builders.post(code), now)


def opened(who: Viewer | str, code: str, now: datetime = NOW) -> Pack:
    found = pack(who, code, now)
    assert found is not None
    return found


def page_of(who: Viewer, name: str, *keys: UUID, at: datetime = NOW) -> str:
    with moved_to(at):
        answer = client_of(who).get(reverse(name, args=keys))
    assert answer.status_code == 200, name
    return unescape(content_of(answer).decode())


def succeeded(code: str = MONITOR, at: datetime = NOW) -> Viewer:
    """Whoever sat there has left, and somebody new sits there from now on."""
    vacate(by=viewer("bruno"), now=at, post=builders.post(code))
    return newcomer(code, "successor", at)


def plain(text: str) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|once)" value=")[^"]+', "", text)


class TestWhoOpensIt:
    @pytest.mark.parametrize("name", NAMES)
    def test_three_posts(self, name: str) -> None:
        """The holder, the post above, whoever seats people; for all others it is not there."""
        key = builders.post(MONITOR)
        opens = name in ("grace", "tomas", "bruno")
        client = client_of(viewer(name))
        for address in ("handover", "handover_paper"):
            answer = client.get(reverse(address, args=[key]))
            assert answer.status_code == (200 if opens else 404), address
        if not opens:
            form = {"words": "Mine.", "read": "yes"}
            assert client.post(reverse("handover", args=[key]), form).status_code == 404

    @pytest.mark.parametrize("name", ["tomas", "bruno"])
    def test_those_above_read_and_do_not_write(self, name: str) -> None:
        """Nobody writes in the name of another post, nor reads for it."""
        where = reverse("handover", args=[builders.post(MONITOR)])
        client = client_of(viewer(name))
        for form in ({"words": "Mine."}, {"read": "yes"}):
            assert client.post(where, form).status_code == 404
        assert "Write the page" not in content_of(client.get(where)).decode()
        assert opened("grace", MONITOR).page is None

    def test_the_links_stand_where_one_may_open(self) -> None:
        """On the list of posts and on one's desk."""
        own, other = builders.post(MONITOR), builders.post("watch-keeper")
        text = page_of(viewer("tomas"), "posts")
        assert reverse("handover", args=[own]) in text
        assert reverse("handover", args=[other]) not in text
        assert reverse("queue", args=[own]) in page_of(viewer("grace"), "desk")


class TestWhatIsInIt:
    def test_commitments_looks_decisions_and_places(self) -> None:
        """From the rows of the post: nobody has to write a list before they leave."""
        case = builders.on_short()
        officer = opened("tomas", OFFICER)
        assert {owed.activity for owed in officer.owed} == {case.activity}
        assert all(owed.checks for owed in officer.owed) and len(officer.owed) == 2
        monitor = opened("grace", MONITOR)
        assert [look.due for look in monitor.coming] == [NOW + 20 * DAY, NOW + 40 * DAY]
        assert [names["en"] for _key, names in monitor.places] == ["Kodwel police post"]
        requester = opened("nadia", "police-training-officer")
        assert {owed.checks for owed in requester.owed} == {False}
        (chosen,) = opened("samir", "head-of-mission").decisions
        assert chosen.choice == "go_with_conditions"
        assert chosen.words == "The course lowers the risk if the room is locked."

    def test_what_is_done_is_left_out(self) -> None:
        """Answered commitments, looks made, decisions of more than a year ago."""
        case = builders.met(builders.on_short())
        builders.looked(case, NOW + 20 * DAY)
        assert len(opened("tomas", OFFICER).owed) == 1
        assert len(opened("grace", MONITOR, NOW + 21 * DAY).coming) == 1
        assert opened("samir", "head-of-mission", NOW + 366 * DAY).decisions == ()

    def test_contacts_by_pseudonym_and_nothing_more(self) -> None:
        """Who spoke to this post, each once; what they said is not here, nor who they are."""
        unit = builders.party()
        for source in ("S-17", "S-17", "K-2", ""):
            report(unit, source=source)
        report(unit, by="ruth", source="R-9")
        assert opened("grace", MONITOR).contacts == ()
        assert opened("tomas", MONITOR).contacts == ("K-2", "S-17")
        text = page_of(viewer("tomas"), "handover", builders.post(MONITOR))
        assert "S-17" in text and "beaten" not in text and "R-9" not in text

    def test_it_prints_in_three_languages(self) -> None:
        """The same as PDF; Arabic from right to left."""
        builders.on_short()
        write_handover(by=viewer("grace"), now=NOW, words="Ask the night guard.\nNever the desk.")
        client = client_of(viewer("grace"))
        where = reverse("handover_paper", args=[builders.post(MONITOR)])
        for lang in ("en", "fr", "ar"):
            answer = client.get(where, headers={"accept-language": lang})
            assert answer.content.startswith(b"%PDF")

    def test_an_empty_post_says_so(self) -> None:
        """Nothing is not an error."""
        text = page_of(viewer("karim"), "handover", builders.post("protocol-steward"))
        assert "Nobody has written it." in text and "None that you may see." in text


class TestSight:
    def test_reasons_follow_their_seal(self) -> None:
        """Whoever seats people opens the pack; a reason sealed from them is not in it."""
        with sealed_as("decider", "secretariat"):
            builders.decided(builders.CAREFUL)
        (chosen,) = opened("bruno", "head-of-mission").decisions
        assert chosen.words == ""
        assert "room is locked" not in page_of(
            viewer("bruno"), "handover", builders.post("head-of-mission")
        )

    def test_unannounced_looks_tell_others_their_month(self) -> None:
        """Grace reads the day, Tomas above her the month, Bruno nothing: he reads no looks."""
        case = builders.on_short()
        due = NOW + 10 * DAY
        hidden_look(case.activity, due, "looks")
        assert due in [look.due for look in opened("grace", MONITOR).coming]
        seen = opened("tomas", MONITOR).coming
        assert [look.month_only for look in seen].count(True) == 1
        assert due not in [look.due for look in seen]
        assert opened("bruno", MONITOR).coming == ()

    @pytest.mark.parametrize("name", ["tomas", "grace", "bruno"])
    def test_what_is_sealed_leaves_no_trace(self, name: str) -> None:
        """A report, a look under the seal of the one post that may know most: no difference."""
        case = builders.on_short()
        before = plain(page_of(viewer(name), "handover", builders.post(MONITOR)))
        report(case.party, seal="secretariat", source="Z-1")
        hidden_look(case.activity, NOW + 5 * DAY, "secretariat")
        assert plain(page_of(viewer(name), "handover", builders.post(MONITOR))) == before

    def test_a_report_on_ones_own_component_stays_withheld(self) -> None:
        """Law 8 holds in the pack: from the post of the party named, its contact is withheld."""
        report(builders.contingent(), seal="open", by="eva", source="N-1")
        assert opened("eva", "norland-liaison").contacts == ()


class TestThePage:
    def test_whoever_leaves_writes_whoever_comes_reads(self) -> None:
        """The newest stands first, earlier ones stay; every word is shown as text."""
        client = client_of(viewer("grace"))
        where = reverse("handover", args=[builders.post(MONITOR)])
        for words in ("First page.", "Ask <the> night guard.\nNever the desk."):
            with moved_to(LATER if "guard" in words else NOW):
                assert client.post(where, {"words": words}).status_code == 302
        who = succeeded(at=NOW + 2 * DAY)
        text = page_of(who, "handover", builders.post(MONITOR), at=NOW + 2 * DAY)
        assert "Ask <the> night guard." in text and "Grace Lado" in text
        assert "Earlier pages (1)" in re.sub(r"<[^>]+>", "", text)

    def test_too_much_comes_back_whole(self) -> None:
        """What is refused is kept in the field."""
        client = client_of(viewer("grace"))
        where = reverse("handover", args=[builders.post(MONITOR)])
        answer = client.post(where, {"words": "word " * 2000})
        assert answer.status_code == 422
        text = answer.content.decode()
        assert "Shorten it" in text and text.count("word ") >= 2000
        assert client.post(where, {"words": " "}).status_code == 422


class TestReadBeforeTheFirstDecision:
    def test_whoever_comes_is_asked_until_they_have_read(self) -> None:
        """On their desk, with a link; a click takes it off; it is recorded once."""
        who = succeeded(OFFICER)
        assert "Read the hand-over of your post" in page_of(who, "desk")
        client = client_of(who)
        where = reverse("handover", args=[who.post])
        assert "I have read it" in content_of(client.get(where)).decode()
        assert client.post(where, {"read": "yes"}).status_code == 302
        assert "Read the hand-over of your post" not in page_of(who, "desk")
        assert "I have read it" not in content_of(client.get(where)).decode()

    @pytest.mark.parametrize("name", NAMES)
    def test_who_sat_there_first_is_not(self, name: str) -> None:
        """Nobody went before them: there is nothing to read."""
        who = viewer(name)
        with viewing(who):
            assert not has_to_read(who, NOW)
        assert "Read the hand-over of your post" not in page_of(who, "desk")

    def test_looking_at_the_page_records_nothing(self) -> None:
        """A page that is opened is not read: reading is said."""
        who = succeeded(OFFICER)
        client = client_of(who)
        before = builders.everything()
        assert client.get(reverse("handover", args=[who.post])).status_code == 200
        builders.unchanged(before)

    def test_acting_cover_is_asked_too(self) -> None:
        """Whoever covers for a week decides as well."""
        from primum.people.models import Person  # noqa: PLC0415

        person = Person.objects.create_user("cover", "a password nobody uses", name="Cover")
        who = seated(person, OFFICER, NOW, acting=True)
        with viewing(who):
            assert has_to_read(who, NOW)

    def judged(self, who: Viewer, at: datetime) -> None:
        case = builders.proposed(weighing=False)
        answers = builders.reasoned(dict(builders.CAREFUL))
        assess(by=who, now=at, activity=case.activity, answers=answers)

    @pytest.mark.parametrize(
        ("read", "judged", "verdict"),
        [
            (None, None, "not_read_yet"),
            (2, None, "read_in_time"),
            (2, 3, "read_in_time"),
            (3, 2, "decided_unread"),
            (None, 2, "decided_unread"),
        ],
    )
    def test_the_post_above_sees_which_came_first(
        self, read: int | None, judged: int | None, verdict: str
    ) -> None:
        """Read, then decided; or the other way round; or neither yet."""
        who = succeeded(OFFICER)
        steps = sorted((day, kind) for day, kind in ((read, "read"), (judged, "judged")) if day)
        for day, kind in steps:
            if kind == "read":
                read_handover(by=who, now=NOW + day * DAY)
            else:
                self.judged(who, NOW + day * DAY)
        (reading,) = opened("aminata", OFFICER, NOW + 9 * DAY).readings
        assert (reading.name, reading.verdict) == ("successor", verdict)
        said = {
            "not_read_yet": "not read yet",
            "read_in_time": "read before the first decision",
            "decided_unread": "decided before reading it",
        }
        assert said[verdict] in page_of(viewer("aminata"), "handover", who.post, at=NOW + 9 * DAY)

    def test_what_was_decided_in_another_post_does_not_count(self) -> None:
        """The line of the ledger says in which post: a former one is another."""
        case = builders.proposed()
        answers = builders.reasoned(dict(builders.CAREFUL))
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=answers)
        who = succeeded(OFFICER, LATER)
        (reading,) = opened("aminata", OFFICER, NOW + 9 * DAY).readings
        assert reading.first is None and reading.verdict == "not_read_yet" and who


# Precedents -------------------------------------------------------------------------------------


def alike(name: str, key: UUID, now: datetime = NOW) -> tuple[Precedent, ...]:
    who = viewer(name)
    with viewing(who):
        return precedents(who, key, now)[0]


class TestPrecedents:
    def test_each_says_why_it_is_similar_and_what_became_of_it(self) -> None:
        """Same protocol and place and kind; the decision, looks and commitments, and a stop."""
        old = builders.on_short()
        builders.looked(old, NOW + 20 * DAY)
        first, second = builders.commitments(old)
        for owed, answer in ((first, "kept"), (second, "broken")):
            answer_commitment(
                by=viewer("tomas"), now=LATER, commitment=owed.id, answer=answer, words="Seen."
            )
        suspend(by=viewer("samir"), now=LATER, activity=old.activity, words="Stop.", told="")
        fresh = builders.proposed(protocols=(builders.short(),))
        (line,) = alike("tomas", fresh.activity, NOW + 50 * DAY)
        assert line.id == old.activity and line.same_place and line.kinds
        assert line.choice == "go_with_conditions"
        assert (line.looks_made, line.looks_due, line.kept, line.broken) == (1, 2, 1, 1)
        assert line.stopped == ("suspend",)
        text = page_of(viewer("nadia"), "activity", fresh.activity, at=NOW + 50 * DAY)
        assert "Similar activities, and what became of them" in text
        assert "the same protocol; the same place; " in text and "suspended" in text

    def test_what_is_not_decided_is_no_precedent(self) -> None:
        """Nor is one under another protocol, nor the activity itself."""
        builders.proposed(protocols=(builders.short(),))
        builders.decided(builders.CAREFUL)
        fresh = builders.proposed(protocols=(builders.short(),))
        assert alike("tomas", fresh.activity) == ()
        text = page_of(viewer("nadia"), "activity", fresh.activity)
        assert "Similar activities" not in text

    def test_the_same_party_comes_first(self) -> None:
        """A party in common says more than a place in common."""
        here = builders.on_short()
        fresh = builders.proposed(protocols=(builders.short(),))
        self.line_for(fresh.activity, here.party)
        builders.on_short()
        found = alike("tomas", fresh.activity)
        assert found[0].id == here.activity and found[0].parties
        assert not found[1].parties and found[1].same_place

    def line_for(self, activity: UUID, party: UUID) -> None:
        """Another line of this case, for this party."""
        from primum.cases.models import Line  # noqa: PLC0415
        from primum.people import mission  # noqa: PLC0415

        Line(
            seal_id=mission.default_seal("activity"),
            activity_id=activity,
            party_id=party,
            kind="financial",
            what="Fuel",
        ).save(force_insert=True)

    def test_five_at_most_and_the_rest_behind_a_link(self) -> None:
        """More are on a page of their own, newest first, each once."""
        cases = [builders.on_short(NOW + day * DAY) for day in range(SHOWN + 1)]
        fresh = builders.proposed(protocols=(builders.short(),))
        assert len(alike("tomas", fresh.activity, NOW + 9 * DAY)) == SHOWN
        text = page_of(viewer("nadia"), "activity", fresh.activity, at=NOW + 9 * DAY)
        where = reverse("activity_similar", args=[fresh.activity])
        assert where in text
        text = page_of(viewer("nadia"), "activity_similar", fresh.activity, at=NOW + 9 * DAY)
        links = re.findall(r'<li><a href="/activities/([0-9a-f-]{36})/"', text)
        assert [UUID(key) for key in links] == [case.activity for case in reversed(cases)]

    @pytest.mark.parametrize("name", ["nadia", "lena", "jonas", "ines"])
    def test_a_sealed_one_leaves_no_trace(self, name: str) -> None:
        """Not among the five, not behind the link, not in what is counted."""
        fresh = builders.proposed(protocols=(builders.short(),))
        before = plain(page_of(viewer(name), "activity", fresh.activity))
        hide(builders.on_short())
        assert plain(page_of(viewer(name), "activity", fresh.activity)) == before
        text = page_of(viewer(name), "activity_similar", fresh.activity)
        assert "None that you may see." in text

    def test_a_party_sealed_from_the_viewer_is_not_named(self) -> None:
        """What two cases have in common is said as far as one may know of it."""
        old, fresh = builders.on_short(), builders.proposed(protocols=(builders.short(),))
        secret = sealed_party("protection")
        for key in (old.activity, fresh.activity):
            self.line_for(key, secret)
        assert "Sealed company" in page_of(viewer("tomas"), "activity_similar", fresh.activity)
        assert "the same party" not in page_of(viewer("nadia"), "activity_similar", fresh.activity)

    def test_of_a_sealed_activity_there_is_no_list(self) -> None:
        """Its address does not exist for whoever may not see it."""
        case = builders.on_short()
        hide(case)
        answer = client_of(viewer("nadia")).get(reverse("activity_similar", args=[case.activity]))
        assert answer.status_code == 404


def hide(case: builders.Case) -> None:
    """Raise the seal of a whole case to that of the one post that may know most."""
    from tests.builders_sealed import raised  # noqa: PLC0415

    assert raised("activity", case.activity, "secretariat")

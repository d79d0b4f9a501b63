"""The month of a post and its queue: what stands there, in which order, and for whom not."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.urls import reverse

from primum.actions.answer_commitment import answer_commitment
from primum.actions.decide import decide
from primum.actions.posts import vacate
from primum.cases import facts
from primum.cases.models import Activity, Commitment, Look
from primum.cases.queries.plan import MonthPlan, month_plan, stakes_seen
from primum.cases.queries.work import Queue, queue_of
from primum.people import door, mission, queries
from primum.people.models import Post
from primum.people.sight import viewing
from primum.register.models import Place
from tests import builders
from tests.builders_places import place, sealed_place
from tests.builders_sealed import (
    CLOCK,
    HIGH,
    client_of,
    content_of,
    hidden_look,
    moved_to,
    newcomer,
    sealed_as,
    undone,
)
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONITOR = "field-monitor-kodwel"
APRIL = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def planned(name: str, code: str, month: date = APRIL, at: int = 0) -> MonthPlan | None:
    who = viewer(name)
    with viewing(who):
        return month_plan(who, builders.post(code), month, NOW + at * DAY)


def queued(name: str, code: str, at: int = 0) -> Queue:
    who = viewer(name)
    with viewing(who):
        found = queue_of(who, builders.post(code), NOW + at * DAY)
    assert found is not None
    return found


def read(name: str, address: str, **words: str) -> str:
    answer = client_of(viewer(name)).get(address, words)
    assert answer.status_code == 200, address
    return unescape(content_of(answer).decode())


def titles(plan: MonthPlan | None) -> list[str]:
    assert plan is not None
    return [look.title for stop in plan.stops for look in stop.looks]


class TestWhoseMonth:
    @pytest.mark.parametrize("name", NAMES)
    def test_three_posts_open_it(self, name: str) -> None:
        """The post itself, the one right above, whoever seats people; nobody else."""
        opens = name in ("grace", "tomas", "bruno")
        assert (planned(name, MONITOR) is not None) is opens
        answer = client_of(viewer(name)).get(reverse("plan"), {"post": str(builders.post(MONITOR))})
        assert answer.status_code == (200 if opens else 404)

    def test_what_it_is_without_being_asked(self) -> None:
        """One's own post in the month of today; nonsense in the address is that too."""
        text = read("grace", reverse("plan"))
        assert "Looks of March 2026" in text and "Human rights field monitor" in text
        for odd in ("2026-13", "x", "0001-01", "9999-12"):
            assert "Looks of March 2026" in read("grace", reverse("plan"), month=odd)
        answer = client_of(viewer("grace")).get(reverse("plan"), {"post": "x"})
        assert answer.status_code == 404

    def test_months_before_and_after(self) -> None:
        """The links lead over the year's end."""
        text = read("grace", reverse("plan"), month="2026-12")
        assert "month=2026-11" in text and "month=2027-01" in text
        text = read("grace", reverse("plan"), month="2026-01")
        assert "month=2025-12" in text and "month=2026-02" in text

    def test_a_vacant_posts_month_is_with_whoever_does_its_work(self) -> None:
        """Nobody in the monitor's chair: her looks stand on the officer's plan."""
        builders.on_short()
        assert titles(planned("tomas", "due-diligence-officer", date(2026, 3, 1))) == []
        vacate(by=viewer("bruno"), now=NOW, post=builders.post(MONITOR))
        found = planned("tomas", "due-diligence-officer", date(2026, 3, 1))
        assert len(titles(found)) == 1
        assert found is not None and found.own


class TestTheMonth:
    def test_what_falls_due_in_it(self) -> None:
        """Looks on day 20 (March) and day 40 (April): each in its own month."""
        builders.on_short()
        assert len(titles(planned("grace", MONITOR, date(2026, 3, 15)))) == 1
        assert len(titles(planned("grace", MONITOR, APRIL))) == 1
        assert titles(planned("grace", MONITOR, date(2026, 5, 1))) == []

    def test_what_is_overdue_belongs_to_the_month_of_today_and_comes_first(self) -> None:
        """In April the look of March is still owed; a plan of May does not repeat it."""
        builders.on_short()
        found = planned("grace", MONITOR, APRIL, at=35)
        assert found is not None
        looks = [look for stop in found.stops for look in stop.looks]
        assert [look.overdue for look in looks] == [True, False]
        assert titles(planned("grace", MONITOR, date(2026, 5, 1), at=35)) == []

    def test_made_is_off_the_plan(self) -> None:
        """What was looked at is not to be looked at."""
        case = builders.on_short()
        builders.looked(case, NOW + 20 * DAY)
        assert titles(planned("grace", MONITOR, date(2026, 3, 1), at=21)) == []

    def test_commitments_there_are_on_the_same_trip(self) -> None:
        """Whoever checks them: one trip, with whose they are."""
        case = builders.on_short()
        found = planned("grace", MONITOR, date(2026, 3, 1))
        assert found is not None
        (stop,) = found.stops
        assert {check.id for check in stop.checks} == {c.id for c in builders.commitments(case)}
        officer = builders.post("due-diligence-officer")
        assert {check.verifier for check in stop.checks} == {officer}
        builders.met(case)
        again = planned("grace", MONITOR, date(2026, 3, 1))
        assert again is not None and len(again.stops[0].checks) == len(stop.checks) - 1

    def test_the_highest_stakes_come_first_and_areas_stay_together(self) -> None:
        """A route: the gravest stop opens it, and its neighbours follow before the next area."""
        far, near = village("Far", "sarrat"), village("Near", "kodwel")
        grave = builders.decided({**HIGH}, place=village("Grave", "kodwel"))
        builders.decided(builders.CAREFUL, place=far, title="Far")
        builders.decided(builders.CAREFUL, place=near, title="Near")
        found = planned("grace", MONITOR, date(2026, 4, 1))
        assert found is not None
        names = [stop.names["en"] for stop in found.stops if stop.names]
        assert names == ["Grave", "Near", "Far"]
        assert found.stops[0].looks[0].activity == grave.activity
        assert found.stops[0].looks[0].stakes == "leadership"

    def test_nobody_reads_the_stakes_of_their_own_case(self) -> None:
        """Law 6 on this page too; and whoever may not read the assessment reads none."""
        case = builders.decided(builders.CAREFUL)
        for name, wanted in (("tomas", "high"), ("nadia", ""), ("lena", "")):
            who = viewer(name)
            with viewing(who):
                found = stakes_seen(who, [Activity.objects.get(id=case.activity)], NOW)
            assert found.get(case.activity, "") == wanted
        with undone():
            builders.held("tomas", "police-training-officer", NOW - 9 * DAY)
            who = viewer("tomas")
            with viewing(who):
                rows = [Activity.objects.get(id=case.activity)]
                assert stakes_seen(who, rows, NOW) == {}

    def test_no_place_named_is_a_stop_too(self) -> None:
        """Nothing falls off the plan because somebody left a field empty."""
        none = builders.advised(
            {"who_comes": "Thirty"}, protocols=(builders.short(),), place=None, title="Nowhere"
        )
        decide(
            by=viewer("samir"),
            now=NOW,
            activity=none.activity,
            decision=builders.yes(NOW, timedelta(days=60)),
        )
        text = read("grace", reverse("plan"))
        assert "No place that you may see" in text and "Nowhere" in text


def village(name: str, inside: str) -> UUID:
    row = Place(
        seal_id=mission.default_seal("register"),
        code=name.lower(),
        names={"en": name},
        kind="settlement",
        inside_id=place(inside),
    )
    row.save(force_insert=True)
    return row.id


class TestUnannounced:
    def test_it_is_on_the_plan_of_whoever_makes_it_alone(self) -> None:
        """Grace reads the day; Tomas above her and Bruno who seats people do not find it."""
        builders.decided(builders.CAREFUL)
        with viewing(door.clock()):
            assert Look.objects.filter(unannounced=True, post__code=MONITOR).exists()
        text = read("grace", reverse("plan"), month="2026-04")
        assert "unannounced: tell nobody" in text
        for name in ("tomas", "bruno"):
            post = str(builders.post(MONITOR))
            text = read(name, reverse("plan"), month="2026-04", post=post)
            assert "unannounced: tell nobody" not in text
            assert "What comes unannounced is shown to whoever makes it" in text

    @pytest.mark.parametrize("name", ["tomas", "bruno"])
    def test_the_page_is_the_same_with_one_and_without(self, name: str) -> None:
        """Byte by byte: whoever does not make it cannot tell that there is one."""
        case = builders.on_short()
        words = {"month": "2026-04", "post": str(builders.post(MONITOR))}
        before = plain(read(name, reverse("plan"), **words))
        hidden_look(case.activity, NOW + 45 * DAY, "looks")
        assert plain(read(name, reverse("plan"), **words)) == before
        assert "unannounced" in read("grace", reverse("plan"), month="2026-04")

    def test_in_the_queue_others_read_its_month(self) -> None:
        """The officer above reads that there is one and in which month; late once that is over."""
        case = builders.on_short()
        due = NOW + 10 * DAY
        key = hidden_look(case.activity, due, "looks")
        for name, told in (("grace", due), ("tomas", due.replace(day=1, hour=0))):
            found = queued(name, MONITOR)
            (task,) = [task for task in found.tasks if task.record == key]
            assert task.due == told and task.month_only is (name == "tomas")
        late = {"grace": True, "tomas": False}
        for name, overdue in late.items():
            (task,) = [task for task in queued(name, MONITOR, at=12).tasks if task.record == key]
            assert task.overdue is overdue
        (task,) = [task for task in queued("tomas", MONITOR, at=40).tasks if task.record == key]
        assert task.overdue
        text = read("tomas", reverse("queue", args=[builders.post(MONITOR)]))
        assert "month only" in text


def plain(text: str) -> str:
    return re.sub(r'(name="(?:csrfmiddlewaretoken|once)" value=")[^"]+', "", text)


class TestSight:
    def test_a_look_one_may_not_read_is_not_there(self) -> None:
        """Under a seal above the monitor's it is on nobody's plan but theirs who may read it."""
        case = builders.on_short()
        before = plain(read("grace", reverse("plan"), month="2026-04"))
        hidden_look(case.activity, NOW + 45 * DAY, "secretariat")
        assert plain(read("grace", reverse("plan"), month="2026-04")) == before

    def test_a_sealed_commitment_is_not_on_the_trip(self) -> None:
        """What one may not read one is not sent to check."""
        case = builders.on_short()
        before = plain(read("grace", reverse("plan")))
        Commitment(
            seal_id=mission.seal_named("secretariat"),
            activity_id=case.activity,
            code="sealed",
            text={"en": "Sealed words"},
            owed_by="owner",
            timing="during",
            owed_since=NOW,
            due=NOW + 9 * DAY,
            verifier=Post.objects.get(code=MONITOR),
            salt="",
        ).save(force_insert=True)
        assert plain(read("grace", reverse("plan"))) == before

    def test_a_sealed_place_is_a_stop_without_a_name(self) -> None:
        """The look is owed all the same; where, is for those who may know."""
        case = builders.on_short()
        with viewing(door.clock()):
            row = Activity.objects.get(id=case.activity)
        hidden = sealed_place("protection", "Safe house")
        row.id, row.place_id, row.title = uuid4(), hidden, "At the sealed house"
        row.save(force_insert=True)
        look = hidden_look(row.id, NOW + 5 * DAY, "looks")
        text = read("grace", reverse("plan"))
        assert f"/looks/{look}/" in text and "At the sealed house" in text
        assert "Safe house" not in text and str(hidden) not in text

    def test_who_sits_beside_opens_nothing_but_their_own(self) -> None:
        """However much they may know: no plan and no queue of another post."""
        who = viewer("peter")
        with viewing(who):
            assert queries.overseen(who, NOW) == {who.post}
            assert queue_of(who, builders.post(MONITOR), NOW) is None


class TestPaper:
    @pytest.mark.parametrize("lang", ["en", "fr", "ar"])
    def test_it_prints(self, lang: str) -> None:
        """A PDF in each language, for those alone who open the page."""
        builders.decided(builders.CAREFUL)
        key = builders.post(MONITOR)
        for address in (
            f"{reverse('plan_paper')}?post={key}&month=2026-04",
            reverse("queue_paper", args=[key]),
        ):
            answer = client_of(viewer("grace")).get(address, headers={"accept-language": lang})
            assert answer.status_code == 200 and answer.content.startswith(b"%PDF")
            assert answer["Content-Type"] == "application/pdf"
            assert client_of(viewer("nadia")).get(address).status_code == 404


class TestTheQueue:
    @pytest.mark.parametrize("name", NAMES)
    def test_three_posts_open_it(self, name: str) -> None:
        """As the plan: page, table and paper."""
        key = builders.post(MONITOR)
        wanted = 200 if name in ("grace", "tomas", "bruno") else 404
        for address in ("queue", "queue_export"):
            answer = client_of(viewer(name)).get(reverse(address, args=[key]))
            assert answer.status_code == wanted

    def test_work_is_added_up_by_the_missions_own_minutes(self) -> None:
        """Two looks of the monitor's at 180 minutes each, as mission.yaml says."""
        builders.on_short()
        found = queued("grace", MONITOR)
        (group,) = found.groups
        assert (group.name, group.count, group.each, group.minutes) == ("look", 2, 180, 360)
        assert found.minutes == 360
        text = read("grace", reverse("queue", args=[found.post]))
        assert "the mission’s own assumption" in text

    def test_an_officers_queue_has_every_kind(self) -> None:
        """Assessments and checks side by side, overdue ones counted."""
        builders.proposed()
        builders.on_short()
        found = queued("tomas", "due-diligence-officer", at=15)
        counts = {group.name: (group.count, group.overdue) for group in found.groups}
        assert counts["assess"] == (1, 1)
        assert counts["verify"][0] == 2

    def test_what_does_not_fit_is_left(self) -> None:
        """A vacant post looks at nothing; with a holder and little work everything fits."""
        builders.on_short()
        assert queued("tomas", MONITOR).unlooked == ()
        vacate(by=viewer("bruno"), now=NOW, post=builders.post(MONITOR))
        found = queued("tomas", MONITOR)
        assert (found.seated, found.capacity, len(found.unlooked)) == (0, 0, 2)
        assert found.falls_to == builders.post("due-diligence-officer")
        text = read("tomas", reverse("queue", args=[found.post]))
        assert "With the present holders 2 looks would not be made." in text

    def test_little_time_leaves_the_later_ones(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In order of their days: the first fits, the second does not."""
        builders.on_short()
        efforts = {"look": 180, "week": 30}
        unisar = mission.current()
        changed = type(unisar)(
            **{
                **{name: getattr(unisar, name) for name in unisar.__dataclass_fields__},
                "effort_minutes": efforts,
            }
        )
        monkeypatch.setattr(mission, "current", lambda: changed)
        found = queued("grace", MONITOR)
        assert [task.left for task in found.tasks] == [False, True]

    def test_a_mission_that_states_nothing_promises_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No minutes, no hours, and no word on what would be left."""
        builders.on_short()
        unisar = mission.current()
        changed = type(unisar)(
            **{
                **{name: getattr(unisar, name) for name in unisar.__dataclass_fields__},
                "effort_minutes": {},
            }
        )
        monkeypatch.setattr(mission, "current", lambda: changed)
        found = queued("grace", MONITOR)
        assert found.minutes is None and found.capacity is None and not found.unlooked
        text = read("grace", reverse("queue", args=[found.post]))
        assert "The mission states no minutes for this work" in text

    def test_holders_over_time_and_days_without_anybody(self) -> None:
        """Left for ten days, then covered: ten days without anybody."""
        vacate(by=viewer("bruno"), now=NOW - 20 * DAY, post=builders.post(MONITOR))
        newcomer(MONITOR, "successor", NOW - 10 * DAY)
        found = queued("tomas", MONITOR)
        assert [line.name for line in found.holders] == ["successor", "Grace Lado"]
        assert found.empty_days == 10
        assert queued("tomas", "due-diligence-officer").empty_days == 0

    def test_the_table_holds_every_line(self) -> None:
        """One row for each thing that waits, in words a spreadsheet adds up."""
        builders.on_short()
        found = queued("grace", MONITOR)
        text = read("grace", reverse("queue_export", args=[found.post])).removeprefix("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["minutes assumed"] for row in rows] == ["180", "180"]
        assert {row["overdue"] for row in rows} == {"no"}

    def test_what_the_viewer_may_not_see_is_not_counted(self) -> None:
        """Whoever seats people and reads no looks has a shorter list, and it says whose sight."""
        builders.on_short()
        text = read("bruno", reverse("queue", args=[builders.post(MONITOR)]))
        assert "as far as you may see" in text and "Nothing waits." in text
        assert queued("bruno", MONITOR).tasks == ()

    def test_whose_decision_it_is_tells_the_stakes(self) -> None:
        """In whose chair a broken promise waits is told to those who read the assessment."""
        case = builders.on_short()
        answer_commitment(
            by=viewer("tomas"),
            now=NOW,
            commitment=builders.commitments(case)[1].id,
            answer="broken",
            words="Somebody was punished.",
        )
        with sealed_as("assessment", "secretariat"):
            with viewing(door.clock()):
                code = facts.decider_post(facts.stakes_of(case.activity)).code
            own = {"head-of-office-kodwel": "jonas", "deputy-head-of-mission": "helena"}
            kinds = {
                name: {task.kind for task in queued(name, code).tasks}
                for name in (own.get(code, "samir"), "bruno")
            }
        assert kinds == {own.get(code, "samir"): {"decide_broken"}, "bruno": set()}

    def test_a_moved_clock_moves_what_is_overdue(self) -> None:
        """The page asks no clock of its own."""
        builders.on_short()
        with moved_to(NOW + 30 * DAY):
            text = read("grace", reverse("queue", args=[builders.post(MONITOR)]))
        assert 'data-label="Overdue">1<' in text

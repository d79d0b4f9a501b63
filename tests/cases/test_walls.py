"""Who may know: law by law on the rows themselves, and byte by byte on everything one can fetch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import Model

from primum.actions import answer_commitment as answering
from primum.actions import deliver as delivering
from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import NotThere, Refused
from primum.actions.decide import NewDecision, decide
from primum.actions.enter_party import NewTie, enter_tie
from primum.actions.finish import close, finish, lapse
from primum.actions.look import Seen, look
from primum.actions.sheet import SignedSheet
from primum.actions.stop import suspend
from primum.actions.tick import tick
from primum.cases import facts
from primum.cases.models import (
    Activity,
    Advice,
    Assessment,
    Commitment,
    Decision,
    Delivery,
    Entry,
    Ground,
    Line,
    Look,
    Reminder,
    Report,
    ReportParty,
    Ruling,
)
from primum.cases.queries import lists
from primum.cases.queries.activity import activity_page, pulse
from primum.core.vocabulary import Choice, Stakes
from primum.people import door, mission
from primum.people.models import Person, Post
from primum.people.sight import Viewer, viewing
from tests import builders
from tests.builders_promises import finding, step, undertaking, waiver
from tests.builders_sealed import (
    BARRED,
    CLOCK,
    HIGH,
    LOW,
    Fetched,
    asked,
    client_of,
    everything,
    fetched,
    hidden_look,
    masked,
    moved_to,
    newcomer,
    raised,
    report,
    sealed_as,
    seated,
    undone,
)
from tests.cast import NAMES, NOW, viewer
from tests.effects import BEATEN, weigh

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = NOW + timedelta(days=40)
RIGHTS = frozenset({"tomas", "aminata", "ruth", "grace"})
LEADERS = frozenset({"jonas", "helena", "samir"})


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def sees(name: str | Viewer, model: type[Model], **wanted: object) -> bool:
    """Whether somebody sees such a row, by the database's own walls."""
    who = viewer(name) if isinstance(name, str) else name
    with viewing(who):
        return model._default_manager.filter(**wanted).exists()


# Law 8: need to know ---------------------------------------------------------------------------

SEES_SEAL: Mapping[str, frozenset[str]] = {
    "open": frozenset(NAMES),
    "support": frozenset(NAMES),
    "due-diligence": RIGHTS | LEADERS | {"bruno"},
    "decider": RIGHTS | LEADERS | {"bruno"},
    "looks": RIGHTS | LEADERS,
    "protection": frozenset({"tomas", "aminata", "ruth", "peter"}),
    "assessors": frozenset({"tomas", "aminata"}),
    "secretariat": frozenset({"aminata"}),
    "steward": frozenset({"karim", "bruno", "lena"}),
    "vault": frozenset(),
}
"""SETTLED 22 and the cast's table: who of the cast sees a record under which seal."""


class TestSeals:
    @pytest.mark.parametrize("seal", SEES_SEAL)
    def test_a_report_is_seen_by_those_its_seal_names(self, seal: str) -> None:
        """Cast by seal: the report, whom it names, and its line in the ledger follow the seal."""
        party = builders.party()
        key = report(party, seal)
        for name in NAMES:
            wanted = name in SEES_SEAL[seal]
            assert sees(name, Report, id=key) is wanted, name
            assert sees(name, ReportParty, report=key) is wanted, name
            assert sees(name, Entry, record=key) is wanted, name
            with viewing(viewer(name)):
                assert bool(lists.reports_of(viewer(name), party)) is wanted, name
                assert (lists.report_page(viewer(name), key) is not None) is wanted, name

    def test_every_seal_of_the_mission_is_in_the_table(self) -> None:
        """A seal added to the mission folder must be thought about here."""
        assert {seal["code"] for seal in mission.current().seals} == set(SEES_SEAL)

    @pytest.mark.parametrize("seal", ["open", "support", "protection", "secretariat"])
    def test_a_page_of_a_party_does_not_count_what_it_hides(self, seal: str) -> None:
        """Three hidden reports leave a party's page as it was, byte for byte."""
        party = builders.party()
        outside = [
            name for name in ("nadia", "ines", "eva", "karim") if name not in SEES_SEAL[seal]
        ]
        address = f"/parties/{party}/"
        before = {name: fetched(client_of(viewer(name)), address) for name in outside}
        for _ in range(3):
            report(party, seal)
        after = {name: fetched(client_of(viewer(name)), address) for name in outside}
        assert before == after

    def test_a_raised_report_takes_its_traces_along(self) -> None:
        """After a seal is raised, ledger line and reminder are as hidden as the report."""
        key = report(builders.party(), "support", confidence="heard")
        tick(by=door.clock(), now=LATER)
        assert sees("nadia", Entry, record=key)
        assert raised("report", key, "secretariat")
        for name in ("nadia", "lena", "tomas"):
            assert not sees(name, Entry, record=key), name
            assert not sees(name, Reminder, about=key), name
        assert sees("aminata", Entry, record=key)

    def test_parts_of_a_sealed_activity_are_sealed_like_it(self) -> None:
        """Answers about a sealed case are no more open than the case itself."""
        key = asked(seal="protection")
        assess(by=viewer("tomas"), now=NOW, activity=key, answers=dict(LOW))
        assert sees("tomas", Assessment, activity=key)
        assert not sees("samir", Activity, id=key)
        assert not sees("samir", Line, activity=key)
        assert not sees("samir", Assessment, activity=key)
        assert not sees("samir", Ruling, assessment__activity_id=key)

    def test_raising_an_activity_takes_its_parts_along(self) -> None:
        """When an activity is raised, its lines, decisions and ledger are raised with it."""
        case = builders.decided(dict(LOW))
        assert raised("activity", case.activity, "secretariat")
        for model in (Activity, Line, Decision, Assessment, Advice, Look):
            wanted = {"id": case.activity} if model is Activity else {"activity": case.activity}
            assert not sees("jonas", model, **wanted), model.__name__
        assert not sees("jonas", Entry, case=case.activity)


NAMED = ("contingent", "company", "platoon", "helicopters", "commander")


def _named(which: str) -> UUID:
    """A party that the Norland contingent must not read a report about."""
    own = builders.contingent()
    if which == "contingent":
        return own
    if which == "helicopters":
        return builders.party("Norland helicopters", "own_component", contributor_state="Norland")
    if which == "commander":
        person = builders.party("Lt Col Ann Berg", "person")
        builders.tie(person, own, "holds_post")
        return person
    company = builders.party("Norland second company")
    builders.tie(own, company)
    if which == "company":
        return company
    platoon = builders.party("Norland third platoon")
    builders.tie(company, platoon)
    return platoon


class TestNamed:
    """A report is withheld from the party it names and its national posts, whatever the seal."""

    @pytest.mark.parametrize("which", NAMED)
    def test_the_named_do_not_read_it(self, which: str) -> None:
        """Under a seal that Eva's level would allow, a report about her own is not there."""
        key = report(_named(which), "support")
        assert not sees("eva", Report, id=key)
        assert not sees("eva", ReportParty, report=key)
        assert sees("tomas", Report, id=key)
        assert sees("nadia", Report, id=key)

    @pytest.mark.parametrize("which", ["contingent", "company", "platoon"])
    def test_those_above_the_named_do_not_read_it(self, which: str) -> None:
        """The Force's chain stands above the contingent: withheld there too."""
        force = newcomer("force-chief-of-staff")
        key = report(_named(which), "support")
        assert not sees(force, Report, id=key)
        assert sees("samir", Report, id=key)

    @pytest.mark.parametrize("model", [Entry, Reminder])
    def test_no_trace_of_it_is_left_to_the_named(self, model: type[Model]) -> None:
        """Neither a ledger line nor a reminder tells Eva that a report about her own exists."""
        key = report(builders.contingent(), "support", confidence="heard")
        tick(by=door.clock(), now=LATER)
        where = {"record": key} if model is Entry else {"about": key}
        assert sees("tomas", model, **where)
        assert not sees("eva", model, **where)

    def test_a_tie_entered_later_withholds_too(self) -> None:
        """When the company turns out to be Norland's, an older report is withheld as well."""
        own, company = builders.contingent(), builders.party("Second company")
        key = report(company, "support")
        assert sees("eva", Report, id=key)
        enter_tie(by=viewer("tomas"), now=NOW, tie=NewTie(own, company, "commands"))
        assert not sees("eva", Report, id=key)

    def test_eva_fetches_the_same_with_and_without_it(self) -> None:
        """Everything Eva can fetch is the same, byte for byte, whether the report exists or not."""
        told = []
        for filed in (False, True):
            with undone():
                own = builders.contingent()
                if filed:
                    report(own, "support")
                    report(own, "protection")
                told.append(everything(client_of(viewer("eva"))))
        _same(*told)

    def test_other_reports_are_not_withheld(self) -> None:
        """A report on an unrelated unit under the same seal is Eva's to read: the control."""
        assert sees("eva", Report, id=report(builders.party(), "support"))

    def test_her_own_report_about_her_own_is_withheld_as_well(self) -> None:
        """Eva may report her own contingent; reading it is for others."""
        key = report(builders.contingent(), "support", by="eva")
        assert not sees("eva", Report, id=key)
        assert sees("tomas", Report, id=key)


class TestAuditor:
    """The auditor sees process, decisions, clocks and lines of the ledger; no sealed content."""

    def test_process_is_seen(self) -> None:
        """Stages, decisions and who did what when are the auditor's to read."""
        case = builders.decided(dict(HIGH))
        assert sees("lena", Activity, id=case.activity)
        assert sees("lena", Decision, activity=case.activity)
        with viewing(viewer("lena")):
            verbs = set(Entry.objects.filter(case=case.activity).values_list("verb", flat=True))
            shown = activity_page(viewer("lena"), case.activity, NOW)
        assert verbs == {"propose", "weigh_effects", "assess", "advise", "decide"}
        assert shown is not None and shown.decisions and shown.pulse and shown.timeline

    @pytest.mark.parametrize("model", [Assessment, Ruling, Advice, Ground, Look])
    def test_content_is_not_seen(self, model: type[Model]) -> None:
        """Assessments, rulings, advice, reasons and what looks found are not the auditor's."""
        case = builders.decided(dict(HIGH))
        builders.looked(case, NOW)
        assert not sees("lena", model)
        with viewing(viewer("aminata")):
            assert model._default_manager.exists()

    def test_the_auditors_page_shows_no_content(self) -> None:
        """No level, stakes, reasons, recommendation or finding on the auditor's page."""
        case = builders.decided(dict(HIGH))
        with viewing(viewer("lena")):
            shown = activity_page(viewer("lena"), case.activity, NOW)
        assert shown is not None
        assert (shown.ruling, shown.stakes, shown.decider) == (None, "", None)
        assert (shown.assessed_answers, shown.advices, shown.looks) == ((), (), ())
        assert [(d.words, d.recommended, d.against) for d in shown.decisions] == [("", "", False)]

    def test_lines_about_sealed_reports_follow_the_report(self) -> None:
        """A report above component level leaves no line in the auditor's ledger."""
        hidden, shown = report(builders.party(), "protection"), report(builders.party(), "support")
        assert not sees("lena", Entry, record=hidden)
        assert sees("lena", Entry, record=shown)


# Law 6: no oracle ------------------------------------------------------------------------------


def _first_look(activity: UUID) -> Look:
    with viewing(viewer("grace")):
        return Look.objects.filter(activity=activity).order_by("due")[0]


class TestPulse:
    """That a look or a commitment exists is told to whoever sees the case; what it says is not."""

    def test_existence_is_told_to_the_owner(self) -> None:
        """Nadia counts as many looks and commitments as there are, sealed ones included."""
        case = builders.decided(dict(LOW))
        hidden_look(case.activity, LATER)
        with viewing(viewer("aminata")):
            there = Look.objects.filter(activity=case.activity).count()
        with viewing(viewer("nadia")):
            told = [each for each in pulse(case.activity, NOW) if each.kind == "look"]
            assert not Look.objects.filter(activity=case.activity).exists()
        assert len(told) == there > 0

    def test_an_unannounced_look_has_a_month_and_no_day(self) -> None:
        """Whoever might warn the unit learns the month of an unannounced look, never the day."""
        case = builders.decided(dict(LOW))
        hidden_look(case.activity, datetime.fromisoformat("2026-04-17T10:11:12+00:00"))
        with viewing(viewer("nadia")):
            told = [each for each in pulse(case.activity, NOW) if each.unannounced]
        assert told
        assert all((each.due.day, each.due.hour, each.due.minute) == (1, 0, 0) for each in told)

    def test_the_page_shows_no_day_of_an_unannounced_look(self) -> None:
        """No page of Nadia's holds the day a look is due, the end of the lease included."""
        case = builders.decided(dict(LOW))
        due = NOW + timedelta(days=23)
        key = hidden_look(case.activity, due)
        with viewing(viewer("aminata")):
            grace = Look.objects.get(id=key).grace_days
            with connection.cursor() as cursor:
                cursor.execute("SELECT refresh_lease(%s, %s)", [case.activity, NOW])
        text = "".join(each[3] for each in everything(client_of(viewer("nadia"))))
        for day in (due, due + timedelta(days=grace)):
            assert f"{day.day} {day:%B %Y}" not in text
            assert day.date().isoformat() not in text

    def test_content_of_a_look_is_not_told(self) -> None:
        """Nothing grave or something grave, in whatever words: Nadia fetches the same bytes."""
        told = []
        for result, words in FOUND:
            with undone():
                key = _looked(result, words)
                told.append(_transcript(viewer("nadia"), key))
        _same(*told)

    def test_content_of_a_look_is_in_no_row(self) -> None:
        """Nor does a row tell it that Nadia may select, after the clock has run either."""
        told = []
        for result, words in FOUND:
            with undone():
                _looked(result, words)
                tick(by=door.clock(), now=LATER)
                told.append(_rows(viewer("nadia")))
        assert told[0] == told[1]

    def test_a_look_refused_at_the_gate_is_not_told_to_the_requester(self) -> None:
        """Refused access is what a look found: its ledger line is no more open than the look."""
        case = builders.decided(dict(LOW))
        refused = Seen("refused", "visit", {}, "Turned away at the gate (invented).")
        look(by=viewer("grace"), now=NOW, look=_first_look(case.activity).id, seen=refused)
        assert sees("tomas", Entry, case=case.activity, verb="look_refused")
        assert not sees("nadia", Entry, case=case.activity, verb="look_refused")


FOUND = (("nothing_grave", "All in order (invented)."), ("grave", "A child among adults."))


def _looked(result: str, words: str) -> UUID:
    """A request approved and looked at once, with this result."""
    key = _story(LOW, (), "support")
    _go("samir", key, now=NOW + 3 * HOUR)
    first = _first_look(key)
    seen = builders.saw(first, result, words)
    look(by=viewer("grace"), now=NOW + 4 * HOUR, look=first.id, seen=seen)
    return key


def _story(
    answers: Mapping[str, object], reports: tuple[tuple[str, str], ...], position: str
) -> UUID:
    """A request told up to the hour before its decision; returns the activity's key."""
    case = builders.proposed(weighing=False)
    for seal, confidence in reports:
        report(case.party, seal, confidence=confidence)
    # What is foreseen differs with what is answered: a grave harm alone, or nothing much.
    if answers is BARRED:
        weigh(case, BEATEN, now=NOW + HOUR / 2)
    else:
        builders.weighed(case.activity, NOW + HOUR / 2)
    assess(by=viewer("tomas"), now=NOW + HOUR, activity=case.activity, answers=answers)
    advise(
        by=viewer("aminata"),
        now=NOW + 2 * HOUR,
        activity=case.activity,
        position=position,
        words="So.",
    )
    return case.activity


GRAVE, HEARD = ("protection", "reasonable_grounds"), ("protection", "heard")
SECRET = ("secretariat", "plausible")
STORIES: Mapping[str, tuple[Mapping[str, object], tuple[tuple[str, str], ...], str]] = {
    "nothing against it": (LOW, (), "support"),
    "one report": (LOW, (GRAVE,), "support"),
    "one merely heard": (LOW, (HEARD,), "support"),
    "three reports": (LOW, (GRAVE, HEARD, SECRET), "support"),
    "grave, with steps": (HIGH, (), "support"),
    "barred": (BARRED, (), "support"),
    "objection": (LOW, (), "object"),
    "everything": (BARRED, (SECRET, GRAVE, HEARD), "object"),
}
EXTREMES = ("nothing against it", "three reports", "everything")
"""For those who stand further away than the requester: the stories furthest apart."""
PROPOSERS = ("nadia", "ines", "eva", "karim", "lena", "police-chief-of-staff")


def _who(name: str) -> Viewer:
    return newcomer(name) if "-" in name else viewer(name)


ATTEMPTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("assess/", {"q-lethal": "no"}),
    ("advise/", {"position": "support", "words": "x"}),
    ("decide/", {"choice": "go", "words": "x", "until": "2026-04-01"}),
    ("deliver/", {"what": "A box of paper", "line": "KEY"}),
    ("move/suspend/", {"words": "x"}),
    ("move/resume/", {"words": "x"}),
    ("move/finish/", {}),
    ("move/close/", {}),
    ("move/lapse/", {}),
    ("sheet/", {}),
)
"""What a colleague might try on a case, to see what the refusal tells."""


def _transcript(who: Viewer, activity: UUID) -> list[Fetched]:
    """Everything one can fetch, and the answers to everything one can try."""
    client = client_of(who)
    found = everything(client)
    for path, data in ATTEMPTS:
        address = f"/activities/{activity}/{path}"
        found.append(fetched(client, address))
        with undone():
            found.append(fetched(client, address, data))
    found.append(fetched(client, "/activities/export/"))
    return found


def _same(one: list[Fetched], *others: list[Fetched]) -> None:
    """Equal byte for byte; where not, say which page differs and how."""
    for other in others:
        assert [each[:3] for each in one] == [each[:3] for each in other]
        for mine, theirs in zip(one, other, strict=True):
            assert mine[3] == theirs[3], f"{mine[0]} tells the difference"


def _rows(who: Viewer) -> dict[str, list[str]]:
    """Every row of the loop and the register that somebody may select, masked and sorted."""
    found: dict[str, list[str]] = {}
    with viewing(who), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
            " WHERE c.relkind = 'r' AND c.relname ~ '^(cases|register)_' AND NOT a.attisdropped"
            " AND a.attname <> 'salt' AND has_column_privilege(c.oid, a.attnum, 'SELECT')"
            " GROUP BY 1 ORDER BY 1"
        )
        for table, columns in cursor.fetchall():
            cursor.execute(
                f"SELECT ({columns})::text FROM {table}"
                if "," in columns
                else f"SELECT {columns}::text FROM {table}"
            )
            found[table] = sorted(masked(str(row[0])) for row in cursor.fetchall())
    return found


PROMISES: Mapping[str, tuple[tuple[str, ...], bool, bool]] = {
    "none": ((), False, False),
    "nothing": (("nothing",), False, False),
    "convicted": (("investigated", "convicted"), True, False),
    "never": ((), True, False),
    "waived": (("charged",), True, True),
}
"""What was done about a grave finding, whether more was promised, whether it was waived upon."""


def _promised(which: str) -> UUID:
    """A request whose party stands gravely accused, and what the authorities did and promised."""
    steps, promise, waived = PROMISES[which]
    case = builders.proposed()
    about = finding(case.party)
    for kind in steps:
        step(about, case.party, kind)
    if promise:
        undertaking(case.party, days=3, report=about)
    if waived:
        waiver(undertaking(case.party, days=9), days=5)
    return case.activity


class TestNoOracle:
    """Sealed facts swapped, everything else equal: whoever may not know fetches equal bytes."""

    @pytest.mark.parametrize("name", PROPOSERS)
    def test_before_the_decision_nothing_tells_what_was_found(self, name: str) -> None:
        """Reports, answers and advice swapped: every page, refusal and export is the same."""
        told = []
        for story in STORIES if name == "nadia" else EXTREMES:
            with undone():
                key = _story(*STORIES[story])
                told.append(_transcript(_who(name), key))
        assert len(told[0]) > 20
        _same(*told)

    @pytest.mark.parametrize("name", ["nadia", "eva", "lena", "karim"])
    def test_what_the_authorities_did_tells_nothing_either(self, name: str) -> None:
        """Steps, undertakings, waivers swapped, and the clock has run: pages and rows alike."""
        pages, rows = [], []
        for promised in PROMISES:
            with undone(), moved_to(LATER):
                key = _promised(promised)
                tick(by=door.clock(), now=LATER)
                pages.append(_transcript(_who(name), key))
                rows.append(_rows(_who(name)))
        _same(*pages)
        for other in rows[1:]:
            assert [table for table in rows[0] if rows[0][table] != other[table]] == []

    @pytest.mark.parametrize("name", ["samir", "jonas"])
    def test_what_follows_a_sealed_report_tells_the_leadership_nothing(self, name: str) -> None:
        """They read no reports: what was done or promised about one swaps unseen."""
        pages = []
        for promised in ("nothing", "convicted", "never"):
            with undone(), moved_to(LATER):
                key = _promised(promised)
                tick(by=door.clock(), now=LATER)
                pages.append(everything(client_of(_who(name))))
                assert key
        _same(*pages)

    def test_the_readers_of_the_report_do_see_what_followed(self) -> None:
        """The control: to Tomas the same stories differ."""
        pages = []
        for promised in ("nothing", "convicted"):
            with undone(), moved_to(LATER):
                _promised(promised)
                pages.append(everything(client_of(viewer("tomas"))))
        assert pages[0] != pages[1]

    @pytest.mark.parametrize("name", ["nadia", "ines", "police-chief-of-staff"])
    def test_after_the_clock_has_run_neither(self, name: str) -> None:
        """Reminders and escalations, sent to whoever must decide, tell the requester nothing."""
        told = []
        for story in EXTREMES:
            with undone(), moved_to(LATER):
                key = _story(*STORIES[story])
                tick(by=door.clock(), now=LATER)
                told.append(_transcript(_who(name), key))
        _same(*told)

    @pytest.mark.parametrize("name", ["nadia", "ines", "eva", "lena", "police-chief-of-staff"])
    @pytest.mark.parametrize("clock_ran", [False, True])
    def test_the_rows_tell_neither(self, name: str, clock_ran: bool) -> None:
        """Every row one may select with one's own token is the same: no page need be trusted."""
        told = []
        for story in STORIES.values():
            with undone():
                _story(*story)
                if clock_ran:
                    tick(by=door.clock(), now=LATER)
                told.append(_rows(_who(name)))
        for other in told[1:]:
            differing = sorted(table for table in told[0] if told[0][table] != other[table])
            assert differing == []

    def test_a_proposer_who_covers_a_deciders_post_learns_nothing_of_it(self) -> None:
        """On their own case the desk and the leadership's page stay as blind as the case's page."""
        told = []
        for answers in (LOW, BARRED):
            with undone():
                key = _story(answers, (), "support")
                nadia = Person.objects.get(username="nadia")
                cover = seated(nadia, "head-of-office-kodwel", acting=True)
                told.append(_transcript(cover, key))
        _same(*told)

    def test_those_who_may_know_do_see_the_difference(self) -> None:
        """The control: the same comparison for Tomas finds the facts that differ."""
        told = []
        for story in EXTREMES[::2]:
            with undone():
                key = _story(*STORIES[story])
                told.append(_transcript(viewer("tomas"), key))
        assert told[0] != told[1]

    def test_nadia_sees_no_stakes_level_or_decider_before_the_decision(self) -> None:
        """No ruling, no stakes, no name of who decides on the requester's page (law 6)."""
        key = _story(BARRED, (GRAVE,), "object")
        for who in (viewer("nadia"), newcomer("police-chief-of-staff")):
            with viewing(who):
                shown = activity_page(who, key, NOW)
            assert shown is not None
            assert (shown.ruling, shown.stakes, shown.decider) == (None, "", None)
            assert (shown.assessed_answers, shown.advices) == ((), ())

    def test_filing_a_report_answers_alike(self) -> None:
        """Whether a party has a sealed record shows in no answer to whoever files about it."""
        told = []
        for sealed in (False, True):
            with undone():
                party = builders.party()
                if sealed:
                    report(party)
                client = client_of(viewer("nadia"))
                form = {"what": "Heard at the market.", "confidence": "heard"}
                address = f"/reports/new/?party={party}"
                told.append([fetched(client, address), fetched(client, address, form)])
        _same(*told)


# Gates: the truth counts every row, whoever asks -----------------------------------------------


def _codes(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as caught, undone():
        act()
    return {reason.code for reason in caught.value.refusal.reasons}


def _go(by: str, activity: UUID, sheet: str = "", now: datetime = NOW) -> UUID:
    """A yes; with `sheet`, signed by the holder of that post and recorded by `by`."""
    behalf = None
    if sheet:
        behalf = SignedSheet(Post.objects.get(code=sheet).id, "sheet.pdf", b"%PDF-1.7")
    wish = NewDecision(
        Choice.GO,
        "My reasons.",
        against_words="Why I go further than was recommended.",
        until=now + builders.LEASE,
        on_behalf=behalf,
    )
    return decide(by=viewer(by), now=now, activity=activity, decision=wish)


def _done_with(case: builders.Case) -> datetime:
    """Delivered and finished; returns a moment after all watching is over."""
    gift = delivering.NewDelivery(case.line, "The course")
    delivering.deliver(by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift)
    finish(by=viewer("nadia"), now=NOW, activity=case.activity)
    return NOW + timedelta(days=900)


def _owed(activity: UUID) -> Iterator[Look]:
    with viewing(viewer("grace")):
        yield from list(Look.objects.filter(activity=activity, state="open"))


class TestLeastSighted:
    """The same story told by the least-sighted reaches the same stages as by the best-sighted."""

    def test_nobody_closes_over_looks_they_cannot_see(self) -> None:
        """Nadia sees no look, and is refused for the looks all the same, like Tomas."""
        case = builders.decided(dict(LOW))
        end = _done_with(case)
        assert not sees("nadia", Look, activity=case.activity)
        for name in ("nadia", "tomas"):
            codes = _codes(lambda who=name: close(by=viewer(who), now=end, activity=case.activity))  # type: ignore[misc]
            assert codes == {"looks_open"}, name

    def test_one_hidden_look_keeps_a_case_open(self) -> None:
        """A single look under the highest seal stops a close by people who cannot know of it."""
        case = builders.decided(dict(LOW))
        end = _done_with(case)
        hidden = hidden_look(case.activity, NOW)
        for owed in _owed(case.activity):
            look(by=viewer("grace"), now=owed.due, look=owed.id, seen=builders.saw(owed))
        assert not sees("tomas", Look, id=hidden)
        for name in ("nadia", "tomas"):
            with pytest.raises(Refused):
                close(by=viewer(name), now=end, activity=case.activity)
        with viewing(viewer("aminata")):
            Look.objects.filter(id=hidden).update(state="made", made=end)
        close(by=viewer("nadia"), now=end, activity=case.activity)

    def test_a_hidden_look_ends_the_lease(self) -> None:
        """The lease's end counts looks that whoever caused it cannot see."""
        case = builders.decided(dict(LOW))
        former = builders.row(case).lease_end or NOW
        hidden_look(case.activity, NOW + timedelta(days=3))
        for owed in list(_owed(case.activity))[:1]:
            look(by=viewer("grace"), now=NOW, look=owed.id, seen=builders.saw(owed))
        with viewing(viewer("nadia")):
            end = Activity.objects.get(id=case.activity).lease_end
        # To the day, or to the end of its month where an unannounced look must not tell its day.
        assert end is not None
        assert NOW + timedelta(days=3 + 14) <= end <= NOW + timedelta(days=3 + 14 + 31)
        assert end < former

    def test_delivery_waits_for_commitments_one_cannot_see(self) -> None:
        """A commitment before delivery holds the owner back even when its seal is above them."""
        answers = {**LOW, "commander_confirmed": "no"}
        case = builders.decided(answers)
        with viewing(viewer("tomas")):
            owed = Commitment.objects.get(activity=case.activity, timing="before").id
        assert raised("commitment", owed, "secretariat")
        assert not sees("nadia", Commitment, id=owed)
        gift = delivering.NewDelivery(case.line, "The course")
        codes = _codes(
            lambda: delivering.deliver(
                by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift
            )
        )
        assert codes == {"before_open"}

    def test_a_broken_commitment_one_cannot_see_is_counted(self) -> None:
        """An open commitment under a higher seal stops the close, with its number alone."""
        case = builders.decided({**LOW, "detention": "yes", "children_apart": "yes"})
        end = _done_with(case)
        for owed in _owed(case.activity):
            look(by=viewer("grace"), now=owed.due, look=owed.id, seen=builders.saw(owed))
        with viewing(viewer("tomas")):
            keys = list(
                Commitment.objects.filter(activity=case.activity).values_list("id", flat=True)
            )
        for key in keys[1:]:
            answering.answer_commitment(
                by=viewer("tomas"),
                now=NOW,
                commitment=key,
                answer="kept",
                words="Seen.",
                how="visit",
            )
        assert raised("commitment", keys[0], "secretariat")
        codes = _codes(lambda: close(by=viewer("nadia"), now=end, activity=case.activity))
        assert codes == {"commitments_open"}

    def test_the_clock_lapses_what_almost_nobody_sees(self) -> None:
        """A case raised to the highest readable seal lapses like any other."""
        case = builders.decided(dict(LOW))
        assert raised("activity", case.activity, "secretariat")
        tick(by=door.clock(), now=NOW + timedelta(days=100))
        with viewing(viewer("aminata")):
            assert Activity.objects.get(id=case.activity).stage == "lapsed"

    def test_a_hidden_case_is_not_there_rather_than_refused(self) -> None:
        """Whoever cannot see a case is told that there is none, by every verb."""
        case = builders.decided(dict(LOW))
        assert raised("activity", case.activity, "secretariat")
        gift = delivering.NewDelivery(case.line, "x")
        verbs: tuple[Callable[[], object], ...] = (
            lambda: assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers={}),
            lambda: _go("samir", case.activity),
            lambda: suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="x"),
            lambda: close(by=viewer("nadia"), now=NOW, activity=case.activity),
            lambda: finish(by=viewer("nadia"), now=NOW, activity=case.activity),
            lambda: lapse(by=viewer("nadia"), now=NOW, activity=case.activity),
            lambda: delivering.deliver(
                by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift
            ),
        )
        for verb in verbs:
            with pytest.raises(NotThere):
                verb()


class TestDeciding:
    @pytest.mark.parametrize("name", ["nadia", "ines", "eva", "karim", "lena", "peter"])
    def test_a_post_that_does_not_decide_is_told_the_same(self, name: str) -> None:
        """Outside the seal, a refusal does not depend on what was found."""
        told = []
        for answers in (LOW, BARRED):
            with undone():
                case = builders.advised(dict(answers))
                told.append(_codes(lambda key=case.activity: _go(name, key)))  # type: ignore[misc]
        assert told[0] == told[1]

    @pytest.mark.parametrize("name", ["jonas", "helena", "samir"])
    def test_a_decider_from_whom_the_assessment_is_sealed_is_refused(self, name: str) -> None:
        """Seeing less never lets a decider go further: not past a hard stop that nobody passes."""
        case = builders.advised(dict(BARRED))
        assert _codes(lambda: _go(name, case.activity)) >= {"hard_stop"}
        with viewing(viewer("aminata")):
            sealed = Assessment.objects.get(activity=case.activity).id
        assert raised("assessment", sealed, "secretariat")
        assert not sees(name, Assessment, activity=case.activity)
        with pytest.raises(Refused), undone():
            _go(name, case.activity)

    def test_stakes_are_not_lower_for_those_who_see_less(self) -> None:
        """Where the assessment is out of sight the stakes count as the highest there are."""
        with sealed_as("assessment", "secretariat"):
            case = builders.advised(dict(LOW))
        for name in ("jonas", "helena"):
            with viewing(viewer(name)):
                assert facts.stakes_of(case.activity) is Stakes.LEADERSHIP
            with pytest.raises(Refused), undone():
                _go(name, case.activity)


class TestOnBehalf:
    """Bruno records what a leader signed; every gate holds on paper as it does on the screen."""

    def test_advice_is_awaited(self) -> None:
        """A signed yes waits for advice like any other."""
        case = builders.assessed(dict(HIGH))
        assert _codes(lambda: _go("bruno", case.activity, "head-of-mission")) == {"advice_awaited"}

    def test_a_hard_stop_holds(self) -> None:
        """No signature passes what nobody passes."""
        case = builders.advised(dict(BARRED))
        codes = _codes(lambda: _go("bruno", case.activity, "head-of-mission"))
        assert codes == {"hard_stop"}

    @pytest.mark.parametrize("post", ["head-of-office-kodwel", "deputy-head-of-mission"])
    def test_stakes_hold(self, post: str) -> None:
        """A signature from too low a post is refused at the stakes the engine knows."""
        case = builders.advised(dict(HIGH))
        assert "not_your_move" in _codes(lambda: _go("bruno", case.activity, post))

    @pytest.mark.parametrize(
        ("post", "code"),
        [
            ("chief-of-staff", "own_signature"),
            ("due-diligence-officer", "not_your_move"),
            ("auditor", "not_your_move"),
        ],
    )
    def test_a_signature_of_a_post_that_decides_nothing_is_refused(
        self, post: str, code: str
    ) -> None:
        """Not even his own, which is refused as his own hand already."""
        case = builders.advised(dict(LOW))
        assert code in _codes(lambda: _go("bruno", case.activity, post))

    @pytest.mark.parametrize("name", ["nadia", "jonas", "lena", "tomas"])
    def test_nobody_else_records_for_a_leader(self, name: str) -> None:
        """Recording on behalf is one post's duty."""
        case = builders.advised(dict(LOW))
        codes = _codes(lambda: _go(name, case.activity, "head-of-mission"))
        assert codes <= {"not_your_move", "no_assessment"}

    def test_the_leaders_own_former_posts_count(self) -> None:
        """A leader who held the proposing post in the last 90 days signs no yes for it."""
        nadia = Person.objects.get(username="nadia")
        case = builders.advised(dict(LOW))
        _vacated("head-of-office-kodwel")
        seated(nadia, "head-of-office-kodwel")
        codes = _codes(lambda: _go("bruno", case.activity, "head-of-office-kodwel"))
        assert "own_case" in codes

    def test_a_successor_who_held_the_proposing_post_lately_neither(self) -> None:
        """Ninety days of holdings count on paper as they do on the screen."""
        case = builders.advised(dict(LOW))
        nadia = Person.objects.get(username="nadia")
        other = Person.objects.get(username="stranger")
        seated(other, "police-training-officer", acting=True)
        _vacated("head-of-mission")
        seated(other, "head-of-mission")
        assert nadia.id != other.id
        assert "own_case" in _codes(lambda: _go("bruno", case.activity, "head-of-mission"))

    def test_the_same_looks_and_commitments_follow(self) -> None:
        """A yes on paper opens the same looks and commitments as a yes on the screen (law 2)."""
        planned = []
        for by, sheet in (("samir", ""), ("bruno", "head-of-mission")):
            with undone():
                case = builders.advised({**HIGH, "commander_confirmed": "no"})
                _go(by, case.activity, sheet)
                with viewing(viewer("aminata")):
                    looks = Look.objects.filter(activity=case.activity).order_by("due", "plan")
                    owed = Commitment.objects.filter(activity=case.activity).order_by("due", "code")
                    end = Activity.objects.get(id=case.activity).lease_end
                    planned.append(
                        (
                            list(looks.values_list("plan", "due")),
                            list(owed.values_list("code", "due")),
                            end,
                        )
                    )
        assert planned[0][0] and planned[0][1]
        assert planned[0] == planned[1]

    def test_the_same_is_kept_of_why(self) -> None:
        """The assessment decided on, and whether the choice went further, are kept on paper too."""
        kept = []
        for by, sheet in (("samir", ""), ("bruno", "head-of-mission")):
            with undone():
                case = builders.advised({**HIGH, "reprisal_risk": "serious"})
                made = _go(by, case.activity, sheet)
                with viewing(viewer("aminata")):
                    row = Decision.objects.get(id=made)
                    ground = Ground.objects.get(decision=made)
                    kept.append((row.assessment_id is not None, ground.against))
        assert kept[0] == (True, True)
        assert kept[0] == kept[1]

    def test_without_the_assessment_in_sight_nothing_is_recorded(self) -> None:
        """Where the assessment is sealed from the recorder, no signature opens a lease."""
        case = builders.advised(dict(LOW))
        with viewing(viewer("aminata")):
            sealed = Assessment.objects.get(activity=case.activity).id
        assert raised("assessment", sealed, "secretariat")
        assert _codes(lambda: _go("bruno", case.activity, "head-of-mission")) == {"no_assessment"}


def _vacated(code: str) -> None:
    from primum.actions.posts import vacate  # noqa: PLC0415

    vacate(by=viewer("bruno"), now=NOW, post=Post.objects.get(code=code).id)


class TestFacts:
    def test_a_delivery_without_approval_is_recorded_by_the_least_sighted(self) -> None:
        """A fact is never refused for want of sight: recorded as a breach with its clock."""
        case = builders.assessed(dict(BARRED))
        gift = delivering.NewDelivery(case.line, "Given at the gate")
        made = delivering.record_delivery(
            by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift, happened=NOW
        )
        with viewing(viewer("lena")):
            row = Delivery.objects.get(id=made)
        assert row.breach == "before_decision" and row.answer_by is not None

"""Honest counts: what each counts and leaves out, who counts it, and that it opens its list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver, record_delivery
from primum.actions.look import Seen, look
from primum.actions.propose import NewLine
from primum.actions.release import release
from primum.actions.stop import withdraw
from primum.cases.counts import BY_CODE, COUNTS, SECTIONS, Counter
from primum.cases.models import Commitment, Look
from primum.cases.queries import audit as counting
from primum.cases.queries.audit import Cell, Figure, Period, audit, audit_list, figure, may_audit
from primum.cases.queries.leadership import leadership
from primum.core.vocabulary import Choice
from primum.people.sight import viewing
from tests import builders
from tests.builders import CAREFUL, DAY, Case, advised, assessed, decided, met, proposed, yes
from tests.builders_sealed import asked, report, sealed_as
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
ALWAYS = Period()
LATER = NOW + timedelta(days=60)


def counts(name: str = "lena", now: datetime = LATER, period: Period = ALWAYS) -> dict[str, Figure]:
    who = viewer(name)
    with viewing(who):
        return dict(audit(who, period, now).figures)


def listed(
    code: str, name: str = "lena", *, rest: bool = False, now: datetime = LATER
) -> list[UUID]:
    who = viewer(name)
    with viewing(who):
        return [line.case for line in audit_list(who, (code, not rest), ALWAYS, now)]


def said(code: str, name: str = "lena", now: datetime = LATER) -> tuple[int, int]:
    cell = counts(name, now)[code].cell
    return cell.hits, cell.whole


def refused(case: Case, choice: Choice) -> Case:
    wish = yes(choice=choice, until=timedelta(0), told="")
    decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=wish)
    return case


def handed_over(case: Case, at: datetime = NOW) -> Case:
    gift = NewDelivery(case.line, "Handed over")
    record_delivery(by=viewer("nadia"), now=at, activity=case.activity, delivery=gift, happened=at)
    return case


def looks(case: Case) -> list[Look]:
    with viewing(viewer("grace")):
        return list(Look.objects.filter(activity=case.activity).order_by("due"))


class TestTable:
    def test_every_count_is_one_row_with_its_words(self) -> None:
        """A code of its own, a section that is shown, a title, and a name for the rest."""
        assert len(BY_CODE) == len(COUNTS)
        assert {count.section for count in COUNTS} == set(SECTIONS)
        assert all(str(count.title) and str(count.rest) for count in COUNTS)

    def test_every_count_can_be_counted_and_listed(self) -> None:
        """No case at all is nought of nought, and no error."""
        who = viewer("samir")
        with viewing(who):
            for count in COUNTS:
                found = figure(who, count.code, ALWAYS, NOW)
                assert found is not None
                assert found[0].cell == Cell()
                assert audit_list(who, (count.code, True), ALWAYS, NOW) == ()

    def test_what_is_no_count_is_none(self) -> None:
        with viewing(viewer("samir")):
            assert figure(viewer("samir"), "nonsense", ALWAYS, NOW) is None

    def test_what_touches_reports_answers_or_rulings_is_counted_by_sight(self) -> None:
        """SETTLED 12, 20: the engine never counts them."""
        sight = {count.code for count in COUNTS if count.by is Counter.SIGHT}
        assert sight == {"gap", "further", "answers_changed", "harm_answered", "harm_supported"}
        engine = "".join(count.sql for count in COUNTS if count.by is Counter.ENGINE)
        assert "cases_report" not in engine
        assert "cases_ruling" not in engine


class TestAsking:
    def test_before_and_after_the_fact(self) -> None:
        before, after = decided(CAREFUL), proposed()
        handed_over(after)
        handed_over(before, NOW + DAY)
        assert said("asked_before") == (1, 2)
        assert listed("asked_before") == [before.activity]
        assert listed("asked_before", rest=True) == [after.activity]

    def test_changed_by_asking(self) -> None:
        """Conditions, not now and no are changes; a plain go is none."""
        plain, no = advised(CAREFUL), advised(CAREFUL)
        go = yes(choice=Choice.GO)
        decide(by=viewer("samir"), now=NOW, activity=plain.activity, decision=go)
        refused(no, Choice.NO)
        decided(CAREFUL)
        assert said("changed_by_asking") == (2, 3)
        assert said("go") == (1, 3)
        assert said("go_with_conditions") == (1, 3)
        assert said("no") == (1, 3)
        assert said("in_part") == (0, 3)
        assert listed("go") == [plain.activity]

    @pytest.mark.parametrize(
        ("answers", "authorities", "nobody"),
        [
            ({"heard": ["authorities"]}, 1, 0),
            ({"heard": {"answer": ["authorities"]}}, 1, 0),
            ({"heard": ["authorities", "community"]}, 0, 0),
            ({"heard": ["nobody"]}, 0, 1),
            ({"heard": {"unknown": "We did not ask."}}, 0, 1),
            ({}, 0, 1),
        ],
    )
    def test_who_was_heard(self, answers: dict[str, object], authorities: int, nobody: int) -> None:
        proposed(answers=answers)
        assert said("only_authorities") == (authorities, 1)
        assert said("nobody_heard") == (nobody, 1)

    def test_without_a_mandate_objective(self) -> None:
        proposed(mandate_objective="  ")
        assert said("no_mandate") == (1, 1)

    def test_exemptions(self) -> None:
        """Claimed by the proposer: open. Agreed by the assessor: under the assessment's seal."""
        unit = builders.party()
        line = NewLine(unit, "training_advisory", "Course on rights", exempt="rights_training",
                       exempt_because="Human rights alone.")  # fmt: skip
        proposed(lines=(line,))
        assert said("exemptions") == (1, 1)
        assert said("exemptions_agreed") == (0, 1)

    def test_only_what_was_asked_for_in_a_period(self) -> None:
        """From its first day on, and before the day after its last."""
        old = proposed(NOW - 10 * DAY)
        proposed(NOW)
        for period, whole in (
            (Period(None, NOW), 1),
            (Period(NOW - 10 * DAY, NOW), 1),
            (Period(NOW, None), 1),
            (Period(NOW - 10 * DAY, NOW + DAY), 2),
            (Period(NOW + DAY, None), 0),
        ):
            assert counts(period=period)["asked_before"].cell.whole == whole
        with viewing(viewer("lena")):
            lines = audit_list(viewer("lena"), ("asked_before", True), Period(None, NOW), LATER)
        assert [line.case for line in lines] == [old.activity]


class TestDeciding:
    def test_median_hours(self) -> None:
        """Half of the decided cases were faster; what is undecided is said beside."""
        for hours in (2, 10, 30):
            case = advised(CAREFUL)
            at = NOW + timedelta(hours=hours)
            decide(by=viewer("samir"), now=at, activity=case.activity, decision=yes(at))
        proposed()
        found = counts()["hours_to_decide"]
        assert (found.hours, found.cell) == (10.0, Cell(3, 4))

    def test_what_waits_and_for_which_post(self) -> None:
        """Each post has its queue; for whom a decision waits is not told, since it tells why."""
        waiting, ready = proposed(), advised(CAREFUL)
        who = viewer("lena")
        with viewing(who):
            found = figure(who, "waiting", ALWAYS, NOW + 8 * DAY)
            assert found is not None
        groups = {group.id: group for group in found[1]["post"]}
        assert found[0].cell == Cell(2, 2)
        assert groups[builders.post("due-diligence-officer")].cell == Cell(1, 1)
        assert groups[builders.post("due-diligence-officer")].holders == 1
        assert groups[None].cell == Cell(1, 1)
        assert set(groups) == {builders.post("due-diligence-officer"), None}
        assert set(listed("waiting", now=NOW + 8 * DAY)) == {waiting.activity, ready.activity}

    def test_not_now_grows_old(self) -> None:
        refused(advised(CAREFUL), Choice.NOT_NOW)
        assert said("not_now") == (1, 1)
        assert said("not_now_old", now=NOW + 60 * DAY) == (0, 1)
        assert said("not_now_old", now=NOW + 60 * DAY + timedelta(seconds=1)) == (1, 1)

    def test_withdrawn_after_an_objection(self) -> None:
        """An adviser objected; the proposer withdrew. Samir may know which, Lena may not."""
        case = assessed(CAREFUL)
        advise(
            by=viewer("aminata"), now=NOW, activity=case.activity, position="object", words="No."
        )
        withdraw(by=viewer("nadia"), now=NOW + DAY, activity=case.activity, words="As advised.")
        assert said("withdrawn_after_objection", "samir") == (1, 1)
        assert listed("withdrawn_after_objection", "samir") == [case.activity]
        assert counts("lena")["withdrawn_after_objection"].held_back
        assert said("withdrawn_after_objection") == (0, 0)
        assert listed("withdrawn_after_objection") == []
        assert listed("withdrawn_after_objection", rest=True) == []

    def test_the_same_reasons_again(self) -> None:
        decided(CAREFUL)
        decided(CAREFUL)
        assert said("same_reasons", "samir") == (1, 2)
        assert counts("lena")["same_reasons"].held_back

    def test_the_gap_is_counted_by_sight(self) -> None:
        """Recommended one thing, decided another: for those who read ruling and reasons."""
        case = advised(CAREFUL)
        refused(case, Choice.NO)
        decided(CAREFUL)
        with viewing(viewer("samir")):
            found = figure(viewer("samir"), "gap", ALWAYS, LATER)
        assert found is not None
        assert found[0].by == "sight"
        assert found[0].cell == Cell(1, 2)
        assert listed("gap", "samir") == [case.activity]
        assert said("gap", "lena") == (0, 0)
        assert said("further", "samir") == (0, 2)


class TestLooking:
    def test_a_case_is_looked_after_and_a_look_is_made(self) -> None:
        """Before any falls due there is nothing to boast of; then one of two is looked after."""
        seen, unseen = met(decided(CAREFUL)), decided(CAREFUL)
        assert said("looked_after", now=NOW) == (0, 0)
        first = looks(seen)[0]
        answers = {name: builders.ANSWERS[name] for name in first.asks if name in builders.ANSWERS}
        answers |= {name: {"unknown": "not asked"} for name in set(first.asks) - set(answers)}
        made = Seen("nothing_grave", "visit", answers, "Seen.")
        look(by=viewer("grace", first.due), now=first.due, look=first.id, seen=made)
        assert said("looked_after") == (1, 2)
        assert listed("looked_after") == [seen.activity]
        assert listed("looked_after", rest=True) == [unseen.activity]
        assert said("looks_made") == (1, 2)
        overdue = counts()["looks_overdue"].cell
        assert overdue == Cell(1, len(looks(seen)) + len(looks(unseen)) - 1)

    def test_releases_and_states(self) -> None:
        case = builders.on_short()
        with viewing(viewer("tomas")):
            first, second = Commitment.objects.filter(activity=case.activity).order_by("due")
        answer_commitment(
            by=viewer("tomas"), now=NOW, commitment=first.id, answer="broken", words="Seen."
        )
        release(by=viewer("samir"), now=NOW, owed=second.id, words="Not needed.")
        assert said("releases") == (1, 4)
        assert said("commitments_broken") == (1, 2)
        assert said("commitments_released") == (1, 2)
        assert said("commitments_open") == (0, 2)
        assert said("broken_answered") == (0, 1)

    def test_breaches(self) -> None:
        handed_over(proposed())
        deliver_to = met(decided(CAREFUL))
        gift = NewDelivery(deliver_to.line, "Handed over")
        deliver(by=viewer("nadia"), now=NOW, activity=deliver_to.activity, delivery=gift)
        assert said("breaches") == (1, 2)


class TestHarm:
    def test_reports_are_counted_as_far_as_one_reads_them(self) -> None:
        """Tomas reads reports of harm; Lena reads none, and her nought says so."""
        case = proposed()
        report(case.party)
        report(builders.party("Somebody else"), confidence="heard")
        assert said("harm_answered", "tomas") == (1, 2)
        assert said("harm_supported", "tomas") == (1, 2)
        assert said("harm_answered", "lena") == (0, 0)
        assert counts("lena")["harm_answered"].by == "sight"
        assert listed("harm_answered", "lena") == []

    def test_a_report_is_withheld_from_those_it_names(self) -> None:
        """Law 8 holds for a count as for a page: Samir counts one, and the named none."""
        with sealed_as("report", "open"):
            report(builders.contingent())
        assert said("harm_answered", "samir") == (1, 1)
        who = viewer("eva")
        with viewing(who):
            found = figure(who, "harm_answered", ALWAYS, NOW)
        assert found is not None and found[0].cell == Cell()


class TestWhoCounts:
    @pytest.mark.parametrize("name", NAMES)
    def test_auditor_leadership_and_human_rights_read_it(self, name: str) -> None:
        with viewing(viewer(name)):
            readers = {"lena", "samir", "helena", "tomas", "aminata", "ruth", "grace"}
            assert may_audit(viewer(name)) is (name in readers)

    @pytest.mark.parametrize("name", ["nadia", "ines", "eva", "bruno", "karim", "jonas"])
    def test_the_engine_counts_for_nobody_else(self, name: str) -> None:
        """A page that forgot to ask would show nothing."""
        proposed()
        assert said("asked_before", name) == (0, 0)
        assert listed("asked_before", name) == []
        with viewing(viewer(name)), connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit_sums('{asked_before}', NULL, NULL, %s)", [NOW])
            assert cursor.fetchall() == []

    def test_everybody_counts_alike(self) -> None:
        """Looks, commitments and decisions are the same number for all who read it."""
        met(decided(CAREFUL))
        handed_over(proposed())
        process = [
            count.code
            for count in COUNTS
            if count.by is Counter.ENGINE
            and count.code
            not in {"splits", "same_reasons", "exemptions_agreed", "withdrawn_after_objection"}
        ]
        numbers = {name: counts(name) for name in ("lena", "samir", "grace", "aminata")}
        for code in process:
            assert len({str(found[code].cell) for found in numbers.values()}) == 1, code

    def test_what_lies_above_component_level_is_not_counted(self) -> None:
        """A sealed request is in nobody's number: not in its reader's either."""
        asked(seal="secretariat")
        assert said("asked_before", "aminata") == (0, 0)
        assert said("asked_before") == (0, 0)

    def test_the_same_numbers_as_the_leadership_reads(self) -> None:
        """One mission, one truth: the page of the leadership and the audit never differ."""
        met(decided(CAREFUL))
        handed_over(proposed())
        refused(advised(CAREFUL), Choice.NO)
        who = viewer("samir")
        with viewing(who):
            totals = leadership(who, LATER).totals
            found = audit(who, ALWAYS, LATER).figures
        assert Cell(totals.asked_before, totals.asked) == found["asked_before"].cell
        assert Cell(totals.looks_made, totals.looks_due) == found["looks_made"].cell
        assert Cell(totals.broken_answered, totals.broken) == found["broken_answered"].cell
        assert totals.breaches == found["breaches"].cell.hits
        assert totals.lapsed == found["lapsed"].cell.hits
        assert totals.unconfirmed == found["unconfirmed"].cell.hits
        assert totals.disowned == found["disowned"].cell.hits
        assert totals.undecided == found["hours_to_decide"].cell.rest
        assert totals.median_hours == found["hours_to_decide"].hours


class TestLittleIsHidden:
    """What is made of the engine's rows: total or not, hits, whole, and the seen part of both."""

    def told(self, hits: int, whole: int, seen: tuple[int, int], period: Period) -> Figure:
        rows = [(None, True, hits, whole, *seen, None), (UUID(int=1), False, hits, whole, *seen, 1)]
        return counting._figure(BY_CODE["same_reasons"], rows, period)

    def test_many_are_told_and_few_are_not(self) -> None:
        assert self.told(5, 10, (0, 0), ALWAYS).cell == Cell(5, 10)
        assert self.told(4, 10, (0, 0), ALWAYS).cell == Cell(0, 0)
        assert self.told(6, 10, (0, 0), ALWAYS).cell == Cell(0, 0)
        assert self.told(0, 10, (0, 0), ALWAYS).cell == Cell(0, 0)
        assert self.told(8, 30, (4, 5), ALWAYS).cell == Cell(4, 5)
        assert self.told(9, 30, (4, 5), ALWAYS).cell == Cell(9, 30)

    def test_two_periods_do_not_tell_what_lies_between(self) -> None:
        """Of a part of the time only what one reads is counted."""
        found = self.told(50, 100, (1, 2), Period(NOW, None))
        assert (found.cell, found.held_back) == (Cell(1, 2), True)

    def test_no_part_of_it_tells_what_is_hidden(self) -> None:
        """By post, by organisation, by component: of what one may open alone."""
        found = self.told(50, 100, (1, 2), ALWAYS)
        assert found.cell == Cell(50, 100)
        assert found.posts == {UUID(int=1): Cell(1, 2)}


class TestParts:
    @pytest.fixture
    def parts(self) -> Iterator[dict[str, dict[str, Cell]]]:
        decided(CAREFUL)
        who = viewer("lena")
        with viewing(who):
            found = figure(who, "asked_before", ALWAYS, LATER)
        assert found is not None
        yield {
            kind: {group.name["en"]: group.cell for group in groups}
            for kind, groups in found[1].items()
        }

    def test_a_component_that_asked_for_nothing_shows_nought(
        self, parts: dict[str, dict[str, Cell]]
    ) -> None:
        assert parts["component"]["UNISAR Police"] == Cell(1, 1)
        assert parts["component"]["UNISAR Force"] == Cell(0, 0)
        assert "Norland contingent" not in parts["component"]

    def test_organisations_and_posts(self, parts: dict[str, dict[str, Cell]]) -> None:
        assert parts["organisation"] == {"UNISAR Police": Cell(1, 1)}
        assert parts["post"] == {"Police training officer": Cell(1, 1)}


def test_a_list_goes_on_page_by_page() -> None:
    """Behind each page the next, each row once."""
    cases = {asked() for _ in range(52)}
    who = viewer("lena")
    with viewing(who):
        first = audit_list(who, ("asked_before", True), ALWAYS, LATER)
        second = audit_list(who, ("asked_before", True), ALWAYS, LATER, str(first[49].id))
    assert len(first) == 51
    assert {line.case for line in (*first[:50], *second)} == cases
    assert len(second) == 2

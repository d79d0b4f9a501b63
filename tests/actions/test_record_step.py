"""What the authorities did about a report: kept with its evidence, seen as the report is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.base import NotThere
from primum.actions.enter_party import NewTie, enter_tie
from primum.actions.grade_report import grade_report
from primum.cases import facts
from primum.cases.models import AuthorityStep, Entry, Report
from primum.cases.queries import promises as queries
from primum.core.protocol import Range
from primum.core.protocol.credibility import FACTORS, Weighed
from primum.people import door
from primum.people.sight import viewing
from tests.builders import contingent, lines, party, refused, tie
from tests.builders_promises import finding, step
from tests.builders_sealed import raised, report
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RECORD = ("tomas", "aminata", "ruth")


def known(unit: UUID, name: str = "tomas", days: float = 0) -> tuple[str, int, int]:
    """accountability, months without a step, findings under it without one: as somebody sees."""
    who = viewer(name)
    with viewing(who):
        found = facts.party_facts(who, {unit}, NOW + days * DAY)
    idle, below = found["party.months_without_step"], found["party.units_without_steps"]
    assert isinstance(idle, Range) and isinstance(below, Range)
    return str(found["party.accountability"]), int(idle.low), int(below.low)


class TestRecord:
    @pytest.mark.parametrize("name", RECORD)
    def test_record(self, name: str) -> None:
        """Due diligence and human rights write it down; the party's log says so."""
        unit = party()
        key = finding(unit)
        made = step(key, unit, by=name)
        with viewing(door.clock()):
            kept = AuthorityStep.objects.get(id=made)
            assert kept.seal_id == Report.objects.get(id=key).seal_id
        assert (kept.kind, kept.evidenced, kept.day) == ("convicted", True, NOW.date())
        assert lines(unit) == ["report", "weigh_allegation", "record_step"]

    @pytest.mark.parametrize("name", sorted(set(NAMES) - {*RECORD, "grace"}))
    def test_nobody_else(self, name: str) -> None:
        unit = party()
        key = finding(unit)
        with refused("not_your_move"):
            step(key, unit, by=name)

    def test_who_may_not_read_the_report_records_nothing_about_it(self) -> None:
        """Grace verifies, and that report lies above her: to her it is not there."""
        unit = party()
        with pytest.raises(NotThere):
            step(finding(unit), unit, by="grace")
        with pytest.raises(NotThere):
            step(uuid4(), unit)

    def test_a_party_that_the_report_does_not_name(self) -> None:
        with pytest.raises(NotThere):
            step(finding(party()), party("Another"))

    @pytest.mark.parametrize(
        ("wrong", "codes"),
        [
            ({"kind": "apologised"}, ["no_step"]),
            ({"day": (NOW + 2 * DAY).date()}, ["step_ahead"]),
            ({"office": " "}, ["no_office"]),
            ({"evidence": ""}, ["no_evidence"]),
            ({"office": "", "evidence": ""}, ["no_office", "no_evidence"]),
        ],
    )
    def test_what_is_missing_is_said(self, wrong: dict[str, object], codes: list[str]) -> None:
        unit = party()
        key = finding(unit)
        kind = str(wrong.pop("kind", "convicted"))
        with refused(*codes):
            step(key, unit, kind, **wrong)  # type: ignore[arg-type]

    def test_sent_twice_it_is_one(self) -> None:
        unit, key = party(), uuid4()
        about = finding(unit)
        assert step(about, unit, key=key) == step(about, unit, key=key)

    def test_a_merely_heard_report_may_have_steps(self) -> None:
        """It need not be weighed first: what was done is a fact."""
        unit = party()
        about = report(unit, confidence="heard")
        step(about, unit, "investigated")
        who = viewer("tomas")
        with viewing(who):
            assert [s.kind for s in queries.steps_of(who, about)] == ["investigated"]


class TestFacts:
    """Factor (b), route R4, the successor's six months and the way back."""

    def test_without_a_finding_there_is_nothing_to_answer_for(self) -> None:
        unit = party()
        report(unit)
        assert known(unit) == ("no_finding", 0, 0)

    def test_from_none_to_effective(self) -> None:
        unit = party()
        key = finding(unit)
        assert known(unit)[0] == "none"
        step(key, unit, "convicted", evidenced=False)
        step(key, unit, "nothing")
        assert known(unit)[0] == "none"
        step(key, unit, "investigated")
        assert known(unit)[0] == "some"
        step(key, unit, "removed_from_post")
        assert known(unit)[0] == "effective"

    def test_each_finding_takes_its_own_step(self) -> None:
        """Restored only where somebody was held to account for every one."""
        unit = party()
        one, other = finding(unit), finding(unit)
        step(one, unit)
        assert known(unit)[0] == "none"
        step(other, unit)
        assert known(unit)[0] == "effective"

    def test_what_was_done_about_another_party_is_not_done_about_this_one(self) -> None:
        unit, other = party(), party("Another")
        key = finding(unit)
        step(finding(other), other)
        assert known(unit)[0] == "none"
        step(key, unit)
        assert known(unit)[0] == "effective"

    def test_six_months(self) -> None:
        """Whoever commands by then: the clock is the unit's (SETTLED 44)."""
        unit = party()
        key = finding(unit)
        assert known(unit, days=100)[1] == 3
        assert known(unit, days=190)[1] == 6
        later = NOW + 150 * DAY
        step(key, unit, "investigated", now=later, day=later.date())
        assert known(unit, days=190)[1] == 1
        step(key, unit, "convicted", now=later, day=later.date())
        assert known(unit, days=900) == ("effective", 0, 0)

    def test_a_renamed_unit_carries_what_was_not_done(self) -> None:
        """And what was: it is the same unit."""
        old, new = party(), party("Kodwel Security Company")
        key = finding(old)
        tie(old, new, "renamed_to")
        assert known(new, days=190)[:2] == ("none", 6)
        step(key, old)
        assert known(new)[0] == "effective"

    def test_an_authority_answers_for_the_units_under_it(self) -> None:
        """R4: through every level of command, and for no unit that is not below."""
        ministry, force, unit = party("Ministry", "authority"), party("SNPS", "force"), party()
        other = party("Sarrat gendarmerie")
        enter_tie(by=viewer("tomas"), now=NOW, tie=NewTie(ministry, force, "commands"))
        enter_tie(by=viewer("tomas"), now=NOW, tie=NewTie(force, unit, "commands"))
        key = finding(unit)
        finding(other)
        assert known(ministry) == ("no_finding", 0, 1)
        assert known(unit) == ("none", 0, 0)
        step(key, unit, "charged")
        assert known(ministry)[2] == 1
        step(key, unit, "tried")
        assert known(ministry)[2] == 0

    def test_also_for_what_its_units_were_before_they_were_renamed(self) -> None:
        ministry, old, new = party("Ministry", "authority"), party("Old company"), party()
        tie(ministry, new)
        tie(old, new, "renamed_to")
        finding(old)
        assert known(ministry)[2] == 1

    def test_what_is_not_grave_asks_for_no_step(self) -> None:
        unit = party()
        finding(unit, weighing=Weighed("none", "credible", dict.fromkeys(FACTORS, "for")))
        assert known(unit, days=400) == ("no_finding", 0, 0)

    def test_a_refuted_report_asks_for_none(self) -> None:
        unit = party()
        key = finding(unit)
        grade_report(
            by=viewer("tomas"), now=NOW, report=key, confidence="refuted", words="It was not they."
        )
        assert known(unit, days=400) == ("no_finding", 0, 0)


class TestSight:
    """Withheld like the report: no row, no line, no fact, no count."""

    def test_the_step_is_seen_by_those_who_see_the_report(self) -> None:
        unit = party()
        key = finding(unit)
        made = step(key, unit)
        for name in NAMES:
            with viewing(viewer(name)):
                there = Report.objects.filter(id=key).exists()
                assert AuthorityStep.objects.filter(id=made).exists() is there, name
                assert Entry.objects.filter(record=made).exists() is there, name

    @pytest.mark.parametrize("name", ["nadia", "samir", "jonas", "eva", "lena", "grace"])
    def test_facts_tell_the_withheld_nothing(self, name: str) -> None:
        """A finding with steps, one without, or none at all: the same facts."""
        told = []
        for steps in (None, (), ("investigated",), ("convicted",)):
            unit, force = party(), party("SNPS", "force")
            tie(force, unit)
            if steps is not None:
                key = finding(unit)
                for kind in steps:
                    step(key, unit, kind)
            told.append((known(unit, name, 300), known(force, name, 300)))
        assert set(told) == {(("no_finding", 0, 0), ("no_finding", 0, 0))}

    def test_the_named_see_neither_step_nor_line(self) -> None:
        """Under a seal that Eva's level would allow, about her own contingent."""
        own = contingent()
        key = finding(own, "support")
        made = step(key, own)
        with viewing(viewer("eva")):
            assert not AuthorityStep.objects.filter(id=made).exists()
            assert not Entry.objects.filter(case=own).exists()
        assert known(own, "eva") == ("no_finding", 0, 0)
        with viewing(viewer("nadia")):
            assert AuthorityStep.objects.filter(id=made).exists()

    def test_raising_the_report_takes_the_step_along(self) -> None:
        unit = party()
        key = finding(unit)
        made = step(key, unit)
        assert raised("report", key, "secretariat")
        with viewing(viewer("tomas")):
            assert not AuthorityStep.objects.filter(id=made).exists()
            assert not Entry.objects.filter(case=unit).exists()
        assert known(unit) == ("no_finding", 0, 0)
        assert known(unit, "aminata")[0] == "effective"

    def test_no_page_of_the_party_counts_what_it_hides(self) -> None:
        unit = party()
        step(finding(unit), unit)
        who = viewer("samir")
        with viewing(who):
            shown = queries.of_party(who, unit, NOW + 300 * DAY, 10)
        assert (shown.steps, shown.accountability, shown.idle_months) == ((), "no_finding", 0)

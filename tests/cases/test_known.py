"""What did we know, when: as of a moment from the rows' own dates, and apart what came after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings

from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.grade_report import grade_report
from primum.actions.look import Seen, look
from primum.actions.stop import suspend
from primum.cases.models import Commitment, Look
from primum.cases.queries.known import Event, Known, known
from primum.people.sight import viewing
from tests import builders
from tests.builders import CAREFUL, DAY, GRAVE, Case, decided, on_short, proposed, reasoned
from tests.builders_sealed import CLOCK, asked, client_of, moved_to, report
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=60)


def as_of(case: Case, days: float, name: str = "tomas") -> Known:
    who = viewer(name)
    with viewing(who):
        found = known(who, case.activity, NOW + timedelta(days=days), LATER)
    assert found is not None
    return found


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.kind for event in events]


class TestMoment:
    def test_each_thing_is_known_from_its_own_moment(self) -> None:
        """Proposed and decided on the day; a report, a suspension and a look each on its day."""
        case = on_short()
        report(case.party, now=NOW + 3 * DAY)
        at = NOW + 5 * DAY
        suspend(by=viewer("samir", at), now=at, activity=case.activity, words="Until seen.")
        assert kinds(as_of(case, -1).by_then) == []
        assert sorted(kinds(as_of(case, 0).by_then)) == ["assess", "decide", "propose"]
        assert sorted(kinds(as_of(case, 0).after)) == ["report", "suspend"]
        assert kinds(as_of(case, 3).after) == ["suspend"]
        assert kinds(as_of(case, 5).after) == []
        assert as_of(case, 5).decisions == (NOW, at)

    def test_nothing_is_lost_between_the_two(self) -> None:
        """Whatever the moment, what was known and what came after are together everything."""
        case = on_short()
        report(case.party, now=NOW + 3 * DAY)
        whole = sorted(map(str, (*as_of(case, 99).by_then,)))
        for days in (-1, 0, 2, 3, 4):
            found = as_of(case, days)
            assert sorted(map(str, (*found.by_then, *found.after))) == whole

    def test_heard_before_and_written_down_after_was_not_known(self) -> None:
        """We know from when it is written down. When it was heard stands beside it."""
        case = decided(CAREFUL)
        report(case.party, now=NOW + 9 * DAY, heard=NOW - DAY)
        found = as_of(case, 2)
        (late,) = [event for event in found.after if event.kind == "report"]
        assert late.since == NOW - DAY

    def test_how_sure_somebody_was_is_known_from_when_they_said_so(self) -> None:
        case = decided(CAREFUL)
        key = report(case.party, confidence="heard", now=NOW + DAY)
        at = NOW + 4 * DAY
        grade_report(
            by=viewer("tomas", at), now=at, report=key, confidence="plausible", words="Two agree."
        )
        assert "grade" not in kinds(as_of(case, 3).by_then)
        (said,) = [event for event in as_of(case, 4).by_then if event.kind == "grade"]
        assert said.words == "Two agree."

    def test_the_ruling_is_the_one_kept_then(self) -> None:
        """Assessed anew and gravely since: the first day still reads as it did."""
        case = builders.assessed(CAREFUL)
        at = NOW + 2 * DAY
        assess(by=viewer("tomas", at), now=at, activity=case.activity, answers=reasoned(GRAVE))
        first, second = as_of(case, 1).ruling, as_of(case, 3).ruling
        assert first is not None and second is not None
        assert first.highest < second.highest
        assert as_of(case, -1).ruling is None
        answers = {str(ask["en"]): given for ask, given in as_of(case, 1).assessed}
        assert answers != {str(ask["en"]): given for ask, given in as_of(case, 3).assessed}

    def test_looks_made_and_looks_missed(self) -> None:
        """An attempt at a shut gate is one event, the look made later another."""
        case = on_short()
        with viewing(viewer("grace")):
            first = Look.objects.filter(activity=case.activity).order_by("due")[0].id
        shut, made = NOW + 21 * DAY, NOW + 23 * DAY
        look(
            by=viewer("grace", shut), now=shut, look=first, seen=Seen("refused", "visit", {}, "No.")
        )
        seen = Seen("grave", "visit", {"suffered": "yes"}, "Three are held.")
        look(by=viewer("grace", made), now=made, look=first, seen=seen)
        before = as_of(case, 22)
        assert [event.code for event in before.by_then if event.kind == "look_refused"] == [
            "refused"
        ]
        assert len(before.missed) == 1
        after = as_of(case, 24)
        made_then = [event for event in after.by_then if event.kind == "look"]
        assert [(event.code, event.words) for event in made_then] == [("grave", "Three are held.")]
        assert after.missed == ()

    def test_each_answer_to_a_commitment(self) -> None:
        """What supersedes does not replace: broken first, kept later, each on its day."""
        case = on_short()
        with viewing(viewer("tomas")):
            owed = Commitment.objects.get(activity=case.activity, timing="before").id
        for days, answer in ((1, "broken"), (4, "kept")):
            at = NOW + days * DAY
            answer_commitment(
                by=viewer("tomas", at), now=at, commitment=owed, answer=answer, words="Seen."
            )
        answered = [event.code for event in as_of(case, 2).by_then if event.kind == "answer"]
        assert answered == ["broken"]
        answered = [event.code for event in as_of(case, 5).by_then if event.kind == "answer"]
        assert answered == ["broken", "kept"]


class TestSight:
    def test_the_proposer_reads_nothing_of_what_was_found(self) -> None:
        """Her own answers and the decision; no assessment, no ruling, no report (law 6)."""
        case = decided(CAREFUL)
        report(case.party, now=NOW + DAY)
        found = as_of(case, 9, "nadia")
        assert sorted(kinds(found.by_then)) == ["decide", "propose"]
        assert found.ruling is None
        assert found.assessed == ()
        assert all(not event.words for event in found.by_then)

    def test_a_sealed_report_changes_nothing_for_who_does_not_read_it(self) -> None:
        case = decided(CAREFUL)
        before = [as_of(case, days, "helena") for days in (0, 9)]
        report(case.party, now=NOW + DAY)
        assert [as_of(case, days, "helena") for days in (0, 9)] == before

    def test_each_reads_the_ruling_kept_for_those_like_them(self) -> None:
        case = decided(CAREFUL)
        assert as_of(case, 1, "lena").ruling is None
        assert as_of(case, 1, "samir").ruling is not None

    def test_a_hidden_case_is_none(self) -> None:
        key = asked(seal="secretariat")
        with viewing(viewer("helena")):
            assert known(viewer("helena"), key, NOW, NOW) is None


class TestPage:
    @pytest.fixture(autouse=True)
    def _clock(self, settings: LazySettings) -> None:
        settings.CLOCK = CLOCK

    def test_it_sets_apart_what_came_after(self) -> None:
        case = decided(CAREFUL)
        report(case.party, now=NOW + 3 * DAY)
        with moved_to(LATER):
            client = client_of(viewer("tomas"))
            address = f"/activities/{case.activity}/known/"
            text = client.get(f"{address}?on=2026-03-04").content.decode()
            then, _, after = text.partition("Came after")
            assert "Three people were beaten" in after
            assert "Three people were beaten" not in then
            text = client.get(f"{address}?on=2026-03-05").content.decode()
            then, _, after = text.partition("Came after")
            assert "Three people were beaten" in then

    @pytest.mark.parametrize("on", ["", "2026-13-45", "2099-01-01"])
    def test_a_day_that_is_none_or_still_to_come(self, on: str) -> None:
        """Nobody knows tomorrow's; a wrong day is named."""
        case = proposed()
        client = client_of(viewer("tomas"))
        answer = client.get(f"/activities/{case.activity}/known/?on={on}")
        assert answer.status_code == (422 if on == "2026-13-45" else 200)
        assert "2 March 2026, 09:00" in answer.content.decode()

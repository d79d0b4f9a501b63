"""A waiver: reasoned, dated, upon an undertaking, by the leadership alone, and it opens nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.answer_undertaking import answer_undertaking
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import NewDecision, decide
from primum.actions.publish_protocol import install_protocol
from primum.actions.tick import tick
from primum.actions.waive import end_waiver
from primum.cases.models import Entry, Reminder, Waiver
from primum.cases.queries import due
from primum.cases.queries import promises as queries
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    Case,
    advised,
    emptied,
    held,
    lines,
    party,
    post,
    proposed,
    refused,
    yes,
)
from tests.builders_promises import finding, undertaking, waiver
from tests.builders_sealed import raised, seated
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WORDS = "They did not do it."

STOPPED = """
protocol: gate-course
title: {en: A course at the gate}
languages: [en]
questions:
  - {id: gate, section: harm, ask: {en: Is the gate shut to us?}, kind: yes_no, required: yes}
  - {id: never, section: harm, ask: {en: Is torture ahead?}, kind: yes_no, required: yes}
  - {id: suffered, section: happened, ask: {en: Has anyone suffered?}, kind: yes_no}
rules:
  - {id: shut, when: gate == yes, level: high, says: {en: The gate is shut.}, cites: a note}
  - {id: torture, when: never == yes, level: barred, says: {en: Torture.}, cites: a note}
hard_stops:
  - {rule: shut, passable_by: leadership, needs_waiver: yes}
  - {rule: torture, passable_by: nobody}
looks:
  - {id: early, title: {en: Early}, by: field_monitor, after: 20d, grace: 5d, method: [visit],
     asks: [suffered]}
assesses: assesses
advises: advises
decides: {ordinary: decides_ordinary, high: decides_high, leadership: decides_leadership}
lease: 90d
watch: 30d
"""


def row(key: UUID) -> Waiver:
    with viewing(door.clock()):
        return Waiver.objects.get(id=key)


def stands(key: UUID, days: float = 0) -> bool:
    with viewing(door.clock()):
        found = Waiver.objects.select_related("undertaking").get(id=key)
        return found.stands(NOW + days * DAY)


def failed(rests_on: UUID, said: str = "broken", days: float = 5) -> None:
    now = NOW + days * DAY
    answer_undertaking(
        by=viewer("tomas"), now=now, undertaking=rests_on, answer=said, words="Nothing was done."
    )


def waiting(name: str, days: float = 0) -> list[str]:
    now = NOW + days * DAY
    who = viewer(name)
    with viewing(who):
        return [item.kind for items in due.desk(who, now).values() for item in items]


def gate(**answers: str) -> Case:
    """A request that a hard stop stands against, with its advice given."""
    protocol = install_protocol(by=door.clock(), now=NOW, text=STOPPED, filename="gate.yaml")
    case = proposed(protocols=(protocol,))
    given = {"gate": "yes", "never": "no", **answers}
    assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=given)
    advise(by=viewer("aminata"), now=NOW, activity=case.activity, position="object", words="Shut.")
    return case


class TestGive:
    def test_give(self) -> None:
        unit = party()
        key = waiver(undertaking(unit))
        kept = row(key)
        assert (kept.party_id, kept.kind, kept.words) == (unit, "hard_stop", "They named a date.")
        assert kept.by.post_id == post("head-of-mission")
        assert stands(key) and not stands(key, 20)
        assert lines(unit) == ["record_undertaking", "waive"]

    @pytest.mark.parametrize("name", sorted(set(NAMES) - {"samir"}))
    def test_the_leadership_alone(self, name: str) -> None:
        key = undertaking(party())
        with refused("not_your_move"):
            waiver(key, by=name)

    @pytest.mark.parametrize(
        ("wrong", "code"),
        [
            ({"kind": "torture"}, "no_kind"),
            ({"words": "  "}, "no_reasons"),
            ({"days": -1}, "until_past"),
            ({"days": 45}, "until_after_undertaking"),
        ],
    )
    def test_wrong_input(self, wrong: dict[str, object], code: str) -> None:
        key = undertaking(party())
        with refused(code):
            waiver(key, **wrong)  # type: ignore[arg-type]

    def test_it_ends_with_its_undertaking_and_its_grace(self) -> None:
        """Due in 30 days with 14 of grace: 44 days, and not an hour more."""
        key = undertaking(party())
        assert stands(waiver(key, days=44))
        strict = undertaking(party("Another"), grace_days=0)
        with refused("until_after_undertaking"):
            waiver(strict, days=31)

    def test_there_is_none_without_an_undertaking(self) -> None:
        with pytest.raises(NotThere):
            waiver(uuid4())

    @pytest.mark.parametrize("said", ["broken", "lapsed"])
    def test_nothing_rests_on_what_failed(self, said: str) -> None:
        key = undertaking(party(), days=4)
        failed(key, said)
        with refused("undertaking_failed"):
            waiver(key, now=NOW + 6 * DAY, days=2)

    def test_on_what_answers_a_sealed_report_the_leadership_rests_nothing(self) -> None:
        """What Samir may not know of he cannot waive upon: it is not there."""
        unit = party()
        key = undertaking(unit, report=finding(unit))
        with pytest.raises(NotThere):
            waiver(key)

    def test_for_one_request_and_one_line(self) -> None:
        case = advised(CAREFUL)
        key = waiver(undertaking(case.party), activity=case.activity, line=case.line)
        assert (row(key).activity_id, row(key).line_id) == (case.activity, case.line)
        other = advised(CAREFUL)
        with pytest.raises(NotThere):
            waiver(undertaking(case.party), activity=other.activity)
        with pytest.raises(NotThere):
            waiver(undertaking(case.party), activity=case.activity, line=other.line)

    def test_sent_twice_it_is_one(self) -> None:
        rests_on, key = undertaking(party()), uuid4()
        assert waiver(rests_on, key=key) == waiver(rests_on, key=key)

    @pytest.mark.parametrize("whole", [True, False])
    def test_not_in_ones_own_case(self, whole: bool) -> None:
        """Samir covered the requesting post last month: he waives nothing that it asks for."""
        case = advised(CAREFUL)
        held("samir", "police-training-officer", NOW - 40 * DAY, NOW - 10 * DAY)
        rests_on = undertaking(case.party)
        with refused("own_case"):
            waiver(rests_on, activity=None if whole else case.activity)

    def test_the_work_of_the_empty_chair_is_no_waiver_of_the_deputy(self) -> None:
        """Nobody leads: nobody waives, until the chair is filled."""
        key = undertaking(party())
        emptied("head-of-mission")
        with refused("not_your_move"):
            waiver(key, by="helena")


class TestOver:
    """Past its day, taken back, or its undertaking failed: it counts no more, and the desk says."""

    @pytest.mark.parametrize("said", ["broken", "lapsed"])
    def test_when_the_undertaking_fails(self, said: str) -> None:
        rests_on = undertaking(party(), days=4)
        key = waiver(rests_on, days=10)
        assert "waiver_over" not in waiting("samir", 4)
        failed(rests_on, said)
        assert not stands(key, 5)
        assert waiting("samir", 5) == ["waiver_over"]
        assert "waiver_over" not in waiting("helena", 5) + waiting("tomas", 5)

    def test_met_after_all_it_does_not_come_back(self) -> None:
        rests_on = undertaking(party())
        key = waiver(rests_on)
        failed(rests_on)
        failed(rests_on, "kept", 6)
        assert not stands(key, 7)
        assert stands(waiver(rests_on, now=NOW + 8 * DAY), 9)

    @pytest.mark.parametrize("said", ["kept", "partly_kept"])
    def test_while_it_is_kept_it_counts(self, said: str) -> None:
        rests_on = undertaking(party())
        key = waiver(rests_on)
        failed(rests_on, said)
        assert stands(key, 6)

    def test_when_its_day_has_come(self) -> None:
        waiver(undertaking(party()), days=3)
        assert "waiver_over" not in waiting("samir", 2)
        assert waiting("samir", 4) == ["waiver_over"]

    def test_the_leadership_says_what_follows(self) -> None:
        unit = party()
        key = waiver(undertaking(unit), days=3)
        end_waiver(by=viewer("samir"), now=NOW + 4 * DAY, waiver=key, words="Support stops.")
        assert "waiver_over" not in waiting("samir", 5)
        assert (row(key).ended, row(key).ended_words) == (NOW + 4 * DAY, "Support stops.")
        assert lines(unit)[-1] == "end_waiver"
        with refused("answered"):
            end_waiver(by=viewer("samir"), now=NOW + 5 * DAY, waiver=key, words="Again.")

    def test_it_may_be_taken_back(self) -> None:
        key = waiver(undertaking(party()))
        end_waiver(by=viewer("samir"), now=NOW + DAY, waiver=key, words="A new report.")
        assert not stands(key, 2)

    def test_only_with_words_by_the_leadership_and_where_it_is(self) -> None:
        key = waiver(undertaking(party()))
        with refused("no_reasons"):
            end_waiver(by=viewer("samir"), now=NOW, waiver=key, words="")
        with refused("not_your_move"):
            end_waiver(by=viewer("helena"), now=NOW, waiver=key, words=WORDS)
        with pytest.raises(NotThere):
            end_waiver(by=viewer("samir"), now=NOW, waiver=uuid4(), words=WORDS)

    def test_the_clock_reminds_once(self) -> None:
        rests_on = undertaking(party())
        waiver(rests_on, days=3)
        for _ in range(2):
            tick(by=door.clock(), now=NOW + 4 * DAY)
        with viewing(viewer("samir")):
            told = Reminder.objects.filter(about=rests_on, what="waiver_over")
            assert [each.post_id for each in told] == [post("head-of-mission")]


class TestBesideADecision:
    """It is required in addition where the protocol says so, and turns nothing into a yes."""

    def test_without_one_the_stop_is_not_passed(self) -> None:
        case = gate()
        with refused("no_waiver"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    @pytest.mark.parametrize("own", [True, False])
    def test_with_one_the_leadership_decides(self, own: bool) -> None:
        case = gate()
        activity = case.activity if own else None
        waiver(undertaking(case.party), activity=activity)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    @pytest.mark.parametrize("kind", ["officer", "unit"])
    def test_a_waiver_of_something_else_does_not_help(self, kind: str) -> None:
        case = gate()
        waiver(undertaking(case.party), kind=kind)
        with refused("no_waiver"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    def test_nor_one_for_another_request_or_party(self) -> None:
        case, other = gate(), advised(CAREFUL)
        waiver(undertaking(other.party), activity=other.activity)
        waiver(undertaking(party("Another")))
        with refused("no_waiver"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    def test_nor_one_that_is_over(self) -> None:
        case = gate()
        rests_on = undertaking(case.party)
        waiver(rests_on)
        failed(rests_on, days=0)
        with refused("no_waiver"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    @pytest.mark.parametrize("choice", [Choice.NO, Choice.NOT_NOW])
    def test_no_costs_no_waiver(self, choice: Choice) -> None:
        case = gate()
        review = NOW + 20 * DAY if choice is Choice.NOT_NOW else None
        wish = NewDecision(choice, "The gate is shut.", review_by=review)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=wish)

    def test_nobody_passes_what_nobody_may_pass(self) -> None:
        """Waivers for all there is, and the stop stands."""
        case = gate(never="yes")
        for kind in ("hard_stop", "officer", "unit"):
            waiver(undertaking(case.party), kind=kind)
        with refused("hard_stop"):
            decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes())

    def test_it_decides_for_nobody_below(self) -> None:
        """A waiver does not lower the stakes: the deputy still may not."""
        case = gate()
        waiver(undertaking(case.party))
        with refused("not_your_move", "hard_stop_leadership"):
            decide(by=viewer("helena"), now=NOW, activity=case.activity, decision=yes())

    def test_they_are_shown_beside_the_form_and_counted(self) -> None:
        case = gate()
        rests_on = undertaking(case.party)
        first = waiver(rests_on, days=2)
        waiver(rests_on, kind="officer", activity=case.activity)
        who = viewer("samir")
        with viewing(who):
            beside = queries.beside_decision(who, case.activity, NOW + 3 * DAY)
            shown = queries.of_party(who, case.party, NOW + 3 * DAY, 10)
        assert [(w.kind, w.stands) for w in beside] == [("officer", True), ("hard_stop", False)]
        assert (shown.waived, shown.standing) == (2, 1)
        assert first in {w.id for w in beside}


class TestSight:
    def test_seen_by_those_who_read_reasons(self) -> None:
        unit = party()
        key = waiver(undertaking(unit))
        readers = {"tomas", "aminata", "ruth", "grace", "jonas", "helena", "samir", "bruno"}
        for name in NAMES:
            with viewing(viewer(name)):
                assert Waiver.objects.filter(id=key).exists() is (name in readers), name
                assert Entry.objects.filter(record=key).exists() is (name in readers), name

    def test_it_goes_along_when_its_request_is_raised(self) -> None:
        case = advised(CAREFUL)
        key = waiver(undertaking(case.party), activity=case.activity)
        assert raised("activity", case.activity, "secretariat")
        with viewing(viewer("jonas")):
            assert not Waiver.objects.filter(id=key).exists()
            assert not Entry.objects.filter(record=key).exists()

    def test_a_newcomer_who_leads_sees_what_waits(self) -> None:
        """The chair, not the person: whoever leads next is told."""
        from primum.people.models import Person  # noqa: PLC0415

        waiver(undertaking(party()), days=1)
        emptied("head-of-mission")
        stranger = Person.objects.get(username="stranger")
        who = seated(stranger, "head-of-mission", NOW + DAY)
        with viewing(who):
            lists = due.desk(who, NOW + 2 * DAY)
        assert "waiver_over" in {item.kind for items in lists.values() for item in items}

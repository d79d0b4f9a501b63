"""The control rules C1 to C8: each refuses an authorisation, and records the fact as a breach.

Law 1 and the rules are one: what may not be done is refused; what was done is written down.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import Beside, assess
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, answer_breach, deliver, record_delivery
from primum.actions.enter_party import NewTie, enter_tie
from primum.actions.finish import close, finish
from primum.actions.propose import Emergency, NewLine
from primum.actions.publish_protocol import install_protocol
from primum.actions.stop import NewStop, suspend, suspend_scope
from primum.cases import facts
from primum.cases.models import Assessment, Delivery
from primum.cases.queries.due import DueItem, desk, due_items
from primum.core.protocol import AnswerError
from primum.core.vocabulary import Choice
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register.models import Tie
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    LEASE_END,
    SHORT,
    Case,
    advised,
    assessed,
    commitments,
    decided,
    delivered,
    lines,
    looked,
    looks,
    met,
    on_short,
    party,
    post,
    proposed,
    reasoned,
    refused,
    stage,
    tie,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def give(case: Case, now: datetime = NOW) -> UUID:
    wish = NewDelivery(case.line, "Pens")
    return deliver(by=viewer("nadia", now), now=now, activity=case.activity, delivery=wish)


def note(case: Case, happened: datetime, now: datetime | None = None) -> Delivery:
    """What a delivery of that moment is recorded as."""
    at = now or happened
    wish = NewDelivery(case.line, "Pens")
    key = record_delivery(
        by=viewer("nadia", at), now=at, activity=case.activity, delivery=wish, happened=happened
    )
    return delivered(key)


def waits(name: str, case: Case, now: datetime) -> list[str]:
    """The kinds of things about this case on somebody's desk."""
    who = viewer(name, now)
    with viewing(who):
        items = [item for part in desk(who, now).values() for item in part]
    return sorted(item.kind for item in items if item.case == case.activity)


def item(name: str, case: Case, kind: str, now: datetime) -> DueItem:
    with viewing(viewer(name, now)):
        found = due_items(viewer(name, now), now)
    return next(each for each in found if each.case == case.activity and each.kind == kind)


def test_c1_nothing_is_delivered_before_an_approving_decision() -> None:
    """Proposed, assessed, advised, refused: the delivery is refused, and given it is a breach."""
    no = advised(CAREFUL)
    decide(by=viewer("samir"), now=NOW, activity=no.activity, decision=yes(choice=Choice.NO))
    for case in (proposed(), assessed(CAREFUL), advised(CAREFUL), no):
        with refused("wrong_stage"):
            give(case)
        made = note(case, NOW + HOUR)
        assert made.breach == "before_decision"
        assert made.answer_post_id == post("head-of-mission")
        assert lines(case.activity)[-1] == "record_breach"


def test_c2_nothing_is_delivered_after_the_end() -> None:
    """At the very end it is refused; what was given then has a clock and a post of its own."""
    case = under_way()
    with refused("lease_ended"):
        give(case, LEASE_END)
    made = note(case, LEASE_END)
    assert made.breach == "after_end"
    assert made.answer_by == LEASE_END + 10 * DAY
    assert made.answer_post_id == post("head-of-mission")


class TestC3:
    """A change of commander or unit reopens the check."""

    CHANGED, LEARNED = "2026-03-10", NOW + 15 * DAY
    """Day 8, and when the register learned of it."""

    def commanded(self) -> Case:
        """Under way for a unit whose commander was known when it was decided on."""
        case = under_way()
        self.posted(case, "Imre Talvane", "2026-01", NOW)
        return case

    def posted(self, case: Case, name: str, first: str, now: datetime) -> None:
        wish = NewTie(party(name, "person"), case.party, "holds_post", "Commander", first=first)
        enter_tie(by=viewer("tomas", now), now=now, tie=wish)

    def changed(self, case: Case) -> None:
        self.posted(case, "Osk Derrin", self.CHANGED, self.LEARNED)

    def reviewed(self, case: Case, now: datetime, **more: object) -> None:
        answers = {
            **reasoned(CAREFUL),
            "assessment_kind": "review",
            "what_is_new": ["new_commander"],
            "under_way": "no_information",
            **more,
        }
        assess(
            by=viewer("tomas", now),
            now=now,
            activity=case.activity,
            answers=reasoned(answers),
            beside=Beside(still=tuple(answers)),
        )

    def advised(self, case: Case, now: datetime) -> None:
        said = {"position": "support_with_conditions", "words": "The new officer is known."}
        advise(by=viewer("aminata", now), now=now, activity=case.activity, **said)

    def test_who_was_there_before_changes_nothing(self) -> None:
        """A commander entered late, but in post since before it was asked for, is no change."""
        case = self.commanded()
        give(case, NOW + DAY)
        assert waits("nadia", case, NOW + DAY) == []

    def test_after_notice_it_is_refused_and_a_breach(self) -> None:
        case = self.commanded()
        self.changed(case)
        after = self.LEARNED + DAY
        with refused("command_changed") as reasons:
            give(case, after)
        assert "10 March 2026" in str(reasons[0])
        made = note(case, after)
        assert (made.breach, made.exposure) == ("command_changed", "")
        assert made.answer_by is not None and made.answer_post_id == post("head-of-mission")

    def test_before_anybody_could_know_it_is_an_exposure(self) -> None:
        """SETTLED 41: no breach, and not nothing: two outcomes, told apart."""
        case = self.commanded()
        self.changed(case)
        before, meanwhile = NOW + 7 * DAY, NOW + 9 * DAY
        made = note(case, meanwhile, self.LEARNED + DAY)
        assert (made.breach, made.exposure, made.answer_by) == ("", "command_changed", None)
        made = note(case, before, self.LEARNED + DAY)
        assert (made.breach, made.exposure) == ("", "")

    def test_what_was_recorded_before_the_notice_is_noted_with_it(self) -> None:
        """The delivery stood as covered until the register learned who commanded that day."""
        case = self.commanded()
        key = give(case, NOW + 9 * DAY)
        assert delivered(key).exposure == ""
        self.changed(case)
        assert (delivered(key).breach, delivered(key).exposure) == ("", "command_changed")
        assert lines(case.activity)[-1] == "expose"

    def test_the_desks_of_owner_and_assessor_say_so(self) -> None:
        """The owner delivers nothing, the assessor owes a review; then advice and a decision."""
        case = self.commanded()
        assert waits("tomas", case, NOW + 14 * DAY) == waits("nadia", case, NOW + 14 * DAY) == []
        self.changed(case)
        now = self.LEARNED + DAY
        assert "reopened" in waits("nadia", case, now)
        assert "review" in waits("tomas", case, now)
        assert item("tomas", case, "review", now).due == self.LEARNED + 5 * DAY
        self.reviewed(case, now)
        assert "review" not in waits("tomas", case, now)
        assert waits("aminata", case, now) == ["advise"]
        assert waits("helena", case, now) == ["decide"]
        assert "reopened" in waits("nadia", case, now)

    def test_until_somebody_has_decided_on_the_review(self) -> None:
        """Assessed is not approved: late is not yes. With the decision it goes on."""
        case = self.commanded()
        self.changed(case)
        now = self.LEARNED + 2 * DAY
        self.reviewed(case, now)
        self.advised(case, now)
        with viewing(viewer("tomas")):
            kept = Assessment.objects.filter(activity=case.activity).latest("at")
            assert kept.kind == "review"
        with refused("command_changed"):
            give(case, now)
        decide(by=viewer("samir", now), now=now, activity=case.activity, decision=yes(now))
        assert stage(case) == "under_way"
        met(case, now)
        give(case, now + DAY)
        assert note(case, now - DAY, now + 2 * DAY).breach == "command_changed"
        assert waits("nadia", case, now + DAY) == []

    def test_a_no_to_the_review_ends_it(self) -> None:
        """What was approved was another commander."""
        case = self.commanded()
        self.changed(case)
        now = self.LEARNED + 2 * DAY
        self.reviewed(case, now)
        no = yes(now, choice=Choice.NO)
        decide(by=viewer("samir", now), now=now, activity=case.activity, decision=no)
        assert stage(case) == "withdrawn"
        with refused("wrong_stage"):
            give(case, now)
        assert note(case, now + HOUR).breach == "after_end"

    def test_the_old_answers_are_confirmed_one_by_one(self) -> None:
        """No silent pre-fill: what is said as before is said again, and that it is a review."""
        case = self.commanded()
        self.changed(case)
        now = self.LEARNED + DAY
        answers = {
            **reasoned(CAREFUL),
            "assessment_kind": "review",
            "what_is_new": ["new_commander"],
            "under_way": "no_information",
        }
        whole = reasoned(answers)
        for still, wrong in (((), "unconfirmed"), (tuple(whole)[1:], "unconfirmed")):
            with pytest.raises(AnswerError) as caught:
                assess(
                    by=viewer("tomas", now),
                    now=now,
                    activity=case.activity,
                    answers=whole,
                    beside=Beside(still=still),
                )
            assert {each.code for each in caught.value.mistakes} == {wrong}
        with pytest.raises(AnswerError) as caught:
            assess(
                by=viewer("tomas", now),
                now=now,
                activity=case.activity,
                answers=reasoned(CAREFUL),
                beside=Beside(still=tuple(whole)),
            )
        assert [each.code for each in caught.value.mistakes] == ["is_review"]

    def test_another_unit_is_a_change_too(self) -> None:
        """Renamed or merged after it was decided on: the check is reopened, the record goes on."""
        case = self.commanded()
        new = party("Kodwel Public Order Unit")
        wish = NewTie(case.party, new, "renamed_to", first=self.CHANGED)
        enter_tie(by=viewer("tomas", self.LEARNED), now=self.LEARNED, tie=wish)
        with refused("command_changed"):
            give(case, self.LEARNED + DAY)
        assert note(case, self.LEARNED + DAY).breach == "command_changed"

    def test_a_commander_who_left_is_a_change(self) -> None:
        """Nobody is named instead: the one who was decided on commands no more."""
        case = under_way()
        officer = party("Imre Talvane", "person")
        for now, last, open_ended in ((NOW, "", "Y"), (self.LEARNED, "2026-03-09", "E")):
            wish = NewTie(
                officer, case.party, "holds_post", "Commander",
                first="2026-01", last=last, open=open_ended,
            )  # fmt: skip
            enter_tie(by=viewer("tomas", now), now=now, tie=wish)
        with refused("command_changed"):
            give(case, self.LEARNED + DAY)

    MONTHLY = SHORT.replace("protocol: short-course", "protocol: confirmed-course").replace(
        "  - {id: no_reprisals, text: {en: Nobody is punished.}, phase: during, by: recipient,",
        "  - {id: confirmed_each_month, text: {en: Who commands is confirmed.}, phase: during,"
        " by: owner,",
    )

    @pytest.mark.parametrize("kept", [True, False])
    def test_a_missed_confirmation_makes_it_a_breach(self, kept: bool) -> None:
        """SETTLED 41: the requester promised to say each month who commands, and did not.

        Confirmed in good faith, it stays an exposure.
        """
        version = install_protocol(
            by=door.clock(), now=NOW, text=self.MONTHLY, filename="monthly.yaml"
        )
        case = advised({"who_comes": "Thirty-six officers"}, protocols=(version,))
        until = timedelta(days=60)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=yes(NOW, until))
        met(case)
        (monthly,) = [c for c in commitments(case) if c.code == "confirmed_each_month"]
        assert monthly.due == NOW + 20 * DAY
        if kept:
            answer_commitment(
                by=viewer("tomas"),
                now=NOW + 19 * DAY,
                commitment=monthly.id,
                answer="kept",
                words="The note of 20 March.",
            )
        key = give(case, NOW + 24 * DAY)
        self.posted(case, "Osk Derrin", self.CHANGED, NOW + 26 * DAY)
        made = delivered(key)
        if kept:
            assert (made.breach, made.exposure) == ("", "command_changed")
        else:
            assert (made.breach, made.exposure) == ("command_changed", "")
            assert made.answer_post_id == post("head-of-mission")
            assert made.answer_by == NOW + 36 * DAY
            words = "The note is made up for; the officer is known to us."
            now = NOW + 27 * DAY
            answer_breach(by=viewer("samir", now), now=now, delivery=key, words=words)

    def test_by_a_tie_that_the_owner_does_not_see(self) -> None:
        """The gate counts the whole register; the owner is told that, and since when, not who."""
        case = self.commanded()
        officer = party("Osk Derrin", "person")
        Tie(
            id=uuid4(),
            seal_id=mission.seal_named("secretariat"),
            kind="holds_post",
            role="Commander",
            upper_id=officer,
            lower_id=case.party,
            first_cited=self.CHANGED,
            first_is_start=True,
            open_ended="Y",
        ).save(force_insert=True)
        with refused("command_changed") as reasons:
            give(case, NOW + 12 * DAY)
        assert "Derrin" not in str(reasons[0])
        assert "reopened" in waits("nadia", case, NOW + 12 * DAY)


def test_c4_a_condition_before_delivery_blocks_it() -> None:
    """Unmet it refuses the delivery; given all the same it is a breach; met, it goes."""
    case = decided(BUILDING)
    with refused("before_open"):
        give(case)
    assert note(case, NOW + HOUR).breach == "before_commitments"
    met(case, NOW + 2 * HOUR)
    give(case, NOW + 3 * HOUR)


def test_c5_a_decision_without_reasons_is_not_saved() -> None:
    """Yes, no, suspension: none without words. What is given on a bare “yes” is a breach."""
    case = advised(CAREFUL)
    for choice in (Choice.GO_WITH_CONDITIONS, Choice.NO, Choice.NOT_NOW):
        with refused("no_reasons"):
            decide(
                by=viewer("samir"),
                now=NOW,
                activity=case.activity,
                decision=yes(NOW, choice=choice, words=" "),
            )
    assert note(case, NOW + HOUR).breach == "before_decision"
    going = under_way()
    with refused("no_reasons"):
        suspend(by=viewer("samir"), now=NOW, activity=going.activity, words="")


class TestC6:
    """A refused or suspended unit comes back under a new name, and is known."""

    def renamed(self, old: UUID) -> UUID:
        new = party("Kodwel Public Order Unit")
        tie(old, new, "renamed_to")
        return new

    def again(self, unit: UUID) -> Case:
        """A request for the unit under its new name, approved before anybody noticed."""
        course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
        return decided(CAREFUL, lines=(course,))

    def test_suspended(self) -> None:
        """Refused under the new name, and a breach when it is given all the same."""
        old = party("Kodwel Old Post")
        case = self.again(self.renamed(old))
        case = Case(case.activity, case.party, case.line)
        suspend_scope(by=viewer("samir"), now=NOW, stop=NewStop("unit", "Beatings.", party=old))
        with refused("stopped"):
            give(case, NOW + HOUR)
        assert note(case, NOW + HOUR).breach == "suspended"

    @pytest.mark.parametrize("scope", ["unit", "operation"])
    def test_its_record_raises_the_stakes(self, scope: str) -> None:
        """Whoever assesses the new name weighs the suspension of the old one."""
        before = under_way()
        if scope == "unit":
            wish = NewStop("unit", "Beatings.", party=before.party)
        else:
            wish = NewStop("operation", "Beatings.", activity=before.activity)
        suspend_scope(by=viewer("samir"), now=NOW, stop=wish)
        unit = self.renamed(before.party)
        course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
        case = proposed(lines=(course,))
        with viewing(viewer("tomas")):
            size = facts.size_of(viewer("tomas"), case.activity, NOW + DAY)
            known = facts.party_facts(viewer("tomas"), {unit}, NOW + DAY)
        assert size.suspended_lately
        assert known["party.suspended_24_months"] == "yes"

    def test_refused(self) -> None:
        """“Nothing was decided before” is not taken from an assessor whose records say no."""
        before = advised(CAREFUL)
        no = yes(choice=Choice.NO)
        decide(by=viewer("samir"), now=NOW, activity=before.activity, decision=no)
        unit = self.renamed(before.party)
        course = NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36)
        case = proposed(lines=(course,))
        answers = reasoned({**BUILDING, "earlier_decisions": ["none_found"]})
        with pytest.raises(AnswerError) as caught:
            assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=answers)
        assert [each.code for each in caught.value.mistakes] == ["records_say_more"]
        told = {**answers, "earlier_decisions": ["refused_before"], "changed_since": "The staff."}
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=reasoned(told))
        assert stage(case) == "assessed"


def test_c7_an_emergency_unassessed_after_72_hours_is_overdue() -> None:
    """It covers what could not wait, for three days; then the desk is late and giving a breach."""
    began = Emergency(NOW - HOUR, "Wounded at the bridge; the deputy was telephoned.")
    fuel = NewLine(party(), "logistical_ops", "Ambulance fuel")
    case = proposed(lines=(fuel,), emergency=began)
    with refused("wrong_stage"):
        give(case)
    owed = item("tomas", case, "assess", NOW)
    assert owed.due == NOW + 71 * HOUR
    assert not owed.overdue(NOW + 71 * HOUR) and owed.overdue(NOW + 72 * HOUR)
    assert note(case, NOW + 70 * HOUR).breach == ""
    assert note(case, NOW + 71 * HOUR).breach == "before_decision"


def test_c8_closing_needs_an_answer_to_each_condition() -> None:
    """Unanswered, or not to be checked, each keeps it open; a breach of the end does so too."""
    case = met(on_short())
    give(case, NOW + DAY)
    for which, days in enumerate((20, 40)):
        assert len(looks(case)) == 2
        looked(case, NOW + days * DAY, which)
    finish(by=viewer("nadia"), now=NOW + 41 * DAY, activity=case.activity)
    late = NOW + 100 * DAY
    with refused("commitments_open"):
        close(by=viewer("tomas", late), now=late, activity=case.activity)
    (owed,) = [each for each in commitments(case) if each.timing == "during"]
    answers = (("could_not_check", "nobody_free"), ("kept", "visit"))
    for (answer, how), code in zip(answers, ("commitments_open", "breaches_open"), strict=True):
        answer_commitment(
            by=viewer("tomas", late),
            now=late,
            commitment=owed.id,
            answer=answer,
            words="Seen.",
            how=how,
        )
        if answer == "kept":
            made = note(case, NOW + 42 * DAY, late)
            assert made.breach == "after_end"
        with refused(code):
            close(by=viewer("tomas", late), now=late, activity=case.activity)
    by = viewer("samir", late)
    answer_breach(by=by, now=late, delivery=made.id, words="Taken back.")
    close(by=viewer("tomas", late), now=late, activity=case.activity)
    assert stage(case) == "closed"

"""Suspend, resume, withdraw: each a decision with reasons; stopping is never waited for."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from primum.actions import stop
from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.finish import close
from primum.actions.stop import Righted
from primum.cases.models import Ground, Lift, Stop
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    INSTANT,
    LEASE_END,
    Case,
    advised,
    assessed,
    decided,
    decisions,
    lines,
    looked,
    looks,
    met,
    on_record,
    on_short,
    post,
    proposed,
    refused,
    row,
    stage,
    told,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WORDS = "Shots were fired at the post."


def do(verb: str, case: Case, name: str, days: float = 1, words: str = WORDS) -> UUID:
    now = NOW + days * DAY
    if verb == "resume":
        righted = Righted("Access was agreed.", "The letter of 3 March.", told="Goes on.")
        by = viewer(name, now)
        return stop.resume(by=by, now=now, activity=case.activity, righted=righted)
    action = getattr(stop, verb)
    made: UUID = action(
        by=viewer(name, now), now=now, activity=case.activity, words=words, told="Stopped."
    )
    return made


class TestSuspend:
    @pytest.mark.parametrize("build", [lambda: decided(CAREFUL), under_way])
    def test_suspend(self, build: Callable[[], Case]) -> None:
        """Stopped at once: the stage says so, the reasons are kept apart from what is told."""
        case = build()
        ((_, approval),) = told(case, "samir")
        key = do("suspend", case, "samir")
        assert stage(case) == "suspended"
        made = decisions(case)[-1]
        assert (made.id, made.kind) == (key, "suspend")
        assert told(case, "samir") == [("waiting", approval), ("waiting", "Stopped.")]
        assert told(case, "nadia") == []
        with viewing(viewer("jonas")):
            assert Ground.objects.get(decision=key).words == WORDS
        assert lines(case.activity)[-1] == "suspend"

    @pytest.mark.parametrize("name", ["jonas", "helena", "samir"])
    def test_at_any_stakes(self, name: str) -> None:
        """The head of office stops what the head of mission approved."""
        case = decided(CAREFUL)
        do("suspend", case, name)
        assert stage(case) == "suspended"

    @pytest.mark.parametrize("name", ["nadia", "tomas", "aminata", "grace", "bruno", "ines"])
    def test_who_may_not(self, name: str) -> None:
        """Others ask those who may; the owner simply does not deliver, or withdraws."""
        case = decided(CAREFUL)
        with refused("not_your_move"):
            do("suspend", case, name)

    def test_reasons_are_owed(self) -> None:
        """Even in a hurry a word is owed."""
        case = decided(CAREFUL)
        with refused("no_reasons"):
            do("suspend", case, "samir", words=" ")

    def test_nothing_to_stop(self) -> None:
        """What nobody approved is not suspended; what is suspended, not once more."""
        for case in (proposed(), assessed(CAREFUL)):
            with refused("wrong_stage"):
                do("suspend", case, "samir")
        case = decided(CAREFUL)
        do("suspend", case, "samir")
        with refused("wrong_stage"):
            do("suspend", case, "helena", 2)

    def test_the_lease_runs_on(self) -> None:
        """Law 1: a suspension stops authorising, not the clock."""
        case = decided(CAREFUL)
        do("suspend", case, "samir")
        assert row(case).lease_end == LEASE_END

    def test_looks_go_on(self) -> None:
        """What was delivered is looked at all the same, and the look counts."""
        case = met(on_short())
        do("suspend", case, "samir")
        looked(case, NOW + 2 * DAY)
        assert row(case).lease_end == NOW + 45 * DAY
        assert stage(case) == "suspended"

    def test_what_one_may_not_see_is_not_there(self) -> None:
        """A sealed activity is not there to be stopped by others."""
        case = decided(CAREFUL, seal="decider")
        with pytest.raises(NotThere):
            do("suspend", case, "ines")


class TestResume:
    @pytest.mark.parametrize(
        ("build", "former"), [(lambda: decided(CAREFUL), "decided"), (under_way, "under_way")]
    )
    def test_resume(self, build: Callable[[], Case], former: str) -> None:
        """It goes on from where it stood, within what is left of the lease."""
        case = build()
        do("suspend", case, "jonas")
        do("resume", case, "samir", 2)
        assert stage(case) == former
        assert row(case).lease_end == LEASE_END
        assert [each.kind for each in decisions(case)] == ["decide", "suspend", "resume"]

    def test_it_has_a_record_of_its_own(self) -> None:
        """What was put right, how one knows, who advised: kept with what it ends."""
        case = decided(CAREFUL)
        do("suspend", case, "jonas")
        now = NOW + 2 * DAY
        righted = Righted("The officer was moved.", "Order 12, seen.", "Human rights, by phone")
        made = stop.resume(by=viewer("samir"), now=now, activity=case.activity, righted=righted)
        with viewing(viewer("jonas")):
            kept = Lift.objects.get(stop__activity=case.activity)
            assert kept.put_right == "The officer was moved."
            assert kept.evidence == "Order 12, seen."
            assert kept.advised_by == "Human rights, by phone"
            assert (kept.decision_id, kept.at) == (made, now)
            assert Ground.objects.get(decision=made).words == "The officer was moved."
        with viewing(viewer("nadia")):
            assert not Lift.objects.exists() and not Stop.objects.exists()

    @pytest.mark.parametrize(
        ("righted", "code"),
        [(Righted(" ", "Seen."), "no_put_right"), (Righted("Moved.", " "), "no_proof")],
    )
    def test_not_without_its_record(self, righted: Righted, code: str) -> None:
        """Nothing goes on because nobody objects: what was put right, and the proof, are owed."""
        case = decided(CAREFUL)
        do("suspend", case, "jonas")
        with refused(code):
            stop.resume(by=viewer("samir"), now=NOW, activity=case.activity, righted=righted)

    @pytest.mark.parametrize("name", ["jonas", "tomas", "nadia", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        """Who stopped it does not for that start it again: that follows the stakes."""
        case = decided(CAREFUL)
        do("suspend", case, "jonas")
        codes = ["not_your_move", *(["own_case"] if name == "nadia" else [])]
        with refused(*codes):
            do("resume", case, name, 2)

    def test_the_head_of_office_at_ordinary_stakes(self) -> None:
        """What they could approve they may resume."""
        case = proposed()
        on_record(case)
        assess(by=viewer("tomas"), now=NOW, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Yes."}
        advise(by=viewer("aminata"), now=NOW, activity=case.activity, **given)
        decide(by=viewer("jonas"), now=NOW, activity=case.activity, decision=yes())
        do("suspend", case, "jonas")
        do("resume", case, "jonas", 2)
        assert stage(case) == "decided"

    @pytest.mark.parametrize(("instant", "ended"), [(-INSTANT, False), (INSTANT - INSTANT, True)])
    def test_not_after_the_lease(self, instant: object, ended: bool) -> None:
        """Law 1: a suspension that outlasts the lease ends in asking again."""
        case = decided(CAREFUL)
        do("suspend", case, "jonas")
        days = (LEASE_END - NOW + instant) / DAY  # type: ignore[operator]
        if ended:
            with refused("lease_ended"):
                do("resume", case, "samir", days)
        else:
            do("resume", case, "samir", days)
            assert stage(case) == "decided"

    def test_only_what_is_suspended(self) -> None:
        """There is nothing to resume in what goes on."""
        case = decided(CAREFUL)
        with refused("wrong_stage"):
            do("resume", case, "samir")


class TestWithdraw:
    @pytest.mark.parametrize(
        "build",
        [proposed, lambda: assessed(CAREFUL), lambda: advised(CAREFUL), lambda: decided(CAREFUL),
         under_way],
    )  # fmt: skip
    @pytest.mark.parametrize("name", ["nadia", "jonas", "samir"])
    def test_withdraw(self, build: Callable[[], Case], name: str) -> None:
        """The owner, or a post that may stop it, ends it for good at any time before it is done."""
        case = build()
        do("withdraw", case, name)
        assert stage(case) == "withdrawn"
        assert row(case).lease_end == NOW + DAY

    @pytest.mark.parametrize("name", ["tomas", "aminata", "grace", "ines", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        """Neither who weighs nor who advises ends what they judge."""
        case = decided(CAREFUL)
        with refused("not_your_move"):
            do("withdraw", case, name)

    def test_what_was_delivered_is_still_looked_at(self) -> None:
        """Law 2: withdrawn, its looks are owed as before, and it does not close without them."""
        case = under_way()
        do("withdraw", case, "samir")
        assert len(looks(case)) == 3
        with refused("looks_open", "still_watched"):
            close(by=viewer("tomas"), now=NOW + 2 * DAY, activity=case.activity)
        looked(case, NOW + 30 * DAY)
        assert stage(case) == "withdrawn"

    def test_while_suspended(self) -> None:
        """What is stopped may be ended."""
        case = under_way()
        do("suspend", case, "jonas")
        do("withdraw", case, "jonas", 2)
        assert stage(case) == "withdrawn"

    def test_not_twice(self) -> None:
        """Ended is ended."""
        case = proposed()
        do("withdraw", case, "nadia")
        with refused("wrong_stage"):
            do("withdraw", case, "nadia", 2)

    def test_a_decision_names_its_post(self) -> None:
        """Law 11: each stop is a decision of a post, in the order they were taken."""
        case = under_way()
        do("suspend", case, "jonas")
        do("withdraw", case, "samir", 2)
        assert [each.post_id for each in decisions(case)[1:]] == [
            post("head-of-office-kodwel"),
            post("head-of-mission"),
        ]

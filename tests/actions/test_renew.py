"""Renew: asked for while the approval runs, judged like any other; and what is taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import Beside, assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, deliver
from primum.actions.finish import close, close_early, finish, lapse
from primum.actions.look import Seen, look
from primum.actions.renew import ASKED, renew
from primum.actions.reopen import reopen
from primum.actions.stop import withdraw
from primum.cases import facts
from primum.cases.models import Ground, Renewal
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    CAREFUL,
    DAY,
    LEASE_END,
    Case,
    advised,
    assessed,
    commitments,
    decided,
    decisions,
    lines,
    looked,
    looks,
    met,
    on_short,
    proposed,
    refused,
    row,
    stage,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

SAID = {**dict.fromkeys(ASKED, "nothing"), "place": "A second yard is used (invented)."}
SHORT_ANSWERS = {"who_comes": "Thirty-six officers"}


def ask(case: Case, days: float = 5, name: str = "nadia", said: Mapping[str, str] = SAID) -> None:
    now = NOW + days * DAY
    renew(by=viewer(name, now), now=now, activity=case.activity, changed=said)


def review(case: Case, days: float) -> None:
    """Assessed with every old answer said again, and advised on."""
    now = NOW + days * DAY
    beside = Beside(still=tuple(SHORT_ANSWERS))
    assess(
        by=viewer("tomas", now),
        now=now,
        activity=case.activity,
        answers=SHORT_ANSWERS,
        beside=beside,
    )
    said = {"position": "support", "words": "Still so."}
    advise(by=viewer("aminata", now), now=now, activity=case.activity, **said)


def choose(case: Case, days: float, choice: Choice = Choice.GO_WITH_CONDITIONS) -> None:
    now = NOW + days * DAY
    made = yes(now, timedelta(days=60), choice=choice)
    decide(by=viewer("samir", now), now=now, activity=case.activity, decision=made)


def give(case: Case, days: float) -> None:
    now = NOW + days * DAY
    wish = NewDelivery(case.line, "Pens")
    deliver(by=viewer("nadia", now), now=now, activity=case.activity, delivery=wish)


class TestRenew:
    def test_the_old_approval_keeps_its_end(self) -> None:
        """Asked for, nothing moves: the stage, the lease, what is delivered."""
        case = met(on_short())
        before = row(case)
        ask(case)
        after = row(case)
        assert (after.stage, after.lease_end) == (before.stage, before.lease_end)
        give(case, 6)
        assert lines(case.activity)[-2:] == ["renew", "deliver"]
        with viewing(viewer("tomas")):
            assert Renewal.objects.get(activity=case.activity).changed == SAID

    def test_decided_like_any_other(self) -> None:
        """Assessed, advised on, decided: a new end, and later looks; the stage stays."""
        case = met(on_short())
        give(case, 1)
        ask(case)
        review(case, 6)
        give(case, 6.5)
        choose(case, 7)
        assert stage(case) == "under_way"
        assert row(case).approved_until == NOW + 67 * DAY
        assert [each.kind for each in decisions(case)] == ["decide", "decide"]
        assert max(each.due for each in looks(case)) == NOW + 47 * DAY

    def test_a_no_leaves_the_approval_its_end(self) -> None:
        case = met(on_short())
        end = row(case).lease_end
        ask(case)
        review(case, 6)
        choose(case, 7, Choice.NO)
        assert (stage(case), row(case).lease_end) == ("decided", end)
        give(case, 8)
        ask(case, 9)

    def test_late_is_not_yes(self) -> None:
        """Law 3: nobody decides, and the approval lapses; a later yes opens another."""
        case = met(on_short())
        ask(case)
        review(case, 6)
        end = row(case).lease_end
        assert end is not None
        lapse(by=door.clock(), now=end, activity=case.activity)
        assert stage(case) == "lapsed"
        with refused("wrong_stage"):
            give(case, (end - NOW) / DAY)

    @pytest.mark.parametrize("name", ["samir", "jonas", "aminata", "grace", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        case = met(on_short())
        with refused("not_your_move"):
            ask(case, name=name)

    def test_who_does_not_see_it(self) -> None:
        case = proposed(seal="decider")
        with pytest.raises(NotThere):
            ask(case, name="ines")

    @pytest.mark.parametrize("name", ASKED)
    def test_each_question_is_answered(self, name: str) -> None:
        """What changed is asked five times; “nothing” is an answer, silence is none."""
        case = met(on_short())
        with refused("not_said"):
            ask(case, said={**SAID, name: "  "})

    def test_not_twice(self) -> None:
        case = met(on_short())
        ask(case)
        with refused("renewing"):
            ask(case, 6)

    def test_not_after_the_end(self) -> None:
        """Law 1: what has ended is asked for anew."""
        case = met(on_short())
        end = row(case).lease_end
        assert end is not None
        with refused("lease_ended", "renewal_looks", "renewal_commitments"):
            ask(case, (end - NOW) / DAY)

    def test_not_before_it_is_approved(self) -> None:
        case = advised(CAREFUL)
        with refused("wrong_stage"):
            ask(case)

    def test_every_due_look_is_made(self) -> None:
        """An announced look bars it from its day on; made, it does not."""
        case = met(on_short())
        ask_day = 20
        answer_commitment(
            by=viewer("tomas"),
            now=NOW + 19 * DAY,
            commitment=next(c.id for c in commitments(case) if c.timing == "during"),
            answer="kept",
            words="Seen.",
        )
        with refused("renewal_looks") as reasons:
            ask(case, ask_day)
        assert reasons[0].values["count"] == 1
        looked(case, NOW + ask_day * DAY)
        ask(case, ask_day)

    def test_a_look_refused_at_the_gate_is_not_made(self) -> None:
        case = met(on_short())
        first = looks(case)[0]
        now = NOW + 20 * DAY
        seen = Seen("refused", "visit", {}, "Not let in.")
        look(by=viewer("grace", now), now=now, look=first.id, seen=seen)
        with refused("renewal_looks", "renewal_commitments"):
            ask(case, 20)

    def test_could_not_check_never_renews(self) -> None:
        """Law 2, and long before it is due."""
        case = met(on_short())
        (owed,) = [each for each in commitments(case) if each.timing == "during"]
        answer_commitment(
            by=viewer("tomas"),
            now=NOW + DAY,
            commitment=owed.id,
            answer="could_not_check",
            words="Nobody was there.",
            how="nobody_free",
        )
        with refused("renewal_commitments"):
            ask(case, 2)

    def test_the_day_of_an_unannounced_look_is_not_told(self) -> None:
        """Asked every day, a renewal tells the month alone: it bars once the look is overdue."""
        case = under_way()
        (first, *_rest) = looks(case)
        assert first.unannounced
        ask(case, (first.due - NOW) / DAY)

    def test_what_is_renewed_adds_up(self) -> None:
        """Splitting by renewals: each approval counts once more in the party's year."""
        case = met(on_short())
        with viewing(viewer("tomas")):
            one = facts.size_of(viewer("tomas"), case.activity, NOW + DAY)
        ask(case)
        review(case, 6)
        choose(case, 7)
        with viewing(viewer("tomas")):
            two = facts.size_of(viewer("tomas"), case.activity, NOW + 8 * DAY)
        assert (one.party_year_usd, two.party_year_usd) == (9000, 18000)

    def test_nobody_decides_on_an_old_assessment(self) -> None:
        """The review is made first; asked for alone, nothing is there to decide on."""
        case = met(on_short())
        ask(case)
        with refused("review_awaited"):
            choose(case, 6)


class TestReopen:
    def test_a_no_is_decided_on_again(self) -> None:
        """Refused and reopened, it waits for a decision with its assessment and advice."""
        case = advised(CAREFUL)
        no = yes(choice=Choice.NO)
        decide(by=viewer("samir"), now=NOW, activity=case.activity, decision=no)
        key = reopen(by=viewer("nadia"), now=NOW + DAY, activity=case.activity, words="A new plan.")
        assert stage(case) == "assessed"
        assert (decisions(case)[-1].id, decisions(case)[-1].kind) == (key, "reopen")
        assert lines(case.activity)[-1] == "reopen"
        with viewing(viewer("samir")):
            assert Ground.objects.get(decision=key).words == "A new plan."

    def test_what_was_approved_is_assessed_anew(self) -> None:
        case = under_way()
        withdraw(by=viewer("nadia"), now=NOW + DAY, activity=case.activity, words="Not now.")
        reopen(by=viewer("tomas"), now=NOW + 2 * DAY, activity=case.activity, words="Again.")
        assert stage(case) == "proposed"
        with refused("wrong_stage"):
            give(case, 3)

    @pytest.mark.parametrize("name", ["aminata", "grace", "ines", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        case = proposed()
        withdraw(by=viewer("nadia"), now=NOW, activity=case.activity, words="Not now.")
        with refused("not_your_move"):
            reopen(by=viewer(name), now=NOW, activity=case.activity, words="Again.")

    def test_with_reasons(self) -> None:
        case = proposed()
        withdraw(by=viewer("nadia"), now=NOW, activity=case.activity, words="Not now.")
        with refused("no_reasons"):
            reopen(by=viewer("nadia"), now=NOW, activity=case.activity, words=" ")

    def test_only_what_is_over(self) -> None:
        for case in (proposed(), assessed(CAREFUL), decided(CAREFUL), under_way()):
            with refused("wrong_stage"):
                reopen(by=viewer("tomas"), now=NOW, activity=case.activity, words="Again.")


class TestCloseEarly:
    def done(self) -> Case:
        """Finished, looked at twice, everything answered; watched for another fifty days."""
        case = met(on_short())
        give(case, 1)
        for which, days in enumerate((20, 40)):
            looked(case, NOW + days * DAY, which)
        (owed,) = [each for each in commitments(case) if each.timing == "during"]
        answer_commitment(
            by=viewer("tomas"),
            now=NOW + 20 * DAY,
            commitment=owed.id,
            answer="kept",
            words="Seen.",
        )
        finish(by=viewer("nadia"), now=NOW + 41 * DAY, activity=case.activity)
        return case

    def test_a_decision_closes_it_before_the_watch_ends(self) -> None:
        """Watched until its day; earlier only decided, with reasons, and counted as such."""
        case, now = self.done(), NOW + 42 * DAY
        with refused("still_watched") as reasons:
            close(by=viewer("tomas", now), now=now, activity=case.activity)
        assert "watched until" in str(reasons[0])
        close_early(by=viewer("samir"), now=now, activity=case.activity, words="It was a course.")
        assert stage(case) == "closed"
        assert decisions(case)[-1].kind == "close_early"

    def test_never_with_a_look_open(self) -> None:
        case = met(on_short())
        give(case, 1)
        looked(case, NOW + 20 * DAY)
        finish(by=viewer("nadia"), now=NOW + 21 * DAY, activity=case.activity)
        with refused("looks_open", "commitments_open"):
            close_early(
                by=viewer("samir"), now=NOW + 22 * DAY, activity=case.activity, words="Enough."
            )

    @pytest.mark.parametrize("name", ["nadia", "tomas", "grace", "aminata"])
    def test_who_may_not(self, name: str) -> None:
        """It is decided, at the stakes of the case; who asked and who assessed close in time."""
        case, now = self.done(), NOW + 42 * DAY
        codes = ["not_your_move", *(["own_case"] if name == "nadia" else [])]
        with refused(*codes):
            close_early(by=viewer(name, now), now=now, activity=case.activity, words="Enough.")

    def test_with_reasons(self) -> None:
        case, now = self.done(), NOW + 42 * DAY
        with refused("no_reasons"):
            close_early(by=viewer("samir"), now=now, activity=case.activity, words="")

    def test_not_once_the_watch_is_over(self) -> None:
        case, now = self.done(), NOW + 91 * DAY
        with refused("not_watched"):
            close_early(by=viewer("samir"), now=now, activity=case.activity, words="Enough.")
        close(by=viewer("tomas", now), now=now, activity=case.activity)
        assert LEASE_END and stage(case) == "closed"

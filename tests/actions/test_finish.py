"""Finish, close, lapse: delivered is not the end, nothing closes unlooked, the clock lapses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from primum.actions.answer_commitment import answer_commitment
from primum.actions.base import NotThere
from primum.actions.deliver import NewDelivery, answer_breach, record_delivery
from primum.actions.finish import close, finish, lapse
from primum.actions.posts import vacate
from primum.actions.release import release
from primum.actions.stop import suspend, withdraw
from primum.people import door
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    INSTANT,
    LEASE_END,
    Case,
    commitments,
    decided,
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
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

END = NOW + 90 * DAY
"""The watch of the short protocol: sixty days approved, thirty more."""


def settle(case: Case) -> None:
    """Everything made and answered, at some time before the lease's end."""
    met(case)
    for owed in commitments(case):
        if owed.state == "open":
            answer_commitment(
                by=viewer("tomas"),
                now=NOW,
                commitment=owed.id,
                answer="kept",
                words="Seen.",
                how="visit",
            )
    for which in range(len(looks(case))):
        looked(case, NOW + 12 * DAY, which)


class TestFinish:
    def test_finish(self) -> None:
        """Nothing more is delivered: the approval ends now, and watching goes on."""
        case = under_way()
        finish(by=viewer("nadia"), now=NOW + DAY, activity=case.activity)
        assert stage(case) == "watched"
        assert row(case).lease_end == NOW + DAY
        assert len(looks(case)) == 3
        assert lines(case.activity)[-1] == "finish"

    @pytest.mark.parametrize("name", ["tomas", "samir", "jonas", "ines", "grace"])
    def test_who_may_not(self, name: str) -> None:
        """Only the owner knows that nothing more comes."""
        case = under_way()
        with refused("not_your_move"):
            finish(by=viewer(name), now=NOW, activity=case.activity)

    def test_after_the_watch_it_is_done(self) -> None:
        """Finished after its last day of watch, there is nothing left to watch."""
        case = under_way()
        finish(by=viewer("nadia"), now=NOW + 500 * DAY, activity=case.activity)
        assert stage(case) == "done"

    @pytest.mark.parametrize(
        ("build", "code"),
        [(proposed, "wrong_stage"), (lambda: decided(CAREFUL), "nothing_delivered")],
    )
    def test_only_what_is_under_way(self, build: Callable[[], Case], code: str) -> None:
        """What was not begun is withdrawn, not finished."""
        case = build()
        with refused(code):
            finish(by=viewer("nadia"), now=NOW, activity=case.activity)

    def test_finishing_late_lengthens_nothing(self) -> None:
        """Law 1: the lease had ended at its end, whenever somebody says that all is delivered."""
        case = under_way()
        finish(by=viewer("nadia"), now=LEASE_END + 5 * DAY, activity=case.activity)
        assert row(case).lease_end == LEASE_END

    def test_a_post_that_has_ended_finishes_no_more(self) -> None:
        """Who no longer holds the post acts no more, whatever they hold in their hand."""
        case, nadia = under_way(), viewer("nadia")
        vacate(by=nadia, now=NOW, post=nadia.post)
        with refused("post_ended"):
            finish(by=nadia, now=NOW + DAY, activity=case.activity)

    def test_a_post_that_has_ended_closes_no_more(self) -> None:
        """Nor does it close; the clock, whose post nobody holds, lapses all the same."""
        case, tomas = decided(CAREFUL), viewer("tomas")
        vacate(by=tomas, now=NOW, post=tomas.post)
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        assert stage(case) == "lapsed"
        with refused("post_ended"):
            close(by=tomas, now=LEASE_END, activity=case.activity)


class TestClose:
    @pytest.mark.parametrize("name", ["tomas", "nadia"])
    def test_close(self, name: str) -> None:
        """All looked at, all answered, the watch over: the owner or the officer closes."""
        case = on_short()
        settle(case)
        lapse(by=door.clock(), now=NOW + 60 * DAY, activity=case.activity)
        close(by=viewer(name), now=END, activity=case.activity)
        assert stage(case) == "closed"
        assert lines(case.activity)[-1] == "close"

    @pytest.mark.parametrize("name", ["samir", "grace", "aminata", "ines", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        """Not even the head of mission closes what others have to have looked at."""
        case = on_short()
        settle(case)
        lapse(by=door.clock(), now=NOW + 60 * DAY, activity=case.activity)
        with refused("not_your_move"):
            close(by=viewer(name), now=END, activity=case.activity)

    def test_every_reason_at_once(self) -> None:
        """Law 2: what is still owed is counted and told together."""
        case = on_short()
        what = NewDelivery(case.line, "Pens")
        breach = record_delivery(
            by=viewer("nadia"), now=NOW, activity=case.activity, delivery=what, happened=NOW
        )
        lapse(by=door.clock(), now=NOW + 10 * DAY, activity=case.activity)
        with refused("looks_open", "commitments_open", "breaches_open", "still_watched") as reasons:
            close(by=viewer("tomas"), now=NOW + 11 * DAY, activity=case.activity)
        assert [why.values.get("count") for why in reasons] == [2, 2, 1, None]
        assert [str(why) for why in reasons[:3]] == [
            "Looks not made yet: 2, due 22 March 2026, 11 April 2026."
            " Make them, or release each with a reason.",
            "Commitments without an answer: 2, due 12 March 2026, 22 March 2026.",
            "Breaches without an answer: 1, due 12 March 2026.",
        ]
        settle(case)
        with refused("breaches_open"):
            close(by=viewer("tomas"), now=END, activity=case.activity)
        answer_breach(by=viewer("samir"), now=END, delivery=breach, words="Pens returned.")
        close(by=viewer("tomas"), now=END, activity=case.activity)

    def test_one_look_left(self) -> None:
        """Law 2: all but one look made is not all; released one by one it is."""
        case = on_short()
        settle(case)
        other = on_short()
        met(other)
        lapse(by=door.clock(), now=NOW + 60 * DAY, activity=other.activity)
        answer_commitment(
            by=viewer("tomas"),
            now=NOW,
            commitment=commitments(other)[1].id,
            answer="kept",
            words="Nobody was punished.",
        )
        for left in (2, 1):
            with refused("looks_open") as reasons:
                close(by=viewer("tomas"), now=END, activity=other.activity)
            assert reasons[0].values["count"] == left
            release(by=viewer("samir"), now=END, owed=looks(other)[2 - left].id, words="Over.")
        close(by=viewer("tomas"), now=END, activity=other.activity)
        assert stage(other) == "closed"

    @pytest.mark.parametrize(("now", "closes"), [(END - INSTANT, False), (END, True)])
    def test_watched_to_its_last_moment(self, now: object, closes: bool) -> None:
        """It closes when the watch is over, not an instant before."""
        case = on_short()
        settle(case)
        withdraw(by=viewer("samir"), now=NOW + DAY, activity=case.activity, words="Enough.")
        if closes:
            close(by=viewer("tomas"), now=now, activity=case.activity)  # type: ignore[arg-type]
        else:
            with refused("still_watched"):
                close(by=viewer("tomas"), now=now, activity=case.activity)  # type: ignore[arg-type]

    def test_a_proposal_withdrawn_closes_at_once(self) -> None:
        """Nothing was approved: nothing is owed."""
        case = proposed()
        withdraw(by=viewer("nadia"), now=NOW, activity=case.activity, words="No longer needed.")
        close(by=viewer("nadia"), now=NOW, activity=case.activity)
        assert stage(case) == "closed"

    @pytest.mark.parametrize("build", [proposed, lambda: decided(CAREFUL), under_way])
    def test_not_from_just_anywhere(self, build: Callable[[], Case]) -> None:
        """What goes on is finished, lapsed or withdrawn first."""
        case = build()
        with refused("wrong_stage"):
            close(by=viewer("tomas"), now=NOW, activity=case.activity)

    @pytest.mark.parametrize("name", ["nadia", "tomas"])
    def test_least_and_best_sighted_count_the_same(self, name: str) -> None:
        """F1: the owner sees no look at all, and is refused with the same counts."""
        case = decided(BUILDING)
        withdraw(by=viewer("samir"), now=NOW, activity=case.activity, words="Enough.")
        with refused("looks_open", "commitments_open", "still_watched") as reasons:
            close(by=viewer(name), now=NOW, activity=case.activity)
        assert [why.values.get("count") for why in reasons] == [5, 13, None]

    @pytest.mark.parametrize("name", ["nadia", "tomas"])
    def test_of_an_unannounced_look_the_month_is_named(self, name: str) -> None:
        """The owner and the officer read the same: a day would be a warning, April is not."""
        case = decided(CAREFUL)
        withdraw(by=viewer("samir"), now=NOW, activity=case.activity, words="Enough.")
        with refused("looks_open", "still_watched") as reasons:
            close(by=viewer(name), now=NOW, activity=case.activity)
        due = reasons[0].values["due"]
        assert isinstance(due, tuple)
        months = [f"{each.due:%B %Y}" for each in looks(case)]
        assert all(each.unannounced for each in looks(case))
        assert [str(each) for each in due] == months
        assert {(each.at.day, each.at.hour) for each in due} == {(1, 0)}

    def test_what_nobody_could_check_holds_it_open(self) -> None:
        """Law 2: after a “could not check” the file stays open until somebody could, or lets go."""
        case = on_short()
        settle(case)
        for which in (0, 1):
            owed = commitments(case)[which]
            answer_commitment(
                by=viewer("tomas"), now=NOW, commitment=owed.id, answer="broken", words="Not so."
            )
        # Broken before delivery, and promised again by nobody: answered, and no bar to closing.
        lapse(by=door.clock(), now=NOW + 60 * DAY, activity=case.activity)
        close(by=viewer("tomas"), now=END, activity=case.activity)
        other = on_short()
        met(other)
        for which in range(2):
            looked(other, NOW + 12 * DAY, which)
        owed = commitments(other)[1]
        said = {"answer": "could_not_check", "words": "The road was cut.", "how": "not_safe"}
        answer_commitment(by=viewer("tomas"), now=NOW, commitment=owed.id, **said)
        lapse(by=door.clock(), now=NOW + 60 * DAY, activity=other.activity)
        with refused("commitments_open"):
            close(by=viewer("tomas"), now=END, activity=other.activity)
        release(by=viewer("samir"), now=END, owed=owed.id, words="Nobody will ever know.")
        close(by=viewer("tomas"), now=END, activity=other.activity)


class TestLapse:
    @pytest.mark.parametrize("build", [lambda: decided(CAREFUL), under_way])
    def test_lapse(self, build: Callable[[], Case]) -> None:
        """At its end the clock says that it has ended."""
        case = build()
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        assert stage(case) == "lapsed"
        assert lines(case.activity)[-1] == "lapse"

    @pytest.mark.parametrize("name", ["nadia", "tomas", "samir", "jonas", "helena", "bruno"])
    def test_nobody_else(self, name: str) -> None:
        """A person who wants it to end suspends or withdraws it, with reasons."""
        case = decided(CAREFUL)
        with refused("not_your_move"):
            lapse(by=viewer(name), now=LEASE_END, activity=case.activity)

    def test_not_before_its_end(self) -> None:
        """The clock does not shorten an approval either."""
        case = decided(CAREFUL)
        with refused("lease_live"):
            lapse(by=door.clock(), now=LEASE_END - INSTANT, activity=case.activity)

    def test_once(self) -> None:
        """What has lapsed does not lapse again."""
        case = decided(CAREFUL)
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        with refused("wrong_stage"):
            lapse(by=door.clock(), now=LEASE_END + DAY, activity=case.activity)

    def test_suspended_or_not(self) -> None:
        """A stopped case runs out like any other."""
        case = decided(CAREFUL)
        suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="A shot.")
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        assert stage(case) == "lapsed"

    def test_not_there(self) -> None:
        """What one may not see is not there to lapse."""
        case = decided(CAREFUL, seal="decider")
        with pytest.raises(NotThere):
            lapse(by=viewer("ines"), now=LEASE_END, activity=case.activity)
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        assert stage(case) == "lapsed"

"""Deliver: only within an approval. What happened outside one is recorded, as a breach."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.base import NotThere
from primum.actions.decide import decide
from primum.actions.deliver import NewDelivery, answer_breach, deliver, record_delivery
from primum.actions.finish import close, finish, lapse
from primum.actions.release import release
from primum.actions.stop import Righted, resume, suspend, withdraw
from primum.cases import facts
from primum.cases.models import Commitment
from primum.cases.queries.activity import activity_page
from primum.cases.queries.due import due_items
from primum.core.vocabulary import Verb
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    INSTANT,
    LEASE_END,
    Case,
    advised,
    commitments,
    decided,
    delivered,
    lines,
    looked,
    met,
    on_short,
    post,
    proposed,
    refused,
    row,
    stage,
    under_way,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WHAT = "Course held, 34 of 36 attended"


def give(case: Case, now: datetime = NOW, name: str = "nadia", what: str = WHAT) -> UUID:
    wish = NewDelivery(case.line, what)
    return deliver(by=viewer(name, now), now=now, activity=case.activity, delivery=wish)


def note(case: Case, happened: datetime, now: datetime, name: str = "nadia") -> UUID:
    wish = NewDelivery(case.line, WHAT)
    return record_delivery(
        by=viewer(name, now), now=now, activity=case.activity, delivery=wish, happened=happened
    )


class TestDeliver:
    def test_deliver(self) -> None:
        """Within the lease, with everything met: it is under way, and no breach."""
        case = decided(CAREFUL)
        kept = delivered(give(case))
        assert stage(case) == "under_way"
        assert (kept.breach, kept.answer_by, kept.happened) == ("", None, NOW)
        assert lines(case.activity)[-1] == "deliver"

    @pytest.mark.parametrize("name", ["tomas", "samir", "jonas", "ines", "grace", "eva"])
    def test_only_the_owner(self, name: str) -> None:
        """The post that asked for it delivers; not who approved, not another requester."""
        case = decided(CAREFUL)
        with refused("not_your_move"):
            give(case, name=name)

    def test_until_the_very_end(self) -> None:
        """Law 1: an instant before the end it may go, at the end nobody authorises any more."""
        case = decided(CAREFUL)
        end = LEASE_END
        give(case, end - INSTANT)
        with refused("lease_ended"):
            give(case, end)

    def test_not_before_anybody_decided(self) -> None:
        """Proposed, assessed, advised: not a delivery yet, whatever is promised."""
        for case in (proposed(), advised(CAREFUL)):
            with refused("wrong_stage"):
                give(case)

    def test_not_while_suspended(self) -> None:
        """Law 1: suspended, nothing is authorised."""
        case = decided(CAREFUL)
        suspend(by=viewer("jonas"), now=NOW, activity=case.activity, words="A shot was fired.")
        with refused("wrong_stage"):
            give(case)

    def test_not_before_what_comes_first(self) -> None:
        """Each commitment before delivery is counted down; with the last one kept it is done."""
        case = decided(BUILDING)
        owed = [each for each in commitments(case) if each.timing == "before"]
        assert len(owed) > 2
        for kept, left in enumerate(owed):
            with refused("before_open") as reasons:
                give(case)
            assert reasons[0].values["count"] == len(owed) - kept
            due = {f"{each.due:%B %Y}" for each in owed[kept:]}
            assert any(month in str(reasons[0]) for month in due)
            answer_commitment(
                by=viewer("tomas"),
                now=NOW,
                commitment=left.id,
                answer="kept",
                words="Seen.",
                how="visit",
            )
        give(case)
        assert stage(case) == "under_way"

    @pytest.mark.parametrize("answer", ["partly_kept", "broken", "could_not_check"])
    def test_not_on_half_a_promise(self, answer: str) -> None:
        """Partly kept, broken, not checked: none of them is kept."""
        case = decided(BUILDING)
        owed = [each for each in commitments(case) if each.timing == "before"]
        for each, said in zip(owed, (*["kept"] * (len(owed) - 1), answer), strict=True):
            how = "too_early" if said == "could_not_check" else "visit"
            answer_commitment(
                by=viewer("tomas"), now=NOW, commitment=each.id, answer=said, words="Seen.", how=how
            )
        with refused("before_open"):
            give(case)

    def test_all_the_reasons_at_once(self) -> None:
        """Another post, after the end, before what was promised: all three are told."""
        case = on_short()
        with refused("not_your_move", "lease_ended", "before_open"):
            give(case, NOW + 70 * DAY, "grace")

    def test_a_line_of_another_case_leaves_nothing_behind(self) -> None:
        """The line belongs to another activity: not there, and the stage has not moved."""
        case, other = decided(CAREFUL), decided(CAREFUL)
        for line in (other.line, uuid4()):
            with pytest.raises(NotThere):
                give(Case(case.activity, case.party, line))
        assert stage(case) == "decided"
        assert lines(case.activity)[-1] == "decide"

    def test_words_are_owed(self) -> None:
        """What was delivered is said; without words the stage stays too."""
        case = decided(CAREFUL)
        with refused("no_what"):
            give(case, what=" ")
        assert stage(case) == "decided"


class TestRecord:
    """A fact is never refused."""

    def test_record(self) -> None:
        """What an approval covered is recorded without a breach."""
        case = under_way()
        kept = delivered(note(case, NOW + DAY, NOW + 3 * DAY))
        assert (kept.breach, kept.happened, kept.recorded) == ("", NOW + DAY, NOW + 3 * DAY)

    @pytest.mark.parametrize("name", ["grace", "ines", "jonas", "tomas", "eva", "samir"])
    def test_anybody_who_knows_of_it(self, name: str) -> None:
        """Whoever sees the activity may say that something was delivered."""
        case = proposed()
        assert delivered(note(case, NOW, NOW, name)).breach == "before_decision"

    def test_not_who_may_not_see_it(self) -> None:
        """A sealed activity is not there for others, to record on either."""
        case = proposed(seal="decider")
        with pytest.raises(NotThere):
            note(case, NOW, NOW, "ines")

    def test_not_the_future(self) -> None:
        """What has not happened is no fact."""
        case = under_way()
        with refused("future"):
            note(case, NOW + INSTANT, NOW)

    @pytest.mark.parametrize("build", [proposed, lambda: advised(CAREFUL)])
    def test_before_any_approval(self, build: object) -> None:
        """Delivered before anybody decided: a breach for the leadership, in ten days."""
        case = build()  # type: ignore[operator]
        kept = delivered(note(case, NOW, NOW + DAY))
        assert kept.breach == "before_decision"
        assert kept.answer_by == NOW + 11 * DAY
        assert kept.answer_post_id == post("head-of-mission")
        assert lines(case.activity)[-1] == "record_breach"

    def test_who_approved_answers_for_what_went_beyond(self) -> None:
        """After an approval the breach waits for the post that gave it."""
        case = advised(CAREFUL)
        decide(by=viewer("helena"), now=NOW, activity=case.activity, decision=yes())
        kept = delivered(note(case, LEASE_END, LEASE_END + DAY))
        assert kept.breach == "after_end"
        assert kept.answer_post_id == post("deputy-head-of-mission")

    def test_while_suspended(self) -> None:
        """Delivered all the same while it was stopped."""
        case = under_way()
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="A shot.")
        assert delivered(note(case, NOW + DAY, NOW + 2 * DAY)).breach == "suspended"
        assert delivered(note(case, NOW + DAY - INSTANT, NOW + 2 * DAY)).breach == ""

    def test_before_what_was_promised(self) -> None:
        """Delivered with a commitment still unmet."""
        case = on_short()
        assert delivered(note(case, NOW + DAY, NOW + 2 * DAY)).breach == "before_commitments"

    @pytest.mark.parametrize(
        "build", [proposed, lambda: advised(CAREFUL), lambda: decided(CAREFUL), under_way]
    )
    def test_it_moves_nothing(self, build: object) -> None:
        """A record is not a step: stage and lease stay as they were."""
        case = build()  # type: ignore[operator]
        before = row(case)
        note(case, NOW, NOW + DAY)
        after = row(case)
        assert (after.stage, after.lease_end) == (before.stage, before.lease_end)

    def test_between_the_end_and_the_tick(self) -> None:
        """Law 1: the lease was dead at its end, not at the first tick after it."""
        case = under_way()
        lapse(by=door.clock(), now=LEASE_END + 2 * DAY, activity=case.activity)
        assert delivered(note(case, LEASE_END + DAY, LEASE_END + 3 * DAY)).breach == "after_end"

    def test_while_it_had_been_suspended(self) -> None:
        """Recorded after the resumption, it was delivered while suspended all the same."""
        case = under_way()
        words = "A shot was fired."
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words=words)
        righted = Righted("It was explained.", "The letter, seen.")
        now = NOW + 5 * DAY
        resume(by=viewer("samir"), now=now, activity=case.activity, righted=righted)
        assert delivered(note(case, NOW + 2 * DAY, NOW + 6 * DAY)).breach == "suspended"

    def test_a_new_approval_after_a_suspension_that_lapsed(self) -> None:
        """Stopped, run out, asked again and approved: what is delivered then is covered."""
        case = under_way()
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="A shot.")
        later = self.approved_again(case)
        assert delivered(give(case, later + DAY)).breach == ""
        # The suspension ended with the approval that it stopped.
        assert delivered(note(case, LEASE_END - INSTANT, later + DAY)).breach == "suspended"
        assert delivered(note(case, LEASE_END, later + DAY)).breach == "after_end"

    @pytest.mark.parametrize("announced", [True, False])
    def test_a_suspension_ends_with_its_lease(self, announced: bool) -> None:
        """Law 1: whether or not a clock has said so, after the end there is nothing to suspend."""
        case = under_way()
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="A shot.")
        if announced:
            lapse(by=door.clock(), now=LEASE_END + DAY, activity=case.activity)
        late = LEASE_END + 2 * DAY
        assert delivered(note(case, LEASE_END - INSTANT, late)).breach == "suspended"
        assert delivered(note(case, LEASE_END, late)).breach == "after_end"

    def test_stopped_twice(self) -> None:
        """Each suspension ends at the resumption after it, and the days between are covered."""
        case = under_way()
        righted = Righted("So.", "Seen.")
        for days in (1, 5):
            now, key = NOW + days * DAY, case.activity
            suspend(by=viewer("jonas"), now=now, activity=key, words="So.")
            resume(by=viewer("samir"), now=now + 2 * DAY, activity=key, righted=righted)
        later = NOW + 9 * DAY
        assert [delivered(note(case, NOW + days * DAY, later)).breach for days in range(1, 9)] == [
            *("suspended", "suspended", "", ""),
            *("suspended", "suspended", "", ""),
        ]

    def test_what_was_stopped_for_good(self) -> None:
        """Suspended and withdrawn: stopped until then, and after the end afterwards."""
        case = under_way()
        suspend(by=viewer("jonas"), now=NOW + DAY, activity=case.activity, words="A shot.")
        withdraw(by=viewer("jonas"), now=NOW + 3 * DAY, activity=case.activity, words="Enough.")
        assert delivered(note(case, NOW + 2 * DAY, NOW + 9 * DAY)).breach == "suspended"
        assert delivered(note(case, NOW + 4 * DAY, NOW + 9 * DAY)).breach == "after_end"

    def test_between_two_approvals(self) -> None:
        """Given after the first approval had lapsed and before the second: covered by neither."""
        case = under_way()
        later = self.approved_again(case)
        assert delivered(note(case, LEASE_END + 5 * DAY, later + DAY)).breach == "after_end"
        assert delivered(note(case, NOW + 40 * DAY, later + DAY)).breach == ""
        assert delivered(note(case, later, later + DAY)).breach == ""

    def approved_again(self, case: Case) -> datetime:
        """Lapsed at its end; the look made, judged and approved anew sixteen days later."""
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        later = LEASE_END + 16 * DAY
        looked(case, later)
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers=CAREFUL)
        given = {"position": "support", "words": "Again."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=yes(later))
        return later

    def test_before_what_was_promised_and_met_since(self) -> None:
        """The promise was met on day 3; what was given on day 1 came before it."""
        case = met(on_short(), NOW + 3 * DAY)
        assert delivered(note(case, NOW + DAY, NOW + 4 * DAY)).breach == "before_commitments"
        assert delivered(note(case, NOW + 3 * DAY, NOW + 4 * DAY)).breach == ""

    def test_after_what_was_met_and_is_broken_since(self) -> None:
        """Met on day 1 and found broken on day 5: what was given between came after it."""
        case = met(on_short(), NOW + DAY)
        (owed,) = (each for each in commitments(case) if each.timing == "before")
        said = {"answer": "broken", "words": "The list was somebody else's."}
        answer_commitment(by=viewer("tomas"), now=NOW + 5 * DAY, commitment=owed.id, **said)
        later = NOW + 6 * DAY
        assert delivered(note(case, NOW + 2 * DAY, later)).breach == ""
        assert delivered(note(case, NOW + 5 * DAY, later)).breach == "before_commitments"
        said = {"answer": "kept", "words": "The right list."}
        answer_commitment(by=viewer("tomas"), now=later, commitment=owed.id, **said)
        assert delivered(note(case, NOW + 5 * DAY, later)).breach == "before_commitments"
        assert delivered(note(case, later, later)).breach == ""

    def test_after_what_was_let_go(self) -> None:
        """What a decision let go of on day 2 stands in the way of nothing after that."""
        case = on_short()
        (owed,) = (each for each in commitments(case) if each.timing == "before")
        release(by=viewer("jonas"), now=NOW + 2 * DAY, owed=owed.id, words="We know them.")
        assert delivered(note(case, NOW + DAY, NOW + 3 * DAY)).breach == "before_commitments"
        assert delivered(note(case, NOW + 2 * DAY, NOW + 3 * DAY)).breach == ""

    def test_a_new_promise_does_not_reach_back(self) -> None:
        """The second approval asks for a list again; what the first one covered stays covered."""
        case = met(on_short(), NOW + DAY)
        later = NOW + 30 * DAY
        lapse(by=door.clock(), now=later, activity=case.activity)
        looked(case, later)
        again = {"who_comes": "Thirty-six others"}
        assess(by=viewer("tomas"), now=later, activity=case.activity, answers=again)
        given = {"position": "support", "words": "With a new list."}
        advise(by=viewer("aminata"), now=later, activity=case.activity, **given)
        go = yes(later, 20 * DAY)
        decide(by=viewer("samir"), now=later, activity=case.activity, decision=go)
        assert delivered(note(case, NOW + 2 * DAY, later + DAY)).breach == ""
        assert delivered(note(case, later, later + DAY)).breach == "before_commitments"

    @pytest.mark.parametrize("name", ["nadia", "ines"])
    def test_the_least_sighted_write_the_same(self, name: str) -> None:
        """F1: a promise whose words are sealed from the writer makes the same breach of it."""
        case = met(decided(BUILDING), NOW + 3 * DAY)
        with viewing(viewer(name)):
            seen = Commitment.objects.filter(activity=case.activity, timing="before").count()
        assert seen < sum(each.timing == "before" for each in commitments(case))
        kept = delivered(note(case, NOW + 2 * DAY, NOW + 4 * DAY, name))
        assert kept.breach == "before_commitments"
        assert delivered(note(case, NOW + 3 * DAY, NOW + 4 * DAY, name)).breach == ""

    def test_what_was_recorded_can_be_finished(self) -> None:
        """Delivered within the approval and written down a day later, it can be finished."""
        case = decided(CAREFUL)
        note(case, NOW + DAY, NOW + 2 * DAY)
        assert (stage(case), lines(case.activity)[-1]) == ("decided", "record")
        finish(by=viewer("nadia"), now=NOW + 3 * DAY, activity=case.activity)
        assert stage(case) == "watched"

    def test_what_was_only_a_breach_can_be_finished_too(self) -> None:
        """Delivered before anybody approved and not again since: that was it, and is said so."""
        case = decided(CAREFUL)
        nadia = viewer("nadia")
        with viewing(nadia):
            shown = activity_page(nadia, case.activity, NOW)
        assert shown is not None and Verb.FINISH not in shown.moves
        note(case, NOW - DAY, NOW)
        with viewing(nadia):
            shown = activity_page(nadia, case.activity, NOW)
        assert shown is not None and Verb.FINISH in shown.moves
        finish(by=nadia, now=NOW + DAY, activity=case.activity)
        assert stage(case) == "watched"


class TestAnswerBreach:
    def breach(self) -> tuple[Case, UUID]:
        case = decided(CAREFUL)
        return case, note(case, NOW - DAY, NOW)

    def test_answer(self) -> None:
        """The post it waits for answers in its own words, and the clock stops."""
        case, key = self.breach()
        answer_breach(by=viewer("samir"), now=NOW + DAY, delivery=key, words="Cars taken back.")
        kept = delivered(key)
        assert (kept.answered, kept.answer) == (NOW + DAY, "Cars taken back.")
        assert lines(case.activity)[-1] == "answer_breach"
        with viewing(door.clock()):
            assert facts.counts(case.activity, NOW + DAY)[3] == 0

    @pytest.mark.parametrize("name", ["nadia", "tomas", "helena", "jonas", "bruno"])
    def test_who_may_not(self, name: str) -> None:
        """Nobody answers in another post's place, the owner least."""
        _, key = self.breach()
        with refused("not_your_move"):
            answer_breach(by=viewer(name), now=NOW, delivery=key, words="Nothing happened.")

    def test_words_are_owed(self) -> None:
        """An answer without words is none."""
        _, key = self.breach()
        with refused("no_reasons"):
            answer_breach(by=viewer("samir"), now=NOW, delivery=key, words=" ")

    def test_once(self) -> None:
        """An answered breach is not answered over."""
        _, key = self.breach()
        answer_breach(by=viewer("samir"), now=NOW, delivery=key, words="Taken back.")
        with refused("answered"):
            answer_breach(by=viewer("samir"), now=NOW, delivery=key, words="Or not.")

    def test_a_covered_delivery_waits_for_nobody(self) -> None:
        """There is nothing to answer where nothing was breached."""
        case = decided(CAREFUL)
        key = give(case)
        with refused("not_your_move"):
            answer_breach(by=viewer("samir"), now=NOW, delivery=key, words="?")

    def test_not_there(self) -> None:
        """What one may not see, or what does not exist, is not there."""
        with pytest.raises(NotThere):
            answer_breach(by=viewer("samir"), now=NOW, delivery=uuid4(), words="?")

    def test_it_is_due_and_holds_the_case_open(self) -> None:
        """An open breach stands on its post's desk, and the case does not close over it."""
        case, key = self.breach()
        with viewing(door.clock()):
            (item,) = [i for i in due_items(door.clock(), NOW) if i.kind == "answer_breach"]
        assert (item.record, item.post, item.due) == (
            key,
            post("head-of-mission"),
            NOW + timedelta(days=10),
        )
        lapse(by=door.clock(), now=LEASE_END, activity=case.activity)
        with refused("looks_open", "breaches_open"):
            close(by=viewer("tomas"), now=NOW + 500 * DAY, activity=case.activity)

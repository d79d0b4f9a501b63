"""Random moves by random members of the cast, with a clock that runs, against a simple model.

The model keeps what happened as plain lists and judges each outcome by the laws, not by the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from primum.core.authority import may
from primum.core.coverage import breach
from primum.core.lifecycle import MOVES, REVIEWED_AT, Ask, CaseState, advance, lease_is_live
from primum.core.vocabulary import (
    Actor,
    Changed,
    Choice,
    Due,
    EndLease,
    HardStop,
    OpenLease,
    PlanLooks,
    Refusal,
    Stage,
    Stakes,
    Step,
    Stopped,
    Verb,
)
from primum.protocols import mission

UNISAR = mission.read("unisar")
SPACE = UUID(int=7)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GRACE = 14 * DAY
GOES = frozenset({Choice.GO, Choice.GO_WITH_CONDITIONS, Choice.IN_PART})
OVER = frozenset({Stage.CLOSED, Stage.NOT_DONE})
LINE, OTHER = UUID(int=1), UUID(int=2)
JUDGING = (Verb.ASSESS, Verb.ADVISE, Verb.DECIDE, Verb.RESUME, Verb.CLOSE_EARLY)
CLOSABLE = frozenset({Stage.DONE, Stage.WATCHED, Stage.LAPSED, Stage.WITHDRAWN})
DUTIES = {post["code"]: frozenset(post["duties"]) for post in UNISAR.posts}


def member(username: str, post: str, *recent: str) -> Actor:
    held = frozenset(uuid5(SPACE, code) for code in (post, *recent))
    return Actor(uuid5(SPACE, username), uuid5(SPACE, post), DUTIES[post], held)


CAST: dict[str, Actor] = {
    entry["username"]: member(entry["username"], entry["post"])
    for entry in UNISAR.cast
    if "post" in entry
} | {
    "clock": Actor(UUID(int=0), uuid5(SPACE, "clock"), DUTIES["clock"]),
    # Nadia in every other chair, the deputy after covering Nadia's, Tomas covering the leader's.
    "nadia as leader": member("nadia", "head-of-mission", "police-training-officer"),
    "nadia as officer": member("nadia", "due-diligence-officer", "police-training-officer"),
    "nadia as adviser": member("nadia", "chief-due-diligence", "police-training-officer"),
    "helena after cover": member("helena", "head-of-mission", "police-training-officer"),
    "tomas as leader": member("tomas", "head-of-mission", "due-diligence-officer"),
}
OWNER = CAST["nadia"]
ABOUT = (
    *("nadia", "tomas", "aminata", "jonas", "helena", "samir", "clock"),
    *("nadia as leader", "nadia as officer", "nadia as adviser"),
    *("helena after cover", "tomas as leader"),
)
"""Those whose moves could matter; the rest of the cast tries less often."""
DECIDERS = ("jonas", "helena", "samir", "nadia as leader", "helena after cover", "tomas as leader")
names = st.one_of(st.sampled_from(ABOUT), st.sampled_from(sorted(CAST)))
STOPS = (
    (),
    (HardStop("building", "leadership", {}),),
    (HardStop("coercion", "nobody", {}),),
    (HardStop("coercion", "nobody", {}, certain=False),),
)


@dataclass
class Look:
    due: datetime
    open: bool = True


@dataclass
class Promise:
    """Something to be met before delivery: from when it is owed, and when it was met."""

    due: datetime
    since: datetime
    met: datetime | None = None


@dataclass
class Model:
    """What anybody following the case with paper and pencil would have noted."""

    stages: list[Stage] = field(default_factory=lambda: [Stage.PROPOSED])
    made: list[Verb] = field(default_factory=lambda: [Verb.PROPOSE])
    """Which move led to each of these stages."""
    decided_by: list[tuple[str, Choice]] = field(default_factory=list)
    assessed_by: str | None = None
    advised: bool = False
    advised_by: set[str] = field(default_factory=set)
    until: datetime | None = None
    """The end of the approval that counts now; None when there is none."""
    ended: bool = True
    """Dead leases stay dead: only a decision opens another."""
    looks: list[Look] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    """Every commitment before delivery that there ever was."""
    owed: int = 0
    breaches: int = 0
    deliveries: list[tuple[datetime, bool]] = field(default_factory=list)
    approved: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """Every approval there was: from, and until when once it has ended."""
    stops: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """Every suspension, the last one perhaps without an end."""
    line_stops: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    """Every suspension of the one line that is delivered on."""
    changed: datetime | None = None
    """Since when another commands the unit than the one that was decided on."""
    renewing: bool = False
    reviewed: bool = False

    @property
    def before(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.met is None]

    @property
    def unmet(self) -> list[tuple[datetime, datetime | None]]:
        return [(promise.since, promise.met) for promise in self.promises]

    def leases(self, case: CaseState) -> list[tuple[datetime, datetime | None]]:
        return [(start, end or case.lease_end) for start, end in self.approved]

    def lease_end(self) -> datetime | None:
        """The earlier of the approved end and what is still owed leaves of it."""
        if self.until is None:
            return None
        looks = [look.due + GRACE for look in self.looks if look.open]
        return min([self.until, *looks, *(promise.due for promise in self.before)])


class Lifecycle(RuleBasedStateMachine):
    """One case, from proposal to wherever the cast takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.model = Model()
        self.case = CaseState(Stage.PROPOSED, OWNER.person, OWNER.post)

    @initialize(
        stakes=st.sampled_from(Stakes),
        stops=st.sampled_from(STOPS),
        far=st.sampled_from((0, 1, 1, 2, 2, 3, 3, 5, 5, 6)),
    )
    def propose(self, stakes: Stakes, stops: tuple[HardStop, ...], far: int) -> None:
        """Begin somewhere along the usual way, so that runs reach its end too."""
        self.case = replace(
            self.case, stakes=stakes, hard_stops=stops, max_lease=90 * DAY, watch=60 * DAY
        )
        for _ in range(far):
            self.the_right_post_goes_on()

    # What anybody tries.

    @rule(days=st.sampled_from((0, 1, 7, 30, 45, 91, 200)))
    def time_passes(self, days: int) -> None:
        self.go_to(self.now + timedelta(days=days, microseconds=1))

    @rule(data=st.data())
    def the_end_comes_exactly(self, data: st.DataObject) -> None:
        """Jump to the very instant that a clock names: where boundaries are wrong."""
        moments = (self.case.lease_end, self.case.watch_until)
        ahead = [moment for moment in moments if moment is not None and moment > self.now]
        if ahead:
            self.go_to(data.draw(st.sampled_from(ahead)))

    def go_to(self, moment: datetime) -> None:
        self.now = moment
        if self.case.lease_end is not None and moment >= self.case.lease_end:
            self.model.ended = True

    @rule(who=names, verb=st.sampled_from(Verb), owner=st.booleans())
    def try_anything(self, who: str, verb: Verb, owner: bool) -> None:
        self.attempt(who, Ask(verb, CAST[who], self.now, self.roles(who, owner)))

    @rule(who=names, data=st.data())
    def try_what_fits(self, who: str, data: st.DataObject) -> None:
        fits = [move.verb for move in MOVES if move.fits(self.case)]
        verb = data.draw(st.sampled_from(fits))
        self.attempt(who, Ask(verb, CAST[who], self.now, self.roles(who, True)))

    @rule()
    @precondition(lambda self: self.case.stage not in OVER)
    def the_right_post_goes_on(self) -> None:
        """Whoever is next does the next thing."""
        who, verb = {
            Stage.PROPOSED: ("tomas", Verb.ASSESS),
            Stage.ASSESSED: ("samir" if self.model.advised else "aminata", Verb.ADVISE),
            Stage.DECIDED: ("nadia", Verb.DELIVER),
            Stage.UNDER_WAY: ("nadia", Verb.FINISH),
            Stage.SUSPENDED: ("samir", Verb.RESUME),
            Stage.LAPSED: ("tomas", Verb.ASSESS),
        }.get(self.case.stage, ("tomas", Verb.CLOSE))
        if self.case.stage is Stage.DECIDED and self.model.before:
            return self.meet_before(0)
        ask = Ask(verb, CAST[who], self.now, self.roles(who, True))
        if who == "samir" and self.case.stage is Stage.ASSESSED:
            until = self.now + 80 * DAY
            ask = replace(ask, verb=Verb.DECIDE, choice=Choice.GO_WITH_CONDITIONS, until=until)
        return self.attempt(who, ask)

    @rule(
        who=st.sampled_from(("samir", "samir", "tomas as leader", *DECIDERS)),
        choice=st.one_of(st.sampled_from(sorted(GOES)), st.none(), st.sampled_from(Choice)),
        days=st.sampled_from((80, 80, 80, -1, 0, 1, 90, 91)),
    )
    @precondition(lambda self: self.case.stage is Stage.ASSESSED or self.case.reviewed)
    def someone_decides(self, who: str, choice: Choice | None, days: int) -> None:
        until = self.now + timedelta(days=days)
        ask = Ask(Verb.DECIDE, CAST[who], self.now, choice=choice, until=until)
        self.attempt(who, ask)

    @rule(who=st.sampled_from(("nadia", "nadia", "samir", "tomas", "nadia as leader")))
    def someone_delivers(self, who: str) -> None:
        """However things stand: who is in a hurry asks first and looks afterwards."""
        self.attempt(who, Ask(Verb.DELIVER, CAST[who], self.now, self.roles(who, True)))

    @rule(stop=st.booleans())
    def the_line_is_stopped_or_lifted(self, stop: bool) -> None:
        """A suspension of the line, whatever the stage: it moves none."""
        stops, before = self.model.line_stops, self.case.stage
        running = bool(stops) and stops[-1][1] is None
        if stop and not running:
            stops.append((self.now, None))
        elif running and not stop:
            stops[-1] = (stops[-1][0], self.now)
        self.now += timedelta(microseconds=1)
        self.refresh()
        assert self.case.stage is before

    @rule()
    @precondition(lambda self: self.case.stage in (Stage.DECIDED, Stage.UNDER_WAY))
    def another_takes_command(self) -> None:
        """C3: the check is reopened, and nothing is delivered until it is decided on."""
        self.model.changed = self.now
        self.refresh()

    @rule(who=st.sampled_from(("nadia", "tomas", "samir")))
    @precondition(lambda self: self.case.stage in (Stage.DECIDED, Stage.UNDER_WAY))
    def someone_renews(self, who: str) -> None:
        self.attempt(who, Ask(Verb.RENEW, CAST[who], self.now, self.roles(who, True)))

    @rule()
    @precondition(lambda self: self.case.under_review and self.case.stage in REVIEWED_AT)
    def the_review_goes_on(self) -> None:
        """Assessed, advised on and decided like any other, while the old approval runs."""
        if not self.case.reviewed:
            return self.attempt("tomas", Ask(Verb.ASSESS, CAST["tomas"], self.now))
        if not self.model.advised:
            return self.attempt("aminata", Ask(Verb.ADVISE, CAST["aminata"], self.now))
        until = self.now + 80 * DAY
        ask = Ask(Verb.DECIDE, CAST["samir"], self.now, choice=Choice.GO, until=until)
        return self.attempt("samir", ask)

    @rule(who=names, verb=st.sampled_from((Verb.FINISH, Verb.SUSPEND, Verb.WITHDRAW)))
    @precondition(lambda self: self.case.stage in (Stage.DECIDED, Stage.UNDER_WAY))
    def someone_ends_it(self, who: str, verb: Verb) -> None:
        self.attempt(who, Ask(verb, CAST[who], self.now, self.roles(who, True)))

    @rule()
    def the_clock_ticks(self) -> None:
        self.attempt("clock", Ask(Verb.LAPSE, CAST["clock"], self.now))

    @rule(who=st.sampled_from((*DECIDERS, "tomas", "nadia")), days=st.sampled_from((0, 3, 50)))
    @precondition(lambda self: self.case.stage in (Stage.DECIDED, Stage.UNDER_WAY))
    def stop_and_try_to_restart(self, who: str, days: int) -> None:
        self.attempt("jonas", Ask(Verb.SUSPEND, CAST["jonas"], self.now))
        self.time_passes(days)
        self.attempt(who, Ask(Verb.RESUME, CAST[who], self.now))

    # What happens beside the table: looks, commitments, breaches.

    @rule(made=st.booleans(), which=st.integers(0, 9))
    @precondition(lambda self: any(look.open for look in self.model.looks))
    def look(self, made: bool, which: int) -> None:
        """A look refused at the gate is not a look made: it changes nothing."""
        looks = [look for look in self.model.looks if look.open]
        looks[which % len(looks)].open = not made
        self.refresh()

    @rule(which=st.integers(0, 9))
    @precondition(lambda self: self.model.before)
    def meet_before(self, which: int) -> None:
        before = self.model.before
        before[which % len(before)].met = self.now
        self.model.owed -= 1
        self.refresh()

    @rule(left=st.sampled_from(("nothing", "look", "commitment", "breach", "watch")))
    @precondition(lambda self: self.case.stage in CLOSABLE)
    def tidy_up_and_close(self, left: str) -> None:
        """Everything made and answered but for one thing, after the watch: then try to close."""
        model = self.model
        for look in model.looks:
            look.open = left == "look" and look is model.looks[-1]
        for promise in model.before:
            promise.met = self.now
        model.owed = int(left == "commitment")
        model.breaches = int(left == "breach")
        if left != "watch":
            self.go_to(max(self.now, self.case.watch_until or self.now))
        self.refresh()
        self.attempt("samir", Ask(Verb.CLOSE_EARLY, CAST["samir"], self.now))
        self.attempt("tomas", Ask(Verb.CLOSE, CAST["tomas"], self.now))

    @rule()
    @precondition(lambda self: self.model.owed > len(self.model.before))
    def answer_later_one(self) -> None:
        self.model.owed -= 1
        self.refresh()

    @rule()
    def someone_delivers_all_the_same(self) -> None:
        """A fact is never refused: what no approval covers is a breach with its own clock."""
        why = self.breach(self.now) or ("command_changed" if self.model.changed else "")
        assert bool(why) == (not self.covered()), why
        self.model.deliveries.append((self.now, not self.breach(self.now)))
        self.go_to(self.now + timedelta(microseconds=1))
        if why:
            self.model.breaches += 1
        self.refresh()

    @rule()
    @precondition(lambda self: self.model.breaches)
    def answer_breach(self) -> None:
        self.model.breaches -= 1
        self.refresh()

    @rule()
    def someone_writes_it_down_later(self) -> None:
        """Whether it was covered follows from its own moment, not from the day of writing."""
        for moment, whole in self.model.deliveries:
            assert (self.breach(moment) == "") == whole, self.breach(moment)

    def breach(self, happened: datetime) -> str:
        model = self.model
        stops = [*model.stops, *model.line_stops]
        return breach(happened, model.leases(self.case), stops, model.unmet)

    # Outcomes, by the laws.

    def attempt(self, who: str, ask: Ask) -> None:
        self.refresh()
        ask, before = replace(ask, line=LINE), self.case
        outcome = advance(self.case, ask)
        if isinstance(outcome, Refusal):
            assert outcome.reasons, "a refusal says why"
            assert self.case == before
            return
        self.check_laws(who, ask, outcome)
        self.settle(who, ask, outcome)

    def check_laws(self, who: str, ask: Ask, made: Step) -> None:
        """What must hold whenever the table lets somebody move."""
        assert made.before is self.case.stage
        assert may(ask.by, ask.verb, self.case.stakes, ask.roles)
        if ask.verb in JUDGING:
            assert ask.by.person != OWNER.person, "nobody judges their own"
            assert OWNER.post not in {ask.by.post, *ask.by.recent_posts}
        match ask.verb:
            case Verb.DELIVER:
                assert self.covered(), "law 1: delivered outside an approval"
            case Verb.RESUME:
                assert not self.model.ended, "law 1: a dead lease resumed"
                assert made.after in (Stage.DECIDED, Stage.UNDER_WAY)
            case Verb.CLOSE:
                assert not any(look.open for look in self.model.looks), "law 2: unlooked"
                assert not self.model.owed, "law 2: a commitment without an answer"
                assert not self.model.breaches, "law 2: a breach without an answer"
                assert self.model.until is None or self.now >= self.model.until + 60 * DAY
            case Verb.CLOSE_EARLY:
                assert not any(look.open for look in self.model.looks), "law 2: unlooked"
                assert not self.model.owed and not self.model.breaches, "law 2: unanswered"
                assert self.model.until and self.now < self.model.until + 60 * DAY
            case Verb.RENEW:
                assert not self.model.ended, "law 1: a dead lease renewed"
                late = [look for look in self.model.looks if look.open and look.due <= self.now]
                assert not late, "law 2: renewed unlooked"
                assert made.effects == () and made.after is made.before
            case Verb.REOPEN:
                assert made.effects == () and self.model.ended, "law 1: a dead lease reopened"
                assert made.after in (Stage.PROPOSED, Stage.ASSESSED)
            case Verb.LAPSE:
                assert who == "clock" and self.model.ended
            case Verb.FINISH:
                assert self.model.deliveries, "finished what nobody delivered"
            case Verb.ADVISE:
                assessor = self.model.assessed_by
                assert assessor and ask.by.person != CAST[assessor].person, "advised on their own"
            case Verb.DECIDE:
                self.check_decision(ask, made)
        if made.after in (Stage.DECIDED, Stage.UNDER_WAY) and made.after is not made.before:
            assert ask.verb in (Verb.DECIDE, Verb.RESUME, Verb.DELIVER)
            yes = [choice for _, choice in self.model.decided_by if choice in GOES]
            assert yes or ask.choice in GOES, "law 3: approved without a decision"

    def check_decision(self, ask: Ask, made: Step) -> None:
        """Law 3, whoever asks in whatever post."""
        reach = {"decides_ordinary": 0, "decides_high": 1, "decides_leadership": 2}
        assert max(reach.get(duty, -1) for duty in ask.by.duties) >= self.case.stakes
        assert self.model.assessed_by is not None
        judged = {self.model.assessed_by, *self.model.advised_by}
        assert ask.by.person not in {CAST[who].person for who in judged}
        if made.before in REVIEWED_AT:
            assert self.model.reviewed, "an old assessment decided on twice"
        if ask.choice in GOES:
            assert made.after in (Stage.DECIDED, Stage.UNDER_WAY)
            assert self.model.advised, "nothing goes before it was advised on"
            overdue = [look for look in self.model.looks if look.open]
            assert all(self.now < look.due + GRACE for look in overdue), "dead at once"
            walls = [stop for stop in self.case.hard_stops if stop.certain]
            assert not any(stop.passable_by == "nobody" for stop in walls)
            assert not walls or "decides_leadership" in ask.by.duties
            assert ask.until is not None
            assert self.now < ask.until <= self.now + 90 * DAY
        elif self.model.changed and ask.choice is Choice.NO and made.before in REVIEWED_AT:
            assert made.after is Stage.WITHDRAWN, "another commander goes on unapproved"
        else:
            assert made.effects == ()

    def settle(self, who: str, ask: Ask, made: Step) -> None:
        """Note what happened, and give the table back what it would read from the rows."""
        model, changes = self.model, dict[str, Any](stage=made.after)
        model.stages.append(made.after)
        model.made.append(ask.verb)
        self.settle_judgement(who, ask)
        match ask.verb:
            case Verb.DELIVER:
                model.deliveries.append((self.now, True))
                # Nothing else happens at the very same instant.
                self.now += timedelta(microseconds=1)
            case Verb.SUSPEND:
                changes["before_suspension"] = made.before
                model.stops.append((self.now, None))
            case Verb.FINISH | Verb.WITHDRAW | Verb.LAPSE:
                model.ended = True
        if made.before is Stage.SUSPENDED and made.after is not Stage.SUSPENDED:
            model.stops[-1] = (model.stops[-1][0], self.now)
        for effect in made.effects:
            match effect:
                case OpenLease(until, watch_until):
                    model.until, model.ended = until, False
                    model.approved.append((self.now, None))
                    changes |= {"lease_end": until, "watch_until": watch_until}
                case EndLease(end):
                    assert end <= self.now, "law 1: an end is announced, never put off"
                    assert self.case.lease_end is None or end <= self.case.lease_end
                    changes["lease_end"] = end
                    model.ended = True
                    if model.approved:
                        model.approved[-1] = (model.approved[-1][0], end)
                case PlanLooks(start):
                    model.looks = [look for look in model.looks if look.open]
                    model.looks += [Look(start + days * DAY) for days in (30, 90)]
                    model.promises.append(Promise(start + 10 * DAY, start))
                    model.owed += 2
        self.case = replace(self.case, **changes)
        self.refresh()

    def settle_judgement(self, who: str, ask: Ask) -> None:
        model = self.model
        match ask.verb:
            case Verb.ASSESS:
                model.assessed_by, model.advised = who, False
                model.advised_by = set()
                model.reviewed = bool(model.decided_by)
            case Verb.ADVISE:
                model.advised = True
                model.advised_by.add(who)
            case Verb.RENEW:
                model.renewing = True
            case Verb.DECIDE:
                model.decided_by.append((who, ask.choice or Choice.NOT_NOW))
                if ask.choice in (*GOES, Choice.NO):
                    model.renewing = model.reviewed = False
                    model.changed = None if ask.choice in GOES else model.changed

    def refresh(self) -> None:
        """The counts, and the lease's end as the looks and commitments leave it."""
        model = self.model
        if not model.ended:
            end = model.lease_end()
            self.case = replace(self.case, lease_end=end)
            model.ended = end is None or self.now >= end
        looks = [look for look in model.looks if look.open]
        self.case = replace(
            self.case,
            assessor=CAST[model.assessed_by].person if model.assessed_by else None,
            advised=model.advised,
            advisers=frozenset(CAST[who].person for who in model.advised_by),
            open_looks=tuple(Due(look.due) for look in looks),
            overdue_looks=tuple(Due(k.due) for k in looks if k.due + GRACE <= self.now),
            open_commitments=(Due(START),) * model.owed,
            before_open=tuple(Due(promise.due) for promise in model.before),
            open_breaches=(Due(START),) * model.breaches,
            delivered=bool(model.deliveries),
            renewal_looks=tuple(Due(look.due) for look in looks if look.due <= self.now),
            renewal_commitments=tuple(
                Due(promise.due) for promise in model.before if promise.due <= self.now
            ),
            renewing=model.renewing,
            reviewed=model.reviewed,
            changed=(Changed(LINE, model.changed),) if model.changed else (),
            stopped=tuple(
                Stopped(line, "line", since)
                for line, since in ((OTHER, START), *((LINE, s) for s in self.stopped_since()))
            ),
        )

    def stopped_since(self) -> list[datetime]:
        return [since for since, until in self.model.line_stops if until is None]

    def covered(self) -> bool:
        """Would paper and pencil say that an approval covers a delivery now?"""
        going = self.model.stages[-1] in (Stage.DECIDED, Stage.UNDER_WAY)
        free = not self.stopped_since() and self.model.changed is None
        return going and free and not self.model.ended and not self.model.before

    def roles(self, who: str, owner: bool) -> frozenset[str]:
        return frozenset({"owner"}) if owner and CAST[who].post == OWNER.post else frozenset()

    # What holds at every moment.

    @invariant()
    def the_stored_end_decides(self) -> None:
        """Law 1: live exactly while going and before the end, ticked or not."""
        going = self.case.stage in (Stage.DECIDED, Stage.UNDER_WAY)
        assert lease_is_live(self.case, self.now) == (going and not self.model.ended)

    @invariant()
    def stages_change_through_the_table_alone(self) -> None:
        """Law 11: every step that was ever made is a row, and what is over stays over."""
        assert self.case.stage is self.model.stages[-1]
        rows = {(move.verb, before, move.after) for move in MOVES for before in move.before}
        free = {
            (move.verb, before) for move in MOVES if move.after is None for before in move.before
        }
        beside = {(move.verb, before) for move in MOVES for before in move.reviewing}
        stages = self.model.stages
        for verb, former, after in zip(self.model.made[1:], stages, stages[1:], strict=False):
            assert former not in OVER or verb is Verb.REOPEN
            row, at = (verb, former, after) in rows, (verb, former)
            assert row or at in free or (at in beside and (after is former or verb is Verb.DECIDE))

    @invariant()
    def somebody_can_go_on(self) -> None:
        """Law 9: as long as it is not over, somebody of the cast may make a move that ends it."""
        if self.case.stage in OVER:
            return
        verbs = [move.verb for move in MOVES if self.case.stage in move.before]
        assert any(
            may(actor, verb, self.case.stakes, self.roles(who, True))
            for who, actor in CAST.items()
            for verb in verbs
        ), f"nobody can move it on from {self.case.stage}"

    @invariant()
    def a_decision_has_a_desk(self) -> None:
        """Law 9: who may decide is never only those who may not: proposer and assessor."""
        if self.case.stage is not Stage.ASSESSED:
            return
        choice = Ask(Verb.DECIDE, OWNER, self.now, choice=Choice.NO)
        outcomes = [advance(self.case, replace(choice, by=actor)) for actor in CAST.values()]
        assert any(isinstance(outcome, Step) for outcome in outcomes)


# Every run the same: a red build must be the same red for everybody.
TestLifecycle: type[Any] = Lifecycle.TestCase
TestLifecycle.settings = settings(
    derandomize=True,
    database=None,
    max_examples=250,
    stateful_step_count=40,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow],
)

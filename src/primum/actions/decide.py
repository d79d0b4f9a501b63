"""Decide: a named post chooses, in its own words. No is as short as yes; late is not yes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from primum.actions.accept_effect import answer_for_effects
from primum.actions.assess import keep_ruling
from primum.actions.base import (
    acting,
    activity_of,
    ask_for,
    digest,
    holding,
    log,
    move,
    needs,
    part_seal,
    refresh_lease,
    refuse,
    salt,
)
from primum.actions.once import Key, once, own_key
from primum.actions.plan import plan_follow_up
from primum.actions.sheet import SignedSheet, keep_sheet, refuse_own_hand, signer, signing
from primum.actions.told import keep_told
from primum.cases import facts
from primum.cases.models import Activity, Assessment, Decision, File, Ground, Ruling
from primum.cases.queries import promises
from primum.core import vocabulary as v
from primum.core.vocabulary import Choice, Recommendation, Verb
from primum.people import mission
from primum.people.models import Holding
from primum.people.sight import Viewer

MOST_GROUNDS = 500
"""Reasons of one post compared with new ones."""


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What is chosen, why, and what the requester is told.

    `told` reaches the requester and everyone who sees the activity, `told_recipient` the recipient,
    each once a second post has read it; `words` stay with those who decide. `conditions` are the
    codes of the proposed commitments that are asked for.
    """

    choice: Choice
    words: str
    told: str = ""
    told_recipient: str = ""
    against_words: str = ""
    """Why the choice goes further than the Ruling; asked for only where it does."""
    until: datetime | None = None
    review_by: datetime | None = None
    conditions: tuple[str, ...] | None = None
    left_out: tuple[UUID, ...] = ()
    """The lines that a decision in part does not let go."""
    accepts: Mapping[UUID, str] = field(default_factory=dict)
    """Effect -> why a serious harm is accepted that no commitment meets."""
    on_behalf: SignedSheet | None = None
    key: Key = None
    """Sent twice under one key, it makes one record."""


@once(Decision, "decision")
def decide(*, by: Viewer, now: datetime, activity: UUID, decision: NewDecision) -> UUID:
    """Record a decision; a go opens a lease and plans its looks and commitments."""
    with acting(by):
        row = activity_of(activity)
        who = holding(by, now, Verb.DECIDE)
        _one_at_a_time(activity)
        assessment = _assessment_of(activity)
        ruling = facts.ruling_for(by, assessment, now)
        signed = signer(by, decision.on_behalf, now) if decision.on_behalf else None
        case = facts.case_state(by, row, now, ruling)
        ask = ask_for(Verb.DECIDE, by, now, row)
        ask = replace(ask, choice=decision.choice, until=decision.until)
        if signed:
            refuse_own_hand(case, ask, by, now)
            ask = replace(ask, by=signing(signed, now))
        words = needs(decision.words, Verb.DECIDE)
        step = move(row, case, ask)
        # After the guards: who may not decide at all hears that first.
        _check_lines(row, decision)
        _check_against(ruling, decision)
        if _goes(decision.choice):
            _check_waiver(by, assessment, ruling, now)
            wish = (decision.conditions, decision.accepts)
            answer_for_effects(row, assessment, signed or who, now, wish)
        sheet = keep_sheet(by, row, who, decision.on_behalf, now) if decision.on_behalf else None
        made = _write(row, assessment, (who, signed, sheet), now, decision)
        kept = keep_ruling(by, assessment, ruling, now, "decider")
        _write_ground(made, kept, ruling, decision, case.stakes)
        _tell(made, who, now, decision)
        if any(isinstance(effect, v.PlanLooks) for effect in step.effects):
            plan_follow_up(row, assessment, now, decision.conditions)
            refresh_lease(activity, now)
        scan = (sheet.digest,) if sheet else ()
        accepted = decision.accepts.values()
        left = map(str, made.left_out)
        said = digest(made.salt, decision.choice, decision.told, words, *left, *scan, *accepted)
        log(("activity", activity), Verb.DECIDE, made, now, words=said, seal=row.seal_id)
        return made.id


def _assessment_of(activity: UUID) -> Assessment:
    found = facts.latest_assessment(activity)
    if found is None:
        # Not assessed, or sealed from this post: hard stops, stakes and looks follow from it.
        raise refuse(
            Verb.DECIDE, "no_assessment", "There is no assessment that your post may read."
        )
    return found


def _check_lines(row: Activity, decision: NewDecision) -> None:
    """In part: some lines of the case are left out and some are not. Else none is."""
    lines = set(row.lines.values_list("id", flat=True))
    left = set(decision.left_out)
    if decision.choice is Choice.IN_PART:
        if not left or not left < lines:
            raise refuse(
                Verb.DECIDE,
                "which_lines",
                "In part: say which lines are left out. At least one goes, at least one does not.",
            )
    elif left:
        raise refuse(Verb.DECIDE, "lines_whole", "Only a decision in part leaves lines out.")


def _one_at_a_time(activity: UUID) -> None:
    """Decisions on the same parties wait for each other: stakes add up, at one moment too."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(party_id::text, 0)) FROM"
            " (SELECT DISTINCT party_id FROM cases_line WHERE activity_id = %s ORDER BY 1) p",
            [activity],
        )


def _write(
    row: Activity,
    assessment: Assessment,
    hands: tuple[Holding, Holding | None, File | None],
    now: datetime,
    decision: NewDecision,
) -> Decision:
    """`hands`: who wrote it down; on behalf of another, who signed, and the sheet they signed."""
    hours = mission.current().clocks["confirm_on_behalf_hours"]
    who, signed, sheet = hands
    made = Decision(
        id=own_key(who.person_id, decision.key),
        seal_id=row.seal_id,
        activity=row,
        assessment=assessment,
        kind=Verb.DECIDE,
        choice=decision.choice,
        post_id=(signed or who).post_id,
        by=who,
        signed_by=signed,
        sheet=sheet,
        at=now,
        approved_until=decision.until if _goes(decision.choice) else None,
        review_by=decision.review_by,
        left_out=sorted(decision.left_out),
        confirm_by=now + timedelta(hours=hours) if signed else None,
        salt=salt(),
    )
    made.save(force_insert=True)
    return made


def _check_against(ruling: v.Ruling, decision: NewDecision) -> None:
    """To go further than was recommended takes a reason of its own."""
    if goes_against(ruling.recommendation, decision.choice) and not decision.against_words.strip():
        raise refuse(
            Verb.DECIDE,
            "no_against_words",
            "This goes further than the ruling recommends. Say why, apart from your reasons.",
        )


def _check_waiver(by: Viewer, assessment: Assessment, ruling: v.Ruling, now: datetime) -> None:
    """Some hard stops take a waiver beside the leadership's decision; it never replaces that."""
    rules = facts.protocol_of(assessment.protocol)
    activity = assessment.activity_id
    if activity and promises.waiver_missing(by, activity, rules, ruling, now):
        raise refuse(
            Verb.DECIDE,
            "no_waiver",
            "A hard stop here takes a waiver, upon a dated undertaking of the authorities. None"
            " counts today.",
        )


def _tell(made: Decision, who: Holding, now: datetime, decision: NewDecision) -> None:
    seal = part_seal(made.activity, "decider")
    keep_told(made, "requester", decision.told, who, now, seal)
    keep_told(made, "recipient", decision.told_recipient, who, now, seal)


def _write_ground(
    made: Decision, kept: Ruling, ruling: v.Ruling, decision: NewDecision, stakes: v.Stakes
) -> None:
    against = goes_against(ruling.recommendation, decision.choice)
    words = decision.words.strip()
    Ground(
        seal_id=part_seal(made.activity, "decider"),
        decision=made,
        ruling=kept,
        words=words,
        against=against,
        against_words=decision.against_words.strip() if against else "",
        same_words=_said_before(made, words),
        stakes=stakes.word,
        salt=salt(),
    ).save(force_insert=True)


def _said_before(made: Decision, words: str) -> int:
    """How often this post gave the very same reasons in the year before, as far as it may read."""
    since = made.at - timedelta(days=365)
    rows = Ground.objects.filter(decision__post=made.post_id, decision__at__gt=since)
    before = rows.exclude(decision=made).values_list("words", flat=True)[:MOST_GROUNDS]
    return sum(1 for each in before if _bare(each) == _bare(words))


def _bare(words: str) -> str:
    return " ".join(words.casefold().split())


def _goes(choice: Choice) -> bool:
    return choice in v.GOES


def goes_against(recommendation: Recommendation, choice: Choice) -> bool:
    """True when the choice goes further than was recommended. Stopping short never does."""
    reach = {
        Recommendation.NO: 0,
        Recommendation.NOT_YET: 0,
        Recommendation.GO_WITH_CONDITIONS: 1,
        Recommendation.GO: 2,
    }[recommendation]
    wish = {Choice.NO: 0, Choice.NOT_NOW: 0, Choice.GO: 2}.get(choice, 1)
    return wish > reach


def check_choice(word: str) -> Choice:
    """A choice as a form sends it."""
    if word not in list(Choice):
        raise refuse(Verb.DECIDE, "no_choice", "Choose one of the answers.")
    return Choice(word)

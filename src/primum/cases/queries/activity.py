"""One activity: six questions on one page, as far as this viewer may know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import connection

from primum.cases import facts, hands
from primum.cases.models import (
    Activity,
    Advice,
    Assessment,
    Commitment,
    Decision,
    Delivery,
    Entry,
    File,
    Ground,
    Line,
    Told,
)
from primum.cases.queries.answered import edits, names_in, shown_answers
from primum.cases.queries.due import broken, grave
from primum.cases.queries.looks import look_lines
from primum.cases.queries.raised import raised_line
from primum.cases.queries.shapes import (
    ActivityPage,
    AdviceLine,
    CommitmentLine,
    DecisionLine,
    DeliveryLine,
    EntryLine,
    Head,
    LineLine,
    Pulse,
)
from primum.core import authority, lifecycle, protocol
from primum.core import vocabulary as v
from primum.people import door, queries
from primum.people.chairs import chairs
from primum.people.sight import Viewer, require
from primum.register.paging import page_of

__all__ = ["activity_page", "assessment_form", "entries"]


def activity_page(viewer: Viewer, key: UUID, now: datetime) -> ActivityPage | None:
    """The page, or None when there is no such activity for this viewer."""
    require(viewer)
    row = Activity.objects.select_related("place", "proposed_by").filter(id=key).first()
    return None if row is None else _page(viewer, row, now)


def _page(viewer: Viewer, row: Activity, now: datetime) -> ActivityPage:
    key = row.id
    mine, versions = queries.answers_for(viewer, now), facts.governing(key)
    rules, own_case = facts.protocol_of(versions[0]), is_own_case(viewer, row, now)
    assessment = None if own_case else facts.latest_assessment(key)
    ruling = facts.ruling_for(viewer, assessment, now) if assessment else None
    case = facts.case_state(viewer, row, now, ruling)
    names = names_in(viewer, rules, row.answers, assessment.answers if assessment else {})
    asks = frozenset(item.record for item in (*broken(now, key), *grave(now, key)))
    actor_for = _actors(viewer, case, now)
    return ActivityPage(
        head=_head(row),
        lease_live=lifecycle.lease_is_live(case, now),
        stakes=case.stakes.word if assessment else "",
        split=assessment is not None and assessment.split,
        decider=facts.decider_post(case.stakes).id if assessment else None,
        protocols=tuple((ver.id, facts.protocol_of(ver).title) for ver in versions),
        completeness=_completeness(rules, row),
        proposed_answers=shown_answers(viewer, rules, row.answers, names),
        assessed_answers=(
            shown_answers(viewer, rules, assessment.answers, names) if assessment else ()
        ),
        edits=edits(viewer, rules, assessment, names) if assessment else (),
        ruling=ruling,
        open_questions=_open_questions(rules, ruling),
        lines=_lines(key, frozenset(assessment.exempt if assessment else ())),
        deliveries=_deliveries(key, mine),
        pulse=pulse(key, now),
        looks=look_lines(viewer, row, mine, now),
        commitments=_commitments(key, mine, asks),
        advices=() if own_case else _advices(key),
        advice_given=case.advised,
        decisions=_decisions(viewer, key),
        timeline=entries(viewer, key),
        raised=None if own_case else raised_line(viewer, key),
        unanswered=bool(asks),
        may_release=not own_case and _decides(actor_for, case),
        may_deliver=row.owner_id in mine,
        moves=_moves(viewer, actor_for, case, now, owner=row.owner_id in mine, own_case=own_case),
    )


def _open_questions(
    rules: protocol.Protocol, ruling: v.Ruling | None
) -> tuple[Mapping[str, str], ...]:
    """What could still matter, in words; a registered fact by its meaning."""
    if ruling is None:
        return ()
    return tuple(
        rules.by_id[name].ask if name in rules.by_id else {"en": protocol.FACTS[name].meaning}
        for name in ruling.open_questions
    )


ActorFor = Callable[[v.Verb], v.Actor]


def _actors(viewer: Viewer, case: lifecycle.CaseState, now: datetime) -> ActorFor:
    """Who the viewer is to each step: what those could do who may not do it passes up to them."""
    actor, seats = door.actor(viewer, now), chairs(now)

    def actor_for(verb: v.Verb) -> v.Actor:
        absent = hands.barred(verb, case.owners, case.assessor, case.advisers)
        return replace(actor, duties=actor.duties | seats.passed_on(viewer.post, absent))

    return actor_for


def _decides(actor_for: ActorFor, case: lifecycle.CaseState) -> bool:
    return authority.may(actor_for(v.Verb.DECIDE), v.Verb.DECIDE, case.stakes)


def _completeness(rules: protocol.Protocol, row: Activity) -> protocol.Completeness:
    # Under two protocols the answers to the other one's questions are there too.
    own = {name: given for name, given in row.answers.items() if name in rules.by_id}
    return protocol.completeness(rules, protocol.read_answers(rules, own))


def _head(row: Activity) -> Head:
    return Head(
        id=row.id,
        title=row.title,
        why=row.why,
        mandate_objective=row.mandate_objective,
        place=row.place.names if row.place else None,
        starts=row.starts,
        ends=row.ends,
        owner=row.owner_id,
        stage=v.Stage(row.stage),
        lease_end=row.lease_end,
        watch_until=row.watch_until,
        invented=row.invented,
        emergency_since=row.emergency_since,
        emergency_why=row.emergency_why,
        place_key=row.place.id if row.place else None,
    )


def is_own_case(viewer: Viewer, row: Activity, now: datetime) -> bool:
    """Whether this is the viewer's own proposal, whose computed Ruling they never see (law 6)."""
    return hands.is_own_case(door.actor(viewer, now), row, now)


def pulse(key: UUID, now: datetime) -> tuple[Pulse, ...]:
    """Every look and commitment there is, by the engine: open, overdue, made (SETTLED 19)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, due, unannounced, state FROM activity_pulse(%s, %s)", [key, now]
        )
        return tuple(sorted((Pulse(*row) for row in cursor.fetchall()), key=lambda p: p.due))


def entries(viewer: Viewer, case: UUID, after: str = "") -> tuple[EntryLine, ...]:
    """The case's ledger as a timeline, newest first; one line more than a page is a next page.

    Lines of one moment stand in the same order for everybody: their keys are drawn by lot.
    """
    require(viewer)
    rows = Entry.objects.filter(case=case)
    columns = rows.values_list("id", "at", "post", "verb", "record_kind")
    return tuple(EntryLine(*row) for row in page_of(columns, ("-at", "-verb", "id"), after))


def assessment_form(
    viewer: Viewer, key: UUID
) -> tuple[protocol.Protocol, Mapping[str, object]] | None:
    """The questions of the case's protocol and what to start from: the last answers given."""
    require(viewer)
    row = Activity.objects.filter(id=key).first()
    if row is None:
        return None
    former: Assessment | None = facts.latest_assessment(key)
    rules = facts.protocol_of(facts.governing(key)[0])
    start = former.answers if former else row.answers
    return rules, {name: given for name, given in start.items() if name in rules.by_id}


def _lines(key: UUID, agreed: frozenset[UUID]) -> tuple[LineLine, ...]:
    rows = Line.objects.filter(activity=key).select_related("party").order_by("number")
    return tuple(
        LineLine(
            row.id,
            row.party_id,
            row.party.name,
            row.kind,
            row.what,
            row.quantity,
            row.value_usd,
            row.people,
            row.lethal,
            row.exempt,
            row.exempt_because,
            row.id in agreed,
        )
        for row in rows
    )


def _deliveries(key: UUID, mine: frozenset[UUID]) -> tuple[DeliveryLine, ...]:
    return tuple(
        DeliveryLine(
            row.id,
            row.line_id,
            row.happened,
            row.what,
            row.breach,
            row.answer_by,
            row.answered,
            row.answer,
            bool(row.breach and row.answered is None and row.answer_post_id in mine),
            row.exposure,
        )
        for row in Delivery.objects.filter(activity=key).order_by("happened", "id")
    )


def _commitments(
    key: UUID, mine: frozenset[UUID], asks: frozenset[UUID]
) -> tuple[CommitmentLine, ...]:
    """`asks` are those that were broken and still wait for somebody to decide what follows."""
    return tuple(
        CommitmentLine(
            row.id,
            row.text,
            row.owed_by,
            row.timing,
            row.due,
            row.proof,
            row.verifier_id,
            row.state,
            row.words,
            row.decision_due if row.id in asks else None,
            (row.still_owed or row.may_yet_be_met) and row.verifier_id in mine,
            row.still_owed or row.may_yet_be_met,
            row.owed_to,
            row.test,
            row.every_days,
            row.answers[-1].get("how", "") if row.answers else "",
        )
        for row in Commitment.objects.filter(activity=key).order_by("due", "code")
    )


def _advices(key: UUID) -> tuple[AdviceLine, ...]:
    rows = Advice.objects.filter(activity=key).order_by("-at")
    return tuple(AdviceLine(row.post_id, row.at, row.position, row.words) for row in rows)


def _decisions(viewer: Viewer, key: UUID) -> tuple[DecisionLine, ...]:
    found = Decision.objects.filter(activity=key).select_related("by", "signed_by__person")
    rows = list(found.order_by("-at"))
    struck = {row.supersedes_id for row in rows}
    scans = set(File.objects.filter(id__in=[row.sheet_id for row in rows]).values_list("id"))
    grounds = {
        ground.decision_id: ground
        for ground in Ground.objects.filter(decision__in=rows).select_related("ruling")
    }
    told: dict[tuple[UUID, str], str] = {
        (each.decision_id, each.audience): each.words
        for each in Told.objects.filter(decision__in=rows, state=Told.State.PASSED).order_by("at")
    }
    return tuple(
        replace(
            _decision(row, grounds.get(row.id), told),
            sheet=(row.sheet_id,) in scans,
            struck=row.id in struck,
            mine=row.id not in struck and _waits_for(viewer, row),
        )
        for row in rows
    )


def _waits_for(viewer: Viewer, row: Decision) -> bool:
    """Whether this very person signed, and has yet to say whether they decided it."""
    signed = row.signed_by is not None and row.signed_by.person_id == viewer.person
    return signed and row.confirmed is None and row.by.person_id != viewer.person


def _decision(
    row: Decision, ground: Ground | None, told: Mapping[tuple[UUID, str], str]
) -> DecisionLine:
    ruling = ground.ruling if ground else None
    recommended = facts.stored([ruling])[0].recommendation.value if ruling else ""
    return DecisionLine(
        id=row.id,
        kind=row.kind,
        choice=row.choice,
        post=row.post_id,
        at=row.at,
        told=told.get((row.id, "requester"), ""),
        told_recipient=told.get((row.id, "recipient"), ""),
        until=row.approved_until,
        review_by=row.review_by,
        left_out=tuple(row.left_out),
        confirm_by=row.confirm_by,
        confirmed=row.confirmed,
        words=ground.words if ground else "",
        against=ground.against if ground else False,
        against_words=ground.against_words if ground else "",
        same_words=ground.same_words if ground else 0,
        recommended=recommended,
        signed=row.signed_by.person.name if row.signed_by else "",
        recorded_by=row.by.post_id,
        sheet=False,
        mine=False,
        struck=False,
    )


def _moves(
    viewer: Viewer,
    actor_for: ActorFor,
    case: lifecycle.CaseState,
    now: datetime,
    *,
    owner: bool,
    own_case: bool,
) -> tuple[v.Verb, ...]:
    """Which steps to offer: those whose stage fits and whose post this could be."""
    roles = frozenset({"owner"}) if owner else frozenset()
    hidden = {v.Verb.LAPSE}
    hidden |= set() if case.delivered else {v.Verb.FINISH}
    hidden |= set(hands.JUDGING) if own_case else set()
    hidden |= lifecycle.not_yet(case, now)
    fits = [move.verb for move in lifecycle.MOVES if move.fits(case)]
    return tuple(
        verb
        for verb in fits
        if verb not in hidden
        and viewer.person not in hands.barred(verb, case.owners, case.assessor, case.advisers)
        and authority.may(actor_for(verb), verb, case.stakes, roles)
    )

"""What a visit brought, written into every look that it serves: part of look and extra_look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from primum.actions.base import (
    NotThere,
    Refused,
    digest,
    holding,
    in_order,
    log,
    needs,
    refresh_lease,
    refuse,
)
from primum.actions.once import Key, own_key
from primum.actions.plan import plan_again
from primum.actions.signposts import keep_signs
from primum.cases import looking
from primum.cases.models import Decision, Look
from primum.core import protocol
from primum.core.protocol import Independence, Method
from primum.core.vocabulary import Because, Refusal, Verb
from primum.people import door, mission
from primum.people.models import Holding
from primum.people.sight import Viewer, viewing

MADE = ("nothing_grave", "grave")
NOT_MADE = ("refused", "could_not")
METHODS = tuple(method.value for method in Method)
REFUSALS = 2
"""So many times turned away, under one approval and at one place, is a promise broken."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look brought: its result, how it was made, answers to its questions, words."""

    result: str
    method: str
    answers: Mapping[str, object] = field(default_factory=dict)
    words: str = ""
    independence: str = ""
    """Who saw it; empty means the usual eyes of the method."""
    signs: Mapping[UUID, str] = field(default_factory=dict)
    """Signpost on this look -> seen, not_seen or could_not_tell."""
    also: tuple[UUID, ...] = ()
    """Other looks at the same facility or party that the same visit serves."""
    key: Key = None
    """Sent twice under one key, it is one attempt."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as it is written: by whom, when, what was seen, by whose eyes."""

    by: Viewer
    now: datetime
    seen: Seen
    who: Holding
    eyes: Independence | None

    @property
    def made(self) -> bool:
        return self.seen.result in MADE


def record(by: Viewer, now: datetime, rows: Sequence[Look], seen: Seen) -> bool:
    """Write one visit into the looks it serves, the visit's own first; True when it counts.

    Every row is held by the caller. One line is logged for each case touched, and every lease that
    hangs on one of the looks is worked out anew.
    """
    visit = Visit(by, now, seen, holding(by, now, Verb.LOOK), _eyes(by, rows, seen))
    given = _answers(visit, rows)
    for row in rows:
        changes = _as_made(visit, row, rows[0], given[row.id]) if visit.made else {}
        if not visit.made and seen.words.strip():
            changes["words"] = f"{row.words}\n{seen.words.strip()}".strip()
        changes["attempts"] = [*row.attempts, _attempt(visit)]
        hit = Look.objects.filter(id=row.id, state=Look.State.OPEN).update(**changes)
        if hit != 1:
            raise refuse(Verb.LOOK, "look_made", "This look has been made or released.")
        if visit.made:
            keep_signs(row, visit.who, now, seen.signs if row is rows[0] else {})
    _follow_up(visit, rows, given)
    verb = "look" if visit.made else "look_refused"
    for case in in_order(case_of(row)[1] for row in rows):
        touched = [row for row in rows if case_of(row)[1] == case]
        if touched[0].activity_id is not None:
            refresh_lease(case, now)
        words, seal = _words(visit, touched, given)
        log(case_of(touched[0]), verb, touched[0], now, words=words, seal=seal)
    return visit.made


def held(first: UUID | None, also: tuple[UUID, ...] = ()) -> list[Look]:
    """The looks, the first one first, held until this attempt is written.

    Of two attempts none overwrites the other. They are held in the order of their keys, so that
    two visits that serve the same looks wait for each other.
    """
    keys = in_order([*also, *([first] if first else [])])
    rows = Look.objects.select_for_update(of=("self",)).select_related("activity", "protocol")
    rows = rows.filter(Look.IN_SIGHT, id__in=keys).order_by("id")
    found = {row.id: row for row in rows}
    if set(found) != set(keys):
        raise NotThere
    return sorted(found.values(), key=lambda row: (row.id != first, row.due, row.id))


def check_there(by: Viewer, now: datetime, row: Look, others: list[Look]) -> None:
    """Whether this post may make all of them, and one visit can have seen all of them."""
    for each in (row, *others):
        if not looking.may_make(by, each, now):
            raise refuse(Verb.LOOK, "not_your_move", "This look is due from another post.")
    if any((each.place_id, each.party_id) != (row.place_id, row.party_id) for each in others):
        raise refuse(
            Verb.LOOK, "elsewhere", "One visit serves looks at the same place or party only."
        )


def case_of(row: Look) -> tuple[str, UUID]:
    """The case a look belongs to: its activity, else the place or party that was looked at."""
    found = {"activity": row.activity_id, "place": row.place_id, "party": row.party_id}
    return next((kind, key) for kind, key in found.items() if key is not None)


def _attempt(visit: Visit) -> dict[str, str]:
    attempt = {
        "at": visit.now.isoformat(),
        "result": visit.seen.result,
        "method": visit.seen.method,
        "post": str(visit.by.post),
    }
    key = visit.seen.key
    return attempt | ({"key": str(own_key(visit.by.person, key))} if key else {})


def _as_made(
    visit: Visit, row: Look, first: Look, answers: Mapping[str, object]
) -> dict[str, object]:
    return {
        "state": Look.State.MADE,
        "made": visit.now,
        "made_by": visit.who,
        "method": visit.seen.method,
        "independence": visit.eyes or "",
        "same_visit": None if row is first else first,
        "result": visit.seen.result,
        "answers": dict(answers),
        "words": visit.seen.words.strip(),
        "read_due": _read_due(visit) if row is first else None,
    }


def _read_due(visit: Visit) -> datetime | None:
    """Until when a second post reads it: always when grave, else as chance has it.

    Whoever makes a look cannot know whether it will be read.
    """
    share, time = mission.second_reading()
    drawn = randbelow(100) < share
    return visit.now + time if visit.seen.result == "grave" or drawn else None


def _words(
    visit: Visit, rows: Sequence[Look], given: Mapping[UUID, Mapping[str, object]]
) -> tuple[str, UUID]:
    """What one case's line says of the visit, as a digest, and under which seal."""
    row = rows[0]
    said = [protocol.canonical(dict(given[each.id])) for each in rows]
    words = digest(row.salt, visit.seen.result, *said, visit.seen.words)
    # An attempt that failed tells when somebody comes: it stays with those who look.
    return words, row.activity.seal_id if row.activity and visit.made else row.seal_id


# What follows ------------------------------------------------------------------------------------


def _follow_up(
    visit: Visit, rows: Sequence[Look], given: Mapping[UUID, Mapping[str, object]]
) -> None:
    """Decisions that are asked for, and looks that what was seen asks for. Once for each case."""
    asked: set[UUID] = set()
    for row in rows:
        if row.activity_id is None:
            continue
        if row.activity_id not in asked and _asks(visit, row):
            asked.add(row.activity_id)
            days = mission.clock_days("broken_decision_days")
            due = visit.now + timedelta(days=days)
            Look.objects.filter(id=row.id).update(decision_due=due, decision_asked=visit.now)
        rules, plan = looking.rules_of(row), looking.plan_of(row)
        if visit.made and rules and plan:
            found = protocol.read_answers(rules, given[row.id])
            if protocol.looks_again(plan, found):
                plan_again(row, plan, visit.now)


def _asks(visit: Visit, row: Look) -> bool:
    """Whether somebody must decide what follows: something grave, or turned away once too often."""
    if visit.made:
        return visit.seen.result == "grave"
    # Of what was tried before, some may be sealed from whoever tries now.
    with viewing(door.clock()):
        return visit.seen.result == "refused" and _turned_away(row) and not _waits(row)


def _turned_away(row: Look) -> bool:
    """Whether access was refused twice here under the approval in force, this time included."""
    gos = Decision.objects.filter(
        Decision.STANDS, activity=row.activity_id, kind=Verb.DECIDE, approved_until__isnull=False
    )
    since = gos.order_by("-at").values_list("at", flat=True).first()
    looks = Look.objects.filter(looking.there(row), activity=row.activity_id)
    tried = [each for found in looks.values_list("attempts", flat=True) for each in found]
    refused = {each["at"] for each in tried if each["result"] == "refused"}
    return sum(since is None or datetime.fromisoformat(at) >= since for at in refused) >= REFUSALS


def _waits(row: Look) -> bool:
    """Whether a look here already waits for somebody's decision."""
    answers = Decision.objects.filter(
        Decision.STANDS, activity=row.activity_id, kind__in=Decision.ANSWERS
    )
    since = answers.order_by("-at").values_list("at", flat=True).first()
    looks = Look.objects.filter(looking.there(row), activity=row.activity_id)
    waiting = looks.filter(decision_due__isnull=False)
    return (waiting.filter(decision_asked__gte=since) if since else waiting).exists()


# What is no look ---------------------------------------------------------------------------------


def _eyes(by: Viewer, rows: Sequence[Look], seen: Seen) -> Independence | None:
    """Who saw it, for a look that counts: never those alone whom it judges."""
    if seen.result not in MADE + NOT_MADE:
        raise refuse(Verb.LOOK, "no_result", "Say how it went: nothing grave, grave, refused…")
    if seen.method not in METHODS:
        raise refuse(Verb.LOOK, "no_method", "Say how the look was made: visit, phone, partner…")
    if seen.result != "nothing_grave":
        needs(seen.words, Verb.LOOK, "words")
    for row in rows:
        _check_method(seen, row)
    if seen.result not in MADE:
        return None
    if looking.is_judged(by, rows):
        raise refuse(
            Verb.LOOK,
            "judged_party",
            "Your own organisation is judged here. Somebody else looks; what you saw is a report.",
        )
    found = protocol.seen_by(Method(seen.method), seen.independence)
    if isinstance(found, Because):
        raise Refused(Refusal(Verb.LOOK, (found,)))
    return found


def _answers(visit: Visit, rows: Sequence[Look]) -> Mapping[UUID, Mapping[str, object]]:
    """What was answered, look by look: each keeps what it asks itself."""
    given = visit.seen.answers
    asked = {name for row in rows for name in row.asks}
    if visit.made:
        _check_window(rows, visit.now)
    if not set(given) <= asked:
        raise refuse(Verb.LOOK, "other_question", "An answer belongs to no question of this look.")
    own = {row.id: {name: given[name] for name in row.asks if name in given} for row in rows}
    mistakes: dict[str, protocol.AnswerMistake] = {}
    grave: dict[str, protocol.GraveRule] = {}
    for row in rows:
        rules = looking.rules_of(row)
        if rules is not None:
            found = protocol.read_answers(rules, own[row.id])
            if visit.made:
                mistakes |= {each.question: each for each in _missing(row, rules, found)}
            grave |= {rule.id: rule for rule in protocol.grave_findings(rules, found)}
    if mistakes:
        raise protocol.AnswerError(tuple(mistakes.values()))
    if grave and visit.seen.result == "nothing_grave":
        raise refuse(
            Verb.LOOK,
            "grave_by_rule",
            "What you answered makes this look grave: %(why)s Choose “something grave seen”.",
            why=tuple(rule.says for rule in grave.values()),
        )
    return own


def _check_window(rows: Sequence[Look], now: datetime) -> None:
    for row in rows:
        if now < looking.counts_from(row):
            raise refuse(
                Verb.LOOK,
                "too_early",
                "This look is due later and counts from %(day)s on. What was seen now is a report.",
                day=looking.counts_from(row),
            )


def _check_method(seen: Seen, row: Look) -> None:
    """The plan's own ways of looking."""
    plan = looking.plan_of(row)
    if plan is not None and seen.method not in [method.value for method in plan.methods]:
        raise refuse(
            Verb.LOOK, "other_method", "The protocol does not accept this way of looking here."
        )


def _missing(
    row: Look, rules: protocol.Protocol, given: protocol.Answers
) -> Iterator[protocol.AnswerMistake]:
    """The required questions of a look, answered or given a reason: a tick-box is no look."""
    for name in row.asks:
        if rules.by_id[name].required and name not in given.known and name not in given.because:
            says = "answer it, or say why it is not known"
            yield protocol.AnswerMistake(name, "required", says)

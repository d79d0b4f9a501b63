"""Cases at each stage, built through the same actions as everybody uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection

from primum.actions.advise import advise
from primum.actions.answer_commitment import answer_commitment
from primum.actions.assess import assess
from primum.actions.base import Refused
from primum.actions.decide import NewDecision, decide
from primum.actions.deliver import NewDelivery, deliver
from primum.actions.file_report import NewReport, file_report
from primum.actions.look import Seen, look
from primum.actions.propose import NewActivity, NewLine, propose
from primum.actions.publish_protocol import install_protocol
from primum.actions.weigh_effects import Expected, NewWeighing, Struck, weigh_effects
from primum.cases import effects
from primum.cases.models import Activity, Commitment, Decision, Delivery, Look, Told
from primum.cli import story
from primum.core.protocol import completeness, read_answers
from primum.core.screening import fold
from primum.core.vocabulary import Because, Choice
from primum.people import door, mission
from primum.people.models import Holding, Organisation, Post
from primum.people.sight import viewing
from primum.protocols.reader import load, text_of
from primum.register.models import Party, Place, Tie
from tests.cast import NOW, viewer

PROTOCOL = "support-to-security-forces"
LEASE = timedelta(days=80)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
LEASE_END = datetime(2026, 5, 1, tzinfo=UTC)
"""Where an approval of NOW ends when nobody looks: the first look is due on day 30 with 14 days of
grace, and since it is unannounced its month is told and never its day."""

CAREFUL: dict[str, object] = dict(story.CAREFUL)
"""Nothing speaks against it, but nothing is on record either: medium, so high stakes."""
BUILDING: dict[str, object] = {
    **CAREFUL,
    **story.WHOLE,
    "support_kind": ["infrastructure", "training_advisory"],
    "building_for": ["office"],
    "later_use": ["nothing_else"],
    "legal_powers": "under_court",
    "records_room": "yes",
}
"""With a building: a records room and a training before delivery, and looks for five years."""
GRAVE: dict[str, object] = {
    **CAREFUL,
    "unit_grave_violations": "yes",
    "unit_route": ["scale"],
    "present_commander": "new_in_post",
    "source_basis": "several_independent",
    "credibility_weighed": [
        "past_accuracy",
        "how_known",
        "bias",
        "corroboration",
        "contradiction",
        "pattern",
        "detail",
    ],
    "authority_steps": "none_taken",
    "prevention": "nothing",
    "real_risk": "yes",
    "risk_reason": "The same men, the same orders.",
}
"""Barred: a hard stop that nobody passes."""
UNVISITED: dict[str, object] = {**BUILDING, "access": "spoken"}
"""A building without a written agreement on access: only the leadership goes."""

SHORT = """
protocol: short-course
title: {en: A short course}
languages: [en]
questions:
  - {id: who_comes, section: brings, ask: {en: Who comes?}, kind: text, required: yes}
  - {id: suffered, section: happened, ask: {en: Has anyone suffered?}, kind: yes_no}
  - {id: seen, section: happened, ask: {en: What was seen?}, kind: text}
rules: []
commitments:
  - {id: list_of_names, text: {en: We get the list.}, phase: before, by: owner, proof: document,
     verifier: verifies, due: 10d}
  - {id: no_reprisals, text: {en: Nobody is punished.}, phase: during, by: recipient, proof: note,
     verifier: verifies, due: 20d}
looks:
  - {id: early_look, title: {en: Early look}, by: field_monitor, after: [20d, 40d], grace: 5d,
     method: [visit], asks: [suffered, seen]}
assesses: assesses
advises: advises
decides: {ordinary: decides_ordinary, high: decides_high, leadership: decides_leadership}
lease: 60d
watch: 30d
"""
"""A protocol whose clocks are near: a commitment on day 10, looks on days 20 and 40."""


def party(name: str = "Kodwel Joint Police Detachment", kind: str = "unit", **more: object) -> UUID:
    """An invented party, open to the mission."""
    row = Party(
        id=uuid4(),
        seal_id=mission.default_seal("register"),
        kind=kind,
        name=name,
        folded=fold(name),
        invented=True,
        **more,
    )
    row.save(force_insert=True)
    return row.id


def tie(upper: UUID, lower: UUID, kind: str = "commands") -> UUID:
    row = Tie(
        id=uuid4(),
        seal_id=mission.default_seal("register"),
        kind=kind,
        upper_id=upper,
        lower_id=lower,
    )
    row.save(force_insert=True)
    return row.id


def contingent() -> UUID:
    """The Norland contingent as a party: linked to its organisation and its contributor state."""
    own = Organisation.objects.get(code="norland-contingent")
    return party(
        "Norland battalion", "own_component", organisation=own, contributor_state="Norland"
    )


def published() -> UUID:
    return install_protocol(
        by=door.clock(), now=NOW, text=text_of(PROTOCOL), filename=f"{PROTOCOL}.yaml"
    )


def short() -> UUID:
    """The protocol whose clocks are near."""
    return install_protocol(by=door.clock(), now=NOW, text=SHORT, filename="short.yaml")


@dataclass(frozen=True)
class Case:
    """The keys of one request for support."""

    activity: UUID
    party: UUID
    line: UUID


def proposed(now: datetime = NOW, **more: object) -> Case:
    """Nadia asks for conduct training and stationery for the detachment; its effects are weighed.

    So a yes never waits for them in a test that is about something else; `weighing=False` leaves
    them for the test to weigh.
    """
    weighing = more.pop("weighing", True)
    unit = party()
    with viewing(viewer("nadia")):
        place = Place.objects.get(code="kodwel-police-post").id
    fields: dict[str, object] = {
        "title": "Training and stationery for the Kodwel detachment",
        "why": "So that arrests are written down and read by a magistrate.",
        "mandate_objective": "Rule of law, resolution text paragraph 3 (invented)",
        "place": place,
        "starts": now.date(),
        "ends": (now + timedelta(days=200)).date(),
        "lines": (
            NewLine(
                unit, "training_advisory", "Course on arrest and custody", "36 places", 9000, 36
            ),
        ),
        "protocols": (published(),),
        "invented": True,
    }
    key = propose(by=viewer("nadia"), now=now, activity=NewActivity(**{**fields, **more}))  # type: ignore[arg-type]
    from primum.cases.models import Line  # noqa: PLC0415

    with viewing(door.clock()):
        line = Line.objects.filter(activity=key).order_by("what")[0].id
    if weighing:
        weighed(key, now)
    return Case(key, unit, line)


GOOD = Expected(
    "good",
    good=True,
    who="People who are arrested",
    what="Know why, and for how long",
    horizon="months",
    likelihood="possible",
)
HARM = Expected(
    "harm",
    how="custody",
    horizon="weeks",
    likelihood="unlikely",
    seriousness="slight",
    reversible="hard",
)
"""A pathway confirmed in a way that holds up no yes."""


def weighed(activity: UUID, now: datetime = NOW, by: str = "tomas") -> UUID | None:
    """The first pathway of the protocol confirmed as unlikely, the others struck, a good added.

    Nothing in it holds up a yes. None where the protocol names no pathway.
    """
    with viewing(viewer(by)):
        first, *others = [*effects.pathways(activity), ""]
    if not first:
        return None
    wish = NewWeighing(
        (replace(HARM, at=first, pathway=first), GOOD),
        tuple(Struck("Not here.", pathway=code) for code in others if code),
    )
    return weigh_effects(by=viewer(by), now=now, activity=activity, weighing=wish)


def reasoned(answers: dict[str, object]) -> dict[str, object]:
    """These answers, and a reasoned “not known” for every other required question."""
    rules = load(PROTOCOL)
    if not set(answers) <= set(rules.by_id):
        return answers  # of another protocol, whose case answers for itself
    missing = completeness(rules, read_answers(rules, answers)).missing
    return {**{name: {"unknown": "not known in this test"} for name in missing}, **answers}


def assessed(answers: dict[str, object], now: datetime = NOW, **more: object) -> Case:
    case = proposed(now, **more)
    assess(by=viewer("tomas"), now=now, activity=case.activity, answers=reasoned(answers))
    return case


def advised(answers: dict[str, object], now: datetime = NOW, **more: object) -> Case:
    case = assessed(answers, now, **more)
    advise(
        by=viewer("aminata"),
        now=now,
        activity=case.activity,
        position="support_with_conditions",
        words="Only with a lockable records room.",
    )
    return case


def decided(
    answers: dict[str, object], now: datetime = NOW, by: str = "samir", **more: object
) -> Case:
    case = advised(answers, now, **more)
    decide(by=viewer(by), now=now, activity=case.activity, decision=yes(now))
    return case


def yes(now: datetime = NOW, until: timedelta = LEASE, **more: object) -> NewDecision:
    """Go, with conditions, for the usual time."""
    fields: dict[str, object] = {
        "choice": Choice.GO_WITH_CONDITIONS,
        "words": "The course lowers the risk if the room is locked.",
        "told": "Approved until the date shown, with the conditions listed.",
        "against_words": "The mandate asks for it, and the conditions answer the risk.",
        "until": now + until,
    }
    return NewDecision(**{**fields, **more})  # type: ignore[arg-type]


def told(case: Case, name: str) -> list[tuple[str, str]]:
    """What is told of the case's decisions, as far as this person reads it: state and words."""
    with viewing(viewer(name)):
        rows = Told.objects.filter(decision__activity=case.activity).order_by("at", "state")
        return [(row.state, row.words) for row in rows]


def on_short(now: datetime = NOW) -> Case:
    """Approved for sixty days under the protocol whose clocks are near."""
    case = advised({"who_comes": "Thirty-six officers"}, now, protocols=(short(),))
    decide(
        by=viewer("samir"), now=now, activity=case.activity, decision=yes(now, timedelta(days=60))
    )
    return case


def met(case: Case, now: datetime = NOW) -> Case:
    """Tomas has verified what was promised before delivery."""
    for owed in commitments(case):
        if owed.timing == "before" and owed.state != "kept":
            answer_commitment(
                by=viewer("tomas"),
                now=now,
                commitment=owed.id,
                answer="kept",
                words="Seen on site, noted in the visit record.",
                how="visit",
            )
    return case


def under_way(answers: dict[str, object] = CAREFUL, now: datetime = NOW) -> Case:
    """Approved, everything met before, and a first delivery made."""
    case = met(decided(answers, now), now)
    what = NewDelivery(case.line, "Course held, 34 of 36 attended")
    deliver(by=viewer("nadia"), now=now, activity=case.activity, delivery=what)
    return case


def on_record(case: Case, now: datetime = NOW) -> None:
    """Somebody once said something and it was refuted: "some" is on record, and nothing bad."""
    heard = NewReport(
        parties=(case.party,), what="A rumour, refuted.", heard=now, confidence="refuted"
    )
    file_report(by=viewer("grace"), now=now, report=heard)


ANSWERS: dict[str, object] = {
    "used_as_agreed": "as_agreed",
    "access_given": "yes",
    "anyone_suffered": "no",
    "conduct_now": "better",
    "building_use_now": ["as_meant"],
    "let_in": "at_once",
    "not_shown": "no",
    "spoke_alone": "yes",
    "held_now": {"men": 4, "women": 0, "girls": 0, "boys": 0},
    "children_with_adults": "no",
    "over_limit": 0,
    "injuries": 0,
    "extortion_heard": "no",
    "suffered": "no",
}
"""What a look finds where all is well, in the words of either protocol."""


def saw(look: Look, result: str = "nothing_grave", words: str = "Register kept.") -> Seen:
    """A visit that answers what its look asks."""
    answers = {name: ANSWERS[name] for name in look.asks if name in ANSWERS}
    return Seen(result, "visit", answers, words)


def month_end(moment: datetime) -> datetime:
    """The first instant of the month after: all that is told of an unannounced day."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)


def looked(case: Case, now: datetime, which: int = 0) -> Case:
    """Grace has been there and seen nothing grave."""
    found = looks(case)[which]
    look(by=viewer("grace", now), now=now, look=found.id, seen=saw(found))
    return case


# Reading what an action left behind: through the eyes of the clock, which sees up to level 3.


def stage(case: Case) -> str:
    return str(row(case).stage)


def row(case: Case) -> Activity:
    with viewing(door.clock()):
        return Activity.objects.get(id=case.activity)


def looks(case: Case) -> list[Look]:
    with viewing(door.clock()):
        return list(Look.objects.filter(activity=case.activity).order_by("due", "id"))


def commitments(case: Case) -> list[Commitment]:
    with viewing(door.clock()):
        return list(Commitment.objects.filter(activity=case.activity).order_by("due", "code"))


def decisions(case: Case) -> list[Decision]:
    with viewing(door.clock()):
        return list(Decision.objects.filter(activity=case.activity).order_by("at", "id"))


def delivered(key: UUID) -> Delivery:
    with viewing(door.clock()):
        return Delivery.objects.get(id=key)


def lines(case: UUID) -> list[str]:
    """The verbs of a case's ledger as they were written; lines of one moment keep their order."""
    with viewing(door.clock()), connection.cursor() as cursor:
        # The server may not read their numbers, but their sights lie in the order they were made.
        cursor.execute(
            "SELECT e.verb FROM cases_entry e JOIN cases_entrysight s ON s.entry_id = e.id"
            ' WHERE e."case" = %s ORDER BY e.at, s.ctid',
            [case],
        )
        return [str(row[0]) for row in cursor.fetchall()]


def held(
    name: str, code: str, starts: datetime, ends: datetime | None = None, *, acting: bool = True
) -> None:
    """Somebody held this post, or covered it, for a time that the chief of staff cannot seat."""
    with viewing(door.clock()):
        Holding(
            person_id=viewer(name).person,
            post_id=post(code),
            starts=starts,
            ends=ends,
            acting=acting,
        ).save(force_insert=True)


def emptied(*codes: str, at: datetime = NOW) -> None:
    """Nobody holds or covers these posts any more."""
    with viewing(door.clock()):
        Holding.objects.filter(post__code__in=codes).update(ends=at)


def post(code: str) -> UUID:
    return Post.objects.get(code=code).id


ENTRY = "id, at, verb, record"
"""The columns of a ledger line that the server may read at all."""


def everything() -> Mapping[str, str]:
    """A fingerprint of every row of every table of ours, table by table."""
    with viewing(door.clock()), connection.cursor() as cursor:
        cursor.execute(_fingerprints())
        return dict(cursor.fetchall())


@cache
def _fingerprints() -> str:
    tables = {
        model._meta.db_table
        for app in ("people", "register", "cases")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
    hidden = {"people_sightkey", "cases_chain", "cases_checkpoint", "cases_checkpointhead"}
    # A published text never changes: its digest stands for its forty pages.
    said = {"cases_entry": f"({ENTRY})", "cases_protocolversion": "(id, digest)"}
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*) || ':' || coalesce(md5(string_agg({row}::text, '|'"
        f" ORDER BY {row}::text)), '') FROM {table} t"
        for table in sorted(tables - hidden)
        for row in [said.get(table, "t")]
    )


@contextmanager
def refused(*codes: str) -> Iterator[list[Because]]:
    """The block is refused for exactly these reasons, each can be said, and nothing is written."""
    before = everything()
    reasons: list[Because] = []
    with pytest.raises(Refused) as caught:
        yield reasons
    reasons += caught.value.refusal.reasons
    assert [reason.code for reason in reasons] == list(codes), str(caught.value)
    assert all(str(reason) for reason in reasons)
    unchanged(before)


def unchanged(before: Mapping[str, str]) -> None:
    after = everything()
    assert [table for table in after if after[table] != before[table]] == []

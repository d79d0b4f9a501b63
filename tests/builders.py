"""Cases at each stage, built through the same actions as everybody uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from primum.actions.advise import advise
from primum.actions.assess import assess
from primum.actions.decide import NewDecision, decide
from primum.actions.propose import NewActivity, NewLine, propose
from primum.actions.publish_protocol import publish_protocol
from primum.core.screening import fold
from primum.core.vocabulary import Choice
from primum.people import mission
from primum.people.models import Organisation
from primum.people.sight import viewing
from primum.protocols.reader import text_of
from primum.register.models import Party, Place, Tie
from tests.cast import NOW, viewer

PROTOCOL = "support-to-security-forces"
LEASE = timedelta(days=80)


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
    return publish_protocol(
        by=viewer("karim"), now=NOW, text=text_of(PROTOCOL), filename=f"{PROTOCOL}.yaml"
    )


@dataclass(frozen=True)
class Case:
    """The keys of one request for support."""

    activity: UUID
    party: UUID
    line: UUID


def proposed(now: datetime = NOW, **more: object) -> Case:
    """Nadia asks for conduct training and stationery for the detachment."""
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

    with viewing(viewer("nadia")):
        line = Line.objects.get(activity=key).id
    return Case(key, unit, line)


def assessed(answers: dict[str, object], now: datetime = NOW) -> Case:
    case = proposed(now)
    assess(by=viewer("tomas"), now=now, activity=case.activity, answers=answers)
    return case


def advised(answers: dict[str, object], now: datetime = NOW) -> Case:
    case = assessed(answers, now)
    advise(
        by=viewer("aminata"),
        now=now,
        activity=case.activity,
        position="support_with_conditions",
        words="Only with a lockable records room.",
    )
    return case


def decided(answers: dict[str, object], now: datetime = NOW, by: str = "samir") -> Case:
    case = advised(answers, now)
    decide(
        by=viewer(by),
        now=now,
        activity=case.activity,
        decision=NewDecision(
            choice=Choice.GO_WITH_CONDITIONS,
            words="The course lowers the risk if the room is locked.",
            told="Approved until the date shown, with the conditions listed.",
            until=now + LEASE,
        ),
    )
    return case

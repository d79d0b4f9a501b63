"""An extra look: nobody planned it. It is a case of its own, and serves what is due there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from primum.actions.base import NotThere
from primum.actions.extra_look import At, extra_look
from primum.actions.look import Seen, look
from primum.actions.read_look import read_look
from primum.actions.release import release
from primum.actions.tick import tick
from primum.cases.models import Entry, Look
from primum.cases.queries import looks as pages
from primum.cases.queries.due import desk, due_items
from primum.people import door, mission
from primum.people.sight import viewing
from primum.register.models import Place
from tests.builders import (
    CAREFUL,
    DAY,
    decided,
    everything,
    lines,
    looks,
    met,
    party,
    refused,
    row,
    saw,
    unchanged,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

WORDS = "Passed by; the yard was empty and the cells were open."
QUIET = Seen("nothing_grave", "visit", {}, WORDS)


def here() -> At:
    with viewing(viewer("grace")):
        return At(place=Place.objects.get(code="kodwel-police-post").id)


def go(seen: Seen = QUIET, at: At | None = None, now: datetime = NOW, name: str = "grace") -> Look:
    key = extra_look(by=viewer(name, now), now=now, at=at or here(), seen=seen)
    with viewing(door.clock()):
        return Look.objects.get(id=key)


def verbs(case: UUID) -> list[tuple[str, str]]:
    with viewing(door.clock()):
        return list(Entry.objects.filter(case=case).values_list("case_kind", "verb"))


def test_a_place_is_its_case() -> None:
    """No activity, no lease: what was seen is kept, with one line on the place's own chain."""
    at = here()
    made = go(at=at)
    assert (made.state, made.activity_id, made.place_id) == ("made", None, at.place)
    assert (made.made, made.words, made.result) == (NOW, WORDS, "nothing_grave")
    assert not made.required
    assert at.place is not None and verbs(at.place) == [("place", "look")]


def test_a_party_too() -> None:
    unit = party()
    made = go(at=At(party=unit))
    assert (made.place_id, made.party_id) == (None, unit)
    assert verbs(unit)[-1] == ("party", "look")


@pytest.mark.parametrize("name", ["grace", "tomas", "ruth"])
def test_by_a_post_with_a_duty_to_look(name: str) -> None:
    assert go(name=name).state == "made"


@pytest.mark.parametrize("name", ["nadia", "eva", "jonas", "samir", "karim", "ines", "aminata"])
def test_by_no_other(name: str) -> None:
    with refused("not_your_move"):
        go(name=name)


def test_what_is_not_there_is_not_looked_at() -> None:
    """A key of nothing, a sealed place, both at once, neither."""
    hidden = Place(
        id=uuid4(),
        seal_id=mission.seal_named("vault"),
        code="safe-house",
        names={"en": "Safe house"},
        kind="facility",
    )
    hidden.save(force_insert=True)
    before = everything()
    both = At(here().place, party())
    for at in (At(), At(place=uuid4()), At(party=uuid4()), At(place=hidden.id), both):
        with pytest.raises(NotThere):
            go(at=at)
    after = everything()
    assert after["cases_look"] == before["cases_look"]
    assert after["cases_entry"] == before["cases_entry"]


def test_it_asks_what_the_fullest_look_there_asks() -> None:
    """A police post that was looked at before is asked about in the same words."""
    case = decided(CAREFUL)
    at = here()
    who = viewer("grace")
    with viewing(who):
        shown = pages.extra_page(who, at.place, None, NOW)
    assert shown is not None and shown.activity is None
    fullest = max((each.asks for each in looks(case)), key=len)
    assert [question.id for question in shown.questions] == fullest
    answers = saw(replace_asks(looks(case)[0], fullest)).answers
    made = go(Seen("nothing_grave", "visit", answers, WORDS))
    assert made.answers == answers and made.protocol_id == looks(case)[0].protocol_id


def replace_asks(row: Look, asks: list[str]) -> Look:
    row.asks = asks
    return row


def test_it_serves_what_is_due_there() -> None:
    """Nobody planned the visit, and two looks are made by it: their leases go on."""
    one, other = met(decided(CAREFUL)), met(decided(CAREFUL))
    now = NOW + 30 * DAY
    before = [row(case).lease_end for case in (one, other)]
    who = viewer("grace", now)
    with viewing(who):
        shown = pages.extra_page(who, here().place, None, now)
    assert shown is not None
    keys = tuple(looks(case)[0].id for case in (one, other))
    assert set(keys) <= {offer.id for offer in shown.offers}
    asks = {name for key in (0, 1) for name in looks((one, other)[key])[0].asks}
    asks |= {question.id for question in shown.questions}
    answers = saw(replace_asks(looks(one)[0], sorted(asks))).answers
    made = go(Seen("nothing_grave", "visit", answers, WORDS, also=keys), now=now)
    for case, end in zip((one, other), before, strict=True):
        assert looks(case)[0].same_visit_id == made.id
        assert row(case).lease_end > end  # type: ignore[operator]
        assert lines(case.activity).count("look") == 1


def test_grave_it_is_read_and_waits_for_no_decision() -> None:
    """There is no case to decide on; a second post reads it, and the page asks for a report."""
    made = go(replace(QUIET, result="grave", words="Shots were heard inside."))
    assert (made.read_due, made.decision_due) == (NOW + 7 * DAY, None)
    with viewing(door.clock()):
        items = [(i.kind, i.case_kind) for i in due_items(door.clock(), NOW) if i.record == made.id]
    assert items == [("read_look", "place")]


def test_not_enough_it_waits_on_the_desk_again() -> None:
    made = go(replace(QUIET, result="grave", words="Shots were heard inside."))
    read_look(
        by=viewer("tomas"), now=NOW + DAY, look=made.id, verdict="not_adequate", words="By whom?"
    )
    grace = viewer("grace", NOW + DAY)
    with viewing(grace):
        (item,) = desk(grace, NOW + DAY)["look"]
    assert (item.record, item.case_kind, item.title) == (made.id, "place", "")
    again = look(by=grace, now=NOW + DAY, look=made.id, seen=QUIET)
    assert again


def test_turned_away_it_is_tried_again() -> None:
    """A fact: it is kept, and the post is reminded within thirty days."""
    made = go(Seen("refused", "visit", {}, "The gate stayed shut."))
    assert (made.state, made.due) == ("open", NOW + 30 * DAY)
    assert [each["result"] for each in made.attempts] == ["refused"]
    tick(by=door.clock(), now=NOW + 31 * DAY)


def test_nobody_releases_it() -> None:
    """No case owes it, so no decision on a case lets go of it."""
    made = go(Seen("refused", "visit", {}, "The gate stayed shut."))
    with pytest.raises(NotThere):
        release(by=viewer("samir"), now=NOW, owed=made.id, words="Never mind.")


def test_sent_twice_it_is_one() -> None:
    seen = replace(QUIET, key=UUID(int=5))
    at = here()
    assert go(seen, at).id == go(seen, at).id
    with viewing(door.clock()):
        assert Look.objects.filter(activity=None).count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"result": "fine"}, "no_result"),
        ({"method": "drone"}, "no_method"),
        ({"result": "grave", "words": " "}, "no_words"),
        ({"answers": {"suffered": "no"}}, "other_question"),
        ({"method": "phone"}, "no_eyes"),
        ({"independence": "judged_alone"}, "judged_alone"),
    ],
)
def test_wrong_input(changed: dict[str, object], code: str) -> None:
    """Refused with its sentence, and nothing of it is kept: not even the look."""
    with refused(code):
        go(replace(QUIET, **changed))  # type: ignore[arg-type]


def test_without_the_duty_there_is_no_page() -> None:
    for name in ("nadia", "samir", "karim"):
        who = viewer(name)
        with viewing(who):
            assert pages.extra_page(who, here_key(), None, NOW) is None
    before = everything()
    unchanged(before)


def here_key() -> UUID | None:
    return Place.objects.get(code="kodwel-police-post").id

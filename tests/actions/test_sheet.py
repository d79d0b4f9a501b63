"""On behalf: a leader signs on paper, the chief of staff records it, the leader confirms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from primum.actions.base import NotThere
from primum.actions.decide import NewDecision, decide
from primum.actions.sheet import LARGEST, SignedSheet, confirm_decision
from primum.cases.models import File
from primum.cases.queries.due import due_items
from primum.core.vocabulary import Choice
from primum.people import door
from primum.people.sight import viewing
from tests.builders import (
    BUILDING,
    CAREFUL,
    DAY,
    GRAVE,
    LEASE_END,
    Case,
    advised,
    commitments,
    decided,
    decisions,
    held,
    lines,
    looks,
    post,
    refused,
    row,
    stage,
    yes,
)
from tests.cast import NOW, viewer

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 signed"


def sheet(code: str = "head-of-mission", content: bytes = PDF) -> SignedSheet:
    return SignedSheet(post(code), "signed.pdf", content)


def record(case: Case, name: str = "bruno", **more: object) -> UUID:
    decision = replace(yes(on_behalf=sheet()), **more)  # type: ignore[arg-type]
    return decide(by=viewer(name), now=NOW, activity=case.activity, decision=decision)


def waiting(name: str, case: Case) -> list[str]:
    reader = viewer(name)
    with viewing(reader):
        return [i.kind for i in due_items(reader, NOW) if i.case == case.activity]


def test_recorded_and_confirmed() -> None:
    """The decision is the leader's post's, the sheet is kept, and the leader confirms it."""
    case = advised(CAREFUL)
    key = record(case)
    (kept,) = decisions(case)
    assert (kept.post_id, kept.confirm_by) == (post("head-of-mission"), NOW + timedelta(hours=72))
    assert stage(case) == "decided"
    with viewing(viewer("samir")):
        assert bytes(File.objects.get(case=case.activity).content) == PDF
    confirm_decision(by=viewer("samir"), now=NOW + DAY, decision=key)
    assert decisions(case)[0].confirmed == NOW + DAY
    assert lines(case.activity)[-2:] == ["decide", "confirm"]


@pytest.mark.parametrize("name", ["aminata", "tomas", "jonas", "helena", "samir"])
def test_who_may_not_record(name: str) -> None:
    """Only the post that records on behalf does, not another leader, not the leader themselves."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        record(case, name)


@pytest.mark.parametrize("name", ["bruno", "helena", "nadia", "tomas"])
def test_who_may_not_confirm(name: str) -> None:
    """Only the leader's own post confirms: not who recorded it, not somebody above or below."""
    case = advised(CAREFUL)
    key = record(case)
    with refused("not_your_move"):
        confirm_decision(by=viewer(name), now=NOW, decision=key)


def test_the_recorder_does_not_decide() -> None:
    """Without a sheet the chief of staff decides nothing."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=yes())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_kind"),
        (b"MZ\x90\x00", "sheet_kind"),
        (b"<html>", "sheet_kind"),
        (b" %PDF-1.7", "sheet_kind"),
        (b"%PDF-" + b"0" * LARGEST, "sheet_large"),
    ],
)
def test_the_sheet_is_what_its_first_bytes_say(content: bytes, code: str) -> None:
    """Whatever its name, a file that is no PDF, JPEG or PNG, or too large, is not taken."""
    case = advised(CAREFUL)
    with refused(code):
        record(case, on_behalf=sheet(content=content))


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, "application/pdf"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"\x89PNG\r\n", "image/png")],
)
def test_the_kinds_that_are_taken(content: bytes, kind: str) -> None:
    """A scan or a photograph of the sheet will do."""
    case = advised(CAREFUL)
    record(case, on_behalf=sheet(content=content))
    with viewing(viewer("bruno")):
        assert File.objects.get(case=case.activity).media_type == kind


def test_a_sheet_needs_a_name() -> None:
    """Refused at the last step, nothing of the decision is left."""
    case = advised(CAREFUL)
    with refused("no_name"):
        record(case, on_behalf=replace(sheet(), name=" "))


@pytest.mark.parametrize("code", ["director-human-rights", "police-chief-of-staff"])
def test_a_vacant_post_has_signed_nothing(code: str) -> None:
    """Nobody holds the post that is said to have signed."""
    case = advised(CAREFUL)
    with refused("vacant"):
        record(case, on_behalf=sheet(code))


def test_the_leaders_authority_counts_not_the_recorders() -> None:
    """A sheet signed by the head of office does not decide at high stakes."""
    case = advised(CAREFUL)
    with refused("not_your_move"):
        record(case, on_behalf=sheet("head-of-office-kodwel"))
    record(case, on_behalf=sheet("deputy-head-of-mission"))
    assert decisions(case)[0].post_id == post("deputy-head-of-mission")


def test_a_hard_stop_stands_on_paper_too() -> None:
    """A signature does not pass what nobody may pass."""
    case = advised(GRAVE)
    with refused("hard_stop"):
        record(case)


def test_own_case_on_paper_too() -> None:
    """Law 3: what a leader may not decide signed in, they may not decide on paper."""
    case = advised(CAREFUL)
    held("samir", "police-training-officer", NOW - 5 * DAY, NOW)
    with refused("own_case"):
        record(case)


def test_the_same_follows_as_from_a_decision_signed_in() -> None:
    """Laws 1 and 2: looks, commitments and the lease do not depend on who typed it in."""
    typed, signed = advised(BUILDING), advised(BUILDING)
    decide(by=viewer("samir"), now=NOW, activity=typed.activity, decision=yes())
    record(signed)
    assert [each.due for each in looks(signed)] == [each.due for each in looks(typed)]
    assert [each.code for each in commitments(signed)] == [each.code for each in commitments(typed)]
    assert row(signed).lease_end == row(typed).lease_end == LEASE_END


def test_unconfirmed_waits_on_the_leaders_desk() -> None:
    """Until confirmed it is due from the leader's post, and then no more."""
    case = advised(CAREFUL)
    key = record(case)
    assert "confirm" in waiting("samir", case)
    with viewing(door.clock()):
        (item,) = [i for i in due_items(door.clock(), NOW) if i.kind == "confirm"]
    assert (item.post, item.due) == (post("head-of-mission"), NOW + timedelta(hours=72))
    confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    assert "confirm" not in waiting("samir", case)


def test_confirmed_once() -> None:
    """The second confirmation, or one of a decision signed in, is refused."""
    case = advised(CAREFUL)
    key = record(case)
    confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    with refused("confirmed"):
        confirm_decision(by=viewer("samir"), now=NOW, decision=key)
    direct = decisions(decided(CAREFUL))[0]
    with refused("confirmed"):
        confirm_decision(by=viewer("samir"), now=NOW, decision=direct.id)


def test_what_one_may_not_see_is_not_there() -> None:
    """A decision on a sealed activity does not exist for others, to confirm or otherwise."""
    case = advised(CAREFUL, seal="decider")
    key = record(case)
    with pytest.raises(NotThere):
        confirm_decision(by=viewer("ines"), now=NOW, decision=key)


def test_a_no_on_paper_is_as_short() -> None:
    """A no signed on paper is recorded like a go."""
    case = advised(CAREFUL)
    no = NewDecision(Choice.NO, "Signed: no.", "Not approved.", on_behalf=sheet())
    decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=no)
    assert stage(case) == "not_done"

"""The signed sheet: who may fetch it, how it is handed out, and who says whose decision it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from primum.actions.decide import decide
from primum.actions.sheet import SignedSheet
from primum.cases.models import Decision, File
from primum.people import door, mission
from primum.people.models import Holding, Person
from primum.people.sight import viewing
from tests import builders
from tests.builders_sealed import CLOCK, HIGH, client_of, raised, seated
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db
PDF, JPEG, PNG = b"%PDF-1.7 signed", b"\xff\xd8\xff\xe0 scan", b"\x89PNG\r\n\x1a\n scan"
READERS = frozenset({"tomas", "aminata", "ruth", "grace", "jonas", "helena", "samir", "bruno"})
"""Those whom the deciders' seal names: the reasons stand on the sheet."""


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


def recorded(content: bytes = PDF, name: str = "scan.pdf") -> tuple[builders.Case, UUID]:
    """Bruno has recorded a yes with Samir's signature under it."""
    case = builders.advised({**HIGH, "commander_confirmed": "no"})
    sheet = SignedSheet(builders.post("head-of-mission"), name, content)
    wish = replace(builders.yes(), on_behalf=sheet)
    return case, decide(by=viewer("bruno"), now=NOW, activity=case.activity, decision=wish)


def address(name: str, case: builders.Case, decision: UUID) -> str:
    return reverse(name, args=[case.activity, decision])


def fetched(name: str, case: builders.Case, decision: UUID) -> Any:
    return client_of(viewer(name)).get(address("signed_sheet", case, decision))


def page(name: str, case: builders.Case) -> str:
    answer = client_of(viewer(name)).get(reverse("activity", args=[case.activity]))
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("content", "kind", "end"),
    [
        (PDF, "application/pdf", "pdf"),
        (JPEG, "image/jpeg", "jpg"),
        (PNG, "image/png", "png"),
        (b"%PDF-<script>alert(1)</script>", "application/pdf", "pdf"),
    ],
)
@pytest.mark.parametrize("name", ["scan.pdf", 'a".html\r\nX-Evil: 1', "../../x.svg"])
def test_it_is_handed_out_to_be_saved(content: bytes, kind: str, end: str, name: str) -> None:
    """Its bytes say what it is; nothing that its sender called it reaches a header."""
    case, key = recorded(content, name)
    answer = fetched("samir", case, key)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="signed-sheet.{end}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", NAMES)
def test_it_lies_under_its_seal(name: str) -> None:
    """Those who may read the reasons fetch it and find its link; for the others it is not there.

    The auditor sees the process: that it was signed, by whom, who recorded it, and no sheet.
    """
    case, key = recorded()
    link = address("signed_sheet", case, key)
    assert fetched(name, case, key).status_code == (200 if name in READERS else 404)
    shown = page(name, case)
    assert (link in shown) is (name in READERS)
    assert "Samir Haddad" in shown and "Chief of staff" in shown


def test_it_follows_a_raised_seal() -> None:
    """Raise the case, and the sheet is as far away as the rest of it."""
    case, key = recorded()
    assert raised("activity", case.activity, "secretariat")
    assert fetched("samir", case, key).status_code == 404
    assert fetched("aminata", case, key).status_code == 200


def test_what_is_no_scan_is_not_handed_out() -> None:
    """Whatever a row says of itself: bytes of another kind are not there."""
    case, _key = recorded()
    page_of_words = File(
        id=uuid4(),
        seal_id=mission.default_seal("decider"),
        case=case.activity,
        name="scan.pdf",
        media_type="application/pdf",
        content=b"<html><script>alert(1)</script>",
        digest="",
        by=Holding.objects.get(person=viewer("bruno").person),
        at=NOW,
    )
    page_of_words.save(force_insert=True)
    decision = Decision(
        id=uuid4(),
        seal_id=mission.default_seal("activity"),
        activity_id=case.activity,
        kind="decide",
        post_id=builders.post("head-of-mission"),
        by=page_of_words.by,
        sheet=page_of_words,
        at=NOW,
        salt="",
    )
    decision.save(force_insert=True)
    assert fetched("samir", case, decision.id).status_code == 404


def test_a_sheet_belongs_to_its_case() -> None:
    """A decision of another case, one without a sheet, a random key: not there."""
    case, key = recorded()
    other = builders.decided(dict(HIGH))
    assert fetched("samir", other, key).status_code == 404
    assert fetched("samir", case, uuid4()).status_code == 404
    assert fetched("samir", other, builders.decisions(other)[0].id).status_code == 404


@pytest.mark.parametrize("name", sorted({*NAMES, "cover"}))
def test_only_the_signer_is_asked(name: str) -> None:
    """Two buttons of equal weight for the one who signed; nobody else finds either."""
    case, key = recorded()
    if name == "cover":
        stranger = Person.objects.get(username="stranger")
        by = seated(stranger, "head-of-mission", acting=True)
    else:
        by = viewer(name)
    shown = client_of(by).get(reverse("activity", args=[case.activity])).content.decode()
    for button in ("confirm", "disown"):
        assert (address(button, case, key) in shown) is (name == "samir"), button


def test_yes() -> None:
    """Confirmed by one press; then nobody is asked any more."""
    case, key = recorded()
    answer = client_of(viewer("samir")).post(address("confirm", case, key))
    assert answer.status_code == 302
    assert builders.decisions(case)[0].confirmed == NOW
    assert address("disown", case, key) not in page("samir", case)


def test_no() -> None:
    """Struck by one press, without a word; the page says so to everybody who sees the case."""
    case, key = recorded()
    answer = client_of(viewer("samir")).post(address("disown", case, key))
    assert answer.status_code == 302
    assert builders.stage(case) == "assessed"
    for name in ("samir", "nadia", "lena"):
        assert "Struck: the person whose signature it bears did not decide this" in page(name, case)
    assert address("confirm", case, key) not in page("samir", case)


@pytest.mark.parametrize("button", ["confirm", "disown"])
@pytest.mark.parametrize("name", ["bruno", "helena", "nadia"])
def test_nobody_else_presses_it(name: str, button: str) -> None:
    """By hand neither: refused in words, and nothing is changed."""
    case, key = recorded()
    client = client_of(viewer(name))
    before = builders.everything()
    answer = client.post(address(button, case, key))
    assert answer.status_code == 422
    assert "Only the person who signed" in answer.content.decode()
    builders.unchanged(before)


def test_whose_signature_it_is_is_asked() -> None:
    """The form offers everybody who sits in a deciding post, but not the one who records."""
    case = builders.advised({**HIGH, "commander_confirmed": "no"})
    stranger = Person.objects.get(username="stranger")
    cover = seated(stranger, "head-of-mission", acting=True)
    bruno = client_of(viewer("bruno"))
    where = reverse("decide", args=[case.activity])
    offered = bruno.get(where).content.decode()
    assert all(f"– {name}</option>" in offered for name in ("Samir Haddad", "A stranger"))
    assert "Bruno Maretti</option>" not in offered
    form: dict[str, Any] = {
        "choice": "no",
        "words": "As signed.",
        "told": "Not approved.",
        "sheet": SimpleUploadedFile("scan.html", PDF),
    }
    assert bruno.post(where, form).status_code == 422
    form["sheet"].seek(0)
    signer = Holding.objects.get(person=cover.person)
    assert bruno.post(where, {**form, "signer": str(signer.id)}).status_code == 302
    with viewing(door.clock()):
        (kept,) = Decision.objects.filter(activity=case.activity)
    assert kept.signed_by_id == signer.id

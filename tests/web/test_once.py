"""A double submit makes one record, and its key tells nobody anything."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from primum.actions.file_report import NewReport, file_report
from primum.actions.once import own_key
from primum.cases.models import Activity, Advice, Assessment, Decision, Delivery, Look, Report
from primum.people.models import Holding
from primum.people.sight import viewing
from primum.register.models import Party
from tests import builders
from tests.builders import CAREFUL, Case, everything, looks, post, unchanged
from tests.builders_sealed import CLOCK, client_of, masked, moved_to, undone
from tests.cast import NOW, viewer
from tests.web.forms import form_at

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 signed"


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


@dataclass(frozen=True)
class Sent:
    """A form, who sends it, what is typed into it, and what it makes."""

    who: str
    build: Callable[[], Case]
    address: Callable[[Case], str]
    typed: Mapping[str, Any]
    makes: type[Model]
    action: Callable[[Case], str] = lambda _case: ""
    sees: str = "aminata"
    """Who of the cast sees what it makes."""
    days: int = 0
    extra: Mapping[str, Any] = field(default_factory=dict)

    def client(self) -> Client:
        return client_of(viewer(self.who))

    def filled(self, client: Client, case: Case) -> tuple[str, dict[str, Any]]:
        """The address it is sent to, and the whole form as a browser would send it."""
        form = form_at(client, self.address(case), self.action(case))
        said = {"once": [str(uuid4())], **form.sent(), **self.typed}
        return form.action or self.address(case), said

    def files(self) -> dict[str, Any]:
        return {name: SimpleUploadedFile(f"{name}.pdf", each) for name, each in self.extra.items()}

    def count(self) -> int:
        with viewing(viewer(self.sees)):
            return self.makes._default_manager.count()


def page(case: Case) -> str:
    return reverse("activity", args=[case.activity])


def of(name: str) -> Callable[[Case], str]:
    return lambda case: reverse(name, args=[case.activity])


def move(verb: str) -> Callable[[Case], str]:
    return lambda case: reverse("move", args=[case.activity, verb])


def about(name: str) -> Callable[[Case], str]:
    return lambda case: f"{reverse(name)}?party={case.party}"


def look_at(case: Case) -> str:
    return reverse("look", args=[looks(case)[0].id])


def grave() -> Case:
    """Something grave was seen at the first look: it waits for a decision."""
    from primum.actions.look import look  # noqa: PLC0415

    case = builders.decided(CAREFUL)
    seen = builders.saw(looks(case)[0], "grave", "A man was beaten (invented).")
    look(by=viewer("grace"), now=NOW, look=looks(case)[0].id, seen=seen)
    return case


YES = {
    "choice": "go",
    "words": "Yes.",
    "against_words": "Known.",
    "told": "Yes.",
    "until": "2026-04-15",
}
REASONS = {"words": "Reasons.", "told": "Told."}
WISH = {
    "title": "A second course",
    "why": "Because.",
    "starts": "2026-04-01",
    "ends": "2026-05-01",
    "what-0": "Course",
}
HEARD = {"what": "Money was taken (invented).", "people_min": "1"}

FORMS: Mapping[str, Sent] = {
    "propose": Sent("nadia", builders.proposed, about("new"), WISH, Activity),
    "report": Sent("grace", builders.proposed, about("report_new"), HEARD, Report),
    "report above one's sight": Sent(
        "grace", builders.proposed, about("report_new"), {**HEARD, "raise": "on"}, Report
    ),
    "party": Sent(
        "tomas",
        builders.proposed,
        lambda _case: reverse("party_new"),
        {"name": "Second unit", "names": "SU; S-U"},
        Party,
    ),
    "assess": Sent("tomas", builders.proposed, of("assess"), {}, Assessment),
    "advise": Sent(
        "aminata",
        lambda: builders.assessed(CAREFUL),
        of("advise"),
        {"position": "support", "words": "Yes."},
        Advice,
    ),
    "decide": Sent("samir", lambda: builders.advised(CAREFUL), of("decide"), YES, Decision),
    "decide no": Sent(
        "samir",
        lambda: builders.advised(CAREFUL),
        of("decide"),
        {"choice": "no", "words": "No.", "told": "No."},
        Decision,
    ),
    "decide on behalf": Sent(
        "bruno",
        lambda: builders.advised(CAREFUL),
        of("decide"),
        YES,
        Decision,
        extra={"sheet": PDF},
    ),
    "deliver": Sent(
        "nadia",
        lambda: builders.met(builders.decided(CAREFUL)),
        of("deliver"),
        {"what": "Course held"},
        Delivery,
    ),
    "deliver again": Sent(
        "nadia", builders.under_way, of("deliver"), {"what": "Course held twice"}, Delivery
    ),
    "record": Sent(
        "nadia",
        builders.proposed,
        of("deliver"),
        {"what": "Course held", "happened": "2026-03-01T10:00"},
        Delivery,
    ),
    "suspend": Sent("jonas", builders.under_way, page, REASONS, Decision, move("suspend")),
    "withdraw": Sent("samir", builders.under_way, page, REASONS, Decision, move("withdraw")),
    "go on": Sent("samir", grave, page, REASONS, Decision, move("go_on")),
    "release": Sent(
        "samir",
        lambda: builders.decided(CAREFUL),
        page,
        REASONS,
        Decision,
        lambda case: reverse("release", args=[case.activity, looks(case)[0].id]),
    ),
    "seat": Sent(
        "bruno",
        builders.proposed,
        lambda _case: reverse("posts"),
        {"acting": "on"},
        Holding,
        lambda _case: reverse("seat", args=[post("watch-keeper")]),
    ),
    "look": Sent(
        "grace",
        lambda: builders.decided(CAREFUL),
        look_at,
        {"result": "nothing_grave", "method": "visit", "words": "Register kept."},
        Look,
        days=30,
    ),
    "look refused": Sent(
        "grace",
        lambda: builders.decided(CAREFUL),
        look_at,
        {"result": "refused", "method": "visit", "words": "The gate was shut."},
        Look,
        days=30,
    ),
}
"""Every form that makes a record, and what is typed into it."""


def prepared(name: str, client: Client, case: Case) -> tuple[str, dict[str, Any]]:
    """Where the form goes and what it says, questions of the protocol answered."""
    sent = FORMS[name]
    to, said = sent.filled(client, case)
    if name == "assess":
        said |= answered(builders.reasoned(CAREFUL))
    if name.startswith("look"):
        not_asked = {"unknown": "Not asked this time."}
        asks = looks(case)[0].asks
        said |= answered({ask: builders.ANSWERS.get(ask, not_asked) for ask in asks})
    if name == "seat":
        said["person"] = str(viewer("eva").person)
    if name == "decide on behalf":
        said["signer"] = str(_holding("samir"))
    return to, said


def _holding(name: str) -> UUID:
    with viewing(viewer(name)):
        return Holding.objects.get(person=viewer(name).person).id


def answered(answers: Mapping[str, object]) -> dict[str, Any]:
    """Answers as the protocol's form sends them."""
    said: dict[str, Any] = {}
    for name, value in answers.items():
        if isinstance(value, dict):
            said |= {f"q-{name}": "?", f"q-{name}-because": value["unknown"]}
        else:
            said[f"q-{name}"] = value
    return said


def told(client: Client, where: str) -> list[str]:
    """The sentence that stands on the page one is led to."""
    text = client.get(where).content.decode()
    return re.findall(r'<div class="told" role="status"><p>(.*?)</p>', text)


def send(client: Client, name: str, to: str, said: Mapping[str, Any]) -> Any:
    return client.post(to, {**said, **FORMS[name].files()})


@pytest.mark.parametrize("name", FORMS)
def test_sent_twice_it_is_made_once(name: str) -> None:
    """The second submit writes nothing, and leads to the same page with the same sentence."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    with moved_to(NOW + timedelta(days=sent.days)):
        to, said = prepared(name, client, case)
        before = sent.count()
        first = send(client, name, to, said)
        assert first.status_code == 302, first.content.decode()
        says = told(client, first["Location"])
        assert len(says) == 1
        assert sent.count() == before + (sent.makes is not Look)
        written = everything()
    with moved_to(NOW + timedelta(days=sent.days, minutes=2)):
        second = send(client, name, to, said)
        assert (second.status_code, second["Location"]) == (302, first["Location"])
        assert told(client, second["Location"]) == says
    unchanged(written)


@pytest.mark.parametrize("name", ["propose", "report", "party", "record"])
def test_other_words_under_one_key_are_another_record(name: str) -> None:
    """Who goes back, changes a word and sends the form again has two records, and loses none."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    to, said = prepared(name, client, case)
    before = sent.count()
    field = next(iter(sent.typed))
    for number in range(3):
        assert send(client, name, to, {**said, field: f"Words {number}"}).status_code == 302
    assert sent.count() == before + 3


@pytest.mark.parametrize("name", sorted(set(FORMS) - {"seat"}))
def test_a_key_of_a_hidden_record_is_as_good_as_a_fresh_one(name: str) -> None:
    """Sealed rows, rows of others and rows of nobody: the form answers byte for byte the same."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    hidden, others = foreign(sent.makes, case)
    with moved_to(NOW + timedelta(days=sent.days)):
        to, said = prepared(name, client, case)
        answers = set()
        for key in (uuid4(), hidden, others, case.activity, uuid4()):
            cookies: Any = client.cookies.copy()
            with undone():
                before = sent.count()
                answer = send(client, name, to, {**said, "once": str(key)})
                where = masked(answer["Location"])
                answers.add((answer.status_code, where, *told(client, answer["Location"])))
                assert sent.count() == before + (sent.makes is not Look)
            client.cookies = cookies
    assert len(answers) == 1
    assert next(iter(answers))[0] == 302


@pytest.mark.parametrize("name", ["report", "deliver"])
def test_a_key_of_a_hidden_record_changes_no_refusal(name: str) -> None:
    """Where the form is refused, it is refused in the same words."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    hidden, others = foreign(sent.makes, case)
    to, said = prepared(name, client, case)
    said["what"] = ""
    answers = set()
    for key in (uuid4(), hidden, others):
        answer = send(client, name, to, {**said, "once": str(key)})
        answers.add((answer.status_code, masked(answer.content.decode()).replace(to, "")))
    assert {status for status, _text in answers} == {422}
    assert len(answers) == 1


def foreign(makes: type[Model], case: Case) -> tuple[UUID, UUID]:
    """The key of a record that only the secretariat sees, and of one that somebody else made."""
    heard = {"parties": (case.party,), "what": "Sealed", "heard": NOW, "confidence": "heard"}
    hidden = file_report(
        by=viewer("aminata"),
        now=NOW,
        report=NewReport(**heard, seal="secretariat"),  # type: ignore[arg-type]
    )
    with viewing(viewer("aminata")):
        mine = makes._default_manager.values_list("pk", flat=True).first()
    return hidden, mine or hidden


def test_the_key_of_somebody_else_makes_a_record_of_ones_own() -> None:
    """Nadia sends what Grace sent, under Grace's key: two people reported, so there are two."""
    sent = FORMS["report"]
    case, grace = sent.build(), sent.client()
    to, said = prepared("report", grace, case)
    send(grace, "report", to, said)
    send(client_of(viewer("nadia")), "report", to, said)
    assert sent.count() == 2


def test_the_record_is_named_by_no_key_that_was_sent() -> None:
    """So that a key that one has read somewhere, in an address, can be tried on no form."""
    sent = FORMS["report"]
    case, client = sent.build(), sent.client()
    to, said = prepared("report", client, case)
    send(client, "report", to, said)
    with viewing(viewer("aminata")):
        made = Report.objects.get().id
    (key,) = said["once"]
    assert made not in (UUID(key), own_key(viewer("grace").person, key))


@pytest.mark.parametrize("once", ["", "no key", "1"])
def test_without_a_key_each_is_a_record(once: str) -> None:
    """A form of an old page, or of a program, is taken as it is."""
    sent = FORMS["report"]
    case, client = sent.build(), sent.client()
    to, said = prepared("report", client, case)
    for _ in range(2):
        assert send(client, "report", to, {**said, "once": once}).status_code == 302
    assert sent.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name",
    [
        *("propose", "report above one's sight", "party", "assess", "advise", "decide"),
        *("decide on behalf", "deliver", "deliver again", "record", "suspend", "go on"),
        *("seat", "look", "look refused"),
    ],
)
def test_sent_at_one_moment_it_is_made_once(name: str) -> None:
    """Two clicks in one instant, on two threads of the server: both are led to the one record."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    with moved_to(NOW + timedelta(days=sent.days)):
        to, said = prepared(name, client, case)
        before, gate = sent.count(), threading.Barrier(2)
        answers: list[tuple[int, str]] = []

        def click() -> None:
            try:
                own = sent.client()
                gate.wait()
                answer = send(own, name, to, said)
                answers.append((answer.status_code, answer.get("Location", "")))
            finally:
                connections.close_all()

        clicks = [threading.Thread(target=click) for _ in range(2)]
        for each in clicks:
            each.start()
        for each in clicks:
            each.join()
        assert len(answers) == 2 and len(set(answers)) == 1, answers
        assert answers[0][0] == 302
        assert sent.count() == before + (sent.makes is not Look)
        if sent.makes is Look:
            assert len(looks(case)[0].attempts) == 1


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in FORMS
        if name != "seat"  # whoever sits there already stays: that needs no key
    ],
)
def test_every_form_that_makes_a_record_has_a_key(name: str) -> None:
    """It holds a key, and the same page drawn again holds another."""
    sent = FORMS[name]
    case, client = sent.build(), sent.client()
    forms = [form_at(client, sent.address(case), sent.action(case)) for _ in range(2)]
    keys = {UUID(form.fields["once"].value) for form in forms if "once" in form.fields}
    assert len(keys) == 2

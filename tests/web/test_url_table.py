"""Every address of the URLconf for everybody: the cast, a stranger, and nobody signed in.

The table grows by itself: an address that is not in SAMPLES fails, so whoever adds a page says
here which record its key names, and the whole walk is made for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from primum.actions.deliver import NewDelivery, record_delivery
from primum.actions.draw_sample import draw_sample
from primum.actions.hold_meeting import NewItem, hold_meeting
from primum.actions.stop import NewStop, suspend_scope
from primum.actions.tokens import make_token
from primum.cases.models import (
    Activity,
    Commitment,
    Decision,
    Delivery,
    Effect,
    Intercession,
    Letter,
    Line,
    Look,
    Meeting,
    ProtocolVersion,
    Report,
    Sample,
    Stop,
    Surprise,
    Told,
    Undertaking,
    Waiver,
    Weighing,
)
from primum.people import mission
from primum.people.models import Person, Post, Token
from primum.people.sight import Viewer, viewing
from primum.register.models import Match, Party, Place
from primum.web import middleware
from tests import builders, builders_ladder, builders_places
from tests.builders_promises import undertaking, waiver
from tests.builders_sealed import (
    CLOCK,
    HIGH,
    TOKEN,
    asked,
    client_of,
    content_of,
    hidden_look,
    patterns,
    report,
    seated,
    undone,
)
from tests.cast import NAMES, NOW, viewer

pytestmark = pytest.mark.django_db

SAMPLES: Mapping[str, Mapping[str, str]] = {
    "desk": {},
    "activities": {},
    "activity_export": {},
    "new": {},
    "new_beside": {},
    "activity": {"key": "activity"},
    "activity_timeline": {"key": "activity"},
    "known": {"key": "activity"},
    "raise_stakes": {"key": "activity"},
    "assess": {"key": "activity"},
    "assess_beside": {"key": "activity"},
    "assess_explain": {"key": "activity"},
    "advise": {"key": "activity"},
    "decide": {"key": "activity"},
    "effects": {"key": "activity"},
    "effects_read": {"key": "activity"},
    "effects_export": {"key": "activity"},
    "sheet": {"key": "activity"},
    "signed_sheet": {"key": "activity", "decision": "decision"},
    "confirm": {"key": "activity", "decision": "decision"},
    "disown": {"key": "activity", "decision": "decision"},
    "deliver": {"key": "activity"},
    "answer_breach": {"key": "activity", "delivery": "delivery"},
    "answer": {"key": "activity", "commitment": "commitment"},
    "release": {"key": "activity", "owed": "look"},
    "suspend": {"key": "activity"},
    "renew": {"key": "activity"},
    "lift": {"key": "stop"},
    "suspend_party": {"key": "party"},
    "move": {"key": "activity", "verb": "verb"},
    "look_extra": {},
    "look": {"key": "look"},
    "look_read": {"key": "look"},
    "told": {"key": "told"},
    "activity_similar": {"key": "activity"},
    "places": {},
    "place_export": {},
    "place": {"key": "place"},
    "place_timeline": {"key": "place"},
    "facility": {"key": "place"},
    "custodian": {"key": "place"},
    "plan": {},
    "plan_paper": {},
    "queue": {"key": "post"},
    "queue_export": {"key": "post"},
    "queue_paper": {"key": "post"},
    "handover": {"key": "post"},
    "handover_paper": {"key": "post"},
    "parties": {},
    "party_new": {},
    "party_export": {},
    "party": {"key": "party"},
    "party_postings": {"key": "party"},
    "party_reports": {"key": "party"},
    "party_sources": {"key": "party"},
    "party_timeline": {"key": "party"},
    "baseline": {"key": "party"},
    "undertaking_new": {"key": "party"},
    "undertakings": {},
    "undertaking_export": {},
    "undertaking": {"key": "undertaking"},
    "answer_undertaking": {"key": "undertaking"},
    "waive": {"key": "undertaking"},
    "end_waiver": {"key": "undertaking", "waiver": "waiver"},
    "steps": {"key": "report", "party": "party"},
    "intercede": {"key": "party"},
    "letter_new": {"key": "party"},
    "intercession": {"key": "intercession"},
    "letters": {},
    "letter_export": {},
    "letter": {"key": "letter"},
    "letter_pdf": {"key": "letter"},
    "letter_docx": {"key": "letter"},
    "support": {},
    "support_export": {},
    "matches": {},
    "match_export": {},
    "match": {"key": "match"},
    "report_new": {},
    "report": {"key": "report"},
    "grade": {"key": "report"},
    "match_report": {"key": "report"},
    "surprise": {"key": "surprise"},
    "raise_seal": {"key": "report"},
    "weigh": {"key": "report", "party": "party"},
    "leadership": {},
    "meeting": {},
    "minutes": {"key": "meeting"},
    "audit": {},
    "audit_export": {},
    "audit_list": {"code": "verb"},
    "sample": {},
    "audit_sample": {"key": "sample"},
    "protocols": {},
    "protocol_new": {},
    "protocol": {"key": "protocol"},
    "publish": {"key": "protocol"},
    "paper": {"key": "protocol"},
    "posts": {},
    "post_export": {},
    "seat": {"key": "post"},
    "vacate": {"key": "post"},
    "account": {},
    "act_as": {},
    "tokens": {},
    "revoke_token": {"key": "token"},
    "set_language": {},
    "account_login": {},
    "account_change_password": {},
    "account_logout": {},
    "mfa_authenticate": {},
    "account_reauthenticate": {},
    "mfa_reauthenticate": {},
    "mfa_index": {},
    "mfa_activate_totp": {},
    "mfa_deactivate_totp": {},
    "mfa_view_recovery_codes": {},
    "mfa_generate_recovery_codes": {},
}
"""Address -> the record that each of its keys names."""

OWN_ACCOUNT = frozenset(
    name
    for name in SAMPLES
    if name.startswith(("account", "mfa", "set_language")) or name == "act_as"
)
"""What a person reaches whatever post they hold: sign-in, sign-out, their account, the language."""
POST_ONLY = frozenset(
    {"answer_breach", "release", "move", "match", "raise_seal", "seat", "vacate"}
    | {"answer_undertaking", "waive", "end_waiver", "effects_read", "revoke_token"}
    | {"confirm", "disown", "act_as", "grade", "sample", "raise_stakes"}
    | {"lift", "weigh", "publish", "assess_beside", "new_beside"}
)
ROWS: Mapping[str, type[Model]] = {
    "activity": Activity,
    "decision": Decision,
    "delivery": Delivery,
    "commitment": Commitment,
    "look": Look,
    "party": Party,
    "place": Place,
    "match": Match,
    "report": Report,
    "protocol": ProtocolVersion,
    "post": Post,
    "told": Told,
    "stop": Stop,
    "undertaking": Undertaking,
    "waiver": Waiver,
    "surprise": Surprise,
    "effect": Effect,
    "weighing": Weighing,
    "intercession": Intercession,
    "letter": Letter,
    "token": Token,
    "sample": Sample,
    "meeting": Meeting,
}
VERBS = (
    "suspend",
    "resume",
    "withdraw",
    "reopen",
    "close_early",
    "finish",
    "close",
    "lapse",
    "looked_after",
    "fly",
)
FILLED: Mapping[str, str] = {
    "words": "My reasons.",
    "told": "Told.",
    "told_recipient": "",
    "answer": "kept",
    "choice": "go",
    "until": "2026-04-15",
    "position": "support",
    "how": "visit",
    "text": "They open a file.",
    "promised_by": "Minister of the interior",
    "promised": "2026-03-01",
    "due": "2026-04-20",
    "source": "Letter 114",
    "day": "2026-03-01",
    "office": "Court of Kodwel",
    "evidence": "Judgment 12",
    "result": "grave",
    "method": "visit",
    "verdict": "adequate",
    "same": "yes",
    "what": "A box of paper",
    "happened": "2026-03-01T10:00",
    "q-lethal": "no",
    "name": "A unit",
    "kind": "unit",
    "forbidden_uses": "Holding children",
    "starts": "2026-01-01",
}
"""One form that holds something for every address."""
OK_AFTER_POST = frozenset({200, 302, 400, 403, 404, 405, 422})
TOKEN_COOKIE = "csrftoken"

Key = str | UUID
Cell = tuple[str, Mapping[str, Key], str]
"""Name of the address, its keys, and what kind of keys they are."""


@pytest.fixture(autouse=True)
def _clock(settings: LazySettings) -> None:
    settings.CLOCK = CLOCK


@dataclass(frozen=True)
class World:
    """One record of each kind that most may see, and one that nobody of the cast may."""

    shown: Mapping[str, UUID]
    hidden: Mapping[str, UUID]


def world() -> World:
    case = builders.decided({**HIGH, "commander_confirmed": "no"})
    gift = NewDelivery(case.line, "Stationery")
    given = record_delivery(
        by=viewer("nadia"), now=NOW, activity=case.activity, delivery=gift, happened=NOW
    )
    promised = undertaking(case.party)
    waived = waiver(promised)
    with viewing(viewer("aminata")):
        shown = {
            "undertaking": promised,
            "waiver": waived,
            "activity": case.activity,
            "decision": Decision.objects.get(activity=case.activity).id,
            "delivery": given,
            "commitment": Commitment.objects.filter(activity=case.activity)[0].id,
            "look": Look.objects.filter(activity=case.activity)[0].id,
            "party": case.party,
            "place": Place.objects.get(code="kodwel-police-post").id,
            "match": _match(case.party, "open"),
            "report": report(case.party),
            "protocol": ProtocolVersion.objects.all()[0].id,
            "post": Post.objects.get(code="police-training-officer").id,
            "told": Told.objects.filter(decision__activity=case.activity)[0].id,
            "stop": _stopped(case.party),
            "weighing": Weighing.objects.filter(activity=case.activity)[0].id,
            "effect": Effect.objects.filter(activity=case.activity)[0].id,
            "surprise": _surprise("steward"),
            "token": _token(viewer("aminata")),
        }
    shown["intercession"] = builders_ladder.standing(case.party)
    shown["letter"] = builders_ladder.letter(shown["intercession"])
    shown["sample"] = draw_sample(by=viewer("lena"), now=NOW)
    spoken = (NewItem("by_hand", "Rations", "Enough."),)
    shown["meeting"] = hold_meeting(by=viewer("samir"), now=NOW, items=spoken)
    return World(shown, _hidden(case.party))


def _hidden(party: UUID) -> dict[str, UUID]:
    """The same records under the seal that opens for nobody, each kind that has a seal."""
    activity = asked(seal="vault")
    secret = mission.seal_named("vault")
    found = {
        "activity": activity,
        "look": hidden_look(activity, NOW, "vault"),
        "party": uuid4(),
        "place": builders_places.sealed_place("vault", "Sealed"),
        "match": _match(party, "vault"),
        "report": report(party, "vault"),
        "decision": uuid4(),
        "delivery": uuid4(),
        "commitment": uuid4(),
        "told": uuid4(),
        "stop": uuid4(),
        "undertaking": uuid4(),
        "waiver": uuid4(),
        "surprise": _surprise("vault"),
        "intercession": builders_ladder.step(party, seal="vault"),
        "letter": builders_ladder.letter(party=party, seal="vault"),
        "token": _token(_newcomer()),
        "sample": uuid4(),
        "meeting": uuid4(),
        "weighing": uuid4(),
        "effect": uuid4(),
    }
    Stop(
        id=found["stop"],
        seal_id=secret,
        scope="unit",
        party_id=party,
        post=Post.objects.get(code="head-of-mission"),
        by=_holding("samir"),
        started=NOW,
        words="Sealed",
        salt="",
    ).save(force_insert=True)
    Party(id=found["party"], seal_id=secret, kind="unit", name="Sealed", folded="sealed").save(
        force_insert=True
    )
    Decision(
        id=found["decision"],
        seal_id=secret,
        activity_id=activity,
        kind="decide",
        post=Post.objects.get(code="head-of-mission"),
        by=_holding("samir"),
        at=NOW,
        confirm_by=NOW,
        salt="",
    ).save(force_insert=True)
    Told(
        id=found["told"],
        seal_id=secret,
        decision_id=found["decision"],
        audience="requester",
        words="Sealed",
        state="waiting",
        by=_holding("samir"),
        at=NOW,
        salt="",
    ).save(force_insert=True)
    Weighing(
        id=found["weighing"],
        seal_id=secret,
        activity_id=activity,
        by=_holding("tomas"),
        at=NOW,
        salt="",
    ).save(force_insert=True)
    Effect(
        id=found["effect"],
        seal_id=secret,
        activity_id=activity,
        weighing_id=found["weighing"],
        by=_holding("tomas"),
        at=NOW,
    ).save(force_insert=True)
    Meeting(id=found["meeting"], seal_id=secret, at=NOW, by=_holding("samir"), salt="").save(
        force_insert=True
    )
    Sample(
        id=found["sample"],
        seal_id=secret,
        by=_holding("lena"),
        at=NOW,
        population=1,
        activities=[activity],
        salt="",
    ).save(force_insert=True)
    Commitment(
        id=found["commitment"],
        seal_id=secret,
        activity_id=activity,
        code="sealed",
        text={"en": "Sealed"},
        owed_by="owner",
        timing="during",
        owed_since=NOW,
        due=NOW,
        verifier=Post.objects.get(code="due-diligence-officer"),
        salt="",
    ).save(force_insert=True)
    _hidden_delivery(found["delivery"], activity, secret)
    _hidden_promises(found, secret)
    return found


def _stopped(unit: UUID) -> UUID:
    """Another unit is suspended: so this one's case stays as the walk needs it."""
    other = builders.party("Kodwel River Post")
    assert other != unit
    wish = NewStop("unit", "My reasons.", party=other)
    return suspend_scope(by=viewer("jonas"), now=NOW, stop=wish)


def _hidden_delivery(key: UUID, activity: UUID, secret: UUID) -> None:
    line = uuid4()
    Line(
        id=line,
        seal_id=secret,
        activity_id=activity,
        party_id=builders.party("Another"),
        kind="financial",
        what="Sealed",
    ).save(force_insert=True)
    Delivery(
        id=key,
        seal_id=secret,
        activity_id=activity,
        line_id=line,
        happened=NOW,
        what="Sealed",
        recorded_by=_holding("nadia"),
        recorded=NOW,
        breach="after_end",
        answer_by=NOW,
        answer_post=Post.objects.get(code="head-of-mission"),
        salt="",
    ).save(force_insert=True)


def _hidden_promises(found: dict[str, UUID], secret: UUID) -> None:
    Undertaking(
        id=found["undertaking"],
        seal_id=secret,
        party_id=found["party"],
        text="Sealed",
        promised_by="Sealed",
        promised=NOW.date(),
        due=NOW,
        source="Sealed",
        verifier=Post.objects.get(code="due-diligence-officer"),
        by=_holding("tomas"),
        at=NOW,
        salt="",
    ).save(force_insert=True)
    Waiver(
        id=found["waiver"],
        seal_id=secret,
        party_id=found["party"],
        kind="unit",
        words="Sealed",
        undertaking_id=found["undertaking"],
        until=NOW,
        by=_holding("samir"),
        at=NOW,
        salt="",
    ).save(force_insert=True)


def _surprise(seal: str) -> UUID:
    row = Surprise(
        id=uuid4(),
        seal_id=mission.seal_named(seal),
        protocol=ProtocolVersion.objects.all()[0],
        order=1,
        how="custody",
        at=NOW,
        salt="",
    )
    row.save(force_insert=True)
    return row.id


def _holding(name: str):  # type: ignore[no-untyped-def]
    return Person.objects.get(username=name).holdings.all()[0]


def _newcomer() -> Viewer:
    """Somebody beside the cast."""
    made = Person.objects.create_user("newcomer", "a password nobody uses", name="Newcomer")
    return seated(made, "agency-officer", acting=True)


def _token(by: Viewer) -> UUID:
    """A token's key: anybody's own is seen by them alone."""
    return UUID(make_token(by=by, now=NOW, name="A program", days=30).split("_")[1])


def _match(party: UUID, seal: str) -> UUID:
    row = Match(
        id=uuid4(),
        seal_id=mission.seal_named(seal),
        recipient=f"KODWEL POLICE ({seal})",
        dataset="invented",
        party_id=party,
        why="The names are the same.",
    )
    row.save(force_insert=True)
    return row.id


# The walk ---------------------------------------------------------------------------------------


def ways(takes: Mapping[str, str]) -> list[tuple[tuple[str, ...], str]]:
    """How an address is asked for: where each key comes from, and with which verb if any."""
    kinds = [kind for kind in takes.values() if kind != "verb"]
    verbs = VERBS if "verb" in takes.values() else ("",)
    return list(product(product(("random", "shown", "hidden"), repeat=len(kinds)), verbs))


CELLS = sum(len(ways(takes)) for takes in SAMPLES.values())
"""How many requests one walk is, for each person and each method."""


def counted(value: object) -> str | None:
    """The test's id says how wide its walk is."""
    return f"{value}-{CELLS}-cells" if isinstance(value, str) else None


def cells(of: World) -> Iterator[Cell]:
    """Every address with every combination of keys: a random one, one there, a hidden one."""
    for name, takes in SAMPLES.items():
        for source, verb in ways(takes):
            given = iter(source)
            keys: dict[str, Key] = {
                argument: verb if kind == "verb" else _key(of, kind, next(given))
                for argument, kind in takes.items()
            }
            yield name, keys, "+".join(source)


def _key(of: World, kind: str, source: str) -> UUID:
    if source == "shown":
        return of.shown[kind]
    # What has no seal (a post, a protocol) cannot be hidden: then a key of nothing stands in.
    return of.hidden.get(kind, uuid4()) if source == "hidden" else uuid4()


def visible(name: str, cell: Cell) -> bool:
    """Whether this person sees every record that the keys of the address name."""
    with viewing(viewer(name)):
        return all(
            ROWS[kind]._default_manager.filter(pk=cell[1][argument]).exists()
            for argument, kind in SAMPLES[cell[0]].items()
            if kind != "verb"
        )


def body(answer: Any, address: str) -> str:
    """A body without form tokens and without the address that was asked for."""
    text = TOKEN.sub(r"\1TOKEN", content_of(answer).decode("utf-8", "replace"))
    return text.replace(f'value="{escape(address)}"', 'value="ADDRESS"')


def asked_for(
    client: Client, cell: Cell, method: str, form: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """Status, where to, and the masked body of one request."""
    address = reverse(cell[0], kwargs=dict(cell[1]))
    answer = getattr(client, method)(address, dict(form or {}))
    return answer.status_code, answer.get("Location", ""), body(answer, address)


def posted_to(client: Client, cell: Cell, form: Mapping[str, str]) -> tuple[int, str, str]:
    """A POST of this form, undone afterwards together with what it did to the session."""
    cookies: Any = client.cookies.copy()
    with undone():
        found = asked_for(client, cell, "post", form)
    client.cookies = cookies
    return found


WRITTEN = """
SELECT relname::text, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname <> 'django_session' ORDER BY 1
"""


def written() -> list[tuple[object, ...]]:
    """What this transaction has written so far, hidden rows and undone ones included."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return list(cursor.fetchall())


# What must hold ---------------------------------------------------------------------------------


def test_every_address_is_in_the_table() -> None:
    """A new address has a sample here, and an old one that is gone is taken out."""
    assert {name: set(takes) for name, takes in patterns().items()} == {
        name: set(takes) for name, takes in SAMPLES.items()
    }


def test_every_kind_of_record_can_be_hidden_or_is_open_to_all() -> None:
    """Posts and protocols are open to all; every other record that an address names has a seal."""
    of = world()
    assert set(ROWS) - set(of.hidden) == {"post", "protocol"}
    for name in NAMES:
        with viewing(viewer(name)):
            for kind, key in of.hidden.items():
                assert not ROWS[kind]._default_manager.filter(pk=key).exists(), (name, kind)


@pytest.mark.parametrize("name", NAMES, ids=counted)
def test_asking_changes_nothing_and_hidden_is_not_there(name: str) -> None:
    """GET on every address writes nothing, and hidden reads like never there, byte for byte."""
    of, client = world(), client_of(viewer(name))
    missing: dict[str, tuple[int, str, str]] = {}
    before = written()
    for cell in cells(of):
        status, where, text = found = asked_for(client, cell, "get")
        assert status < 500, cell
        if cell[0] in POST_ONLY:
            assert status == 404 or cell[0] in OWN_ACCOUNT, cell
        if cell[1] and not visible(name, cell):
            assert status == 404 and not where, cell
            assert missing.setdefault(cell[0], found) == found, f"{cell}: differs from not there"
            assert "Sealed" not in text
    assert written() == before


@pytest.mark.parametrize(
    ("name", "form"),
    [
        *((name, {}) for name in NAMES),
        *((name, FILLED) for name in ("nadia", "tomas", "samir", "bruno", "grace", "lena")),
    ],
    ids=lambda value: counted(value) or ("filled" if value else "empty"),
)
def test_no_form_is_an_error(name: str, form: Mapping[str, str]) -> None:
    """A POST to every address: an answer, never a crash; hidden reads like not there."""
    of, client = world(), client_of(viewer(name))
    missing: dict[tuple[object, ...], tuple[int, str, str]] = {}
    for cell in cells(of):
        status, _where, _text = found = posted_to(client, cell, form)
        assert status in OK_AFTER_POST, (cell, status)
        takes = SAMPLES[cell[0]]
        if cell[1] and not visible(name, cell) and set(takes.values()) - {"verb"}:
            same = _comparable(cell, found)
            if same is not None:
                kind = (cell[0], cell[1].get("verb"), _acts_on(name, cell))
                assert missing.setdefault(kind, same) == same, f"{cell}: differs from not there"


def _acts_on(name: str, cell: Cell) -> bool:
    """For addresses with two keys the inner record decides; whether that one is seen."""
    inner = list(SAMPLES[cell[0]].items())[-1]
    if inner[1] == "verb":
        inner = next(iter(SAMPLES[cell[0]].items()))
    with viewing(viewer(name)):
        return ROWS[inner[1]]._default_manager.filter(pk=cell[1][inner[0]]).exists()


def _comparable(cell: Cell, found: tuple[int, str, str]) -> tuple[int, str, str] | None:
    """The answer without the keys that were sent, which it may well repeat (a link back)."""
    text = found[2]
    for key in cell[1].values():
        text = text.replace(str(key), "KEY")
    return found[0], found[1].replace(str(cell[1].get("key", "")), "KEY"), text


@pytest.mark.parametrize("method", ["get", "post"], ids=counted)
def test_a_stranger_finds_nothing(method: str) -> None:
    """Signed in without a post: one identical 404 everywhere but for one's own account."""
    of, client = world(), Client()
    client.force_login(Person.objects.get(username="stranger"))
    answers = set()
    for cell in cells(of):
        if cell[0] in OWN_ACCOUNT:
            continue
        found = asked_for(client, cell, method)
        assert found[0] == 404, cell
        answers.add(found)
    nowhere = "/no/such/address/"
    answers.add((404, "", body(getattr(client, method)(nowhere), nowhere)))
    assert len(answers) == 1


def test_a_stranger_reaches_their_account() -> None:
    """The control: a stranger can see their account and sign out."""
    client = Client()
    client.force_login(Person.objects.get(username="stranger"))
    assert client.get(reverse("account")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302


@pytest.mark.parametrize(
    "method", ["get", "post", "head", "put", "delete", "options", "patch"], ids=counted
)
def test_nobody_gets_one_identical_answer(method: str) -> None:
    """Not signed in: the same redirect, bytes and headers, for every address, existing or not."""
    of = world()
    answers = set()
    for cell in cells(of):
        if cell[0] in ("account_login", "mfa_authenticate", "set_language"):
            continue
        answers.add(_whole(getattr(Client(), method)(reverse(cell[0], kwargs=dict(cell[1])))))
    for nowhere in NOWHERE:
        answers.add(_whole(getattr(Client(), method)(nowhere)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 302


NOWHERE = (
    *("/nowhere/", "/activities/1042/", "/admin/", "/activities", "/api", "/%00/"),
    *("/sign-in", "/sign-in/nope/", "/sign-in/second-factor", "/sign-in/second-factor/nope/"),
    *("/language", "/language/nope/", "/static", "/static/", "/static/nope", "/static/nope.css"),
    *("/static/../", "/static/%2e%2e/primum.css", "/sign-out/nope/", "/account/nope/"),
)
"""Addresses of nothing, below those that are open too."""


@pytest.mark.parametrize("nowhere", NOWHERE)
def test_below_an_open_address_nothing_is_open(nowhere: str) -> None:
    """What is not there reads like a sealed case, whatever its address begins with."""
    case = _whole(Client().get(reverse("activity", args=[uuid4()])))
    assert _whole(Client().get(nowhere)) == case


def test_what_is_open_answers() -> None:
    """The control: the three open addresses and a static file that exists answer anybody."""
    assert Client().get("/sign-in/").status_code == 200
    # Nobody has given a password yet, so there is nothing to confirm.
    assert Client().get("/sign-in/second-factor/")["Location"].startswith("/sign-in/")
    assert Client().post("/language/", {"language": "fr"})["Location"] == "/"
    assert Client().get("/static/primum.css").status_code == 200


def test_every_address_of_ones_account_is_listed() -> None:
    """Open and account addresses are named one by one; these lists and the URLconf agree."""
    assert {reverse(name) for name in OWN_ACCOUNT} == middleware.OPEN | middleware.ACCOUNT
    assert not middleware.OPEN & middleware.ACCOUNT


@pytest.mark.parametrize("where", ["get", "post"])
@pytest.mark.parametrize("name", ["nadia", ""])
def test_a_nul_is_refused_on_a_page(name: str, where: str) -> None:
    """PostgreSQL keeps no NUL: the answer says so, that nothing was kept, and what to do."""
    client = client_of(viewer(name)) if name else Client()
    answer = getattr(client, where)("/sign-in/", {"login": "a\x00b"})
    assert answer.status_code == 400
    assert "Nothing of it was kept" in answer.content.decode()
    assert answer["Content-Security-Policy"]


def _whole(answer: Any) -> tuple[object, ...]:
    headers = tuple(sorted(answer.headers.items()))
    return answer.status_code, headers, answer.content, tuple(sorted(answer.cookies))


@pytest.mark.parametrize("name", ["nadia", "lena", "stranger", ""])
def test_keys_of_no_form_lead_nowhere(name: str) -> None:
    """A number or a cut key instead of a key is an address that does not exist."""
    client = Client()
    if name:
        client.force_login(Person.objects.get(username=name))
    for key in ("1042", "1", str(uuid4())[:-1], "..", "%2e%2e", "'"):
        for start in ("activities", "looks", "reports", "parties", "protocols"):
            assert client.get(f"/{start}/{key}/").status_code == (404 if name else 302)


@pytest.mark.parametrize("name", ["nadia", "tomas", "samir"])
def test_no_page_shows_a_number_of_the_ledger(name: str) -> None:
    """No sequence number and no hash stands on any page of a case or a party."""
    of = world()
    client = client_of(viewer(name))
    for address in ("activity", "party", "protocol"):
        text = body(client.get(reverse(address, args=[of.shown[address]])), "")
        assert not re.search(r"\b[0-9a-f]{64}\b", text), address


def _place(client: Client, of: World, place: UUID) -> tuple[tuple[int, str], ...]:
    """A report and a proposal that name a place, as they are answered."""
    told = {"what": "Heard.", "confidence": "heard", "place": str(place)}
    wish = {
        "title": "A course",
        "why": "Because.",
        "starts": "2026-04-01",
        "ends": "2026-05-01",
        "what-0": "Course",
        "party-0": str(of.shown["party"]),
        "kind-0": "training_advisory",
        "lines": "1",
        "place": str(place),
    }
    query = f"?party={of.shown['party']}"
    answers = []
    for address, form in ((reverse("report_new"), told), (reverse("new"), wish)):
        answer = client.post(address + query, form)
        text = body(answer, address).replace(str(place), "KEY")
        answers.append((answer.status_code, text))
    return tuple(answers)


@pytest.mark.django_db(transaction=True)
def test_a_place_that_is_not_there_is_refused_in_words() -> None:
    """A key of no place in a form is a sentence at the field, not a crash at the commit."""
    of = world()
    client = client_of(viewer("nadia"))
    assert [status for status, _text in _place(client, of, uuid4())] == [422, 422]


@pytest.mark.django_db(transaction=True)
def test_a_hidden_place_is_not_there() -> None:
    """A form that names a sealed place is answered like one that names none there is."""
    of = world()
    from primum.register.models import Place  # noqa: PLC0415

    hidden = Place(
        id=uuid4(),
        seal_id=mission.seal_named("vault"),
        code="safe-house",
        names={"en": "Safe house"},
        kind="facility",
    )
    hidden.save(force_insert=True)
    client = client_of(viewer("nadia"))
    client.raise_request_exception = False
    assert _place(client, of, hidden.id) == _place(client, of, uuid4())


ODD: Mapping[str, str] = {
    "long": "x" * 5000,
    "nul": "a\x00b",
    "huge": "999999999999",
    "negative": "-1",
    "far": "9999-12-31",
    "lone surrogate": "\udc80",
    "script": "<script>alert(1)</script>",
}
FIELDS = (
    *("title", "why", "mandate_objective", "what-0", "quantity-0", "value-0", "people-0"),
    *("starts", "ends", "what", "source", "sources", "people_min", "people_max", "heard"),
    *("happened", "words", "told", "until", "review_by", "name", "aliases", "country", "person"),
    *("text", "promised_by", "promised", "due", "grace", "source", "day", "office", "evidence"),
)
"""Every field that a person may fill with anything."""


def _odd(odd: str) -> dict[str, str]:
    fixed = {"confidence": "heard", "kind-0": "training_advisory", "lines": "1", "kind": "unit"}
    text = ODD[odd].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return {**FILLED, **dict.fromkeys(FIELDS, text), **fixed}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", ["nadia", "tomas", "samir", "bruno"])
def test_no_value_of_a_form_is_an_error(name: str, odd: str) -> None:
    """Too long, too large, a NUL, a script: a sentence at the field or kept as text, no crash."""
    of = world()
    client = client_of(viewer(name))
    client.raise_request_exception = False
    query = f"?party={of.shown['party']}"
    crashed = []
    for label, takes in SAMPLES.items():
        keys = {each: _key(of, kind, "shown") for each, kind in takes.items() if kind != "verb"}
        keys |= {each: "suspend" for each, kind in takes.items() if kind == "verb"}  # type: ignore[misc]
        address = reverse(label, kwargs=keys) + (query if label in ("new", "report_new") else "")
        form = {**_odd(odd), "party-0": str(of.shown["party"])}
        for field in FIELDS if label in ("new", "report_new") else ("",):
            # One odd field at a time where the form is checked as a whole before it is written.
            sent = {**form, **_plain(field)} if field else form
            cookies: Any = client.cookies.copy()
            with undone():
                if client.post(address, sent).status_code >= 500:
                    crashed.append(f"{label}:{field}")
            client.cookies = cookies
    assert crashed == []


def _plain(but: str) -> dict[str, str]:
    """Ordinary values for every field of the two long forms but one."""
    plain = {
        "title": "A course",
        "why": "Because.",
        "mandate_objective": "Rule of law",
        "what-0": "Course",
        "quantity-0": "36",
        "value-0": "9000",
        "people-0": "36",
        "starts": "2026-04-01",
        "ends": "2026-05-01",
        "what": "Heard.",
        "source": "S-1",
        "sources": "1",
        "people_min": "1",
        "people_max": "2",
        "heard": "2026-03-01",
        "happened": "2026-03-01",
    }
    plain.pop(but, None)
    return plain


@pytest.mark.parametrize("odd", [*ODD.values(), "2026-01-01T00:00:00~x", "2026-01-01~" + "0" * 32])
def test_no_search_is_an_error(odd: str) -> None:
    """Whatever stands in the address: words, stage, day, the mark of a next page."""
    of = world()
    client = client_of(viewer("nadia"))
    client.raise_request_exception = False
    text = odd.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    asked_of = dict.fromkeys(
        (
            *("q", "stage", "after", "kind", "on", "state", "party", "protocol"),
            *("year", "set", "organisation", "vacant", "all"),
        ),
        text,
    )
    crashed = []
    searched = ("activities", "activity_export", "parties", "party_export", "matches", "new")
    more = ("match_export", "support", "support_export", "posts", "post_export", "report_new")
    promised = ("undertakings", "undertaking_export")
    for label in (*searched, *more, *promised):
        for word, value in asked_of.items():
            with undone():
                answer = client.get(reverse(label), {word: value})
                status = answer.status_code
                if status == 200:
                    content_of(answer)
            if status >= 500:
                crashed.append(f"{label}?{word}")
    party = reverse("party", args=[of.shown["party"]])
    assert client.get(party, {"on": text}).status_code < 500
    assert crashed == []

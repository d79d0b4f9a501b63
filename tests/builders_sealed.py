"""Reports, looks and cases under every seal, and what a person can fetch of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from functools import cache
from html import unescape
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.urls.resolvers import URLPattern, URLResolver, get_resolver

from primum.actions.file_report import NewReport, file_report
from primum.actions.posts import seat
from primum.actions.propose import NewActivity, NewLine, propose
from primum.cases.models import Look
from primum.people import door, mission
from primum.people.models import Organisation, Person, Post
from primum.people.sight import Viewer, viewing
from tests import builders, cast
from tests.cast import NOW

ROOT = "primum.site.urls"
CLOCK = "tests.builders_sealed.at_now"
"""What `settings.CLOCK` names in tests of pages."""

LOW: Mapping[str, object] = {
    **builders.CAREFUL,
    "heard": ["authorities", "community", "women_apart"],
}
"""Answers that speak against nothing."""

HIGH: Mapping[str, object] = {
    **LOW,
    **builders.GRAVE,
    "authority_steps": "evidenced",
    "prevention": "adequate",
}
"""Grave violations with evidenced steps: only the leadership decides."""

BARRED: Mapping[str, object] = {**HIGH, "authority_steps": "none_taken"}
"""Grave violations and no steps: a hard stop that nobody passes."""

_moment: list[datetime] = [NOW]


def at_now() -> datetime:
    """The moment of pages in tests; `moved_to` sets another."""
    return _moment[0]


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Pages inside this block are asked for at `moment`."""
    _moment.append(moment)
    _moment[0], former = moment, _moment[0]
    try:
        yield
    finally:
        _moment[0] = former
        _moment.pop()


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back, so that one test can tell a story several times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def report(
    party: UUID, seal: str = "", by: str = "grace", now: datetime = NOW, **more: object
) -> UUID:
    """A credible report of harm about a party, lying under the seal of this code.

    Nobody may file one under a seal that more people read; missions with another default seal, and
    old ones, have such reports all the same.
    """
    wish: dict[str, object] = {
        "parties": (party,),
        "what": "Three people were beaten at the post (invented).",
        "heard": now,
        "confidence": "plausible",
        "source": "S-17",
        "invented": True,
    }
    made = NewReport(**{**wish, **more})  # type: ignore[arg-type]
    with sealed_as("report", seal) if seal else nullcontext():
        return file_report(by=cast.viewer(by), now=now, report=made)


def asked(seal: str = "", by: str = "nadia", now: datetime = NOW, **more: object) -> UUID:
    """A request under the seal of this code, which its writer may not be able to read back."""
    unit = builders.party()
    wish: dict[str, object] = {
        "title": "A course for the Kodwel detachment",
        "why": "So that arrests are written down.",
        "starts": now.date(),
        "ends": (now + timedelta(days=100)).date(),
        "lines": (NewLine(unit, "training_advisory", "Course", "36 places", 9000, 36),),
        "protocols": (builders.published(),),
        "invented": True,
        "seal": seal,
    }
    return propose(by=cast.viewer(by), now=now, activity=NewActivity(**{**wish, **more}))  # type: ignore[arg-type]


def newcomer(post: str, username: str = "newcomer", now: datetime = NOW) -> Viewer:
    """Somebody new, seated in a post of this code by the chief of staff."""
    person = Person.objects.create_user(username, "a password nobody uses", name=username)
    return seated(person, post, now)


def seated(person: Person, post: str, now: datetime = NOW, *, acting: bool = False) -> Viewer:
    row = Post.objects.get(code=post)
    seat(by=cast.viewer("bruno"), now=now, person=person.id, post=row.id, acting_cover=acting)
    found = door.viewer(person.id, now, row.id)
    assert found is not None
    return found


def raised(kind: str, record: UUID, seal: str, by: str = "aminata") -> bool:
    """Raise a seal as the database function does it; whether it did."""
    with viewing(cast.viewer(by)), connection.cursor() as cursor:
        cursor.execute("SELECT raise_seal(%s, %s, %s)", [kind, record, mission.seal_named(seal)])
        row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def sealed_as(kind: str, seal: str) -> Iterator[None]:
    """New records of this kind lie under another seal than the mission's default for them."""
    usual = mission.default_seal

    def unusual(asked_for: str) -> UUID:
        return mission.seal_named(seal) if asked_for == kind else usual(asked_for)

    with patch.object(mission, "default_seal", unusual):
        yield


def hidden_look(activity: UUID, due: datetime, seal: str = "secretariat") -> UUID:
    """A look that only the readers of this seal may know the content of."""
    row = Look(
        id=uuid4(),
        seal_id=mission.seal_named(seal),
        activity_id=activity,
        plan="first_look",
        due=due,
        post=Post.objects.get(code="field-monitor-kodwel"),
        unannounced=True,
        asks=[],
        words="sealed words",
        salt="",
    )
    row.save(force_insert=True)
    return row.id


def client_of(viewer: Viewer) -> Client:
    """A browser signed in as this person, acting in this post."""
    client = Client()
    client.force_login(Person.objects.get(id=viewer.person))
    session = client.session
    session["post"] = str(viewer.post)
    session.save()
    return client


def patterns() -> dict[str, tuple[str, ...]]:
    """Every named address of the site with the names of what it takes, from the URLconf itself."""
    return dict(_walk(get_resolver(ROOT).url_patterns))


def _walk(
    found: Iterable[URLPattern | URLResolver],
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for each in found:
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns)
        else:
            yield each.name or str(each.pattern), tuple(each.pattern.converters)


UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TOKEN = re.compile(r'(name="(?:csrfmiddlewaretoken|once)" value=")[^"]+')
HREF = re.compile(r'href="([^"#]+)')


@cache
def _lasting() -> frozenset[str]:
    """Keys of posts and organisations: the same in every story, and telling where they differ."""
    keys = [*Post.objects.values_list("id", flat=True)]
    keys += Organisation.objects.values_list("id", flat=True)
    return frozenset(str(key) for key in keys)


def masked(text: str) -> str:
    """A page without what is random on every page: form tokens, and keys made for this story."""
    lasting = _lasting()
    plain = TOKEN.sub(r"\1TOKEN", text)
    return UUID_TEXT.sub(lambda key: key[0] if key[0] in lasting else "KEY", plain)


def content_of(answer: Any) -> bytes:
    """The whole body of an answer, streamed or not."""
    return b"".join(answer) if answer.streaming else bytes(answer.content)


Fetched = tuple[str, int, str, str]
"""Address, status, kind of content, body: all masked."""


def fetched(client: Client, address: str, data: Mapping[str, object] | None = None) -> Fetched:
    """One answer, as it reads once what is random is masked."""
    answer = client.get(address) if data is None else client.post(address, data)
    body = content_of(answer)
    where = answer.get("Location", "") + answer.get("Content-Disposition", "")
    said = f"{answer.get('Content-Type')} {where}"
    return (
        masked(address),
        answer.status_code,
        masked(said),
        masked(body.decode("utf-8", "replace")),
    )


def everything(client: Client) -> list[Fetched]:
    """Every page this person reaches: all addresses without a key, and every link from there."""
    start = [reverse(name) for name, takes in patterns().items() if not takes]
    todo = sorted({address for address in start if not address.startswith(("/sign-", "/account"))})
    seen: set[str] = set()
    found: list[Fetched] = []
    while todo:
        address = todo.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        body = content_of(answer)
        text = body.decode("utf-8", "replace")
        found.append((masked(address), answer.status_code, "", masked(text)))
        links = (unescape(link) for link in HREF.findall(text))
        todo += [link for link in links if link.startswith("/") and not _aside(link)]
    return found


def _aside(link: str) -> bool:
    return link.startswith(("/static/", "/account/", "/sign-"))

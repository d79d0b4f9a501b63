"""Add a person: an account made by the operator, with a password shown once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from primum.actions.base import NotThere, acting, log, refuse
from primum.actions.recover_account import new_password
from primum.core.vocabulary import Verb
from primum.people import door, mission
from primum.people.models import Holding, Person, Post


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who gets an account; `post` is the code of a vacant post to seat them in, if any."""

    username: str
    name: str
    languages: tuple[str, ...] = ()
    post: str = ""


def add_person(*, by: None, now: datetime, person: NewPerson) -> tuple[UUID, str]:
    """Make the account; returns its key and its first password.

    The operator at the machine does it, hence `by=None`: a new mission has nobody in post yet.
    """
    password = new_password()
    with acting(door.clock()):
        if Person.objects.filter(username=person.username).exists():
            raise refuse(Verb.PROPOSE, "name_taken", "There is an account of that name already.")
        row = Person(
            id=uuid4(),
            username=person.username,
            name=person.name.strip() or person.username,
            languages=list(person.languages),
        )
        row.set_password(password)
        row.save(force_insert=True)
        seal = mission.default_seal("register")
        log(("person", row.id), "add_person", row, now, words="", seal=seal)
        if person.post:
            _seat(row, person.post, now)
        return row.id, password


def _seat(row: Person, code: str, now: datetime) -> None:
    post = Post.objects.filter(code=code, clock=False).first()
    if post is None:
        raise NotThere
    if Holding.objects.filter(post=post, acting=False).exclude(ends__lte=now).exists():
        raise refuse(Verb.PROPOSE, "post_held", "Somebody holds this post. Vacate it first.")
    held = Holding(id=uuid4(), person=row, post=post, starts=now)
    held.save(force_insert=True)
    log(("post", post.id), "seat", held, now, words="", seal=mission.default_seal("register"))

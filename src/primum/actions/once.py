"""Once: what is sent twice makes one record, and the second sending finds the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.db.models import Model

from primum.actions.base import Refused, acting
from primum.people.models import Sent
from primum.people.sight import Viewer

P = ParamSpec("P")
T = TypeVar("T")
Key = UUID | str | None
"""What a sender calls what it sends, as a UUID or written out; None: it does not say."""


def own_key(person: UUID, key: Key) -> UUID:
    """The primary key of a new record: fresh, or the one that a person's own key stands for.

    Folded with who sends it, a key names nothing but what the same person sent under it. Tried
    against a record of anybody else, seen or sealed, it is as good as a fresh one: no oracle.
    """
    return uuid5(person, str(key).lower()) if key else uuid4()


def once(model: type[Model], given: str = "") -> Callable[[Callable[P, UUID]], Callable[P, UUID]]:
    """An action that answers a second call under the same key with the record of the first.

    The key is its argument `key`, or the field `key` of its argument `given`.
    """
    return again(model, given, lambda _by, _now, record: record)


def again(
    model: type[Model], given: str, answer: Callable[[Viewer, datetime, UUID], T]
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The same for an action whose answer is read from the record that is there already."""

    def decorate(action: Callable[P, T]) -> Callable[P, T]:
        @wraps(action)
        def inner(*args: P.args, **kwargs: P.kwargs) -> T:
            asked = cast("Mapping[str, Any]", kwargs)
            by, now = asked["by"], asked["now"]
            key = asked[given].key if given else asked.get("key")
            if key is None:
                return action(*args, **kwargs)
            record = own_key(by.person, key)
            with acting(by):
                if _written(model, record):
                    return answer(by, now, record)
                try:
                    return action(*args, **kwargs)
                except Refused:
                    # The twin that came first has moved the case on: look again.
                    if not _written(model, record):
                        raise
                except IntegrityError as error:
                    # The record may be sealed from its own writer; its key is taken all the same.
                    if not _is_taken(error, model):
                        raise
                return answer(by, now, record)

        return inner

    return decorate


class KeyReused(Exception):
    """Something else was sent under this key before. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Before:
    """That the same was sent under the same key before, and the short answer it got then."""

    answer: object


def sent_first(by: Viewer, now: datetime, key: str, said: str) -> Before | None:
    """Take a key for what is sent under it, in the transaction that does what is asked.

    None the first time; a twin sent meanwhile waits until the first is done. What is refused rolls
    back and takes no key. `said` is a digest of all that was sent.
    """
    record = own_key(by.person, f"sent {key}")
    try:
        with transaction.atomic():
            Sent(id=record, person=by.person, digest=said, at=now).save(force_insert=True)
    except IntegrityError as error:
        if not _is_taken(error, Sent):
            raise
        row = Sent.objects.get(id=record)
        if row.digest != said:
            raise KeyReused from error
        return Before(row.answer)
    return None


def answered(by: Viewer, key: str, answer: object) -> None:
    """Keep the short answer beside the key, for who sends the same again."""
    Sent.objects.filter(id=own_key(by.person, f"sent {key}")).update(answer=answer)


def tried(attempts: Sequence[Mapping[str, str]], by: Viewer, key: Key) -> str | None:
    """The result of an attempt that this person has already sent under this key."""
    mine = str(own_key(by.person, key)) if key else ""
    return next((each["result"] for each in attempts if mine and each.get("key") == mine), None)


def _written(model: type[Model], record: UUID) -> bool:
    return model._default_manager.filter(pk=record).exists()


def _is_taken(error: IntegrityError, model: type[Model]) -> bool:
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", "") == f"{model._meta.db_table}_pkey"

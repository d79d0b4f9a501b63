"""Keep a draft: what is typed survives a reload, a lost signal and a night's sleep.

No line is written to the ledger: nothing has been said to anybody yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from primum.actions.base import acting, refuse
from primum.cases.models import Draft
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer

MOST_CHARACTERS = 400_000
FORGOTTEN = ("csrfmiddlewaretoken",)
Form = Mapping[str, Sequence[str]]


def keep_draft(
    *,
    by: Viewer,
    now: datetime,
    purpose: str,
    about: UUID,
    form: Form,
    shown: Mapping[str, object] | None = None,
) -> None:
    """Keep what was typed, over what was kept before.

    `shown` are the answers for which a Ruling now stands beside the form; the first ones stay, so
    that it can be told what was changed after it was seen.
    """
    typed = {name: list(values) for name, values in form.items() if name not in FORGOTTEN}
    if sum(len(value) for values in typed.values() for value in values) > MOST_CHARACTERS:
        raise refuse(Verb.PROPOSE, "draft_too_long", "This is too long to be kept. Shorten it.")
    with acting(by):
        own = Draft.objects.filter(person=by.person, post=by.post, purpose=purpose, about=about)
        if not own.update(form=typed, at=now):
            Draft(
                person=by.person, post=by.post, purpose=purpose, about=about, form=typed, at=now
            ).save(force_insert=True)
        if shown is not None:
            own.filter(shown__isnull=True).update(shown=dict(shown))


def drop_draft(*, by: Viewer, now: datetime, purpose: str, about: UUID) -> None:
    """Forget a draft: it was sent, or is not wanted."""
    with acting(by):
        Draft.objects.filter(
            person=by.person, post=by.post, purpose=purpose, about=about, at__lte=now
        ).delete()

"""Write a hand-over: whoever leaves a post says on one page what no list says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from primum.actions.base import acting, digest, holding, log, needs, refuse, salt
from primum.actions.once import Key, once, own_key
from primum.cases.models import Handover
from primum.core.vocabulary import Verb
from primum.people import mission
from primum.people.sight import Viewer

MOST = 6000
"""Characters: one page. What does not fit stands in the lists, or is a question for a protocol."""


@once(Handover)
def write_handover(*, by: Viewer, now: datetime, words: str, key: Key = None) -> UUID:
    """Write one page for whoever holds one's own post next. What was written before stays."""
    with acting(by):
        who = holding(by, now, Verb.PROPOSE)
        said = needs(words, Verb.PROPOSE, "what")
        if len(said) > MOST:
            raise refuse(
                Verb.PROPOSE,
                "handover_too_long",
                "One page is %(most)s characters at most, and this has %(count)s. Shorten it.",
                most=MOST,
                count=len(said),
            )
        former = Handover.objects.filter(post=by.post, newer=None).first()
        made = Handover(
            id=own_key(by.person, key),
            post_id=by.post,
            words=said,
            by=who,
            at=now,
            supersedes=former,
            salt=salt(),
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError as error:
            if Handover.objects.filter(id=made.id).exists():
                raise
            raise refuse(
                Verb.PROPOSE, "handover_overtaken", "Somebody wrote one while you did. Read it."
            ) from error
        seal = mission.default_seal("register")
        words_digest = digest(made.salt, said)
        log(("post", by.post), "write_handover", made, now, words=words_digest, seal=seal)
        return made.id

"""Make and revoke tokens: how a program acts as somebody in a post, for a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from primum.actions.base import NotThere, acting, digest, holding, log, needs, refuse, salt
from primum.core.vocabulary import Verb
from primum.people import mission, tokens
from primum.people.models import Token
from primum.people.sight import Viewer

MOST_TOKENS = 20
"""Tokens of one post that are alive at a time."""


def make_token(*, by: Viewer, now: datetime, name: str, days: int) -> str:
    """Make a token for the post one acts in; returns it whole, once. Only its digest is kept."""
    with acting(by):
        held = holding(by, now, Verb.PROPOSE)
        named = needs(name, Verb.PROPOSE, "name")
        if not 1 <= days <= tokens.MOST_DAYS:
            raise refuse(
                Verb.PROPOSE,
                "token_days",
                "A token lasts from one day to %(most)s days. Choose how many.",
                most=tokens.MOST_DAYS,
            )
        alive = Token.objects.filter(holding=held, revoked=None, ends__gt=now)
        if alive.count() >= MOST_TOKENS:
            raise refuse(
                Verb.PROPOSE,
                "many_tokens",
                "This post has as many tokens as it may. Revoke one that is not used.",
            )
        secret, ends = tokens.fresh_secret(), now + timedelta(days=days)
        made = Token(
            id=uuid4(),
            holding=held,
            name=named,
            digest=tokens.digest(secret),
            made=now,
            ends=min(ends, held.ends) if held.ends else ends,
            salt=salt(),
        )
        made.save(force_insert=True)
        words = digest(made.salt, named, made.ends)
        seal = mission.default_seal("register")
        log(("post", by.post), "make_token", made, now, words=words, seal=seal)
        return tokens.written(made.id, secret)


def revoke_token(*, by: Viewer, now: datetime, token: UUID) -> None:
    """End one of one's own tokens now. What was done with it stays."""
    with acting(by):
        row = Token.objects.select_related("holding").filter(id=token).first()
        if row is None or row.holding.person_id != by.person:
            raise NotThere
        if Token.objects.filter(id=token, revoked=None).update(revoked=now) != 1:
            raise refuse(Verb.PROPOSE, "token_revoked", "This token has been revoked.")
        seal = mission.default_seal("register")
        case = ("post", row.holding.post_id)
        log(case, "revoke_token", row, now, words=digest(row.salt, "revoked"), seal=seal)

"""What of the register is in view: each party as its newest claims say, or out of view.

Part of importing and of undoing an import, inside their transactions and ledger lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, Q

from primum.core.screening import fold
from primum.register.models import Claim, ImportBatch, Match, Party, PartyName, Tie

SHOWN = ("name", "folded", "country", "classification", "batch", "gone")


def settle(parties: Collection[UUID], batch: ImportBatch) -> tuple[str, ...]:
    """Show these parties as their claims in view say.

    A party that no claim in view speaks of any more goes out of view, unless something else stands
    on it. The names of those that stay for that reason are returned.
    """
    said = _said(parties)
    rows = list(Party.every.filter(id__in=parties).order_by("name", "id"))
    live = [row for row in rows if _newest(said.get(row.id, ())) is not None]
    for row in live:
        _show(row, said[row.id])
    lost = [row for row in rows if row not in live and row.batch_id and row.gone_id is None]
    standing = _stood_on([row.id for row in lost])
    leaving = [row for row in lost if row.id not in standing]
    for row in leaving:
        row.gone = batch
    Party.every.bulk_update([*live, *leaving], SHOWN)
    _name([*live, *leaving], said, batch)
    return tuple(row.name for row in lost if row.id in standing)


def _said(parties: Collection[UUID]) -> Mapping[UUID, list[Claim]]:
    """What was ever published of these parties, oldest first; what was undone was never said."""
    found: dict[UUID, list[Claim]] = {}
    claims = Claim.every.filter(party__in=parties).exclude(gone=F("batch"))
    for claim in claims.order_by("batch__started", "id"):
        found.setdefault(claim.party_id, []).append(claim)
    return found


def _newest(claims: Iterable[Claim]) -> Claim | None:
    return next((claim for claim in reversed(list(claims)) if claim.gone_id is None), None)


def _show(row: Party, claims: list[Claim]) -> None:
    newest = _newest(claims)
    assert newest is not None  # noqa: S101 - asked before
    row.name, row.folded = newest.name, fold(newest.name, loose=True)
    row.country, row.classification = newest.country, newest.classification
    row.batch_id, row.gone = newest.batch_id, None


def _name(rows: Iterable[Party], said: Mapping[UUID, list[Claim]], batch: ImportBatch) -> None:
    """Its other names: those of the claims in view, and what any claim once called it.

    A unit under a new name is still found under the old one. What a person entered stays.
    """
    every = list(rows)
    known: dict[UUID, dict[str, PartyName]] = {}
    for name in PartyName.every.filter(party__in=every):
        known.setdefault(name.party_id, {})[name.name] = name
    fresh: list[PartyName] = []
    changed: list[PartyName] = []
    for row in every:
        here, wanted = known.get(row.id, {}), _names(row, said.get(row.id, ()))
        fresh += [_new_name(row, name, batch) for name in wanted if name not in here]
        for name in here.values():
            shown = name.batch_id is None or name.name in wanted
            if shown != (name.gone_id is None):
                name.gone = None if shown else batch
                changed.append(name)
    PartyName.every.bulk_create(fresh)
    PartyName.every.bulk_update(changed, ["gone"])


def _names(row: Party, claims: Iterable[Claim]) -> list[str]:
    if row.gone_id is not None:
        return []
    names: dict[str, None] = {}
    for claim in claims:
        names |= dict.fromkeys((claim.name, *(claim.names if claim.gone_id is None else ())))
    names.pop(row.name, None)
    return list(names)


def _new_name(row: Party, name: str, batch: ImportBatch) -> PartyName:
    return PartyName(
        id=uuid4(),
        seal_id=row.seal_id,
        party=row,
        name=name,
        folded=fold(name, loose=True),
        batch=batch,
    )


def _stood_on(parties: Collection[UUID]) -> frozenset[UUID]:
    """Those that something else stands on: a tie in view, a confirmed match, the mission's cases.

    The engine answers for the cases, reports that nobody here may read among them. It answers the
    clock alone.
    """
    if not parties:
        return frozenset()
    ties = Tie.objects.filter(Q(upper__in=parties) | Q(lower__in=parties))
    found = {end for ends in ties.values_list("upper_id", "lower_id") for end in ends}
    confirmed = Match.objects.filter(party__in=parties, state=Match.State.CONFIRMED)
    found |= set(confirmed.values_list("party_id", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT parties_in_cases(%s::uuid[])", [list(parties)])
        (cases,) = cursor.fetchone()
    return frozenset(found | set(cases)) & frozenset(parties)

"""Undo an import as a whole: what it brought goes out of view, what it took away comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from primum.actions.base import NotThere, acting, log, refuse, withhold_again
from primum.actions.import_register import locked, newer_than, rested_on
from primum.actions.register_view import settle
from primum.core.vocabulary import Verb
from primum.people.sight import Viewer
from primum.register.models import Claim, ImportBatch, Match, PublishedSupport, Source, Tie


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing an import did. All noughts: it had been undone before."""

    title: str
    removed: int
    """Statements and rows that are out of view now."""
    restored: int
    """Statements of an earlier copy that are in view again."""
    kept: tuple[str, ...]
    """Parties and printed recipients that stay, because something else stands on them."""

    @property
    def changed(self) -> bool:
        return bool(self.removed or self.restored)


def undo_import(*, by: Viewer, now: datetime, batch: UUID) -> Undone:
    """Take an import back. The ledger keeps its lines; twice is once.

    Who runs this runs the server: that something stays may tell that a case names it.
    """
    with acting(by):
        if "clock" not in by.duties:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        row = locked(batch)
        if row is None:
            raise NotThere
        if row.undone is None and newer_than(row) is not None:
            raise rested_on(row)
        spoken = Claim.every.filter(Q(batch=row) | Q(gone=row))
        parties = set(spoken.values_list("party_id", flat=True))
        removed, restored = _swap(row)
        kept = (*settle(parties, row), *_printed_still(row))
        done = Undone(row.title, removed, restored, kept)
        if done.changed or row.undone is None:
            withhold_again()
            ImportBatch.objects.filter(id=batch).update(undone=now)
            case = ("import", row.id)
            log(case, "import_undo", row, now, words=row.file_digest, seal=row.seal_id)
        return done


def _swap(batch: ImportBatch) -> tuple[int, int]:
    """Out of view what this import brought, back what it superseded."""
    removed = restored = 0
    for model in (Claim, Source, Tie):
        removed += model.every.filter(batch=batch, gone=None).update(gone=batch)
        restored += model.every.filter(gone=batch).exclude(batch=batch).update(gone=None)
    superseded = PublishedSupport.every.filter(gone=batch).exclude(batch=batch)
    restored += superseded.update(gone=None)
    leaving = _rows(batch).exclude(recipient__in=_confirmed(batch))
    return removed + leaving.update(gone=batch), restored


def _rows(batch: ImportBatch) -> QuerySet[PublishedSupport]:
    return PublishedSupport.objects.filter(batch=batch)


def _confirmed(batch: ImportBatch) -> set[str]:
    """Printed names that somebody said are a unit, and that no other import prints."""
    said = Match.objects.filter(dataset=batch.dataset, state=Match.State.CONFIRMED)
    others = PublishedSupport.objects.filter(dataset=batch.dataset).exclude(batch=batch)
    named = said.exclude(recipient__in=others.values("recipient"))
    return set(named.values_list("recipient", flat=True))


def _printed_still(batch: ImportBatch) -> tuple[str, ...]:
    rows = _rows(batch).order_by("recipient").values_list("recipient", flat=True)
    return tuple(rows.distinct())

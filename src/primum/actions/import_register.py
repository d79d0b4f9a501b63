"""Import a published register: in batches, resumable, the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from primum.actions.base import Refused, acting, log, refuse, withhold_again
from primum.actions.note_changes import note_changes
from primum.actions.register_rows import GONE, drop_records, write_records
from primum.actions.register_support import (
    drop_rows,
    planned,
    propose_matches,
    scope_of,
    write_rows,
)
from primum.core.vocabulary import Verb
from primum.exchange.register import Dataset, Record, Register
from primum.exchange.us_training import Trainings
from primum.people import mission
from primum.people.sight import Viewer
from primum.register.models import Claim, ImportBatch, Party

BATCH = 500
WHOLE = 1000
"""Smaller files are all or nothing (SETTLED 18)."""

IMPORTS = frozenset({"confirms_matches", "clock"})
"""Those who say which entries are the same; the clock where the command line reads a file."""

Progress = Callable[[int, int], None]
R = TypeVar("R")
Kept = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: what became of each record, how many lines could not be taken."""

    batch: UUID
    total: int
    problems: int
    fresh: bool
    """False when this very file had been imported before."""
    counts: Mapping[str, int]
    kept: Kept = ()
    """Parties that this copy has no more and that stay, because something stands on them."""
    superseded: bool = False
    """True when this very file had been imported before, and a newer copy since."""


@dataclass(frozen=True, slots=True)
class Job(Generic[R]):
    """What is to be written, how a part of it is, and what is done once all of it is there."""

    records: Sequence[R]
    write: Callable[[Sequence[R], ImportBatch], Counter[str]]
    drop: Callable[[ImportBatch], tuple[int, Kept]]


def import_register(
    *,
    by: Viewer,
    now: datetime,
    register: Register,
    digest: str,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Write a register into ours. `digest` names the file; a stopped import goes on from there.

    A newer copy of a set that is there already supersedes what changed and what is gone.
    """
    records = list(register.records())
    problems = [str(problem) for problem in register.problems]
    with acting(by):
        _may(by)
        dataset = _dataset(register, digest)
        head = _head(dataset, digest, len(records), problems)
        batch = _open(now, head, {unit.id for unit in register.units})

    def write(part: Sequence[Record], row: ImportBatch) -> Counter[str]:
        return write_records(part, row, dataset.country)

    job = Job(records, write, lambda row: drop_records(records, row))
    done = _run(by, now, batch, job, progress)
    if done.fresh:
        with acting(by):
            propose_matches()
    return done


def import_trainings(
    *,
    by: Viewer,
    now: datetime,
    trainings: Trainings,
    digest: str,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Write published training rows as printed, and propose matches of exactly equal names."""
    problems = [str(problem) for problem in trainings.problems]
    with acting(by):
        _may(by)
        head = _head(trainings.dataset, digest, len(trainings.rows), problems)
        head.scope = scope_of(trainings.rows)
        batch = _open(now, head, set())
        rows = [] if batch.ended else planned(trainings.rows, batch)
    job = Job(rows, lambda part, _row: write_rows(part), lambda row: (drop_rows(rows, row), ()))
    done = _run(by, now, batch, job, progress)
    if done.fresh:
        with acting(by):
            propose_matches(trainings.dataset.key)
    return done


def newer_than(batch: ImportBatch) -> ImportBatch | None:
    """A later import of the same set that is not undone: this one's rows may rest on it."""
    later = ImportBatch.objects.filter(
        dataset=batch.dataset, undone=None, started__gt=batch.started
    ).order_by("started")
    scope = set(batch.scope)
    return next((row for row in later if not scope or scope & set(row.scope)), None)


def rested_on(batch: ImportBatch) -> Refused:
    """Why an import that a newer one rests on can neither go on nor be undone."""
    newer = newer_than(batch)
    return refuse(
        Verb.PROPOSE,
        "newer_import",
        "A newer copy of the same set was imported on %(at)s, and rests on this one. Nothing was"
        " changed. Undo that import first: %(batch)s",
        at=newer.started if newer else batch.started,
        batch=newer.id if newer else batch.id,
    )


def _may(by: Viewer) -> None:
    """The clock alone: a register is read at the command line, by whoever runs the server."""
    if "clock" not in by.duties:
        raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")


def _head(dataset: Dataset, digest: str, total: int, problems: list[str]) -> ImportBatch:
    return ImportBatch(
        id=uuid4(),
        seal_id=mission.default_seal("register"),
        dataset=dataset.key,
        title=dataset.title,
        publisher=dataset.publisher,
        file_digest=digest,
        attribution=dataset.attribution,
        total=total,
        problems=problems,
    )


def _dataset(register: Register, digest: str) -> Dataset:
    """The set that this file is a copy of: as the file says, else by the units it shares."""
    dataset = register.dataset
    if not dataset.publisher:
        raise refuse(
            Verb.PROPOSE,
            "no_publisher",
            "It cannot be told whose register this is. Nothing was changed. Name its publisher.",
        )
    if dataset.recognised:
        return dataset
    units = {unit.id for unit in register.units}
    for key, title in _sets_of(dataset.publisher).items():
        if _shared(key, units)[0]:
            return replace(dataset, key=key, title=title)
    return replace(dataset, key=f"{dataset.key}-{digest[:12]}")


def _sets_of(publisher: str) -> dict[str, str]:
    rows = ImportBatch.objects.filter(publisher=publisher, undone=None).order_by("started")
    return dict(rows.values_list("dataset", "title"))


def _shared(dataset: str, units: set[str]) -> tuple[bool, int, int]:
    """Whether a file is a copy of a set: it has half of its units. How many, and of how many."""
    rows = Claim.objects.filter(dataset=dataset, party__kind=Party.Kind.UNIT)
    there = set(rows.values_list("party__external_id", flat=True))
    count = len(there & units)
    return bool(there) and 2 * count >= len(there), count, len(there)


def _open(now: datetime, head: ImportBatch, units: set[str]) -> ImportBatch:
    """The batch of this file: the one that was begun, or a new one."""
    found = ImportBatch.objects.filter(
        dataset=head.dataset, file_digest=head.file_digest, undone=None
    ).first()
    if found is not None:
        return found
    is_copy, count, there = _shared(head.dataset, units)
    if units and there and not is_copy:
        raise refuse(
            Verb.PROPOSE,
            "other_register",
            "This file has %(count)s of the %(there)s units that were imported as “%(title)s”. It"
            " is no newer copy of that, or it was cut short. Nothing was changed.",
            count=count,
            there=there,
            title=head.title,
        )
    head.started = now
    head.save(force_insert=True)
    log(("import", head.id), "import", head, now, words=head.file_digest, seal=head.seal_id)
    return head


def _run(
    by: Viewer, now: datetime, batch: ImportBatch, job: Job[R], progress: Progress
) -> Imported:
    fresh, done = batch.ended is None, batch.done
    kept: Kept = ()
    tally = Counter(batch.counts)
    size = BATCH if batch.total >= WHOLE else max(batch.total, 1)
    while part := job.records[done : done + size]:
        with acting(by):
            row = _mine(batch.id, done)
            tally += job.write(part, row)
            done += len(part)
            changes: dict[str, object] = {"done": done}
            if done >= batch.total:
                gone, kept = job.drop(row)
                tally += Counter({GONE: gone})
                changes["ended"] = now
            withhold_again()
            ImportBatch.objects.filter(id=batch.id).update(**changes, counts=dict(tally))
            case = ("import", batch.id)
            log(case, "import_batch", batch, now, words=str(done), seal=batch.seal_id)
            if done >= batch.total:
                note_changes(now)
        progress(done, batch.total)
    with acting(by):
        newer = not fresh and newer_than(batch) is not None
    return Imported(batch.id, batch.total, len(batch.problems), fresh, dict(tally), kept, newer)


def locked(batch: UUID) -> ImportBatch | None:
    """A batch, with every import of its set held back until this transaction is over."""
    dataset = ImportBatch.objects.filter(id=batch).values("dataset")
    rows = ImportBatch.objects.select_for_update().filter(dataset__in=dataset).order_by("id")
    return next((row for row in list(rows) if row.id == batch), None)


def _mine(batch: UUID, done: int) -> ImportBatch:
    """The batch, for this part alone: two that import the same set do not write it twice."""
    row = locked(batch)
    if row is None or row.done != done or row.undone:
        raise refuse(
            Verb.PROPOSE,
            "import_moved",
            "Somebody else imports or undoes this very file. What was committed is kept. Let them"
            " finish, then run it again.",
        )
    if newer_than(row) is not None:
        raise rested_on(row)
    return row

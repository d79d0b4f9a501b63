"""Import a published register: in batches, resumable, the same file twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid4

from primum.actions.base import acting, log, refuse, withhold_again
from primum.core.command import PartialDate, Posting, Tie
from primum.core.screening import fold
from primum.core.vocabulary import Verb
from primum.exchange.register import Person, Record, Register, Source, Unit
from primum.exchange.us_training import Training, Trainings
from primum.people import mission
from primum.people.sight import Viewer
from primum.register import models

BATCH = 500
WHOLE = 1000
"""Smaller files are all or nothing (SETTLED 18)."""

IMPORTS = frozenset({"confirms_matches", "clock"})
"""Those who say which entries are the same; the clock where the command line reads a file."""

Progress = Callable[[int, int], None]
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many records, how many lines could not be taken."""

    batch: UUID
    total: int
    problems: int
    fresh: bool
    """False when this very file had been imported before."""


def import_register(
    *,
    by: Viewer,
    now: datetime,
    register: Register,
    digest: str,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Write a register into ours. `digest` names the file; a stopped import goes on from there."""
    records = list(register.records())
    dataset = register.dataset
    problems = [str(problem) for problem in register.problems]
    batch = _open(by, now, (dataset.key, digest, dataset.attribution), len(records), problems)

    def write(part: Sequence[Record], row: models.ImportBatch) -> None:
        _write_records(part, row, dataset.publisher, dataset.country)

    return _run(by, now, batch, records, write, progress)


def import_trainings(
    *,
    by: Viewer,
    now: datetime,
    trainings: Trainings,
    digest: str,
    progress: Progress = lambda done, total: None,
) -> Imported:
    """Write published training rows as printed, and propose matches of exactly equal names."""
    dataset = trainings.dataset
    problems = [str(problem) for problem in trainings.problems]
    head = (dataset.key, digest, dataset.attribution)
    batch = _open(by, now, head, len(trainings.rows), problems)
    done = _run(by, now, batch, trainings.rows, _write_trainings, progress)
    with acting(by):
        _propose_matches(dataset.key)
    return done


def _open(
    by: Viewer, now: datetime, head: tuple[str, str, str], total: int, problems: list[str]
) -> models.ImportBatch:
    key, digest, attribution = head
    with acting(by):
        if not IMPORTS & by.duties:
            raise refuse(Verb.PROPOSE, "not_your_move", "This step belongs to another post.")
        row = models.ImportBatch.objects.filter(dataset=key, file_digest=digest).first()
        if row is None:
            row = models.ImportBatch(
                id=uuid4(),
                seal_id=mission.default_seal("register"),
                dataset=key,
                file_digest=digest,
                attribution=attribution,
                total=total,
                problems=problems,
                started=now,
            )
            row.save(force_insert=True)
            log(("import", row.id), "import", row, now, words=digest, seal=row.seal_id)
        return row


def _run(
    by: Viewer,
    now: datetime,
    batch: models.ImportBatch,
    records: Sequence[R],
    write: Callable[[Sequence[R], models.ImportBatch], None],
    progress: Progress,
) -> Imported:
    fresh = batch.ended is None
    size = BATCH if batch.total >= WHOLE else max(batch.total, 1)
    rest = iter(records[batch.done :])
    while part := list(islice(rest, size)):
        with acting(by):
            write(part, batch)
            withhold_again()
            batch.done += len(part)
            changes = {"done": batch.done, "ended": now if batch.done >= batch.total else None}
            models.ImportBatch.objects.filter(id=batch.id).update(**changes)
            case = ("import", batch.id)
            log(case, "import_batch", batch, now, words=str(batch.done), seal=batch.seal_id)
        progress(batch.done, batch.total)
    return Imported(batch.id, batch.total, len(batch.problems), fresh)


def _write_records(
    part: Sequence[Record], batch: models.ImportBatch, publisher: str, country: str
) -> None:
    """Units, persons and sources first: what is pointed at comes before what points."""
    own = {"seal_id": batch.seal_id, "publisher": publisher}
    units = [record for record in part if isinstance(record, Unit)]
    people = [record for record in part if isinstance(record, Person)]
    models.Party.objects.bulk_create(
        [
            *(_unit(record, batch, own, country) for record in units),
            *(_person(record, batch, own, country) for record in people),
        ],
        ignore_conflicts=True,
    )
    _write_names(publisher, batch, units, people)
    sources = [_source(record, own) for record in part if isinstance(record, Source)]
    models.Source.objects.bulk_create(sources, ignore_conflicts=True)
    _write_ties([record for record in part if isinstance(record, Tie | Posting)], batch, own)


def _unit(
    unit: Unit, batch: models.ImportBatch, own: Mapping[str, object], country: str
) -> models.Party:
    return models.Party(
        id=uuid4(),
        kind=models.Party.Kind.UNIT,
        name=unit.name,
        folded=fold(unit.name, loose=True),
        country=unit.country or country,
        classification=list(unit.classification),
        external_id=unit.id,
        batch=batch,
        **own,
    )


def _person(
    person: Person, batch: models.ImportBatch, own: Mapping[str, object], country: str
) -> models.Party:
    return models.Party(
        id=uuid4(),
        kind=models.Party.Kind.PERSON,
        name=person.name,
        folded=fold(person.name, loose=True),
        country=country,
        external_id=person.id,
        batch=batch,
        **own,
    )


def _source(source: Source, own: Mapping[str, object]) -> models.Source:
    return models.Source(
        id=uuid4(),
        external_id=source.id,
        title=source.title,
        publication=source.publication,
        published_on=source.published_on[:40],
        url=source.url,
        archive_url=source.archive_url,
        **own,
    )


def _write_names(
    publisher: str, batch: models.ImportBatch, units: Iterable[Unit], people: Iterable[Person]
) -> None:
    names = {unit.id: unit.aliases for unit in units}
    names |= {person.id: person.variants for person in people}
    keys = _keys(models.Party, publisher, names)
    models.PartyName.objects.bulk_create(
        [
            models.PartyName(
                id=uuid4(),
                seal_id=batch.seal_id,
                party_id=keys[external],
                name=name,
                folded=fold(name, loose=True),
            )
            for external, others in names.items()
            for name in others
        ],
        ignore_conflicts=True,
    )


def _write_ties(
    records: Sequence[Tie | Posting], batch: models.ImportBatch, own: Mapping[str, object]
) -> None:
    publisher = str(own["publisher"])
    ends = {end for record in records for end in _ends(record)}
    parties = _keys(models.Party, publisher, ends)
    cited = {source for record in records for source in record.source_ids}
    sources = _keys(models.Source, publisher, cited)
    models.Tie.objects.bulk_create(
        [
            models.Tie(
                id=uuid4(),
                upper_id=parties[_ends(record)[0]],
                lower_id=parties[_ends(record)[1]],
                external_id=record.id,
                batch=batch,
                sources=[sources[key] for key in record.source_ids if key in sources],
                confidence=record.confidence,
                **_what(record),
                **_dates(record),
                **own,
            )
            for record in records
        ],
        ignore_conflicts=True,
    )


def _ends(record: Tie | Posting) -> tuple[str, str]:
    if isinstance(record, Tie):
        return record.superior, record.subordinate
    return record.person, record.unit


def _what(record: Tie | Posting) -> dict[str, str]:
    if isinstance(record, Tie):
        return {"kind": models.Tie.Kind.COMMANDS, "role": record.kind}
    return {
        "kind": models.Tie.Kind.HOLDS_POST,
        "role": record.role,
        "title": record.title,
        "rank": record.rank,
    }


def _dates(record: Tie | Posting) -> dict[str, object]:
    span = record.span
    return {
        "first_cited": _published(span.first),
        "last_cited": _published(span.last),
        "first_is_start": span.first_is_start,
        "open_ended": span.open.value,
    }


def _published(value: PartialDate | None) -> str:
    return value.iso if value else ""


def _keys(
    model: type[models.Party] | type[models.Source], publisher: str, external: Iterable[str]
) -> dict[str, UUID]:
    rows = model.objects.filter(publisher=publisher, external_id__in=list(external))
    return dict(rows.values_list("external_id", "id"))


def _write_trainings(part: Sequence[Training], batch: models.ImportBatch) -> None:
    models.PublishedSupport.objects.bulk_create(
        [
            models.PublishedSupport(
                id=uuid4(),
                seal_id=batch.seal_id,
                dataset=batch.dataset,
                row=row.line,
                country=row.iso3,
                fiscal_year=row.fiscal_year,
                program=row.program,
                course=row.course_title,
                recipient=row.recipient_unit,
                folded=fold(row.recipient_unit, loose=True),
                provider=row.delivery_unit,
                location=row.location,
                quantity="" if row.quantity is None else str(row.quantity),
                cost_usd=row.cost_usd,
                starts=row.start.isoformat() if row.start else row.start_text[:10],
                ends=row.end.isoformat() if row.end else row.end_text[:10],
                batch=batch,
            )
            for row in part
        ],
        ignore_conflicts=True,
    )


def _propose_matches(dataset: str) -> None:
    """Exactly equal names (Unicode and punctuation folded) become questions, never facts."""
    rows = models.PublishedSupport.objects.filter(dataset=dataset).exclude(folded="")
    printed: dict[str, set[str]] = {}
    for folded, recipient in rows.values_list("folded", "recipient").distinct():
        printed.setdefault(folded, set()).add(recipient)
    seal = mission.default_seal("register")
    parties = models.Party.objects.filter(kind=models.Party.Kind.UNIT, folded__in=list(printed))
    models.Match.objects.bulk_create(
        [
            models.Match(
                id=uuid4(),
                seal_id=seal,
                recipient=recipient,
                dataset=dataset,
                party=party,
                why="same name",
            )
            for party in parties
            for recipient in sorted(printed[party.folded])
            # Loosely folded columns find candidates; only accents and all count as the same name.
            if fold(recipient) == fold(party.name)
        ],
        ignore_conflicts=True,
    )

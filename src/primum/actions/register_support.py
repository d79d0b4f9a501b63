"""Write rows of published support as printed, and ask whom they mean.

Part of importing, inside its transaction and ledger line. Such rows have no id, and the reports
repeat them: a newer copy is compared row by row, each as often as it is printed. It supersedes
only the countries and years that it has rows of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import uuid4

from primum.core.screening import fold
from primum.exchange.us_training import Training
from primum.people import mission
from primum.register.models import ImportBatch, Match, Party, PublishedSupport

Planned = tuple[PublishedSupport, bool]
"""A row of the file, and whether an earlier copy in view prints it already."""


def scope_of(rows: Iterable[Training]) -> list[str]:
    """The countries and years that these rows tell of."""
    return sorted({f"{row.iso3} {row.fiscal_year}" for row in rows})


def planned(rows: Iterable[Training], batch: ImportBatch) -> list[Planned]:
    """The rows in file order, each with whether it is new."""
    left = Counter(_printed(row) for row in _earlier(batch))
    found = []
    for training in rows:
        row = _row(training, batch)
        found.append((row, left[_printed(row)] > 0))
        left[_printed(row)] -= 1
    return found


def write_rows(part: Sequence[Planned]) -> Counter[str]:
    """Write the rows of a part that no earlier copy prints."""
    fresh = [row for row, known in part if not known]
    PublishedSupport.objects.bulk_create(fresh)
    return Counter(written=len(fresh), unchanged=len(part) - len(fresh))


def drop_rows(every: Iterable[Planned], batch: ImportBatch) -> int:
    """Take out of view what earlier copies print of these years, and this one does not."""
    left = Counter(_printed(row) for row, _known in every)
    scope, gone = set(batch.scope), []
    for row in _earlier(batch):
        if f"{row.country} {row.fiscal_year}" in scope:
            left[_printed(row)] -= 1
            gone += [row.id] if left[_printed(row)] < 0 else []
    PublishedSupport.objects.filter(id__in=gone).update(gone=batch)
    return len(gone)


def propose_matches(dataset: str = "") -> None:
    """Exactly equal names (Unicode and punctuation folded) become questions, never facts."""
    rows = PublishedSupport.objects.exclude(folded="")
    rows = rows.filter(dataset=dataset) if dataset else rows
    printed: dict[str, set[tuple[str, str]]] = {}
    for folded, *names in rows.values_list("folded", "dataset", "recipient").distinct():
        printed.setdefault(folded, set()).add((names[0], names[1]))
    seal = mission.default_seal("register")
    parties = Party.objects.filter(kind=Party.Kind.UNIT, folded__in=list(printed))
    Match.objects.bulk_create(
        [
            Match(
                id=uuid4(),
                seal_id=seal,
                recipient=recipient,
                dataset=published,
                party=party,
                why="same name",
            )
            for party in parties
            for published, recipient in sorted(printed[party.folded])
            # Loosely folded columns find candidates; only accents and all count as the same name.
            if fold(recipient) == fold(party.name)
        ],
        ignore_conflicts=True,
    )


def _earlier(batch: ImportBatch) -> Iterable[PublishedSupport]:
    rows = PublishedSupport.objects.filter(dataset=batch.dataset).exclude(batch=batch)
    return rows.order_by("batch__started", "row", "id")


def _row(row: Training, batch: ImportBatch) -> PublishedSupport:
    words = (row.recipient_unit, row.course_title, row.program, row.delivery_unit, row.location)
    return PublishedSupport(
        id=uuid4(),
        seal_id=batch.seal_id,
        dataset=batch.dataset,
        row=row.line,
        country=row.iso3,
        country_name=row.country,
        fiscal_year=row.fiscal_year,
        program=row.program,
        course=row.course_title,
        recipient=row.recipient_unit,
        folded=fold(row.recipient_unit, loose=True),
        provider=row.delivery_unit,
        location=row.location,
        quantity="" if row.quantity is None else str(row.quantity),
        cost_usd=row.cost_usd,
        starts=row.start.isoformat() if row.start else row.start_text,
        ends=row.end.isoformat() if row.end else row.end_text,
        file=row.source_file,
        page=row.report_page,
        searched=fold(" ".join((*words, row.country, row.fiscal_year)), loose=True),
        batch=batch,
    )


def _printed(row: PublishedSupport) -> tuple[object, ...]:
    """What a row says, wherever in a file it stands."""
    return (
        *(row.country, row.country_name, row.fiscal_year, row.program, row.course, row.recipient),
        *(row.provider, row.location, row.quantity, row.cost_usd, row.starts, row.ends),
        *(row.file, row.page),
    )

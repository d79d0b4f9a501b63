"""Write the records of a published register: what is new, and what a newer copy says differently.

Part of importing, inside its transaction and ledger line. A row is known again by the id that its
publisher gave it. A copy that says something else supersedes what an earlier one said: the earlier
row stays, out of view, and comes back when the copy is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID, uuid4

from primum.actions.register_view import settle
from primum.core.command import PartialDate, Posting, Tie
from primum.core.screening import fold
from primum.exchange.register import Person, Record, Source, Unit
from primum.register import models

WRITTEN, CHANGED, UNCHANGED, GONE = "written", "changed", "unchanged", "gone"
K = TypeVar("K")
Row = TypeVar("Row", models.Claim, models.Source, models.Tie)


def write_records(part: Sequence[Record], batch: models.ImportBatch, country: str) -> Counter[str]:
    """Write a part of a register; what is pointed at comes before what points."""
    parties = [each for each in part if isinstance(each, Unit | Person)]
    sources = [each for each in part if isinstance(each, Source)]
    ties = [each for each in part if isinstance(each, Tie | Posting)]
    tally = _write_parties(parties, batch, country)
    return tally + _write_sources(sources, batch) + _write_ties(ties, batch)


def drop_records(
    records: Iterable[Record], batch: models.ImportBatch
) -> tuple[int, tuple[str, ...]]:
    """Take out of view what an earlier copy of the set said and this one says no more.

    Returns how much that is, and the names of parties that stay because something stands on them.
    """
    every = {each.id for each in records}
    ties = models.Tie.objects.filter(dataset=batch.dataset).exclude(batch=batch)
    gone = [key for key, external in ties.values_list("id", "external_id") if external not in every]
    models.Tie.objects.filter(id__in=gone).update(gone=batch)
    claims = models.Claim.objects.filter(dataset=batch.dataset).exclude(batch=batch)
    rows = claims.values_list("id", "party_id", "party__external_id")
    lost = {key: party for key, party, external in rows if external not in every}
    models.Claim.objects.filter(id__in=lost).update(gone=batch)
    return len(gone) + len(lost), settle(set(lost.values()), batch)


def _write_parties(
    part: Sequence[Unit | Person], batch: models.ImportBatch, country: str
) -> Counter[str]:
    keys = _keys(models.Party, batch.publisher, (each.id for each in part))
    made = [_party(each, batch) for each in part if each.id not in keys]
    models.Party.every.bulk_create(made)
    keys |= {row.external_id: row.id for row in made}
    rows = models.Claim.objects.filter(dataset=batch.dataset, party__in=keys.values())
    known = {claim.party_id: claim for claim in rows}
    said = {each.id: _claim(each, keys[each.id], batch, country) for each in part}
    for claim in said.values():
        # A copy that does not say the country has not changed it.
        before = known.get(claim.party_id)
        claim.country = claim.country or (before.country if before else "")
    tally, fresh = _supersede(
        said,
        known,
        lambda claim: claim.party_id,
        lambda claim: (claim.name, claim.names, claim.country, claim.classification),
    )
    settle({claim.party_id for claim in fresh}, batch)
    return tally


def _party(said: Unit | Person, batch: models.ImportBatch) -> models.Party:
    unit = isinstance(said, Unit)
    return models.Party(
        id=uuid4(),
        seal_id=batch.seal_id,
        kind=models.Party.Kind.UNIT if unit else models.Party.Kind.PERSON,
        name=said.name,
        folded=fold(said.name, loose=True),
        publisher=batch.publisher,
        external_id=said.id,
        batch=batch,
    )


def _claim(
    said: Unit | Person, party: UUID, batch: models.ImportBatch, country: str
) -> models.Claim:
    unit = said if isinstance(said, Unit) else None
    return models.Claim(
        id=uuid4(),
        seal_id=batch.seal_id,
        party_id=party,
        dataset=batch.dataset,
        batch=batch,
        name=said.name,
        names=list(said.aliases if isinstance(said, Unit) else said.variants),
        country=(unit.country if unit else "") or country,
        classification=list(unit.classification if unit else ()),
    )


def _write_sources(part: Sequence[Source], batch: models.ImportBatch) -> Counter[str]:
    known = models.Source.objects.filter(
        publisher=batch.publisher, external_id__in=[each.id for each in part]
    )
    tally, _fresh = _supersede(
        {each.id: _source(each, batch) for each in part},
        {row.external_id: row for row in known},
        lambda row: row.external_id,
        lambda row: (row.title, row.publication, row.published_on, row.url, row.archive_url),
    )
    return tally


def _source(source: Source, batch: models.ImportBatch) -> models.Source:
    return models.Source(
        id=uuid4(),
        seal_id=batch.seal_id,
        publisher=batch.publisher,
        batch=batch,
        external_id=source.id,
        title=source.title,
        publication=source.publication,
        published_on=source.published_on,
        url=source.url,
        archive_url=source.archive_url,
    )


def _write_ties(part: Sequence[Tie | Posting], batch: models.ImportBatch) -> Counter[str]:
    ends = {end for each in part for end in _ends(each)}
    parties = _keys(models.Party, batch.publisher, ends)
    sources = _cited(part, batch)
    known = models.Tie.objects.filter(
        dataset=batch.dataset, external_id__in=[each.id for each in part]
    )
    before = {row.external_id: row for row in known}
    named = {key: external for external, key in sources.items()}
    named |= _external({key for row in before.values() for key in row.sources} - set(named))
    tally, _fresh = _supersede(
        {each.id: _tie(each, batch, parties, sources) for each in part},
        before,
        lambda row: row.external_id,
        lambda row: (_content(row), sorted(named[key] for key in row.sources)),
    )
    return tally


def _cited(part: Sequence[Tie | Posting], batch: models.ImportBatch) -> dict[str, UUID]:
    """The key of every source that is cited; of one without a record, its id is kept."""
    cited = {source for each in part for source in each.source_ids}
    rows = models.Source.objects.filter(publisher=batch.publisher, external_id__in=cited)
    found = dict(rows.values_list("external_id", "id"))
    made = [_source(Source(external), batch) for external in sorted(cited - set(found))]
    models.Source.objects.bulk_create(made)
    return found | {row.external_id: row.id for row in made}


def _external(keys: Iterable[UUID]) -> dict[UUID, str]:
    rows = models.Source.every.filter(id__in=list(keys))
    return dict(rows.values_list("id", "external_id"))


def _tie(
    said: Tie | Posting,
    batch: models.ImportBatch,
    parties: Mapping[str, UUID],
    sources: Mapping[str, UUID],
) -> models.Tie:
    upper, lower = _ends(said)
    return models.Tie(
        id=uuid4(),
        seal_id=batch.seal_id,
        publisher=batch.publisher,
        dataset=batch.dataset,
        batch=batch,
        external_id=said.id,
        upper_id=parties[upper],
        lower_id=parties[lower],
        sources=[sources[key] for key in said.source_ids],
        confidence=said.confidence,
        first_cited=_published(said.span.first),
        last_cited=_published(said.span.last),
        first_is_start=said.span.first_is_start,
        open_ended=said.span.open.value,
        **_what(said),
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


def _content(row: models.Tie) -> tuple[object, ...]:
    """What a tie says, its sources apart."""
    return (
        *(row.upper_id, row.lower_id, row.kind, row.role, row.title, row.rank, row.confidence),
        *(row.first_cited, row.first_is_start, row.last_cited, row.open_ended),
    )


def _published(value: PartialDate | None) -> str:
    return value.iso if value else ""


def _keys(model: type[models.Party], publisher: str, external: Iterable[str]) -> dict[str, UUID]:
    rows = model.every.filter(publisher=publisher, external_id__in=list(external))
    return dict(rows.values_list("external_id", "id"))


def _supersede(
    made: Mapping[str, Row],
    known: Mapping[K, Row],
    key: Callable[[Row], K],
    says: Callable[[Row], object],
) -> tuple[Counter[str], list[Row]]:
    """Write what is new or says something else, and take what it supersedes out of view."""
    tally: Counter[str] = Counter()
    fresh: list[Row] = []
    old: list[UUID] = []
    for row in made.values():
        before = known.get(key(row))
        if before is not None and says(before) == says(row):
            tally[UNCHANGED] += 1
            continue
        tally[WRITTEN if before is None else CHANGED] += 1
        old += [] if before is None else [before.id]
        fresh.append(row)
    if fresh:
        model = type(fresh[0])
        model.every.filter(id__in=old).update(gone=fresh[0].batch_id)
        model.every.bulk_create(fresh)
    return tally, fresh

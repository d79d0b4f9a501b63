"""The Monitor's research snapshot of Nigeria (2019), as a folder of tidy tables.

Units and people have names and no ids here, so ids are made from the names. Rows that name a unit
which `units.csv` does not have are read, and reported.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from primum.core.command import Open, Posting, Span, Tie
from primum.exchange.register import Dataset, Person, Register, Source, Unit
from primum.exchange.sfm_cells import (
    LICENCE,
    PUBLISHER,
    TieList,
    dataset_of,
    each_row,
    flag,
    opening,
    parts,
    short,
    short_id,
    split,
    warn_if_contradictory,
    when,
)
from primum.exchange.tables import ExchangeError, Problems, Row, RowError

NIGERIA = Dataset(
    key="sfm_nigeria",
    title="Defence and security forces of Nigeria: units, parents, postings and sources",
    publisher=PUBLISHER,
    licence=LICENCE,
    snapshot="2019-05-01 (persons, sources), 2019-10-24 (units)",
    country="ng",
    attribution=(
        f"{PUBLISHER}: Nigeria research snapshot, persons and sources of 1 May 2019, "
        f"units of 24 October 2019. {LICENCE}."
    ),
)
_SHA256 = "b8c9accf76a7808e18e53943c02b7f31d1a09f3d0de77ba722cc2c5cea86167f"

UNITS, PARENTS, POSTINGS = "units.csv", "unit_parents.csv", "postings.csv"
UNIT_NAMES, PERSON_NAMES = "unit_name_variants.csv", "person_name_variants.csv"
SOURCES = ("sources.csv", "raw_sources_20190501.csv")
NEEDED = (UNITS, PARENTS, POSTINGS)

_UNIT_COLUMNS = ("unit", "aliases", "classification", "country", "first_cited", "last_cited")
_TIE_COLUMNS = (
    *("unit", "parent", "relation", "confidence", "source_ids"),
    *("first_cited", "first_is_start", "last_cited", "open_ended"),
)
_POSTING_COLUMNS = (
    *("row", "person", "aliases", "unit", "role", "title", "rank", "confidence", "source_ids"),
    *("first_cited", "first_is_start", "last_cited", "last_is_end"),
)
_SOURCE_COLUMNS = (
    *("source_id", "title", "publication_title", "published_on"),
    *("source_url", "archive_url"),
)


def read_nigeria(folder: Path) -> Register:
    """Read a folder of tidy tables. Bad rows are in `problems`; they do not stop the reading."""
    for name in NEEDED:
        if not (folder / name).is_file():
            raise ExchangeError(
                folder.name, 0, f"the folder has no {name}", f"It needs {', '.join(NEEDED)}."
            )
    reading = _Reading(folder)
    reading.read()
    return reading.register()


def unit_id(name: str) -> str:
    return f"nga:unit:{name}"


def person_id(name: str) -> str:
    return f"nga:person:{name}"


class _Reading:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems = Problems()
        self.units: dict[str, Unit] = {}
        self.unit_names: dict[str, dict[str, None]] = {}
        self.unlisted: dict[str, Unit] = {}
        self.person_names: dict[str, dict[str, None]] = {}
        self.ties = TieList(PARENTS, self.problems)
        self.postings: dict[str, Posting] = {}
        self.sources: dict[str, Source] = {}
        self.cited: dict[str, None] = {}

    def read(self) -> None:
        each_row(self.folder / UNITS, _UNIT_COLUMNS, self.problems, self._unit)
        each_row(self.folder / PARENTS, _TIE_COLUMNS, self.problems, self._tie)
        each_row(self.folder / POSTINGS, _POSTING_COLUMNS, self.problems, self._posting)
        if (self.folder / UNIT_NAMES).is_file():
            columns = ("unit", "variant")
            each_row(self.folder / UNIT_NAMES, columns, self.problems, self._unit_name)
        if (self.folder / PERSON_NAMES).is_file():
            columns = ("person", "variant")
            each_row(self.folder / PERSON_NAMES, columns, self.problems, self._person_name)
        self._read_sources()

    def _unit(self, row: Row) -> None:
        name = short_id(row, "unit", row.need("unit"))
        if name in self.units:
            raise RowError(
                f"“{name}” was already given", "Names are ids here; the row was left out."
            )
        aliases = parts(row, "aliases")
        self.units[name] = Unit(
            id=unit_id(name),
            name=name,
            classification=split(row["classification"]),
            country=short(row, "country"),
            span=_span(row, opening(row, "open_ended")),
        )
        self.unit_names[name] = dict.fromkeys(aliases)

    def _tie(self, row: Row) -> None:
        unit = short_id(row, "unit", row.need("unit"))
        parent = short_id(row, "parent", row.need("parent"))
        tie = Tie(
            superior=unit_id(parent),
            subordinate=unit_id(unit),
            span=_span(row, opening(row, "open_ended")),
            kind=short(row, "relation"),
            source_ids=parts(row, "source_ids"),
            confidence=short(row, "confidence"),
        )
        self.ties.add(row.line, tie)
        self._mention(PARENTS, row.line, unit)
        self._mention(PARENTS, row.line, parent)
        self.cited.update(dict.fromkeys(tie.source_ids))

    def _posting(self, row: Row) -> None:
        person = short_id(row, "person", row.need("person"))
        unit = short_id(row, "unit", row.need("unit"))
        key = f"nga:posting:{short_id(row, 'row', row.need('row'))}"
        if key in self.postings:
            raise RowError(f"the row number {row['row']} was already given", "Number rows once.")
        aliases = parts(row, "aliases")
        posting = Posting(
            id=key,
            person=person_id(person),
            unit=unit_id(unit),
            role=row["role"],
            title=row["title"],
            rank=row["rank"],
            span=_span(row, _end(row)),
            start_context=row["start_context"],
            end_context=row["end_context"],
            source_ids=parts(row, "source_ids"),
            confidence=short(row, "confidence"),
        )
        warn_if_contradictory(POSTINGS, row.line, posting.span, self.problems)
        self._mention(POSTINGS, row.line, unit)
        self.postings[key] = posting
        self.person_names.setdefault(person, {}).update(dict.fromkeys(aliases))
        self.cited.update(dict.fromkeys(posting.source_ids))

    def _mention(self, file: str, line: int, name: str) -> None:
        if name in self.units or name in self.unlisted:
            return
        self.unlisted[name] = Unit(id=unit_id(name), name=name, listed=False)
        self.problems.add(
            file,
            line,
            f"“{name}” is not in {UNITS}",
            "Add it there; until then it is known only by name.",
        )

    def _unit_name(self, row: Row) -> None:
        names = self.unit_names.get(row.need("unit"))
        if names is None:
            raise RowError(f"“{row['unit']}” is not in {UNITS}", "The variant was left out.")
        names[short_id(row, "variant", row.need("variant"))] = None

    def _person_name(self, row: Row) -> None:
        names = self.person_names.get(row.need("person"))
        if names is None:
            raise RowError(f"“{row['person']}” has no posting", "The variant was left out.")
        names[short_id(row, "variant", row.need("variant"))] = None

    def _read_sources(self) -> None:
        for name in SOURCES:
            if (self.folder / name).is_file():
                each_row(self.folder / name, _SOURCE_COLUMNS, self.problems, self._source)
                missing = [key for key in self.cited if key not in self.sources]
                for key in missing:
                    self.problems.add(
                        name, 0, f"the cited source {key} is missing", "Its id was kept."
                    )
                return
        self.problems.add(
            SOURCES[0], 0, "there is no table of sources", "Ids of sources are kept without titles."
        )

    def _source(self, row: Row) -> None:
        key = short_id(row, "source_id", row.need("source_id"))
        if key not in self.cited:
            return
        if key in self.sources:
            raise RowError(f"the source {key} was already given", "The first was kept.")
        self.sources[key] = Source(
            id=key,
            title=row["title"],
            publication=row["publication_title"],
            published_on=row["published_on"],
            url=_address(row["source_url"]),
            archive_url=_address(row["archive_url"]),
        )

    def register(self) -> Register:
        listed = (
            Unit(
                id=unit.id,
                name=name,
                aliases=tuple(self.unit_names[name]),
                classification=unit.classification,
                country=unit.country,
                span=unit.span,
            )
            for name, unit in self.units.items()
        )
        people = self.person_names.items()
        return Register(
            dataset=dataset_of(self.folder / UNITS, _SHA256, NIGERIA),
            units=(*listed, *self.unlisted.values()),
            persons=tuple(Person(person_id(name), name, tuple(seen)) for name, seen in people),
            sources=tuple(self.sources[key] for key in self.cited if key in self.sources),
            ties=self.ties.all(),
            postings=tuple(self.postings.values()),
            problems=self.problems.all(),
        )


def _span(row: Row, ending: Open) -> Span:
    return Span(
        first=when(row, "first_cited"),
        last=when(row, "last_cited"),
        open=ending,
        first_is_start=flag(row, "first_is_start"),
    )


def _end(row: Row) -> Open:
    """A posting says whether its last cited date is its end; it never says that it goes on."""
    is_end = flag(row, "last_is_end")
    if is_end is None:
        return Open.UNSTATED
    return Open.ENDED if is_end else Open.NO


def _address(text: str) -> str:
    """A web address, or blank: pages link to it, so nothing else may pass."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.netloc else ""

"""The Monitor's table of units and relations (Mali, export of 25 June 2021).

Every row is a unit and, for most, one tie to a parent; a unit with two parents has two rows.
A parent that has no row of its own (a UN mission, a regional body) is kept as known only by name.
"""

from __future__ import annotations

from pathlib import Path

from primum.core.command import Span, Tie
from primum.exchange.register import Dataset, Register, Unit
from primum.exchange.sfm_cells import (
    LICENCE,
    PUBLISHER,
    TieList,
    dataset_of,
    each_row,
    flag,
    opening,
    short,
    short_id,
    split,
    when,
)
from primum.exchange.tables import Problems, Row, RowError

MALI = Dataset(
    key="sfm_mali_units",
    title="Defence and security forces of Mali: units and their parents",
    publisher=PUBLISHER,
    licence=LICENCE,
    snapshot="2021-06-25",
    country="ml",
    attribution=f"{PUBLISHER}: Mali units and relations, export of 25 June 2021. {LICENCE}.",
)
_SHA256 = "49bd4fa94d7d9b1fb58bceb64739ed27cd27c647df0c9dce738fcdb0828a0c1d"
_TIE_LEFT_OUT = "The unit was read, its tie was left out; correct it at the source."

_ID = "unit:id:admin"
_NAME = "unit:name"
_CLASS = "unit:classification"
_RELATION = "unit:relation_type"
_PARENT_ID = "unit:related_unit_id:admin"
_PARENT = "unit:related_unit"
_KIND = "unit:related_unit_class"
_FIRST = "unit:related_unit_first_cited_date"
_FIRST_IS_START = "unit:related_unit_first_cited_date_start"
_LAST = "unit:related_unit_last_cited_date"
_OPEN = "unit:related_unit_open"

COLUMNS = (
    _ID,
    _NAME,
    _CLASS,
    _RELATION,
    _PARENT_ID,
    _PARENT,
    _KIND,
    _FIRST,
    _FIRST_IS_START,
    _LAST,
    _OPEN,
)


def read_mali_units(path: Path) -> Register:
    """Read a table of units and relations. Bad rows are in `problems`; they do not stop it."""
    reading = _Reading(path)
    each_row(path, COLUMNS, reading.problems, reading.use)
    return reading.register()


class _Reading:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems = Problems()
        self.units: dict[str, Unit] = {}
        self.parents: dict[str, Unit] = {}
        self.ties = TieList(path.name, self.problems)

    def use(self, row: Row) -> None:
        unit = Unit(
            id=short_id(row, _ID, row.need(_ID)),
            name=short_id(row, _NAME, row.need(_NAME)),
            classification=split(row[_CLASS]),
        )
        known = self.units.setdefault(unit.id, unit)
        if known.name != unit.name:
            raise RowError(
                f"the id of “{known.name}” is also given to “{unit.name}”",
                "Give each unit one id and one name; the row was left out.",
            )
        if row[_PARENT_ID] or row[_PARENT]:
            try:
                self._tie(row, unit.id)
            except RowError as error:
                raise RowError(error.message, _TIE_LEFT_OUT) from None

    def _tie(self, row: Row, unit: str) -> None:
        if row[_RELATION] not in {"child", ""}:
            raise RowError(f"“{row[_RELATION]}” is not a line of command", _TIE_LEFT_OUT)
        parent = Unit(
            id=short_id(row, _PARENT_ID, row.need(_PARENT_ID)),
            name=short_id(row, _PARENT, row.need(_PARENT)),
            listed=False,
        )
        span = Span(
            first=when(row, _FIRST),
            last=when(row, _LAST),
            open=opening(row, _OPEN),
            first_is_start=flag(row, _FIRST_IS_START),
        )
        self.ties.add(row.line, Tie(parent.id, unit, span, kind=short(row, _KIND)))
        self.parents.setdefault(parent.id, parent)

    def register(self) -> Register:
        dataset = dataset_of(self.path, _SHA256, MALI)
        unlisted = (unit for key, unit in self.parents.items() if key not in self.units)
        return Register(
            dataset=dataset,
            units=(*self.units.values(), *unlisted),
            persons=(),
            sources=(),
            ties=self.ties.all(),
            postings=(),
            problems=self.problems.all(),
        )

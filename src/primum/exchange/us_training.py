"""Training that the United States reported giving to foreign forces (reports of 1999 to 2021).

Recipients are written as the reports write them ("SPLA HQ", "HQ SPLA"): saying which unit a text
means is a person's work, so every text is kept as it stands. Rows that repeat are kept too: the
reports often list each trainee on a line of their own.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from primum.core.command import DateError, Precision, parse_date
from primum.exchange.register import Dataset
from primum.exchange.tables import Problem, Problems, Row, RowError, read_rows

US_TRAINING = Dataset(
    key="us_foreign_military_training",
    title="Training given by the United States to foreign forces, as reported to Congress",
    publisher="Security Force Monitor, Columbia Law School Human Rights Institute",
    licence="CC BY 4.0",
    snapshot="2024-12-06",
    country="",
    attribution=(
        "Security Force Monitor, Columbia Law School Human Rights Institute: Foreign Military "
        "Training Reports of the US Departments of State and Defense, 1999 to 2021, data of "
        "6 December 2024. CC BY 4.0."
    ),
)

COLUMNS = (
    *("fiscal_year", "country", "iso3", "program", "course_title", "recipient_unit"),
    *("delivery_unit", "location", "quantity", "total_cost_usd", "start_date_raw", "start_date"),
    *("end_date_raw", "end_date", "report_page", "source_file"),
)

_COUNT = re.compile(r"[0-9]{1,9}")
_MONEY = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_KEPT = "Check the report; the row was kept with this as text only."


@dataclass(frozen=True, slots=True)
class Training:
    """One line of a report. `start` and `end` are None where the text is not one day."""

    line: int
    fiscal_year: str
    country: str
    iso3: str
    program: str
    course_title: str
    recipient_unit: str
    delivery_unit: str
    location: str
    quantity: int | None
    cost_usd: Decimal | None
    start_text: str
    start: date | None
    end_text: str
    end: date | None
    report_page: str
    source_file: str


@dataclass(frozen=True, slots=True)
class Trainings:
    """The lines of a report in file order. `dataset` is for showing beside them."""

    dataset: Dataset
    rows: tuple[Training, ...]
    problems: tuple[Problem, ...]


def read_trainings(path: Path, iso3: Collection[str] = ()) -> Trainings:
    """Read the trainings of these countries (ISO codes of three letters), or of all."""
    wanted = {code.upper() for code in iso3}
    reading = _Reading(path.name)
    rows = tuple(
        reading.training(row)
        for row in read_rows(path, COLUMNS, reading.problems)
        if (not wanted or row["iso3"].upper() in wanted) and reading.fits(row)
    )
    return Trainings(US_TRAINING, rows, reading.problems.all())


class _Reading:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems = Problems()

    def fits(self, row: Row) -> bool:
        """Whether country code and year hold what they should; without them a row is nowhere."""
        for column, most in (("iso3", 3), ("fiscal_year", 20)):
            if len(row[column]) > most:
                message = f"“{column}” is longer than {most} characters"
                self.problems.add(self.file, row.line, message, "The row was left out.")
                return False
        return True

    def training(self, row: Row) -> Training:
        training = Training(
            line=row.line,
            fiscal_year=row["fiscal_year"],
            country=row["country"],
            iso3=row["iso3"].upper(),
            program=row["program"],
            course_title=row["course_title"],
            recipient_unit=row["recipient_unit"],
            delivery_unit=row["delivery_unit"],
            location=row["location"],
            quantity=self._count(row),
            cost_usd=self._money(row),
            start_text=row["start_date_raw"],
            start=self._day(row, "start_date"),
            end_text=row["end_date_raw"],
            end=self._day(row, "end_date"),
            report_page=row["report_page"],
            source_file=row["source_file"],
        )
        if training.start and training.end and training.end < training.start:
            self._note(row, f"ends on {training.end}, before it starts on {training.start}")
        return training

    def _count(self, row: Row) -> int | None:
        text = row["quantity"]
        if text and not _COUNT.fullmatch(text):
            self._note(row, f"“{text[:40]}” is not a number of people")
            return None
        return int(text) if text else None

    def _money(self, row: Row) -> Decimal | None:
        text = row["total_cost_usd"]
        if text and not _MONEY.fullmatch(text):
            self._note(row, f"“{text[:40]}” is not an amount in dollars")
            return None
        return Decimal(text) if text else None

    def _day(self, row: Row, column: str) -> date | None:
        try:
            found = parse_date(row[column])
            if found is None and row[f"{column}_raw"]:
                raise RowError(f"“{row[f'{column}_raw'][:40]}” is not one day", _KEPT)
            if found is not None and found.precision is not Precision.DAY:
                raise RowError(f"“{row[column]}” is not one day", _KEPT)
        except (DateError, RowError) as error:
            self._note(row, str(error).removesuffix(f". {_KEPT}").rstrip("."))
            return None
        return found.earliest if found else None

    def _note(self, row: Row, message: str) -> None:
        self.problems.add(self.file, row.line, message, _KEPT)

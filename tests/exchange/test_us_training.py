"""Lines of a training report: kept as text, with what could be read beside it."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from primum.exchange.tables import ExchangeError
from primum.exchange.us_training import COLUMNS, Training, read_trainings

LINE = {
    "fiscal_year": "2015-2016",
    "country": "Mali",
    "iso3": "MLI",
    "program": "PKO",
    "course_title": "Light infantry",
    "recipient_unit": "33 Régiment des commandos parachutistes",
    "quantity": "12",
    "total_cost_usd": "20677.28",
    "start_date_raw": "8/18/2014",
    "start_date": "2014-08-18",
    "end_date_raw": "9/1/2014",
    "end_date": "2014-09-01",
    "report_page": "8",
    "source_file": "2015_2016_Africa_fmtrpt_dedup.xml",
}


def write(folder: Path, *lines: dict[str, str]) -> Path:
    path = folder / "trainings.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows({**LINE, **line} for line in lines)
    return path


def one(folder: Path, **changes: str) -> tuple[Training, list[str]]:
    found = read_trainings(write(folder, changes))
    assert len(found.rows) == 1
    return found.rows[0], [problem.message for problem in found.problems]


def test_it_works(tmp_path: Path) -> None:
    training, problems = one(tmp_path)

    assert training.recipient_unit == "33 Régiment des commandos parachutistes"
    assert (training.quantity, training.cost_usd) == (12, Decimal("20677.28"))
    assert (training.start, training.end) == (date(2014, 8, 18), date(2014, 9, 1))
    assert training.start_text == "8/18/2014"
    assert (training.line, problems) == (2, [])


def test_countries_are_chosen_by_code(tmp_path: Path) -> None:
    path = write(tmp_path, {}, {"iso3": "SSD"}, {"iso3": "cod"})

    assert [row.iso3 for row in read_trainings(path).rows] == ["MLI", "SSD", "COD"]
    assert [row.iso3 for row in read_trainings(path, ["ssd", "COD"]).rows] == ["SSD", "COD"]
    assert read_trainings(path, ["CAF"]).rows == ()


def test_rows_that_repeat_are_kept(tmp_path: Path) -> None:
    """Reports list each trainee on a line of their own."""
    found = read_trainings(write(tmp_path, {}, {}))

    assert len(found.rows) == 2 and found.problems == ()


def test_blanks_are_unknown(tmp_path: Path) -> None:
    training, problems = one(
        tmp_path, quantity="", total_cost_usd="", start_date_raw="", start_date=""
    )

    assert (training.quantity, training.cost_usd, training.start) == (None, None, None)
    assert problems == []


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        ("quantity", "about ten", "“about ten” is not a number of people"),
        ("quantity", "-3", "is not a number of people"),
        ("quantity", "9" * 400, "is not a number of people"),
        ("total_cost_usd", "NaN", "“NaN” is not an amount in dollars"),
        ("total_cost_usd", "1e999999", "is not an amount in dollars"),
        ("total_cost_usd", "1,000", "is not an amount in dollars"),
        ("start_date", "9999-01-01", "the year 9999 is not between"),
        ("start_date", "0003-01-01", "the year 3 is not between"),
        ("start_date", "2014", "“2014” is not one day"),
        ("end_date", "18/08/2014", "is not a date"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_row_kept(
    tmp_path: Path, column: str, text: str, message: str
) -> None:
    training, problems = one(tmp_path, **{column: text})

    assert training.course_title == "Light infantry"
    assert len(problems) == 1 and message in problems[0]


def test_two_dates_in_one_cell_are_told(tmp_path: Path) -> None:
    training, problems = one(tmp_path, start_date_raw="9/21/2009 9/25/2009", start_date="")

    assert training.start is None and training.start_text == "9/21/2009 9/25/2009"
    assert problems == ["“9/21/2009 9/25/2009” is not one day"]


def test_an_end_before_the_start_is_told(tmp_path: Path) -> None:
    training, problems = one(tmp_path, end_date="2014-01-01")

    assert training.end == date(2014, 1, 1)
    assert problems == ["ends on 2014-01-01, before it starts on 2014-08-18"]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_text("unit,parent\na,b\n")

    with pytest.raises(ExchangeError, match="columns are missing: “fiscal_year”"):
        read_trainings(path)


def test_the_attribution_names_the_publisher(tmp_path: Path) -> None:
    found = read_trainings(write(tmp_path, {}))

    assert "Security Force Monitor" in found.dataset.attribution
    assert "CC BY 4.0" in found.dataset.attribution

"""Tables of text (CSV, TSV) read row by row, whatever state they arrive in.

A bad row becomes a Problem and the reading goes on. A file that is wrong as a whole raises one
ExchangeError that names the file, the line and what to do.
"""

from __future__ import annotations

import csv
import stat
import unicodedata
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

BYTES = 200 * 1024 * 1024
LINE_BYTES = 1024 * 1024
LINES_A_ROW = 50
PROBLEMS = 1_000
DELIMITERS = (",", "\t", ";")

_SAVE_AS = "Save it as CSV or tab-separated text in UTF-8 and try again."
_NOT_TEXT = {
    b"PK\x03\x04": "is a spreadsheet or a zip archive, not a text table",
    b"\xd0\xcf\x11\xe0": "is an old Excel file, not a text table",
    b"%PDF": "is a PDF, not a text table",
    b"\x1f\x8b": "is compressed",
    b"\xff\xfe": "is text in UTF-16",
    b"\xfe\xff": "is text in UTF-16",
}


class ExchangeError(Exception):
    """A file that cannot be read at all. `line` is 0 where no line is to blame."""

    def __init__(self, file: str, line: int, message: str, remedy: str) -> None:
        self.file, self.line, self.message, self.remedy = file, line, message, remedy
        where = f"{file}, line {line}" if line else file
        super().__init__(f"{where}: {message}. {remedy}")


class RowError(ValueError):
    """One row that cannot be used, with what to do about it."""

    def __init__(self, message: str, remedy: str) -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message}. {remedy}")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that a person should look at. The reading went on."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.message}. {self.remedy}"


class Problems:
    """Problems in the order met, up to a number that a person could still read."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._more = 0

    def add(self, file: str, line: int, message: str, remedy: str) -> None:
        if len(self._kept) < PROBLEMS:
            self._kept.append(Problem(file, line, message, remedy))
        else:
            self._more += 1

    def all(self) -> tuple[Problem, ...]:
        if not self._more:
            return tuple(self._kept)
        rest = Problem("", 0, f"{self._more} more problems are not listed", "Correct these first.")
        return (*self._kept, rest)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it starts on and its cells by column name, trimmed."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def need(self, column: str) -> str:
        value = self[column]
        if not value:
            raise RowError(f"“{column}” is blank", "Fill it in; the row was left out.")
        return value


def read_rows(path: Path, columns: Sequence[str], problems: Problems) -> Iterator[Row]:
    """Every readable row of a table that has at least these columns, in file order."""
    lines = _lines(path)
    names, delimiter = _header(path, next(lines), columns)
    count = 0
    for line, record in _records(path, lines, delimiter, problems):
        cells = _fit(record, len(names))
        try:
            if cells is None:
                raise RowError(
                    f"the row has {len(record)} cells where the header has {len(names)}",
                    "Check it for a missing or an extra separator; the row was left out.",
                )
            count += 1
            yield Row(line, dict(zip(names, map(_clean, cells), strict=True)))
        except RowError as error:
            problems.add(path.name, line, error.message, error.remedy)
    if not count:
        problems.add(path.name, 1, "the file holds a header and no rows", "Check the export.")


def check_columns(path: Path, columns: Sequence[str]) -> None:
    """Raise ExchangeError unless the file is a table that has at least these columns."""
    with closing(_lines(path)) as lines:
        _header(path, next(lines), columns)


def _header(path: Path, line: str, columns: Sequence[str]) -> tuple[list[str], str]:
    best: list[str] = []
    for delimiter in DELIMITERS:
        names = _split_header(line, delimiter)
        missing = [column for column in columns if column not in names]
        if not missing:
            twice = [name for name in columns if names.count(name) > 1]
            if twice:
                raise ExchangeError(
                    path.name, 1, f"the column “{twice[0]}” appears twice", "Keep one of the two."
                )
            return names, delimiter
        if not best or len(missing) < len(best):
            best = missing
    shown = ", ".join(f"“{name}”" for name in best[:4]) + (" and more" if len(best) > 4 else "")
    raise ExchangeError(
        path.name,
        1,
        f"columns are missing: {shown}",
        "The first line must name the columns, separated by commas, tabs or semicolons.",
    )


def _split_header(line: str, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    return [" ".join(cell.split()) for cell in cells]


def _records(
    path: Path, lines: Iterator[str], delimiter: str, problems: Problems
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 2  # the header was line 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            end = reader.line_num + 1
            _judge(path, (start, end), str(error), problems)
            continue
        if record is None:
            return
        end = reader.line_num + 1
        if end - start >= LINES_A_ROW:
            _judge(path, (start, end), "one row", problems)
        elif any(cell.strip() for cell in record):
            yield start, record


def _judge(path: Path, where: tuple[int, int], error: str, problems: Problems) -> None:
    """A quotation mark that is never closed swallows every row after it: then nothing is left."""
    start, end = where
    if "unexpected end" in error or "field larger" in error:
        raise ExchangeError(
            path.name,
            start,
            "a quotation mark opened in this row is never closed",
            'Close it, double it (""), or fetch the file again: it may have been cut short.',
        )
    rows = f"lines {start} to {end} were" if end > start else "the row was"
    problems.add(
        path.name,
        start,
        "the quotation marks of this row do not match",
        f'Close each one or double it (""); {rows} left out.',
    )


def _fit(record: list[str], width: int) -> list[str] | None:
    # Spreadsheets add empty cells to the right of the last column.
    if len(record) > width and not any(cell.strip() for cell in record[width:]):
        record = record[:width]
    return record if len(record) == width else None


def _clean(cell: str) -> str:
    """Trim, put one space for a line break, and drop soft hyphens (researchers paste from PDFs)."""
    if cell.isascii() and cell.isprintable():
        return cell.strip()
    text = "".join(" " if c in "\r\n\t" else c for c in cell if c != "\xad").strip()
    if any(unicodedata.category(c) == "Cc" or c in "\ufffe\uffff" for c in text):
        raise RowError(
            "a cell holds characters that cannot be shown",
            "Type the cell again; the row was left out.",
        )
    return text


def _lines(path: Path) -> Generator[str, None, None]:
    """The lines of a text file, decoded one by one so that a wrong byte has a line number."""
    number = 0
    with _open(path) as file:
        while chunk := file.readline(LINE_BYTES + 1):
            if len(chunk) > LINE_BYTES:
                raise ExchangeError(path.name, number + 1, "the line is longer than 1 MB", _SAVE_AS)
            for raw in chunk.splitlines(keepends=True):
                number += 1
                yield _decode(path, number, raw)


def _decode(path: Path, number: int, raw: bytes) -> str:
    if b"\0" in raw:
        raise ExchangeError(path.name, number, "the line holds a zero byte", _SAVE_AS)
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        raise ExchangeError(
            path.name, number, f"the text is not UTF-8 (byte 0x{byte:02X})", _SAVE_AS
        ) from None


def _open(path: Path) -> BinaryIO:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise ExchangeError(path.name, 0, "is a folder", "Name a file in it.")
        if not stat.S_ISREG(found.st_mode):
            raise ExchangeError(path.name, 0, "is not an ordinary file", "Name a file of text.")
        _check_size(path, found.st_size)
        file = path.open("rb")
    except FileNotFoundError:
        raise ExchangeError(path.name, 0, "there is no such file", "Check the path.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ExchangeError(path.name, 0, f"cannot be opened ({why})", "Check the path.") from None
    start = file.read(4)
    file.seek(0)
    for magic, what in _NOT_TEXT.items():
        if start.startswith(magic):
            file.close()
            raise ExchangeError(path.name, 0, what, _SAVE_AS)
    return file


def _check_size(path: Path, size: int) -> None:
    if not size:
        raise ExchangeError(path.name, 0, "the file is empty", "Fetch or export it again.")
    if size > BYTES:
        raise ExchangeError(
            path.name,
            0,
            f"the file has {size // (1024 * 1024):,} MB; the limit is {BYTES // (1024 * 1024)} MB",
            "Split it by country or by year.",
        )

"""Tables in every state they arrive in: a sentence for each, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.exchange import tables
from primum.exchange.tables import (
    ExchangeError,
    Problem,
    Problems,
    Row,
    RowError,
    check_columns,
    read_rows,
)


def write(folder: Path, content: str | bytes, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, *columns: str) -> tuple[list[Row], tuple[Problem, ...]]:
    problems = Problems()
    rows = list(read_rows(path, columns or ("unit", "parent"), problems))
    return rows, problems.all()


def cells(rows: list[Row]) -> list[tuple[str, ...]]:
    return [tuple(row.cells.values()) for row in rows]


def test_it_works(tmp_path: Path) -> None:
    path = write(tmp_path, 'unit,parent\n1 Battalion,"Brigade, 1"\n2 Battalion,\n')

    rows, problems = read(path)

    assert cells(rows) == [("1 Battalion", "Brigade, 1"), ("2 Battalion", "")]
    assert [row.line for row in rows] == [2, 3]
    assert problems == ()


@pytest.mark.parametrize(
    "content",
    [
        "unit\tparent\na\tb\n",
        "unit;parent\na;b\n",
        "unit,parent\r\na,b\r\n",
        "unit,parent\ra,b\r",
        "\ufeffunit,parent\na,b\n",
        " unit , parent \na,b\n",
        "parent,unit,more\nb,a,c\n",
        "unit,parent\na,b",
        "unit,parent\n\na,b\n\n\n",
        "unit,parent\na,b\n,\n,\n",
        "unit,parent\na,b,,\n",
        '"unit","parent"\n"a","b"\n',
        "unit,parent\n a , b \n",
        "unit,parent\na\u00ad,b\n",
    ],
)
def test_ways_of_writing_the_same_table(tmp_path: Path, content: str) -> None:
    rows, problems = read(write(tmp_path, content))

    assert [(row["unit"], row["parent"]) for row in rows] == [("a", "b")]
    assert problems == ()


def test_a_cell_may_have_several_lines(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, 'unit,parent\n"one\ntwo",b\nc,d\n'))

    assert cells(rows) == [("one two", "b"), ("c", "d")]
    assert [row.line for row in rows] == [2, 4]
    assert problems == ()


def test_a_column_that_is_not_there_reads_as_blank(tmp_path: Path) -> None:
    rows, _ = read(write(tmp_path, "unit,parent\na,b\n"))

    assert rows[0]["aliases"] == ""
    with pytest.raises(RowError, match="“aliases” is blank"):
        rows[0].need("aliases")


# Bad rows: told, left out, and the reading goes on.


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("only one cell", "the row has 1 cells where the header has 2"),
        ("a,b,c", "the row has 3 cells where the header has 2"),
        ('"a" b,c', "the quotation marks of this row do not match"),
        ("a\x1b[31m,b", "characters that cannot be shown"),
        ("a\x85b,c", "characters that cannot be shown"),
        ("a\ufffe,b", "characters that cannot be shown"),
    ],
)
def test_a_bad_row_does_not_stop_the_reading(tmp_path: Path, bad: str, message: str) -> None:
    rows, problems = read(write(tmp_path, f"unit,parent\nfirst,1\n{bad}\nlast,2\n"))

    assert cells(rows) == [("first", "1"), ("last", "2")]
    assert len(problems) == 1
    assert problems[0].line == 3 and message in problems[0].message
    assert problems[0].remedy


def test_a_quotation_that_swallows_rows_says_which(tmp_path: Path) -> None:
    content = 'unit,parent\n"a,1\nb,2\n"c",3\nd,4\n'

    rows, problems = read(write(tmp_path, content))

    assert cells(rows) == [("d", "4")]
    assert problems[0].line == 2 and "lines 2 to 4 were left out" in problems[0].remedy


def test_a_row_of_a_hundred_lines_is_a_quotation_gone_wrong(tmp_path: Path) -> None:
    middle = "x,y\n" * 100
    rows, problems = read(write(tmp_path, f'unit,parent\n"a,1\n{middle}b",2\nc,3\n'))

    assert cells(rows) == [("c", "3")]
    assert "lines 2 to 103 were left out" in problems[0].remedy


def test_a_header_and_no_rows_is_told(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, "unit,parent\n"))

    assert rows == []
    assert [problem.message for problem in problems] == ["the file holds a header and no rows"]


def test_problems_stop_where_no_person_would_read_on(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, "unit,parent\n" + "bad\n" * 5_000))

    assert rows == []
    assert len(problems) == tables.PROBLEMS + 1
    assert "4001 more problems" in str(problems[-1])


def test_a_problem_reads_as_a_sentence() -> None:
    problem = Problem("units.csv", 7, "the row repeats line 6", "It was read once.")

    assert str(problem) == "units.csv, line 7: the row repeats line 6. It was read once."


# Files that are wrong as a whole: one error with file, line and remedy.


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"", 0, "the file is empty"),
        (b"\xef\xbb\xbf", 1, "columns are missing"),
        (b"\n\n", 1, "columns are missing"),
        (b"unit\nb\n", 1, "columns are missing: “parent”"),
        (b"unit|parent\na|b\n", 1, "columns are missing: “unit”, “parent”"),
        (b"unit,unit,parent\na,b,c\n", 1, "the column “unit” appears twice"),
        (b'"unit,parent\na,b\n', 1, "columns are missing"),
        ("unit,parent\nRégiment,b\n".encode("latin-1"), 2, "not UTF-8 (byte 0xE9)"),
        ("unit,parent\na,b\nc,d\n".encode("utf-16"), 0, "is text in UTF-16"),
        (b"unit,parent\na\0b,c\n", 2, "the line holds a zero byte"),
        (b"PK\x03\x04 xlsx", 0, "is a spreadsheet or a zip archive"),
        (b"\xd0\xcf\x11\xe0 xls", 0, "is an old Excel file"),
        (b"%PDF-1.7", 0, "is a PDF"),
        (b"\x1f\x8b\x08", 0, "is compressed"),
        (b'unit,parent\na,b\n"c,d\ne,f\n', 3, "is never closed"),
        (b'unit,parent\n"' + b"x" * 200_000 + b"\n", 2, "is never closed"),
        (b"unit,parent\n" + b"x" * (1024 * 1024 + 1), 2, "longer than 1 MB"),
    ],
)
def test_a_wrong_file_is_one_sentence(
    tmp_path: Path, content: bytes, line: int, message: str
) -> None:
    with pytest.raises(ExchangeError) as caught:
        read(write(tmp_path, content))

    error = caught.value
    assert (error.file, error.line) == ("table.csv", line)
    assert message in error.message
    assert error.remedy.endswith(".")
    assert str(error).startswith("table.csv")


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path: Path) -> None:
    for path, message in [
        (tmp_path / "none.csv", "there is no such file"),
        (tmp_path, "is a folder"),
        (Path("/dev/zero"), "is not an ordinary file"),
        (Path("nul\0byte.csv"), "cannot be opened"),
    ]:
        with pytest.raises(ExchangeError, match=message):
            read(path)


def test_a_file_one_may_not_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "unit,parent\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(ExchangeError, match=r"cannot be opened \(Permission denied\)"):
        read(path)


def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 1024 * 1024 * 1024)  # a hole: takes no room

    with pytest.raises(ExchangeError, match=r"the file has 2,048 MB; the limit is 200 MB"):
        read(path)


def test_only_the_header_can_be_checked(tmp_path: Path) -> None:
    path = write(tmp_path, b"unit,parent\n\xff\xff\n")

    check_columns(path, ("unit",))
    with pytest.raises(ExchangeError, match="columns are missing"):
        check_columns(path, ("unit", "nothing"))


def test_many_missing_columns_are_cut_short(tmp_path: Path) -> None:
    path = write(tmp_path, "unit\n")

    with pytest.raises(ExchangeError, match="“a”, “b”, “c”, “d” and more"):
        check_columns(path, ("a", "b", "c", "d", "e", "f"))


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_problems_or_one_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = write(tmp_path_factory.mktemp("bytes"), b"unit,parent\n" + content)
    try:
        rows, _ = read(path)
    except ExchangeError as error:
        assert error.file == "table.csv" and error.remedy
        return
    assert all(list(row.cells) == ["unit", "parent"] for row in rows)


@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))] * 2),
        max_size=8,
    )
)
def test_what_was_written_quoted_is_read(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, str]]
) -> None:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    path = write(tmp_path_factory.mktemp("quoted"), "\n".join(["unit,parent", *lines]))

    rows, _ = read(path)

    expected = [tuple(cell.replace("\xad", "").strip() for cell in row) for row in table]
    shown = {"\ufffe", "\uffff"}
    wanted = [row for row in expected if any(row) and not shown & set("".join(row))]
    assert [row for row in cells(rows) if any(row)] == wanted

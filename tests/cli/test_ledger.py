"""primum ledger verify: whatever is done to the stored lines, it is named."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from primum.actions.base import log
from primum.cases.verify import Head, Line, check_case, verify
from primum.cli import main
from primum.people import door, mission
from primum.people.models import Post
from primum.people.sight import viewing
from tests.cast import NOW
from tests.cli.commands import as_owner, until, url

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TABLES = ("cases_entry", "cases_checkpoint", "cases_checkpointhead")
FIRST, SECOND = UUID(int=1), UUID(int=2)
REHASH = """UPDATE cases_entry SET verb = 'withdraw', line = replace(line, '|step|', '|withdraw|'),
    hash = encode(sha256(convert_to(replace(line, '|step|', '|withdraw|'), 'UTF8')), 'hex')
    WHERE "case" = '{case}' AND seq = {seq};"""

WAITING = """SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE NOT granted AND d.datname = current_database()"""


def write(case: UUID, lines: int) -> None:
    """Lines through the ledger's own door."""
    by = door.clock()
    post = Post.objects.get(clock=True)
    for number in range(lines):
        with viewing(by):
            now = NOW + timedelta(minutes=number)
            seal = mission.default_seal("register")
            log(("activity", case), "step", post, now, words="", seal=seal)


def checkpoint() -> None:
    with viewing(door.clock()), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_checkpoint(%s)", [NOW])


def ledger() -> None:
    """Two cases of five lines, seen by three checkpoints: at three, four and five lines."""
    for lines in (3, 1, 1):
        write(FIRST, lines)
        write(SECOND, lines)
        checkpoint()


@contextmanager
def triggers_off() -> Iterator[psycopg.Connection]:
    """What the owner of the tables could do; nobody else can."""
    with as_owner() as owner:
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        yield owner
        for table in TABLES:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())


def told_after(*statements: str) -> list[str]:
    ledger()
    with triggers_off() as owner:
        for statement in statements:
            owner.execute(statement.format(case=FIRST).encode())
    return [str(fault) for fault in verify().faults]


def test_it_works(capsys: pytest.CaptureFixture[str]) -> None:
    ledger()
    assert main(["ledger", "verify"]) == 0
    said = capsys.readouterr().out
    assert "2 cases, 10 lines, 3 checkpoints (3 roots recomputed)." in said
    assert "The ledger stands as it was written." in said
    assert "Root of checkpoint 3: " in said


def test_an_empty_ledger_is_whole() -> None:
    with triggers_off() as owner:
        owner.execute("TRUNCATE cases_entry, cases_checkpoint, cases_chain CASCADE")
    verdict = verify()
    assert (verdict.cases, verdict.lines, verdict.whole) == (0, 0, True)


def test_a_fault_is_told_with_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    told_after("""UPDATE cases_entry SET verb = 'close' WHERE "case" = '{case}' AND seq = 2""")
    assert main(["ledger", "verify"]) == 1
    said = capsys.readouterr().out
    assert f"case {FIRST}: line 2 was altered: its text and its columns differ (verb)" in said
    assert "does not stand as it was written" in said


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE cases_entry SET at = at + interval '1 day'"
            " WHERE \"case\" = '{case}' AND seq = 4",
            "line 4 was altered: its text and its columns differ (at)",
        ),
        (
            "UPDATE cases_entry SET line = replace(line, '|step|', '|look|')"
            " WHERE \"case\" = '{case}' AND seq = 4",
            "line 4 was altered: its text does not give its hash",
        ),
        (
            "UPDATE cases_entry SET line = 'nothing' WHERE \"case\" = '{case}' AND seq = 4",
            "line 4 was altered: its text and its columns differ (form)",
        ),
        (
            "UPDATE cases_entry SET case_kind = 'party' WHERE \"case\" = '{case}' AND seq = 4",
            "line 4 was altered: it is of a case “party”, not “activity”",
        ),
        (
            "DELETE FROM cases_entrysight WHERE entry_id ="
            " (SELECT id FROM cases_entry WHERE \"case\" = '{case}' AND seq = 4)",
            "line 4 is shown to nobody: its seal is missing",
        ),
        (REHASH.format(case="{case}", seq=2), "line 3 was not written to follow line 2"),
        (REHASH.format(case="{case}", seq=5), "its head is not the hash of its last line, 5"),
    ],
)
def test_an_altered_line_is_named(statement: str, says: str) -> None:
    assert any(f"case {FIRST}: {says}" in fault for fault in told_after(statement))


def test_a_last_line_rewritten_with_its_head_shows_against_the_checkpoint() -> None:
    faults = told_after(
        REHASH.format(case="{case}", seq=5),
        "UPDATE cases_chain c SET head = e.hash FROM cases_entry e"
        ' WHERE e."case" = c."case" AND e.seq = c.seq AND c."case" = \'{case}\'',
    )
    assert faults == [f"case {FIRST}: line 5 is not the one that checkpoint 3 saw"]


def test_missing_lines_are_named() -> None:
    sights = "DELETE FROM cases_entrysight"
    one = told_after(sights, "DELETE FROM cases_entry WHERE \"case\" = '{case}' AND seq IN (2, 4)")
    assert f"case {FIRST}: line 2 is missing" in one
    assert f"case {FIRST}: line 4 is missing" in one


def test_several_missing_lines_are_named_as_one() -> None:
    faults = told_after(
        "DELETE FROM cases_entrysight",
        "DELETE FROM cases_entry WHERE \"case\" = '{case}' AND seq IN (1, 2)",
    )
    assert f"case {FIRST}: lines 1 to 2 are missing" in faults


def test_reordered_lines_are_named() -> None:
    swap = "UPDATE cases_entry SET seq = {to} WHERE \"case\" = '{{case}}' AND seq = {was}"
    faults = told_after(*(swap.format(was=was, to=to) for was, to in ((2, 99), (3, 2), (99, 3))))
    assert f"case {FIRST}: at number 2 stands line 3: the order was changed" in faults
    assert f"case {FIRST}: at number 3 stands line 2: the order was changed" in faults


def test_a_cut_tail_is_named() -> None:
    faults = told_after(
        "DELETE FROM cases_entrysight",
        "DELETE FROM cases_entry WHERE \"case\" = '{case}' AND seq > 3",
    )
    assert f"case {FIRST}: cut: its head stands at line 5, its last line is 3" in faults


def test_a_cut_tail_with_its_head_set_back_shows_against_the_checkpoints() -> None:
    cut = """DELETE FROM cases_entrysight s USING cases_entry e
        WHERE s.entry_id = e.id AND e."case" = '{case}' AND e.seq > 3"""
    faults = told_after(
        cut,
        "DELETE FROM cases_entry WHERE \"case\" = '{case}' AND seq > 3",
        "UPDATE cases_chain c SET seq = 3, head = e.hash FROM cases_entry e"
        ' WHERE e."case" = c."case" AND e.seq = 3 AND c."case" = \'{case}\'',
    )
    assert faults == [
        f"case {FIRST}: cut: checkpoint 2 saw line 4, its last line is 3",
        f"case {FIRST}: cut: checkpoint 3 saw line 5, its last line is 3",
    ]


def test_a_lost_case_is_named() -> None:
    faults = told_after(
        "DELETE FROM cases_entrysight s USING cases_entry e"
        " WHERE s.entry_id = e.id AND e.\"case\" = '{case}'",
        "DELETE FROM cases_entry WHERE \"case\" = '{case}'",
        "DELETE FROM cases_chain WHERE \"case\" = '{case}'",
    )
    assert f"case {FIRST}: the whole case is missing: checkpoint 3 saw line 5" in faults


def test_a_lost_case_forgotten_by_the_checkpoints_too_shows_in_their_counts_and_roots() -> None:
    faults = told_after(
        "DELETE FROM cases_entrysight s USING cases_entry e"
        " WHERE s.entry_id = e.id AND e.\"case\" = '{case}'",
        "DELETE FROM cases_entry WHERE \"case\" = '{case}'",
        "DELETE FROM cases_chain WHERE \"case\" = '{case}'",
        "DELETE FROM cases_checkpointhead WHERE \"case\" = '{case}'",
    )
    assert "checkpoint 1 counted 2 cases; the heads kept with it are 1" in faults
    assert "checkpoint 1 was altered: its root is not that of the heads it saw" in faults


def test_a_lost_head_is_named() -> None:
    faults = told_after("DELETE FROM cases_chain WHERE \"case\" = '{case}'")
    assert faults == [f"case {FIRST}: its head is missing; its last line is 5"]


def test_lost_lines_under_a_standing_head_are_named() -> None:
    faults = told_after(
        "DELETE FROM cases_entrysight", "DELETE FROM cases_entry WHERE \"case\" = '{case}'"
    )
    assert f"case {FIRST}: its head stands at line 5, and not one line is left" in faults


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE cases_checkpoint SET root = repeat('0', 64) WHERE number = 2",
            "checkpoint 2 was altered: its root is not that of the heads it saw",
        ),
        (
            "UPDATE cases_checkpoint SET root = repeat('0', 64) WHERE number = 2",
            "checkpoint 3 was not made to follow 2 as it stands",
        ),
        (
            "UPDATE cases_checkpointhead SET head = repeat('0', 64)",
            "checkpoint 1 was altered: its root is not that of the heads it saw",
        ),
    ],
)
def test_an_altered_checkpoint_is_named(statement: str, says: str) -> None:
    assert says in told_after(statement)


def test_a_missing_checkpoint_is_named() -> None:
    faults = told_after(
        "UPDATE cases_checkpointhead SET checkpoint_id ="
        " (SELECT id FROM cases_checkpoint WHERE number = 3) WHERE checkpoint_id ="
        " (SELECT id FROM cases_checkpoint WHERE number = 2)",
        "DELETE FROM cases_checkpoint WHERE number = 2",
    )
    assert "checkpoint 2 is missing" in faults


def test_a_line_written_while_a_checkpoint_is_made_is_no_fault() -> None:
    """Root and heads of a checkpoint are of one moment, whoever writes meanwhile."""
    ledger()
    write(FIRST, 1)

    def make() -> None:
        try:
            checkpoint()
        finally:
            connection.close()

    with as_owner() as owner, as_owner() as watching:
        # Inserts into the heads wait for this lock, so the checkpoint stops on its way to them.
        with owner.transaction():
            owner.execute("LOCK TABLE cases_checkpointhead IN SHARE MODE")
            maker = threading.Thread(target=make)
            maker.start()
            until(lambda: watching.execute(WAITING).fetchone() == (1,))
            write(FIRST, 1)
        maker.join()
    assert [str(fault) for fault in verify().faults] == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["primum_web", "primum_engine", "primum_owner"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_no_role_may_change_the_ledger(role: str, table: str, verb: str) -> None:
    ledger()
    address = url() if role == "primum_web" else url("owner")
    column = {"cases_checkpoint": "root"}.get(table, "seq")
    statement = {
        "UPDATE": f"UPDATE {table} SET {column} = {column}",
        "DELETE": f"DELETE FROM {table}",
        "TRUNCATE": f"TRUNCATE {table} CASCADE",
    }[verb]
    with psycopg.connect(address, autocommit=True) as somebody:
        somebody.execute(f"SET ROLE {role}".encode())
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.DatabaseError)) as said:
            somebody.execute(statement.encode())
    # Refused by right, or by the triggers; never by an accident of the statement.
    assert said.value.sqlstate in ("42501", "PV004")
    assert verify().whole


def test_a_case_is_checked_without_a_database() -> None:
    case, person = uuid4(), uuid4()
    text = f"v1|{case}|1|2026-03-02T09:00:00.000000Z|{person}|{person}|step|post|{person}|"
    line = Line(case, "activity", 1, f"{text}|", "", text)
    good = Line(case, "activity", 1, line.text, line.computed, text)
    assert list(check_case(Head(case, "activity", 1, good.hash), (), [good])) == []
    assert [fault.says for fault in check_case(Head(case, "activity", 1, "x"), (), [good])] == [
        "its head is not the hash of its last line, 1"
    ]

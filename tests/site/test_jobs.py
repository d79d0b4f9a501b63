"""The clock goes on: a tick a minute, whatever happens to the worker that made the last one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from primum.cli import main
from primum.site import clock, jobs
from tests.cli.commands import as_owner, on_clone, starting, until

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture
def owner() -> Iterator[psycopg.Connection]:
    with as_owner() as connection:
        yield connection


def ask(owner: psycopg.Connection, query: str) -> object:
    row = owner.execute(query.encode()).fetchone()
    return None if row is None else row[0]


def rescue() -> int:
    async def rescued() -> int:
        async with app.open_async():
            return await jobs.rescue(app.job_manager)

    with (
        app.replace_connector(app.connector.get_worker_connector()),  # type: ignore[attr-defined]
        # Playwright leaves a loop running in a thread that drove a browser before.
        ThreadPoolExecutor(1) as another_thread,
    ):
        return another_thread.submit(lambda: asyncio.run(rescued())).result()


def lost_job(owner: psycopg.Connection, attempts: int = 0, lock: str | None = None) -> int:
    """A job whose worker was killed ten minutes ago."""
    worker = ask(
        owner,
        "INSERT INTO procrastinate_workers (last_heartbeat)"
        " VALUES (now() - interval '10 minutes') RETURNING id",
    )
    row = owner.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status, args, attempts, worker_id,"
        " queueing_lock) VALUES ('default', 'some_task', 'doing', '{}', %s, %s, %s) RETURNING id",
        [attempts, worker, lock],
    ).fetchone()
    assert row is not None
    return int(row[0])


def defer_tick(timestamp: int) -> None:
    """As the periodic deferrer does; one that already waits is as good."""
    with contextlib.suppress(AlreadyEnqueued):
        app.configure_task("tick", queueing_lock="tick").defer(timestamp=timestamp)


def test_it_works(owner: psycopg.Connection) -> None:
    jobs.tick_now(timestamp=0)
    assert ask(owner, "SELECT count(*) FROM cases_tick") == 1


def test_the_two_periodic_tasks_wait_behind_no_lock_of_a_dead_worker() -> None:
    for name in ("tick", "tidy"):
        assert app.tasks[name].lock is None
        assert app.tasks[name].queueing_lock == name


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_of_a_tick_stops_no_later_tick(
    owner: psycopg.Connection,
) -> None:
    with as_owner() as blocking:
        with blocking.transaction():
            blocking.execute("LOCK TABLE cases_tick IN ACCESS EXCLUSIVE MODE")
            defer_tick(1)
            first = starting("worker", env=on_clone())
            doing = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
            until(lambda: ask(owner, f"{doing} AND task_name = 'tick'") == 1)
            first.kill()
            first.communicate(timeout=30)
        assert ask(owner, "SELECT count(*) FROM cases_tick") == 0

        defer_tick(2)
        second = starting("worker", env=on_clone())
        until(lambda: ask(owner, "SELECT count(*) FROM cases_tick") != 0)
        second.terminate()
        said, _ = second.communicate(timeout=30)
    assert second.returncode == 0, said
    assert ask(owner, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'succeeded'") == 0


def test_a_lost_tick_is_dropped_as_the_next_does_the_same(owner: psycopg.Connection) -> None:
    lost_job(owner, lock="tick")
    assert rescue() == 1
    assert ask(owner, "SELECT count(*) FROM procrastinate_jobs") == 0


def test_another_lost_job_is_tried_again(owner: psycopg.Connection) -> None:
    lost_job(owner)
    assert rescue() == 1
    assert ask(owner, "SELECT status::text FROM procrastinate_jobs") == "todo"


def test_a_job_that_kills_its_workers_is_left_at_last(owner: psycopg.Connection) -> None:
    lost_job(owner, attempts=jobs.MOST_TRIES)
    assert rescue() == 1
    assert ask(owner, "SELECT status::text FROM procrastinate_jobs") == "failed"


def test_a_working_worker_keeps_its_job(owner: psycopg.Connection) -> None:
    lost_job(owner)
    owner.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    assert rescue() == 0
    assert ask(owner, "SELECT status::text FROM procrastinate_jobs") == "doing"


def test_a_tick_by_hand(capsys: pytest.CaptureFixture[str], owner: psycopg.Connection) -> None:
    assert main(["tick"]) == 0
    assert "0 lapsed, 0 newly reminded." in capsys.readouterr().out
    assert ask(owner, "SELECT count(*) FROM cases_tick") == 1


def test_only_a_demonstration_is_told_the_time(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    then = (clock.now() + timedelta(days=30)).isoformat()
    assert main(["tick", "--at", then]) == 1
    assert "Only a demonstration" in capsys.readouterr().err
    monkeypatch.setenv("PRIMUM_DEMO_HOME", str(tmp_path))
    assert main(["tick", "--at", then]) == 0
    assert then[:10] in capsys.readouterr().out

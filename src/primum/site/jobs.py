"""Background work: the clock's tick every minute, and the tidying of the queue itself.

Jobs carry ids and times only. No lock outlives a killed worker: a queueing lock binds only jobs
that still wait, so the next minute's tick never stands behind a dead one. (With the queue's other
lock, one `kill -9` stopped the clock for good; measured before this was written.)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

from primum.actions.tick import tick
from primum.people import door
from primum.site import clock

EVERY_MINUTE = "* * * * *"
HEARTBEAT_SECONDS = 10.0
STALLED_SECONDS = 60.0
"""Without a heartbeat for so long, a worker counts as dead."""
MOST_TRIES = 5
"""A job that has seen so many workers die is left, or it would kill the next one too."""
KEEP_FAILED_HOURS = 7 * 24
STOP_SECONDS = 8.0

logger = logging.getLogger(__name__)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="tick", queueing_lock="tick")
def tick_now(timestamp: int) -> None:
    """One tick at the present moment; what was missed meanwhile is done by this one."""
    tick(by=door.clock(), now=clock.now())


@app.periodic(cron=EVERY_MINUTE)
@app.task(name="tidy", queueing_lock="tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Take care of dead workers' jobs, and forget failed ones after a week."""
    manager = context.app.job_manager
    await rescue(manager)
    await manager.delete_old_jobs(
        KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


async def rescue(manager: JobManager) -> int:
    """Deal with the jobs of workers that died, and return how many there were.

    A job with a queueing lock is dropped, since its next run does the same. Any other is tried
    again.
    """
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        logger.warning("job %s (%s) lost its worker", job.id, job.task_name)
        # Another worker may have been quicker; then there is nothing left to do.
        with contextlib.suppress(ConnectorException):
            if job.queueing_lock:
                await manager.finish_job(job, Status.FAILED, delete_job=True)
            elif job.attempts >= MOST_TRIES:
                await manager.finish_job(job, Status.FAILED, delete_job=False)
            else:
                await manager.retry_job(job)
    return len(stalled)


def work() -> None:
    """Run jobs until told to stop (SIGTERM or Ctrl-C)."""
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(_work())


async def _work() -> None:
    async with app.open_async():
        await rescue(app.job_manager)
        await app.run_worker_async(
            delete_jobs="successful",
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=STOP_SECONDS,
        )

"""What the tests of the embedded database share: sign-ins, kills, and other people's shoes."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg

from primum.site import bootstrap, embedded, postmaster
from primum.site.embedded import Cluster

AS_ROOT = os.geteuid() == 0


def kill_everything(home: Path) -> None:
    """kill -9 for the server and all its children, by the folder they work in."""
    for process in at_work(home):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def clear(home: Path) -> None:
    """The same, and wait until they are gone: the dying still write into their folder."""
    left = at_work(home)
    kill_everything(home)
    psutil.wait_procs(left, timeout=10)


def at_work(home: Path) -> list[psutil.Process]:
    return list(postmaster._workers(home / "data"))


def connect(cluster: Cluster, role: str, database: str = "primum") -> psycopg.Connection:
    return psycopg.connect(cluster.url(role, database), autocommit=True)


def sign_in(cluster: Cluster, user: str, password: str, database: str = "primum") -> None:
    bootstrap.Door(cluster.folder, cluster.port).connect(user, password, database).close()


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def pid_of(home: Path) -> int:
    pid = embedded.status(home).pid
    assert pid is not None
    return pid


def in_background(home: Path, code: str) -> subprocess.Popen[str]:
    """Python in a process of its own, with `home` at hand."""
    program = (
        "from pathlib import Path; from primum.site import embedded; "
        f"home = Path({str(home)!r})\n{code}"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def in_other_shoes(uid: int, do: Callable[[], bool]) -> bool:
    """Whether `do` says yes in a forked process of another user (the interpreter may be root's)."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)
            code = 0 if do() else 1
        except BaseException:  # noqa: BLE001 (a fork must never return into pytest)
            traceback.print_exc()
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 1), "it raised"
    return code == 0

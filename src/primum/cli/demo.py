"""primum demo: an invented mission on real registers, with one command and nothing to set up."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator

from primum.cli import processes
from primum.cli.home import MARK, Home, alone, demo_home, running
from primum.cli.interrupts import Interrupted, interruptible
from primum.cli.serve import default_port, port, say
from primum.cli.trouble import Failed
from primum.site import embedded, environment
from primum.site import home as homes

MISSION = "unisar"
PASSWORD = "first do no harm"  # noqa: S105 (printed on the screen: nobody here is real)
_FIXED = {
    "DATABASE_URL": "",
    "PRIMUM_MISSION": MISSION,
    "PRIMUM_HOSTS": "127.0.0.1,localhost",
    "PRIMUM_HTTPS": "no",
    "PRIMUM_REQUIRE_TOTP": "no",
}
_LEFT = (MARK, "demo-clock.json", "secret", "story-unfinished")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "demo",
        help="an invented mission on your machine, ready to walk through",
        description="Start an invented mission with its own PostgreSQL, on this machine alone. "
        "Everything lies in one folder: PRIMUM_HOME, or one of its own.",
    )
    parser.add_argument("--port", type=port, help="the port to answer on (PORT, or 8000)")
    parser.add_argument("--reset", action="store_true", help="forget everything and begin anew")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 once somebody asked it to stop; 1 when it could not go on."""
    with interruptible() as interrupted:
        try:
            chosen = args.port or default_port()
            with processes.kept_port(processes.LOCAL, chosen):
                home = demo_home()
                _refuse_real_home(home)
                if args.reset:
                    _reset(home)
                _mark(home)
                _set_stage()
                with running(home, say):
                    _serve(processes.Service(processes.LOCAL, chosen, home), interrupted)
        except KeyboardInterrupt:
            say("Stopped. Everything is kept; `make demo` goes on with it.")
    return 0


def _serve(service: processes.Service, interrupted: Interrupted) -> None:
    from primum.cli import rehearsal  # noqa: PLC0415 - after django.setup()

    cast = rehearsal.prepare(MISSION, PASSWORD, say)
    processes.run(service, interrupted, say, lambda: print(*_welcome(service, cast), sep="\n"))


def _welcome(service: processes.Service, cast: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in cast) for column in (0, 1)]
    yield f"\nPrimum answers on {service.url}  (Ctrl-C stops it)\n"
    yield "Sign in as one of these invented people. The password of all of them: " + PASSWORD
    for username, name, post in cast:
        yield f"  {username:<{widths[0]}}  {name:<{widths[1]}}  {post}"
    yield "\nFor an auditor: 38 invented supports, 35 of which nobody looked after. From another"
    yield "terminal, in a minute or so: primum story thirty-eight"
    yield ""


def _refuse_real_home(home: Home) -> None:
    if home.exists and not home.is_demo:
        raise Failed(
            f"{home.folder} holds a database that is not a demonstration's, and invented people "
            f"must not get into it. Nothing was changed. Set PRIMUM_HOME to another folder."
        )


def _mark(home: Home) -> None:
    """Before any data: a demonstration is never taken for a mission, nor a mission for one."""
    homes.make(home.folder)
    with homes.locked(home.folder, say):
        # A mission may have moved in since we looked.
        _refuse_real_home(home)
        mark = home.folder / MARK
        if not mark.exists():
            homes.write(mark, f"The invented mission “{MISSION}”. Nobody in it is real.\n", 0o644)


def _reset(home: Home) -> None:
    """Forget the data of a demonstration, and only of one: the mark was checked before."""
    if not home.exists:
        return
    with alone(home) as is_alone:
        if not is_alone:
            raise Failed(
                f"A demonstration is at work in {home.folder}. Nothing was removed. Stop it first."
            )
        say("Forgetting the former demonstration.")
        embedded.stop(home.folder, say)
        # A start removes what bears this name, so a cut here leaves no half-removed data folder.
        discarded = home.folder / ".init-discarded"
        shutil.rmtree(discarded, ignore_errors=True)
        (home.folder / "data").rename(discarded)
        for name in _LEFT:
            (home.folder / name).unlink(missing_ok=True)
        shutil.rmtree(discarded)


def _set_stage() -> None:
    """What a demonstration fixes for itself, whatever the environment says."""
    for name, value in _FIXED.items():
        if environment.text(name) not in ("", value):
            say(f"{name} is set; a demonstration has its own and does not use it.")
        os.environ[name] = value

"""primum serve: the web server and the worker of a real mission."""

from __future__ import annotations

import argparse
import contextlib
import socket
import sys

from primum.cli import processes
from primum.cli.home import service
from primum.cli.interrupts import interruptible
from primum.cli.trouble import Failed
from primum.site import environment

LARGEST_PORT = 65535


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = subparsers.add_parser(
        "serve",
        help="run the web server and the worker",
        description="Run the web server and the worker of a mission. DATABASE_URL and "
        "PRIMUM_SECRET name the database; with PRIMUM_HOME alone, the embedded one in that folder.",
    )
    parser.add_argument("--port", type=port, help="the port to answer on (PORT, or 8000)")
    parser.add_argument(
        "--host",
        type=address,
        default=processes.LOCAL,
        help="the address to answer on (127.0.0.1: a proxy that speaks HTTPS stands in front)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 once somebody asked it to stop; 1 when it could not go on."""
    with interruptible() as interrupted:
        try:
            chosen = args.port or default_port()
            with processes.kept_port(args.host, chosen), service(say) as home:
                _refuse_old_tables()
                what = processes.Service(args.host, chosen, home)
                processes.run(what, interrupted, say, lambda: say(f"Primum answers on {what.url}"))
        except KeyboardInterrupt:
            say("Stopped.")
    return 0


def say(line: str) -> None:
    # When the terminal is gone nobody reads this, and what must end in order still has to.
    with contextlib.suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def address(text: str) -> str:
    """An address of this computer as the web server wants it: in figures."""
    try:
        return str(socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)[0][4][0])
    except OSError:
        raise argparse.ArgumentTypeError(f"“{text}” is not an address of a computer.") from None


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= LARGEST_PORT:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port: write a number up to 65535.")
    return int(text)


def default_port() -> int:
    """PORT, held to the same rule as the option."""
    try:
        return port(str(environment.number("PORT")))
    except argparse.ArgumentTypeError as error:
        raise Failed(f"PORT: {error}") from None


def _refuse_old_tables() -> None:
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Failed(
            "The tables of this database are not those of this Primum. Nothing was started or "
            "changed. Run `primum migrate` first."
        )

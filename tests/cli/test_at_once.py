"""Commands begun at the same moment, and stopped at any: one port, one home, nothing left over."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import pytest

from primum.cli import processes
from primum.cli.trouble import Failed
from tests.cli.commands import answers, at_work, env_of, free_port, said_until, starting, until

pytestmark = pytest.mark.slow


def ended(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=60)[0]


def test_two_demonstrations_at_once_never_share_a_port(home: Path) -> None:
    """Of two homes on one port, one is refused before anything is made for it."""
    port = str(free_port())
    homes = [home.with_name(name) for name in ("first", "second")]
    both = [starting("demo", "--port", port, env=env_of(here)) for here in homes]
    until(lambda: any(demo.poll() is not None for demo in both), 30)
    [refused] = [at for at, demo in enumerate(both) if demo.poll() is not None]
    assert f"Port {port} is taken" in ended(both[refused])
    assert both[refused].returncode == 1
    assert not homes[refused].exists()
    both[1 - refused].terminate()
    rest = ended(both[1 - refused])
    assert both[1 - refused].returncode == 0, rest
    assert at_work(home.parent) == []


def test_a_kept_port_lets_in_our_web_server_and_nobody_else() -> None:
    """Kept while nothing listens, while the web server does, and with old connections about."""
    port = free_port()
    for _ in range(2):
        with processes.kept_port("127.0.0.1", port):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))
            for _ in range(2):
                with pytest.raises(Failed, match="is taken"), processes.kept_port("", port):
                    pass
                stranger = socket.socket()
                stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                with stranger, pytest.raises(OSError, match="in use"):
                    stranger.bind(("127.0.0.1", port))
                server = _listen_as_granian_does(port)
            # Whoever hangs up first leaves the port in TIME_WAIT.
            with server, socket.create_connection(("127.0.0.1", port)) as visitor:
                visit, _ = server.accept()
                visit.close()
                assert visitor.recv(1) == b""


def _listen_as_granian_does(port: int) -> socket.socket:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


def test_two_demonstrations_at_once_share_a_home(home: Path) -> None:
    """Tables, registers and story are made once; the last to go stops the database."""
    ports = [free_port(), free_port()]
    both = [starting("demo", "--port", str(port), env=env_of(home)) for port in ports]
    for demo in both:
        said_until(demo, "stranger")
    for demo, port in zip(both, ports, strict=True):
        assert answers(port) < 500
        demo.terminate()
        rest = ended(demo)
        assert demo.returncode == 0, rest
    assert at_work(home) == []

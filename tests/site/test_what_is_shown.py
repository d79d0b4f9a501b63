"""A server that shows its sessions one another's statements: closed to web, or not served."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from primum.site import bootstrap, embedded
from primum.site.embedded import Cluster
from tests.cli.commands import free_port, primum
from tests.site.servers import connect

pytestmark = pytest.mark.slow


@pytest.fixture
def showing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a server of one's own comes: it shows what every session is running."""
    shows = embedded._SETTINGS.replace("track_activities = off", "track_activities = on")
    assert shows != embedded._SETTINGS
    monkeypatch.setattr(embedded, "_SETTINGS", shows)


def seen_by_another(cluster: Cluster, role: str) -> bool:
    """Whether one session of the role reads what another one has just run."""
    with connect(cluster, role) as one, connect(cluster, role) as other:
        one.execute("SELECT 'three people were beaten'")
        rows = other.execute("SELECT query FROM pg_stat_activity").fetchall()
    return any("three people" in str(row[0]) for row in rows)


@pytest.mark.usefixtures("showing")
def test_the_web_role_is_closed_where_the_server_is_open(home: Path) -> None:
    """The rights made once switch it off for web; the owner's sessions are the control."""
    cluster = embedded.start(home)
    assert not seen_by_another(cluster, "primum_web")
    assert seen_by_another(cluster, "primum_owner")
    with connect(cluster, "primum_web") as web, pytest.raises(psycopg.Error, match="permission"):
        web.execute("SET track_activities = on")


@pytest.mark.usefixtures("showing")
def test_a_server_that_goes_on_showing_is_not_served(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no superuser could switch it off, Primum says what to do and does not start."""
    monkeypatch.setattr(bootstrap, "_unwatched", lambda _name: "SELECT 1")
    cluster = embedded.start(home)
    assert seen_by_another(cluster, "primum_web")
    env = {**os.environ, "DATABASE_URL": cluster.url("primum_web"), "PRIMUM_OWNER_URL": ""}
    done = primum("serve", "--port", str(free_port()), env=env)
    assert done.returncode == 1
    assert "track_activities" in done.stderr
    assert "Nothing was started." in done.stderr

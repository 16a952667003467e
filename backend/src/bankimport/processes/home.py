"""Lock the home folder, so that only one installation at a time uses it."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psutil

from bankimport.errors import BankImportError, SettingsInvalid
from bankimport.processes.guardian import GRACE_S

GUARDIAN_ENDS_WITHIN_S = GRACE_S + 10.0


class AlreadyRunning(BankImportError):
    """Another `bankimport up` uses the same home."""

    code = "already_running"


@contextmanager
def hold_home(home: Path) -> Iterator[IO[str]]:
    """Lock the home. The guardian of a killed stack keeps the lock until that stack's processes have ended.

    Raises:
        AlreadyRunning: another process has locked it.
        SettingsInvalid: it cannot be created.
    """
    _make(home)
    with (home / "lock").open("a+") as file:
        began_at = time.monotonic()
        while not _takes(file):
            file.seek(0)
            if _runs(file.read()) or time.monotonic() - began_at > GUARDIAN_ENDS_WITHIN_S:
                raise AlreadyRunning(
                    f"bankimport is already running with its data in {home}; "
                    "stop it, or set BANKIMPORT_HOME to another folder"
                )
            time.sleep(0.1)
        file.truncate(0)
        file.write(f"{os.getpid()} {psutil.Process().create_time()}")
        file.flush()
        yield file


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        (home / "lock").touch()
    except OSError as error:
        raise SettingsInvalid(
            f"BANKIMPORT_HOME: {home} is not usable for our data ({error.strerror}); "
            "for example BANKIMPORT_HOME=/var/lib/bankimport"
        ) from None


def _takes(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _runs(owner: str) -> bool:
    """Whether the process recorded in the lock file, `PID START-TIME`, is running."""
    try:
        pid, started_at = owner.split()
        process = psutil.Process(int(pid))
        return process.create_time() == float(started_at) and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return False

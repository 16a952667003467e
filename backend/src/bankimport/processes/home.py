"""Hold the home folder, so that one installation at a time uses what is in it."""

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
    """Hold the home as our own; the guardian of one that was killed holds it until what that one left has ended.

    Raises:
        AlreadyRunning: somebody else holds it.
        SettingsInvalid: it cannot be made.
    """
    _make(home)
    with (home / "lock").open("a+") as file:
        began_at = time.monotonic()
        while not _takes(file):
            file.seek(0)
            if _runs(file.read()) or time.monotonic() - began_at > GUARDIAN_ENDS_WITHIN_S:
                raise AlreadyRunning(
                    f"bankimport runs already with its data in {home}; "
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
            f"BANKIMPORT_HOME: {home} cannot hold our data ({error.strerror}); "
            "for example BANKIMPORT_HOME=/var/lib/bankimport"
        ) from None


def _takes(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _runs(owner: str) -> bool:
    """Whether the process runs that wrote itself into the lock file, `PID START-TIME`."""
    try:
        pid, started_at = owner.split()
        process = psutil.Process(int(pid))
        return process.create_time() == float(started_at) and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return False

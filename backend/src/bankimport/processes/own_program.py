"""Start one of our own programs as a fork of this process, so that it shares the memory of what is loaded here."""

import atexit
import gc
import importlib
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, NoReturn

from setproctitle import setproctitle

from bankimport.processes.forks import exit_code_of
from bankimport.processes.garbage import no_searches
from bankimport.settings import get_settings

SHARED = (
    "bankimport.app",
    "bankimport.db.tables",
    "bankimport.enrichment.live",
    "bankimport.imports.read.live",
    "bankimport.realtime.server",
    "bankimport.realtime.sockets",
    "bankimport.connections.tasks",
    "bankimport.data_rights.tasks",
    "bankimport.enrichment.tasks",
    "bankimport.imports.tasks",
    "bankimport.notifications.tasks",
    "bankimport.proof.tasks",
    "bankimport.schedules.tasks",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.concurrency.thread",
    "kombu.transport.redis",
)
"""What the API, workers and beat use, except what reads settings while it is loaded: they differ per program."""


class Loading:
    """What our programs share, loaded in a thread while this process waits for its servers."""

    def __init__(self) -> None:
        self._thread = threading.Thread(target=_load, daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when all is loaded; the collector never looks at it again, which would copy its memory."""
        self._thread.join()
        gc.collect()
        gc.freeze()


LARGEST_FILE_NUMBER = 65_536
"""Where the system names no limit."""

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _load() -> None:
    with no_searches():
        for name in SHARED:
            importlib.import_module(name)


def can_fork() -> bool:
    """Whether this process can be forked safely: another thread may hold a lock that nobody would release."""
    return sys.platform == "linux" and threading.active_count() == 1


class OwnProgram:
    """A running fork, with what `subprocess.Popen` offers for a process."""

    def __init__(self, words: Sequence[str], output: IO[bytes], environment: Mapping[str, str]) -> None:
        """Start `python -m` with these words: a module, then its arguments. The environment is added to ours."""
        sys.stdout.flush()
        sys.stderr.flush()
        self._code: int | None = None
        # Our signal handlers must not run in the fork: they would end what this process started.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
        self.pid = os.fork()
        if self.pid == 0:
            _become(words, output, environment)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def poll(self) -> int | None:
        """Its exit code, or None while it runs; a signal's number is negative."""
        if self._code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._code = os.waitstatus_to_exitcode(status)
        return self._code

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it runs still.
        """
        give_up_at = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if give_up_at is not None and time.monotonic() > give_up_at:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _become(words: Sequence[str], output: IO[bytes], environment: Mapping[str, str]) -> NoReturn:
    """Be the program: with its own session, signals, log and settings, and nothing open of the process we came from."""
    code = 1
    try:
        os.setsid()
        os.chdir("/")
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, stream in enumerate((nothing, output.fileno(), output.fileno())):
            os.dup2(stream, number)
        os.closerange(3, max(os.sysconf("SC_OPEN_MAX"), LARGEST_FILE_NUMBER))
        sys.argv = list(words)
        sys.orig_argv = [sys.executable, "-m", *words]
        # Before the environment changes: it finds its place in memory by the environment that this process began with.
        setproctitle(" ".join(sys.orig_argv))
        os.environ.update(environment)
        get_settings.cache_clear()
        # Only what the program itself registers is run at its end.
        atexit._clear()
        code = exit_code_of(lambda: runpy.run_module(words[0], run_name="__main__", alter_sys=True))
        # As the standard library's own forks end: wait for threads, then do what is to be done at the end.
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)

"""A child process: its log, its readiness check, and how to stop it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bankimport.errors import BankImportError
from bankimport.processes.guardian import Guardian
from bankimport.processes.own_program import OwnProgram, can_fork

READY_WITHIN_S = 180.0
ANSWERS_WITHIN_S = 20
"""How long to wait for one answer of a starting server: on a busy machine each new question would only cost it more."""
FIRST_READY_WITHIN_S = 90.0
LONGEST_STEP_S = 5.0
STOPPED_WITHIN_S = 10.0
LARGEST_LOG = 10 * 1024 * 1024


class ProcessFailed(BankImportError):
    """A process did not start, or ended unexpectedly."""

    code = "process_failed"


class Child:
    """One of our processes, started in its own session so that Ctrl-C in a terminal reaches only its owner."""

    def __init__(
        self,
        name: str,
        command: list[str],
        *,
        log: Path,
        is_ready: Callable[[], bool],
        guardian: Guardian,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        may_fork: bool = False,
    ) -> None:
        """Start it; `wait_until_ready` returns once it is usable.

        With `may_fork` the command is `python -m` and one of our modules, which may be run in a fork of this process.
        """
        self.name = name
        self._log = log
        self._is_ready = is_ready
        self._guardian = guardian
        self._stop_signal = stop_signal
        self._is_asked_to_stop = False
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".1.log"))
        self._process: subprocess.Popen[bytes] | OwnProgram
        with log.open("ab") as output:
            if may_fork and can_fork():
                _, _, *words = command
                self._process = OwnProgram(words, output, environment or {})
            else:
                self._process = subprocess.Popen(  # noqa: S603 - our own commands
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, **(environment or {})},
                    start_new_session=True,
                    cwd="/",
                )
        guardian.watch(self._process.pid, stop_signal)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def exit_code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def wait_until_ready(self, within_s: float = READY_WITHIN_S) -> None:
        """Return once the process is usable.

        One look counts for at most 5 seconds: if the whole machine was paused, the process was paused too.

        Raises:
            ProcessFailed: it ended, or took too long; the message ends with the end of its log.
        """
        waited = 0.0
        looked_at = time.monotonic()
        while not self._is_ready():
            if self.exit_code() is not None:
                raise self.failure()
            now = time.monotonic()
            waited += min(now - looked_at, LONGEST_STEP_S)
            looked_at = now
            if waited > within_s:
                raise ProcessFailed(f"{self.name} was not ready after {within_s:.0f} s; {self.end_of_log()}")
            time.sleep(0.05)

    def failure(self) -> ProcessFailed:
        """The error for a process that ended unexpectedly."""
        return ProcessFailed(f"{self.name} ended with code {self.exit_code()}; {self.end_of_log()}")

    def end_of_log(self) -> str:
        """Where its log is, and the last five lines."""
        lines = self._log.read_text(errors="replace").strip().splitlines()[-5:]
        return "\n  ".join([f"see {self._log}", *lines])

    def ask_to_stop(self) -> None:
        """Send the stop signal without waiting, once: Celery takes a second one as an order to drop its tasks."""
        if self.exit_code() is None and not self._is_asked_to_stop:
            self._is_asked_to_stop = True
            self._process.send_signal(self._stop_signal)

    def stop(self) -> None:
        """Stop it and wait until it has ended; after some seconds, kill it."""
        self.ask_to_stop()
        try:
            self._process.wait(STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._guardian.forget(self.pid)


def start_until_ready(start: Callable[[], Child]) -> Child:
    """Start a server and return once it is usable; if it does not become so, start it once more.

    `start` chooses a free port each time: another program may take the first one before the server does.

    Raises:
        ProcessFailed: the second start failed too.
    """
    child = start()
    try:
        child.wait_until_ready(FIRST_READY_WITHIN_S)
    except ProcessFailed:
        child.stop()
    else:
        return child
    child = start()
    try:
        child.wait_until_ready()
    except ProcessFailed:
        child.stop()
        raise
    return child

"""Stop our processes if the process that started them is killed.

The guardian is a small process in its own session that holds the reading end of a pipe. Its owner registers every
process it starts. When the pipe closes, the owner is dead, and the guardian stops what still runs. It identifies a
process by its id and start time, so it never touches a process that got a reused id.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO

import psutil

GRACE_S = 10.0


class Guardian:
    """The owner's end. Closing it stops every process that was not removed with `forget`.

    `keep_open` is an open file that the guardian holds until its work is done, together with any lock on it.
    """

    def __init__(self, *, keep_open: IO[str] | None = None) -> None:
        reading, self._writing = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bankimport.processes.guardian"],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            pass_fds=() if keep_open is None else (keep_open.fileno(),),
        )
        os.close(reading)

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """Stop this process with this signal if we die."""
        with suppress(psutil.NoSuchProcess):
            started_at = psutil.Process(pid).create_time()
            self._send(f"watch {pid} {started_at!r} {int(stop_signal)}\n")

    def forget(self, pid: int) -> None:
        """Stop watching this process, because it has ended."""
        self._send(f"forget {pid}\n")

    def close(self) -> None:
        """Let the guardian end; it stops the processes it still watches."""
        os.close(self._writing)
        self._process.wait()

    def _send(self, line: str) -> None:
        with suppress(BrokenPipeError):
            os.write(self._writing, line.encode())


def _is_it(pid: int, started_at: float) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        if abs(process.create_time() - started_at) < 0.02 and process.status() != psutil.STATUS_ZOMBIE:
            return process
    return None


def main() -> None:
    """Wait until the owner is gone, then stop what it left behind."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watched: dict[int, tuple[float, int]] = {}
    for line in sys.stdin:
        match line.split():
            case ["watch", pid, started_at, stop_signal]:
                watched[int(pid)] = (float(started_at), int(stop_signal))
            case ["forget", pid]:
                watched.pop(int(pid), None)
    left: list[psutil.Process] = []
    for pid, (started, stop_signal_number) in reversed(watched.items()):
        process = _is_it(pid, started)
        if process is not None:
            with suppress(psutil.Error):
                left.extend(process.children(recursive=True))
                process.send_signal(stop_signal_number)
                left.append(process)
    _, alive = psutil.wait_procs(left, timeout=GRACE_S)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()


if __name__ == "__main__":
    main()

"""Run one program in several processes that share the memory of what was loaded before."""

import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import NoReturn

ENDED_WITHIN_S = 10
"""How long a fork whose parent is gone may finish what it does."""

_PIPE = "_BANKIMPORT_PARENT_PIPE"
"""The file descriptor whose other end only the parent holds open."""

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def default_processes() -> int:
    """As many as there are processors for this process, at most 4."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 4)


def run_in_forks(count: int, run: Callable[[int], None]) -> NoReturn:
    """Call `run` in `count` forks with 0, 1 and so on, and become a small process that waits until all have ended.

    Call it before any thread is started. SIGTERM and SIGINT are passed on. If one fork ends by itself, the others are
    stopped and its code is the exit code. If this process is killed, the forks get SIGTERM, and end after some seconds.
    """
    alive, held_open = os.pipe()
    for end in (alive, held_open):
        os.set_inheritable(end, True)
    forks: list[str] = []
    for number in range(count):
        pid = os.fork()
        if pid == 0:
            os.close(held_open)
            os.environ[_PIPE] = str(alive)
            watch_parent()
            os._exit(exit_code_of(partial(run, number)))
        forks.append(str(pid))
    # Until the waiting process can pass them on.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    os.execv(sys.executable, [sys.executable, "-m", __name__, *forks])  # noqa: S606 - this module, as a program


def watch_parent() -> None:
    """In a fork, end when the parent ends. A fork that replaces its program by `exec` calls it again."""
    alive = os.environ.get(_PIPE)
    if alive is not None:
        threading.Thread(target=_end_with_parent, args=(int(alive),), daemon=True).start()


def wait_for_forks(forks: set[int]) -> int:
    """Wait until all of them have ended, and pass signals on to them; the exit code."""
    is_stopping = False

    def stop(_signal: int = 0, _frame: FrameType | None = None) -> None:
        nonlocal is_stopping
        is_stopping = True
        for pid in forks:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    for number in _STOP_SIGNALS:
        signal.signal(number, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)
    code = 0
    while forks:
        pid, status = os.wait()
        forks.discard(pid)
        if not is_stopping:
            code = abs(os.waitstatus_to_exitcode(status)) or 1
            stop()
    return code


def exit_code_of(run: Callable[[], object]) -> int:
    """Run it to its end as a process of its own would, and return that process's exit code."""
    try:
        run()
        return 0
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _end_with_parent(alive: int) -> None:
    """Wait for the end of the pipe that only the parent holds open."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ENDED_WITHIN_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(wait_for_forks({int(pid) for pid in sys.argv[1:]}))

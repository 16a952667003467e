"""A server whose first start fails is started once more; failures show its log; it is asked to stop only once."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bankimport.processes.child import Child, ProcessFailed, start_until_ready
from bankimport.processes.guardian import Guardian

FAILS = "print('the port is taken', flush=True); raise SystemExit(3)"
WORKS = "print('serving', flush=True); input()"


@pytest.fixture
def starts(tmp_path: Path, guardian: Guardian) -> Callable[..., Callable[[], Child]]:
    log = tmp_path / "server.log"

    def of(*programs: str) -> Callable[[], Child]:
        left = list(programs)

        def start() -> Child:
            command = [sys.executable, "-c", f"import sys, os; sys.stdin = os.fdopen(os.pipe()[0]); {left.pop(0)}"]
            is_ready: Callable[[], bool] = lambda: "serving" in log.read_text()  # noqa: E731
            return Child("The server", command, log=log, is_ready=is_ready, guardian=guardian)

        return start

    return of


def test_a_server_is_started_once_more(starts: Callable[..., Callable[[], Child]]) -> None:
    child = start_until_ready(starts(FAILS, WORKS))

    assert child.exit_code() is None
    child.stop()


def test_the_second_failure_is_reported_with_the_end_of_the_log(starts: Callable[..., Callable[[], Child]]) -> None:
    with pytest.raises(ProcessFailed, match=r"ended with code 3; see .*server\.log\n(.*\n)*  the port is taken$"):
        start_until_ready(starts(FAILS, FAILS, WORKS))


def test_a_server_that_stays_silent_is_reported_with_the_end_of_the_log(
    starts: Callable[..., Callable[[], Child]],
) -> None:
    child = starts("print('recovering', flush=True); input()")()
    while "recovering" not in child.end_of_log():
        assert child.exit_code() is None
    try:
        with pytest.raises(ProcessFailed, match=r"The server was not ready after 0 s; see .*\n  recovering$"):
            child.wait_until_ready(0)
    finally:
        child.stop()


def test_a_process_is_asked_to_stop_only_once(starts: Callable[..., Callable[[], Child]], tmp_path: Path) -> None:
    counts = (
        "import signal; stops = []; signal.signal(signal.SIGTERM, lambda *_: stops.append(print('asked', flush=True)));"
        " print('serving', flush=True); signal.pause(); signal.sigtimedwait({signal.SIGTERM}, 0.2)"
    )
    child = start_until_ready(starts(counts))

    child.ask_to_stop()
    child.stop()

    assert (tmp_path / "server.log").read_text().count("asked") == 1

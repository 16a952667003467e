"""The report at the end of a run: slow tests without a reason, and the command that repeats each failure."""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping

from _pytest.terminal import TerminalReporter

from tests.support.suite.lanes import DEEP

SLOW_S = 20.0
"""A test that takes longer needs `@pytest.mark.slow("why")`; it is reported but does not fail the run."""

DECIDING = (DEEP, "BANKIMPORT_TEST_DAY", "BANKIMPORT_CHAOS_FIRST_SEED", "BANKIMPORT_CHAOS_ROUNDS")
"""Variables that may affect a test's outcome; a command that repeats a failure sets them the same way."""


def conditions(environment: Mapping[str, str]) -> str:
    """The relevant variables that are set, in shell syntax."""
    return " ".join(f"{name}={environment[name]}" for name in DECIDING if environment.get(name))


def command_for(node_id: str, environment: Mapping[str, str]) -> str:
    """The command that repeats one test under the same conditions."""
    command = f"make test ARGS=\"'{node_id}'\""
    return f"{set_} {command}" if (set_ := conditions(environment)) else command


def write_summary(reporter: TerminalReporter) -> None:
    """Write the lines at the end of the run's output."""
    # pytest registers that module as a plugin, so it must not be imported before.
    from tests.support.suite.clock import DAY_VARIABLE, day_in_words

    failed = _node_ids(reporter, ("failed", "error"))
    if failed:
        reporter.section("repeat a failure", sep="-")
        same_day = {**os.environ, DAY_VARIABLE: day_in_words()}
        for node_id in failed:
            reporter.line(command_for(node_id, same_day))
    for node_id, seconds in unexplained(reporter):
        reporter.line(f"over {SLOW_S:.0f} s and not marked slow: {node_id} ({seconds:.0f} s)")


def unexplained(reporter: TerminalReporter) -> list[tuple[str, float]]:
    """Tests that took longer than `SLOW_S` in total, set-up included, without a reason; slowest first."""
    seconds: dict[str, float] = defaultdict(float)
    explained: set[str] = set()
    for reports in reporter.stats.values():
        for report in reports:
            if hasattr(report, "duration") and hasattr(report, "when"):
                seconds[report.nodeid] += report.duration
                if "slow" in report.keywords:
                    explained.add(report.nodeid)
    slow = [(node_id, took) for node_id, took in seconds.items() if took > SLOW_S and node_id not in explained]
    return sorted(slow, key=lambda item: -item[1])


def _node_ids(reporter: TerminalReporter, outcomes: Iterable[str]) -> list[str]:
    return sorted({report.nodeid for outcome in outcomes for report in reporter.stats.get(outcome, [])})

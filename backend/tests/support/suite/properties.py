"""How many examples a Hypothesis property runs: few from fixed seeds, or in a deep run many from a random seed.

`BANKIMPORT_DEEP=1` selects the deep run; the seed is printed, and each failure shows the command that repeats it.
"""

import os
import random
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

IS_DEEP = os.environ.get("BANKIMPORT_DEEP") == "1"
DEEP_EXAMPLES = int(os.environ.get("BANKIMPORT_DEEP_EXAMPLES", "20000"))
DEEP_DATABASE_EXAMPLES = int(os.environ.get("BANKIMPORT_DEEP_DATABASE_EXAMPLES", "300"))

# No timed assertions: a busy machine must not fail a test.
settings.register_profile(
    "fixed", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "deep",
    deadline=None,
    max_examples=DEEP_EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("deep" if IS_DEEP else "fixed")


def through_database(examples: int) -> settings:
    """Settings of a property whose examples use the database: each costs seconds, so `examples` is small."""
    return settings(
        max_examples=DEEP_DATABASE_EXAMPLES if IS_DEEP else examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed of a deep run here, so that workers know it and it can be printed; allow it all the time."""
    if not IS_DEEP:
        return
    config.option.timeout = 0
    if config.option.hypothesis_seed is None:
        config.option.hypothesis_seed = str(random.SystemRandom().randrange(2**32))


def pytest_report_header(config: pytest.Config) -> str | None:
    """Report the seed at the start of a deep run."""
    return f"deep run of properties, seed {config.option.hypothesis_seed}" if IS_DEEP else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the repeating command to the report of a property that failed in a deep run."""
    report = yield
    is_property = hasattr(getattr(item, "obj", None), "hypothesis")
    if IS_DEEP and is_property and report.failed:
        command = (
            f"BANKIMPORT_DEEP=1 make test ARGS='{item.nodeid} --hypothesis-seed={item.config.option.hypothesis_seed}'"
        )
        report.sections.append(("repeat this failure with", command))
    return report

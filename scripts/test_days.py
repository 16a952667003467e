"""Play the tests that know dates on days that are easily got wrong, and on random ones whose seed is printed.

Each of the 35 days gets a quarter of these tests, another one than the other days, so that each test is played on about
nine. `--share 1` plays all of them on every day, which takes over an hour.
"""

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

BACKEND = Path(__file__).parents[1] / "backend"

SPECIAL = (
    "2028-02-28T12:00Z",
    "2028-02-29T12:00Z",
    "2028-03-01T12:00Z",
    "2026-12-31T12:00Z",
    "2027-01-01T12:00Z",
    # The clocks of London and Berlin change at 01:00 UTC.
    "2026-03-29T00:59Z",
    "2026-03-29T01:01Z",
    "2026-10-25T00:59Z",
    "2026-10-25T01:01Z",
    "2026-06-17T23:59Z",
    "2026-06-18T00:01Z",
    "2026-12-31T23:59Z",
    # A Sunday.
    "2026-06-21T12:00Z",
)


def ends_of_months() -> Iterator[str]:
    """The last day of every month of a year."""
    for month in range(1, 13):
        first_of_next = datetime(2027 + month // 12, month % 12 + 1, 1, 12, tzinfo=UTC)
        yield f"{first_of_next - timedelta(days=1):%Y-%m-%dT%H:%MZ}"


def random_days(seed: int, many: int) -> list[str]:
    """Minutes between 2024 and 2031."""
    dice = random.Random(seed)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    minutes = 8 * 365 * 24 * 60
    return [f"{start + timedelta(minutes=dice.randrange(minutes)):%Y-%m-%dT%H:%MZ}" for _ in range(many)]


def main() -> int:
    """Play each day after the other, say how each ended, and return 0 when all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--random", type=int, default=10, metavar="N", help="how many random days")
    parser.add_argument("--random-only", action="store_true", help="none of the special days")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of the random days")
    parser.add_argument("--days", nargs="*", help="these days alone, like 2028-02-29 or 2026-12-31T23:59Z")
    parser.add_argument("--share", type=int, default=4, metavar="N", help="one in N of the tests; 1 for all")
    parser.add_argument("--workers", default="2", help="test processes")
    chosen, more = parser.parse_known_args()
    days = chosen.days
    if not days:
        special = [] if chosen.random_only else [*SPECIAL, *ends_of_months()]
        days = [*special, *random_days(chosen.seed, chosen.random)]
        print(f"random days: --seed {chosen.seed}", flush=True)
    pytest = [str(Path(sys.executable).parent / "pytest"), "-q", "-n", chosen.workers, "--dist", "loadfile"]
    ended = {}
    for day in days:
        print(f"\n=== BANKIMPORT_TEST_DAY={day} ===", flush=True)
        environment = {**os.environ, "BANKIMPORT_TEST_DAY": day}
        done = subprocess.run([*pytest, f"--dated={chosen.share}", *more], cwd=BACKEND, env=environment, check=False)
        ended[day] = done.returncode
    print("\n" + "\n".join(f"{day}  {'failed' if code else 'passed'}" for day, code in ended.items()))
    failed = [day for day, code in ended.items() if code]
    if failed:
        print(f"\nrepeat: make test-days ARGS='--days {' '.join(failed)}'")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""The expected output of `bankimport demo` about its two imports."""

import re

IMPORTED = (
    r"import \d+ completed: 7 of 7 accounts completed, "
    r"(\d+) new rows?, (\d+) already stored, (\d+) rejected, (\d+) calls"
)


def assert_imported_twice(printed: str, years: float = 2) -> None:
    """Fail unless seven accounts were imported, proven, and imported again without a new row."""
    first, second = re.findall(IMPORTED, printed)
    assert int(first[0]) > 5_000 * years
    assert first[1:3] == ("0", "0")
    assert (second[0], second[1]) == ("0", first[0])
    assert "7 accounts and cards" in printed
    assert sum(int(days) for days in re.findall(r"(\d+) days proven", printed)) > 1_500 * years
    assert printed.count(" 0 broken") == 7

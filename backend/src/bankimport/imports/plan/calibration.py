"""Learn from how far earlier estimates of a bank were off; pure.

An import's plan keeps what it was made of before anything was learned (`base`), so that nothing is learned from
what was learned. The middle of what was seen corrects the next estimate, its edges become the range.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import quantiles

from bankimport.imports.plan.estimate import Range

LEAST_EVIDENCE = 3
MOST_EVIDENCE = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """A figure as it was planned before anything was learned, as it was told to the user, and as it came."""

    base: int
    planned: int
    actual: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """How many times the base the figure came to: the low edge of what was seen, its middle and its high edge."""

    low: float
    middle: float
    high: float
    imports: int


def learn(outcomes: Sequence[Outcome]) -> Lesson | None:
    """What outcomes teach, newest first; None when they are too few to go by."""
    ratios = sorted(item.actual / item.base for item in outcomes[:MOST_EVIDENCE] if item.base > 0)
    if len(ratios) < LEAST_EVIDENCE:
        return None
    tenths = quantiles(ratios, n=10, method="inclusive")
    return Lesson(tenths[0], tenths[4], tenths[8], len(ratios))


def corrected(base: Range, lesson: Lesson | None) -> Range:
    """The estimate with what was learned; as it is when nothing was."""
    if lesson is None:
        return base
    expected = round(base.expected * lesson.middle)
    return Range(
        low=min(expected, int(base.expected * lesson.low)),
        expected=expected,
        high=max(expected, ceil(base.expected * lesson.high)),
    )


def mean_error(outcomes: Sequence[Outcome]) -> float | None:
    """By which share of what came the plans told to the user were off on average, 0.1 for a tenth; None without any."""
    errors = [abs(item.planned - item.actual) / item.actual for item in outcomes if item.actual > 0]
    return sum(errors) / len(errors) if errors else None

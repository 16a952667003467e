"""Learn from the errors of earlier estimates for a bank; pure.

A plan stores its figures from before any correction (`base`), so that corrections are never learned from corrections.
The median of past results corrects the next estimate; their extremes become its range.
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
    """A figure as planned before corrections, as shown to the user, and as it turned out."""

    base: int
    planned: int
    actual: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """The ratio of the result to the base: the low end, the median and the high end of past results."""

    low: float
    middle: float
    high: float
    imports: int


def learn(outcomes: Sequence[Outcome]) -> Lesson | None:
    """What past outcomes teach; pass them newest first. None if there are too few."""
    ratios = sorted(item.actual / item.base for item in outcomes[:MOST_EVIDENCE] if item.base > 0)
    if len(ratios) < LEAST_EVIDENCE:
        return None
    tenths = quantiles(ratios, n=10, method="inclusive")
    return Lesson(tenths[0], tenths[4], tenths[8], len(ratios))


def corrected(base: Range, lesson: Lesson | None) -> Range:
    """The estimate after the correction; unchanged without one."""
    if lesson is None:
        return base
    expected = round(base.expected * lesson.middle)
    return Range(
        low=min(expected, int(base.expected * lesson.low)),
        expected=expected,
        high=max(expected, ceil(base.expected * lesson.high)),
    )


def mean_error(outcomes: Sequence[Outcome]) -> float | None:
    """The average relative error of the plans shown to the user, 0.1 for a tenth; None without outcomes."""
    errors = [abs(item.planned - item.actual) / item.actual for item in outcomes if item.actual > 0]
    return sum(errors) / len(errors) if errors else None

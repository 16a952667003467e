"""Read labelled descriptions and score answers against them; pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from bankimport.enrichment.categories.taxonomy import UNKNOWN
from bankimport.enrichment.keys.merchant_key import Direction
from bankimport.enrichment.ladder.ladder import Decision
from bankimport.enrichment.rows import RowToEnrich
from bankimport.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Labelled:
    """A description with its right answer; `category` may be `unknown`, `merchant` None where there is none."""

    row: RowToEnrich
    merchant: str | None
    category: str


class RungScore(BaseModel):
    """How many rows a rung answered, and how many of them rightly."""

    rung: str
    answered: int
    right: int


class Score(BaseModel):
    """Shares from 0 to 1. `macro_f1` is the mean over the set's categories, `unknown` among them."""

    rows: int
    accuracy: float
    macro_f1: float
    unknown_rate: float
    right_when_answered: float | None
    rungs: list[RungScore]
    cost_per_1000_rows: Decimal | None
    currency: str | None
    calls: int


def read_labelled(text: str) -> list[Labelled]:
    """Lines of description, in or out, merchant, category and, if the bank gave one, classification; tabs between.

    Raises:
        InvalidRequest: a line has too few fields or no direction; it is named.
    """
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) not in (4, 5) or fields[1] not in tuple(Direction) or not fields[3]:
            raise InvalidRequest(f"line {number}: needs description, in or out, merchant, category; tabs between")
        amount = Decimal(1) if fields[1] == Direction.IN else Decimal(-1)
        classification = fields[4].split("/") if len(fields) == 5 else []
        row = RowToEnrich(number, fields[0], amount, None, classification)
        found.append(Labelled(row, fields[2] or None, fields[3]))
    return found


def score(
    labelled: Sequence[Labelled],
    decisions: dict[int, Decision],
    *,
    cost: Decimal | None,
    currency: str | None,
    calls: int,
) -> Score:
    """Score the decisions, by row id. `cost` is of all rows together, None when it is not known.

    Raises:
        InvalidRequest: there is nothing to score.
    """
    if not labelled:
        raise InvalidRequest("the file holds no labelled rows")
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    truth: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    answered_right: Counter[str] = Counter()
    for item in labelled:
        category = decisions[item.row.id].category
        name = category.value if category is not None else UNKNOWN
        said[name] += 1
        truth[item.category] += 1
        is_right = name == item.category
        right[name] += is_right
        if category is not None:
            answered[category.source.value] += 1
            answered_right[category.source.value] += is_right
    count = len(labelled)
    # 2 × right / (said + true) is the harmonic mean of precision and recall, also where one of them is zero.
    f1 = [2 * right[name] / (said[name] + truth[name]) for name in truth]
    return Score(
        rows=count,
        accuracy=round(sum(right.values()) / count, 4),
        macro_f1=round(sum(f1) / len(f1), 4),
        unknown_rate=round(said[UNKNOWN] / count, 4),
        right_when_answered=round(answered_right.total() / answered.total(), 4) if answered else None,
        rungs=[RungScore(rung=rung, answered=answered[rung], right=answered_right[rung]) for rung in sorted(answered)],
        cost_per_1000_rows=None if cost is None else cost / count * 1000,
        currency=currency,
        calls=calls,
    )

"""Read labelled descriptions and score answers against them; pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from pydantic import BaseModel

from bankimport.enrichment.categories.taxonomy import UNKNOWN
from bankimport.enrichment.ladder.ladder import Decision, SourcedValue
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.plain_text import words_of
from bankimport.errors import InvalidRequest

COLUMNS = (
    "description",
    "direction",
    "merchant",
    "category",
    "classification",
    "transaction_category",
    "country",
    "group",
)
"""The columns of a labelled file, in order; a first line with their names may change the order."""

_LEAST_COLUMNS = 4

Part = TypeVar("Part", str, float)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A description with its correct answer; `category` may be `unknown`, `merchant` None if there is none."""

    row: RowToEnrich
    merchant: str | None
    category: str
    country: str = ""
    group: str = ""


class PartScore(BaseModel):
    """The score of a part of the rows: a rung, a group or a country. Shares are 0 to 1; `coverage` is the answered
    share."""

    part: str
    rows: int
    answered: int
    right: int
    accuracy: float
    coverage: float
    precision: float | None


class RungScore(BaseModel):
    """How many rows a rung answered, and how many of them correctly."""

    rung: str
    answered: int
    right: int
    precision: float


class Calibration(BaseModel):
    """Answers with one confidence: the stated confidence and the actual accuracy."""

    confidence: float
    answered: int
    right: int
    precision: float


class MerchantScore(BaseModel):
    """Among rows with a labelled merchant: how many got a merchant, and how many the correct one."""

    rows: int
    answered: int
    right: int


class Score(BaseModel):
    """Shares from 0 to 1. `macro_f1` is the mean over the set's categories, including `unknown`.

    `asks` counts the distinct merchants that would be sent to a model.
    """

    rows: int
    accuracy: float
    macro_f1: float
    unknown_rate: float
    right_when_answered: float | None
    rungs: list[RungScore]
    cost_per_1000_rows: Decimal | None
    currency: str | None
    calls: int
    asks: int
    merchants: MerchantScore
    calibration: list[Calibration]
    countries: list[PartScore]
    groups: list[PartScore]


def read_labelled(text: str) -> list[Labelled]:
    """Lines of tab-separated fields, in the order of `COLUMNS` or of a first line with their names.

    The first four are required; a classification has `/` between its parts.

    Raises:
        InvalidRequest: a line has too few or too many fields or no direction; the message gives its number.
    """
    columns: Sequence[str] = COLUMNS
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        fields = line.split("\t")
        if number == 1 and set(COLUMNS[:_LEAST_COLUMNS]) <= set(fields) <= set(COLUMNS):
            columns = fields
            continue
        values = dict.fromkeys(COLUMNS, "") | dict(zip(columns, fields, strict=False))
        is_long_enough = _LEAST_COLUMNS <= len(fields) <= len(columns)
        if not is_long_enough or values["direction"] not in tuple(Direction) or not values["category"]:
            raise InvalidRequest(f"line {number}: needs description, in or out, merchant, category, separated by tabs")
        found.append(_labelled(number, values))
    return found


def _labelled(number: int, values: dict[str, str]) -> Labelled:
    amount = Decimal(1) if values["direction"] == Direction.IN else Decimal(-1)
    classification = values["classification"].split("/") if values["classification"] else []
    kind = values["transaction_category"] or None
    row = RowToEnrich(number, values["description"], amount, None, classification, kind)
    return Labelled(row, values["merchant"] or None, values["category"], values["country"], values["group"])


def score(
    labelled: Sequence[Labelled],
    decisions: dict[int, Decision],
    *,
    cost: Decimal | None,
    currency: str | None,
    calls: int,
) -> Score:
    """Score the decisions, by row id. `cost` covers all rows together; None if unknown.

    Raises:
        InvalidRequest: there is nothing to score.
    """
    if not labelled:
        raise InvalidRequest("the file contains no labelled rows")
    pairs = [(item, decisions[item.row.id].category) for item in labelled]
    answers = [(item, category, _is_right(item, category)) for item, category in pairs if category is not None]
    right = sum(_is_right(item, category) for item, category in pairs)
    count = len(labelled)
    keys_to_ask = {(item.row.key, item.row.direction) for item in labelled if decisions[item.row.id].needs_model}
    return Score(
        rows=count,
        accuracy=round(right / count, 4),
        macro_f1=_macro_f1(pairs),
        unknown_rate=round(1 - len(answers) / count, 4),
        right_when_answered=_share(sum(is_right for _, _, is_right in answers), len(answers)),
        rungs=[
            RungScore(rung=rung, answered=len(rights), right=sum(rights), precision=round(sum(rights) / len(rights), 4))
            for rung, rights in _by(answers, lambda category: category.source.value)
        ],
        cost_per_1000_rows=None if cost is None else cost / count * 1000,
        currency=currency,
        calls=calls,
        asks=len(keys_to_ask),
        merchants=_merchant_score(labelled, decisions),
        calibration=[
            Calibration(
                confidence=confidence,
                answered=len(rights),
                right=sum(rights),
                precision=round(sum(rights) / len(rights), 4),
            )
            for confidence, rights in _by(answers, lambda category: round(category.confidence, 2))
        ],
        countries=_parts(pairs, lambda item: item.country),
        groups=_parts(pairs, lambda item: item.group),
    )


def _is_right(item: Labelled, category: SourcedValue | None) -> bool:
    return (category.value if category is not None else UNKNOWN) == item.category


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _macro_f1(pairs: Sequence[tuple[Labelled, SourcedValue | None]]) -> float:
    predicted = Counter(value.value if value is not None else UNKNOWN for _, value in pairs)
    truth = Counter(item.category for item, _ in pairs)
    right = Counter(item.category for item, value in pairs if _is_right(item, value))
    # 2 × right / (said + true) is the harmonic mean of precision and recall, even if one of them is zero.
    f1 = [2 * right[name] / (predicted[name] + truth[name]) for name in truth]
    return round(sum(f1) / len(f1), 4)


def _by(
    answers: Iterable[tuple[Labelled, SourcedValue, bool]], of: Callable[[SourcedValue], Part]
) -> list[tuple[Part, list[bool]]]:
    found: defaultdict[Part, list[bool]] = defaultdict(list)
    for _, said, is_right in answers:
        found[of(said)].append(is_right)
    return sorted(found.items())


def _parts(pairs: Sequence[tuple[Labelled, SourcedValue | None]], of: Callable[[Labelled], str]) -> list[PartScore]:
    """The scores grouped by `of`; rows for which it returns nothing are left out."""
    found: defaultdict[str, list[tuple[Labelled, SourcedValue | None]]] = defaultdict(list)
    for item, said in pairs:
        if of(item):
            found[of(item)].append((item, said))
    scores = []
    for part, of_part in sorted(found.items()):
        answered = sum(said is not None for _, said in of_part)
        right = sum(_is_right(item, said) for item, said in of_part)
        right_answers = sum(said is not None and _is_right(item, said) for item, said in of_part)
        scores.append(
            PartScore(
                part=part,
                rows=len(of_part),
                answered=answered,
                right=right,
                accuracy=round(right / len(of_part), 4),
                coverage=round(answered / len(of_part), 4),
                precision=_share(right_answers, answered),
            )
        )
    return scores


def _merchant_score(labelled: Sequence[Labelled], decisions: dict[int, Decision]) -> MerchantScore:
    """Names are compared by their letters and digits only."""
    pairs = [(item.merchant, decisions[item.row.id].merchant) for item in labelled if item.merchant is not None]
    named = [(expected, merchant) for expected, merchant in pairs if merchant is not None]
    return MerchantScore(
        rows=len(pairs),
        answered=len(named),
        right=sum(_letters(expected) == _letters(merchant.value) for expected, merchant in named),
    )


def _letters(name: str) -> str:
    return "".join("".join(words_of(name)).split()) or name.casefold()

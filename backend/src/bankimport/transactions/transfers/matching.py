"""Pair rows of equal and opposite amount that may be one transfer between own accounts, with a confidence; pure.

Evidence is counted in thousandths. It starts with equal amounts on near days; descriptions and the bank's data add to
it or reduce it. A row goes into at most one pair, the most certain one. If other rows would fit equally well, the pair
is still suggested, because the accounts are usually right, but the confidence is divided among them. Rows with too many
candidates are left alone, because any choice would be a guess.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

EARLIEST, LATEST = timedelta(days=-1), timedelta(days=5)
"""How many days after leaving money may arrive; it may seem to arrive earlier if banks use different days."""

LEAST_SCORE = 300
MOST_SCORE = 990
MOST_CANDIDATES = 12
AS_GOOD = 50

_BY_DAYS = {-1: 450, 0: 600, 1: 540, 2: 480, 3: 420, 4: 360, 5: 300}
_NAMES_ACCOUNT = 250
_BOTH_NAME = 80
_SAYS_TRANSFER = 120
_IS_SOMETHING_ELSE = -350

_TRANSFER_WORDS = re.compile(
    r"\b(transfer\w*|trf|tfr|xfer|own account|savings?|internal|payment received|credit card payment|card payment to|"
    r"standing order|umbuchung|überweisung|virement|bonifico|giroconto|transferencia|overboeking|traspaso)\b",
    re.IGNORECASE,
)
_OTHER_WORDS = re.compile(
    r"\b(salary|wages?|payroll|pension|bonus|dividends?|interest|refund\w*|rebate|cashback|hmrc|universal credit|"
    r"child benefit|rent|mortgage|council tax|insurance|gehalt|lohn|rente|zinsen|miete|salaire|loyer|stipendio|affitto|"
    r"nómina|alquiler|salaris|huur)\b",
    re.IGNORECASE,
)
"""Payments to or from others, which transfers between own accounts are rarely called."""
_SOMETHING_ELSE = frozenset(
    {"PURCHASE", "ATM", "CASH", "CASHBACK", "CHEQUE", "INTEREST", "DIVIDEND", "FEE_CHARGE", "CORRECTION"}
)
_COMMON_NAMES = frozenset({"account", "current", "currentaccount", "card", "creditcard", "bank"})


class Reason(StrEnum):
    """A reason for or against a pair."""

    SAME_DAY = "same_day"
    DAYS_APART = "days_apart"
    NAMES_OTHER_ACCOUNT = "names_other_account"
    SAYS_TRANSFER = "says_transfer"
    LOOKS_LIKE_SOMETHING_ELSE = "looks_like_something_else"
    OTHERS_FIT_AS_WELL = "others_fit_as_well"


class Side(NamedTuple):
    """A booked row that may be one side of a transfer."""

    id: int
    account_id: int
    day: date
    is_out: bool
    description: str
    bank_category: str | None


@dataclass(frozen=True)
class OwnAccount:
    """What descriptions may call one of the user's accounts; `numbers` are its known IBAN, number or card digits."""

    display_name: str
    numbers: tuple[str, ...] = ()

    @cached_property
    def _name(self) -> str:
        return _squeezed(self.display_name)

    def is_named_in(self, description: str) -> bool:
        """Whether the text contains the account's name, or at least the last four digits of one of its numbers."""
        squeezed = _squeezed(description)
        if len(self._name) >= 5 and self._name not in _COMMON_NAMES and self._name in squeezed:
            return True
        runs = re.findall(r"\d{4,}", description)
        for number in map(_squeezed, self.numbers):
            if len(number) >= 6 and number in squeezed:
                return True
            if len(number) >= 4 and any(number.endswith(run) for run in runs):
                return True
        return False


class Pair(NamedTuple):
    """Two rows that may be one transfer; `alternatives` other rows fit one of them equally well."""

    out_id: int
    in_id: int
    confidence: Decimal
    days_apart: int
    alternatives: int
    reasons: tuple[str, ...]


class _Edge(NamedTuple):
    score: int
    days: int
    out: Side
    into: Side
    reasons: tuple[str, ...]


def pair_rows(
    rows: Sequence[Side], accounts: Mapping[int, OwnAccount], refused: Collection[tuple[int, int]] = ()
) -> tuple[list[Pair], int]:
    """Pairs among rows of one currency and absolute amount, and how many rows had too many candidates.

    The result does not depend on the order of `rows`. Pairs in `refused` (out, in) are not suggested.
    """
    money_in = sorted((row for row in rows if not row.is_out), key=lambda row: (row.day, row.id))
    days_in = [row.day for row in money_in]
    edges: list[_Edge] = []
    crowded = 0
    for out in sorted((row for row in rows if row.is_out), key=lambda row: (row.day, row.id)):
        near = money_in[bisect_left(days_in, out.day + EARLIEST) : bisect_right(days_in, out.day + LATEST)]
        if len(near) > MOST_CANDIDATES:
            crowded += 1
            continue
        for into in near:
            if into.account_id != out.account_id and (out.id, into.id) not in refused:
                edge = _weighed(out, into, accounts)
                if edge.score >= LEAST_SCORE:
                    edges.append(edge)
    return _surest_first(edges), crowded


def _surest_first(edges: list[_Edge]) -> list[Pair]:
    edges.sort(key=lambda edge: (-edge.score, abs(edge.days), edge.out.id, edge.into.id))
    scores: dict[int, Counter[int]] = {}
    for edge in edges:
        for row in (edge.out, edge.into):
            scores.setdefault(row.id, Counter())[edge.score] += 1
    taken: set[int] = set()
    pairs: list[Pair] = []
    for edge in edges:
        if edge.out.id in taken or edge.into.id in taken:
            continue
        taken |= {edge.out.id, edge.into.id}
        as_good = max(
            sum(count for score, count in scores[row.id].items() if score > edge.score - AS_GOOD)
            for row in (edge.out, edge.into)
        )
        reasons = edge.reasons if as_good == 1 else (*edge.reasons, Reason.OTHERS_FIT_AS_WELL.value)
        confidence = Decimal(edge.score // as_good).scaleb(-3)
        pairs.append(Pair(edge.out.id, edge.into.id, confidence, edge.days, as_good - 1, reasons))
    return pairs


def _weighed(out: Side, into: Side, accounts: Mapping[int, OwnAccount]) -> _Edge:
    days = (into.day - out.day).days
    score = _BY_DAYS[days]
    reasons = [Reason.SAME_DAY if days == 0 else Reason.DAYS_APART]
    named = (
        accounts[into.account_id].is_named_in(out.description),
        accounts[out.account_id].is_named_in(into.description),
    )
    if any(named):
        score += _NAMES_ACCOUNT + (_BOTH_NAME if all(named) else 0)
        reasons.append(Reason.NAMES_OTHER_ACCOUNT)
    others = [row for row in (out, into) if _is_something_else(row)]
    if any(_says_transfer(row) for row in (out, into) if row not in others):
        score += _SAYS_TRANSFER
        reasons.append(Reason.SAYS_TRANSFER)
    if others:
        score += _IS_SOMETHING_ELSE
        reasons.append(Reason.LOOKS_LIKE_SOMETHING_ELSE)
    return _Edge(min(score, MOST_SCORE), days, out, into, tuple(reason.value for reason in reasons))


def _says_transfer(row: Side) -> bool:
    return row.bank_category == "TRANSFER" or _TRANSFER_WORDS.search(row.description) is not None


def _is_something_else(row: Side) -> bool:
    return row.bank_category in _SOMETHING_ELSE or _OTHER_WORDS.search(row.description) is not None


def _squeezed(text: str) -> str:
    """Only letters and digits, in lower case."""
    return "".join(character for character in text if character.isalnum()).lower()

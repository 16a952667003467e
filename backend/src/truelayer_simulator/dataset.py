"""The real movements at a simulated bank: a pure function of seed, bank, user, account and day."""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

MERCHANTS: tuple[tuple[str, str, str, str, str], ...] = (
    ("TESCO STORES 3297 LONDON", "Tesco", "PURCHASE", "Shopping", "Groceries"),
    ("SAINSBURYS S/MKTS BRISTOL GB", "Sainsbury's", "PURCHASE", "Shopping", "Groceries"),
    ("LIDL GB NOTTINGHAM", "Lidl", "PURCHASE", "Shopping", "Groceries"),
    ("TFL TRAVEL CH TFL.GOV.UK/CP", "TfL", "PURCHASE", "Auto & Transport", "Public transport"),
    ("PRET A MANGER 412 LONDON", "Pret A Manger", "PURCHASE", "Food & Dining", "Coffee shops"),
    ("GREGGS PLC 0871 LEEDS", "Greggs", "PURCHASE", "Food & Dining", "Fast Food"),
    ("DELIVEROO.CO.UK LONDON", "Deliveroo", "PURCHASE", "Food & Dining", "Delivery"),
    ("AMZNMKTPLACE AMAZON.CO.UK", "Amazon", "PURCHASE", "Shopping", "General"),
    ("NETFLIX.COM 0800 672 1234", "Netflix", "DIRECT_DEBIT", "Entertainment", "Movies & DVDs"),
    ("OCTOPUS ENERGY LTD DD", "Octopus Energy", "DIRECT_DEBIT", "Bills and Utilities", "Utilities"),
    ("THAMES WATER 900021 DD", "Thames Water", "DIRECT_DEBIT", "Bills and Utilities", "Utilities"),
    ("VODAFONE LTD 7012345678", "Vodafone", "DIRECT_DEBIT", "Bills and Utilities", "Mobile Phone"),
    ("SHELL CLAPHAM 4471", "Shell", "PURCHASE", "Auto & Transport", "Gas & Fuel"),
    ("BOOTS 1180 MANCHESTER", "Boots", "PURCHASE", "Health & Fitness", "Pharmacy"),
    ("LNK 24H HIGH ST CASH", "", "ATM", "Uncategorized", "Cash & ATM"),
    ("RYANAIR FR7731 DUBLIN IE", "Ryanair", "PURCHASE", "Travel", "Air Travel"),
)
TRANSFER_OUT = ("TRANSFER TO OWN ACCOUNT", "", "TRANSFER", "", "")
TRANSFER_IN = ("TRANSFER FROM OWN ACCOUNT", "", "TRANSFER", "", "")
INCOME = ("ACME WIDGETS LTD SALARY", "", "CREDIT", "", "")
DESCRIPTIONS = (*MERCHANTS, TRANSFER_OUT, TRANSFER_IN, INCOME)
"""The entries that `TrueRow.merchant` refers to."""
MOST_OUT_PENCE = 6000
INCOME_PENCE = 9000


@dataclass(frozen=True, slots=True)
class TrueRow:
    """One real movement. `pence` is negative for money out; `number` counts within the day from 0."""

    ordinal: int
    number: int
    pence: int
    merchant: int
    """Index into DESCRIPTIONS: -1 for income, -2 for an incoming and -3 for an outgoing transfer."""
    second_of_day: int
    identity: bytes

    @property
    def day(self) -> date:
        """The day it happened."""
        return date.fromordinal(self.ordinal)


@dataclass(frozen=True, slots=True)
class AccountKey:
    """Identifies an account: its seed, bank, user and number."""

    seed: int
    provider_id: str
    user: str
    is_card: bool
    number: int
    rows_per_day: int
    has_twins: bool
    moves: int = 0
    """-1: transfers go to another account of the user; 1: they arrive here a day later; 0: neither."""
    move_days: int = 0
    """Days between such transfers."""

    @property
    def text(self) -> str:
        """The key in one line, which is what is hashed."""
        return f"{self.seed}|{self.provider_id}|{self.user}|{'card' if self.is_card else 'account'}|{self.number}"


_CHUNK = struct.Struct(">HHI16s")


def rows_of_day(account: AccountKey, ordinal: int) -> list[TrueRow]:
    """The day's movements in the order they happened.

    With `has_twins` the first two movements of every third day differ only in their identity.
    """
    noise = hashlib.shake_128(f"{account.text}|{ordinal}".encode()).digest(1 + _CHUNK.size * (account.rows_per_day * 2))
    spread = max(1, account.rows_per_day // 2)
    count = account.rows_per_day - spread + noise[0] * (2 * spread + 1) // 256
    rows: list[TrueRow] = []
    step = 86_400 // (count + 1)
    for number in range(count):
        kind, pence, jitter, identity = _CHUNK.unpack_from(noise, 1 + number * _CHUNK.size)
        second = number * step + jitter % step
        if kind % 8 == 0:
            rows.append(TrueRow(ordinal, number, pence % INCOME_PENCE * 5 + 1, -1, second, identity))
        else:
            rows.append(
                TrueRow(ordinal, number, -(pence % MOST_OUT_PENCE) - 1, kind % len(MERCHANTS), second, identity)
            )
    if account.has_twins and ordinal % 3 == 0 and len(rows) > 1:
        first, second_row = rows[0], rows[1]
        rows[1] = TrueRow(ordinal, 1, first.pence, first.merchant, first.second_of_day, second_row.identity)
    if account.moves:
        rows += _transfer_of_day(account, ordinal, len(rows))
    return rows


def _transfer_of_day(account: AccountKey, ordinal: int, number: int) -> list[TrueRow]:
    sent = ordinal if account.moves < 0 else ordinal - 1
    if sent % account.move_days:
        return []
    both = f"{account.seed}|{account.provider_id}|{account.user}|transfer|{sent}"
    pence = 5000 + int.from_bytes(hashlib.blake2b(both.encode(), digest_size=2).digest()) % 45_000
    identity = hashlib.blake2b(f"{both}|{account.moves}".encode(), digest_size=16).digest()
    return [TrueRow(ordinal, number, account.moves * pence, -2 if account.moves > 0 else -3, 86_399, identity)]


@lru_cache(maxsize=256)
def _totals(account: AccountKey, first: int, last: int, amended_on: date | None) -> list[int]:
    """The sum of pence before each day from `first` to `last` + 1, counted from `first`."""
    totals = [0]
    for ordinal in range(first, last + 1):
        if amended_on is None:
            rows = rows_of_day(account, ordinal)
        else:
            rows = amended_rows(account, ordinal, "amount", amended_on)
        totals.append(totals[-1] + sum(row.pence for row in rows))
    return totals


def balance_before(account: AccountKey, opened: int, ordinal: int, amended_on: date | None = None) -> int:
    """The balance in pence at the start of a day, for an account opened with 1,000.00 at the start of day `opened`.

    With `amended_on` amounts count in the form that they have on that day.
    """
    last = max(opened, ordinal | 0xFF)
    return 100_000 + _totals(account, opened, last, amended_on)[max(0, ordinal - opened)]


def days_between(first: date, last: date, *, newest_first: bool) -> Iterator[int]:
    """The ordinals of the days, both ends inclusive."""
    ordinals = range(first.toordinal(), last.toordinal() + 1)
    return iter(reversed(ordinals) if newest_first else ordinals)


def amended_rows(account: AccountKey, ordinal: int, amendment: str, today: date) -> list[TrueRow]:
    """The day's movements as the bank lists them today: some are amended two days after they happened."""
    settled = today - timedelta(days=2)
    rows = rows_of_day(account, ordinal)
    if amendment == "amount" and ordinal % 4 == 0 and rows and date.fromordinal(ordinal) <= settled:
        first = rows[0]
        rows[0] = TrueRow(ordinal, 0, first.pence - 100, first.merchant, first.second_of_day, first.identity)
    if amendment == "date":
        if ordinal % 4 == 0 and date.fromordinal(ordinal) <= settled:
            rows = rows[1:]
        before = ordinal - 1
        if before % 4 == 0 and date.fromordinal(before) <= settled:
            moved = rows_of_day(account, before)[:1]
            rows = [TrueRow(ordinal, -1, row.pence, row.merchant, 0, row.identity) for row in moved] + rows
    return rows

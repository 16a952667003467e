"""Convert a row from TrueLayer to our form: sign, day, currency and merchant; pure, no I/O, never a guess.

Sources: docs.truelayer.com, "Transaction data reference" (vocabulary) and "Account and transaction data" (fields).
The card sign rule is how live cards behave: there a purchase is a positive DEBIT; on accounts it is a negative one.
"""

import functools
import hashlib
import json
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

import msgspec

from bankimport.accounts.models import AccountKind
from bankimport.connections.bank_facts import PAYEE_FIELDS
from bankimport.money import FEWEST_FLOAT_DIGITS, LARGEST_AMOUNT, MOST_DECIMALS, without_float_noise
from bankimport.truelayer.answers import UNREADABLE
from bankimport.truelayer.schemas import Transaction

FLOAT_NOISE = "float_noise"
MOST_ZEROS = 15
DEEPEST_META = 50
EARLIEST_YEAR = 1970
LATEST_YEAR = 2100
PLAIN_LENGTH = 20
MINUTES_A_DAY = 24 * 60

_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?"
    r"(Z|z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_DIRECTIONS = ("DEBIT", "CREDIT")

LEVELS = ("normalised_provider_transaction_id", "provider_transaction_id", "transaction_id")
STABLE_LEVELS = LEVELS[:2]
"""The ids that a bank may give a row, from most to least stable; the last one changes with every call."""


class RowProblem(Exception):
    """The row cannot be read; the message says why, without the row's values."""


class BankTime(msgspec.Struct, frozen=True, gc=False):
    """When a transaction happened: its day at the bank, its instant in UTC, and whether the bank gave a time."""

    day: date
    instant: datetime
    has_time: bool


class NewTransaction(msgspec.Struct, gc=False):
    """A fetched row in our form, not yet matched with the stored rows.

    `amount` is negative for money out; `running_balance` has the same sign. `position` is the row's index in the bank's
    answer; `repeat_of` is the position of the earlier row that it repeats. `content_hash` covers everything that the
    bank reported except the ids. `written_meta` is the bank's other data as JSON, its members sorted.
    """

    position: int
    date: date
    timestamp: datetime
    has_time: bool
    amount: Decimal
    currency: str
    description: str
    merchant: str | None
    transaction_type: str | None
    transaction_category: str | None
    classification: tuple[str, ...]
    transaction_id: str | None
    provider_transaction_id: str | None
    normalised_provider_transaction_id: str | None
    running_balance: Decimal | None
    written_meta: bytes
    flags: tuple[str, ...]
    content_hash: bytes
    repeat_of: int | None = None

    @property
    def meta(self) -> dict[str, Any]:
        """The bank's other data, as the database returns it."""
        meta: dict[str, Any] = msgspec.json.decode(self.written_meta)
        return meta


def normalise(row: Transaction, position: int, kind: AccountKind, zone: tzinfo = UTC) -> NewTransaction:
    """Convert one booked or pending row of an account or card to our form, its day in the bank's zone.

    Raises:
        RowProblem: the row cannot be read and must be rejected.
    """
    when = parse_timestamp(row.timestamp, zone)
    flags: list[str] = []
    currency = checked_currency(row.currency)
    if row.amount is not None and is_short(row.amount):
        amount = _directed(row.amount, row.transaction_type, row.transaction_category, kind, flags)
    else:
        noiseless = _without_float_noise(row.amount, currency, flags)
        amount = signed_amount(noiseless, row.transaction_type, row.transaction_category, kind, flags)
    running_balance = _running_balance(row, currency, kind, flags)
    description = _clean(row.description or "")
    merchant = _merchant(row)
    classification = tuple([_clean(word).strip() for word in row.transaction_classification or () if word])
    written_meta = _written(row.meta) if row.meta else b"{}"
    content = (
        when.instant.isoformat(),
        when.has_time,
        str(amount.normalize()),
        currency,
        description,
        merchant,
        row.transaction_type,
        row.transaction_category,
        classification,
        None if running_balance is None else str(running_balance.normalize()),
        written_meta,
    )
    return NewTransaction(
        position=position,
        date=when.day,
        timestamp=when.instant,
        has_time=when.has_time,
        amount=amount,
        currency=currency,
        description=description,
        merchant=merchant,
        transaction_type=_clean_or_none(row.transaction_type),
        transaction_category=_clean_or_none(row.transaction_category),
        classification=classification,
        transaction_id=_clean_or_none(row.transaction_id),
        provider_transaction_id=_clean_or_none(row.provider_transaction_id),
        normalised_provider_transaction_id=_clean_or_none(row.normalised_provider_transaction_id),
        running_balance=running_balance,
        written_meta=written_meta,
        flags=tuple(flags),
        content_hash=hashlib.blake2b(repr(content).encode(), digest_size=16).digest(),
    )


def parse_timestamp(text: str | None, zone: tzinfo = UTC) -> BankTime:
    """The instant of a bank's timestamp, and its calendar day in the bank's own zone.

    A missing zone means UTC. Midnight in any zone means that only the day is known: the day is kept as written, never
    converted. Fractions beyond microseconds are cut off.

    Raises:
        RowProblem: missing, malformed, an impossible day, or a placeholder for "never" such as year 0001.
    """
    instant = plain_instant(text) if text else None
    if instant is None:
        return _time_of(text, zone)
    if not (instant.hour or instant.minute or instant.second):
        return BankTime(instant.date(), instant, False)
    return BankTime(instant.date() if zone is UTC else day_in(instant, zone), instant, True)


def plain_instant(text: str) -> datetime | None:
    """The instant of a timestamp in the spelling that nearly all have, `2026-03-05T13:45:09Z`; None for any other."""
    if len(text) != PLAIN_LENGTH or text[4::3] != "--T::Z":
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if EARLIEST_YEAR <= instant.year <= LATEST_YEAR else None


def day_in(instant: datetime, zone: tzinfo) -> date:
    """The calendar day of an instant (UTC) in a zone."""
    day = instant.date()
    offset = _offset_all_day(day, zone)
    if offset is None:
        return instant.astimezone(zone).date()
    minute = instant.hour * 60 + instant.minute + offset
    return day if 0 <= minute < MINUTES_A_DAY else day + timedelta(days=1 if minute > 0 else -1)


@functools.lru_cache(maxsize=10_000)
def _offset_all_day(day: date, zone: tzinfo) -> int | None:
    """By how many minutes the zone's clock is ahead of UTC on a day (UTC); None where that changes, or has seconds."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    first, last = (at.astimezone(zone).utcoffset() for at in (midnight, midnight + timedelta(days=1)))
    if first is None or first != last or first.total_seconds() % 60:
        return None
    return int(first.total_seconds()) // 60


def _time_of(text: str | None, zone: tzinfo) -> BankTime:
    """The same for a timestamp in any spelling."""
    match = _TIMESTAMP.fullmatch(text.strip()) if text else None
    if match is None:
        raise RowProblem("timestamp is missing or malformed")
    year, month, day_of_month = int(match[1]), int(match[2]), int(match[3])
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise RowProblem("timestamp is not a real date")
    hour, minute, second = int(match[4] or 0), int(match[5] or 0), int(match[6] or 0)
    microsecond = int((match[7] or "0")[:6].ljust(6, "0"))
    try:
        written = datetime(year, month, day_of_month, hour, minute, second, microsecond, _zone(match[8]))
    except ValueError:
        raise RowProblem("timestamp is not a real date") from None
    if not (hour or minute or second or microsecond):
        return BankTime(written.date(), written.replace(tzinfo=UTC), False)
    instant = written if written.tzinfo is UTC else written.astimezone(UTC)
    day = instant.date() if zone is UTC else instant.astimezone(zone).date()
    return BankTime(day, instant, True)


def _zone(suffix: str | None) -> timezone:
    if suffix is None or suffix in "Zz":
        return UTC
    digits = suffix[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if suffix[0] == "-" else offset)


def signed_amount(
    amount: Decimal | None,
    transaction_type: str | None,
    transaction_category: str | None,
    kind: AccountKind,
    flags: list[str],
) -> Decimal:
    """The amount in our sign, negative for money out. Appends to `flags` what a person should know.

    The type gives the direction; a sign that disagrees is flagged, because banks use either sign for cards. Without a
    type, the category's DEBIT or CREDIT decides, then the sign: the sign of accounts is documented, and old cards
    without a type send money out as negative. The direction of a positive card row with nothing else is not guessed.

    Raises:
        RowProblem: no amount, an impossible one, or an unknown direction.
    """
    if amount is None or not amount.is_finite():
        raise RowProblem("amount is missing or not a number")
    if not _is_in_range(amount):
        raise RowProblem("amount is out of range")
    return _directed(amount, transaction_type, transaction_category, kind, flags)


def _directed(
    amount: Decimal,
    transaction_type: str | None,
    transaction_category: str | None,
    kind: AccountKind,
    flags: list[str],
) -> Decimal:
    direction = transaction_type if transaction_type in _DIRECTIONS else (transaction_type or "").strip().upper()
    if direction and direction not in _DIRECTIONS:
        raise RowProblem("transaction_type is neither DEBIT nor CREDIT")
    if not direction and (transaction_category or "").strip().upper() in ("DEBIT", "CREDIT"):
        direction = (transaction_category or "").strip().upper()
    if not direction:
        if kind is AccountKind.CARD and amount > 0:
            raise RowProblem("direction is unknown: a card row without transaction_type")
        flags.append("direction_from_sign")
        return amount
    is_out = direction == "DEBIT"
    expected_negative = is_out if kind is AccountKind.ACCOUNT else not is_out
    if amount and (amount < 0) is not expected_negative:
        flags.append("sign_disagrees")
    return -abs(amount) if is_out else abs(amount)


def _running_balance(row: Transaction, currency: str, kind: AccountKind, flags: list[str]) -> Decimal | None:
    balance = row.running_balance
    if balance is None or balance.amount is None or not balance.amount.is_finite():
        return None
    amount: Decimal | None = balance.amount
    is_usable = is_short(balance.amount)
    if not is_usable:
        amount = _without_float_noise(balance.amount, currency, flags)
        is_usable = amount is not None and _is_in_range(amount)
    if (balance.currency or currency) != currency or amount is None or not is_usable:
        flags.append("running_balance_unusable")
        return None
    return -amount if kind is AccountKind.CARD else amount


def _without_float_noise(amount: Decimal | None, currency: str, flags: list[str]) -> Decimal | None:
    """The amount without float rounding errors, flagged if it had some."""
    if amount is None or is_short(amount):
        return amount
    rounded = without_float_noise(amount, currency)
    if rounded is not amount and rounded != amount and FLOAT_NOISE not in flags:
        flags.append(FLOAT_NOISE)
    return rounded


def is_short(amount: Decimal) -> bool:
    """Whether it is short enough to be certainly an amount of money, as nearly all are."""
    written = str(amount)
    length = len(written)
    return (
        length < FEWEST_FLOAT_DIGITS
        and written[-1].isdigit()
        and "E" not in written
        and "N" not in written
        and (length <= MOST_DECIMALS or "." not in written[: -1 - MOST_DECIMALS])
    )


def _is_in_range(amount: Decimal) -> bool:
    """Whether it is a valid amount as written: a float sum of that size is not exact to the penny."""
    if is_short(amount):
        return True
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int)
    return abs(amount) < LARGEST_AMOUNT and -MOST_DECIMALS <= exponent <= MOST_ZEROS


@functools.lru_cache(maxsize=1000)
def checked_currency(currency: str | None) -> str:
    code = (currency or "").strip()
    code = code.upper() if code.isascii() else ""
    if not _CURRENCY.fullmatch(code):
        raise RowProblem("currency is missing or malformed")
    return code


def _merchant(row: Transaction) -> str | None:
    """The payee: TrueLayer's guess, else the fields where some banks put it."""
    meta = row.meta or {}
    for name in (row.merchant_name, *map(meta.get, PAYEE_FIELDS)):
        if isinstance(name, str) and name.strip():
            return _clean(name).strip()
    return None


def _clean(text: str) -> str:
    """The text without NUL, the only character that PostgreSQL cannot store; the raw answer keeps it."""
    return text.replace("\x00", "") if "\x00" in text else text


def _clean_or_none(text: str | None) -> str | None:
    return ((text.replace("\x00", "") if "\x00" in text else text).strip() or None) if text else None


def _written(meta: dict[str, Any]) -> bytes:
    """The bank's other data as JSON that the database can store, its members sorted.

    Data that is nested too deeply is kept as text.
    """
    try:
        written = msgspec.json.encode(meta, order="sorted")
        # Text that has an escaped NUL, or as many brackets as would nest too deeply: what has neither needs no walk.
        if b"\\u0000" not in written and written.count(b"{") + written.count(b"[") <= DEEPEST_META:
            return written
        cleaned: dict[str, Any] = _clean_tree(meta)
    except RecursionError:
        cleaned = {UNREADABLE: {"meta": _clean(json.dumps(meta, ensure_ascii=False))}}
    return msgspec.json.encode(cleaned, order="sorted")


def _clean_tree(value: Any, depth: int = 0) -> Any:
    if depth > DEEPEST_META:
        raise RecursionError("meta is nested too deeply")
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, dict):
        return {_clean(str(key)): _clean_tree(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_tree(item, depth + 1) for item in value]
    return value

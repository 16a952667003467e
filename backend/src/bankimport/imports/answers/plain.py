"""Convert a plain row, as nearly all rows are, in one pass; pure.

`normalise` defines what a row becomes. This does the same for rows without anything odd, with fewer steps; every other
row returns None and takes the long way. `tests/imports/answers/test_plain.py` compares the two on random rows.
"""

import functools
import hashlib
from collections.abc import Hashable
from datetime import UTC, tzinfo
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from bankimport.accounts.models import AccountKind
from bankimport.imports.answers.normalise import (
    DEEPEST_META,
    NewTransaction,
    RowProblem,
    checked_currency,
    day_in,
    is_short,
    plain_instant,
)
from bankimport.money import MOST_DECIMALS
from bankimport.truelayer.schemas import RunningBalance, Wire

_NUL = b"\\u0000"


class _PlainRow(Wire, frozen=True, gc=False):
    """A row whose members all have the usual types."""

    timestamp: str
    description: str
    amount: Decimal
    currency: str
    transaction_type: str
    transaction_category: str | None = None
    transaction_classification: list[str | None] | None = None
    transaction_id: str | None = None
    provider_transaction_id: str | None = None
    normalised_provider_transaction_id: str | None = None
    merchant_name: str | None = None
    running_balance: RunningBalance | None = None
    meta: dict[str, Any] | None = None


_T = TypeVar("_T", bound=Hashable)

_decode = msgspec.json.Decoder(_PlainRow).decode
_encode_meta = msgspec.json.Encoder(order="sorted").encode
_blake2b = hashlib.blake2b
_shown = functools.lru_cache(maxsize=10_000)(repr)


@functools.lru_cache(maxsize=10_000)
def _shared(value: _T) -> _T:
    """The value itself, or an equal one from before: thousands of rows share the bank's few words."""
    return value


_NOT_PLAIN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, RowProblem)


def plain_row(raw: msgspec.Raw, position: int, kind: AccountKind, zone: tzinfo = UTC) -> NewTransaction | None:
    """The row in our form, exactly as `normalise` makes it; None if it is not plain."""
    try:
        row = _decode(raw)
        currency = checked_currency(row.currency)
    except _NOT_PLAIN:
        return None
    text, amount, direction, meta = row.timestamp, row.amount, row.transaction_type, row.meta
    instant = plain_instant(text)
    written = bytes(raw)
    has_escapes = b"\\" in written
    digits = str(amount)
    if instant is None or (has_escapes and _NUL in written) or not _is_plain(digits, amount):
        return None
    if direction == "DEBIT":
        direction, is_out = "DEBIT", True
    elif direction == "CREDIT":
        direction, is_out = "CREDIT", False
    else:
        return None
    is_card = kind is AccountKind.CARD
    flags: tuple[str, ...] = ()
    is_negative = digits[0] == "-"
    if is_negative is (is_out is is_card) and amount:
        flags = ("sign_disagrees",)
    if is_negative is not is_out or digits[-1] == "0":
        amount = -abs(amount) if is_out else abs(amount)
        digits = str(amount.normalize())

    balance = row.running_balance
    running_balance = left = None
    if balance is not None:
        running_balance = balance.amount
        if running_balance is None or balance.currency not in (currency, None):
            return None
        left = str(running_balance)
        if not _is_plain(left, running_balance):
            return None
        if is_card:
            running_balance = -running_balance
        if is_card or left[-1] == "0":
            left = str(running_balance.normalize())

    merchant = (row.merchant_name or "").strip() or None
    written_meta = b"{}"
    if meta:
        if merchant is None and ("provider_merchant_name" in meta or "counter_party_preferred_name" in meta):
            merchant = _merchant_in(meta)
        written_meta = _encode_meta(meta)
        if (b"[" in written_meta or written_meta.rfind(b"{")) and _brackets(written_meta) > DEEPEST_META:
            return None
    words = row.transaction_classification
    classification = _shared(tuple([word.strip() for word in words if word])) if words else ()
    has_time = text[11:19] != "00:00:00"
    category = row.transaction_category
    # What `normalise` gets by `repr` of a tuple. `repr` takes long only for long texts: `meta`.
    content = (
        f"('{text[:19]}+00:00', {has_time}, '{digits}', '{currency}', {row.description!r}, {merchant!r}, "
        f"'{direction}', {category!r}, {_shown(classification)}, {left!r}, {_shown_bytes(written_meta)})"
    )
    first_id, second_id = row.transaction_id, row.provider_transaction_id
    third_id = row.normalised_provider_transaction_id
    return NewTransaction(
        position,
        instant.date() if zone is UTC or not has_time else day_in(instant, zone),
        instant,
        has_time,
        amount,
        currency,
        row.description,
        merchant and _shared(merchant),
        direction,
        (_shared(category.strip()) or None) if category else None,
        classification,
        (first_id.strip() or None) if first_id else None,
        (second_id.strip() or None) if second_id else None,
        (third_id.strip() or None) if third_id else None,
        running_balance,
        written_meta,
        flags,
        _blake2b(content.encode(), digest_size=16).digest(),
    )


def _is_plain(digits: str, amount: Decimal) -> bool:
    is_few_digits = len(digits) <= MOST_DECIMALS and "E" not in digits and amount.is_finite()
    return is_few_digits or is_short(amount)


def _brackets(written: bytes) -> int:
    return written.count(b"{") + written.count(b"[")


def _merchant_in(meta: dict[str, Any]) -> str | None:
    for name in (meta.get("provider_merchant_name"), meta.get("counter_party_preferred_name")):
        if isinstance(name, str) and name.strip():
            return name.strip()
    return None


def _shown_bytes(written: bytes) -> str:
    """The same as `repr`, by fewer steps where nothing but letters outside ASCII is to be escaped."""
    if b"\\" in written or b"\x7f" in written or b"'" in written:
        return repr(written)
    if written.isascii():
        return f"b'{written.decode()}'"
    return f"b'{written.decode('latin-1').encode('ascii', 'backslashreplace').decode()}'"

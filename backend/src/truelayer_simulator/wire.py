"""Write true rows in TrueLayer's format, fast and byte by byte; pure."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, timedelta

from truelayer_simulator.dataset import (
    DESCRIPTIONS,
    AccountKey,
    TrueRow,
    amended_rows,
    balance_before,
    days_between,
)
from truelayer_simulator.many_countries import description_of
from truelayer_simulator.profiles import BankProfile


def _text(value: str) -> bytes:
    return json.dumps(value).encode()


def _descriptor(entry: tuple[str, str, str, str, str], has_classification: bool) -> tuple[bytes, bytes]:
    description, merchant, category, primary, sub = entry
    classification = [primary, sub] if has_classification and primary else []
    tail = b'"transaction_category":' + _text(category)
    tail += b',"transaction_classification":' + json.dumps(classification).encode()
    if merchant and has_classification:
        tail += b',"merchant_name":' + _text(merchant)
    return _text(description), tail


_DESCRIPTORS = {flag: [_descriptor(entry, flag) for entry in DESCRIPTIONS] for flag in (True, False)}
MALFORMED = (
    b'{"transaction_id":"bad1","timestamp":"2017-02-247T00:00:00Z","description":"NO SUCH DAY","amount":-1.00,'
    b'"currency":"GBP","transaction_type":"DEBIT","transaction_category":"PURCHASE","transaction_classification":[]}',
    b'{"transaction_id":"bad2","timestamp":"0001-01-01T00:00:00Z","description":"NEVER","amount":-2.00,'
    b'"currency":"GBP","transaction_type":"DEBIT","transaction_category":"PURCHASE","transaction_classification":[]}',
    b'{"transaction_id":"bad3","timestamp":"2026-01-02T00:00:00Z","description":"NO AMOUNT","amount":"ten",'
    b'"currency":"GBP","transaction_type":"DEBIT","transaction_category":"PURCHASE","transaction_classification":[]}',
)


class RowWriter:
    """Writes one account's rows for one call.

    `salt` is mixed into changing ids; it represents the call or the consent.
    """

    def __init__(self, profile: BankProfile, account: AccountKey, opened: int, today: date, salt: str, call: int):
        self._profile = profile
        self._account = account
        self._opened = opened
        self._today = today
        self._salt = salt
        self._call = call
        self._descriptors = _DESCRIPTORS[profile.has_classification]

    def chunks(self, first: date, last: date) -> Iterator[bytes]:
        """The complete envelope for these days, both inclusive, one day at a time."""
        first = max(first, date.fromordinal(self._opened))
        separator = b""
        yield b'{"results":['
        if self._profile.malformed:
            yield b",".join(MALFORMED)
            separator = b","
        left = self._profile.most_rows_in_answer
        if first <= last:
            for ordinal in days_between(first, last, newest_first=self._profile.newest_first):
                rows = self._rows(ordinal)[:left]
                if rows:
                    yield separator + b",".join(rows)
                    separator = b","
                if left is not None and not (left := left - len(rows)):
                    break
        yield b'],"status":"Succeeded"}'

    def pending(self, held: int) -> bytes:
        """The envelope of pending rows: tomorrow's bookings, and holds that are never booked."""
        tomorrow = (self._today + timedelta(days=1)).toordinal()
        rows = amended_rows(self._account, tomorrow, "none", self._today)[:held]
        written = []
        for row in rows:
            is_hold = self._profile.pending_vanishes and row.number % 2 == 1
            identity = row.identity
            if is_hold or not self._profile.pending_keeps_id:
                identity = hashlib.blake2b(b"pending" + row.identity, digest_size=16).digest()
            shown = TrueRow(self._today.toordinal(), row.number, row.pence, row.merchant, row.second_of_day, identity)
            written.append(self._write(shown, None))
        return b'{"results":[' + b",".join(written) + b'],"status":"Succeeded"}'

    def visible(self, ordinal: int) -> list[TrueRow]:
        """The day's rows that the bank knows today, in the order they happened."""
        profile = self._profile
        rows = amended_rows(self._account, ordinal, profile.amendment, self._today)
        is_late = profile.late_days and ordinal % 5 == 0
        if is_late and date.fromordinal(ordinal) + timedelta(days=profile.late_days) > self._today:
            rows = rows[1:]
        return rows

    def _rows(self, ordinal: int) -> list[bytes]:
        profile = self._profile
        rows = self.visible(ordinal)
        balances: list[int | None] = [None] * len(rows)
        if profile.has_running_balance and not self._account.is_card:
            amended_on = profile.balances_amended_on(self._today)
            balance = balance_before(self._account, self._opened, ordinal, amended_on)
            for index, row in enumerate(rows):
                balance += row.pence
                balances[index] = balance
        written = [self._write(row, balance) for row, balance in zip(rows, balances, strict=True)]
        if profile.dropped and ordinal % 7 == 0 and self._call % 2 == 0:
            written = written[1:]
        if profile.doubled and ordinal % 6 == 0 and written:
            written.insert(1, written[0])
        if profile.newest_first:
            written.reverse()
        return written

    def _write(self, row: TrueRow, balance: int | None) -> bytes:
        profile = self._profile
        description, tail = self._descriptors[row.merchant]
        if profile.is_of_many_countries:
            description = _text(description_of(row))
        is_settled = row.day + timedelta(days=2) <= self._today
        if profile.amendment == "description" and row.ordinal % 2 == 0 and row.number == 0 and is_settled:
            description = description[:-1] + b' REF 77"'
        out = row.pence < 0
        amount = row.pence
        kind = b'"transaction_type":"DEBIT",' if out else b'"transaction_type":"CREDIT",'
        if self._account.is_card:
            if profile.is_legacy_card and out:
                kind = b""
            elif not profile.is_legacy_card:
                amount = -amount
        elif profile.odd_signs and not out and row.number == 0:
            amount = -amount
        parts = [
            b'{"timestamp":"',
            self._timestamp(row),
            b'","description":',
            description,
            b',"amount":',
            self._money(amount),
            b',"currency":"GBP",',
            kind,
            tail,
            self._ids(row, description),
        ]
        if balance is not None:
            parts += [b',"running_balance":{"amount":', self._money(balance), b',"currency":"GBP"}']
        parts.append(b',"meta":{"provider_transaction_category":"DEB"}}')
        return b"".join(parts)

    def _money(self, pence: int) -> bytes:
        return b'"%s"' % _money(pence) if self._profile.amounts_as_text else _money(pence)

    def _timestamp(self, row: TrueRow) -> bytes:
        profile = self._profile
        if profile.has_real_times:
            minute, second = divmod(row.second_of_day, 60)
            clock = f"{minute // 60:02d}:{minute % 60:02d}:{second:02d}"
            digits = "1234567"[: profile.fraction_digits]
            clock += f".{digits}" if digits else ""
        else:
            clock = "00:00:00"
        return f"{row.day.isoformat()}T{clock}{profile.zone}".encode()

    def _ids(self, row: TrueRow, description: bytes) -> bytes:
        profile = self._profile
        stable = row.identity.hex().encode()
        is_idless = not (profile.has_normalised_ids or profile.has_provider_ids)
        transaction_id = stable
        if is_idless:
            content = b"%d|%d|%s" % (row.ordinal, row.pence, description)
            transaction_id = hashlib.blake2b(content, digest_size=16).hexdigest().encode()
        if profile.churn != "never":
            transaction_id = (
                hashlib.blake2b(transaction_id + self._salt.encode() + b"%d" % row.number, digest_size=16)
                .hexdigest()
                .encode()
            )
        ids = b',"transaction_id":"' + transaction_id + b'"'
        if profile.has_provider_ids:
            provider_id = stable[:20]
            if profile.reused_provider_ids:
                provider_id = b"ref-%d" % (row.identity[0] % 40)
            elif profile.provider_ids_churn:
                provider_id = hashlib.blake2b(stable + self._salt.encode(), digest_size=10).hexdigest().encode()
            ids += b',"provider_transaction_id":"' + provider_id + b'"'
        if profile.has_normalised_ids:
            ids += b',"normalised_provider_transaction_id":"txn-' + stable[8:] + b'"'
        return ids


def _money(pence: int) -> bytes:
    sign = b"-" if pence < 0 else b""
    return b"%s%d.%02d" % (sign, abs(pence) // 100, abs(pence) % 100)

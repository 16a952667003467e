"""One account's rows in v3's form, as the bank's profile and the settings have them; pure."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from truelayer_simulator.dataset import DESCRIPTIONS, AccountKey
from truelayer_simulator.profiles import BankProfile
from truelayer_simulator.v3.settings import V3Settings
from truelayer_simulator.wire import RowWriter

_NAMES = {description: merchant for description, merchant, *_ in DESCRIPTIONS}
_REUSED = 40
"""How many ids all rows share where ids are reused."""


def settled_rows(
    writer: RowWriter, days: tuple[date, date], settings: V3Settings, salt: str, *, enriched: bool
) -> list[dict[str, Any]]:
    """The booked rows of these days, both inclusive: newest first, then by id descending."""
    first, last = days
    body = b"".join(writer.chunks(first, last))
    rows = [
        _row(item, "settled", settings, salt, enriched=enriched)
        for item in json.loads(body, parse_float=Decimal)["results"]
    ]
    return sorted((row for row in rows if row is not None), key=lambda row: (row["timestamp"], row["id"]), reverse=True)


def pending_rows(
    writer: RowWriter, profile: BankProfile, settings: V3Settings, salt: str, *, enriched: bool
) -> list[dict[str, Any]]:
    """The rows that are not booked yet."""
    items = json.loads(writer.pending(profile.pending), parse_float=Decimal)["results"]
    rows = [_row(item, "pending", settings, salt, enriched=enriched) for item in items]
    return [row for row in rows if row is not None]


def foreign_row(day: date) -> dict[str, Any]:
    """A row in a currency whose minor unit v3 does not establish."""
    return {
        "id": hashlib.blake2b(day.isoformat().encode(), digest_size=16).hexdigest(),
        "timestamp": f"{day.isoformat()}T00:00:00Z",
        "description": "TOKYO HOTEL",
        "currency": "JPY",
        "amount_in_minor": -12_000,
        "status": "settled",
    }


def account_id(key: AccountKey, settings: V3Settings, consent_number: int) -> str:
    """The id of an account at a consent."""
    salt = f"|{consent_number}" if settings.account_ids_change else ""
    return hashlib.blake2b(f"v3|{key.text}{salt}".encode(), digest_size=16).hexdigest()


def writer_of(profile: BankProfile, key: AccountKey, opened: date, today: date, number: int) -> RowWriter:
    """What writes the account's rows as they are at the request with this number."""
    return RowWriter(profile, key, opened.toordinal(), today, f"request {number}", number)


def reachable(first: date, today: date, depth_days: int) -> date:
    """The first day that a bank of this depth gives."""
    return max(first, today - timedelta(days=depth_days))


def _row(
    item: dict[str, Any], status: str, settings: V3Settings, salt: str, *, enriched: bool
) -> dict[str, Any] | None:
    if not isinstance(item.get("amount"), Decimal) or item["currency"] not in ("GBP", "EUR"):
        return None
    pence = int(abs(item["amount"]) * 100)
    is_out = item.get("transaction_type") == "DEBIT" or ("transaction_type" not in item and item["amount"] < 0)
    timestamp = item["timestamp"]
    row: dict[str, Any] = {
        "id": _id(item["transaction_id"], status, settings, salt),
        "timestamp": timestamp if timestamp.endswith("Z") or timestamp[-6] in "+-" else f"{timestamp}Z",
        "description": item["description"],
        "currency": item["currency"],
        "amount_in_minor": -pence if is_out else pence,
        "status": status,
    }
    merchant = _NAMES.get(item["description"])
    if enriched and settings.enrichment != "none" and (merchant or settings.enrichment == "all"):
        row["enrichment"] = {
            "merchant_name": merchant or "Unknown",
            "transaction_category": {"category_code": "C_BL_00", "category_name": "Bills - Generic"},
        }
    return row


def _id(known: str, status: str, settings: V3Settings, salt: str) -> str:
    if settings.row_ids == "reused":
        return f"ref-{int.from_bytes(hashlib.blake2b(known.encode(), digest_size=4).digest()) % _REUSED}"
    changes = settings.row_ids == "per_request" or (settings.row_ids == "on_settling" and status == "pending")
    return hashlib.blake2b(f"{known}|{salt}".encode(), digest_size=16).hexdigest() if changes else known

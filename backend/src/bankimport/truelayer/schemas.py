"""Wire models with field names exactly as TrueLayer spells them; optional fields may also be null.

Source: docs.truelayer.com, "Account and transaction data" and "Account data requests".
"""

from decimal import Decimal
from typing import Any

import msgspec


class Wire(msgspec.Struct, frozen=True, gc=False):
    """Base of the wire models: unknown fields are ignored, and enums stay plain strings."""


class Provider(Wire, frozen=True):
    """The bank."""

    provider_id: str | None = None
    display_name: str | None = None
    logo_uri: str | None = None


class Me(Wire, frozen=True):
    """TrueLayer's description of the connection; the dates are sometimes missing."""

    credentials_id: str | None = None
    client_id: str | None = None
    provider: Provider | None = None
    scopes: list[str] | None = None
    consent_status: str | None = None
    consent_created_at: str | None = None
    consent_expires_at: str | None = None


class Info(Wire, frozen=True):
    """The holder of the accounts; addresses, phone numbers and the like are not read."""

    full_name: str | None = None


class AccountNumber(Wire, frozen=True):
    """The numbers of an account, as far as the bank reports them."""

    iban: str | None = None
    number: str | None = None
    sort_code: str | None = None
    swift_bic: str | None = None


class Account(Wire, frozen=True):
    """A bank account."""

    account_id: str
    account_type: str | None = None
    display_name: str | None = None
    currency: str | None = None
    account_number: AccountNumber | None = None
    provider: Provider | None = None
    update_timestamp: str | None = None


class Card(Wire, frozen=True):
    """A card; TrueLayer calls its key `account_id` too."""

    account_id: str
    card_network: str | None = None
    card_type: str | None = None
    currency: str | None = None
    display_name: str | None = None
    partial_card_number: str | None = None
    name_on_card: str | None = None
    provider: Provider | None = None
    update_timestamp: str | None = None


class Balance(Wire, frozen=True):
    """The balance of an account or card. On a card a positive `current` is money owed."""

    currency: str | None = None
    current: Decimal | None = None
    available: Decimal | None = None
    overdraft: Decimal | None = None
    credit_limit: Decimal | None = None
    update_timestamp: str | None = None


class RunningBalance(Wire, frozen=True):
    """The balance after a transaction, in the account's own sign."""

    amount: Decimal | None = None
    currency: str | None = None


class Transaction(Wire, frozen=True):
    """A movement, booked or pending: only its endpoint shows which."""

    timestamp: str | None = None
    description: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    transaction_type: str | None = None
    transaction_category: str | None = None
    transaction_classification: list[str | None] | None = None
    transaction_id: str | None = None
    provider_transaction_id: str | None = None
    normalised_provider_transaction_id: str | None = None
    merchant_name: str | None = None
    running_balance: RunningBalance | None = None
    meta: dict[str, Any] | None = None


class FetchedRow(msgspec.Struct, frozen=True, gc=False):
    """One row of a transactions answer: its index, its bytes, and either the row or its problem."""

    position: int
    raw: bytes
    transaction: Transaction | None
    problem: str | None

    def read(self) -> "FetchedRow":
        """The row itself, like `UnreadRow.read`."""
        return self

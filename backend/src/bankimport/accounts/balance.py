"""Read an account's balance out of what the bank says: in the account's own currency and in our sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bankimport.accounts.models import Account, AccountKind
from bankimport.truelayer import schemas as wire

LARGEST_BALANCE = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class OwnBalance:
    """A balance in our sign: negative = the user owes, for cards too. `available` is as the bank gives it."""

    current: Decimal
    available: Decimal | None


def balance_of_account(account: Account, given: Sequence[wire.Balance]) -> OwnBalance | None:
    """The first balance that is in the account's currency; None when there is none.

    A balance that names no currency is in the account's own: a card's `current` is all that the bank must give. On
    cards `current` is what is owed, so it becomes negative.
    """
    for balance in given:
        currency = (balance.currency or account.currency).upper()
        if currency != account.currency or balance.current is None or not _is_amount(balance.current):
            continue
        current = -balance.current if account.kind is AccountKind.CARD else balance.current
        is_usable = balance.available is not None and _is_amount(balance.available)
        return OwnBalance(current, balance.available if is_usable else None)
    return None


def keep_balance(account: Account, balance: OwnBalance, received_at: datetime) -> None:
    """Store a balance as the account's newest."""
    account.balance_current = balance.current
    account.balance_available = balance.available
    account.balance_at = received_at


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and abs(value) < LARGEST_BALANCE

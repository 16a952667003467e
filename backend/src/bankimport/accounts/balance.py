"""Read an account's balance from the bank's answer: in the account's own currency and in our sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bankimport.accounts.models import Account, AccountKind
from bankimport.truelayer import schemas as wire

LARGEST_BALANCE = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class OwnBalance:
    """A balance in our sign: negative = the user owes money, for cards too. `available` is as the bank reports it."""

    current: Decimal
    available: Decimal | None


def balance_of_account(account: Account, given: Sequence[wire.Balance]) -> OwnBalance | None:
    """The first balance in the account's currency; None if there is none.

    A balance without a currency is in the account's own. Banks must report only `current` for cards; it is the amount
    owed, so it becomes negative.
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

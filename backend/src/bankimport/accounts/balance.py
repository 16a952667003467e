"""Read an account's balance from the bank's answer: in the account's own currency and in our sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bankimport.accounts.models import Account, AccountKind
from bankimport.connections.bank_facts import facts_of
from bankimport.money import LARGEST_AMOUNT, without_float_noise
from bankimport.truelayer import schemas as wire


@dataclass(frozen=True, slots=True)
class OwnBalance:
    """A balance in our sign: negative = the user owes money, for cards too. `available` is as the bank reports it."""

    current: Decimal
    available: Decimal | None


def balance_of_account(account: Account, balances: Sequence[wire.Balance]) -> OwnBalance | None:
    """The first balance in the account's currency; None if there is none.

    A balance without a currency is in the account's own. Banks must report only `current` for cards; it is the amount
    owed, so it becomes negative. Float rounding errors are corrected, as in rows. If the bank does not report an
    account's `current`, it is `available` without the overdraft, which counts pending rows.
    """
    for balance in balances:
        if (balance.currency or account.currency).upper() != account.currency:
            continue
        available = _amount(balance.available, account.currency)
        current = _amount(balance.current, account.currency)
        if account.kind is AccountKind.CARD:
            current = None if current is None else -current
        elif balance.current is None and available is not None:
            current = _without_overdraft(available, _amount(balance.overdraft, account.currency), account.bank_id)
        if current is not None:
            return OwnBalance(current, available)
    return None


def _without_overdraft(available: Decimal, overdraft: Decimal | None, bank_id: str) -> Decimal | None:
    """The account's own money; None if the bank counts an overdraft that it does not report."""
    if not facts_of(bank_id).available_has_overdraft:
        return available
    return None if overdraft is None else available - overdraft


def keep_balance(account: Account, balance: OwnBalance, received_at: datetime) -> None:
    """Store a balance as the account's newest."""
    account.balance_current = balance.current
    account.balance_available = balance.available
    account.balance_at = received_at


def _amount(value: Decimal | None, currency: str) -> Decimal | None:
    if value is None or not value.is_finite() or abs(value) >= LARGEST_AMOUNT:
        return None
    return without_float_noise(value, currency)

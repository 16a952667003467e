"""An account's balance among those that the bank reports."""

from decimal import Decimal

import pytest

from bankimport.accounts.balance import OwnBalance, balance_of_account
from bankimport.accounts.models import Account, AccountKind
from bankimport.truelayer.schemas import Balance


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("account", [("EUR", "7"), ("gbp", "9")], OwnBalance(Decimal(9), None)),
        ("account", [("EUR", "7"), (None, "9")], OwnBalance(Decimal(9), None)),
        ("account", [("EUR", "7")], None),
        ("account", [("GBP", None)], None),
        ("account", [("GBP", "1e999")], None),
        ("account", [("GBP", "-160.19999999999999")], OwnBalance(Decimal("-160.20"), None)),
        ("card", [("GBP", "160.20000000000002")], OwnBalance(Decimal("-160.20"), None)),
        ("card", [("GBP", "160.2000000000001953125")], OwnBalance(Decimal("-160.20"), None)),
    ],
)
def test_the_balance_is_in_the_accounts_currency_and_without_float_noise(
    kind: str, given: list[tuple[str | None, str | None]], expected: OwnBalance | None
) -> None:
    account = Account(kind=AccountKind(kind), currency="GBP")
    balances = [Balance(currency, None if current is None else Decimal(current)) for currency, current in given]

    assert balance_of_account(account, balances) == expected

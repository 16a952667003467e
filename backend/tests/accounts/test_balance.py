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


@pytest.mark.parametrize(
    ("balance", "current"),
    [
        (Balance(current=Decimal(5), available=Decimal(106), overdraft=Decimal(100)), 5),
        (Balance(available=Decimal(106), overdraft=Decimal(100)), 6),
        (Balance(available=Decimal(60), overdraft=Decimal(100)), -40),
        (Balance(available=Decimal(106)), None),
        (Balance(overdraft=Decimal(100)), None),
        (Balance(current=Decimal("1e999"), available=Decimal(106), overdraft=Decimal(100)), None),
    ],
)
def test_without_current_it_is_what_is_available_without_a_known_overdraft(
    balance: Balance, current: int | None
) -> None:
    account = Account(kind=AccountKind.ACCOUNT, currency="GBP", bank_id="ob-unheard-of")
    card = Account(kind=AccountKind.CARD, currency="GBP", bank_id="ob-unheard-of")

    found = balance_of_account(account, [balance])

    assert (None if found is None else found.current) == current
    on_card = balance_of_account(card, [balance])
    assert on_card is None or balance.current is not None, "a card's credit limit says nothing about what is owed"

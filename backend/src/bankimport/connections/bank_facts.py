"""Published facts about banks: a first guess, never a limit; a bank's real behaviour overrides them.

Depth. Source: support.truelayer.com, article 360003168153 (since removed), as clients copied it about 2020.
Balances and `meta`. Source: TrueLayer's specification of the Data API v1, schemas of balances and transactions.
"""

import re
from dataclasses import dataclass

YEAR = 365
_API_PREFIX = re.compile(r"^(?:uk-)?(?:oauth|ob)-")

PAYEE_FIELDS = ("provider_merchant_name", "counter_party_preferred_name")
"""Fields of `meta` with the payee, most reliable first. Dutch banks and Monzo's Faster Payments have it only there."""


@dataclass(frozen=True, slots=True)
class BankFacts:
    """Facts about one bank; the defaults are what TrueLayer specifies for all banks.

    `account_days` and `card_days` are days of history, None if unknown; `at_any_time`: all of them are also available
    long after consent. `current_has_pending`: the balance `current` counts pending rows. `available_has_overdraft`: the
    balance `available` includes the arranged overdraft; it always counts pending rows. `meta` are the fields of `meta`
    that only this bank fills; none of them contains a balance.
    """

    account_days: int | None = None
    card_days: int | None = None
    at_any_time: bool = False
    current_has_pending: bool = False
    available_has_overdraft: bool = True
    meta: tuple[str, ...] = ()


_LLOYDS_GROUP = BankFacts(6 * YEAR, 182)
_HSBC_GROUP = BankFacts(6 * YEAR)
_NATWEST_GROUP = BankFacts(6 * YEAR, 6 * YEAR, at_any_time=True)
_TWO_YEARS = BankFacts(2 * YEAR, 2 * YEAR, at_any_time=True)

_FACTS = {
    "bankofscotland": _LLOYDS_GROUP,
    "halifax": _LLOYDS_GROUP,
    "lloyds": _LLOYDS_GROUP,
    "barclays": _TWO_YEARS,
    "santander": _TWO_YEARS,
    "danske": BankFacts(760, 760),
    "first-direct": BankFacts(5 * YEAR),
    "hsbc": _HSBC_GROUP,
    "mands": _HSBC_GROUP,
    "hsbc-business": BankFacts(6 * YEAR, at_any_time=True),
    "mbna": BankFacts(None, 182),
    "amex": BankFacts(meta=("transaction_type",)),
    "monzo": BankFacts(6 * YEAR, 6 * YEAR, meta=("debtor_account_name",)),
    "revolut": BankFacts(6 * YEAR, 6 * YEAR, meta=("user_comments",)),
    "starling": BankFacts(meta=("provider_source", "provider_transaction_id")),
    "nationwide": BankFacts(456, 90),
    "natwest": _NATWEST_GROUP,
    "rbs": _NATWEST_GROUP,
    "tsb": BankFacts(5 * YEAR, 2 * YEAR),
    "ulster": BankFacts(6 * YEAR, 2 * YEAR, at_any_time=True),
}


_SPECIFIED = BankFacts()


def facts_of(bank_id: str) -> BankFacts:
    """The published facts about a bank, by its provider id at TrueLayer, such as `ob-monzo` or `uk-ob-monzo`."""
    return _FACTS.get(_API_PREFIX.sub("", bank_id), _SPECIFIED)

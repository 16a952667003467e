"""Published depth of banks' history: a first guess for a plan, never a limit; a bank's real behaviour overrides it.

Source: support.truelayer.com, article 360003168153 (since removed), as clients copied it about 2020.
"""

import re
from dataclasses import dataclass

YEAR = 365
_API_PREFIX = re.compile(r"^(?:uk-)?(?:oauth|ob)-")


@dataclass(frozen=True, slots=True)
class BankFacts:
    """Days of history of accounts and of cards; None if unknown. `at_any_time`: also available long after consent."""

    account_days: int | None
    card_days: int | None = None
    at_any_time: bool = False


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
    "monzo": BankFacts(6 * YEAR, 6 * YEAR),
    "revolut": BankFacts(6 * YEAR, 6 * YEAR),
    "nationwide": BankFacts(456, 90),
    "natwest": _NATWEST_GROUP,
    "rbs": _NATWEST_GROUP,
    "tsb": BankFacts(5 * YEAR, 2 * YEAR),
    "ulster": BankFacts(6 * YEAR, 2 * YEAR, at_any_time=True),
}


def facts_of(bank_id: str) -> BankFacts | None:
    """The published facts about a bank, by its provider id at TrueLayer, such as `ob-monzo` or `uk-ob-monzo`."""
    return _FACTS.get(_API_PREFIX.sub("", bank_id))

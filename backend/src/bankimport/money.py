"""Money: an exact amount and its currency. An amount that is not known is None, and never zero."""

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, ISO 4217's three letters."""

    amount: Decimal
    currency: str

    def times(self, count: int) -> "Money":
        """As many times as much."""
        return Money(self.amount * count, self.currency)


def parse_money(text: str) -> Money:
    """Money written as `0.35 GBP`.

    Raises:
        ValueError: it is not.
    """
    if not re.fullmatch(r"\d{1,12}(\.\d{1,8})? [A-Z]{3}", text):
        raise ValueError("must be an amount, a space and a currency")
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


def summed(moneys: list[Money]) -> list[Money]:
    """Per currency the sum, in the order of the currencies' names."""
    sums: dict[str, Decimal] = {}
    for money in moneys:
        sums[money.currency] = sums.get(money.currency, Decimal()) + money.amount
    return [Money(sums[currency], currency) for currency in sorted(sums)]

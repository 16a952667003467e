"""Money: an exact amount and its currency. An unknown amount is None, never zero."""

import re
from dataclasses import dataclass
from decimal import Decimal

# fmt: off
ISO_CURRENCIES = frozenset((
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
    "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CLF", "CLP",
    "CNY", "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD",
    "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR",
    "IQD", "IRR", "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK",
    "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK",
    "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS",
    "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH",
    "UGX", "USD", "USN", "UYI", "UYU", "UYW", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XAG", "XAU", "XCD",
    "XCG", "XDR", "XOF", "XPD", "XPF", "XPT", "XSU", "XUA", "YER", "ZAR", "ZMW", "ZWG",
))
# fmt: on
"""Source: ISO 4217, list one, with its funds and metals."""

MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""The currencies whose minor unit is not a hundredth. Source: ISO 4217, list one."""

USUAL_MINOR_DIGITS = 2
FINEST_MINOR_DIGITS = 8
"""For a code that is not in ISO 4217, such as BTC, whose smallest unit is 0.00000001."""


def in_digits(amount: Decimal) -> str:
    """The amount in digits, never with an exponent."""
    written = str(amount)
    return format(amount, "f") if "E" in written else written


MOST_NOISE = Decimal("1e-6")
FEWEST_FLOAT_DIGITS = 15
MOST_WRITTEN_DECIMALS = 400
"""The longest form of a float; nothing longer is meant as an amount."""

LARGEST_AMOUNT = Decimal("1e15")
MOST_DECIMALS = 8


def without_float_noise(amount: Decimal, currency: str) -> Decimal:
    """The amount without float rounding errors: the whole minor units that were meant.

    It counts as an error if it has as many digits as a float shows and is within `MOST_NOISE` of such a non-zero
    amount.
    """
    if not amount.is_finite() or abs(amount) >= LARGEST_AMOUNT:
        return amount
    _, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)
    decimals = minor_digits(currency)
    if -exponent <= decimals or not (-exponent > MOST_DECIMALS or len(digits) >= FEWEST_FLOAT_DIGITS):
        return amount
    if exponent < -MOST_WRITTEN_DECIMALS:
        return amount
    meant = amount.quantize(Decimal(1).scaleb(-decimals))
    return meant if meant == amount or (meant and abs(meant - amount) <= MOST_NOISE) else amount


def minor_digits(currency: str) -> int:
    """The maximum number of decimals of an amount in the currency."""
    if currency not in ISO_CURRENCIES:
        return FINEST_MINOR_DIGITS
    return MINOR_DIGITS.get(currency, USUAL_MINOR_DIGITS)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, given as ISO 4217's three letters."""

    amount: Decimal
    currency: str

    def times(self, count: int) -> "Money":
        """The amount multiplied by `count`."""
        return Money(self.amount * count, self.currency)


def parse_money(text: str) -> Money:
    """Parse money written as `0.35 GBP`.

    Raises:
        ValueError: the text has another form.
    """
    if not re.fullmatch(r"\d{1,12}(\.\d{1,8})? [A-Z]{3}", text):
        raise ValueError("must be an amount, a space and a currency")
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


def summed(moneys: list[Money]) -> list[Money]:
    """The sum per currency, ordered by currency."""
    sums: dict[str, Decimal] = {}
    for money in moneys:
        sums[money.currency] = sums.get(money.currency, Decimal()) + money.amount
    return [Money(sums[currency], currency) for currency in sorted(sums)]

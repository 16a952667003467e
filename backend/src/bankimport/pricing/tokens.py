"""What tokens cost, by the settings or by the price list of `genai-prices`; unknown is None, never zero."""

from dataclasses import dataclass
from decimal import Decimal

from bankimport.money import Money

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """Prices per million tokens, from a setting; cached tokens cost the same as others."""

    input: Decimal
    output: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one call; `input` includes `cached`."""

    input: int
    output: int
    cached: int = 0


@dataclass(frozen=True, slots=True)
class PricedCalls:
    """Calls paid in one currency, or, with both None, calls of unknown price.

    `reserved` of them are counted at their maximum cost, because their answer has not arrived.
    """

    calls: int
    reserved: int
    amount: Decimal | None
    currency: str | None


def cost_of(model: str, tokens: Tokens, prices: TokenPrices | None, *, has_own_address: bool) -> Money | None:
    """The cost of the tokens with this model, `provider:name`; None if unknown.

    The price list is used only for providers' own addresses. Only a setting can give the price of another server.
    """
    if prices is not None:
        amount = (prices.input * tokens.input + prices.output * tokens.output) / _MILLION
        return Money(amount, prices.currency)
    if has_own_address:
        return None
    # The list is large; most processes never need it.
    from genai_prices import Usage, calc_price

    provider, _, name = model.partition(":")
    usage = Usage(input_tokens=tokens.input, output_tokens=tokens.output, cache_read_tokens=tokens.cached)
    try:
        return Money(calc_price(usage, name, provider_id=provider).total_price, "USD")
    except LookupError:
        return None

"""What tokens cost: from the settings, or from the price list of `genai-prices`; unknown is None and never zero."""

from dataclasses import dataclass
from decimal import Decimal

from bankimport.money import Money

_MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TokenPrices:
    """Prices of a million tokens, as a setting gives them; cached tokens cost as much as others."""

    input: Decimal
    output: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one call; `cached` are among `input`."""

    input: int
    output: int
    cached: int = 0


@dataclass(frozen=True, slots=True)
class PricedCalls:
    """Calls that are paid in one currency, or, with both None, at a price that nobody knows.

    `reserved` of them are counted at their greatest cost, since their answer was not heard.
    """

    calls: int
    reserved: int
    amount: Decimal | None
    currency: str | None


def cost_of(model: str, tokens: Tokens, given: TokenPrices | None, *, has_own_address: bool) -> Money | None:
    """What the tokens cost with this model, `provider:name`; None when nobody says.

    The list is asked only for providers' own addresses: what another server charges, only a setting can say.
    """
    if given is not None:
        amount = (given.input * tokens.input + given.output * tokens.output) / _MILLION
        return Money(amount, given.currency)
    if has_own_address:
        return None
    # The list is large; most processes never ask what a model costs.
    from genai_prices import Usage, calc_price

    provider, _, name = model.partition(":")
    usage = Usage(input_tokens=tokens.input, output_tokens=tokens.output, cache_read_tokens=tokens.cached)
    try:
        return Money(calc_price(usage, name, provider_id=provider).total_price, "USD")
    except LookupError:
        return None

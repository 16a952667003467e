"""Report spending in parts, each with the path of the rows behind it."""

from urllib.parse import urlencode

from bankimport.costs.facts import Facts
from bankimport.costs.schemas import SpentPart, SpentRead
from bankimport.days import Days
from bankimport.imports.plan.spending import cost_of
from bankimport.pricing.cost import Cost, CostKind, CostPart
from bankimport.pricing.prices import Prices

PATH = "/api/truelayer/analytics/costs"
UNKNOWN = "unknown"
"""As `currency`: calls of unknown price."""

_ROWS_OF = {
    CostKind.CONNECTION_MONTH: "connection-months",
    CostKind.CALLS: "calls",
    CostKind.ENRICHMENT: "llm-calls",
}


def rows_path(kind: str, span: Days, **narrowed: object) -> str:
    """The path of the rows behind a figure."""
    query = {"from": span.first.isoformat(), "to": span.last.isoformat(), **narrowed}
    return f"{PATH}/{kind}?{urlencode(query)}"


def cost_of_facts(facts: Facts, known: Prices) -> Cost:
    """The cost of what happened in a span."""
    calls = sum(fact.calls for fact in facts.calls)
    return cost_of(calls, len(facts.charges), [fact.priced for fact in facts.asked], known)


def spent_read(cost: Cost, span: Days) -> SpentRead:
    """A cost whose parts link to their rows."""
    return SpentRead(
        amount=cost.amount,
        currency=cost.currency,
        amounts=cost.amounts,
        unknown=cost.unknown,
        parts=[
            SpentPart(
                what=part.what,
                quantity=part.quantity,
                amount=part.amount,
                currency=part.currency,
                note=part.note,
                rows=rows_path(_ROWS_OF[part.what], span, **_currency_of(part)),
            )
            for part in cost.parts
        ],
        rows=rows_path("charges", span),
    )


def _currency_of(part: CostPart) -> dict[str, object]:
    """The filter that selects this part's rows if one kind of cost has several."""
    if part.what is not CostKind.ENRICHMENT or not part.quantity:
        return {}
    return {"currency": part.currency or UNKNOWN}

"""The ladder: which rung says a row's merchant and category, and which rows are left for a model; pure."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from bankimport.enrichment.categories.taxonomy import TRANSFERS, UNKNOWN, category_from_truelayer
from bankimport.enrichment.keys.merchant_key import Direction
from bankimport.enrichment.rows import CachedAnswer, RowToEnrich, Source
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.statements.known_merchants import CONFIDENCE as KNOWN_CONFIDENCE
from bankimport.enrichment.statements.known_merchants import known_merchant

LOW_CONFIDENCE = 0.6
"""Below it a row goes to the review queue."""


@dataclass(frozen=True, slots=True)
class Said:
    """A value with who said it and how sure that is, 0 to 1; `rule_id` names the rule or correction."""

    value: str
    source: Source
    confidence: float
    rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row gets. None: nobody says. `needs_model` when only a model could say the category."""

    merchant: Said | None
    category: Said | None
    needs_model: bool
    cached: CachedAnswer | None = None


def decide(
    row: RowToEnrich,
    key: str,
    rules: RuleBook,
    cached: CachedAnswer | None,
    names: Set[str],
    transfers: Set[int] = frozenset(),
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Decision:
    """Climb from the user's own rules down; each field is said by the first rung that has it.

    Args:
        names: the user's categories in use: what is not among them is not said.
        transfers: ids of rows that the user confirmed to be one side of a transfer between own accounts.
        renamed: what the user calls categories that began under another name, by that name.
    """
    merchant: Said | None = None
    category: Said | None = None
    for rule, source in (
        (rules.own(row.description, key, row.direction), Source.RULE),
        (rules.learned(key, row.direction), Source.CORRECTION),
    ):
        if rule is not None:
            merchant = merchant or (Said(rule.merchant, source, 1.0, rule.id) if rule.merchant else None)
            if category is None and rule.category is not None and rule.category in names:
                category = Said(rule.category, source, 1.0, rule.id)
    transfer = renamed.get(TRANSFERS, TRANSFERS)
    if category is None and row.id in transfers and transfer in names:
        category = Said(transfer, Source.TRANSFER, 1.0)
    used = cached if category is None or merchant is None else None
    if used is not None:
        if merchant is None and row.merchant is None and used.merchant:
            merchant = Said(used.merchant, Source.MODEL, used.confidence)
        if category is None and used.category in names:
            category = Said(used.category, Source.MODEL, used.confidence)
    known = known_merchant(key) if row.direction is Direction.OUT else None
    if known is not None and merchant is None and row.merchant is None:
        merchant = Said(known.merchant, Source.KNOWN_MERCHANT, KNOWN_CONFIDENCE)
    if category is None:
        listed = Said(known.category, Source.KNOWN_MERCHANT, KNOWN_CONFIDENCE) if known is not None else None
        category = _surer(_told_by_truelayer(row), listed, names, renamed)
    was_asked = cached is not None and cached.category == UNKNOWN
    return Decision(merchant, category, category is None and bool(key) and not was_asked, used)


def _told_by_truelayer(row: RowToEnrich) -> Said | None:
    told = category_from_truelayer(row.classification, row.transaction_category, row.amount)
    return Said(told[0], Source.TRUELAYER, told[1]) if told is not None else None


def _surer(told: Said | None, listed: Said | None, names: Set[str], renamed: Mapping[str, str]) -> Said | None:
    """TrueLayer's two words are about this very payment and stand above the list; its broad word alone does not."""
    said = [replace(item, value=renamed.get(item.value, item.value)) for item in (told, listed) if item is not None]
    return max((item for item in said if item.value in names), key=lambda item: item.confidence, default=None)

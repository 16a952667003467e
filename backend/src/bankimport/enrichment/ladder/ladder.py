"""The ladder: which rung gives a row its merchant and category, and which rows are left for a model; pure."""

from collections.abc import Hashable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from types import MappingProxyType

from bankimport.enrichment.categories.taxonomy import TRANSFERS, UNKNOWN, category_from_truelayer
from bankimport.enrichment.ladder.hints import Hint, Hints, hints_of
from bankimport.enrichment.rows import CachedAnswer, RowToEnrich, Source
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.enrichment.statements.statement_formats import read_statement

LOW_CONFIDENCE = 0.6
"""A row below this confidence goes to the review queue."""


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """A value with its source and confidence, 0 to 1.

    `rule_id` is the rule or correction; `reason` is the words of the bank it was derived from.
    """

    value: str
    source: Source
    confidence: float
    rule_id: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row gets; None: unknown. `needs_model`: only a model could give the category."""

    merchant: SourcedValue | None
    category: SourcedValue | None
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
    """Go down the ladder from the user's own rules; each field comes from the first rung that has a value.

    Args:
        names: the names of the user's active categories; other categories are not assigned.
        transfers: ids of rows that the user confirmed to be part of a transfer between own accounts.
        renamed: the user's names for renamed default categories, by their original names.
    """
    merchant: SourcedValue | None = None
    category: SourcedValue | None = None
    for rule, source in (
        (rules.own(row.description, key, row.direction), Source.RULE),
        (rules.learned(key, row.direction), Source.CORRECTION),
    ):
        if rule is not None:
            merchant = merchant or (SourcedValue(rule.merchant, source, 1.0, rule.id) if rule.merchant else None)
            if category is None and rule.category is not None and rule.category in names:
                category = SourcedValue(rule.category, source, 1.0, rule.id)
    transfer = renamed.get(TRANSFERS, TRANSFERS)
    if category is None and row.id in transfers and transfer in names:
        category = SourcedValue(transfer, Source.TRANSFER, 1.0)
    used = cached if category is None or merchant is None else None
    if used is not None:
        if merchant is None and row.merchant is None and used.merchant:
            merchant = SourcedValue(used.merchant, Source.MODEL, used.confidence)
        if category is None and used.category in names:
            category = SourcedValue(used.category, Source.MODEL, used.confidence)
    hints = hints_of(row.statement, row.direction)
    if row.merchant is not None and category is None and not hints.is_complete:
        hints = hints.or_else(hints_of(read_statement(row.description), row.direction))
    known = hints.merchant
    if known is not None and merchant is None and row.merchant is None:
        merchant = SourcedValue(known.value, Source.KNOWN_MERCHANT, known.confidence, reason=known.reason)
    if category is None:
        category = _surest(_texts_and_truelayer(row, hints), names, renamed)
    was_asked = cached is not None and cached.category == UNKNOWN
    may_ask_model = bool(key) and not hints.is_private and not was_asked
    return Decision(merchant, category, category is None and may_ask_model, used)


def read_by_ladder(row: RowToEnrich, rules: RuleBook, transfers: Set[int]) -> Hashable:
    """Everything of a row that `decide` depends on: rows that are equal in it get the same decision.

    The rest of what it depends on is the same for all rows of a user, or follows from the key and the direction.
    """
    described = None
    if row.merchant is not None and not hints_of(row.statement, row.direction).is_complete:
        described = read_statement(row.description)
    own = rules.own(row.description, row.key, row.direction) if rules.has_own else None
    return (
        row.statement,
        row.direction,
        row.merchant is None,
        described,
        tuple(row.classification),
        row.transaction_category,
        None if own is None else own.id,
        row.id in transfers,
    )


_SOURCE_OF_HINT = MappingProxyType(
    {
        "money": Source.MONEY_WORD,
        "merchant": Source.KNOWN_MERCHANT,
        "trade": Source.TRADE_WORD,
    }
)


def _texts_and_truelayer(row: RowToEnrich, hints: Hints) -> Iterator[SourcedValue]:
    """What TrueLayer and the text itself say about the category."""
    found = category_from_truelayer(row.classification, row.transaction_category, row.amount)
    if found is not None:
        reason = "/".join(row.classification) or row.transaction_category
        yield SourcedValue(found[0], Source.TRUELAYER, found[1], reason=reason)
    for hint in hints.categories:
        yield _from_hint(hint)
    if row.direction is Direction.IN and row.transaction_category == "PURCHASE" and hints.names_shop:
        yield SourcedValue("Refunds", Source.TRUELAYER, 0.85, reason="PURCHASE")
    if row.transaction_category == "TRANSFER" and hints.may_be_person:
        yield SourcedValue(TRANSFERS, Source.TRUELAYER, 0.85, reason="TRANSFER")


def _from_hint(hint: Hint) -> SourcedValue:
    return SourcedValue(hint.value, _SOURCE_OF_HINT[hint.kind], hint.confidence, reason=hint.reason)


def _surest(candidates: Iterator[SourcedValue], names: Set[str], renamed: Mapping[str, str]) -> SourcedValue | None:
    """The most certain value in an active category; the first of equally certain ones."""
    in_use = (replace(item, value=renamed[item.value]) if item.value in renamed else item for item in candidates)
    return max((item for item in in_use if item.value in names), key=lambda item: item.confidence, default=None)

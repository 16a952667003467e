"""Keep a user's rules, in their order, and what was learned from corrections; a removed one can be brought back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from bankimport.clock import utc_now
from bankimport.enrichment.categories.categories import check_name
from bankimport.enrichment.errors import RuleExists, RuleNotFound
from bankimport.enrichment.models import CategoryRule, Enriched
from bankimport.enrichment.rows import RowToEnrich, RuleMatch, RuleOrigin
from bankimport.enrichment.rules.rules import Rule, RuleBook, folded
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import InvalidRequest
from bankimport.realtime.publish import notify_user
from bankimport.transactions.models import Transaction, TransactionChange

PAGE = 1000
_BANK = "bank"


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule that is not kept yet."""

    match: RuleMatch
    pattern: str
    direction: Direction | None
    merchant: str | None
    category: str | None
    origin: RuleOrigin = RuleOrigin.USER


def rules_of(session: Session, user_id: int) -> list[CategoryRule]:
    """The user's rules in the order in which they are asked, those that are switched off too."""
    statement = select(CategoryRule).where(CategoryRule.user_id == user_id, CategoryRule.removed_at.is_(None))
    return list(session.scalars(statement.order_by(CategoryRule.position, CategoryRule.id)))


def rule_book(session: Session, user_id: int) -> RuleBook:
    """The user's rules that are switched on, ready to be asked."""
    return RuleBook([plain_rule(row) for row in rules_of(session, user_id) if row.is_enabled])


def add_rule(session: Session, user_id: int, wanted: NewRule) -> CategoryRule:
    """Keep a rule, as the last; what is learned anew of a merchant takes the place of what was learned before.

    Raises:
        InvalidRequest: it says nothing, its pattern is empty, or the category is not one of the user's.
    """
    pattern = checked_pattern(session, user_id, wanted)
    notify_user(session, user_id, "enrichment")
    if wanted.origin is RuleOrigin.CORRECTION:
        known = learned_of(session, user_id, pattern, wanted.direction)
        if known is not None:
            known.merchant = wanted.merchant or known.merchant
            known.category = wanted.category or known.category
            known.is_enabled = True
            session.flush()
            return known
    last = session.scalar(select(func.max(CategoryRule.position)).where(CategoryRule.user_id == user_id))
    row = CategoryRule(
        user_id=user_id,
        origin=wanted.origin,
        match=wanted.match,
        pattern=pattern,
        direction=wanted.direction,
        merchant=wanted.merchant,
        category=wanted.category,
        position=(last or 0) + 1,
    )
    session.add(row)
    session.flush()
    return row


def learned_of(session: Session, user_id: int, pattern: str, direction: Direction | None) -> CategoryRule | None:
    """What was learned of a merchant key in this direction."""
    statement = select(CategoryRule).where(
        CategoryRule.user_id == user_id,
        CategoryRule.origin == RuleOrigin.CORRECTION,
        CategoryRule.removed_at.is_(None),
        CategoryRule.pattern == pattern,
        CategoryRule.direction == direction,
    )
    return session.scalars(statement).first()


def rule_of(session: Session, user_id: int, rule_id: int) -> CategoryRule:
    """One of the user's that is not removed.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    row = session.get(CategoryRule, rule_id)
    if row is None or row.user_id != user_id or row.removed_at is not None:
        raise RuleNotFound(f"you have no rule {rule_id}", rule_id=rule_id)
    return row


def edited_rule(row: CategoryRule, changes: Mapping[str, Any]) -> NewRule:
    """A rule as it would be after `changes` of match, pattern, direction, merchant or category; nothing is kept.

    Raises:
        InvalidRequest: it was learned from a correction, and what it stands for is to change.
    """
    fixed = [
        name
        for name in ("match", "pattern", "direction")
        if changes.get(name, getattr(row, name)) != getattr(row, name)
    ]
    if row.origin is RuleOrigin.CORRECTION and fixed:
        raise InvalidRequest(f"what was learned of a merchant stands for it: its {fixed[0]} stays; add a rule instead")
    values = {name: changes.get(name, getattr(row, name)) for name in _RULE_FIELDS}
    return NewRule(**values, origin=row.origin)


def edit_rule(session: Session, user_id: int, rule_id: int, changes: Mapping[str, Any]) -> CategoryRule:
    """Change match, pattern, direction, merchant or category, or switch it off or on; what is left out stays.

    Rows keep what the rule said of them until it is applied again.

    Raises:
        RuleNotFound: no such rule, or not this user's.
        InvalidRequest: as `add_rule` and `edited_rule`.
    """
    row = rule_of(session, user_id, rule_id)
    wanted = edited_rule(row, changes)
    if any(getattr(wanted, name) != getattr(row, name) for name in _RULE_FIELDS):
        pattern = checked_pattern(session, user_id, wanted, is_new_category=wanted.category != row.category)
        for name in _RULE_FIELDS:
            setattr(row, name, pattern if name == "pattern" else getattr(wanted, name))
    if "is_enabled" in changes:
        row.is_enabled = bool(changes["is_enabled"])
    session.flush()
    notify_user(session, user_id, "enrichment")
    return row


def order_rules(session: Session, user_id: int, rule_ids: Sequence[int]) -> list[CategoryRule]:
    """Ask the user's own rules in this order from now on; the first that fits says it.

    Raises:
        RuleNotFound: one of them is none of the user's.
        InvalidRequest: they are not exactly the user's own rules, each once.
    """
    own = {row.id: row for row in rules_of(session, user_id) if row.origin is RuleOrigin.USER}
    for rule_id in rule_ids:
        rule_of(session, user_id, rule_id)
    if sorted(rule_ids) != sorted(own):
        raise InvalidRequest("name each of your own rules once, those too that are switched off; list them again")
    for position, rule_id in enumerate(rule_ids, 1):
        own[rule_id].position = position
    session.flush()
    notify_user(session, user_id, "enrichment")
    return [own[rule_id] for rule_id in rule_ids]


def remove_rule(session: Session, user_id: int, rule_id: int) -> None:
    """Forget a rule; rows keep what it said of them. `restore_rule` brings it back.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    rule_of(session, user_id, rule_id).removed_at = utc_now()
    session.flush()
    notify_user(session, user_id, "enrichment")


def restore_rule(session: Session, user_id: int, rule_id: int) -> CategoryRule:
    """Bring a removed rule back to its place. Harmless where it was not removed.

    Raises:
        RuleNotFound: no such rule, or not this user's.
        RuleExists: something else was learned of this merchant meanwhile.
    """
    row = session.get(CategoryRule, rule_id)
    if row is None or row.user_id != user_id:
        raise RuleNotFound(f"you have no rule {rule_id}", rule_id=rule_id)
    if row.removed_at is not None and row.origin is RuleOrigin.CORRECTION:
        other = learned_of(session, user_id, row.pattern, row.direction)
        if other is not None:
            raise RuleExists(f"rule {other.id} was learned of {row.pattern!r} meanwhile; remove it first")
    row.removed_at = None
    session.flush()
    notify_user(session, user_id, "enrichment")
    return row


def rows_of_rules(session: Session, user_id: int) -> dict[int, int]:
    """How many live rows have their merchant or category from each rule, by its id."""
    e = Enriched
    says = (
        select(e.category_rule_id.label("rule_id"), e.transaction_id)
        .join(Transaction, Transaction.id == e.transaction_id)
        .where(
            e.user_id == user_id,
            e.category_rule_id.is_not(None),
            Transaction.removed_at.is_(None),
            Transaction.category_source == e.category_source,
        )
        .union(
            select(e.merchant_rule_id, e.transaction_id)
            .join(Transaction, Transaction.id == e.transaction_id)
            .where(
                e.user_id == user_id,
                e.merchant_rule_id.is_not(None),
                Transaction.removed_at.is_(None),
                Transaction.merchant_source == e.merchant_source,
            )
        )
        .subquery()
    )
    statement = select(says.c.rule_id, func.count().label("rows")).group_by(says.c.rule_id)
    return {row.rule_id: row.rows for row in session.execute(statement)}


def pages(session: Session, conditions: Sequence[ColumnElement[bool]], after: int = 0) -> Iterator[list[Transaction]]:
    """The live rows that fit, by id, a page at a time."""
    while True:
        rows = list(
            session.scalars(
                select(Transaction)
                .where(*conditions, Transaction.removed_at.is_(None), Transaction.id > after)
                .order_by(Transaction.id)
                .limit(PAGE)
                .options(defer(Transaction.transfer))
            )
        )
        if not rows:
            return
        after = rows[-1].id
        yield rows


def to_enrich(session: Session, rows: Sequence[Transaction]) -> list[RowToEnrich]:
    """What the ladder needs of rows, in their order; a merchant counts only as the bank gave it.

    Where something else names the merchant now, the bank's is read from the row's changes, so that its key stays.
    """
    renamed = [row for row in rows if row.merchant_source not in (None, _BANK)]
    banks = _merchants_of_the_bank(session, renamed) if renamed else {}
    return [
        RowToEnrich(
            id=row.id,
            description=row.description,
            amount=row.amount,
            merchant=row.merchant if row.merchant_source == _BANK else banks.get(row.id),
            classification=row.classification,
            transaction_category=row.transaction_category,
        )
        for row in rows
    ]


def _merchants_of_the_bank(session: Session, rows: Sequence[Transaction]) -> dict[int, str | None]:
    """What the bank called the merchant of rows before anything else did, by row id."""
    c = TransactionChange
    found = session.execute(
        select(c.transaction_id, c.before["merchant"].astext)
        .ext(distinct_on(c.transaction_id))
        .where(
            c.transaction_id.in_([row.id for row in rows]),
            c.before["merchant_source"].astext == _BANK,
        )
        .order_by(c.transaction_id, c.id.desc())
    )
    # A change without the name only changed whose word it is: the name is still the bank's.
    now = {row.id: row.merchant for row in rows}
    return {row_id: merchant or now[row_id] for row_id, merchant in found}


def checked_pattern(session: Session, user_id: int, wanted: NewRule, *, is_new_category: bool = True) -> str:
    """A rule's pattern as it is kept.

    Raises:
        InvalidRequest: it says nothing, its pattern is empty, or the category is not one of the user's in use.
    """
    pattern = folded(wanted.pattern)
    if not pattern:
        raise InvalidRequest("a rule needs a pattern with at least one letter or digit")
    if wanted.merchant is None and wanted.category is None:
        raise InvalidRequest("say which merchant or category the rule gives")
    if is_new_category:
        check_name(session, user_id, wanted.category)
    return pattern


def plain_rule(row: CategoryRule) -> Rule:
    """A rule as it is matched."""
    return Rule(row.id, row.origin, row.match, row.pattern, row.direction, row.merchant, row.category)


_RULE_FIELDS = ("match", "pattern", "direction", "merchant", "category")

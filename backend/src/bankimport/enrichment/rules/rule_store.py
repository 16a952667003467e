"""Store a user's rules, in their order, and what was learned from corrections; a removed rule can be restored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session, defer

from bankimport.clock import utc_now
from bankimport.enrichment.categories.categories import check_name
from bankimport.enrichment.errors import RuleExists, RuleNotFound
from bankimport.enrichment.models import CategoryRule, Enriched
from bankimport.enrichment.rows import RowToEnrich, RuleMatch, RuleOrigin
from bankimport.enrichment.rules.rules import Rule, RuleBook, folded
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.errors import InvalidRequest
from bankimport.quotas import check_quota
from bankimport.realtime.publish import notify_user
from bankimport.settings import get_settings
from bankimport.transactions.models import Transaction, TransactionChange

PAGE = 1000
_BANK = "bank"
_Row = Transaction | Row[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class NewRule:
    """A rule that is not stored yet."""

    match: RuleMatch
    pattern: str
    direction: Direction | None
    merchant: str | None
    category: str | None
    origin: RuleOrigin = RuleOrigin.USER


def rules_of(session: Session, user_id: int) -> list[CategoryRule]:
    """The user's rules in the order in which they apply, including disabled ones."""
    statement = select(CategoryRule).where(CategoryRule.user_id == user_id, CategoryRule.removed_at.is_(None))
    return list(session.scalars(statement.order_by(CategoryRule.position, CategoryRule.id)))


def rule_book(session: Session, user_id: int) -> RuleBook:
    """The user's enabled rules, ready to be applied."""
    return RuleBook([plain_rule(row) for row in rules_of(session, user_id) if row.is_enabled])


def add_rule(session: Session, user_id: int, new_rule: NewRule) -> CategoryRule:
    """Store a rule as the last one; a new correction of a merchant replaces the earlier one.

    Raises:
        InvalidRequest: it sets nothing, its pattern is empty, or the category is not one of the user's.
        QuotaReached: the user has reached the quota.
    """
    pattern = checked_pattern(session, user_id, new_rule)
    notify_user(session, user_id, "enrichment")
    if new_rule.origin is RuleOrigin.CORRECTION:
        known = learned_of(session, user_id, pattern, new_rule.direction)
        if known is not None:
            known.merchant = new_rule.merchant or known.merchant
            known.category = new_rule.category or known.category
            known.is_enabled = True
            session.flush()
            return known
    of_user = CategoryRule.user_id == user_id, CategoryRule.removed_at.is_(None)
    check_quota(session, get_settings().quota_rules, "rules", CategoryRule.id, *of_user)
    last = session.scalar(select(func.max(CategoryRule.position)).where(CategoryRule.user_id == user_id))
    row = CategoryRule(
        user_id=user_id,
        origin=new_rule.origin,
        match=new_rule.match,
        pattern=pattern,
        direction=new_rule.direction,
        merchant=new_rule.merchant,
        category=new_rule.category,
        position=(last or 0) + 1,
    )
    session.add(row)
    session.flush()
    return row


def learned_of(session: Session, user_id: int, pattern: str, direction: Direction | None) -> CategoryRule | None:
    """What was learned about a merchant key in this direction."""
    statement = select(CategoryRule).where(
        CategoryRule.user_id == user_id,
        CategoryRule.origin == RuleOrigin.CORRECTION,
        CategoryRule.removed_at.is_(None),
        CategoryRule.pattern == pattern,
        CategoryRule.direction == direction,
    )
    return session.scalars(statement).first()


def rule_of(session: Session, user_id: int, rule_id: int) -> CategoryRule:
    """One of the user's rules that is not removed.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    row = session.get(CategoryRule, rule_id)
    if row is None or row.user_id != user_id or row.removed_at is not None:
        raise RuleNotFound(f"you have no rule {rule_id}", rule_id=rule_id)
    return row


def edited_rule(row: CategoryRule, changes: Mapping[str, Any]) -> NewRule:
    """The rule as it would be with `changes` of match, pattern, direction, merchant or category; nothing is stored.

    Raises:
        InvalidRequest: it was learned from a correction, and the change would apply it to something else.
    """
    fixed = [
        name
        for name in ("match", "pattern", "direction")
        if changes.get(name, getattr(row, name)) != getattr(row, name)
    ]
    if row.origin is RuleOrigin.CORRECTION and fixed:
        raise InvalidRequest(
            f"this rule was learned for one merchant: its {fixed[0]} cannot change; add a rule instead"
        )
    values = {name: changes.get(name, getattr(row, name)) for name in _RULE_FIELDS}
    return NewRule(**values, origin=row.origin)


def edit_rule(session: Session, user_id: int, rule_id: int, changes: Mapping[str, Any]) -> CategoryRule:
    """Change match, pattern, direction, merchant or category, or disable or enable it; omitted fields stay.

    Rows keep the rule's old values until it is applied again.

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
    """Apply the user's own rules in this order from now on; the first that matches decides.

    Raises:
        RuleNotFound: one of them is not one of the user's.
        InvalidRequest: they are not exactly the user's own rules, each once.
    """
    own = {row.id: row for row in rules_of(session, user_id) if row.origin is RuleOrigin.USER}
    for rule_id in rule_ids:
        rule_of(session, user_id, rule_id)
    if sorted(rule_ids) != sorted(own):
        raise InvalidRequest("give each of your own rules once, including disabled ones; list the rules again")
    for position, rule_id in enumerate(rule_ids, 1):
        own[rule_id].position = position
    session.flush()
    notify_user(session, user_id, "enrichment")
    return [own[rule_id] for rule_id in rule_ids]


def remove_rule(session: Session, user_id: int, rule_id: int) -> None:
    """Remove a rule; rows keep the values it set. `restore_rule` brings it back.

    Raises:
        RuleNotFound: no such rule, or not this user's.
    """
    rule_of(session, user_id, rule_id).removed_at = utc_now()
    session.flush()
    notify_user(session, user_id, "enrichment")


def restore_rule(session: Session, user_id: int, rule_id: int) -> CategoryRule:
    """Restore a removed rule to its place. Harmless if it was not removed.

    Raises:
        RuleNotFound: no such rule, or not this user's.
        RuleExists: something else has been learned about this merchant in the meantime.
    """
    row = session.get(CategoryRule, rule_id)
    if row is None or row.user_id != user_id:
        raise RuleNotFound(f"you have no rule {rule_id}", rule_id=rule_id)
    if row.removed_at is not None and row.origin is RuleOrigin.CORRECTION:
        other = learned_of(session, user_id, row.pattern, row.direction)
        if other is not None:
            raise RuleExists(f"rule {other.id} has been learned for {row.pattern!r} in the meantime; remove it first")
    row.removed_at = None
    session.flush()
    notify_user(session, user_id, "enrichment")
    return row


def rows_of_rules(session: Session, user_id: int) -> dict[int, int]:
    """How many live rows have their merchant or category from each rule, by rule id."""
    e = Enriched
    from_rules = (
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
    statement = select(from_rules.c.rule_id, func.count().label("rows")).group_by(from_rules.c.rule_id)
    return {row.rule_id: row.rows for row in session.execute(statement)}


def pages(session: Session, conditions: Sequence[ColumnElement[bool]], after: int = 0) -> Iterator[list[Transaction]]:
    """The matching live rows, by id, page by page."""
    while True:
        rows = list(
            session.scalars(
                select(Transaction)
                .where(*conditions, Transaction.removed_at.is_(None), Transaction.id > after)
                .order_by(Transaction.id)
                .limit(PAGE)
                .options(defer(Transaction.transfer), defer(Transaction.meta))
            )
        )
        if not rows:
            return
        after = rows[-1].id
        yield rows


def locked_rows(
    session: Session, conditions: Sequence[ColumnElement[bool]], *, after: int, most: int
) -> list[RowToEnrich]:
    """The first matching live rows above the id `after`, by id, locked against edits until the transaction ends."""
    t = Transaction
    columns = (t.id, t.description, t.amount, t.merchant, t.merchant_source, t.classification, t.transaction_category)
    statement = (
        select(*columns)
        .where(*conditions, t.removed_at.is_(None), t.id > after)
        .order_by(t.id)
        .limit(most)
        .with_for_update()
    )
    return to_enrich(session, session.execute(statement).all())


def to_enrich(session: Session, rows: Sequence[_Row]) -> list[RowToEnrich]:
    """What the ladder needs from these rows, in their order; a merchant counts only as the bank reported it.

    If the row now has another merchant name, the bank's name is read from the row's changes, so that its key stays.
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


def _merchants_of_the_bank(session: Session, rows: Sequence[_Row]) -> dict[int, str | None]:
    """The bank's names for the merchants of rows before anything else changed them, by row id."""
    c = TransactionChange
    found = session.execute(
        select(c.transaction_id, c.before["merchant"].astext)
        .ext(distinct_on(c.transaction_id))
        .where(
            c.transaction_id == any_(literal([row.id for row in rows], ARRAY(BigInteger))),
            c.before["merchant_source"].astext == _BANK,
        )
        .order_by(c.transaction_id, c.id.desc())
    )
    # A change without the name only changed its source: the name is still the bank's.
    now = {row.id: row.merchant for row in rows}
    return {row_id: merchant or now[row_id] for row_id, merchant in found}


def checked_pattern(session: Session, user_id: int, wanted: NewRule, *, is_new_category: bool = True) -> str:
    """A rule's pattern in its stored form.

    Raises:
        InvalidRequest: the rule sets nothing, its pattern is empty, or the category is not one of the user's active
            ones.
    """
    pattern = folded(wanted.pattern)
    if not pattern:
        raise InvalidRequest("a rule needs a pattern with at least one letter or digit")
    if wanted.merchant is None and wanted.category is None:
        raise InvalidRequest("give the merchant or category that the rule sets")
    if is_new_category:
        check_name(session, user_id, wanted.category)
    return pattern


def plain_rule(row: CategoryRule) -> Rule:
    """A rule in the form used for matching."""
    return Rule(row.id, row.origin, row.match, row.pattern, row.direction, row.merchant, row.category)


_RULE_FIELDS = ("match", "pattern", "direction", "merchant", "category")

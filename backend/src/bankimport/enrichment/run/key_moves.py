"""Make corrections, rules and cached answers follow rewritten merchant keys."""

from collections.abc import Mapping, Set

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.model.cache import NEVER_ASK, never_ask
from bankimport.enrichment.models import CacheEntry, CategoryRule, Enriched
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.statements.merchant_key import Direction, merchant_key
from bankimport.transactions.models import ChangeKind, Transaction
from bankimport.transactions.repository import Change, insert_changes

Moves = Mapping[tuple[str, Direction], Set[str]]
"""The rows' present keys, by their old key and direction."""


def settle(session: Session, user_id: int, moves: Moves) -> None:
    """Rewrite everything that refers to old keys.

    If a key became one other key, everything follows it. If a key covered several merchants, a correction is kept for
    the merchants of the rows it was made on and removed from the others, a cached answer is deleted, and a user's own
    rule becomes one rule per merchant.
    """
    r = CategoryRule
    rules = session.scalars(
        select(r).where(r.user_id == user_id, r.match == RuleMatch.KEY, r.removed_at.is_(None)).order_by(r.id)
    ).all()
    for rule in rules:
        news = _new_keys(moves, rule.pattern, rule.direction)
        if news == {rule.pattern}:
            continue
        if rule.origin is RuleOrigin.CORRECTION:
            _move_correction(session, rule, news)
        else:
            _move_rule(session, rule, news)
    session.flush()
    for entry in session.scalars(select(CacheEntry).where(CacheEntry.user_id == user_id).order_by(CacheEntry.id)).all():
        _move_answer(session, entry, _new_keys(moves, entry.merchant_key, entry.direction))


def _new_keys(moves: Moves, old: str, direction: Direction | None) -> set[str]:
    """The new keys of the key's rows; without rows, the new key of a text with its words."""
    directions = [direction] if direction is not None else list(Direction)
    new_keys = {key for one_way in directions for key in moves.get((old, one_way), ())}
    return new_keys or {merchant_key(old) or old}


def _move_correction(session: Session, rule: CategoryRule, new_keys: set[str]) -> None:
    keys = new_keys if len(new_keys) == 1 else _keys_made_on(session, rule, new_keys)
    keys = {key for key in keys if key}
    _take_off(session, rule, keys)
    for key in sorted(keys):
        if not _is_learned(session, rule, key):
            session.add(_copy(rule, key))
    if rule.pattern not in keys:
        rule.removed_at = utc_now()
    session.flush()


def _move_rule(session: Session, rule: CategoryRule, new_keys: set[str]) -> None:
    """The user's own rule keeps its values for all the rows it covered."""
    first, *others = sorted(key for key in new_keys if key) or [rule.pattern]
    rule.pattern = first
    session.add_all(_copy(rule, key) for key in others)


def _copy(rule: CategoryRule, key: str) -> CategoryRule:
    return CategoryRule(
        user_id=rule.user_id,
        origin=rule.origin,
        match=rule.match,
        pattern=key,
        direction=rule.direction,
        merchant=rule.merchant,
        category=rule.category,
        position=rule.position,
        is_enabled=rule.is_enabled,
    )


def _is_learned(session: Session, rule: CategoryRule, key: str) -> bool:
    r = CategoryRule
    return (
        session.scalars(
            select(r.id).where(
                r.user_id == rule.user_id,
                r.origin == RuleOrigin.CORRECTION,
                r.removed_at.is_(None),
                r.pattern == key,
                r.direction.is_not_distinct_from(rule.direction),
            )
        ).first()
        is not None
    )


def _keys_made_on(session: Session, rule: CategoryRule, new_keys: set[str]) -> set[str]:
    """The keys of rows to which the user gave the correction's values themselves."""
    t, e = Transaction, Enriched
    statement = (
        select(e.merchant_key)
        .join(t, t.id == e.transaction_id)
        .where(
            e.user_id == rule.user_id,
            e.merchant_key.in_(new_keys),
            or_(
                (t.category_source == "user") & (t.category == rule.category),
                (t.merchant_source == "user") & (t.merchant == rule.merchant),
            ),
        )
    )
    if rule.direction is not None:
        statement = statement.where(e.direction == rule.direction)
    return set(session.scalars(statement.distinct()))


def _take_off(session: Session, rule: CategoryRule, keys: set[str]) -> None:
    """Remove the correction from rows of other merchants, as a change that appears in their history."""
    t, e = Transaction, Enriched
    corrected = session.execute(
        select(t, e)
        .join(e, e.transaction_id == t.id)
        .where(
            e.user_id == rule.user_id,
            e.merchant_key.not_in(keys),
            or_(
                (e.category_rule_id == rule.id) & (t.category_source == "correction"),
                (e.merchant_rule_id == rule.id) & (t.merchant_source == "correction"),
            ),
        )
        .with_for_update(of=t)
    ).all()
    changes: list[Change] = []
    for row, origin in corrected:
        names = [
            name
            for name in ("merchant", "category")
            if getattr(origin, f"{name}_rule_id") == rule.id and getattr(row, f"{name}_source") == "correction"
        ]
        fields = [field for name in names for field in (name, f"{name}_source")]
        changes.append(
            (
                row.id,
                None,
                ChangeKind.ENRICHED.value,
                {field: getattr(row, field) for field in fields},
                dict.fromkeys(fields),
            )
        )
        for field in fields:
            setattr(row, field, None)
        for name in names:
            for part in ("source", "confidence", "rule_id", "reason"):
                setattr(origin, f"{name}_{part}", None)
    session.flush()
    insert_changes(session, changes)


def _move_answer(session: Session, entry: CacheEntry, news: set[str]) -> None:
    if news == {entry.merchant_key}:
        return
    if entry.model == NEVER_ASK:
        for key in sorted(news - {""}):
            never_ask(session, entry.user_id, key, entry.direction)
        if entry.merchant_key not in news:
            session.delete(entry)
        session.flush()
        return
    (new,) = news if len(news) == 1 else ("",)
    c = CacheEntry
    is_taken = session.scalars(
        select(c.id).where(c.user_id == entry.user_id, c.merchant_key == new, c.direction == entry.direction)
    ).first()
    if not new or is_taken is not None or entry.category is None:
        session.delete(entry)
    else:
        entry.merchant_key = new
    session.flush()

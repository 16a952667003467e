"""Merge one category into another, after a preview, and undo it.

Like a rename, a merge rewrites a name in rows, their changes, rules and cached answers. Unlike a rename it makes two
names one, so it records what it moved.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.categories.categories import category_of
from bankimport.enrichment.errors import EnrichmentNotPossibleNow
from bankimport.enrichment.models import CacheEntry, Category, CategoryMerge, CategoryRule
from bankimport.enrichment.rows import RuleOrigin
from bankimport.errors import InvalidRequest
from bankimport.realtime.publish import notify_user
from bankimport.transactions import repository as transactions
from bankimport.transactions.models import Transaction
from bankimport.users.record import record


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merge moves, or would move: live rows, rules, corrections, cached answers, subcategories."""

    rows: int
    rules: int
    corrections: int
    remembered: int
    children: int


def preview_merge(session: Session, user_id: int, from_id: int, into_id: int) -> Moved:
    """Report what merging a category into another would move; nothing is changed.

    Raises:
        CategoryNotFound: one of them is not one of the user's.
        InvalidRequest: they are the same, the target is archived, or the source was already merged.
    """
    row, _ = _pair(session, user_id, from_id, into_id)
    r = CategoryRule
    of_rules = session.execute(
        select(r.origin, func.count().label("rules"))
        .where(r.user_id == user_id, r.category == row.name, r.removed_at.is_(None))
        .group_by(r.origin)
    )
    rules = {found.origin: found.rules for found in of_rules}
    t, e, c = Transaction, CacheEntry, Category
    counts = (
        select(func.count()).where(t.user_id == user_id, t.category == row.name, t.removed_at.is_(None)),
        select(func.count()).where(e.user_id == user_id, e.category == row.name),
        select(func.count()).where(c.parent_id == row.id, c.id != into_id),
    )
    rows, remembered, children = (session.scalars(statement).one() for statement in counts)
    return Moved(rows, rules.get(RuleOrigin.USER, 0), rules.get(RuleOrigin.CORRECTION, 0), remembered, children)


def merge_categories(session: Session, user_id: int, from_id: int, into_id: int) -> Moved:
    """Merge a category into another: its rows, their changes, rules, corrections and cached answers get the new name.

    Its subcategories move to the target. The category is archived, and its original name now means the target, so that
    a bank's classification is still mapped.

    Raises:
        CategoryNotFound, InvalidRequest: as `preview_merge`.
    """
    _pair(session, user_id, from_id, into_id)
    # Enrichment reads the names and writes them to rows in one transaction; this waits for it.
    transactions.begin_marking(session, user_id)
    session.expire_all()
    row, into = _pair(session, user_id, from_id, into_id)
    moved = preview_merge(session, user_id, from_id, into_id)
    last_change_id = transactions.last_change_id(session)
    renamed = transactions.rename_category(session, user_id, row.name, into.name)
    made = CategoryMerge(
        user_id=user_id,
        from_id=row.id,
        into_id=into.id,
        row_ids=renamed.rows,
        changed_before=renamed.before,
        changed_after=renamed.after,
        rule_ids=_rename_in(session, CategoryRule, user_id, row.name, into.name),
        cache_ids=_rename_in(session, CacheEntry, user_id, row.name, into.name),
        child_ids=[],
        last_change_id=last_change_id,
        was_archived_at=row.archived_at,
    )
    if _lies_under(session, into, row.id):
        made.parent_of_into, into.parent_id = into.parent_id, row.parent_id
        session.flush()
    under = update(Category).where(Category.parent_id == row.id).values(parent_id=into.id).returning(Category.id)
    made.child_ids = list(session.scalars(under.execution_options(synchronize_session=False)))
    row.archived_at, row.merged_into_id = row.archived_at or utc_now(), into.id
    session.add(made)
    _written(session, user_id, "enrichment.categories_merged", row.id, into.id)
    return moved


def undo_merge(session: Session, user_id: int, from_id: int) -> tuple[Category, int, int]:
    """Undo a merge: the category gets back what was moved and has not been changed since.

    Returns:
        The category, how many rows it got back, and how many rows were given another category since and stay.

    Raises:
        CategoryNotFound: no such category, or not this user's.
        EnrichmentNotPossibleNow: it is not merged, or its target has itself been merged since.
    """
    category_of(session, user_id, from_id)
    transactions.begin_marking(session, user_id)
    session.expire_all()
    row = category_of(session, user_id, from_id)
    made = session.scalars(
        select(CategoryMerge)
        .where(CategoryMerge.from_id == row.id, CategoryMerge.undone_at.is_(None))
        .order_by(CategoryMerge.id.desc())
        .limit(1)
    ).first()
    if row.merged_into_id is None or made is None:
        raise EnrichmentNotPossibleNow(f"{row.name!r} is not merged into another category; there is nothing to undo")
    into = session.get_one(Category, made.into_id)
    if into.merged_into_id is not None:
        raise EnrichmentNotPossibleNow(f"{into.name!r} has been merged into another category since; undo that first")
    renamed = transactions.Renamed(made.row_ids, made.changed_before, made.changed_after)
    rows_back, changed_since = transactions.rename_category_back(
        session, user_id, renamed, row.name, into.name, last_change_id=made.last_change_id
    )
    for table, ids in ((CategoryRule, made.rule_ids), (CacheEntry, made.cache_ids)):
        session.execute(update(table).where(table.id.in_(ids), table.category == into.name).values(category=row.name))
    session.execute(
        update(Category)
        .where(Category.id.in_(made.child_ids), Category.parent_id == into.id)
        .values(parent_id=row.id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    if made.parent_of_into is not None and into.parent_id == row.parent_id:
        above = session.get(Category, made.parent_of_into)
        if above is not None and not _lies_under(session, above, into.id):
            into.parent_id = above.id
    row.archived_at, row.merged_into_id, made.undone_at = made.was_archived_at, None, utc_now()
    _written(session, user_id, "enrichment.merge_undone", row.id, into.id)
    return row, rows_back, changed_since


def _pair(session: Session, user_id: int, from_id: int, into_id: int) -> tuple[Category, Category]:
    row, into = category_of(session, user_id, from_id), category_of(session, user_id, into_id)
    if row.id == into.id:
        raise InvalidRequest(f"{row.name!r} cannot be merged into itself; name another category")
    if row.merged_into_id is not None:
        raise InvalidRequest(f"{row.name!r} was already merged; undo that first")
    if into.archived_at is not None:
        raise InvalidRequest(f"{into.name!r} is archived; restore it first")
    return row, into


def _rename_in(
    session: Session, table: type[CategoryRule] | type[CacheEntry], user_id: int, old: str, new: str
) -> list[int]:
    renamed = (
        update(table).where(table.user_id == user_id, table.category == old).values(category=new).returning(table.id)
    )
    return list(session.scalars(renamed.execution_options(synchronize_session=False)))


def _lies_under(session: Session, row: Category, above_id: int) -> bool:
    above: Category | None = row
    while above is not None and above.id != above_id:
        above = session.get(Category, above.parent_id) if above.parent_id is not None else None
    return above is not None


def _written(session: Session, user_id: int, action: str, from_id: int, into_id: int) -> None:
    session.flush()
    session.expire_all()
    record(session, user_id, action, from_id=from_id, into_id=into_id)
    for topic in ("enrichment", "transactions"):
        notify_user(session, user_id, topic)

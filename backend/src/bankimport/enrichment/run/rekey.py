"""Rewrite a user's stored merchant keys page by page, resumably, after the rules for keys have changed."""

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import delete, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope
from bankimport.enrichment.models import Enriched, MerchantKeyMove, MerchantKeyState
from bankimport.enrichment.rules.rule_store import to_enrich
from bankimport.enrichment.run.key_moves import Moves, settle
from bankimport.enrichment.statements.merchant_key import Direction, key_version
from bankimport.transactions.models import Transaction
from bankimport.transactions.repository import begin_writing
from bankimport.users.models import User

_PAGE = 1000
_MOST_PAGES_AT_ONCE = 20


def bring_keys_up_to_date(user_id: int, *, most_pages: int | None = None) -> bool:
    """Rewrite the user's keys of an older version; False if pages are left.

    Each page is a separate transaction, and rewriting resumes at its page after a crash. Corrections, rules and cached
    answers follow once all rows have their new keys.
    """
    pages = 0
    while _rewrite_page(user_id):
        pages += 1
        if most_pages is not None and pages >= most_pages:
            return False
    return True


def bring_all_keys_up_to_date() -> None:
    """Rewrite a few pages of each user whose keys are outdated; call it again until nobody is left."""
    s = MerchantKeyState
    with session_scope() as session:
        stale = session.scalars(
            select(User.id)
            .outerjoin(s, s.user_id == User.id)
            .where(or_(s.user_id.is_(None), s.version != key_version()))
            .order_by(User.id)
            .limit(_MOST_PAGES_AT_ONCE)
        ).all()
    for user_id in stale:
        bring_keys_up_to_date(user_id, most_pages=_MOST_PAGES_AT_ONCE)


def _rewrite_page(user_id: int) -> bool:
    """Rewrite one page, or after the last one move the corrections; False if nothing is left to do."""
    version = key_version()
    with session_scope() as session:
        session.execute(insert(MerchantKeyState).values(user_id=user_id).on_conflict_do_nothing())
        state = session.scalars(
            select(MerchantKeyState).where(MerchantKeyState.user_id == user_id).with_for_update()
        ).one()
        if state.version == version:
            return False
        if state.target != version:
            state.target, state.cursor = version, 0
        begin_writing(session, user_id)
        rows = session.execute(
            select(Enriched.merchant_key, Transaction)
            .join(Transaction, Transaction.id == Enriched.transaction_id)
            .where(Enriched.user_id == user_id, Enriched.transaction_id > state.cursor)
            .order_by(Enriched.transaction_id)
            .limit(_PAGE)
        ).all()
        if not rows:
            settle(session, user_id, _moves_of(session, user_id))
            session.execute(delete(MerchantKeyMove).where(MerchantKeyMove.user_id == user_id))
            state.version = version
            return False
        items = to_enrich(session, [row for _, row in rows])
        olds = {item.id: old for (old, _), item in zip(rows, items, strict=True)}
        moved = {item.id: item.key for item in items if item.key != olds[item.id]}
        if moved:
            session.execute(
                update(Enriched), [{"transaction_id": row_id, "merchant_key": key} for row_id, key in moved.items()]
            )
        _remember(session, user_id, {(item.direction, olds[item.id], item.key) for item in items})
        state.cursor = items[-1].id
    return True


def _remember(session: Session, user_id: int, moves: Iterable[tuple[Direction, str, str]]) -> None:
    """Record which key became which; if an earlier rewriting stopped halfway, its moves now lead to the newest key."""
    m = MerchantKeyMove
    values = [
        {"user_id": user_id, "direction": direction, "old_key": old, "new_key": new}
        for direction, old, new in sorted(moves)
    ]
    for value in values:
        if value["old_key"] != value["new_key"]:
            led_here = select(m.user_id, m.direction, m.old_key, literal(value["new_key"])).where(
                m.user_id == user_id, m.direction == value["direction"], m.new_key == value["old_key"]
            )
            names = ["user_id", "direction", "old_key", "new_key"]
            session.execute(insert(m).from_select(names, led_here).on_conflict_do_nothing())
    session.execute(insert(m).values(values).on_conflict_do_nothing())


def _moves_of(session: Session, user_id: int) -> Moves:
    m = MerchantKeyMove
    found: defaultdict[tuple[str, Direction], set[str]] = defaultdict(set)
    for row in session.scalars(select(m).where(m.user_id == user_id)):
        found[row.old_key, Direction(row.direction)].add(row.new_key)
    return found

"""Seal what was stored before there were users' keys, in batches that commit, while everything runs."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountJoin
from bankimport.accounts.numbers import NAMES
from bankimport.accounts.service import seal_numbers
from bankimport.db.acting import for_everyone
from bankimport.db.session import session_scope
from bankimport.imports.answers.raw import kind_of_body
from bankimport.imports.changes.continuation_undo import SEALED, sealed_state
from bankimport.imports.models import REJECTED, RawResponse, RejectedRow
from bankimport.vault.keys import vault_of
from bankimport.vault.seal import UNSEALED, SealBroken

ROWS_AT_A_TIME = 50
LONGEST_S = 20.0
"""How long one run of the task takes at most; the next continues."""


def count_unsealed(reader: Connection | Session) -> dict[str, int]:
    """How many rows of each table are not sealed yet; tables without such rows are left out."""
    counts = {
        store.table.__tablename__: reader.execute(
            select(func.count()).select_from(store.table).where(text(store.unsealed))
        ).scalar_one()
        for store in _STORES
    }
    return {name: count for name, count in counts.items() if count}


def seal_stored(longest_s: float = LONGEST_S) -> int:
    """Seal rows until none is left or the time is over; returns how many. Rows that others hold are left for later."""
    give_up_at = time.monotonic() + longest_s
    sealed = 0
    with for_everyone():
        for store in _STORES:
            while time.monotonic() < give_up_at:
                count = _seal_some(store)
                sealed += count
                if count < ROWS_AT_A_TIME:
                    break
    return sealed


def _seal_some(store: "_Store") -> int:
    with session_scope() as session:
        statement = select(store.table).where(text(store.unsealed)).order_by(store.table.id).limit(ROWS_AT_A_TIME)
        rows = session.scalars(statement.with_for_update(key_share=True, skip_locked=True, of=store.table)).all()
        sealed = 0
        for row in rows:
            try:
                store.seal(session, row)
                sealed += 1
            except SealBroken:
                pass  # Its user is being erased.
    return sealed


def _seal_body(session: Session, row: RawResponse) -> None:
    assert row.body is not None
    row.body = vault_of(session, row.user_id).seal(row.body, kind_of_body(row.sha256))


def _seal_rejected(session: Session, row: RejectedRow) -> None:
    row.raw = vault_of(session, row.owner_id).seal(row.raw, REJECTED)


def _seal_join(session: Session, row: AccountJoin) -> None:
    row.before = dict(sealed_state(vault_of(session, row.user_id), row.before))


class _Store(NamedTuple):
    """A table with sealed values: the SQL for rows that are not sealed, and what seals one."""

    table: Any
    unsealed: str
    seal: Callable[[Session, Any], None]


_STORES = (
    _Store(RawResponse, f"body IS NOT NULL AND {UNSEALED.format(column='body')}", _seal_body),
    _Store(RejectedRow, UNSEALED.format(column="raw"), _seal_rejected),
    _Store(Account, f"coalesce({', '.join(NAMES)}) IS NOT NULL", seal_numbers),
    _Store(AccountJoin, f"NOT before ? '{SEALED}'", _seal_join),
)

"""Read and write transactions in bulk, new ones by COPY; makes no decisions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import (
    BigInteger,
    CollectionAggregate,
    ColumnElement,
    Text,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from bankimport.accounts.models import Account
from bankimport.clock import utc_now
from bankimport.db.session import bulk_cursor
from bankimport.settings import get_settings
from bankimport.transactions.copying import copy_lines, copy_rows, names
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange, TransactionStatus
from bankimport.transactions.sorting import Sort, sorted_page

BANK_COLUMNS = (
    "status",
    "date",
    "timestamp",
    "has_time",
    "amount",
    "currency",
    "description",
    "merchant",
    "merchant_source",
    "transaction_type",
    "transaction_category",
    "classification",
    "transaction_id",
    "provider_transaction_id",
    "normalised_provider_transaction_id",
    "running_balance",
    "meta",
    "flags",
    "content_hash",
    "import_job_id",
    "raw_response_id",
    "raw_position",
)
INSERT_COLUMNS = ("user_id", "account_id", "dedupe_key", *BANK_COLUMNS, "created_at")
_CHANGE_COLUMNS = ("transaction_id", "job_id", "kind", "before", "after", "enrichment_job_id", "created_at")
_STAGING = "staging_transactions"
_UNIQUE_KEY = "uq_transactions_account_id_dedupe_key"


def insert_transactions(session: Session, lines: Mapping[str, str]) -> set[str]:
    """Store rows, and return the dedupe keys that were stored.

    `lines` has for each key its row as a line of COPY's text format, in the order of `INSERT_COLUMNS`. A row whose key
    is already used by a live row of the account is not stored, and its key is not returned.
    Rows were matched with what is stored, so a used key is rare: the rows go straight into the table, and through the
    staging table only after PostgreSQL has reported a used key.
    """
    if not lines:
        return set()
    written = list(lines.values())
    with bulk_cursor(session) as cursor:
        if _copy_straight(cursor, written):
            return set(lines)
        _make_staging(cursor)
        copy_lines(cursor, _STAGING, INSERT_COLUMNS, written)
        cursor.execute(
            sql.SQL(
                "INSERT INTO transactions ({columns}) SELECT {columns} FROM {staging} "
                "ON CONFLICT (account_id, dedupe_key) WHERE removed_at IS NULL DO NOTHING RETURNING dedupe_key"
            ).format(columns=names(INSERT_COLUMNS), staging=sql.Identifier(_STAGING))
        )
        stored = {row[0] for row in cursor.fetchall()}
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(_STAGING)))
    return stored


def update_transactions(session: Session, rows: Sequence[Sequence[Any]]) -> None:
    """Overwrite the bank's values of stored rows; each row is its id and the `BANK_COLUMNS`."""
    if not rows:
        return
    assignments = sql.SQL(", ").join(sql.SQL("{0} = staged.{0}").format(sql.Identifier(name)) for name in BANK_COLUMNS)
    statement = sql.SQL("UPDATE transactions AS t SET {} FROM {} AS staged WHERE t.id = staged.id")
    with bulk_cursor(session) as cursor:
        _make_staging(cursor)
        copy_rows(cursor, _STAGING, ("id", *BANK_COLUMNS), rows)
        cursor.execute(statement.format(assignments, sql.Identifier(_STAGING)))
        cursor.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(_STAGING)))


def remove(session: Session, ids: Sequence[int], job_id: int) -> None:
    """Remove rows from the record on behalf of a job; the table keeps them, so that this can be undone."""
    if not ids:
        return
    session.execute(
        update(Transaction).where(Transaction.id.in_(ids)).values(removed_at=utc_now(), removed_by_job_id=job_id)
    )


def mark_still_pending(session: Session, account_id: int, ids: Sequence[int], job_id: int) -> None:
    """Mark exactly these booked rows of the account as still listed as pending, and record each change."""
    t = Transaction
    marked = select(t.id).where(t.account_id == account_id, t.removed_at.is_(None), t.still_pending)
    concerned = {*session.scalars(marked), *ids}
    if not concerned:
        return
    statement = (
        update(t)
        .where(
            t.id.in_(concerned), t.account_id == account_id, t.removed_at.is_(None), t.still_pending != t.id.in_(ids)
        )
        .values(still_pending=~t.still_pending)
        .returning(t.id, t.still_pending)
        .execution_options(synchronize_session=False)
    )
    changed = [(row_id, is_now) for row_id, is_now in session.execute(statement)]
    if changed:
        insert_changes(
            session,
            [
                (
                    row_id,
                    job_id,
                    ChangeKind.BANK_AMENDED.value,
                    {"still_pending": not is_now},
                    {"still_pending": is_now},
                )
                for row_id, is_now in changed
            ],
        )


Change = tuple[int, int | None, str, dict[str, Any], dict[str, Any]]


def insert_changes(session: Session, rows: Iterable[Change], *, enrichment_job_id: int | None = None) -> None:
    """Write changes: transaction id, job id, kind, and the fields that changed before and after."""
    now = utc_now()
    values = [
        (transaction_id, job_id, kind, Jsonb(before), Jsonb(after), enrichment_job_id, now)
        for transaction_id, job_id, kind, before, after in rows
    ]
    if not values:
        return
    with bulk_cursor(session) as cursor:
        copy_rows(cursor, "transaction_changes", _CHANGE_COLUMNS, values)


class Renamed(NamedTuple):
    """What has the new category name: rows, and changes of rows by the side that has it."""

    rows: list[int]
    before: list[int]
    after: list[int]


def rename_category(session: Session, user_id: int, old: str, new: str) -> Renamed:
    """Rename a category in rows, including removed ones, and in both sides of their changes.

    Call `begin_marking` first, so that nobody writes the old name in the meantime.
    """
    t, c = Transaction, TransactionChange
    of_user = c.transaction_id.in_(select(t.id).where(t.user_id == user_id))
    before, after = (_say_in_changes(session, side, old, new, of_user) for side in (c.before, c.after))
    renamed = update(t).where(t.user_id == user_id, t.category == old).values(category=new).returning(t.id)
    rows = session.scalars(renamed.execution_options(synchronize_session=False))
    return Renamed(list(rows), before, after)


def rename_category_back(
    session: Session, user_id: int, renamed: Renamed, old: str, new: str, *, last_change_id: int
) -> tuple[int, int]:
    """Give what was `renamed` its `old` name again if it still has `new`; rows changed after `last_change_id` stay.

    Returns how many live rows were renamed, and how many stay. Call `begin_marking` first.
    """
    t, c = Transaction, TransactionChange
    for side, ids in ((c.before, renamed.before), (c.after, renamed.after)):
        _say_in_changes(session, side, new, old, c.id == _any_of(ids))
    is_changed = exists().where(c.transaction_id == t.id, c.id > last_change_id, c.after.has_key("category"))
    restored = (
        update(t)
        .where(t.user_id == user_id, t.id == _any_of(renamed.rows), t.category == new, ~is_changed)
        .values(category=old)
        .returning(t.removed_at)
    )
    moved = session.execute(restored.execution_options(synchronize_session=False))
    rows_back = sum(removed_at is None for (removed_at,) in moved)
    live = select(func.count()).where(t.id == _any_of(renamed.rows), t.removed_at.is_(None))
    return rows_back, session.scalars(live).one() - rows_back


def last_change_id(session: Session) -> int:
    """The id of the newest change of any row; after `begin_marking`, no lower id of this user can still appear."""
    return session.scalar(select(func.max(TransactionChange.id))) or 0


def _say_in_changes(
    session: Session,
    side: InstrumentedAttribute[dict[str, Any]],
    old: str,
    new: str,
    condition: ColumnElement[bool],
) -> list[int]:
    c = TransactionChange
    statement = (
        update(c)
        .where(condition, side["category"].astext == old)
        .values({side: side.op("||")(func.jsonb_build_object("category", new))})
        .returning(c.id)
        .execution_options(synchronize_session=False)
    )
    return list(session.scalars(statement))


def _any_of(ids: Sequence[int]) -> CollectionAggregate[bool]:
    """One parameter for any number of ids: PostgreSQL allows at most 65,535 in a statement."""
    return any_(literal(ids, ARRAY(BigInteger)))


def is_category_on_rows(session: Session, user_id: int, name: str) -> bool:
    """Whether any row of the user, including removed ones, has this category."""
    return bool(session.scalar(select(exists().where(Transaction.user_id == user_id, Transaction.category == name))))


def live_rows(session: Session, account_id: int, first: date, last: date, *, pending_anywhere: bool) -> list[Any]:
    """The fields that matching needs from an account's live rows of these days, both inclusive, in storage order.

    With `pending_anywhere` the account's pending rows of other days are included.
    """
    values = {"account_id": account_id, "first": first, "last": last}
    rows: list[Any] = list(session.execute(_LIVE_OF_DAYS, values))
    if pending_anywhere:
        rows += session.execute(_PENDING_OF_OTHER_DAYS, values)
        rows.sort(key=lambda row: row[0])
    return rows


# Made once, as they run for each answer.
_LIVE = (
    select(
        Transaction.id,
        Transaction.status == TransactionStatus.PENDING,
        Transaction.date,
        Transaction.timestamp,
        Transaction.amount,
        Transaction.currency,
        Transaction.description,
        Transaction.transaction_id,
        Transaction.provider_transaction_id,
        Transaction.normalised_provider_transaction_id,
        Transaction.dedupe_key,
        Transaction.content_hash,
    )
    .where(Transaction.account_id == bindparam("account_id"), Transaction.removed_at.is_(None))
    .order_by(Transaction.id)
)
_IN_DAYS = Transaction.date.between(bindparam("first"), bindparam("last"))
_LIVE_OF_DAYS = _LIVE.where(_IN_DAYS)
_PENDING_OF_OTHER_DAYS = _LIVE.where(
    Transaction.user_id == select(Account.user_id).where(Account.id == bindparam("account_id")).scalar_subquery(),
    Transaction.status == TransactionStatus.PENDING,
    ~_IN_DAYS,
)
"""A search of its own, along the index of pending rows: joined by OR, all of the account's rows would be read."""


def locked_transactions(session: Session, ids: Sequence[int]) -> dict[int, Transaction]:
    """Complete rows by id, locked against edits until the transaction ends."""
    rows = session.scalars(
        select(Transaction)
        .where(Transaction.id == _any_of(ids))
        .order_by(Transaction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def transactions_by_id(session: Session, ids: Sequence[int]) -> dict[int, Transaction]:
    """Complete rows by id."""
    return {row.id: row for row in session.scalars(select(Transaction).where(Transaction.id.in_(ids)))}


def search(
    session: Session,
    conditions: Sequence[ColumnElement[bool]],
    sort: Sort = Sort.NEWEST,
    *,
    cursor: str | None = None,
    limit: int,
) -> list[Transaction]:
    """The `limit` matching rows that follow the cursor.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    t = Transaction
    statement = select(t).where(*conditions).options(defer(t.meta), defer(t.content_hash), defer(t.dedupe_key))
    return list(session.scalars(sorted_page(statement, sort, cursor=cursor, limit=limit)))


class CurrencyTotals(NamedTuple):
    """The sums of rows in one currency: `money_in` is 0 or more, `money_out` is 0 or less."""

    currency: str
    rows: int
    pending: int
    money_in: Decimal
    money_out: Decimal


def totals(session: Session, conditions: Sequence[ColumnElement[bool]]) -> list[CurrencyTotals]:
    """The sums of the matching rows, per currency."""
    t = Transaction
    zero = literal(Decimal(0))
    statement = (
        select(
            t.currency,
            func.count(),
            func.count().filter(t.status == TransactionStatus.PENDING),
            func.coalesce(func.sum(t.amount).filter(t.amount > 0), zero),
            func.coalesce(func.sum(t.amount).filter(t.amount < 0), zero),
        )
        .where(*conditions)
        .group_by(t.currency)
        .order_by(t.currency)
    )
    return [CurrencyTotals(*row) for row in session.execute(statement)]


def categories(session: Session, user_id: int) -> list[tuple[str | None, int]]:
    """The categories of the user's live rows with their numbers of rows, most common first; None: without a
    category."""
    t = Transaction
    statement = (
        select(t.category, func.count().label("rows"))
        .where(t.user_id == user_id, t.removed_at.is_(None))
        .group_by(t.category)
        .order_by(func.count().desc(), t.category)
    )
    return [(category, rows) for category, rows in session.execute(statement)]


def begin_writing(session: Session, user_id: int) -> None:
    """Announce that rows of this user will be stored or booked; call it before the first write of each transaction.

    Writers do not wait for each other. `begin_marking` waits for all of them.
    """
    session.execute(_SHARED_LOCK, {"name": f"record {user_id}"})


_SHARED_LOCK = select(func.pg_advisory_xact_lock_shared(func.hashtext(bindparam("name", type_=Text))))


def begin_marking(session: Session, user_id: int) -> None:
    """Wait until nobody writes rows of this user, and block writers until this transaction ends.

    Rows get their numbers before they are committed, in any order. Only now is the highest visible number one below
    which nothing can appear any more. Hold the lock only as long as it takes to read that number.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"record {user_id}"))))


def _copy_straight(cursor: psycopg.Cursor[Any], lines: Sequence[str]) -> bool:
    """Store new rows, all or none; whether no key was taken."""
    cursor.execute("SAVEPOINT straight")
    try:
        copy_lines(cursor, "transactions", INSERT_COLUMNS, lines)
    except psycopg.errors.UniqueViolation as error:
        if error.diag.constraint_name != _UNIQUE_KEY:
            raise
        cursor.execute("ROLLBACK TO SAVEPOINT straight")
        return False
    cursor.execute("RELEASE SAVEPOINT straight")
    return True


def _make_staging(cursor: psycopg.Cursor[Any]) -> None:
    """Create the staging table unless it exists: there is one per connection, which is emptied at every commit.

    A pooler gives the connection to others after the commit, so behind one the table ends with its transaction.
    """
    at_commit = "DROP" if get_settings().database_pooler else "DELETE ROWS"
    cursor.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {} ON COMMIT {} AS SELECT * FROM transactions WITH NO DATA"
        ).format(sql.Identifier(_STAGING), sql.SQL(at_commit))
    )

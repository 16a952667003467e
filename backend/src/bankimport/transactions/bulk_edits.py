"""Edit all rows that match a filter in a few statements, and undo exactly that edit."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, any_, case, cast, func, insert, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger, Text, Uuid

from bankimport.clock import utc_now
from bankimport.errors import InvalidRequest
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.edits import ChangeNotFound, values_of_edit
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange
from bankimport.users.record import record

MOST_ROWS = 100_000
"""How many rows one edit may change, so that it ends within seconds and its locks are short."""

_NAMES = tuple(name for field in EDITABLE for name in (field, f"{field}_source"))


class TooManyRows(InvalidRequest):
    """More rows match than one edit may change."""

    code = "too_many_rows"


class BulkEditDone(NamedTuple):
    """How many rows an edit changed, and the id that undoes it; None if no row changed."""

    rows: int
    bulk_edit_id: UUID | None


class BulkUndoDone(NamedTuple):
    """How many rows were restored, and how many stay because they were changed since."""

    rows: int
    changed_since: int


def edit_matching(
    session: Session, user_id: int, matching: TransactionFilter, changes: dict[str, str | None]
) -> BulkEditDone:
    """Set the merchant or category, or both, of all the user's matching rows that differ; all of them or none.

    Raises:
        AccountNotFound: not an account of this user.
        InvalidRequest: no change is given, or the filter is invalid.
        TooManyRows: more than `MOST_ROWS` would change.
    """
    values = values_of_edit(changes)
    t = Transaction
    fitting = (*live_and_fitting(session, user_id, matching), or_(*_differing(values).values()))
    some = select(t.id).where(*fitting).limit(MOST_ROWS + 1).subquery()
    if session.scalars(select(func.count()).select_from(some)).one() > MOST_ROWS:
        raise TooManyRows(
            f"more than {MOST_ROWS:,} rows match; narrow the filter, for example to a year, and repeat it for the rest",
            most_rows=MOST_ROWS,
        )
    ids = list(session.scalars(select(t.id).where(*fitting).order_by(t.id).with_for_update()))
    if not ids:
        return BulkEditDone(0, None)
    chosen = t.id == any_(literal(ids, ARRAY(BigInteger)))
    bulk_edit_id = uuid4()
    _insert_changes(
        session,
        select(
            t.id,
            literal(user_id),
            literal(ChangeKind.EDITED.value),
            _built({name: _json_of(getattr(t, name)) for name in values}, _differing(values)),
            _built({name: _json_of(literal(value, Text)) for name, value in values.items()}, _differing(values)),
            literal(bulk_edit_id, Uuid),
            literal(utc_now()),
        ).where(chosen),
    )
    session.execute(update(t).where(chosen).values(values).execution_options(synchronize_session=False))
    record(session, user_id, "transactions.edited", bulk_edit_id=str(bulk_edit_id), rows=len(ids))
    return BulkEditDone(len(ids), bulk_edit_id)


def undo_matching(session: Session, user_id: int, bulk_edit_id: UUID) -> BulkUndoDone:
    """Restore the rows of an edit to their values just before it; rows changed since stay.

    Raises:
        ChangeNotFound: not an edit of this user.
    """
    t, c = Transaction, TransactionChange
    of_edit = (c.bulk_edit_id == bulk_edit_id, c.user_id == user_id, c.kind == ChangeKind.EDITED)
    ids = select(c.transaction_id).where(*of_edit)
    total = len(list(session.scalars(select(t.id).where(t.id.in_(ids)).order_by(t.id).with_for_update())))
    if total == 0:
        raise ChangeNotFound(f"you have no edit {bulk_edit_id}", bulk_edit_id=str(bulk_edit_id))
    unchanged = [
        or_(~c.after.has_key(name), getattr(t, name).is_not_distinct_from(c.after[name].astext)) for name in _NAMES
    ]
    restorable = (*of_edit, t.id == c.transaction_id, t.removed_at.is_(None), *unchanged)
    restored = _insert_changes(
        session,
        select(
            t.id,
            literal(user_id),
            literal(ChangeKind.EDIT_TAKEN_BACK.value),
            c.after,
            c.before,
            literal(None, Uuid),
            literal(utc_now()),
        ).where(*restorable),
    )
    before = {name: case((c.before.has_key(name), c.before[name].astext), else_=getattr(t, name)) for name in _NAMES}
    session.execute(update(t).where(*restorable).values(before).execution_options(synchronize_session=False))
    record(session, user_id, "transactions.edit_undone", bulk_edit_id=str(bulk_edit_id), rows=restored)
    return BulkUndoDone(restored, total - restored)


def _insert_changes(session: Session, rows: Any) -> int:
    names = ("transaction_id", "user_id", "kind", "before", "after", "bulk_edit_id", "created_at")
    statement = insert(TransactionChange).from_select(names, rows, include_defaults=False)
    result: Any = session.execute(statement, execution_options={"preserve_rowcount": True})
    return int(result.rowcount)


def _differing(values: Mapping[str, Any]) -> dict[str, ColumnElement[bool]]:
    return {name: getattr(Transaction, name).is_distinct_from(value) for name, value in values.items()}


def _json_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(func.to_jsonb(value, type_=JSONB), cast(literal("null", Text), JSONB))


def _built(values: Mapping[str, ColumnElement[Any]], only: Mapping[str, ColumnElement[bool]]) -> ColumnElement[Any]:
    """A JSON object of the values whose condition holds."""
    nothing = cast(literal("{}", Text), JSONB)
    parts = (
        case((only[name], func.jsonb_build_object(name, value, type_=JSONB)), else_=nothing)
        for name, value in values.items()
    )
    return reduce(lambda left, right: left.op("||", return_type=JSONB())(right), parts)

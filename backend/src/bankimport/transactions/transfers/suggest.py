"""Scan a user's record for transfers and update the suggestions; the user's decisions stay."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby, islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Numeric, Select, and_, any_, delete, exists, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session, aliased

from bankimport.accounts.models import Account
from bankimport.accounts.repository import accounts_of_user
from bankimport.clock import utc_now
from bankimport.transactions.models import (
    Transaction,
    TransactionChange,
    TransactionStatus,
    Transfer,
    TransferStatus,
)
from bankimport.transactions.transfers.matching import LATEST, OwnAccount, Pair, Side, pair_rows

PAGE = 1000
"""How many rows are read or written at a time."""

MOST_LOOKED_UP = 5000
"""Planning a look-up of more amounts takes longer than reading all of a user's rows once."""

Amounts = Set[tuple[str, Decimal]]
"""Currencies and amounts without their sign."""


@dataclass(frozen=True, slots=True)
class TransferScan:
    """The result of a scan: new, dropped and present suggestions, and rows with too many candidates."""

    new: int
    dropped: int
    suggested: int
    too_alike: int


class _Row(NamedTuple):
    id: int
    account_id: int
    day: date
    amount: Decimal
    currency: str
    description: str
    bank_category: str | None


def lock_transfers(session: Session, user_id: int) -> None:
    """Prevent others from suggesting or deciding transfers of this user until the transaction ends."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"transfers {user_id}"))))


def suggest_transfers(session: Session, user_id: int, amounts: Amounts | None = None) -> TransferScan:
    """Update the suggested pairs; `amounts` restricts this to rows with these amounts.

    A suggestion that is still the best keeps its id. Rows of confirmed pairs are excluded, even while the other row is
    removed, because an undone import may be redone.

    The rows are read without any lock, so that nobody has to wait; the suggestions are written under
    `lock_transfers`, checked against what the user has decided by then.
    """
    found, too_alike = _found_pairs(session, user_id, amounts)
    lock_transfers(session, user_id)
    known = _pairs(session, user_id, TransferStatus.SUGGESTED, amounts)
    taken = {row_id for pair in _pairs(session, user_id, TransferStatus.CONFIRMED) for row_id in pair}
    found = {ids: pair for ids, pair in found.items() if taken.isdisjoint(ids)}
    worse = [known[pair] for pair in known.keys() - found.keys()]
    for ids in _in_pages(worse):
        session.execute(delete(Transfer).where(Transfer.id.in_(ids)))
    for page in _in_pages(list(found.values())):
        _save(session, user_id, page)
    # Last, since rows may have changed, or been taken out of the record, since they were read.
    dropped = _drop_unfit(session, user_id)
    suggested = session.scalar(
        select(func.count()).where(Transfer.user_id == user_id, Transfer.status == TransferStatus.SUGGESTED)
    )
    return TransferScan(len(found.keys() - known.keys()), dropped + len(worse), suggested or 0, too_alike)


def amounts_of_job(session: Session, job_id: int) -> Amounts:
    """The amounts of rows that a job stored or changed."""
    t = Transaction
    changed = select(TransactionChange.transaction_id).where(TransactionChange.job_id == job_id)
    return _amounts(session, t.import_job_id == job_id) | _amounts(session, t.id.in_(changed))


def amounts_of_rows(session: Session, row_ids: Sequence[int]) -> Amounts:
    """The amounts of these rows."""
    return _amounts(session, Transaction.id.in_(row_ids))


def _amounts(session: Session, condition: ColumnElement[bool]) -> Amounts:
    statement = select(Transaction.currency, func.abs(Transaction.amount)).where(condition).distinct()
    return {(currency, amount) for currency, amount in session.execute(statement)}


def _amounts_of_both_signs(session: Session, user_id: int, amounts: Amounts | None) -> Amounts:
    """The amounts that came in and went out; PostgreSQL finds these few without sending any row."""
    looked_up = amounts if amounts is not None and len(amounts) <= MOST_LOOKED_UP else None
    rows = rows_to_pair(user_id, looked_up).order_by(None).subquery()
    size = func.abs(rows.c.amount)
    statement = select(rows.c.currency, size).group_by(rows.c.currency, size)
    statement = statement.having(func.min(rows.c.amount) < 0, func.max(rows.c.amount) > 0)
    _plan_for_these(session, looked_up)
    found = {(currency, amount) for currency, amount in session.execute(statement)}
    return found if amounts is None else found & amounts


def _plan_for_these(session: Session, amounts: Amounts | None) -> None:
    """A plan for any array would compare each row with each amount; one for this array looks them up."""
    if amounts is not None:
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def _found_pairs(session: Session, user_id: int, amounts: Amounts | None) -> tuple[dict[tuple[int, int], Pair], int]:
    """The best pairs by the ids of their rows, and how many rows had too many candidates."""
    accounts = {account.id: _own(account) for account in accounts_of_user(session, user_id)}
    found: dict[tuple[int, int], Pair] = {}
    too_alike = 0
    if len(accounts) < 2 or amounts == set():
        return found, too_alike
    both_ways = _amounts_of_both_signs(session, user_id, amounts)
    if not both_ways:
        return found, too_alike
    amounts = both_ways
    refused = _pairs(session, user_id, TransferStatus.REFUSED)
    for rows in _near_and_equal(_read(session, user_id, amounts)):
        pairs, crowded = pair_rows(rows, accounts, refused)
        found |= {(pair.out_id, pair.in_id): pair for pair in pairs}
        too_alike += crowded
    return found, too_alike


def _own(account: Account) -> OwnAccount:
    own = account.numbers
    numbers = (own.iban, own.account_number, own.partial_card_number)
    return OwnAccount(account.listed_name, tuple(number for number in numbers if number))


def _drop_unfit(session: Session, user_id: int) -> int:
    """Drop suggestions whose rows were removed or no longer fit each other."""
    unfit = session.scalars(unfit_suggestions(user_id)).all()
    for ids in _in_pages(unfit):
        session.execute(delete(Transfer).where(Transfer.id.in_(ids)))
    return len(unfit)


def unfit_suggestions(user_id: int) -> Select[int]:
    """The query for suggestions whose rows were removed or no longer fit each other.

    Outer joins begin with the suggestions, whatever the planner expects of rows that were stored a moment ago. It may
    answer NOT EXISTS of both rows by first pairing every row with every other one of the opposite amount.
    """
    out, into = aliased(Transaction), aliased(Transaction)
    fits = and_(
        out.removed_at.is_(None),
        into.removed_at.is_(None),
        out.status == TransactionStatus.BOOKED,
        into.status == TransactionStatus.BOOKED,
        out.amount == -into.amount,
        out.amount < 0,
        out.currency == into.currency,
        out.account_id != into.account_id,
    )
    return (
        select(Transfer.id)
        .outerjoin(out, out.id == Transfer.out_id)
        .outerjoin(into, into.id == Transfer.in_id)
        .where(Transfer.user_id == user_id, Transfer.status == TransferStatus.SUGGESTED, fits.is_not(True))
    )


def _pairs(
    session: Session, user_id: int, status: TransferStatus, amounts: Amounts | None = None
) -> dict[tuple[int, int], int]:
    """The user's pairs of this status with the ids of their transfers; with `amounts` only pairs of these."""
    statement = select(Transfer.out_id, Transfer.in_id, Transfer.id).where(
        Transfer.user_id == user_id, Transfer.status == status
    )
    if amounts is None:
        return {(out_id, in_id): transfer_id for out_id, in_id, transfer_id in session.execute(statement)}
    statement = statement.join(Transaction, Transaction.id == Transfer.out_id)
    found = session.execute(statement.add_columns(Transaction.currency, func.abs(Transaction.amount)))
    return {(row[0], row[1]): row[2] for row in found if (row[3], row[4]) in amounts}


def _read(session: Session, user_id: int, amounts: Amounts | None) -> Iterator[_Row]:
    """The user's booked rows outside confirmed pairs, equal amounts together, by day."""
    _plan_for_these(session, amounts)
    statement = rows_to_pair(user_id, amounts).execution_options(yield_per=PAGE, stream_results=True)
    with session.execute(statement) as rows:
        for row in map(_Row._make, rows):
            if amounts is None or (row.currency, abs(row.amount)) in amounts:
                yield row


def rows_to_pair(user_id: int, amounts: Amounts | None) -> Select[int, int, date, Decimal, str, str, str | None]:
    """The query for rows that may be one side of a pair; with `amounts` only rows with these amounts in any currency.

    The amounts are an array, not a joined table, so that each row is read once, whatever the planner expects for a user
    whose rows were stored a moment ago.
    """
    t = Transaction
    sides = (Transfer.out_id, Transfer.in_id)
    statement = (
        select(t.id, t.account_id, t.date, t.amount, t.currency, t.description, t.transaction_category)
        .where(
            t.user_id == user_id,
            t.removed_at.is_(None),
            t.status == TransactionStatus.BOOKED,
            t.amount != 0,
            *(~exists().where(Transfer.status == TransferStatus.CONFIRMED, side == t.id) for side in sides),
        )
        .order_by(t.currency, func.abs(t.amount), t.date, t.id)
    )
    if amounts is None:
        return statement
    either = literal(sorted({amount for _, amount in amounts}), ARRAY(Numeric))
    return statement.where(func.abs(t.amount) == any_(either))


def _near_and_equal(rows: Iterable[_Row]) -> Iterator[list[Side]]:
    """Rows of one amount on connected days with both directions; only these are in memory at a time."""
    for _, equal in groupby(rows, key=lambda row: (row.currency, abs(row.amount))):
        near: list[Side] = []
        for row in equal:
            if near and row.day - near[-1].day > LATEST:
                if _has_both(near):
                    yield near
                near = []
            near.append(Side(row.id, row.account_id, row.day, row.amount < 0, row.description, row.bank_category))
        if _has_both(near):
            yield near


def _has_both(rows: Sequence[Side]) -> bool:
    return len({row.is_out for row in rows}) == 2


def _save(session: Session, user_id: int, pairs: Sequence[Pair]) -> None:
    values = [
        {
            "user_id": user_id,
            "status": TransferStatus.SUGGESTED,
            "created_at": utc_now(),
            **pair._asdict(),
            "reasons": list(pair.reasons),
        }
        for pair in pairs
    ]
    statement = insert(Transfer).values(values)
    new = statement.excluded
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["out_id", "in_id"],
            set_={
                "confidence": new.confidence,
                "days_apart": new.days_apart,
                "alternatives": new.alternatives,
                "reasons": new.reasons,
            },
            where=(Transfer.status == TransferStatus.SUGGESTED),
        )
    )


def _in_pages(items: Sequence[Any]) -> Iterator[list[Any]]:
    waiting = iter(items)
    while page := list(islice(waiting, PAGE)):
        yield page

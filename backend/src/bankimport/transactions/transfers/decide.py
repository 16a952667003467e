"""A user's decisions about pairs: confirmed, refused, or reopened; and the list of pairs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from bankimport.clock import utc_now
from bankimport.errors import BankImportError, NotFound
from bankimport.transactions.models import Transaction, TransactionStatus, Transfer, TransferStatus
from bankimport.transactions.transfers.suggest import amounts_of_rows, lock_transfers, suggest_transfers
from bankimport.users.record import record


class TransferNotFound(NotFound):
    """No such pair, or not this user's."""

    code = "transfer_not_found"


class TransferNotPossible(BankImportError):
    """The pair cannot be confirmed: a row was removed, the amounts differ, or a row is in another pair."""

    code = "transfer_not_possible"
    http_status = 409


class WholePair(NamedTuple):
    """A pair with its rows, which may have been removed from the record."""

    transfer: Transfer
    out: Transaction
    into: Transaction

    @property
    def is_whole(self) -> bool:
        """Whether both rows are in the record."""
        return self.out.removed_at is None and self.into.removed_at is None

    @property
    def fits(self) -> bool:
        """Whether the rows still have opposite amounts in one currency and are settled by the bank."""
        return (
            self.out.amount == -self.into.amount
            and self.out.currency == self.into.currency
            and self.out.status is self.into.status is TransactionStatus.BOOKED
        )


def transfers_of(
    session: Session,
    user_id: int,
    status: TransferStatus,
    *,
    least_confidence: Decimal = Decimal(0),
    after: tuple[Decimal, int] | None,
    limit: int,
) -> list[WholePair]:
    """The user's pairs, most certain first; suggestions with a missing row are left out, decisions are not."""
    out, into = aliased(Transaction), aliased(Transaction)
    statement = (
        select(Transfer, out, into)
        .join(out, out.id == Transfer.out_id)
        .join(into, into.id == Transfer.in_id)
        .where(Transfer.user_id == user_id, Transfer.status == status, Transfer.confidence >= least_confidence)
        .order_by(Transfer.confidence.desc(), Transfer.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    if status is TransferStatus.SUGGESTED:
        statement = statement.where(out.removed_at.is_(None), into.removed_at.is_(None))
    if after is not None:
        statement = statement.where(tuple_(Transfer.confidence, Transfer.id) < after)
    return [WholePair(*row) for row in session.execute(statement)]


def count_transfers(
    session: Session, user_id: int, least_confidence: Decimal = Decimal(0)
) -> dict[TransferStatus, int]:
    """How many pairs of each status `transfers_of` would return."""
    out, into = aliased(Transaction), aliased(Transaction)
    is_listed = (Transfer.status != TransferStatus.SUGGESTED) | (out.removed_at.is_(None) & into.removed_at.is_(None))
    statement = (
        select(Transfer.status, func.count())
        .join(out, out.id == Transfer.out_id)
        .join(into, into.id == Transfer.in_id)
        .where(Transfer.user_id == user_id, is_listed, Transfer.confidence >= least_confidence)
        .group_by(Transfer.status)
    )
    counted = {row[0]: row[1] for row in session.execute(statement)}
    return {status: counted.get(status, 0) for status in TransferStatus}


def pair_of(session: Session, user_id: int, transfer_id: int) -> WholePair:
    """One pair with its rows as they are now.

    Raises:
        TransferNotFound: no such pair, or not this user's.
    """
    out, into = aliased(Transaction), aliased(Transaction)
    row = session.execute(
        select(Transfer, out, into)
        .join(out, out.id == Transfer.out_id)
        .join(into, into.id == Transfer.in_id)
        .where(Transfer.id == transfer_id, Transfer.user_id == user_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise TransferNotFound(f"you have no transfer {transfer_id}", transfer_id=transfer_id)
    return WholePair(*row)


def confirm(session: Session, user_id: int, transfer_id: int) -> WholePair:
    """Confirm that the two rows are one transfer. Repeating it is harmless; a refused pair can be confirmed later.

    Raises:
        TransferNotFound: no such pair, or not this user's.
        TransferNotPossible: a row was removed or is in another confirmed pair, or the amounts do not fit.
    """
    pair = _locked_pair(session, user_id, transfer_id)
    if pair.transfer.status is TransferStatus.CONFIRMED:
        return pair
    _check_possible(pair)
    _make_room(session, pair)
    return _decided(session, user_id, pair, TransferStatus.CONFIRMED)


def refuse(session: Session, user_id: int, transfer_id: int) -> WholePair:
    """Record that the two rows are not one transfer: this pair is never suggested again, but other pairs may be.

    Raises:
        TransferNotFound: no such pair, or not this user's.
    """
    pair = _locked_pair(session, user_id, transfer_id)
    if pair.transfer.status is TransferStatus.REFUSED:
        return pair
    _decided(session, user_id, pair, TransferStatus.REFUSED)
    suggest_transfers(session, user_id, amounts_of_rows(session, [pair.out.id, pair.into.id]))
    return pair_of(session, user_id, transfer_id)


def reopen(session: Session, user_id: int, transfer_id: int) -> WholePair:
    """Undo a decision: the pair is a suggestion again, until something fits its rows better.

    Raises:
        TransferNotFound: no such pair, or not this user's.
        TransferNotPossible: a row is in another confirmed pair now.
    """
    pair = _locked_pair(session, user_id, transfer_id)
    if pair.transfer.status is TransferStatus.SUGGESTED:
        return pair
    if pair.transfer.status is TransferStatus.REFUSED:
        _make_room(session, pair)
    return _decided(session, user_id, pair, TransferStatus.SUGGESTED)


def reopen_all(session: Session, user_id: int, transfer_ids: Sequence[int]) -> int:
    """Undo several decisions, all or none; returns how many.

    Raises:
        TransferNotFound, TransferNotPossible: as `reopen`, for the first one that is not possible.
    """
    return sum(reopen(session, user_id, transfer_id).transfer.decided_at is None for transfer_id in transfer_ids)


def confirm_all(session: Session, user_id: int, least_confidence: Decimal) -> list[int]:
    """Confirm every suggestion with at least this confidence, from 0 to 1; returns which."""
    lock_transfers(session, user_id)
    out, into = aliased(Transaction), aliased(Transaction)
    sure = (
        select(Transfer.id)
        .join(out, out.id == Transfer.out_id)
        .join(into, into.id == Transfer.in_id)
        .where(
            Transfer.user_id == user_id,
            Transfer.status == TransferStatus.SUGGESTED,
            Transfer.confidence >= least_confidence,
            out.removed_at.is_(None),
            into.removed_at.is_(None),
            out.amount == -into.amount,
        )
    )
    confirmed = session.scalars(
        update(Transfer)
        .where(Transfer.id.in_(sure))
        .values(status=TransferStatus.CONFIRMED, decided_at=utc_now())
        .returning(Transfer.id)
        .execution_options(synchronize_session=False)
    ).all()
    if confirmed:
        record(session, user_id, "transfers.confirmed", transfer_ids=sorted(confirmed))
    return sorted(confirmed)


def _locked_pair(session: Session, user_id: int, transfer_id: int) -> WholePair:
    lock_transfers(session, user_id)
    return pair_of(session, user_id, transfer_id)


def _check_possible(pair: WholePair) -> None:
    if not pair.is_whole:
        raise TransferNotPossible("a row of this pair was removed when its import was undone; redo that import first")
    if not pair.fits:
        raise TransferNotPossible("the amounts of this pair are no longer opposite, because the bank changed a row")


def _make_room(session: Session, pair: WholePair) -> None:
    """Drop suggestions that contain one of the rows, and check that no confirmed pair does."""
    rows = [pair.out.id, pair.into.id]
    others: Sequence[Transfer] = session.scalars(
        select(Transfer).where(
            or_(Transfer.out_id.in_(rows), Transfer.in_id.in_(rows)),
            Transfer.status != TransferStatus.REFUSED,
            Transfer.id != pair.transfer.id,
        )
    ).all()
    for other in others:
        if other.status is TransferStatus.CONFIRMED:
            raise TransferNotPossible(
                f"a row of this pair is in the confirmed transfer {other.id}; undo that decision first",
                transfer_id=other.id,
            )
        session.delete(other)
    session.flush()


def _decided(session: Session, user_id: int, pair: WholePair, status: TransferStatus) -> WholePair:
    pair.transfer.status = status
    pair.transfer.decided_at = None if status is TransferStatus.SUGGESTED else utc_now()
    word = "reopened" if status is TransferStatus.SUGGESTED else status.value
    record(session, user_id, f"transfer.{word}", transfer_id=pair.transfer.id)
    session.flush()
    return pair_of(session, user_id, pair.transfer.id)

"""Pairs as shown to the user, a page at a time."""

from decimal import Decimal

from sqlalchemy.orm import Session

from bankimport.paging import cursor_of, place_of
from bankimport.transactions.models import TransferStatus
from bankimport.transactions.transfers import decide
from bankimport.transactions.transfers.schemas import TransferCounts, TransferPage, TransferRead


def transfer_page(
    session: Session,
    user_id: int,
    status: TransferStatus,
    *,
    least_confidence: Decimal = Decimal(0),
    limit: int,
    cursor: str | None,
) -> TransferPage:
    """A page of the user's pairs of one status.

    Raises:
        InvalidRequest: the cursor is invalid.
    """
    after = place_of(cursor, _finite)
    pairs = decide.transfers_of(
        session, user_id, status, least_confidence=least_confidence, after=after, limit=limit + 1
    )
    last = pairs[limit - 1].transfer if len(pairs) > limit else None
    counts = decide.count_transfers(session, user_id)
    return TransferPage(
        transfers=[TransferRead.of(pair) for pair in pairs[:limit]],
        counts=TransferCounts(**{item.value: counts[item] for item in TransferStatus}),
        matching=decide.count_transfers(session, user_id, least_confidence)[status],
        next_cursor=cursor_of(last.confidence, last.id) if last is not None else None,
    )


def _finite(text: str) -> Decimal:
    """A decimal number; ValueError where it is infinite or not a number."""
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number

"""Transfers over HTTP."""

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.paging import Cursor
from bankimport.transactions.models import TransferStatus
from bankimport.transactions.transfers import decide
from bankimport.transactions.transfers.schemas import (
    ConfirmAll,
    ConfirmedRead,
    ReopenAll,
    ReopenedRead,
    TransferPage,
    TransferRead,
    TransferScanRead,
)
from bankimport.transactions.transfers.suggest import suggest_transfers
from bankimport.transactions.transfers.views import transfer_page

router = APIRouter(prefix="/api/transactions/transfers", tags=["transfers"])


@router.get("")
def read_transfers(
    session: SessionDep,
    user: CurrentUser,
    status: TransferStatus = TransferStatus.SUGGESTED,
    min_confidence: Annotated[Decimal, Query(ge=0, le=1)] = Decimal(0),
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> TransferPage:
    """Pairs of the user's rows that are, may be, or are not transfers; most certain first."""
    return transfer_page(session, user.id, status, least_confidence=min_confidence, limit=limit, cursor=cursor)


@router.post("/look")
def look(session: SessionDep, user: CurrentUser) -> TransferScanRead:
    """Scan the whole record for transfers now; each import scans its own rows."""
    return TransferScanRead.of(suggest_transfers(session, user.id))


@router.post("/confirm")
def confirm_all(body: ConfirmAll, session: SessionDep, user: CurrentUser) -> ConfirmedRead:
    """Confirm every suggestion with enough confidence."""
    return ConfirmedRead.of(decide.confirm_all(session, user.id, body.min_confidence))


@router.post("/reopen")
def reopen_all(body: ReopenAll, session: SessionDep, user: CurrentUser) -> ReopenedRead:
    """Undo several decisions, all or none."""
    return ReopenedRead(reopened=decide.reopen_all(session, user.id, body.transfer_ids))


@router.get("/{transfer_id}")
def read_transfer(transfer_id: Id, session: SessionDep, user: CurrentUser) -> TransferRead:
    """One pair."""
    return TransferRead.of(decide.pair_of(session, user.id, transfer_id))


@router.post("/{transfer_id}/confirm")
def confirm(transfer_id: Id, session: SessionDep, user: CurrentUser) -> TransferRead:
    """Confirm that the two rows are one transfer."""
    return TransferRead.of(decide.confirm(session, user.id, transfer_id))


@router.post("/{transfer_id}/refuse")
def refuse(transfer_id: Id, session: SessionDep, user: CurrentUser) -> TransferRead:
    """Record that the two rows are not one transfer; this pair is never suggested again."""
    return TransferRead.of(decide.refuse(session, user.id, transfer_id))


@router.post("/{transfer_id}/reopen")
def reopen(transfer_id: Id, session: SessionDep, user: CurrentUser) -> TransferRead:
    """Undo the decision; the pair is a suggestion again."""
    return TransferRead.of(decide.reopen(session, user.id, transfer_id))

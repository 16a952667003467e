"""Transfers over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, field_serializer

from bankimport.ids import Id
from bankimport.transactions.models import TransferStatus
from bankimport.transactions.schemas import TransactionRead
from bankimport.transactions.transfers.decide import WholePair
from bankimport.transactions.transfers.suggest import TransferScan


class TransferRead(BaseModel):
    """Two rows that are, or may be, one transfer.

    `confidence` is a decimal string from 0 to 1. `days_apart` is how many days after leaving the money arrived.
    `alternatives` is how many other rows fit too. `is_whole` is false if a row was removed from the record; `fits` is
    false if the bank changed a row so that the amounts are no longer opposite.
    """

    id: Id
    status: TransferStatus
    confidence: Decimal
    days_apart: int
    alternatives: int
    reasons: list[str]
    amount: Decimal
    currency: str
    money_out: TransactionRead
    money_in: TransactionRead
    is_whole: bool
    fits: bool
    created_at: datetime
    decided_at: datetime | None

    @field_serializer("confidence", "amount")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")

    @classmethod
    def of(cls, pair: WholePair) -> "TransferRead":
        """The pair as shown to its user."""
        transfer = pair.transfer
        return cls(
            id=transfer.id,
            status=transfer.status,
            confidence=transfer.confidence,
            days_apart=transfer.days_apart,
            alternatives=transfer.alternatives,
            reasons=transfer.reasons,
            amount=abs(pair.out.amount),
            currency=pair.out.currency,
            money_out=TransactionRead.of(pair.out),
            money_in=TransactionRead.of(pair.into),
            is_whole=pair.is_whole,
            fits=pair.fits,
            created_at=transfer.created_at,
            decided_at=transfer.decided_at,
        )


class TransferCounts(BaseModel):
    """The number of pairs of each status."""

    suggested: int
    confirmed: int
    refused: int


class TransferPage(BaseModel):
    """Pairs, most certain first; `next_cursor` requests the next page. `matching` pairs have the requested
    confidence."""

    transfers: list[TransferRead]
    counts: TransferCounts
    matching: int
    next_cursor: str | None


class ConfirmAll(BaseModel, extra="forbid"):
    """The least confidence, from 0.5 to 1, of the suggestions to confirm."""

    min_confidence: Annotated[Decimal, Field(ge=Decimal("0.5"), le=1)]


class ConfirmedRead(BaseModel):
    """How many suggestions were confirmed, and which, so that this can be undone."""

    confirmed: int
    transfer_ids: list[Id]

    @classmethod
    def of(cls, transfer_ids: list[int]) -> "ConfirmedRead":
        """The same, over HTTP."""
        return cls(confirmed=len(transfer_ids), transfer_ids=transfer_ids)


class ReopenAll(BaseModel, extra="forbid"):
    """The decisions to undo, all or none."""

    transfer_ids: Annotated[list[Id], Field(min_length=1, max_length=10_000)]


class ReopenedRead(BaseModel):
    """How many pairs are suggestions again."""

    reopened: int


class TransferScanRead(BaseModel):
    """The result of a scan: `new` and `dropped` suggestions, their present number, and rows with too many
    candidates."""

    new: int
    dropped: int
    suggested: int
    too_alike: int

    @classmethod
    def of(cls, scan: TransferScan) -> "TransferScanRead":
        """The same, over HTTP."""
        return cls(new=scan.new, dropped=scan.dropped, suggested=scan.suggested, too_alike=scan.too_alike)

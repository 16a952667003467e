"""Erasure over HTTP."""

from typing import Self

from pydantic import BaseModel, EmailStr

from bankimport.data_rights.erase import Erased
from bankimport.ids import Id


class ErasureRequest(BaseModel, extra="forbid"):
    """The user's own address, typed once more, so that nobody erases themselves by accident."""

    email: EmailStr


class ConsentEndRead(BaseModel):
    """What happened to one consent at TrueLayer; `problem`: why it may still be open there."""

    connection_id: Id
    bank_name: str
    ended_at_truelayer: bool
    problem: str | None


class ErasedRead(BaseModel):
    """A user who was erased, and what happened to their consents."""

    email: str
    consents: list[ConsentEndRead]

    @classmethod
    def of(cls, erased: Erased) -> Self:
        """The result as shown to users."""
        return cls(
            email=erased.email,
            consents=[
                ConsentEndRead(
                    connection_id=consent.connection_id,
                    bank_name=consent.bank_name,
                    ended_at_truelayer=consent.is_ended,
                    problem=consent.problem,
                )
                for consent in erased.consents
            ],
        )

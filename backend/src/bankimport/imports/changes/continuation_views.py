"""Continuations as they are shown: what is offered, and what was accepted."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bankimport.accounts.migrated import Evidence
from bankimport.accounts.models import AccountJoin
from bankimport.accounts.schemas import AccountRead
from bankimport.ids import Id
from bankimport.imports.changes.continuation import continuations
from bankimport.imports.changes.continuation_undo import joins_of


class ContinuationRead(BaseModel):
    """An account that may continue an older one. The counts are of rows on days that both have."""

    new: AccountRead
    old: AccountRead
    evidence: Evidence
    equal_rows: int
    rows_only_in_new: int
    rows_only_in_old: int


class JoinRead(BaseModel):
    """An account that continues another one since `joined_at`; `joined_name` is the name of the other one."""

    account_id: Id
    joined_name: str
    joined_at: datetime

    @classmethod
    def of(cls, join: AccountJoin) -> Self:
        """The continuation as shown to its user."""
        return cls(account_id=join.account_id, joined_name=join.joined_name, joined_at=join.joined_at)


class ContinuationList(BaseModel):
    """The offered continuations, and those that were accepted, newest first."""

    continuations: list[ContinuationRead]
    joined: list[JoinRead]


def continuation_list(session: Session, user_id: int) -> ContinuationList:
    """The user's offers, and the accounts that continue others."""
    return ContinuationList(
        continuations=[
            ContinuationRead(
                new=AccountRead.of(offer.new),
                old=AccountRead.of(offer.old),
                evidence=offer.evidence,
                equal_rows=offer.overlap.equal,
                rows_only_in_new=offer.overlap.only_new,
                rows_only_in_old=offer.overlap.only_old,
            )
            for offer in continuations(session, user_id)
        ],
        joined=[JoinRead.of(join) for join in joins_of(session, user_id)],
    )

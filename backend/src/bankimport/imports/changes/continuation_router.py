"""Accounts that may continue others under a bank's new provider id, over HTTP."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from bankimport.accounts import repository as accounts
from bankimport.accounts.migrated import Evidence
from bankimport.accounts.models import AccountJoin
from bankimport.accounts.schemas import AccountRead
from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.imports.changes import continuation
from bankimport.imports.changes.continuation_undo import joins_of, undo_continuation

router = APIRouter(prefix="/api/truelayer/accounts", tags=["connections"])


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


class Choice(StrEnum):
    """`continue`: the two are one account with one history; `separate`: they are two."""

    CONTINUE = "continue"
    SEPARATE = "separate"


class ChoiceRequest(BaseModel):
    """The user's decision about an offer."""

    old_account_id: Id
    choice: Choice


@router.get("/continuations")
def list_continuations(session: SessionDep, user: CurrentUser) -> ContinuationList:
    """Accounts that look like older ones that the bank moved to a new provider id."""
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
            for offer in continuation.continuations(session, user.id)
        ],
        joined=[JoinRead.of(join) for join in joins_of(session, user.id)],
    )


@router.post("/{account_id}/continuation")
def choose(account_id: Id, wanted: ChoiceRequest, session: SessionDep, user: CurrentUser) -> AccountRead:
    """Decide whether an account continues the older one; returns the account that has its rows now."""
    if wanted.choice is Choice.CONTINUE:
        return AccountRead.of(continuation.continue_account(session, user.id, account_id, wanted.old_account_id))
    continuation.decline(session, user.id, account_id, wanted.old_account_id)
    return AccountRead.of(accounts.account_of(session, user.id, account_id))


@router.delete("/{account_id}/continuation")
def undo(account_id: Id, session: SessionDep, user: CurrentUser) -> AccountRead:
    """Separate an account from the one that it continued last; returns the account that exists again."""
    return AccountRead.of(undo_continuation(session, user.id, account_id))

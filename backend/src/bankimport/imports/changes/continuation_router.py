"""Accounts that may continue others under a bank's new provider id, over HTTP."""

from enum import StrEnum

from fastapi import APIRouter
from pydantic import BaseModel

from bankimport.accounts import repository as accounts
from bankimport.accounts.schemas import AccountRead
from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.imports.changes import continuation
from bankimport.imports.changes.continuation_undo import undo_continuation
from bankimport.imports.changes.continuation_views import ContinuationList, continuation_list

router = APIRouter(prefix="/api/truelayer/accounts", tags=["connections"])


class Choice(StrEnum):
    """`continue`: the two are one account with one history; `separate`: they are two."""

    CONTINUE = "continue"
    SEPARATE = "separate"


class ChoiceRequest(BaseModel, extra="forbid"):
    """The user's decision about an offer."""

    old_account_id: Id
    choice: Choice


@router.get("/continuations")
def list_continuations(session: SessionDep, user: CurrentUser) -> ContinuationList:
    """Accounts that look like older ones that the bank moved to a new provider id."""
    return continuation_list(session, user.id)


@router.post("/{account_id}/continuation")
def choose(account_id: Id, body: ChoiceRequest, session: SessionDep, user: CurrentUser) -> AccountRead:
    """Decide whether an account continues the older one; returns the account that has its rows now."""
    if body.choice is Choice.CONTINUE:
        return AccountRead.of(continuation.continue_account(session, user.id, account_id, body.old_account_id))
    continuation.decline(session, user.id, account_id, body.old_account_id)
    return AccountRead.of(accounts.account_of(session, user.id, account_id))


@router.delete("/{account_id}/continuation")
def undo(account_id: Id, session: SessionDep, user: CurrentUser) -> AccountRead:
    """Separate an account from the one that it continued last; returns the account that exists again."""
    return AccountRead.of(undo_continuation(session, user.id, account_id))

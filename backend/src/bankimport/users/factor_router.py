"""The second factor over HTTP: set it up, renew its backup codes, switch it off. Only in a browser, not by a token."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends

from bankimport.auth import Caller, CurrentPerson, CurrentUser
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.users import second_factor
from bankimport.users.schemas import BackupCodes, CodeGiven, SecondFactorBegun, SecondFactorRead
from bankimport.users.throttle import count_try, forget_tries, limits_of_codes

router = APIRouter(prefix="/api/auth/totp", tags=["auth"])


def _counted(caller: CurrentPerson) -> Iterator[Caller]:
    """The caller, whose code counts as a try until it has turned out right."""
    limits = limits_of_codes(caller.user.id)
    with session_scope() as session:
        count_try(session, limits)
    yield caller
    with session_scope() as session:
        forget_tries(session, limits)


Guessing = Annotated[Caller, Depends(_counted, scope="function")]
"""A person who gives a code; those who guess are slowed down."""


@router.get("")
def read(session: SessionDep, user: CurrentUser) -> SecondFactorRead:
    """Whether sign-in needs a code."""
    factor = second_factor.second_factor_of(session, user.id)
    return SecondFactorRead(
        is_on=factor is not None, backup_codes_left=0 if factor is None else len(factor.backup_hashes)
    )


@router.post("", status_code=201)
def begin(session: SessionDep, caller: CurrentPerson) -> SecondFactorBegun:
    """Make a secret for an authenticator app. Sign-in needs its codes once the first is confirmed."""
    begun = second_factor.begin_enrolment(session, caller.user)
    return SecondFactorBegun(secret=begun.secret, address=begun.address, qr_svg=begun.qr_svg)


@router.post("/confirm")
def confirm(body: CodeGiven, session: SessionDep, caller: Guessing) -> BackupCodes:
    """Switch the second factor on by the app's first code."""
    return BackupCodes(backup_codes=second_factor.confirm_enrolment(session, caller.user.id, body.code))


@router.post("/backup-codes")
def renew(body: CodeGiven, session: SessionDep, caller: Guessing) -> BackupCodes:
    """Replace the backup codes."""
    return BackupCodes(backup_codes=second_factor.renew_backup_codes(session, caller.user.id, body.code))


@router.post("/off", status_code=204)
def switch_off(body: CodeGiven, session: SessionDep, caller: Guessing) -> None:
    """Switch the second factor off."""
    second_factor.switch_off(session, caller.user.id, body.code)

"""Passkeys over HTTP: add, list, rename, remove. Only in a browser, not by a token."""

from fastapi import APIRouter

from bankimport.auth import CurrentPerson, CurrentUser, RecentPerson
from bankimport.db.request import SessionDep
from bankimport.ids import Id
from bankimport.settings import get_settings
from bankimport.users.errors import PasskeysUnavailable
from bankimport.users.passkeys import register
from bankimport.users.passkeys.relying_party import relying_party
from bankimport.users.passkeys.schemas import PasskeyChange, PasskeyList, PasskeyMade, PasskeyOptions, PasskeyRead

router = APIRouter(prefix="/api/auth/passkeys", tags=["auth"])


@router.get("")
def list_passkeys(session: SessionDep, user: CurrentUser) -> PasskeyList:
    """The user's passkeys."""
    found = [PasskeyRead.model_validate(row) for row in register.passkeys_of(session, user.id)]
    return PasskeyList(passkeys=found, unavailable=_why_unavailable())


@router.post("/options", status_code=201)
def begin_passkey(session: SessionDep, caller: RecentPerson) -> PasskeyOptions:
    """Begin to add a passkey: what the browser needs to make it, within five minutes."""
    party = relying_party(get_settings())
    return PasskeyOptions(origin=party.origin, options=register.creation_options(session, caller.user, party))


@router.post("", status_code=201)
def add_passkey(made: PasskeyMade, caller: RecentPerson) -> PasskeyRead:
    """Add the passkey that the browser made."""
    party = relying_party(get_settings())
    return PasskeyRead.model_validate(register.add_passkey(caller.user.id, made.name, made.credential, party))


@router.patch("/{passkey_id}")
def rename_passkey(passkey_id: Id, body: PasskeyChange, session: SessionDep, caller: CurrentPerson) -> PasskeyRead:
    """Rename a passkey."""
    return PasskeyRead.model_validate(register.rename_passkey(session, caller.user.id, passkey_id, body.name))


@router.delete("/{passkey_id}", status_code=204)
def remove_passkey(passkey_id: Id, session: SessionDep, caller: RecentPerson) -> None:
    """Remove a passkey: it does not sign in any more."""
    register.remove_passkey(session, caller.user.id, passkey_id)


def _why_unavailable() -> str | None:
    try:
        relying_party(get_settings())
    except PasskeysUnavailable as failure:
        return failure.message
    return None

"""Sign-in by passkey over HTTP, and proving by one again who is signed in."""

from fastapi import APIRouter, Request, Response

from bankimport.auth import CurrentPerson, device_of, refuse_other_sites, set_session_cookies
from bankimport.db.acting import for_everyone
from bankimport.db.session import session_scope
from bankimport.settings import get_settings
from bankimport.users.passkeys.assertion import request_options
from bankimport.users.passkeys.relying_party import relying_party
from bankimport.users.passkeys.schemas import PasskeyOptions, PasskeyUsed
from bankimport.users.passkeys.sign_in import confirm_by_passkey, sign_in_by_passkey
from bankimport.users.schemas import UserRead

router = APIRouter(prefix="/api/auth/passkeys", tags=["auth"])


@router.post("/sign-in/options", status_code=201)
def begin_sign_in(request: Request) -> PasskeyOptions:
    """Begin to use a passkey, at sign-in or later: what the browser needs, within five minutes."""
    refuse_other_sites(request)
    party = relying_party(get_settings())
    with for_everyone(), session_scope() as session:
        options = request_options(session, device_of(request).address or "unknown", party)
    return PasskeyOptions(origin=party.origin, options=options)


@router.post("/sign-in", status_code=200)
def sign_in(used: PasskeyUsed, request: Request, response: Response) -> UserRead:
    """Sign in by a passkey; sets the session cookie. One that checked who uses it needs no second factor."""
    refuse_other_sites(request)
    with for_everyone():
        signed_in = sign_in_by_passkey(used.credential, relying_party(get_settings()), device_of(request))
    set_session_cookies(response, signed_in.token, signed_in.device_mark)
    return UserRead.model_validate(signed_in.user)


@router.post("/confirm", status_code=204)
def confirm(used: PasskeyUsed, request: Request, caller: CurrentPerson) -> None:
    """Use a passkey in place of the password that some operations require again; it counts for ten minutes."""
    assert caller.session_id is not None
    party = relying_party(get_settings())
    with for_everyone():
        confirm_by_passkey(caller.user.id, caller.session_id, used.credential, party, device_of(request))

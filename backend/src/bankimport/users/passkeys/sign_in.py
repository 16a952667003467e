"""Sign in by a passkey, or prove by one again who is signed in."""

from typing import Any

from bankimport.db.session import session_scope
from bankimport.users.confirm import confirm_session
from bankimport.users.errors import PasskeyRefused, PasswordNeeded
from bankimport.users.models import User
from bankimport.users.passkeys.assertion import check_assertion
from bankimport.users.passkeys.relying_party import RelyingParty
from bankimport.users.sessions import Device, open_session
from bankimport.users.sign_in import SignedIn, new_device_mark
from bankimport.users.throttle import count_try, forget_tries, limits_of_address


def sign_in_by_passkey(credential: dict[str, Any], party: RelyingParty, device: Device) -> SignedIn:
    """Sign in by what a passkey signed. One that checked who uses it is both factors. All users' rows must be visible.

    Raises:
        PasskeyRefused: as `check_assertion`; also of a disabled user.
        PasswordNeeded: it did not check who uses it; give it as the second factor of a sign-in by password.
        TooManyTries: too many were refused from this address; the next has to wait.
    """
    limits = limits_of_address("passkey", device.address or "unknown")
    with session_scope() as session:
        count_try(session, limits)
    used = check_assertion(credential, party, device)
    if not used.is_verified:
        raise _password_needed()
    with session_scope() as session:
        forget_tries(session, limits)
        user = session.get(User, used.user_id)
        if user is None or user.disabled_at is not None:
            raise PasskeyRefused("this passkey was not accepted: its user may not sign in; ask the administrator")
        return SignedIn(
            user, open_session(session, user.id, "user.signed_in_by_passkey", device), new_device_mark(user)
        )


def confirm_by_passkey(
    user_id: int, session_id: int, credential: dict[str, Any], party: RelyingParty, device: Device
) -> None:
    """Take a passkey of this user in place of their password, so that this session counts as confirmed.

    Raises:
        PasskeyRefused, PasswordNeeded, TooManyTries: as `sign_in_by_passkey`.
    """
    limits = limits_of_address("passkey", device.address or "unknown")
    with session_scope() as session:
        count_try(session, limits)
    if not check_assertion(credential, party, device, of_user=user_id).is_verified:
        raise _password_needed()
    with session_scope() as session:
        forget_tries(session, limits)
    confirm_session(session_id)


def _password_needed() -> PasswordNeeded:
    return PasswordNeeded(
        "this passkey did not check that it is you; give your password, and the passkey as the second"
    )

"""The second step of a sign-in at a provider: the user's own second factor, in the browser that came back from there.

Who came back is in a cookie of that browser, encrypted, for some minutes; the session opens only with the factor.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.errors import SettingsInvalid
from bankimport.secrets import decrypt, encrypt
from bankimport.settings import get_settings
from bankimport.settings.types import OidcProvider
from bankimport.users.errors import CodeNeeded, ProviderRefused, WrongCode
from bankimport.users.models import Passkey, User
from bankimport.users.oidc.id_token import Identity
from bankimport.users.passkeys.assertion import check_assertion
from bankimport.users.passkeys.relying_party import relying_party
from bankimport.users.record import record
from bankimport.users.second_factor import second_factor_of, use_code
from bankimport.users.sessions import Device, open_session
from bankimport.users.sign_in import SignedIn, new_device_mark
from bankimport.users.throttle import count_try, forget_tries, limits_of

LIFETIME = timedelta(minutes=5)
_PURPOSE = "second step"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Factors:
    """What a user has as a second factor."""

    code: bool
    passkey: bool


@dataclass(frozen=True, slots=True)
class SecondStep:
    """A sign-in that waits for the user's second factor; `until` is a time in seconds."""

    user_id: int
    until: float
    purpose: str = _PURPOSE


def factors_of(session: Session, user_id: int) -> Factors:
    """The user's second factors: codes of an app, and passkeys."""
    has_passkey = session.scalars(select(exists().where(Passkey.user_id == user_id))).one()
    return Factors(second_factor_of(session, user_id) is not None, has_passkey)


def needs_second_step(session: Session, user_id: int, provider: OidcProvider, identity: Identity) -> bool:
    """Whether somebody who signed in at this provider has to give a second factor here."""
    if provider.second_factor == "never" or (
        provider.second_factor == "unless_used_there" and identity.used_second_factor
    ):
        return False
    return factors_of(session, user_id) != Factors(code=False, passkey=False)


def begin_second_step(user_id: int) -> str:
    """The cookie's value for a user who came back from a provider."""
    step = SecondStep(user_id, (utc_now() + LIFETIME).timestamp())
    return encrypt(json.dumps(asdict(step))).decode()


def read_second_step(cookie: str | None) -> SecondStep | None:
    """The sign-in that waits in this browser; None if none does."""
    try:
        step = SecondStep(**json.loads(decrypt((cookie or "").encode())))
    except (SettingsInvalid, ValueError, TypeError):
        return None
    return step if step.purpose == _PURPOSE and step.until >= utc_now().timestamp() else None


def finish_second_step(
    step: SecondStep | None, device: Device, code: str | None, passkey: dict[str, Any] | None
) -> SignedIn:
    """Check the second factor and open the session. All users' rows must be visible.

    Raises:
        ProviderRefused: no sign-in waits in this browser, or the user may not sign in.
        CodeNeeded, WrongCode, PasskeyRefused: the factor is missing or wrong.
        TooManyTries: too many failed; the next has to wait.
    """
    if step is None:
        raise ProviderRefused("this sign-in did not begin in this browser, or took too long; try again")
    with session_scope() as session:
        user = session.get(User, step.user_id)
        if user is None or user.disabled_at is not None:
            raise ProviderRefused("this user may not sign in; ask the administrator")
        limits = limits_of(user.email, device.address or "unknown", None)
        count_try(session, limits)
    if passkey is not None:
        check_assertion(passkey, relying_party(get_settings()), device, of_user=step.user_id)
    else:
        _check_code(step.user_id, code, device)
    with session_scope() as session:
        forget_tries(session, limits)
        opened = open_session(session, step.user_id, "user.signed_in_by_provider", device)
        return SignedIn(user, opened, new_device_mark(user))


def _check_code(user_id: int, code: str | None, device: Device) -> None:
    try:
        with session_scope() as session:
            if not factors_of(session, user_id).code:
                raise CodeNeeded("use a passkey: no authenticator app is set up")
            use_code(session, user_id, code)
    except WrongCode:
        log.warning("sign_in.failed", address=device.address or "unknown")
        with session_scope() as session:
            record(session, user_id, "user.sign_in_failed", address=device.address, code=True)
        raise

"""Sign in, or link, with what a provider said about who signed in there."""

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.settings import get_settings
from bankimport.users.access import Role
from bankimport.users.errors import IdentityUnknown, ProviderRefused
from bankimport.users.models import User
from bankimport.users.oidc.flow import Begun, finish
from bankimport.users.oidc.id_token import Identity
from bankimport.users.oidc.identities import find_identity, link_identity, user_of_address
from bankimport.users.oidc.providers import provider_named
from bankimport.users.oidc.second_step import begin_second_step, needs_second_step
from bankimport.users.record import record
from bankimport.users.service import create_user
from bankimport.users.sessions import Device, open_session
from bankimport.users.sign_in import SignedIn, new_device_mark
from bankimport.users.throttle import count_try, forget_tries, limits_of_address

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WaitsForFactor:
    """A sign-in at a provider that succeeded and waits for the user's second factor: the cookie of its browser."""

    cookie: str


def link_from_provider(
    begun: Begun, caller_id: int | None, code: str | None, error: str | None, issuer: str | None
) -> None:
    """Link the identity to the user who began this and is still signed in. All users' rows must be visible.

    Raises:
        ProviderRefused: another user is signed in by now, or nobody. Also as `finish`.
        IdentityTaken: it signs in another user.
    """
    if begun.user_id is None or caller_id != begun.user_id:
        raise ProviderRefused("you are not signed in any more as the user who began this; sign in and try again")
    identity = finish(begun, code, error, issuer)
    with session_scope() as session:
        link_identity(session, begun.user_id, identity)


def sign_in_from_provider(
    begun: Begun, code: str | None, error: str | None, issuer: str | None, device: Device
) -> SignedIn | WaitsForFactor:
    """Open a session for the user to whom the identity is linked, unless a second factor is due first.

    All users' rows must be visible.

    Raises:
        IdentityUnknown: it is linked to nobody, and the settings do not allow to link or create a user by its address.
        ProviderRefused: the user is disabled. Also as `finish`.
        TooManyTries: too many failed from this address; the next has to wait.
    """
    limits = limits_of_address("oidc", device.address or "unknown")
    with session_scope() as session:
        count_try(session, limits)
    identity = finish(begun, code, error, issuer)
    with session_scope() as session:
        user = _user_of(session, identity)
        if user is not None and user.disabled_at is None:
            forget_tries(session, limits)
            if needs_second_step(session, user.id, provider_named(begun.provider), identity):
                return WaitsForFactor(begin_second_step(user.id))
            opened = open_session(session, user.id, "user.signed_in_by_provider", device)
            return SignedIn(user, opened, new_device_mark(user))
        log.warning("sign_in.failed", address=device.address or "unknown")
        user_id = None if user is None else user.id
        record(session, user_id, "user.sign_in_failed", address=device.address, provider=begun.provider)
    if user is None:
        raise IdentityUnknown(
            "this account at the provider belongs to no user here; sign in another way first, and link it under "
            "Settings → Security"
        )
    raise ProviderRefused("this user may not sign in; ask the administrator")


def _user_of(session: Session, identity: Identity) -> User | None:
    """The user whom an identity signs in; found or made by its checked address, if the settings allow that."""
    settings = get_settings()
    linked = find_identity(session, identity)
    if linked is not None:
        linked.last_used_at = utc_now()
        return session.get(User, linked.user_id)
    if identity.email is None:
        return None
    user = user_of_address(session, identity.email)
    if user is None and settings.oidc_sign_up:
        user = create_user(session, identity.email, None, Role.MEMBER)
    elif user is not None and (not settings.oidc_link_by_email or user.disabled_at is not None):
        return None if user.disabled_at is None else user
    if user is not None:
        link_identity(session, user.id, identity).last_used_at = utc_now()
    return user

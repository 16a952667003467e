"""Sign in by password, slowed down for those who guess, and change a password."""

from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bankimport.db.session import session_scope
from bankimport.errors import SettingsInvalid
from bankimport.secrets import decrypt, encrypt
from bankimport.settings import get_settings
from bankimport.users.errors import WrongCode, WrongCredentials
from bankimport.users.models import User
from bankimport.users.passkeys.assertion import check_assertion
from bankimport.users.passkeys.relying_party import relying_party
from bankimport.users.passwords import check_strength, hash_password, verify_password
from bankimport.users.record import record
from bankimport.users.second_factor import use_code
from bankimport.users.sessions import Device, end_sessions, open_session
from bankimport.users.throttle import Limit, count_try, forget_tries, limits_of

log = structlog.get_logger(__name__)

_DEVICE_MARK = "device"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in that succeeded: its user, the session's token, and the mark by which the browser is known later."""

    user: User
    token: str
    device_mark: str


def sign_in(
    email: str,
    password: str,
    device: Device,
    device_mark: str | None = None,
    code: str | None = None,
    passkey: dict[str, Any] | None = None,
) -> SignedIn:
    """Check a password, and a second factor if the user has one, and open a session.

    The second factor is a code, or what a passkey of the user's signed, even if that did not check who uses it.

    No connection is held while the password is hashed. An unknown address takes the same time as a wrong password, so
    that addresses cannot be probed. A failure is recorded, and counts even if the caller goes away.

    Raises:
        WrongCredentials: unknown user, wrong password or disabled user; the error does not say which.
        CodeNeeded, WrongCode: the password is right, and the second factor's code is missing or wrong.
        PasskeyRefused: the password is right, and the passkey is wrong.
        TooManyTries: the account or the address has failed too often; the next try has to wait.
        TooManySignIns: too many passwords are being checked.
    """
    user_id, limits = _check(email, password, device, device_mark)
    if passkey is None:
        _check_code(user_id, code, device)
    else:
        check_assertion(passkey, relying_party(get_settings()), device, of_user=user_id)
    with session_scope() as session:
        forget_tries(session, limits)
        user = session.get_one(User, user_id)
        return SignedIn(user, open_session(session, user_id, "user.signed_in", device), new_device_mark(user))


def change_password(user: User, old: str, new: str, device: Device, *, keeps_session: int | None) -> None:
    """Replace a password, and end the user's other sessions and unused sign-in links.

    Raises:
        PasswordTooWeak: the new one, as `check_strength`.
        WrongCredentials, TooManyTries, TooManySignIns: the old one, as `sign_in`.
    """
    check_strength(new, user.email)
    if user.password_hash is not None:
        check_password(user, old, device)
    hashed = hash_password(new)
    with session_scope() as session:
        store_password(session, user.id, hashed, keeps_session=keeps_session)


def check_password(user: User, password: str, device: Device) -> None:
    """Check the password of a user who is signed in.

    Raises:
        WrongCredentials, TooManyTries, TooManySignIns: as `sign_in`.
    """
    _, limits = _check(user.email, password, device, new_device_mark(user))
    with session_scope() as session:
        forget_tries(session, limits)


def store_password(session: Session, user_id: int, hashed: str, *, keeps_session: int | None = None) -> None:
    """Store a new password's hash, and end the user's sessions but this one."""
    session.execute(update(User).where(User.id == user_id).values(password_hash=hashed))
    record(session, user_id, "user.password_changed")
    end_sessions(session, user_id, but=keeps_session)


def new_device_mark(user: User) -> str:
    """What a browser keeps to be known as one in which this user has signed in."""
    return encrypt(f"{_DEVICE_MARK} {user.id}").decode()


def _check_code(user_id: int, code: str | None, device: Device) -> None:
    try:
        with session_scope() as session:
            use_code(session, user_id, code)
    except WrongCode:
        log.warning("sign_in.failed", address=device.address or "unknown")
        with session_scope() as session:
            record(session, user_id, "user.sign_in_failed", address=device.address, code=True)
        raise


def _check(email: str, password: str, device: Device, device_mark: str | None) -> tuple[int, dict[str, Limit]]:
    """The user with this password, and what the try counts against until the sign-in is complete."""
    address = device.address or "unknown"
    with session_scope() as session:
        found = session.scalars(select(User).where(func.lower(User.email) == email.strip().lower())).one_or_none()
        limits = limits_of(email, address, _known_mark(device_mark, found))
        count_try(session, limits)
    is_right, newer_hash = verify_password(password, found.password_hash if found is not None else None)
    if not is_right or found is None or found.disabled_at is not None:
        log.warning("sign_in.failed", address=address)
        with session_scope() as session:
            record(session, found.id if found is not None else None, "user.sign_in_failed", address=address)
        raise WrongCredentials("wrong e-mail address or password")
    if newer_hash is not None:
        with session_scope() as session:
            session.execute(update(User).where(User.id == found.id).values(password_hash=newer_hash))
    return found.id, limits


def _known_mark(mark: str | None, user: User | None) -> str | None:
    if mark is None or user is None:
        return None
    try:
        return mark if decrypt(mark.encode()) == f"{_DEVICE_MARK} {user.id}" else None
    except SettingsInvalid:
        return None

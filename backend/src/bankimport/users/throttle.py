"""Slow down those who guess passwords: by account, by address, and by both together.

A try counts before the password is checked, so that tries at once count too, and a success takes it back. A browser in
which the account's user has signed in before is counted for itself: strangers cannot lock its user out.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.errors import BankImportError
from bankimport.users.models import SignInTries

FORGOTTEN_AFTER = timedelta(days=1)
"""Tries are deleted if none was made for this long."""

_MOST_DOUBLINGS = 20


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries are free; each further one doubles the wait, up to the longest."""

    free: int
    longest: timedelta


OF_BOTH = Limit(5, timedelta(minutes=15))
"""Of one account from one address, or from one known browser."""
OF_AN_ADDRESS = Limit(20, timedelta(minutes=15))
OF_AN_ACCOUNT = Limit(50, timedelta(minutes=1))
"""From all addresses: short, since it also stops the account's user in a new browser."""


class TooManyTries(BankImportError):
    """Too many failed tries; the next is allowed later."""

    code = "too_many_tries"
    http_status = 429


def limits_of(email: str, address: str, device: str | None) -> dict[str, Limit]:
    """The limits that a try counts against, by key. `device` is the mark of a known browser of this account, if it is
    one."""
    account = email.strip().lower()
    if device is not None:
        return {_key("device", account, device): OF_BOTH}
    return {
        _key("both", account, address): OF_BOTH,
        _key("address", address): OF_AN_ADDRESS,
        _key("account", account): OF_AN_ACCOUNT,
    }


def limits_of_codes(user_id: int) -> dict[str, Limit]:
    """The limits for a code that a signed-in user enters, by key."""
    return {_key("code", str(user_id)): OF_BOTH}


def limits_of_address(method: str, address: str) -> dict[str, Limit]:
    """The limits for a sign-in without a password, by key. Guessed passwords do not stop it."""
    return {_key(method, address): OF_AN_ADDRESS}


def hashed_address(address: str) -> str:
    """An address as it may be stored."""
    return _key("address", address)


def count_try(session: Session, limits: dict[str, Limit]) -> None:
    """Count a try that begins now.

    Raises:
        TooManyTries: it has to wait; `retry_after_s` says how long. Nothing is counted then.
    """
    now = utc_now()
    # Always in the same order, so that concurrent tries never deadlock.
    for key, limit in sorted(limits.items()):
        blocked_until = session.scalars(
            select(SignInTries.blocked_until).where(SignInTries.key == key, SignInTries.blocked_until > now)
        ).one_or_none()
        if blocked_until is None and _count(session, key, limit, now):
            continue
        wait = (blocked_until or now + timedelta(seconds=1)) - now
        error = TooManyTries(
            "too many failed tries; wait, or make a link with `bankimport user login-link` on the server",
            retry_after_seconds=round(wait.total_seconds()),
        )
        error.retry_after_s = wait.total_seconds()
        raise error


def forget_tries(session: Session, keys: Iterable[str]) -> None:
    """Delete the tries of a user who has signed in, and all old ones."""
    old = SignInTries.last_at < utc_now() - FORGOTTEN_AFTER
    session.execute(delete(SignInTries).where(SignInTries.key.in_(list(keys)) | old))


def _count(session: Session, key: str, limit: Limit, now: datetime) -> bool:
    """Count one, unless another try has just used up what was left."""
    tries = case((SignInTries.last_at < now - FORGOTTEN_AFTER, 0), else_=SignInTries.tries) + 1
    over = func.least(tries - limit.free, _MOST_DOUBLINGS)
    wait = func.least(func.power(2, over) * timedelta(seconds=1), limit.longest)
    statement = (
        insert(SignInTries)
        .values(key=key, tries=1, last_at=now)
        .on_conflict_do_update(
            index_elements=["key"],
            set_={"tries": tries, "last_at": now, "blocked_until": case((tries > limit.free, now + wait), else_=None)},
            where=SignInTries.blocked_until.is_(None) | (SignInTries.blocked_until <= now),
        )
        .returning(SignInTries.key)
    )
    return session.scalars(statement).one_or_none() is not None


def _key(*parts: str) -> str:
    """Only a hash is stored: the table would otherwise list addresses of strangers."""
    whole = "\n".join(parts)
    return f"{parts[0]}:{hashlib.sha256(whole.encode()).hexdigest()}"

"""Challenges: what a passkey has to sign. Each is random, works once, also if it fails, and for some minutes."""

import base64
import binascii
import hashlib
import json
import secrets as random_source
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.users.models import ChallengeUse, PasskeyChallenge
from bankimport.users.throttle import hashed_address

LIFETIME = timedelta(minutes=5)
MOST_OF_ONE = 20
"""Challenges of one user or address that wait to be signed; a further one ends the oldest."""

_BYTES = 32


def registration_challenge(session: Session, user_id: int, user_handle: bytes) -> bytes:
    """A challenge with which this user can add a passkey."""
    return _new(session, use=ChallengeUse.REGISTER, user_id=user_id, user_handle=user_handle)


def sign_in_challenge(session: Session, address: str) -> bytes:
    """A challenge with which anybody at this address can use a passkey; the session sees all users' rows."""
    return _new(session, use=ChallengeUse.SIGN_IN, asked_by=hashed_address(address))


def use_challenge(
    session: Session, use: ChallengeUse, credential: dict[str, Any], user_id: int | None = None
) -> tuple[bytes, bytes | None] | None:
    """Use up the challenge that a passkey signed: the challenge, and the user handle it was made for.

    None if there is none: it was used, has expired, was made for something else or for another user, or never.
    """
    challenge = _signed_by(credential)
    if challenge is None:
        return None
    row = PasskeyChallenge
    statement = (
        delete(row)
        .where(
            row.challenge_hash == _hash(challenge),
            row.use == use,
            row.user_id.is_not_distinct_from(user_id),
        )
        .returning(row.expires_at, row.user_handle)
    )
    found = session.execute(statement).one_or_none()
    return None if found is None or found.expires_at <= utc_now() else (challenge, found.user_handle)


def _new(session: Session, **values: Any) -> bytes:
    challenge, now, row = random_source.token_bytes(_BYTES), utc_now(), PasskeyChallenge
    asker = row.asked_by == values["asked_by"] if "asked_by" in values else row.user_id == values["user_id"]
    older = select(row.id).where(asker).order_by(row.id.desc()).offset(MOST_OF_ONE - 1)
    session.execute(delete(row).where((row.expires_at <= now) | row.id.in_(older)))
    session.add(row(challenge_hash=_hash(challenge), expires_at=now + LIFETIME, **values))
    return challenge


def _signed_by(credential: dict[str, Any]) -> bytes | None:
    """The challenge that the browser says was signed. That this is true, the signature shows later."""
    try:
        encoded = credential["response"]["clientDataJSON"]
        challenge = json.loads(_decoded(encoded))["challenge"]
        return _decoded(challenge)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError, binascii.Error):
        return None


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hash(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()

"""Users' keys: made when first needed, stored encrypted under the installation's key."""

import base64
import functools

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, LargeBinary, ScalarSelect, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.secrets import decrypt, encrypt
from bankimport.users.models import User
from bankimport.vault.models import UserKey
from bankimport.vault.seal import KEY_BYTES, SealBroken, Vault, is_sealed


def vault_of(session: Session, user_id: int) -> Vault:
    """The user's key; made now if there is none, unless the user is being erased.

    Raises:
        SealBroken: there is no such user, or they are being erased.
        SettingsInvalid: none of the installation's keys decrypts it.
    """
    statement = select(UserKey.key_encrypted).where(UserKey.user_id == user_id)
    stored = session.scalar(statement)
    if stored is None:
        _make(session, user_id)
        stored = session.scalar(statement)
    return vault_from(user_id, stored)


def vault_from(user_id: int, stored: bytes | None) -> Vault:
    """The user's key from its stored form.

    Raises:
        SealBroken: there is none, or it is another user's.
        SettingsInvalid: none of the installation's keys decrypts it.
    """
    if stored is None:
        raise SealBroken(f"user {user_id} has no key: what it encrypted was erased", user_id=user_id)
    return _unwrapped(user_id, stored)


def plain_of(user_id: int, key: bytes | None, stored: bytes, kind: str) -> bytes:
    """The plain form of a stored value; values from before there were users' keys are stored plain.

    Raises:
        SealBroken, SettingsInvalid: as `vault_from` and `Vault.open`.
    """
    return vault_from(user_id, key).open(stored, kind) if is_sealed(stored) else stored


def stored_key_of(owner: ColumnElement[int]) -> ScalarSelect[bytes]:
    """The stored key of the user in a column, to be read along with a row of that user."""
    statement = select(UserKey.key_encrypted).where(UserKey.user_id == owner)
    return statement.correlate_except(UserKey).scalar_subquery()


def wrapped(user_id: int, key: bytes) -> bytes:
    """A key in its stored form, which says whose it is."""
    return encrypt(f"{user_id} {base64.b64encode(key).decode()}")


def unwrapped(user_id: int, stored: bytes) -> bytes:
    """A key from its stored form.

    Raises:
        SealBroken: it is another user's.
        SettingsInvalid: none of the installation's keys decrypts it.
    """
    owner, _, key = decrypt(stored).partition(" ")
    if owner != str(user_id):
        raise SealBroken(f"the key stored for user {user_id} is another user's", user_id=user_id)
    return base64.b64decode(key)


@functools.lru_cache(maxsize=256)
def _unwrapped(user_id: int, stored: bytes) -> Vault:
    """In memory while the process uses it: with the many rows of an import, one decryption is enough."""
    return Vault(user_id, unwrapped(user_id, stored))


def _make(session: Session, user_id: int) -> None:
    """Store a new key. If somebody else does so at the same time, theirs stays."""
    fresh = wrapped(user_id, AESGCM.generate_key(KEY_BYTES * 8))
    whose = select(User.id, literal(fresh, LargeBinary), literal(utc_now())).where(
        User.id == user_id, User.erasing_since.is_(None)
    )
    columns = ["user_id", "key_encrypted", "created_at"]
    session.execute(insert(UserKey).from_select(columns, whose).on_conflict_do_nothing())

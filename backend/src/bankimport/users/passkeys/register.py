"""Add a passkey to a signed-in user, and list, rename and remove them."""

import secrets as random_source
from typing import Any

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.errors import NotFound
from bankimport.users.errors import PasskeyUnfit
from bankimport.users.models import ChallengeUse, Passkey, User
from bankimport.users.passkeys.challenges import LIFETIME, registration_challenge, use_challenge
from bankimport.users.passkeys.relying_party import NAME, RelyingParty
from bankimport.users.record import record

log = structlog.get_logger(__name__)

MOST_PASSKEYS = 20
"""Of one user."""
LONGEST_CREDENTIAL_ID = 1023
"""Bytes; longer ones are not allowed by the specification.

Source: W3C Web Authentication Level 3, section 7.1, step 25."""

_HANDLE_BYTES = 32


def creation_options(session: Session, user: User, party: RelyingParty) -> dict[str, Any]:
    """What the browser needs to make a passkey: PublicKeyCredentialCreationOptionsJSON.

    The passkey is discoverable, so that it signs in without an address, and an authenticator that has one of this
    user's refuses to make another.

    Raises:
        PasskeyUnfit: the user has `MOST_PASSKEYS`.
    """
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict, structs

    known = passkeys_of(session, user.id)
    if len(known) >= MOST_PASSKEYS:
        raise PasskeyUnfit(f"you have {MOST_PASSKEYS} passkeys; remove one first")
    handle = known[0].user_handle if known else random_source.token_bytes(_HANDLE_BYTES)
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=NAME,
        user_id=handle,
        user_name=user.email,
        challenge=registration_challenge(session, user.id, handle),
        timeout=round(LIFETIME.total_seconds() * 1000),
        attestation=structs.AttestationConveyancePreference.NONE,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in known],
    )
    return options_to_json_dict(options)


def add_passkey(user_id: int, name: str, credential: dict[str, Any], party: RelyingParty) -> Passkey:
    """Store the passkey that the browser made; `credential` is its RegistrationResponseJSON.

    The challenge is used up also if the passkey is refused.

    Raises:
        PasskeyUnfit: the answer is wrong or late, the passkey is known already, or the user has `MOST_PASSKEYS`.
    """
    with session_scope() as session:
        used = use_challenge(session, ChallengeUse.REGISTER, credential, user_id)
    if used is None or used[1] is None:
        raise PasskeyUnfit("this took too long, or was sent before; begin to add the passkey again")
    values = _checked(credential, used[0], party)
    with session_scope() as session:
        # One at a time for each user, or two at once would pass the limit together.
        session.execute(select(User.id).where(User.id == user_id).with_for_update())
        if session.scalars(select(func.count()).where(Passkey.user_id == user_id)).one() >= MOST_PASSKEYS:
            raise PasskeyUnfit(f"you have {MOST_PASSKEYS} passkeys; remove one first")
        statement = insert(Passkey).values(
            user_id=user_id, name=name, user_handle=used[1], created_at=utc_now(), **values
        )
        made = session.scalars(statement.on_conflict_do_nothing().returning(Passkey)).one_or_none()
        if made is None:
            raise PasskeyUnfit("this passkey was added already; sign in with it")
        record(session, user_id, "passkey.added", passkey_id=made.id, name=name)
        return made


def passkeys_of(session: Session, user_id: int) -> list[Passkey]:
    """The user's passkeys, the newest first."""
    return list(session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id.desc())))


def rename_passkey(session: Session, user_id: int, passkey_id: int, name: str) -> Passkey:
    """Give a passkey another name.

    Raises:
        NotFound: not a passkey of this user.
    """
    owned = select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id)
    passkey = session.scalars(owned).one_or_none()
    if passkey is None:
        raise NotFound("no such passkey")
    passkey.name = name
    record(session, user_id, "passkey.renamed", passkey_id=passkey_id, name=name)
    return passkey


def remove_passkey(session: Session, user_id: int, passkey_id: int) -> None:
    """Remove a passkey, so that it cannot sign in. Sessions that it opened stay.

    Raises:
        NotFound: not a passkey of this user.
    """
    removed = delete(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user_id).returning(Passkey.name)
    name = session.scalars(removed).one_or_none()
    if name is None:
        raise NotFound("no such passkey")
    record(session, user_id, "passkey.removed", passkey_id=passkey_id, name=name)


def remove_passkeys(session: Session, user_id: int) -> int:
    """Remove all of a user's passkeys: for the operator, when one is lost. Returns how many there were."""
    found = passkeys_of(session, user_id)
    for passkey in found:
        remove_passkey(session, user_id, passkey.id)
    return len(found)


def _checked(credential: dict[str, Any], challenge: bytes, party: RelyingParty) -> dict[str, Any]:
    """What is stored of a new passkey.

    Raises:
        PasskeyUnfit: it is not the one that was begun.
    """
    from webauthn import verify_registration_response
    from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography

    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
        )
        # A key that cannot be used later is refused now.
        decoded_public_key_to_cryptography(decode_credential_public_key(made.credential_public_key))
    except Exception as failure:  # Bytes of a stranger's, in several formats: whatever is wrong, the passkey is.
        log.info("passkey.unfit", error=type(failure).__name__, reason=str(failure)[:200])
        raise PasskeyUnfit("the browser's answer does not fit; begin to add the passkey again") from None
    if len(made.credential_id) > LONGEST_CREDENTIAL_ID:
        raise PasskeyUnfit("the passkey's id is longer than the specification allows")
    return {
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "is_synced": made.credential_backed_up,
    }

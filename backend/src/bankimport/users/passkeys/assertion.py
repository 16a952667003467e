"""Check what a passkey signed: the challenge, the address, the signature, and its counter."""

import hmac
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.users.errors import PasskeyRefused
from bankimport.users.models import ChallengeUse, Passkey
from bankimport.users.passkeys.challenges import LIFETIME, sign_in_challenge, use_challenge
from bankimport.users.passkeys.relying_party import RelyingParty
from bankimport.users.record import record
from bankimport.users.sessions import Device

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UsedPasskey:
    """A passkey that has signed: whose it is, and whether it checked who uses it, by finger, face or PIN."""

    user_id: int
    passkey_id: int
    is_verified: bool


def request_options(session: Session, address: str, party: RelyingParty) -> dict[str, Any]:
    """What the browser needs to use any passkey of this installation: PublicKeyCredentialRequestOptionsJSON.

    The session sees all users' rows.
    """
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict, structs

    options = generate_authentication_options(
        rp_id=party.id,
        challenge=sign_in_challenge(session, address),
        timeout=round(LIFETIME.total_seconds() * 1000),
        user_verification=structs.UserVerificationRequirement.PREFERRED,
    )
    return options_to_json_dict(options)


def check_assertion(
    credential: dict[str, Any], party: RelyingParty, device: Device, *, of_user: int | None = None
) -> UsedPasskey:
    """Check the AuthenticationResponseJSON of a browser. Call it where all users' rows are visible.

    `of_user`: whose passkey it has to be. The challenge is used up also if the passkey is refused, and a failure is
    recorded and logged like a wrong password.

    Raises:
        PasskeyRefused: the answer is wrong, late or was sent before, or the passkey is not known or another user's.
    """
    with session_scope() as session:
        used = use_challenge(session, ChallengeUse.SIGN_IN, credential)
    with session_scope() as session:
        owner, result = None, None
        if used is not None:
            passkey = _passkey_of(session, credential)
            if passkey is not None and of_user in (None, passkey.user_id):
                owner = passkey.user_id
                result = _checked(session, passkey, credential, used[0], party)
        if result is None:
            log.warning("sign_in.failed", address=device.address or "unknown")
            expected_user = owner if owner is not None else of_user
            record(session, expected_user, "user.sign_in_failed", address=device.address, passkey=True)
    if result is None:
        raise PasskeyRefused(
            "this passkey was not accepted: it was removed, or this took too long; try again, or sign in another way"
        )
    return result


def _passkey_of(session: Session, credential: dict[str, Any]) -> Passkey | None:
    """The passkey that the browser names, locked, so that its counter is compared by one request at a time."""
    from webauthn.helpers import base64url_to_bytes

    named = credential.get("id")
    if not isinstance(named, str):
        return None
    try:
        credential_id = base64url_to_bytes(named)
    except ValueError:
        return None
    return session.scalars(
        select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    ).one_or_none()


def _checked(
    session: Session, passkey: Passkey, credential: dict[str, Any], challenge: bytes, party: RelyingParty
) -> UsedPasskey | None:
    """The passkey's use, once the answer was found right and its counter is stored; None if it is wrong."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    try:
        credential_data = parse_authentication_credential_json(credential)
        handle = credential_data.response.user_handle
        signed = verify_authentication_response(
            credential=credential_data,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
        )
    except Exception as failure:  # Bytes of a stranger's, in several formats: whatever is wrong, the answer is.
        log.info("passkey.refused", error=type(failure).__name__, reason=str(failure)[:200])
        return None
    if handle is not None and not hmac.compare_digest(handle, passkey.user_handle):
        return None
    if (signed.new_sign_count or passkey.sign_count) and signed.new_sign_count <= passkey.sign_count:
        # Two authenticators have this key: it was copied. Source: W3C Web Authentication Level 3, section 6.1.1.
        record(session, passkey.user_id, "passkey.counter_went_back", passkey_id=passkey.id, name=passkey.name)
        return None
    passkey.sign_count = signed.new_sign_count
    passkey.is_synced = signed.credential_backed_up
    passkey.last_used_at = utc_now()
    return UsedPasskey(passkey.user_id, passkey.id, signed.user_verified)

"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and backup codes for when it is lost."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
import segno
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.secrets import decrypt, encrypt, new_code, token_hash
from bankimport.users.errors import CodeNeeded, SecondFactorUnfit, WrongCode
from bankimport.users.models import SecondFactor, User
from bankimport.users.record import record

ISSUER = "bankimport"
BACKUP_CODES = 10
STEPS_AROUND = 1
"""Codes of this many 30-second steps before and after now are accepted, because phones' clocks differ."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the authenticator app has to learn: the secret to type, the same as an address, and that as a picture."""

    secret: str
    address: str
    qr_svg: str


def second_factor_of(session: Session, user_id: int) -> SecondFactor | None:
    """The user's second factor that is on; None without."""
    return session.scalars(
        select(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None))
    ).one_or_none()


def begin_enrolment(session: Session, user: User) -> Enrolment:
    """Make a secret for the user's app. Nothing is required of the user until `confirm_enrolment`.

    Raises:
        SecondFactorUnfit: a second factor is on already.
    """
    if second_factor_of(session, user.id) is not None:
        raise SecondFactorUnfit("a second factor is on already; switch it off first")
    secret = pyotp.random_base32()
    values = {"secret_encrypted": encrypt(secret), "created_at": utc_now()}
    statement = insert(SecondFactor).values(user_id=user.id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    return Enrolment(secret, address, segno.make(address, micro=False).svg_inline(scale=4, dark="#000", light="#fff"))


def confirm_enrolment(session: Session, user_id: int, code: str) -> list[str]:
    """Switch the second factor on, once the app shows the right codes; returns the backup codes, shown only now.

    Raises:
        SecondFactorUnfit: none was begun, or it is on already.
        WrongCode: the code is not the app's.
    """
    factor = _locked(session, user_id)
    if factor is None or factor.confirmed_at is not None:
        raise SecondFactorUnfit("begin to set up a second factor first")
    _use_app_code(factor, code)
    factor.confirmed_at = utc_now()
    record(session, user_id, "second_factor.on")
    return _new_backup_codes(factor)


def renew_backup_codes(session: Session, user_id: int, code: str) -> list[str]:
    """Replace the backup codes; the old ones end.

    Raises:
        CodeNeeded, WrongCode: as `use_code`.
        SecondFactorUnfit: no second factor is on.
    """
    use_code(session, user_id, code)
    factor = _locked(session, user_id)
    if factor is None or factor.confirmed_at is None:
        raise SecondFactorUnfit("no second factor is on")
    record(session, user_id, "second_factor.backup_codes_renewed")
    return _new_backup_codes(factor)


def switch_off(session: Session, user_id: int, code: str | None) -> None:
    """Switch the second factor off.

    Raises:
        CodeNeeded, WrongCode: as `use_code`.
    """
    use_code(session, user_id, code)
    remove_second_factor(session, user_id)


def remove_second_factor(session: Session, user_id: int) -> None:
    """Switch it off without a code: for the operator, when app and backup codes are lost."""
    factor = _locked(session, user_id)
    if factor is not None:
        session.delete(factor)
        record(session, user_id, "second_factor.off")


def use_code(session: Session, user_id: int, code: str | None) -> None:
    """Check a code of the app or a backup code, each of which works once; without a second factor nothing happens.

    Raises:
        CodeNeeded: there is a second factor, and no code.
        WrongCode: it is not one of the user's, or was used.
    """
    factor = _locked(session, user_id)
    if factor is None or factor.confirmed_at is None:
        return
    if not code or not code.strip():
        raise CodeNeeded("enter the code that your authenticator app shows, or a backup code")
    if code.replace(" ", "").isdecimal():
        _use_app_code(factor, code)
        return
    code_hash = token_hash(code.strip().upper())
    left = [stored for stored in factor.backup_hashes if not hmac.compare_digest(stored, code_hash)]
    if len(left) == len(factor.backup_hashes):
        raise _wrong_code()
    factor.backup_hashes = left
    record(session, user_id, "second_factor.backup_code_used", left=len(left))


def _use_app_code(factor: SecondFactor, code: str) -> None:
    app, digits = pyotp.TOTP(decrypt(factor.secret_encrypted)), code.replace(" ", "")
    now = app.timecode(utc_now())
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if step > (factor.last_step or 0) and hmac.compare_digest(app.generate_otp(step), digits):
            factor.last_step = step
            return
    raise _wrong_code()


def _new_backup_codes(factor: SecondFactor) -> list[str]:
    codes: Sequence[str] = [new_code() for _ in range(BACKUP_CODES)]
    factor.backup_hashes = [token_hash(code) for code in codes]
    return list(codes)


def _locked(session: Session, user_id: int) -> SecondFactor | None:
    return session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id).with_for_update()).one_or_none()


def _wrong_code() -> WrongCode:
    return WrongCode("that is not the code, or it was used already; wait for the next one, and check the phone's clock")

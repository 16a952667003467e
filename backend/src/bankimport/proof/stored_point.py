"""Store an account's sure point, with a fingerprint of everything that the proof up to it was made from."""

import functools
import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import msgspec
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.days import Days
from bankimport.proof import chain, day_proof, groups, path, proof, sure_point
from bankimport.proof.day_proof import DayProof
from bankimport.proof.day_states import RejectedDays
from bankimport.proof.path import ProvableRow
from bankimport.proof.sure_point import SurePoint, find_sure_point
from bankimport.transactions import proof_rows

SETTLED_AFTER = timedelta(days=60)
"""Imports of what is missing hardly ever change older days."""

OLDEST = timedelta(days=120)
"""A point whose settled days end before that leaves too much to prove; a newer one is looked for."""

FEWEST_ROWS = 2000
"""With fewer rows before the settled day, proving all of them costs as little as checking the fingerprint."""

RULES: tuple[ModuleType, ...] = (groups, path, day_proof, chain, proof, sure_point)
"""The modules that decide what is proved."""


class _StoredPoint(msgspec.Struct):
    """The last search for a point: what it found, up to which day rows counted as settled, and their fingerprint."""

    settled_to: date
    fingerprint: str
    point: SurePoint | None


def stored_point(
    session: Session, account: Account, stored: Sequence[Days], rejected: RejectedDays
) -> SurePoint | None:
    """The account's sure point, if everything that the proof up to it was made from is unchanged."""
    saved = _read(session, account.id)
    if saved is None or saved.point is None or not stored or stored[-1].first > saved.point.days.first:
        return None
    is_same = _fingerprint(session, account, stored, rejected, saved.settled_to).fingerprint == saved.fingerprint
    return saved.point if is_same else None


def newer_point(
    session: Session,
    account: Account,
    today: date,
    stored: Sequence[Days],
    rejected: RejectedDays,
    proofs: Sequence[DayProof],
    used: SurePoint | None,
    rows: Sequence[ProvableRow] | None,
) -> str | None:
    """What to keep with the account instead of its point, if its proof `used` none or an old one; None to keep it.

    `proofs` is that proof, and `rows` all rows of the account if it read them. Small accounts have no point.
    """
    settled_to = today - SETTLED_AFTER
    saved = _read(session, account.id)
    if saved is not None and saved.settled_to >= today - OLDEST:
        has_none = saved.point is None and (
            _fingerprint(session, account, stored, rejected, saved.settled_to).fingerprint == saved.fingerprint
        )
        if used is not None or has_none:
            return None
    settled = _fingerprint(session, account, stored, rejected, settled_to)
    point = None
    if settled.rows >= FEWEST_ROWS:
        if rows is None:
            rows = [ProvableRow(*row) for row in proof_rows.provable_rows(session, account.id)]
        point = find_sure_point(stored, rows, proofs, settled_to)
    return msgspec.json.encode(_StoredPoint(settled_to, settled.fingerprint, point)).decode()


class _Fingerprint(msgspec.Struct):
    rows: int
    fingerprint: str


def _read(session: Session, account_id: int) -> _StoredPoint | None:
    fresh = session.get(AccountFreshness, account_id)
    if fresh is None or fresh.sure_point is None:
        return None
    return msgspec.json.decode(fresh.sure_point, type=_StoredPoint)


def _fingerprint(
    session: Session, account: Account, stored: Sequence[Days], rejected: RejectedDays, settled_to: date
) -> _Fingerprint:
    rows, digest = proof_rows.fingerprint(session, account.id, settled_to)
    settled = Days(date.min, settled_to)
    parts = (
        _rules(),
        account.currency,
        digest,
        [days.overlap(settled) for days in stored if days.first <= settled_to],
        *(sorted(day for day in days if day <= settled_to) for days in rejected),
    )
    return _Fingerprint(rows, hashlib.sha256(msgspec.json.encode(parts)).hexdigest())


@functools.cache
def _rules() -> str:
    """The source of the proof, hashed: a new version of it proves everything again."""
    sources = [Path(module.__file__).read_bytes() for module in RULES if module.__file__ is not None]
    return hashlib.sha256(b"".join(sources)).hexdigest()

"""Recognise an answer whose rows are stored already, by its bytes, and store only that it came.

An answer's hash is kept with a digest of the rows that were read from it. If the same bytes come again and the stored
rows of the requested days have that same digest, then these days hold exactly the answer's rows: the same days,
amounts, texts, ids and contents. Matching would pair each row with its equal, find nothing new and nothing missing, and
change nothing. So the rows need neither be read nor matched. In every other case the answer is read and matched.
"""

import functools
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bankimport import money
from bankimport.days import ONE_DAY, Days
from bankimport.imports.answers import normalise, plain, repeats
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.attempt import Attempt
from bankimport.imports.models import ImportWindow, RawResponse
from bankimport.transactions.digest import digest_of, digest_of_stored, has_rows_before_or_pending
from bankimport.truelayer import answers, schemas
from bankimport.truelayer.answers import RawAnswer
from bankimport.truelayer.v3 import pages

_RULES = (normalise, plain, repeats, money, answers, schemas, pages)
"""The modules that decide what is read from a row's bytes."""


class Digests(NamedTuple):
    """The digest of an answer's rows, and of those from its window's first day on; None without such rows' days.

    Rows before the window are evidence and not stored, unless another window stores them.
    """

    whole: bytes
    since_window: bytes | None


class Known(NamedTuple):
    """An earlier answer, how many rows it has, the digests of its rows, and the days that they were made for."""

    id: int
    rows: int
    digests: Digests
    asked_from: date | None
    window_from: date


def digests_of(
    attempt: Attempt, rows: Sequence[NewTransaction], requested: Days, window_from: date, *, is_whole: bool
) -> Digests | None:
    """What to keep with an answer, so that the same bytes are recognised; None if they always have to be read again.

    `is_whole` says that no row of the answer was rejected.
    """
    if not is_whole or any(row.repeat_of is not None for row in rows):
        return None
    whole = _under_rules(attempt, digest_of(rows))
    since = [row for row in rows if row.date >= window_from]
    if len(since) == len(rows) or any(row.date < requested.first for row in rows):
        return Digests(whole, None)
    return Digests(whole, _under_rules(attempt, digest_of(since)))


def same_answer(session: Session, attempt: Attempt, answer: RawAnswer) -> Known | None:
    """An earlier answer for this account with the same bytes, whose rows have a digest; the newest of several."""
    values = {"account_id": attempt.account_id, "hash": answer.sha256}
    stored = session.execute(_SAME_ANSWER, values).one_or_none()
    if stored is None or stored.rows_digest is None or stored.rows_in_answer is None:
        return None
    digests = Digests(stored.rows_digest, stored.rows_digest_since)
    return Known(stored.id, stored.rows_in_answer, digests, stored.asked_from, stored.window_from)


_SAME_ANSWER = (
    select(
        RawResponse.id,
        RawResponse.rows_digest,
        RawResponse.rows_digest_since,
        ImportWindow.rows_in_answer,
        ImportWindow.asked_from,
        ImportWindow.window_from,
    )
    .join(ImportWindow, ImportWindow.raw_response_id == RawResponse.id)
    .where(
        RawResponse.account_id == bindparam("account_id"),
        RawResponse.sha256 == bindparam("hash"),
        RawResponse.rows_digest.is_not(None),
        RawResponse.endpoint == "transactions",
        RawResponse.body.is_not(None),
    )
    .order_by(RawResponse.id.desc())
    .limit(1)
)


def count_if_stored(session: Session, attempt: Attempt, known: Known, requested: Days, window: Days) -> int | None:
    """How many rows of the window's days are stored, if a known answer's rows are stored exactly as they are.

    Either the requested days hold exactly its rows, or those from the window's first day on hold exactly its rows of
    these days, nothing is stored of the days before, and no pending row could be booked there. Only one of the two can
    be so: an answer with a second digest has rows of the days before.
    """
    account_id = attempt.account_id
    days, expected = requested, known.digests.whole
    is_same_window = (known.asked_from, known.window_from) == (requested.first, window.first)
    if known.digests.since_window is not None and is_same_window:
        before = Days(requested.first, window.first - ONE_DAY)
        if not has_rows_before_or_pending(session, account_id, before):
            days, expected = Days(window.first, requested.last), known.digests.since_window
    stored = digest_of_stored(session, account_id, days, counted=window)
    return stored.counted if _under_rules(attempt, stored.digest) == expected else None


def _under_rules(attempt: Attempt, digest: bytes) -> bytes:
    """The digest of rows together with everything else that decides how an answer is read."""
    return hashlib.sha256(_rules() + f"{attempt.kind} {attempt.zone.key} ".encode() + digest).digest()


@functools.cache
def _rules() -> bytes:
    """The source of the rules, hashed: a new version of them reads every answer again."""
    sources = [Path(module.__file__).read_bytes() for module in _RULES if module.__file__ is not None]
    return hashlib.sha256(b"".join(sources)).digest()

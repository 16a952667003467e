"""Delete the bodies of old answers after the time given in the settings; their hashes and all rows stay.

Of a rejected row in them only its day stays, which the proof needs, and the reason.

Without its body, an answer's rows can no longer be checked against what the bank sent (`bankimport verify`), nor parsed
again with newer rules (`bankimport reparse`); this includes its rejected rows. The proof by balances does not need it.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.answers.rejected import day_of
from bankimport.imports.models import OPEN_WINDOW_STATES, REJECTED, ImportWindow, RawResponse, RejectedRow
from bankimport.settings import get_settings
from bankimport.vault.keys import vault_of

AT_ONCE = 500


def purge_expired_answers() -> int:
    """Delete the bodies that are older than the settings allow; returns how many. Does nothing without a limit.

    A body that an unfinished window still needs stays until it is stored.
    """
    days = get_settings().raw_retention_days
    if days is None:
        return 0
    before = utc_now() - timedelta(days=days)
    needed = select(ImportWindow.raw_response_id).where(
        ImportWindow.state.in_(OPEN_WINDOW_STATES), ImportWindow.raw_response_id.is_not(None)
    )
    purged = 0
    while True:
        with session_scope() as session:
            ids = list(
                session.scalars(
                    select(RawResponse.id)
                    .where(
                        RawResponse.received_at < before,
                        RawResponse.body.is_not(None),
                        RawResponse.id.not_in(needed),
                    )
                    .order_by(RawResponse.id)
                    .limit(AT_ONCE)
                    .with_for_update(skip_locked=True)
                )
            )
            delete_bodies(session, ids)
        purged += len(ids)
        if len(ids) < AT_ONCE:
            return purged


def delete_bodies(session: Session, answer_ids: Sequence[int]) -> None:
    """Delete what answers contain: their bodies, and of their rejected rows all but the day and the reason."""
    session.execute(update(RawResponse).where(RawResponse.id.in_(answer_ids)).values(body=None))
    for row in session.scalars(select(RejectedRow).where(RejectedRow.raw_response_id.in_(answer_ids))):
        row.raw = _day_alone(session, row)


def _day_alone(session: Session, row: RejectedRow) -> bytes:
    """What stays of a rejected row, sealed: its day, as the bank would give it, or nothing if it has none."""
    day = day_of(row.received)
    left = b"" if day is None else msgspec.json.encode({"timestamp": f"{day.isoformat()}T00:00:00"})
    return vault_of(session, row.owner_id).seal(left, REJECTED)

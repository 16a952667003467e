"""Let the bodies of old answers go after the time that the settings name; their hashes and all rows stay.

What is lost with a body: its rows can no longer be checked against what the bank sent (`bankimport verify`), nor read
again by newer rules (`bankimport reparse`), nor can rows that were kept aside. Proof by balances does not need them.
"""

from datetime import timedelta

from sqlalchemy import select, update

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.models import OPEN_WINDOW_STATES, ImportWindow, RawResponse
from bankimport.settings import get_settings

AT_ONCE = 500


def purge_expired_answers() -> int:
    """Empty the bodies that are older than the settings allow; returns how many. Does nothing without a limit.

    A body that an unfinished window still needs stays until it is stored.
    """
    days = get_settings().raw_retention_days
    if days is None:
        return 0
    before = utc_now() - timedelta(days=days)
    needed = select(ImportWindow.raw_response_id).where(
        ImportWindow.state.in_(OPEN_WINDOW_STATES), ImportWindow.raw_response_id.is_not(None)
    )
    gone = 0
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
            session.execute(update(RawResponse).where(RawResponse.id.in_(ids)).values(body=None))
        gone += len(ids)
        if len(ids) < AT_ONCE:
            return gone

"""Let consents end."""

from datetime import timedelta

from sqlalchemy import update

from bankimport.clock import utc_now
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope


def let_consents_end(**after: float) -> None:
    """Act as if the banks had given every consent for this much longer from now, as `days=2`; negative: it ended."""
    with session_scope() as session:
        session.execute(update(BankConnection).values(consent_expires_at=utc_now() + timedelta(**after)))

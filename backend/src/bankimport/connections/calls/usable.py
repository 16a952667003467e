"""Whether a connection can fetch anything."""

from bankimport.clock import utc_now
from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.connections.models import BankConnection, ConnectionStatus


def check_usable(connection: BankConnection) -> None:
    """Refuse a connection that cannot fetch anything. An end that is only assumed does not count.

    Raises:
        ConnectionExpired, ConnectionRemoved: with what to do about it.
    """
    if connection.status is ConnectionStatus.REMOVED:
        raise ConnectionRemoved(f"the connection to {connection.bank_name} was removed; connect the bank again")
    ends_at = None if connection.consent_end_assumed else connection.consent_expires_at
    if connection.status is ConnectionStatus.EXPIRED or (ends_at is not None and ends_at <= utc_now()):
        raise expired(connection)


def expired(connection: BankConnection) -> ConnectionExpired:
    """The error for a connection that only the user can restore."""
    return ConnectionExpired(
        f"the consent to {connection.bank_name} has ended; reconnect it, then import", connection_id=connection.id
    )

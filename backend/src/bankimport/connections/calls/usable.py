"""Whether anything can be fetched through a connection."""

from bankimport.clock import utc_now
from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.connections.models import BankConnection, ConnectionStatus


def check_usable(connection: BankConnection) -> None:
    """Refuse a connection through which nothing can be fetched. An end that is only assumed refuses nothing.

    Raises:
        ConnectionExpired, ConnectionRemoved: and what to do about it.
    """
    if connection.status is ConnectionStatus.REMOVED:
        raise ConnectionRemoved(f"the connection to {connection.bank_name} was removed; connect the bank again")
    ends_at = None if connection.consent_end_assumed else connection.consent_expires_at
    if connection.status is ConnectionStatus.EXPIRED or (ends_at is not None and ends_at <= utc_now()):
        raise expired(connection)


def expired(connection: BankConnection) -> ConnectionExpired:
    """The error that says that only the user can bring this connection back."""
    return ConnectionExpired(
        f"the consent to {connection.bank_name} has ended; reconnect it, then import", connection_id=connection.id
    )

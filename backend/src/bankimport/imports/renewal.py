"""Resume the import that waited for a renewal, once the renewal is settled: at its answer or at a later listing."""

import structlog

from bankimport.accounts.settle import Decision, decide_renewal, refresh_connection
from bankimport.connections import repository as connections
from bankimport.connections.overview import connections_read
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports.run.control import retry_import
from bankimport.imports.schemas import RenewalAnswered

log = structlog.get_logger(__name__)


def answer_renewal(user_id: int, connection_id: int, decision: Decision, attended_ip: str | None) -> RenewalAnswered:
    """Carry out the user's decision about a waiting renewal, then retry the import that the consent was given for.

    The import is retried only if its own connection can be used after the answer: a consent that is added as a
    connection of its own does not revive an ended one.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        NothingToDecide: no renewal of it is waiting.
    """
    job_id = _waiting_job(user_id, connection_id)
    decide_renewal(user_id, connection_id, decision, attended_ip)
    retried = job_id if job_id is not None and _is_retried(user_id, job_id, attended_ip) else None
    with session_scope() as session:
        return RenewalAnswered(connections=connections_read(session, user_id), retried_job_id=retried)


def refresh_and_resume(user_id: int, connection_id: int, attended_ip: str | None) -> int:
    """List a connection's accounts again; if that settles a renewal, retry the import that the renewal was given for.

    Returns the connection that has the accounts.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        TrueLayerError, ConnectionExpired, ConnectionRemoved: nothing could be listed.
    """
    job_id = _waiting_job(user_id, connection_id)
    with session_scope() as session:
        was_unsettled = connections.has_unsettled_consent(session, connection_id)
    has_accounts = refresh_connection(connection_id, attended_ip)
    if job_id is not None and was_unsettled and _is_settled(connection_id):
        _is_retried(user_id, job_id, attended_ip)
    return has_accounts


def _is_settled(connection_id: int) -> bool:
    with session_scope() as session:
        is_open = connections.has_unsettled_consent(session, connection_id)
        return not is_open and connections.undecided_renewal(session, connection_id) is None


def _waiting_job(user_id: int, connection_id: int) -> int | None:
    with session_scope() as session:
        connections.connection_of(session, user_id, connection_id)
        return connections.waiting_job(session, connection_id)


def _is_retried(user_id: int, job_id: int, attended_ip: str | None) -> bool:
    try:
        with session_scope() as session:
            retry_import(session, user_id, job_id, attended_ip=attended_ip)
    except BankImportError as failure:
        log.info("import.not_retried", job_id=job_id, code=failure.code)
        return False
    return True

"""Learn by which names a bank knows its user, so that they can be taken out of what leaves this machine."""

import structlog

from bankimport.connections import repository
from bankimport.connections.calls.bank import Bank
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError

log = structlog.get_logger(__name__)

MOST_LENGTH = 200


def learn_holder_names(bank: Bank, connection_id: int) -> None:
    """Ask the bank whose accounts they are, where the consent covers that, and keep what it says.

    Names help and nothing needs them, so a bank that does not say them is no error. Ask while the user is there: many
    banks tell only in the minutes after consent, and it spends none of the unattended calls then.
    """
    with session_scope() as session:
        scopes = repository.locked_connection(session, connection_id).scopes
    if "info" not in scopes:
        return
    try:
        told = bank.call(lambda client, token, begin: client.info(token, psu_ip=bank.attended_ip, begin_call=begin))
    except BankImportError as failure:
        log.info("connection.holder_not_told", connection_id=connection_id, code=failure.code)
        return
    names = {" ".join((row.full_name or "").split())[:MOST_LENGTH] for row in told.results}
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        # What was known stays: an earlier name, or another holder's, still stands in descriptions.
        connection.holder_names = sorted({*connection.holder_names, *names} - {""})

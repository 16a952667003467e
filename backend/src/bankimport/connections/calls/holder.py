"""Learn the names by which a bank knows its user, so that they can be removed from everything that is sent out."""

import structlog

from bankimport.connections import repository
from bankimport.connections.calls.bank import Bank
from bankimport.connections.models import DataApi
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError

log = structlog.get_logger(__name__)

MOST_LENGTH = 200


def learn_holder_names(bank: Bank, connection_id: int) -> None:
    """Ask the bank for the holder's names, if the consent covers that, and store them.

    The names are useful but not required, so a bank that does not report them is fine. Call this while the user is
    present: many banks answer only in the minutes after consent, and the call then uses none of the unattended
    allowance.
    """
    with session_scope() as session:
        scopes = repository.locked_connection(session, connection_id).scopes
    if "info" not in scopes:
        return
    if bank.data_api is DataApi.V3:
        return  # the listing names the holders
    try:
        answer = bank.call(lambda client, token, begin: client.info(token, psu_ip=bank.attended_ip, begin_call=begin))
    except BankImportError as failure:
        log.info("connection.holder_not_listed", connection_id=connection_id, code=failure.code)
        return
    names = {" ".join((row.full_name or "").split())[:MOST_LENGTH] for row in answer.results}
    with session_scope() as session:
        connection = repository.locked_connection(session, connection_id)
        # Keep the known names: an earlier name, or another holder's, still appears in descriptions.
        connection.holder_names = sorted({*connection.holder_names, *names} - {""})

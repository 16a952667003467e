"""The id of an attempt's account at TrueLayer."""

from bankimport.accounts import repository as accounts
from bankimport.db.session import session_scope
from bankimport.imports.attempt import Attempt
from bankimport.truelayer.errors import AccountGone


def id_at_truelayer(attempt: Attempt) -> str:
    """The account's id as the attempt's connection lists it.

    Raises:
        AccountGone: that connection no longer leads to the account.
    """
    with session_scope() as session:
        door = accounts.door_of(session, attempt.account_id, attempt.connection_id)
    if door is None:
        raise AccountGone("this connection no longer leads to the account; import it through another one")
    return door.truelayer_id

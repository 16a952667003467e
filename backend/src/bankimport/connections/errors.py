"""Errors of bank connections."""

from typing import ClassVar

from bankimport.errors import BankImportError, NotFound
from bankimport.truelayer.errors import Retry, TrueLayerError


class ConnectionNotFound(NotFound):
    """No such connection, or not this user's."""

    code = "connection_not_found"


class FeedNotFound(NotFound):
    """There is no calendar at this address."""

    code = "feed_not_found"


class ConnectionExpired(BankImportError):
    """The consent has ended; only the user can renew it."""

    code = "connection_expired"
    http_status = 409


class ConnectionRemoved(BankImportError):
    """The user removed this connection."""

    code = "connection_removed"
    http_status = 409


class AuthorisationFailed(BankImportError):
    """The consent redirect came back without a usable consent."""

    code = "authorisation_failed"
    http_status = 400


class ConfirmationNeeded(BankImportError):
    """A consent came back to a browser in which its user is not signed in; they must confirm that they began it."""

    code = "confirmation_needed"
    http_status = 403

    def __init__(self, email: str, *, is_wrong_code: bool) -> None:
        super().__init__(f"{email} asked to connect this bank; sign in as them, or type the code shown with the link")
        self.email = email
        self.is_wrong_code = is_wrong_code


class AuthorisationCancelled(AuthorisationFailed):
    """The user cancelled at the bank."""


class TrueLayerNotConfigured(BankImportError):
    """The client id or secret is not set."""

    code = "truelayer_not_configured"
    http_status = 503


class SetByEnvironment(BankImportError):
    """The client id and secret come from environment variables, which win over stored ones."""

    code = "set_by_environment"
    http_status = 409


class BanksConnected(BankImportError):
    """Banks are connected with the present client id and would have to be connected again with another."""

    code = "banks_connected"
    http_status = 409


class CallBudgetSpent(TrueLayerError):
    """A call was not sent because our limit, or a pause requested by the bank, forbids it now."""

    code = "call_budget_spent"
    http_status = 429
    retry = Retry.LATER
    counts_as_try: ClassVar[bool] = False

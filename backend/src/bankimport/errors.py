"""The root error, and the few errors that belong to no feature; each carries a code and an HTTP status."""

from typing import ClassVar


class BankImportError(Exception):
    """Something the caller can be told about in one sentence.

    `message` says what is wrong and what to do next; `details` holds machine-read extras. Neither ever holds a
    token, a secret or a bank's raw answer.
    """

    code: ClassVar[str] = "internal_error"
    http_status: ClassVar[int] = 500

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidRequest(BankImportError):
    """The request is understood but asks for something that cannot be."""

    code = "invalid_request"
    http_status = 422


class DatesReversed(InvalidRequest):
    """The first day lies after the last."""

    code = "dates_reversed"


class NotFound(BankImportError):
    """No such thing, or not this user's: the two are never told apart."""

    code = "not_found"
    http_status = 404


class NotSignedIn(BankImportError):
    """The call carries no session and no token that we know."""

    code = "not_signed_in"
    http_status = 401


class Forbidden(BankImportError):
    """The caller is known and still may not do this."""

    code = "forbidden"
    http_status = 403


class SettingsInvalid(BankImportError):
    """An environment variable holds a value that cannot be used; the start stops."""

    code = "settings_invalid"

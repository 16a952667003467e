"""The root error, and the few errors that belong to no feature; each has a code and an HTTP status."""

from typing import ClassVar

from bankimport.ids import ids_as_text


class BankImportError(Exception):
    """An error that can be explained to the caller in one sentence.

    `message` says what is wrong and what to do next; `details` contains machine-readable extras, ids as text. Neither
    ever contains a token, a secret or a bank's raw answer.
    """

    code: ClassVar[str] = "internal_error"
    http_status: ClassVar[int] = 500
    retry_after_s: float | None = None
    """Seconds after which the same request may succeed; sent as Retry-After."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.message = message
        self.details = ids_as_text(details)


class InvalidRequest(BankImportError):
    """The request is well-formed but impossible."""

    code = "invalid_request"
    http_status = 422


class DatesReversed(InvalidRequest):
    """The first day is after the last."""

    code = "dates_reversed"


class NotFound(BankImportError):
    """It does not exist or is not this user's; the error never shows which."""

    code = "not_found"
    http_status = 404


class NotSignedIn(BankImportError):
    """The call has no valid session or token."""

    code = "not_signed_in"
    http_status = 401


class Forbidden(BankImportError):
    """The caller is known but not allowed to do this."""

    code = "forbidden"
    http_status = 403


class SettingsInvalid(BankImportError):
    """An environment variable has an invalid value; the start is aborted."""

    code = "settings_invalid"

"""All errors of TrueLayer and the bank, with whether and when to try again.

Sources: docs.truelayer.com, "Data API errors" and "Error codes"; the 5xx codes as public clients record them.
"""

import email.utils
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar

import msgspec

from bankimport.clock import utc_now
from bankimport.errors import BankImportError

LONGEST_RETRY_AFTER_S = 86_400.0
LONGEST_DESCRIPTION = 500


class Retry(StrEnum):
    """Whether trying again can help, and what has to change first."""

    NEVER = "never"
    AFTER_REFRESH = "after_refresh"
    LATER = "later"
    NEXT_DAY = "next_day"
    NARROWER = "narrower"


class TrueLayerError(BankImportError):
    """A call without an answer.

    `bank_code` and `description` are TrueLayer's own words, and `bank_status` is its HTTP status; all are None if there
    was no answer at all. `retry_after_s` is set if the answer names a time.
    """

    code = "bank_error"
    http_status = 502
    retry: ClassVar[Retry] = Retry.NEVER
    counts_as_try: ClassVar[bool] = True
    """Whether an attempt that ends with this error uses one of its tries; waiting for an allowance does not."""

    def __init__(
        self,
        message: str,
        *,
        bank_status: int | None = None,
        bank_code: str | None = None,
        description: str | None = None,
        retry_after_s: float | None = None,
        correlation_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.bank_status = bank_status
        self.bank_code = bank_code
        self.description = description
        self.retry_after_s = retry_after_s
        self.correlation_id = correlation_id


class BankUnavailable(TrueLayerError):
    """The bank or TrueLayer cannot answer at the moment."""

    code = "bank_unavailable"
    retry = Retry.LATER


class BankTimeout(TrueLayerError):
    """No complete answer within the time limit; fewer days may fit."""

    code = "bank_timeout"
    retry = Retry.NARROWER


class RateLimited(TrueLayerError):
    """Too many calls for now."""

    code = "rate_limited"
    retry = Retry.LATER


class DailyAllowanceSpent(TrueLayerError):
    """The bank allows no more unattended calls today."""

    code = "daily_allowance_spent"
    retry = Retry.NEXT_DAY
    counts_as_try = False


class RequestInProgress(TrueLayerError):
    """The same request is already running."""

    code = "request_in_progress"
    retry = Retry.LATER


class AnswerNotReady(TrueLayerError):
    """The answer is marked as not final."""

    code = "answer_not_ready"
    retry = Retry.LATER


class UnexpectedResponse(TrueLayerError):
    """An answer that is cut off, not JSON, or of the wrong form."""

    code = "unexpected_response"
    retry = Retry.LATER


class ResponseTooLarge(TrueLayerError):
    """An answer above the size cap; fewer days will fit."""

    code = "response_too_large"
    retry = Retry.NARROWER


class TokenRejected(TrueLayerError):
    """The access token is no longer valid."""

    code = "token_rejected"
    retry = Retry.AFTER_REFRESH


class AccessDenied(TrueLayerError):
    """The bank refuses: the consent has ended, or the requested days are too old."""

    code = "access_denied"
    http_status = 409


class ScaExceeded(TrueLayerError):
    """These days are only available in the minutes after consent."""

    code = "sca_exceeded"
    http_status = 409


class InvalidDateRange(TrueLayerError):
    """The bank does not serve these days."""

    code = "invalid_date_range"
    http_status = 409


class ConsentExpired(TrueLayerError):
    """The consent has ended; only the user can renew it."""

    code = "consent_expired"
    http_status = 409


class NeedsUserAction(TrueLayerError):
    """The bank requires an action by the user first: unlock, confirm, answer."""

    code = "needs_user_action"
    http_status = 409


class AccountGone(TrueLayerError):
    """The bank does not know this account id (any more)."""

    code = "account_gone"
    http_status = 409


class EndpointNotSupported(TrueLayerError):
    """This bank does not offer this."""

    code = "endpoint_not_supported"
    http_status = 409


class InvalidClient(TrueLayerError):
    """TrueLayer does not accept our client id, secret or redirect URI."""

    code = "invalid_client"


class RequestRefused(TrueLayerError):
    """TrueLayer rejects the request itself as invalid."""

    code = "request_refused"


class CannotExtend(TrueLayerError):
    """This consent cannot be extended; reconnect the bank instead.

    Source: TrueLayer's specification, 422 of `POST /connections/extend`.
    """

    code = "cannot_extend"
    http_status = 409


class RefreshOutcomeUnknown(TrueLayerError):
    """The answer to a token refresh was lost: the old token may be invalid, and the new one was never received."""

    code = "refresh_outcome_unknown"
    retry = Retry.LATER


_BY_CODE: dict[str, type[TrueLayerError]] = {
    "validation_error": RequestRefused,
    "invalid_date_range": InvalidDateRange,
    "deprecated_provider": EndpointNotSupported,
    "invalid_grant": ConsentExpired,
    "invalid_client": InvalidClient,
    "invalid_redirect_uri": InvalidClient,
    "invalid_authorization_code": ConsentExpired,
    "unauthorized": TokenRejected,
    "invalid_token": TokenRejected,
    "unauthorized_client": InvalidClient,
    "wrong_credentials": NeedsUserAction,
    "access_denied": AccessDenied,
    "sca_exceeded": ScaExceeded,
    "provider_permission_denied": AccessDenied,
    "invalid_credentials_key": ConsentExpired,
    "account_temporarily_locked": NeedsUserAction,
    "account_permanently_locked": NeedsUserAction,
    "mfa_required": NeedsUserAction,
    "user_input_required": NeedsUserAction,
    "account_not_found": AccountGone,
    "request_conflict": RequestInProgress,
    "wrong_bank": RequestRefused,
    "cannot_extend": CannotExtend,
    "provider_too_many_requests": RateLimited,
    "provider_request_limit_exceeded": DailyAllowanceSpent,
    "internal_server_error": BankUnavailable,
    "internal_error": BankUnavailable,
    "endpoint_not_supported": EndpointNotSupported,
    "provider_error": BankUnavailable,
    "temporarily_unavailable": BankUnavailable,
    "connector_overload": BankUnavailable,
    "provider_timeout": BankTimeout,
    "connector_timeout": BankTimeout,
}

_BY_STATUS: dict[int, type[TrueLayerError]] = {
    400: RequestRefused,
    401: TokenRejected,
    403: AccessDenied,
    404: AccountGone,
    408: BankTimeout,
    409: RequestInProgress,
    410: RequestRefused,
    422: CannotExtend,
    429: RateLimited,
    501: EndpointNotSupported,
    504: BankTimeout,
}


class ErrorBody(msgspec.Struct):
    """Both forms: TrueLayer's own, and problem+json (RFC 9457), whose `errors` are a list or grouped by field."""

    error: object = None
    error_description: object = None
    type: object = None
    title: object = None
    detail: object = None
    errors: object = None
    trace_id: object = None

    @classmethod
    def read(cls, body: bytes) -> "ErrorBody":
        """The body; an empty one if it cannot be read, as a gateway's HTML page."""
        try:
            return msgspec.json.decode(body, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return cls()

    @property
    def description(self) -> str | None:
        """What it says in words, with the faults that it lists; None if it says nothing."""
        return (text_of(self.error_description) or self._problem())[:LONGEST_DESCRIPTION] or None

    def _problem(self) -> str:
        by_field = self.errors if isinstance(self.errors, dict) else {"": self.errors}
        faults = [
            ": ".join(part for part in (text_of(name), ", ".join(map(text_of, _listed(texts)))) if part)
            for name, texts in by_field.items()
        ]
        lead = text_of(self.detail) or text_of(self.title)
        return "; ".join(text for text in (lead, *faults) if text)


def error_from_response(status: int, headers: Mapping[str, str], body: bytes) -> TrueLayerError:
    """The error for an answer of v1 with a status other than 200: its code decides, then its status."""
    parsed = ErrorBody.read(body)
    bank_code = text_of(parsed.error)[:100] or None
    kind = _BY_CODE.get(bank_code or "") or _BY_STATUS.get(status)
    return error_of_kind(kind, status, headers, parsed, bank_code=bank_code, id_header="x-tl-correlation-id")


def error_of_kind(
    kind: type[TrueLayerError] | None,
    status: int,
    headers: Mapping[str, str],
    parsed: ErrorBody,
    *,
    bank_code: str | None,
    id_header: str,
) -> TrueLayerError:
    """The error with what its answer says. `kind` is None if neither code nor status is known.

    The message quotes TrueLayer's description, never the body.
    """
    if kind is None:
        kind = BankUnavailable if status >= 500 else UnexpectedResponse
    reason = parsed.description or bank_code or "no readable reason"
    lead = (kind.__doc__ or "").splitlines()[0].rstrip(".")
    return kind(
        f"{lead} (HTTP {status}: {reason})",
        bank_status=status,
        bank_code=bank_code,
        description=parsed.description,
        retry_after_s=parse_retry_after(headers.get("retry-after"), utc_now()),
        correlation_id=headers.get(id_header) or text_of(parsed.trace_id) or None,
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def text_of(value: object) -> str:
    """The text without NUL, which PostgreSQL cannot store; empty for anything else."""
    return value.replace("\0", "") if isinstance(value, str) else ""


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait from a Retry-After header in either of its forms, 0 to a day; None if it is unusable.

    Source: RFC 9110, section 10.2.3.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_RETRY_AFTER_S)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_S)

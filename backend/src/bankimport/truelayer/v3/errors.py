"""What v3's error answers (problem+json) stand for, in the terms of v1's tree.

Source: TrueLayer's specification of Data API v3: every error body names its kind after the `#` of `type`.
"""

from collections.abc import Mapping

from bankimport.truelayer.errors import (
    AccessDenied,
    AccountGone,
    BankTimeout,
    BankUnavailable,
    ConsentExpired,
    EndpointNotSupported,
    ErrorBody,
    RateLimited,
    RequestRefused,
    TokenRejected,
    TrueLayerError,
    error_of_kind,
    text_of,
)

_BY_KIND: dict[str, type[TrueLayerError]] = {
    "invalid-parameters": RequestRefused,
    "invalid-state": ConsentExpired,
    "unauthenticated": TokenRejected,
    "forbidden": AccessDenied,
    "not-found": AccountGone,
    "rate-limit-exceeded": RateLimited,
    "unknown-error": BankUnavailable,
    "provider-error": BankUnavailable,
    "feature-not-supported": EndpointNotSupported,
    "gateway-timeout": BankTimeout,
}

_BY_STATUS: dict[int, type[TrueLayerError]] = {
    400: RequestRefused,
    401: TokenRejected,
    403: AccessDenied,
    404: AccountGone,
    408: BankTimeout,
    429: RateLimited,
    501: EndpointNotSupported,
    504: BankTimeout,
}


def error_from_problem(status: int, headers: Mapping[str, str], body: bytes) -> TrueLayerError:
    """The error that an answer outside 200 to 202 stands for: by its `type`, else its title, else its status.

    Hyphens and underscores count alike, as the specification writes both.
    """
    parsed = ErrorBody.read(body)
    names = [_kind(parsed.type, after="#"), _kind(parsed.title)]
    bank_code = next((name for name in names if name in _BY_KIND), next(filter(None, names), None))
    kind = _BY_KIND.get(bank_code or "") or _BY_STATUS.get(status)
    return error_of_kind(kind, status, headers, parsed, bank_code=bank_code, id_header="tl-trace-id")


def _kind(value: object, *, after: str = "") -> str | None:
    text = text_of(value)
    if after:
        text = text.rpartition(after)[2]
    return text.strip().lower().replace("_", "-").replace(" ", "-")[:100] or None

"""What v3's error answers (problem+json) stand for, in the terms of v1's tree.

Source: TrueLayer's specification of Data API v3: every error body names its kind after the `#` of `type`.
"""

from collections.abc import Mapping

import msgspec

from bankimport.clock import utc_now
from bankimport.truelayer.errors import (
    AccessDenied,
    AccountGone,
    BankTimeout,
    BankUnavailable,
    ConsentExpired,
    EndpointNotSupported,
    RateLimited,
    RequestRefused,
    TokenRejected,
    TrueLayerError,
    UnexpectedResponse,
    description_of_problem,
    parse_retry_after,
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


class _Problem(msgspec.Struct):
    type: object = None
    title: object = None
    detail: object = None
    errors: object = None
    trace_id: object = None


def error_from_problem(status: int, headers: Mapping[str, str], body: bytes) -> TrueLayerError:
    """The error that an answer outside 200 to 202 stands for: by its `type`, else its title, else its status.

    Hyphens and underscores count alike, as the specification writes both.
    """
    try:
        parsed = msgspec.json.decode(body, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        parsed = _Problem()
    names = [_kind(parsed.type, after="#"), _kind(parsed.title)]
    bank_code = next((name for name in names if name in _BY_KIND), next(filter(None, names), None))
    kind = _BY_KIND.get(bank_code or "") or _BY_STATUS.get(status)
    if kind is None:
        kind = BankUnavailable if status >= 500 else UnexpectedResponse
    said = description_of_problem(parsed.title, parsed.detail, parsed.errors) or bank_code or "nothing that can be read"
    lead = (kind.__doc__ or "").splitlines()[0].rstrip(".")
    trace_id = headers.get("tl-trace-id") or (parsed.trace_id if isinstance(parsed.trace_id, str) else None)
    return kind(
        f"{lead} (HTTP {status}: {said})",
        bank_status=status,
        bank_code=bank_code,
        description=said,
        retry_after_s=parse_retry_after(headers.get("retry-after"), utc_now()),
        correlation_id=trace_id,
    )


def _kind(text: object, *, after: str = "") -> str | None:
    if not isinstance(text, str):
        return None
    if after:
        text = text.rpartition(after)[2]
    return text.strip().lower().replace("_", "-").replace(" ", "-")[:100] or None

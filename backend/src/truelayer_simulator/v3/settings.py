"""What Data API v3 leaves open: a typed field for everything that is not established, with other answers to choose."""

from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

WebhookFault = Literal[
    "none",
    "twice",
    "before_answer",
    "never",
    "wrong_key",
    "foreign_jku",
    "other_path",
    "unsigned_timestamp",
    "other_header_order",
    "extra_header_member",
    "unknown_kid",
]


@dataclass(frozen=True, slots=True)
class V3Settings:
    """How Data API v3 answers. Seconds are real seconds, not the simulated clock's; None means unlimited or never."""

    is_on: bool = False
    """Whether v3 is served at all; off: 404 as for any unknown path."""
    product_enabled: bool = True
    """Whether the application may use it; if not, no token has the scope `data`."""
    unknown_release_channel: Literal["refused", "accepted"] = "refused"
    probe_before_consent: Literal["invalid_state", "forbidden", "not_found"] = "invalid_state"
    after_end: Literal["invalid_state", "forbidden"] = "invalid_state"
    link_seconds: float | None = None
    """How long a hosted page may be used; later the connection fails."""
    return_query: Literal["bare", "unknown_parameters", "never"] = "bare"
    completion_seconds: float | None = 0.3
    """How long a request is computed; None: for ever."""
    failing_requests: float = 0.0
    """The share of requests that fail, 0 to 1."""
    failure_reason: str = "provider_error"
    too_deep: Literal["forbidden", "failed", "clipped"] = "forbidden"
    odd_range: Literal["refused", "empty", "clipped"] = "refused"
    """`from` after `to`, or `to` in the future."""
    large_page: Literal["refused", "cut"] = "refused"
    """`page_size` above 500."""
    most_rows_in_page: int = 500
    """A page holds no more, whatever was requested: fewer rows with a cursor."""
    request_seconds: float | None = 86_400
    """How long a request can be read."""
    cursor_seconds: float | None = None
    cursor_with_other_days: Literal["accepted", "refused"] = "accepted"
    last_page: Literal["null", "absent", "then_empty", "same_again"] = "null"
    pending_on: Literal["first_page", "every_page"] = "first_page"
    pending_outside_range: bool = True
    row_ids: Literal["stable", "per_request", "on_settling", "reused"] = "stable"
    account_ids_change: bool = False
    """Whether account ids are new after each consent."""
    enrichment: Literal["partly", "all", "none"] = "partly"
    has_foreign_row: bool = False
    """Whether each page holds a row in a currency other than GBP and EUR."""
    page_counts_as_call: bool = False
    """Whether each further page counts as one of the four calls."""
    four_a_day: bool = True
    counts_calls_in_consent_window: bool = False
    """Whether calls without the user count in the first hour after consent too."""
    requests_a_minute: int | None = None
    account_cursor: Literal["absent", "always_same"] = "absent"
    unsupported_accounts: tuple[int, ...] = ()
    """Numbers of accounts for which asking is answered with 502 Feature Not Supported."""
    webhook_uri: str | None = None
    """Where notices are sent; only on this machine."""
    webhook_fault: WebhookFault = "none"


def changed(settings: V3Settings, changes: dict[str, Any]) -> V3Settings:
    """The settings with some fields changed.

    Raises:
        ValueError: an unknown field, or a value that it does not take.
    """
    hints = get_type_hints(V3Settings)
    values: dict[str, Any] = {}
    for name, value in changes.items():
        if name not in {field.name for field in fields(V3Settings)}:
            raise ValueError(f"v3 has no setting {name}")
        hint = hints[name]
        if get_origin(hint) is Literal and value not in get_args(hint):
            raise ValueError(f"{name} is one of {', '.join(get_args(hint))}")
        if get_origin(hint) is not Literal and not _fits(value, hint):
            raise ValueError(f"{name} does not take {value!r}")
        values[name] = tuple(value) if isinstance(value, list) else value
    return replace(settings, **values)


def _fits(value: Any, hint: Any) -> bool:
    if get_origin(hint) is tuple:
        return isinstance(value, list | tuple) and all(type(item) is int for item in value)
    options = get_args(hint) or (hint,)
    if isinstance(value, bool):
        return bool in options
    if isinstance(value, int):
        return int in options or float in options
    return isinstance(value, tuple(option for option in options if isinstance(option, type)))

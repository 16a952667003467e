"""What the simulator remembers of Data API v3: settings, tokens, connections, requests and cursors."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import ec

from truelayer_simulator.v3.settings import V3Settings

ConnectionState = Literal["authorization_required", "authorizing", "authorized", "failed", "ended"]
RequestState = Literal["pending", "completed", "failed"]
CONSENT_LASTS = timedelta(days=90)


@dataclass(slots=True)
class V3Connection:
    """A connection from its creation to its end. No operation of the API shows its state."""

    id: str
    user: dict[str, str]
    scopes: tuple[str, ...]
    provider_ids: tuple[str, ...]
    """The banks that the hosted page offers."""
    return_uri: str
    created_monotonic: float
    is_one_time: bool
    metadata: dict[str, str]
    state: ConnectionState = "authorization_required"
    provider_id: str | None = None
    bank_user: str = ""
    authorized_at: datetime | None = None
    number: int = 0
    """Counts the consents of this user at this bank from 1."""


@dataclass(slots=True)
class V3Request:
    """A request for transactions; its page is computed once and frozen."""

    id: str
    connection_id: str
    account_id: str
    first: date
    last: date
    page_size: int
    offset: int
    salt: str
    """Mixed into ids that change; the pages of one answer share it."""
    wants_enrichment: bool
    asked_monotonic: float
    number: int
    failure: str | None = None
    page: dict[str, Any] | None = None
    is_announced: bool = False


@dataclass(frozen=True, slots=True)
class V3Cursor:
    """Where the next page begins."""

    connection_id: str
    account_id: str
    first: date
    last: date
    offset: int
    salt: str
    made_monotonic: float


@dataclass(slots=True)
class V3State:
    """Everything of one running simulator."""

    settings: V3Settings = field(default_factory=V3Settings)
    starts_on: bool = False
    """Whether v3 is served after a start and after a reset."""
    tokens: dict[str, datetime] = field(default_factory=dict)
    connections: dict[str, V3Connection] = field(default_factory=dict)
    consent_numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests: dict[str, V3Request] = field(default_factory=dict)
    cursors: dict[str, V3Cursor] = field(default_factory=dict)
    unattended: Counter[tuple[str, str]] = field(default_factory=Counter)
    recent_calls: list[float] = field(default_factory=list)
    keys: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)
    """The keys that webhooks are signed with, by id; the JWKS publishes those in `published`."""
    published: set[str] = field(default_factory=set)

"""The state of one running simulator: its clock, consents, tokens, faults and calls."""

import asyncio
import random
import secrets
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from truelayer_simulator.clock import utc_now
from truelayer_simulator.profiles import BUILT_IN, BankProfile
from truelayer_simulator.v3.settings import V3Settings
from truelayer_simulator.v3.state import V3State

ACCESS_TOKEN_S = 3600
CODE_S = 300
MOST_CALLS_KEPT = 20_000


class WireError(Exception):
    """An answer with TrueLayer's error body."""

    def __init__(self, status: int, error: str, description: str | None = None, **details: Any) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.description = description
        self.details = details


@dataclass(slots=True)
class Consent:
    """One user's consent to one bank; `given_at` opens the SCA window."""

    credentials_id: str
    provider_id: str
    user: str
    flavour: str
    """The kind of user, chosen by the password: `doe`, `iban` or `eternal`."""
    scopes: list[str]
    given_at: datetime
    expires_at: datetime
    number: int
    is_revoked: bool = False
    access_tokens: int = 0


@dataclass(slots=True)
class Code:
    """An authorisation code that has not been exchanged."""

    consent: Consent
    client_id: str
    redirect_uri: str
    expires_at: datetime
    challenge: str | None


@dataclass(slots=True)
class AccessToken:
    """An access token; `number` counts the consent's tokens from 1."""

    consent: Consent
    expires_at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A started batch: its days, and whether it includes pending rows and balances."""

    task_id: str
    first: str | None
    last: str | None
    pending: bool
    balance: bool
    account_ids: tuple[str, ...]


@dataclass(slots=True)
class Fault:
    """A deliberate fault that hits matching calls `times` times."""

    id: int
    kind: str
    path: str = ""
    provider_id: str | None = None
    status: int = 500
    error: str = "internal_server_error"
    times: int | None = None
    after_calls: int = 0
    delay_ms: int = 0
    retry_after_s: int | None = None
    probability: float = 1.0
    body: str = ""
    """The body of an `answer` fault, in base64."""


@dataclass(slots=True)
class Call:
    """One data call, for the ledger that tests read."""

    at: str
    path: str
    query: str
    status: int
    is_attended: bool
    psu_ip: str | None
    """The address of a present user that the call named."""
    provider_id: str | None
    user: str | None


@dataclass
class Simulator:
    """The state of one simulator process; `remember` saves what should survive a restart."""

    seed: int
    today: date | None
    client_id: str
    client_secret: str
    redirect_uris: tuple[str, ...] = ()
    profiles: dict[str, BankProfile] = field(default_factory=lambda: {bank.provider_id: bank for bank in BUILT_IN})
    offset: timedelta = timedelta()
    consents: dict[str, Consent] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, Consent] = field(default_factory=dict)
    used_refresh: dict[str, Consent] = field(default_factory=dict)
    """Tokens that a refresh replaced, until the next reset."""
    faults: list[Fault] = field(default_factory=list)
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=MOST_CALLS_KEPT))
    calls_by_account: Counter[str] = field(default_factory=Counter)
    unattended: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    cached: dict[str, tuple[datetime, date]] = field(default_factory=dict)
    tasks: dict[str, tuple[AccessToken, str, dict[str, str]]] = field(default_factory=dict)
    batches: dict[str, "Batch"] = field(default_factory=dict)
    """The newest batch of each consent."""
    remember: Callable[[], None] = lambda: None
    """Called when consents or tokens have changed."""
    dice: random.Random = field(default_factory=random.Random)
    consent_numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    next_fault_id: int = 1
    v3: V3State = field(default_factory=V3State)
    errands: set[asyncio.Task[None]] = field(default_factory=set)
    began_on: date = field(init=False)
    """The day that the banks' age counts from; otherwise opening balances would move with the clock."""

    def __post_init__(self) -> None:
        self.began_on = self.now().date()
        self.dice.seed(self.seed)

    def now(self) -> datetime:
        """The simulated instant."""
        moment = utc_now() + self.offset
        if self.today is None:
            return moment
        return datetime.combine(self.today, moment.time(), UTC) + timedelta(days=self.offset.days)

    def profile(self, provider_id: str) -> BankProfile:
        """The bank's behaviour.

        Raises:
            WireError: no such bank.
        """
        profile = self.profiles.get(provider_id)
        if profile is None:
            raise WireError(400, "invalid_request", f"there is no provider {provider_id}")
        return profile

    def consent(self, provider_id: str, user: str, flavour: str, scopes: list[str]) -> Consent:
        """A new consent of a user to a bank."""
        profile = self.profile(provider_id)
        now = self.now()
        self.consent_numbers[provider_id, user] += 1
        consent = Consent(
            credentials_id=secrets.token_urlsafe(32) + "+/=",
            provider_id=provider_id,
            user=user,
            flavour=flavour,
            scopes=scopes,
            given_at=now,
            expires_at=now + timedelta(days=profile.consent_days),
            number=self.consent_numbers[provider_id, user],
        )
        self.consents[consent.credentials_id] = consent
        return consent

    def renew(self, consent: Consent) -> None:
        """Restart a consent's lifetime now; its content and id stay."""
        consent.expires_at = self.now() + timedelta(days=self.profile(consent.provider_id).consent_days)

    def reset(self) -> None:
        """Clear faults, calls, quotas, caches, revocations and changes to profiles and clock.

        Consents and refresh tokens stay, because a stored copy of a client's database may contain them; revoked or
        used ones become valid again.
        """
        self.faults.clear()
        self.calls.clear()
        self.calls_by_account.clear()
        self.unattended.clear()
        self.cached.clear()
        self.offset = timedelta()
        self.began_on = self.now().date()
        self.profiles = {bank.provider_id: bank for bank in BUILT_IN}
        self.dice.seed(self.seed)
        for consent in self.consents.values():
            consent.is_revoked = False
        self.refresh |= self.used_refresh
        self.used_refresh.clear()
        self.v3.settings = V3Settings(is_on=self.v3.starts_on)
        self.v3.unattended.clear()
        self.v3.recent_calls.clear()

    def take_fault(self, path: str, provider_id: str | None) -> Fault | None:
        """The first fault that matches this call; reduces its remaining count."""
        for fault in self.faults:
            if fault.path not in path or fault.provider_id not in (None, provider_id):
                continue
            if fault.after_calls > 0:
                fault.after_calls -= 1
                continue
            if fault.times == 0 or self.dice.random() > fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None

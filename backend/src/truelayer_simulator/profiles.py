"""How each simulated bank behaves: a typed field for everything that differs between banks or is uncertain."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Literal

Refusal = Literal["sca_exceeded", "access_denied", "invalid_date_range", "clamp"]
Churn = Literal["never", "call", "consent"]
Zone = Literal["Z", "", "+00:00"]
ConsentEnd = Literal["date", "absent", "year_1", "year_9999", "number"]
ExtendPath = Literal["specified", "older"]
Amendment = Literal["none", "description", "amount", "date"]


@dataclass(frozen=True, slots=True)
class BankProfile:
    """One bank. Days count back from the simulated today."""

    provider_id: str
    display_name: str
    about: str
    country: str = "uk"
    accounts: int = 2
    cards: int = 1
    half_missing_status: int = 501
    """HTTP status for /accounts or /cards if the bank has none: 501, 403 or 404."""
    rows_per_day: int = 4
    card_rows_per_day: int = 2
    history_days: int = 730
    history_refusal: Refusal = "clamp"
    transfer_days: int | None = None
    """Days between transfers from the first account to the first savings account, or else to the second account."""
    opened_days_ago: int | None = None
    """Days since the accounts were opened; None: as long as the history."""
    sca_minutes: int | None = None
    """Minutes after consent during which deep history is available; None: always."""
    recent_days: int = 90
    sca_refusal: Refusal = "sca_exceeded"
    deep_only_on_first_token: bool = False
    has_normalised_ids: bool = True
    has_provider_ids: bool = True
    churn: Churn = "never"
    """When `transaction_id` changes; some banks give no other id."""
    provider_ids_churn: bool = False
    reused_provider_ids: bool = False
    twins: bool = False
    doubled: bool = False
    dropped: bool = False
    late_days: int = 0
    amendment: Amendment = "none"
    amends_balances: bool = False
    """Whether balances, including running ones, follow an amended amount."""
    most_rows_in_answer: int | None = None
    """Number of rows after which an answer silently ends; None: unlimited."""
    malformed: bool = False
    odd_signs: bool = False
    has_real_times: bool = False
    zone: Zone = "Z"
    fraction_digits: int = 0
    newest_first: bool = True
    has_running_balance: bool = True
    is_legacy_card: bool = False
    """Card rows as the old mock bank sent them: money out negative, no transaction_type."""
    has_classification: bool = True
    is_of_many_countries: bool = False
    """Descriptions in the style of banks of many countries, without a classification."""
    pending: int = 0
    """The most pending rows shown. They are tomorrow's rows, so a day with fewer rows shows fewer."""
    pending_vanishes: bool = False
    pending_keeps_id: bool = False
    to_is_exclusive: bool = False
    from_is_exclusive: bool = False
    caches_for_an_hour: bool = False
    unattended_calls_a_day: int | None = None
    counts_calls_in_consent_window: bool = False
    """Whether unattended calls count in the first hour after consent too; what real banks do is not known."""
    rotates_refresh_tokens: bool = False
    account_ids_change: bool = False
    """Whether account ids change with each consent."""
    consent_days: int = 90
    extension: Literal["no_action_needed", "authentication_needed", "refused"] = "authentication_needed"
    has_consent_dates: bool = True
    consent_end: ConsentEnd = "date"
    """How /me reports when the consent ends."""
    extends_at: ExtendPath = "specified"
    """The path of the extension endpoint: beside the data API as specified, or below it as in older documents."""
    joint_accounts: int = 0
    """How many accounts, from the first, are shared by all users of the bank."""
    same_as: str | None = None
    """The provider id under which TrueLayer served these accounts before, with other ids and digits."""
    swift_bic: str = "CPBKGB00"
    balance_currency: str = "GBP"
    amounts_as_text: bool = False
    pending_heeds_range: bool = False
    """Whether `from` and `to` restrict pending rows; TrueLayer declares them, but nobody has shown that they work."""
    delay_ms: int = 0
    gives_accounts_only_in_sca: bool = False
    gives_info: bool = True

    def balances_amended_on(self, today: date) -> date | None:
        """The day up to which balances include amendments; None: they include none."""
        return today if self.amends_balances and self.amendment == "amount" else None


def _bank(name: str, about: str, **behaviour: Any) -> BankProfile:
    return BankProfile(f"sim-{name}", f"Simulated bank ({name})", about, **behaviour)


_MOCK = BankProfile(
    "mock",
    "Mock",
    "the sandbox's mock bank: five accounts, two cards, midnight rows, balances that chain oldest first",
    accounts=5,
    cards=2,
    rows_per_day=5,
    newest_first=False,
    has_consent_dates=False,
    transfer_days=28,
)

_CARD = BankProfile(
    "oauth-sim-card", "Simulated card issuer", "", accounts=0, cards=1, has_running_balance=False, consent_days=90
)

BUILT_IN = (
    _MOCK,
    replace(_MOCK, provider_id="uk-cs-mock"),
    _bank("plain", "well behaved, reports everything"),
    _bank("cards-only", "only cards, like charge card issuers", accounts=0, cards=3, has_running_balance=False),
    _bank("accounts-only", "only accounts; answers 403 for cards", cards=0, half_missing_status=403),
    _bank("sca-strict", "deep history for five minutes, then 90 days and 403 sca_exceeded", sca_minutes=5),
    _bank(
        "sca-denied",
        "deep history only for an hour and on the first token, then 403 access_denied",
        sca_minutes=60,
        sca_refusal="access_denied",
        deep_only_on_first_token=True,
        has_classification=False,
    ),
    _bank(
        "many-countries",
        "descriptions of ten countries' banks, without classifications",
        has_classification=False,
        is_of_many_countries=True,
    ),
    _bank("wall", "refuses whole ranges older than a year", history_days=365, history_refusal="invalid_date_range"),
    _bank(
        "six-years", "six years of history in the first five minutes", history_days=2190, sca_minutes=5, recent_days=88
    ),
    _bank(
        "idless", "no stable ids; equal rows share an id", has_normalised_ids=False, has_provider_ids=False, twins=True
    ),
    _bank(
        "churning-ids",
        "every id except the normalised one changes with each call",
        churn="call",
        provider_ids_churn=True,
        twins=True,
    ),
    _bank(
        "idless-churning",
        "no stable ids; the only id changes with each call",
        has_normalised_ids=False,
        has_provider_ids=False,
        churn="call",
        twins=True,
    ),
    _bank(
        "reused-ids",
        "the bank's own ids come from a small pool",
        has_normalised_ids=False,
        reused_provider_ids=True,
        has_running_balance=False,
        twins=True,
    ),
    _bank("twins", "equal payments on one day, with different ids", twins=True),
    _bank("doubled", "sends some rows twice", doubled=True),
    _bank("dropped", "leaves some rows out of every second answer", dropped=True),
    _bank("late", "some rows appear three days late", late_days=3),
    _bank("amended", "changes descriptions two days later", amendment="description"),
    _bank("amended-amount", "changes amounts two days later", amendment="amount"),
    _bank(
        "amended-balance",
        "changes amounts two days later, and balances accordingly",
        amendment="amount",
        amends_balances=True,
    ),
    _bank("capped", "silently ends each answer after 150 rows", most_rows_in_answer=150),
    _bank("moved", "moves rows by a day two days later", amendment="date"),
    _bank("malformed", "sends unreadable rows", malformed=True),
    _bank("odd-signs", "sends some credits with a negative sign", odd_signs=True),
    _bank("legacy-cards", "card rows as the old mock bank sent them", accounts=0, cards=2, is_legacy_card=True),
    _bank("pending", "pending rows that are booked with the same id", pending=3, pending_keeps_id=True),
    _bank("vanishing-pending", "pending rows that are booked with new ids or vanish", pending=4, pending_vanishes=True),
    _bank("real-times", "times to the millisecond", has_real_times=True, fraction_digits=3),
    _bank("no-zones", "timestamps without a zone", zone=""),
    _bank("seven-digits", "seven fractional digits", has_real_times=True, fraction_digits=7, zone="+00:00"),
    _bank("exclusive", "treats both ends of a range as exclusive", to_is_exclusive=True, from_is_exclusive=True),
    _bank("cached", "answers a repeated request from an hour-old cache", caches_for_an_hour=True),
    _bank("four-a-day", "four unattended calls a day per account and endpoint", unattended_calls_a_day=4),
    _bank(
        "rotating",
        "a new refresh token with each refresh, account ids with each consent",
        rotates_refresh_tokens=True,
        account_ids_change=True,
        extension="no_action_needed",
    ),
    _bank("sca-accounts", "lists accounts only in the first minutes", sca_minutes=5, gives_accounts_only_in_sca=True),
    replace(_CARD, provider_id="oauth-sim-card", about="a card issuer that TrueLayer moves to another provider id"),
    replace(
        _CARD,
        provider_id="ob-sim-card",
        about="the same issuer after the move: same cards and rows, different ids and digits",
        same_as="oauth-sim-card",
        has_normalised_ids=False,
        provider_ids_churn=True,
        churn="consent",
    ),
    _bank(
        "household",
        "two accounts per login, the first shared by all logins",
        joint_accounts=1,
        cards=0,
        extension="no_action_needed",
    ),
    _bank("never-ends", "reports that consents end in the year 9999", consent_end="year_9999"),
    _bank(
        "no-swift",
        "reports that it has no BIC, and sends amounts as strings",
        swift_bic="NOT_SUPPORTED_BY_GEO",
        amounts_as_text=True,
    ),
    _bank("dollars", "reports balances of pound accounts in dollars", balance_currency="USD"),
    _bank("older-extend", "extends at the older path", extends_at="older", extension="no_action_needed"),
    _bank("no-extend", "extends no consent", extension="refused"),
    _bank("slow", "answers after a while", delay_ms=2000),
    _bank("transfers", "money moved each week from one account to another", transfer_days=7),
    _bank("reversed", "oldest row first", newest_first=False),
    _bank("many", "twenty accounts", accounts=18, cards=2),
    _bank("million", "one account with a million rows in two years", accounts=1, cards=0, rows_per_day=1375),
)


def provider_of_accounts(profile: BankProfile) -> str:
    """The provider id that the numbers and rows of the bank's accounts are derived from."""
    return profile.same_as or profile.provider_id


def changed(profile: BankProfile, changes: dict[str, Any]) -> BankProfile:
    """The profile with these fields changed.

    Raises:
        ValueError: no such field, or a value of the wrong type.
    """
    known = {field.name: field for field in fields(BankProfile)}
    for name, value in changes.items():
        if name not in known or name == "provider_id":
            raise ValueError(f"there is no field {name} to set")
        now = getattr(profile, name)
        if isinstance(now, bool) != isinstance(value, bool) and now is not None:
            raise ValueError(f"{name} must be like {now!r}")
    return replace(profile, **changes)

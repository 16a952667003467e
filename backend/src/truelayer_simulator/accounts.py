"""A user's accounts and cards at a simulated bank, and how they are listed."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from truelayer_simulator.dataset import AccountKey
from truelayer_simulator.profiles import BankProfile, provider_of_accounts
from truelayer_simulator.state import AccessToken, Consent, Simulator, WireError

SANDBOX_SORT_CODE = "01-21-31"

JOINT = "joint"
CONSENT_WINDOW = timedelta(hours=1)
"""The user that a joint account's rows belong to, regardless of who reads them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An account as the caller sees it: its id under this consent, and which of the bank's accounts it is."""

    truelayer_id: str
    key: AccountKey


def accounts_of(simulator: Simulator, profile: BankProfile, user: str, is_card: bool) -> list[AccountKey]:
    """The user's accounts or cards at a bank."""
    moves = {0: -1, 3 if profile.accounts >= 5 else 1: 1} if profile.transfer_days and not is_card else {}
    return [
        AccountKey(
            simulator.seed,
            provider_of_accounts(profile),
            JOINT if not is_card and number < profile.joint_accounts else user,
            is_card,
            number,
            profile.card_rows_per_day if is_card else profile.rows_per_day,
            profile.twins,
            moves.get(number, 0),
            profile.transfer_days or 0,
        )
        for number in range(profile.cards if is_card else profile.accounts)
    ]


def _seen(simulator: Simulator, consent: Consent, profile: BankProfile, is_card: bool) -> list[Seen]:
    salt = f"|{consent.number}" if profile.account_ids_change else ""
    salt += f"|{profile.provider_id}" if profile.same_as else ""
    return [
        Seen(hashlib.blake2b((key.text + salt).encode(), digest_size=16).hexdigest(), key)
        for key in accounts_of(simulator, profile, consent.user, is_card)
    ]


def listed(simulator: Simulator, token: AccessToken, profile: BankProfile, half: str) -> list[Seen]:
    """The accounts or cards (`half`) that the consent lists; raises the bank's typical refusal."""
    if half not in token.consent.scopes:
        raise WireError(403, "access_denied", f"the scope {half} was not consented to")
    is_missing = not (profile.cards if half == "cards" else profile.accounts)
    if is_missing:
        error = {501: "endpoint_not_supported", 403: "access_denied"}.get(profile.half_missing_status, "not_found")
        raise WireError(profile.half_missing_status, error, f"Feature not supported: {half}")
    if profile.gives_accounts_only_in_sca and not is_in_sca(simulator, token, profile):
        raise WireError(403, "sca_exceeded")
    return _seen(simulator, token.consent, profile, half == "cards")


def one(simulator: Simulator, token: AccessToken, profile: BankProfile, half: str, account_id: str) -> Seen:
    """One account of the consent by its id under the consent."""
    for seen in _seen(simulator, token.consent, profile, half == "cards"):
        if seen.truelayer_id == account_id:
            return seen
    raise WireError(404, "account_not_found", "The requested account cannot be found")


def describe(seen: Seen, profile: BankProfile, simulator: Simulator, consent: Consent) -> dict[str, Any]:
    """An account or card as the bank lists it."""
    number = seen.key.number + 1
    provider = {"provider_id": profile.provider_id, "display_name": profile.display_name}
    updated_at = stamp(simulator.now())
    holder = holder_number(seen.key.user) + (1 if profile.same_as else 0)
    if seen.key.is_card:
        network, digits, name = (
            ("VISA", "6589", "Platinum super"),
            ("MASTERCARD", "1101", "Everyday"),
            ("AMEX", "3007", "Gold"),
        )[(number - 1) % 3]
        return {
            "account_id": seen.truelayer_id,
            "card_network": network,
            "card_type": "CREDIT",
            "currency": "GBP",
            "display_name": name if number <= 3 else f"{name} {number}",
            "partial_card_number": f"{(int(digits) + holder) % 10_000:04d}",
            "name_on_card": seen.key.user.title(),
            "update_timestamp": updated_at,
            "provider": provider,
        }
    savings = profile.accounts >= 5 and number in (4, 5)
    kind = "SAVINGS" if savings else "TRANSACTION"
    return {
        "account_id": seen.truelayer_id,
        "account_type": kind,
        "display_name": f"{kind.title()} ACCOUNT {number - 3 if savings else number}".upper(),
        "currency": "GBP",
        "account_number": {
            "iban": _iban(consent, sort_code(profile), number, holder),
            "number": f"{number * 10_000_000 + holder:08d}",
            "sort_code": sort_code(profile),
            "swift_bic": profile.swift_bic,
        },
        "update_timestamp": updated_at,
        "provider": provider,
    }


def holder_number(user: str) -> int:
    """A number that distinguishes this user's account numbers from others'; john has those of the sandbox."""
    return 99 if user == JOINT else int(user.removeprefix("john") or 0) if user.startswith("john") else 0


def sort_code(profile: BankProfile) -> str:
    """The bank's sort code: the sandbox's for the mock bank, a different one for every other bank."""
    if profile.provider_id in ("mock", "uk-cs-mock"):
        return SANDBOX_SORT_CODE
    digest = hashlib.blake2b(provider_of_accounts(profile).encode(), digest_size=4).digest()
    return "-".join(f"{byte % 90 + 10}" for byte in digest[:3])


def _iban(consent: Consent, sort_code: str, number: int, holder: int) -> str:
    """The mock bank's IBAN, or one with valid check digits for users who signed in for that."""
    branch = "040668" if sort_code == SANDBOX_SORT_CODE else sort_code.replace("-", "")
    inner = f"CLRB{branch}{number * 10_000_000 + holder:08d}"
    if consent.flavour != "iban":
        return f"GB08{inner}"
    digits = "".join(str(int(character, 36)) for character in inner + "GB00")
    return f"GB{98 - int(digits) % 97:02d}{inner}"


def is_counted(simulator: Simulator, consented_at: datetime, *, in_consent_window: bool) -> bool:
    """Whether a call without the user counts against the bank's daily allowance.

    `in_consent_window`: calls in the hour after consent do too.
    """
    return in_consent_window or simulator.now() - consented_at >= CONSENT_WINDOW


def is_in_sca(simulator: Simulator, token: AccessToken, profile: BankProfile) -> bool:
    """Whether the bank still returns what it returns only in the minutes after consent."""
    if profile.sca_minutes is None:
        return True
    if profile.deep_only_on_first_token and token.number > 1:
        return False
    return simulator.now() - token.consent.given_at <= timedelta(minutes=profile.sca_minutes)


def stamp(moment: datetime) -> str:
    """The instant in TrueLayer's format."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def opened_on(profile: BankProfile, today: date) -> date:
    """The day the bank's accounts were opened."""
    return today - timedelta(days=profile.opened_days_ago or profile.history_days)

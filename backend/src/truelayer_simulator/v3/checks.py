"""Check request bodies against the specification; every fault is named.

Source: TrueLayer's specification of Data API v3, `POST /v3/data-connections` and `POST …/transactions/requests`.
"""

import re
from datetime import date
from typing import Any

from truelayer_simulator.v3.problems import V3Problem
from truelayer_simulator.v3.settings import V3Settings

SCOPES = ("info", "accounts", "balance", "transactions")
COUNTRIES = ("AT", "BE", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "LT", "NL", "NO", "PL", "PT", "RO")
CHANNELS = ("general_availability", "public_beta", "private_beta")
SEGMENTS = ("retail", "business", "corporate")
MOST_ROWS = 500
DEFAULT_ROWS = 50

_NAME = re.compile(r"[^()\s]+(\s+[^()\s]+)+")
_PHONE = re.compile(r"\+[1-9]\d{6,14}")


class Faults(dict[str, list[str]]):
    """What is wrong, by parameter."""

    def add(self, name: str, text: str) -> None:
        """Note one fault of a parameter."""
        self.setdefault(name, []).append(text)

    def check(self) -> None:
        """Refuse the request if anything is wrong."""
        if self:
            raise V3Problem("invalid-parameters", dict(self))


def check_connection(body: Any, settings: V3Settings) -> dict[str, Any]:
    """The body of a new connection.

    Raises:
        V3Problem: anything is not as specified.
    """
    faults = Faults()
    if not isinstance(body, dict):
        faults.add("body", "Must be an object")
        faults.check()
    scopes = body.get("scopes")
    if not _is_list_of(scopes, SCOPES):
        faults.add("scopes", f"Must be one or more of {', '.join(SCOPES)}")
    _check_selection(body.get("provider_selection"), settings, faults)
    _check_user(body.get("user"), faults)
    consent = _object(body.get("user_consent"))
    if consent.get("type") not in ("authorization_flow_captured", "precaptured"):
        faults.add("user_consent.type", "Must be authorization_flow_captured or precaptured")
    elif consent["type"] == "precaptured" and not isinstance(consent.get("captured_at"), str):
        faults.add("user_consent.captured_at", "Must be provided")
    page, flow = body.get("hosted_page"), body.get("authorization_flow")
    if page is not None and _object(page).get("type") not in ("authorization_flow", "result_page"):
        faults.add("hosted_page.type", "Must be authorization_flow or result_page")
    if _object(page).get("type") == "authorization_flow":
        if not _is_address(_object(page).get("return_uri")):
            faults.add("hosted_page.return_uri", "Must be provided")
        if flow is not None:
            faults.add("authorization_flow", "Must not be provided together with hosted_page")
    if flow is not None and not _is_address(_object(_object(flow).get("redirect")).get("return_uri")):
        faults.add("authorization_flow.redirect.return_uri", "Must be provided")
    if body.get("data_access_type", "recurring") not in ("recurring", "one_time"):
        faults.add("data_access_type", "Must be recurring or one_time")
    _check_metadata(body.get("metadata"), faults)
    faults.check()
    checked: dict[str, Any] = body
    return checked


def _check_selection(selection: Any, settings: V3Settings, faults: Faults) -> None:
    selection = _object(selection)
    if selection.get("type") == "preselected":
        if not isinstance(selection.get("provider_id"), str):
            faults.add("provider_selection.provider_id", "Must be provided")
        return
    if selection.get("type") != "user_selected":
        faults.add("provider_selection.type", "Must be preselected or user_selected")
        return
    chosen = _object(selection.get("filter"))
    if "countries" in chosen and not _is_list_of(chosen["countries"], COUNTRIES):
        faults.add("provider_selection.filter.countries", "Must be supported countries, each once")
    if chosen.get("release_channel", CHANNELS[0]) not in CHANNELS and settings.unknown_release_channel == "refused":
        faults.add("provider_selection.filter.release_channel", f"Must be one of {', '.join(CHANNELS)}")
    if "customer_segments" in chosen and not _is_list_of(chosen["customer_segments"], SEGMENTS):
        faults.add("provider_selection.filter.customer_segments", f"Must be one or more of {', '.join(SEGMENTS)}")
    for name, ids in (
        ("provider_ids", chosen.get("provider_ids")),
        ("excludes.provider_ids", _object(chosen.get("excludes")).get("provider_ids")),
    ):
        if ids is not None and not (isinstance(ids, list) and ids and len(set(map(str, ids))) == len(ids)):
            faults.add(f"provider_selection.filter.{name}", "Must be one or more ids, each once")


def _check_user(user: Any, faults: Faults) -> None:
    user = _object(user)
    if not isinstance(user.get("name"), str) or not _NAME.fullmatch(user["name"].strip()):
        faults.add("user.name", "Must be a first and a last name")
    if not user.get("email") and not user.get("phone"):
        faults.add("user.email", "Either email or phone must be provided")
    if user.get("email") and "@" not in str(user["email"]):
        faults.add("user.email", "Must be an email address")
    if user.get("phone") and not _PHONE.fullmatch(str(user["phone"])):
        faults.add("user.phone", "Must begin with + and the country")


def _check_metadata(metadata: Any, faults: Faults) -> None:
    if metadata is None:
        return
    pairs = metadata.items() if isinstance(metadata, dict) else [("", None)]
    is_good = all(isinstance(value, str) and len(value) <= 500 and len(name) <= 40 for name, value in pairs)
    if not is_good or len(metadata) > 10:
        faults.add("metadata", "Must be up to 10 pairs of short texts")


def check_request(body: Any, settings: V3Settings) -> tuple[date, date, int, str | None, bool]:
    """First and last day, rows in a page, cursor, and whether enrichment is wanted.

    Raises:
        V3Problem: anything is not as specified.
    """
    faults = Faults()
    body = _object(body)
    days: list[date] = []
    for name in ("from", "to"):
        text = body.get(name)
        try:
            if not isinstance(text, str) or len(text) != 10:
                raise ValueError
            days.append(date.fromisoformat(text))
        except ValueError:
            faults.add(name, "Must be a day as YYYY-MM-DD" if text is not None else "Must be provided")
    size = body.get("page_size", DEFAULT_ROWS)
    if type(size) is not int or size < 1 or (size > MOST_ROWS and settings.large_page == "refused"):
        faults.add("page_size", f"Must be between 1 and {MOST_ROWS}")
    cursor = body.get("cursor")
    if cursor is not None and not isinstance(cursor, str):
        faults.add("cursor", "Must be a text")
    enrichment = body.get("enrichment")
    if enrichment is not None and enrichment != {"transaction_category": True, "merchant_name": True}:
        faults.add("enrichment", "Both members must be true")
    faults.check()
    return days[0], days[1], min(size, MOST_ROWS), cursor, enrichment is not None


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://127.0.0.1", "http://localhost"))


def _is_list_of(value: Any, allowed: tuple[str, ...]) -> bool:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        return False
    return len(set(value)) == len(value) and set(value) <= set(allowed)

"""The time zone in which a bank's days begin, from the bank's country as far as it is known; pure."""

import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bankimport.clock import time_zone_names
from bankimport.errors import InvalidRequest

UNKNOWN = "UTC"
"""The zone to use if the country is unknown."""

ZONES = {
    "AT": "Europe/Vienna",
    "AU": "Australia/Sydney",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CH": "Europe/Zurich",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
}
"""For each country, the zone of its banks' head offices."""

_COUNTRY_OF_CURRENCY = {
    "BGN": "BG", "CHF": "CH", "CZK": "CZ", "DKK": "DK", "GBP": "GB", "HUF": "HU", "NOK": "NO", "PLN": "PL",
    "RON": "RO", "SEK": "SE",
}  # fmt: skip
"""Currencies used in one country; the euro shows nothing."""

_PREFIX = re.compile(r"([a-z]{2})-(?:ob|oauth|xs2a|stet)-")


def zone_of_bank(
    bank_id: str, *, ibans: Iterable[str | None], sort_codes: Iterable[str | None], currencies: Iterable[str]
) -> str | None:
    """The zone of a bank from the evidence of its country, most reliable first; None without evidence or with a
    conflict.

    Some bank ids contain the country, an IBAN begins with it, and sort codes are British.
    """
    prefix = _PREFIX.match(bank_id)
    named = {prefix[1].upper().replace("UK", "GB")} if prefix else set()
    by_iban = {iban[:2].upper() for iban in ibans if iban}
    by_sort_code = {"GB" for sort_code in sort_codes if sort_code}
    by_currency = {_COUNTRY_OF_CURRENCY.get(currency, "") for currency in currencies if currency}
    for countries in (named, by_iban, by_sort_code, by_currency):
        if len(countries) == 1:
            return ZONES.get(countries.pop())
        if countries:
            return None
    return None


def checked_zone(name: str) -> ZoneInfo:
    """The zone with this name.

    Raises:
        InvalidRequest: there is no such zone.
    """
    if name not in time_zone_names():
        raise InvalidRequest(f"{name[:60]!r} is not a known time zone; use a name like Europe/London or UTC")
    return ZoneInfo(name)

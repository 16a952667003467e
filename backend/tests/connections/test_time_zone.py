"""The time zone of a bank's days, from the evidence of its country."""

import pytest

from bankimport.connections.time_zone import ZONES, checked_zone, zone_of_bank
from bankimport.errors import InvalidRequest


@pytest.mark.parametrize(
    ("bank_id", "ibans", "sort_codes", "currencies", "zone"),
    [
        ("ie-ob-aib", ["DE02"], [], ["EUR"], "Europe/Dublin"),
        ("uk-ob-monzo", [], [], [], "Europe/London"),
        ("ob-barclays", [], ["01-02-03"], ["GBP", "EUR"], "Europe/London"),
        ("xs2a-n26", ["DE02120300000000202051", None], [None], ["EUR"], "Europe/Berlin"),
        ("xs2a-group", ["DE02", "FR76"], [], ["EUR"], None),
        ("oauth-amex", [], [], ["GBP"], "Europe/London"),
        ("some-bank", [], [], ["GBP", "EUR"], None),
        ("some-bank", [], [], ["EUR"], None),
        ("some-bank", ["XK05"], [], ["EUR"], None),
        ("some-bank", [], [], [], None),
    ],
)
def test_the_zone_is_the_countrys_if_the_evidence_shows_exactly_one(
    bank_id: str, ibans: list[str | None], sort_codes: list[str | None], currencies: list[str], zone: str | None
) -> None:
    assert zone_of_bank(bank_id, ibans=ibans, sort_codes=sort_codes, currencies=currencies) == zone


def test_every_zone_exists_and_other_names_are_refused() -> None:
    assert all(checked_zone(zone).key == zone for zone in ZONES.values())
    with pytest.raises(InvalidRequest):
        checked_zone("London")

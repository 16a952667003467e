"""Whose address is sent to the bank as that of a present user, and when nobody is present."""

import pytest
from fastapi import Request

from bankimport.auth import Caller
from bankimport.connections.calls.addresses import is_public_host, public_address
from bankimport.connections.calls.presence import address_of_person
from bankimport.errors import BankImportError
from bankimport.users.access import USUAL_SCOPES, Scope
from bankimport.users.models import User

HOME = "81.2.69.142"
BROWSER = Caller(User(id=1), session_id=7)
PROGRAM = Caller(User(id=1), scopes=frozenset(USUAL_SCOPES))
TRUSTED_PROGRAM = Caller(User(id=1), scopes=frozenset({*USUAL_SCOPES, Scope.ATTENDED}))


def request_from(address: str) -> Request:
    return Request({"type": "http", "headers": [], "client": (address, 50_000)})


@pytest.mark.parametrize(
    ("caller", "comes_from", "gesture_age", "psu_ip", "sent"),
    [
        (BROWSER, HOME, 0, None, HOME),
        (BROWSER, HOME, 300, None, HOME),
        (BROWSER, HOME, 301, None, None),
        (BROWSER, HOME, None, None, None),
        (BROWSER, HOME, 3, "8.8.8.8", HOME),
        (BROWSER, HOME, None, "8.8.8.8", None),
        (BROWSER, "127.0.0.1", 3, None, None),
        (BROWSER, "192.168.1.20", 3, None, None),
        (BROWSER, "testclient", 3, None, None),
        (PROGRAM, HOME, 3, None, None),
        (TRUSTED_PROGRAM, HOME, 3, None, None),
        (TRUSTED_PROGRAM, "10.0.0.4", None, HOME, HOME),
    ],
)
def test_a_person_is_present_in_a_browser_right_after_a_click_or_behind_a_program_that_may_say_so(
    caller: Caller, comes_from: str, gesture_age: int | None, psu_ip: str | None, sent: str | None
) -> None:
    assert address_of_person(request_from(comes_from), caller, gesture_age, psu_ip) == sent


@pytest.mark.parametrize(
    ("caller", "psu_ip", "code"),
    [
        (PROGRAM, HOME, "forbidden"),
        (TRUSTED_PROGRAM, "127.0.0.1", "invalid_request"),
        (TRUSTED_PROGRAM, "10.1.2.3", "invalid_request"),
        (TRUSTED_PROGRAM, "at home", "invalid_request"),
        (TRUSTED_PROGRAM, "", "invalid_request"),
    ],
)
def test_a_program_is_refused_that_may_not_pass_on_an_address_or_passes_on_a_private_one(
    caller: Caller, psu_ip: str, code: str
) -> None:
    with pytest.raises(BankImportError) as refused:
        address_of_person(request_from(HOME), caller, None, psu_ip)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("host", "address"),
    [
        (HOME, HOME),
        (f" {HOME} ", HOME),
        ("2a00:1450:4009:81f::200e", "2a00:1450:4009:81f::200e"),
        ("::ffff:81.2.69.142", HOME),
        ("::ffff:127.0.0.1", None),
        ("::ffff:10.0.0.1", None),
        ("127.0.0.1", None),
        ("::1", None),
        ("0.0.0.0", None),
        ("10.1.2.3", None),
        ("172.16.0.9", None),
        ("192.168.1.20", None),
        ("100.64.0.9", None),
        ("169.254.1.1", None),
        ("fe80::1", None),
        ("fe80::1%eth0", None),
        ("2a00::1%eth0", None),
        ("fc00::1", None),
        ("fec0::1", None),
        ("ff0e::1", None),
        ("224.0.0.1", None),
        ("240.0.0.1", None),
        ("203.0.113.9", None),
        ("81.2.69.142, 8.8.8.8", None),
        ("money.example.org", None),
        (None, None),
    ],
)
def test_only_a_public_address_is_sent(host: str | None, address: str | None) -> None:
    assert public_address(host) == address


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("money.example.org", True),
        (HOME, True),
        ("localhost", False),
        ("bank.localhost", False),
        ("nas", False),
        ("nas.local", False),
        ("127.0.0.1", False),
        ("192.168.1.20", False),
    ],
)
def test_a_page_is_reached_from_a_public_address_or_not(host: str, is_public: bool) -> None:
    assert is_public_host(host) is is_public

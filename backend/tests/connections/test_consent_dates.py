"""When a consent ends, in whatever form the bank reports it; and the calendar of the ends."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from bankimport.connections.consent.clock import ConsentState, clock_of
from bankimport.connections.consent.feed import calendar_of
from bankimport.connections.consent_dates import CONSENT_LIFETIME, consent_dates
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.truelayer.answers import parse_entries
from bankimport.truelayer.schemas import Me

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def me_of(value: str) -> Me:
    (me,) = parse_entries(b'{"results":[{"consent_expires_at":%s}]}' % value.encode(), Me).read
    return me


@pytest.mark.parametrize(
    "value",
    [
        "null",
        '"0001-01-01T00:00:00Z"',
        '"9999-12-31T23:59:59Z"',
        '"9999-12-31T23:59:59-05:00"',
        '"2026-11-29T12:00:00Z"',
        '"2020-01-01T00:00:00Z"',
        '"2045-01-01T00:00:00Z"',
        "1900000000",
        "true",
        "[]",
        '"soon"',
        '""',
    ],
)
def test_an_impossible_consent_date_is_unknown_and_90_days_are_assumed(value: str) -> None:
    dates = consent_dates(me_of(value), NOW)

    assert (dates.expires_at, dates.is_end_assumed) == (NOW + CONSENT_LIFETIME, True)


@pytest.mark.parametrize("value", ['"2027-02-20T00:00:00Z"', '"2027-02-20T00:00:00"', '"2027-02-20T00:00:00.0000000Z"'])
def test_a_possible_date_without_a_zone_is_utc(value: str) -> None:
    dates = consent_dates(me_of(value), NOW)

    assert (dates.expires_at, dates.is_end_assumed) == (datetime(2027, 2, 20, tzinfo=UTC), False)


def test_without_any_date_90_days_are_assumed() -> None:
    dates = consent_dates(None, NOW)

    assert dates.created_at == NOW
    assert dates.is_end_assumed


def a_connection(number: int, ends_at: datetime | None) -> BankConnection:
    return BankConnection(
        id=number,
        bank_name=f"Bank {number}",
        status=ConnectionStatus.ACTIVE,
        consent_expires_at=ends_at,
        authorised_at=NOW,
    )


def test_an_end_in_9999_is_only_counted_in_the_calendar() -> None:
    rows = [a_connection(1, NOW + timedelta(days=30)), a_connection(2, datetime(9999, 12, 31, 23, 59, tzinfo=UTC))]

    calendar = Calendar.from_ical(calendar_of(rows, "https://money.example.org", NOW))

    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == ["Consent to Bank 1 ends"]
    assert "1 consent is left out" in str(calendar["x-wr-caldesc"])


def test_an_assumed_end_that_has_passed_is_unknown_and_not_an_end() -> None:
    connection = a_connection(1, NOW - timedelta(days=1))
    connection.consent_end_assumed = True

    assert clock_of(connection, NOW).state is ConsentState.UNKNOWN


def test_a_consent_that_ended_early_shows_when() -> None:
    connection = a_connection(1, NOW + timedelta(days=80))
    connection.status, connection.ended_at = ConnectionStatus.EXPIRED, NOW - timedelta(days=2)

    assert clock_of(connection, NOW).ends_at == NOW - timedelta(days=2)

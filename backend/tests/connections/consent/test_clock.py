"""Users are warned once before a consent ends; renewing keeps all data; the calendar contains no secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select, text
from tests.support.steps.consents import let_consents_end
from tests.support.steps.installation import Installation
from tests.support.steps.schedules import PATH as SCHEDULES
from tests.support.steps.schedules import a_schedule
from typer.testing import CliRunner

from bankimport.cli import app
from bankimport.clock import utc_now
from bankimport.connections.consent.clock import ConsentClock, ConsentState, clock_of, due_warning, warn_of_consent_ends
from bankimport.connections.models import BankConnection, ConnectionStatus, ConsentWarning
from bankimport.db.session import session_scope
from bankimport.users.manage import set_disabled
from bankimport.users.service import user_by_email

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PATH = "/api/truelayer/connections"


def a_connection(ends_at: datetime | None, status: ConnectionStatus = ConnectionStatus.ACTIVE) -> BankConnection:
    return BankConnection(status=status, consent_expires_at=ends_at, authorised_at=NOW)


@pytest.mark.parametrize(
    ("connection", "clock"),
    [
        (a_connection(NOW + 90 * DAY), ConsentClock(ConsentState.FINE, NOW + 90 * DAY, 90)),
        (a_connection(NOW + 14.5 * DAY), ConsentClock(ConsentState.FINE, NOW + 14.5 * DAY, 14)),
        (a_connection(NOW + 14 * DAY), ConsentClock(ConsentState.ENDING, NOW + 14 * DAY, 14)),
        (a_connection(NOW + 0.5 * DAY), ConsentClock(ConsentState.ENDING, NOW + 0.5 * DAY, 0)),
        (a_connection(NOW), ConsentClock(ConsentState.ENDED, NOW, 0)),
        (a_connection(None), ConsentClock(ConsentState.UNKNOWN, None, None)),
        (a_connection(NOW + DAY, ConnectionStatus.EXPIRED), ConsentClock(ConsentState.ENDED, NOW + DAY, 0)),
    ],
)
def test_a_consents_clock(connection: BankConnection, clock: ConsentClock) -> None:
    assert clock_of(connection, NOW) == clock


@pytest.mark.parametrize(
    ("days", "warning"),
    [
        (90, None),
        (14.1, None),
        (14, 14),
        (8, 14),
        (7, 7),
        (3.5, 7),
        (3, 3),
        (1.5, 3),
        (1, 1),
        (0.1, 1),
        (0, 0),
        (-5, 0),
    ],
)
def test_only_the_nearest_warning_is_due(days: float, warning: int | None) -> None:
    assert due_warning(clock_of(a_connection(NOW + days * DAY), NOW), NOW) == warning


def warnings() -> list[int]:
    with session_scope() as session:
        return list(session.scalars(select(ConsentWarning.days_before).order_by(ConsentWarning.id)))


def test_each_warning_is_sent_once_per_consent(installation: Installation) -> None:
    client = installation.signed_in()
    installation.connect(client, "sim-rotating")
    with session_scope() as session:
        ends_at = session.scalars(select(BankConnection.consent_expires_at)).one()
    assert ends_at is not None

    moment = ends_at - 20 * DAY
    while moment < ends_at + DAY:
        warn_of_consent_ends(moment)
        moment += timedelta(hours=7)

    assert warnings() == [14, 7, 3, 1, 0]
    with session_scope() as session:
        titles = list(
            session.scalars(text("SELECT title FROM notifications WHERE kind = 'consent.ending' ORDER BY id"))
        )
    assert [title.rsplit(" ", 2)[-2] for title in titles] == ["14", "7", "3", "1", "has"]
    (consent,) = client.get(f"{PATH}/consents").json()["consents"]
    assert [warning["days_before"] for warning in consent["warnings"]] == [14, 7, 3, 1, 0]

    let_consents_end(days=2)
    warn_of_consent_ends(utc_now())
    assert warnings()[5:] == [3]
    (consent,) = client.get(f"{PATH}/consents").json()["consents"]
    assert (consent["state"], consent["days_left"]) == ("ending", 1)
    assert [warning["days_before"] for warning in consent["warnings"]] == [3]
    (listed,) = client.get(PATH).json()["connections"]
    assert (listed["consent_state"], listed["consent_days_left"]) == ("ending", 1)


def summary_of(client: Any, connection_id: int) -> dict[str, Any]:
    """Everything that renewing a consent must keep."""
    accounts = client.get(f"{PATH}/{connection_id}/accounts").json()["accounts"]
    return {
        "accounts": [(row["account_id"], row["coverage"]) for row in accounts],
        "schedules": client.get(SCHEDULES).json(),
        "imports": client.get("/api/truelayer/import/history").json(),
        "transactions": client.get("/api/transactions?limit=1000").json(),
    }


@pytest.mark.parametrize("way", ["extend", "reauthorise"])
def test_a_renewed_consent_starts_a_new_clock_and_keeps_all_data(installation: Installation, way: str) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-rotating")
    schedule_id = a_schedule(client, connection_id)
    client.post(f"{SCHEDULES}/{schedule_id}/run").raise_for_status()
    installation.run_tasks()
    before = summary_of(client, connection_id)
    with session_scope() as session:
        ids = list(session.scalars(text("SELECT truelayer_id FROM account_doors ORDER BY account_id")))
    let_consents_end(days=1)
    warn_of_consent_ends(utc_now())

    if way == "extend":
        assert client.post(f"{PATH}/{connection_id}/extend").json()["extended"]
    else:
        assert installation.connect(client, "sim-rotating") == connection_id
        with session_scope() as session:
            assert ids != list(session.scalars(text("SELECT truelayer_id FROM account_doors ORDER BY account_id")))

    assert summary_of(client, connection_id) == before
    (consent,) = client.get(f"{PATH}/consents").json()["consents"]
    assert (consent["state"], consent["warnings"]) == ("fine", [])
    assert consent["days_left"] >= 80


def test_the_calendar_shows_when_consents_end_and_contains_no_secret(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id = installation.connect(client, "sim-plain")
    url = client.get(f"{PATH}/calendar").json()["url"]
    assert client.get(f"{PATH}/calendar").json()["url"] == url

    answer = installation.client().get(url)

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    (connection,) = client.get(PATH).json()["connections"]
    ends_at = datetime.fromisoformat(connection["consent_expires_at"])
    assert event.decoded("dtstart") == ends_at.replace(microsecond=0)
    assert str(event["summary"]) == f"Consent to {connection['bank']} ends"
    assert [alarm.decoded("trigger") for alarm in event.walk("VALARM")] == [-days * DAY for days in (14, 7, 3, 1)]
    assert str(event["uid"]) == f"consent-{connection_id}@bankimport"
    text_of_it = answer.text
    assert url.rsplit("/", 1)[1].removesuffix(".ics") not in text_of_it
    assert "ada@example.org" not in text_of_it
    with session_scope() as session:
        credentials = session.scalars(select(BankConnection.credentials_id)).one()
    assert credentials is not None
    assert credentials not in text_of_it


def test_a_new_calendar_address_replaces_the_old_one_and_every_user_has_one(installation: Installation) -> None:
    ada, eve = installation.signed_in(), installation.signed_in("eve@example.org")
    installation.connect(ada, "sim-plain")
    old = ada.get(f"{PATH}/calendar").json()["url"]
    hers = eve.get(f"{PATH}/calendar").json()["url"]
    nobody = installation.client()

    new = ada.post(f"{PATH}/calendar/renew").json()["url"]

    assert len({old, new, hers}) == 3
    assert (nobody.get(old).status_code, nobody.get(old).json()["code"]) == (404, "feed_not_found")
    assert b"BEGIN:VEVENT" in nobody.get(new).content
    assert b"BEGIN:VEVENT" not in nobody.get(hers).content
    assert nobody.get("/api/calendar/feed_guessed.ics").status_code == 404
    assert eve.get(f"{PATH}/consents").json() == {"consents": []}
    with session_scope() as session:
        owner, other = (user_by_email(session, f"{name}@example.org") for name in ("ada", "eve"))
        other.role = owner.role
        set_disabled(session, owner, True, by=other.id)
    assert nobody.get(new).status_code == 404


def test_the_command_line_shows_consents_too(installation: Installation) -> None:
    client = installation.signed_in()
    installation.connect(client, "sim-plain")

    listed = CliRunner().invoke(app, ["consents"])
    address = CliRunner().invoke(app, ["consents", "--calendar"])

    assert "fine" in listed.stdout
    assert address.stdout.strip() == client.get(f"{PATH}/calendar").json()["url"]

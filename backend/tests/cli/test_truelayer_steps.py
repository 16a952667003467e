"""What `bankimport doctor` says about the way from an empty account at TrueLayer to the first import."""

from dataclasses import replace
from datetime import date

from sqlalchemy import text
from tests.support.bank.hostile_bank import HostileBank, http
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation

from bankimport.cli.operate.truelayer_steps import Check, steps_at_truelayer, steps_here
from bankimport.connections.calls.credentials import credentials
from bankimport.db.session import session_scope
from bankimport.settings import get_settings


def here() -> dict[str, Check]:
    with session_scope() as session:
        return {check.name: check for check in steps_here(session)}


def test_each_step_here_leads_to_the_next(installation: Installation) -> None:
    client = installation.signed_in()
    assert here()["bank"] == Check(
        "bank", True, "none is connected", "run `bankimport connect`, or connect one on the page"
    )

    connection_id = installation.connect(client, "sim-plain")
    assert here()["bank"].found == "1 connected"
    assert "run `bankimport import`" in here()["first import"].remedy

    run_import(installation, client, connection_id, from_date=str(date(2026, 6, 1)))
    assert here()["first import"] == Check("first import", True, "done: 1 import completed")

    installation.connect(client, "sim-rotating")
    ends = "UPDATE bank_connections SET status = 'expired' WHERE id = "
    with session_scope() as session:
        session.execute(text(f"{ends}{connection_id}"))
    assert not here()["consents"].is_well
    with session_scope() as session:
        session.execute(text("UPDATE bank_connections SET status = 'expired'"))
    assert here() == {
        "bank": Check(
            "bank",
            False,
            "none is connected any more: 2 consents have ended",
            "run `bankimport connect`, or connect one on the page",
        )
    }


def test_truelayer_confirms_its_steps_or_says_what_to_do(installation: Installation) -> None:
    used, uri = credentials(), get_settings().redirect_uri

    assert [check.name for check in steps_at_truelayer(used, uri) if check.is_well] == [
        "client",
        "redirect uri",
        "banks",
    ]
    wrong = replace(used, client_secret="of another")
    assert [(check.name, check.is_well) for check in steps_at_truelayer(wrong, uri)] == [("client", False)]


def test_an_application_without_the_data_api_learns_how_to_enable_it(installation: Installation) -> None:
    refusal = http(b'{"error":"invalid_grant"}', status="400 Bad Request")
    server = HostileBank(refusal, http(b"[]"))
    try:
        *_, banks = steps_at_truelayer(replace(credentials(), auth_url=server.url), get_settings().redirect_uri)
    finally:
        server.close()
    assert (banks.name, banks.is_well, banks.found) == ("banks", False, "TrueLayer offers this application no bank")
    assert "enable the Data API" in banks.remedy

"""The answer to a renewal by another login, on the command line and over HTTP, and the import that waited for it."""

import json
from typing import Any

from fastapi.testclient import TestClient
from tests.support.bank.logins import PATH, accounts
from tests.support.commands.terminal import on_terminal
from tests.support.steps.imports import start, status_of
from tests.support.steps.installation import Installation
from typer.testing import CliRunner

from bankimport.cli import app


def command(*arguments: object, code: int = 0) -> Any:
    """What programs read."""
    result = CliRunner().invoke(app, ["connections", *(str(word) for word in arguments), "--json"])
    assert result.exit_code == code, result.output
    return json.loads(result.output)


def ended_import(installation: Installation, client: TestClient) -> tuple[int, int, str]:
    """A connection whose consent has ended, its failed import, and the link of the renewal to continue that import."""
    connection_id = installation.connect(client, "sim-household")
    joint, _ = accounts(client)
    installation.simulator.admin("POST", "consents/revoke")
    job_id = start(client, connection_id, account_ids=[joint["account_id"]])
    installation.run_tasks(enriches=False)
    assert status_of(client, job_id)["status"] == "failed"
    link = client.post(f"/api/truelayer/import/{job_id}/reauthorize").raise_for_status().json()["authorization_url"]
    return connection_id, job_id, link


def waiting_for_an_answer(installation: Installation, client: TestClient) -> tuple[int, int]:
    """A connection whose renewal came back as another login, and the failed import that it was given to continue."""
    connection_id, job_id, link = ended_import(installation, client)
    assert installation.consent(client, link, "john2")["problem"] == "another_login"
    return connection_id, job_id


def test_the_command_line_shows_a_renewal_by_another_login_and_its_answer_retries_the_import(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id, job_id = waiting_for_an_answer(installation, client)

    listed = " ".join(on_terminal(300, "connections").output.split())
    assert "of another login" in listed
    assert "bankimport connections ID --replace" in listed
    assert command(connection_id, code=1)["code"] == "invalid_request"
    assert command(connection_id, "--add", "--cancel", code=1)["code"] == "invalid_request"

    answered = command(connection_id, "--replace")

    assert answered["retried_job_id"] == str(job_id)
    assert answered["connections"][0]["renewal"] is None
    installation.run_tasks(enriches=False)
    assert status_of(client, job_id)["status"] == "completed"
    assert command(connection_id, "--replace", code=1)["code"] == "no_renewal"


def test_an_import_is_not_retried_where_its_own_consent_stays_ended(installation: Installation) -> None:
    client = installation.signed_in()
    connection_id, job_id = waiting_for_an_answer(installation, client)

    added = client.post(f"{PATH}/{connection_id}/renewal", json={"decision": "add"}).raise_for_status().json()

    assert added["retried_job_id"] is None
    assert len(added["connections"]) == 2
    assert status_of(client, job_id)["status"] == "failed"


def test_listing_the_accounts_later_retries_the_import_that_its_renewal_was_given_for(
    installation: Installation,
) -> None:
    client = installation.signed_in()
    connection_id, job_id, link = ended_import(installation, client)
    for half in ("accounts", "cards"):
        installation.simulator.admin("POST", "faults", kind="status", path=f"/data/v1/{half}", status=503, times=1)
    assert installation.consent(client, link)["about"] == "accounts"
    assert status_of(client, job_id)["status"] == "failed"

    client.post(f"{PATH}/{connection_id}/accounts/refresh").raise_for_status()

    installation.run_tasks(enriches=False)
    assert status_of(client, job_id)["status"] == "completed"
    client.post(f"{PATH}/{connection_id}/accounts/refresh").raise_for_status()
    assert status_of(client, job_id)["status"] == "completed"

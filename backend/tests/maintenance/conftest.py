"""An installation with a record, a channel and tokens, to be backed up."""

from datetime import timedelta

import psycopg
import pytest
from psycopg import sql
from tests.support.steps.imports import run_import
from tests.support.steps.installation import Installation, forget_settings

from bankimport.clock import utc_today
from bankimport.settings import variable_of


@pytest.fixture
def kept(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """One user with an import of some days, a channel with a secret address, and a connection with its tokens."""

    monkeypatch.setenv(variable_of("allow_private_targets"), "true")
    forget_settings()

    def make() -> None:
        client = installation.signed_in()
        connection_id = installation.connect(client, "sim-accounts-only")
        job = run_import(installation, client, connection_id, from_date=(utc_today() - timedelta(days=20)).isoformat())
        assert job["status"] == "completed", job
        body = {"name": "mine", "url": "http://127.0.0.1:9/hook"}
        client.post("/api/webhooks", json=body).raise_for_status()

    installation.once("kept", make)
    return installation


@pytest.fixture
def empty_place(installation: Installation) -> str:
    """The URL of a database without a table."""
    name = sql.Identifier("restored")
    with psycopg.connect(installation.server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    return installation.server.url("restored")

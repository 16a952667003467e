"""A record in which only the test's own rows are enriched, and a model server."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from tests.support.servers.model_server import ModelServer, running_model_server
from tests.support.steps.enrichment import set_up
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record, remove_rows

from bankimport.db.session import session_scope


@pytest.fixture
def record(installation: Installation) -> Record:
    """A user whose imported rows are deleted, so that only the test's own rows are enriched."""
    made = a_record(installation)
    remove_rows()
    with session_scope() as session:
        session.execute(text("DELETE FROM truelayer_enrichment_jobs"))
    return made


@pytest.fixture
def model(record: Record, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelServer]:
    """A model server over real HTTP, set as the installation's model at known prices."""
    with running_model_server() as server:
        set_up(
            monkeypatch,
            LLM_MODEL="openai:test",
            LLM_BASE_URL=server.url,
            LLM_INPUT_PRICE="1 USD",
            LLM_OUTPUT_PRICE="2 USD",
            LLM_TIMEOUT_SECONDS="600",
        )
        yield server

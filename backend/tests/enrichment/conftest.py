"""A record of which only the test's own rows are enriched."""

import pytest
from sqlalchemy import text
from tests.conftest import Installation
from tests.transactions.record import Record, a_record

from bankimport.db.session import session_scope


@pytest.fixture
def record(installation: Installation) -> Record:
    """A user whose imported rows are gone, so that only the test's own are enriched."""
    made = a_record(installation)
    with session_scope() as session:
        session.execute(text("UPDATE transactions SET removed_at = now()"))
        session.execute(text("DELETE FROM truelayer_enrichment_jobs"))
    return made

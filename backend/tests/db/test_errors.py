"""Errors of the database do not carry the values of a statement into the log."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError
from tests.support.steps.installation import Installation

from bankimport.db.session import session_scope


def test_an_error_of_a_statement_does_not_name_its_parameters(installation: Installation) -> None:
    installation.user()

    with pytest.raises(DataError, match="division by zero") as raised, session_scope() as session:
        session.execute(text("SELECT CAST(:iban AS text), 1 / 0"), {"iban": "GB33BUKB20201555555555"})

    assert "GB33BUKB" not in str(raised.value)

"""No row is stored without its account, and none is left of a deleted one."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from tests.support.steps.installation import Installation
from tests.support.steps.record import a_record

from bankimport.db.session import session_scope

COPIES = """
    INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency, description,
        dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)
    SELECT user_id, :account_id, status, date, timestamp, has_time, amount, currency, description,
        'copy ' || id, content_hash, import_job_id, raw_response_id, raw_position
    FROM transactions
"""
COUNT = "SELECT count(*) FROM transactions WHERE account_id = :account_id"


def test_rows_of_an_account_that_is_not_there_are_refused(installation: Installation) -> None:
    record = a_record(installation)
    record.add_hostile()
    for statement in (COPIES, "UPDATE transactions SET account_id = :account_id"):
        with pytest.raises(IntegrityError, match="there is no account 0"), session_scope() as session:
            session.execute(text(statement), {"account_id": 0})


def test_rows_that_are_being_stored_go_with_an_account_that_is_deleted_meanwhile(installation: Installation) -> None:
    record = a_record(installation)
    record.add_hostile()
    account = {"account_id": record.account_id}

    def delete_account() -> None:
        with session_scope() as other:
            other.execute(text("DELETE FROM truelayer_accounts WHERE id = :account_id"), account)

    deleting = threading.Thread(target=delete_account)
    with session_scope() as session:
        session.execute(text(COPIES), account)
        deleting.start()
        deleting.join(0.2)
    deleting.join()

    with session_scope() as session:
        assert session.scalar(text(COUNT), account) == 0
        with pytest.raises(IntegrityError, match="there is no account"):
            session.execute(text("UPDATE transactions SET account_id = :account_id"), account)

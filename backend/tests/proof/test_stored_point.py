"""A large account's proof is continued from its sure point, and made whole as soon as anything before it changed."""

import inspect
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record

from bankimport.accounts.models import Account, AccountFreshness
from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.imports.answers.rejected import windows_with_rejected
from bankimport.proof.day_proof import DayProof, Proof
from bankimport.proof.day_states import rejected_days
from bankimport.proof.freshness import keep_freshness
from bankimport.proof.prove import prove_account
from bankimport.proof.stored_point import FEWEST_ROWS, RULES, stored_point

DAYS = 400
ROWS_A_DAY = FEWEST_ROWS // 300

CHAIN = text("""
    INSERT INTO transactions (user_id, account_id, status, date, timestamp, has_time, amount, currency, description,
        running_balance, dedupe_key, content_hash, import_job_id, raw_response_id, raw_position)
    SELECT one.user_id, one.account_id, 'booked', made.day, made.day, false, made.amount, 'GBP', 'ROW',
        sum(made.amount) OVER (ORDER BY i), 'k' || i, '\\x00', one.import_job_id, one.raw_response_id, i
    FROM (SELECT i, CAST(:first AS date) + i / CAST(:rows AS int) AS day,
              1 + (i * 7919) % 500 - (i % 3) * 200 AS amount
          FROM generate_series(0, :days * :rows - 1) i) made,
        (SELECT * FROM transactions WHERE account_id = :account LIMIT 1) one
""")

WINDOW = text("""
    INSERT INTO import_windows (account_import_id, account_id, window_from, window_to, asked_from, asked_to, state,
        completed_at, raw_response_id)
    SELECT account_import_id, account_id, :first, window_to, :first, window_to, state, completed_at, raw_response_id
    FROM import_windows WHERE account_id = :account AND state = 'completed' LIMIT 1
""")


@pytest.fixture
def large(installation: Installation) -> Record:
    """An account with a year of rows whose balances continue each other, whose state is up to date."""

    def make() -> Record:
        record = a_record(installation)
        with session_scope() as session:
            first = utc_today() - timedelta(days=DAYS)
            values = {"account": record.account_id, "first": first}
            session.execute(CHAIN, values | {"days": DAYS - 20, "rows": ROWS_A_DAY})
            session.execute(WINDOW, values)
            session.execute(text("DELETE FROM account_standings"))
        keep_freshness()
        return record

    return installation.once("a year of an account", make)


def point_day(account_id: int) -> date | None:
    """The last day of the account's sure point, if it holds."""
    with session_scope() as session:
        stored = repository.stored_days(session, [account_id])[account_id]
        rejected = rejected_days(windows_with_rejected(session, [account_id])[account_id])
        point = stored_point(session, session.get_one(Account, account_id), stored, rejected)
        return None if point is None else point.days.last


def proof(account_id: int) -> list[DayProof]:
    with session_scope() as session:
        return prove_account(session, session.get_one(Account, account_id), utc_today())


def whole_proof(account_id: int) -> list[DayProof]:
    with session_scope() as session:
        session.get_one(AccountFreshness, account_id).sure_point = None
    return proof(account_id)


def change(statement: str, account_id: int, days_ago: int) -> None:
    with session_scope() as session:
        at = {"account": account_id, "day": utc_today() - timedelta(days=days_ago)}
        session.execute(text(f"{statement} WHERE account_id = :account AND date = :day AND raw_position % 2 = 0"), at)


@pytest.mark.parametrize(
    ("statement", "days_ago", "holds"),
    [
        ("UPDATE transactions SET amount = amount + 1", 30, True),
        ("DELETE FROM transactions", 30, True),
        ("UPDATE transactions SET category = 'Food'", 300, True),
        ("UPDATE transactions SET amount = amount + 1", 300, False),
        ("UPDATE transactions SET date = date + 1", 300, False),
        ("UPDATE transactions SET removed_at = now()", 300, False),
        ("UPDATE transactions SET flags = '{repeated_block}'", 300, False),
    ],
)
def test_the_proof_is_the_same_as_the_whole_one_whatever_changed(
    large: Record, statement: str, days_ago: int, holds: bool
) -> None:
    assert point_day(large.account_id) is not None
    change(statement, large.account_id, days_ago)

    found, does_hold = proof(large.account_id), point_day(large.account_id) is not None

    assert does_hold is holds
    assert found == whole_proof(large.account_id)


def test_a_point_that_no_longer_holds_is_replaced(large: Record) -> None:
    change("DELETE FROM transactions", large.account_id, 300)
    with session_scope() as session:
        session.execute(text("UPDATE account_standings SET proved_at = '2020-01-01Z'"))

    keep_freshness()

    assert point_day(large.account_id) is not None
    assert any(item.proof is Proof.BROKEN for item in proof(large.account_id))
    assert proof(large.account_id) == whole_proof(large.account_id)


def test_a_new_version_of_any_module_of_the_proof_proves_everything_again() -> None:
    imported = re.compile(r"^from bankimport\.proof\.(\w+) import", re.MULTILINE)
    used = {name for module in RULES for name in imported.findall(inspect.getsource(module))}
    assert used
    assert {f"bankimport.proof.{name}" for name in used} <= {module.__name__ for module in RULES}

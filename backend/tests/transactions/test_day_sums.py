"""The kept sums of days are those of the rows, whatever statement changed them, and give the same totals."""

import random
from datetime import date

from sqlalchemy import text
from tests.support.steps.installation import Installation
from tests.support.steps.record import Record, a_record

from bankimport.db.session import session_scope
from bankimport.transactions.day_sums import count_booked, days_with_booked, totals_of_days
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.repository import totals

SUMS = """
    SELECT account_id, date, currency, status, count(*), sum(greatest(amount, 0)), sum(least(amount, 0))
    FROM transactions WHERE removed_at IS NULL GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""
KEPT = """
    SELECT account_id, date, currency, status, rows, money_in, money_out FROM account_days WHERE rows <> 0
    ORDER BY 1, 2, 3, 4
"""
STATEMENTS = (
    "UPDATE transactions SET amount = amount * -2 WHERE id % 7 = :n",
    "UPDATE transactions SET date = date + 1, currency = 'EUR' WHERE id % 7 = :n",
    "UPDATE transactions SET status = CASE status WHEN 'booked' THEN 'pending' ELSE 'booked' END WHERE id % 7 = :n",
    "UPDATE transactions SET account_id = :other WHERE id % 7 = :n AND removed_at IS NULL",
    "UPDATE transactions SET removed_at = now() WHERE id % 7 = :n",
    "UPDATE transactions SET removed_at = NULL WHERE id % 7 = :n",
    "UPDATE transactions SET category = 'Food', merchant = 'Shop' WHERE id % 7 = :n",
    "UPDATE transactions SET amount = 0",
    "DELETE FROM transactions WHERE id % 7 = :n",
    "DELETE FROM transactions WHERE false",
)
FILTERS = (
    TransactionFilter(),
    TransactionFilter(first=date(2026, 3, 2), last=date(2026, 3, 4)),
    TransactionFilter(status=TransactionStatus.BOOKED),
    TransactionFilter(status=TransactionStatus.PENDING),
    TransactionFilter(text=""),
)


def check(record: Record) -> None:
    with session_scope() as session:
        sums = session.execute(text(SUMS)).all()
        assert session.execute(text(KEPT)).all() == sums
        booked = [row for row in sums if row.status == "booked"]
        ids = sorted({row.account_id for row in sums})
        assert sum(count_booked(session, ids).values()) == sum(row[4] for row in booked)
        assert {(id_, day) for id_, days in days_with_booked(session, ids).items() for day in days} == {
            (row.account_id, row.date) for row in booked
        }
        for filters in (*FILTERS, TransactionFilter(account_id=record.card_id)):
            conditions = live_and_fitting(session, record.user_id, filters)
            assert totals_of_days(session, record.user_id, filters) == totals(session, conditions)


def test_the_sums_follow_every_statement(installation: Installation) -> None:
    record = a_record(installation)
    dice = random.Random(0)
    check(record)
    for _ in range(25):
        record.add_hostile()
        with session_scope() as session:
            values = {"n": dice.randrange(7), "other": record.card_id}
            session.execute(text(dice.choice(STATEMENTS)), values)
        check(record)

    with session_scope() as session:
        session.execute(text("DELETE FROM truelayer_accounts WHERE id = :id"), {"id": record.card_id})
        assert session.execute(text(KEPT)).all() == session.execute(text(SUMS)).all()


def test_other_filters_need_the_rows(installation: Installation) -> None:
    record = a_record(installation)
    with session_scope() as session:
        for filters in (TransactionFilter(text="x"), TransactionFilter(is_categorised=False)):
            assert totals_of_days(session, record.user_id, filters) is None

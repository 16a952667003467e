"""One day of an account in detail: its rows, the balances around them, and its proof."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.days import Days
from bankimport.errors import InvalidRequest
from bankimport.imports import repository
from bankimport.proof.groups import balances_around
from bankimport.proof.path import ProvableRow
from bankimport.proof.prove import proof_read
from bankimport.proof.schemas import DayRead
from bankimport.transactions import proof_rows
from bankimport.transactions import repository as transactions
from bankimport.transactions.filters import TransactionFilter, live_and_fitting
from bankimport.transactions.models import TransactionStatus
from bankimport.transactions.schemas import TransactionRead

MOST_ROWS = 1000


def day_read(session: Session, user_id: int, account_id: int, day: date) -> DayRead:
    """The proof of one day, with its rows, newest first.

    Raises:
        AccountNotFound: no such account, or not this user's.
        InvalidRequest: the day is before the oldest day ever requested, or after today.
    """
    account = accounts.account_of(session, user_id, account_id)
    proof = proof_read(session, user_id, account_id)
    stretch = next((item for item in proof.strip if item.first <= day <= item.last), None)
    if stretch is None:
        raise InvalidRequest(f"{day} was never requested from the bank; import it first")
    rows = [ProvableRow(*row) for row in proof_rows.provable_rows(session, account.id)]
    stored = next(
        (days for days in repository.stored_days(session, [account.id])[account.id] if days.first <= day <= days.last),
        None,
    )
    together, opening, closing = Days(day, day), None, None
    if stored is not None:
        mine = [row for row in rows if stored.first <= row.day <= stored.last]
        together, opening, closing = balances_around(mine, day)
    filters = TransactionFilter(account_id=account_id, first=day, last=day, status=TransactionStatus.BOOKED)
    found = transactions.search(session, live_and_fitting(session, user_id, filters), limit=MOST_ROWS)
    total = sum((row.amount for row in rows if together.first <= row.day <= together.last), Decimal(0))
    return DayRead.model_validate(
        {
            **stretch.model_dump(by_alias=True),
            "from": together.first,
            "to": together.last,
            "account_id": account_id,
            "display_name": account.display_name,
            "currency": account.currency,
            "day": day,
            "opening": opening,
            "closing": closing,
            "rows_total": total,
            "rows": [TransactionRead.of(row) for row in found],
        }
    )

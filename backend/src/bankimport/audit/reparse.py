"""Parse the stored answers again with today's rules, without calling a bank; report and optionally write
differences."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.audit.verify import differences
from bankimport.imports import repository
from bankimport.imports.answers import raw
from bankimport.imports.answers.rejected import count_understood
from bankimport.imports.match.store import plain
from bankimport.imports.models import RawResponse
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange
from bankimport.users.record import record


@dataclass(frozen=True, slots=True)
class RowDifference:
    """A stored row that today's rules would write differently: its fields now, and as they would be."""

    transaction_id: int
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Reparse:
    """The result of parsing again. `understood` are rejected rows that can be read now: import their days again to get
    them. `bodies_gone` and `bodies_altered` are answers that cannot be parsed again."""

    answers: int = 0
    rows: int = 0
    bodies_gone: int = 0
    bodies_altered: int = 0
    understood: int = 0
    is_written: bool = False
    differences: list[RowDifference] = field(default_factory=list)


def reparse(
    session: Session,
    user_id: int,
    *,
    account_id: int | None = None,
    job_id: int | None = None,
    write: bool = False,
) -> Reparse:
    """Compare the rows of a user, an account or a job with today's reading of their stored answers.

    With `write` the rows are updated, and each change is recorded with both values. The user's edits stay.

    Raises:
        AccountNotFound, ImportNotFound: not this user's.
    """
    chosen = accounts.accounts_of_user(session, user_id)
    if account_id is not None:
        chosen = [accounts.account_of(session, user_id, account_id)]
    if job_id is not None:
        repository.job_of(session, user_id, job_id)
    report = Reparse(is_written=write)
    for account in chosen:
        for response in raw.responses_of(session, account.id, job_id=job_id):
            for stored, difference in _read_again(session, account, response, report):
                report.differences.append(difference)
                if write:
                    _write(session, user_id, stored, difference)
    if write and report.differences:
        record(session, user_id, "transactions.reparsed", rows=len(report.differences))
    return report


def _read_again(
    session: Session, account: Account, response: RawResponse, done: Reparse
) -> Iterator[tuple[Transaction, RowDifference]]:
    done.answers += 1
    try:
        if response.endpoint not in raw.HAS_ROWS:
            raw.body_of(response)
            return
        again = raw.rows_of(response, account.kind, accounts.zone_of(session, account))
    except raw.BodyDeleted:
        done.bodies_gone += 1
        return
    except raw.BodyAltered:
        done.bodies_altered += 1
        return
    done.understood += count_understood(session, response, again.rows)
    rows = {row.position: row for row in again.rows}
    for stored in session.scalars(select(Transaction).where(Transaction.raw_response_id == response.id)):
        done.rows += 1
        true = rows.get(stored.raw_position)
        if true is None:
            continue
        found, expected = differences(stored, true)
        if found:
            yield stored, RowDifference(stored.id, _plain(found), expected)


def _write(session: Session, user_id: int, stored: Transaction, difference: RowDifference) -> None:
    after = _plain(difference.after)
    session.add(
        TransactionChange(
            transaction_id=stored.id,
            user_id=user_id,
            kind=ChangeKind.REPARSED,
            before=difference.before,
            after=after,
        )
    )
    for name, value in difference.after.items():
        setattr(stored, name, value)
    session.flush()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}

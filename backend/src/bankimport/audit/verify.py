"""Check the stored record against the answers it was made from: every body, every row, and every missing row.

It calls no bank and changes nothing. It reports each difference with the value found and the value expected.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.accounts.models import Account
from bankimport.days import Days, merged, without
from bankimport.imports.answers import raw
from bankimport.imports.answers.normalise import NewTransaction
from bankimport.imports.match.columns import row_values
from bankimport.imports.match.store import match_with_record
from bankimport.imports.models import ImportJob, ImportWindow, RawResponse
from bankimport.transactions.changes import EDITABLE
from bankimport.transactions.models import Transaction, TransactionStatus

BATCH = 500


class Fault(StrEnum):
    """What is wrong."""

    BODY_ALTERED = "body_altered"
    ROW_ALTERED = "row_altered"
    ROW_UNKNOWN = "row_unknown"
    ROW_DELETED = "row_deleted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where it is, a description, and the values found and expected, if any."""

    fault: Fault
    account_id: int
    message: str
    raw_response_id: int
    transaction_id: int | None = None
    found: dict[str, Any] | None = None
    expected: dict[str, Any] | None = None


@dataclass(slots=True)
class Verification:
    """What was checked and found. `bodies_gone` are answers of which only the hash is left."""

    answers: int = 0
    bodies_gone: int = 0
    rows: int = 0
    findings: list[Finding] | None = None


def verify_user(session: Session, user_id: int, account_id: int | None = None) -> Verification:
    """Check everything stored for a user, or for one account.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    chosen = accounts.accounts_of_user(session, user_id)
    if account_id is not None:
        chosen = [accounts.account_of(session, user_id, account_id)]
    report = Verification(findings=[])
    assert report.findings is not None
    for account in chosen:
        bad: set[int] = set()
        for response in raw.responses_of(session, account.id):
            for finding in _check_answer(session, account, response, report):
                report.findings.append(finding)
                bad.add(finding.raw_response_id)
        report.findings.extend(_rows_of_no_answer(session, account))
        report.findings.extend(_deleted_rows(session, account, bad))
    return report


def _check_answer(session: Session, account: Account, response: RawResponse, done: Verification) -> Iterator[Finding]:
    """Compare the body with its hash, and each stored row that came from it with what the body says."""
    done.answers += 1
    try:
        if response.endpoint not in raw.HAS_ROWS:
            raw.body_of(response)
            return
        rows = {
            row.position: row for row in raw.rows_of(response, account.kind, accounts.zone_of(session, account)).rows
        }
    except raw.BodyDeleted:
        done.bodies_gone += 1
        return
    except raw.BodyAltered as error:
        yield Finding(Fault.BODY_ALTERED, account.id, error.message, response.id)
        return
    live_at: dict[int, int] = {}
    for stored in session.scalars(
        select(Transaction).where(Transaction.raw_response_id == response.id).order_by(Transaction.id)
    ).yield_per(BATCH):
        done.rows += 1
        true = rows.get(stored.raw_position)
        if true is None:
            message = f"transaction {stored.id} is not in the answer it is recorded to come from"
            yield Finding(Fault.ROW_UNKNOWN, account.id, message, response.id, stored.id)
            continue
        if stored.removed_at is None and live_at.setdefault(stored.raw_position, stored.id) != stored.id:
            message = f"transaction {stored.id} represents the same row of the answer as {live_at[stored.raw_position]}"
            yield Finding(Fault.ROW_UNKNOWN, account.id, message, response.id, stored.id)
            continue
        found, expected = differences(stored, true)
        for name, value in _account_and_status(response).items():
            if getattr(stored, name) != value:
                found[name], expected[name] = getattr(stored, name), value
        if found:
            parts = ", ".join(f"{name} is {found[name]}, the bank said {expected[name]}" for name in found)
            yield Finding(
                Fault.ROW_ALTERED,
                account.id,
                f"transaction {stored.id} of {stored.date}: {parts}",
                response.id,
                stored.id,
                found,
                expected,
            )


def _rows_of_no_answer(session: Session, account: Account) -> Iterator[Finding]:
    """Rows whose answer or import is not stored."""
    t = Transaction
    answer = exists().where(RawResponse.id == t.raw_response_id)
    job = exists().where(ImportJob.id == t.import_job_id)
    statement = select(t.id, t.raw_response_id).where(t.account_id == account.id, ~(answer & job)).order_by(t.id)
    for row_id, answer_id in session.execute(statement):
        message = f"transaction {row_id} names an answer or an import that is not stored"
        yield Finding(Fault.ROW_UNKNOWN, account.id, message, answer_id, row_id)


def _account_and_status(response: RawResponse) -> dict[str, Any]:
    """The account and the booked or pending status of this answer's rows: only its endpoint shows them."""
    is_pending = response.endpoint == "pending"
    return {
        "user_id": response.user_id,
        "account_id": response.account_id,
        "status": TransactionStatus.PENDING if is_pending else TransactionStatus.BOOKED,
    }


def differences(stored: Transaction, true: NewTransaction) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields in which a stored row differs from the bank's row: as stored, and as the bank reported them.

    What a user, a rule or a model set does not count as a difference.
    """
    expected = row_values(true)
    for name in EDITABLE:
        if getattr(stored, f"{name}_source") not in (None, "bank"):
            expected.pop(name, None)
            expected.pop(f"{name}_source", None)
    names = [name for name, value in expected.items() if getattr(stored, name) != value]
    return {name: getattr(stored, name) for name in names}, {name: expected[name] for name in names}


def _deleted_rows(session: Session, account: Account, bad: set[int]) -> Iterator[Finding]:
    """Rows that the newest answer for a day contains and the record lacks."""
    settled: list[Days] = []
    for window in raw.stored_windows(session, account.id):
        days = Days(window.window_from, window.window_to)
        fresh = without(days, settled)
        settled = merged([*settled, days])
        if not fresh or window.raw_response_id is None or window.raw_response_id in bad:
            continue
        response = session.get_one(RawResponse, window.raw_response_id)
        try:
            rows = raw.rows_of(response, account.kind, accounts.zone_of(session, account)).rows
        except (raw.BodyDeleted, raw.BodyAltered):
            continue
        for row in _without_a_row(session, account, window, response, rows):
            if any(part.first <= row.date <= part.last for part in fresh):
                message = (
                    f"a row dated {row.date}, {row.amount:f} {row.currency} ({row.description}), is in the bank's "
                    "answer but not in the record"
                )
                yield Finding(Fault.ROW_DELETED, account.id, message, response.id, expected={"position": row.position})


def _without_a_row(
    session: Session, account: Account, window: ImportWindow, response: RawResponse, rows: Sequence[NewTransaction]
) -> list[NewTransaction]:
    if not rows or window.asked_from is None or window.asked_to is None:
        return []
    requested = Days(window.asked_from, window.asked_to)
    return match_with_record(session, account.id, rows, requested, response.received_at).new

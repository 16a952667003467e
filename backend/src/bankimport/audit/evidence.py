"""The evidence pack of an import: one zip of what was planned, requested, answered, decided, proven and spent.

It contains no body of a bank's answer, only hashes, so it is safe to pass on. Rows appear as they were decided.
The manifest lists the hash of every member and is signed.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account
from bankimport.audit.signature import sign
from bankimport.clock import utc_now
from bankimport.connections.models import BankApiCall
from bankimport.imports import repository
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.import_plan import written_plan
from bankimport.imports.match.store import plain
from bankimport.imports.models import (
    ENDED_JOB_STATUSES,
    ImportAttempt,
    ImportJob,
    ImportWindow,
    RawResponse,
    ReviewItem,
)
from bankimport.imports.plan import spending
from bankimport.pricing.schemas import CostRead
from bankimport.proof.prove import prove_account
from bankimport.transactions.changes import changes_of_job
from bankimport.transactions.models import Transaction

FORMAT = "bankimport-evidence/1"
MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
_AT = (1980, 1, 1, 0, 0, 0)
_ROW_FIELDS = (
    "id",
    "account_id",
    "status",
    "date",
    "timestamp",
    "amount",
    "currency",
    "description",
    "transaction_id",
    "provider_transaction_id",
    "normalised_provider_transaction_id",
    "running_balance",
    "dedupe_key",
    "content_hash",
    "raw_response_id",
    "raw_position",
)


def write_pack(session: Session, user_id: int, job_id: int, file: BinaryIO) -> dict[str, Any]:
    """Write the evidence pack of an ended job, and return its manifest. The same record gives the same bytes.

    Raises:
        ImportNotFound: no such job, or not this user's.
        NotPossibleNow: the job has not ended.
    """
    job = repository.job_of(session, user_id, job_id)
    if job.job_status not in ENDED_JOB_STATUSES:
        raise NotPossibleNow(f"import {job_id} is {job.job_status.value}; the evidence pack is available once it ends")
    members = {
        "job.json": _job(session, job),
        "plan.json": written_plan(job.plan),
        "asks.json": _windows(session, job_id),
        "answers.json": packed_answers(session, job_id),
        "changes.json": _changes(session, job_id),
        "reviews.json": _reviews(session, job_id),
        "rejected.json": _rejected(session, job_id),
        "proofs.json": _proofs(session, job_id),
        "calls.json": _calls(session, job_id),
        "costs.json": CostRead.of(spending.cost_of_jobs(session, [job_id])[job_id]).model_dump(mode="json"),
    }
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            hashes[name] = _add(pack, name, [_line(content)])
        hashes["rows.ndjson"] = _add(pack, "rows.ndjson", packed_rows(session, job_id))
        manifest = {"format": FORMAT, "job_id": job_id, "sha256": hashes}
        written = _line(manifest)
        _add(pack, MANIFEST, [written])
        _add(pack, SIGNATURE, [_line(sign(written))])
    return manifest


def _add(pack: zipfile.ZipFile, name: str, lines: Iterator[bytes] | Sequence[bytes]) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name, _AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    with pack.open(info, "w") as member:
        for line in lines:
            digest.update(line)
            member.write(line)
    return digest.hexdigest()


def _line(content: Any) -> bytes:
    return json.dumps(content, default=_json, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else plain(value)


def _job(session: Session, job: ImportJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "type": job.job_type.value,
        "status": job.job_status.value,
        "from": job.from_date,
        "to": job.to_date,
        "started_at": job.started_at,
        "completed_at": job.completed_at,
        "totals": {
            "synced": job.total_transactions,
            "duplicates": job.total_duplicates,
            "errors": job.total_errors,
        },
        "accounts": [
            {
                "account_id": account.id,
                "display_name": account.display_name,
                "currency": account.currency,
                "status": row.status.value,
                "synced": row.synced,
                "duplicates": row.duplicates,
                "errors": row.errors,
                "error_code": row.error_code,
            }
            for row, account in repository.account_imports_of(session, job.id)
        ],
    }


def _windows(session: Session, job_id: int) -> list[dict[str, Any]]:
    ids = [row.id for row, _ in repository.account_imports_of(session, job_id)]
    windows = session.scalars(
        select(ImportWindow).where(ImportWindow.account_import_id.in_(ids)).order_by(ImportWindow.id)
    )
    return [
        {
            "id": window.id,
            "account_id": window.account_id,
            "from": window.window_from,
            "to": window.window_to,
            "asked_from": window.asked_from,
            "asked_to": window.asked_to,
            "state": window.state.value,
            "fetches": window.fetches,
            "rows_in_answer": window.rows_in_answer,
            "rows_in_window": window.rows_in_window,
            "answer_id": window.raw_response_id,
            "error_code": window.error_code,
            "completed_at": window.completed_at,
        }
        for window in windows
    ]


def packed_answers(session: Session, job_id: int) -> list[dict[str, Any]]:
    """The answers that a job received, without their bodies."""
    statement = (
        select(RawResponse, ImportAttempt.number, ImportAttempt.worker)
        .join(ImportAttempt, ImportAttempt.id == RawResponse.attempt_id)
        .where(RawResponse.job_id == job_id)
        .order_by(RawResponse.id)
    )
    return [
        {
            "id": response.id,
            "account_id": response.account_id,
            "endpoint": response.endpoint,
            "request": response.request,
            "received_at": response.received_at,
            "correlation_id": response.correlation_id,
            "client_correlation_id": response.client_correlation_id,
            "sha256": response.sha256.hex(),
            "size_bytes": response.size_bytes,
            "attempt": number,
            "worker": worker,
        }
        for response, number, worker in session.execute(statement)
    ]


def _changes(session: Session, job_id: int) -> list[dict[str, Any]]:
    return [
        {
            "transaction_id": change.transaction_id,
            "kind": change.kind.value,
            "before": change.before,
            "after": change.after,
            "at": change.created_at,
        }
        for change in changes_of_job(session, job_id)
    ]


def _reviews(session: Session, job_id: int) -> list[dict[str, Any]]:
    """The conflicts that the job found, and the user's decisions about them so far."""
    items = session.scalars(select(ReviewItem).where(ReviewItem.job_id == job_id).order_by(ReviewItem.id))
    return [
        {
            "transaction_id": item.transaction_id,
            "kind": item.kind.value,
            "stored": item.ours,
            "bank": item.banks,
            "decision": item.decision.value if item.decision else None,
            "decided_at": item.decided_at,
        }
        for item in items
    ]


def _rejected(session: Session, job_id: int) -> list[dict[str, Any]]:
    """The rejected rows: the answer and endpoint each came from, its position there, and why it was rejected."""
    return [
        {
            "answer_id": row.raw_response_id,
            "endpoint": endpoint,
            "position": row.raw_position,
            "reason": row.reason,
            "sha256": hashlib.sha256(row.received).hexdigest(),
        }
        for row, endpoint in repository.rejected_rows_of(session, job_id)
    ]


def _proofs(session: Session, job_id: int) -> list[dict[str, Any]]:
    today = utc_now().date()
    ids = [row.account_id for row, _ in repository.account_imports_of(session, job_id)]
    return [
        {
            "account_id": account_id,
            "from": item.days.first,
            "to": item.days.last,
            "proof": item.proof.value,
            "why": item.why.value if item.why else None,
            "missing": item.missing,
        }
        for account_id in ids
        for item in prove_account(session, session.get_one(Account, account_id), today)
    ]


def _calls(session: Session, job_id: int) -> list[dict[str, Any]]:
    calls = session.scalars(select(BankApiCall).where(BankApiCall.job_id == job_id).order_by(BankApiCall.id))
    return [
        {
            "endpoint": call.endpoint,
            "account_id": call.account_id,
            "at": call.called_at,
            "attended": call.attended,
            "in_consent_window": call.in_consent_window,
            "status": call.status,
            "error_code": call.error_code,
            "elapsed_ms": call.elapsed_ms,
        }
        for call in calls
    ]


def packed_rows(session: Session, job_id: int) -> Iterator[bytes]:
    """The rows that the job stored, including those removed since, in the order they were stored."""
    statement = select(Transaction).where(Transaction.import_job_id == job_id).order_by(Transaction.id)
    for row in session.scalars(statement).yield_per(1000):
        yield _line({name: getattr(row, name) for name in _ROW_FIELDS})


def pack_bytes(session: Session, user_id: int, job_id: int) -> bytes:
    """The pack that `write_pack` makes, in memory."""
    buffer = io.BytesIO()
    write_pack(session, user_id, job_id, buffer)
    return buffer.getvalue()

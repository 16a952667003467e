"""Where a row came from, down to its position in the bank's answer, and how it was changed since."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.audit.schemas import ChangeRead, ProvenanceRead
from bankimport.days import Days
from bankimport.imports.models import ImportAttempt, ImportWindow, RawResponse
from bankimport.transactions.edits import transaction_of
from bankimport.transactions.models import TransactionChange


def provenance_read(session: Session, user_id: int, transaction_id: int) -> ProvenanceRead:
    """The row's job, attempt, request and answer. The answer's body is never shown, only its hash.

    Raises:
        TransactionNotFound: no such row, or not this user's.
    """
    row = transaction_of(session, user_id, transaction_id)
    response, attempt, window = session.execute(
        select(RawResponse, ImportAttempt, ImportWindow)
        .join(ImportAttempt, ImportAttempt.id == RawResponse.attempt_id)
        .outerjoin(ImportWindow, ImportWindow.id == RawResponse.window_id)
        .where(RawResponse.id == row.raw_response_id)
    ).one()
    changes = session.scalars(
        select(TransactionChange).where(TransactionChange.transaction_id == row.id).order_by(TransactionChange.id)
    )
    return ProvenanceRead(
        transaction_id=row.id,
        import_job_id=row.import_job_id,
        answer_job_id=response.job_id,
        attempt=attempt.number,
        worker=attempt.worker,
        endpoint=response.endpoint,
        request=response.request,
        received_at=response.received_at,
        correlation_id=response.correlation_id,
        client_correlation_id=response.client_correlation_id,
        sha256=response.sha256.hex(),
        size_bytes=response.size_bytes,
        is_body_kept=response.body is not None,
        position=row.raw_position,
        window=Days(window.window_from, window.window_to) if window else None,
        changes=[
            ChangeRead(
                kind=change.kind,
                job_id=change.job_id,
                by_user=change.user_id is not None,
                before=change.before,
                after=change.after,
                at=change.created_at,
            )
            for change in changes
        ],
    )

"""Provenance over HTTP."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from bankimport.days import Days
from bankimport.ids import Id
from bankimport.transactions.models import ChangeKind


class ChangeRead(BaseModel):
    """One change of a row by a job or by the user, with the old and the new values."""

    kind: ChangeKind
    job_id: Id | None
    by_user: bool
    before: dict[str, Any]
    after: dict[str, Any]
    at: datetime


class ProvenanceRead(BaseModel):
    """Where a row came from. `position` is its index in the bank's answer, whose hash is `sha256`.

    `import_job_id` is the job that first stored the row; `answer_job_id` is the job that fetched its present values.
    """

    transaction_id: Id
    import_job_id: Id
    answer_job_id: Id
    attempt: int
    worker: str
    endpoint: str
    request: str
    received_at: datetime
    correlation_id: str | None
    client_correlation_id: str
    sha256: str
    size_bytes: int
    is_body_kept: bool
    position: int
    window: Days | None
    changes: list[ChangeRead]

"""The texts of notifications about imports."""

from sqlalchemy.orm import Session

from bankimport.connections.models import BankConnection
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.notifications.models import Kind
from bankimport.notifications.notify import notify


def notify_that_job_ended(session: Session, job: ImportJob) -> None:
    """Notify the user how their job ended, unless they cancelled it themselves.

    The number of the job's last event distinguishes the end after a retry from an earlier end.
    """
    if job.job_status is JobStatus.CANCELLED:
        return
    bank = session.get_one(BankConnection, job.connection_id).bank_name
    is_well = job.job_status is JobStatus.COMPLETED
    kind = "dry run" if job.is_dry_run and job.committed_at is None else "import"
    ends = {JobStatus.COMPLETED: "is complete", JobStatus.PARTLY_FAILED: "is incomplete", JobStatus.FAILED: "failed"}
    counts = f"{job.total_transactions:,} new, {job.total_duplicates:,} already known, {job.total_errors:,} rejected"
    notify(
        session,
        job.user_id,
        Kind.IMPORT_FINISHED if is_well else Kind.IMPORT_FAILED,
        f"import:{job.id}:{job.last_event_id}",
        title=f"The {kind} from {bank} {ends[job.job_status]}",
        body=f"{counts}." if is_well else f"{counts}. Check what went wrong, then retry what failed.",
        link=f"/imports/{job.id}",
        data={
            "job_id": job.id,
            "status": job.job_status.value,
            "synced": job.total_transactions,
            "duplicates": job.total_duplicates,
            "errors": job.total_errors,
        },
    )

"""Import jobs for those who follow them: new events in order, each with the state of the whole job."""

from bankimport.imports.events import EVENTS
from bankimport.imports.read.status import status_read
from bankimport.imports.schemas import JobSnapshot, StatusRead
from bankimport.realtime.live_source import LiveSource


def snapshot(job: StatusRead) -> JobSnapshot:
    """The state of the job in short."""
    return JobSnapshot(
        status=job.status,
        completed_accounts=job.progress.completed_accounts,
        failed_accounts=job.progress.failed_accounts,
        cancelled_accounts=job.progress.cancelled_accounts,
        total_accounts=job.progress.total_accounts,
        percent=job.progress.percent,
        total_so_far=job.total_so_far,
        api_calls=job.api_calls,
        worked_seconds=job.worked_seconds,
        expected_rows=job.expected_rows,
        estimated_completion=job.estimated_completion,
    )


LIVE_IMPORTS = LiveSource(EVENTS, status_read, snapshot)

"""Import jobs for those who watch them: new events in order, each with how the whole job is."""

from bankimport.imports.events import EVENTS
from bankimport.imports.read.status import status_read
from bankimport.imports.schemas import JobStanding, StatusRead
from bankimport.realtime.live_source import LiveSource


def standing(job: StatusRead) -> JobStanding:
    """How the job is, in short."""
    return JobStanding(
        status=job.status,
        completed_accounts=job.progress.completed_accounts,
        total_accounts=job.progress.total_accounts,
        percent=job.progress.percent,
        total_so_far=job.total_so_far,
        estimated_completion=job.estimated_completion,
    )


LIVE_IMPORTS = LiveSource(EVENTS, status_read, standing)

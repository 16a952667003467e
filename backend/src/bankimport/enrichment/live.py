"""Enrichment jobs for those who follow them: new events in order, each with the whole job."""

from sqlalchemy.orm import Session

from bankimport.enrichment.run.events import EVENTS
from bankimport.enrichment.run.jobs import job_of
from bankimport.enrichment.run.schemas import EnrichmentSnapshot
from bankimport.enrichment.schemas import EnrichmentRead
from bankimport.enrichment.views import job_read
from bankimport.realtime.live_source import LiveSource


def _read(session: Session, user_id: int, job_id: int) -> EnrichmentRead:
    return job_read(session, job_of(session, user_id, job_id))


LIVE_ENRICHMENTS = LiveSource(EVENTS, _read, lambda job: EnrichmentSnapshot(job=job))

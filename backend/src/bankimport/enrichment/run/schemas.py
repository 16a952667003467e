"""The events of an enrichment job over HTTP and Socket.IO."""

from datetime import datetime

from pydantic import BaseModel

from bankimport.enrichment.run.events import EnrichmentJobEvent
from bankimport.enrichment.schemas import EnrichmentRead
from bankimport.ids import Id


class EnrichmentSnapshot(BaseModel):
    """The whole job, included in each message about one of its events."""

    job: EnrichmentRead


class EnrichmentEventRead(BaseModel):
    """An event of an enrichment job; its counts at that time are in `payload`."""

    event_id: int
    job_id: Id
    type: str
    created_at: datetime
    payload: EnrichmentJobEvent


class EnrichmentEventList(BaseModel):
    """Events in order, numbered per job from 1 without gaps."""

    events: list[EnrichmentEventRead]
    last_event_id: int

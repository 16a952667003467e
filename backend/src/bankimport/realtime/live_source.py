"""Jobs as the Socket.IO server reads them: one class for every kind of job whose events are in an `EventLog`."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel, JsonValue
from sqlalchemy.orm import Session

from bankimport.db.acting import for_everyone, for_user
from bankimport.db.session import session_scope, snapshot_scope
from bankimport.realtime.event_log import Event, EventLog
from bankimport.realtime.folding import folded
from bankimport.realtime.watch import Message, News


class JobSnapshot(Protocol):
    """A job as its status endpoint returns it."""

    last_event_id: int

    def model_dump(self, *, mode: str) -> dict[str, JsonValue]:
        """The snapshot as JSON."""


Snapshot = TypeVar("Snapshot", bound=JobSnapshot)


class LiveSource(Generic[Snapshot, Event]):
    """The jobs of one kind."""

    def __init__(
        self,
        log: EventLog[Event],
        read_job: Callable[[Session, int, int], Snapshot],
        beside_events: Callable[[Snapshot], BaseModel],
    ) -> None:
        """Read jobs with `read_job(session, user_id, job_id)`; `beside_events` is what each message adds about the
        job."""
        self._log = log
        self._read_job = read_job
        self._beside_events = beside_events

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        """The user's job and up to `limit` events above `after`: the oldest of them, or the newest.

        Raises:
            BankImportError: no such job, or not this user's.
        """
        # One database snapshot for both: an event must never be shown with numbers from an earlier moment.
        with for_user(user_id), snapshot_scope() as session:
            job = self._read_job(session, user_id, job_id)
            first = max(after, job.last_event_id - limit) if newest else after
            events = self._log.after(session, job_id, first, limit)
        return News(
            snapshot=job.model_dump(mode="json"),
            beside_events=self._beside_events(job).model_dump(mode="json"),
            events=events,
            is_cut=first > after,
            # A client may send a number that is too high; it still gets the next event.
            last_event_id=events[-1].event_id if events else job.last_event_id,
        )

    def last_event_id(self, job_id: int) -> int:
        """The number of the job's newest event, 0 for a job that does not exist."""
        with for_everyone(), session_scope() as session:
            return self._log.last_event_id(session, job_id)

    def messages(self, news: News, after: int) -> list[Message]:
        """The merged events above `after`, each with the job's overall state."""
        return [
            Message(item.event_id, {**item.message(from_event_id), **news.beside_events})
            for from_event_id, item in folded(news.events, after)
        ]

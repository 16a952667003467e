"""The numbered events of jobs of one kind: append one, read those after a number.

Each event is a separate model with a `type`. `Recorded` adds what all events of a job have: number, time and job.
Numbers begin at 1 for each job and have no gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.stored import StoredModel
from bankimport.ids import Id
from bankimport.realtime.publish import hint_job, notify_user


class JobEvent(StoredModel):
    """Something that happened to a job. Each event narrows `type` to its own word."""

    is_running_total: ClassVar[bool] = False
    """Whether its numbers are running totals, so that a later event includes an earlier one."""

    type: str

    @classmethod
    def word(cls) -> str:
        """The `type` of these events."""
        return str(cls.model_fields["type"].default)

    @property
    def subject(self) -> int | None:
        """What its running totals are about, if a job has several such things; None: the job."""
        return None


class OtherEvent(JobEvent):
    """A stored event of another version that this program does not know, as it was stored."""

    stored_type: str
    fields: dict[str, JsonValue]


class EventPlace(BaseModel):
    """An event's position among its job's events. A message covers the events `from_event_id` to `event_id`."""

    event_id: int
    from_event_id: int
    job_id: Id
    created_at: datetime


Event = TypeVar("Event", bound=JobEvent)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[Event]):
    """An event of a job, with its number."""

    event_id: int
    job_id: Id
    created_at: datetime
    event: Event

    def message(self, from_event_id: int | None = None) -> dict[str, JsonValue]:
        """The event as sent over Socket.IO: its fields and its position."""
        place = EventPlace(
            event_id=self.event_id,
            from_event_id=self.event_id if from_event_id is None else from_event_id,
            job_id=self.job_id,
            created_at=self.created_at,
        )
        return {**self.event.model_dump(mode="json"), **place.model_dump(mode="json")}


class EventLog(Generic[Event]):
    """The events of all jobs of one kind."""

    def __init__(
        self,
        *,
        kind: str,
        topic: str,
        jobs: type[Any],
        events: type[Any],
        known: TypeAdapter[Event],
        other: type[Event],
        columns: Sequence[str] = (),
    ) -> None:
        """Store events in the table `events` and their count in `last_event_id` of the table `jobs`.

        Args:
            kind: the kind of job that sockets follow.
            topic: what the user's pages show of these jobs, see `notify_user`.
            known: the events that can be appended and read.
            other: the type for stored events that `known` rejects; a subclass of `OtherEvent`.
            columns: fields of events that have their own column; all others are in `payload`.
        """
        self._kind, self._topic = kind, topic
        self._jobs, self._events = jobs, events
        self._known, self._other = known, other
        self._columns = columns
        names = "".join(f", {name}" for name in columns)
        values = "".join(f", %({name})s" for name in columns)
        # A constant text, since events are appended far more often than read.
        self._append = f"""
WITH counted AS (
    UPDATE {jobs.__tablename__} SET last_event_id = last_event_id + 1 WHERE id = %(job_id)s
    RETURNING last_event_id, user_id
), stored AS (
    INSERT INTO {events.__tablename__} (job_id, event_id, type, payload, created_at{names})
    SELECT %(job_id)s, last_event_id, %(type)s, %(payload)s::jsonb, %(created_at)s{values} FROM counted
)
SELECT last_event_id, user_id FROM counted
"""  # noqa: S608

    def append(self, session: Session, job_id: int, event: Event) -> int:
        """Append an event and return its number; watchers get it after commit. Locks the job's row."""
        session.flush()
        event_id, user_id = (
            session.connection()
            .exec_driver_sql(
                self._append,
                {
                    "job_id": job_id,
                    "type": event.type,
                    "created_at": utc_now(),
                    "payload": event.model_dump_json(exclude={"type", *self._columns}),
                    **{name: getattr(event, name) for name in self._columns},
                },
            )
            .one()
        )
        hint_job(session, self._kind, job_id)
        notify_user(session, user_id, self._topic)
        return int(event_id)

    def after(self, session: Session, job_id: int, event_id: int, limit: int) -> list[Recorded[Event]]:
        """The job's events with a number above `event_id`, ascending."""
        events = self._events
        statement = (
            select(events)
            .where(events.job_id == job_id, events.event_id > event_id)
            .order_by(events.event_id)
            .limit(limit)
        )
        return [
            Recorded(row.event_id, row.job_id, row.created_at, self._read(row)) for row in session.scalars(statement)
        ]

    def last_event_id(self, session: Session, job_id: int) -> int:
        """The number of the job's newest event, 0 for a job that does not exist."""
        statement = select(self._jobs.last_event_id).where(self._jobs.id == job_id)
        return session.scalars(statement).one_or_none() or 0

    def _read(self, row: Any) -> Event:
        columns = {name: getattr(row, name) for name in self._columns}
        try:
            return self._known.validate_python({**row.payload, **columns, "type": row.type})
        except ValidationError:
            return self._other.model_validate({**columns, "stored_type": row.type, "fields": row.payload})

"""Follow jobs for sockets: each socket has a place in the job's numbered events, and is sent what lies after it.

The database is looked at when a hint comes, and every `LOOK_S` in any case. Sockets are sent news at once when they
were sent none for `PACE_S`, else when that has passed. A socket that does not take what it was sent is left out until
it does, and then gets all it lacks folded together: a slow browser holds up neither the import nor other browsers, and
memory stays bounded.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import structlog
from pydantic import JsonValue

from bankimport.realtime.event_log import Recorded

log = structlog.get_logger(__name__)

PACE_S = 0.2
LOOK_S = 2.0
AT_ONCE = 500
"""Events that are read at a time."""


class News(NamedTuple):
    """A job as it is and events of it in order; `is_cut` says that older ones were left out.

    `beside_events` is what every message says of the job beside its event.
    """

    snapshot: dict[str, JsonValue]
    beside_events: dict[str, JsonValue]
    events: Sequence[Recorded[Any]]
    is_cut: bool
    last_event_id: int


class Message(NamedTuple):
    """What a socket is sent: everything up to the event `event_id`."""

    event_id: int
    body: dict[str, JsonValue]


class JobSource(Protocol):
    """Where jobs are read from. Every call may take a moment and is made in a thread."""

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        """The user's job and up to `limit` events above `after`: the oldest of them, or the newest."""

    def last_event_id(self, job_id: int) -> int:
        """The number of the job's newest event."""

    def messages(self, news: News, after: int) -> list[Message]:
        """What a socket is sent that has seen all events up to `after`."""


@dataclass(slots=True)
class _Followed:
    user_id: int
    places: dict[str, int] = field(default_factory=dict)
    """By socket the number of the newest event that it was sent."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class JobFollower:
    """All jobs that sockets of this process follow."""

    def __init__(
        self,
        source: JobSource,
        send: Callable[[str, dict[str, JsonValue]], Awaitable[None]],
        can_take: Callable[[str], bool],
    ) -> None:
        self._source = source
        self._send = send
        self._can_take = can_take
        self._jobs: dict[int, _Followed] = {}

    def follow(self, sid: str, user_id: int, job_id: int, place: int) -> None:
        """Send the socket what comes after `place`. That the job is this user's has been checked."""
        job = self._jobs.setdefault(job_id, _Followed(user_id))
        job.places[sid] = place
        job.changed.set()
        if job.task is None:
            job.task = asyncio.create_task(self._run(job_id, job))

    def leave(self, sid: str, job_id: int | None = None) -> None:
        """Follow this job no longer for the socket, or none at all."""
        for followed_id in [job_id] if job_id is not None else list(self._jobs):
            job = self._jobs.get(followed_id)
            if job is not None and job.places.pop(sid, None) is not None and not job.places:
                job.changed.set()

    def count_of(self, sid: str) -> int:
        """How many jobs the socket follows."""
        return sum(sid in job.places for job in self._jobs.values())

    def wake(self, job_id: int) -> None:
        """A hint: the job has new events."""
        if job_id in self._jobs:
            self._jobs[job_id].changed.set()

    async def _run(self, job_id: int, job: _Followed) -> None:
        while job.places:
            with suppress(TimeoutError):
                await asyncio.wait_for(job.changed.wait(), LOOK_S)
            job.changed.clear()
            try:
                looked_at = time.monotonic()
                if not await self._send_news(job_id, job):
                    continue
            except Exception as error:
                # The database may be away for a moment; sockets keep their places and get it all later.
                log.warning("realtime.unread", job_id=job_id, error=type(error).__name__)
            await asyncio.sleep(looked_at + PACE_S - time.monotonic())
        del self._jobs[job_id]

    async def _send_news(self, job_id: int, job: _Followed) -> bool:
        """Send each socket what it lacks; whether there was anything."""
        places = {sid: place for sid, place in job.places.items() if self._can_take(sid)}
        if not places:
            return False
        after = min(places.values())
        if await asyncio.to_thread(self._source.last_event_id, job_id) <= after:
            return False
        news = await asyncio.to_thread(self._source.read, job.user_id, job_id, after, AT_ONCE)
        for sid, place in places.items():
            if job.places.get(sid) != place:
                continue
            for message in self._source.messages(news, place):
                await self._send(sid, message.body)
                if sid in job.places:
                    job.places[sid] = message.event_id
        if len(news.events) == AT_ONCE:
            job.changed.set()
        return True

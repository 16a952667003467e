"""Follow jobs for sockets: each socket has a position in the job's numbered events and gets the events after it.

The database is read after each hint, and in any case every `LOOK_S`. After a quiet second the first `AT_START` news are
sent at once and later ones `PACE_S` apart; no second has more than `MOST_A_SECOND`. A socket that does not read is
skipped until it does, and then gets everything it missed in merged form. So a slow browser delays neither the import
nor other browsers, and memory use stays bounded.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import structlog
from pydantic import JsonValue

from bankimport.realtime.event_log import Recorded

log = structlog.get_logger(__name__)

PACE_S = 0.2
AT_START = 5
MOST_A_SECOND = 5
LOOK_S = 2.0
AT_ONCE = 500
"""How many events are read at once."""


class News(NamedTuple):
    """A job and its events in order; `is_cut` means that older events were left out.

    `beside_events` is what every message adds about the job.
    """

    snapshot: dict[str, JsonValue]
    beside_events: dict[str, JsonValue]
    events: Sequence[Recorded[Any]]
    is_cut: bool
    last_event_id: int


class Message(NamedTuple):
    """A message to a socket: everything up to the event `event_id`."""

    event_id: int
    body: dict[str, JsonValue]


class JobSource(Protocol):
    """Where jobs are read from. Every call may block and is made in a thread."""

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        """The user's job and up to `limit` events above `after`: the oldest of them, or the newest."""

    def last_event_id(self, job_id: int) -> int:
        """The number of the job's newest event."""

    def messages(self, news: News, after: int) -> list[Message]:
        """The messages for a socket that has received all events up to `after`."""


class Pace:
    """When the next news may be sent: times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._sent: deque[float] = deque(maxlen=MOST_A_SECOND)
        self._since_quiet = 0

    def wait(self, now: float) -> float:
        """Seconds to wait; 0 if news may be sent now."""
        recent = self._recent(now)
        if not recent or self._since_quiet < AT_START:
            return 0.0
        may_be_sent = recent[-1] + PACE_S
        if len(recent) == MOST_A_SECOND:
            may_be_sent = max(may_be_sent, recent[0] + 1)
        return max(0.0, may_be_sent - now)

    def count(self, now: float) -> None:
        """News were sent."""
        self._since_quiet = self._since_quiet + 1 if self._recent(now) else 1
        self._sent.append(now)

    def _recent(self, now: float) -> list[float]:
        return [at for at in self._sent if at > now - 1]


@dataclass(slots=True)
class _Followed:
    user_id: int
    places: dict[str, int] = field(default_factory=dict)
    """Per socket, the number of the newest event it was sent."""
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
        """Send the socket the events after `place`. The caller has checked that the job belongs to this user."""
        job = self._jobs.setdefault(job_id, _Followed(user_id))
        job.places[sid] = place
        job.changed.set()
        if job.task is None:
            job.task = asyncio.create_task(self._run(job_id, job))

    def leave(self, sid: str, job_id: int | None = None) -> None:
        """Stop following this job for the socket, or all jobs."""
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
        pace = Pace()
        while job.places:
            with suppress(TimeoutError):
                await asyncio.wait_for(job.changed.wait(), LOOK_S)
            await asyncio.sleep(pace.wait(time.monotonic()))
            job.changed.clear()
            looked_at = time.monotonic()
            try:
                if not await self._send_news(job_id, job):
                    continue
            except Exception as error:
                # The database may be unavailable for a moment; sockets keep their positions and get everything later.
                log.warning("realtime.unread", job_id=job_id, error=type(error).__name__)
            pace.count(looked_at)
        del self._jobs[job_id]

    async def _send_news(self, job_id: int, job: _Followed) -> bool:
        """Send each socket what it has not received; returns whether there was anything."""
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

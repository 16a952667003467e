"""Following a job: order, pace, and sockets that do not read."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, ClassVar

from hypothesis import given
from hypothesis import strategies as st

from bankimport.errors import BankImportError
from bankimport.realtime import watch
from bankimport.realtime.event_log import JobEvent, Recorded
from bankimport.realtime.folding import folded
from bankimport.realtime.watch import JobFollower, Message, News


class RowsSaved(JobEvent):
    """The number of rows of a thing so far."""

    is_running_total: ClassVar[bool] = True
    type: str = "rows_saved"


SAVED = RowsSaved()


class Ended(JobEvent):
    """Everything is done."""

    type: str = "ended"


class Job:
    """A job with its events in memory, and the sockets that follow it."""

    def __init__(self) -> None:
        self.events: list[Recorded[JobEvent]] = []
        self.sent: dict[str, list[dict[str, Any]]] = {}
        self.stalled: set[str] = set()
        self.is_away = False
        self.follower = JobFollower(self, self._send, lambda sid: sid not in self.stalled)

    def add(self, event: JobEvent) -> None:
        self.events.append(Recorded(len(self.events) + 1, 7, datetime(2026, 3, 1, tzinfo=UTC), event))

    def happens(self, event: JobEvent = SAVED) -> None:
        self.add(event)
        self.follower.wake(7)

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        assert (user_id, job_id) == (3, 7)
        found = [item for item in self.events if item.event_id > after][:limit]
        return News({}, {}, found, False, len(self.events))

    def last_event_id(self, job_id: int) -> int:
        if self.is_away:
            raise BankImportError("the database is away")
        return len(self.events)

    def messages(self, news: News, after: int) -> list[Message]:
        return [Message(item.event_id, item.message(first)) for first, item in folded(news.events, after)]

    async def _send(self, sid: str, message: dict[str, Any]) -> None:
        self.sent.setdefault(sid, []).append(message)

    async def until(self, sid: str, number: int) -> list[dict[str, Any]]:
        while not self.sent.get(sid) or self.sent[sid][-1]["event_id"] < number:
            await asyncio.sleep(0.01)
        return self.sent[sid]


def covered(sent: list[dict[str, Any]]) -> list[int]:
    return [number for row in sent for number in range(row["from_event_id"], row["event_id"] + 1)]


def test_many_events_at_once_become_few_messages_that_cover_them_all() -> None:
    async def follow() -> list[dict[str, Any]]:
        job = Job()
        job.follower.follow("a", 3, 7, 0)
        for _ in range(300):
            job.happens()
        job.happens(Ended())
        return await job.until("a", 301)

    sent = asyncio.run(follow())

    assert covered(sent) == list(range(1, 302))
    assert len(sent) <= 4
    assert sent[-1]["type"] == "ended"


@given(st.lists(st.floats(0, 1.5), max_size=60))
def test_the_first_news_after_a_quiet_second_are_sent_at_once_and_never_more_than_five_within_one(
    gaps: list[float],
) -> None:
    pace, now = watch.Pace(), 100.0
    sent: list[float] = []
    since_quiet = 0
    for gap in gaps:
        now += gap
        is_quiet = not sent or sent[-1] <= now - 1
        wait = pace.wait(now)
        assert wait == 0 or (since_quiet >= 5 and not is_quiet)
        assert wait <= 1
        now += wait
        since_quiet = since_quiet + 1 if sent and sent[-1] > now - 1 else 1
        pace.count(now)
        sent.append(now)
    assert all(later - earlier > 0.999 for earlier, later in zip(sent, sent[5:], strict=False))


def test_steady_news_are_sent_five_times_a_second() -> None:
    pace, now = watch.Pace(), 100.0
    sent: list[float] = []
    while now < 110:
        now += pace.wait(now) + 0.001
        pace.count(now)
        sent.append(now)
    assert 45 <= len(sent) <= 55
    assert max(later - earlier for earlier, later in pairwise(sent)) < 1.01
    assert max(later - earlier for earlier, later in pairwise(sent[5:])) < 0.25


def test_a_socket_that_does_not_read_is_sent_nothing_and_delays_nobody() -> None:
    async def follow() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        job = Job()
        job.stalled.add("slow")
        job.follower.follow("slow", 3, 7, 0)
        job.follower.follow("quick", 3, 7, 0)
        for number in range(1, 11):
            job.happens(Ended() if number == 5 else RowsSaved())
            await job.until("quick", number)
        assert "slow" not in job.sent
        job.stalled.clear()
        job.follower.wake(7)
        return await job.until("slow", 10), job.sent["quick"]

    slow, quick = asyncio.run(follow())

    assert covered(slow) == covered(quick) == list(range(1, 11))
    assert [row["type"] for row in slow] == ["ended", "rows_saved"]


def test_all_events_arrive_without_hints_and_after_a_database_outage() -> None:
    async def follow() -> list[dict[str, Any]]:
        job = Job()
        job.is_away = True
        job.follower.follow("a", 3, 7, 0)
        job.add(Ended())
        await asyncio.sleep(2 * watch.PACE_S)
        job.is_away = False
        return await job.until("a", 1)

    assert covered(asyncio.run(follow())) == [1]


def test_a_job_without_followers_is_released() -> None:
    async def follow() -> int:
        job = Job()
        job.follower.follow("a", 3, 7, 0)
        job.follower.follow("a", 3, 7, 0)
        assert job.follower.count_of("a") == 1
        job.follower.leave("a")
        job.happens()
        await asyncio.sleep(3 * watch.PACE_S)
        assert job.sent == {}
        return job.follower.count_of("a")

    assert asyncio.run(follow()) == 0

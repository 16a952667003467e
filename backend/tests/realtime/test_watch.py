"""Following a job: order, pace, and sockets that do not take what they are sent."""

import asyncio
from typing import Any

from bankimport.errors import BankImportError
from bankimport.imports.read.live import FOLDABLE
from bankimport.realtime import watch
from bankimport.realtime.folding import folded
from bankimport.realtime.watch import JobFollower, News


class Job:
    """A job whose events are in memory, and the sockets that follow it."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.sent: dict[str, list[dict[str, Any]]] = {}
        self.stalled: set[str] = set()
        self.is_away = False
        self.follower = JobFollower(self, self._send, lambda sid: sid not in self.stalled)

    def happens(self, kind: str = "batch_stored", account: str = "1") -> None:
        self.events.append({"event_id": len(self.events) + 1, "type": kind, "account_id": account})
        self.follower.wake(7)

    def read(self, user_id: int, job_id: int, after: int, limit: int, *, newest: bool = False) -> News:
        assert (user_id, job_id) == (3, 7)
        found = [event for event in self.events if event["event_id"] > after][:limit]
        return News({}, found, False, len(self.events))

    def last_event_id(self, job_id: int) -> int:
        if self.is_away:
            raise BankImportError("the database is away")
        return len(self.events)

    def messages(self, news: News, after: int) -> list[dict[str, Any]]:
        return folded(news.events, after, FOLDABLE)

    async def _send(self, sid: str, message: dict[str, Any]) -> None:
        self.sent.setdefault(sid, []).append(message)

    async def until(self, sid: str, number: int) -> list[dict[str, Any]]:
        while not self.sent.get(sid) or self.sent[sid][-1]["event_id"] < number:
            await asyncio.sleep(0.01)
        return self.sent[sid]


def covered(sent: list[dict[str, Any]]) -> list[int]:
    return [number for row in sent for number in range(row["from_event_id"], row["event_id"] + 1)]


def test_many_events_at_once_are_few_messages_that_cover_them_all() -> None:
    async def follow() -> list[dict[str, Any]]:
        job = Job()
        job.follower.follow("a", 3, 7, 0)
        for _ in range(300):
            job.happens()
        job.happens("job_finished")
        return await job.until("a", 301)

    sent = asyncio.run(follow())

    assert covered(sent) == list(range(1, 302))
    assert len(sent) <= 4
    assert sent[-1]["type"] == "job_finished"


def test_a_socket_that_takes_nothing_is_sent_nothing_and_holds_up_nobody() -> None:
    async def follow() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        job = Job()
        job.stalled.add("slow")
        job.follower.follow("slow", 3, 7, 0)
        job.follower.follow("quick", 3, 7, 0)
        for number in range(1, 11):
            job.happens("account_started" if number == 5 else "batch_stored")
            await job.until("quick", number)
        assert "slow" not in job.sent
        job.stalled.clear()
        job.follower.wake(7)
        return await job.until("slow", 10), job.sent["quick"]

    slow, quick = asyncio.run(follow())

    assert covered(slow) == covered(quick) == list(range(1, 11))
    assert [row["type"] for row in slow] == ["account_started", "batch_stored"]


def test_without_any_hint_and_after_the_database_was_away_all_arrives() -> None:
    async def follow() -> list[dict[str, Any]]:
        job = Job()
        job.is_away = True
        job.follower.follow("a", 3, 7, 0)
        job.events.append({"event_id": 1, "type": "job_started", "account_id": None})
        await asyncio.sleep(2 * watch.PACE_S)
        job.is_away = False
        return await job.until("a", 1)

    assert covered(asyncio.run(follow())) == [1]


def test_a_job_that_nobody_follows_any_more_is_let_go() -> None:
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

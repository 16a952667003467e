"""Try each delivery in a thread of its own, with one hard deadline for the whole try.

A library's timeouts apply to one read or one request, so a receiver that sends a byte a minute never exceeds them. A
thread cannot be stopped from outside. If one overruns, its try counts as failed, another try gets its place, and
`lingering()` names its channel until it ends.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import structlog

from bankimport.notifications.channels.webhooks import Outcome

log = structlog.get_logger(__name__)

TRY_WITHIN_S = 30.0

P = TypeVar("P")

_lingering: dict[int, int] = {}
_lock = threading.Lock()


def lingering() -> list[int]:
    """Channels to which a thread of this process is still sending after its deadline."""
    with _lock:
        return sorted(_lingering)


@dataclass(slots=True, eq=False)
class _Try(Generic[P]):
    parcel: P
    channel_id: int
    started: float = field(default_factory=time.monotonic)
    has_ended: bool = False
    was_given_up: bool = False


class Tries(Generic[P]):
    """Tries under way. Only the thread that made it may use it."""

    def __init__(self, send: Callable[[P], Outcome]) -> None:
        self._send = send
        self._running: list[_Try[P]] = []
        self._ended: queue.SimpleQueue[tuple[_Try[P], Outcome]] = queue.SimpleQueue()

    def __len__(self) -> int:
        return len(self._running)

    def start(self, parcel: P, channel_id: int) -> None:
        """Begin a try."""
        made = _Try(parcel, channel_id)
        self._running.append(made)
        threading.Thread(target=self._run, args=(made,), name=f"deliver to {channel_id}", daemon=True).start()

    def ended(self, wait_s: float) -> list[tuple[P, Outcome]]:
        """Wait at most so long for a try to end or to overrun; returns each with its outcome, once."""
        now = time.monotonic()
        next_deadline = min((item.started + TRY_WITHIN_S for item in self._running), default=now)
        found = []
        try:
            found.append(self._ended.get(timeout=max(0.0, min(wait_s, next_deadline - now))))
            while True:
                found.append(self._ended.get_nowait())
        except queue.Empty:
            pass
        outcomes = [(item, outcome) for item, outcome in found if item in self._running]
        for item in self._running:
            if time.monotonic() >= item.started + TRY_WITHIN_S and item not in [one for one, _ in outcomes]:
                _give_up(item)
                reason = f"it took longer than {TRY_WITHIN_S:g} seconds in all"
                outcomes.append((item, Outcome(reason, time.monotonic() - item.started, overran=True)))
        for item, _ in outcomes:
            self._running.remove(item)
        return [(item.parcel, outcome) for item, outcome in outcomes]

    def _run(self, made: _Try[P]) -> None:
        try:
            outcome = self._send(made.parcel)
        except Exception:
            log.exception("delivery.crashed", channel_id=made.channel_id)
            outcome = Outcome("internal error; see the server log", time.monotonic() - made.started)
        self._ended.put((made, outcome))
        with _lock:
            made.has_ended = True
            if made.was_given_up:
                _lingering[made.channel_id] -= 1
                if not _lingering[made.channel_id]:
                    del _lingering[made.channel_id]


def _give_up(made: "_Try[P]") -> None:
    with _lock:
        made.was_given_up = not made.has_ended
        if made.was_given_up:
            _lingering[made.channel_id] = _lingering.get(made.channel_id, 0) + 1

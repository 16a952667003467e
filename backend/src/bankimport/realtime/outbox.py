"""Send hints from a separate thread, so that no import ever waits for a broker or a browser.

The queue is bounded and keyed: a newer message replaces an older one with the same key.
"""

import functools
import threading
import time
from typing import Any, NamedTuple

import structlog

from bankimport.broker import redis_client
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

CHANNEL = "bankimport.realtime"
MOST_WAITING = 10_000
GATHER_S = 0.005
"""How long to wait for more messages with the same keys before sending."""

REST_S = 2.0
"""How long to wait after the broker was unreachable; meanwhile the newest message of each key is kept."""

REDIS_OPTIONS: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": 5, "health_check_interval": 30}


class _Message(NamedTuple):
    event: str
    payload: dict[str, Any]
    room: str | None


class Outbox:
    """The outgoing messages of this process."""

    def __init__(self, redis_url: str) -> None:
        # Loaded at the first message, so that commands that only read do not wait for it.
        from bankimport.realtime.sockets import socketio

        self._client = redis_client(redis_url, **REDIS_OPTIONS)
        # The manager changes the options that it is given.
        options = dict(REDIS_OPTIONS)
        self._manager = socketio.RedisManager(redis_url, channel=CHANNEL, write_only=True, redis_options=options)
        self._waiting: dict[str, _Message] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, key: str, event: str, payload: dict[str, Any], room: str | None) -> None:
        """Send soon; returns at once. If too many messages wait, a new key is dropped: it is only a hint."""
        with self._changed:
            if key in self._waiting or len(self._waiting) < MOST_WAITING:
                self._waiting[key] = _Message(event, payload, room)
            if self._thread is None:
                self._thread = threading.Thread(target=self._send_for_ever, name="realtime outbox", daemon=True)
                self._thread.start()
            self._changed.notify()

    def _send_for_ever(self) -> None:
        was_reachable = True
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
            time.sleep(GATHER_S)
            is_reachable = self._is_reachable()
            if is_reachable != was_reachable:
                log.warning("realtime.broker", is_reachable=is_reachable)
                was_reachable = is_reachable
            if not is_reachable:
                time.sleep(REST_S)
                continue
            with self._changed:
                messages, self._waiting = self._waiting, {}
            for message in messages.values():
                self._manager.emit(message.event, message.payload, room=message.room)

    def _is_reachable(self) -> bool:
        import redis

        try:
            return bool(self._client.ping())
        except (redis.RedisError, OSError):
            return False


@functools.cache
def outbox() -> Outbox:
    """The outbox of this process."""
    redis_url = get_settings().redis_url
    assert redis_url is not None
    return Outbox(redis_url)

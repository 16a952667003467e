"""The Socket.IO server: who is connected, who may follow what. All of it is async; threads read the database.

Clients send `subscribe_import_job {job_id, last_event_id?}` and `unsubscribe_import_job {job_id}`, and for enrichments
`subscribe_enrichment_job` and `unsubscribe_enrichment_job`. They receive `import_progress`, `enrichment_progress` and
`user_changed`. The user is taken from the session cookie or the token, never from a message.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bankimport.errors import BankImportError
from bankimport.ids import Id
from bankimport.observability.metrics import SOCKETS
from bankimport.realtime.outbox import CHANNEL, REDIS_OPTIONS
from bankimport.realtime.publish import CREDENTIALS_ENDED, ENRICHMENT_JOB, IMPORT_JOB, JOB_CHANGED, user_room
from bankimport.realtime.sockets import socketio
from bankimport.realtime.watch import AT_ONCE, JobFollower, JobSource, News
from bankimport.settings import get_settings

log = structlog.get_logger(__name__)

_Refused = socketio.exceptions.ConnectionRefusedError

NAMESPACE = "/"
_PROGRESS = {IMPORT_JOB: "import_progress", ENRICHMENT_JOB: "enrichment_progress"}
MOST_JOBS = 100
"""Maximum number of jobs that one socket follows."""

MOST_SOCKETS_OF_A_USER = 50
"""Sockets of one user in one process; each tab of the page has one."""

MOST_UNSENT = 8
"""Maximum number of packets waiting for a socket; a socket beyond that gets no more until it has read some."""

CHECK_AGAIN_S = 15
"""How often to check that connected users are still signed in; what a user ends is checked at once."""

MOST_BYTES = 10_000
"""Maximum size of a client's message in bytes; real ones have fewer than a hundred."""


class Credentials(NamedTuple):
    """A client's credentials: the session cookie, or an Authorization header."""

    cookie: str | None
    authorization: str | None


Authenticate = Callable[[Credentials], int | None]
"""The id of the user with these credentials; None if they are no longer valid. Called in a thread."""


class JobSubscription(BaseModel):
    """A client's subscription; `last_event_id` is the newest event it knows, if any."""

    model_config = ConfigDict(extra="ignore", strict=True)

    job_id: Id
    last_event_id: int | None = Field(None, ge=0, le=2**63 - 1)


class _Manager(socketio.AsyncRedisManager):  # type: ignore[misc]
    """Takes hints out of the stream between processes, and sends nothing to sockets that do not read."""

    def __init__(
        self,
        url: str,
        *,
        on_hint: Callable[[str, int], None],
        on_ended: Callable[[int], None],
        can_take: Callable[[str], bool],
    ) -> None:
        super().__init__(url, channel=CHANNEL, redis_options=REDIS_OPTIONS | {"socket_timeout": None})
        self._on_hint = on_hint
        self._on_ended = on_ended
        self._can_take = can_take

    async def _handle_emit(self, message: dict[str, Any]) -> None:
        if message["event"] == JOB_CHANGED:
            (hint,) = message["data"]
            self._on_hint(str(hint["kind"]), int(hint["job_id"]))
            return
        if message["event"] == CREDENTIALS_ENDED:
            (ended,) = message["data"]
            self._on_ended(int(ended["user_id"]))
            return
        for sid, _ in list(self.get_participants(NAMESPACE, message.get("room"))):
            if self._can_take(sid):
                await super()._handle_emit({**message, "room": sid})


class _Server(socketio.AsyncServer):  # type: ignore[misc]
    """Closes sockets of clients that send events which are ours to raise."""

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: list[Any]) -> None:
        if data[0] in self.reserved_events:
            await self.disconnect(self.manager.sid_from_eio_sid(eio_sid, namespace or NAMESPACE))
            return
        await super()._handle_event(eio_sid, namespace, id, data)


class LiveServer:
    """The sockets of one API process."""

    def __init__(self, authenticate: Authenticate, sources: Mapping[str, JobSource], session_cookie: str) -> None:
        self._authenticate = authenticate
        self._session_cookie = session_cookie
        self._sources = sources
        self._users: dict[str, tuple[int, Credentials]] = {}
        self._checking: asyncio.Task[None] | None = None
        self._checks: set[asyncio.Task[None]] = set()
        self._followers = {
            kind: JobFollower(source, partial(self._send_progress, _PROGRESS[kind]), self._can_take)
            for kind, source in sources.items()
        }
        redis_url = get_settings().redis_url
        manager = None
        if redis_url is not None:
            manager = _Manager(redis_url, on_hint=self._wake, on_ended=self._check_soon, can_take=self._can_take)
        self.sio = _Server(
            async_mode="asgi",
            client_manager=manager,
            cors_allowed_origins=_is_our_page,
            max_http_buffer_size=MOST_BYTES,
            logger=False,
            engineio_logger=False,
        )
        self.sio.on("connect", self._on_connect)
        self.sio.on("disconnect", self._on_disconnect)
        for kind in sources:
            self.sio.on(f"subscribe_{kind}", partial(self._on_subscribe, kind))
            self.sio.on(f"unsubscribe_{kind}", partial(self._on_unsubscribe, kind))

    async def _on_connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        credentials = _credentials(environ, auth, self._session_cookie)
        user_id = await asyncio.to_thread(self._authenticate, credentials)
        if user_id is None:
            raise _Refused({"code": "not_signed_in", "message": "sign in first, or send an API token"})
        if sum(other == user_id for other, _ in self._users.values()) >= MOST_SOCKETS_OF_A_USER:
            message = f"you have {MOST_SOCKETS_OF_A_USER} sockets open; close some, or let one follow several jobs"
            raise _Refused({"code": "too_many", "message": message})
        self._users[sid] = (user_id, credentials)
        SOCKETS.inc()
        await self.sio.enter_room(sid, user_room(user_id))
        if self._checking is None:
            self._checking = asyncio.create_task(self._check_for_ever())

    async def _on_disconnect(self, sid: str, *_reason: object) -> None:
        for follower in self._followers.values():
            follower.leave(sid)
        if self._users.pop(sid, None) is not None:
            SOCKETS.dec()

    async def _on_subscribe(self, kind: str, sid: str, *arguments: object) -> dict[str, Any]:
        subscription = _subscription(arguments)
        known = self._users.get(sid)
        if subscription is None or known is None:
            return {
                "ok": False,
                "code": "invalid_request",
                "message": "send {job_id, last_event_id?}: an id, and a number",
            }
        if sum(follower.count_of(sid) for follower in self._followers.values()) >= MOST_JOBS:
            message = f"a socket follows at most {MOST_JOBS} jobs; unsubscribe from some"
            return {"ok": False, "code": "too_many", "message": message}
        user_id, _ = known
        try:
            news: News = await asyncio.to_thread(
                self._sources[kind].read,
                user_id,
                subscription.job_id,
                subscription.last_event_id or 0,
                AT_ONCE,
                newest=True,
            )
        except BankImportError as error:
            return {"ok": False, "code": error.code, "message": error.message}
        except Exception as error:
            log.warning("realtime.unread", job_id=subscription.job_id, error=type(error).__name__)
            return {"ok": False, "code": "database_unreachable", "message": "try again in a moment"}
        if sid in self._users:
            self._followers[kind].follow(sid, user_id, subscription.job_id, news.last_event_id)
        events = [item.message() for item in news.events]
        return {"ok": True, "snapshot": news.snapshot, "events": events, "is_cut": news.is_cut}

    async def _on_unsubscribe(self, kind: str, sid: str, *arguments: object) -> dict[str, Any]:
        subscription = _subscription(arguments)
        if subscription is None:
            return {"ok": False, "code": "invalid_request", "message": "send {job_id}"}
        self._followers[kind].leave(sid, subscription.job_id)
        return {"ok": True}

    def _wake(self, kind: str, job_id: int) -> None:
        if kind in self._followers:
            self._followers[kind].wake(job_id)

    async def _send_progress(self, event: str, sid: str, message: dict[str, Any]) -> None:
        await self.sio.emit(event, message, to=sid, ignore_queue=True)

    def _can_take(self, sid: str) -> bool:
        socket = self.sio.eio.sockets.get(self.sio.manager.eio_sid_from_sid(sid, NAMESPACE))
        return socket is not None and socket.queue.qsize() < MOST_UNSENT

    async def _check_for_ever(self) -> None:
        while True:
            await asyncio.sleep(CHECK_AGAIN_S)
            await self._check(list(self._users))

    def _check_soon(self, user_id: int) -> None:
        """Check this user's sockets now, as something by which they were opened has ended."""
        sids = [sid for sid, (owner, _) in self._users.items() if owner == user_id]
        task = asyncio.create_task(self._check(sids))
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    async def _check(self, sids: Sequence[str]) -> None:
        """Close those of the sockets whose credentials prove their user no more."""
        for sid in sids:
            known = self._users.get(sid)
            if known is None:
                continue
            user_id, credentials = known
            try:
                still = await asyncio.to_thread(self._authenticate, credentials)
            except Exception as error:
                log.warning("realtime.unchecked", error=type(error).__name__)
                break
            if still != user_id:
                await self.sio.disconnect(sid)


def _subscription(arguments: tuple[object, ...]) -> JobSubscription | None:
    try:
        return JobSubscription.model_validate(arguments[0] if arguments else None)
    except ValidationError:
        return None


def _credentials(environ: dict[str, Any], auth: object, session_cookie: str) -> Credentials:
    """The handshake's credentials. A token may also come in Socket.IO's `auth`, because browsers send no headers."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    if authorization is None and isinstance(auth, dict) and isinstance(auth.get("token"), str):
        authorization = f"Bearer {auth['token']}"
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return Credentials(None, authorization)
    cookie = cookies.get(session_cookie)
    return Credentials(cookie.value if cookie is not None else None, authorization)


def _is_our_page(origin: str | None, environ: dict[str, Any]) -> bool:
    """Whether a browser's handshake comes from our own page; programs send no origin and are allowed."""
    if origin is None:
        return True
    host = origin.partition("://")[2]
    return origin == get_settings().browser_url or host == environ.get("HTTP_HOST")

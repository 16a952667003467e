"""Every background task, and how to request one; a message is a hint, and the database is the truth."""

import functools
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.orm import Session

from bankimport.broker import celery_settings, is_amqp, messages_at_amqp, redis_client
from bankimport.db.session import after_commit
from bankimport.observability.tracing import message_headers
from bankimport.settings import get_settings

if TYPE_CHECKING:
    from celery import Celery

log = structlog.get_logger(__name__)


class Task(StrEnum):
    """The name of every background task, as used in the queue."""

    RUN_ACCOUNT_IMPORT = "imports.run_account_import"
    RECOVER = "imports.recover"
    PURGE_EXPIRED_ANSWERS = "imports.purge_expired_answers"
    KEEP_SCHEDULES = "schedules.keep"
    WARN_OF_STALE_ACCOUNTS = "schedules.warn_of_stale_accounts"
    WARN_OF_CONSENT_ENDS = "connections.warn_of_consent_ends"
    KEEP_FRESHNESS = "proof.keep_freshness"
    RUN_ENRICHMENT = "enrichment.run"
    RECOVER_ENRICHMENT = "enrichment.recover"
    DELIVER_NOTIFICATIONS = "notifications.deliver"
    PURGE_OLD_NOTIFICATIONS = "notifications.purge_old_notifications"
    FINISH_ERASURES = "data_rights.finish_erasures"
    SEAL_STORED = "data_rights.seal_stored"


ENRICHMENT_QUEUE = "bankimport-enrichment"
QUEUES = ("bankimport", ENRICHMENT_QUEUE)
"""Every queue in the broker; every worker serves all of them."""

RECOVER_EVERY_S = 3
KEEP_FRESHNESS_EVERY_S = 15
KEEP_SCHEDULES_EVERY_S = 10
DELIVER_EVERY_S = 5
VISIBILITY_TIMEOUT_S = 3600
_TRANSPORT: dict[str, Any] = {
    "visibility_timeout": VISIBILITY_TIMEOUT_S,
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}


@functools.cache
def celery_app() -> "Celery":
    """The Celery application of this process.

    A message is acknowledged after its task has run, so a killed worker's message is delivered again; the task may then
    run twice, which the database makes harmless. Nothing is sent with a long delay, because Redis would deliver it
    again at each visibility timeout. Waiting is a row with a time, and `recover` sends it when the time has come.
    """
    # Celery and Redis are loaded at the first message: commands that only read do not wait for them.
    from celery import Celery

    url = get_settings().broker_url
    app = Celery("bankimport", set_as_current=False)
    app.conf.update(
        **(celery_settings(url, _TRANSPORT) if url else {}),
        task_default_queue="bankimport",
        task_queues={name: {"exchange": name, "routing_key": name} for name in QUEUES},
        task_routes={Task.RUN_ENRICHMENT.value: {"queue": ENRICHMENT_QUEUE, "routing_key": ENRICHMENT_QUEUE}},
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        worker_prefetch_multiplier=1,
        # Celery would change it back from a thread of a task, on a connection that its main thread reads: with RabbitMQ
        # over TLS that corrupts memory.
        worker_enable_prefetch_count_reduction=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_soft_shutdown_timeout=5.0,
        # Flower asks workers for events of their tasks while it runs; else nobody reads them.
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        beat_schedule={
            "recover": {"task": Task.RECOVER.value, "schedule": RECOVER_EVERY_S, "options": {"expires": 10}},
            "enrichment": {
                "task": Task.RECOVER_ENRICHMENT.value,
                "schedule": RECOVER_EVERY_S,
                "options": {"expires": 10},
            },
            "schedules": {
                "task": Task.KEEP_SCHEDULES.value,
                "schedule": KEEP_SCHEDULES_EVERY_S,
                "options": {"expires": 30},
            },
            # It reads every account, and what it looks for takes days.
            "stale accounts": {
                "task": Task.WARN_OF_STALE_ACCOUNTS.value,
                "schedule": 600,
                "options": {"expires": 300},
            },
            "consents": {"task": Task.WARN_OF_CONSENT_ENDS.value, "schedule": 600, "options": {"expires": 300}},
            "deliver": {
                "task": Task.DELIVER_NOTIFICATIONS.value,
                "schedule": DELIVER_EVERY_S,
                "options": {"expires": 10},
            },
            "freshness": {
                "task": Task.KEEP_FRESHNESS.value,
                "schedule": KEEP_FRESHNESS_EVERY_S,
                "options": {"expires": 30},
            },
            "old notifications": {
                "task": Task.PURGE_OLD_NOTIFICATIONS.value,
                "schedule": 3600,
                "options": {"expires": 600},
            },
            "erasures": {"task": Task.FINISH_ERASURES.value, "schedule": 600, "options": {"expires": 300}},
            "unsealed": {"task": Task.SEAL_STORED.value, "schedule": 60, "options": {"expires": 30}},
            "old bodies": {"task": Task.PURGE_EXPIRED_ANSWERS.value, "schedule": 3600, "options": {"expires": 600}},
        },
    )
    return app


def periodic_tasks() -> frozenset[str]:
    """The names of the tasks that beat sends."""
    return frozenset(entry["task"] for entry in celery_app().conf.beat_schedule.values())


def enqueue(session: Session, task: Task, **arguments: Any) -> None:
    """Send a task after this session's transaction is committed.

    If the broker cannot be reached, the hint is lost but not the work: `recover` finds it in the database.
    """
    headers = message_headers()
    after_commit(session, lambda: _send(task, arguments, headers))


def is_broker_reachable() -> bool:
    """Whether the broker answers within a few seconds."""
    from kombu.exceptions import OperationalError

    try:
        with celery_app().connection_for_read(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
            return bool(connection.connected)
    except (OperationalError, OSError):
        return False


def count_messages() -> dict[str, int] | None:
    """The number of messages in each queue of the broker; None if it cannot be reached."""
    url = get_settings().broker_url
    if url is None:
        return None
    if is_amqp(url):
        return messages_at_amqp(url, QUEUES, patience_s=3)
    import redis

    client = redis_client(url, socket_connect_timeout=3, socket_timeout=3)
    try:
        return {queue: int(client.llen(queue)) for queue in QUEUES}
    except redis.RedisError:
        return None
    finally:
        client.close()


def _send(task: Task, arguments: dict[str, Any], headers: dict[str, str]) -> None:
    from kombu.exceptions import OperationalError

    try:
        celery_app().send_task(task.value, kwargs=arguments, headers=headers, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("queue.unreachable", task=task.value, error=type(error).__name__)

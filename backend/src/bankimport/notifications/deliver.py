"""Take due deliveries under a lease, send them, and record the results.

A channel is sent one message at a time, no channel waits for another, and no user takes the places of others. A worker
that dies leaves a lease that runs out, after which the delivery is made again: at least once, never lost.
"""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.notifications import repository
from bankimport.notifications.backoff import (
    GONE,
    OVERRUNS_UNTIL_OFF,
    SWITCH_OFF_AFTER,
    is_to_be_switched_off,
    next_try,
)
from bankimport.notifications.channels import apprise_message, webhooks
from bankimport.notifications.channels.webhooks import Outcome
from bankimport.notifications.models import (
    Channel,
    ChannelType,
    Delivery,
    DeliveryState,
    DeliveryTry,
    Kind,
    Notification,
)
from bankimport.notifications.notify import notify
from bankimport.notifications.quiet import quiet_until
from bankimport.notifications.tries import Tries, lingering
from bankimport.secrets import decrypt
from bankimport.settings import get_settings

AT_THE_SAME_TIME = 8
SHARE_OF_A_USER = 3
"""Channels of one user that are sent to at the same time, by all workers."""

LOOK_AGAIN_S = 0.5
"""How often to look for newly due deliveries while tries are in progress."""

MOST_IN_A_DIGEST = 50
LEASE = timedelta(minutes=2)
"""Longer than any try takes, so that a second try begins only after the first one's worker has crashed."""

_busy = threading.Lock()


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message to a channel: one notification, or for people all notifications that are due at once."""

    channel_id: int
    channel_type: ChannelType
    address: str
    signing_secrets: list[str]
    holds: list[tuple[int, int]]
    """The delivery and its try number, for each."""
    notifications: list[Notification]


def deliver_due() -> int:
    """Send due deliveries until none is left; returns how many messages were sent.

    In each process one call works at a time, so that slow receivers never occupy all threads of a worker. The running
    call finds what another call would find, now or soon after. A place is given to the next message as soon as it is
    free.
    """
    if not _busy.acquire(blocking=False):
        return 0
    try:
        sent = 0
        tries: Tries[Parcel] = Tries(_sent)
        while True:
            for parcel in _take_due(AT_THE_SAME_TIME - len(tries)):
                tries.start(parcel, parcel.channel_id)
            if not len(tries):
                return sent
            for parcel, outcome in tries.ended(LOOK_AGAIN_S):
                _write_down(parcel, outcome)
                sent += 1
    finally:
        _busy.release()


def take_now(session: Session, channel: Channel, delivery: Delivery) -> Parcel:
    """Take a delivery made by this transaction, ignoring quiet hours, before any worker sees it; then `send` it."""
    return _parcel(session, channel, [delivery])


def send(parcel: Parcel) -> None:
    """Send what was taken, and write down how it went; the deadline is that of any try."""
    tries: Tries[Parcel] = Tries(_sent)
    tries.start(parcel, parcel.channel_id)
    while len(tries):
        for ended, outcome in tries.ended(LOOK_AGAIN_S):
            _write_down(ended, outcome)


def _take_due(places: int = AT_THE_SAME_TIME) -> list[Parcel]:
    """Take the due deliveries of up to this many channels to which nobody is sending now."""
    if places <= 0:
        return []
    with session_scope() as session:
        now = utc_now()
        parcels = []
        for channel in repository.channels_with_due(
            session, now, limit=places, share=SHARE_OF_A_USER, without=lingering()
        ):
            is_for_people = channel.type is ChannelType.APPRISE
            if channel.obeys_quiet_hours and (until := _quiet_until(session, channel)) is not None:
                repository.postpone_due(session, channel.id, now, until)
                continue
            due = repository.due_of(session, channel.id, now, MOST_IN_A_DIGEST if is_for_people else 1)
            if due:
                parcels.append(_parcel(session, channel, due))
        return parcels


def _quiet_until(session: Session, channel: Channel) -> datetime | None:
    chosen = repository.settings_of(session, channel.user_id)
    if chosen is None:
        return None
    return quiet_until(utc_now(), chosen.quiet_from, chosen.quiet_to, chosen.time_zone)


def _parcel(session: Session, channel: Channel, due: Sequence[Delivery]) -> Parcel:
    now = utc_now()
    for delivery in due:
        delivery.tries += 1
        delivery.lease_expires_at = now + LEASE
    signing_secrets = []
    if channel.secret_encrypted is not None:
        signing_secrets.append(decrypt(channel.secret_encrypted))
    if (
        channel.previous_secret_encrypted is not None
        and channel.previous_secret_until is not None
        and channel.previous_secret_until > now
    ):
        signing_secrets.append(decrypt(channel.previous_secret_encrypted))
    ids = [delivery.notification_id for delivery in due]
    notifications = session.scalars(select(Notification).where(Notification.id.in_(ids)).order_by(Notification.id))
    return Parcel(
        channel_id=channel.id,
        channel_type=channel.type,
        address=decrypt(channel.address_encrypted),
        signing_secrets=signing_secrets,
        holds=[(delivery.id, delivery.tries) for delivery in due],
        notifications=list(notifications),
    )


def _sent(parcel: Parcel) -> Outcome:
    if parcel.channel_type is ChannelType.WEBHOOK:
        (notification,) = parcel.notifications
        body = webhooks.body_of(notification.kind.value, notification.created_at, payload_of(notification))
        return webhooks.post(parcel.address, f"msg_{notification.id}", body, parcel.signing_secrets)
    return apprise_message.send(parcel.address, *message_of(parcel.notifications))


def payload_of(notification: Notification) -> dict[str, object]:
    """The `data` of a webhook's body."""
    return {
        "notification_id": notification.id,
        "title": notification.title,
        "body": notification.body,
        "url": url_of(notification),
        **notification.data,
    }


def message_of(notifications: Sequence[Notification]) -> tuple[str, str]:
    """Title and body for people; several notifications become one digest."""
    if len(notifications) == 1:
        (only,) = notifications
        return only.title, "\n".join(part for part in (only.body, url_of(only)) if part)
    lines = [f"{item.created_at:%Y-%m-%d %H:%M} UTC: {item.title}" for item in notifications]
    return f"{len(notifications)} messages from bankimport", "\n".join([*lines, get_settings().browser_url])


def url_of(notification: Notification) -> str | None:
    """The address of the page where the user can act on it."""
    return f"{get_settings().browser_url}{notification.link}" if notification.link else None


def _write_down(parcel: Parcel, outcome: Outcome) -> None:
    now = utc_now()
    with session_scope() as session:
        channel = repository.locked_channel(session, parcel.channel_id)
        if channel is None:
            return
        for delivery_id, number in parcel.holds:
            delivery = repository.locked_delivery(session, delivery_id)
            session.add(
                DeliveryTry(
                    delivery_id=delivery_id,
                    number=number,
                    tried_at=now - timedelta(seconds=outcome.elapsed_s),
                    elapsed_ms=round(outcome.elapsed_s * 1000),
                    status=outcome.status,
                    error=outcome.error,
                    in_digest_of=len(parcel.holds) if len(parcel.holds) > 1 else None,
                )
            )
            if delivery.tries == number:
                _settle(delivery, outcome)
        channel.overruns = channel.overruns + 1 if outcome.overran else 0
        if outcome.error is None:
            channel.failing_since, channel.last_delivered_at = None, now
            return
        channel.failing_since = channel.failing_since or now
        if channel.disabled_at is None and is_to_be_switched_off(
            channel.failing_since, outcome.status, channel.overruns, now
        ):
            _switch_off(session, channel, outcome)


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    now = utc_now()
    delivery.lease_expires_at = None
    if outcome.error is None:
        delivery.state, delivery.delivered_at, delivery.next_try_at = DeliveryState.DELIVERED, now, None
        return
    if delivery.state is not DeliveryState.WAITING:
        return
    chance = random.random()  # noqa: S311 - jitter, not a secret
    delivery.next_try_at = next_try(delivery.tries - delivery.tries_from, now, outcome.retry_after_s, chance)
    if delivery.next_try_at is None:
        delivery.state = DeliveryState.FAILED


def _switch_off(session: Session, channel: Channel, outcome: Outcome) -> None:
    if outcome.status == GONE:
        why = "its receiver wants no more messages"
    elif channel.overruns >= OVERRUNS_UNTIL_OFF:
        why = f"it was too slow {OVERRUNS_UNTIL_OFF} times in a row"
    else:
        why = f"it failed for {SWITCH_OFF_AFTER.days} days"
    channel.disabled_at, channel.disabled_reason = utc_now(), why
    repository.drop_waiting(session, channel.id)
    notify(
        session,
        channel.user_id,
        Kind.CHANNEL_DISABLED,
        f"channel:{channel.id}:{channel.disabled_at.isoformat()}",
        title=f"{channel.name} was switched off",
        body=f"{why[0].upper()}{why[1:]}: {outcome.error}. Fix it, switch it on again, and replay what it missed.",
        link="/notifications/settings",
        data={"channel_id": channel.id},
    )

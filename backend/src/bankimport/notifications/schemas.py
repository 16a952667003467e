"""Notifications, channels and webhooks over HTTP."""

from datetime import datetime, time
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bankimport.clock import time_zone_names
from bankimport.ids import Id
from bankimport.notifications.models import DeliveryState, Kind, NotificationSettings

Name = Annotated[str, Field(min_length=1, max_length=100)]
Address = Annotated[str, Field(min_length=1, max_length=2000)]
Kinds = Annotated[list[Kind], Field(max_length=20, description="which kinds; empty: all of them")]
Ids = Annotated[list[Id], Field(max_length=500)]


class NotificationRead(BaseModel):
    """A notification to the user."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    kind: Kind
    title: str
    body: str
    link: str | None
    data: dict[str, Any]
    read_at: datetime | None
    created_at: datetime


class NotificationList(BaseModel):
    """A page of notifications, newest first."""

    notifications: list[NotificationRead]
    unread_count: int
    next_cursor: str | None


class MarkRequest(BaseModel, extra="forbid"):
    """Mark these ids, or all up to and including one id. Notifications that arrive later stay unchanged."""

    ids: Ids | None = None
    up_to_id: Id | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "MarkRequest":
        if (self.ids is None) == (self.up_to_id is None):
            raise ValueError("give either ids or up_to_id")
        return self


class Marked(BaseModel):
    """How many notifications changed, and how many are unread now."""

    changed: int
    unread_count: int


class KindRead(BaseModel):
    """A kind that a channel can select."""

    kind: Kind
    meaning: str


class KindList(BaseModel):
    """All kinds."""

    kinds: list[KindRead]


class QuietHours(BaseModel, extra="forbid"):
    """Local times between which channels that observe quiet hours send nothing; passes midnight if from > to.

    Both empty: no quiet hours.
    """

    model_config = ConfigDict(from_attributes=True)

    quiet_from: time | None = None
    quiet_to: time | None = None
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in time_zone_names():
            raise ValueError("is not a known time zone; use for example Europe/London")
        return value

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _local(cls, value: time | None) -> time | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("must be a local time without an offset, for example 22:30")
        return value

    @model_validator(mode="after")
    def _both_or_none(self) -> "QuietHours":
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("give both quiet_from and quiet_to, or neither")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise ValueError("quiet_from and quiet_to must differ; leave both out for no quiet hours")
        return self

    @classmethod
    def of(cls, chosen: NotificationSettings | None) -> "QuietHours":
        """Quiet hours as shown to the user; none by default."""
        return cls() if chosen is None else cls.model_validate(chosen)


class ChannelRequest(BaseModel, extra="forbid"):
    """A new Apprise channel. Its address is stored encrypted and never shown again."""

    name: Name
    address: Address
    kinds: Kinds = []
    obeys_quiet_hours: bool = True


class WebhookRequest(BaseModel, extra="forbid"):
    """A new webhook."""

    name: Name
    url: Address
    kinds: Kinds = []
    obeys_quiet_hours: bool = False


class ChannelChange(BaseModel, extra="forbid"):
    """The fields to change; omitted fields stay. Switching a channel on again clears its record of failures."""

    name: Name | None = None
    address: Address | None = None
    kinds: Kinds | None = None
    obeys_quiet_hours: bool | None = None
    enabled: bool | None = None


class ChannelRead(BaseModel):
    """A channel without its secrets; `shown_as` is the part of its address that is not secret."""

    model_config = ConfigDict(from_attributes=True)

    id: Id
    name: str
    shown_as: str
    kinds: list[str]
    obeys_quiet_hours: bool
    enabled: bool
    disabled_at: datetime | None
    disabled_reason: str | None
    failing_since: datetime | None
    last_delivered_at: datetime | None
    created_at: datetime
    previous_secret_until: datetime | None = None


class ChannelList(BaseModel):
    """All channels of a user."""

    channels: list[ChannelRead]


class WebhookList(BaseModel):
    """All webhooks of a user."""

    webhooks: list[ChannelRead]


class WebhookCreated(ChannelRead):
    """A webhook with its signing secret, which is shown only now."""

    secret: str


class TryRead(BaseModel):
    """One try: its time, its duration and its result; `error` is empty on success."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    tried_at: datetime
    elapsed_ms: int
    status: int | None
    error: str | None
    in_digest_of: int | None


class DeliveryRead(BaseModel):
    """The delivery of one notification through one channel."""

    id: Id
    notification_id: Id
    kind: Kind
    title: str
    state: DeliveryState
    created_at: datetime
    delivered_at: datetime | None
    next_try_at: datetime | None
    waits_for_quiet_end: bool
    tries: list[TryRead]


class DeliveryList(BaseModel):
    """A page of a channel's delivery log, newest first."""

    deliveries: list[DeliveryRead]
    next_cursor: str | None


class ReplayRequest(BaseModel, extra="forbid"):
    """The time from which undelivered messages are sent again; with `delivered_too`, all messages."""

    since: datetime
    delivered_too: bool = False


class Replayed(BaseModel):
    """How many deliveries were queued again."""

    replayed: int

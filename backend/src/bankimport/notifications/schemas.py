"""What notifications, channels and webhooks look like over HTTP."""

from datetime import datetime, time
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bankimport.notifications.models import DeliveryState, Kind

Name = Annotated[str, Field(min_length=1, max_length=100)]
Address = Annotated[str, Field(min_length=1, max_length=2000)]
Kinds = Annotated[list[Kind], Field(max_length=20, description="which kinds; empty: all of them")]
Ids = Annotated[list[int], Field(max_length=500)]


class NotificationRead(BaseModel):
    """Something the user is told."""

    model_config = ConfigDict(from_attributes=True)

    id: int
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


class MarkRequest(BaseModel):
    """Which to mark: these, or all up to and with an id, so that one that comes meanwhile stays as it is."""

    ids: Ids | None = None
    up_to_id: int | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "MarkRequest":
        if (self.ids is None) == (self.up_to_id is None):
            raise ValueError("give either ids or up_to_id")
        return self


class Marked(BaseModel):
    """How many were changed, and how many are left unread."""

    changed: int
    unread_count: int


class KindRead(BaseModel):
    """A kind that a channel can choose."""

    kind: Kind
    meaning: str


class KindList(BaseModel):
    """All kinds."""

    kinds: list[KindRead]


class QuietHours(BaseModel):
    """Local times between which channels that obey them are silent; both empty: never. Over midnight when from > to."""

    model_config = ConfigDict(from_attributes=True)

    quiet_from: time | None = None
    quiet_to: time | None = None
    time_zone: str = "UTC"

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not a time zone; for example Europe/London")
        return value

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _local(cls, value: time | None) -> time | None:
        if value is not None and value.tzinfo is not None:
            raise ValueError("is a local time; leave the offset out, for example 22:30")
        return value

    @model_validator(mode="after")
    def _both_or_none(self) -> "QuietHours":
        if (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("give both quiet_from and quiet_to, or neither")
        if self.quiet_from is not None and self.quiet_from == self.quiet_to:
            raise ValueError("quiet_from and quiet_to are the same; leave both out for no quiet hours")
        return self


class ChannelRequest(BaseModel):
    """A new way out through an Apprise address, which is kept encrypted and never shown again."""

    name: Name
    address: Address
    kinds: Kinds = []
    obeys_quiet_hours: bool = True


class WebhookRequest(BaseModel):
    """A new webhook."""

    name: Name
    url: Address
    kinds: Kinds = []
    obeys_quiet_hours: bool = False


class ChannelChange(BaseModel):
    """What to change; what is left out stays. Switching one on again starts with a clean record."""

    name: Name | None = None
    address: Address | None = None
    kinds: Kinds | None = None
    obeys_quiet_hours: bool | None = None
    enabled: bool | None = None


class ChannelRead(BaseModel):
    """A channel without its secrets; `shown_as` names its address as far as that is no secret."""

    model_config = ConfigDict(from_attributes=True)

    id: int
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
    """A webhook with its signing secret, which is shown this once."""

    secret: str


class TryRead(BaseModel):
    """One try: when, how long, and how it ended; `error` is empty when it went well."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    tried_at: datetime
    elapsed_ms: int
    status: int | None
    error: str | None
    in_digest_of: int | None


class DeliveryRead(BaseModel):
    """One notification on its way through one channel."""

    id: int
    notification_id: int
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


class ReplayRequest(BaseModel):
    """From when on to send again what was not delivered; with `delivered_too` all of it."""

    since: datetime
    delivered_too: bool = False


class Replayed(BaseModel):
    """How many deliveries were queued again."""

    replayed: int

"""Errors of channels and deliveries."""

from bankimport.errors import BankImportError, NotFound


class ChannelNotFound(NotFound):
    """No such channel, or not this user's."""

    code = "channel_not_found"


class DeliveryNotFound(NotFound):
    """No such delivery, or not of this user's channel."""

    code = "delivery_not_found"


class TargetRefused(BankImportError):
    """The address is not allowed."""

    code = "target_refused"
    http_status = 422


class ChannelOff(BankImportError):
    """The channel is switched off."""

    code = "channel_off"
    http_status = 409

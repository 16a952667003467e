"""Notifications to users: on the page, through Apprise and by signed webhooks.

notify          store the notification and its deliveries, in its cause's transaction
deliver         take what is due, send it, note how it went
tries           tries in threads of their own, with a deadline
channels        the channels: webhooks, Apprise, allowed addresses
quiet           quiet hours; pure
backoff         when to try again; pure
trial           send a test message through a channel
log             the delivery log
retention       delete old notifications
models          notifications, channels and deliveries
repository      read and write them
errors          errors of channels and deliveries
schemas         notifications over HTTP
router          notifications over HTTP
channel_router  channels over HTTP
webhook_router  webhooks over HTTP
tasks           the background tasks
"""

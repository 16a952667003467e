"""What users are notified of: in the page, through Apprise and by signed webhooks.

notify          store the notification and its deliveries, in its cause's transaction
deliver         take what is due, send it, note how it went
channels        the channels: webhooks, Apprise, allowed addresses
quiet           quiet hours; pure
backoff         when to try again; pure
trial           try a channel out
log             what was delivered
retention       delete what is old
models          notifications, channels and deliveries
repository      read and write them
errors          what can go wrong
schemas         notifications over HTTP
router          notifications over HTTP
channel_router  channels over HTTP
webhook_router  webhooks over HTTP
tasks           the background tasks
"""

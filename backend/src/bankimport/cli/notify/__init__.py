"""Commands about notifications.

notifications  `notifications`
webhooks       `webhooks`
channels       what channels of both kinds share
"""

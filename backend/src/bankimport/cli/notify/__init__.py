"""Commands about notifications.

notifications  `notifications`
webhooks       `webhooks`
channels       commands for channels of both types
"""

"""The channels that notifications are delivered to.

channels         a user's channels: add, switch, remove
webhooks         signed webhooks
apprise_message  send one message through Apprise
targets          which addresses are allowed
"""

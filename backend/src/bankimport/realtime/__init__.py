"""Live progress over Socket.IO.

publish  announce a change after its commit
outbox   send announcements from a thread
server   the Socket.IO server: who may follow what
watch    read new events of followed jobs, and send them
folding  fold events that only move numbers
"""

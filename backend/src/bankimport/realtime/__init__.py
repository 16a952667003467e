"""Live progress over Socket.IO.

publish      announce a change after its commit
event_log    append and read the numbered events of a job
live_source  new events of a followed job
outbox       send announcements from a separate thread
sockets      python-socketio without its clients
server       the Socket.IO server: who may follow what
watch        read new events of followed jobs, and send them
folding      merge events whose numbers are running totals
"""

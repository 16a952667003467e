"""Enrichment jobs and their attempts.

jobs     create, estimate, pause, resume and cancel jobs
run      one attempt: page by page up the ladder
attempt  take a job by a lease, and check the lease at every write
writing  write decisions over rows, never over a user's edits
events   one model for each event of a job, and the log that numbers them
schemas  events over HTTP and Socket.IO
live     new events for those who watch a job
recover  take jobs back from dead workers, and resend lost messages
undo     give each row back what it had before
"""

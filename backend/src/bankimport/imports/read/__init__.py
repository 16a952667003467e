"""What a user sees of their imports.

status  one job, history and events
queue   what is queued, running, waiting, paused or recently ended
live    new events for those who watch a job
"""

"""Imports as shown to their user.

status  one job, history and events
queue   queued, running, waiting, paused and recently ended jobs
live    new events for those who follow a job
"""

"""Logs, traces, and what each process counts and says of itself.

logging  structured logs
tracing  traces across requests, tasks and calls to banks
metrics  metrics counted in this process
pulse    heartbeats of our processes
models   processes and periodic runs
"""

"""Logs, traces, and each process's own metrics and heartbeat.

logging  structured logs
tracing  traces across requests, tasks and calls to banks
metrics  metrics counted in this process
pulse    heartbeats of our processes
models   processes and periodic runs
"""

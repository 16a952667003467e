"""Logs, traces, and each process's own metrics and heartbeat.

logging  structured logs
tracing  traces across requests, tasks and calls to banks
otlp     send traces, logs and metrics to a vendor
otlp_logs  log records over OTLP
otlp_metrics  Prometheus' metrics over OTLP
metrics  metrics counted in this process
pulse    heartbeats of our processes
models   processes and periodic runs
"""

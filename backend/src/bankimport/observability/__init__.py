"""Logs, metrics, traces and health.

logging              structured logs
tracing              traces across requests, tasks and calls to banks
metrics              metrics counted in this process
family               one metric family read from the record
import_families      families about imports
enrichment_families  families about enrichment
held_families        families about what is stored
operation_families   families about processes and schedules
record_metrics       read all families from the database
facts                SQL that metrics and health share
health               is it working, and is the data fresh
pulse                signs of life of our processes
models               processes and periodic runs
"""

"""Metrics of plans: how many calls they expected, to compare with how many were made."""

from bankimport.imports.import_plan import stored_figure
from bankimport.observability.family import Family

GAUGES = (
    Family(
        "bankimport_calls_estimated_last_day",
        "Calls that the plans of the jobs that ended within a day expected, by bank.",
        ("bank",),
        f"SELECT c.bank_id, sum({stored_figure('api_calls')}) "
        "FROM truelayer_import_jobs j JOIN bank_connections c ON c.id = j.connection_id "
        "WHERE j.completed_at > :now - interval '1 day' GROUP BY 1",
    ),
)

"""Traces, logs and metrics to any vendor that takes OTLP over HTTP, as the standard variables configure.

Source: OpenTelemetry specification, "OTLP exporter configuration".
"""

import os

from prometheus_client import CollectorRegistry

from bankimport import __version__
from bankimport.observability.pulse import process_name
from bankimport.observability.tracing import send_traces

_ALL = "OTEL_EXPORTER_OTLP_ENDPOINT"


def configure_otlp(kind: str, metrics: CollectorRegistry | None = None) -> None:
    """Send this process's traces and logs, and the given metrics, if the variables name an endpoint.

    `OTEL_EXPORTER_OTLP_ENDPOINT` is for all three, `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT` and the like are for one each,
    and `OTEL_LOGS_EXPORTER=none` and the like turn one off.
    """
    signals = enabled_signals()
    if not signals:
        return
    # Loaded only if used: it is large.
    from opentelemetry.sdk.resources import Resource

    resource = Resource.create(
        {
            "service.name": f"bankimport-{kind}",
            "service.version": __version__,
            "service.instance.id": process_name(),
        }
    )
    if "TRACES" in signals:
        send_traces(resource)
    if "LOGS" in signals:
        from bankimport.observability.otlp_logs import send_logs

        send_logs(resource)
    if "METRICS" in signals and metrics is not None:
        from bankimport.observability.otlp_metrics import send_metrics

        send_metrics(resource, metrics)


def enabled_signals() -> set[str]:
    """Which of TRACES, LOGS and METRICS the variables request."""
    return {signal for signal in ("TRACES", "LOGS", "METRICS") if _is_enabled(signal)}


def _is_enabled(signal: str) -> bool:
    if os.environ.get(f"OTEL_{signal}_EXPORTER", "").strip().lower() == "none":
        return False
    return any(os.environ.get(name) for name in (_ALL, f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))

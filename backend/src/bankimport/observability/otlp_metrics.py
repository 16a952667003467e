"""Every metric over OTLP, under the names that Prometheus sees."""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import structlog
from opentelemetry.sdk.metrics import export as otel
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)

DEFAULT_INTERVAL_MS = 60_000
"""Source: OpenTelemetry specification, "Environment variable specification", OTEL_METRIC_EXPORT_INTERVAL."""


def send_metrics(resource: Resource, registry: CollectorRegistry) -> None:
    """Send all metrics of the registry at intervals, from a thread that ends with the process.

    What cannot be sent is logged and dropped: the next round has the newer values.
    """
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

    exporter = OTLPMetricExporter()
    interval_s = int(os.environ.get("OTEL_METRIC_EXPORT_INTERVAL") or DEFAULT_INTERVAL_MS) / 1000
    began_at = time.time_ns()

    def run() -> None:
        while True:
            time.sleep(interval_s)
            try:
                exporter.export(as_otlp(registry.collect(), resource, began_at, time.time_ns()))
            except (SQLAlchemyError, OSError) as error:
                log.warning("metrics.not_sent", error=type(error).__name__)

    threading.Thread(target=run, name="otlp-metrics", daemon=True).start()


def as_otlp(families: Iterable[Metric], resource: Resource, began_at: int, now: int) -> otel.MetricsData:
    """The families of Prometheus as OTLP has them.

    Times are nanoseconds since 1970. Counters count since `began_at`.
    """
    metrics = [metric for family in families if (metric := _metric(family, began_at, now)) is not None]
    scope = otel.ScopeMetrics(InstrumentationScope("bankimport"), metrics, schema_url="")
    return otel.MetricsData([otel.ResourceMetrics(resource, [scope], schema_url="")])


def _metric(family: Metric, began_at: int, now: int) -> otel.Metric | None:
    if family.type == "histogram":
        points: otel.DataT = otel.Histogram(
            _histogram_points(family.samples, began_at, now), otel.AggregationTemporality.CUMULATIVE
        )
        name = family.name
    else:
        is_counter = family.type == "counter"
        name = f"{family.name}_total" if is_counter else family.name
        numbers = [
            otel.NumberDataPoint(dict(sample.labels), began_at if is_counter else 0, now, sample.value)
            for sample in family.samples
            if sample.name == name
        ]
        if is_counter:
            points = otel.Sum(numbers, otel.AggregationTemporality.CUMULATIVE, is_monotonic=True)
        else:
            points = otel.Gauge(numbers)
    return otel.Metric(name, family.documentation, family.unit, points) if points.data_points else None


def _histogram_points(samples: list[Sample], began_at: int, now: int) -> list[otel.HistogramDataPoint]:
    buckets: dict[tuple[tuple[str, str], ...], list[tuple[float, float]]] = defaultdict(list)
    sums: dict[tuple[tuple[str, str], ...], float] = {}
    for sample in samples:
        labels = tuple(sorted((name, value) for name, value in sample.labels.items() if name != "le"))
        if sample.name.endswith("_bucket"):
            buckets[labels].append((float(sample.labels["le"]), sample.value))
        elif sample.name.endswith("_sum"):
            sums[labels] = sample.value
    points = []
    for labels, cumulative in buckets.items():
        cumulative.sort()
        below = [0.0, *(count for _, count in cumulative)]
        counts = [int(until - before) for before, until in pairwise(below)]
        bounds = [bound for bound, _ in cumulative if bound != float("inf")]
        points.append(
            otel.HistogramDataPoint(
                dict(labels),
                began_at,
                now,
                count=sum(counts),
                sum=sums.get(labels, 0.0),
                bucket_counts=counts,
                explicit_bounds=bounds,
                # Prometheus knows neither, and OTLP can leave them out.
                min=None,  # type: ignore[arg-type]
                max=None,  # type: ignore[arg-type]
            )
        )
    return points

"""Metrics and logs keep their values, names and times on their way to a vendor."""

import logging
import os
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor
from opentelemetry.sdk.metrics.export import Gauge, Histogram, Sum
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from prometheus_client import CollectorRegistry
from prometheus_client import Counter as CounterOfPrometheus
from prometheus_client import Gauge as GaugeOfPrometheus
from prometheus_client import Histogram as HistogramOfPrometheus

from bankimport.observability.otlp import enabled_signals
from bankimport.observability.otlp_logs import OtlpHandler
from bankimport.observability.otlp_metrics import as_otlp

BEGAN, NOW = 1_000, 2_000


def sent(registry: CollectorRegistry) -> dict[str, Any]:
    (resource,) = as_otlp(registry.collect(), Resource({}), BEGAN, NOW).resource_metrics
    (scope,) = resource.scope_metrics
    return {metric.name: metric.data for metric in scope.metrics}


def test_counters_are_cumulative_sums_under_the_name_that_prometheus_sees() -> None:
    registry = CollectorRegistry()
    counter = CounterOfPrometheus("rows", "Rows.", ["bank"], registry=registry)
    counter.labels("a").inc(3)
    counter.labels("b").inc()
    found = sent(registry)
    assert set(found) == {"rows_total"}
    assert isinstance(found["rows_total"], Sum)
    assert found["rows_total"].is_monotonic
    points = found["rows_total"].data_points
    assert {(point.attributes or {})["bank"]: point.value for point in points} == {"a": 3, "b": 1}
    assert {(point.start_time_unix_nano, point.time_unix_nano) for point in points} == {(BEGAN, NOW)}


def test_gauges_stay_gauges_and_empty_families_are_left_out() -> None:
    registry = CollectorRegistry()
    GaugeOfPrometheus("up", "Up.", registry=registry).set(-2.5)
    GaugeOfPrometheus("nothing", "Without a value.", ["x"], registry=registry)
    found = sent(registry)
    assert set(found) == {"up"}
    assert isinstance(found["up"], Gauge)
    assert [point.value for point in found["up"].data_points] == [-2.5]


def test_buckets_of_histograms_count_each_value_once() -> None:
    registry = CollectorRegistry()
    histogram = HistogramOfPrometheus("seconds", "Time.", ["route"], buckets=(0.1, 1, 10), registry=registry)
    for value in (0.05, 0.5, 0.6, 5, 100):
        histogram.labels("/a").observe(value)
    found = sent(registry)["seconds"]
    assert isinstance(found, Histogram)
    (point,) = found.data_points
    assert list(point.explicit_bounds) == [0.1, 1, 10]
    assert list(point.bucket_counts) == [1, 2, 1, 1]
    assert (point.count, round(point.sum, 2)) == (5, 106.15)
    assert point.attributes == {"route": "/a"}


@pytest.fixture
def exporter() -> Any:
    provider = LoggerProvider(resource=Resource({}))
    exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    logger = logging.getLogger("test.otlp")
    logger.addHandler(handler := OtlpHandler(provider))
    logger.setLevel("INFO")
    yield exporter
    logger.removeHandler(handler)


def test_a_log_record_carries_its_fields_its_traceback_and_its_trace(exporter: InMemoryLogRecordExporter) -> None:
    logger = logging.getLogger("test.otlp")
    with TracerProvider().get_tracer("test").start_as_current_span("outer") as span:
        try:
            raise ValueError("it broke")
        except ValueError:
            logger.exception({"event": "refresh.failed", "connection_id": 7, "where": ["a"], "level": "error"})
    logger.warning("said by %s", "a library")
    first, second = (row.log_record for row in exporter.get_finished_logs())
    assert first.body == "refresh.failed"
    assert first.attributes is not None
    assert first.attributes["connection_id"] == 7
    assert first.attributes["where"] == "['a']"
    assert first.attributes["exception.type"] == "ValueError"
    assert "it broke" in str(first.attributes["exception.stacktrace"])
    assert first.trace_id == span.get_span_context().trace_id
    assert (second.body, second.severity_text) == ("said by a library", "WARNING")
    assert second.trace_id == trace.INVALID_TRACE_ID


def test_what_the_exporter_itself_logs_is_not_sent(exporter: InMemoryLogRecordExporter) -> None:
    logging.getLogger("test.otlp").handle(
        logging.makeLogRecord({"name": "opentelemetry.sdk", "msg": "cannot send", "levelno": logging.WARNING})
    )
    assert exporter.get_finished_logs() == ()


@pytest.mark.parametrize(
    ("variables", "enabled"),
    [
        ({}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, set()),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, {"TRACES", "LOGS", "METRICS"}),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_LOGS_EXPORTER": "none"}, {"TRACES", "METRICS"}),
        ({"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://127.0.0.1:1/v1/metrics"}, {"METRICS"}),
    ],
)
def test_the_standard_variables_choose_what_is_sent(
    variables: dict[str, str], enabled: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in list(os.environ):
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert enabled_signals() == enabled

"""OpenTelemetry traces, from the API through the queue to the bank: on when OTEL_EXPORTER_OTLP_ENDPOINT is set.

Spans hold routes, names of tasks and endpoints, statuses and error codes, and our ids: never a path with ids of a bank,
a query, a body, a header or a token.
"""

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import Token
from typing import Any

from opentelemetry import context, trace
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

TRACER = trace.get_tracer("bankimport")
"""Does nothing until `configure_tracing` found somewhere to send to."""

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_under_way: dict[str, tuple[Span, Token[context.Context]]] = {}


def configure_tracing(kind: str) -> bool:
    """Send this process' spans to where the standard variables say; returns whether they say so.

    Source: OpenTelemetry specification, "OTLP exporter configuration"; the protocol is OTLP over HTTP.
    """
    if not any(os.environ.get(name) for name in _ENDPOINTS):
        return False
    # Loaded only where it is used: it is large.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"bankimport-{kind}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return True


def request_span(method: str) -> AbstractContextManager[Span]:
    """The span of a request that has just come in; what it leads to hangs below it."""
    return TRACER.start_as_current_span(method, kind=SpanKind.SERVER, record_exception=False)


def name_request(span: Span, method: str, route: str, status: int) -> None:
    """Say what the request was, once that is known: its route with the ids left out, and its status."""
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))


def message_headers() -> dict[str, str]:
    """What a message carries of the trace that it is sent in."""
    headers: dict[str, str] = {}
    inject(headers)
    return headers


def begin_task(task_id: str, name: str, headers: Mapping[str, Any]) -> None:
    """A task begins in this thread, sent by whoever wrote its message's headers."""
    came_from = extract({key: str(value) for key, value in headers.items() if key in ("traceparent", "tracestate")})
    span = TRACER.start_span(name, context=came_from, kind=SpanKind.CONSUMER)
    _under_way[task_id] = (span, context.attach(trace.set_span_in_context(span)))


def end_task(task_id: str, *, failed: bool) -> None:
    """The task that began under this id has ended, in the same thread."""
    found = _under_way.pop(task_id, None)
    if found is None:
        return
    span, token = found
    context.detach(token)
    if failed:
        span.set_status(Status(StatusCode.ERROR))
    span.end()


def begin_bank_call(endpoint: str, bank_id: str) -> Span:
    """A call to a bank is about to be sent."""
    attributes = {"bank.endpoint": endpoint, "bank.id": bank_id}
    return TRACER.start_span(f"bank {endpoint}", kind=SpanKind.CLIENT, attributes=attributes)


def end_bank_call(span: Span, status: int | None, error_code: str | None) -> None:
    """The call has ended, with this HTTP status, or without an answer."""
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if error_code is not None:
        span.set_status(Status(StatusCode.ERROR, error_code))
    span.end()

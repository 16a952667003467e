"""OpenTelemetry traces, from the API through the queue to the bank.

Spans contain routes, names of tasks and endpoints, statuses, error codes and our ids. They never contain a path with a
bank's ids, a query, a body, a header or a token.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from contextvars import Token
from typing import TYPE_CHECKING, Any

from opentelemetry import context, trace
from opentelemetry.propagate import extract, inject
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource

TRACER = trace.get_tracer("bankimport")
"""Does nothing until `send_traces` is called."""

_under_way: dict[str, tuple[Span, Token[context.Context]]] = {}


def send_traces(resource: "Resource") -> None:
    """Export this process's spans from now on."""
    # Loaded only if used: it is large.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def request_span(method: str) -> AbstractContextManager[Span]:
    """The span of an incoming request, the parent of everything the request causes."""
    return TRACER.start_as_current_span(method, kind=SpanKind.SERVER, record_exception=False)


def name_request(span: Span, method: str, route: str, status: int) -> None:
    """Name the request once its route and status are known; ids are left out of the route."""
    span.update_name(f"{method} {route}")
    span.set_attributes({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.set_status(Status(StatusCode.ERROR))


def message_headers() -> dict[str, str]:
    """The headers that carry the present trace in a message."""
    headers: dict[str, str] = {}
    inject(headers)
    return headers


def begin_task(task_id: str, name: str, headers: Mapping[str, Any]) -> None:
    """Start the span of a task in this thread, as a child of its sender's span."""
    came_from = extract({key: str(value) for key, value in headers.items() if key in ("traceparent", "tracestate")})
    span = TRACER.start_span(name, context=came_from, kind=SpanKind.CONSUMER)
    _under_way[task_id] = (span, context.attach(trace.set_span_in_context(span)))


def end_task(task_id: str, *, failed: bool) -> None:
    """End the span of this task, in the same thread."""
    found = _under_way.pop(task_id, None)
    if found is None:
        return
    span, token = found
    context.detach(token)
    if failed:
        span.set_status(Status(StatusCode.ERROR))
    span.end()


def begin_bank_call(endpoint: str, bank_id: str) -> Span:
    """Start the span of a call to a bank, just before it is sent."""
    attributes = {"bank.endpoint": endpoint, "bank.id": bank_id}
    return TRACER.start_span(f"bank {endpoint}", kind=SpanKind.CLIENT, attributes=attributes)


def end_bank_call(span: Span, status: int | None, error_code: str | None) -> None:
    """End the span of a call, with its HTTP status, or None without an answer."""
    if status is not None:
        span.set_attribute("http.response.status_code", status)
    if error_code is not None:
        span.set_status(Status(StatusCode.ERROR, error_code))
    span.end()

"""Describe the Socket.IO messages in the API's OpenAPI document, so that clients get types for them too.

OpenAPI does not cover sockets: the messages are schemas named by `x-socket-io`, composed of the event's position, the
event, and the state of the job.
"""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from bankimport.enrichment.run.events import EnrichmentJobEvent
from bankimport.enrichment.run.schemas import EnrichmentSnapshot
from bankimport.imports.events import ImportJobEvent
from bankimport.imports.schemas import JobSnapshot
from bankimport.realtime.event_log import EventPlace

SOCKET_MESSAGES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "import_progress": ("ImportProgress", (EventPlace, ImportJobEvent, JobSnapshot)),
    "enrichment_progress": ("EnrichmentProgress", (EventPlace, EnrichmentJobEvent, EnrichmentSnapshot)),
}
"""By Socket.IO event name: the message's schema and its parts; later parts override earlier ones."""

_REF = "#/components/schemas/{model}"


def describe_sockets(app: FastAPI) -> None:
    """Add the socket messages to the application's OpenAPI document."""
    described = app.openapi

    def with_sockets() -> dict[str, Any]:
        document = described()
        if "x-socket-io" not in document:
            _add_messages(document)
        return document

    app.openapi = with_sockets  # type: ignore[method-assign]


def _add_messages(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, parts in SOCKET_MESSAGES.values():
        adapters = [(place, "serialization", TypeAdapter(part)) for place, part in enumerate(parts)]
        made, definitions = TypeAdapter.json_schemas(adapters, ref_template=_REF)  # type: ignore[arg-type]
        for model, schema in definitions.get("$defs", {}).items():
            schemas.setdefault(model, schema)
        # Each in its own `anyOf`: generators of types then keep the union of events as a union.
        schemas[name] = {
            "title": name,
            "allOf": [{"anyOf": [made[place, "serialization"]]} for place in range(len(parts))],
        }
    document["x-socket-io"] = {
        "path": "/socket.io",
        "events": {event: {"$ref": _REF.format(model=name)} for event, (name, _) in SOCKET_MESSAGES.items()},
    }

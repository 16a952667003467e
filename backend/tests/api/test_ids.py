"""Ids are text in every answer and message, and text or numbers in every request."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from tests.support.steps.installation import openapi_document

from bankimport.errors import NotFound
from bankimport.ids import LARGEST_ID, Id, ids_as_text

ID = TypeAdapter(Id)
OTHERS = {"bank_id", "client_id", "correlation_id", "client_correlation_id", "provider_ids"}
"""Names of other parties' texts."""
EVENT_NUMBERS = {"event_id", "from_event_id", "last_event_id"}


def is_id(name: str) -> bool:
    return name in ("id", "ids") or name.endswith(("_id", "_ids"))


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    return schema if reference is None else openapi_document()["components"]["schemas"][reference.rsplit("/", 1)[1]]


def inside(schema: dict[str, Any], seen: set[str] | None = None) -> Iterator[dict[str, Any]]:
    """The schema, and all that it is made of, each named one once."""
    seen = set() if seen is None else seen
    if "$ref" in schema:
        if schema["$ref"] in seen:
            return
        seen.add(schema["$ref"])
    schema = resolved(schema)
    yield schema
    parts = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("oneOf", [])]
    parts += [*schema.get("allOf", []), *schema.get("prefixItems", [])]
    parts += [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]
    for part in parts:
        yield from inside(part, seen)


def ids_in(schemas: list[dict[str, Any]]) -> dict[str, set[str]]:
    """By `schema.field`, the JSON types that an id may have, without null."""
    found: dict[str, set[str]] = {}
    seen: set[str] = set()
    for schema in schemas:
        for part in inside(schema, seen):
            for name, field in part.get("properties", {}).items():
                if is_id(name) and name not in OTHERS | EVENT_NUMBERS:
                    parts = [item for item in inside(field) if "type" in item]
                    # A UUID has no form as a number.
                    if not any(item.get("format") == "uuid" for item in parts):
                        found[f"{part.get('title')}.{name}"] = {item["type"] for item in parts} - {"array", "null"}
    return found


def bodies(place: str) -> list[dict[str, Any]]:
    """The JSON schemas of all answers, or of all requests."""
    found = []
    for methods in openapi_document()["paths"].values():
        for operation in methods.values():
            holders = [operation.get("requestBody", {})] if place == "request" else operation["responses"].values()
            contents = [content for holder in holders for content in holder.get("content", {}).values()]
            found += [content["schema"] for content in contents if "schema" in content]
    return found


def test_every_id_of_an_answer_or_a_message_is_text() -> None:
    messages = [{"$ref": event["$ref"]} for event in openapi_document()["x-socket-io"]["events"].values()]
    found = ids_in(bodies("answer") + messages)
    assert len(found) > 100
    assert {name: types for name, types in found.items() if types != {"string"}} == {}


def test_every_id_of_a_request_may_be_text_or_a_number() -> None:
    found = ids_in(bodies("request"))
    parameters = {
        f"{path} {parameter['name']}": {item["type"] for item in inside(parameter["schema"]) if "type" in item}
        - {"null"}
        for path, methods in openapi_document()["paths"].items()
        for operation in methods.values()
        for parameter in operation.get("parameters", [])
        if is_id(parameter["name"]) and parameter["name"] not in OTHERS
    }
    assert len(found) > 15
    assert len(parameters) > 50
    assert {name: types for name, types in (found | parameters).items() if types != {"string", "integer"}} == {}


def test_no_answer_lists_whole_numbers_which_would_be_ids() -> None:
    found = {
        f"{part.get('title')}.{name}"
        for schema in bodies("answer")
        for part in inside(schema)
        for name, field in part.get("properties", {}).items()
        if field.get("type") == "array" and resolved(field["items"]).get("type") == "integer"
    }
    assert found == set()


def test_event_numbers_stay_numbers() -> None:
    schemas = openapi_document()["components"]["schemas"].values()
    found = [part["properties"][name] for part in schemas for name in EVENT_NUMBERS & set(part.get("properties", {}))]
    assert {field["type"] for field in found} == {"integer"}


@pytest.mark.parametrize(
    ("given", "read"),
    [("42", 42), (42, 42), ("0", 0), ("007", 7), (str(LARGEST_ID), LARGEST_ID), (LARGEST_ID, LARGEST_ID)],
)
def test_an_id_is_read_from_text_and_from_a_number(given: object, read: int) -> None:
    assert ID.validate_python(given) == read
    assert ID.dump_json(read) == f'"{read}"'.encode()


@pytest.mark.parametrize(
    "given",
    [
        True,
        False,
        None,
        "",
        " 7",
        "+7",
        "-7",
        "7.0",
        "1_000",
        "٧",
        "seven",
        -7,
        7.0,
        LARGEST_ID + 1,
        str(LARGEST_ID + 1),
        [7],
    ],
)
def test_what_is_not_an_id_is_refused_with_an_example(given: object) -> None:
    with pytest.raises(ValidationError, match='such as "42"'):
        ID.validate_python(given)


def test_details_of_an_error_and_data_of_a_notification_have_ids_as_text() -> None:
    assert NotFound("none", job_id=7, job_ids=[1, 2], days=3, is_new=True).details == {
        "job_id": "7",
        "job_ids": ["1", "2"],
        "days": 3,
        "is_new": True,
    }
    assert ids_as_text({"id": None, "account_id": "7", "paid": 1}) == {"id": None, "account_id": "7", "paid": 1}

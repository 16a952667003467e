"""Ids on the wire: text in every answer; text or a number in a request.

Clients must not count or calculate with an id, and JavaScript rounds numbers above 2**53. Event numbers (`event_id`,
`last_event_id`) are not ids: they have an order and no gaps, and stay numbers.
"""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

LARGEST_ID = 2**63 - 1
_MOST_DIGITS = len(str(LARGEST_ID))
_NAMES_IDS = re.compile(r"(^|_)ids?$")
_FAULT = 'an id is text of digits, as an answer of the API gives it, such as "42"'


def read_id(value: object) -> int:
    """The id that a request, a stored document or a row of the database contains.

    Raises:
        ValueError: not digits, not a whole number, or outside 0 to `LARGEST_ID`.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
        value = int(value)
    # A bool is an int in Python, but not an id.
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_ID:
        return value
    raise ValueError(_FAULT)


_TEXT = {"type": "string", "pattern": f"^[0-9]{{1,{_MOST_DIGITS}}}$"}
_NUMBER = {"type": "integer", "minimum": 0}

Id = Annotated[
    int,
    BeforeValidator(read_id),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"anyOf": [_TEXT, _NUMBER]}, mode="validation"),
    WithJsonSchema({"type": "string"}, mode="serialization"),
]
"""An id: an `int` in Python, text in JSON."""


def ids_as_text(values: Mapping[str, object]) -> dict[str, object]:
    """Values by name, with those of `id`, `…_id` and `…_ids` as text."""
    return {name: _as_text(value) if _NAMES_IDS.search(name) else value for name, value in values.items()}


def _as_text(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_as_text(item) for item in value]
    return str(value) if isinstance(value, int) else value

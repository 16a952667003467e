"""Models of stored JSON: data that does not match exactly is an error, never a silent default."""

from typing import Any

from pydantic import BaseModel, ConfigDict


def _open(schema: dict[str, Any]) -> None:
    """Let clients accept fields that are added later; only our own readers are strict."""
    schema.pop("additionalProperties", None)


class StoredModel(BaseModel):
    """A part of a JSON column. Reading rejects an unknown key, because it may be a renamed one."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        serialize_by_alias=True,
        json_schema_extra=_open,
        json_schema_serialization_defaults_required=True,
    )

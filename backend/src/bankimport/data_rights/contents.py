"""Which rows and columns are a user's own data. It follows from the tables, so that a new one cannot be forgotten."""

from sqlalchemy import Column, Table

from bankimport.db.row_security import has_owner
from bankimport.db.tables import Base
from bankimport.users.models import User

_ENCRYPTED = "_encrypted"

_HASHES = frozenset(
    {"password_hash", "token_hash", "state_hash", "confirmation_hash", "backup_hashes", "challenge_hash"}
)
"""Columns with hashes of credentials and of confirmation codes."""


def tables_of_users() -> list[Table]:
    """Every table whose rows belong to users, and that of the users; a table comes after those it refers to."""
    return [table for table in Base.metadata.sorted_tables if has_owner(table) or table.name == User.__tablename__]


def is_secret(column: "Column[object]") -> bool:
    """Whether a column contains a secret or the hash of one: a credential, not data about the user."""
    return column.name.endswith(_ENCRYPTED) or column.name in _HASHES


def sentence_of(table: Table) -> str:
    """A sentence that describes the table's rows: the first one of its model's docstring."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is table:
            return " ".join((mapper.class_.__doc__ or "").split("\n\n")[0].split())
    return ""

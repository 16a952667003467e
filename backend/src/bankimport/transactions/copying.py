"""Copy rows into a table by the text format of PostgreSQL's COPY."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

NULL = "\\N"
"""The field of a value that is absent."""

ROWS_AT_ONCE = 500
"""Rows that are written as text, and sent, at a time."""

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def copy_rows(cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows to a table, their values in the order of `columns`."""
    texts = (copy_text(rows[first : first + ROWS_AT_ONCE]) for first in range(0, len(rows), ROWS_AT_ONCE))
    _copy(cursor, table, columns, texts)


def copy_lines(cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    """Append rows that are written as lines of COPY's text format already, without their ends."""
    parts = (lines[first : first + ROWS_AT_ONCE] for first in range(0, len(lines), ROWS_AT_ONCE))
    _copy(cursor, table, columns, ("\n".join([*part, ""]).encode() for part in parts))


def _copy(cursor: psycopg.Cursor[Any], table: str, columns: Sequence[str], texts: Iterable[bytes]) -> None:
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names(columns))) as copy:
        for text in texts:
            copy.write(text)


def names(columns: Iterable[str]) -> sql.Composed:
    """The columns' names with commas between them."""
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def copy_text(rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows as lines of COPY's text format, in UTF-8; a line for each, values in its order.

    Raises:
        TypeError: a value is of a type that no column has.
    """
    writers = _WRITERS
    lines = ["\t".join([writers[type(value)](value) for value in row]) for row in rows]
    lines.append("")
    return "\n".join(lines).encode()


def text_field(value: str) -> str:
    """A text as COPY's text format has it."""
    return str(value) if value.isprintable() and "\\" not in value else value.translate(_ESCAPED)


def array_field(value: Sequence[str]) -> str:
    """An array of texts as COPY's text format has it."""
    if not value:
        return "{}"
    return text_field('{"' + '","'.join([item.translate(_QUOTED) for item in value]) + '"}')


def _json(value: Jsonb) -> str:
    written = (value.dumps or json.dumps)(value.obj)
    return text_field(written.decode() if isinstance(written, bytes) else written)


class _Writers(dict[type, Callable[[Any], str]]):
    """How a value of each type is written; a subclass, such as that of a word from an enum, as its base."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        for base in kind.__mro__[1:]:
            if base in self:
                self[kind] = self[base]
                return self[base]
        raise TypeError(f"no column holds a {kind.__name__}")


_WRITERS = _Writers(
    {
        type(None): lambda _: NULL,
        bool: lambda value: "t" if value else "f",
        bytes: lambda value: "\\\\x" + value.hex(),
        date: date.isoformat,
        datetime: datetime.isoformat,
        Decimal: str,
        int: str,
        Jsonb: _json,
        list: array_field,
        str: text_field,
    }
)

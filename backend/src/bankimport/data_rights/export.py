"""One zip with all data of a user: a file of JSON lines for each table, and a README. It is made while it is read."""

import base64
import json
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

import zstandard
from sqlalchemy import Column, ColumnElement, LargeBinary, Numeric, Table, Text, cast, func, select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountJoin
from bankimport.accounts.numbers import KIND, read_numbers
from bankimport.data_rights.contents import is_secret, sentence_of, tables_of_users
from bankimport.db.row_security import rows_of
from bankimport.imports.answers.raw import kind_of_body
from bankimport.imports.changes.continuation_undo import opened_state
from bankimport.imports.models import REJECTED, RawResponse, RejectedRow
from bankimport.users.models import User
from bankimport.vault.keys import plain_of
from bankimport.vault.models import UserKey

README = "README.txt"
ROWS_AT_A_TIME = 500
SEALED_AT_A_TIME = 20
PIECE_BYTES = 64 * 1024

_HEAD = """\
Everything that bankimport stores about {email}, as it was on {at:%Y-%m-%d at %H:%M:%S} UTC.

Each file has one JSON object per line: one row of a table, by its primary key. Amounts are text, so that no program
rounds them. Times have their offset from UTC. Binary values are hexadecimal. What is stored encrypted under your key,
as account numbers and what banks sent, is decrypted here. The field `body` of raw_responses is what
the bank sent, or is absent once it was deleted after its retention time.

Left out are secrets, which open something and say nothing about you: passwords, tokens of banks and of programs,
addresses and keys of notification channels, and their hashes.

"""


class _Pieces:
    """What a zip file is written to: it gives back what it got since the last time."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None:
        """Nothing waits elsewhere."""

    def taken(self, at_least: int = 1) -> Iterator[bytes]:
        """What has gathered, once it is so many bytes."""
        if len(self._waiting) >= at_least:
            yield bytes(self._waiting)
            self._waiting.clear()


def zip_pieces(session: Session, user_id: int, at: datetime) -> Generator[bytes]:
    """The zip in pieces. `session` shows one moment, `at`, and stays open until the last piece is read."""
    email = session.get_one(User, user_id).email
    pieces = _Pieces()
    readme = [_HEAD.format(email=email, at=at)]
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as pack:  # type: ignore[call-overload]
        for table in tables_of_users():
            info = _member(f"{table.name}.jsonl", at)
            count = 0
            with pack.open(info, "w", force_zip64=True) as member, closing(_lines(session, table, user_id)) as lines:
                for line in lines:
                    member.write(line.encode() + b"\n")
                    count += 1
                    yield from pieces.taken(PIECE_BYTES)
            readme.append(f"{info.filename}: {count} rows. {sentence_of(table)}\n")
        pack.writestr(_member(README, at), "".join(readme))
    yield from pieces.taken()


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, at.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _lines(session: Session, table: Table, user_id: int) -> Generator[str]:
    """The user's rows of a table as JSON, which PostgreSQL writes faster than Python does."""
    rows = select(*_exported_columns(table)).where(rows_of(table, user_id)).subquery("row")
    order = [rows.c[column.name] for column in table.primary_key.columns]
    statement = select(cast(func.row_to_json(rows.table_valued()), Text)).order_by(*order)
    sealed = _SEALED.get(table.name)
    if sealed is None:
        yield from session.execute(statement, execution_options={"yield_per": ROWS_AT_A_TIME}).scalars()
        return
    key = session.scalar(select(UserKey.key_encrypted).where(UserKey.user_id == user_id))

    def plain(stored: bytes, kind: str) -> bytes:
        return plain_of(user_id, key, stored, kind)

    with_sealed = statement.add_columns(*(table.c[name] for name in sealed.columns))
    with_sealed = with_sealed.join(table, table.c.id == rows.c.id)
    for line, *values in session.execute(with_sealed, execution_options={"yield_per": SEALED_AT_A_TIME}):
        yield json.dumps({**json.loads(line), **sealed.read(plain, *values)}, ensure_ascii=False)


def _exported_columns(table: Table) -> Iterator[ColumnElement[Any]]:
    for column in table.columns:
        if is_secret(column) or _is_read_apart(column):
            continue
        if isinstance(column.type, LargeBinary):
            yield func.encode(column, "hex").label(column.name)
        elif isinstance(column.type, Numeric):
            yield cast(column, Text).label(column.name)
        else:
            yield column


_Plain = Callable[[bytes, str], bytes]
"""The plain form of a stored value of a kind."""


class _Sealed(NamedTuple):
    """What is read apart of a table with sealed values: a column, others that opening it needs, and how to read it."""

    columns: tuple[str, ...]
    read: Callable[..., dict[str, Any]]


def _read_body(plain: _Plain, body: bytes | None, sha256: bytes) -> dict[str, str]:
    if body is None:
        return {}
    sent = zstandard.ZstdDecompressor().decompress(plain(body, kind_of_body(sha256)))
    try:
        return {"body": sent.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(sent).decode()}


def _read_rejected(plain: _Plain, raw: bytes) -> dict[str, str]:
    return {"raw": plain(raw, REJECTED).hex()}


def _read_numbers(plain: _Plain, numbers: bytes | None) -> dict[str, str | None]:
    return {} if numbers is None else asdict(read_numbers(plain(numbers, KIND)))


def _read_state(plain: _Plain, before: dict[str, Any]) -> dict[str, Any]:
    return {"before": opened_state(plain, before)}


_SEALED = {
    RawResponse.__tablename__: _Sealed(("body", "sha256"), _read_body),
    RejectedRow.__tablename__: _Sealed(("raw",), _read_rejected),
    Account.__tablename__: _Sealed(("numbers_sealed",), _read_numbers),
    AccountJoin.__tablename__: _Sealed(("before",), _read_state),
}


def _is_read_apart(column: "Column[Any]") -> bool:
    sealed = _SEALED.get(column.table.name)
    return sealed is not None and column.name == sealed.columns[0]

"""Encrypt every stored secret again under the newest key, a few rows at a time, while everything runs."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import Column, Connection, Table, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.db.tables import Base
from bankimport.maintenance.errors import KeysMissing, StillRunning
from bankimport.observability.models import RunningProcess
from bankimport.observability.pulse import is_alive
from bankimport.secrets import cipher_of, key_id

ENCRYPTED = "_encrypted"
"""How the name of every column ends that holds what `secrets.encrypt` returned."""

UNREADABLE = "unreadable"
ROWS_AT_A_TIME = 100
PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Stored:
    """How many values of a column are encrypted with a key, by its id, or `UNREADABLE` with none of our keys."""

    table: str
    column: str
    key: str
    values: int


def encrypted_columns() -> list[Column[bytes]]:
    """Every column that holds encrypted values, table by table."""
    return [
        column
        for table in sorted(Base.metadata.tables.values(), key=lambda table: table.name)
        for column in table.columns
        if column.name.endswith(ENCRYPTED)
    ]


def survey(reader: Connection, keys: Sequence[str]) -> list[Stored]:
    """Under which of the keys each stored value is encrypted; columns without values are left out."""
    columns: list[Stored] = []
    for column in encrypted_columns():
        statement = select(column).where(column.is_not(None)).execution_options(yield_per=ROWS_AT_A_TIME)
        counted = Counter(_key_of(value, keys) for (value,) in reader.execute(statement))
        columns += [Stored(column.table.name, column.name, key, count) for key, count in sorted(counted.items())]
    return columns


def check_readable(reader: Connection, keys: Sequence[str]) -> None:
    """See that the keys decrypt everything.

    Raises:
        KeysMissing: they do not.
    """
    lost = [stored for stored in survey(reader, keys) if stored.key == UNREADABLE]
    if lost:
        places = ", ".join(f"{stored.values} of {stored.table}.{stored.column}" for stored in lost)
        raise KeysMissing(
            f"none of the keys here decrypts {places}; set BANKIMPORT_SECRET_KEYS, or BANKIMPORT_HOME with its key "
            "file, as the running processes have it"
        )


def check_processes(session: Session, newest: str) -> None:
    """See that every process that runs can decrypt what the newest key encrypts.

    Raises:
        StillRunning: one cannot, or is too old to say so.
    """
    living = session.scalars(select(RunningProcess).where(is_alive(utc_now())).order_by(RunningProcess.name))
    without = [f"{process.kind} {process.name}" for process in living if key_id(newest) not in process.key_ids]
    if without:
        raise StillRunning(
            f"these processes do not have the key {key_id(newest)} yet: {', '.join(without)}; "
            "restart them with the new list of keys, wait half a minute, and run this again"
        )


def rotate(keys: Sequence[str], *, patience_s: float) -> Iterator[int]:
    """Encrypt under the first key whatever is under another; yields the number of values so far, batch by batch.

    Each batch commits, so one that is stopped resumes when it is run again. Rows that somebody else holds are skipped
    and looked at again until nothing is left or `patience_s` seconds passed. Unreadable values stay as they are.
    """
    changed = 0
    give_up_at = time.monotonic() + patience_s
    while True:
        for table, columns in _by_table():
            for count in _pass_over(table, columns, keys):
                changed += count
                yield changed
        with session_scope() as session:
            left = old_values(survey(session.connection(), keys), keys)
        if not left or time.monotonic() > give_up_at:
            return
        time.sleep(PAUSE_S)


def old_values(columns: Sequence[Stored], keys: Sequence[str]) -> int:
    """How many values are under one of the keys that is not the first."""
    return sum(stored.values for stored in columns if stored.key not in (UNREADABLE, key_id(keys[0])))


def _by_table() -> list[tuple[Table, list[Column[bytes]]]]:
    by_table: dict[Table, list[Column[bytes]]] = {}
    for column in encrypted_columns():
        assert isinstance(column.table, Table)
        by_table.setdefault(column.table, []).append(column)
    return list(by_table.items())


def _pass_over(table: Table, columns: list[Column[bytes]], keys: Sequence[str]) -> Iterator[int]:
    """Go through a table once, in the order of its primary key."""
    primary = list(table.primary_key.columns)
    after: tuple[object, ...] | None = None
    while True:
        with session_scope() as session:
            statement = select(*primary, *columns).where(or_(*(column.is_not(None) for column in columns)))
            if after is not None:
                statement = statement.where(tuple_(*primary) > tuple_(*after))
            # A row that is held, as a connection's is while its token is refreshed, is taken in a later pass.
            statement = statement.order_by(*primary).limit(ROWS_AT_A_TIME).with_for_update(skip_locked=True)
            rows = session.execute(statement).all()
            count = 0
            for row in rows:
                fresh = {
                    column: cipher_of(tuple(keys)).rotate(value)
                    for column, value in zip(columns, row[len(primary) :], strict=True)
                    if value is not None and _key_of(value, keys) not in (UNREADABLE, key_id(keys[0]))
                }
                if fresh:
                    this_row = and_(*(part == row[number] for number, part in enumerate(primary)))
                    session.execute(update(table).where(this_row).values(fresh))
                    count += len(fresh)
        if not rows:
            return
        after = tuple(rows[-1][: len(primary)])
        if count:
            yield count


def _key_of(value: bytes, keys: Sequence[str]) -> str:
    for key in keys:
        try:
            Fernet(key).decrypt(value)
        except InvalidToken:
            continue
        return key_id(key)
    return UNREADABLE

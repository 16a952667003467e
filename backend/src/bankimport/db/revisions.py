"""Which migrations this version has, and whether a database has them, without loading Alembic.

A process that serves asks this often and never migrates.
"""

import functools
import re
from pathlib import Path

from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).parent / "migrations"

SQUASHED = {
    "996a09da904c",
    "5d1f7c20b3a4",
    "7a4be09c61d2",
    "9c3d52e8f015",
    "b86e1d4f7a30",
    "5b7d20f4ce18",
    "a1e4c7f20b36",
    "b7d30c5e9a14",
    "7c41e9d2b0a6",
    "a3f0c61b7d28",
    "e71c40b9d3a5",
    "c2a94e7b15f8",
    "5b0d9e3f7a14",
    "5b8f2e71c9d4",
    "b6d1e0a94c37",
    "d20f7b58e1c6",
    "5d0a7be1c942",
    "f4b81d6c02a9",
    "9b1f0c77d2e4",
    "c81e5f20b3a7",
    "a61c0e94d7b3",
    "b92f4d17e6c8",
    "c7d05a82b3f1",
    "d18e63c9f5a4",
}
"""Migrations of the time before the first release that are now part of others."""

_OWN = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_BEFORE = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)


@functools.cache
def earlier_revisions() -> frozenset[str]:
    """Every migration of this version but the newest, and those that are now part of others."""
    texts = [path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")]
    chain = {_found(_OWN, written): _found(_BEFORE, written) for written in texts}
    return frozenset(before for before in chain.values() if before is not None) | SQUASHED


def _found(pattern: re.Pattern[str], written: str) -> str | None:
    match = pattern.search(written)
    if match is None:
        raise ValueError(f"a migration lacks a line like {pattern.pattern}")
    return match[1]


def is_migrated(connection: Connection) -> bool:
    """Whether every migration of this version is applied; those of a newer version, which adds to it, may be too.

    So an old process still serves while an upgrade replaces one after another.
    """
    if connection.scalar(text("SELECT to_regclass('alembic_version')")) is None:
        return False
    applied = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return bool(applied) and earlier_revisions().isdisjoint(applied)

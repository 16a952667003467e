"""Which migrations this version has, and whether a database has them, without loading Alembic.

A process that serves asks this often and never migrates.
"""

import functools
import re
from pathlib import Path

from sqlalchemy import Connection, text

MIGRATIONS = Path(__file__).parent / "migrations"

LAST_WITH = {
    "0ff2342": {
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
    },
    "b4eae2d": {
        "1f6d0c27a9e3",
        "2c84e1b95d07",
        "3ad9527f60c8",
        "4be17038c2d6",
        "57f0a46e8b12",
        "69c2f58d13ab",
        "b6c03f8a7d15",
        "e4b91d70a6c8",
        "c41d7a90e2b8",
        "7d20b9e4c6f1",
        "9a35c7e1f084",
        "d58a0be4c317",
        "a4e1c97b30d2",
        "3e9b6f20c7d4",
        "5d0e8c72ab19",
        "c58e2f19a7d4",
        "e90b4d17c62f",
        "7b1f4ed9036c",
        "4c7d0f8e21ab",
        "b27c05d9f418",
        "5e08c1f7a9d3",
    },
}
"""Migrations of the time before the first release that are now part of others, by the last commit that had them."""

SQUASHED = frozenset[str]().union(*LAST_WITH.values())
"""All of these."""

_OWN = re.compile(r'^revision = "(\w+)"$', re.MULTILINE)
_BEFORE = re.compile(r'^down_revision = (?:"(\w+)"|None)$', re.MULTILINE)


@functools.cache
def earlier_revisions() -> frozenset[str]:
    """Every migration of this version but the newest, and those that are now part of others."""
    texts = [path.read_text() for path in (MIGRATIONS / "versions").glob("*.py")]
    chain = {_match(_OWN, written): _match(_BEFORE, written) for written in texts}
    return frozenset(before for before in chain.values() if before is not None) | SQUASHED


def _match(pattern: re.Pattern[str], written: str) -> str | None:
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

"""correct the figures of windows stored in batches.

A window that was stored in several batches kept only what its last batch counted, and lost the number of rows in its
answer and of its fetches. All three are counted again from the stored answer; a window whose answer is no longer stored
keeps its figures.
"""

import json
import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "c2a94e7b15f8"
down_revision = "e71c40b9d3a5"
branch_labels = None
depends_on = None

NEXT = """
    SELECT w.id, w.window_from, w.window_to, coalesce(c.time_zone, 'UTC') AS zone, r.body, r.size_bytes,
        coalesce((SELECT array_agg(j.raw_position) FROM rejected_rows j WHERE j.raw_response_id = r.id), '{}')
            AS rejected
    FROM import_windows w
    JOIN raw_responses r ON r.id = w.raw_response_id
    JOIN truelayer_import_jobs i ON i.id = r.job_id
    LEFT JOIN bank_connections c ON c.id = i.connection_id
    WHERE w.id > :after AND w.state IN ('completed', 'undone') AND r.body IS NOT NULL
    ORDER BY w.id LIMIT 1
"""

COUNTED = """
    UPDATE import_windows SET rows_in_answer = :in_answer, rows_in_window = :in_window WHERE id = :id
"""

FETCHES = """
    UPDATE import_windows w SET fetches = f.fetches
    FROM (SELECT window_id, count(*) AS fetches FROM raw_responses WHERE window_id IS NOT NULL GROUP BY window_id) f
    WHERE f.window_id = w.id AND w.fetches < f.fetches
"""

TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?"
    r"(Z|z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        bind = op.get_bind()
        bind.execute(sa.text(FETCHES))
        after = 0
        while window := bind.execute(sa.text(NEXT), {"after": after}).one_or_none():
            after = window.id
            results = results_of(window.body, window.size_bytes)
            if results is None:
                continue
            zone, rejected = ZoneInfo(window.zone), set(window.rejected)
            taken = (row for position, row in enumerate(results) if position not in rejected)
            in_window = sum(is_within(row, zone, window.window_from, window.window_to) for row in taken)
            values = {"id": window.id, "in_answer": len(results), "in_window": in_window}
            bind.execute(sa.text(COUNTED), values)


def results_of(body: bytes, size: int) -> list[Any] | None:
    try:
        answer = json.loads(zstandard.ZstdDecompressor().decompress(body, max_output_size=max(1, size)))
    except (ValueError, RecursionError, zstandard.ZstdError):
        return None
    results = answer.get("results") if isinstance(answer, dict) else None
    return results if isinstance(results, list) else None


def is_within(row: Any, zone: ZoneInfo, first: date, last: date) -> bool:
    day = day_of(row.get("timestamp"), zone) if isinstance(row, dict) else None
    return day is not None and first <= day <= last


def day_of(written: Any, zone: ZoneInfo) -> date | None:
    match = TIMESTAMP.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        return None
    hour, minute, second = (int(match[group] or 0) for group in (4, 5, 6))
    try:
        moment = datetime(int(match[1]), int(match[2]), int(match[3]), hour, minute, second, 0, offset_of(match[8]))
    except ValueError:
        return None
    if not (hour or minute or second or int(match[7] or 0)):
        return moment.date()
    return moment.astimezone(zone).date()


def offset_of(suffix: str | None) -> timezone:
    if suffix is None or suffix in "Zz":
        return UTC
    digits = suffix[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if suffix[0] == "-" else offset)


def downgrade() -> None:
    """Right figures stay right."""

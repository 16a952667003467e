"""Write decisions to rows, never over a user's edits; record each change and the origin of each value."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import sql
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.db.session import bulk_cursor
from bankimport.enrichment.ladder.ladder import Decision
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.run.attempt import Attempt
from bankimport.enrichment.run.deciding import Decided

_OF_DECISION = {
    "merchant_key": "text",
    "direction": "text",
    "merchant_source": "text",
    "merchant_confidence": "float8",
    "merchant_reason": "text",
    "merchant_rule_id": "bigint",
    "category_source": "text",
    "category_confidence": "float8",
    "category_reason": "text",
    "category_rule_id": "bigint",
    "model": "text",
    "prompt_version": "text",
}
"""The fields of a decision that are stored as the origin of a row's values."""

_WRITE = """
WITH decided AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(decisions)s::jsonb) AS d (place int, merchant text, category text, {typed})
), given AS MATERIALIZED (
    SELECT t.id, t.ctid AS address, t.merchant AS old_merchant, t.merchant_source AS old_merchant_source,
        t.category AS old_category, t.category_source AS old_category_source, d.*,
        d.merchant IS NOT NULL AND t.merchant_source IS DISTINCT FROM 'user'
            AND (t.merchant, t.merchant_source) IS DISTINCT FROM (d.merchant, d.merchant_source) AS sets_merchant,
        d.category IS NOT NULL AND t.category_source IS DISTINCT FROM 'user'
            AND (t.category, t.category_source) IS DISTINCT FROM (d.category, d.category_source) AS sets_category
    FROM unnest(%(ids)s::bigint[], %(places)s::int[]) AS r (id, place)
    JOIN decided d ON d.place = r.place
    JOIN transactions t ON t.id = r.id AND t.id = ANY (%(ids)s::bigint[])
    WHERE t.user_id = %(user_id)s AND t.removed_at IS NULL
), labelled AS (
    UPDATE transactions t SET
        merchant = CASE WHEN sets_merchant THEN g.merchant ELSE old_merchant END,
        merchant_source = CASE WHEN sets_merchant THEN g.merchant_source ELSE old_merchant_source END,
        category = CASE WHEN sets_category THEN g.category ELSE old_category END,
        category_source = CASE WHEN sets_category THEN g.category_source ELSE old_category_source END
    FROM given g
    WHERE t.ctid = g.address AND (sets_merchant OR sets_category)
), changed AS (
    INSERT INTO transaction_changes (transaction_id, kind, before, after, enrichment_job_id, created_at)
    SELECT id, 'enriched',
        CASE WHEN sets_merchant
            THEN jsonb_build_object('merchant', old_merchant, 'merchant_source', old_merchant_source)
            ELSE '{{}}' END
        || CASE WHEN sets_category
            THEN jsonb_build_object('category', old_category, 'category_source', old_category_source)
            ELSE '{{}}' END,
        CASE WHEN sets_merchant
            THEN jsonb_build_object('merchant', merchant, 'merchant_source', merchant_source) ELSE '{{}}' END
        || CASE WHEN sets_category
            THEN jsonb_build_object('category', category, 'category_source', category_source) ELSE '{{}}' END,
        %(job_id)s, %(now)s
    FROM given WHERE sets_merchant OR sets_category ORDER BY id
), explained AS (
    INSERT INTO transaction_enrichments (transaction_id, user_id, job_id, enriched_at, {columns})
    SELECT id, %(user_id)s, %(job_id)s, %(now)s, {columns} FROM given ORDER BY id
    ON CONFLICT (transaction_id) DO UPDATE SET job_id = excluded.job_id, enriched_at = excluded.enriched_at, {kept}
)
SELECT count(*) FROM given
WHERE sets_merchant AND merchant IS DISTINCT FROM old_merchant
    OR sets_category AND category IS DISTINCT FROM old_category
"""
"""One statement for all rows. A change has both a value and its source or neither, so that a change alone shows what
the bank had reported. The rows are locked, so they are still where `given` found them: looked up by their ids again,
each of them could be compared with all ids, because PostgreSQL does not know how many rows `given` has."""


def write_decisions(session: Session, attempt: Attempt, rows: Sequence[RowToEnrich], decided: Decided) -> int:
    """Write the values that differ to the rows, which this transaction has locked; removed ones are left out.

    Returns how many rows got another merchant or category; a value that only has a new source is not counted.
    """
    decisions = [
        _stored(place, example, decision)
        for place, (example, decision) in enumerate(zip(decided.examples, decided.decisions, strict=True))
    ]
    names = list(map(sql.Identifier, _OF_DECISION))
    statement = sql.SQL(_WRITE).format(
        typed=sql.SQL(", ").join(
            sql.SQL("{} {}").format(name, sql.SQL(kind))
            for name, kind in zip(names, _OF_DECISION.values(), strict=True)
        ),
        columns=sql.SQL(", ").join(names),
        kept=sql.SQL(", ").join(sql.SQL("{0} = excluded.{0}").format(name) for name in names),
    )
    values: dict[str, int | str | datetime] = {
        "user_id": attempt.user_id,
        "job_id": attempt.job_id,
        "now": utc_now(),
        "ids": _array([row.id for row in rows]),
        "places": _array(decided.places),
        "decisions": json.dumps(decisions),
    }
    with bulk_cursor(session) as cursor:
        # Planned for these rows: a plan for any number of them might compare each row with each decision.
        cursor.execute(statement, values, prepare=False)
        (changed,) = cursor.fetchone() or (0,)
    return int(changed)


def _array(numbers: Sequence[int]) -> str:
    return f"{{{','.join(map(str, numbers))}}}"


def _stored(place: int, row: RowToEnrich, decision: Decision) -> dict[str, Any]:
    merchant, category, cached = decision.merchant, decision.category, decision.cached
    return {
        "place": place,
        "merchant_key": row.key,
        "direction": row.direction.value,
        "merchant": merchant.value if merchant else None,
        "merchant_source": merchant.source.value if merchant else None,
        "merchant_confidence": merchant.confidence if merchant else None,
        "merchant_reason": merchant.reason if merchant else None,
        "merchant_rule_id": merchant.rule_id if merchant else None,
        "category": category.value if category else None,
        "category_source": category.source.value if category else None,
        "category_confidence": category.confidence if category else None,
        "category_reason": category.reason if category else None,
        "category_rule_id": category.rule_id if category else None,
        "model": cached.model if cached else None,
        "prompt_version": cached.prompt_version if cached else None,
    }

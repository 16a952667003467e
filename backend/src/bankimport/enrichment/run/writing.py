"""Write decisions to rows, never over a user's edits; record each change and the origin of each value."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.ladder.ladder import Decision, Said
from bankimport.enrichment.models import Enriched, EnrichmentJob
from bankimport.enrichment.rows import RowToEnrich, Source
from bankimport.transactions.models import ChangeKind, Transaction
from bankimport.transactions.repository import Change, insert_changes


def write_decisions(
    session: Session,
    job: EnrichmentJob,
    rows: Mapping[int, Transaction],
    items: Sequence[RowToEnrich],
    decisions: Mapping[int, Decision],
) -> int:
    """Write the values that differ to the locked `rows`; rows removed in the meantime are left out.

    Returns how many rows got another merchant or category; a value that only has a new source is not counted.
    """
    changed = 0
    updates: list[dict[str, Any]] = []
    changes: list[Change] = []
    origins: list[dict[str, Any]] = []
    for item in items:
        row, decision = rows.get(item.id), decisions[item.id]
        if row is None or row.removed_at is not None:
            continue
        after = _values(row, "merchant", decision.merchant) | _values(row, "category", decision.category)
        if after:
            before = {name: getattr(row, name) for name in after}
            changed += any(after.get(name, before.get(name)) != before.get(name) for name in ("merchant", "category"))
            whole = {name: getattr(row, name) for name in _FIELDS}
            updates.append({"id": row.id, **whole, **after})
            changes.append((row.id, None, ChangeKind.ENRICHED.value, before, after))
        origins.append(_origin(job, item, decision))
    if updates:
        session.execute(update(Transaction), updates)
        insert_changes(session, changes, enrichment_job_id=job.id)
    if origins:
        # One compiled statement for many rows: as a single statement with many rows it would take half of all the time.
        statement = insert(Enriched)
        kept = {name: statement.excluded[name] for name in origins[0] if name != "transaction_id"}
        session.execute(statement.on_conflict_do_update(index_elements=["transaction_id"], set_=kept), origins)
    return changed


_FIELDS = ("merchant", "merchant_source", "category", "category_source")


def _values(row: Transaction, name: str, said: Said | None) -> dict[str, str]:
    if said is None or getattr(row, f"{name}_source") == Source.USER:
        return {}
    wanted = {name: said.value, f"{name}_source": said.source.value}
    # Both or none, so that a change alone shows what the bank had reported.
    return wanted if any(getattr(row, field) != value for field, value in wanted.items()) else {}


def _origin(job: EnrichmentJob, item: RowToEnrich, decision: Decision) -> dict[str, Any]:
    merchant, category, cached = decision.merchant, decision.category, decision.cached
    return {
        "transaction_id": item.id,
        "user_id": job.user_id,
        "job_id": job.id,
        "merchant_key": item.key,
        "direction": item.direction,
        "merchant_source": merchant.source.value if merchant else None,
        "merchant_confidence": merchant.confidence if merchant else None,
        "merchant_reason": merchant.reason if merchant else None,
        "merchant_rule_id": merchant.rule_id if merchant else None,
        "category_source": category.source.value if category else None,
        "category_confidence": category.confidence if category else None,
        "category_reason": category.reason if category else None,
        "category_rule_id": category.rule_id if category else None,
        "model": cached.model if cached else None,
        "prompt_version": cached.prompt_version if cached else None,
        "enriched_at": utc_now(),
    }

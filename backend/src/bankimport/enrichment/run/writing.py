"""Write decisions to rows, never over a user's edits; record each change and the origin of each value."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.ladder.ladder import Decision, Said
from bankimport.enrichment.models import Enriched, EnrichmentJob
from bankimport.enrichment.rows import RowToEnrich, Source
from bankimport.transactions.labels import Labels, set_labels
from bankimport.transactions.models import ChangeKind
from bankimport.transactions.repository import Change, insert_changes


def write_decisions(
    session: Session,
    job: EnrichmentJob,
    rows: Mapping[int, Labels],
    items: Sequence[RowToEnrich],
    decisions: Mapping[int, Decision],
) -> int:
    """Write the values that differ to the locked `rows`; rows removed in the meantime are left out.

    Returns how many rows got another merchant or category; a value that only has a new source is not counted.
    """
    changed = 0
    updates: list[Labels] = []
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
            updates.append(Labels(**(row._asdict() | after)))
            changes.append((row.id, None, ChangeKind.ENRICHED.value, before, after))
        origins.append(_origin(job, item, decision))
    if updates:
        set_labels(session, updates)
        insert_changes(session, changes, enrichment_job_id=job.id)
    if origins:
        _store_origins(session, origins)
    return changed


def _store_origins(session: Session, origins: Sequence[dict[str, Any]]) -> None:
    """Write where the values of rows came from, over what was written before, in one statement."""
    columns = list(origins[0])
    given = func.jsonb_to_recordset(literal(origins, JSONB)).table_valued(
        *(column(name, Enriched.__table__.c[name].type) for name in columns)
    )
    statement = insert(Enriched).from_select(columns, select(*given.render_derived(with_types=True).c))
    kept = {name: statement.excluded[name] for name in columns if name != "transaction_id"}
    session.execute(statement.on_conflict_do_update(index_elements=["transaction_id"], set_=kept))


def _values(row: Labels, name: str, said: Said | None) -> dict[str, str]:
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
        "direction": item.direction.value,
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
        "enriched_at": utc_now().isoformat(),
    }

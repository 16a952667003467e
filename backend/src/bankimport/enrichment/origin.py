"""Where a row's merchant and category came from: source, confidence, rule or model, and time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bankimport.enrichment.models import CategoryRule, Enriched
from bankimport.enrichment.rows import Source
from bankimport.enrichment.rules.rule_store import to_enrich
from bankimport.enrichment.schemas import FieldOrigin, OriginRead, RuleBrief
from bankimport.transactions.edits import transaction_of
from bankimport.transactions.models import Transaction, TransactionChange


def origin_of(session: Session, user_id: int, transaction_id: int) -> OriginRead:
    """The origin of a row's present values; a row that was never enriched has its bank's values.

    Raises:
        TransactionNotFound: no such row, or not this user's.
    """
    row = transaction_of(session, user_id, transaction_id)
    known = session.get(Enriched, row.id)
    (item,) = to_enrich(session, [row])
    return OriginRead(
        transaction_id=row.id,
        merchant_key=known.merchant_key if known is not None else item.key,
        direction=item.direction,
        merchant=_field(session, row, known, "merchant"),
        category=_field(session, row, known, "category"),
        enriched_at=known.enriched_at if known is not None else None,
        enrichment_job_id=known.job_id if known is not None else None,
    )


def _field(session: Session, row: Transaction, known: Enriched | None, name: str) -> FieldOrigin:
    value: str | None = getattr(row, name)
    source: str | None = getattr(row, f"{name}_source") or (Source.BANK.value if value is not None else None)
    found = FieldOrigin(
        value=value,
        source=source,
        confidence=None,
        reason=None,
        rule=None,
        model=None,
        prompt_version=None,
        since=_since(session, row, name),
        enrichment_job_id=None,
    )
    # The origin stored with the row describes its value only if nobody has changed the value since.
    if known is None or source is None or getattr(known, f"{name}_source") != source:
        return found
    found.confidence = getattr(known, f"{name}_confidence")
    found.reason = getattr(known, f"{name}_reason")
    found.enrichment_job_id = known.job_id
    if source == Source.MODEL:
        found.model, found.prompt_version = known.model, known.prompt_version
    rule_id = getattr(known, f"{name}_rule_id")
    rule = session.get(CategoryRule, rule_id) if rule_id is not None else None
    if rule is not None:
        found.rule = RuleBrief(
            id=rule.id,
            origin=rule.origin,
            match=rule.match,
            pattern=rule.pattern,
            is_removed=rule.removed_at is not None,
        )
    return found


def _since(session: Session, row: Transaction, name: str) -> datetime:
    """When the field got its value: its newest change, else when the row was stored."""
    c = TransactionChange
    newest = (
        select(c.created_at)
        .where(c.transaction_id == row.id, c.after.has_key(name) | c.after.has_key(f"{name}_source"))
        .order_by(c.id.desc())
        .limit(1)
    )
    return session.scalar(newest) or row.created_at

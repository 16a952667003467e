"""Models' answers about merchants, by key and direction, and the leases that ensure each key is asked only once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, column, delete, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import Session

from bankimport.clock import utc_now
from bankimport.enrichment.categories.taxonomy import UNKNOWN
from bankimport.enrichment.model.prompt import PROMPT_VERSION, Label, Question
from bankimport.enrichment.models import CacheEntry
from bankimport.enrichment.rows import CachedAnswer
from bankimport.enrichment.statements.merchant_key import Direction

Key = tuple[str, Direction]

NEVER_ASK = "never ask"
"""Used in place of a model if the user said that no model may be asked about a merchant."""


def answers(
    session: Session, user_id: int, keys: Iterable[Key], *, only_of: str | None = None
) -> dict[Key, CachedAnswer]:
    """The cached answers for these keys; with `only_of`, only those of this model and the current prompt."""
    pairs = [(key, direction.value) for key, direction in keys]
    if not pairs:
        return {}
    names, directions = zip(*pairs, strict=True)
    unnested = func.unnest(literal(names, ARRAY(Text)), literal(directions, ARRAY(Text)))
    requested = unnested.table_valued(column("name", Text), column("direction", Text)).render_derived("asked")
    is_requested = and_(
        CacheEntry.merchant_key == requested.c.name, cast(CacheEntry.direction, Text) == requested.c.direction
    )
    statement = (
        select(CacheEntry)
        .join(requested, is_requested)
        .where(CacheEntry.user_id == user_id, CacheEntry.category.is_not(None))
    )
    if only_of is not None:
        is_todays = and_(CacheEntry.model == only_of, CacheEntry.prompt_version == PROMPT_VERSION)
        statement = statement.where(or_(is_todays, CacheEntry.model == NEVER_ASK))
    return {
        (row.merchant_key, Direction(row.direction)): CachedAnswer(
            row.merchant, row.category or "", row.confidence or 0.0, row.model or "", row.prompt_version or ""
        )
        for row in session.scalars(statement)
    }


def claim(
    session: Session, user_id: int, job_id: int, keys: Sequence[Key], lease: timedelta, *, renewing: str | None
) -> set[Key]:
    """Claim the keys that nobody else is asking about, for a limited time; returns them. A job gets back its own
    claims.

    With `renewing`, a model's name, answers of another model or prompt may be requested again.
    """
    now = utc_now()
    is_open: ColumnElement[bool] = CacheEntry.category.is_(None)
    if renewing is not None:
        is_older = or_(CacheEntry.model != renewing, CacheEntry.prompt_version != PROMPT_VERSION)
        is_open = or_(is_open, and_(is_older, CacheEntry.model != NEVER_ASK))
    is_free = or_(
        CacheEntry.lease_expires_at.is_(None), CacheEntry.lease_expires_at < now, CacheEntry.asked_by_job_id == job_id
    )
    # Always in the same order, so that two jobs claiming the same keys never deadlock.
    values = [
        {
            "user_id": user_id,
            "merchant_key": key,
            "direction": direction,
            "lease_expires_at": now + lease,
            "asked_by_job_id": job_id,
        }
        for key, direction in sorted(keys)
    ]
    statement = insert(CacheEntry).values(values)
    taken = session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "merchant_key", "direction"],
            set_={
                "lease_expires_at": statement.excluded.lease_expires_at,
                "asked_by_job_id": statement.excluded.asked_by_job_id,
            },
            where=and_(is_open, is_free),
        ).returning(CacheEntry.merchant_key, CacheEntry.direction)
    )
    return {(key, Direction(direction)) for key, direction in taken}


def never_ask(session: Session, user_id: int, key: str, direction: Direction) -> None:
    """Prevent models from being asked about a merchant; replaces any earlier answer."""
    values = {
        "merchant": None,
        "category": UNKNOWN,
        "confidence": 1.0,
        "model": NEVER_ASK,
        "prompt_version": None,
        "lease_expires_at": None,
        "asked_by_job_id": None,
        "answered_at": utc_now(),
    }
    statement = insert(CacheEntry).values(user_id=user_id, merchant_key=key, direction=direction, **values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["user_id", "merchant_key", "direction"], set_=values)
    )


def may_ask(session: Session, user_id: int, key: str, direction: Direction) -> None:
    """Undo `never_ask`. Harmless if it was not set."""
    session.execute(
        delete(CacheEntry).where(
            CacheEntry.user_id == user_id,
            CacheEntry.merchant_key == key,
            CacheEntry.direction == direction,
            CacheEntry.model == NEVER_ASK,
        )
    )


def keep(session: Session, user_id: int, model: str, batch: Sequence[Question], labels: dict[int, Label]) -> None:
    """Store a model's answers about a batch's merchants, and release the merchants it did not answer."""
    now = utc_now()
    for place, item in enumerate(batch):
        label = labels.get(place)
        values: dict[str, object] = {"lease_expires_at": None, "asked_by_job_id": None}
        if label is not None:
            values |= {
                "merchant": label.merchant,
                "category": label.category,
                "confidence": label.confidence,
                "model": model,
                "prompt_version": PROMPT_VERSION,
                "answered_at": now,
            }
        session.execute(
            update(CacheEntry)
            .where(
                CacheEntry.user_id == user_id,
                CacheEntry.merchant_key == item.key,
                CacheEntry.direction == item.direction,
            )
            .values(values)
        )

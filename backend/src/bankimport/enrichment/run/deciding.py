"""Let the ladder decide about many rows, once for all that are equal in what it reads of them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bankimport.enrichment.categories.categories import names_in_use, renamed_defaults
from bankimport.enrichment.ladder.ladder import Decision, decide, read_by_ladder
from bankimport.enrichment.model import cache
from bankimport.enrichment.rows import RowToEnrich
from bankimport.enrichment.rules.rule_store import rule_book
from bankimport.enrichment.rules.rules import RuleBook
from bankimport.transactions.models import Transfer, TransferStatus


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions about rows: `places` has for each row the place of its decision in `decisions`.

    `examples` has for each decision the first row that it is about.
    """

    places: list[int]
    examples: list[RowToEnrich]
    decisions: list[Decision]


def decide_all(
    session: Session, user_id: int, rows: Sequence[RowToEnrich], *, only_of: str | None, rules: RuleBook | None = None
) -> Decided:
    """The ladder's decisions; `rules` replaces the user's rules."""
    rules, names = rules or rule_book(session, user_id), names_in_use(session, user_id)
    renamed = renamed_defaults(session, user_id)
    transfers = _confirmed_transfers(session, user_id, rows)
    place_of: dict[Hashable, int] = {}
    places: list[int] = []
    examples: list[RowToEnrich] = []
    for row in rows:
        place = place_of.setdefault(read_by_ladder(row, rules, transfers), len(examples))
        if place == len(examples):
            examples.append(row)
        places.append(place)
    known = cache.answers(session, user_id, {(row.key, row.direction) for row in examples}, only_of=only_of)
    decisions = [
        decide(row, row.key, rules, known.get((row.key, row.direction)), names, transfers, renamed) for row in examples
    ]
    return Decided(places, examples, decisions)


def decide_rows(
    session: Session, user_id: int, rows: Sequence[RowToEnrich], *, only_of: str | None, rules: RuleBook | None = None
) -> dict[int, Decision]:
    """The ladder's decisions, by row id; `rules` replaces the user's rules."""
    decided = decide_all(session, user_id, rows, only_of=only_of, rules=rules)
    return {row.id: decided.decisions[place] for row, place in zip(rows, decided.places, strict=True)}


def _confirmed_transfers(session: Session, user_id: int, rows: Sequence[RowToEnrich]) -> frozenset[int]:
    """The rows that the user confirmed to be part of a transfer; also others that have their ids between these."""
    ids = [row.id for row in rows]
    first, last = min(ids, default=0), max(ids, default=0)
    sides = session.execute(
        select(Transfer.out_id, Transfer.in_id).where(
            Transfer.user_id == user_id,
            Transfer.status == TransferStatus.CONFIRMED,
            or_(Transfer.out_id.between(first, last), Transfer.in_id.between(first, last)),
        )
    )
    return frozenset(side for pair in sides for side in pair)

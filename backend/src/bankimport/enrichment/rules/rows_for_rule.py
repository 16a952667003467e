"""Find the stored rows that one rule matches, after the database has excluded most of the others."""

from collections.abc import Callable, Iterator

from sqlalchemy import ARRAY as GENERIC_ARRAY
from sqlalchemy import BigInteger, ColumnElement, Text, and_, any_, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from bankimport.enrichment.models import Enriched
from bankimport.enrichment.rows import RowToEnrich, RuleMatch, RuleOrigin
from bankimport.enrichment.rules.rule_store import pages, to_enrich
from bankimport.enrichment.rules.rules import Rule, RuleBook
from bankimport.enrichment.statements.known_merchants import spellings_of
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.transactions.models import ChangeKind, Transaction, TransactionChange

Fitting = list[tuple[Transaction, RowToEnrich]]


def fitting_rows(session: Session, user_id: int, rule: Rule) -> Iterator[Fitting]:
    """The live rows that a rule matches, ignoring other rules, by id and page by page; past pages are freed."""
    fits = _fitter(rule)
    for rows in pages(session, [Transaction.user_id == user_id, *_may_fit(session, user_id, rule)]):
        items = to_enrich(session, rows)
        yield [(row, item) for row, item in zip(rows, items, strict=True) if fits(item)]
        for row in rows:
            session.expunge(row)


def _fitter(rule: Rule) -> Callable[[RowToEnrich], bool]:
    alone = RuleBook([rule])
    if rule.origin is RuleOrigin.CORRECTION:
        return lambda item: alone.learned(item.key, item.direction) is not None
    needs_key = rule.match is RuleMatch.KEY
    return lambda item: alone.own(item.description, item.key if needs_key else "", item.direction) is not None


def _may_fit(session: Session, user_id: int, rule: Rule) -> list[ColumnElement[bool]]:
    """Conditions that hold for every row that a rule matches, and for few others."""
    conditions: list[ColumnElement[bool]] = []
    if rule.direction is not None:
        is_in = Transaction.amount > 0
        conditions.append(is_in if rule.direction is Direction.IN else ~is_in)
    if rule.match is RuleMatch.KEY:
        ids = _may_have_key(session, user_id, rule.pattern)
        # One parameter for any number of values: PostgreSQL allows at most 65,535 in a statement.
        conditions.append(Transaction.id == any_(literal(ids, ARRAY(BigInteger))))
    else:
        words = [Transaction.description.icontains(word, autoescape=True) for word in _plain_words(rule.pattern)]
        conditions.append(or_(and_(true(), *words), _has_other_letters(Transaction.description)))
    return conditions


def _may_have_key(session: Session, user_id: int, key: str) -> list[int]:
    """Ids of the rows that may have a merchant key: through an index, those that were enriched with it.

    In addition, rows that were never enriched, and rows whose text was changed at some time, possibly since.
    """
    t, e, c = Transaction, Enriched, TransactionChange
    by_enrichment = (ChangeKind.ENRICHED, ChangeKind.ENRICHMENT_UNDONE)
    known = select(e.transaction_id).where(e.user_id == user_id, e.merchant_key == key)
    texts = literal(["description", "merchant"], GENERIC_ARRAY(Text))
    amended = (
        select(t.id)
        .join(c, c.transaction_id == t.id)
        .where(t.user_id == user_id, c.kind.not_in(by_enrichment), c.after.has_any(texts))
    )
    has_key = or_(*(_contains_phrase(phrase) for phrase in (key, *spellings_of(key))))
    # The row does not contain the bank's name for the merchant if another name was written over it.
    is_hidden = and_(t.merchant_source.is_not(None), t.merchant_source != "bank")
    others = or_(_has_other_letters(t.description), _has_other_letters(t.merchant), is_hidden)
    new = (
        select(t.id)
        .outerjoin(e, e.transaction_id == t.id)
        .where(t.user_id == user_id, t.removed_at.is_(None), e.transaction_id.is_(None))
        .where(or_(has_key, others))
    )
    return sorted(session.scalars(known.union(amended, new)))


def _contains_phrase(phrase: str) -> ColumnElement[bool]:
    """Whether the bank's texts contain each word of a phrase; keys of listed merchants have several phrases."""
    t = Transaction
    words = _plain_words(phrase)
    return and_(true(), *(or_(_contains(t.description, word), _contains(t.merchant, word)) for word in words))


def _plain_words(pattern: str) -> list[str]:
    """The words of a pattern or key that every matching text contains; only ASCII case is folded the same way."""
    return [word for word in pattern.split() if word.isascii() and "#" not in word]


def _contains(column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], word: str) -> ColumnElement[bool]:
    """Whether a text contains the words of a key; keys have no apostrophes."""
    is_in: ColumnElement[bool] = func.strpos(func.replace(func.lower(func.coalesce(column, "")), "'", ""), word) > 0
    return is_in


def _has_other_letters(
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
) -> ColumnElement[bool]:
    is_other: ColumnElement[bool] = func.coalesce(column, "").bool_op("!~")(r"^[\x01-\x7f]*$")
    return is_other

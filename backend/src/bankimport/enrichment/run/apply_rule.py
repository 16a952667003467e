"""Preview what a rule would change in the stored rows, before and after, and apply it to exactly those rows."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from bankimport.enrichment.errors import EnrichmentNotPossibleNow
from bankimport.enrichment.ladder.ladder import Decision, SourcedValue
from bankimport.enrichment.models import CategoryRule, EnrichmentJob
from bankimport.enrichment.rows import RuleOrigin, Source
from bankimport.enrichment.rules.rows_for_rule import fitting_rows
from bankimport.enrichment.rules.rule_store import (
    NewRule,
    checked_pattern,
    edited_rule,
    learned_of,
    plain_rule,
    rule_of,
    rules_of,
)
from bankimport.enrichment.rules.rules import Rule, RuleBook
from bankimport.enrichment.run.deciding import decide_rows
from bankimport.enrichment.run.jobs import NewJob, create_job
from bankimport.errors import InvalidRequest
from bankimport.transactions.models import Transaction

MOST_SAMPLES = 200


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that would change: its present state, and its merchant and category after the change."""

    row: Transaction
    merchant: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class RulePreview:
    """Rows that a rule matches: those it would change, and why it would not change the others.

    `kept_by_user` would change if the user had not edited them; for `said_earlier` an earlier rule decides.
    """

    matching: int
    changing: int
    kept_by_user: int
    said_earlier: int
    samples: list[RowChange]


def preview_rule(
    session: Session, user_id: int, draft_rule: NewRule, *, rule_id: int | None = None, samples: int = 10
) -> RulePreview:
    """Report what a rule would change in the stored rows; nothing is stored or changed.

    The whole ladder runs with the rule in its place: the place of `rule_id` if given, the last place for a new rule, or
    for a correction the place of the merchant's earlier correction.

    Raises:
        InvalidRequest: as `add_rule`.
        RuleNotFound: the user has no rule `rule_id`.
    """
    stored_rules = rules_of(session, user_id)
    replaced = rule_of(session, user_id, rule_id) if rule_id is not None else None
    if replaced is not None:
        draft_rule = edited_rule(replaced, {name: getattr(draft_rule, name) for name in _EDITABLE})
    pattern = checked_pattern(
        session, user_id, draft_rule, is_new_category=replaced is None or replaced.category != draft_rule.category
    )
    if replaced is None and draft_rule.origin is RuleOrigin.CORRECTION:
        replaced = learned_of(session, user_id, pattern, draft_rule.direction)
        if replaced is not None:
            # A correction of one field keeps what was learned about the other.
            merchant, category = draft_rule.merchant or replaced.merchant, draft_rule.category or replaced.category
            draft_rule = replace(draft_rule, merchant=merchant, category=category)
    number = replaced.id if replaced is not None else 0
    draft = Rule(
        number,
        draft_rule.origin,
        draft_rule.match,
        pattern,
        draft_rule.direction,
        draft_rule.merchant,
        draft_rule.category,
    )
    return _preview(session, user_id, draft, _book(stored_rules, draft, replaced), samples)


def apply_rule(session: Session, user_id: int, rule_id: int) -> EnrichmentJob:
    """Enrich the stored rows that the rule matches again, without a model; other rows stay as they are.

    Raises:
        RuleNotFound: no such rule, or not this user's.
        EnrichmentNotPossibleNow: the rule is disabled.
        InvalidRequest: it matches no stored row.
    """
    row = rule_of(session, user_id, rule_id)
    if not row.is_enabled:
        raise EnrichmentNotPossibleNow(f"rule {rule_id} is switched off; switch it on first")
    job = apply_if_it_fits(session, user_id, row)
    if job is None:
        raise InvalidRequest(f"rule {rule_id} matches none of your rows; it will apply to future rows")
    return job


def apply_if_it_fits(session: Session, user_id: int, row: CategoryRule) -> EnrichmentJob | None:
    """As `apply_rule`; None if the rule matches no stored row."""
    ids = [item.id for page in fitting_rows(session, user_id, plain_rule(row)) for _, item in page]
    return create_job(session, user_id, NewJob(ids, uses_model=False, rule_id=row.id)) if ids else None


def _preview(session: Session, user_id: int, draft: Rule, book: RuleBook, most: int) -> RulePreview:
    matching = changing = user_edited = earlier = 0
    samples: list[RowChange] = []
    fields = [name for name in ("merchant", "category") if getattr(draft, name) is not None]
    for fitting in fitting_rows(session, user_id, draft):
        decisions = (
            decide_rows(session, user_id, [item for _, item in fitting], only_of=None, rules=book) if fitting else {}
        )
        for row, _ in fitting:
            matching += 1
            decision = decisions[row.id]
            merchant, is_merchant_edited = _after(row, "merchant", decision.merchant)
            category, is_category_edited = _after(row, "category", decision.category)
            if (merchant, category) != (row.merchant, row.category):
                changing += 1
                if len(samples) < most:
                    samples.append(RowChange(row, merchant, category))
            elif is_merchant_edited or is_category_edited:
                user_edited += 1
            elif not any(_is_from_rule(decision, name, draft.id) for name in fields):
                earlier += 1
    return RulePreview(matching, changing, user_edited, earlier, samples)


def _after(row: Transaction, name: str, suggested: SourcedValue | None) -> tuple[str | None, bool]:
    """The field's value after the rule, and whether only the user's edit prevents the change."""
    now = getattr(row, name)
    if suggested is None or suggested.value == now:
        return now, False
    is_user_edit = getattr(row, f"{name}_source") == Source.USER
    return (now if is_user_edit else suggested.value), is_user_edit


def _is_from_rule(decision: Decision, name: str, rule_id: int) -> bool:
    value: SourcedValue | None = getattr(decision, name)
    return value is not None and value.rule_id == rule_id


def _book(stored_rules: list[CategoryRule], draft: Rule, replaced: CategoryRule | None) -> RuleBook:
    rules = [draft if row is replaced else plain_rule(row) for row in stored_rules if row is replaced or row.is_enabled]
    return RuleBook(rules if replaced is not None else [*rules, draft])


_EDITABLE = ("match", "pattern", "direction", "merchant", "category")

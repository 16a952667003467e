"""Rules and categories over HTTP."""

from fastapi import APIRouter

from bankimport.auth import CurrentUser
from bankimport.db.session import SessionDep
from bankimport.enrichment import categories, jobs, reading, rule_store
from bankimport.enrichment.models import Category
from bankimport.enrichment.schemas import (
    CategoryChange,
    CategoryNode,
    CategoryTree,
    NewCategory,
    RuleList,
    RulePreviewRead,
    RuleRead,
    RuleRequest,
)

router = APIRouter(prefix="/api/truelayer/enrichment", tags=["enrichment"])


def new_rule(wanted: RuleRequest) -> rule_store.NewRule:
    """A request as rules are kept."""
    return rule_store.NewRule(wanted.match, wanted.pattern, wanted.direction, wanted.merchant, wanted.category)


def category_node(row: Category) -> CategoryNode:
    """A category as it is shown."""
    return CategoryNode(
        id=str(row.id),
        name=row.name,
        parent_id=str(row.parent_id) if row.parent_id is not None else None,
        colour=row.colour,
        is_archived=row.archived_at is not None,
    )


@router.get("/categories")
def list_categories(session: SessionDep, user: CurrentUser) -> CategoryTree:
    """All of the user's categories, archived ones too."""
    return CategoryTree(categories=[category_node(row) for row in categories.categories_of(session, user.id)])


@router.post("/categories", status_code=201)
def create_category(wanted: NewCategory, session: SessionDep, user: CurrentUser) -> CategoryNode:
    """Add a category."""
    made = categories.create_category(session, user.id, wanted.name, wanted.parent_id, wanted.colour)
    return category_node(made)


@router.patch("/categories/{category_id}")
def edit_category(category_id: int, wanted: CategoryChange, session: SessionDep, user: CurrentUser) -> CategoryNode:
    """Change parent or colour, archive or bring back; archived ones stay on rows and are given to no more."""
    changes = wanted.model_dump(exclude_unset=True)
    return category_node(categories.edit_category(session, user.id, category_id, changes))


@router.get("/rules")
def list_rules(session: SessionDep, user: CurrentUser) -> RuleList:
    """The user's rules and what was learned from corrections."""
    return RuleList(rules=[reading.rule_read(row) for row in rule_store.rules_of(session, user.id)])


@router.post("/rules/preview")
def preview_rule(wanted: RuleRequest, session: SessionDep, user: CurrentUser) -> RulePreviewRead:
    """What a rule would change of the stored rows; nothing is kept."""
    return reading.preview_read(rule_store.preview_rule(session, user.id, new_rule(wanted)))


@router.post("/rules", status_code=201)
def create_rule(wanted: RuleRequest, session: SessionDep, user: CurrentUser) -> RuleRead:
    """Keep a rule; with `apply`, enrich the stored rows again without a model."""
    row = rule_store.add_rule(session, user.id, new_rule(wanted))
    job = jobs.create_job(session, user.id, jobs.Wanted(uses_model=False)) if wanted.apply else None
    return reading.rule_read(row, job.id if job else None)


@router.delete("/rules/{rule_id}", status_code=204)
def remove_rule(rule_id: int, session: SessionDep, user: CurrentUser) -> None:
    """Forget a rule; rows keep what it said of them."""
    rule_store.remove_rule(session, user.id, rule_id)

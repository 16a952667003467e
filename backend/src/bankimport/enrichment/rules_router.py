"""Rules and categories over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from bankimport.auth import CurrentUser
from bankimport.db.request import SessionDep
from bankimport.enrichment import views
from bankimport.enrichment.categories import categories, merging
from bankimport.enrichment.requests import new_rule
from bankimport.enrichment.rules import rule_store
from bankimport.enrichment.rules_schemas import (
    CategoryChange,
    CategoryNode,
    CategoryTree,
    MergeRead,
    MergeRequest,
    MergeUndoRead,
    NewCategory,
    RuleChange,
    RuleList,
    RuleOrder,
    RulePreviewRead,
    RuleRead,
    RuleRequest,
)
from bankimport.enrichment.run import apply_rule as application
from bankimport.enrichment.schemas import EnrichmentRead
from bankimport.ids import Id

router = APIRouter(prefix="/api/truelayer/enrichment", tags=["enrichment"])


@router.get("/categories")
def list_categories(session: SessionDep, user: CurrentUser) -> CategoryTree:
    """All of the user's categories, including archived ones."""
    return CategoryTree(categories=[views.category_node(row) for row in categories.categories_of(session, user.id)])


@router.post("/categories", status_code=201)
def create_category(body: NewCategory, session: SessionDep, user: CurrentUser) -> CategoryNode:
    """Add a category."""
    made = categories.create_category(session, user.id, body.name, body.parent_id, body.colour)
    return views.category_node(made)


@router.patch("/categories/{category_id}")
def edit_category(category_id: Id, body: CategoryChange, session: SessionDep, user: CurrentUser) -> CategoryNode:
    """Rename, move, recolour, archive or restore a category; archived ones stay on rows but are not assigned any more.

    A new name is written to every row, rule and cached answer that has the old one.
    """
    changes = body.model_dump(exclude_unset=True)
    return views.category_node(categories.edit_category(session, user.id, category_id, changes))


@router.post("/categories/{category_id}/merge/preview")
def preview_merge(category_id: Id, body: MergeRequest, session: SessionDep, user: CurrentUser) -> MergeRead:
    """What merging a category into another would move; nothing is changed."""
    found = merging.preview_merge(session, user.id, category_id, body.into_id)
    return MergeRead.model_validate(found, from_attributes=True)


@router.post("/categories/{category_id}/merge")
def merge_categories(category_id: Id, body: MergeRequest, session: SessionDep, user: CurrentUser) -> MergeRead:
    """Merge a category into another: rows, rules, corrections and cached answers get its name; the source is
    archived."""
    moved = merging.merge_categories(session, user.id, category_id, body.into_id)
    return MergeRead.model_validate(moved, from_attributes=True)


@router.post("/categories/{category_id}/merge/undo")
def undo_merge(category_id: Id, session: SessionDep, user: CurrentUser) -> MergeUndoRead:
    """Undo a merge: the category gets back what was moved and not changed since."""
    row, rows_back, changed = merging.undo_merge(session, user.id, category_id)
    return MergeUndoRead(category=views.category_node(row), rows_back=rows_back, changed_since=changed)


@router.get("/rules")
def list_rules(session: SessionDep, user: CurrentUser) -> RuleList:
    """The user's rules and what was learned from corrections."""
    return views.rule_list(session, user.id)


@router.post("/rules/preview")
def preview_rule(
    body: RuleRequest,
    session: SessionDep,
    user: CurrentUser,
    rule_id: Annotated[Id | None, Query(description="preview an edit of this rule, in its place")] = None,
    samples: Annotated[int, Query(ge=0, le=application.MOST_SAMPLES, description="maximum rows to show")] = 10,
) -> RulePreviewRead:
    """What a rule would change in the stored rows, before and after; nothing is stored."""
    found = application.preview_rule(session, user.id, new_rule(body), rule_id=rule_id, samples=samples)
    return views.preview_read(found)


@router.post("/rules", status_code=201)
def create_rule(body: RuleRequest, session: SessionDep, user: CurrentUser) -> RuleRead:
    """Store a rule as the last one; with `apply`, also apply it to the stored rows that it matches."""
    row = rule_store.add_rule(session, user.id, new_rule(body))
    job = application.apply_if_it_fits(session, user.id, row) if body.apply else None
    return views.rule_read(row, job.id if job else None)


@router.put("/rules/order")
def order_rules(body: RuleOrder, session: SessionDep, user: CurrentUser) -> RuleList:
    """Apply the user's own rules in this order; the first that matches a row decides."""
    rule_store.order_rules(session, user.id, body.rule_ids)
    return views.rule_list(session, user.id)


@router.get("/rules/{rule_id}")
def read_rule(rule_id: Id, session: SessionDep, user: CurrentUser) -> RuleRead:
    """One rule."""
    row = rule_store.rule_of(session, user.id, rule_id)
    return views.rule_read(row, rows=rule_store.rows_of_rules(session, user.id).get(row.id, 0))


@router.patch("/rules/{rule_id}")
def edit_rule(rule_id: Id, body: RuleChange, session: SessionDep, user: CurrentUser) -> RuleRead:
    """Change a rule, or disable or enable it; rows keep its old values until it is applied again."""
    return views.rule_read(rule_store.edit_rule(session, user.id, rule_id, body.changes()))


@router.post("/rules/{rule_id}/apply", status_code=201)
def apply_rule(rule_id: Id, session: SessionDep, user: CurrentUser) -> EnrichmentRead:
    """Apply a rule to the stored rows that it matches, without a model; the user's edits stay."""
    return views.job_read(session, application.apply_rule(session, user.id, rule_id))


@router.post("/rules/{rule_id}/restore")
def restore_rule(rule_id: Id, session: SessionDep, user: CurrentUser) -> RuleRead:
    """Restore a removed rule to its place."""
    return views.rule_read(rule_store.restore_rule(session, user.id, rule_id))


@router.delete("/rules/{rule_id}", status_code=204)
def remove_rule(rule_id: Id, session: SessionDep, user: CurrentUser) -> None:
    """Remove a rule; rows keep the values it set. It can be restored."""
    rule_store.remove_rule(session, user.id, rule_id)

"""Categories and rules over HTTP."""

from datetime import date as day
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.schemas import Name
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.ids import Id

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class CategoryNode(BaseModel):
    """One category; `parent_id` makes the tree."""

    id: Id
    name: str
    parent_id: Id | None
    colour: str
    is_archived: bool
    merged_into_id: Id | None = Field(description="the category that took over its rows; this one is archived")


class MergeRequest(BaseModel, extra="forbid"):
    """The category to merge into."""

    into_id: Id


class MergeRead(BaseModel):
    """What a merge moves: live rows, rules, corrections, cached answers, and subcategories."""

    rows: int
    rules: int
    corrections: int
    remembered: int
    children: int


class MergeUndoRead(BaseModel):
    """A category whose merge was undone; rows that were given another one since stay."""

    category: CategoryNode
    rows_back: int
    changed_since: int


class CategoryTree(BaseModel):
    """All of the user's categories."""

    categories: list[CategoryNode]


class NewCategory(BaseModel, extra="forbid"):
    """A category to add."""

    name: Name
    parent_id: Id | None = None
    colour: Colour = "#868e96"


class CategoryChange(BaseModel, extra="forbid"):
    """Omitted fields stay; a new name is written to everything that has the old one."""

    name: Name | None = None
    parent_id: Id | None = None
    colour: Colour | None = None
    is_archived: bool | None = None


class RuleRequest(BaseModel, extra="forbid"):
    """A rule to store or to preview; `apply` enriches the matching stored rows again, without a model."""

    match: RuleMatch = RuleMatch.CONTAINS
    pattern: Pattern
    direction: Direction | None = None
    merchant: Name | None = None
    category: Name | None = None
    apply: bool = False


class RuleChange(BaseModel, extra="forbid"):
    """Omitted fields stay; a rule learned from a correction cannot be moved to another merchant."""

    match: RuleMatch | None = None
    pattern: Pattern | None = None
    direction: Direction | None = None
    merchant: Name | None = None
    category: Name | None = None
    is_enabled: bool | None = None

    def changes(self) -> dict[str, object]:
        """The given fields; null removes direction, merchant or category."""
        fields = self.model_dump(exclude_unset=True)
        return {
            name: value
            for name, value in fields.items()
            if value is not None or name in ("direction", "merchant", "category")
        }


class RuleOrder(BaseModel, extra="forbid"):
    """All of the user's own rules, in the order in which they should apply."""

    rule_ids: Annotated[list[Id], Field(max_length=10_000)]


class RuleRead(BaseModel):
    """A rule, and the job that applies it if one was requested."""

    id: Id
    origin: RuleOrigin
    match: RuleMatch
    pattern: str
    direction: Direction | None
    merchant: str | None
    category: str | None
    position: int
    is_enabled: bool
    rows: int | None = Field(None, description="rows with their merchant or category from it; only in lists")
    enrichment_job_id: Id | None = None


class RuleList(BaseModel):
    """The user's rules in the order in which they apply; their own rules come before learned ones."""

    rules: list[RuleRead]


class RuleSample(BaseModel):
    """A row that a rule would change: its present state, and its merchant and category after the change."""

    transaction_id: Id
    date: day
    description: str
    amount: Decimal
    currency: str
    merchant: str | None
    category: str | None
    merchant_after: str | None
    category_after: str | None


class RulePreviewRead(BaseModel):
    """What a rule would change in the rows that it matches; the other rows already have its values.

    `kept_by_user`: their user edited them, so they stay. `said_earlier`: an earlier rule decides.
    """

    matching: int
    changing: int
    kept_by_user: int
    said_earlier: int
    samples: list[RuleSample]

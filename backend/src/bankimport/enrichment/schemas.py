"""Enrichment over HTTP; ids are text, money is exact decimal text, unknown money is null."""

from datetime import date as day
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from bankimport.enrichment.model.month_cap import CapState
from bankimport.enrichment.models import EnrichmentStatus, LlmCallStatus
from bankimport.enrichment.rows import RuleMatch, RuleOrigin
from bankimport.enrichment.statements.merchant_key import Direction
from bankimport.ids import Id
from bankimport.money import Money, parse_money


def _money(value: str) -> str:
    parse_money(value)
    return value


MoneyText = Annotated[str, AfterValidator(_money)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f]*$")]
Pattern = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EnrichmentRequest(_Strict):
    """Rows by id, of an import, or all rows if both are omitted."""

    transaction_ids: Annotated[list[Id], Field(max_length=10_000)] = []
    import_job_id: Id | None = None
    uses_model: bool = True
    is_refresh: bool = Field(False, description="replace answers of another model or an older prompt")
    enrich_at: AwareDatetime | None = Field(None, description="do not start before this time")
    cap: MoneyText | None = Field(None, examples=["0.50 USD"])


class ResumeRequest(_Strict):
    """A new cap, if the job stopped because of the old one."""

    cap: MoneyText | None = None


class EstimateRead(BaseModel):
    """The maximum a job would use."""

    transactions: int
    without_model: int
    merchants_to_ask: int
    calls: int
    most_input_tokens: int
    most_output_tokens: int
    cost: Decimal | None
    currency: str | None
    model: str | None
    fault: str | None = Field(description="why it would stop before its first call: a cap that cannot be enforced")


class OutgoingRead(BaseModel):
    """The exact texts that would be sent, each together with `instructions`."""

    instructions: str
    model: str | None
    prompts: list[str]
    calls: int


class EnrichmentRead(BaseModel):
    """One enrichment job."""

    id: Id
    import_job_id: Id | None
    rule_id: Id | None = Field(description="the job applies this rule to the rows that it matches")
    job_status: EnrichmentStatus
    uses_model: bool
    is_refresh: bool
    enrich_at: datetime | None
    cap: Decimal | None
    cap_currency: str | None
    cap_left: Decimal | None = Field(description="what is left of the cap after spent and reserved money")
    total_transactions: int
    processed: int
    successful: int
    failed: int
    changed: int = Field(description="rows that got another merchant or category")
    cached_hits: int
    total_cost: Decimal | None = Field(description="null: a price is unknown, or there are several currencies")
    currency: str | None
    total_tokens: int
    calls: int
    last_event_id: int = Field(description="its newest event; follow it over Socket.IO with subscribe_enrichment_job")
    error_message: str | None
    next_attempt_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    undone_at: datetime | None
    is_undoable: bool


class EnrichmentDetail(EnrichmentRead):
    """One enrichment job with the rows it was created for; none given: those of its import, or all."""

    transaction_ids: list[Id]


class LlmCallRead(BaseModel):
    """A request to a model. `amount` null: the price is unknown; `reserved`: the maximum cost until it is answered."""

    id: Id
    called_at: datetime
    model: str
    prompt_version: str
    status: LlmCallStatus
    enrichment_job_id: Id | None
    merchants: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int = Field(description="included in the input tokens")
    amount: Decimal | None
    currency: str | None
    latency_ms: int | None
    error: str | None


class LlmCallList(BaseModel):
    """A page of requests to models, newest first."""

    calls: list[LlmCallRead]
    next_cursor: str | None


class EnrichmentUndoRead(BaseModel):
    """An undone enrichment: how many rows were restored, and how many were changed since and stay."""

    job: EnrichmentRead
    rows_back: int
    changed_since: int


class EnrichmentList(BaseModel):
    """A page of jobs, newest first."""

    jobs: list[EnrichmentRead]
    next_cursor: str | None


class CategoryNode(BaseModel):
    """One category; `parent_id` makes the tree."""

    id: Id
    name: str
    parent_id: Id | None
    colour: str
    is_archived: bool
    merged_into_id: Id | None = Field(description="the category that took over its rows; this one is archived")


class MergeRequest(_Strict):
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


class NewCategory(_Strict):
    """A category to add."""

    name: Name
    parent_id: Id | None = None
    colour: Colour = "#868e96"


class CategoryChange(_Strict):
    """Omitted fields stay; a new name is written to everything that has the old one."""

    name: Name | None = None
    parent_id: Id | None = None
    colour: Colour | None = None
    is_archived: bool | None = None


class RuleRequest(_Strict):
    """A rule to store or to preview; `apply` enriches the matching stored rows again, without a model."""

    match: RuleMatch = RuleMatch.CONTAINS
    pattern: Pattern
    direction: Direction | None = None
    merchant: Name | None = None
    category: Name | None = None
    apply: bool = False


class RuleChange(_Strict):
    """Omitted fields stay; a rule learned from a correction cannot be moved to another merchant."""

    match: RuleMatch | None = None
    pattern: Pattern | None = None
    direction: Direction | None = None
    merchant: Name | None = None
    category: Name | None = None
    is_enabled: bool | None = None

    def changes(self) -> dict[str, object]:
        """The given fields; null removes direction, merchant or category."""
        given = self.model_dump(exclude_unset=True)
        return {
            name: value
            for name, value in given.items()
            if value is not None or name in ("direction", "merchant", "category")
        }


class RuleOrder(_Strict):
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


class CorrectionRequest(_Strict):
    """The correct merchant or category of a row; `apply` also changes the merchant's stored rows."""

    transaction_id: Id
    merchant: Name | None = None
    category: Name | None = None
    apply: bool = False


class DoubtRead(BaseModel):
    """A merchant that needs a decision; correct it through its `example_id`."""

    merchant_key: str
    direction: Direction
    rows: int
    money: Decimal
    currency: str
    category: str | None
    confidence: float | None
    example_id: Id
    example: str


class NeverAsked(BaseModel):
    """Whether models may be asked about a row's merchant."""

    merchant_key: str
    direction: Direction
    is_never_asked: bool


class DoubtList(BaseModel):
    """The review queue, most money first."""

    doubts: list[DoubtRead]


class RuleBrief(BaseModel):
    """The rule that set a value; a removed rule is still named."""

    id: Id
    origin: RuleOrigin
    match: RuleMatch
    pattern: str
    is_removed: bool


class FieldOrigin(BaseModel):
    """Where one value of a row came from, and since when; null: unknown.

    `source` is the rung that set it; `reason` is the words of the bank it was derived from. A model's answer has
    `model` and `prompt_version`, a rule's value has `rule`.
    """

    value: str | None
    source: str | None
    confidence: float | None
    reason: str | None
    rule: RuleBrief | None
    model: str | None
    prompt_version: str | None
    since: datetime
    enrichment_job_id: Id | None


class OriginRead(BaseModel):
    """Where a row's values came from; `enriched_at` is null for a row that was never enriched."""

    transaction_id: Id
    merchant_key: str
    direction: Direction
    merchant: FieldOrigin
    category: FieldOrigin
    enriched_at: datetime | None
    enrichment_job_id: Id | None


class PrivateNames(_Strict):
    """Your own list of names to remove from everything that is sent."""

    names: Annotated[list[str], Field(max_length=50)]


class PrivateNamesRead(PrivateNames):
    """Your own names, and those that are always removed: names from banks, on your cards, in your e-mail address."""

    from_banks: list[str]
    from_cards: list[str]
    email: str


class SpendRead(BaseModel):
    """The cost of the user's model calls this month; reserved calls at their maximum."""

    month: str
    calls: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    amounts: list[Money] = Field(description="of calls of known price, by currency")
    amount: Decimal | None = Field(description="the only amount, or 0 without any; null: there are several")
    currency: str | None
    calls_of_unknown_price: int
    reserved_calls: int
    monthly_cap: str | None = Field(description="shared by all users of the installation")
    monthly_cap_left: Decimal | None = Field(description="only if this is the installation's only user")
    monthly_cap_state: CapState | None = Field(description="of the spending of all users")

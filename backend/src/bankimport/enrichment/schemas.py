"""Enrichment over HTTP; ids are text, money is exact decimal text, unknown money is null."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

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


class EnrichmentRequest(BaseModel, extra="forbid"):
    """Rows by id, of an import, or all rows if both are omitted."""

    transaction_ids: Annotated[list[Id], Field(max_length=10_000)] = []
    import_job_id: Id | None = None
    uses_model: bool = True
    is_refresh: bool = Field(False, description="replace answers of another model or an older prompt")
    enrich_at: AwareDatetime | None = Field(None, description="do not start before this time")
    cap: MoneyText | None = Field(None, examples=["0.50 USD"])


class ResumeRequest(BaseModel, extra="forbid"):
    """A new cap, if the job stopped because of the old one."""

    cap: MoneyText | None = None


class EstimateRead(BaseModel):
    """The maximum a job would use. With fewer `rows_read` than `transactions`, the figures are scaled up from them."""

    transactions: int
    rows_read: int
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


class CorrectionRequest(BaseModel, extra="forbid"):
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


class PrivateNames(BaseModel, extra="forbid"):
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

"""Costs over HTTP. A field named `rows` is the path of the rows behind the figures next to it."""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel

from bankimport.costs.grouping import GroupBy
from bankimport.days import Days
from bankimport.enrichment.model.month_cap import CapState
from bankimport.enrichment.models import EnrichmentStatus
from bankimport.enrichment.schemas import LlmCallRead
from bankimport.ids import Id
from bankimport.imports.models import JobStatus
from bankimport.money import Money
from bankimport.pricing.cost import CostKind
from bankimport.pricing.schemas import CostRead, PlannedRead


class PricesRead(BaseModel):
    """The configured prices; null: unknown. For calls, null means free."""

    connection_month: Money | None
    call: Money | None


class CallsRead(BaseModel):
    """Calls to banks: all, and those outside imports, such as listing accounts after a consent."""

    total: int
    outside_imports: int
    rows: str
    outside_imports_rows: str


class ActualRead(BaseModel):
    """The results of a plan. `transactions` are all rows fetched; `imported` are the new ones."""

    api_calls: int
    transactions: int
    imported: int
    duration_seconds: int


class ImportsRead(BaseModel):
    """The imports that started, planned against actual. `duration_seconds` counts only those that have ended."""

    count: int
    planned: PlannedRead
    actual: ActualRead
    rows: str


class SpentPart(BaseModel):
    """One kind of cost; `amount` null: unknown."""

    what: CostKind
    quantity: int
    amount: Decimal | None
    currency: str | None
    note: str
    rows: str


class SpentRead(BaseModel):
    """What was spent. `amount` null: a part is unknown, or there are several currencies; see `amounts`."""

    amount: Decimal | None
    currency: str | None
    amounts: list[Money]
    unknown: list[CostKind]
    parts: list[SpentPart]
    rows: str


class ModelRead(BaseModel):
    """The calls to one model. `failed` calls had no usable answer; `input_tokens` includes `cached_tokens`."""

    model: str
    calls: int
    failed: int
    merchants: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost: CostRead
    rows: str
    failed_rows: str


class SavedRead(BaseModel):
    """What cached answers saved: rows of started enrichments that were not sent to a model.

    The money is what they would have cost at the average price of a merchant; null: unknown.
    """

    transactions: int
    enrichments: int
    amount: Decimal | None
    currency: str | None
    rows: str


class EnrichmentCostsRead(BaseModel):
    """The model calls of enrichment, by model, and the calls that the cache saved."""

    models: list[ModelRead]
    saved: SavedRead


class ShareRead(BaseModel):
    """The share of one or more groups, and the rows behind each figure; `cost_rows` are its charges."""

    calls: int
    calls_rows: str
    imports: int
    planned: PlannedRead
    actual: ActualRead
    imports_rows: str | None
    connection_months: int
    connection_months_rows: str
    llm_calls: int
    llm_calls_rows: str
    cost: CostRead
    cost_rows: str


class GroupRead(ShareRead):
    """The share of one import, connection or month. `key` null: outside any import, or of no particular connection."""

    key: str | None
    label: str


class RestRead(ShareRead):
    """The sum of the groups that are too many to list; a report of fewer days lists them."""

    groups: int


class CapRead(BaseModel):
    """The month's cap on enrichment, shared by all users of the installation; other users' spending is not shown.

    `state` is the total's state. `yours` is your part, with reserved calls at their maximum cost; `rows` are its calls.
    Calls of unknown price are not included.
    """

    amount: Decimal
    currency: str
    is_shared: bool
    state: CapState
    yours: Decimal
    yours_percent: float
    rows: str


class DayCostRead(BaseModel):
    """What one day (UTC) cost. `rows` are its charges."""

    day: date
    calls: int
    connection_months: int
    llm_calls: int
    cost: CostRead
    rows: str


class MonthRead(BaseModel):
    """This calendar month: spent so far, and the forecast. `days` are all days until today; they add up to `spent`."""

    month: str
    spent: SpentRead
    projected: CostRead
    how: str
    cap: CapRead | None
    days: list[DayCostRead]


class MonthCostRead(BaseModel):
    """What one calendar month cost, and how many calls to banks it had."""

    month: str
    calls: int
    cost: CostRead


class EstimateRead(BaseModel):
    """The average error of a bank's estimates, in percent of the results; null: no data yet."""

    bank_id: str
    bank: str
    imports: int
    calls_off_percent: float | None
    transactions_off_percent: float | None
    duration_off_percent: float | None
    learns_from: int
    rows: str


class CostsRead(BaseModel):
    """Calls, imports and money of a range of days, planned against actual."""

    date_range: Days
    group_by: GroupBy
    prices: PricesRead
    calls: CallsRead
    imports: ImportsRead
    cost: SpentRead
    enrichment: EnrichmentCostsRead
    groups: list[GroupRead]
    rest: RestRead | None
    month: MonthRead
    estimates: list[EstimateRead]


class CallRow(BaseModel):
    """A call of the ledger."""

    id: Id
    called_at: datetime
    connection_id: Id
    bank: str
    account_id: Id | None
    job_id: Id | None
    endpoint: str
    attended: bool
    """The user's address was sent."""
    in_consent_window: bool
    """It was not, and the call is not counted either: the user or their program requested it soon after the consent."""
    status: int | None
    error_code: str | None
    elapsed_ms: int | None


class CallRows(BaseModel):
    """Calls, newest first."""

    calls: list[CallRow]
    next_cursor: str | None


class ConnectionMonthRow(BaseModel):
    """A connection month and the call that began it; `job_id` null: not begun by an import."""

    connection_id: Id
    bank: str
    month: str
    begun_at: datetime
    call_id: Id
    job_id: Id | None
    amount: Decimal | None
    currency: str | None


class ConnectionMonthRows(BaseModel):
    """Connection months, newest first."""

    connection_months: list[ConnectionMonthRow]
    next_cursor: str | None


class ImportRow(BaseModel):
    """An import, planned against actual. `planned_cost` null: it was planned before costs were recorded."""

    job_id: Id
    connection_id: Id
    bank: str
    status: JobStatus
    started_at: datetime
    planned: PlannedRead
    actual: ActualRead
    planned_cost: CostRead | None
    cost: CostRead


class ImportRows(BaseModel):
    """Imports, newest first."""

    imports: list[ImportRow]
    next_cursor: str | None


class LlmCallRow(LlmCallRead):
    """A model request, and the import whose rows it was about."""

    job_id: Id | None


class ChargeRow(BaseModel):
    """Something that cost money. `charged_by` is the bank or the model; `amount` null: the price is unknown.

    `id` is the id of the call to the bank or model; for a connection month, of the call that began it.
    """

    what: CostKind
    id: Id
    charged_at: datetime
    charged_by: str
    job_id: Id | None
    enrichment_job_id: Id | None
    amount: Decimal | None
    currency: str | None


class ChargeRows(BaseModel):
    """Charges, newest first."""

    charges: list[ChargeRow]
    next_cursor: str | None


class LlmCallRows(BaseModel):
    """Model requests, newest first."""

    llm_calls: list[LlmCallRow]
    next_cursor: str | None


class EnrichmentRow(BaseModel):
    """A started enrichment: how many of its rows the cache answered, and what its calls cost."""

    enrichment_job_id: Id
    job_id: Id | None
    started_at: datetime
    status: EnrichmentStatus
    transactions: int
    successful: int
    from_memory: int
    llm_calls: int
    cost: CostRead


class EnrichmentRows(BaseModel):
    """Enrichments, newest first."""

    enrichments: list[EnrichmentRow]
    next_cursor: str | None

"""What costs look like over HTTP. A field that is named `rows` is the path of the rows behind the figures beside it."""

from datetime import datetime
from decimal import Decimal

from pydantic import BaseModel

from bankimport.costs.grouping import GroupBy
from bankimport.days import DateRange
from bankimport.enrichment.model.month_cap import CapState
from bankimport.enrichment.models import EnrichmentStatus
from bankimport.enrichment.schemas import LlmCallRead
from bankimport.imports.models import JobStatus
from bankimport.money import Money
from bankimport.pricing.cost import CostKind
from bankimport.pricing.schemas import CostRead, PlannedRead


class PricesRead(BaseModel):
    """The prices that are set; null: unknown. For calls null means that they are free."""

    connection_month: Money | None
    call: Money | None


class CallsRead(BaseModel):
    """Calls to banks: all, and those that no import made, such as listing accounts after a consent."""

    total: int
    outside_imports: int
    rows: str
    outside_imports_rows: str


class ActualRead(BaseModel):
    """What came of a plan. `transactions` are all rows brought, `imported` those that were new."""

    api_calls: int
    transactions: int
    imported: int
    duration_seconds: int


class ImportsRead(BaseModel):
    """The imports that were started: planned against actual. `duration_seconds` counts those that have ended."""

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
    """What one model was asked. `failed` calls got no usable answer; `cached_tokens` are among `input_tokens`."""

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
    """What the memory of earlier answers saved: rows that no model was asked about, in the enrichments that began.

    The money is what asking for each of them would have cost, a merchant at what it cost on average; null: unknown.
    """

    transactions: int
    enrichments: int
    amount: Decimal | None
    currency: str | None
    rows: str


class EnrichmentCostsRead(BaseModel):
    """What enrichment asked of models, by model, and what it did not have to ask."""

    models: list[ModelRead]
    saved: SavedRead


class ShareRead(BaseModel):
    """The share of one or several groups, and the rows behind each of its figures; `cost_rows` are its charges."""

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
    """The share of one import, connection or month. `key` null: of no import, or with no connection in particular."""

    key: str | None
    label: str


class RestRead(ShareRead):
    """The groups that are too many to be listed, together; fewer days list each of them."""

    groups: int


class CapRead(BaseModel):
    """The month's cap on enrichment, which all users of the installation share; what the others spent is not told.

    `state` is that of all together; `yours` is your part, reserved calls at their greatest, whose calls are behind
    `rows`. Calls at a price that nobody knows are not in it.
    """

    amount: Decimal
    currency: str
    is_shared: bool
    state: CapState
    yours: Decimal
    yours_percent: float
    rows: str


class MonthRead(BaseModel):
    """This calendar month: spent so far, and what it will come to."""

    month: str
    spent: SpentRead
    projected: CostRead
    how: str
    cap: CapRead | None


class EstimateRead(BaseModel):
    """By how much estimates of a bank were off on average, in percent of what came; null: nothing to go by yet."""

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

    date_range: DateRange
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

    id: int
    called_at: datetime
    connection_id: int
    bank: str
    account_id: str | None
    job_id: int | None
    endpoint: str
    attended: bool
    status: int | None
    error_code: str | None
    elapsed_ms: int | None


class CallRows(BaseModel):
    """Calls, newest first."""

    calls: list[CallRow]
    next_cursor: str | None


class ConnectionMonthRow(BaseModel):
    """A connection's month, begun by the call that first read it; `job_id` null: by no import."""

    connection_id: int
    bank: str
    month: str
    begun_at: datetime
    call_id: int
    job_id: int | None
    amount: Decimal | None
    currency: str | None


class ConnectionMonthRows(BaseModel):
    """Months of connections, newest first."""

    connection_months: list[ConnectionMonthRow]
    next_cursor: str | None


class ImportRow(BaseModel):
    """An import, planned against actual. `planned_cost` null: it was planned before costs were."""

    job_id: int
    connection_id: int
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
    """A request to a model, and the import whose rows it was about."""

    job_id: int | None


class ChargeRow(BaseModel):
    """Something that cost money. `charged_by` is the bank, or the model; `amount` null: nobody knows the price.

    `id` is that of the call to the bank or model; of a month of a connection, the call that began it.
    """

    what: CostKind
    id: int
    charged_at: datetime
    charged_by: str
    job_id: int | None
    enrichment_job_id: int | None
    amount: Decimal | None
    currency: str | None


class ChargeRows(BaseModel):
    """Charges, newest first."""

    charges: list[ChargeRow]
    next_cursor: str | None


class LlmCallRows(BaseModel):
    """Requests to models, newest first."""

    llm_calls: list[LlmCallRow]
    next_cursor: str | None


class EnrichmentRow(BaseModel):
    """An enrichment that began: how many of its rows were answered from memory, and what its calls cost."""

    enrichment_job_id: int
    job_id: int | None
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

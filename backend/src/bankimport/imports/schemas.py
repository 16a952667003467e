"""What imports look like over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from bankimport.accounts.schemas import AccountRead
from bankimport.imports.cost_schemas import CostRead, PlannedRead
from bankimport.imports.days import Days
from bankimport.imports.models import AccountStatus, JobStatus, JobType, ReviewDecision, ReviewKind
from bankimport.imports.proof import DayProof, Proof, Why
from bankimport.imports.strip import DayState, Stretch
from bankimport.transactions.models import ChangeKind
from bankimport.transactions.schemas import TransactionRead

AccountIds = Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=500)]


class DateRange(BaseModel):
    """Days, both ends inclusive."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")

    @classmethod
    def of(cls, days: Days) -> "DateRange":
        """The same days."""
        return cls.model_validate({"from": days.first, "to": days.last})


class PlanRequest(BaseModel):
    """What to import. No account named: all of the connection. Dates are inclusive; to_date defaults to today.

    A dry run asks the bank and stores no row; it can be looked at and then committed.
    """

    connection_id: int
    from_date: date | None = None
    to_date: date | None = None
    account_ids: AccountIds = []
    card_ids: AccountIds = []
    auto_enrich: bool = True
    batch_size: int | None = Field(default=None, ge=10, le=1000)
    job_type: JobType = JobType.DATE_RANGE
    max_parallel: int | None = Field(default=None, ge=1, le=16)
    dry_run: bool = False


class FigureRange(BaseModel):
    """Between which a figure should lie."""

    low: int
    high: int


class EstimatedRange(BaseModel):
    """Between which the figures should lie; all rows of the windows count, those held already too."""

    transactions: FigureRange
    duration_seconds: FigureRange
    api_calls: FigureRange


class LimitRead(BaseModel):
    """Something that stands in the way, in words; `code` names it. Days or a time that belong to it come along."""

    model_config = ConfigDict(extra="allow")

    code: str
    message: str


class AccountWindows(BaseModel):
    """The windows that would be asked for one account, newest first."""

    account_id: str
    windows: list[DateRange]


class PlannedCoverage(BaseModel):
    """Which of the wanted days one account holds already, and which it lacks."""

    account_id: str
    held_days: int
    held: list[DateRange]
    missing: list[DateRange]


class ImportEstimateRead(BaseModel):
    """What an import would fetch, as ranges, never promises; nothing is saved."""

    model_config = ConfigDict(extra="allow")

    job_type: JobType
    is_dry_run: bool
    estimated_accounts: int
    estimated_transactions: int
    estimated_duration_seconds: int
    estimated_range: EstimatedRange
    date_range: DateRange
    api_calls: int
    cost: CostRead
    limits: list[LimitRead]
    coverage: list[PlannedCoverage]
    windows: list[AccountWindows]


class PlanRead(ImportEstimateRead):
    """The plan, saved as a job that waits to be started."""

    job_id: int
    status: JobStatus


class StartRequest(BaseModel):
    """Which plan to carry out."""

    job_id: int


class AccountState(BaseModel):
    """An account of a started job."""

    account_id: str
    status: AccountStatus


class StartRead(BaseModel):
    """The job as it stands now; starting it twice changes nothing."""

    job_id: int
    status: JobStatus
    started_at: datetime | None
    accounts: list[AccountState]


class Progress(BaseModel):
    """How far a job is."""

    completed_accounts: int
    total_accounts: int
    percent: int


class ErrorRead(BaseModel):
    """What went wrong, for programs and for people."""

    code: str
    message: str | None


class AttemptRead(BaseModel):
    """One run of an account's import."""

    number: int
    started_at: datetime
    ended_at: datetime | None
    error: ErrorRead | None


class AccountProgress(BaseModel):
    """One account of a job. `duplicates` were held already; `errors` are rows kept aside."""

    account_id: str
    display_name: str
    kind: str
    currency: str
    status: AccountStatus
    synced: int
    duplicates: int
    updated: int
    errors: int
    pending: int
    is_paused: bool
    percent: int
    started_at: datetime | None
    completed_at: datetime | None
    error: ErrorRead | None
    next_attempt_at: datetime | None
    attempts: list[AttemptRead]


class Totals(BaseModel):
    """Rows so far."""

    synced: int
    duplicates: int
    errors: int


class StatusRead(BaseModel):
    """A job and its accounts as they stand."""

    job_id: int
    connection_id: int
    bank: str
    status: JobStatus
    job_type: JobType
    auto_enrich: bool
    is_dry_run: bool
    is_discarded: bool
    date_range: DateRange
    progress: Progress
    accounts: list[AccountProgress]
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    estimated_completion: datetime | None
    total_so_far: Totals
    api_calls: int
    planned: PlannedRead
    cost: CostRead
    last_event_id: int


class HistoryEntry(BaseModel):
    """A started job in the list of all."""

    job_id: int
    connection_id: int
    bank: str
    job_type: JobType
    status: JobStatus
    is_dry_run: bool
    date_range: DateRange
    accounts_synced: int
    accounts_total: int
    transactions_imported: int
    duplicates: int
    errors: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    duration_seconds: int | None
    api_calls: int
    planned: PlannedRead
    cost: Decimal | None
    cost_currency: str | None
    cost_in_parts: CostRead


class HistoryRead(BaseModel):
    """Jobs, newest first; `next_cursor` asks for the page after."""

    imports: list[HistoryEntry]
    next_cursor: str | None


class EventRead(BaseModel):
    """Something that happened to a job, numbered per job without gaps."""

    event_id: int
    job_id: int
    account_id: str | None
    type: str
    created_at: datetime
    payload: dict[str, Any]


class EventList(BaseModel):
    """Events in order."""

    events: list[EventRead]
    last_event_id: int


class RejectedRead(BaseModel):
    """A row that could not be understood, where it stands, and why."""

    account_id: str
    position: int
    reason: str
    raw: str


class RejectedList(BaseModel):
    """The rows kept aside."""

    rejected: list[RejectedRead]


class EditRead(BaseModel):
    """What a user changed of a row since it was imported."""

    transaction_id: int
    before: dict[str, Any]
    after: dict[str, Any]
    edited_at: datetime


class UndoRead(BaseModel):
    """What undoing a job does: rows it brought go, rows it took out return, rows it changed are as they were.

    `later` are jobs that have to be undone before it, newest first; `edits` were made since and are kept.
    """

    job_id: int
    rows_removed: int
    rows_restored: int
    rows_reverted: int
    later: list[int]
    edits: list[EditRead]


class DiffRow(BaseModel):
    """A row that a commit would store, change, merge or take out; `before` and `after` hold what differs."""

    transaction_id: int | None
    date: date
    amount: Decimal
    currency: str
    description: str
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}

    @field_serializer("amount")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class AccountDiff(BaseModel):
    """What a commit would do to one account. Counts are whole, lists hold at most `limit` rows each.

    `new` rows would be stored, `same` ones are held already, `changed` ones brought up to date, pending rows `merged`
    with their booked ones, pending rows `vanished` since the bank lists them no more. `lacking` booked rows are kept,
    though the bank's answer lacks them. `balance_effect` is the sum of the
    rows that would be booked, new and merged.
    """

    account_id: str
    display_name: str
    currency: str
    counts: dict[str, int]
    balance_effect: Decimal
    new: list[DiffRow]
    changed: list[DiffRow]
    merged: list[DiffRow]
    vanished: list[DiffRow]
    lacking: list[DiffRow]

    @field_serializer("balance_effect")
    def _plain(self, value: Decimal) -> str:
        return format(value, "f")


class DiffRead(BaseModel):
    """What committing a dry run would do, account by account."""

    job_id: int
    accounts: list[AccountDiff]


class UndoRequest(BaseModel):
    """Whether later imports of the same accounts are to be undone too."""

    with_later: bool = False


class UndoList(BaseModel):
    """What was undone, newest job first."""

    undone: list[UndoRead]


class ChangeRead(BaseModel):
    """One change of a row, with both sides of what changed, by a job or by the user."""

    kind: ChangeKind
    job_id: int | None
    by_user: bool
    before: dict[str, Any]
    after: dict[str, Any]
    at: datetime


class ProvenanceRead(BaseModel):
    """Where a row came from: `position` is its index in the bank's answer, whose hash is `sha256`.

    `import_job_id` brought the row; `answer_job_id` is the job that fetched the answer its values are from.
    """

    transaction_id: int
    import_job_id: int
    answer_job_id: int
    attempt: int
    worker: str
    endpoint: str
    request: str
    received_at: datetime
    correlation_id: str | None
    client_correlation_id: str
    sha256: str
    size_bytes: int
    is_body_kept: bool
    position: int
    window: DateRange | None
    changes: list[ChangeRead]


class ReviewRead(BaseModel):
    """A conflict with both sides: `ours` is what is stored, `banks` what the bank says, empty when it lacks the row."""

    id: int
    kind: ReviewKind
    job_id: int
    transaction: TransactionRead
    ours: dict[str, Any]
    banks: dict[str, Any]
    decision: ReviewDecision | None
    created_at: datetime
    decided_at: datetime | None


class ReviewList(BaseModel):
    """Conflicts, newest first; `next_cursor` asks for the page after."""

    reviews: list[ReviewRead]
    next_cursor: str | None


class ReviewBulk(BaseModel):
    """The same decision on several conflicts."""

    review_ids: Annotated[list[int], Field(min_length=1, max_length=200)]
    decision: Literal["kept", "taken"]


class ReviewBulkRead(BaseModel):
    """What is decided so now, and per conflict that cannot be the code of why."""

    reviews: list[ReviewRead]
    problems: dict[int, str]


class StretchRead(BaseModel):
    """Consecutive days that stand the same; inclusive. `error_code` says why days were refused or failed."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    state: DayState
    error_code: str | None

    @classmethod
    def of(cls, stretch: Stretch) -> "StretchRead":
        """The same stretch."""
        first, last = stretch.days
        return cls.model_validate({"from": first, "to": last, "state": stretch.state, "error_code": stretch.error_code})


class CoverageRead(BaseModel):
    """The days whose answers were read whole and stored; `holes` lie between held days, `refused` are not given.

    `strip` says of every day, from the oldest ever asked for to today, how it stands.
    """

    account_id: str
    held: list[DateRange]
    held_days: int
    holes: list[DateRange]
    refused: list[DateRange]
    transactions: int
    strip: list[StretchRead]


class ProofStretchRead(BaseModel):
    """Consecutive days that stand the same; inclusive.

    `why` says why they cannot be proved, or what is wrong. `missing_amount` is what their rows lack, negative for money
    out; `refetch` the days that may hold it.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    state: DayState
    error_code: str | None
    proof: Proof
    why: str | None
    missing_amount: Decimal | None
    refetch: DateRange | None

    @classmethod
    def of(cls, days: Days, stretch: Stretch, proof: DayProof | None) -> "ProofStretchRead":
        """Days of one stretch; without a proof they are not held."""
        return cls.model_validate(
            {
                "from": days.first,
                "to": days.last,
                "state": stretch.state,
                "error_code": stretch.error_code,
                "proof": proof.proof if proof else Proof.UNPROVABLE,
                "why": (proof.why if proof else Why.NOT_HELD),
                "missing_amount": proof.missing if proof else None,
                "refetch": DateRange.of(proof.refetch) if proof and proof.refetch else None,
            }
        )

    @field_serializer("missing_amount")
    def _plain(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value, "f")


class ProofDays(BaseModel):
    """How many days stand how."""

    proven: int
    balanced: int
    unprovable: int
    broken: int


class ProofRead(BaseModel):
    """How sure every day of an account is; `refetch` are the days to ask for again, as few stretches as possible."""

    account_id: str
    display_name: str
    currency: str
    strip: list[ProofStretchRead]
    days: ProofDays
    newest_proven_day: date | None
    refetch: list[DateRange]


class DayRead(ProofStretchRead):
    """One day of an account, or the few days that are proved together with it: opening + rows = closing.

    `opening` and `closing` are null where no row's balance tells them. `rows_total` is the sum of all the days' booked
    rows; `rows` holds those of the day that was asked for.
    """

    account_id: str
    display_name: str
    currency: str
    day: date
    opening: Decimal | None
    closing: Decimal | None
    rows_total: Decimal
    rows: list[TransactionRead]

    @field_serializer("rows_total")
    def _plain_total(self, value: Decimal) -> str:
        return format(value, "f")

    @field_serializer("opening", "closing")
    def _plain_balance(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value, "f")


class ProofList(BaseModel):
    """The proofs of several accounts."""

    accounts: list[ProofRead]


class HealRead(BaseModel):
    """The jobs that were started to fetch broken days again."""

    job_ids: list[int]


class AccountWithCoverage(AccountRead):
    """An account or card, and which of its days are held."""

    coverage: CoverageRead


class AccountWithCoverageList(BaseModel):
    """The connection's accounts and cards, accounts first."""

    accounts: list[AccountWithCoverage]


class AccountChoice(BaseModel):
    """Which accounts of a job are meant; none named: the whole job."""

    account_ids: AccountIds = []


class BulkRequest(BaseModel):
    """The same for several jobs."""

    action: Literal["pause", "resume", "cancel", "retry"]
    job_ids: Annotated[list[int], Field(min_length=1, max_length=200)]


class BulkRead(BaseModel):
    """Per job its status now, or the code of why it could not be done."""

    outcomes: dict[int, str]


class QueueEntry(BaseModel):
    """A job in the queue; `until` and `why` say what it waits for."""

    job_id: int
    connection_id: int
    bank: str
    job_type: JobType
    status: JobStatus
    date_range: DateRange
    percent: int
    completed_accounts: int
    total_accounts: int
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    why: str | None
    until: datetime | None


class QueueRead(BaseModel):
    """The user's jobs by where they stand, oldest first; the recent ones newest first."""

    is_paused: bool
    queued: list[QueueEntry]
    running: list[QueueEntry]
    waiting: list[QueueEntry]
    paused: list[QueueEntry]
    recent: list[QueueEntry]

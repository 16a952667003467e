"""The overview over HTTP."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from bankimport.connections.consent.clock import ConsentState
from bankimport.connections.models import ConnectionStatus
from bankimport.costs.schemas import MonthCostRead, MonthRead
from bankimport.ids import Id
from bankimport.imports.models import JobStatus
from bankimport.imports.schemas import QueueEntry


class BankFreshness(BaseModel):
    """How far one bank is up to date. The days are those of its account that is furthest behind; null: none yet.

    Days follow some seconds after an import; until then its accounts count as `accounts_being_checked`.
    """

    connection_id: Id
    bank: str
    status: ConnectionStatus
    consent_state: ConsentState
    consent_ends_at: datetime | None
    consent_days_left: int | None
    accounts: int
    accounts_never_imported: int
    last_synced_at: datetime | None
    accounts_being_checked: int = Field(description="accounts whose days are not worked out since their last import")
    accounts_proven: int = Field(description="accounts that have proven days")
    held_until: date | None = Field(description="each account that has stored days has this or a later one")
    proven_until: date | None = Field(description="each of the `accounts_proven` has this day or a later one proven")
    broken_days: int
    broken_account_id: Id | None = Field(description="an account with broken days")


class FailedImport(BaseModel):
    """A bank's newest import, which failed wholly or partly."""

    job_id: Id
    bank: str
    status: JobStatus
    completed_at: datetime | None


class OverviewCounts(BaseModel):
    """What waits for the user, for the menu: imports in the queue, decisions, banks and days that need them."""

    queue: int
    reviews: int
    transfers: int
    banks: int = Field(description="banks whose consent ends soon or has ended")
    broken_accounts: int
    failed_imports: int


class NextRun(BaseModel):
    """The next run of a schedule."""

    schedule_id: Id
    name: str
    bank: str
    at: datetime


class DayActivity(BaseModel):
    """What completed imports stored on one day, UTC."""

    day: date
    rows: int
    imports: int


class OverviewRead(BaseModel):
    """Everything at a glance. Banks that need the user come first."""

    banks: list[BankFreshness]
    failed: list[FailedImport]
    counts: OverviewCounts
    running: list[QueueEntry]
    is_queue_paused: bool
    next_runs: list[NextRun]
    month: MonthRead
    months: list[MonthCostRead] = Field(description="the last six months, this one last")
    days: list[DayActivity] = Field(description="the last thirty days, today last")

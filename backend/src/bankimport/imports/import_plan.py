"""The plan that is saved with a job: its fields, and the only reader and writer of it.

A plan is stored as JSON with its `version`. To rename, add or remove a field, increase `VERSION` and add a step to
`_UPGRADES` that converts the previous version; stored plans are upgraded when they are read.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bankimport.days import Days
from bankimport.db.stored import StoredModel
from bankimport.ids import Id
from bankimport.imports.errors import PlanUnreadable
from bankimport.pricing.schemas import CostRead, PlannedRead

VERSION = 1
_Stored = dict[str, JsonValue]


class LimitCode(StrEnum):
    """What prevents an import from fetching everything at once."""

    SCA_WINDOW = "sca_window"
    BANK_DEPTH = "bank_depth"
    CONSENT_END = "consent_end"
    HOUR_OLD_CACHE = "hour_old_cache"
    RATE_LIMITED = "rate_limited"
    CALLS_PER_MINUTE = "calls_per_minute"
    UNATTENDED_ALLOWANCE = "unattended_allowance"


class Limit(StoredModel):
    """What may be unavailable, or not available at once, and why.

    `from` and `to` are the days concerned; `until` is when that changes; `at` is when the consent ends.
    """

    code: LimitCode
    message: str
    account_id: Id | None = None
    first: date | None = Field(default=None, validation_alias="from", serialization_alias="from")
    last: date | None = Field(default=None, validation_alias="to", serialization_alias="to")
    until: datetime | None = None
    at: datetime | None = None


class FigureRange(StoredModel):
    """The expected range of a figure."""

    low: int
    high: int


class EstimatedRange(StoredModel):
    """The expected ranges; all rows of the windows count, including those already stored."""

    transactions: FigureRange
    duration_seconds: FigureRange
    api_calls: FigureRange


class BaseFigures(StoredModel):
    """The figures before corrections from experience with the bank; later plans learn only from these."""

    transactions: int
    duration_seconds: int
    api_calls: int


class PlannedCoverage(StoredModel):
    """Which of the wanted days one account already has, and which are missing."""

    account_id: Id
    held_days: int
    held: list[Days]
    missing: list[Days]


class AccountWindows(StoredModel):
    """The windows that would be requested for one account, newest first."""

    account_id: Id
    windows: list[Days]


class ImportPlan(StoredModel):
    """What an import would fetch, how long that takes and what it costs; `version` is the version of this form."""

    version: Literal[1] = 1
    estimated_accounts: int
    estimated_transactions: int
    estimated_duration_seconds: int
    estimated_range: EstimatedRange
    api_calls: int
    base: BaseFigures
    learned_from_imports: int
    cost: CostRead
    limits: list[Limit]
    coverage: list[PlannedCoverage]
    windows: list[AccountWindows]

    @property
    def planned(self) -> PlannedRead:
        """The figures to compare with the import's results."""
        return PlannedRead(
            api_calls=self.api_calls,
            transactions=self.estimated_transactions,
            duration_seconds=self.estimated_duration_seconds,
        )

    @property
    def priced(self) -> CostRead | None:
        """The expected cost; None for a plan that was saved before plans had prices."""
        return self.cost if self.cost.parts else None


def read_plan(stored: Mapping[str, Any]) -> ImportPlan:
    """The plan, from any stored version. The column's default, an empty object, is a plan that estimated nothing.

    Raises:
        PlanUnreadable: a field is missing or unknown, or the plan is newer than this program.
    """
    plan = dict(stored or _NOTHING_ESTIMATED)
    version = plan.get("version", 0)
    if not isinstance(version, int) or not 0 <= version <= VERSION:
        raise PlanUnreadable(
            f"a stored plan has version {version}, but this program reads up to {VERSION}; upgrade bankimport",
            version=str(version),
        )
    for upgrade in _UPGRADES[version:]:
        plan = upgrade(plan)
    try:
        return ImportPlan.model_validate(plan)
    except ValidationError as error:
        faults = sorted({".".join(map(str, fault["loc"])) for fault in error.errors()})
        raise PlanUnreadable(
            f"a stored plan of version {version} cannot be read: {', '.join(faults)}", fields=faults
        ) from error


_NOTHING_ESTIMATED: _Stored = {
    "version": 1,
    "estimated_accounts": 0,
    "estimated_transactions": 0,
    "estimated_duration_seconds": 0,
    "estimated_range": {name: {"low": 0, "high": 0} for name in ("transactions", "duration_seconds", "api_calls")},
    "api_calls": 0,
    "base": {"transactions": 0, "duration_seconds": 0, "api_calls": 0},
    "learned_from_imports": 0,
    "cost": {"amount": None, "currency": None},
    "limits": [],
    "coverage": [],
    "windows": [],
}


def written_plan(plan: ImportPlan) -> _Stored:
    """The stored form of the plan."""
    return plan.model_dump(mode="json")


def stored_figure(name: str) -> str:
    """The SQL for a figure of the stored plan of the job `j`, for queries that sum up many plans.

    Raises:
        KeyError: plans have no such figure.
    """
    if ImportPlan.model_fields[name].annotation is not int:
        raise KeyError(name)
    return f"(j.metadata->>'{name}')::bigint"


class PlanColumn(TypeDecorator[ImportPlan]):
    """A JSONB column that contains plans."""

    impl = JSONB
    cache_ok = True

    def process_bind_param(self, value: ImportPlan | None, dialect: Dialect) -> _Stored | None:
        """As it is stored."""
        return None if value is None else written_plan(value)

    def process_result_value(self, value: Mapping[str, Any] | None, dialect: Dialect) -> ImportPlan | None:
        """As it is read.

        Raises:
            PlanUnreadable: see `read_plan`.
        """
        return None if value is None else read_plan(value)


def _from_unversioned(plan: dict[str, Any]) -> dict[str, Any]:
    """Version 0 had no number. Its first plans had neither experience nor prices: their cost was always 0.00 GBP."""
    figures = {
        "transactions": plan.get("estimated_transactions"),
        "duration_seconds": plan.get("estimated_duration_seconds"),
        "api_calls": plan.get("api_calls"),
    }
    is_priced = "parts" in (plan.get("cost") or {})
    return {
        "base": figures,
        "learned_from_imports": 0,
        **plan,
        "cost": plan["cost"] if is_priced else {"amount": None, "currency": None},
        "version": 1,
    }


_UPGRADES: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_from_unversioned,)
"""The step at index n converts version n to version n + 1."""

"""Coverage and proof over HTTP."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from bankimport.accounts.schemas import AccountRead
from bankimport.days import Days
from bankimport.ids import Id
from bankimport.proof.day_proof import DayProof, Proof, Why
from bankimport.proof.day_states import DayState, Stretch
from bankimport.transactions.schemas import TransactionRead


class StretchRead(BaseModel):
    """Consecutive days in the same state; inclusive. `error_code` says why days were refused or failed."""

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    state: DayState
    error_code: str | None

    @classmethod
    def of(cls, stretch: Stretch) -> "StretchRead":
        """The same stretch."""
        days = stretch.days
        return cls.model_validate(
            {"from": days.first, "to": days.last, "state": stretch.state, "error_code": stretch.error_code}
        )


class CoverageRead(BaseModel):
    """The days whose answers were read completely and stored. `holes` are days between them; `refused` are not
    available.

    `strip` gives the state of every day, from the oldest day ever requested to today.
    """

    account_id: Id
    held: list[Days]
    held_days: int
    holes: list[Days]
    refused: list[Days]
    transactions: int
    strip: list[StretchRead]


class ProofStretchRead(BaseModel):
    """Consecutive days with the same result; inclusive.

    `why` says why they cannot be proved, or what is wrong. `missing_amount` is what their rows lack, negative for money
    out; `refetch` are the days that may contain it.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")
    state: DayState
    error_code: str | None
    proof: Proof
    why: str | None
    missing_amount: Decimal | None
    refetch: Days | None
    is_before_history: bool = Field(
        default=False,
        description="they are before the first row: the bank returned nothing for them, or does not serve days so old",
    )

    @classmethod
    def of(cls, days: Days, stretch: Stretch, proof: DayProof | None) -> "ProofStretchRead":
        """Days of one stretch; without a proof they are not stored."""
        return cls.model_validate(
            {
                "from": days.first,
                "to": days.last,
                "state": stretch.state,
                "error_code": stretch.error_code,
                "proof": proof.proof if proof else Proof.UNPROVABLE,
                "why": (proof.why if proof else Why.NOT_HELD),
                "missing_amount": proof.missing if proof else None,
                "refetch": proof.refetch if proof and proof.refetch else None,
            }
        )

    @field_serializer("missing_amount")
    def _plain(self, value: Decimal | None) -> str | None:
        return None if value is None else format(value, "f")


class ProofDays(BaseModel):
    """How many days have each result; `before_history` of the `unprovable` days are before the first row."""

    proven: int
    balanced: int
    unprovable: int
    broken: int
    before_history: int


class ProofRead(BaseModel):
    """How certain every day of an account is; `refetch` are the days to request again, in as few stretches as
    possible."""

    account_id: Id
    display_name: str
    currency: str
    strip: list[ProofStretchRead]
    days: ProofDays
    newest_proven_day: date | None
    refetch: list[Days]


class DayRead(ProofStretchRead):
    """One day of an account, or the few days that are proved together with it: opening + rows = closing.

    `opening` and `closing` are null if no row's balance gives them. `rows_total` is the sum of the booked rows of all
    these days; `rows` contains those of the requested day.
    """

    account_id: Id
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

    job_ids: list[Id]


class AccountWithCoverage(AccountRead):
    """An account or card with its stored days."""

    coverage: CoverageRead


class AccountWithCoverageList(BaseModel):
    """The connection's accounts and cards, accounts first."""

    accounts: list[AccountWithCoverage]

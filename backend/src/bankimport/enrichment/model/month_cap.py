"""The state of the monthly cap for one of the users who share it.

All users of an installation share one cap, but not their spending: a user sees their own part, and whether the cap is
near or reached, because enrichment stops at it. A user who is alone sees everything.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.enrichment.model.ledger import spent_since
from bankimport.money import Money, parse_money
from bankimport.pricing.prices import month_start
from bankimport.settings import get_settings
from bankimport.users.models import User

NEAR = Decimal("0.8")
"""The used share from which the cap counts as near."""


class CapState(StrEnum):
    """How much of the cap all users together have used, as far as each of them needs to know."""

    FREE = "free"
    NEAR = "near"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class MonthCap:
    """The cap and the user's spending, reserved calls at their maximum; `left` None: other users share it."""

    most: Money
    yours: Decimal
    is_shared: bool
    state: CapState
    left: Decimal | None


def month_cap(session: Session, user_id: int, now: datetime) -> MonthCap | None:
    """The state of the cap for this user; None if no cap is set. Calls in other currencies are not included."""
    text = get_settings().llm_monthly_cap
    if text is None:
        return None
    most, since = parse_money(text), month_start(now)
    used = spent_since(session, since, currency=most.currency).amount
    yours = spent_since(session, since, user_id=user_id, currency=most.currency).amount
    is_shared = session.scalars(select(func.count()).select_from(User)).one() > 1
    left = max(most.amount - used, Decimal(0))
    return MonthCap(most, yours, is_shared, _state(used, most.amount), None if is_shared else left)


def _state(used: Decimal, most: Decimal) -> CapState:
    if used >= most:
        return CapState.REACHED
    return CapState.NEAR if used >= most * NEAR else CapState.FREE

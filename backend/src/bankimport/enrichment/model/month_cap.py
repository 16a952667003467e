"""Say how the cap of the month stands to one of those who share it.

All users of an installation spend of one cap. What the others spent is theirs to know: a user is told their own part,
and whether the cap is near or reached, since their enrichment stops at it. Whoever is alone knows all of it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.enrichment.model.ledger import month_start, spent_since
from bankimport.money import Money, parse_money
from bankimport.settings import get_settings
from bankimport.users.models import User

NEAR = Decimal("0.8")
"""The share of the cap from which on it is said to be near."""


class CapState(StrEnum):
    """How much of the cap all users together have used, as far as each of them has to know."""

    FREE = "free"
    NEAR = "near"
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class MonthCap:
    """The cap, what the user spent of it, reserved calls at their greatest; `left` None: others spend of it too."""

    most: Money
    yours: Decimal
    is_shared: bool
    state: CapState
    left: Decimal | None


def month_cap(session: Session, user_id: int, now: datetime) -> MonthCap | None:
    """How the cap stands to this user; None when none is set. Calls in other currencies are not in it."""
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

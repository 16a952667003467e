"""How many of the wanted days a bank is expected to have, before the first request; pure."""

from datetime import date, timedelta

from bankimport.accounts.models import AccountKind
from bankimport.connections.bank_facts import facts_of
from bankimport.days import Days

COMMON_DEPTH_DAYS = 730


def known_depth_days(bank_id: str, kind: AccountKind) -> int | None:
    """How many days of history the bank is known to have for this kind, or None."""
    facts = facts_of(bank_id)
    return facts.card_days if kind is AccountKind.CARD else facts.account_days


def days_with_history(
    ranges: list[Days], bank_id: str, kind: AccountKind, today: date, *, if_unknown: int | None = None
) -> int:
    """How many of the days the bank has, if it has its known depth, or else `if_unknown` days; None: all of them."""
    depth = known_depth_days(bank_id, kind) or if_unknown
    if depth is None:
        return sum(days.length for days in ranges)
    reach = Days(today - timedelta(days=depth), today)
    return sum(overlap.length for days in ranges if (overlap := days.overlap(reach)) is not None)


def too_deep(days: Days, bank_id: str, bank_name: str, kinds: set[AccountKind], today: date) -> tuple[str, Days] | None:
    """The message for days older than the bank, or most banks, are known to have, and those days."""
    depths = [depth for kind in kinds if (depth := known_depth_days(bank_id, kind)) is not None]
    depth = min(depths, default=COMMON_DEPTH_DAYS)
    since = today - timedelta(days=depth)
    if days.first >= since:
        return None
    if depths:
        words = f"{bank_name} usually has about {depth} days; older days may come back empty or be refused"
    else:
        words = "banks have about two years, some up to six; older days come back empty or are refused"
    return words, Days(days.first, min(days.last, since - timedelta(days=1)))


def gives_at_any_time(bank_id: str) -> bool:
    """Whether the bank is known to return its whole history long after consent too."""
    return facts_of(bank_id).at_any_time

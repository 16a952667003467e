"""How much of the wanted days a bank is expected to have, before it was ever asked; pure."""

from datetime import date, timedelta

from bankimport.accounts.models import AccountKind
from bankimport.connections.bank_facts import facts_of
from bankimport.days import Days

COMMON_DEPTH_DAYS = 730


def said_depth_days(bank_id: str, kind: AccountKind) -> int | None:
    """How many days back the bank is said to go for this kind, or None."""
    facts = facts_of(bank_id)
    if facts is None:
        return None
    return facts.card_days if kind is AccountKind.CARD else facts.account_days


def days_with_history(ranges: list[Days], bank_id: str, kind: AccountKind, today: date) -> int:
    """How many of the days the bank is said to have; all of them where nothing is said."""
    depth = said_depth_days(bank_id, kind)
    if depth is None:
        return sum(days.length for days in ranges)
    reach = Days(today - timedelta(days=depth), today)
    return sum(overlap.length for days in ranges if (overlap := days.overlap(reach)) is not None)


def too_deep(days: Days, bank_id: str, bank_name: str, kinds: set[AccountKind], today: date) -> tuple[str, Days] | None:
    """The words for days that are deeper than the bank is said to go, or than most banks go, and those days."""
    said = [depth for kind in kinds if (depth := said_depth_days(bank_id, kind)) is not None]
    depth = min(said, default=COMMON_DEPTH_DAYS)
    since = today - timedelta(days=depth)
    if days.first >= since:
        return None
    if said:
        words = f"{bank_name} is said to give about {depth} days; what is deeper may come back empty or be refused"
    else:
        words = "banks give about two years, some up to six; what is deeper comes back empty or refused"
    return words, Days(days.first, min(days.last, since - timedelta(days=1)))


def gives_at_any_time(bank_id: str) -> bool:
    """Whether the bank is said to give its whole history long after consent too."""
    facts = facts_of(bank_id)
    return facts is not None and facts.at_any_time

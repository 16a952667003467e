"""Decide whether a consent is of the same login as a connection, by the accounts that it lists; pure."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`ask_old`: only what the connection's present consent still lists can say."""

    SAME = "same"
    OTHER = "other"
    ASK_OLD = "ask_old"


@dataclass(frozen=True, slots=True)
class OldConsent:
    """What the connection's present consent lists when it is asked now; `is_over`: it does not work any more."""

    is_over: bool
    lists: frozenset[int] = frozenset()


def compare_login(listed: Set[int], *, has_new: bool, mine: Set[int], old: OldConsent | None) -> Verdict:
    """Whether replacing the connection's consent by the new one loses no account.

    Args:
        listed: the known accounts that the new consent lists.
        has_new: whether it lists an account that was never seen.
        mine: the connection's accounts, as far as the new consent could have listed them.
        old: what the present consent lists; None while it was not asked.

    A joint account is listed by two logins: one account in common proves nothing while others are out of reach of the
    new consent and within reach of the present one.
    """
    if not listed & mine:
        return Verdict.OTHER
    lacking = mine - listed
    if not lacking:
        return Verdict.SAME
    if old is None:
        return Verdict.ASK_OLD
    if old.is_over:
        return Verdict.OTHER if has_new else Verdict.SAME
    return Verdict.OTHER if lacking & old.lists else Verdict.SAME

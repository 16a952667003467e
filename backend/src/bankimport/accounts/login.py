"""Decide whether a consent and a connection belong to the same login, by the accounts it lists; pure."""

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """`ask_old`: the answer depends on what the connection's present consent still lists."""

    SAME = "same"
    OTHER = "other"
    ASK_OLD = "ask_old"


@dataclass(frozen=True, slots=True)
class OldConsent:
    """What the connection's present consent lists now; `is_over`: it no longer works."""

    is_over: bool
    lists: frozenset[int] = frozenset()


def compare_login(listed: Set[int], *, has_new: bool, mine: Set[int], old: OldConsent | None) -> Verdict:
    """Whether replacing the connection's consent with the new one keeps all accounts.

    Args:
        listed: the known accounts that the new consent lists.
        has_new: whether it lists an account that was never seen before.
        mine: the connection's accounts, as far as the new consent could have listed them.
        old: what the present consent lists; None if it was not asked yet.

    Two logins can list the same joint account. So one account in common proves nothing while the present consent
    reaches others that the new consent does not.
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

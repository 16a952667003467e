"""Recognise an account that TrueLayer moved to another provider id, such as `oauth-amex` to `ob-amex`; pure.

Account ids, transaction ids and even a card's digits may differ at the other provider.
Source: support.truelayer.com, article 10543521747473.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bankimport.accounts.identity import AccountFeatures, plain

LEAST_EQUAL_ROWS = 3
LEAST_EQUAL_SHARE = 0.9
_WAY = re.compile(r"^(?:[a-z]{2}-)?(?:oauth|ob|xs2a|cs|pis)-")


class Evidence(StrEnum):
    """The evidence that two accounts are the same, most reliable first."""

    NUMBER = "number"
    CARD_DIGITS = "card_digits"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Overlap:
    """The rows of days that both accounts have: how many are equal, and how many only one of them has."""

    equal: int = 0
    only_new: int = 0
    only_old: int = 0

    @property
    def agrees(self) -> bool:
        """Whether nearly all rows are on both sides, and there are enough to rule out chance."""
        total = self.equal + max(self.only_new, self.only_old)
        return self.equal >= LEAST_EQUAL_ROWS and self.equal >= LEAST_EQUAL_SHARE * total

    @property
    def contradicts(self) -> bool:
        """Whether both sides have rows and most of them are on one side only."""
        return bool(self.only_new and self.only_old and self.equal < self.only_new + self.only_old)


def are_siblings(one_id: str, one_name: str, other_id: str, other_name: str) -> bool:
    """Whether two provider ids lead to the same bank."""
    return _WAY.sub("", one_id) == _WAY.sub("", other_id) or one_name.casefold() == other_name.casefold()


def evidence_of(new: AccountFeatures, old: AccountFeatures, overlap: Overlap, *, are_siblings: bool) -> Evidence | None:
    """Why the new account may be the old one; None without evidence or with contradicting evidence."""
    if new.kind != old.kind or new.currency != old.currency or overlap.contradicts:
        return None
    if plain(new.iban) is not None and plain(new.iban) == plain(old.iban):
        return Evidence.NUMBER
    numbers = [(plain(item.sort_code), plain(item.account_number)) for item in (new, old)]
    if None not in numbers[0] and numbers[0] == numbers[1]:
        return Evidence.NUMBER
    if not are_siblings:
        return None
    digits = [plain(item.partial_card_number) for item in (new, old)]
    if digits[0] is not None and digits[0] == digits[1]:
        return Evidence.CARD_DIGITS
    return Evidence.ROWS if overlap.agrees else None

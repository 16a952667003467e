"""Recognise an account whose TrueLayer id changed; pure.

TrueLayer makes account ids by hashing bank fields, and they can change when the user authorises again: the advice is
to match on number, sort code, IBAN and name.
Source: support.truelayer.com, article 360014473857.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AccountFeatures:
    """What tells one account from another, as far as the bank gives it."""

    kind: str
    truelayer_id: str
    currency: str
    display_name: str
    iban: str | None = None
    account_number: str | None = None
    sort_code: str | None = None
    partial_card_number: str | None = None
    card_network: str | None = None


def match_accounts(seen: Sequence[AccountFeatures], known: Sequence[AccountFeatures]) -> list[int | None]:
    """For each listed account the index of the known account that it is, or None when it is a new one.

    Surest evidence first: TrueLayer's id, IBAN, sort code and number, number, card digits with network, and at last
    the name alone. Evidence counts only where it is the same on exactly one account of each side; a pair never joins
    two kinds or two currencies, and whatever is weaker than TrueLayer's id never joins accounts whose numbers
    differ. No known account is given out twice.
    """
    found: dict[int, int] = {}
    for evidence in (_by_id, _by_iban, _by_number_and_sort_code, _by_number, _by_card, _by_name):
        taken = set(found.values())
        open_seen = _sole_bearers(seen, set(found), evidence)
        open_known = _sole_bearers(known, taken, evidence)
        for key, seen_index in open_seen.items():
            known_index = open_known.get(key)
            if known_index is None:
                continue
            if evidence is _by_id or not _contradict(seen[seen_index], known[known_index]):
                found[seen_index] = known_index
    return [found.get(index) for index in range(len(seen))]


_Evidence = Callable[[AccountFeatures], Hashable | None]


def _sole_bearers(accounts: Sequence[AccountFeatures], settled: set[int], evidence: _Evidence) -> dict[Hashable, int]:
    """Where each piece of evidence stands, for those that stand on exactly one unsettled account."""
    bearers: dict[Hashable, list[int]] = {}
    for index, account in enumerate(accounts):
        key = None if index in settled else evidence(account)
        if key is not None:
            bearers.setdefault(key, []).append(index)
    return {key: indexes[0] for key, indexes in bearers.items() if len(indexes) == 1}


def _contradict(one: AccountFeatures, other: AccountFeatures) -> bool:
    """Whether both sides state a number and the numbers differ."""
    return any(
        mine is not None and theirs is not None and mine != theirs
        for mine, theirs in (
            (_plain(one.iban), _plain(other.iban)),
            (_plain(one.account_number), _plain(other.account_number)),
            (_plain(one.partial_card_number), _plain(other.partial_card_number)),
        )
    )


def _plain(text: str | None) -> str | None:
    """Letters and digits alone, upper case: banks write the same number with and without spaces and dashes."""
    return "".join(character for character in text or "" if character.isalnum()).upper() or None


def _by_id(account: AccountFeatures) -> Hashable | None:
    return account.kind, account.truelayer_id


def _by_iban(account: AccountFeatures) -> Hashable | None:
    iban = _plain(account.iban)
    return (account.kind, account.currency, iban) if iban else None


def _by_number_and_sort_code(account: AccountFeatures) -> Hashable | None:
    number, sort_code = _plain(account.account_number), _plain(account.sort_code)
    return (account.kind, account.currency, sort_code, number) if number and sort_code else None


def _by_number(account: AccountFeatures) -> Hashable | None:
    number = _plain(account.account_number)
    return (account.kind, account.currency, number) if number else None


def _by_card(account: AccountFeatures) -> Hashable | None:
    digits = _plain(account.partial_card_number)
    return (account.kind, account.currency, account.card_network, digits) if digits else None


def _by_name(account: AccountFeatures) -> Hashable | None:
    name = account.display_name.strip().casefold()
    return (account.kind, account.currency, name) if name else None

"""Recognise an account whose TrueLayer id changed; pure.

TrueLayer makes account ids by hashing bank fields. They can change when the user authorises again; TrueLayer advises
matching by number, sort code, IBAN and name.
Source: support.truelayer.com, article 360014473857.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from bankimport.accounts.numbers import NAMES, AccountNumbers


@dataclass(frozen=True, slots=True)
class AccountFeatures:
    """What distinguishes one account from another, as far as the bank reports it.

    `other_ids` are a known account's further ids at TrueLayer besides `truelayer_id`, one per door.
    """

    kind: str
    truelayer_id: str
    currency: str
    display_name: str
    iban: str | None = None
    account_number: str | None = None
    sort_code: str | None = None
    partial_card_number: str | None = None
    card_network: str | None = None
    other_ids: tuple[str, ...] = ()

    @property
    def numbers(self) -> AccountNumbers:
        """Its numbers alone."""
        return AccountNumbers(*(getattr(self, name) for name in NAMES))


def match_by_number(seen: Sequence[AccountFeatures], known: Sequence[AccountFeatures]) -> dict[int, int]:
    """Match listed accounts to known ones, by index: by TrueLayer's id or by number, regardless of whose login lists
    them.

    The most reliable evidence comes first: TrueLayer's id, IBAN, sort code and number, number, card digits with
    network.
    Evidence counts only if exactly one account on each side has it. A pair never joins two kinds or two currencies, and
    weaker evidence than TrueLayer's id never joins accounts with different numbers. No known account is matched twice.
    """
    matches: dict[int, int] = {}
    _match(matches, seen, known, _by_id, is_sure=True)
    for evidence in (_by_iban, _by_number_and_sort_code, _by_number, _by_card):
        _match(matches, seen, known, evidence)
    return matches


def match_by_name(
    seen: Sequence[AccountFeatures], known: Sequence[AccountFeatures], matches: dict[int, int]
) -> dict[int, int]:
    """The matches of `match_by_number`, plus accounts whose name is unique on both sides among the rest.

    A name alone does not show whose account it is: pass only known accounts of the same login.
    """
    named = dict(matches)
    _match(named, seen, known, _by_name)
    return named


_Evidence = Callable[[AccountFeatures], Iterable[Hashable]]


def _match(
    matches: dict[int, int],
    seen: Sequence[AccountFeatures],
    known: Sequence[AccountFeatures],
    evidence: _Evidence,
    *,
    is_sure: bool = False,
) -> None:
    """Add the pairs that share this evidence and that nothing contradicts."""
    open_known = _sole_bearers(known, set(matches.values()), evidence)
    for key, seen_index in _sole_bearers(seen, set(matches), evidence).items():
        known_index = open_known.get(key)
        if known_index is None or known_index in matches.values():
            continue
        if is_sure or not _contradict(seen[seen_index], known[known_index]):
            matches[seen_index] = known_index


def _sole_bearers(accounts: Sequence[AccountFeatures], settled: set[int], evidence: _Evidence) -> dict[Hashable, int]:
    """The position of each piece of evidence that exactly one unsettled account has."""
    bearers: dict[Hashable, list[int]] = {}
    for index, account in enumerate(accounts):
        for key in () if index in settled else evidence(account):
            bearers.setdefault(key, []).append(index)
    return {key: indexes[0] for key, indexes in bearers.items() if len(indexes) == 1}


def _contradict(one: AccountFeatures, other: AccountFeatures) -> bool:
    """Whether both sides give a number and the numbers differ."""
    return any(
        first is not None and second is not None and first != second
        for first, second in (
            (plain(one.iban), plain(other.iban)),
            (plain(one.account_number), plain(other.account_number)),
            (plain(one.sort_code), plain(other.sort_code)),
            (plain(one.partial_card_number), plain(other.partial_card_number)),
        )
    )


def plain(text: str | None) -> str | None:
    """Only letters and digits, in upper case: banks write the same number with and without spaces and dashes."""
    return "".join(character for character in text or "" if character.isalnum()).upper() or None


def _by_id(account: AccountFeatures) -> Iterable[Hashable]:
    return [(account.kind, name) for name in {account.truelayer_id, *account.other_ids} if name]


def _by_iban(account: AccountFeatures) -> Iterable[Hashable]:
    iban = plain(account.iban)
    return [(account.kind, account.currency, iban)] if iban else []


def _by_number_and_sort_code(account: AccountFeatures) -> Iterable[Hashable]:
    number, sort_code = plain(account.account_number), plain(account.sort_code)
    return [(account.kind, account.currency, sort_code, number)] if number and sort_code else []


def _by_number(account: AccountFeatures) -> Iterable[Hashable]:
    number = plain(account.account_number)
    return [(account.kind, account.currency, number)] if number else []


def _by_card(account: AccountFeatures) -> Iterable[Hashable]:
    digits = plain(account.partial_card_number)
    return [(account.kind, account.currency, account.card_network, digits)] if digits else []


def _by_name(account: AccountFeatures) -> Iterable[Hashable]:
    name = account.display_name.strip().casefold()
    return [(account.kind, account.currency, name)] if name else []

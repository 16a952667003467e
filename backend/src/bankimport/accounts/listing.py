"""Ask a bank which accounts and cards exist. Only a successful listing can show that one is gone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bankimport.accounts.identity import AccountFeatures
from bankimport.accounts.models import AccountKind
from bankimport.connections.calls.bank import Bank
from bankimport.connections.models import DataApi
from bankimport.truelayer import schemas as wire
from bankimport.truelayer.answers import Answer
from bankimport.truelayer.errors import EndpointNotSupported, Retry, TrueLayerError
from bankimport.truelayer.v3.client import Identifier, sort_code_with_dashes

NO_NUMBER = frozenset({"NOT_SUPPORTED_BY_GEO", "NOT_SUPPORTED_BY_PROVIDER"})
"""The placeholder for a number that the bank does not give. Source: TrueLayer's specification, `swift_bic`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An account or card as the bank lists it."""

    features: AccountFeatures
    account_type: str | None
    holder_name: str | None


@dataclass(slots=True)
class Listing:
    """What a bank listed.

    `answered` are the kinds it listed successfully; `failures` says why others failed. `whole` are the answered kinds
    of which every entry could be read: only those can show that an account is gone.
    """

    entries: list[Listed] = field(default_factory=list)
    answered: set[AccountKind] = field(default_factory=set)
    whole: set[AccountKind] = field(default_factory=set)
    failures: dict[AccountKind, TrueLayerError] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    bank_id: str | None = None

    def summary(self, known: set[AccountKind]) -> dict[str, Any]:
        """What is stored besides the accounts: what was not listed or could not be read, and the names.

        A bank without cards, for example, is not worth reporting, unless its cards are `known` or it may still answer.
        """
        return {
            "not_listed": {
                kind.value: error.code
                for kind, error in self.failures.items()
                if kind in known or error.retry is not Retry.NEVER
            },
            "unreadable": self.unreadable[:20],
            "names": [_name_with_digits(entry.features) for entry in self.entries],
        }


def ask_listing(bank: Bank) -> Listing:
    """The bank's accounts and cards. Many banks offer only one of the two; a missing half is normal.

    Raises:
        TrueLayerError: neither half was listed; if the reasons differ, the one that is not "unsupported".
        ConnectionExpired: the consent has ended.
    """
    if bank.data_api is DataApi.V3:
        return _listing_v3(bank)
    listing = Listing()
    listings: dict[AccountKind, Callable[[], Iterator[Listed]]] = {
        AccountKind.ACCOUNT: lambda: _accounts(bank, listing),
        AccountKind.CARD: lambda: _cards(bank, listing),
    }
    seen: set[tuple[AccountKind, str]] = set()
    for kind, list_entries in listings.items():
        try:
            entries = list(list_entries())
        except TrueLayerError as error:
            listing.failures[kind] = error
            continue
        listing.answered.add(kind)
        for entry in entries:
            if (kind, entry.features.truelayer_id) not in seen:  # a bank may list an account twice in one answer
                seen.add((kind, entry.features.truelayer_id))
                listing.entries.append(entry)
    if not listing.answered:
        raise min(listing.failures.values(), key=lambda error: isinstance(error, EndpointNotSupported))
    return listing


def _accounts(bank: Bank, listing: Listing) -> Iterator[Listed]:
    answer: Answer[wire.Account] = bank.call(
        lambda client, token, begin: client.accounts(token, psu_ip=bank.attended_ip, begin_call=begin)
    )
    _note_problems(listing, AccountKind.ACCOUNT, answer)
    for row in answer.results:
        _note_bank(listing, row.provider)
        numbers = row.account_number or wire.AccountNumber()
        features = AccountFeatures(
            kind=AccountKind.ACCOUNT,
            truelayer_id=row.account_id,
            currency=(row.currency or "").upper(),
            display_name=row.display_name or "Account",
            iban=_number(numbers.iban),
            account_number=_number(numbers.number),
            sort_code=_number(numbers.sort_code),
        )
        yield Listed(features, row.account_type, None)


def _cards(bank: Bank, listing: Listing) -> Iterator[Listed]:
    answer: Answer[wire.Card] = bank.call(
        lambda client, token, begin: client.cards(token, psu_ip=bank.attended_ip, begin_call=begin)
    )
    _note_problems(listing, AccountKind.CARD, answer)
    for row in answer.results:
        _note_bank(listing, row.provider)
        features = AccountFeatures(
            kind=AccountKind.CARD,
            truelayer_id=row.account_id,
            currency=(row.currency or "").upper(),
            display_name=row.display_name or "Card",
            partial_card_number=_number(row.partial_card_number),
            card_network=row.card_network,
        )
        yield Listed(features, None, row.name_on_card)


def _listing_v3(bank: Bank) -> Listing:
    """The accounts of a connection that is read over Data API v3, which names neither accounts nor the bank.

    Its cards have no rows yet and are left out; that they are not listed says nothing about cards.

    Raises:
        TrueLayerError, ConnectionExpired: nothing was listed.
    """
    found, unreadable = bank.call_v3(lambda client, access: client.accounts(access))
    whole = set() if unreadable else {AccountKind.ACCOUNT}
    listing = Listing(answered={AccountKind.ACCOUNT}, whole=whole, unreadable=list(unreadable))
    for row in found:
        if row.type != "account":
            continue
        numbers = {name: value for item in row.account_identifiers for name, value in _numbers_v3(item)}
        tail = (numbers.get("account_number") or numbers.get("iban") or "")[-4:]
        features = AccountFeatures(
            kind=AccountKind.ACCOUNT,
            truelayer_id=row.id,
            currency=(row.currency or "").upper(),
            display_name=" ".join(filter(None, ((row.account_type or "account").title(), tail))),
            iban=_number(numbers.get("iban")),
            account_number=_number(numbers.get("account_number")),
            sort_code=_number(numbers.get("sort_code")),
        )
        listing.entries.append(Listed(features, row.account_type, next(iter(row.account_holder_names), None)))
    return listing


def _numbers_v3(item: Identifier) -> Iterator[tuple[str, str | None]]:
    if item.type == "iban":
        yield "iban", item.iban
    elif item.type == "sort_code_account_number":
        yield "account_number", item.account_number
        yield "sort_code", sort_code_with_dashes(item.sort_code)


def _note_problems(listing: Listing, kind: AccountKind, answer: Answer[wire.Account] | Answer[wire.Card]) -> None:
    listing.unreadable += answer.problems
    if answer.is_whole:
        listing.whole.add(kind)


def _note_bank(listing: Listing, provider: wire.Provider | None) -> None:
    if provider is not None and provider.provider_id:
        listing.bank_id = provider.provider_id


def _name_with_digits(features: AccountFeatures) -> str:
    """The name with the last digits, which distinguish accounts of the same name."""
    number = features.numbers.shown
    return f"{features.display_name} (…{number[-4:]})" if number else features.display_name


def _number(text: str | None) -> str | None:
    """The number; None for a word in its place, and for one whose digits are all masked or zero."""
    if text is None or text.upper() in NO_NUMBER or not any(digit in text for digit in "123456789"):
        return None
    return text

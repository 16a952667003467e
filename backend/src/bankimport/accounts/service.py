"""List a connection's accounts and cards at the bank, and keep ours in step with what it says."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bankimport.accounts import repository
from bankimport.accounts.identity import AccountFeatures, match_accounts
from bankimport.accounts.models import Account, AccountKind
from bankimport.clock import utc_now
from bankimport.connections.bank import Bank
from bankimport.connections.models import BankConnection
from bankimport.db.session import session_scope
from bankimport.truelayer import schemas as wire
from bankimport.truelayer.answers import Answer
from bankimport.truelayer.errors import AccessDenied, AccountGone, EndpointNotSupported, TrueLayerError


def list_accounts(bank: Bank, connection_id: int) -> None:
    """Ask the bank for accounts and cards, and store what it lists.

    Many banks have only one half: that the other is missing is normal, that both are is an error.

    Raises:
        TrueLayerError: both halves failed, or one failed for another reason than not being there.
    """
    listed = _listed(
        lambda: bank.call(
            lambda client, token, begin: client.accounts(token, psu_ip=bank.attended_ip, begin_call=begin)
        ),
        lambda: bank.call(lambda client, token, begin: client.cards(token, psu_ip=bank.attended_ip, begin_call=begin)),
    )
    with session_scope() as session:
        _keep(session, session.get_one(BankConnection, connection_id), listed)


def _listed(
    ask_accounts: Callable[[], Answer[wire.Account]], ask_cards: Callable[[], Answer[wire.Card]]
) -> list[tuple[AccountFeatures, dict[str, Any]]]:
    failures: list[TrueLayerError] = []
    found: list[tuple[AccountFeatures, dict[str, Any]]] = []
    asks: Sequence[tuple[Callable[[], Answer[Any]], Callable[[Any], AccountFeatures]]] = (
        (ask_accounts, _account_features),
        (ask_cards, _card_features),
    )
    for ask, features_of in asks:
        try:
            results = ask().results
        except (EndpointNotSupported, AccessDenied, AccountGone) as error:
            failures.append(error)
            continue
        more = {"account_type": "account_type", "holder_name": "name_on_card"}
        found.extend(
            (features_of(row), {ours: getattr(row, theirs, None) for ours, theirs in more.items()}) for row in results
        )
    if len(failures) == 2:
        raise failures[0]
    return found


def _account_features(row: wire.Account) -> AccountFeatures:
    numbers = row.account_number or wire.AccountNumber()
    return AccountFeatures(
        kind=AccountKind.ACCOUNT,
        truelayer_id=row.account_id,
        currency=(row.currency or "").upper(),
        display_name=row.display_name or "Account",
        iban=numbers.iban,
        account_number=numbers.number,
        sort_code=numbers.sort_code,
    )


def _card_features(row: wire.Card) -> AccountFeatures:
    return AccountFeatures(
        kind=AccountKind.CARD,
        truelayer_id=row.account_id,
        currency=(row.currency or "").upper(),
        display_name=row.display_name or "Card",
        partial_card_number=row.partial_card_number,
        card_network=row.card_network,
    )


def _keep(
    session: Session, connection: BankConnection, listed: list[tuple[AccountFeatures, dict[str, Any]]]
) -> list[Account]:
    """Store what the bank listed: known accounts are recognised whatever their ids are now, none is ever deleted."""
    known = repository.accounts_of_bank(session, connection.user_id, connection.bank_id)
    matched = match_accounts([features for features, _ in listed], [_features(account) for account in known])
    for account in known:
        if account.connection_id == connection.id and account.missing_since is None:
            account.missing_since = utc_now()
    kept: list[Account] = []
    for (features, extra), index in zip(listed, matched, strict=True):
        account = known[index] if index is not None else Account(user_id=connection.user_id, bank_id=connection.bank_id)
        account.connection_id = connection.id
        account.kind = AccountKind(features.kind)
        account.truelayer_id = features.truelayer_id
        account.display_name = features.display_name
        account.currency = features.currency
        account.account_type = extra["account_type"]
        account.iban = features.iban or account.iban
        account.account_number = features.account_number or account.account_number
        account.sort_code = features.sort_code or account.sort_code
        account.partial_card_number = features.partial_card_number or account.partial_card_number
        account.card_network = features.card_network or account.card_network
        account.holder_name = extra["holder_name"] or account.holder_name
        account.missing_since = None
        session.add(account)
        kept.append(account)
    session.flush()
    return kept


def _features(account: Account) -> AccountFeatures:
    return AccountFeatures(
        kind=account.kind,
        truelayer_id=account.truelayer_id,
        currency=account.currency,
        display_name=account.display_name,
        iban=account.iban,
        account_number=account.account_number,
        sort_code=account.sort_code,
        partial_card_number=account.partial_card_number,
        card_network=account.card_network,
    )


def keep_balance(account: Account, current: Decimal, available: Decimal | None, told_at: datetime) -> None:
    """Store a balance, in our sign, as the account's newest."""
    account.balance_current = current
    account.balance_available = available
    account.balance_at = told_at


def signed_balance(kind: AccountKind, balance: wire.Balance) -> Decimal | None:
    """A balance in our sign, None where it is none: a card's `current` is what is owed, so it becomes negative."""
    if balance.current is None or not balance.current.is_finite():
        return None
    return -balance.current if kind is AccountKind.CARD else balance.current

"""Keep our accounts in step with what banks list: recognise known ones, never delete any."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from bankimport.accounts import repository
from bankimport.accounts.identity import AccountFeatures, match_by_name, match_by_number
from bankimport.accounts.listing import Listed, Listing, ask_listing
from bankimport.accounts.models import Account, AccountDoor, AccountKind
from bankimport.accounts.numbers import AccountNumbers
from bankimport.clock import utc_now
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.usable import expired
from bankimport.connections.consent.describe import has_ended
from bankimport.connections.models import BankConnection
from bankimport.connections.time_zone import zone_of_bank
from bankimport.db.session import session_scope
from bankimport.truelayer.errors import AccessDenied
from bankimport.vault.keys import vault_of


def list_accounts(bank: Bank, connection_id: int) -> None:
    """Ask the bank for the accounts and cards of a settled connection, and store what it lists.

    Raises:
        TrueLayerError: the bank listed neither accounts nor cards; the stored accounts stay unchanged.
        ConnectionExpired: the bank listed nothing because the consent has ended.
    """
    listing = listed_or_ended(bank, connection_id)
    with session_scope() as session:
        repository.lock_accounts_of_connection(session, connection_id)
        store_listing(session, session.get_one(BankConnection, connection_id), listing)


def listed_or_ended(bank: Bank, connection_id: int) -> Listing:
    """What the bank lists. If the bank refuses to list anything, check whether the consent still works.

    Raises:
        TrueLayerError, ConnectionExpired: as `list_accounts`.
    """
    try:
        return ask_listing(bank)
    except AccessDenied:
        if not has_ended(connection_id):
            raise
        with session_scope() as session:
            raise expired(session.get_one(BankConnection, connection_id)) from None


def recognised(
    session: Session, connection: BankConnection, listing: Listing, *, own: int
) -> tuple[list[Account], dict[int, int]]:
    """The user's known accounts at this bank, and which of them each listed account is, by index.

    Ids and numbers match accounts of any login. Names match only accounts that connection `own` lists: one login has
    one account of a name at a bank, but two logins may have one each.
    """
    known = repository.accounts_of_bank(session, connection.user_id, connection.bank_id, own)
    doors: dict[int, list[str]] = {}
    for door in repository.doors_of(session, [account.id for account in known]):
        doors.setdefault(door.account_id, []).append(door.truelayer_id)
    features = [features_of(account, doors.get(account.id, [])) for account in known]
    seen = [entry.features for entry in listing.entries]
    matches = match_by_number(seen, features)
    doors_of_own = repository.doors_of_connection(session, own)
    index_of = {account.id: index for index, account in enumerate(known)}
    here = {(door.kind, door.truelayer_id): index_of[account_id] for account_id, door in doors_of_own.items()}
    for index, features_seen in enumerate(seen):
        at = here.get((AccountKind(features_seen.kind), features_seen.truelayer_id))
        if at is not None and index not in matches and at not in matches.values():
            matches[index] = at  # if another connection uses this id for another account, it means that one here
    mine = {account_id for account_id, door in doors_of_own.items() if door.missing_since is None}
    strangers = {index for index, account in enumerate(known) if account.id not in mine}
    named = match_by_name(seen, features, matches | {-1 - index: index for index in strangers})
    return known, {index: at for index, at in named.items() if index >= 0}


def store_listing(session: Session, connection: BankConnection, listing: Listing) -> list[Account]:
    """Store what a connection lists. An unlisted account is missing at this connection only.

    It is not missing if an entry of its kind could not be read, which may be this account.
    """
    known, matches = recognised(session, connection, listing, own=connection.id)
    before = {account.connection_id for account in known if account.last_synced_at is not None}
    doors = repository.doors_of_connection(session, connection.id)
    connection.listing = listing.summary({door.kind for door in doors.values()})
    stored = [
        _store(session, connection, entry, known[matches[index]] if index in matches else None, doors)
        for index, entry in enumerate(listing.entries)
    ]
    listed_ids = {account.id for account in stored}
    for account_id, door in doors.items():
        if account_id not in listed_ids and door.kind in listing.whole and door.missing_since is None:
            door.missing_since = utc_now()
    connection.settled_at = connection.settled_at or utc_now()
    if connection.time_zone is None and connection.id not in before:
        connection.time_zone = _time_zone(session, connection.bank_id, stored, before)
    session.flush()
    return stored


def set_nickname(session: Session, user_id: int, account_id: int, nickname: str | None) -> Account:
    """Give an account a name of the user's; None or blanks: the bank's name again.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    account = repository.account_of(session, user_id, account_id)
    account.nickname = (nickname or "").strip() or None
    session.flush()
    return account


def _store(
    session: Session,
    connection: BankConnection,
    entry: Listed,
    known: Account | None,
    doors: Mapping[int, AccountDoor],
) -> Account:
    features = entry.features
    account = known or Account(user_id=connection.user_id)
    account.bank_id = connection.bank_id
    account.kind = AccountKind(features.kind)
    account.listed_name = features.display_name
    account.currency = features.currency or account.currency or ""
    account.account_type = entry.account_type
    stored = known.numbers if known else AccountNumbers()
    numbers = features.numbers.or_else(stored)
    if numbers != stored:
        account.keep_numbers(vault_of(session, connection.user_id), numbers)
    account.card_network = features.card_network or account.card_network
    account.holder_name = entry.holder_name or account.holder_name
    session.add(account)
    session.flush()
    door = doors.get(account.id)
    if door is None:
        door = AccountDoor(account_id=account.id, connection_id=connection.id, kind=account.kind)
    door.truelayer_id = features.truelayer_id
    door.missing_since = None
    session.add(door)
    session.flush()
    return account


def _time_zone(session: Session, bank_id: str, stored: Sequence[Account], connection_ids: set[int]) -> str | None:
    """The time zone used for earlier connections to the bank, else that of the bank's country."""
    if connection_ids:
        zones = repository.time_zones_of(session, connection_ids)
        return zones.pop() if len(zones) == 1 else None
    return zone_of_bank(
        bank_id,
        ibans=[account.numbers.iban for account in stored],
        sort_codes=[account.numbers.sort_code for account in stored],
        currencies=[account.currency for account in stored],
    )


def seal_numbers(session: Session, account: Account) -> None:
    """Encrypt the numbers of an account from before there were users' keys."""
    if account.numbers_sealed is None and account.numbers != AccountNumbers():
        account.keep_numbers(vault_of(session, account.user_id), account.numbers)


def features_of(account: Account, truelayer_ids: Sequence[str] = ()) -> AccountFeatures:
    """What distinguishes a known account.

    Raises:
        SealBroken: its numbers do not open.
    """
    numbers = account.numbers
    return AccountFeatures(
        kind=account.kind,
        truelayer_id=truelayer_ids[0] if truelayer_ids else "",
        currency=account.currency,
        display_name=account.listed_name,
        iban=numbers.iban,
        account_number=numbers.account_number,
        sort_code=numbers.sort_code,
        partial_card_number=numbers.partial_card_number,
        card_network=account.card_network,
        other_ids=tuple(truelayer_ids[1:]),
    )

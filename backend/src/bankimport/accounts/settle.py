"""Decide which connection a new consent belongs to: a connection of its own, or an existing one of the same login.

A connection's consent is replaced only if the new one lists everything that the old one can still reach, so no account
is lost. A renewal that belongs to another login waits for the user's decision.
"""

from dataclasses import dataclass
from enum import StrEnum

import structlog
from sqlalchemy.orm import Session

from bankimport.accounts import repository
from bankimport.accounts.listing import Listing, ask_listing
from bankimport.accounts.login import OldConsent, Verdict, compare_login
from bankimport.accounts.service import list_accounts, listed_or_ended, recognised, store_listing
from bankimport.clock import utc_now
from bankimport.connections import repository as connections
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.usable import check_usable
from bankimport.connections.consent.authorise import drop_consent
from bankimport.connections.consent.describe import describe, has_ended
from bankimport.connections.consents import UNKNOWN_BANK, adopt_waiting, forget, name_bank, part_from, take_over
from bankimport.connections.errors import ConnectionExpired, ConnectionRemoved
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError, NotFound
from bankimport.truelayer.errors import AccessDenied, TrueLayerError

log = structlog.get_logger(__name__)


class NothingToDecide(NotFound):
    """No renewal of this connection is waiting for a decision."""

    code = "no_renewal"


class Decision(StrEnum):
    """What the user decided about a renewal with another login."""

    REPLACE = "replace"
    ADD = "add"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Settled:
    """The connection that has the consent now. `is_other_login`: the consent is stored and waits for the user's
    decision."""

    connection_id: int
    is_other_login: bool = False


def refresh_connection(connection_id: int, attended_ip: str | None) -> int:
    """List a connection's accounts again, and finish what could not be done when its consent was given.

    Returns the connection that has the accounts: a connection that turns out to be an earlier one's login joins that
    one.

    Raises:
        TrueLayerError, ConnectionExpired, ConnectionRemoved: nothing could be listed.
    """
    with session_scope() as session:
        connection = session.get_one(BankConnection, connection_id)
        is_settled, is_described = connection.settled_at is not None, connection.described_at is not None
        waiting = connections.undecided_renewal(session, connection_id)
        waiting_id = waiting.id if waiting is not None and waiting.settled_at is None else None
    if waiting_id is not None:
        return settle_consent(waiting_id, attended_ip).connection_id
    if not is_described:
        describe(connection_id)
    if not is_settled:
        return settle_consent(connection_id, attended_ip).connection_id
    list_accounts(Bank(connection_id, attended_ip=attended_ip), connection_id)
    return connection_id


def settle_consent(consent_id: int, attended_ip: str | None, *, is_requested: bool = True) -> Settled:
    """List the accounts that a consent shares, and assign the consent to its connection.

    `is_requested`: the user or their program requested it, not a schedule.

    Raises:
        TrueLayerError, ConnectionExpired: the bank listed nothing; the consent is stored and will be settled later.
    """
    with session_scope() as session:
        describes = session.get_one(BankConnection, consent_id).described_at is None
    if describes:
        describe(consent_id)
    try:
        bank = Bank(consent_id, attended_ip=attended_ip, is_requested=is_requested)
        listing = listed_or_ended(bank, consent_id)
    except BankImportError:
        _adopt_if_over(consent_id)
        raise
    old: dict[int, OldConsent] = {}
    while True:
        with session_scope() as session:
            settled = _settle(session, consent_id, listing, old)
        if isinstance(settled, Settled):
            return settled
        old[settled] = _what_it_lists(Bank(settled, attended_ip=attended_ip, is_requested=is_requested), settled)


def decide_renewal(user_id: int, connection_id: int, decision: Decision, attended_ip: str | None) -> int:
    """Carry out the user's decision about a waiting renewal; returns the connection that has or had the consent.

    `replace` makes it the connection's consent; the connection's accounts stay and are no longer listed. `add` makes it
    a connection of its own. `cancel` ends it.

    Raises:
        ConnectionNotFound: no such connection, or not this user's.
        NothingToDecide: no renewal of it is waiting.
    """
    with session_scope() as session:
        connections.lock_logins(session, user_id)
        connections.connection_of(session, user_id, connection_id)
        waiting = connections.undecided_renewal(session, connection_id)
        if waiting is None:
            raise NothingToDecide(f"no renewal of connection {connection_id} is waiting for a decision")
        consent_id = waiting.id
        if decision is Decision.REPLACE:
            target = connections.locked_connection(session, connection_id)
            take_over(session, target, connections.locked_connection(session, consent_id))
            for door in repository.doors_of_connection(session, connection_id).values():
                door.missing_since = door.missing_since or utc_now()  # so that a name alone does not bring them back
        elif decision is Decision.ADD:
            consent = connections.locked_connection(session, consent_id)
            consent.status, consent.settled_at = ConnectionStatus.ACTIVE, None
    match decision:
        case Decision.CANCEL:
            drop_consent(consent_id)
            return connection_id
        case Decision.REPLACE:
            _list_or_leave(connection_id, attended_ip)
            return connection_id
        case Decision.ADD:
            try:
                return settle_consent(consent_id, attended_ip).connection_id
            except BankImportError as failure:
                log.info("accounts.not_listed", connection_id=consent_id, code=failure.code)
                return consent_id


def list_again(bank: Bank, connection_id: int) -> None:
    """List the accounts again during an import. A consent that was adopted without a listing is settled first.

    Raises:
        TrueLayerError, ConnectionExpired: as `list_accounts`.
    """
    with session_scope() as session:
        is_settled = session.get_one(BankConnection, connection_id).settled_at is not None
    if is_settled:
        list_accounts(bank, connection_id)
    else:
        settle_consent(connection_id, bank.attended_ip, is_requested=bank.is_requested)


def _list_or_leave(connection_id: int, attended_ip: str | None) -> None:
    """List another login's accounts now if the bank answers; otherwise the next refresh lists them."""
    try:
        list_accounts(Bank(connection_id, attended_ip=attended_ip), connection_id)
    except BankImportError as failure:
        log.info("accounts.not_listed", connection_id=connection_id, code=failure.code)


def _settle(session: Session, consent_id: int, listing: Listing, old: dict[int, OldConsent]) -> Settled | int:
    """Assign the consent to its connection, or return the connection whose present consent must be asked first."""
    consent = session.get_one(BankConnection, consent_id)
    connections.lock_logins(session, consent.user_id)
    renewed = connections.locked_connection(session, consent.renews_id) if consent.renews_id is not None else None
    consent = connections.locked_connection(session, consent_id)
    if consent.bank_id == UNKNOWN_BANK and listing.bank_id is not None:
        name_bank(consent, listing.bank_id, None)
    if consent.status is ConnectionStatus.REMOVED:
        if consent.renews_id is None:
            raise ConnectionRemoved(f"the connection to {consent.bank_name} was removed; connect the bank again")
        return Settled(consent.renews_id)  # the old consent has ended in the meantime, and this one was adopted
    if consent.status is ConnectionStatus.UNDECIDED and renewed is not None:
        return _settle_renewal(session, renewed, consent, listing, old)
    if consent.settled_at is None and repository.doors_of_connection(session, consent_id):
        return _settle_adopted(session, consent, listing)
    return _settle_new(session, consent, listing, old)


def _settle_renewal(
    session: Session, renewed: BankConnection, consent: BankConnection, listing: Listing, old: dict[int, OldConsent]
) -> Settled | int:
    if renewed.status is ConnectionStatus.REMOVED:
        consent.status = ConnectionStatus.ACTIVE
        return _settle_new(session, consent, listing, old)
    verdict = _verdict(session, renewed, consent, listing, old.get(renewed.id))
    if verdict is Verdict.ASK_OLD:
        return renewed.id
    if verdict is Verdict.OTHER:
        return _wait_for_word(session, consent, listing)
    take_over(session, renewed, consent)
    store_listing(session, renewed, listing)
    return Settled(renewed.id)


def _settle_adopted(session: Session, connection: BankConnection, listing: Listing) -> Settled:
    """Settle a consent that was adopted without a listing because the one before it had ended."""
    if _verdict(session, connection, connection, listing, OldConsent(is_over=True)) is Verdict.SAME:
        store_listing(session, connection, listing)
        return Settled(connection.id)
    return _wait_for_word(session, part_from(session, connection), listing)


def _settle_new(
    session: Session, consent: BankConnection, listing: Listing, old: dict[int, OldConsent]
) -> Settled | int:
    for other in connections.connections_of(session, consent.user_id):
        if other.id in (consent.id, consent.renews_id) or other.bank_id != consent.bank_id:
            continue
        verdict = _verdict(session, other, consent, listing, old.get(other.id))
        if verdict is Verdict.ASK_OLD:
            return other.id
        if verdict is Verdict.SAME:
            target = connections.locked_connection(session, other.id)
            if consent.authorised_at < target.authorised_at:
                forget(consent)  # a later consent of this login is already in use
                return Settled(target.id)
            take_over(session, target, consent)
            store_listing(session, target, listing)
            return Settled(target.id)
    store_listing(session, consent, listing)
    return Settled(consent.id)


def _wait_for_word(session: Session, consent: BankConnection, listing: Listing) -> Settled:
    assert consent.renews_id is not None
    store = listing.summary(set())
    consent.listing = store
    consent.settled_at = consent.settled_at or consent.authorised_at
    return Settled(consent.renews_id, is_other_login=True)


def _verdict(
    session: Session, connection: BankConnection, consent: BankConnection, listing: Listing, old: OldConsent | None
) -> Verdict:
    """Whether the consent belongs to the connection's login. Names count too if it was given to renew that
    connection."""
    renews = connection.id in (consent.id, consent.renews_id)
    known, matches = recognised(session, connection, listing, own=connection.id if renews else consent.id)
    doors = repository.doors_of_connection(session, connection.id)
    mine = {
        account_id for account_id, door in doors.items() if door.missing_since is None and door.kind in listing.answered
    }
    if renews and not doors:
        return Verdict.SAME
    if renews and not listing.entries and listing.failures and not mine:
        return Verdict.SAME  # it lists nothing of the known kind because it refuses that kind: no contradiction
    listed = {known[index].id for index in matches.values()}
    return compare_login(listed, has_new=len(matches) < len(listing.entries), mine=mine, old=old)


def _what_it_lists(bank: Bank, connection_id: int) -> OldConsent:
    """The accounts that the connection's present consent still lists; all of them if the bank does not answer."""
    with session_scope() as session:
        connection = session.get_one(BankConnection, connection_id)
        doors = repository.doors_of_connection(session, connection_id)
        try:
            check_usable(connection)
        except BankImportError:
            return OldConsent(is_over=True)
    everything = frozenset(doors)
    try:
        listing = ask_listing(bank)
    except ConnectionExpired:
        return OldConsent(is_over=True)
    except AccessDenied:
        return OldConsent(is_over=True) if has_ended(connection_id) else OldConsent(is_over=False, lists=everything)
    except TrueLayerError:
        return OldConsent(is_over=False, lists=everything)
    with session_scope() as session:
        known, matches = recognised(session, session.get_one(BankConnection, connection_id), listing, own=connection_id)
    unread = {account_id for account_id, door in doors.items() if door.kind not in listing.whole}
    return OldConsent(is_over=False, lists=frozenset({known[index].id for index in matches.values()} | unread))


def _adopt_if_over(consent_id: int) -> None:
    """Adopt a renewal that cannot be listed yet if the consent before it has ended."""
    with session_scope() as session:
        consent = session.get_one(BankConnection, consent_id)
        if consent.status is not ConnectionStatus.UNDECIDED or consent.renews_id is None:
            return
        renewed = connections.locked_connection(session, consent.renews_id)
        try:
            check_usable(renewed)
        except BankImportError:
            adopt_waiting(session, renewed)

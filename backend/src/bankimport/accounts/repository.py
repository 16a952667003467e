"""Read and write accounts; makes no decisions."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from bankimport.accounts.models import Account, AccountBalance, AccountDoor, AccountKind
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.connections.time_zone import UNKNOWN
from bankimport.errors import NotFound


class AccountNotFound(NotFound):
    """No such account, or not this user's."""

    code = "account_not_found"


def account_of(session: Session, user_id: int, account_id: int) -> Account:
    """One of the user's accounts.

    Raises:
        AccountNotFound: no such account, or not this user's.
    """
    account = session.scalars(select(Account).where(Account.id == account_id, Account.user_id == user_id)).one_or_none()
    if account is None:
        raise AccountNotFound(f"you have no account {account_id}", account_id=account_id)
    return account


def accounts_of_connection(session: Session, connection_id: int) -> list[Account]:
    """The accounts and cards reachable through the connection, accounts first, in the order they were first seen."""
    statement = (
        select(Account)
        .join(AccountDoor, AccountDoor.account_id == Account.id)
        .where(AccountDoor.connection_id == connection_id)
        .order_by(Account.kind, Account.id)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(statement))


def doors_of_connection(session: Session, connection_id: int) -> dict[int, AccountDoor]:
    """The connection's doors by account id."""
    rows = session.scalars(select(AccountDoor).where(AccountDoor.connection_id == connection_id))
    return {door.account_id: door for door in rows}


def doors_of(session: Session, account_ids: Iterable[int]) -> list[AccountDoor]:
    """Every door of these accounts, in the order they were first seen."""
    statement = select(AccountDoor).where(AccountDoor.account_id.in_(list(account_ids)))
    return list(session.scalars(statement.order_by(AccountDoor.id)))


def door_of(session: Session, account_id: int, connection_id: int) -> AccountDoor | None:
    """The door to an account through this connection, or None."""
    return session.scalars(_DOOR, {"account_id": account_id, "connection_id": connection_id}).one_or_none()


_DOOR = select(AccountDoor).where(
    AccountDoor.account_id == bindparam("account_id"), AccountDoor.connection_id == bindparam("connection_id")
)


def other_ways(session: Session, rows: Sequence[Account]) -> dict[int, list[int]]:
    """Per account, the other usable connections besides the one it is read through."""
    statement = (
        select(AccountDoor.account_id, AccountDoor.connection_id)
        .join(BankConnection, BankConnection.id == AccountDoor.connection_id)
        .where(
            AccountDoor.account_id.in_([row.id for row in rows]),
            AccountDoor.missing_since.is_(None),
            BankConnection.status == ConnectionStatus.ACTIVE,
        )
        .order_by(AccountDoor.id)
    )
    read_through = {row.id: row.connection_id for row in rows}
    doors: dict[int, list[int]] = {row.id: [] for row in rows}
    for account_id, connection_id in session.execute(statement):
        if connection_id != read_through[account_id]:
            doors[account_id].append(connection_id)
    return doors


def accounts_of_user(session: Session, user_id: int) -> list[Account]:
    """Every account and card of the user, in the order they were first seen."""
    return list(session.scalars(select(Account).where(Account.user_id == user_id).order_by(Account.id)))


def accounts_of_bank(session: Session, user_id: int, bank_id: str, connection_id: int) -> list[Account]:
    """Every account and card the user ever had at a bank, plus those of a connection, whatever its bank was called."""
    own = select(AccountDoor.account_id).where(AccountDoor.connection_id == connection_id)
    statement = select(Account).where(Account.user_id == user_id, (Account.bank_id == bank_id) | Account.id.in_(own))
    return list(session.scalars(statement.order_by(Account.id)))


def lock_accounts_of_connection(session: Session, connection_id: int) -> None:
    """Wait until nobody else is storing this connection's listing."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"accounts {connection_id}"))))


def time_zones_of(session: Session, connection_ids: Collection[int]) -> set[str | None]:
    """The time zones of these connections."""
    return set(session.scalars(select(BankConnection.time_zone).where(BankConnection.id.in_(connection_ids))))


def zone_of(session: Session, account: Account) -> ZoneInfo:
    """The time zone that defines the calendar days of the account's rows."""
    return ZoneInfo(session.get_one(BankConnection, account.connection_id).time_zone or UNKNOWN)


def accounts_by_id(session: Session, account_ids: Sequence[int]) -> dict[int, Account]:
    """Accounts by our id."""
    rows = session.scalars(select(Account).where(Account.id.in_(account_ids)))
    return {account.id: account for account in rows}


class AccountToRead(NamedTuple):
    """What reading an account's answers depends on; `unsupported` are the endpoints that its bank does not offer."""

    kind: AccountKind
    zone: ZoneInfo
    unsupported: frozenset[str]


_TO_READ = (
    select(Account.kind, BankConnection.time_zone, Account.unsupported)
    .join(BankConnection, BankConnection.id == Account.connection_id)
    .where(Account.id == bindparam("account_id"))
    .with_for_update(read=True, of=Account)
)


def lock_for_attempt(session: Session, account_id: int) -> AccountToRead:
    """Lock an account against undo and redo until the transaction ends; waits for an undo in progress."""
    kind, time_zone, unsupported = session.execute(_TO_READ, {"account_id": account_id}).one()
    return AccountToRead(kind, ZoneInfo(time_zone or UNKNOWN), frozenset(unsupported))


def lock_for_undo(session: Session, account_ids: Select[int]) -> None:
    """Lock accounts, in the order of their ids, so that no attempt at them begins until the transaction ends."""
    statement = select(Account.id).where(Account.id.in_(account_ids)).order_by(Account.id)
    session.execute(statement.with_for_update(key_share=True))


def reported_balances(session: Session, account_id: int) -> list[AccountBalance]:
    """The balances that the bank reported, in chronological order."""
    statement = select(AccountBalance).where(AccountBalance.account_id == account_id)
    return list(session.scalars(statement.order_by(AccountBalance.told_at, AccountBalance.id)))

"""Accounts, coverage and proof over HTTP."""

from fastapi import APIRouter

from bankimport.accounts.schemas import AccountRead, NicknameChange
from bankimport.accounts.service import set_nickname
from bankimport.auth import CurrentUser
from bankimport.connections.calls.bank import Bank
from bankimport.connections.calls.holder import learn_holder_names
from bankimport.connections.calls.presence import PersonAddress
from bankimport.connections.schemas import ConnectionRead, TimeZoneChange
from bankimport.days import Day
from bankimport.db.request import SessionDep
from bankimport.db.session import session_scope
from bankimport.edge.depends import WAITS_OUTSIDE
from bankimport.ids import Id
from bankimport.imports.renewal import refresh_and_resume
from bankimport.imports.time_zone import set_time_zone
from bankimport.proof import coverage, one_day, prove
from bankimport.proof import heal as healing
from bankimport.proof.schemas import AccountWithCoverageList, CoverageRead, DayRead, HealRead, ProofRead

router = APIRouter(prefix="/api/truelayer", tags=["accounts"])


@router.put("/connections/{connection_id}/time-zone")
def change_time_zone(connection_id: Id, body: TimeZoneChange, session: SessionDep, user: CurrentUser) -> ConnectionRead:
    """Use this time zone for the bank's days, and date the stored rows that have a time accordingly."""
    return ConnectionRead.of(set_time_zone(session, user.id, connection_id, body.time_zone))


@router.get("/connections/{connection_id}/accounts")
def read_accounts(connection_id: Id, session: SessionDep, user: CurrentUser) -> AccountWithCoverageList:
    """The connection's accounts and cards as last listed."""
    return coverage.accounts_read(session, user.id, connection_id)


@router.post("/connections/{connection_id}/accounts/refresh", dependencies=[WAITS_OUTSIDE])
def refresh_accounts(connection_id: Id, user: CurrentUser, address: PersonAddress) -> AccountWithCoverageList:
    """Ask the bank again which accounts and cards exist. An import that waited for a renewal of it is retried."""
    connection_id = refresh_and_resume(user.id, connection_id, address)
    learn_holder_names(Bank(connection_id, attended_ip=address), connection_id)
    with session_scope() as session:
        return coverage.accounts_read(session, user.id, connection_id)


@router.put("/accounts/{account_id}/nickname")
def change_nickname(account_id: Id, body: NicknameChange, session: SessionDep, user: CurrentUser) -> AccountRead:
    """Show an account under a name of your own, everywhere."""
    return AccountRead.of(set_nickname(session, user.id, account_id, body.nickname))


@router.get("/accounts/{account_id}/coverage")
def read_coverage(account_id: Id, session: SessionDep, user: CurrentUser) -> CoverageRead:
    """Which days of an account are stored."""
    return coverage.coverage_read(session, user.id, account_id)


@router.get("/accounts/{account_id}/proof")
def read_proof(account_id: Id, session: SessionDep, user: CurrentUser) -> ProofRead:
    """How certain it is that each day of an account is complete, and what is missing if it is not."""
    return prove.proof_read(session, user.id, account_id)


@router.get("/accounts/{account_id}/proof/{day}")
def read_day(account_id: Id, day: Day, session: SessionDep, user: CurrentUser) -> DayRead:
    """One day of an account: its rows and the balances around them."""
    return one_day.day_read(session, user.id, account_id, day)


@router.post("/accounts/{account_id}/heal")
def heal(account_id: Id, session: SessionDep, user: CurrentUser, address: PersonAddress) -> HealRead:
    """Fetch the account's broken days again."""
    jobs = healing.heal(session, user.id, account_id, address)
    return HealRead(job_ids=[job.id for job in jobs])

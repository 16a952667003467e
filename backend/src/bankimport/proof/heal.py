"""Fetch broken days again."""

from sqlalchemy.orm import Session

from bankimport.accounts import repository as accounts
from bankimport.clock import utc_now
from bankimport.days import merged, without
from bankimport.imports import repository
from bankimport.imports.errors import NotPossibleNow
from bankimport.imports.models import OPEN_ACCOUNT_STATUSES, OPEN_WINDOW_STATES, ImportJob, JobType, WindowState
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import PlanRequest
from bankimport.imports.windows import narrowed
from bankimport.proof.prove import prove_account, to_refetch


def heal(session: Session, user_id: int, account_id: int, attended_ip: str | None) -> list[ImportJob]:
    """Request the days that may contain the missing rows again: one job per stretch, started at once.

    If the stretch was requested on its own before and still came back incomplete, it is requested in halves: some banks
    cut an answer off after a number of rows without saying so. Days that an import is fetching right now are skipped.

    Raises:
        AccountNotFound: no such account, or not this user's.
        NotPossibleNow: no day is broken or possibly cut off, or all such days are being fetched already.
        ConnectionExpired, ConnectionRemoved: nothing can be fetched until the user reconnects.
    """
    account = accounts.account_of(session, user_id, account_id)
    broken = to_refetch(prove_account(session, account, utc_now().date()))
    if not broken:
        raise NotPossibleNow(
            f"no transactions of {account.display_name} are known to be missing; there is nothing to fetch again"
        )
    facts = repository.window_facts(session, [account.id])[account.id]
    answered = {window.days for window in facts if window.state is WindowState.COMPLETED}
    under_way = merged(
        window.days for window in facts if window.state in OPEN_WINDOW_STATES and window.status in OPEN_ACCOUNT_STATUSES
    )
    windows = [narrow for days in broken for narrow in narrowed(days, answered) if without(narrow, under_way)]
    if not windows:
        raise NotPossibleNow(
            f"these days of {account.display_name} are already being fetched again; wait until that import has finished"
        )
    jobs = []
    for days in windows:
        request = PlanRequest(
            connection_id=account.connection_id,
            account_ids=[account.id],
            from_date=days.first,
            to_date=days.last,
            job_type=JobType.DATE_RANGE,
        )
        jobs.append(start_import(session, user_id, plan_import(session, user_id, request, attended_ip).id, attended_ip))
    return jobs

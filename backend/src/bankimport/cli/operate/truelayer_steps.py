"""The steps of docs/truelayer.md, from an empty account at TrueLayer to the first import: what is done, what next."""

from collections.abc import Iterator
from dataclasses import dataclass

import httpx2
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bankimport.connections.calls.credentials import Credentials
from bankimport.connections.models import BankConnection, ConnectionStatus
from bankimport.connections.setup import check_credentials
from bankimport.imports.models import ImportJob, JobStatus

PATIENCE_S = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One check: whether it passed, what was found, and what to do: about a failure, or as the next step."""

    name: str
    is_well: bool
    found: str
    remedy: str = ""


NO_CREDENTIALS = Check(
    "TrueLayer",
    False,
    "no client id or secret",
    "make an application at https://console.truelayer.com and run `bankimport setup`, or start with --simulator",
)


def steps_at_truelayer(used: Credentials, redirect_uri: str) -> Iterator[Check]:
    """The steps that TrueLayer itself must confirm; after one that fails, those that rest on it are left out."""
    for check in check_credentials(used, redirect_uri):
        yield Check(check.name.replace("_", " "), check.is_well, check.found, check.remedy or "")
        if not check.is_well:
            return
    yield _banks(used)


def steps_here(session: Session) -> Iterator[Check]:
    """The steps that show in our database, of all users: a connected bank, live consents, an import that completed."""
    count = func.count()
    by_status = select(BankConnection.status, count).group_by(BankConnection.status)
    statuses = {row[0]: row[1] for row in session.execute(by_status)}
    is_done = ImportJob.job_status == JobStatus.COMPLETED, ImportJob.is_dry_run.is_(False)
    completed = session.scalar(select(count).select_from(ImportJob).where(*is_done))
    active, ended = statuses.get(ConnectionStatus.ACTIVE, 0), statuses.get(ConnectionStatus.EXPIRED, 0)
    if not active:
        found = "none is connected" if not ended else f"none is connected any more: {_consents(ended)} ended"
        yield Check("bank", not ended, found, "run `bankimport connect`, or connect one on the page")
        return
    yield Check("bank", True, f"{active} connected")
    if ended:
        yield Check("consents", False, f"{_consents(ended)} ended", "reconnect the bank on the page; stored rows stay")
    if completed:
        yield Check("first import", True, f"done: {completed} {'import' if completed == 1 else 'imports'} completed")
    else:
        remedy = "run `bankimport import`; most banks give their whole history only within minutes after the consent"
        yield Check("first import", True, "none has completed yet", remedy)


def _consents(count: int) -> str:
    return "1 consent has" if count == 1 else f"{count} consents have"


def _banks(used: Credentials) -> Check:
    """How many banks TrueLayer offers to this application: without leave to use the Data API there are none."""
    url = f"{used.auth_url}/api/providers"
    try:
        answer = httpx2.get(url, params={"clientId": used.client_id}, timeout=PATIENCE_S)
        banks = answer.json() if answer.status_code == httpx2.codes.OK else None
    except (httpx2.HTTPError, ValueError) as error:
        return Check("banks", False, f"{url}: {type(error).__name__}", "try again in a few minutes")
    if not isinstance(banks, list):
        return Check("banks", False, f"{url} answers {answer.status_code}", "try again in a few minutes")
    if not banks:
        remedy = "enable the Data API for this application in the console, or ask TrueLayer's support to do it"
        return Check("banks", False, "TrueLayer offers this application no bank", remedy)
    return Check("banks", True, f"{len(banks)} can be connected")

"""Import from a simulated bank, and compare what is stored with what happened there."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from starlette.testclient import TestClient

from bankimport.clock import utc_today
from bankimport.db.session import session_scope
from bankimport.imports import repository
from bankimport.transactions.models import Transaction, Transfer, TransferStatus
from bankimport.users.models import User
from tests.support.steps.installation import Installation
from tests.support.suite.lanes import in_deep, is_deep

DAYS = in_deep(120, else_=40)
START = utc_today() - timedelta(days=DAYS)
LONG_AGO = utc_today() - timedelta(days=120)
"""Further back than one window reaches."""


def stored(account_id: str) -> Counter[tuple[str, str]]:
    """The account's booked rows as (day, amount), counted."""
    with session_scope() as session:
        rows = session.execute(
            select(Transaction.date, Transaction.amount).where(
                Transaction.account_id == int(account_id),
                Transaction.status == "booked",
                Transaction.removed_at.is_(None),
            )
        )
        return Counter((day.isoformat(), f"{amount:.2f}") for day, amount in rows)


def happened(installation: Installation, bank_id: str, kind: str, number: int, first: date) -> Counter[tuple[str, str]]:
    rows = installation.simulator.truth(
        provider_id=bank_id, kind=kind, number=str(number), **{"from": first.isoformat()}
    )
    return Counter((row["date"], f"{float(row['amount']):.2f}") for row in rows)


def run_import(installation: Installation, client: TestClient, connection_id: int, **fields: Any) -> Any:
    body = {"auto_enrich": False, "connection_id": connection_id, "from_date": START.isoformat(), **fields}
    planned = client.post("/api/truelayer/import/plan", json=body)
    assert planned.status_code == 200, planned.text
    job_id = planned.json()["job_id"]
    client.post("/api/truelayer/import/start", json={"job_id": job_id}).raise_for_status()
    installation.run_tasks()
    return client.get(f"/api/truelayer/import/status/{job_id}").raise_for_status().json()


def accounts_by_kind(client: TestClient, connection_id: int) -> dict[str, list[dict[str, Any]]]:
    listed = client.get(f"/api/truelayer/connections/{connection_id}/accounts").raise_for_status().json()["accounts"]
    return {kind: [row for row in listed if row["kind"] == kind] for kind in ("account", "card")}


def limit_accounts(installation: Installation, bank_id: str) -> None:
    """Limit a bank to one account and one card, unless the run is a deep one."""
    if is_deep():
        return
    (profile,) = [row for row in installation.simulator.admin("GET", "profiles") if row["provider_id"] == bank_id]
    fewer = {name: min(profile[name], 1) for name in ("accounts", "cards")}
    installation.simulator.admin("PATCH", f"profiles/{bank_id}", **fewer)


IMPORT = "/api/truelayer/import"


def start(client: TestClient, connection_id: int, **fields: Any) -> int:
    body = {"auto_enrich": False, "connection_id": connection_id, "from_date": LONG_AGO.isoformat(), **fields}
    job_id = int(client.post(f"{IMPORT}/plan", json=body).raise_for_status().json()["job_id"])
    client.post(f"{IMPORT}/start", json={"job_id": job_id}).raise_for_status()
    return job_id


def status_of(client: TestClient, job_id: int) -> Any:
    return client.get(f"{IMPORT}/status/{job_id}").raise_for_status().json()


def do(client: TestClient, job_id: int, action: str, **body: Any) -> Any:
    answer = client.post(f"{IMPORT}/{job_id}/{action}", json=body or None)
    assert answer.status_code == 200, answer.text
    return answer.json()


def account_imports(job_id: int) -> list[int]:
    with session_scope() as session:
        return [row.id for row, _ in repository.account_imports_of(session, job_id)]


def plan(client: TestClient, connection_id: int, **fields: Any) -> Any:
    body = {"connection_id": connection_id, "from_date": (utc_today() - timedelta(days=30)).isoformat(), **fields}
    return client.post("/api/truelayer/import/plan", json=body).raise_for_status().json()


def record_of(email: str) -> dict[str, Any]:
    """Every live row of the user, column by column, and the stored days of each account."""
    with session_scope() as session:
        user_id = session.scalars(select(User.id).where(User.email == email)).one()
        rows = session.scalars(
            select(Transaction).where(Transaction.user_id == user_id, Transaction.removed_at.is_(None))
        )
        columns = Transaction.__table__.columns.keys()
        live = {row.id: {name: getattr(row, name) for name in columns} for row in rows}
        accounts = sorted({row["account_id"] for row in live.values()})
        decided = session.scalars(
            select(Transfer).where(Transfer.user_id == user_id, Transfer.status != TransferStatus.SUGGESTED)
        )
        return {
            "rows": live,
            "held": {k: v for k, v in repository.stored_days(session, accounts).items() if v},
            "transfers": {
                (pair.out_id, pair.in_id): pair.status for pair in decided if {pair.out_id, pair.in_id} <= live.keys()
            },
        }

"""`bankimport demo`: the whole product with a mock bank, from consent to a second import that finds only duplicates."""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Annotated

import httpx2
import typer

from bankimport.cli.console import errors_shown, out
from bankimport.cli.days import first_of_last, parse_last
from bankimport.cli.imports.imports import print_status
from bankimport.cli.imports.progress import follow
from bankimport.cli.operate.up import keep_up, print_step
from bankimport.cli.operate.users import make_login_link
from bankimport.clock import utc_today
from bankimport.connections import repository as connections
from bankimport.connections.calls.clients import transport
from bankimport.connections.consent.authorise import begin_authorisation
from bankimport.db.session import session_scope
from bankimport.errors import BankImportError
from bankimport.imports.models import JobStatus
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import PlanRequest, StatusRead
from bankimport.processes.stack import Stack, StackOptions, interrupts_on_termination, running_stack
from bankimport.proof.coverage import accounts_read
from bankimport.proof.prove import proof_read
from bankimport.settings import get_settings, load_settings
from bankimport.users import service as users

EMAIL = "demo@example.org"


class DemoFailed(BankImportError):
    """The demonstration did not have the expected result."""

    code = "demo_failed"


def demo(
    once: Annotated[bool, typer.Option("--once", help="Exit after the import instead of keeping the page up.")] = False,
    last: Annotated[
        str, typer.Option("--last", metavar="LENGTH", help="How far back to import, like 45d, 6w, 3m or 2y.")
    ] = "2y",
) -> None:
    """Start everything with a mock bank, import its data twice, and keep the page up until Ctrl-C."""
    days = parse_last(last)
    home = Path(tempfile.mkdtemp(prefix="bankimport-demo-"))
    try:
        with errors_shown(), interrupts_on_termination():
            settings = load_settings(home=home, database_url=None, redis_url=None)
            try:
                with running_stack(settings, StackOptions(with_simulator=True), print_step) as stack:
                    user_id = _show(stack, days)
                    if once:
                        out.print("\nomit --once to keep the page up, with a sign-in link")
                    else:
                        _print_link(user_id)
                        keep_up(stack)
            except KeyboardInterrupt:
                out.print("stopped")
    finally:
        transport.cache_clear()
        shutil.rmtree(home, ignore_errors=True)


def _show(stack: Stack, days: int) -> int:
    """Run the demonstration of the last days for a new user, whose id is returned."""
    os.environ.update(stack.environment)
    get_settings.cache_clear()
    with session_scope() as session:
        user_id = users.create_user(session, EMAIL, None).id
    connection_id = _connect_mock_bank(user_id)
    with session_scope() as session:
        accounts = accounts_read(session, user_id, connection_id).accounts
    out.print(f"\nconnected the mock bank: {len(accounts)} accounts and cards\n")
    first = _import(stack, user_id, connection_id, days)
    out.print("\nimporting the same days again: every row must be recognised")
    second = _import(stack, user_id, connection_id, days)
    if not {first.status, second.status} <= {JobStatus.COMPLETED, JobStatus.ENRICHING}:
        raise DemoFailed("an import did not complete; see above")
    if second.total_so_far.synced or second.total_so_far.duplicates != first.total_so_far.synced:
        raise DemoFailed("the second import did not find exactly the rows of the first")
    _print_proof(user_id, connection_id)
    return user_id


def _print_link(user_id: int) -> None:
    with session_scope() as session:
        link = make_login_link(users.create_login_link_token(session, user_id))
    out.print(f"\nsign in once, within half an hour: [bold]{link}[/bold]", soft_wrap=True)


def _connect_mock_bank(user_id: int) -> int:
    """Give the consent as the mock bank's user would, through the bank's page."""
    with session_scope() as session:
        redirect = begin_authorisation(session, user_id, provider_ids=["mock"], in_browser=False)
    link = f"{redirect.authorization_url}&simulator_user=john&simulator_password=doe"
    with httpx2.Client(follow_redirects=False, timeout=60, trust_env=False) as browser:
        return_url = browser.get(link).headers.get("location", "")
        landed = browser.get(return_url).headers.get("location", "") if return_url else ""
    with session_scope() as session:
        rows = connections.connections_of(session, user_id)
    if not rows or "problem" in landed:
        raise DemoFailed(f"the mock bank could not be connected: {landed or return_url or 'no redirect'}")
    return rows[0].id


def _import(stack: Stack, user_id: int, connection_id: int, days: int) -> StatusRead:
    def check() -> None:
        dead = stack.first_dead()
        if dead is not None:
            raise dead.failure()

    today = utc_today()
    request = PlanRequest(connection_id=connection_id, from_date=first_of_last(days, today), to_date=today)
    with session_scope() as session:
        job_id = start_import(session, user_id, plan_import(session, user_id, request, None).id).id
    status = follow(user_id, job_id, check)
    print_status(status)
    return status


def _print_proof(user_id: int, connection_id: int) -> None:
    out.print("\nstored days, each read completely, and proven by the bank's own balances:")
    with session_scope() as session:
        for account in accounts_read(session, user_id, connection_id).accounts:
            stored = ", ".join(f"{days.first} to {days.last}" for days in account.coverage.held)
            days = proof_read(session, user_id, account.account_id).days
            out.print(
                f"  {account.display_name:24} {account.coverage.transactions:6} rows  {stored}  "
                f"{days.proven} days proven, {days.unprovable} unprovable, {days.broken} broken",
                soft_wrap=True,
            )
            if days.broken:
                raise DemoFailed(f"days of {account.display_name} are broken; see `bankimport proof`")

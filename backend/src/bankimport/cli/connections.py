"""`bankimport connect` and `bankimport accounts`."""

import time
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bankimport.accounts.settle import Decision
from bankimport.cli.console import AsJson, err, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.clock import utc_now
from bankimport.connections import repository
from bankimport.connections.consent.authorise import REDIRECT_LIFETIME, begin_authorisation
from bankimport.connections.models import BankConnection
from bankimport.connections.overview import connections_read
from bankimport.connections.schemas import ConnectionList, ConnectionRead, RenewalState
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.imports.renewal import answer_renewal
from bankimport.imports.schemas import RenewalAnswered
from bankimport.imports.time_zone import set_time_zone
from bankimport.proof.coverage import accounts_read
from bankimport.proof.schemas import AccountWithCoverage, AccountWithCoverageList

_WAITING = {RenewalState.ANOTHER_LOGIN: "of another login", RenewalState.NOT_LISTED: "accounts not listed yet"}

POLL_S = 1.0
SETTLES_WITHIN = timedelta(minutes=2)
"""Until a bank has listed a consent's accounts, it may turn out to be the login of an earlier connection."""


def connect(
    bank: Annotated[list[str] | None, typer.Option("--bank", help="TrueLayer's id of a bank to offer.")] = None,
    wait: Annotated[bool, typer.Option(help="Wait until the consent is given.")] = True,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Connect a bank: prints a link to open in a browser, and waits for the consent."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        before = {row.id: row.authorised_at for row in repository.connections_of(session, owner.id)}
        redirect = begin_authorisation(session, owner.id, provider_ids=bank or [], in_browser=False)
    if not wait:
        show(
            asdict(redirect),
            as_json,
            lambda: out.print(
                f"{redirect.authorization_url}\nconfirm by: {redirect.confirmation_code}", soft_wrap=True
            ),
        )
        return
    err.print(f"Open this link and give your consent:\n{redirect.authorization_url}", soft_wrap=True)
    err.print(f"If the browser wants a code when you are back, type {redirect.confirmation_code}")
    connection = _wait_for_consent(owner.id, before)
    show(
        ConnectionRead.of(connection),
        as_json,
        lambda: out.print(f"connected {escaped(connection.bank_name)} as connection {connection.id}"),
    )


def _wait_for_consent(user_id: int, before: dict[int, datetime]) -> BankConnection:
    deadline = time.monotonic() + REDIRECT_LIFETIME.total_seconds()
    while time.monotonic() < deadline:
        with session_scope() as session:
            for connection in repository.connections_of(session, user_id):
                is_settled = connection.settled_at is not None or utc_now() - connection.authorised_at > SETTLES_WITHIN
                if before.get(connection.id) != connection.authorised_at and is_settled:
                    return connection
        time.sleep(POLL_S)
    raise InvalidRequest("no consent was given within half an hour; run the command again")


def connections(
    connection: Annotated[
        int | None,
        typer.Argument(parser=parse_id, help="The one whose new consent is of another login; left out: list all."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Use the new login in place of the old one.")] = False,
    add: Annotated[bool, typer.Option("--add", help="Keep both: add the new login as a second connection.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="End the new consent; nothing changes.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List the bank connections, or answer a renewal that came back as another login."""
    decisions = [word for word, chosen in zip(Decision, (replace, add, cancel), strict=True) if chosen]
    with errors_shown(as_json):
        if len(decisions) != (connection is not None):
            raise InvalidRequest("name a connection and one of --replace, --add or --cancel, or leave all out to list")
        with acting_as(user) as (session, owner):
            owner_id = owner.id
            listed = ConnectionList(connections=connections_read(session, owner_id))
        if connection is not None:
            listed = answer_renewal(owner_id, connection, decisions[0], None)
    show(listed, as_json, lambda: _print(listed))


def _print(listed: ConnectionList) -> None:
    if not listed.connections:
        out.print("no bank is connected yet; run `bankimport connect`")
        return
    rows = table(">id", "bank", "status", "consent ends", "new consent")
    for row in listed.connections:
        waits = "" if row.renewal is None else _WAITING[row.renewal.state]
        rows.add_row(str(row.id), row.bank, row.status.value, _consent_end(row), waits)
    out.print(rows)
    if isinstance(listed, RenewalAnswered) and listed.retried_job_id is not None:
        out.print(f"import {listed.retried_job_id}, which waited for the new consent, is running again")
    if any(row.renewal is not None and row.renewal.state is RenewalState.ANOTHER_LOGIN for row in listed.connections):
        out.print("[dim]answer with `bankimport connections ID --replace`, `--add` or `--cancel`[/dim]")


def time_zone(
    connection: Annotated[int, typer.Argument(parser=parse_id, help="The connection's number.")],
    zone: Annotated[str, typer.Argument(help="The bank's own time zone, such as Europe/London.")],
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Set a bank's time zone, and date its stored rows accordingly."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        changed = ConnectionRead.of(set_time_zone(session, owner.id, connection, zone))
    show(changed, as_json, lambda: out.print(f"the days of {escaped(changed.bank)} now use {changed.time_zone}"))


def _consent_end(row: ConnectionRead) -> str:
    if row.consent_ended_at is not None:
        return f"ended {row.consent_ended_at:%Y-%m-%d}"
    if row.consent_expires_at is None:
        return "unknown"
    return f"{'about ' if row.consent_end_assumed else ''}{row.consent_expires_at:%Y-%m-%d}"


def accounts(
    connection: Annotated[
        int | None, typer.Option("--connection", parser=parse_id, help="Only of this connection.")
    ] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List accounts and cards with their stored days."""
    listed: list[AccountWithCoverage] = []
    with errors_shown(as_json), acting_as(user) as (session, owner):
        ids = [connection] if connection else [row.id for row in repository.connections_of(session, owner.id)]
        for connection_id in ids:
            listed += accounts_read(session, owner.id, connection_id).accounts
    show(AccountWithCoverageList(accounts=listed), as_json, lambda: _print_accounts(listed))


def _print_accounts(listed: list[AccountWithCoverage]) -> None:
    if not listed:
        out.print("no account yet; connect a bank with `bankimport connect`")
        return
    rows = table(">account", "kind", "name", "currency", ">balance", ">rows", "stored days", "last synced")
    for account in listed:
        stored = ", ".join(f"{days.first} to {days.last}" for days in account.coverage.held) or "none"
        synced = f"{account.last_synced_at:%Y-%m-%d %H:%M}" if account.last_synced_at else "never"
        balance = str(account.balance.current) if account.balance else ""
        count = str(account.coverage.transactions)
        rows.add_row(
            account.account_id,
            account.kind.value,
            account.display_name,
            account.currency,
            balance,
            count,
            stored,
            synced,
        )
    out.print(rows)

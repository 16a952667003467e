"""`bankimport plan`, `import`, `status` and `history`."""

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from bankimport.accounts.models import AccountKind
from bankimport.accounts.repository import account_of
from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.days import first_of_last, parse_day, parse_last
from bankimport.cli.ids import parse_id
from bankimport.cli.imports.progress import POLL_S, accounts_in_words, follow
from bankimport.cli.local import ForUser, acting_as
from bankimport.cli.option_groups import with_option_groups
from bankimport.clock import utc_now, utc_today
from bankimport.connections import repository as connections
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.imports.models import JobStatus, JobType
from bankimport.imports.plan.plan import plan_import
from bankimport.imports.read.status import history_read, plan_read, status_read
from bankimport.imports.run.start import start_import
from bankimport.imports.schemas import PlanRead, PlanRequest, StatusRead
from bankimport.pricing.schemas import CostRead

FromDate = Annotated[
    date | None, typer.Option("--from", parser=parse_day, metavar="DAY", help="First day, like 2026-01-31.")
]
ToDate = Annotated[date | None, typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day; default: today.")]
Last = Annotated[
    int | None,
    typer.Option(
        "--last",
        parser=parse_last,
        metavar="30d|3m|1y",
        help="A range that ends today: 45d, 6w, 3m or 2y.",
    ),
]
Connection = Annotated[
    int | None, typer.Option("--connection", parser=parse_id, help="Required if several banks are connected.")
]
AccountIds = Annotated[
    list[int] | None,
    typer.Option("--account", parser=parse_id, help="An account or card; repeat for more. Default: all."),
]
Kind = Annotated[JobType, typer.Option("--type", help="How the days to fetch are chosen.")]
BatchSize = Annotated[int | None, typer.Option(help="Approximate number of rows per commit, 10 to 1000.")]
Parallel = Annotated[int | None, typer.Option(help="Accounts fetched at the same time, 1 to 16.")]
Enrich = Annotated[bool, typer.Option("--enrich/--no-enrich", help="Enrich the new rows afterwards.")]
EnrichAt = Annotated[
    datetime | None, typer.Option("--enrich-at", help="Do not enrich before this time (UTC). Default: at once.")
]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The options of an import; times are UTC without a zone, as on the command line."""

    from_date: FromDate = None
    to_date: ToDate = None
    last: Last = None
    account: AccountIds = None
    connection: Connection = None
    job_type: Kind = JobType.DATE_RANGE
    batch_size: BatchSize = None
    parallel: Parallel = None
    enrich: Enrich = True
    enrich_at: EnrichAt = None


@with_option_groups
def plan(options: ImportOptions, user: ForUser = None, as_json: AsJson = False) -> None:
    """Show what an import would fetch; nothing is fetched."""
    with errors_shown(as_json):
        _, made = _plan(user, options)
        show(made, as_json, lambda: _print_plan(made))


@with_option_groups
def run_import(
    options: ImportOptions,
    wait: Annotated[bool, typer.Option(help="Follow the import until it is finished.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Fetch from the bank without storing rows.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Plan and start an import, and follow it. Exit code 3 if an account failed."""
    with errors_shown(as_json):
        user_id, made = _plan(user, options, dry_run=dry_run)
        if not as_json:
            _print_plan(made)
        with session_scope() as session:
            start_import(session, user_id, made.job_id)
        if as_json or not wait:
            status = _read(user_id, made.job_id)
            while wait and status.completed_at is None:
                status = _read_later(user_id, made.job_id)
        else:
            status = follow(user_id, made.job_id)
        show(status, as_json, lambda: print_status(status))
        if dry_run and not as_json:
            out.print(f"nothing is stored yet: `bankimport diff {made.job_id}`, then `bankimport commit {made.job_id}`")
    if status.status in (JobStatus.PARTLY_FAILED, JobStatus.FAILED):
        raise typer.Exit(3)


def status(
    job_id: Annotated[int, typer.Argument(parser=parse_id, help="The import.")],
    watch: Annotated[bool, typer.Option("--follow", help="Follow it until it is finished.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show the state of an import."""
    with errors_shown(as_json):
        with acting_as(user) as (session, owner):
            found = status_read(session, owner.id, job_id)
        if watch and not as_json and found.completed_at is None and found.started_at is not None:
            found = follow(owner.id, job_id)
        show(found, as_json, lambda: print_status(found))


def history(
    limit: Annotated[int, typer.Option(min=1, max=200, help="Maximum number of imports.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List imports, newest first."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        page = history_read(session, owner.id, limit=limit, cursor=cursor)

    def print_table() -> None:
        if not page.imports:
            out.print("nothing was imported yet; run `bankimport import`")
            return
        rows = table(
            ">import",
            "bank",
            "status",
            "days",
            ">accounts",
            ">new",
            ">already stored",
            ">rejected",
            ">calls",
            ">seconds",
        )
        for entry in page.imports:
            rows.add_row(
                str(entry.job_id),
                entry.bank,
                entry.status.value,
                f"{entry.date_range.first} to {entry.date_range.last}",
                f"{entry.accounts_synced}/{entry.accounts_total}",
                str(entry.transactions_imported),
                str(entry.duplicates),
                str(entry.errors),
                str(entry.api_calls),
                "" if entry.duration_seconds is None else str(entry.duration_seconds),
            )
        out.print(rows)

    show(page, as_json, print_table)


def print_status(status: StatusRead) -> None:
    """Print an import and its accounts as a table."""
    total = status.total_so_far
    duration = f", {status.worked_seconds:.1f} s" if status.completed_at and status.started_at else ""
    is_enriching = status.status is JobStatus.ENRICHING
    word = JobStatus.COMPLETED if is_enriching else status.status
    out.print(
        f"\nimport {status.job_id} [bold]{word.value}[/bold]: {accounts_in_words(status.progress)}, "
        f"{total.synced} new rows, {total.duplicates} already stored, {total.errors} rejected, "
        f"{status.api_calls} calls{duration}",
        soft_wrap=True,
    )
    if is_enriching:
        out.print("its rows are being enriched: `bankimport enrichment status`")
    elif status.enrich_at is not None and status.enrich_at > utc_now():
        out.print(f"its rows are enriched at {status.enrich_at:%Y-%m-%d %H:%M} UTC, or later if it has not ended")
    rows = table(">account", "name", "status", ">new", ">already stored", ">rejected", ">pending")
    for account in status.accounts:
        rows.add_row(
            account.account_id,
            account.display_name,
            account.status.value,
            str(account.synced),
            str(account.duplicates),
            str(account.errors),
            str(account.pending),
        )
    out.print(rows)
    if total.errors:
        out.print(f"rejected rows, and why: `bankimport rejected {status.job_id}`")
    for account in status.accounts:
        if account.error is not None:
            message = escaped(account.error.message or account.error.code)
            out.print(f"[yellow]{escaped(account.display_name)}[/yellow]: {message}", soft_wrap=True)


def _plan(email: str | None, options: ImportOptions, *, dry_run: bool = False) -> tuple[int, PlanRead]:
    from_date, connection_id = options.from_date, options.connection
    if options.last is not None:
        if from_date is not None:
            raise InvalidRequest("give --from or --last, not both")
        from_date = first_of_last(options.last, options.to_date or utc_today())
    if options.batch_size is not None and not 10 <= options.batch_size <= 1000:
        raise InvalidRequest(f"--batch-size {options.batch_size} is not from 10 to 1000")
    if options.parallel is not None and not 1 <= options.parallel <= 16:
        raise InvalidRequest(f"--parallel {options.parallel} is not from 1 to 16")
    if options.enrich_at is not None and not options.enrich:
        raise InvalidRequest("give --enrich-at or --no-enrich, not both")
    with acting_as(email) as (session, owner):
        chosen = [account_of(session, owner.id, account_id) for account_id in options.account or []]
        if connection_id is None:
            ids = {row.id for row in connections.connections_of(session, owner.id)}
            ids = {account.connection_id for account in chosen} or ids
            if len(ids) != 1:
                raise InvalidRequest(
                    "choose a bank with --connection; `bankimport connections` lists them"
                    if ids
                    else "no bank is connected yet; run `bankimport connect`"
                )
            connection_id = ids.pop()
        request = PlanRequest(
            connection_id=connection_id,
            from_date=from_date,
            to_date=options.to_date,
            account_ids=[row.id for row in chosen if row.kind is AccountKind.ACCOUNT],
            card_ids=[row.id for row in chosen if row.kind is AccountKind.CARD],
            job_type=options.job_type,
            batch_size=options.batch_size,
            max_parallel=options.parallel,
            auto_enrich=options.enrich,
            enrich_at=options.enrich_at.replace(tzinfo=UTC) if options.enrich_at is not None else None,
            dry_run=dry_run,
        )
        return owner.id, plan_read(plan_import(session, owner.id, request, None))


def _print_plan(made: PlanRead) -> None:
    rows, seconds = made.estimated_range.transactions, made.estimated_range.duration_seconds
    out.print(
        f"plan {made.job_id}: {made.estimated_accounts} accounts, {made.date_range.first} to {made.date_range.last}\n"
        f"  about {rows.low} to {rows.high} rows, {made.api_calls} calls or more, "
        f"{seconds.low} to {seconds.high} s, cost {cost_in_words(made.cost)}",
        soft_wrap=True,
    )
    for limit in made.limits:
        out.print(f"  [yellow]![/yellow] {escaped(limit.message)}", soft_wrap=True)


def cost_in_words(cost: CostRead) -> str:
    """A cost as one phrase; unknown parts are named."""
    known = " and ".join(f"{money.amount:f} {money.currency}" for money in cost.amounts)
    if not cost.unknown:
        return known or "nothing"
    lacking = ", ".join(kind.value.replace("_", " ") for kind in cost.unknown)
    return f"{known}, and unknown: {lacking}" if known else f"unknown: {lacking}"


def _read(user_id: int, job_id: int) -> StatusRead:
    with session_scope() as session:
        return status_read(session, user_id, job_id)


def _read_later(user_id: int, job_id: int) -> StatusRead:
    time.sleep(POLL_S)
    return _read(user_id, job_id)

"""`bankimport pause`, `resume`, `cancel`, `retry`, `undo`, `redo` and `queue`."""

from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from bankimport.cli.console import AsJson, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.imports.imports import print_status
from bankimport.cli.local import ForUser, acting_as
from bankimport.db.session import session_scope
from bankimport.errors import InvalidRequest
from bankimport.imports.changes.schemas import UndoList
from bankimport.imports.changes.undo import plan_undo, redo_import, undo_import
from bankimport.imports.models import ImportJob, JobStatus
from bankimport.imports.read.queue import queue_read
from bankimport.imports.read.status import status_read, undo_read
from bankimport.imports.run import control
from bankimport.imports.schemas import QueueEntry

JobId = Annotated[int, typer.Argument(parser=parse_id, help="The import.")]
AccountIds = Annotated[
    list[int] | None, typer.Option("--account", parser=parse_id, help="Only this account; repeat for more.")
]


def pause(job_id: JobId, account: AccountIds = None, user: ForUser = None, as_json: AsJson = False) -> None:
    """Pause an import; the request in progress finishes first."""
    _do(control.pause_import, job_id, account, user, as_json)


def resume(job_id: JobId, account: AccountIds = None, user: ForUser = None, as_json: AsJson = False) -> None:
    """Resume a paused import where it stopped."""
    _do(control.resume_import, job_id, account, user, as_json)


def cancel(job_id: JobId, account: AccountIds = None, user: ForUser = None, as_json: AsJson = False) -> None:
    """Cancel an import at once; what is stored stays."""
    _do(control.cancel_import, job_id, account, user, as_json)


def retry(job_id: JobId, account: AccountIds = None, user: ForUser = None, as_json: AsJson = False) -> None:
    """Retry what failed in an import, and nothing else."""
    _do(control.retry_import, job_id, account, user, as_json)


def undo(
    job_id: JobId,
    with_later: Annotated[
        bool, typer.Option("--with-later", help="Undo later imports of the same accounts too, newest first.")
    ] = False,
    dry: Annotated[bool, typer.Option("--plan", help="Only show what would be undone.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Restore the record to its state before an import."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if dry:
            plans = [plan_undo(session, owner.id, job_id)]
        else:
            plans = undo_import(session, owner.id, job_id, with_later=with_later)
        done = UndoList(undone=[undo_read(plan) for plan in plans])
    show(done, as_json, lambda: _print_undone(done, "would be undone" if dry else "undone"))


def redo(job_id: JobId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Redo an undone import."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        redo_import(session, owner.id, job_id)
        queue = status_read(session, owner.id, job_id)
    show(queue, as_json, lambda: print_status(queue))


def _print_undone(undone: UndoList, verb: str) -> None:
    for item in undone.undone:
        out.print(
            f"import {item.job_id} {verb}: {item.rows_removed} rows removed, {item.rows_restored} restored, "
            f"{item.rows_reverted} reverted"
        )
        for edit in item.edits:
            out.print(f"  your edit of transaction {edit.transaction_id} is kept: {escaped(str(edit.after))}")
        if item.later and verb != "undone":
            out.print(f"  later imports must be undone too (--with-later): {', '.join(map(str, item.later))}")
    out.print("[dim]`bankimport redo` reverses this[/dim]")


def queue(
    pause_all: Annotated[bool, typer.Option("--pause", help="Pause all imports.")] = False,
    resume_all: Annotated[bool, typer.Option("--resume", help="Resume them.")] = False,
    run_next: Annotated[
        int | None, typer.Option("--next", parser=parse_id, help="Run this import before your others.")
    ] = None,
    in_turn: Annotated[int | None, typer.Option("--in-turn", parser=parse_id, help="Run it in turn again.")] = None,
    connection: Annotated[
        int | None, typer.Option("--connection", parser=parse_id, help="Only of this connection.")
    ] = None,
    status: Annotated[JobStatus | None, typer.Option(help="Only with this status.")] = None,
    recent: Annotated[int, typer.Option(min=0, max=200, help="How many ended imports to show.")] = 5,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Show queued, running, waiting, paused and recently ended imports, and change their order."""
    with errors_shown(as_json):
        if pause_all and resume_all:
            raise InvalidRequest("give --pause or --resume, not both")
        with acting_as(user) as (session, owner):
            if pause_all:
                control.pause_queue(session, owner.id)
            if resume_all:
                control.resume_queue(session, owner.id)
            if run_next is not None:
                control.run_next(session, owner.id, run_next)
            if in_turn is not None:
                control.run_next(session, owner.id, in_turn, is_wanted=False)
        with session_scope() as session:
            queue = queue_read(session, owner.id, connection_id=connection, status=status, recent=recent)
        entries = [*queue.running, *queue.waiting, *queue.queued, *queue.paused, *queue.recent]

        def print_queue() -> None:
            if queue.is_paused:
                out.print("[yellow]the whole queue is paused[/yellow]; `bankimport queue --resume` resumes it")
            _print_entries(entries)

        show(queue, as_json, print_queue)


def _do(
    action: Callable[[Session, int, int, Sequence[int]], ImportJob],
    job_id: int,
    account_ids: list[int] | None,
    email: str | None,
    as_json: bool,
) -> None:
    with errors_shown(as_json):
        with acting_as(email) as (session, owner):
            action(session, owner.id, job_id, account_ids or ())
        with session_scope() as session:
            status = status_read(session, owner.id, job_id)

        def print_it() -> None:
            print_status(status)
            if status.is_queue_paused and status.completed_at is None:
                out.print("[yellow]the whole queue is paused[/yellow]; `bankimport queue --resume` resumes it")

        show(status, as_json, print_it)


def _print_entries(entries: list[QueueEntry]) -> None:
    if not entries:
        out.print("nothing is queued; start an import with `bankimport import`")
        return
    rows = table(">import", "bank", "status", "days", ">accounts", ">%", ">rows", ">calls", "ends", "why")
    for entry in entries:
        until = f"until {entry.until:%Y-%m-%d %H:%M:%S} UTC: {entry.why}" if entry.until else entry.why or ""
        rows.add_row(
            str(entry.job_id),
            entry.bank,
            f"{entry.status.value}, next" if entry.runs_next else entry.status.value,
            f"{entry.date_range.first} to {entry.date_range.last}",
            f"{entry.completed_accounts}/{entry.total_accounts}",
            str(entry.percent),
            f"{entry.rows} of about {entry.planned.transactions}" if entry.completed_at is None else str(entry.rows),
            f"{entry.api_calls} of {entry.planned.api_calls}",
            f"{entry.estimated_completion:%H:%M:%S} UTC" if entry.estimated_completion else "",
            until,
        )
    out.print(rows)

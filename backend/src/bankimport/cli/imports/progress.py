"""Follow a running import in the terminal: bars for people at a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable

from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from bankimport.cli.console import escaped, out
from bankimport.clock import utc_now
from bankimport.db.session import session_scope
from bankimport.imports.models import ENDED_JOB_STATUSES, AccountStatus, JobStatus
from bankimport.imports.read.status import status_read
from bankimport.imports.schemas import AccountProgress, Progress, StatusRead

POLL_S = 0.25


def follow(user_id: int, job_id: int, check: Callable[[], None] = lambda: None) -> StatusRead:
    """Show a job's progress until it is finished, and return its final status.

    `check` is called at every update and may raise to stop following.
    """
    show = _Bars() if out.is_terminal else _Lines()
    with show:
        while True:
            check()
            with session_scope() as session:
                status = status_read(session, user_id, job_id)
            show.update(status)
            if status.status in (*ENDED_JOB_STATUSES, JobStatus.ENRICHING):
                return status
            time.sleep(POLL_S)


class _Lines:
    """Prints a line when an account changes its state, and for every tenth of the total."""

    def __init__(self) -> None:
        self._states: dict[int, tuple[AccountStatus, object]] = {}
        self._tenth = 0

    def __enter__(self) -> "_Lines":
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def update(self, status: StatusRead) -> None:
        for account in status.accounts:
            state = (account.status, account.next_attempt_at)
            if self._states.get(account.account_id) != state and account.status is not AccountStatus.PENDING:
                out.print(f"{escaped(account.display_name)}: {_state(account)}", soft_wrap=True)
            self._states[account.account_id] = state
        if status.progress.percent // 10 > self._tenth:
            self._tenth = status.progress.percent // 10
            out.print(f"{status.progress.percent}%  {_totals(status)}", soft_wrap=True)


class _Bars:
    """Shows a bar for the total and one for each account."""

    def __init__(self) -> None:
        self._progress = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[note]}"),
            TimeElapsedColumn(),
            console=out,
        )
        self._whole = self._progress.add_task("[bold]all accounts", total=100, note="")
        self._accounts: dict[int, TaskID] = {}

    def __enter__(self) -> "_Bars":
        self._progress.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def update(self, status: StatusRead) -> None:
        for account in status.accounts:
            task = self._accounts.get(account.account_id)
            if task is None:
                task = self._progress.add_task(escaped(account.display_name), total=100, note="")
                self._accounts[account.account_id] = task
            self._progress.update(task, completed=account.percent, note=_state(account))
        self._progress.update(self._whole, completed=status.progress.percent, note=_totals(status))


def _state(account: AccountProgress) -> str:
    counts = f"{account.synced} new, {account.duplicates} already stored, {account.errors} rejected"
    match account.status:
        case AccountStatus.PENDING:
            return "paused" if account.is_paused else "waiting for a free slot"
        case AccountStatus.WAITING:
            until = f" until {account.next_attempt_at:%H:%M:%S} UTC" if account.next_attempt_at else ""
            why = f": {account.error.message}" if account.error else ""
            return f"waiting for the bank{until}{why}"
        case AccountStatus.FAILED:
            return f"failed: {account.error.message if account.error else 'unknown'}"
        case AccountStatus.CANCELLED:
            return f"cancelled: {counts}"
        case AccountStatus.COMPLETED:
            return f"done: {counts}"
        case _:
            return counts


def accounts_in_words(progress: Progress) -> str:
    """How many accounts are completed, and how many failed or were cancelled."""
    words = f"{progress.completed_accounts} of {progress.total_accounts} accounts completed"
    ended = ((progress.failed_accounts, "failed"), (progress.cancelled_accounts, "cancelled"))
    return "".join((words, *(f", {count} {word}" for count, word in ended if count)))


def _totals(status: StatusRead) -> str:
    total = status.total_so_far
    rows = total.synced + total.duplicates
    now = status.completed_at or utc_now()
    seconds = status.worked_seconds
    rate = f", {rows / seconds:.0f} rows/s" if seconds > 0.5 and rows else ""
    left = ""
    if status.estimated_completion is not None and status.completed_at is None:
        left = f", about {max(0, round((status.estimated_completion - now).total_seconds()))} s left"
    return f"{total.synced} new, {total.duplicates} already stored, {total.errors} rejected{rate}{left}"

"""`bankimport schedules`: repeat imports."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bankimport.cli.console import AsJson, checked, errors_shown, escaped, out, show, table
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.cli.option_groups import with_option_groups
from bankimport.connections import repository as connections
from bankimport.errors import InvalidRequest
from bankimport.schedules import overview, preview, service
from bankimport.schedules.catch_up import CatchUp
from bankimport.schedules.jitter import MOST_MINUTES
from bankimport.schedules.models import Overlap, Schedule
from bankimport.schedules.recurrence import Frequency
from bankimport.schedules.schemas import (
    PauseRequest,
    PreviewRead,
    RunList,
    ScheduleChange,
    ScheduleList,
    ScheduleRead,
    ScheduleRequest,
)
from bankimport.schedules.words import WEEKDAYS, moment_in_words

app = typer.Typer(help="Repeat imports: daily, weekly, monthly or by a cron expression.", no_args_is_help=True)


def parse_time(text: str) -> time:
    """Parse a time written as 02:00.

    Raises:
        typer.BadParameter: it has another form.
    """
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text} is not a time like 02:00") from None


def parse_weekday(text: str) -> int:
    """Parse a weekday from its name or its first letters, as 1 for Monday to 7 for Sunday.

    Raises:
        typer.BadParameter: it matches none, or several.
    """
    matching = [number for number, name in enumerate(WEEKDAYS, 1) if name.lower().startswith(text.strip().lower())]
    if len(matching) != 1 or not text.strip():
        raise typer.BadParameter(f"{text} is not a weekday like Monday")
    return matching[0]


ScheduleId = Annotated[int, typer.Argument(parser=parse_id, help="The schedule.")]
Connection = Annotated[
    int | None, typer.Option("--connection", parser=parse_id, help="Required if several banks are connected.")
]
Name = Annotated[str | None, typer.Option("--name", help="A name of your choice.")]
How = Annotated[Frequency | None, typer.Option("--frequency", help="How often; default: daily.")]
At = Annotated[time | None, typer.Option("--at", parser=parse_time, metavar="HH:MM", help="When; default: 02:00.")]
Zone = Annotated[str | None, typer.Option("--time-zone", help="A time zone like Europe/London; default: UTC.")]
Weekday = Annotated[
    int | None, typer.Option("--weekday", parser=parse_weekday, metavar="DAY", help="For weekly: Monday to Sunday.")
]
DayOfMonth = Annotated[int | None, typer.Option("--day-of-month", min=1, max=31, help="For monthly: 31 is the last.")]
Cron = Annotated[str | None, typer.Option("--cron", help="Five fields, like '30 2 * * 1-5'.")]
DaysBack = Annotated[int | None, typer.Option("--days-back", min=1, max=2190, help="Maximum days before the run.")]
Incremental = Annotated[
    bool | None, typer.Option("--incremental/--whole", help="Only missing and the newest days, or all days.")
]
AccountIds = Annotated[
    list[int] | None, typer.Option("--account", parser=parse_id, help="An account or card; repeat for more.")
]
AutoEnrich = Annotated[bool | None, typer.Option("--enrich/--no-enrich", help="Enrich the new rows afterwards.")]
EnrichTime = Annotated[
    time | None,
    typer.Option("--enrich-time", parser=parse_time, metavar="HH:MM", help="Enrich at this time, not at once."),
]
AtOnce = Annotated[bool, typer.Option("--enrich-at-once", help="Enrich when a run ends, not at a set time.")]
OnOverlap = Annotated[Overlap | None, typer.Option("--overlap", help="If an earlier run is in progress.")]
OnDowntime = Annotated[CatchUp | None, typer.Option("--catch-up", help="Runs missed during a downtime.")]
Jitter = Annotated[int | None, typer.Option("--jitter", min=0, max=MOST_MINUTES, help="Maximum delay in minutes.")]
PauseAfter = Annotated[
    int | None, typer.Option("--pause-after", min=0, max=100, help="Pause after this many failures in a row; 0: never.")
]
Count = Annotated[int, typer.Option("--count", min=1, max=50, help="How many runs.")]


@dataclass(frozen=True, slots=True)
class ScheduleOptions:
    """The options of a new or changed schedule; None: not given."""

    connection: Connection = None
    name: Name = None
    frequency: How = None
    run_time: At = None
    time_zone: Zone = None
    weekday: Weekday = None
    day_of_month: DayOfMonth = None
    cron: Cron = None
    days_back: DaysBack = None
    incremental: Incremental = None
    account: AccountIds = None
    auto_enrich: AutoEnrich = None
    enrich_time: EnrichTime = None
    overlap: OnOverlap = None
    catch_up: OnDowntime = None
    jitter: Jitter = None
    pause_after: PauseAfter = None

    def fields(self) -> dict[str, Any]:
        """The fields of a `ScheduleRequest` that were given, without the connection."""
        renamed = {"account": "account_ids", "jitter": "jitter_minutes", "pause_after": "pause_after_failures"}
        options = {
            name: value for name, value in asdict(self).items() if value not in (None, []) and name != "connection"
        }
        fields = {renamed.get(name, name): value for name, value in options.items()}
        if fields.get("cron") is not None and "frequency" not in fields:
            fields["frequency"] = Frequency.CRON
        if fields.get("pause_after_failures") == 0:
            fields["pause_after_failures"] = None
        return fields


@app.command("list")
def list_schedules(user: ForUser = None, as_json: AsJson = False) -> None:
    """List the schedules."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        listed = overview.schedule_list(session, owner.id)
    show(listed, as_json, lambda: _print_schedules(listed))


@app.command()
@with_option_groups
def add(options: ScheduleOptions, user: ForUser = None, as_json: AsJson = False) -> None:
    """Repeat an import, and show when it runs next."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        connection_id = _connection(session, owner.id, options.connection)
        request = checked(ScheduleRequest, connection_id=connection_id, **options.fields())
        made = overview.schedule_read(session, service.create_schedule(session, owner.id, request))
        coming = preview.preview_schedule(session, owner.id, made.id, 3)
    show(made, as_json, lambda: _print_with_preview(made, coming))


@app.command()
@with_option_groups
def edit(
    schedule_id: ScheduleId,
    options: ScheduleOptions,
    all_accounts: Annotated[bool, typer.Option("--all-accounts", help="All accounts of the connection.")] = False,
    enrich_at_once: AtOnce = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Change the given fields of a schedule; the others stay."""
    fields = options.fields()
    if options.connection is not None:
        fields["connection_id"] = options.connection
    if all_accounts:
        fields["account_ids"] = []
    if enrich_at_once:
        fields["enrich_time"] = None
    with errors_shown(as_json), acting_as(user) as (session, owner):
        if not fields:
            raise InvalidRequest("nothing to change; see `bankimport schedules edit --help`")
        changed = service.edit_schedule(session, owner.id, schedule_id, checked(ScheduleChange, **fields))
        made = overview.schedule_read(session, changed)
        coming = preview.preview_schedule(session, owner.id, schedule_id, 3)
    show(made, as_json, lambda: _print_with_preview(made, coming))


@app.command()
def remove(schedule_id: ScheduleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Remove a schedule; running imports continue. `restore` brings it back."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        service.remove_schedule(session, owner.id, schedule_id)
    words = f"schedule {schedule_id} was removed; `bankimport schedules restore {schedule_id}` brings it back"
    show({"schedule_id": schedule_id, "removed": True}, as_json, lambda: out.print(words))


@app.command()
def restore(schedule_id: ScheduleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Restore a removed schedule."""
    _do(lambda session, owner_id: service.restore_schedule(session, owner_id, schedule_id), user, as_json)


@app.command()
def pause(
    schedule_id: ScheduleId,
    reason: Annotated[str | None, typer.Option(help="The reason, as a note to yourself.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Start no more runs until it is resumed; a running import continues."""

    def paused(session: Session, owner_id: int) -> Schedule:
        return service.pause_schedule(session, owner_id, schedule_id, checked(PauseRequest, reason=reason).reason)

    _do(paused, user, as_json)


@app.command()
def resume(schedule_id: ScheduleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Resume a schedule with its next run."""
    _do(lambda session, owner_id: service.resume_schedule(session, owner_id, schedule_id), user, as_json)


@app.command()
def run(schedule_id: ScheduleId, user: ForUser = None, as_json: AsJson = False) -> None:
    """Run a schedule now; its next run does not change."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        read = overview.run_read(session, service.run_now(session, owner.id, schedule_id, None))
    if read.job_id is None:
        words = "it waits for an earlier run of this schedule"
    else:
        words = f"import {read.job_id} was started; `bankimport status {read.job_id} --follow` follows it"
    show(read, as_json, lambda: out.print(words))


@app.command("preview")
def preview_runs(schedule_id: ScheduleId, count: Count = 8, user: ForUser = None, as_json: AsJson = False) -> None:
    """Show when a schedule runs next, how many calls each run uses, and what would stop it."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        coming = preview.preview_schedule(session, owner.id, schedule_id, count)
    show(coming, as_json, lambda: _print_preview(coming))


@app.command()
def history(
    schedule_id: ScheduleId,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Maximum number of runs.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="`next_cursor` of the previous page.")] = None,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """List a schedule's runs, newest first: carried out, missed and skipped."""
    with errors_shown(as_json), acting_as(user) as (session, owner):
        runs = overview.history_read(session, owner.id, schedule_id, limit=limit, cursor=cursor)
    show(runs, as_json, lambda: _print_history(runs))


def _do(action: Callable[[Session, int], Schedule], email: str | None, as_json: bool) -> None:
    with errors_shown(as_json), acting_as(email) as (session, owner):
        read = overview.schedule_read(session, action(session, owner.id))
    show(read, as_json, lambda: _print_schedules(ScheduleList(schedules=[read])))


def _connection(session: Session, user_id: int, connection_id: int | None) -> int:
    if connection_id is not None:
        return connection_id
    rows = connections.connections_of(session, user_id)
    if len(rows) != 1:
        raise InvalidRequest(
            "choose a bank with --connection; `bankimport connections` lists them"
            if rows
            else "no bank is connected yet; run `bankimport connect`"
        )
    return rows[0].id


def _print_schedules(listed: ScheduleList) -> None:
    if not listed.schedules:
        out.print("nothing is scheduled yet; `bankimport schedules add` repeats an import")
        return
    rows = table(">schedule", "bank", "when", "next run", "last run", "how it ended")
    for item in listed.schedules:
        following = moment_in_words(item.next_run, item.time_zone) if item.next_run else "paused"
        rows.add_row(
            str(item.id),
            item.bank,
            item.in_words,
            following,
            _moment(item.last_run),
            item.last_status.value if item.last_status else "",
        )
    out.print(rows)
    for item in listed.schedules:
        if item.pause_reason:
            out.print(
                f"[yellow]schedule {item.id} is paused[/yellow]: {escaped(item.pause_reason or '')}", soft_wrap=True
            )


def _print_with_preview(made: ScheduleRead, coming: PreviewRead) -> None:
    out.print(f"schedule {made.id} of {escaped(made.bank)}")
    if made.auto_enrich and made.enrich_time is not None:
        out.print(f"its rows are enriched at {made.enrich_time:%H:%M} ({made.time_zone})")
    _print_preview(coming)


def _print_preview(coming: PreviewRead) -> None:
    out.print(coming.in_words, soft_wrap=True)
    rows = table(">run", "when", "begins", ">calls", "unattended allowance", "")
    for item in coming.runs:
        rows.add_row(
            str(item.number),
            item.in_words,
            f"{item.fires_from:%H:%M:%S} UTC",
            str(item.calls),
            f"{item.allowance_spent} of {item.allowance} in 24 hours",
            item.shift or "",
        )
    out.print(rows)
    for warning in coming.warnings:
        out.print(f"  [yellow]![/yellow] {escaped(warning.message)}", soft_wrap=True)


def _print_history(runs: RunList) -> None:
    if not runs.runs:
        out.print("it has not run yet; `bankimport schedules preview` shows when it will")
        return
    rows = table("time", "why", "state", ">import", ">rows", ">calls", ">seconds", "")
    for item in runs.runs:
        rows.add_row(
            _moment(item.scheduled_for),
            item.trigger.value,
            item.state.value,
            *("" if value is None else str(value) for value in (item.job_id, item.transactions_imported)),
            *("" if value is None else str(value) for value in (item.api_calls, item.duration_seconds)),
            item.reason or "",
        )
    out.print(rows)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else ""

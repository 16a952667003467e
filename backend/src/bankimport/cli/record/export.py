"""`bankimport export`."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from bankimport.cli.console import AsJson, err, errors_shown, show
from bankimport.cli.days import parse_day
from bankimport.cli.ids import parse_id
from bankimport.cli.local import ForUser, acting_as
from bankimport.errors import BankImportError, InvalidRequest
from bankimport.transactions.export.service import Export, ExportFormat, ExportStatus, open_export
from bankimport.transactions.filters import TransactionFilter

QUIET_S = 1.0
"""Exports faster than this show no progress."""


class FileExists(BankImportError):
    """The output file already exists."""

    code = "file_exists"


def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="Format of the file.")],
    account: Annotated[
        int | None, typer.Option("--account", parser=parse_id, help="Only of this account or card.")
    ] = None,
    from_date: Annotated[
        date | None, typer.Option("--from", parser=parse_day, metavar="DAY", help="First day.")
    ] = None,
    to_date: Annotated[date | None, typer.Option("--to", parser=parse_day, metavar="DAY", help="Last day.")] = None,
    status: Annotated[ExportStatus, typer.Option(help="Booked rows, pending ones or all.")] = ExportStatus.BOOKED,
    search: Annotated[str | None, typer.Option("--search", help="Text in the description or merchant.")] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="BOOKMARK", help="Only rows added after an earlier export.")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="BOOKMARK", help="Only rows added up to an earlier export.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; default: standard output.")
    ] = None,
    byte_order_mark: Annotated[
        bool, typer.Option("--byte-order-mark", help="Make spreadsheets read CSV as UTF-8.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    user: ForUser = None,
    as_json: AsJson = False,
) -> None:
    """Write transactions as CSV, NDJSON, OFX or beancount, oldest first.

    Prints the number of rows and the bookmark for the next export on standard error.
    """
    with errors_shown(as_json):
        if output is not None:
            _check_target(output, force=force)
        filters = TransactionFilter(
            account_id=account, first=from_date, last=to_date, status=status.filter, text=search
        )
        with acting_as(user) as (_, owner):
            user_id = owner.id
        with open_export(user_id, filters, form, since=since, until=until, byte_order_mark=byte_order_mark) as made:
            if output is None:
                _write_to_stdout(made)
            else:
                with _replacing(output, force=force) as file:
                    _write(made, file)
    summary: dict[str, Any] = {
        "format": form.value,
        "rows": made.rows_read,
        "left_out": made.left_out,
        "bookmark": made.bookmark,
    }
    if output is not None:
        summary["file"] = str(output)
    if as_json and output is not None:
        show(summary, True, lambda: None)
    elif as_json:
        sys.stderr.write(f"{json.dumps(summary)}\n")
    else:
        for currency, count in sorted(made.left_out.items()):
            err.print(
                f"left out {count} in {currency}, which {form.value} does not support", soft_wrap=True, markup=False
            )
        err.print(f"{made.rows_read} rows; bookmark {made.bookmark}", soft_wrap=True, markup=False)


def _write(made: Export, file: BinaryIO) -> None:
    """Write everything; on a terminal, a bar appears after a moment."""
    started_at = time.monotonic()
    bar = Progress(
        TextColumn("{task.completed:.0f} of {task.total:.0f} rows"),
        BarColumn(bar_width=30),
        TimeRemainingColumn(),
        console=err,
        transient=True,
    )
    task = bar.add_task("", total=made.rows)
    is_shown = False
    try:
        for chunk in made.chunks:
            file.write(chunk)
            if err.is_terminal and not is_shown and time.monotonic() - started_at > QUIET_S:
                bar.start()
                is_shown = True
            bar.update(task, completed=made.rows_read)
        file.flush()
    finally:
        if is_shown:
            bar.stop()


def _write_to_stdout(made: Export) -> None:
    try:
        _write(made, sys.stdout.buffer)
    except BrokenPipeError:
        # The reader has closed the pipe. Python must not write its buffered output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


def _check_target(output: Path, *, force: bool) -> None:
    """Refuse early what would fail in the end.

    Raises:
        FileExists: the file exists and must not be overwritten.
        InvalidRequest: it is not a file, or its folder does not exist.
    """
    if output.exists() and not output.is_file():
        raise InvalidRequest(f"{output} is not a file")
    if output.exists() and not force:
        raise FileExists(f"{output} already exists; --force overwrites it")
    if not output.resolve().parent.is_dir():
        raise InvalidRequest(f"there is no folder {output.resolve().parent}")


@contextmanager
def _replacing(output: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A temporary file next to the output file, readable only by its owner, renamed once it is complete.

    Raises:
        FileExists: another process has created the file in the meantime.
        InvalidRequest: it cannot be written.
    """
    target = output.resolve()
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise InvalidRequest(f"{output} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            os.fsync(file.fileno())
        _check_target(output, force=force)
        Path(name).replace(target)
    except OSError as error:
        raise InvalidRequest(f"{output} cannot be written: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            Path(name).unlink()

"""Print for people or for programs, and report errors in one clear line."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import BaseModel, ValidationError
from rich.console import Console, JustifyMethod, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bankimport.errors import BankImportError, InvalidRequest
from bankimport.ids import ids_as_text

UNFOLDED_COLUMNS = 10_000
"""Lines are folded at a terminal's width; in a pipe or a file they are left whole."""


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, emoji=False, width=None if stream.isatty() else UNFOLDED_COLUMNS)


out = _console(stderr=False)
err = _console(stderr=True)

Wanted = TypeVar("Wanted", bound=BaseModel)

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def show(value: BaseModel | dict[str, Any], as_json: bool, for_people: Callable[[], None]) -> None:
    """Print a value as JSON, or with `for_people`."""
    if not as_json:
        for_people()
        return
    if isinstance(value, BaseModel):
        text = value.model_dump_json(indent=2)
    else:
        text = json.dumps(ids_as_text(value), indent=2, default=str)
    sys.stdout.write(text + "\n")


class Rows(Table):
    """A table that shows cells literally, because most of them come from banks and payers."""

    def add_row(self, *cells: RenderableType | int | None, **options: Any) -> None:
        """Add a row; pass a cell with colours as `Text`."""
        shown = (Text(printable(str(cell))) if isinstance(cell, str | int) else cell for cell in cells)
        super().add_row(*shown, **options)


def table(*columns: str) -> Rows:
    """A table without decoration; columns whose name starts with > are right-aligned."""
    result = Rows(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # Long cells wrap: a truncated name is useless.
        justify: JustifyMethod = "right" if column.startswith(">") else "left"
        result.add_column(column.removeprefix(">"), justify=justify, overflow="fold")
    return result


def printable(text: str) -> str:
    """The text with all control and invisible characters escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def escaped(text: str) -> str:
    """A bank's or user's text, escaped for a line that is printed with colours."""
    return escape(printable(text))


def fail(error: BankImportError, as_json: bool) -> NoReturn:
    """Print the error on standard error and exit with code 1."""
    if as_json:
        body: dict[str, Any] = {"code": error.code, "message": error.message}
        if error.details:
            body["details"] = error.details
        sys.stderr.write(json.dumps(body, default=str) + "\n")
    else:
        err.print(f"[red]error[/red] {escaped(error.message)}", soft_wrap=True)
    raise typer.Exit(1) from error


@contextmanager
def errors_shown(as_json: bool = False) -> Iterator[None]:
    """Convert our errors to one line and exit code 1."""
    try:
        yield
    except BankImportError as error:
        fail(error, as_json)


def checked(kind: type[Wanted], **values: object) -> Wanted:
    """The request, validated as by the API.

    Raises:
        InvalidRequest: the first invalid value, and why it is invalid.
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequest(f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}") from None

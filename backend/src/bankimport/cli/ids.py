"""Ids on the command line."""

import typer

from bankimport.ids import read_id


def parse_id(text: object) -> int:
    """Parse an id as lists and answers show it.

    Raises:
        typer.BadParameter: it is not digits, or too large.
    """
    try:
        return read_id(text)
    except ValueError:
        raise typer.BadParameter(
            f"'{text}' is not an id; ids are whole numbers such as 42, as lists show them"
        ) from None

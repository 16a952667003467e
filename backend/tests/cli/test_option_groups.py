"""A command that takes a group of options has each of them, with its default."""

from dataclasses import dataclass
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from bankimport.cli.option_groups import with_option_groups


@dataclass(frozen=True)
class Size:
    """Two options."""

    width: Annotated[int, typer.Option(help="Columns.")] = 80
    names: Annotated[list[str] | None, typer.Option("--name", help="Repeat for more.")] = None


app = typer.Typer()


@app.command()
@with_option_groups
def draw(
    place: Annotated[str, typer.Argument()], size: Size, is_dry: Annotated[bool, typer.Option("--dry")] = False
) -> None:
    """Print what it was given."""
    typer.echo(f"{place} {size.width} {size.names or []} {is_dry}")


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["here"], "here 80 [] False"),
        (["here", "--width", "5", "--name", "a", "--name", "b", "--dry"], "here 5 ['a', 'b'] True"),
    ],
)
def test_each_field_of_a_group_is_an_option_of_the_command(arguments: list[str], printed: str) -> None:
    assert CliRunner().invoke(app, arguments).output.strip() == printed


def test_the_help_lists_the_options_of_a_group() -> None:
    output = CliRunner().invoke(app, ["--help"]).output

    assert all(word in output for word in ("--width", "--name", "--dry", "Print what it was given"))

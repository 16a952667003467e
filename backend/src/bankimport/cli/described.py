"""The help of a command without loading the command: a file describes its parameters, and a stand-in is built from it.

`make docs` writes the file, and a test compares the help of each command with that of the command itself.
"""

import functools
import inspect
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import typer
from typer.models import ArgumentInfo, OptionInfo, ParameterInfo

FILE = Path(__file__).with_name("described.json")
PLAIN = {kind.__name__: kind for kind in (str, int, bool, float, Path, datetime)}
KEPT = ("help", "min", "max", "metavar", "hidden", "show_default")
"""What `--help` prints of an option or argument, besides its names, its type and its default."""

NORMAL: dict[str, Any] = {
    "names": [],
    "is_many": False,
    "is_optional": True,
    "is_argument": False,
    "is_required": False,
    "hidden": False,
    "show_default": True,
}
"""Values that are left out of the file, like None."""


def describe(found: Callable[..., Any] | typer.Typer) -> dict[str, Any]:
    """The parameters of a command, or of each command of a group, as JSON values."""
    if not isinstance(found, typer.Typer):
        return {"help": inspect.getdoc(found), "takes": _takes(found)}
    commands = {
        command.name or command.callback.__name__.replace("_", "-"): describe(command.callback)
        for command in found.registered_commands
        if command.callback is not None
    }
    return {"help": found.info.help, "commands": commands}


def _takes(command: Callable[..., Any]) -> list[dict[str, Any]]:
    hints = get_type_hints(command, include_extras=True)
    described = []
    for parameter in inspect.signature(command).parameters.values():
        kind, options = _parts(hints[parameter.name], parameter)
        kind, is_optional = _without_none(kind)
        is_many = get_origin(kind) is list
        if is_many:
            (kind,) = get_args(kind)
        is_enum = isinstance(kind, type) and issubclass(kind, Enum)
        default = parameter.default
        item = {
            "name": parameter.name,
            "type": [str(choice.value) for choice in kind] if is_enum else kind.__name__,
            "is_many": is_many,
            "is_optional": is_optional,
            "is_argument": isinstance(options, ArgumentInfo),
            "names": _names(options),
            "parser": options.parser.__name__ if options.parser else None,
            "is_required": default is inspect.Parameter.empty,
            "default": None if default is inspect.Parameter.empty else _as_json(default),
            **{name: getattr(options, name) for name in KEPT},
        }
        described.append(
            {name: value for name, value in item.items() if value is not None and value != NORMAL.get(name)}
        )
    return described


def _names(parameter: ParameterInfo) -> list[str]:
    """What an option is written as: in an annotation Typer takes the first of them for a default."""
    if isinstance(parameter, ArgumentInfo):
        return []
    return [name for name in (parameter.default, *(parameter.param_decls or ())) if isinstance(name, str)]


def _parts(hint: Any, parameter: inspect.Parameter) -> tuple[Any, ParameterInfo]:
    """The type in an annotation, and Typer's part of it: without one, a parameter without a default is an argument."""
    if get_origin(hint) is not Annotated:
        return hint, ArgumentInfo() if parameter.default is inspect.Parameter.empty else OptionInfo()
    kind, *extras = get_args(hint)
    return kind, next(extra for extra in extras if isinstance(extra, ParameterInfo))


def _without_none(kind: Any) -> tuple[Any, bool]:
    if get_origin(kind) not in (UnionType, Union):
        return kind, False
    (plain_kind,) = (part for part in get_args(kind) if part is not NoneType)
    return plain_kind, True


def _as_json(default: Any) -> Any:
    if isinstance(default, Enum):
        return default.value
    if isinstance(default, list | tuple):
        return [_as_json(item) for item in default]
    return str(default) if isinstance(default, Path) else default


@functools.cache
def descriptions() -> dict[str, dict[str, Any]]:
    """The parameters of each `bankimport` command, as `make docs` wrote them."""
    described: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return described


def asks_for_help(args: list[str]) -> bool:
    """Whether these arguments need only the described help: a command followed by `--help`, or just a group. A later
    `--help` may be the value of an option, so the command itself must read it.
    """
    known: dict[str, Any] = {"commands": descriptions()}
    rest = list(args)
    while rest and rest[0] in known.get("commands", ()):
        known = known["commands"][rest.pop(0)]
    return rest[:1] == ["--help"] if rest else "commands" in known


def rebuild(described: dict[str, Any]) -> Callable[..., Any] | typer.Typer:
    """A command or group that prints the same help as the described one, and does nothing else."""
    if "commands" not in described:
        return _command(described)
    group = typer.Typer(help=described["help"], no_args_is_help=True)
    for name, command in described["commands"].items():
        group.command(name)(_command(command))
    return group


def _command(described: dict[str, Any]) -> Callable[..., Any]:
    def command(**_: Any) -> None:
        """Replaced by the described help."""

    command.__doc__ = described["help"]
    parameters = [_parameter(item) for item in described["takes"]]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    command.__annotations__ = {item.name: item.annotation for item in parameters}
    return command


def _parameter(described: dict[str, Any]) -> inspect.Parameter:
    item: dict[str, Any] = defaultdict(lambda: None, NORMAL | described)
    kind: Any = PLAIN.get(item["type"], str) if isinstance(item["type"], str) else _choices(item["name"], item["type"])
    default = item["default"]
    if isinstance(item["type"], list) and isinstance(default, str):
        default = kind(default)
    if item["is_many"]:
        kind = list[kind]
    if item["is_optional"]:
        kind = kind | None
    options: dict[str, Any] = {name: item[name] for name in KEPT if item[name] is not None}
    if item["parser"]:
        options["parser"] = _named(item["parser"])
    info = typer.Argument(**options) if item["is_argument"] else typer.Option(*item["names"], **options)
    return inspect.Parameter(
        item["name"],
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if item["is_required"] else default,
        annotation=Annotated[kind, info],
    )


def _choices(name: str, values: list[str]) -> Any:
    return Enum(name, {f"choice_{position}": value for position, value in enumerate(values)}, type=str)


def _named(name: str) -> Callable[[str], str]:
    def parser(text: str) -> str:
        return text

    parser.__name__ = name
    return parser

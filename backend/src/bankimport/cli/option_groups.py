"""Options that several commands share, as one dataclass that a command takes as one argument."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import TypeVar, get_type_hints

R = TypeVar("R")


def with_option_groups(command: Callable[..., R]) -> Callable[..., R]:
    """Let a command take dataclasses of options: Typer sees each field as an option of its own, in the field's place.

    Every field has a default and the `Annotated` form of an option. Fields keep their names, which must be unique in
    the command.
    """
    groups: dict[str, tuple[type, list[str]]] = {}
    parameters: list[inspect.Parameter] = []
    hints = get_type_hints(command, include_extras=True)
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if not is_dataclass(kind) or not isinstance(kind, type):
            parameters.append(parameter.replace(annotation=kind, kind=inspect.Parameter.KEYWORD_ONLY))
            continue
        options = get_type_hints(kind, include_extras=True)
        groups[parameter.name] = (kind, list(options))
        for field in fields(kind):
            assert field.default is not MISSING, f"{kind.__name__}.{field.name} has no default"
            parameters.append(
                inspect.Parameter(
                    field.name,
                    inspect.Parameter.KEYWORD_ONLY,
                    default=field.default,
                    annotation=options[field.name],
                )
            )

    @functools.wraps(command)
    def grouped(**values: object) -> R:
        for name, (kind, members) in groups.items():
            values[name] = kind(**{member: values.pop(member) for member in members})
        return command(**values)

    signature = inspect.Signature(parameters)
    grouped.__signature__ = signature  # type: ignore[attr-defined]  # what inspect and Typer read
    grouped.__annotations__ = {item.name: item.annotation for item in parameters} | {"return": hints.get("return")}
    return grouped

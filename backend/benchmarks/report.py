"""Print figures, for people or for programs."""

import json
import sys
from typing import Any


def show(figures: dict[str, Any], *, as_json: bool) -> None:
    """Write the figures to standard output."""
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
        return
    for name, value in figures.items():
        for inner, number in value.items() if isinstance(value, dict) else [("", value)]:
            sys.stdout.write(f"{name} {inner:14} {number}\n" if inner else f"{name:22} {number}\n")

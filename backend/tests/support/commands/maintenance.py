"""Commands run in another installation's environment."""

import json
import os
from pathlib import Path
from typing import Any

from bankimport.clock import VARIABLE
from bankimport.settings import variable_of
from tests.support.commands.command_line import run_command


class Place:
    """An installation's environment, in which commands are run."""

    def __init__(self, home: Path, database_url: str | None, **more: str) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            VARIABLE: os.environ[VARIABLE],
            variable_of("home"): str(home),
            **({variable_of("database_url"): database_url} if database_url else {}),
            **more,
        }

    def run(self, *arguments: object, code: int = 0, text: str | None = None) -> Any:
        done = run_command((*(str(word) for word in arguments), "--json"), self.environment, text)
        assert done.code == code, (arguments, done.out, done.err)
        return json.loads(done.out or done.err.splitlines()[-1])

"""A running `bankimport up`, as journeys use it."""

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil
from tests.support.commands.command_line import run_command
from tests.support.servers.embedded import copy_template
from tests.support.suite.waiting import HANGS_AFTER_S

from bankimport.clock import VARIABLE
from bankimport.processes.ports import free_port
from bankimport.settings import variable_of

PASSWORD = "correct horse battery"


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a process of an installation of its own gets, with the tests' clock; benchmarks run by the machine's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BANKIMPORT_", "TRUELAYER_"))}
    for name in ("DATABASE_URL", "REDIS_URL"):
        kept.pop(name, None)
    return {
        **kept,
        **({VARIABLE: os.environ[VARIABLE]} if VARIABLE in os.environ else {}),
        "BANKIMPORT_HOME": str(home),
        "BANKIMPORT_PORT": str(free_port()),
        variable_of("truelayer_timeout_s"): "300",
        **more,
    }


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bankimport.cli", *arguments]


class Machine:
    """A running `bankimport up`."""

    def __init__(self, process: "subprocess.Popen[str]", env: dict[str, str], said: str) -> None:
        self.process = process
        self.env = env
        self.said = said
        self.url = f"http://127.0.0.1:{env['BANKIMPORT_PORT']}"
        self.user = ""
        """The e-mail address of the user that commands act for; empty: not named."""

    def acting_for(self, user: str) -> "Machine":
        """The same installation, whose commands act for this user."""
        theirs = copy.copy(self)
        theirs.user = user
        return theirs

    def run(self, *arguments: str, text: str | None = None, code: int = 0) -> str:
        """Run a command on this installation; returns its output, including errors if it should fail."""
        whose = ("--user", self.user) if self.user else ()
        done = run_command((*arguments, *whose), self.env, text)
        assert done.code == code, (arguments, done.out, done.err)
        return done.out if code == 0 else done.out + done.err

    def read(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def descendants(self) -> dict[psutil.Process, list[str]]:
        """The running descendants of this process, with the command line of each."""
        found = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            # A process that ends during the check does not count.
            with suppress(psutil.NoSuchProcess):
                found[process] = process.cmdline()
        return found

    def running(self, program: str) -> list[psutil.Process]:
        """The descendants that run a program, which may have changed its command line."""
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                found += [process] if process.name() == program else []
        return found


@contextmanager
def machine(
    home: Path, *options: str, more: dict[str, str] | None = None, is_new: bool = False, workers: int | None = 1
) -> Iterator[Machine]:
    """Start an installation; its database exists and is migrated, unless it should be new or is named in `more`.

    With None for `workers` there are as many as by default.
    """
    is_named = "DATABASE_URL" in (more or {})
    if not is_new and not is_named and not (home / "postgres").exists():
        copy_template(home)
    env = environment(home, **(more or {}))
    simulated = () if more else ("--simulator",)
    counted = () if workers is None else ("--workers", str(workers))
    process = subprocess.Popen(
        command("up", *simulated, *counted, *options),
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "is up at" in line:
                break
        else:
            raise AssertionError(said)
        yield Machine(process, env, said)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(HANGS_AFTER_S)
        assert process.stdout is not None
        process.stdout.close()


def connect(up: Machine, bank_id: str) -> str:
    """Consent to share a simulated bank as its user would; returns the connection's id."""
    link = up.read("connect", "--bank", bank_id, "--no-wait")["authorization_url"]
    consent(link)
    return str(up.read("connections")["connections"][-1]["id"])


def consent(link: str) -> str:
    """Confirm a consent at the simulated bank and return; returns the resulting address of the page."""
    with httpx2.Client(trust_env=False, timeout=HANGS_AFTER_S) as browser:
        back = browser.get(f"{link}&simulator_user=john&simulator_password=doe").headers["location"]
        return browser.get(back).headers["location"]


def run_import(up: Machine, connection_id: str, *options: str) -> int:
    """Import the last 30 days of a connection without enriching them; returns the job's number."""
    done = up.read("import", "--last", "30d", "--no-enrich", "--connection", connection_id, *options)
    assert done["status"] == "completed"
    return int(done["job_id"])

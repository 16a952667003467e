"""A machine with systemd, in a container: the units started by the commands of docs/deployment.md."""

import re
import subprocess
from pathlib import Path

from deployment import PREFIX, PROJECT, ROOT, Deployment, wait_for

UNITS = ("bankimport-api", "bankimport-worker", "bankimport-beat")
MOST_EXPOSURE = 20
"""Tenths, as `systemd-analyze security --threshold` takes them."""

PREPARE = """
set -eu
su postgres -c "psql -q" <<END
CREATE ROLE owner SUPERUSER LOGIN PASSWORD 'of-the-owner';
CREATE DATABASE bankimport OWNER owner;
END
umask 077
mkdir /etc/bankimport
cat > /etc/bankimport/environment <<END
DATABASE_URL=postgresql://bankimport_application:of-the-application@127.0.0.1/bankimport
BANKIMPORT_METRICS_DATABASE_URL=postgresql://bankimport_metrics:of-the-metrics@127.0.0.1/bankimport
REDIS_URL=redis://127.0.0.1:6379/0
TRUELAYER_CLIENT_ID=sandbox-drill
TRUELAYER_CLIENT_SECRET=secret
END
echo BANKIMPORT_OWNER_DATABASE_URL=postgresql://owner:of-the-owner@127.0.0.1/bankimport > /etc/bankimport/owner
"""
READY = "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=10)"


class Machine:
    """Debian with PostgreSQL, Redis and the units, without a network."""

    def __init__(self, deployment: Deployment) -> None:
        self._podman = deployment.podman
        self._name = f"{PROJECT}-machine"
        self._environment = deployment.environment
        self._podman("rm", "--force", "--time", "3", self._name, may_fail=True)
        label = f"com.docker.compose.project={PROJECT}"
        options = ["--privileged", "--systemd=always", "--network=none"]
        self._podman(
            "run",
            "--detach",
            "--name",
            self._name,
            "--label",
            label,
            *options,
            f"{PREFIX}/machine",
        )
        wait_for(
            "the machine to boot",
            lambda: self._succeeds("systemctl", "is-system-running"),
        )

    def start_units(self) -> None:
        """Install and start the units as the document says, and see that they run, guarded and restarted."""
        self._run("sh", "-c", PREPARE)
        self._run("sh", "-euc", commands_of("With systemd"))
        wait_for(
            "the units to serve",
            lambda: self._succeeds("/opt/bankimport/bin/python", "-c", READY),
        )
        for unit in UNITS:
            if (state := self._shown(unit, "ActiveState")) != "active" or self._shown(unit, "NRestarts") != "0":
                raise SystemExit(f"{unit} is {state}:\n{self._run('journalctl', '--unit', unit, '--lines', '20')}")
            self._run(
                "systemd-analyze",
                "security",
                "--no-pager",
                f"--threshold={MOST_EXPOSURE}",
                unit,
            )
            self._run("systemctl", "kill", "--signal=KILL", unit)
            wait_for(f"{unit} to be started again", lambda unit=unit: self._is_back(unit))  # type: ignore[misc]
        wait_for(
            "the units to serve again",
            lambda: self._succeeds("/opt/bankimport/bin/python", "-c", READY),
        )

    def remove(self) -> None:
        """Remove the machine."""
        self._podman("rm", "--force", "--time", "3", "--volumes", self._name)

    def _is_back(self, unit: str) -> bool:
        return self._shown(unit, "NRestarts") == "1" and self._shown(unit, "ActiveState") == "active"

    def _shown(self, unit: str, what: str) -> str:
        return self._run("systemctl", "show", "--value", "--property", what, unit).strip()

    def _run(self, *command: str) -> str:
        return self._podman("exec", self._name, *command)

    def _succeeds(self, *command: str) -> bool:
        done = subprocess.run(
            ["podman", "exec", self._name, *command],
            env=self._environment,
            capture_output=True,
            check=False,
        )
        return done.returncode == 0


def commands_of(heading: str, document: Path = ROOT / "docs" / "deployment.md") -> str:
    """The first block of commands below a heading of the document."""
    found = re.search(
        rf"^## {re.escape(heading)}$.*?^```sh$(.*?)^```$",
        document.read_text(),
        re.MULTILINE | re.DOTALL,
    )
    if found is None:
        raise SystemExit(f"{document} has no commands below {heading}")
    return found[1]

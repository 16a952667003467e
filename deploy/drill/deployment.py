"""The containers of compose.yaml as podman runs them: start, kill, replace, remove."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
PROJECT = "bankimport-test"
PREFIX = f"localhost/{PROJECT}"
HANGS_AFTER_S = 300
OVERRIDE = """
services:
  # A browser reaches the simulated bank, so it needs a port.
  simulator:
    ports: ["127.0.0.1:{bank}:8080"]
"""
WAITS = ("postgres", "migrate", "api", "worker", "beat", "flower", "proxy")
"""Services that start after others. Debian 12's podman knows no conditions of health, and does not restart a container
that depends on one that has ended, so the drill starts them in their order by itself."""


def wait_for(what: str, is_so: Callable[[], bool], within_s: float = HANGS_AFTER_S) -> None:
    """Return once it is so.

    Raises:
        SystemExit: it never was.
    """
    give_up_at = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > give_up_at:
            raise SystemExit(f"waited {within_s:.0f} s in vain for {what}")
        time.sleep(0.5)


def free_port() -> int:
    """A port of loopback that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


NAMES = Path("/run/containers/networks/aardvark-dns")
"""A drill that was killed leaves its containers' names here, and the next one would get addresses of the dead."""


class Deployment:
    """One compose project. `image` is the image that new containers of ours are made of."""

    def __init__(self, folder: Path, compose: str, image: str) -> None:
        self._folder = folder
        self._compose = compose
        self.https, self.http, self.bank, self.flower = free_port(), free_port(), free_port(), free_port()
        self.url = f"https://localhost:{self.https}"
        (folder / "containers.conf").write_text(
            '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\n'
        )
        (folder / "drill.yaml").write_text(
            OVERRIDE.format(bank=self.bank) + "".join(f"  {name}:\n    depends_on: !override []\n" for name in WAITS)
        )
        images = {name: f"{PREFIX}/{name.lower()}" for name in ("NODE", "PYTHON", "POSTGRES", "VALKEY", "CADDY")}
        self.environment = {
            **os.environ,
            **{f"{name}_IMAGE": local for name, local in images.items()},
            "BANKIMPORT_IMAGE": image,
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "TRUELAYER_CLIENT_ID": "sandbox-simulator",
            "TRUELAYER_CLIENT_SECRET": "simulator-secret",
            "TRUELAYER_AUTH_URL": "http://simulator:8080",
            "TRUELAYER_API_URL": "http://simulator:8080",
            "BANKIMPORT_DOMAIN": "localhost",
            "BANKIMPORT_PUBLIC_URL": self.url,
            "BANKIMPORT_TLS": "tls internal",
            "BANKIMPORT_BIND": "127.0.0.1",
            "BANKIMPORT_HTTP_PORT": str(self.http),
            "BANKIMPORT_HTTPS_PORT": str(self.https),
            "BANKIMPORT_FLOWER_PORT": str(self.flower),
        }
        if not Path("/run/systemd/system").exists():
            # Without systemd, podman cannot run health checks by itself; `is_healthy` runs them.
            self.environment["DISABLE_HC_SYSTEMD"] = "true"

    def podman(self, *arguments: str, text: str | None = None, may_fail: bool = False) -> str:
        """Run podman and return what it printed."""
        done = subprocess.run(
            ["podman", *arguments], env=self.environment, input=text, capture_output=True, text=True, check=False
        )
        if done.returncode and not may_fail:
            raise SystemExit(f"podman {' '.join(arguments)}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def up(self, *services: str) -> None:
        """Start services, and wait for those that end."""
        self.compose("up", "-d", *services)
        for service in {"secrets", "migrate"} & set(services):
            (container,) = self.containers(service)
            wait_for(f"{service} to end", lambda name=container: self._has_ended(name))  # type: ignore[misc]

    def _has_ended(self, container: str) -> bool:
        state = self.inspect(container)["State"]
        if state["Status"] not in ("exited", "stopped"):
            return False
        if state["ExitCode"]:
            raise SystemExit(f"{container} failed:\n{self.log_of(container)}")
        return True

    def compose(self, *arguments: str, text: str | None = None) -> str:
        """Run podman-compose on compose.yaml and return what it printed."""
        command = [self._compose, "--in-pod=false", "-p", PROJECT, "-f", str(ROOT / "compose.yaml")]
        command += ["-f", str(self._folder / "drill.yaml"), "--profile", "simulator", *arguments]
        done = subprocess.run(
            command, env=self.environment, cwd=ROOT, input=text, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"podman-compose {' '.join(arguments)}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done.stdout

    def containers(self, service: str | None = None) -> list[str]:
        """The names of a service's containers, or of all."""
        filters = ["--filter", f"label=com.docker.compose.project={PROJECT}"]
        if service is not None:
            filters += ["--filter", f"label=com.docker.compose.service={service}"]
        return sorted(self.podman("ps", "--all", *filters, "--format", "{{.Names}}").split())

    def inspect(self, container: str) -> dict[str, Any]:
        """All that podman knows of a container."""
        found: dict[str, Any] = json.loads(self.podman("inspect", container))[0]
        return found

    def is_healthy(self, container: str) -> bool:
        """Whether it runs and its health check, run now, succeeds."""
        if self.inspect(container)["State"]["Status"] != "running":
            return False
        command = ["podman", "healthcheck", "run", container]
        return subprocess.run(command, env=self.environment, capture_output=True, check=False).returncode == 0

    def wait_until_healthy(self, *services: str) -> None:
        """Wait for every container of the services."""
        for service in services:
            for container in self.containers(service):
                self._wait_until_healthy(container)

    def _wait_until_healthy(self, container: str) -> None:
        try:
            wait_for(f"{container} to be healthy", lambda: self.is_healthy(container))
        except SystemExit as error:
            raise SystemExit(f"{error}\n{self.log_of(container)}") from None

    def log_of(self, container: str) -> str:
        """The end of what it has written."""
        command = ["podman", "logs", "--tail", "40", container]
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.run(command, env=self.environment, text=True, check=False, **both).stdout

    def kill(self, container: str) -> None:
        """Kill the main process as a crash would, and wait until the restart policy has started it again."""
        before = self.inspect(container)["State"]
        os.kill(int(before["Pid"]), signal.SIGKILL)

        def is_back() -> bool:
            now = self.inspect(container)["State"]
            return bool(now["Status"] == "running" and now["StartedAt"] != before["StartedAt"])

        wait_for(f"{container} to start again", is_back)

    def replace(self, container: str, service: str) -> None:
        """Stop a container as an operator does, make it again of the present image, and wait for it."""
        self.podman("stop", "--time", "60", container)
        self.podman("rm", "--force", container)
        self.compose("up", "-d", "--no-deps", "--no-recreate", service)
        self._wait_until_healthy(container)

    def cli(self, *arguments: str, text: str | None = None) -> str:
        """Run a command of bankimport in a container of the API."""
        return self.podman("exec", "--interactive", self.containers("api")[0], "bankimport", *arguments, text=text)

    def as_owner(self, *arguments: str, text: str | None = None, environment: dict[str, str] | None = None) -> str:
        """Run a command of bankimport as the owner of the tables; it sees the drill's folder at /place."""
        place = self._folder / "place"
        place.mkdir(exist_ok=True)
        place.chmod(0o777)
        options = [word for name, value in (environment or {}).items() for word in ("-e", f"{name}={value}")]
        options += ["-T", "-v", f"{place}:/place"]
        return self.compose("run", "--rm", "--no-deps", *options, "migrate", *arguments, text=text)

    def secret(self, path: str) -> str:
        """What a file of the owner's container says; no other container sees both folders."""
        return self.compose("run", "--rm", "--no-deps", "-T", "--entrypoint", "cat", "migrate", path).strip()

    def sql(self, statement: str, database: str = "bankimport") -> str:
        """Run a statement in PostgreSQL's container; returns its rows without decoration."""
        script = (
            'export PGPASSWORD="$(cat /run/bankimport-owner/POSTGRES_PASSWORD)"; '
            'psql -h 127.0.0.1 -U bankimport -v ON_ERROR_STOP=1 -At -d "$1" -c "$2"'
        )
        (container,) = self.containers("postgres")
        return self.podman("exec", container, "sh", "-c", script, "psql", database, statement).strip()

    def remove(self) -> None:
        """Remove the project's containers, volumes and networks."""
        for container in self.containers():
            self.podman("rm", "--force", "--time", "3", "--volumes", container, may_fail=True)
        for kind in ("volume", "network"):
            for name in self.podman(kind, "ls", "--format", "{{.Name}}").split():
                if name.startswith(PROJECT):
                    self.podman(kind, "rm", "--force", name, may_fail=True)
        for names in NAMES.glob(f"{PROJECT}_*"):
            names.unlink()

    def left(self) -> list[str]:
        """What carries the project's name still, images apart."""
        found = self.containers()
        for kind in ("volume", "network"):
            found += [
                name for name in self.podman(kind, "ls", "--format", "{{.Name}}").split() if name.startswith(PROJECT)
            ]
        found += map(str, NAMES.glob(f"{PROJECT}_*"))
        return found

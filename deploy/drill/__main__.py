"""Start compose.yaml with the simulator as the bank, and do to it what operators and accidents do: `make deploy-test`.

`deploy/test.sh` builds the images first. All that this makes carries the name PROJECT and is removed in the end, also
after a failure; `--keep` leaves it, to look at.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from deployment import PREFIX, Deployment
from machine import Machine
from user import DAYS, EMAIL, User

BANKS = ("sim-plain", "sim-twins")
SLOW_MS = 700
OURS = ("api", "worker", "beat", "flower")
PASSPHRASE = "nine random words make a passphrase"
BEGAN_AT = time.monotonic()


def say(text: str) -> None:
    """One line, with the seconds since the start."""
    sys.stdout.write(f"{time.monotonic() - BEGAN_AT:6.0f} s  {text}\n")
    sys.stdout.flush()


class Drill:
    """The steps, in their order. Each ends the test when something is lost, doubled or refused."""

    def __init__(self, deployment: Deployment, folder: Path) -> None:
        self._deployment = deployment
        self._folder = folder
        self._user: User
        self._connections: dict[str, int] = {}

    def start(self) -> None:
        """Start everything, in the order of compose.yaml's `depends_on`."""
        # What it is given is this compose.yaml's, so it is of this image.
        previous, self._deployment.environment["BANKIMPORT_IMAGE"] = (
            self._deployment.environment["BANKIMPORT_IMAGE"],
            f"{PREFIX}/bankimport",
        )
        self._deployment.up("secrets")
        self._deployment.environment["BANKIMPORT_IMAGE"] = previous
        self._deployment.up("postgres", "valkey", "simulator")
        self._deployment.up("migrate")
        self._deployment.up(*OURS, "proxy")
        self._deployment.wait_until_healthy("postgres", "valkey", "simulator", *OURS)
        for service, count in {"api": 2, "worker": 2, "beat": 1, "flower": 1, "proxy": 1}.items():
            if len(found := self._deployment.containers(service)) != count:
                raise SystemExit(f"{service}: {found}, expected {count}")
        self._check_what_runs()
        self._user = User(self._deployment, self._folder)
        self._user.call("GET", "/readyz")
        say("started: PostgreSQL, Valkey, API x2, worker x2, beat, Flower, simulator, TLS proxy")

    def _check_what_runs(self) -> None:
        """See that no process works as the owner of the tables, that users are separated, and what is in the image."""
        roles = self._deployment.sql(
            "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'bankimport' "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).split()
        if not {"bankimport_application"} <= set(roles) <= {"bankimport_application", "bankimport_metrics"}:
            raise SystemExit(f"the processes work as {roles}")
        separates = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = 'transactions'"
        if self._deployment.sql(separates) != "t":
            raise SystemExit("the rows of users are not separated")
        (api, *_) = self._deployment.containers("api")
        if seen := self._deployment.podman("exec", api, "sh", "-c", "ls /run/bankimport-owner").split():
            raise SystemExit(f"the API sees the owner's {seen}")
        for name in ("python", "page"):
            listed = json.loads(self._deployment.podman("exec", api, "cat", f"/opt/bankimport/sbom/{name}.cdx.json"))
            if listed["bomFormat"] != "CycloneDX" or not listed["components"]:
                raise SystemExit(f"the image does not list what is in it: {str(listed)[:500]}")

    def connect(self) -> None:
        """Sign up, and connect the banks through the proxy."""
        self._user.sign_up()
        self._connections = {bank: self._user.connect(bank) for bank in BANKS}
        say(f"connected {', '.join(BANKS)} through the TLS proxy")

    def follow_an_import(self) -> None:
        """Import while live progress comes over a WebSocket."""
        bank = BANKS[0]
        self._user.slow_down(bank, 200)
        job_id = self._user.start_import(self._connections[bank])
        heard = self._user.watch(job_id)
        self._user.wait_for_import(job_id)
        kinds = {row["type"] for row in heard}
        if len(heard) < 5 or len(kinds) < 3:
            raise SystemExit(f"too little live progress: {len(heard)} events of {sorted(kinds)}")
        rows = self._user.compare(bank, self._connections[bank])
        say(f"imported {rows} rows of {DAYS} days; {len(heard)} live events over a WebSocket; rows equal the bank's")

    def _slow_import(self, bank: str) -> int:
        self._user.slow_down(bank, SLOW_MS)
        return self._user.start_import(self._connections[bank])

    def _end_import(self, bank: str, job_id: int) -> int:
        self._user.slow_down(bank, 0)
        self._user.wait_for_import(job_id)
        return self._user.compare(bank, self._connections[bank])

    def kill_each(self) -> None:
        """Kill each container once while imports run."""
        bank = BANKS[1]
        job_ids = [self._slow_import(bank)]
        victims = [
            name for service in (*OURS, "valkey", "postgres", "proxy") for name in self._deployment.containers(service)
        ]
        for victim in victims:
            if self._user.status(job_ids[-1])["status"] == "completed":
                self._user.compare(bank, self._connections[bank])
                job_ids.append(self._slow_import(bank))
            self._deployment.kill(victim)
        self._deployment.wait_until_healthy("postgres", "valkey", *OURS)
        for job_id in job_ids:
            rows = self._end_import(bank, job_id)
        say(f"killed {len(victims)} containers, each once, during {len(job_ids)} imports; {rows} rows equal the bank's")

    def upgrade(self, image: str) -> None:
        """Migrate, then replace API, workers, beat and Flower one by one, while an import runs and a user asks."""
        bank = BANKS[0]
        before = self._deployment.sql("SELECT version_num FROM alembic_version")
        job_id = self._slow_import(bank)
        self._deployment.environment["BANKIMPORT_IMAGE"] = image
        with self._user.asks_all_the_time() as refused:
            self._deployment.compose("run", "--rm", "--no-deps", "secrets")
            self._deployment.compose("run", "--rm", "--no-deps", "migrate")
            after = self._deployment.sql("SELECT version_num FROM alembic_version")
            if before == after:
                raise SystemExit(f"the new image has no migration: {before}")
            for service in OURS:
                for container in self._deployment.containers(service):
                    self._deployment.replace(container, service)
        if refused:
            raise SystemExit(f"refused during the upgrade: {refused}")
        for service in OURS:
            for container in self._deployment.containers(service):
                if not self._deployment.inspect(container)["ImageName"].startswith(image):
                    raise SystemExit(f"{container} is not of {image}")
        rows = self._end_import(bank, job_id)
        say(
            f"upgraded {before} to {after}, one container after another; no request refused; {rows} rows equal the bank's"
        )

    def rotate(self) -> None:
        """Change the secret key while an import runs."""
        bank = BANKS[1]
        job_id = self._slow_import(bank)
        old = self._keys()
        self._deployment.cli("secrets", "rotate", "--new-key", "--json")
        self._deployment.cli("secrets", "rotate", "--drop-old", "--json")
        new = self._keys()
        if len(new) != 1 or set(old) & set(new):
            raise SystemExit(f"keys {old} became {new}")
        rows = self._end_import(bank, job_id)
        say(f"rotated the secret key {old[0]} to {new[0]} during an import; {rows} rows equal the bank's")

    def _keys(self) -> list[str]:
        status: dict[str, Any] = json.loads(self._deployment.cli("secrets", "status", "--json"))
        return [str(key) for key in status["keys"]]

    def back_up_and_restore(self) -> None:
        """Back up while an import runs, restore into an empty database, and verify what is there."""
        bank = BANKS[0]
        job_id = self._slow_import(bank)
        backup, passphrase = "/place/drill.backup", ("--passphrase-file", "-")
        self._deployment.as_owner("backup", backup, *passphrase, text=PASSPHRASE + "\n")
        rows = self._end_import(bank, job_id)
        self._deployment.as_owner("restore", backup, "--check", *passphrase, text=PASSPHRASE + "\n")
        self._deployment.sql("CREATE DATABASE restored")
        place = {"BANKIMPORT_HOME": "/place/restored"}
        for name, folder in (
            ("DATABASE_URL", "bankimport"),
            ("BANKIMPORT_METRICS_DATABASE_URL", "bankimport"),
            ("BANKIMPORT_OWNER_DATABASE_URL", "bankimport-owner"),
        ):
            url = self._deployment.secret(f"/run/{folder}/{name}")
            place[name] = url.rpartition("/")[0] + "/restored"
        self._deployment.as_owner("restore", backup, *passphrase, text=PASSPHRASE + "\n", environment=place)
        self._deployment.as_owner("verify", "--user", EMAIL, environment=place)
        for name, connection_id in self._connections.items():
            self._user.compare(name, connection_id, "restored")
        if (keys := self._keys()) != self._restored_keys(place):
            raise SystemExit(f"the restored place has other keys than {keys}")
        say(f"backed up during an import, restored into an empty database and verified; {rows} rows equal the bank's")

    def _restored_keys(self, place: dict[str, str]) -> list[str]:
        status = json.loads(self._deployment.as_owner("secrets", "status", "--json", environment=place))
        return [str(key) for key in status["keys"]]


def start_units(deployment: Deployment) -> None:
    """Start the units of systemd on a machine of their own, and kill each once."""
    machine = Machine(deployment)
    machine.start_units()
    machine.remove()
    say("started the units of systemd by the document's commands, killed each once; exposure of each at most 2.0")


def main() -> None:
    """Run all steps, and remove everything in the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compose", default="podman-compose", help="the podman-compose program")
    parser.add_argument("--keep", action="store_true", help="leave the containers running at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bankimport-drill-") as name:
        folder = Path(name)
        deployment = Deployment(folder, options.compose, f"{PREFIX}/previous")
        deployment.remove()
        try:
            drill = Drill(deployment, folder)
            drill.start()
            drill.connect()
            drill.follow_an_import()
            drill.kill_each()
            drill.upgrade(f"{PREFIX}/next")
            drill.rotate()
            drill.back_up_and_restore()
            start_units(deployment)
        finally:
            if not options.keep:
                deployment.remove()
        if not options.keep:
            if left := deployment.left():
                raise SystemExit(f"left behind: {left}")
            say("removed everything")


if __name__ == "__main__":
    main()

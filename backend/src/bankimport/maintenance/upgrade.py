"""What an upgrade of the tables would do, and whether it can go ahead now."""

from dataclasses import dataclass
from datetime import timedelta

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect, select, text

from bankimport import __version__
from bankimport.clock import utc_now
from bankimport.data_rights.seal_stored import count_unsealed
from bankimport.db.migrate import alembic_config, where_known
from bankimport.db.session import make_engine
from bankimport.observability.models import RunningProcess
from bankimport.observability.pulse import is_alive

LONG = timedelta(seconds=10)
"""As long as a migration waits for a lock."""


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration that is not applied yet."""

    revision: str
    what: str


@dataclass(frozen=True, slots=True)
class Process:
    """One of our running processes."""

    name: str
    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class UpgradeCheck:
    """What the upgrade to the installed version would do, and what blocks it."""

    version: str
    """The installed one."""
    revision: str | None
    """The id of the last migration that is applied; None in an empty database."""
    pending: list[Migration]
    """In the order in which they would be applied."""
    processes: list[Process]
    problems: list[str]
    """Why it cannot go ahead, and what to do; empty when it can."""
    unsealed: dict[str, int]
    """By table, rows from before there were users' keys, which workers seal one after the other."""


def check_upgrade(database_url: str) -> UpgradeCheck:
    """Inspect the database, and change nothing."""
    scripts = ScriptDirectory.from_config(alembic_config(database_url))
    engine = make_engine(database_url, pool_size=1)
    try:
        with engine.connect() as reader:
            revision = MigrationContext.configure(reader).get_current_revision()
            try:
                pending = _pending(scripts, revision)
            except CommandError:
                unknown = (
                    f"the database is at migration {revision}, which version {__version__} does not know: "
                    f"{where_known(revision)}"
                )
                return UpgradeCheck(__version__, revision, [], _processes(reader), [unknown], {})
            problems = _long_transactions(reader) if pending and revision else []
            unsealed = {} if pending else count_unsealed(reader)
            return UpgradeCheck(__version__, revision, pending, _processes(reader), problems, unsealed)
    finally:
        engine.dispose()


def _pending(scripts: ScriptDirectory, revision: str | None) -> list[Migration]:
    if revision is not None:
        scripts.get_revision(revision)
    migrations = [
        Migration(script.revision, script.doc) for script in scripts.iterate_revisions("head", revision or "base")
    ]
    return migrations[::-1]


def _processes(reader: Connection) -> list[Process]:
    if not inspect(reader).has_table(RunningProcess.__tablename__):
        return []
    process = RunningProcess
    statement = select(process.name, process.kind, process.version).where(is_alive(utc_now())).order_by(process.name)
    return [Process(*row) for row in reader.execute(statement)]


def _long_transactions(reader: Connection) -> list[str]:
    statement = text(
        "SELECT pid, application_name, round(extract(epoch FROM now() - xact_start)) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND now() - xact_start > :long "
        "AND backend_type = 'client backend' ORDER BY xact_start"
    )
    return [
        f"a transaction of {name or 'a client'} (process {pid} of PostgreSQL) has been open for {seconds:.0f} s and "
        f"may hold locks that a migration needs; let it end, or run SELECT pg_terminate_backend({pid})"
        for pid, name, seconds in reader.execute(statement, {"long": LONG})
    ]

"""Restore a backup into an empty place: its database, and the keys that decrypt what is in it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, func, inspect, select, text

from bankimport.clock import utc_now
from bankimport.db.migrate import alembic_config, where_known
from bankimport.db.roles import prepare_roles
from bankimport.db.session import make_engine
from bankimport.db.tables import Base
from bankimport.errors import InvalidRequest
from bankimport.maintenance.archive import Manifest, OpenedBackup
from bankimport.maintenance.backup import row_counts
from bankimport.maintenance.dump import load
from bankimport.maintenance.errors import BackupUnreadable, DatabaseCopyFailed, StillRunning, WouldOverwrite
from bankimport.maintenance.key_file import UserKeys, forget_sealed, put_keys
from bankimport.maintenance.rotate import check_readable
from bankimport.observability.models import RunningProcess
from bankimport.observability.pulse import is_alive
from bankimport.secrets import key_file_path, load_keys, write_key_file
from bankimport.settings import Settings, variable_of
from bankimport.users.models import User

LOCK_TIMEOUT = "SET lock_timeout = '10s';"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the rows by table, where the keys are, and whether this version has newer migrations."""

    tables: dict[str, int]
    keys_in: str
    is_older: bool
    erased: list[int]
    """Users in the backup who were erased since, and so are left out."""


def restore(settings: Settings, backup: OpenedBackup, users: UserKeys | None) -> Restored:
    """Load a backup into the database, which has no user yet, in one transaction; keep its keys if none are here.

    `users` are the users' keys, and who was not erased since; without them, account numbers and answers are lost.

    The tables of an installation that nobody has used are replaced. Nothing changes unless all of it succeeds.

    Raises:
        WouldOverwrite: the database has users or tables of others, or other keys are here than those of the backup.
        StillRunning: processes use the database.
        BackupUnreadable: the backup is damaged, or is of a newer version than this.
        DatabaseCopyFailed: PostgreSQL refused, or what arrived is not what was backed up.
    """
    assert settings.owner_url is not None
    manifest = backup.manifest
    is_older = _is_older(settings.owner_url, manifest)
    keys_in = _place_for_keys(settings, manifest)
    engine = make_engine(settings.owner_url, pool_size=1)
    try:
        with engine.connect() as reader:
            replaced = _replaceable(reader)
            functions = reader.scalars(text(_TRIGGER_FUNCTIONS)).all()
        preparer = engine.dialect.identifier_preparer
        dropped = [f"DROP TABLE {preparer.quote(name)} CASCADE;" for name in replaced]
        dropped += [f"DROP FUNCTION {function};" for function in functions]
        load(settings.owner_url, backup.copy_database, before="\n".join([LOCK_TIMEOUT, *dropped]))
        # New tables have no grants of the replaced ones.
        prepare_roles(settings.owner_url, settings.database_url or "", settings.metrics_url or "")
        with engine.begin() as reader:
            arrived = row_counts(reader)
            if arrived != manifest.tables:
                wrong = sorted(set(arrived.items()) ^ set(manifest.tables.items()))
                raise DatabaseCopyFailed(f"other numbers of rows arrived than were backed up: {wrong}")
            erased: list[int] = []
            if users is not None and manifest.format > 1:
                erased = put_keys(reader, users, manifest.keys)
            elif manifest.user_keys:
                forget_sealed(reader)
            check_readable(reader, manifest.keys)
            reader.execute(text("ANALYZE"))
    finally:
        engine.dispose()
    if keys_in is not None:
        write_key_file(keys_in, manifest.keys)
    return Restored(arrived, str(keys_in or variable_of("secret_keys")), is_older, erased)


def write_settings(path: Path, values: Mapping[str, str]) -> None:
    """Write variables as a file of `NAME=value` lines, readable only by its owner.

    Raises:
        WouldOverwrite: the file is there.
        InvalidRequest: it cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise WouldOverwrite(f"{path} already exists; name a new file") from None
    except OSError as error:
        raise InvalidRequest(f"cannot write {path} ({error.strerror})") from None
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())


def _is_older(database_url: str, manifest: Manifest) -> bool:
    scripts = ScriptDirectory.from_config(alembic_config(database_url))
    try:
        scripts.get_revision(manifest.revision or "base")
    except CommandError:
        raise BackupUnreadable(
            f"bankimport {manifest.version} made the backup, with tables at migration {manifest.revision}, which this "
            f"version does not know: {where_known(manifest.revision)}"
        ) from None
    return manifest.revision != scripts.get_current_head()


def _place_for_keys(settings: Settings, manifest: Manifest) -> Path | None:
    """The key file to write, or None where the keys are already at hand."""
    path = key_file_path(settings)
    if settings.secret_keys or path.exists():
        if set(manifest.keys) <= set(load_keys(settings)):
            return None
        if settings.secret_keys:
            raise WouldOverwrite(
                f"{variable_of('secret_keys')} has other keys than the backup; unset it, or add the backup's, which "
                "`bankimport restore FILE --check --settings NEW-FILE` writes"
            )
        raise WouldOverwrite(f"{path} has other keys than the backup; move it away first")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


_TRIGGER_FUNCTIONS = """
    SELECT DISTINCT called.oid::regprocedure::text
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_proc called ON called.oid = tgfoid
    WHERE NOT tgisinternal AND pg_class.relnamespace = 'public'::regnamespace
        AND called.pronamespace = 'public'::regnamespace
"""
"""What the tables' triggers call: dropping a table leaves them."""


def _replaceable(reader: Connection) -> list[str]:
    """The tables to replace: none, or those of an installation that nobody has used."""
    tables = set(inspect(reader).get_table_names())
    ours = {*Base.metadata.tables, "alembic_version"}
    if tables - ours:
        names = ", ".join(sorted(tables - ours)[:5])
        raise WouldOverwrite(f"the database has tables of other programs ({names}); restore into an empty one")
    if User.__tablename__ in tables and reader.execute(select(func.count()).select_from(User)).scalar_one():
        raise WouldOverwrite("the database is in use; restore into an empty one")
    if RunningProcess.__tablename__ in tables:
        living = reader.scalars(select(RunningProcess.name).where(is_alive(utc_now()))).all()
        if living:
            raise StillRunning(
                f"these processes use the database: {', '.join(living)}; stop them, and wait half a minute"
            )
    return sorted(tables)

"""Back up the database, the settings and the keys: everything that an installation needs to live again elsewhere."""

from datetime import UTC
from pathlib import Path

from alembic.migration import MigrationContext
from pydantic import SecretStr
from sqlalchemy import Connection, func, inspect, select, table, text

from bankimport import __version__
from bankimport.db.session import make_engine
from bankimport.errors import InvalidRequest
from bankimport.maintenance.archive import FORMAT, Lock, Manifest, new_backup
from bankimport.maintenance.dump import dumped
from bankimport.maintenance.key_file import stored_keys, write_key_file
from bankimport.maintenance.rotate import check_readable
from bankimport.secrets import load_keys
from bankimport.settings import Settings, variable_of
from bankimport.vault.models import UserKey

OF_A_PLACE = {
    *("database_url", "owner_database_url", "metrics_database_url", "redis_url", "queue_url"),
    *("home", "secret_keys", "host", "port"),
}
"""Settings that say where things are, which is another place after a restore."""


def make_backup(settings: Settings, path: Path, key_file: Path, lock: Lock) -> Manifest:
    """Write everything as it is at one moment into a new encrypted file; the installation may run meanwhile.

    The users' keys go into `key_file` instead, in place of those of the backup before.

    Raises:
        WouldOverwrite: the file is there, or as `write_key_file`.
        InvalidRequest: the database has no tables of bankimport, the file cannot be written, or as `Lock.close`.
        KeysMissing: the keys here do not decrypt what is stored, so a restore could not either.
        DatabaseCopyFailed: PostgreSQL refused.
    """
    assert settings.owner_url is not None
    keys = load_keys(settings)
    engine = make_engine(settings.owner_url, pool_size=1)
    try:
        with new_backup(path, lock) as writer, engine.connect() as reader:
            reader = reader.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # What follows, and the dump, sees this one moment.
            snapshot = reader.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            made_at = reader.execute(text("SELECT now()")).scalar_one()
            revision = MigrationContext.configure(reader).get_current_revision()
            if revision is None:
                raise InvalidRequest("the database has no tables of bankimport; there is nothing to back up")
            check_readable(reader, keys)
            users = stored_keys(reader, made_at.astimezone(UTC).isoformat(), keys)
            write_key_file(key_file, users, lock)
            manifest = Manifest(
                format=FORMAT,
                made_at=users.made_at,
                version=__version__,
                revision=revision,
                keys=keys,
                settings=stored_settings(settings),
                tables=row_counts(reader),
                user_keys=len(users.keys),
            )
            apart = [UserKey.__tablename__] if inspect(reader).has_table(UserKey.__tablename__) else []
            with dumped(settings.owner_url, snapshot, empty=apart) as dump:
                writer.add_database(dump)
            writer.add_manifest(manifest)
    finally:
        engine.dispose()
    return manifest


def row_counts(reader: Connection) -> dict[str, int]:
    """Rows by table, of every table that there is, users' keys left out."""
    return {
        name: reader.execute(select(func.count()).select_from(table(name))).scalar_one()
        for name in sorted(set(inspect(reader).get_table_names()) - {UserKey.__tablename__})
    }


def stored_settings(settings: Settings) -> dict[str, str]:
    """The variables that were set, with their values, secrets included; those of `OF_A_PLACE` are left out."""
    set_values = {}
    for name in sorted(settings.model_fields_set - OF_A_PLACE):
        value = getattr(settings, name)
        if value is not None:
            set_values[variable_of(name)] = (
                value.get_secret_value() if isinstance(value, SecretStr) else _as_written(value)
            )
    return set_values


def _as_written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)

"""The database to work on: the one that is named, the running one, or the embedded one started for the purpose."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from bankimport.cli.local import read_note
from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, get_settings, load_settings, variable_of


def need_direct_database(settings: Settings) -> None:
    """Refuse a pooler for what needs one connection from its beginning to its end.

    Raises:
        SettingsInvalid: DATABASE_URL leads to a pooler.
    """
    if settings.database_pooler:
        raise SettingsInvalid(
            f"{variable_of('database_pooler')}: this command needs PostgreSQL itself; for it alone, set "
            f"{variable_of('database_url')} to PostgreSQL and {variable_of('database_pooler')}=false"
        )


@contextmanager
def database_at_hand() -> Iterator[Settings]:
    """The settings with a database that can be reached until the end, by the application and by its owner.

    Where DATABASE_URL names none and nothing runs on the home folder, the embedded PostgreSQL is started for as long.

    Raises:
        SettingsInvalid: a setting is wrong, or the home folder cannot be used.
        AlreadyRunning, ProcessFailed: the embedded server cannot be started.
    """
    # The processes of an installation import this module, and need neither.
    from bankimport.processes.postgres import owner_url
    from bankimport.processes.stack import embedded_database

    settings = load_settings()
    home = settings.home.expanduser().resolve()
    running = None if settings.database_url else read_note(home)
    if running is not None:
        os.environ.update(running)
        os.environ[variable_of("owner_database_url")] = owner_url(home, running[variable_of("database_url")])
    elif settings.database_url is None:
        with embedded_database(home) as server:
            os.environ[variable_of("database_url")] = server.application_url()
            os.environ[variable_of("metrics_database_url")] = server.metrics_url()
            os.environ[variable_of("owner_database_url")] = server.url()
            get_settings.cache_clear()
            yield get_settings()
        return
    get_settings.cache_clear()
    yield get_settings()

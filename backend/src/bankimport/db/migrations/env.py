"""Alembic's entry: migrates the database at the URL given by `migrate.py`, or at DATABASE_URL."""

import time

from alembic import context
from sqlalchemy import text

from bankimport.db.session import make_engine
from bankimport.db.tables import Base
from bankimport.settings import get_settings

LOCK_TIMEOUT = "10s"
MIGRATION_LOCK = 7_265_810_431
PAUSE_S = 0.1


def run() -> None:
    url = context.config.get_main_option("sqlalchemy.url") or get_settings().database_url
    if url is None:
        raise SystemExit("DATABASE_URL: set it to the database to migrate")
    engine = make_engine(url, pool_size=1)
    with engine.connect() as connection:
        # Waiting inside a statement would hold up an index that another migration creates concurrently.
        while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": MIGRATION_LOCK}):
            connection.rollback()
            time.sleep(PAUSE_S)
        connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.commit()
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
    engine.dispose()


run()

"""Bring a database's tables to this version, and check whether they are."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bankimport.db.roles import prepare_roles
from bankimport.db.session import make_engine
from bankimport.settings import Settings


def alembic_config(database_url: str) -> Config:
    """Alembic's configuration for the migrations that ship with the package."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def upgrade(database_url: str) -> None:
    """Apply every pending migration; two concurrent calls wait for each other."""
    command.upgrade(alembic_config(database_url), "head")


def upgrade_and_grant(settings: Settings) -> None:
    """Apply every pending migration as the tables' owner, and give the other roles what they need.

    Raises:
        RoleUnfit: as `prepare_roles`.
    """
    owner_url = settings.owner_url or ""
    upgrade(owner_url)
    prepare_roles(owner_url, settings.database_url or "", settings.metrics_url or "")


def is_at_head(database_url: str) -> bool:
    """Whether every migration of this version is applied, and none of a newer one."""
    return _revision_of(database_url) == _scripts(database_url).get_current_head()


def is_migrated(database_url: str) -> bool:
    """Whether every migration of this version is applied; those of a newer version, which adds to it, may be too.

    So an old process still serves while an upgrade replaces one after another.
    """
    revision, scripts = _revision_of(database_url), _scripts(database_url)
    is_older = revision in {script.revision for script in scripts.walk_revisions()} - {scripts.get_current_head()}
    return revision is not None and not is_older


def _scripts(database_url: str) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(database_url))


def _revision_of(database_url: str) -> str | None:
    engine = make_engine(database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()

"""Bring a database's tables to this version, and check whether they are."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bankimport.db.revisions import LAST_WITH, MIGRATIONS
from bankimport.db.roles import prepare_roles
from bankimport.db.session import make_engine
from bankimport.errors import BankImportError
from bankimport.settings import Settings


class MigrationUnknown(BankImportError):
    """The database is at a migration that this version does not have."""

    code = "migration_unknown"


def alembic_config(database_url: str) -> Config:
    """Alembic's configuration for the migrations that ship with the package."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("sqlalchemy.url", database_url.replace("%", "%%"))
    return config


def where_known(revision: str | None) -> str:
    """What to do with a database or backup at a migration that this version does not have."""
    for commit, squashed in LAST_WITH.items():
        if revision in squashed:
            return f"it is from before the first release; bring it to commit {commit} first, as docs/migrations.md says"
    return "it is of a newer version; install that one or a newer one"


def upgrade(database_url: str) -> None:
    """Apply every pending migration; two concurrent calls wait for each other.

    Raises:
        MigrationUnknown: the database is at a migration that this version does not have.
    """
    revision = _revision_of(database_url)
    if revision is not None and revision not in _all_of(_scripts(database_url)):
        raise MigrationUnknown(
            f"the database is at migration {revision}, which this version does not know: {where_known(revision)}"
        )
    command.upgrade(alembic_config(database_url), "head")


def upgrade_and_grant(settings: Settings) -> None:
    """Apply every pending migration as the tables' owner, and give the other roles what they need.

    Raises:
        MigrationUnknown: as `upgrade`.
        RoleUnfit: as `prepare_roles`.
    """
    owner_url = settings.owner_url or ""
    upgrade(owner_url)
    prepare_roles(owner_url, settings.database_url or "", settings.metrics_url or "")


def is_at_head(database_url: str) -> bool:
    """Whether every migration of this version is applied, and none of a newer one."""
    return _revision_of(database_url) == _scripts(database_url).get_current_head()


def _scripts(database_url: str) -> ScriptDirectory:
    return ScriptDirectory.from_config(alembic_config(database_url))


def _all_of(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}


def _revision_of(database_url: str) -> str | None:
    engine = make_engine(database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()

"""Models and migrations say the same."""

from alembic import command

from bankimport.db.migrate import alembic_config, is_at_head, upgrade


def test_migrations_make_exactly_the_tables_of_the_models(database_url: str) -> None:
    command.check(alembic_config(database_url))


def test_applying_them_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url)

    assert is_at_head(database_url)

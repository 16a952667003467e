"""Models and migrations agree."""

import psycopg
from alembic import command

from bankimport.db.migrate import alembic_config, is_at_head, upgrade


def test_migrations_create_exactly_the_tables_of_the_models(database_url: str) -> None:
    command.check(alembic_config(database_url))


def test_applying_them_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url)

    assert is_at_head(database_url)


def test_migrations_can_be_reverted_one_by_one_and_applied_again(database_url: str) -> None:
    command.downgrade(alembic_config(database_url), "base")
    upgrade(database_url)

    command.check(alembic_config(database_url))


OUTSIDE = {
    "truelayer_import_jobs": "id user_id connection_id job_status job_type from_date to_date account_ids card_ids "
    "total_accounts total_transactions total_duplicates total_errors auto_enrich enrich_after_completion "
    "enrichment_job_id created_at started_at completed_at estimated_completion metadata",
    "truelayer_import_progress": "id job_id account_id status synced duplicates errors started_at completed_at "
    "error_message created_at",
    "truelayer_enrichment_jobs": "id user_id import_job_id job_status transaction_ids total_transactions successful "
    "failed cached_hits total_cost total_tokens created_at started_at completed_at",
    "truelayer_import_schedules": "id user_id connection_id frequency run_time days_back account_ids auto_enrich "
    "enabled last_run next_run last_status created_at",
}


def test_tables_and_columns_that_outside_programs_read_keep_their_names(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()

    promised = {(table, column) for table, columns in OUTSIDE.items() for column in columns.split()}
    assert promised - set(found) == set()

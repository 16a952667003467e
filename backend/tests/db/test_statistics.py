"""The statistics that queries are planned by follow a bulk load, however large its table is."""

from sqlalchemy import text
from tests.support.steps.installation import Installation

from bankimport.db.session import session_scope

MOST_UNSEEN = """
    SELECT relname, (
        SELECT sum(option_value::numeric * CASE option_name WHEN 'autovacuum_analyze_scale_factor' THEN 1e8 ELSE 1 END)
        FROM pg_options_to_table(reloptions) WHERE option_name LIKE 'autovacuum_analyze%'
    ) AS most_changes FROM pg_class WHERE relname IN ('transactions', 'account_days', 'transaction_changes')
"""
"""After how many changes a table of a hundred million rows is analysed."""


def test_no_table_of_rows_waits_for_more_than_one_large_import(installation: Installation) -> None:
    with session_scope() as session:
        found = {row.relname: row.most_changes for row in session.execute(text(MOST_UNSEEN))}

    assert len(found) == 3
    assert all(most is not None and most <= 20_000 for most in found.values()), found

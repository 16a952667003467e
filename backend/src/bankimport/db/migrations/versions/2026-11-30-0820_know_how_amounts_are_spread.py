"""Gather how amounts without their sign are spread, so that PostgreSQL expects few rows of a rare one.

Revision ID: d58a0be4c317
Revises: 9a35c7e1f084
"""

from alembic import op

revision = "d58a0be4c317"
down_revision = "9a35c7e1f084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE STATISTICS transactions_amount ON (abs(amount)) FROM transactions")
    op.execute("ANALYZE transactions")


def downgrade() -> None:
    op.execute("DROP STATISTICS transactions_amount")

"""Know the edit of all matching rows that made a change, and let users save filters.

Revision ID: 7b1f4ed9036c
Revises: e90b4d17c62f
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7b1f4ed9036c"
down_revision = "e90b4d17c62f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transaction_changes", sa.Column("bulk_edit_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_transaction_changes_bulk_edit_id",
        "transaction_changes",
        ["bulk_edit_id"],
        postgresql_where=sa.text("bulk_edit_id IS NOT NULL"),
    )
    op.add_column(
        "users", sa.Column("saved_filters", postgresql.JSONB(), nullable=False, server_default=sa.text("'[]'"))
    )


def downgrade() -> None:
    op.drop_column("users", "saved_filters")
    op.drop_index("ix_transaction_changes_bulk_edit_id", table_name="transaction_changes")
    op.drop_column("transaction_changes", "bulk_edit_id")

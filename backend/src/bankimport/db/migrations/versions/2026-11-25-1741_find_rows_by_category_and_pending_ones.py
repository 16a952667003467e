"""find rows by category, and pending ones."""

import sqlalchemy as sa
from alembic import op

revision = "a81d3c5be027"
down_revision = "5c1f0a7d94be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_transactions_user_id_category",
        "transactions",
        ["user_id", "category", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "ix_transactions_pending",
        "transactions",
        ["user_id", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL AND status = 'pending'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_transactions_pending",
        table_name="transactions",
        postgresql_where=sa.text("removed_at IS NULL AND status = 'pending'"),
    )
    op.drop_index(
        "ix_transactions_user_id_category",
        table_name="transactions",
        postgresql_where=sa.text("removed_at IS NULL"),
    )

"""index booked rows that are still listed as pending."""

import sqlalchemy as sa
from alembic import op

revision = "c7d05a82b3f1"
down_revision = "b92f4d17e6c8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_transactions_still_pending",
        "transactions",
        ["account_id"],
        postgresql_where=sa.text("removed_at IS NULL AND still_pending"),
    )


def downgrade() -> None:
    op.drop_index("ix_transactions_still_pending", table_name="transactions")

"""Add call budget."""

import sqlalchemy as sa
from alembic import op

revision = "9f718a58a43b"
down_revision = "474b5ab65863"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_bank_api_calls_called_at", "bank_api_calls", ["called_at"], unique=False)
    op.add_column("bank_connections", sa.Column("rate_limited_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("bank_connections", "rate_limited_until")
    op.drop_index("ix_bank_api_calls_called_at", table_name="bank_api_calls")

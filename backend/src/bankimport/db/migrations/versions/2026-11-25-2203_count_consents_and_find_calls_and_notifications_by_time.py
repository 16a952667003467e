"""count consents, and find calls to models and notifications by time."""

import sqlalchemy as sa
from alembic import op

revision = "3d9be04a7c12"
down_revision = "b7d2f40c91ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("bank_connections", "bank_api_calls"):
        op.add_column(table, sa.Column("consent_number", sa.BigInteger(), server_default="1", nullable=False))
    op.create_index("ix_llm_calls_called_at", "llm_calls", ["called_at"], unique=False)
    op.create_index("ix_notifications_created_at", "notifications", ["created_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_notifications_created_at", table_name="notifications")
    op.drop_index("ix_llm_calls_called_at", table_name="llm_calls")
    for table in ("bank_api_calls", "bank_connections"):
        op.drop_column(table, "consent_number")

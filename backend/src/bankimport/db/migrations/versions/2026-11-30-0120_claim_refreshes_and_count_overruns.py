"""claim refreshes and count overruns."""

import sqlalchemy as sa
from alembic import op

revision = "b6d1e0a94c37"
down_revision = "5b8f2e71c9d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bank_connections", sa.Column("refresh_claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notification_channels", sa.Column("overruns", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("notification_channels", "overruns")
    op.drop_column("bank_connections", "refresh_claimed_until")

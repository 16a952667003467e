"""mark booked rows that are still listed as pending."""

import sqlalchemy as sa
from alembic import op

revision = "a1e4c7f20b36"
down_revision = "5b7d20f4ce18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transactions", sa.Column("still_pending", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("transactions", "still_pending")

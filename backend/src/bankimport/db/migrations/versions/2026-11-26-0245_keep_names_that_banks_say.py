"""keep names that banks say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "b7d20f4c96e1"
down_revision = "b93d51f7c2ae"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bank_connections",
        sa.Column("holder_names", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("bank_connections", "holder_names")

"""keep names that must not leave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e8b35d17c0f2"
down_revision = "d4c1e7f2a9b8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_accounts", sa.Column("holder_name", sa.Text(), nullable=True))
    op.add_column(
        "users",
        sa.Column("private_names", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("users", "private_names")
    op.drop_column("truelayer_accounts", "holder_name")

"""let accounts have nicknames."""

import sqlalchemy as sa
from alembic import op

revision = "9b1f0c77d2e4"
down_revision = "f4b81d6c02a9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_accounts", sa.Column("nickname", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_accounts", "nickname")

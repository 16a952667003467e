"""let processes say which keys they have."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "5b0d9e3f7a14"
down_revision = "c2a94e7b15f8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("running_processes", sa.Column("key_ids", JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("running_processes", "key_ids")

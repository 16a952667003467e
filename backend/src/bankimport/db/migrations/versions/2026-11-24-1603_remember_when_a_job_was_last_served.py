"""remember when a job was last served."""

import sqlalchemy as sa
from alembic import op

revision = "7280140334b9"
down_revision = "47df650c0f28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "served_at")

"""let dry runs be discarded."""

import sqlalchemy as sa
from alembic import op

revision = "5c1f0a7d94be"
down_revision = "0a06e7644368"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "discarded_at")

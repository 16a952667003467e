"""add dry runs."""

import sqlalchemy as sa
from alembic import op

revision = "e18443e3d72d"
down_revision = "f1977624c16b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "truelayer_import_jobs", sa.Column("is_dry_run", sa.Boolean(), server_default="false", nullable=False)
    )
    op.add_column("truelayer_import_jobs", sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "committed_at")
    op.drop_column("truelayer_import_jobs", "is_dry_run")

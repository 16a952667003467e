"""Let users run one of their imports before the others.

Revision ID: 5d0e8c72ab19
Revises: 3e9b6f20c7d4
"""

import sqlalchemy as sa
from alembic import op

revision = "5d0e8c72ab19"
down_revision = "3e9b6f20c7d4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("run_next_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_truelayer_import_jobs_run_next",
        "truelayer_import_jobs",
        ["user_id"],
        postgresql_where=sa.text("run_next_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_truelayer_import_jobs_run_next", table_name="truelayer_import_jobs")
    op.drop_column("truelayer_import_jobs", "run_next_at")

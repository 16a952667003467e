"""Add pause and cancel."""

import sqlalchemy as sa
from alembic import op

revision = "474b5ab65863"
down_revision = "996a09da90bb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("truelayer_import_jobs", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "truelayer_import_progress", sa.Column("tries_from", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("truelayer_import_progress", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("queue_paused_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("ix_truelayer_import_jobs_open", table_name="truelayer_import_jobs")
    op.create_index(
        "ix_truelayer_import_jobs_open",
        "truelayer_import_jobs",
        ["job_status"],
        postgresql_where=sa.text("job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting')"),
    )


def downgrade() -> None:
    op.drop_column("users", "queue_paused_at")
    op.drop_column("truelayer_import_progress", "paused_at")
    op.drop_column("truelayer_import_progress", "tries_from")
    op.drop_column("truelayer_import_jobs", "cancelled_at")
    op.drop_column("truelayer_import_jobs", "paused_at")
    op.drop_index("ix_truelayer_import_jobs_open", table_name="truelayer_import_jobs")
    op.create_index(
        "ix_truelayer_import_jobs_open",
        "truelayer_import_jobs",
        ["job_status"],
        postgresql_where=sa.text("job_status IN ('queued', 'running', 'waiting')"),
    )

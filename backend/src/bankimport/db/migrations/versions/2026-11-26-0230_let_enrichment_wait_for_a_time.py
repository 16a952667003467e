"""let enrichment wait for a time."""

import sqlalchemy as sa
from alembic import op

revision = "a41c8e02d7f6"
down_revision = "e8b35d17c0f2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("enrich_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("truelayer_import_schedules", sa.Column("enrich_time", sa.Time(), nullable=True))
    op.create_index(
        "ix_truelayer_enrichment_jobs_stopped",
        "truelayer_enrichment_jobs",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("job_status = 'stopped'"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_truelayer_enrichment_jobs_stopped",
        table_name="truelayer_enrichment_jobs",
        postgresql_where=sa.text("job_status = 'stopped'"),
    )
    op.drop_column("truelayer_import_schedules", "enrich_time")
    op.drop_column("truelayer_import_jobs", "enrich_at")

"""follow enrichments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d4c1e7f2a9b8"
down_revision = "3d9be04a7c12"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "enrichment_events",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_enrichment_jobs.id"],
            name=op.f("fk_enrichment_events_job_id_truelayer_enrichment_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "event_id", name=op.f("pk_enrichment_events")),
    )
    op.add_column(
        "truelayer_enrichment_jobs", sa.Column("last_event_id", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("truelayer_import_jobs", sa.Column("enriching_since", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_truelayer_import_jobs_enriching",
        "truelayer_import_jobs",
        ["enriching_since"],
        unique=False,
        postgresql_where=sa.text("enriching_since IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_truelayer_import_jobs_enriching",
        table_name="truelayer_import_jobs",
        postgresql_where=sa.text("enriching_since IS NOT NULL"),
    )
    op.drop_column("truelayer_import_jobs", "enriching_since")
    op.drop_column("truelayer_enrichment_jobs", "last_event_id")
    op.drop_table("enrichment_events")

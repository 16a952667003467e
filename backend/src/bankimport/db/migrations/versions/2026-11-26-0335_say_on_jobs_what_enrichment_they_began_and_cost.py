"""say on jobs what enrichment they began and cost."""

import sqlalchemy as sa
from alembic import op

revision = "5b7d20f4ce18"
down_revision = "d52c7a90e4b8"
branch_labels = None
depends_on = None

TOTALS = """
    UPDATE truelayer_enrichment_jobs job
    SET total_tokens = taken.tokens, total_cost = CASE WHEN taken.is_known THEN taken.cost END
    FROM (
        SELECT job_id, sum(input_tokens + output_tokens) AS tokens, sum(cost) AS cost,
            bool_and(cost IS NOT NULL) AS is_known
        FROM llm_calls GROUP BY job_id
    ) taken
    WHERE taken.job_id = job.id
"""
BEGAN = """
    UPDATE truelayer_import_jobs job
    SET enrichment_job_id = began.id
    FROM (SELECT import_job_id, max(id) AS id FROM truelayer_enrichment_jobs GROUP BY import_job_id) began
    WHERE began.import_job_id = job.id
"""


def upgrade() -> None:
    op.add_column("truelayer_enrichment_jobs", sa.Column("total_cost", sa.Numeric(), server_default="0", nullable=True))
    op.add_column(
        "truelayer_enrichment_jobs", sa.Column("total_tokens", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("truelayer_import_jobs", sa.Column("enrichment_job_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "truelayer_import_jobs",
        sa.Column(
            "enrich_after_completion",
            sa.Boolean(),
            sa.Computed("auto_enrich AND enrich_at IS NULL", persisted=True),
            nullable=False,
        ),
    )
    op.execute(TOTALS)
    op.execute(BEGAN)
    op.create_foreign_key(
        "fk_truelayer_import_jobs_enrichment_job_id",
        "truelayer_import_jobs",
        "truelayer_enrichment_jobs",
        ["enrichment_job_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint("fk_truelayer_import_jobs_enrichment_job_id", "truelayer_import_jobs", type_="foreignkey")
    op.drop_column("truelayer_import_jobs", "enrich_after_completion")
    op.drop_column("truelayer_import_jobs", "enrichment_job_id")
    op.drop_column("truelayer_enrichment_jobs", "total_tokens")
    op.drop_column("truelayer_enrichment_jobs", "total_cost")

"""Let a consent go on with an import."""

import sqlalchemy as sa
from alembic import op

revision = "47df650c0f28"
down_revision = "9f718a58a43b"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authorisation_requests", sa.Column("then_retry_job_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_authorisation_requests_then_retry_job_id_truelayer_import_jobs"),
        "authorisation_requests",
        "truelayer_import_jobs",
        ["then_retry_job_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("truelayer_import_jobs", sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "attended_at")
    op.drop_constraint(
        op.f("fk_authorisation_requests_then_retry_job_id_truelayer_import_jobs"),
        "authorisation_requests",
        type_="foreignkey",
    )
    op.drop_column("authorisation_requests", "then_retry_job_id")

"""Find the next job by an index, in the order in which jobs were served.

Revision ID: c41d7a90e2b8
Revises: e4b91d70a6c8
"""

import sqlalchemy as sa
from alembic import op

revision = "c41d7a90e2b8"
down_revision = "e4b91d70a6c8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_truelayer_import_jobs_turn",
        "truelayer_import_jobs",
        [sa.text("served_at NULLS FIRST"), "id"],
        postgresql_where=sa.text(
            "job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting') AND paused_at IS NULL"
        ),
    )
    op.create_index(
        "ix_truelayer_import_progress_waits",
        "truelayer_import_progress",
        ["next_attempt_at"],
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_index("ix_bank_connections_authorised_at", "bank_connections", ["authorised_at"])


def downgrade() -> None:
    op.drop_index("ix_bank_connections_authorised_at", table_name="bank_connections")
    op.drop_index("ix_truelayer_import_progress_waits", table_name="truelayer_import_progress")
    op.drop_index("ix_truelayer_import_jobs_turn", table_name="truelayer_import_jobs")

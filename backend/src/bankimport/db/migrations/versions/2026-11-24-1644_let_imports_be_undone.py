"""let imports be undone."""

import sqlalchemy as sa
from alembic import op

revision = "f1977624c16b"
down_revision = "10404d2dfdf0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_jobs", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "truelayer_import_jobs",
        sa.Column(
            "status_before_undo",
            sa.Enum(
                "planned",
                "queued",
                "running",
                "pausing",
                "paused",
                "waiting",
                "completed",
                "partly_failed",
                "failed",
                "cancelled",
                "undone",
                name="jobstatus",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
    )


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "status_before_undo")
    op.drop_column("truelayer_import_jobs", "undone_at")

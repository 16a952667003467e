"""keep standings and signs of life."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8850f936cc0d"
down_revision = "3cace82c4822"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "periodic_runs",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_periodic_runs")),
    )
    op.create_table(
        "running_processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_running_processes")),
    )
    op.create_table(
        "account_standings",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("newest_held_day", sa.Date(), nullable=True),
        sa.Column("newest_proven_day", sa.Date(), nullable=True),
        sa.Column("broken_days", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_standings_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_standings")),
    )
    op.create_index("ix_import_attempts_ended_at", "import_attempts", ["ended_at"], unique=False)
    op.create_index("ix_truelayer_import_jobs_completed_at", "truelayer_import_jobs", ["completed_at"], unique=False)
    op.create_index(
        "ix_truelayer_import_progress_account_id_completed_at",
        "truelayer_import_progress",
        ["account_id", "completed_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_truelayer_import_progress_account_id_completed_at", table_name="truelayer_import_progress")
    op.drop_index("ix_truelayer_import_jobs_completed_at", table_name="truelayer_import_jobs")
    op.drop_index("ix_import_attempts_ended_at", table_name="import_attempts")
    op.drop_table("account_standings")
    op.drop_table("running_processes")
    op.drop_table("periodic_runs")

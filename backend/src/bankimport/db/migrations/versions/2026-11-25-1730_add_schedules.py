"""add schedules."""

import sqlalchemy as sa
from alembic import op

revision = "0a06e7644368"
down_revision = "9db23d532614"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "truelayer_import_schedules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "frequency",
            sa.Enum("daily", "weekly", "monthly", "cron", name="frequency", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("run_time", sa.Time(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("weekday", sa.BigInteger(), nullable=True),
        sa.Column("day_of_month", sa.BigInteger(), nullable=True),
        sa.Column("cron", sa.Text(), nullable=True),
        sa.Column("days_back", sa.BigInteger(), nullable=False),
        sa.Column("incremental", sa.Boolean(), nullable=False),
        sa.Column("account_ids", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("auto_enrich", sa.Boolean(), nullable=False),
        sa.Column("overlap", sa.Enum("skip", "queue", name="overlap", native_enum=False, length=24), nullable=False),
        sa.Column(
            "catch_up", sa.Enum("none", "one", "all", name="catchup", native_enum=False, length=24), nullable=False
        ),
        sa.Column("jitter_minutes", sa.BigInteger(), nullable=False),
        sa.Column("pause_after_failures", sa.BigInteger(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "paused_by",
            sa.Enum("user", "failures", "consent", name="pausedby", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("failures_in_a_row", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_run", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "last_status",
            sa.Enum(
                "due",
                "running",
                "completed",
                "partly_failed",
                "failed",
                "cancelled",
                "skipped",
                "missed",
                name="runstate",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_truelayer_import_schedules_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_truelayer_import_schedules_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_import_schedules")),
    )
    op.create_index(
        op.f("ix_truelayer_import_schedules_connection_id"),
        "truelayer_import_schedules",
        ["connection_id"],
        unique=False,
    )
    op.create_index(
        "ix_truelayer_import_schedules_due",
        "truelayer_import_schedules",
        ["fires_at"],
        unique=False,
        postgresql_where=sa.text("enabled AND removed_at IS NULL"),
    )
    op.create_index(
        op.f("ix_truelayer_import_schedules_user_id"), "truelayer_import_schedules", ["user_id"], unique=False
    )
    op.create_table(
        "import_schedule_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("schedule_id", sa.BigInteger(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum("time", "catch_up", "user", name="runtrigger", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "due",
                "running",
                "completed",
                "partly_failed",
                "failed",
                "cancelled",
                "skipped",
                "missed",
                name="runstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_import_schedule_runs_job_id_truelayer_import_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["truelayer_import_schedules.id"],
            name=op.f("fk_import_schedule_runs_schedule_id_truelayer_import_schedules"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_schedule_runs")),
        sa.UniqueConstraint("job_id", name=op.f("uq_import_schedule_runs_job_id")),
        sa.UniqueConstraint(
            "schedule_id", "scheduled_for", name=op.f("uq_import_schedule_runs_schedule_id_scheduled_for")
        ),
    )
    op.create_index(
        "ix_import_schedule_runs_open",
        "import_schedule_runs",
        ["state"],
        unique=False,
        postgresql_where=sa.text("state IN ('due', 'running')"),
    )


def downgrade() -> None:
    op.drop_index(
        "ix_import_schedule_runs_open",
        table_name="import_schedule_runs",
        postgresql_where=sa.text("state IN ('due', 'running')"),
    )
    op.drop_table("import_schedule_runs")
    op.drop_index(op.f("ix_truelayer_import_schedules_user_id"), table_name="truelayer_import_schedules")
    op.drop_index(
        "ix_truelayer_import_schedules_due",
        table_name="truelayer_import_schedules",
        postgresql_where=sa.text("enabled AND removed_at IS NULL"),
    )
    op.drop_index(op.f("ix_truelayer_import_schedules_connection_id"), table_name="truelayer_import_schedules")
    op.drop_table("truelayer_import_schedules")

"""Create import jobs, the imports of their accounts, windows, attempts and events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6a2252646070"
down_revision = "030eb03c7999"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "truelayer_import_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "job_status",
            sa.Enum(
                "planned",
                "queued",
                "running",
                "pausing",
                "paused",
                "waiting",
                "enriching",
                "completed",
                "partly_failed",
                "failed",
                "cancelled",
                "undone",
                name="jobstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "job_type",
            sa.Enum("date_range", "incremental", "full_sync", name="jobtype", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("from_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=False),
        sa.Column("account_ids", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("card_ids", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("batch_size", sa.BigInteger(), nullable=True),
        sa.Column("max_parallel", sa.BigInteger(), nullable=False),
        sa.Column("auto_enrich", sa.Boolean(), nullable=False),
        sa.Column("attended_ip", sa.Text(), nullable=True),
        sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("total_accounts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_transactions", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_duplicates", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_errors", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_dry_run", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status_before_undo",
            sa.Enum(
                "planned",
                "queued",
                "running",
                "pausing",
                "paused",
                "waiting",
                "enriching",
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
        sa.Column("enrich_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "enrich_after_completion",
            sa.Boolean(),
            sa.Computed("auto_enrich AND enrich_at IS NULL", persisted=True),
            nullable=False,
        ),
        sa.Column("enrichment_job_id", sa.BigInteger(), nullable=True),
        sa.Column("enriching_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("transfers_looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("estimated_completion", sa.DateTime(timezone=True), nullable=True),
        sa.Column("metadata", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("run_next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_truelayer_import_jobs_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_truelayer_import_jobs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_import_jobs")),
    )
    op.create_index("ix_truelayer_import_jobs_completed_at", "truelayer_import_jobs", ["completed_at"], unique=False)
    op.create_index(
        op.f("ix_truelayer_import_jobs_connection_id"), "truelayer_import_jobs", ["connection_id"], unique=False
    )
    op.create_index(
        "ix_truelayer_import_jobs_enriching",
        "truelayer_import_jobs",
        ["enriching_since"],
        unique=False,
        postgresql_where=sa.text("enriching_since IS NOT NULL"),
    )
    op.create_index(
        "ix_truelayer_import_jobs_open",
        "truelayer_import_jobs",
        ["job_status"],
        unique=False,
        postgresql_where=sa.text("job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting')"),
    )
    op.create_index(
        "ix_truelayer_import_jobs_user_id_id",
        "truelayer_import_jobs",
        ["user_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_truelayer_import_jobs_turn",
        "truelayer_import_jobs",
        [sa.text("served_at NULLS FIRST"), "id"],
        unique=False,
        postgresql_where=sa.text(
            "job_status IN ('queued', 'running', 'pausing', 'paused', 'waiting') AND paused_at IS NULL"
        ),
    )
    op.create_index(
        "ix_truelayer_import_jobs_run_next",
        "truelayer_import_jobs",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("run_next_at IS NOT NULL"),
    )
    op.create_table(
        "truelayer_import_progress",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "syncing",
                "waiting",
                "completed",
                "failed",
                "cancelled",
                name="accountstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("synced", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duplicates", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("errors", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pending", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("days_total", sa.BigInteger(), nullable=False),
        sa.Column("days_done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempt_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries_from", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("days_refused", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_truelayer_import_progress_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_truelayer_import_progress_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_import_progress")),
        sa.UniqueConstraint("job_id", "account_id", name=op.f("uq_truelayer_import_progress_job_id_account_id")),
    )
    op.create_index(
        "ix_truelayer_import_progress_account_id_completed_at",
        "truelayer_import_progress",
        ["account_id", "completed_at"],
        unique=False,
    )
    op.create_index(
        "ix_truelayer_import_progress_open",
        "truelayer_import_progress",
        ["status"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'syncing', 'waiting')"),
    )
    op.create_index(
        "uq_truelayer_import_progress_one_at_a_time",
        "truelayer_import_progress",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("status = 'syncing'"),
    )
    op.create_index(
        "ix_truelayer_import_progress_waits",
        "truelayer_import_progress",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("status = 'waiting'"),
    )
    op.create_table(
        "import_windows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_import_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_to", sa.Date(), nullable=False),
        sa.Column("asked_from", sa.Date(), nullable=True),
        sa.Column("asked_to", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "fetched",
                "completed",
                "refused",
                "split",
                "undone",
                name="windowstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("fetches", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("raw_response_id", sa.BigInteger(), nullable=True),
        sa.Column("stored_to", sa.Date(), nullable=True),
        sa.Column("rows_in_answer", sa.BigInteger(), nullable=True),
        sa.Column("rows_in_window", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("begun", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_import_windows_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_import_id"],
            ["truelayer_import_progress.id"],
            name=op.f("fk_import_windows_account_import_id_truelayer_import_progress"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_windows")),
    )
    op.create_index(
        "ix_import_windows_account_id_state", "import_windows", ["account_id", "state", "window_from"], unique=False
    )
    op.create_index(
        "ix_import_windows_account_import_id", "import_windows", ["account_import_id", "window_to"], unique=False
    )
    op.create_table(
        "import_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_import_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_import_id"],
            ["truelayer_import_progress.id"],
            name=op.f("fk_import_attempts_account_import_id_truelayer_import_progress"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_attempts")),
        sa.UniqueConstraint("account_import_id", "number", name=op.f("uq_import_attempts_account_import_id_number")),
    )
    op.create_index("ix_import_attempts_ended_at", "import_attempts", ["ended_at"], unique=False)
    op.create_table(
        "import_events",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_import_events_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "event_id", name=op.f("pk_import_events")),
    )


def downgrade() -> None:
    op.drop_table("import_events")
    op.drop_table("import_attempts")
    op.drop_table("import_windows")
    op.drop_table("truelayer_import_progress")
    op.drop_table("truelayer_import_jobs")

"""Create schedules, notifications and heartbeats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d93e0f7ac126"
down_revision = "5b26a858617b"
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
        sa.Column("enrich_time", sa.Time(), nullable=True),
        sa.Column("overlap", sa.Enum("skip", "queue", name="overlap", native_enum=False, length=24), nullable=False),
        sa.Column(
            "catch_up", sa.Enum("none", "one", "all", name="catchup", native_enum=False, length=24), nullable=False
        ),
        sa.Column("jitter_minutes", sa.BigInteger(), nullable=False),
        sa.Column("pause_after_failures", sa.BigInteger(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=False),
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
    op.create_table(
        "notification_settings",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_to", sa.Time(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_settings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_notification_settings")),
    )
    op.create_table(
        "notification_channels",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "type", sa.Enum("apprise", "webhook", name="channeltype", native_enum=False, length=24), nullable=False
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("shown_as", sa.Text(), nullable=False),
        sa.Column("secret_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("previous_secret_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kinds", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("obeys_quiet_hours", sa.Boolean(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("overruns", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notification_channels_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_channels")),
    )
    op.create_index(op.f("ix_notification_channels_user_id"), "notification_channels", ["user_id"], unique=False)
    op.create_table(
        "notifications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "import.finished",
                "import.failed",
                "consent.ending",
                "proof.broken",
                "cap.reached",
                "schedule.paused",
                "imports.stale",
                "channel.disabled",
                "test",
                name="kind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("user_id", "dedupe_key", name=op.f("uq_notifications_user_id_dedupe_key")),
    )
    op.create_index("ix_notifications_created_at", "notifications", ["created_at"], unique=False)
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND kind <> 'test'"),
    )
    op.create_index(
        "ix_notifications_user_id_id", "notifications", ["user_id", sa.literal_column("id DESC")], unique=False
    )
    op.create_table(
        "notification_deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("notification_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "delivered", "failed", "dropped", name="deliverystate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("tries_from", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_for_quiet_end", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["notification_channels.id"],
            name=op.f("fk_notification_deliveries_channel_id_notification_channels"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["notification_id"],
            ["notifications.id"],
            name=op.f("fk_notification_deliveries_notification_id_notifications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_deliveries")),
        sa.UniqueConstraint(
            "notification_id", "channel_id", name=op.f("uq_notification_deliveries_notification_id_channel_id")
        ),
    )
    op.create_index(
        "ix_notification_deliveries_channel_id_id",
        "notification_deliveries",
        ["channel_id", sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_notification_deliveries_due",
        "notification_deliveries",
        ["next_try_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "notification_delivery_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("in_digest_of", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["notification_deliveries.id"],
            name=op.f("fk_notification_delivery_tries_delivery_id_notification_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification_delivery_tries")),
    )
    op.create_index(
        op.f("ix_notification_delivery_tries_delivery_id"), "notification_delivery_tries", ["delivery_id"], unique=False
    )
    op.create_table(
        "running_processes",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("key_ids", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_running_processes")),
    )
    op.create_table(
        "periodic_runs",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_periodic_runs")),
    )


def downgrade() -> None:
    op.drop_table("periodic_runs")
    op.drop_table("running_processes")
    op.drop_table("notification_delivery_tries")
    op.drop_table("notification_deliveries")
    op.drop_table("notifications")
    op.drop_table("notification_channels")
    op.drop_table("notification_settings")
    op.drop_table("import_schedule_runs")
    op.drop_table("truelayer_import_schedules")

"""Create categories, rules, enrichment jobs, calls to models and merchant keys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b26a858617b"
down_revision = "611b76ad01e9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "categories",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("colour", sa.Text(), nullable=False),
        sa.Column("default_name", sa.Text(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["categories.id"],
            name=op.f("fk_categories_merged_into_id_categories"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id_categories"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_categories_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_categories_user_id_name")),
    )
    op.create_index(op.f("ix_categories_parent_id"), "categories", ["parent_id"], unique=False)
    op.create_table(
        "category_merges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=False),
        sa.Column("row_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("changed_before", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("changed_after", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("rule_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("cache_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("child_ids", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("last_change_id", sa.BigInteger(), nullable=False),
        sa.Column("was_archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parent_of_into", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["categories.id"], name=op.f("fk_category_merges_from_id_categories"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["categories.id"], name=op.f("fk_category_merges_into_id_categories"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_category_merges_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_merges")),
    )
    op.create_index(op.f("ix_category_merges_from_id"), "category_merges", ["from_id"], unique=False)
    op.create_table(
        "category_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "origin", sa.Enum("user", "correction", name="ruleorigin", native_enum=False, length=24), nullable=False
        ),
        sa.Column(
            "match",
            sa.Enum("contains", "prefix", "exact", "key", name="rulematch", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=True),
        sa.Column("merchant", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_category_rules_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_rules")),
    )
    op.create_index(op.f("ix_category_rules_user_id"), "category_rules", ["user_id"], unique=False)
    op.create_table(
        "truelayer_enrichment_jobs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("import_job_id", sa.BigInteger(), nullable=True),
        sa.Column("transaction_ids", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "job_status",
            sa.Enum(
                "queued",
                "running",
                "waiting",
                "paused",
                "stopped",
                "completed",
                "failed",
                "cancelled",
                name="enrichmentstatus",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("uses_model", sa.Boolean(), nullable=False),
        sa.Column("is_refresh", sa.Boolean(), nullable=False),
        sa.Column("enrich_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cap", sa.Numeric(), nullable=True),
        sa.Column("cap_currency", sa.Text(), nullable=True),
        sa.Column("total_transactions", sa.BigInteger(), nullable=False),
        sa.Column("successful", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cached_hits", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total_cost", sa.Numeric(), server_default="0", nullable=True),
        sa.Column("total_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("processed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("last_event_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("attempt_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("losses", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_truelayer_enrichment_jobs_import_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["category_rules.id"],
            name=op.f("fk_truelayer_enrichment_jobs_rule_id_category_rules"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_truelayer_enrichment_jobs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_enrichment_jobs")),
    )
    op.create_index(
        op.f("ix_truelayer_enrichment_jobs_import_job_id"), "truelayer_enrichment_jobs", ["import_job_id"], unique=False
    )
    op.create_index(
        "ix_truelayer_enrichment_jobs_open",
        "truelayer_enrichment_jobs",
        ["job_status"],
        unique=False,
        postgresql_where=sa.text("job_status IN ('queued', 'running', 'waiting')"),
    )
    op.create_index(
        op.f("ix_truelayer_enrichment_jobs_rule_id"), "truelayer_enrichment_jobs", ["rule_id"], unique=False
    )
    op.create_index(
        "ix_truelayer_enrichment_jobs_stopped",
        "truelayer_enrichment_jobs",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("job_status = 'stopped'"),
    )
    op.create_index(
        op.f("ix_truelayer_enrichment_jobs_user_id"), "truelayer_enrichment_jobs", ["user_id"], unique=False
    )
    op.create_foreign_key(
        "fk_truelayer_import_jobs_enrichment_job_id",
        "truelayer_import_jobs",
        "truelayer_enrichment_jobs",
        ["enrichment_job_id"],
        ["id"],
        ondelete="SET NULL",
    )
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
    op.create_table(
        "enrichment_cache",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_key", sa.Text(), nullable=False),
        sa.Column("direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_version", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_job_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_job_id"],
            ["truelayer_enrichment_jobs.id"],
            name=op.f("fk_enrichment_cache_asked_by_job_id_truelayer_enrichment_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_enrichment_cache_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrichment_cache")),
        sa.UniqueConstraint(
            "user_id", "merchant_key", "direction", name=op.f("uq_enrichment_cache_user_id_merchant_key_direction")
        ),
    )
    op.create_index(op.f("ix_enrichment_cache_asked_by_job_id"), "enrichment_cache", ["asked_by_job_id"], unique=False)
    # No foreign keys to the user and the job: each row's would be looked up, though the attempt that writes has locked
    # the job. Rows go with their transaction.
    op.create_table(
        "transaction_enrichments",
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("merchant_key", sa.Text(), nullable=False),
        sa.Column("direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=False),
        sa.Column("merchant_source", sa.Text(), nullable=True),
        sa.Column("merchant_confidence", sa.Double(), nullable=True),
        sa.Column("merchant_rule_id", sa.BigInteger(), nullable=True),
        sa.Column("category_source", sa.Text(), nullable=True),
        sa.Column("category_confidence", sa.Double(), nullable=True),
        sa.Column("category_rule_id", sa.BigInteger(), nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("prompt_version", sa.Text(), nullable=True),
        sa.Column("enriched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merchant_reason", sa.Text(), nullable=True),
        sa.Column("category_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_rule_id"],
            ["category_rules.id"],
            name=op.f("fk_transaction_enrichments_category_rule_id_category_rules"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["merchant_rule_id"],
            ["category_rules.id"],
            name=op.f("fk_transaction_enrichments_merchant_rule_id_category_rules"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_transaction_enrichments_transaction_id_transactions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("transaction_id", name=op.f("pk_transaction_enrichments")),
    )
    op.create_index(
        "ix_transaction_enrichments_category_rule_id",
        "transaction_enrichments",
        ["category_rule_id"],
        unique=False,
        postgresql_where=sa.text("category_rule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_transaction_enrichments_merchant_rule_id",
        "transaction_enrichments",
        ["merchant_rule_id"],
        unique=False,
        postgresql_where=sa.text("merchant_rule_id IS NOT NULL"),
    )
    op.create_index(
        "ix_transaction_enrichments_user_id_merchant_key",
        "transaction_enrichments",
        ["user_id", "merchant_key", "direction"],
        unique=False,
    )
    op.create_table(
        "llm_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("merchants", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("reserved", "answered", "malformed", "failed", name="llmcallstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latency_ms", sa.BigInteger(), nullable=True),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cached_tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cost", sa.Numeric(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_enrichment_jobs.id"],
            name=op.f("fk_llm_calls_job_id_truelayer_enrichment_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_llm_calls_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_llm_calls")),
    )
    op.create_index("ix_llm_calls_called_at", "llm_calls", ["called_at"], unique=False)
    op.create_index(op.f("ix_llm_calls_job_id"), "llm_calls", ["job_id"], unique=False)
    op.create_index("ix_llm_calls_user_id_called_at", "llm_calls", ["user_id", "called_at"], unique=False)
    op.create_table(
        "merchant_key_states",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("target", sa.Text(), server_default="", nullable=False),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_merchant_key_states_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_merchant_key_states")),
    )
    op.create_table(
        "merchant_key_moves",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.Enum("in", "out", name="direction", native_enum=False, length=24), nullable=False),
        sa.Column("old_key", sa.Text(), nullable=False),
        sa.Column("new_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_merchant_key_moves_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "direction", "old_key", "new_key", name=op.f("pk_merchant_key_moves")),
    )


def downgrade() -> None:
    op.drop_constraint("fk_truelayer_import_jobs_enrichment_job_id", "truelayer_import_jobs", type_="foreignkey")
    op.drop_table("merchant_key_moves")
    op.drop_table("merchant_key_states")
    op.drop_table("llm_calls")
    op.drop_table("transaction_enrichments")
    op.drop_table("enrichment_cache")
    op.drop_table("enrichment_events")
    op.drop_table("truelayer_enrichment_jobs")
    op.drop_table("category_rules")
    op.drop_table("category_merges")
    op.drop_table("categories")

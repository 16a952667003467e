"""Create transactions and their changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "996a09da90bb"
down_revision = "996a09da90aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transactions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("booked", "pending", name="transactionstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("timestamp", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_time", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.Numeric(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=True),
        sa.Column("merchant_source", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("category_source", sa.Text(), nullable=True),
        sa.Column("transaction_type", sa.Text(), nullable=True),
        sa.Column("transaction_category", sa.Text(), nullable=True),
        sa.Column("classification", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=True),
        sa.Column("provider_transaction_id", sa.Text(), nullable=True),
        sa.Column("normalised_provider_transaction_id", sa.Text(), nullable=True),
        sa.Column("running_balance", sa.Numeric(), nullable=True),
        sa.Column("meta", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("import_job_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_response_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_position", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by_job_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_transactions_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_transactions_import_job_id_truelayer_import_jobs"),
        ),
        sa.ForeignKeyConstraint(
            ["raw_response_id"], ["raw_responses.id"], name=op.f("fk_transactions_raw_response_id_raw_responses")
        ),
        sa.ForeignKeyConstraint(
            ["removed_by_job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_transactions_removed_by_job_id_truelayer_import_jobs"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_transactions_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
    )
    op.create_index("ix_transactions_account_id_date", "transactions", ["account_id", "date"], unique=False)
    op.create_index(op.f("ix_transactions_import_job_id"), "transactions", ["import_job_id"], unique=False)
    op.create_index(op.f("ix_transactions_raw_response_id"), "transactions", ["raw_response_id"], unique=False)
    op.create_index(
        "ix_transactions_user_id_date_id",
        "transactions",
        ["user_id", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "uq_transactions_account_id_dedupe_key",
        "transactions",
        ["account_id", "dedupe_key"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "transaction_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ids_changed",
                "bank_amended",
                "date_moved",
                "booked",
                "vanished",
                name="changekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["truelayer_import_jobs.id"], name=op.f("fk_transaction_changes_job_id_truelayer_import_jobs")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_transaction_changes_transaction_id_transactions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_transaction_changes_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_changes")),
    )
    op.create_index(op.f("ix_transaction_changes_job_id"), "transaction_changes", ["job_id"], unique=False)
    op.create_index(
        op.f("ix_transaction_changes_transaction_id"), "transaction_changes", ["transaction_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_transaction_changes_transaction_id"), table_name="transaction_changes")
    op.drop_index(op.f("ix_transaction_changes_job_id"), table_name="transaction_changes")
    op.drop_table("transaction_changes")
    op.drop_index(
        "uq_transactions_account_id_dedupe_key",
        table_name="transactions",
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.drop_index("ix_transactions_user_id_date_id", table_name="transactions")
    op.drop_index(op.f("ix_transactions_raw_response_id"), table_name="transactions")
    op.drop_index(op.f("ix_transactions_import_job_id"), table_name="transactions")
    op.drop_index("ix_transactions_account_id_date", table_name="transactions")
    op.drop_table("transactions")

"""Create the record, its changes, transfers and reviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "25a1cf779661"
down_revision = "26db23c12192"
branch_labels = None
depends_on = None

STATISTICS = {"autovacuum_analyze_scale_factor": 0, "autovacuum_analyze_threshold": 20000}
"""After every 20,000 new rows, not after a tenth of the table: a first import is a small part of a large table."""

NOT_SEARCHED = (
    "meta",
    "content_hash",
    "classification",
    "flags",
    "transaction_id",
    "provider_transaction_id",
    "normalised_provider_transaction_id",
    "running_balance",
    "dedupe_key",
)
"""Each analysis takes half as long without the statistics of these columns."""

LOCK = """
    PERFORM FROM truelayer_accounts WHERE id = needed FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = format('there is no account %s', needed);
    END IF;
"""

CHECK_INSERTED = """
    CREATE FUNCTION need_accounts_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE needed bigint;
    BEGIN
        FOR needed IN SELECT DISTINCT account_id FROM new_rows LOOP
            {lock}
        END LOOP;
        RETURN NULL;
    END $$
"""

CHECK_MOVED = """
    CREATE FUNCTION need_account_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE needed bigint := NEW.account_id;
    BEGIN
        {lock}
        RETURN NULL;
    END $$
"""

DELETE = """
    CREATE FUNCTION delete_rows_of_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE gone bigint;
    BEGIN
        FOR gone IN SELECT id FROM old_accounts LOOP
            DELETE FROM transactions WHERE account_id = gone;
        END LOOP;
        RETURN NULL;
    END $$
"""

TRIGGERS = {
    "need_accounts_of_rows": "AFTER INSERT ON transactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT",
    "need_account_of_row": "AFTER UPDATE OF account_id ON transactions FOR EACH ROW "
    "WHEN (OLD.account_id <> NEW.account_id)",
    "delete_rows_of_accounts": "AFTER DELETE ON truelayer_accounts REFERENCING OLD TABLE AS old_accounts "
    "FOR EACH STATEMENT",
}
"""Instead of a foreign key: that a row's account exists is checked once for each statement, not for each row."""


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
        sa.Column("still_pending", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        postgresql_with=STATISTICS,
    )
    op.create_index("ix_transactions_account_id_date", "transactions", ["account_id", "date"], unique=False)
    op.create_index(
        "ix_transactions_pending",
        "transactions",
        ["user_id", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL AND status = 'pending'"),
    )
    op.create_index(
        "ix_transactions_user_id_category",
        "transactions",
        ["user_id", "category", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "ix_transactions_user_id_date_id",
        "transactions",
        ["user_id", sa.literal_column("date DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "ix_transactions_user_id_amount",
        "transactions",
        ["user_id", sa.literal_column("abs(amount)")],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index(
        "ix_transactions_still_pending",
        "transactions",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("removed_at IS NULL AND still_pending"),
    )
    for column in ("import_job_id", "raw_response_id"):
        op.create_index(
            f"ix_transactions_{column}",
            "transactions",
            [column],
            unique=False,
            postgresql_using="brin",
            postgresql_with={"pages_per_range": 64, "autosummarize": "on"},
        )
    op.create_index(
        "uq_transactions_account_id_dedupe_key",
        "transactions",
        ["account_id", "dedupe_key"],
        unique=True,
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    for column in NOT_SEARCHED:
        op.execute(f"ALTER TABLE transactions ALTER COLUMN {column} SET STATISTICS 0")
    # How amounts without their sign are spread, so that few rows of a rare one are expected.
    op.execute("CREATE STATISTICS transactions_amount ON (abs(amount)) FROM transactions")
    for function in (CHECK_INSERTED, CHECK_MOVED, DELETE):
        op.execute(function.format(lock=LOCK))
    for name, when in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
    op.create_table(
        "transaction_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("enrichment_job_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "ids_changed",
                "bank_amended",
                "date_moved",
                "booked",
                "vanished",
                "edited",
                "edit_taken_back",
                "reparsed",
                "removed",
                "restored",
                "carried",
                "carried_over",
                "enriched",
                "enrichment_undone",
                name="changekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("bulk_edit_id", sa.Uuid(), nullable=True),
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
        postgresql_with=STATISTICS,
    )
    op.create_index(
        "ix_transaction_changes_enrichment_job_id",
        "transaction_changes",
        ["enrichment_job_id", "id"],
        unique=False,
        postgresql_where=sa.text("enrichment_job_id IS NOT NULL"),
    )
    op.create_index(
        "ix_transaction_changes_bulk_edit_id",
        "transaction_changes",
        ["bulk_edit_id"],
        unique=False,
        postgresql_where=sa.text("bulk_edit_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_transaction_changes_job_id"), "transaction_changes", ["job_id"], unique=False)
    op.create_index(
        op.f("ix_transaction_changes_transaction_id"), "transaction_changes", ["transaction_id"], unique=False
    )
    op.create_table(
        "transfers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("out_id", sa.BigInteger(), nullable=False),
        sa.Column("in_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("suggested", "confirmed", "refused", name="transferstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("confidence", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("days_apart", sa.BigInteger(), nullable=False),
        sa.Column("alternatives", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["in_id"], ["transactions.id"], name=op.f("fk_transfers_in_id_transactions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["out_id"], ["transactions.id"], name=op.f("fk_transfers_out_id_transactions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_transfers_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("out_id", "in_id", name=op.f("uq_transfers_out_id_in_id")),
    )
    op.create_index(op.f("ix_transfers_in_id"), "transfers", ["in_id"], unique=False)
    op.create_index(
        "ix_transfers_user_id_status",
        "transfers",
        ["user_id", "status", sa.literal_column("confidence DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "uq_transfers_in_id_open", "transfers", ["in_id"], unique=True, postgresql_where=sa.text("status <> 'refused'")
    )
    op.create_index(
        "uq_transfers_out_id_open",
        "transfers",
        ["out_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.create_table(
        "review_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bank_lacks_row", "bank_disagrees", name="reviewkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("ours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("banks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("kept", "taken", "listed_again", name="reviewdecision", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_review_items_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_review_items_transaction_id_transactions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_review_items_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    op.create_index(op.f("ix_review_items_job_id"), "review_items", ["job_id"], unique=False)
    op.create_index(op.f("ix_review_items_user_id"), "review_items", ["user_id"], unique=False)
    op.create_index(
        "uq_review_items_open",
        "review_items",
        ["transaction_id", "kind"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("review_items")
    op.drop_table("transfers")
    op.drop_table("transaction_changes")
    op.execute("DROP TRIGGER delete_rows_of_accounts ON truelayer_accounts")
    op.drop_table("transactions")
    for name in TRIGGERS:
        op.execute(f"DROP FUNCTION {name}()")

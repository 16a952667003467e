"""Create the answers of banks, the ledger of calls to them, requests for consent, and balances."""

import sqlalchemy as sa
from alembic import op

revision = "26db23c12192"
down_revision = "6a2252646070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "raw_responses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("window_id", sa.BigInteger(), nullable=True),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("client_correlation_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("rows_digest", sa.LargeBinary(), nullable=True),
        sa.Column("rows_digest_since", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_raw_responses_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["import_attempts.id"], name=op.f("fk_raw_responses_attempt_id_import_attempts")
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["truelayer_import_jobs.id"], name=op.f("fk_raw_responses_job_id_truelayer_import_jobs")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_raw_responses_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["window_id"], ["import_windows.id"], name=op.f("fk_raw_responses_window_id_import_windows")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_responses")),
    )
    op.create_index(op.f("ix_raw_responses_account_id"), "raw_responses", ["account_id"], unique=False)
    op.create_index(
        "ix_raw_responses_account_id_sha256",
        "raw_responses",
        ["account_id", "sha256"],
        unique=False,
        postgresql_where=sa.text("rows_digest IS NOT NULL"),
    )
    op.create_index(op.f("ix_raw_responses_job_id"), "raw_responses", ["job_id"], unique=False)
    op.create_foreign_key(
        "fk_import_windows_raw_response_id_raw_responses",
        "import_windows",
        "raw_responses",
        ["raw_response_id"],
        ["id"],
    )
    op.create_table(
        "rejected_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_response_id", sa.BigInteger(), nullable=False),
        sa.Column("raw_position", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_rejected_rows_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_rejected_rows_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["raw_response_id"],
            ["raw_responses.id"],
            name=op.f("fk_rejected_rows_raw_response_id_raw_responses"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejected_rows")),
        sa.UniqueConstraint(
            "raw_response_id", "raw_position", name=op.f("uq_rejected_rows_raw_response_id_raw_position")
        ),
    )
    op.create_index(op.f("ix_rejected_rows_job_id"), "rejected_rows", ["job_id"], unique=False)
    op.create_table(
        "bank_api_calls",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_number", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("bank_id", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("elapsed_ms", sa.BigInteger(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_bank_api_calls_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_bank_api_calls_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_bank_api_calls_job_id_truelayer_import_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bank_api_calls_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_api_calls")),
    )
    op.create_index(
        "ix_bank_api_calls_allowance", "bank_api_calls", ["account_id", "endpoint", "called_at"], unique=False
    )
    op.create_index("ix_bank_api_calls_called_at", "bank_api_calls", ["called_at"], unique=False)
    op.create_index(
        "ix_bank_api_calls_connection_id_called_at", "bank_api_calls", ["connection_id", "called_at"], unique=False
    )
    op.create_index(op.f("ix_bank_api_calls_job_id"), "bank_api_calls", ["job_id"], unique=False)
    op.create_table(
        "authorisation_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=True),
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_verifier_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("in_browser", sa.Boolean(), nullable=False),
        sa.Column("then_retry_job_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("confirmation_hash", sa.LargeBinary(), nullable=True),
        sa.Column("confirmation_tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_authorisation_requests_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["then_retry_job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_authorisation_requests_then_retry_job_id_truelayer_import_jobs"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_authorisation_requests_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorisation_requests")),
        sa.UniqueConstraint("state_hash", name=op.f("uq_authorisation_requests_state_hash")),
    )
    op.create_table(
        "account_balances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Numeric(), nullable=False),
        sa.Column("available", sa.Numeric(), nullable=True),
        sa.Column("pending_total", sa.Numeric(), nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_balances_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_account_balances_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_balances")),
    )
    op.create_index(
        "ix_account_balances_account_id_told_at", "account_balances", ["account_id", "told_at"], unique=False
    )


def downgrade() -> None:
    op.drop_constraint("fk_import_windows_raw_response_id_raw_responses", "import_windows", type_="foreignkey")
    op.drop_table("account_balances")
    op.drop_table("authorisation_requests")
    op.drop_table("bank_api_calls")
    op.drop_table("rejected_rows")
    op.drop_table("raw_responses")

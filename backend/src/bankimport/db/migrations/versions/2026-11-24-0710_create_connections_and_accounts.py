"""Create connections to banks, and accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5d1f7c20b3a4"
down_revision = "996a09da904c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_connections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_id", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("credentials_id", sa.Text(), nullable=True),
        sa.Column("consent_number", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "status",
            sa.Enum("active", "expired", "removed", name="connectionstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("holder_names", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("access_token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("access_token_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_outcome_unknown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rate_limited_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authorised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_created_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error_code", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bank_connections_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_connections")),
    )
    op.create_index(op.f("ix_bank_connections_user_id"), "bank_connections", ["user_id"], unique=False)
    op.create_index("ix_bank_connections_user_id_bank_id", "bank_connections", ["user_id", "bank_id"], unique=False)
    op.create_table(
        "consent_warnings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days_before", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_consent_warnings_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_consent_warnings_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_warnings")),
        sa.UniqueConstraint(
            "connection_id",
            "ends_at",
            "days_before",
            name=op.f("uq_consent_warnings_connection_id_ends_at_days_before"),
        ),
    )
    op.create_index(op.f("ix_consent_warnings_user_id"), "consent_warnings", ["user_id"], unique=False)
    op.create_table(
        "truelayer_accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum("account", "card", name="accountkind", native_enum=False, length=24), nullable=False),
        sa.Column("truelayer_id", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("account_type", sa.Text(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("account_number", sa.Text(), nullable=True),
        sa.Column("sort_code", sa.Text(), nullable=True),
        sa.Column("partial_card_number", sa.Text(), nullable=True),
        sa.Column("card_network", sa.Text(), nullable=True),
        sa.Column("holder_name", sa.Text(), nullable=True),
        sa.Column("balance_current", sa.Numeric(), nullable=True),
        sa.Column("balance_available", sa.Numeric(), nullable=True),
        sa.Column("balance_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsupported", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("last_synced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_truelayer_accounts_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_truelayer_accounts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_accounts")),
    )
    op.create_index(op.f("ix_truelayer_accounts_connection_id"), "truelayer_accounts", ["connection_id"], unique=False)
    op.create_index(op.f("ix_truelayer_accounts_user_id"), "truelayer_accounts", ["user_id"], unique=False)
    op.create_index("ix_truelayer_accounts_user_id_bank_id", "truelayer_accounts", ["user_id", "bank_id"], unique=False)
    op.create_index(
        "uq_truelayer_accounts_connection_truelayer",
        "truelayer_accounts",
        ["connection_id", "kind", "truelayer_id"],
        unique=True,
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


def downgrade() -> None:
    op.drop_table("account_standings")
    op.drop_table("truelayer_accounts")
    op.drop_table("consent_warnings")
    op.drop_table("bank_connections")

"""Create our client id at TrueLayer, connections to banks, accounts and the doors to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "030eb03c7999"
down_revision = "1d33c33e994d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "truelayer_application",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.String(24), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_truelayer_application_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_application")),
    )
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
            sa.Enum("active", "expired", "removed", "undecided", name="connectionstatus", native_enum=False, length=24),
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
        sa.Column("time_zone", sa.Text(), nullable=True),
        sa.Column("consent_end_assumed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("renews_id", sa.BigInteger(), nullable=True),
        sa.Column("listing", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("refresh_claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "data_api",
            sa.Enum("v1", "v3", name="dataapi", native_enum=False, length=24),
            server_default="v1",
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_bank_connections_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"],
            ["bank_connections.id"],
            name=op.f("fk_bank_connections_renews_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_connections")),
    )
    op.create_index(op.f("ix_bank_connections_user_id"), "bank_connections", ["user_id"], unique=False)
    op.create_index("ix_bank_connections_user_id_bank_id", "bank_connections", ["user_id", "bank_id"], unique=False)
    op.create_index(op.f("ix_bank_connections_renews_id"), "bank_connections", ["renews_id"], unique=False)
    op.create_index("ix_bank_connections_authorised_at", "bank_connections", ["authorised_at"], unique=False)
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
        sa.Column("bank_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Enum("account", "card", name="accountkind", native_enum=False, length=24), nullable=False),
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
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_truelayer_accounts_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_accounts")),
    )
    op.create_index(op.f("ix_truelayer_accounts_user_id"), "truelayer_accounts", ["user_id"], unique=False)
    op.create_index("ix_truelayer_accounts_user_id_bank_id", "truelayer_accounts", ["user_id", "bank_id"], unique=False)
    op.create_table(
        "account_standings",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("newest_held_day", sa.Date(), nullable=True),
        sa.Column("newest_proven_day", sa.Date(), nullable=True),
        sa.Column("broken_days", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("proved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sure_point", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_standings_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_standings")),
    )
    op.create_table(
        "account_doors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Enum("account", "card", name="accountkind", native_enum=False, length=24), nullable=False),
        sa.Column("truelayer_id", sa.Text(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_doors_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["bank_connections.id"],
            name=op.f("fk_account_doors_connection_id_bank_connections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_doors")),
        sa.UniqueConstraint("connection_id", "account_id", name=op.f("uq_account_doors_connection_id_account_id")),
        sa.UniqueConstraint(
            "connection_id", "kind", "truelayer_id", name=op.f("uq_account_doors_connection_id_kind_truelayer_id")
        ),
    )
    op.create_index(op.f("ix_account_doors_account_id"), "account_doors", ["account_id"])
    op.create_table(
        "declined_continuations",
        sa.Column("new_account_id", sa.BigInteger(), nullable=False),
        sa.Column("old_account_id", sa.BigInteger(), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [name],
                ["truelayer_accounts.id"],
                name=op.f(f"fk_declined_continuations_{name}_truelayer_accounts"),
                ondelete="CASCADE",
            )
            for name in ("new_account_id", "old_account_id")
        ),
        sa.PrimaryKeyConstraint("new_account_id", "old_account_id", name=op.f("pk_declined_continuations")),
    )
    op.create_table(
        "account_joins",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_name", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_account_joins_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_joins_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_joins")),
    )
    op.create_index(op.f("ix_account_joins_user_id"), "account_joins", ["user_id"])
    op.create_index(op.f("ix_account_joins_account_id"), "account_joins", ["account_id"])


def downgrade() -> None:
    op.drop_table("account_joins")
    op.drop_table("declined_continuations")
    op.drop_table("account_doors")
    op.drop_table("account_standings")
    op.drop_table("truelayer_accounts")
    op.drop_table("consent_warnings")
    op.drop_table("bank_connections")
    op.drop_table("truelayer_application")

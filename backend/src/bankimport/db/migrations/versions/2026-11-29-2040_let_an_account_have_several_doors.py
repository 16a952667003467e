"""let an account have several doors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7c41e9d2b0a6"
down_revision = "b7d30c5e9a14"
branch_labels = None
depends_on = None

KINDS = sa.Enum("account", "card", name="accountkind", native_enum=False, length=24)


def upgrade() -> None:
    op.create_table(
        "account_doors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", KINDS, nullable=False),
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
    op.execute(
        "INSERT INTO account_doors (account_id, connection_id, kind, truelayer_id, missing_since, created_at) "
        "SELECT id, connection_id, kind, truelayer_id, missing_since, created_at FROM truelayer_accounts ORDER BY id"
    )
    op.drop_index("uq_truelayer_accounts_connection_truelayer", table_name="truelayer_accounts")
    op.drop_index("ix_truelayer_accounts_connection_id", table_name="truelayer_accounts")
    for name in ("connection_id", "truelayer_id", "missing_since"):
        op.drop_column("truelayer_accounts", name)

    moment = sa.DateTime(timezone=True)
    op.add_column(
        "bank_connections",
        sa.Column("consent_end_assumed", sa.Boolean(), server_default="false", nullable=False),
    )
    for name in ("ended_at", "described_at", "settled_at"):
        op.add_column("bank_connections", sa.Column(name, moment, nullable=True))
    op.add_column("bank_connections", sa.Column("renews_id", sa.BigInteger(), nullable=True))
    op.add_column("bank_connections", sa.Column("listing", postgresql.JSONB(), server_default="{}", nullable=False))
    op.create_index(op.f("ix_bank_connections_renews_id"), "bank_connections", ["renews_id"])
    op.create_foreign_key(
        op.f("fk_bank_connections_renews_id_bank_connections"),
        "bank_connections",
        "bank_connections",
        ["renews_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.execute("UPDATE bank_connections SET settled_at = created_at, described_at = authorised_at")
    # An impossible consent date was stored as the bank wrote it: it is unknown, and we assume 90 days.
    op.execute(
        "UPDATE bank_connections "
        "SET consent_end_assumed = true, consent_expires_at = authorised_at + interval '90 days' "
        "WHERE consent_expires_at IS NULL OR consent_expires_at < authorised_at "
        "OR consent_expires_at > authorised_at + interval '5 years'"
    )
    op.execute(
        "UPDATE bank_connections SET consent_created_at = authorised_at "
        "WHERE consent_created_at < '2015-01-01' OR consent_created_at > authorised_at + interval '1 day'"
    )
    op.add_column("authorisation_requests", sa.Column("provider_id", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("authorisation_requests", "provider_id")
    op.execute("DELETE FROM bank_connections WHERE status = 'undecided'")
    op.drop_constraint(op.f("fk_bank_connections_renews_id_bank_connections"), "bank_connections", type_="foreignkey")
    op.drop_index(op.f("ix_bank_connections_renews_id"), table_name="bank_connections")
    for name in ("listing", "renews_id", "settled_at", "described_at", "ended_at", "consent_end_assumed"):
        op.drop_column("bank_connections", name)
    op.add_column("truelayer_accounts", sa.Column("connection_id", sa.BigInteger(), nullable=True))
    op.add_column("truelayer_accounts", sa.Column("truelayer_id", sa.Text(), nullable=True))
    op.add_column("truelayer_accounts", sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE truelayer_accounts a SET connection_id = d.connection_id, truelayer_id = d.truelayer_id, "
        "missing_since = d.missing_since FROM (SELECT DISTINCT ON (account_id) * FROM account_doors "
        "ORDER BY account_id, missing_since IS NOT NULL, id DESC) d WHERE d.account_id = a.id"
    )
    op.alter_column("truelayer_accounts", "connection_id", nullable=False)
    op.alter_column("truelayer_accounts", "truelayer_id", nullable=False)
    op.create_foreign_key(
        "fk_truelayer_accounts_connection_id_bank_connections",
        "truelayer_accounts",
        "bank_connections",
        ["connection_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_index("ix_truelayer_accounts_connection_id", "truelayer_accounts", ["connection_id"])
    op.create_index(
        "uq_truelayer_accounts_connection_truelayer",
        "truelayer_accounts",
        ["connection_id", "kind", "truelayer_id"],
        unique=True,
    )
    op.drop_table("account_doors")

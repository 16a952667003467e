"""keep told balances."""

import sqlalchemy as sa
from alembic import op

revision = "10404d2dfdf0"
down_revision = "7280140334b9"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_balances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Numeric(), nullable=False),
        sa.Column("available", sa.Numeric(), nullable=True),
        sa.Column("pending_total", sa.Numeric(), nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["truelayer_accounts.id"],
            name=op.f("fk_account_balances_account_id_truelayer_accounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_balances")),
    )
    op.create_index(
        "ix_account_balances_account_id_told_at", "account_balances", ["account_id", "told_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_account_balances_account_id_told_at", table_name="account_balances")
    op.drop_table("account_balances")

"""let a continued account be separated again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "c81e5f20b3a7"
down_revision = "9b1f0c77d2e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_joins",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_id", sa.BigInteger(), nullable=False),
        sa.Column("joined_name", sa.Text(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
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

"""version merchant keys and keep reasons."""

import sqlalchemy as sa
from alembic import op

revision = "e71c40b9d3a5"
down_revision = "a3f0c61b7d28"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("transaction_enrichments", sa.Column("merchant_reason", sa.Text(), nullable=True))
    op.add_column("transaction_enrichments", sa.Column("category_reason", sa.Text(), nullable=True))
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
    op.drop_table("merchant_key_moves")
    op.drop_table("merchant_key_states")
    op.drop_column("transaction_enrichments", "category_reason")
    op.drop_column("transaction_enrichments", "merchant_reason")

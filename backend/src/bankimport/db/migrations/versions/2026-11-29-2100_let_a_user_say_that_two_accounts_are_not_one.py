"""let a user say that two accounts are not one."""

import sqlalchemy as sa
from alembic import op

revision = "a3f0c61b7d28"
down_revision = "7c41e9d2b0a6"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("declined_continuations")

"""Index the changes that make rows appear, which each export looks for."""

import sqlalchemy as sa
from alembic import op

revision = "8b52d0c6e3f1"
down_revision = "8d2c6f41b7e0"
branch_labels = None
depends_on = None

NAME = "ix_transaction_changes_appeared"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # An earlier try that was stopped leaves an index that cannot be used.
        op.drop_index(NAME, "transaction_changes", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            NAME,
            "transaction_changes",
            ["id"],
            postgresql_where=sa.text("kind IN ('booked', 'restored')"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    op.drop_index(NAME, "transaction_changes")

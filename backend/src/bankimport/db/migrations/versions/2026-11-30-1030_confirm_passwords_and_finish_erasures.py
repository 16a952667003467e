"""Know when a session's user last gave their password, and which erasures have begun."""

import sqlalchemy as sa
from alembic import op

revision = "c58e2f19a7d4"
down_revision = "5d0e8c72ab19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "user_sessions",
        sa.Column("confirmed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute("UPDATE user_sessions SET confirmed_at = created_at")
    op.add_column("users", sa.Column("erasing_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "erasing_since")
    op.drop_column("user_sessions", "confirmed_at")

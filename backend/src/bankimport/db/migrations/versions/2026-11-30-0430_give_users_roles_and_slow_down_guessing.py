"""give users roles and tokens scopes, describe sessions, and slow down who guesses passwords."""

import sqlalchemy as sa
from alembic import op

revision = "b6c03f8a7d15"
down_revision = "d18e63c9f5a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("role", sa.String(24), server_default="member", nullable=False))
    op.execute("UPDATE users SET role = 'admin' WHERE id = (SELECT min(id) FROM users WHERE disabled_at IS NULL)")
    op.add_column("user_sessions", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("user_sessions", sa.Column("address", sa.Text(), nullable=True))
    op.add_column(
        "user_sessions",
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.add_column(
        "api_tokens",
        sa.Column("scopes", sa.ARRAY(sa.Text()), server_default="{read,import,manage}", nullable=False),
    )
    op.add_column("api_tokens", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sign_in_tries",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("blocked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_last_at"), "sign_in_tries", ["last_at"])


def downgrade() -> None:
    op.drop_table("sign_in_tries")
    op.drop_column("api_tokens", "expires_at")
    op.drop_column("api_tokens", "scopes")
    for name in ("last_seen_at", "address", "device"):
        op.drop_column("user_sessions", name)
    op.drop_column("users", "role")

"""Create users' keys, and places for what is encrypted under them."""

import sqlalchemy as sa
from alembic import op

revision = "4f7c1e90ab35"
down_revision = "d93e0f7ac126"
branch_labels = None
depends_on = None

_UNSEALED = {
    "raw_responses": "body IS NOT NULL AND substring(body, 1, 4) <> '\\x00626901'::bytea",
    "rejected_rows": "substring(raw, 1, 4) <> '\\x00626901'::bytea",
}
"""Rows to be sealed by `data_rights.seal_stored`; their indexes are empty afterwards."""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table, condition in _UNSEALED.items():
            # An earlier try that was stopped leaves an index that cannot be used.
            op.drop_index(f"ix_{table}_unsealed", table, if_exists=True, postgresql_concurrently=True)
            op.create_index(
                f"ix_{table}_unsealed", table, ["id"], postgresql_where=sa.text(condition), postgresql_concurrently=True
            )
    op.create_table(
        "user_keys",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_keys_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_user_keys")),
    )
    op.add_column("truelayer_accounts", sa.Column("numbers_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT EXISTS (SELECT FROM user_keys)")).scalar_one():
        raise RuntimeError("account numbers and answers are encrypted under users' keys, which an older version lacks")
    op.drop_column("truelayer_accounts", "numbers_sealed")
    op.drop_table("user_keys")
    for table in _UNSEALED:
        op.drop_index(f"ix_{table}_unsealed", table)

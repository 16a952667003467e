"""add transfers."""

import sqlalchemy as sa
from alembic import op

revision = "c1e7a9a55b26"
down_revision = "8850f936cc0d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("out_id", sa.BigInteger(), nullable=False),
        sa.Column("in_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("suggested", "confirmed", "refused", name="transferstatus", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("confidence", sa.Numeric(precision=4, scale=3), nullable=False),
        sa.Column("days_apart", sa.BigInteger(), nullable=False),
        sa.Column("alternatives", sa.BigInteger(), nullable=False),
        sa.Column("reasons", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["in_id"], ["transactions.id"], name=op.f("fk_transfers_in_id_transactions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["out_id"], ["transactions.id"], name=op.f("fk_transfers_out_id_transactions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_transfers_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("out_id", "in_id", name=op.f("uq_transfers_out_id_in_id")),
    )
    op.create_index(op.f("ix_transfers_in_id"), "transfers", ["in_id"], unique=False)
    op.create_index(
        "ix_transfers_user_id_status",
        "transfers",
        ["user_id", "status", sa.literal_column("confidence DESC"), sa.literal_column("id DESC")],
        unique=False,
    )
    op.create_index(
        "uq_transfers_in_id_open", "transfers", ["in_id"], unique=True, postgresql_where=sa.text("status <> 'refused'")
    )
    op.create_index(
        "uq_transfers_out_id_open",
        "transfers",
        ["out_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'refused'"),
    )
    op.add_column("truelayer_import_jobs", sa.Column("transfers_looked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("truelayer_import_jobs", "transfers_looked_at")
    op.drop_index("uq_transfers_out_id_open", table_name="transfers", postgresql_where=sa.text("status <> 'refused'"))
    op.drop_index("uq_transfers_in_id_open", table_name="transfers", postgresql_where=sa.text("status <> 'refused'"))
    op.drop_index("ix_transfers_user_id_status", table_name="transfers")
    op.drop_index(op.f("ix_transfers_in_id"), table_name="transfers")
    op.drop_table("transfers")

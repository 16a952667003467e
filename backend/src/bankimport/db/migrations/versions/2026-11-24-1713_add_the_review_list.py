"""add the review list."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9db23d532614"
down_revision = "e18443e3d72d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("transaction_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("bank_lacks_row", "bank_disagrees", name="reviewkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("ours", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("banks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("kept", "taken", "listed_again", name="reviewdecision", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["truelayer_import_jobs.id"],
            name=op.f("fk_review_items_job_id_truelayer_import_jobs"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_review_items_transaction_id_transactions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_review_items_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_items")),
    )
    op.create_index(op.f("ix_review_items_job_id"), "review_items", ["job_id"], unique=False)
    op.create_index(op.f("ix_review_items_user_id"), "review_items", ["user_id"], unique=False)
    op.create_index(
        "uq_review_items_open",
        "review_items",
        ["transaction_id", "kind"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_review_items_open", table_name="review_items", postgresql_where=sa.text("decided_at IS NULL"))
    op.drop_index(op.f("ix_review_items_user_id"), table_name="review_items")
    op.drop_index(op.f("ix_review_items_job_id"), table_name="review_items")
    op.drop_table("review_items")

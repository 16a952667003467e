"""let categories be merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c93a51e8f02d"
down_revision = "b7d20f4c96e1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ids = postgresql.ARRAY(sa.BigInteger())
    op.create_table(
        "category_merges",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=False),
        sa.Column("into_id", sa.BigInteger(), nullable=False),
        sa.Column("row_ids", ids, nullable=False),
        sa.Column("changed_before", ids, nullable=False),
        sa.Column("changed_after", ids, nullable=False),
        sa.Column("rule_ids", ids, nullable=False),
        sa.Column("cache_ids", ids, nullable=False),
        sa.Column("child_ids", ids, nullable=False),
        sa.Column("last_change_id", sa.BigInteger(), nullable=False),
        sa.Column("was_archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("parent_of_into", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_id"], ["categories.id"], name=op.f("fk_category_merges_from_id_categories"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["categories.id"], name=op.f("fk_category_merges_into_id_categories"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_category_merges_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_merges")),
    )
    op.create_index(op.f("ix_category_merges_from_id"), "category_merges", ["from_id"], unique=False)
    op.add_column("categories", sa.Column("merged_into_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_categories_merged_into_id_categories"),
        "categories",
        "categories",
        ["merged_into_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_categories_merged_into_id_categories"), "categories", type_="foreignkey")
    op.drop_column("categories", "merged_into_id")
    op.drop_index(op.f("ix_category_merges_from_id"), table_name="category_merges")
    op.drop_table("category_merges")

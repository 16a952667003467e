"""let rules be edited and categories renamed."""

import sqlalchemy as sa
from alembic import op

revision = "6a1f0c9d3b57"
down_revision = "fc55fc669ad4"
branch_labels = None
depends_on = None

DEFAULT_NAMES = (
    "Income",
    "Salary",
    "Benefits",
    "Interest",
    "Refunds",
    "Home",
    "Rent and mortgage",
    "Home improvement",
    "Bills",
    "Energy and water",
    "Phone and internet",
    "Insurance",
    "Taxes",
    "Food",
    "Groceries",
    "Eating out",
    "Coffee",
    "Takeaway",
    "Transport",
    "Fuel",
    "Public transport",
    "Taxi",
    "Car",
    "Shopping",
    "Clothing",
    "Electronics",
    "Health",
    "Pharmacy",
    "Fitness",
    "Personal care",
    "Entertainment",
    "Subscriptions",
    "Gambling",
    "Travel",
    "Education",
    "Children and pets",
    "Gifts and donations",
    "Business services",
    "Fees and charges",
    "Cash",
    "Savings and investments",
    "Transfers",
)
"""What categories were called until now; none could be renamed."""


def upgrade() -> None:
    op.add_column("categories", sa.Column("default_name", sa.Text(), nullable=True))
    categories = sa.table("categories", sa.column("name", sa.Text()), sa.column("default_name", sa.Text()))
    op.execute(sa.update(categories).where(categories.c.name.in_(DEFAULT_NAMES)).values(default_name=categories.c.name))
    op.add_column("category_rules", sa.Column("is_enabled", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("category_rules", sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("truelayer_enrichment_jobs", sa.Column("rule_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "truelayer_enrichment_jobs", sa.Column("changed", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column("truelayer_enrichment_jobs", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_truelayer_enrichment_jobs_rule_id_category_rules"),
        "truelayer_enrichment_jobs",
        "category_rules",
        ["rule_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        op.f("ix_truelayer_enrichment_jobs_rule_id"), "truelayer_enrichment_jobs", ["rule_id"], unique=False
    )
    for field in ("merchant", "category"):
        column = f"{field}_rule_id"
        op.add_column("transaction_enrichments", sa.Column(column, sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_transaction_enrichments_{column}_category_rules"),
            "transaction_enrichments",
            "category_rules",
            [column],
            ["id"],
            ondelete="SET NULL",
        )
        op.create_index(
            f"ix_transaction_enrichments_{column}",
            "transaction_enrichments",
            [column],
            unique=False,
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    op.add_column("transaction_changes", sa.Column("enrichment_job_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_transaction_changes_enrichment_job_id_truelayer_enrichment_jobs"),
        "transaction_changes",
        "truelayer_enrichment_jobs",
        ["enrichment_job_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(
        "ix_transaction_changes_enrichment_job_id",
        "transaction_changes",
        ["enrichment_job_id", "id"],
        unique=False,
        postgresql_where=sa.text("enrichment_job_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_column("transaction_changes", "enrichment_job_id")
    for field in ("merchant", "category"):
        op.drop_column("transaction_enrichments", f"{field}_rule_id")
    for column in ("undone_at", "changed", "rule_id"):
        op.drop_column("truelayer_enrichment_jobs", column)
    for column in ("removed_at", "is_enabled"):
        op.drop_column("category_rules", column)
    op.drop_column("categories", "default_name")

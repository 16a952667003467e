"""Do not look up the user and the job of each enriched row: the attempt that writes has locked the job.

Both are the same for every row of a statement. Rows and their changes still go with their transaction.
"""

from alembic import op

revision = "5e08c1f7a9d3"
down_revision = "b27c05d9f418"
branch_labels = None
depends_on = None

KEYS = (
    ("transaction_enrichments", "user_id", "users", "CASCADE"),
    ("transaction_enrichments", "job_id", "truelayer_enrichment_jobs", "SET NULL"),
    ("transaction_changes", "enrichment_job_id", "truelayer_enrichment_jobs", "SET NULL"),
)


def upgrade() -> None:
    for table, column, parent, _ in KEYS:
        op.drop_constraint(op.f(f"fk_{table}_{column}_{parent}"), table, type_="foreignkey")
    op.drop_index("ix_transaction_enrichments_job_id", "transaction_enrichments")


def downgrade() -> None:
    op.create_index("ix_transaction_enrichments_job_id", "transaction_enrichments", ["job_id"])
    for table, column, parent, then in KEYS:
        name = op.f(f"fk_{table}_{column}_{parent}")
        op.create_foreign_key(name, table, parent, [column], ["id"], ondelete=then, postgresql_not_valid=True)

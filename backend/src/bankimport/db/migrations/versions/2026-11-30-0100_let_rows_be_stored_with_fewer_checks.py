"""let rows be stored with fewer checks: one foreign key a row, and summaries instead of two indexes."""

import sqlalchemy as sa
from alembic import op

revision = "5b8f2e71c9d4"
down_revision = "5b0d9e3f7a14"
branch_labels = None
depends_on = None

PARENTS = (
    ("fk_transactions_user_id_users", "users", "user_id", "CASCADE"),
    ("fk_transactions_import_job_id_truelayer_import_jobs", "truelayer_import_jobs", "import_job_id", None),
    ("fk_transactions_raw_response_id_raw_responses", "raw_responses", "raw_response_id", None),
)
SUMMARIES = ("import_job_id", "raw_response_id")
PAGES = {"pages_per_range": 64, "autosummarize": "on"}


def upgrade() -> None:
    for name, _, _, _ in PARENTS:
        op.drop_constraint(name, "transactions", type_="foreignkey")
    with op.get_context().autocommit_block():
        for column in SUMMARIES:
            name = f"ix_transactions_{column}"
            op.drop_index(name, "transactions", postgresql_concurrently=True, if_exists=True)
            op.create_index(
                name,
                "transactions",
                [column],
                postgresql_concurrently=True,
                postgresql_using="brin",
                postgresql_with=PAGES,
            )
        op.create_index(
            "ix_transactions_user_id_amount",
            "transactions",
            ["user_id", sa.text("abs(amount)")],
            postgresql_where=sa.text("removed_at IS NULL"),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("ix_transactions_user_id_amount", "transactions", postgresql_concurrently=True, if_exists=True)
        for column in SUMMARIES:
            name = f"ix_transactions_{column}"
            op.drop_index(name, "transactions", postgresql_concurrently=True, if_exists=True)
            op.create_index(name, "transactions", [column], postgresql_concurrently=True)
    for name, table, column, on_delete in PARENTS:
        op.create_foreign_key(
            name, "transactions", table, [column], ["id"], ondelete=on_delete, postgresql_not_valid=True
        )

"""name the dry run that was told a balance."""

import sqlalchemy as sa
from alembic import op

revision = "b93d51f7c2ae"
down_revision = "a41c8e02d7f6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_balances", sa.Column("job_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_account_balances_job_id_truelayer_import_jobs"),
        "account_balances",
        "truelayer_import_jobs",
        ["job_id"],
        ["id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_account_balances_job_id_truelayer_import_jobs"), "account_balances", type_="foreignkey")
    op.drop_column("account_balances", "job_id")

"""Note which import closed a question of the review, so that undoing it opens the question again."""

import sqlalchemy as sa
from alembic import op

revision = "5b1f0d7a9c34"
down_revision = "8b52d0c6e3f1"
branch_labels = None
depends_on = None

INDEX = "ix_review_items_closed_by_job_id"
KEY = "fk_review_items_closed_by_job_id_truelayer_import_jobs"


def upgrade() -> None:
    op.add_column("review_items", sa.Column("closed_by_job_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        KEY, "review_items", "truelayer_import_jobs", ["closed_by_job_id"], ["id"], ondelete="SET NULL"
    )
    given = sa.text("closed_by_job_id IS NOT NULL")
    op.create_index(INDEX, "review_items", ["closed_by_job_id"], unique=False, postgresql_where=given)


def downgrade() -> None:
    op.drop_index(INDEX, "review_items")
    op.drop_constraint(KEY, "review_items", type_="foreignkey")
    op.drop_column("review_items", "closed_by_job_id")

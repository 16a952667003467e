"""recognise answers that come again byte for byte."""

import sqlalchemy as sa
from alembic import op

revision = "a61c0e94d7b3"
down_revision = "c81e5f20b3a7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("raw_responses", sa.Column("rows_digest", sa.LargeBinary(), nullable=True))
    op.add_column("raw_responses", sa.Column("rows_digest_since", sa.LargeBinary(), nullable=True))
    op.create_index(
        "ix_raw_responses_account_id_sha256",
        "raw_responses",
        ["account_id", "sha256"],
        postgresql_where=sa.text("rows_digest IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_raw_responses_account_id_sha256", table_name="raw_responses")
    op.drop_column("raw_responses", "rows_digest_since")
    op.drop_column("raw_responses", "rows_digest")

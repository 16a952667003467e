"""count refused days apart from those that are done."""

import sqlalchemy as sa
from alembic import op

revision = "f4b81d6c02a9"
down_revision = "5d0a7be1c942"
branch_labels = None
depends_on = None

MOVE = """
    UPDATE truelayer_import_progress p SET days_refused = r.days, days_done = greatest(0, p.days_done - r.days)
    FROM (
        SELECT account_import_id AS id, sum(window_to - window_from + 1) AS days
        FROM import_windows WHERE state = 'refused' GROUP BY account_import_id
    ) r
    WHERE r.id = p.id
"""


def upgrade() -> None:
    op.add_column(
        "truelayer_import_progress", sa.Column("days_refused", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.execute(MOVE)


def downgrade() -> None:
    op.execute("UPDATE truelayer_import_progress SET days_done = days_done + days_refused WHERE days_refused > 0")
    op.drop_column("truelayer_import_progress", "days_refused")

"""say since when a schedule is in force."""

import sqlalchemy as sa
from alembic import op

revision = "d52c7a90e4b8"
down_revision = "c93a51e8f02d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("truelayer_import_schedules", sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE truelayer_import_schedules SET in_force_since = created_at")
    op.alter_column("truelayer_import_schedules", "in_force_since", nullable=False)


def downgrade() -> None:
    op.drop_column("truelayer_import_schedules", "in_force_since")

"""Mark the calls that were made soon after a consent, without the user's address."""

import sqlalchemy as sa
from alembic import op

revision = "8d2c6f41b7e0"
down_revision = "4f7c1e90ab35"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bank_api_calls", sa.Column("in_consent_window", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("bank_api_calls", "in_consent_window")

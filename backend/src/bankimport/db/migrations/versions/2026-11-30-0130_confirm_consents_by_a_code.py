"""confirm consents by a code."""

import sqlalchemy as sa
from alembic import op

revision = "d20f7b58e1c6"
down_revision = "b6d1e0a94c37"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("authorisation_requests", sa.Column("confirmation_hash", sa.LargeBinary(), nullable=True))
    op.add_column(
        "authorisation_requests", sa.Column("confirmation_tries", sa.BigInteger(), server_default="0", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("authorisation_requests", "confirmation_tries")
    op.drop_column("authorisation_requests", "confirmation_hash")

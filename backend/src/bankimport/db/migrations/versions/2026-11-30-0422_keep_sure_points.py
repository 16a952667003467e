"""keep from where an account's proof can be continued."""

import sqlalchemy as sa
from alembic import op

revision = "b92f4d17e6c8"
down_revision = "a61c0e94d7b3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account_standings", sa.Column("sure_point", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("account_standings", "sure_point")

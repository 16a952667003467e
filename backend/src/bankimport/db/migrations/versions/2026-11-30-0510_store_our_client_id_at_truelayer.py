"""Store our client id at TrueLayer, with its secret encrypted."""

import sqlalchemy as sa
from alembic import op

revision = "e4b91d70a6c8"
down_revision = "b6c03f8a7d15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "truelayer_application",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("environment", sa.String(24), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("client_secret_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_truelayer_application_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_truelayer_application")),
    )


def downgrade() -> None:
    op.drop_table("truelayer_application")

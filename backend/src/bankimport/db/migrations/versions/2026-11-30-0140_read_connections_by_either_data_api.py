"""read connections by either data API."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5d0a7be1c942"
down_revision = "d20f7b58e1c6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bank_connections",
        sa.Column(
            "data_api",
            sa.Enum("v1", "v3", name="dataapi", native_enum=False, length=24),
            server_default="v1",
            nullable=False,
        ),
    )
    op.add_column(
        "import_windows",
        sa.Column("begun", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("import_windows", "begun")
    op.drop_column("bank_connections", "data_api")

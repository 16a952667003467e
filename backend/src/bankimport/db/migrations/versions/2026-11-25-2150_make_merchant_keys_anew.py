"""make merchant keys anew.

Keys lost the words that some brands are known by; they are kept beside rows, corrections and remembered answers.
"""

from alembic import op

from bankimport.enrichment.keys.rekey import rekey

revision = "b7d2f40c91ae"
down_revision = "6a1f0c9d3b57"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rekey(op.get_bind())


def downgrade() -> None:
    """Nothing: the older program makes the keys of the rows that it enriches in its own way."""

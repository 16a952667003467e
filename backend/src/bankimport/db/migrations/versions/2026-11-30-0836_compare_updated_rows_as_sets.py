"""Compare the rows of an update with what they were as two sets: joining them took time by the square of their number.

Revision ID: 3e9b6f20c7d4
Revises: a4e1c97b30d2
"""

from alembic import op

revision = "3e9b6f20c7d4"
down_revision = "a4e1c97b30d2"
branch_labels = None
depends_on = None

JOINED = """
    SELECT mine.* FROM new_rows mine JOIN old_rows others ON others.id = mine.id
    WHERE (mine.account_id, mine.date, mine.currency, mine.status, mine.amount, mine.removed_at IS NULL)
        IS DISTINCT FROM
        (others.account_id, others.date, others.currency, others.status, others.amount, others.removed_at IS NULL)
"""
AS_SETS = """
    SELECT id, account_id, date, currency, status, amount, removed_at IS NULL FROM new_rows
    EXCEPT SELECT id, account_id, date, currency, status, amount, removed_at IS NULL FROM old_rows
"""

REPLACE = """
    DO $do$
    DECLARE
        now_is text := pg_get_functiondef('sum_days_after_update()'::regprocedure);
        first text := 'IF EXISTS (';
        start integer := position(first IN now_is) + length(first);
        stop integer := position(') THEN' IN now_is);
    BEGIN
        EXECUTE overlay(now_is PLACING '{check}' FROM start FOR stop - start);
    END $do$
"""


def upgrade() -> None:
    op.execute(REPLACE.format(check=AS_SETS))


def downgrade() -> None:
    op.execute(REPLACE.format(check=JOINED))

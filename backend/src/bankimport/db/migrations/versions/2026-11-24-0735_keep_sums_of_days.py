"""Keep the number and sums of each account's rows, day by day."""

import sqlalchemy as sa
from alembic import op

revision = "611b76ad01e9"
down_revision = "25a1cf779661"
branch_labels = None
depends_on = None

CHANGED = """
    SELECT account_id, date, currency, status, count(*) AS rows,
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0) AS money_in,
        coalesce(sum(amount) FILTER (WHERE amount < 0), 0) AS money_out
    FROM {rows} WHERE removed_at IS NULL GROUP BY account_id, date, currency, status
"""

ADD = """
    INSERT INTO account_days AS d (account_id, date, currency, status, rows, money_in, money_out)
    {changed} ORDER BY account_id, date, currency, status
    ON CONFLICT (account_id, date, currency, status) DO UPDATE SET rows = d.rows + excluded.rows,
        money_in = d.money_in + excluded.money_in, money_out = d.money_out + excluded.money_out
"""

TAKE = """
    UPDATE account_days d SET rows = d.rows - c.rows,
        money_in = d.money_in - c.money_in, money_out = d.money_out - c.money_out
    FROM ({changed}) c
    WHERE d.account_id = c.account_id AND d.date = c.date AND d.currency = c.currency AND d.status = c.status
"""

MOVED = """
    SELECT mine.* FROM {mine} mine JOIN {others} others ON others.id = mine.id
    WHERE (mine.account_id, mine.date, mine.currency, mine.status, mine.amount, mine.removed_at IS NULL)
        IS DISTINCT FROM
        (others.account_id, others.date, others.currency, others.status, others.amount, others.removed_at IS NULL)
"""

CHANGES = """
    SELECT id, account_id, date, currency, status, amount, removed_at IS NULL FROM new_rows
    EXCEPT SELECT id, account_id, date, currency, status, amount, removed_at IS NULL FROM old_rows
"""
"""Most updates leave all sums as they are. Comparing two sets says so sooner than joining them."""

FUNCTION = """
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {body}
        RETURN NULL;
    END $$
"""


def added(rows: str) -> str:
    """The statement that adds these rows to the sums."""
    return ADD.format(changed=CHANGED.format(rows=rows))


def taken(rows: str) -> str:
    """The statement that takes these rows from the sums."""
    return TAKE.format(changed=CHANGED.format(rows=rows))


OLD = MOVED.format(mine="old_rows", others="new_rows")
NEW = MOVED.format(mine="new_rows", others="old_rows")
BODIES = {
    "INSERT": f"{added('new_rows')};",
    "DELETE": f"{taken('old_rows')};",
    "UPDATE": f"IF EXISTS ({CHANGES}) THEN {taken(f'({OLD}) moved')}; {added(f'({NEW}) moved')}; END IF;",
}
REFERENCING = {
    "INSERT": "NEW TABLE AS new_rows",
    "DELETE": "OLD TABLE AS old_rows",
    "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
}


def upgrade() -> None:
    op.create_table(
        "account_days",
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("money_in", sa.Numeric(), nullable=False),
        sa.Column("money_out", sa.Numeric(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["truelayer_accounts.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", "date", "currency", "status"),
        # As those of transactions: statistics are gathered while a first import is stored.
        postgresql_with={"autovacuum_analyze_scale_factor": 0, "autovacuum_analyze_threshold": 20000},
    )
    for action, body in BODIES.items():
        name = f"sum_days_after_{action.lower()}"
        op.execute(FUNCTION.format(name=name, body=body))
        op.execute(
            f"CREATE TRIGGER {name} AFTER {action} ON transactions REFERENCING {REFERENCING[action]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    for action in BODIES:
        op.execute(f"DROP TRIGGER sum_days_after_{action.lower()} ON transactions")
        op.execute(f"DROP FUNCTION sum_days_after_{action.lower()}()")
    op.drop_table("account_days")

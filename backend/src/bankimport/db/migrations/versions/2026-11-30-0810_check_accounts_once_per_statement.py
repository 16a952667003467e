"""Check once per statement, not for each row, that a row's account exists; delete an account's rows by a trigger."""

from alembic import op

revision = "7d20b9e4c6f1"
down_revision = "c41d7a90e2b8"
branch_labels = None
depends_on = None

LOCK = """
    PERFORM FROM truelayer_accounts WHERE id = needed FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = format('there is no account %s', needed);
    END IF;
"""

CHECK_INSERTED = """
    CREATE FUNCTION need_accounts_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE needed bigint;
    BEGIN
        FOR needed IN SELECT DISTINCT account_id FROM new_rows LOOP
            {lock}
        END LOOP;
        RETURN NULL;
    END $$
"""

CHECK_MOVED = """
    CREATE FUNCTION need_account_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE needed bigint := NEW.account_id;
    BEGIN
        {lock}
        RETURN NULL;
    END $$
"""

DELETE = """
    CREATE FUNCTION delete_rows_of_accounts() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE gone bigint;
    BEGIN
        FOR gone IN SELECT id FROM old_accounts LOOP
            DELETE FROM transactions WHERE account_id = gone;
        END LOOP;
        RETURN NULL;
    END $$
"""

TRIGGERS = {
    "need_accounts_of_rows": (
        "transactions",
        "AFTER INSERT ON transactions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT",
    ),
    "need_account_of_row": (
        "transactions",
        "AFTER UPDATE OF account_id ON transactions FOR EACH ROW WHEN (OLD.account_id <> NEW.account_id)",
    ),
    "delete_rows_of_accounts": (
        "truelayer_accounts",
        "AFTER DELETE ON truelayer_accounts REFERENCING OLD TABLE AS old_accounts FOR EACH STATEMENT",
    ),
}


def upgrade() -> None:
    for function in (CHECK_INSERTED, CHECK_MOVED, DELETE):
        op.execute(function.format(lock=LOCK))
    for name, (_, when) in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {name}()")
    op.drop_constraint("fk_transactions_account_id_truelayer_accounts", "transactions", type_="foreignkey")
    op.drop_constraint("fk_transactions_removed_by_job_id_truelayer_import_jobs", "transactions", type_="foreignkey")


def downgrade() -> None:
    for column, parent, then in (
        ("account_id", "truelayer_accounts", "CASCADE"),
        ("removed_by_job_id", "truelayer_import_jobs", None),
    ):
        name = f"fk_transactions_{column}_{parent}"
        op.create_foreign_key(name, "transactions", parent, [column], ["id"], ondelete=then, postgresql_not_valid=True)
        op.execute(f"ALTER TABLE transactions VALIDATE CONSTRAINT {name}")
    for name, (table, _) in TRIGGERS.items():
        op.execute(f"DROP TRIGGER {name} ON {table}")
        op.execute(f"DROP FUNCTION {name}()")

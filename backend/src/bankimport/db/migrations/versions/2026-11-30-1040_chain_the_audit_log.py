"""Chain the entries of the audit log by hashes, and forget what they say of a user who is erased."""

import sqlalchemy as sa
from alembic import op

revision = "e90b4d17c62f"
down_revision = "c58e2f19a7d4"
branch_labels = None
depends_on = None

LOCK = 7265810433
"""Entries are chained one after the other, also by transactions that end at the same time."""

CHAIN = """
    SELECT position, hash INTO previous FROM public.audit_log WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    next_position := coalesce(previous.position, 0) + 1;
    fresh := uuid_send(gen_random_uuid());
    content := sha256(fresh || convert_to(
        concat_ws(E'\\n', coalesce(entry.user_id::text, ''), entry.details::text), 'UTF8'));
    UPDATE public.audit_log SET
        position = next_position,
        nonce = fresh,
        digest = content,
        hash = sha256(coalesce(previous.hash, ''::bytea) || convert_to(concat_ws(E'\\n', next_position, entry.id,
            entry.action, to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')), 'UTF8') || content)
        WHERE id = entry.id;
"""
"""Puts `entry` at the end of the chain."""

VARIABLES = "previous record; next_position bigint; fresh bytea; content bytea;"

FUNCTIONS = (
    # At commit, when the transaction waits for no other lock any more: nobody waits for somebody who waits for them.
    # The application may not change entries; this function works as the owner of the table.
    f"""
    CREATE FUNCTION chain_audit_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE entry record; {VARIABLES}
    BEGIN
        PERFORM pg_advisory_xact_lock({LOCK});
        SELECT * INTO entry FROM public.audit_log WHERE id = NEW.id AND position IS NULL;
        IF FOUND THEN {CHAIN} END IF;
        RETURN NULL;
    END $$
    """,  # noqa: S608
    """
    CREATE CONSTRAINT TRIGGER chain_audit_entry AFTER INSERT ON audit_log DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION chain_audit_entry()
    """,
    """
    CREATE FUNCTION forget_audit_details() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.details := '{}';
        NEW.nonce := NULL;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER forget_audit_details BEFORE UPDATE ON audit_log FOR EACH ROW
    WHEN (OLD.user_id IS NOT NULL AND NEW.user_id IS NULL) EXECUTE FUNCTION forget_audit_details()
    """,
)

CHAIN_ALL = f"""
    DO $$
    DECLARE entry record; {VARIABLES}
    BEGIN
        FOR entry IN SELECT * FROM public.audit_log ORDER BY id LOOP {CHAIN} END LOOP;
    END $$
"""  # noqa: S608


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("position", sa.BigInteger(), nullable=True))
    op.add_column("audit_log", sa.Column("nonce", sa.LargeBinary(), nullable=True))
    op.add_column("audit_log", sa.Column("digest", sa.LargeBinary(), nullable=True))
    op.add_column("audit_log", sa.Column("hash", sa.LargeBinary(), nullable=True))
    op.create_index("uq_audit_log_position", "audit_log", ["position"], unique=True)
    # Those of users who were deleted before keep nothing that names them either.
    op.execute(CHAIN_ALL)
    for statement in FUNCTIONS:
        op.execute(statement)


def downgrade() -> None:
    for name in ("chain_audit_entry", "forget_audit_details"):
        op.execute(f"DROP TRIGGER {name} ON audit_log")
        op.execute(f"DROP FUNCTION {name}()")
    op.drop_index("uq_audit_log_position", "audit_log")
    for name in ("hash", "digest", "nonce", "position"):
        op.drop_column("audit_log", name)

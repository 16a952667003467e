"""Create the audit log, chain its entries by hashes, and forget what they say of a user who is erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1d33c33e994d"
down_revision = "6bea8dee3e1f"
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


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_audit_log_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index(op.f("ix_audit_log_user_id"), "audit_log", ["user_id"], unique=False)
    op.create_index("uq_audit_log_position", "audit_log", ["position"], unique=True)
    for statement in FUNCTIONS:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_log")
    for name in ("chain_audit_entry", "forget_audit_details"):
        op.execute(f"DROP FUNCTION {name}()")

"""The roles of the database: the owner of the tables, the application, and one that only reads, for metrics.

Every process of bankimport works as the application, which can neither change tables nor read files of the server. Only
migrations, backup and restore work as the owner.
"""

from typing import Any, LiteralString

import psycopg
import structlog
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from bankimport.db import row_security
from bankimport.db.session import plain_url
from bankimport.errors import BankImportError

log = structlog.get_logger(__name__)

_READ_ONLY = ("alembic_version",)
"""Tables that the application only reads."""

_APPEND_ONLY = ("audit_log",)
"""Tables in which the application changes and deletes nothing."""

_CLOSED_TO_METRICS = (
    "api_tokens",
    "authorisation_requests",
    "calendar_feeds",
    "linked_identities",
    "login_links",
    "passkey_challenges",
    "passkeys",
    "raw_responses",
    "second_factors",
    "truelayer_application",
    "user_keys",
    "user_sessions",
)
"""Tables of secrets and of banks' answers, which no metric needs."""


class RoleUnfit(BankImportError):
    """A role of the database is missing, or may do more than it should."""

    code = "role_unfit"


def prepare_roles(owner_url: str, application_url: str, metrics_url: str) -> None:
    """Create the roles that two of these URLs name, unless they exist, and give each what it needs on the tables.

    Nothing happens for a URL whose role is the owner itself. Call it after every migration; repeated calls are
    harmless.

    Raises:
        RoleUnfit: a role is missing and the owner may not create it, or the application's may do too much.
    """
    with psycopg.connect(plain_url(owner_url)) as connection:
        owner = connection.info.user
        # Roles belong to all databases of the server; two that start at once would both create them.
        connection.execute("SELECT pg_advisory_xact_lock(7265810432)")
        tables = {name for (name,) in connection.execute(_TABLES).fetchall()}
        application, metrics = _made(connection, application_url, owner), _made(connection, metrics_url, owner)
        if metrics not in (owner, application):
            _grant_metrics(connection, metrics, tables)
        if application != owner:
            _forbid_too_much(connection, application)
            _grant_application(connection, application, tables)
            _separate_users(connection, application, metrics, tables)


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_RIGHTS = "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = %s"

_PASSES_POLICIES = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s"


def _made(connection: "psycopg.Connection[Any]", url: str, owner: str) -> str:
    """The role of a URL, which exists now."""
    parts = conninfo_to_dict(plain_url(url))
    role = str(parts.get("user") or owner)
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        password = str(parts.get("password") or "")
        hashed = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
        create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD {}")
        try:
            connection.execute(create.format(sql.Identifier(role), sql.Literal(hashed)))
        except psycopg.errors.InsufficientPrivilege:
            raise RoleUnfit(
                f"the database has no role {role}, and {owner} may not create it; ask its administrator for: "
                f"CREATE ROLE {role} LOGIN PASSWORD '…'"
            ) from None
    return role


def _forbid_too_much(connection: "psycopg.Connection[Any]", role: str) -> None:
    rights = connection.execute(_RIGHTS, (role,)).fetchone()
    if rights is not None and rights[0]:
        raise RoleUnfit(
            f"the role {role} of DATABASE_URL may do too much; as an administrator of the database, run: "
            f"ALTER ROLE {role} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS"
        )


def _grant_application(connection: "psycopg.Connection[Any]", role: str, tables: set[str]) -> None:
    for statement in (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ):
        _run(connection, statement, role=role)
    for table in tables.intersection(_READ_ONLY):
        _run(connection, "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}", table=table, role=role)
    for table in tables.intersection(_APPEND_ONLY):
        _run(connection, "REVOKE UPDATE, DELETE ON {table} FROM {role}", table=table, role=role)


def _separate_users(connection: "psycopg.Connection[Any]", application: str, metrics: str, tables: set[str]) -> None:
    """Enable row-level security, so that each transaction sees only its user's rows; this needs exempt roles. The
    application assumes one of them for work that concerns several users, and metrics count all users' rows.
    """
    everyone = row_security.everyone_role(application)
    needed = [f"CREATE ROLE {everyone} NOLOGIN BYPASSRLS; GRANT {everyone} TO {application}"]
    if metrics != application:
        needed.append(f"ALTER ROLE {metrics} BYPASSRLS")
    try:
        with connection.transaction():
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (everyone,)).fetchone() is None:
                _run(connection, "CREATE ROLE {everyone} NOLOGIN BYPASSRLS", everyone=everyone)
            if connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", (application, everyone)).fetchone() != (
                True,
            ):
                _run(connection, "GRANT {everyone} TO {role}", everyone=everyone, role=application)
            for role in {everyone, metrics} - {application}:
                if connection.execute(_PASSES_POLICIES, (role,)).fetchone() != (True,):
                    _run(connection, "ALTER ROLE {role} BYPASSRLS", role=role)
    except psycopg.errors.InsufficientPrivilege:
        log.warning("row_security.off", needs="; ".join(needed))
        return
    _grant_application(connection, everyone, tables)
    passes = connection.execute(_PASSES_POLICIES, (connection.info.user,)).fetchone() == (True,)
    row_security.enable(connection, tables, forced=passes)
    try:
        with connection.transaction():
            row_security.let_indexes_be_used(connection)
    except psycopg.errors.InsufficientPrivilege:
        pass


def _grant_metrics(connection: "psycopg.Connection[Any]", role: str, tables: set[str]) -> None:
    _run(connection, "GRANT USAGE ON SCHEMA public TO {role}", role=role)
    for table in tables.difference(_CLOSED_TO_METRICS):
        _run(connection, "GRANT SELECT ON {table} TO {role}", table=table, role=role)
    try:
        with connection.transaction():
            # Without it the metric of the server's sessions shows only this role's own.
            _run(connection, "GRANT pg_read_all_stats TO {role}", role=role)
    except psycopg.errors.InsufficientPrivilege:
        pass


def _run(connection: "psycopg.Connection[Any]", statement: LiteralString, **names: str) -> None:
    quoted = {name: sql.Identifier(value) for name, value in names.items()}
    connection.execute(sql.SQL(statement).format(**quoted))

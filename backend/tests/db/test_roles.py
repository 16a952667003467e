"""What each role of the database may do, and what the embedded server can read."""

from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from tests.support.servers.embedded import TEST_DATABASE
from tests.support.steps.installation import Installation

from bankimport.db.roles import RoleUnfit, prepare_roles
from bankimport.db.tables import Base
from bankimport.processes.landlock import is_offered
from bankimport.processes.unprivileged import is_needed, may_pass

READS_A_FILE = (
    "SELECT pg_read_file('/etc/hosts')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE TEMPORARY TABLE lines (line text); COPY lines FROM '/etc/hosts'",
    "SELECT lo_import('/etc/hosts')",
)


def test_the_application_role_reads_no_file_and_is_not_a_superuser(installation: Installation) -> None:
    with psycopg.connect(installation.server.application_url(TEST_DATABASE), autocommit=True) as connection:
        rights = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication FROM pg_roles"
        assert connection.execute(f"{rights} WHERE rolname = current_user").fetchone() == (False,) * 5
        for statement in (*READS_A_FILE, "CREATE TABLE mine ()", "DROP TABLE users", "SET ROLE bankimport"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        for statement in ("UPDATE audit_log SET action = ''", "DELETE FROM audit_log", "DELETE FROM alembic_version"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_the_metrics_role_reads_and_changes_nothing(installation: Installation) -> None:
    with psycopg.connect(installation.server.metrics_url(TEST_DATABASE), autocommit=True) as connection:
        for table in Base.metadata.tables:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        for statement in ("SELECT 1 FROM api_tokens", "SELECT 1 FROM raw_responses", READS_A_FILE[0]):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


@pytest.mark.skipif(not is_needed(), reason="only root has to drop rights")
def test_the_server_of_root_reads_no_file_even_for_its_superuser(installation: Installation) -> None:
    with psycopg.connect(installation.owner_url, autocommit=True) as connection:
        data = Path(str((connection.execute("SHOW data_directory").fetchone() or ("",))[0]))
        assert may_pass(data) or is_offered(), "neither way is open on this machine"
        for path in ("/etc/shadow", str(data.parent / "postgres.password")):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("SELECT pg_read_file(%s)", (path,))


def test_a_role_that_may_do_too_much_is_refused(installation: Installation) -> None:
    installation.as_owner("DROP ROLE IF EXISTS mighty", "CREATE ROLE mighty LOGIN CREATEDB PASSWORD 'x'")
    place = installation.owner_url.rpartition("@")[2]

    with pytest.raises(RoleUnfit, match="ALTER ROLE mighty NOSUPERUSER"):
        prepare_roles(installation.owner_url, f"postgresql://mighty:x@{place}", installation.owner_url)
    installation.as_owner("DROP ROLE mighty")


def test_a_missing_role_is_made_if_the_owner_may_and_else_its_statement_is_shown(installation: Installation) -> None:
    place = installation.owner_url.rpartition("@")[2]
    helper, new = f"postgresql://helper:x@{place}", f"postgresql://newcomer:it's@{place}"
    roles = "DROP ROLE IF EXISTS helper, newcomer"
    installation.as_owner(roles, "CREATE ROLE helper LOGIN PASSWORD 'x'")

    with pytest.raises(RoleUnfit, match="CREATE ROLE newcomer LOGIN"):
        prepare_roles(helper, new, helper)
    prepare_roles(installation.owner_url, new, installation.owner_url)

    with psycopg.connect(new) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)
    installation.as_owner("DROP OWNED BY newcomer", roles)

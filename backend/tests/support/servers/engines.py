"""Other servers than the embedded ones, for `make test-engines`, which sets BANKIMPORT_TEST_ENGINES.

postgres15  PostgreSQL 15 of Debian in place of the embedded one
pgbouncer   PgBouncer in transaction mode in front of PostgreSQL
tls         PostgreSQL 15 and Redis over TLS with verified certificates and passwords; the embedded ones lack TLS
rabbitmq    RabbitMQ over TLS as the queue of clusters of processes
sentinel    Valkey with a replica behind three Sentinels for clusters of processes
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import psycopg
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bankimport.processes import postgres, unprivileged
from bankimport.processes.child import Child
from bankimport.processes.guardian import Guardian
from bankimport.processes.ports import free_port
from bankimport.processes.postgres import APPLICATION, USER, RunningPostgres
from bankimport.processes.valkey import RunningValkey, start_valkey
from bankimport.settings import variable_of

ENGINES = frozenset(filter(None, os.environ.get("BANKIMPORT_TEST_ENGINES", "").split(",")))
KNOWN = {"postgres15", "pgbouncer", "tls", "rabbitmq", "sentinel"}
if ENGINES - KNOWN:
    raise RuntimeError(
        f"BANKIMPORT_TEST_ENGINES: {', '.join(ENGINES - KNOWN)} is not one of {', '.join(sorted(KNOWN))}"
    )
IS_POSTGRES_15 = bool(ENGINES & {"postgres15", "tls"})
if IS_POSTGRES_15:
    postgres.binaries = lambda: Path("/usr/lib/postgresql/15/bin")


def prepare_postgres(home: Path) -> None:
    """Change the configuration of a server's data before it starts."""
    if "tls" not in ENGINES:
        return
    certificate, key = make_certificate(home / "postgres")
    with (home / "postgres" / "postgresql.conf").open("a") as configuration:
        configuration.write(f"\nssl = on\nssl_cert_file = '{certificate}'\nssl_key_file = '{key}'\n")
    # Anyone who comes without TLS is refused.
    hba = home / "postgres" / "pg_hba.conf"
    hba.write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")


def url_of(url: str, server: RunningPostgres, home: Path, guardian: Guardian) -> str:
    """The URL that the installation uses to reach a database of the server."""
    if "tls" in ENGINES:
        return f"{url}?sslmode=verify-full&sslrootcert={home / 'postgres' / 'server.crt'}"
    if "pgbouncer" in ENGINES:
        return url.replace(f":{server.port}/", f":{_pooler(server, home, guardian)}/")
    return url


def further_settings() -> dict[str, str]:
    """Settings by variable that the engines need."""
    return {variable_of("database_pooler"): "true"} if "pgbouncer" in ENGINES else {}


_POOLERS: dict[int, tuple[int, Child]] = {}
"""The pooler in front of each server and its port, by the server's port."""


def stop_poolers() -> None:
    """Stop the poolers, before the servers behind them stop."""
    while _POOLERS:
        _, (_, child) = _POOLERS.popitem()
        child.stop()


@contextmanager
def pooler_paused(server: RunningPostgres) -> Iterator[None]:
    """Let the pooler in front of a server, if there is one, have no connection to it meanwhile."""
    if server.port not in _POOLERS:
        yield
        return
    port, _ = _POOLERS[server.port]
    console = f"postgresql://{USER}:{server.password}@127.0.0.1:{port}/pgbouncer"
    with psycopg.connect(console, autocommit=True) as connection:
        connection.execute("PAUSE")
        try:
            yield
        finally:
            connection.execute("RESUME")


def _pooler(server: RunningPostgres, home: Path, guardian: Guardian) -> int:
    if server.port in _POOLERS:
        return _POOLERS[server.port][0]
    port = free_port()
    folder = home / "pgbouncer"
    folder.mkdir()
    passwords = {USER: server.password, APPLICATION: server.application_password}
    (folder / "users").write_text("".join(f'"{name}" "{password}"\n' for name, password in passwords.items()))
    (folder / "ini").write_text(
        f"[databases]\n* = host=127.0.0.1 port={server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
        f"listen_port = {port}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {folder / 'users'}\n"
        # Few connections, so that each is given to one client after another; an export keeps one while it is read.
        "pool_mode = transaction\ndefault_pool_size = 8\nmax_client_conn = 200\nserver_round_robin = 1\n"
        f"admin_users = {USER}\n"
    )
    unprivileged.give_away(folder)
    address = f"postgresql://{USER}:{server.password}@127.0.0.1:{port}/postgres"

    def answers() -> bool:
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    command = [shutil.which("pgbouncer", path="/usr/sbin:/usr/bin") or "pgbouncer", str(folder / "ini")]
    child = Child(
        "PgBouncer",
        unprivileged.command_without_rights(command, folder, Path(command[0]).parent),
        log=home / "logs" / "pgbouncer.log",
        is_ready=answers,
        guardian=guardian,
    )
    child.wait_until_ready()
    _POOLERS[server.port] = port, child
    return port


def start_broker(home: Path, guardian: Guardian, port: int | None = None) -> RunningValkey:
    """Start the embedded Valkey, or Redis over TLS."""
    if "tls" not in ENGINES:
        return start_valkey(home, guardian, port=port)
    certificate, key = make_certificate(home)
    port, password = port or free_port(), "of-the-broker"
    url = f"rediss://:{password}@127.0.0.1:{port}/0?ssl_cert_reqs=required&ssl_ca_certs={certificate}"
    command = ["redis-server", "--bind", "127.0.0.1", "--port", "0", "--tls-port", str(port), "--save", ""]
    command += ["--requirepass", password, "--tls-cert-file", str(certificate), "--tls-key-file", str(key)]
    command += ["--tls-auth-clients", "no", "--dir", str(home)]

    def answers() -> bool:
        try:
            with redis.Redis.from_url(url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    child = Child("Redis", command, log=home / "logs" / "redis.log", is_ready=answers, guardian=guardian)
    child.wait_until_ready()
    return RunningValkey(child, port, url)


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for 127.0.0.1 that is its own authority; returns its file and that of its key.

    One that is there stays.
    """
    files = folder / "server.crt", folder / "server.key"
    if files[1].exists():
        return files
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].touch(mode=0o600)
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
